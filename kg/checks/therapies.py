"""Rules on therapies × what a patient had or takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kg.checks.carveouts import carveout_applies
from kg.checks.dates import add_days
from kg.checks.dose_limits import above_dose, replaces_only
from kg.checks.facts import Fact
from kg.checks.findings import Evaluation, Judged, Scene, make_finding, requirement, shortened, softened
from kg.checks.limits import (
    OF_OTHER_USE,
    Holds,
    Limit,
    for_conditions,
    for_own_disease,
    given_for_another_ill,
    in_a_blood_cancer,
    in_settings,
    of_outcomes,
    on_routes,
    within_window,
)
from kg.checks.matching import Grade, Match, best_match
from kg.checks.positions import in_position
from kg.knowledge import Knowledge
from kg.knowledge.general import general_classes
from kg.records import LONGER_AGO, WHETHER_IT_GOES_ON, Carveout, Mention, Polarity, Role, Rule, Step, Verdict, Window

__all__ = ["therapy_rule"]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A fact weighed against a treatment rule, arms and modality aside."""

    fact: Fact
    match: Match
    holds: Holds
    reasons: tuple[str, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    free_from: date | None = None


def therapy_rule(rule: Rule, scene: Scene) -> Evaluation:
    """What a rule on prior or concomitant therapy says of the patient."""
    out = Evaluation()
    weighed: list[_Weighed] = []
    for fact in scene.patient.facts:
        found = _weigh(rule, fact, scene)
        if isinstance(found, str):
            if rule.polarity is Polarity.EXCLUDES:
                out.notes.append(f"{fact.words}: “{shortened(rule.quote)}” was not applied: {found}")
        elif found is not None:
            weighed.append(found)
    if rule.lines is not None:
        _count_lines(rule, weighed, scene, out)
    elif rule.polarity is Polarity.EXCLUDES:
        out.judged.extend(_judge(rule, one, scene) for one in weighed)
    elif not any(one.holds is Holds.YES and one.match.grade is Grade.PLAIN for one in weighed):
        out.open_questions.append(requirement(rule))
    return out


def _looks_at(rule: Rule, fact: Fact) -> bool:
    """Whether the rule looks at the fact: what is taken now has also been had; what was stopped counts as taken only inside a window."""
    return rule.role is Role.PRIOR_THERAPY or fact.current or rule.window is not None


def _weigh(rule: Rule, fact: Fact, scene: Scene) -> _Weighed | str | None:
    """The fact against mentions, limits and exceptions: weighed, the reason why it does not count, or None where nothing was named."""
    if not _looks_at(rule, fact):
        return None
    knowledge = scene.knowledge
    found = best_match(_listed(rule), fact, knowledge)
    if found is None:
        return None
    if found.grade is Grade.NEAR:
        return found.why if fact.current or rule.role is Role.PRIOR_THERAPY else None
    has = tuple(key for key, _ in scene.patient.conditions) if rule.role is Role.CONCOMITANT else ()
    limits = [
        _use(found.mention, fact, scene),
        _form(rule, found, fact, scene),
        _effect(found.mention, fact, knowledge),
        on_routes(rule.routes, fact, knowledge, of_class=found.mention.key),
        in_settings(rule.settings, fact, knowledge, recent=rule.window is not None),
        for_conditions(rule.conditions, fact, knowledge, has, scene.own),
        for_own_disease(fact, scene.own, knowledge) if rule.own_disease else Limit(Holds.YES),
        above_dose(rule.min_dose_mg, fact, knowledge),
        of_outcomes(rule.outcomes, fact),
        _with_another(rule, fact, scene) if rule.combined else Limit(Holds.YES),
        in_position(rule, fact, scene) if rule.position else Limit(Holds.YES),
        *_timing(rule, fact, found, scene),
    ]
    failed = next((limit for limit in limits if limit.holds is Holds.NO), None)
    if failed is not None:
        return failed.why or "an exception of the sentence frees it"
    reasons = [limit.why for limit in limits if limit.holds is not Holds.YES and limit.why]
    holds = next((h for h in (Holds.MISSING, Holds.UNCLEAR) if any(limit.holds is h for limit in limits)), Holds.YES)
    return _Weighed(
        fact,
        found,
        holds,
        tuple(reasons),
        tuple(step for limit in limits for step in limit.steps),
        tuple(dict.fromkeys(note for limit in limits for note in limit.notes)),
        next((limit.free_from for limit in limits if limit.free_from), None),
    )


_SINCE = frozenset({LONGER_AGO, WHETHER_IT_GOES_ON})
"""Doubts of a therapy that has ended: another of the rule's may have come since."""
_ANTICANCER = "anticancer-therapy"
_SYSTEMIC, _CHEMOTHERAPY, _BIOLOGIC = "systemic-anticancer-therapy", "chemotherapy", "biologic-therapy"
_STEROID, _SUPPRESSES, _IMMUNOMODULATORY = "corticosteroid", "immunosuppressant", "immunomodulatory-drug"


def _use(mention: Mention, fact: Fact, scene: Scene) -> Limit:
    """Words for cancer treatment at large ("chemotherapy", "anti-cancer agents") do not take in a drug that was given for something else.

    A class by mechanism or chemistry ("mTOR inhibitors") is met whatever the drug was given for, and where no cancer is treated a form of
    drug ("biologics") is, too.
    """
    classes = scene.knowledge.classes
    if mention.kind != "class" or mention.key not in classes or classes[mention.key].kind != "category":
        return Limit(Holds.YES)
    if _ANTICANCER not in {mention.key, *scene.knowledge.class_ancestors(mention.key)}:
        return Limit(Holds.YES)
    form, told = mention.key in general_classes(), f"whether {fact.name} is given as {mention.text} could not be told"
    if not fact.condition_text:
        dual = fact.current and any(key in fact.classes and fact.classes[key].plain for key in OF_OTHER_USE)
        why = f"what {fact.name} is given for is not stated; it is also given for other diseases than cancer"
        return Limit(Holds.UNCLEAR, why) if dual and not form else Limit(Holds.YES)
    if form and not scene.own.oncological(scene.knowledge):
        return Limit(Holds.YES)
    if fact.indication == "other":
        return given_for_another_ill(fact, mention.text)
    if fact.indication == "unsure":
        return Limit(Holds.UNCLEAR, f"{fact.condition_text} may have been one for a cancer; {told}")
    if fact.current and fact.indication == "" and not scene.own.named(fact.condition_text):
        return Limit(Holds.UNCLEAR, f"“{fact.condition_text}” is not known here; {told}")
    return Limit(Holds.YES)


def _form(rule: Rule, found: Match, fact: Fact, scene: Scene) -> Limit:
    """Words for a form of drug ("antibodies"), told of a cancer or beside chemotherapy, hardly mean what is no cancer therapy at all."""
    if found.mention.key not in general_classes() or _SYSTEMIC in fact.classes or fact.condition_text:
        return Limit(Holds.YES)
    conditions, named = scene.knowledge.conditions, {m.key for m in rule.mentions}
    of_cancer = rule.own_disease or any(c in conditions and conditions[c].kind == "neoplasm" for c in rule.conditions)
    of_cancer = of_cancer or _SYSTEMIC in named or _ANTICANCER in named
    if not (of_cancer or _CHEMOTHERAPY in named) or not scene.own.oncological(scene.knowledge):
        return Limit(Holds.YES)
    biologic = fact.classes.get(_BIOLOGIC)
    arguable = found.grade is Grade.ARGUABLE or (biologic is not None and not biologic.plain)
    why = f"{fact.name} is no cancer therapy, as the sentence's “{found.mention.text}” are"
    return Limit(Holds.NO if of_cancer or arguable else Holds.UNCLEAR, why)


def _effect(mention: Mention, fact: Fact, knowledge: Knowledge) -> Limit:
    """What is arguable: a steroid that only replaces the body's own as immunosuppressant, thalidomide as chemotherapy of a blood cancer."""
    if mention.key == _CHEMOTHERAPY and _IMMUNOMODULATORY in fact.classes:
        return in_a_blood_cancer(fact, knowledge)
    if mention.key != _SUPPRESSES or fact.dose is None or _STEROID not in fact.classes:
        return Limit(Holds.YES)
    low = replaces_only(fact, knowledge)
    if low.holds is not Holds.YES:
        return Limit(Holds.YES)
    return Limit(Holds.UNCLEAR, f"{low.why}: it may replace the body's own", steps=low.steps)


def _with_another(rule: Rule, fact: Fact, scene: Scene) -> Limit:
    """Whether a therapy was given with another of those that the rule names; where it names no other, with any against the cancer, or,
    of drugs that are taken, with another of its kind ("dual antiplatelet therapy")."""
    others = [other for other in scene.patient.facts if (other.kind, other.key) != (fact.kind, fact.key)]
    known = scene.knowledge
    partners = [m for m in rule.mentions if m.kind == "regimen" or (found := best_match((m,), fact, known)) is None or not found.hit]
    if not partners and rule.role is Role.CONCOMITANT:
        partners = list(rule.mentions)
    if partners:
        others = [other for other in others if (found := best_match(partners, other, known)) is not None and found.hit]
    else:
        others = [other for other in others if _ANTICANCER in other.classes]
    if any(other.line_key == fact.line_key or (fact.current and other.current) for other in others):
        return Limit(Holds.YES)
    if others or scene.patient.unrecognised:
        return Limit(Holds.UNCLEAR, f"whether {fact.name} was given in the combination that the sentence names is not stated")
    return Limit(Holds.NO, f"the sentence speaks of a combination; {fact.name} was given without the others, as far as the data tell")


def _listed(rule: Rule) -> Sequence[Mention]:
    """The mentions that count: all, or in a closed list the drugs that it names."""
    named = [m for m in rule.mentions if m.kind in ("drug", "regimen")]
    return named if rule.closed_list and named else rule.mentions


def _timing(rule: Rule, fact: Fact, found: Match, scene: Scene) -> list[Limit]:
    """The window that binds the fact, after the exceptions: some free it, some set another window, some leave a doubt."""
    windows = [rule.window]
    out: list[Limit] = []
    past: list[tuple[Carveout, Limit]] = []
    for carveout in rule.carveouts:
        if carveout.effect == "together":
            continue  # it frees lines of therapy, not each part of one
        if carveout.effect == "ongoing" and not fact.current:
            continue
        applies = carveout_applies(carveout, fact, scene.knowledge)
        if applies.holds is Holds.NO or _names_it_itself(found, carveout) or _is_of_other_settings(rule, carveout, fact):
            out.append(Limit(Holds.YES, steps=applies.steps, notes=applies.notes))
        elif carveout.effect == "allows" and applies.holds is Holds.YES:
            return [Limit(Holds.NO, f"the exception “{shortened(carveout.text, 90)}” frees it")]
        elif carveout.window is not None and carveout.effect == "recent":
            inside = within_window(carveout.window, fact, scene.as_of, scene.knowledge)
            if inside.holds is Holds.YES or (not _SINCE.isdisjoint(rule.doubts) and _another_within(rule, fact, carveout.window, scene)):
                return [Limit(Holds.NO, f"not longer ago than {carveout.window.text}")]
            if inside.holds is not Holds.NO:
                out.append(inside if inside.holds is Holds.MISSING else _doubt(carveout, inside))
        elif carveout.window is not None and _only_times(carveout):
            past.append((carveout, within_window(carveout.window, fact, scene.as_of, scene.knowledge)))
        elif carveout.effect == "window" and carveout.window is not None:
            windows = [carveout.window] if applies.holds is Holds.YES else [*windows, carveout.window]
        elif carveout.effect == "no-cancer" and fact.indication == "other":
            return [Limit(Holds.NO, f"the exception “{shortened(carveout.text, 90)}” frees it: it was given for {fact.condition_text}")]
        elif carveout.effect == "no-cancer" and _for_a_cancer(fact, scene):
            out.append(Limit(Holds.YES))
        elif carveout.effect == "purpose" and not fact.condition_text:
            note = f"“{shortened(carveout.text, 90)}”: an ordinary therapeutic use of {fact.name} is assumed"
            out.append(Limit(Holds.YES, notes=(note,)))
        else:
            out.append(_doubt(carveout, applies))
    answers = [within_window(window, fact, scene.as_of, scene.knowledge) for window in windows]
    if len({a.holds for a in answers}) == 1:
        out.append(max(answers, key=lambda a: a.free_from or date.min))
    else:
        worst = next((a for a in answers if a.holds is Holds.MISSING), answers[0])
        holds = Holds.MISSING if worst.holds is Holds.MISSING else Holds.UNCLEAR
        out.append(
            Limit(
                holds,
                "which of the sentence's intervals holds is not settled: " + "; ".join(a.why for a in answers if a.why),
                worst.free_from,
            )
        )
    for carveout, inside in past:
        # Who is still inside the time of the exception, too, is freed by none.
        unconditional = carveout.effect == "window"
        if inside.holds is not Holds.YES:
            out.append(inside if unconditional or inside.holds is Holds.MISSING else _doubt(carveout, inside))
    return out


def _another_within(rule: Rule, fact: Fact, window: Window, scene: Scene) -> bool:
    """Whether the patient had another of the rule's therapies within a time, so that this one was not the last."""
    others = (
        f
        for f in scene.patient.facts
        if f is not fact and (found := best_match(_listed(rule), f, scene.knowledge)) is not None and found.hit
    )
    return any(within_window(window, other, scene.as_of, scene.knowledge).holds is Holds.YES for other in others)


def _names_it_itself(found: Match, carveout: Carveout) -> bool:
    """Whether a sentence that permits a class has forbidden one of its drugs by name: "prior X; those with prior Y inhibitors may come"."""
    told = (carveout.routes, carveout.settings, carveout.dose_level, carveout.window, carveout.max_dose_mg)
    by_class = all(m.kind == "class" for m in carveout.mentions)
    return found.mention.kind == "drug" and carveout.effect == "allows" and bool(carveout.mentions) and by_class and not any(told)


def _is_of_other_settings(rule: Rule, carveout: Carveout, fact: Fact) -> bool:
    """Whether a sentence sets the settings of an exception apart from that of a therapy: "none for metastatic disease (but for locally
    advanced)"."""
    given = frozenset(fact.settings)
    return bool(carveout.settings and given) and given.issubset(rule.settings) and given.isdisjoint(carveout.settings)


def _for_a_cancer(fact: Fact, scene: Scene) -> bool:
    """Whether a therapy was given for a cancer, be it one that only the trial's own words name."""
    named = bool(fact.condition_text) and scene.own.named(fact.condition_text)
    return fact.indication == "neoplasm" or (named and scene.own.oncological(scene.knowledge))


def _only_times(carveout: Carveout) -> bool:
    """Whether an exception tells nothing but a time, of whichever therapy: "unless 5 half-lives have passed"."""
    named = (carveout.mentions, carveout.routes, carveout.settings, carveout.dose_level)
    return carveout.effect in ("window", "conditional") and not any(named) and carveout.max_dose_mg is None


def _doubt(carveout: Carveout, applies: Limit) -> Limit:
    return Limit(
        Holds.UNCLEAR,
        f"the exception “{shortened(carveout.text, 90)}” may apply" + (f": {applies.why}" if applies.why else ""),
        steps=applies.steps,
    )


# --- from a weighed fact to a finding -----------------------------------------------------------------------------------------------------


def _judge(rule: Rule, weighed: _Weighed, scene: Scene) -> Judged:
    fact, found = weighed.fact, weighed.match
    reasons = list(weighed.reasons)
    if found.grade is Grade.ARGUABLE:
        reasons.insert(0, found.why)
    bare = {Holds.YES: Verdict.EXCLUDED, Holds.UNCLEAR: Verdict.REVIEW, Holds.MISSING: Verdict.UNKNOWN}[weighed.holds]
    if bare is Verdict.EXCLUDED and found.grade is Grade.ARGUABLE:
        bare = Verdict.REVIEW
    recoverable, remedy, earliest = _mend(rule, weighed, scene)
    assumed = [*weighed.notes, *fact.notes]
    if fact.current and fact.dose is None and fact.place.startswith("taking"):
        assumed.append(
            "no dose given: a usual adult dose, given systemically, is assumed"
            if not fact.route
            else "no dose given: a usual adult dose is assumed"
        )
    finding = make_finding(
        rule,
        scene.trial,
        bare,
        fact.words,
        (*fact.steps, *found.steps, *weighed.steps, *_when_step(fact, weighed)),
        reason="; ".join(reasons) or _named(fact, found),
        recoverable=recoverable,
        remedy=remedy,
        earliest=earliest,
        notes=tuple(dict.fromkeys(assumed)),
    )
    return Judged(finding, fact.place, softened(rule, bare)[0], found, fact)


def _named(fact: Fact, found: Match) -> str:
    if found.mention.kind in ("drug", "regimen"):
        return f"the sentence names {fact.name}"
    return f"{fact.name} is among the sentence's “{' '.join(found.mention.text.split())}”"


def _when_step(fact: Fact, weighed: _Weighed) -> tuple[Step, ...]:
    if weighed.free_from and not fact.current and fact.last:
        return (Step(f"last {fact.last} → counts until {weighed.free_from}"),)
    return ()


def _mend(rule: Rule, weighed: _Weighed, scene: Scene) -> tuple[bool, str, date | None]:
    """(can be mended, how, from when on)."""
    fact, free_from = weighed.fact, weighed.free_from
    if fact.current:
        timed = free_from is not None or rule.window is not None
        if rule.role is not Role.CONCOMITANT and not timed:
            return False, "", None
        if fact.stops is not None:
            earliest = free_from or add_days(fact.stops.high, 1)
            return True, f"{fact.name} is planned to stop {fact.stops}" + (f"; from {earliest} on it no longer counts"), earliest
        if free_from is not None:
            return True, f"stop {fact.name}; stopped on {scene.as_of}, it no longer counts from {free_from} on", free_from
        return True, f"stop {fact.name}" + ("" if timed else "; the sentence names no wash-out"), None
    if free_from is not None:
        return True, f"wait until {free_from}", free_from
    if weighed.holds is Holds.MISSING:
        return True, "give the date of the last dose", None
    return rule.window is not None, "", None


# --- lines of therapy ---------------------------------------------------------------------------------------------------------------------


def _count_lines(rule: Rule, weighed: list[_Weighed], scene: Scene, out: Evaluation) -> None:
    """Lines counted over the exposures that the rule covers: those that surely count, and those that may."""
    assert rule.lines is not None
    sure = [w for w in weighed if w.holds is Holds.YES and w.match.grade is Grade.PLAIN]
    counted = len({w.fact.line_key for w in sure})
    possible = len({w.fact.line_key for w in weighed})
    highest = max((w.fact.line or 0 for w in weighed), default=0)
    maximum, minimum = rule.lines.maximum, rule.lines.minimum
    if maximum is not None and max(possible, highest) > maximum:
        bare = Verdict.EXCLUDED if counted > maximum else Verdict.REVIEW
        reasons = [f"{counted} of at most {maximum} prior lines counted"]
        if bare is Verdict.REVIEW:
            reasons += (
                [
                    f"{possible - counted} more may count: "
                    + "; ".join(dict.fromkeys(r for w in weighed for r in (*w.reasons, w.match.why) if r))
                ]
                if possible > counted
                else []
            )
            reasons += [f"line {highest} was named; what the lines before it were is not given"] if highest > possible else []
        facts = "; ".join(dict.fromkeys(w.fact.words for w in weighed))
        steps = tuple(step for w in weighed for step in (*w.fact.steps, *w.match.steps, *w.steps))
        finding = make_finding(rule, scene.trial, bare, facts, steps, reason="; ".join(reasons))
        place = ", ".join(dict.fromkeys(w.fact.place for w in weighed))
        out.judged.append(Judged(finding, place, softened(rule, bare)[0], weighed[0].match, weighed[0].fact))
    elif maximum is not None and weighed and rule.polarity is Polarity.EXCLUDES:
        out.notes.append(f"{possible} of at most {maximum} prior lines counted for “{shortened(rule.quote)}”")
    if minimum and counted < minimum:
        out.open_questions.append(
            f"at least {minimum} prior lines are required, {counted} shown by the data given (“{shortened(rule.quote)}”)"
        )
