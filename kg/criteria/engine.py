"""A trial's eligibility text → `Eligibility`: criteria, clauses accounted for, rules with offsets into the record's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.criteria.bounds.carveouts import told_apart
from kg.criteria.bounds.doubts import STATE, SUB_COHORT
from kg.criteria.bounds.sequence import settled_elsewhere
from kg.criteria.clauses.clause import ClauseReading, Context
from kg.criteria.clauses.goes_on import with_therapy_before
from kg.criteria.clauses.leads import Leads
from kg.criteria.clauses.own import background, identity, means_own, study_drugs
from kg.criteria.clauses.reading import Part, Reading, read_criteria
from kg.criteria.layout.heading_scope import of_donors
from kg.criteria.layout.segments import segment
from kg.criteria.layout.wrapping import unwrapped
from kg.criteria.populations.diseases_of_parts import bound_by_disease
from kg.criteria.populations.parts import of_all_parts, of_the_whole
from kg.criteria.populations.scopes import Scopes
from kg.criteria.ruling import alternatives, contradictions
from kg.criteria.ruling.drafts import Draft, by_item
from kg.criteria.ruling.facts import clause_facts, disease_drafts, kind_of
from kg.criteria.ruling.left_out import left_out_apart
from kg.criteria.ruling.others import others_meant
from kg.criteria.ruling.rules import drafts_of, speaks
from kg.criteria.ruling.sentences import beside_those_before, except_apart, goes_on, permissions_of, permit, soften
from kg.criteria.ruling.title import first_line, needless, on_patients
from kg.criteria.ruling.together import (
    beside_required,
    beside_what_goes_on,
    named_before_others,
    on_terms_above,
    own_windows,
    windows_beside,
    without,
    without_introductions,
)
from kg.criteria.therapies.set_aside import with_reasons
from kg.criteria.words.origin import Origin
from kg.names import Names
from kg.names.treated import own_conditions
from kg.records import Clause, ClauseStatus, Criterion, Eligibility, Mention, Polarity, Role, Rule, Scope, Section, Trial

_MOST_CHARACTERS = 20_000
"""A single bullet longer than this is no criterion that a person wrote; it is kept, and counted as out of scope."""
_LEAST_HEADING = 10
"""What stands between two criteria, and is longer than so many characters, may be a heading."""
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
    whole = unwrapped(trial.eligibility_text)
    if whole is None:
        return _TrialReader(trial, names).read()
    as_one = replace(trial, eligibility_text=whole.cased)
    return Origin(trial.eligibility_text, 0, whole).eligibility(_TrialReader(as_one, names).read())


@dataclass(slots=True)
class _Here:
    """A criterion under reading."""

    criterion: Criterion
    reading: Reading
    origin: Origin
    first: int
    """The number of the first rule that it gives, if it gives one."""
    made: list[int] = field(default_factory=list)
    """The numbers of the rules that exclude and that its clauses gave so far."""
    context: Context | None = None
    """What its clauses inherit, from the first one that speaks of therapies."""


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
        above = ["" if c.parent is None else self.criteria[c.parent].text for c in read]
        readings = read_criteria([c.text for c in read], names, means_own(trial, names), beside, above)
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
        self.scopes = Scopes(trial, self.criteria, self.readings, names, self.own_conditions, self.background)

    def read(self) -> Eligibility:
        for criterion in self.criteria:
            self._criterion(criterion)
        windows_beside(self.text, self.criteria, self.rules)
        others_meant(self.text, self.criteria, self.rules, self.clauses, self.background)
        beside_required(self.text, self.rules, self.background)
        beside_what_goes_on(self.rules, self.background)
        named_before_others(self.text, self.criteria, self.rules, self.background)
        on_terms_above(self.criteria, self.rules)
        parts = (self.text, *(arm.label for arm in self.trial.arms))
        bound = of_all_parts(of_the_whole(self.criteria, self.rules, parts), parts, self.background)
        bound = bound_by_disease(self.criteria, bound, self.readings, self.own_conditions, self.background)
        softer = contradictions.doubted(self.criteria, alternatives.softened(self.criteria, bound), self.background)
        rules, clauses = without_introductions(self.text, self.criteria, softer, self.clauses, self.background)
        dropped = needless(self.criteria, rules) | settled_elsewhere(rules) | alternatives.defined_beside(self.criteria, rules)
        rules, clauses = without(dropped, rules, clauses)
        return Eligibility(self.criteria, tuple(clauses), tuple(rules))

    # --- one criterion --------------------------------------------------------------------------------------------------------------

    def _criterion(self, criterion: Criterion) -> None:
        """Read a criterion clause by clause; what a clause says of the ones before it changes their rules."""
        reading = self.readings.get(criterion.order)
        if reading is None:
            place = criterion.order, 0, criterion.start, criterion.end, criterion.text
            self.clauses.append(Clause(*place, ClauseStatus.OUT_OF_SCOPE, "oversize"))
            return
        here = _Here(criterion, reading, Origin(self.text, criterion.start, reading.normal), len(self.rules))
        of_others = of_donors(criterion.heading)
        for number, part in enumerate(reading.parts):
            rules: list[int] = []
            if of_others:
                masked = [(m, "other subject") for m in part.therapies]
            else:
                rules, masked = self._ruled(here, number, part)
            if here.made and not rules:
                soften(self.rules, here.made, part, reading.lower)
            here.made += [n for n in rules if self.rules[n].polarity is Polarity.EXCLUDES]
            self._account(here, part, number, rules, masked)
        if here.made:
            self.excluding[criterion.order] = here.made
            own_windows(self.rules, here.made, self.names.knowledge)

    def _ruled(self, here: _Here, number: int, part: Part) -> tuple[list[int], list[tuple[Mention, str]]]:
        """The numbers of the rules that a clause gives, and the therapies that it names without ruling on them."""
        told = with_therapy_before(here.reading, number)
        if not speaks(told) and not (here.made and part.tagged("unless", "permit")):
            return [], []
        here.context = here.context or self._context(here.criterion)
        clause = ClauseReading(here.reading, told, here.context)
        drafts = self._drafts(here, clause) + self._of_title(part, here.context)
        if not drafts:
            return [], clause.masked
        scope = self._of_some(here.criterion, part, drafts, self.scopes.of(here.criterion, part, clause.outside_exceptions()))
        return [self._rule(here, *each) for draft in drafts for each in by_item(scope, here.reading, draft)], clause.masked

    def _context(self, criterion: Criterion) -> Context:
        lead, lower = self.leads.of(criterion)
        return Context(criterion.section, self.background, lead, lower, self.study_drugs, self.own_conditions)

    def _of_title(self, part: Part, context: Context) -> list[Draft]:
        """What the title says of untreated patients, at the first clause that names them."""
        drafts = on_patients(self.first_line, part, context) if self.first_line is not None else []
        if drafts:
            self.first_line = None
        return drafts

    def _drafts(self, here: _Here, clause: ClauseReading) -> list[Draft]:
        """The rules of a clause that say more than those made before; what it permits of these becomes their exception."""
        drafts = drafts_of(clause)
        permissions = permissions_of(clause, drafts)
        if permissions:
            named = [m for mentions in permissions.values() for m in mentions]
            permit(self.rules, here.made or self._excluding_above(here.criterion, clause, named), clause, permissions, here.origin)
        if not drafts and told_apart(clause):
            drafts = self._excepted_apart(here, clause)
        so_far = self.rules[here.first :]
        drafts = [d for d in drafts if not goes_on(d, so_far)]
        of_another_part = self.scopes.is_of_another_part
        made = [n for n in here.made if not of_another_part(here.criterion, clause.part, self.rules[n].scope)]
        if made:
            drafts = beside_those_before(self.rules, made, clause, drafts, here.origin)
        of_therapy = any(STATE not in d.doubts for d in drafts)  # who is immunocompromised has that disease, or takes such drugs
        return drafts + disease_drafts(clause, of_therapy, self.names)

    def _excepted_apart(self, here: _Here, clause: ClauseReading) -> list[Draft]:
        """What a sentence of its own excepts: it frees from the rules before it, or rules on what it leaves out of a permission."""
        made = here.made or (self._excluding_before(here.criterion) if clause.part.therapies else [])
        if made:
            except_apart(self.rules, made, clause, here.origin)
            return []
        permission = next((r for r in self.rules[here.first :] if r.polarity is Polarity.ALLOWS), None)
        return left_out_apart(clause, permission) if permission is not None else []

    def _excluding_before(self, criterion: Criterion) -> list[int]:
        """Numbers of the excluding rules of the bullet right before or above one that excepts: "Exception: fluconazole"."""
        before = self._excluding_right_before(criterion)
        return before or (self.excluding.get(criterion.parent, []) if criterion.parent is not None else [])

    def _excluding_right_before(self, criterion: Criterion) -> list[int]:
        """Numbers of the excluding rules of the bullet right before one, if it stands under the same."""
        before = criterion.order - 1
        return self.excluding[before] if before in self.excluding and self.criteria[before].parent == criterion.parent else []

    def _excluding_above(self, criterion: Criterion, clause: ClauseReading, permitted_here: Sequence[Mention]) -> list[int]:
        """Numbers of the excluding rules of the nearest bullet above that has some, or of the one before of which this is a note."""
        before = self._excluding_right_before(criterion)
        if before and _NOTE.match(criterion.text):
            return before
        if clause.part.has("permit"):  # in a list of exclusions what is permitted is permitted of what the one before excludes
            wider = [n for n in self._excluding_beside(criterion) if self._takes_in(self.rules[n], permitted_here)]
            if wider:
                return wider
        above = criterion.parent
        while above is not None:
            if above in self.excluding:
                return self.excluding[above]
            above = self.criteria[above].parent
        return []

    def _excluding_beside(self, criterion: Criterion) -> list[int]:
        """Numbers of the excluding rules of the bullet before one, and of those below it on current drugs; none among inclusions."""
        if criterion.section is Section.INCLUSION:
            return []
        at = criterion.order - 1
        while at >= 0 and self.criteria[at].parent != criterion.parent and self.criteria[at].parent is not None:
            at -= 1
        if at < 0 or self.criteria[at].parent != criterion.parent:
            return []
        below = (n for order in range(at + 1, criterion.order) for n in self.excluding.get(order, ()))
        return [*self.excluding.get(at, ()), *(n for n in below if self.rules[n].role is Role.CONCOMITANT)]

    def _takes_in(self, rule: Rule, mentions: Sequence[Mention]) -> bool:
        """Whether some of these therapies are of what a rule names, and none is a wider class."""
        pairs = [(m, r, identity(m) == identity(r)) for m in mentions for r in rule.mentions]
        covers = self.background.covers
        return any(same or covers(r, m) for m, r, same in pairs) and not any(covers(m, r) and not same for m, r, same in pairs)

    def _of_some(self, criterion: Criterion, part: Part, drafts: list[Draft], scope: Scope) -> Scope:
        """The scope, with the patients to whom the clause or what stands above limits it; a therapy that they had was for their cancer."""
        words, keys = self.scopes.patients(criterion, part) if any(d.polarity is Polarity.EXCLUDES for d in drafts) else ("", ())
        if not keys and all(m.key in self.background.anti_infectives for d in drafts for m in d.mentions):
            words = ""  # who takes antiretrovirals has HIV
        for draft in drafts:
            excludes = draft.polarity is Polarity.EXCLUDES and draft.role is Role.PRIOR_THERAPY
            if excludes and not draft.conditions and not draft.own_disease:
                draft.conditions = keys
            if scope.texts:
                draft.doubts = tuple(d for d in draft.doubts if d != SUB_COHORT)
        return replace(scope, texts=(*scope.texts, words)) if words else scope

    # --- rules and clauses --------------------------------------------------------------------------------------------------------------

    def _rule(self, here: _Here, draft: Draft, scope: Scope) -> int:
        """Place a draft in the record's text; gives the number of the rule."""
        origin = here.origin
        start, end = origin.span(draft.start, draft.end)
        number = len(self.rules)
        self.rules.append(
            Rule(
                here.criterion.order,
                number,
                start,
                end,
                self.text[start:end],
                here.criterion.section,
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

    def _account(self, here: _Here, part: Part, number: int, rules: list[int], masked: list[tuple[Mention, str]]) -> None:
        """Account for a clause: what kind it is, what it states, what became of it."""
        origin = here.origin
        start, end = origin.span(part.start, part.end)
        on_therapy = bool(rules) and any(self.rules[n].role in (Role.PRIOR_THERAPY, Role.CONCOMITANT) for n in rules)
        kind = kind_of(part, on_therapy, masked)
        facts = clause_facts(here.reading.lower[part.start : part.end], kind)
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
        self.clauses.append(Clause(here.criterion.order, number, start, end, quote, status, kind or "other", facts, tuple(rules), mentions))
