"""A rule in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.criteria.clauses.clause import ClauseReading
from kg.records import Carveout, LineLimit, Mention, Modality, Polarity, Role, Window


@dataclass(slots=True)
class Draft:
    """A rule in the making; positions are those of the normal form."""

    start: int
    end: int
    polarity: Polarity
    role: Role
    mentions: list[Mention]
    window: Window | None = None
    carveouts: list[Carveout] = field(default_factory=list)
    conditions: tuple[str, ...] = ()
    own_disease: bool = False
    settings: tuple[str, ...] = ()
    lines: LineLimit | None = None
    min_dose_mg: float | None = None
    routes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    closed_list: bool = False
    combined: bool = False
    modality: Modality = Modality.MUST_NOT
    binds_if: str = ""
    doubts: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    position: str = ""

    def key(self) -> tuple[object, ...]:
        """Drafts that agree in this are one rule with several mentions."""
        return (self.polarity, self.role, self.window, self.conditions, self.own_disease, self.settings, self.lines, self.min_dose_mg,
                self.routes, self.outcomes, self.combined, self.position, self.modality, self.binds_if, self.doubts,
                tuple([c.start for c in self.carveouts]))  # fmt: skip


def merged(drafts: list[Draft]) -> list[Draft]:
    """Drafts that say the same of several therapies, made one."""
    found: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        alike = found.setdefault(draft.key(), draft)
        if alike is not draft:
            alike.mentions = [*alike.mentions, *draft.mentions]
    return list(found.values())


def cue_words(clause: ClauseReading) -> tuple[str, ...]:
    return tuple(f"{c.tag}: {c.text}" for c in clause.part.cues if c.tag not in ("kind", "anchor", "medicines"))
