"""What a picture of trials shows: the boxes, links and sentences chosen from the graph."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.records import Source

__all__ = ["Facts", "Item", "Link", "Picture", "Sentence", "TrialText"]

Facts = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """A box.

    `type` is a row of visuals/nodes.csv, `lane` the number of the trial that it belongs to (None: shared), `anchored` boxes
    keep their order, `short` is what the box itself says, `criteria` are the sentences that a group stands for.
    """

    id: str
    type: str
    label: str
    column: int
    lane: int | None = None
    anchored: bool = False
    short: str = ""
    caption: str = ""
    curie: str = ""
    same: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    facts: Facts = ()
    text: str = ""
    sources: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one box to another. `kind` is a row of visuals/links.csv, `word` replaces its word."""

    start: str
    end: str
    kind: str
    word: str = ""
    facts: Facts = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A criterion, verbatim. `node` is the box that stands for it, `tone` exclusion, inclusion or neither, `rules` what was understood."""

    id: str
    node: str
    nct: str
    text: str
    section: str
    tone: str
    depth: int
    start: int
    end: int
    facts: Facts = ()
    rules: tuple[Facts, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialText:
    """A trial's heading and its sentences in reading order."""

    id: str
    nct: str
    title: str
    facts: Facts = ()
    criteria: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's content."""

    title: str
    subtitle: str
    items: tuple[Item, ...]
    links: tuple[Link, ...]
    trials: tuple[TrialText, ...]
    sources: tuple[Source, ...] = field(default=())
