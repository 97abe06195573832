"""Figure: which digit was taken for which, with the numbers of images."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from neurokit.report.style import label, new_figure
from neurokit.report.training.cells import name_cells, write_in_cells

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = 1.0  # % of a row: the darkest colour of errors stands for no less, so that a few do not look like many


def confusion_matrix(counts: ArrayLike, title: str = "") -> "Figure":
    """Numbers of images, a row for each true class and a column for each answer.

    Errors have a scale of colour of their own, as the diagonal is a hundred times as high.
    """
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    images = np.asarray(counts, dtype=np.int64)
    right, total = int(images.trace()), int(images.sum())
    rows = images.sum(axis=1)
    shares = 100 * images / np.maximum(rows, 1)[:, None]
    wrong = ~np.eye(len(images), dtype=bool)
    errors = ScalarMappable(Normalize(0, max(LEAST, shares[wrong].max())), colormaps["Oranges"])
    correct = ScalarMappable(Normalize(0, 100), colormaps["Blues"])
    colours = np.where(wrong[:, :, None], errors.to_rgba(shares), correct.to_rgba(shares))
    colours[images == 0] = 1.0

    figure = new_figure(8.2, 6.6)
    axes = figure.subplots()
    axes.imshow(colours, aspect="auto")
    write_in_cells(axes, colours, [[str(n) if n else "" for n in row] for row in images], "small")
    figure.colorbar(errors, ax=axes, shrink=0.8, pad=0.07).set_label("errors, share of the row (%)")
    words = f"{100 * right / max(total, 1):.2f} % of {total} images right"
    label(axes, "answer (digit)", "true class (digit)", f"{title}: {words}" if title else words)
    name_cells(axes, range(len(images)), range(len(images)))
    recall = axes.secondary_yaxis("right")
    shown = [f"{share:.1f}" if row else "none" for share, row in zip(shares.diagonal(), rows, strict=True)]
    recall.set_yticks(range(len(images)), shown, fontsize="small")
    recall.set_ylabel("right in the row (%)")
    recall.tick_params(length=0)
    recall.spines["right"].set_visible(False)
    return figure
