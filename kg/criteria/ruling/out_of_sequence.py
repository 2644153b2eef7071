"""What stands where a sentence requires another therapy: "progressed on first-line X", "X must be the most recent therapy"."""

from __future__ import annotations

from kg.criteria.bounds.sequence import Place, alone_for, in_first_line, place_of
from kg.criteria.clauses.clause import ClauseReading
from kg.criteria.ruling.drafts import Draft, cue_words
from kg.criteria.words.quantities import Span
from kg.records import Carveout, LineLimit, Mention, Polarity, Role

_AT_LEAST_ONE = LineLimit(minimum=1)
"""Who had no line of a therapy is kept out where an inclusion asks for one."""


def out_of_sequence(clause: ClauseReading, drafts: list[Draft], limits: list[Span[LineLimit]]) -> list[Draft]:
    """The rule on any therapy that stood where the sentence requires another: "progressed on first-line X"."""
    asked = _asked(drafts)
    required = [m for d in asked if d.role is Role.PRIOR_THERAPY for m in d.mentions]
    place = place_of(clause, required, limits) if required else None
    return _but_the_required(clause, place or alone_for(clause, [m for d in asked for m in d.mentions]))


def before_the_first_line(clause: ClauseReading, drafts: list[Draft]) -> list[Draft]:
    """The rule on any therapy before the one that goes on as the first: "are receiving first-line X for metastatic disease"."""
    required = [m for d in _asked(drafts) if d.role is Role.CONCOMITANT for m in d.mentions]
    return _but_the_required(clause, in_first_line(clause, required) if required else None)


def _asked(drafts: list[Draft]) -> list[Draft]:
    return [d for d in drafts if d.polarity is Polarity.REQUIRES or d.lines == _AT_LEAST_ONE]


def _but_the_required(clause: ClauseReading, place: Place | None) -> list[Draft]:
    """The rule on any therapy that stood in a place, other than those that a sentence requires there."""
    if place is None:
        return []
    other = Mention(place.start, place.end, "class", "systemic-anticancer-therapy", clause.lower[place.start : place.end])
    freed = Carveout("together" if place.together else "allows", place.holders, None, text="the therapy required")
    return [
        Draft(
            clause.part.start,
            clause.part.end,
            Polarity.EXCLUDES,
            Role.PRIOR_THERAPY,
            [other],
            place.window,
            [freed],
            own_disease=True,
            settings=("metastatic",),
            position=place.position,
            doubts=(place.doubt,),
            cues=cue_words(clause),
        )
    ]
