"""A trial's eligibility as read → N-Quads: criteria with their nesting, clauses accounted for, rules with all that limits them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.graph.lines import A, boolean, node, text
from kg.graph.predicates import FIELDS, LABEL, K
from kg.graph.trials import TrialWriter
from kg.records import Carveout, Clause, Criterion, Eligibility, Mention, Role, Rule, Section, Window
from kg.vocab import thing_iri

__all__ = ["EligibilityWriter"]

_CRITERION_CLASS = {Section.INCLUSION: K.InclusionCriterion, Section.EXCLUSION: K.ExclusionCriterion}
_RULE_CLASS = {
    Role.PRIOR_THERAPY: K.PriorTherapyRule,
    Role.CONCOMITANT: K.ConcomitantTherapyRule,
    Role.CONDITION: K.ConditionRule,
    Role.BIOMARKER: K.BiomarkerRule,
}


class EligibilityWriter:
    """Writes what was read of a trial's criteria beside its record."""

    def __init__(self, trial: TrialWriter) -> None:
        self.trial = trial
        self.lines = trial.lines
        self.part = trial.part
        self._mentions: dict[Mention, str] = {}

    def write(self, eligibility: Eligibility) -> None:
        """Every criterion, clause and rule."""
        for criterion in eligibility.criteria:
            self._criterion(criterion)
        for clause in eligibility.clauses:
            self._clause(clause)
        for rule in eligibility.rules:
            self._rule(rule)

    def _criterion(self, criterion: Criterion) -> None:
        lines, part = self.lines, self.part("criterion", criterion.order)
        lines.add(self.trial.subject, K.hasCriterion, part)
        lines.add(part, A, K.EligibilityCriterion)
        if criterion.section in _CRITERION_CLASS:
            lines.add(part, A, _CRITERION_CLASS[criterion.section])
        lines.fields(part, criterion, FIELDS["Criterion"])
        if criterion.parent is not None:
            lines.add(part, K.hasParentCriterion, self.part("criterion", criterion.parent))

    def _clause(self, clause: Clause) -> None:
        lines = self.lines
        place = f"{clause.criterion}-{clause.number}"
        part = self.part("clause", place)
        lines.add(self.part("criterion", clause.criterion), K.hasClause, part)
        lines.add(part, A, K.Clause)
        lines.fields(part, clause, FIELDS["Clause"])
        self._link_mentions(part, clause.mentions)
        for number in clause.rules:
            lines.add(part, K.givesRule, self.part("rule", number))
        for number, (name, value) in enumerate(clause.facts):
            fact = self.part("clause-fact", f"{place}-{number}")
            lines.add(part, K.hasClauseFact, fact)
            lines.add(fact, A, K.ClauseFact)
            lines.text(fact, K.factName, name)
            lines.add(fact, K.factValue, text(value))

    def _rule(self, rule: Rule) -> None:
        lines, part = self.lines, self.part("rule", rule.number)
        lines.add(self.trial.subject, K.hasRule, part)
        lines.add(part, A, K.Rule)
        lines.add(part, A, _RULE_CLASS[rule.role])
        lines.text(part, LABEL, rule.quote)
        lines.add(part, K.isReadFrom, self.part("criterion", rule.criterion))
        lines.fields(part, rule, FIELDS["Rule"])
        self._link_mentions(part, rule.mentions)
        self._window(part, f"{rule.number}", rule.window)
        for number, carveout in enumerate(rule.carveouts):
            self._carveout(part, f"{rule.number}-{number}", number, carveout)
        for key in rule.conditions:
            lines.add(part, K.isLimitedToCondition, node(thing_iri("condition", key)))
        if rule.lines is not None:
            limit = self.part("line-limit", rule.number)
            lines.add(part, K.hasLineLimit, limit)
            lines.add(limit, A, K.LineLimit)
            lines.fields(limit, rule.lines, FIELDS["LineLimit"])
        lines.fields(part, rule.scope, FIELDS["Scope"])
        for label in rule.scope.arms:
            arm = self.trial.arm(label)
            if arm:
                lines.add(part, K.bindsArm, arm)

    def _window(self, owner: str, place: str, window: Window | None) -> None:
        if window is not None:
            part = self.part("window", place)
            self.lines.add(owner, K.hasWindow, part)
            self.lines.add(part, A, K.Window)
            self.lines.fields(part, window, FIELDS["Window"])

    def _carveout(self, rule: str, place: str, number: int, carveout: Carveout) -> None:
        lines, part = self.lines, self.part("carve-out", place)
        lines.add(rule, K.hasCarveOut, part)
        lines.add(part, A, K.CarveOut)
        lines.integer(part, K.order, number)
        lines.fields(part, carveout, FIELDS["Carveout"])
        self._link_mentions(part, carveout.mentions)
        self._window(part, place, carveout.window)

    def _link_mentions(self, owner: str, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            self.lines.add(owner, K.hasMention, self._mention(mention))

    def _mention(self, mention: Mention) -> str:
        """The node of a mention; equal mentions (of a clause and its rule) are one node."""
        part = self._mentions.get(mention)
        if part is None:
            lines = self.lines
            part = self._mentions[mention] = self.part("mention", len(self._mentions))
            lines.add(part, A, K.Mention)
            lines.fields(part, mention, FIELDS["Mention"])
            if mention.narrow_index:
                lines.add(part, K.narrowTherapeuticIndex, boolean(True))
            if mention.key:
                lines.add(part, K.refersTo, node(thing_iri(mention.kind, mention.key)))
            if mention.also:
                lines.add(part, K.isNarrowedTo, node(thing_iri("class", mention.also)))
            if mention.target:
                lines.add(part, K.concernsTarget, node(thing_iri("target", mention.target)))
            if mention.enzyme:
                lines.add(part, K.concernsEnzyme, node(thing_iri("enzyme", mention.enzyme)))
        return part
