"""A trial's eligibility text → `Eligibility`: criteria, clauses accounted for, rules with offsets into the record's own text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.criteria.bounds.carveouts import carveouts_of, exceptions_in, told_apart
from kg.criteria.bounds.doses import clause_doses
from kg.criteria.bounds.doubts import STATE, SUB_COHORT, UNNAMED_EXCEPTIONS
from kg.criteria.bounds.sequence import settled_elsewhere
from kg.criteria.clauses.clause import EARLY, ClauseReading, Context
from kg.criteria.clauses.goes_on import with_therapy_before
from kg.criteria.clauses.leads import Leads
from kg.criteria.clauses.own import background, identity, means_own, own_conditions, study_drugs
from kg.criteria.clauses.reading import THERAPY_KINDS, Part, Reading, read_criteria, read_criterion
from kg.criteria.layout.heading_scope import of_donors
from kg.criteria.layout.headings import heading_section
from kg.criteria.layout.scope import applied_to, clause_scope, is_another, label_scope, lead_scope
from kg.criteria.layout.segments import segment
from kg.criteria.populations.diseases_of_parts import bound_by_disease
from kg.criteria.populations.parts import of_all_parts, of_the_whole
from kg.criteria.populations.population import population
from kg.criteria.ruling import alternatives, contradictions
from kg.criteria.ruling.drafts import Draft
from kg.criteria.ruling.facts import clause_facts, disease_drafts, kind_of
from kg.criteria.ruling.left_out import left_out_apart
from kg.criteria.ruling.others import others_meant
from kg.criteria.ruling.rules import drafts_of, speaks
from kg.criteria.ruling.title import first_line, needless, on_patients
from kg.criteria.ruling.together import (
    beside_required,
    exceptions_elsewhere,
    goes_on,
    is_of_others,
    is_permission_in_time,
    lets_some_through,
    named_before_others,
    of_the_same,
    own_windows,
    permitted,
    repeats,
    terms_of_use,
    timed_by_examples,
    times_of_those_before,
    windows_beside,
    without,
    without_introductions,
)
from kg.criteria.therapies.set_aside import with_reasons
from kg.criteria.words.origin import Origin
from kg.names import Names
from kg.records import Clause, ClauseStatus, Criterion, Eligibility, Mention, Modality, Polarity, Role, Rule, Scope, Section, Trial, Window

_MOST_CHARACTERS = 20_000
"""A single bullet longer than this is no criterion that a person wrote; it is kept, and counted as out of scope."""
_LEAST_HEADING = 10
"""What stands between two criteria, and is longer than so many characters, may be a heading."""
_IDENTIFIER = re.compile(r"\b(?:[A-Z]\d?|\d{1,2}[a-z]?|I{1,3}|IV)\b")
_TREATMENT_ARM = re.compile(r"\b(?:triplet|doublet|combination|monotherapy|cohorts?|arms?)\b", re.IGNORECASE)
_TAKEN = re.compile(r"\b(?<!be )(?:on|receiving|taking|using|requiring)\b", re.IGNORECASE)
_NOTE = re.compile(r"\W*(?:please )?note\b", re.IGNORECASE)


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
        >>> rule.polarity.value, rule.role.value, rule.mentions[0].key, rule.quote
        ('excludes', 'prior_therapy', 'mek-inhibitor', 'Prior MEK inhibitor use')
    """
    return _TrialReader(trial, names).read()


