"""A therapy that a clause names, with the words beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.words.patterns import Words, pattern
from kg.records import Mention, Section

_COUNTED = pattern("subjects: counted")


@dataclass(slots=True)
class Named:
    """A therapy that a clause names, with the words beside it. Not to be changed once made."""

    clause: ClauseReading
    mention: Mention
    before: str
    """The clause's last 90 characters before it."""
    near: str
    """The last 60 of these."""
    after: str
    """The clause's next 80 characters behind it."""
    own: bool
    """Whether it is what the trial gives."""

    @classmethod
    def of(cls, clause: ClauseReading, mention: Mention) -> Named:
        """A mention of a clause among its words."""
        before = clause.before(mention.start, 90)
        own = mention.kind == "drug" and mention.key in clause.context.study_drugs
        return cls(clause, mention, before, before[-60:], clause.after(mention.end), own)

    def found_before(self, words: Words) -> re.Match[str] | None:
        """Where words stand in `before`."""
        return words.search(self.before) if self.clause.possible & words.bit else None

    def found_near(self, words: Words) -> re.Match[str] | None:
        """Where words stand in `near`."""
        return words.search(self.near) if self.clause.possible & words.bit else None

    def found_behind(self, words: Words) -> re.Match[str] | None:
        """The words that stand right behind it."""
        return words.match(self.after) if self.clause.possible & words.bit else None

    @property
    def so_far(self) -> str:
        """All of the clause before it."""
        return self.clause.lower[self.clause.part.start : self.mention.start]

    @property
    def is_waited_for(self) -> bool:
        """Whether an inclusion begins with the time that is to lie behind it: "at least 14 days after completion of X"."""
        return self.clause.context.section is Section.INCLUSION and _COUNTED.match(self.so_far) is not None

    def goes_with_another(self, words: re.Match[str]) -> bool:
        """Whether words right before it, found in `near` or `before`, begin where another therapy ends: "X following prior …"."""
        start = self.mention.start - len(words.group())
        return any(m.end == start for m in self.clause.part.therapies)

    @property
    def anticancer(self) -> bool:
        """Whether it treats cancer."""
        return self.clause.context.known.is_anticancer(self.mention)

    @property
    def counts_support(self) -> bool:
        """Whether it raises blood counts: counts "without growth factors" or "without transfusion" are those of who has none."""
        return self.mention.key in self.clause.context.known.count_support
