"""The page of panels: each figure beside the statement that it answers; one HTML file, nothing to load.

What other pages share with it stands here too: how a template is filled in, and figures as part of the file.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurokit.vacancy.checks import Check

TEMPLATE = "page.html.j2"
MEDIA = {".png": "image/png", ".svg": "image/svg+xml"}
SHOWN_OF_HASH = 12  # hexadecimal digits

HOLDS, HOLDS_NOT, FAILED = "holds", "does not hold", "failed"
MARKS = {HOLDS: "\N{CHECK MARK}", HOLDS_NOT: "\N{BALLOT X}", FAILED: "!"}  # not by colour alone


@dataclass(frozen=True)
class Shown:
    """One figure on a page."""

    path: Path  # PNG or SVG
    title: str
    text: str  # what is to be seen

    @property
    def source(self) -> str:
        """The picture itself, as a data URI."""
        return data_uri(self.path)


@dataclass(frozen=True)
class Entry:
    """One panel on the page."""

    name: str  # "2G" or "tip"
    title: str
    statement: str
    verdict: str  # HOLDS, HOLDS_NOT or FAILED
    finding: str  # the numbers found, or why there are none
    image: Path | None  # PNG or SVG; None of a panel that failed
    provenance: Mapping[str, Any]
    note: str = ""
    checks: Sequence[Check] = ()  # published figures beside the model's

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def alt(self) -> str:
        """What the picture shows, for those who do not see it."""
        return f"Panel {self.name}: {self.title}. {self.finding}"

    @property
    def source(self) -> str:
        """The picture itself, as a data URI."""
        return data_uri(self.image) if self.image else ""

    @property
    def made_by(self) -> list[tuple[str, str]]:
        """What made it, as headings and lines of text."""
        return [(_heading(name), _words(name, value)) for name, value in self.provenance.items() if value != {}]


def data_uri(image: Path) -> str:
    """A PNG or SVG as part of the page."""
    data = base64.b64encode(image.read_bytes()).decode("ascii")
    return f"data:{MEDIA[image.suffix.lower()]};base64,{data}"


def figures_page(entries: Sequence[Entry]) -> str:
    """The page, summary table first; the same entries give the same bytes."""
    counts = {verdict: sum(entry.verdict == verdict for entry in entries) for verdict in MARKS}
    return rendered(TEMPLATE, {}, entries=entries, counts=counts)


def rendered(template: str, filters: Mapping[str, Callable[..., str]], **names: Any) -> str:
    """A page from its template, by its path in this package; filters and names are what the template asks for."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("neurokit.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plain": _plain, **filters}
    environment.globals |= {"marks": MARKS, "verdicts": (HOLDS_NOT, HOLDS)}
    return environment.get_template(template).render(**names)


def _plain(value: Any) -> str:
    """A value of the provenance that is no mapping."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _heading(name: str) -> str:
    return name.replace("_", " ") + (f", first {SHOWN_OF_HASH} digits" if name.endswith("sha256") else "")


def _words(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        groups = {key: item for key, item in value.items() if isinstance(item, Mapping)}
        single = ", ".join(f"{key} = {_words(key, item)}" for key, item in value.items() if key not in groups)
        return "; ".join([*(_group(key, groups) for key in groups), *([single] if single else [])])
    if isinstance(value, list | tuple):
        return ", ".join(_words(name, item) for item in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)[:SHOWN_OF_HASH] if name.endswith("sha256") else str(value)


def _group(name: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    """A group of parameters; of one that has the same parameters as the first, only what differs."""
    group, (first, reference) = groups[name], next(iter(groups.items()))
    if name == first or group.keys() != reference.keys():
        return f"{name}: {_words(name, group)}"
    differing = {key: item for key, item in group.items() if item != reference[key]}
    return f"{name}: as {first}, but {_words(name, differing)}"