class _TrialReader:
    def __init__(self, trial: Trial, names: Names) -> None:
        self.trial = trial
        self.names = names
        self.text = trial.eligibility_text
        self.criteria = segment(self.text)
        read = [c for c in self.criteria if len(c.text) <= _MOST_CHARACTERS]
        ends = [0, *(c.end for c in self.criteria)]
        headings = [self.text[end : c.start] for end, c in zip(ends, self.criteria, strict=False) if c.start - end > _LEAST_HEADING]
        beside = [trial.brief_title, trial.official_title, *headings]
        readings = read_criteria([c.text for c in read], names, means_own(trial, names), beside)
        self.readings = {c.order: reading for c, reading in zip(read, readings, strict=True)}
        self.background = background(names)
        self.study_drugs = study_drugs(trial, names)
        self.own_conditions = frozenset(own_conditions(trial, names))
        context = Context(Section.UNSTATED, self.background, None, "", self.study_drugs, self.own_conditions)
        self.first_line = first_line(trial.brief_title, context, names)
        """What the title says of untreated patients, until a clause names them."""
        self.rules: list[Rule] = []
        self.clauses: list[Clause] = []
        self.excluding: dict[int, list[int]] = {}
        """Numbers of the excluding rules of each criterion, so far."""
        self.leads = Leads(self.criteria, self.readings, names)

    def read(self) -> Eligibility:
        for criterion in self.criteria:
            self._criterion(criterion)
        windows_beside(self.text, self.criteria, self.rules)
        others_meant(self.text, self.criteria, self.rules, self.background)
        beside_required(self.text, self.rules, self.background)
        named_before_others(self.text, self.criteria, self.rules, self.background)
        parts = (self.text, *(arm.label for arm in self.trial.arms))
        bound = of_all_parts(of_the_whole(self.criteria, self.rules, parts), parts, self.background)
        bound = bound_by_disease(self.criteria, bound, self.readings, self.own_conditions, self.background)
        softer = contradictions.doubted(self.criteria, alternatives.softened(self.criteria, bound))
        rules, clauses = without_introductions(self.text, self.criteria, softer, self.clauses)
        rules, clauses = without(needless(self.criteria, rules) | settled_elsewhere(rules), rules, clauses)
        return Eligibility(self.criteria, tuple(clauses), tuple(rules))

    # --- one criterion --------------------------------------------------------------------------------------------------------------

    def _criterion(self, criterion: Criterion) -> None:
        reading = self.readings.get(criterion.order)
        if reading is None:
            place = criterion.order, 0, criterion.start, criterion.end, criterion.text
            self.clauses.append(Clause(*place, ClauseStatus.OUT_OF_SCOPE, "oversize"))
            return
        origin = Origin(self.text, criterion.start, reading.normal)
        context = None
        made: list[int] = []
        of_patients = not of_donors(criterion.heading)
        for number, part in enumerate(reading.parts):
            rules: list[int] = []
            masked: list[tuple[Mention, str]] = []
            if not of_patients:
                masked = [(m, "other subject") for m in part.mentions if m.kind in THERAPY_KINDS]
            elif speaks(told := with_therapy_before(reading, number)) or (made and part.tagged("unless", "permit")):
                context = context or self._context(criterion)
                clause = ClauseReading(reading, told, context)
                masked = clause.masked
                drafts = self._drafts(criterion, clause, origin, made)
                if self.first_line is not None:
                    of_title = on_patients(self.first_line, part, context)
                    drafts, self.first_line = drafts + of_title, None if of_title else self.first_line
                if drafts:
                    scope = self._of_some(criterion, part, drafts, self._scope(criterion, clause.outside_exceptions()))
                    rules = [self._rule(criterion, origin, draft, scope) for draft in drafts]
                made += [n for n in rules if self.rules[n].polarity is Polarity.EXCLUDES]
            if made and not rules:
                self._soften(made, terms_of_use(part, reading.lower), lets_some_through(part, reading.lower))
            if made and not rules and exceptions_elsewhere(part, reading.lower):
                for n in made:
                    self.rules[n] = replace(self.rules[n], doubts=(*self.rules[n].doubts, UNNAMED_EXCEPTIONS))
            self._clause(criterion, reading, origin, part, number, rules, masked)
        if made:
            self.excluding[criterion.order] = made
            own_windows(self.rules, made, self.names.knowledge)

    def _drafts(self, criterion: Criterion, clause: ClauseReading, origin: Origin, made: list[int]) -> list[Draft]:
        """The rules of a clause that say more than those made before; what it permits of these becomes their exception."""
        drafts = drafts_of(clause)
        permissions: dict[tuple[tuple[str, ...], Window | None], list[Mention]] = {}
        for draft in drafts:
            late = draft.window if is_permission_in_time(clause, draft) else None
            if draft.polarity is Polarity.ALLOWS or late is not None:
                permissions.setdefault((draft.settings, late), []).extend(draft.mentions)
        if permissions and not clause.lower.endswith(":", clause.part.start, clause.part.end):  # else the bullets below it permit
            place = clause.part.start, clause.part.end
            found = [origin.carveout(e) for e in exceptions_in(clause, *place, "permit", clause_doses(clause))]
            for number, exception in itertools.product(
                made or self._excluding_above(criterion, clause, [m for ms in permissions.values() for m in ms]), found
            ):
                for (settings, late), permitted_here in permissions.items():
                    mentions = [m for m in permitted_here if not is_of_others(clause, m, self.rules[number])]
                    if not mentions and permitted_here:
                        continue
                    special = replace(exception, settings=settings or exception.settings)
                    if late is not None:
                        early = tuple(s for s in special.settings if settings or s in EARLY)
                        special = replace(special, effect="window", window=late, settings=early)
                    self.rules[number] = permitted(self.rules[number], special, origin.mentions(mentions))
        if not drafts and made and told_apart(clause):
            apart = [origin.carveout(e) for e in carveouts_of(clause, clause_doses(clause))]
            sooner = clause.part.has("unless")  # "a shorter interval may be considered" frees nobody who is kept out for good
            for number in (n for n in made if not sooner or self.rules[n].window is not None):
                self.rules[number] = replace(self.rules[number], carveouts=(*self.rules[number].carveouts, *apart))
        if not drafts and not made and told_apart(clause):
            permission = next((r for r in self.rules if r.criterion == criterion.order and r.polarity is Polarity.ALLOWS), None)
            drafts = left_out_apart(clause, permission) if permission is not None else []
        drafts = [d for d in drafts if not goes_on(d, (r for r in reversed(self.rules) if r.criterion == criterion.order))]
        if made:
            for number in made if drafts and clause.part.windows else ():
                self.rules[number] = timed_by_examples(clause, drafts, self.rules[number])
            times_of_those_before(self.rules, made, drafts, self.background, origin.carveout)
            before = [self.rules[n] for n in made]
            drafts = [of_the_same(clause, d, before) for d in drafts]
            again = [d for d in drafts if repeats(d, before)]
            drafts = [d for d in drafts if not any(d is other for other in again)]
            clause.masked += [(m, "repeats") for d in again for m in d.mentions]
        of_therapy = any(STATE not in d.doubts for d in drafts)  # who is immunocompromised has that disease, or takes such drugs
        return drafts + disease_drafts(clause, of_therapy, self.names)

    def _excluding_above(self, criterion: Criterion, clause: ClauseReading, permitted_here: Sequence[Mention]) -> list[int]:
        """Numbers of the excluding rules of the nearest bullet above that has some, or of the one before of which this is a note."""
        before = criterion.order - 1
        if before in self.excluding and self.criteria[before].parent == criterion.parent:
            if _NOTE.match(criterion.text):
                return self.excluding[before]
            # In a list of exclusions what is permitted is permitted of what the one before excludes.
            wider = [n for n in self.excluding[before] if self._takes_in(self.rules[n], permitted_here)]
            if wider and criterion.section is Section.EXCLUSION and clause.part.has("permit"):
                return wider
        above = criterion.parent
        while above is not None:
            if above in self.excluding:
                return self.excluding[above]
            above = self.criteria[above].parent
        return []

    def _takes_in(self, rule: Rule, mentions: Sequence[Mention]) -> bool:
        """Whether some of these therapies are of what a rule names, and none is a wider class."""
        pairs = [(m, r, identity(m) == identity(r)) for m in mentions for r in rule.mentions]
        covers = self.background.covers
        return any(same or covers(r, m) for m, r, same in pairs) and not any(covers(m, r) and not same for m, r, same in pairs)

    def _soften(self, made: Iterable[int], of_use: Modality | None, of_all: Modality | None) -> None:
        """Rules that a later sentence of their criterion lets some through: those on what is taken, or all that it made."""
        for number in made if of_use or of_all else ():
            rule = self.rules[number]
            terms = of_all or (of_use if rule.role is Role.CONCOMITANT else None)
            if terms is not None and rule.modality is Modality.MUST_NOT:
                self.rules[number] = replace(rule, modality=terms)

    def _context(self, criterion: Criterion) -> Context:
        lead, lower = self.leads.of(criterion)
        return Context(criterion.section, self.background, lead, lower, self.study_drugs, self.own_conditions)

    # --- what stands above it ---------------------------------------------------------------------------------------------------------

    def _scope(self, criterion: Criterion, clause: str) -> Scope:
        texts: list[str] = []
        above: int | None = criterion.order
        inside = clause_scope(clause)
        while above is not None:
            texts += [t for t in self.criteria[above].scope if above != criterion.order or not is_another(t, inside, clause)]
            texts += self._label(self.criteria[above].text)
            texts += [t for t in applied_to(self.criteria[above].text) if not any(t in told for told in texts)]
            if above != criterion.order:
                texts += clause_scope(self.criteria[above].text) + lead_scope(self.criteria[above].text)
            above = self.criteria[above].parent
        texts += self._label(criterion.heading)
        said = " ".join(texts).lower()
        texts = [t for t in inside if t not in said] + texts
        return Scope(tuple(dict.fromkeys(texts)), self._arms(texts))

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

    def _of_some(self, criterion: Criterion, part: Part, drafts: list[Draft], scope: Scope) -> Scope:
        """The scope, with the patients to whom the clause or what stands above limits it; a therapy that they had was for their cancer."""
        words, keys = self._population(criterion, part) if any(d.polarity is Polarity.EXCLUDES for d in drafts) else ("", ())
        if not keys and all(m.key in self.background.anti_infectives for d in drafts for m in d.mentions):
            words = ""  # who takes antiretrovirals has HIV
        for draft in drafts:
            excludes = draft.polarity is Polarity.EXCLUDES and draft.role is Role.PRIOR_THERAPY
            if excludes and not draft.conditions and not draft.own_disease:
                draft.conditions = keys
            if scope.texts:
                draft.doubts = tuple(d for d in draft.doubts if d != SUB_COHORT)
        return replace(scope, texts=(*scope.texts, words)) if words else scope

    def _population(self, criterion: Criterion, part: Part) -> tuple[str, tuple[str, ...]]:
        reading = self.readings[criterion.order]
        found = population(reading, part.start, part.end, self.own_conditions, self.background)
        above = criterion.parent
        while not found[0] and above is not None:
            reading = self.readings.get(above, reading)
            # Of several sentences the one that opens the list tells of what stands below it.
            start = reading.parts[-1].start if reading.parts and reading.lower.endswith(":") else 0
            found = population(reading, start, len(reading.lower), self.own_conditions, self.background)
            above = self.criteria[above].parent
        if not found[0] and criterion.heading and heading_section(criterion.heading) is None:
            reading = read_criterion(criterion.heading, self.names)
            found = population(reading, 0, len(reading.lower), self.own_conditions, self.background)
        return found

    def _arms(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Labels of the registered arms that scope words such as "Cohort B" speak of."""
        identifiers = [re.escape(i) for text in texts for i in _IDENTIFIER.findall(text)]
        if not identifiers:
            return ()
        named = re.compile(rf"\b(?:arm|cohort|group|part|phase|stage)\s+(?:{'|'.join(identifiers)})\b", re.IGNORECASE)
        return tuple(dict.fromkeys(arm.label for arm in self.trial.arms if named.search(arm.label)))

    # --- rules and clauses --------------------------------------------------------------------------------------------------------------

    def _rule(self, criterion: Criterion, origin: Origin, draft: Draft, scope: Scope) -> int:
        start, end = origin.span(draft.start, draft.end)
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
                origin.mentions(draft.mentions),
                draft.window,
                tuple([origin.carveout(c) for c in draft.carveouts]),
                draft.conditions,
                draft.own_disease,
                draft.settings,
                draft.lines,
                draft.min_dose_mg,
                draft.routes,
                draft.outcomes,
                draft.states,
                draft.closed_list,
                draft.combined,
                draft.position,
                draft.modality,
                scope,
                draft.binds_if,
                draft.doubts,
                draft.cues,
            )
        )
        return number

    def _clause(
        self,
        criterion: Criterion,
        reading: Reading,
        origin: Origin,
        part: Part,
        number: int,
        rules: list[int],
        masked: list[tuple[Mention, str]],
    ) -> None:
        """Account for a clause: what kind it is, what it states, what became of it."""
        start, end = origin.span(part.start, part.end)
        on_therapy = bool(rules) and any(self.rules[n].role in (Role.PRIOR_THERAPY, Role.CONCOMITANT) for n in rules)
        kind = kind_of(part, on_therapy, masked)
        facts = clause_facts(reading.lower[part.start : part.end], kind)
        if rules or facts:
            status = ClauseStatus.MODELLED
        elif kind:
            status = ClauseStatus.RECOGNISED
        else:
            status = ClauseStatus.OUT_OF_SCOPE
        mentions = origin.mentions(part.mentions)
        if masked:
            aside = zip(origin.mentions(m for m, _ in masked), (why for _, why in masked), strict=True)
            mentions = with_reasons(mentions, aside, (self.rules[n] for n in rules))
        quote = self.text[start:end]
        self.clauses.append(Clause(criterion.order, number, start, end, quote, status, kind or "other", facts, tuple(rules), mentions))
