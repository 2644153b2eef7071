"""A therapy that a clause names, with the words beside it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.criteria.clause import ClauseReading
from kg.records import Mention


@dataclass(frozen=True, slots=True)
class Named:
    """A therapy that a clause names, with the words beside it."""

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

    @property
    def so_far(self) -> str:
        """All of the clause before it."""
        return self.clause.lower[self.clause.part.start : self.mention.start]

    @property
    def anticancer(self) -> bool:
        """Whether it treats cancer."""
        return self.clause.context.known.is_anticancer(self.mention)

    @property
    def counts_support(self) -> bool:
        """Whether it is a growth factor: counts "without growth factors" are those of who takes none."""
        return self.mention.key in self.clause.context.known.growth_factors
