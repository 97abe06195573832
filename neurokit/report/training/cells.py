"""Text in the cells of a heat map, dark or light, whichever can be read there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LUMINANCE = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601
BRIGHT = 0.5  # assumed: from this luminance on, black can be read better than white


def write_in_cells(
    axes: "Axes", colours: NDArray[np.float64], texts: Sequence[Sequence[str]], size: str = "medium"
) -> None:
    """A text in each cell of an image, row by row; `colours` is what the cells are filled with, in RGBA."""
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            if text:
                bright = colours[i, j, :3] @ LUMINANCE > BRIGHT
                axes.text(j, i, text, ha="center", va="center", color="black" if bright else "white", fontsize=size)


def name_cells(axes: "Axes", columns: Sequence[Any], rows: Sequence[Any]) -> None:
    """What stands for each column and row; no grid, which would lie on the texts."""
    axes.set_xticks(range(len(columns)), [str(name) for name in columns])
    axes.set_yticks(range(len(rows)), [str(name) for name in rows])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
