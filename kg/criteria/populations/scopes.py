"""What stands above a clause and limits it: the cohorts, arms and phases that a rule is of, and the patients that it binds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kg.criteria.clauses.own import Background
from kg.criteria.clauses.reading import Part, Reading, read_criterion
from kg.criteria.layout.headings import names_section
from kg.criteria.layout.part_labels import Reach, answer_label, reaches
from kg.criteria.layout.scope import applied_to, clause_scope, criterion_scope, is_another, label_scope, lead_scope
from kg.criteria.populations.population import population
from kg.criteria.populations.some_patients import taken_beside_others
from kg.names import Names
from kg.records import Criterion, Scope, Trial

_IDENTIFIER = re.compile(r"\b(?:[A-Z]\d?|\d{1,2}[a-z]?|I{1,3}|IV)\b")
_TREATMENT_ARM = re.compile(r"\b(?:triplet|doublet|combination|monotherapy|cohorts?|arms?)\b", re.IGNORECASE)
_TAKEN = re.compile(r"\b(?<!be )(?:on|receiving|taking|using|requiring)\b", re.IGNORECASE)


class Scopes:
    """The scopes of a trial's clauses, and the patients that they bind."""

    def __init__(
        self,
        trial: Trial,
        criteria: Sequence[Criterion],
        readings: Mapping[int, Reading],
        names: Names,
        own_conditions: frozenset[str],
        known: Background,
    ) -> None:
        self.trial = trial
        self.criteria = criteria
        self.readings = readings
        self.names = names
        self.own_conditions = own_conditions
        self.background = known

    def of(self, criterion: Criterion, part: Part, clause: str) -> Scope:
        """The cohorts, arms and phases that a clause is of, by its words, the bullets above it and its heading.

        Arguments:
            criterion: the criterion that it stands in.
            part: the clause.
            clause: its words outside of exceptions.
        """
        texts: list[str] = []
        above: int | None = criterion.order
        inside = clause_scope(clause)
        text = self.readings[criterion.order].normal.cased
        label = _label_over(text, part)
        if label is not None:  # "Part 1: no X, Part 2: one line" is a clause of two parts
            others = {r.words.lower() for r in reaches(text) if not r.in_brackets and r.start >= label.end}
            inside = tuple(t for t in inside if t not in others)
        answered = answer_label(criterion.text)
        while above is not None:
            told = self.criteria[above].scope
            if above == criterion.order:
                front = criterion_scope(criterion.text) if label is not None and label.start else ()
                told = tuple(t for t in told if t not in front and not is_another(t, inside, clause))
                told += (answered[2],) if answered is not None and not part.start else ()
                if label is not None and label.words and not any(_is_in(t, label.words) for t in (*told, *inside)):
                    told += (label.words,)
            else:
                told += tuple(r.words for r in reaches(self.criteria[above].text) if r.words and r.end == len(self.criteria[above].text))
            texts += told
            texts += self._label(self.criteria[above].text)
            texts += [t for t in applied_to(self.criteria[above].text) if not any(t in told for told in texts)]
            if above != criterion.order:
                texts += clause_scope(self.criteria[above].text) + lead_scope(self.criteria[above].text)
            above = self.criteria[above].parent
        texts += self._label(criterion.heading)
        said = " ".join(texts).lower()
        texts = [t for t in inside if t not in said] + texts
        return Scope(tuple({t.lower(): t for t in texts}.values()), self._arms(texts))

    def is_of_another_part(self, criterion: Criterion, part: Part, scope: Scope) -> bool:
        """Whether what has a scope is of another part of the trial than a later clause of its criterion: "Cohort 1: …; cohort 2: …".

        Arguments:
            criterion: the criterion.
            part: the clause.
            scope: the scope of what stands before it.
        """
        text = self.readings[criterion.order].normal.cased
        own = _label_over(text, part)
        if own is None or not own.words:
            return False
        return any(r.words in scope.texts for r in reaches(text) if not r.in_brackets and r.words != own.words)

    def patients(self, criterion: Criterion, part: Part) -> tuple[str, tuple[str, ...]]:
        """(words, conditions) of the patients that a clause binds; empty where it binds all.

        Arguments:
            criterion: the criterion that it stands in.
            part: the clause.
        """
        reading = self.readings[criterion.order]
        found = population(reading, part.start, part.end, self.own_conditions, self.background)
        if not found[0]:
            found = taken_beside_others(reading, part), ()
        above = criterion.parent
        while not found[0] and above is not None:
            reading = self.readings.get(above, reading)
            # Of several sentences the one that opens the list tells of what stands below it.
            start = reading.parts[-1].start if reading.parts and reading.lower.endswith(":") else 0
            found = population(reading, start, len(reading.lower), self.own_conditions, self.background)
            above = self.criteria[above].parent
        if not found[0] and criterion.heading and not names_section(criterion.heading):
            reading = read_criterion(criterion.heading, self.names)
            found = population(reading, 0, len(reading.lower), self.own_conditions, self.background)
        return found

    def _label(self, text: str) -> tuple[str, ...]:
        """What a label such as "For dostarlimab:" limits what it heads to: not one of a disease, of the trial's only therapy, or of what is taken."""  # noqa: E501
        label = label_scope(text)
        if not label:
            return ()
        given = [i.name for i in self.trial.interventions if i.name.lower() in label.lower()]
        if len(given) == len(self.trial.interventions) == 1 or (_TAKEN.search(label) and not given):
            return ()
        of_disease = not _TREATMENT_ARM.search(label) and any(m.kind == "condition" for m in self.names.mentions(label))
        return () if of_disease else (label,)

    def _arms(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Labels of the registered arms that scope words such as "Cohort B" speak of."""
        identifiers = [re.escape(i) for text in texts for i in _IDENTIFIER.findall(text)]
        if not identifiers:
            return ()
        named = re.compile(rf"\b(?:arm|cohort|group|part|phase|stage)\s+(?:{'|'.join(identifiers)})\b", re.IGNORECASE)
        return tuple(dict.fromkeys(arm.label for arm in self.trial.arms if named.search(arm.label)))


def _is_in(text: str, other: str) -> bool:
    """Whether one of two names of a part says the other, too."""
    return text.lower() in other.lower() or other.lower() in text.lower()


def _label_over(text: str, part: Part) -> Reach | None:
    """The name of a part under which a clause stands; behind a therapy and a colon, the first of those of which each tells about it."""
    at = max(part.start, min((m.start for m in part.therapies), default=part.start))
    labels = [r for r in reaches(text) if not r.in_brackets]
    over = [r for r in labels if r.start <= at < r.end]
    behind = [r for r in labels if at < r.start]
    told_of = len(behind) > 1 and behind[0].start < part.end and text[: behind[0].start].rstrip().endswith((":", "("))
    return over[-1] if over else behind[0] if told_of else None
