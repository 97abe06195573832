"""Maps of x over a piece of film, cell by cell: even, graded, uneven by chance, or from a file.

An uneven film has x + spread * n in each cell, n normal and independent from cell to cell: no length is known over
which deficiency varies, so it is that of a cell (assumed). Where that leaves the range of x it is cut off there.
"""

import csv
from pathlib import Path
from typing import Literal

import numpy as np

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.vacancy.model import X_SINGLE_PHASE, Deficiency, Floats

COLUMNS = ("x_position_m", "y_position_m", "deficiency")
LENGTH = 2e-6  # m, from electrode to electrode: the gap of Li et al., arXiv 2405.00700

Direction = Literal["along", "across"]


def graded_map(
    shape: tuple[int, int],
    x: float,
    x_end: float | None = None,
    direction: Direction = "across",
    spread: float = 0.0,
    seed: int = 1,
) -> Deficiency:
    """x in the middles of rows and columns, from `x` to `x_end` along the current (down) or across it (rightwards)."""
    rows, columns = shape
    if rows < 1 or columns < 1:
        raise OutOfRangeError(f"{rows} rows and {columns} columns: a film has at least one of each")
    last = x if x_end is None else x_end
    for name, value in (("x", x), ("x_end", last)):
        if not 0 <= value <= X_SINGLE_PHASE:
            raise OutOfRangeError(f"{name} = {value} is outside [0, {X_SINGLE_PHASE}], where VO2-x is a single phase")
    if not 0 <= spread < np.inf:
        raise OutOfRangeError(f"spread = {spread} of x must not be below 0")
    down, right = np.meshgrid((np.arange(rows) + 0.5) / rows, (np.arange(columns) + 0.5) / columns, indexing="ij")
    even = x + (last - x) * (down if direction == "along" else right)
    uneven = even + spread * np.random.default_rng(seed).standard_normal(shape)
    position = LENGTH * np.stack([right * columns / rows, down], axis=-1)
    given = {"x": x, "x_end": last, "direction": direction, "spread": spread, "seed": seed, "shape": shape}
    return Deficiency(np.clip(uneven, 0, X_SINGLE_PHASE), "graded map", given, position, "over the film")


def read_map(path: Path) -> Deficiency:
    """The map in a CSV file as `neurokit film tip --out` writes it: one line a cell, in any order, none missing."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (lines.fieldnames or ())]:
            raise NeurokitError(f"{path} has no column {', '.join(missing)}: a map has {', '.join(COLUMNS)}")
        try:
            cells = np.array([[float(line[name]) for name in COLUMNS] for line in lines])
        except (TypeError, ValueError) as error:
            raise NeurokitError(f"{path}, line {lines.line_num}: {error}; each line has three numbers") from None
    across, right = np.unique(cells[:, 0], return_inverse=True) if len(cells) else (np.zeros(0), np.zeros(0))
    down, lower = np.unique(cells[:, 1], return_inverse=True) if len(cells) else (np.zeros(0), np.zeros(0))
    if not len(cells) or len(cells) != len(across) * len(down) or len({*zip(right, lower, strict=True)}) != len(cells):
        raise NeurokitError(f"{path} has {len(cells)} cells, which make no rectangle: each row has each column, once")
    x: Floats = np.empty((len(down), len(across)))
    x[lower, right] = cells[:, 2]
    position = np.stack(np.meshgrid(across, down), axis=-1)
    return Deficiency(x, f"map {path.name}", {"map": path.name, "shape": x.shape}, position, "over the film")
