"""A trial's eligibility text → `Eligibility`: criteria, clauses accounted for, rules with offsets into the record's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from kg.criteria.carveouts import carveout
from kg.criteria.clause import THERAPY_KINDS, ClauseReading, Context
from kg.criteria.facts import clause_facts, disease_drafts, kind_of
from kg.criteria.reading import Part, Reading, read_criteria, read_criterion
from kg.criteria.rules import Draft, drafts_of
from kg.criteria.segments import heading_section, segment
from kg.names import Names
from kg.records import Carveout, Clause, ClauseStatus, Criterion, Eligibility, Mention, Polarity, Role, Rule, Scope, Trial

_ANTICANCER = "anticancer-therapy"
_DEFINED = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{0,4}s?)\)")
_EXCEPTS = re.compile(r"\b(?:except|exceptions?|excluding|other than|unless)\b", re.IGNORECASE)
_INTRODUCES = re.compile(r"\bfollowing\b[^.;]*:\s*$", re.IGNORECASE)
_MOST_CHARACTERS = 20_000
"""A single bullet longer than this is no criterion that a person wrote; it is kept, and counted as out of scope."""


def read(trial: Trial, names: Names) -> Eligibility:
    """Read a trial's eligibility text.

    Arguments:
        trial: the record; its interventions tell what "study drug" is, its conditions what "this disease" is.
        names: the matcher for drugs, classes, conditions…
    Example:
        >>> from kg.knowledge import Knowledge
        >>> from kg.records import RecordSource
        >>> text = "Exclusion Criteria:\\n\\n* Prior MEK inhibitor use"
        >>> trial = Trial("NCT00000000", "", RecordSource("", "", ""), eligibility_text=text)
        >>> rule = read(trial, Names.of(Knowledge.load())).rules[0]
        >>> rule.polarity.value, rule.quote
        ('excludes', 'Prior MEK inhibitor use')
    """
    return _TrialReader(trial, names).read()


class _TrialReader:
    def __init__(self, trial: Trial, names: Names) -> None:
        self.trial = trial
        self.names = names
        self.text = trial.eligibility_text
        self.criteria = segment(self.text)
        self.readings = self._readings()
        self.rules: list[Rule] = []
        self.clauses: list[Clause] = []
        self.study_drugs = self._study_drugs()
        self.own_conditions = self._own_conditions()

    def read(self) -> Eligibility:
        for criterion in self.criteria:
            self._criterion(criterion)
        self._drop_introductions()
        return Eligibility(self.criteria, tuple(self.clauses), tuple(self.rules))

    # --- what the trial itself gives and treats -------------------------------------------------------------------------------------------

    def _study_drugs(self) -> tuple[str, ...]:
        keys: list[str] = []
        for intervention in self.trial.interventions:
            if intervention.kind and intervention.kind not in (
                "DRUG",
                "BIOLOGICAL",
                "COMBINATION_PRODUCT",
                "GENETIC",
                "DIETARY_SUPPLEMENT",
            ):
                continue
            found = [m for m in self.names.mentions(intervention.name) if m.kind == "drug"]
            for other in () if found else intervention.other_names:
                found += [m for m in self.names.mentions(other) if m.kind == "drug"]
            keys += [m.key for m in found]
        return tuple(dict.fromkeys(keys))

    def _own_conditions(self) -> frozenset[str]:
        keys: set[str] = set()
        for name in self.trial.conditions or (self.trial.brief_title,):
            keys.update(m.key for m in self.names.mentions(name) if m.kind == "condition")
        return frozenset(keys)

    def _is_anticancer(self, mention: Mention) -> bool:
        knowledge = self.names.knowledge
        if mention.kind == "drug":
            member = knowledge.memberships(mention.key).get(_ANTICANCER)
            return member is not None and member.grade == "plain"
        if mention.kind == "class":
            if not mention.key:
                return bool(mention.target)
            return (
                _ANTICANCER in knowledge.class_ancestors(mention.key) | {mention.key} or knowledge.classes[mention.key].kind == "procedure"
            )
        return mention.kind == "regimen"

    # --- one criterion --------------------------------------------------------------------------------------------------------------------

    def _criterion(self, criterion: Criterion) -> None:
        if len(criterion.text) > _MOST_CHARACTERS:
            self.clauses.append(
                Clause(criterion.order, 0, criterion.start, criterion.end, criterion.text, ClauseStatus.OUT_OF_SCOPE, "oversize")
            )
            return
        reading = self.readings[criterion.order]
        lead, lead_lower = self._lead(criterion)
        made: list[int] = []
        context = Context(
            criterion.section,
            lead,
            lead_lower,
            self._is_anticancer,
            self.study_drugs,
            self.own_conditions,
            _procedures(self.names),
            _anti_infectives(self.names),
            _neoplasms(self.names),
        )
        for number, part in enumerate(reading.parts):
            clause = ClauseReading(reading, part, context)
            drafts = drafts_of(clause)
            permissions = [d for d in drafts if d.polarity is Polarity.ALLOWS]
            softened = made or self._rules_above(criterion)
            if permissions and softened:
                self._soften(softened, criterion, reading, clause, permissions)
            again = [d for d in drafts if self._repeats(d, made)]
            drafts = [d for d in drafts if d not in again]
            clause.masked += [(m, "repeats") for d in again for m in d.mentions]
            drafts += disease_drafts(clause, bool(drafts), self.names)
            numbers = [self._rule(criterion, reading, draft) for draft in drafts]
            made += [n for n in numbers if self.rules[n].polarity is Polarity.EXCLUDES]
            self._clause(criterion, reading, part, number, numbers, clause)
        self._own_windows(made)

    def _readings(self) -> dict[int, Reading]:
        """Readings by the order of their criterion, without mentions by an abbreviation that this record defines as something else.

        "Richter transformation (RT)" makes RT no radiotherapy.
        """
        read = [c for c in self.criteria if len(c.text) <= _MOST_CHARACTERS]
        own = _own_abbreviations(f"{self.trial.brief_title}. {self.trial.official_title}. {self.text}")
        keeps = (lambda m: m.text not in own or self._means(own[m.text], m)) if own else None
        return {c.order: reading for c, reading in zip(read, read_criteria([c.text for c in read], self.names, keeps), strict=True)}

    def _means(self, words: str, mention: Mention) -> bool:
        return any(_identity(m) == _identity(mention) for m in self.names.mentions(words))

    def _repeats(self, draft: Draft, made: list[int]) -> bool:
        """Whether a clause only speaks again of therapies that the criterion already ruled on, with no window or limit of its own."""
        if draft.window is not None or draft.lines is not None or draft.conditions or draft.settings:
            return False
        keys = {_identity(m) for m in draft.mentions}
        return any(
            self.rules[n].role is draft.role
            and self.rules[n].polarity is draft.polarity
            and keys <= {_identity(m) for m in self.rules[n].mentions}
            for n in made
        )

    def _lead(self, criterion: Criterion) -> tuple[Part | None, str]:
        """The words that introduce a criterion: the bullet above that ends with a colon (or holds no therapy of its own), else its sub-heading."""  # noqa: E501
        above = criterion.parent
        while above is not None:
            parent = self.criteria[above]
            reading = self.readings.get(above)
            if reading is not None and reading.parts:
                last = reading.parts[-1]
                bare = not any(m.kind in THERAPY_KINDS for p in reading.parts for m in p.mentions)
                if parent.text.rstrip().endswith((":", "-", "\u2013")) or (bare and len(parent.text) < 120):
                    if any(m.kind in THERAPY_KINDS for m in last.mentions):
                        last = replace(last, windows=())
                    if last.cues:
                        return last, reading.lower
                else:
                    return None, ""
            above = parent.parent
        if (criterion.heading and heading_section(criterion.heading) is None) or self._says_window(criterion.heading):
            reading = read_criterion(criterion.heading, self.names)
            if reading.parts:
                return reading.parts[-1], reading.lower
        return None, ""

    @staticmethod
    def _says_window(heading: str) -> bool:
        return bool(re.search(r"\bwithin\b.*\d", heading))

    def _drop_introductions(self) -> None:
        """ "… have received any of the following:" introduces the bullets below it; where those have rules, it rules on nothing itself."""
        parents = {c.order: c for c in self.criteria}
        below = {parents[r.criterion].parent for r in self.rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)} - {None}
        dropped = {
            r.number
            for r in self.rules
            if r.criterion in below
            and r.end >= parents[r.criterion].end - 2
            and _INTRODUCES.search(self.text, r.start, parents[r.criterion].end)
            and not _EXCEPTS.search(self.text, r.start, parents[r.criterion].end)
        }
        if not dropped:
            return
        kept = [r for r in self.rules if r.number not in dropped]
        number = {r.number: n for n, r in enumerate(kept)}
        self.rules = [replace(r, number=number[r.number]) for r in kept]
        self.clauses = [replace(c, rules=tuple(number[n] for n in c.rules if n in number)) for c in self.clauses]

    def _own_windows(self, made: list[int]) -> None:
        """A bullet that gives all therapy one window and some of it another leaves open which holds for the latter: a person has to say."""
        for number in made:
            general = self.rules[number]
            if general.window is None or general.role is not Role.PRIOR_THERAPY:
                continue
            keys = {m.key for m in general.mentions if m.kind == "class"}
            for other in made:
                special = self.rules[other]
                if special.window is None or special.window == general.window or special.role is not general.role:
                    continue
                inner = tuple(
                    m
                    for m in special.mentions
                    if m.kind == "class" and m.key not in keys and keys & self.names.knowledge.class_ancestors(m.key)
                )
                if inner:
                    carveout = Carveout("depends", inner, None, text=special.quote, start=special.start, end=special.end)
                    general = self.rules[number] = replace(general, carveouts=(*general.carveouts, carveout))

    def _rules_above(self, criterion: Criterion) -> list[int]:
        """The rules of the bullet above, to which a sub-bullet can be an exception."""
        return [r.number for r in self.rules if r.criterion == criterion.parent and r.polarity is Polarity.EXCLUDES]

    def _soften(self, made: Iterable[int], criterion: Criterion, reading: Reading, clause: ClauseReading, permissions: list[Draft]) -> None:
        """A later sentence that permits ("Topical steroids are allowed.") is an exception to the rules before it in the same criterion."""
        found = carveout(clause, clause.part.start, clause.part.end, "permit", ())
        mentions = tuple(m for d in permissions for m in d.mentions)
        special = (
            found.routes or found.settings or found.max_dose_mg is not None or found.dose_level or found.window or found.effect == "purpose"
        )
        for number in made:
            rule = self.rules[number]
            if not special:
                # "Allowed anticoagulants are: heparin" frees heparin, not the class that was forbidden.
                same = {_identity(m) for m in rule.mentions}
                mentions = tuple(m for m in mentions if _identity(m) not in same)
                if not mentions:
                    continue
            start, end = self._offsets(criterion, reading, found.start, found.end)
            anchored = replace(found, mentions=self._place(criterion, reading, mentions), start=start, end=end, text=self.text[start:end])
            self.rules[number] = replace(rule, carveouts=(*rule.carveouts, anchored))

    # --- back to the record's own text ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _offsets(criterion: Criterion, reading: Reading, start: int, end: int) -> tuple[int, int]:
        a, b = reading.normal.span(start, end)
        return criterion.start + a, criterion.start + b

    def _place(self, criterion: Criterion, reading: Reading, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        placed = []
        for mention in mentions:
            start, end = self._offsets(criterion, reading, mention.start, mention.end)
            placed.append(replace(mention, start=start, end=end, text=self.text[start:end]))
        return tuple(placed)

    def _rule(self, criterion: Criterion, reading: Reading, draft: Draft) -> int:
        start, end = self._offsets(criterion, reading, draft.start, draft.end)
        carveouts = tuple(self._carveout(criterion, reading, c) for c in draft.carveouts)
        number = len(self.rules)
        self.rules.append(
            Rule(
                criterion.order,
                number,
                start,
                end,
                self.text[start:end],
                criterion.section,
                draft.polarity,
                draft.role,
                self._place(criterion, reading, draft.mentions),
                draft.window,
                carveouts,
                draft.conditions,
                draft.own_disease,
                draft.settings,
                draft.lines,
                draft.min_dose_mg,
                draft.routes,
                draft.outcomes,
                draft.states,
                draft.closed_list,
                draft.modality,
                self._scope(criterion),
                draft.binds_if,
                draft.doubts,
                draft.cues,
            )
        )
        return number

    def _carveout(self, criterion: Criterion, reading: Reading, carveout: Carveout) -> Carveout:
        mentions = self._place(criterion, reading, carveout.mentions)
        if carveout.end <= carveout.start:
            return replace(carveout, mentions=mentions)
        start, end = self._offsets(criterion, reading, carveout.start, carveout.end)
        return replace(carveout, mentions=mentions, start=start, end=end, text=self.text[start:end])

    def _scope(self, criterion: Criterion) -> Scope:
        texts: list[str] = []
        above: int | None = criterion.order
        while above is not None:
            texts += self.criteria[above].scope
            above = self.criteria[above].parent
        return Scope(tuple(dict.fromkeys(texts)), self._arms(texts))

    def _arms(self, texts: Iterable[str]) -> tuple[str, ...]:
        labels = []
        for arm in self.trial.arms:
            for text in texts:
                identifiers = re.findall(r"\b(?:[A-Z]\d?|\d{1,2}[a-z]?|I{1,3}|IV)\b", text)
                if any(
                    re.search(rf"\b(?:arm|cohort|group|part|phase|stage)\s+{re.escape(i)}\b", arm.label, re.IGNORECASE) for i in identifiers
                ):
                    labels.append(arm.label)
        return tuple(dict.fromkeys(labels))

    # --- every clause accounted for -------------------------------------------------------------------------------------------------------

    def _clause(self, criterion: Criterion, reading: Reading, part: Part, number: int, rules: list[int], clause: ClauseReading) -> None:
        start, end = self._offsets(criterion, reading, part.start, part.end)
        therapy = [m for m in part.mentions if m.kind in THERAPY_KINDS]
        kind = kind_of(
            part, bool(rules and any(self.rules[n].role.value in ("prior_therapy", "concomitant") for n in rules)), clause.masked
        )
        facts = clause_facts(reading.lower[part.start : part.end], kind)
        if rules or facts:
            status = ClauseStatus.MODELLED
        elif kind or therapy:
            status = ClauseStatus.RECOGNISED
        else:
            status = ClauseStatus.OUT_OF_SCOPE
        self.clauses.append(
            Clause(
                criterion.order,
                number,
                start,
                end,
                self.text[start:end],
                status,
                kind or ("therapy" if therapy else "other"),
                facts,
                tuple(rules),
                self._place(criterion, reading, part.mentions),
            )
        )


def _identity(mention: Mention) -> tuple[str, ...]:
    return mention.kind, mention.key, mention.target, mention.enzyme, mention.role


@cache
def _procedures(names: Names) -> frozenset[str]:
    return frozenset(key for key, c in names.knowledge.classes.items() if c.kind == "procedure")


@cache
def _anti_infectives(names: Names) -> frozenset[str]:
    return names.knowledge.class_descendants("anti-infective") | {"anti-infective"}


@cache
def _neoplasms(names: Names) -> frozenset[str]:
    return frozenset(key for key, c in names.knowledge.conditions.items() if c.kind == "neoplasm")


def _own_abbreviations(text: str) -> dict[str, str]:
    """Abbreviations that a text defines itself, "words … (ABC)", with the words whose initials they are."""
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        letters = match[1].rstrip("s").lower()
        words = re.findall(r"[A-Za-z]\w*", text[max(0, match.start() - 120) : match.start()])[-len(letters) :]
        if len(letters) >= 2 and [w[0].lower() for w in words] == list(letters):
            found.setdefault(match[1], " ".join(words))
    return found
