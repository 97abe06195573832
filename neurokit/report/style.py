"""How every figure looks, and how it is written: colours for every eye, quiet axes, provenance in the file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurokit.errors import NeurokitError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 150
SUFFIXES = (".png", ".svg")

# Okabe and Ito, Color Universal Design (2008): distinguishable with every common kind of colour vision.
BLACK, BLUE, VERMILLION, GREY = "#000000", "#0072B2", "#D55E00", "#8A8A8A"


def ordered_colours(count: int) -> list[Any]:
    """Colours for a family that has an order, such as rising x: viridis, dark to light, without its palest end."""
    from matplotlib import colormaps

    return [colormaps["viridis"](0.85 * k / max(count - 1, 1)) for k in range(count)]


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure of this size in inches, whose parts keep clear of each other."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def label(axes: "Axes", x: str, y: str, title: str = "") -> None:
    """Name both axes, with units, and give them a light grid."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title, fontsize="medium")
    axes.grid(visible=True, color="#E2E2E2", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def legend_below(figure: "Figure", axes: Sequence["Axes"], columns: int) -> None:
    """One legend for the whole figure, under it, where no data can be."""
    entries = {text: handle for a in axes for handle, text in zip(*a.get_legend_handles_labels(), strict=True)}
    figure.legend(list(entries.values()), list(entries), loc="outside lower center", ncols=columns, frameon=False)


def save_figure(figure: "Figure", path: str | Path, provenance: Mapping[str, Any]) -> Path:
    """Write a figure as PNG or SVG, by its suffix, with what made it in the file's metadata."""
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise NeurokitError(f"figure {path.name!r} ends in {path.suffix!r}: it must end in {' or '.join(SUFFIXES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata: dict[str, Any] = {"Description": json.dumps(dict(provenance), sort_keys=True)}
    if path.suffix.lower() == ".svg":
        metadata |= {"Creator": "neurokit", "Date": None}
    else:
        metadata |= {"Software": "neurokit"}
    figure.savefig(path, dpi=DPI, metadata=metadata)
    return path
