"""A rule in the making."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.clauses.reading import Reading
from kg.criteria.layout.part_labels import Reach, reaches
from kg.records import Carveout, LineLimit, Mention, Modality, Polarity, Role, Scope, Window

_LISTED_BEHIND = re.compile(r"\s*(?:[,;]|(?:and|or|and/or)\b)")
_ITEM = re.compile(r"[,;]")


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


def by_item(scope: Scope, reading: Reading, draft: Draft) -> list[tuple[Draft, Scope]]:
    """The rule in the making with its scope; parted where a remark in brackets limits but one of the therapies of a list.

    "Radiotherapy within 4 weeks, transplant within 6 months (only applicable to Cohort B), or X within 3 weeks": the transplant alone.
    """
    items = [r for r in reaches(reading.normal.cased) if r.in_brackets and _names(reading, r.start, r.end)]
    items += [Reach(first, end, text, in_brackets=True) for text in scope.texts for first, end in _item_of(text, reading)]
    if not items:
        return [(draft, scope)]
    groups: dict[tuple[str, ...], list[Mention]] = {}
    for mention in draft.mentions:
        own = tuple(dict.fromkeys(r.words for r in items if r.start <= mention.start < r.end))
        groups.setdefault(own, []).append(mention)
    bracketed = {r.words.lower() for r in items}
    parted = []
    for own, mentions in groups.items():
        others = (t for t in scope.texts if t.lower() not in bracketed or t in own)
        texts = tuple({t.lower(): t for t in (*others, *filter(None, own))}.values())
        parted.append((replace(draft, mentions=mentions), scope if texts == scope.texts else Scope(texts, ())))
    return parted


def _item_of(text: str, reading: Reading) -> list[tuple[int, int]]:
    """The item of a list that a remark in brackets limits alone, if it does."""
    start = reading.lower.find(text.lower())
    paren = reading.paren_of(start) if start >= 0 else None
    if paren is None or not _LISTED_BEHIND.match(reading.lower, paren[1]) or not _names(reading, paren[1], len(reading.lower)):
        return []
    first = max((m.end() for m in _ITEM.finditer(reading.lower, 0, paren[0]) if not reading.paren_of(m.start())), default=0)
    return [(first, paren[0])] if _names(reading, first, paren[0]) else []


def _names(reading: Reading, start: int, end: int) -> bool:
    return any(start <= m.start < end for part in reading.parts for m in part.therapies)
