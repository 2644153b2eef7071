"""Rules of bullets that stand together: what one leaves to those beside or below it, and what only introduces others."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from kg.criteria.clauses.clause import GENERIC
from kg.criteria.clauses.own import Background, identity
from kg.criteria.times.own_times import unstated
from kg.criteria.times.timing import TIMES_BELOW
from kg.knowledge import Knowledge
from kg.records import WHETHER_IT_GOES_ON, Carveout, Clause, Criterion, Mention, Modality, Polarity, Role, Rule

_EXCEPTS = re.compile(r"\b(?:except|exceptions?|excluding|other than|unless)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:other|remaining)\s+$", re.IGNORECASE)
_OTHER_PRIOR = re.compile(r"\bother\s+(?:(?:prior|previous)\s+)?$", re.IGNORECASE)
_LABEL = 50
"""A label is shorter than this many characters."""
_OR_ANY = re.compile(
    r"(?:\bor\s+(?:any|receipt\s+of|use\s+of|(?:prior\s+|previous\s+)?(?:treatment|therapy)\s+with)|(?:^|[;.]\s+)(?:in\s+general,?\s+)?any)"
    r"\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_MANY = 4
"""A class is in part of a larger one that has more than one of so many of its drugs."""
_SAYS = ("neg:", "prohibit:", "permit:", "except:", "naive:")
_INTRODUCES = re.compile(
    r"\bfollowing\b(?![^.;]*\([^()]*\b(?:no|not|without|off)\b[^()]*\)\s*:)[^.;]*:\s*$|\bas\s+follows\W*$|\b(?:defined|specified|described|listed|outlined|detailed|stated)\s+below\W*$"
    r"|\b(?:that|which)\s+(?:includes?|consists?\s+of)\s*:\s*$",
    re.IGNORECASE,
)
"""Not where a bracket rules for itself: "meets the following requirements (no growth factors within 14 days):"."""
_DEFINED_BELOW = re.compile(r"\b(?:defined|specifically|meaning|i\.e\.?|that is)(?:\s+as)?\s*,?:\s*$", re.IGNORECASE)
_EXAMPLES_BELOW = re.compile(r"\b(?:including|such as|e\.g\.?|namely|consisting of)\s*:\s*$", re.IGNORECASE)
_LISTS_EXAMPLES = re.compile(
    r"\b(?:includ(?:ing|es?)|such as|e\.g\.?)(?:[\s,]+(?:but|is|are|not|limited|to|any|all|one|of|the|following))*[\s,]*:?\s*$",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"\b(?:following|below|these|all|met|criteria|conditions)\b", re.IGNORECASE)
"""In an exception: its terms stand below."""
_OR_THE_FOLLOWING = re.compile(
    r"\bor\s+(?:(?:any|one|either|use|receipt|treatment|therapy|with|of|other|the)\s+)*following\b|(?P<examples>\b(?:including,?|such\s+as)\s+(?:but\s+not\s+limited\s+to\b|(?:any\s+of\s+|all\s+of\s+)?the\s+following\b))",
    re.IGNORECASE,
)
"""What is told before these words is ruled on beside the bullets below: "docetaxel, or any of the following:"."""

_IS_ASKED = re.compile(r"\W*(?:[^.;:]{0,80}?\b)?(?:must|should|ha(?:s|ve)\s+to|needs?\s+to|(?:is|are)\s+required\s+to)\b", re.IGNORECASE)
"""A bullet that says what must be so: "must have recovered", "all side effects of it must have resolved"."""


def own_windows(rules: list[Rule], numbers: Sequence[int], knowledge: Knowledge) -> None:
    """In a sentence that gives all therapy one time and some of it another, the latter has its own: "within 28 days, TKIs within 14 days".

    So do sentences and what semicolons part. Where the second is told as another ban ("or any TKI within 14 days"), or the shorter time is
    a permission, it is left open which time holds: a person has to say.

    Arguments:
        rules: all rules of the trial, changed in place.
        numbers: those of the bullet.
        knowledge: for the tree of classes.
    """
    timed = [n for n in numbers if rules[n].role is Role.PRIOR_THERAPY and _is_timed(rules[n])]
    for number in timed if len(timed) > 1 else ():
        keys = {m.key for m in rules[number].mentions if m.kind == "class" and m.key}  # a class told by what it acts on may have no key
        for other in timed:
            special = rules[other]
            if special.window == rules[number].window or _is_longer(special, rules[number]):
                continue  # "within 2 weeks, 6 weeks for X" frees none of X
            # "TKIs within 14 days, other agents within 21 days": those are none of these
            freed = {m.key for c in rules[number].carveouts if c.effect == "allows" and not c.settings for m in c.mentions}
            classes = [m for m in special.mentions if m.kind == "class" and m.key and m.key not in keys | freed]
            within = {m.key for m in classes if keys & knowledge.class_ancestors(m.key)}
            inner = tuple(m for m in classes if m.key in within or _is_part_of(m.key, keys, knowledge))
            if inner:
                own = Carveout("window", inner, special.window, special.routes, text=special.quote, start=special.start, end=special.end)
                last = max((special, inner[0]), (rules[number], rules[number].mentions[0]), key=lambda told: told[1].start)
                # "A week is permitted for up to 2 weeks of palliative X", in a sentence of its own
                on_terms = special.start != rules[number].start and any(cue.startswith("permit:") for cue in special.cues)
                # Of immunotherapy some are antibodies: told apart from these, neither time is the one of both.
                apart = special.start != rules[number].start or inner[0].start < rules[number].mentions[0].start
                if on_terms or _is_another_ban(*last) or (apart and not within):
                    own = replace(own, effect="depends", window=None, routes=())
                rules[number] = rules[number].with_carveouts(own)


def _is_another_ban(rule: Rule, mention: Mention) -> bool:
    """Whether a therapy of a rule is said to keep out, too, rather than to have a time of its own: "or any TKI within 14 days"."""
    return _OR_ANY.search(rule.quote[: mention.start - rule.start]) is not None


def _is_part_of(narrow: str, wide: Set[str], knowledge: Knowledge) -> bool:
    """Whether many drugs of a class are in a larger one, too: of targeted therapy those that are antibodies have the time of these."""
    drugs, *others = ({d for d, m in knowledge.members(key).items() if m.grade == "plain"} for key in (narrow, *wide))
    return any(len(drugs) < len(other) and len(drugs & other) * _MANY > len(drugs) for other in others)


def _is_timed(rule: Rule) -> bool:
    """Whether a rule has a window of stated length."""
    return rule.window is not None and not unstated(rule.window)


def _is_longer(special: Rule, general: Rule) -> bool:
    """Whether the window of a therapy is longer than any length of that of all: nothing has to be settled between the two."""
    own, wide = special.window, general.window
    if own is None or wide is None or wide.combine == "half-life" or own.half_lives is not None or own.within != wide.within:
        return False
    return own.days is not None and wide.days is not None and not wide.months and own.days >= wide.days


def windows_beside(text: str, criteria: Sequence[Criterion], rules: list[Rule]) -> None:
    """Of bullets that stand together, one on "other anticancer therapies", or on all, leaves to those named beside it their times there.

    "At least 3 weeks since prior therapy directed at the tumor", "at least 1 week since prior hormonal therapy directed at the tumor".

    Arguments:
        text: the record's text.
        criteria: its criteria.
        rules: all rules of the trial, changed in place.
    """
    timed = [r for r in rules if r.window is not None and r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)]
    for rule in timed:
        wide = [m for m in rule.mentions if m.key in GENERIC]
        others = any(_OTHER.search(text, max(rule.start, m.start - 20), m.start) for m in wide)
        if not wide:
            continue
        named = {identity(m) for m in rule.mentions}
        for beside in timed:
            special = tuple(m for m in beside.mentions if m.key not in GENERIC and identity(m) not in named)
            if not (others or _waits_less(beside, rule)):
                continue
            # "X within 8 days; other drugs within 3 weeks"
            before = others and beside.criterion == rule.criterion and beside.end <= rule.start and len(wide) == len(rule.mentions)
            together = before or _stand_together(criteria[beside.criterion], criteria[rule.criterion])
            if together and special and beside.window != rule.window:
                own = Carveout("window", special, beside.window, text=beside.quote, start=beside.start, end=beside.end)
                rules[rule.number] = rules[rule.number].with_carveouts(own)


def _waits_less(special: Rule, general: Rule) -> bool:
    """Whether what is asked to be so long ago may be sooner than all other therapy."""
    own, wide = special.window, general.window
    if own is None or wide is None or own.days is None or wide.days is None or special.settings:
        return False
    alike = special.role is general.role is Role.PRIOR_THERAPY and special.conditions in ((), general.conditions, ("cancer",))
    return alike and not own.within and not wide.within and own.days < wide.days


def named_before_others(text: str, criteria: Sequence[Criterion], rules: list[Rule], known: Background) -> None:
    """What one bullet times the next leaves to it: "at least 2 days since prior hydroxyurea", "no other prior chemotherapy".

    Arguments:
        text: the record's text.
        criteria: its criteria.
        rules: all rules of the trial, changed in place.
        known: for which class takes in what.
    """
    for rule in [r for r in rules if r.polarity is Polarity.EXCLUDES and r.role is Role.PRIOR_THERAPY and r.window is None]:
        other = [m for m in rule.mentions if _OTHER_PRIOR.search(text, max(rule.start, m.start - 30), m.start)]
        for beside in rules if other else ():
            before = beside.criterion == rule.criterion - 1 and criteria[beside.criterion].parent == criteria[rule.criterion].parent
            if not before or beside.window is None or beside.polarity is not Polarity.EXCLUDES:
                continue
            special = tuple([m for m in beside.mentions if any(known.covers(wide, m) for wide in other)])
            if special:
                own = Carveout("window", special, beside.window, text=beside.quote, start=beside.start, end=beside.end)
                rules[rule.number] = rule = rule.with_carveouts(own)


def beside_required(text: str, rules: list[Rule], known: Background) -> None:
    """What an earlier criterion asks for is none of the "other" therapies that a later one excludes: "must have had X", "any other of its class".

    Arguments:
        text: the record's text.
        rules: all rules of the trial, changed in place.
        known: for which class takes in what.
    """  # noqa: E501
    asked = [r for r in rules if r.polarity is Polarity.REQUIRES]
    roles = {r.role for r in asked} & {Role.PRIOR_THERAPY, Role.CONCOMITANT}
    ends = [r for r in rules if r.polarity is Polarity.EXCLUDES and r.role in roles]
    for rule in [r for r in ends if r.role is Role.CONCOMITANT or r.window is None]:  # who must have had it waits as all others do
        other = [m for m in rule.mentions if m.key not in GENERIC and _OTHER.search(text, max(rule.start, m.start - 20), m.start)]
        before = [r for r in asked if r.criterion < rule.criterion and r.role is rule.role] if other else []
        # "Prior TKI for lung cancer A", "no prior therapy for lung cancer B"
        if not other and any(m.key in GENERIC for m in rule.mentions):
            other = list(rule.mentions)
            before = [r for r in asked if r.role is rule.role and not r.scope.texts and _of_other_diseases(r, rule, known)]
        required = tuple([m for r in before for m in r.mentions if any(known.covers(wide, m) for wide in other)])
        if required:
            named = Carveout("allows", required, text="asked for by itself", start=rule.start, end=rule.end)
            rules[rule.number] = rule.with_carveouts(named)


def _of_other_diseases(asked: Rule, rule: Rule, known: Background) -> bool:
    """Whether two rules are of therapies for different diseases, none a form of the other."""
    covers = known.names.knowledge.covers
    pairs = [(a, b) for a in asked.conditions for b in rule.conditions]
    return bool(pairs) and not any(a == b or covers(a, b) or covers(b, a) for a, b in pairs)


def beside_what_goes_on(rules: list[Rule], known: Background) -> None:
    """What has to go on is free where wider therapies must have ended: "must continue GnRH agonists", "no hormonal therapy within 4 weeks".

    Arguments:
        rules: all rules of the trial, changed in place.
        known: for which class takes in what.
    """
    going = [m for r in rules if WHETHER_IT_GOES_ON in r.doubts for m in r.mentions]
    ends = [r for r in rules if r.polarity is Polarity.EXCLUDES and (r.window is not None or r.role is Role.CONCOMITANT)] if going else []
    for rule in ends:
        named = {identity(m) for m in rule.mentions}
        inner = tuple([m for m in going if identity(m) not in named and any(known.covers(wide, m) for wide in rule.mentions)])
        if inner:
            own = Carveout("allows", inner, text="asked for by itself", start=rule.start, end=rule.end)
            rules[rule.number] = rule.with_carveouts(own)


def on_terms_above(criteria: Sequence[Criterion], rules: list[Rule]) -> None:
    """Examples in bullets keep out on the terms of what they are examples of: "inhibitors should be avoided, including: / * X".

    Arguments:
        criteria: the criteria of the text.
        rules: all rules of the trial, changed in place.
    """
    excluding: dict[int, list[Rule]] = {}
    for rule in rules:
        if rule.polarity is Polarity.EXCLUDES:
            excluding.setdefault(rule.criterion, []).append(rule)
    heads = {
        n: found for n, found in excluding.items() if criteria[n].text.endswith((":", "following")) and _names_those_below(criteria[n].text)
    }
    for rule in [r for n, found in excluding.items() if criteria[n].parent in heads for r in found] if heads else ():
        parent = criteria[rule.criterion].parent or 0
        head = next((h for h in heads[parent] if h.role is rule.role), None)
        only_named = not rule.cues or _LISTS_EXAMPLES.search(criteria[parent].text) is not None
        if head is None or rule.modality is not Modality.MUST_NOT or not only_named:
            continue
        terms = [c for c in head.carveouts if not (c.mentions or c in rule.carveouts or _FOLLOWING.search(_LISTS_EXAMPLES.sub("", c.text)))]
        dose = head.min_dose_mg if rule.min_dose_mg is None and not rule.carveouts else rule.min_dose_mg
        rules[rule.number] = replace(rule, modality=head.modality, carveouts=(*rule.carveouts, *terms), min_dose_mg=dose)


def _names_those_below(text: str) -> bool:
    """Whether a bullet speaks of what stands below it, and of nothing beside that: not "X, or any of the following:"."""
    joint = _OR_THE_FOLLOWING.search(text)
    return joint is None or joint["examples"] is not None


def _stand_together(one: Criterion, other: Criterion) -> bool:
    """Whether bullets are of one list below a bullet, or neighbours where no bullet stands above them."""
    return one.parent == other.parent and (abs(one.order - other.order) == 1 or (one.parent is not None and one.order != other.order))


def _says_no_more(rule: Rule) -> bool:
    """Whether a rule is but a label ("Prior anticancer therapies:") or speaks of a wash-out of no stated length."""
    if rule.window is not None:
        return unstated(rule.window)
    return len(rule.quote) < _LABEL and {m.key for m in rule.mentions} <= GENERIC and not any(c.startswith(_SAYS) for c in rule.cues)


def _is_label(rule: Rule) -> bool:
    """Whether a rule only names what the bullets below have the times of: "Stem cell transplantation:"."""
    return rule.window is None and rule.polarity is Polarity.EXCLUDES and len(rule.quote) < _LABEL and not rule.carveouts


def _leaves_only(rule: Rule) -> bool:
    """Whether a rule keeps out what the bullets below it do not permit: "allowed anticoagulants are the following:"."""
    return rule.polarity is Polarity.EXCLUDES and bool(rule.carveouts) and any(cue.startswith("permit:") for cue in rule.cues)


def _heads_the_next(text: str, criteria: Sequence[Criterion], rules: Sequence[Rule], rule: Rule, known: Background) -> bool:
    """Whether a label names the bullets beside it, of which the next is on some of that: "Immune suppression:", "Chronic steroids"."""
    if not _is_label(rule) or not text.endswith(":", rule.start, criteria[rule.criterion].end):
        return False
    beside = (r for r in rules if r.criterion == rule.criterion + 1 and r.polarity is Polarity.EXCLUDES and r.role is rule.role)
    beside = (r for r in beside if criteria[r.criterion].parent == criteria[rule.criterion].parent and r.section is rule.section)
    return any(identity(m) == identity(r) or known.covers(r, m) for b in beside for m in b.mentions for r in rule.mentions)


def without_introductions(
    text: str, criteria: Sequence[Criterion], rules: list[Rule], clauses: list[Clause], known: Background
) -> tuple[list[Rule], list[Clause]]:
    """ "… have received any of the following:" introduces the bullets below it; where those have rules, it rules on nothing itself.

    Arguments:
        text: the record's text.
        criteria, rules, clauses: all that was read in it.
        known: for which class takes in what.
    """
    bullets = [r for r in rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT) and criteria[r.criterion].parent is not None]
    below = {criteria[r.criterion].parent for r in bullets}
    excluding = {criteria[r.criterion].parent for r in bullets if r.polarity is Polarity.EXCLUDES}
    timed = {criteria[r.criterion].parent for r in bullets if r.window is not None}
    asked = _asked_below(criteria)
    untimed = {criteria[r.criterion].parent for r in bullets if r.window is None}
    dropped: set[int] = set()
    kept: dict[int, Rule] = {}
    for rule in rules:
        end = criteria[rule.criterion].end
        if rule.criterion not in below and _heads_the_next(text, criteria, rules, rule, known):
            dropped.add(rule.number)
        if rule.criterion in asked and rule.polarity is Polarity.EXCLUDES and not rule.window and text.endswith(":", rule.start, end):
            dropped.add(rule.number)  # "patients who have had X:" above "must have recovered" keeps out those of whom that is not so
        if rule.criterion not in below or rule.end < end - 2:
            continue
        joint = _OR_THE_FOLLOWING.search(text, rule.start, end)
        beside = tuple([m for m in rule.mentions if m.end <= joint.start()]) if joint else ()
        # Examples with times of their own tell those of what they are examples of.
        if joint and beside and not (joint["examples"] and rule.criterion in timed):
            kept[rule.number] = replace(rule, mentions=beside)
            continue
        label = text.endswith(":", rule.start, end) and rule.criterion in excluding
        at_large = rule.window is None and {m.key for m in rule.mentions} <= GENERIC
        told_below = at_large and rule.criterion not in untimed and _EXAMPLES_BELOW.search(text, rule.start, end)
        opens = _INTRODUCES.search(text, rule.start, end) or (
            label
            and (
                _says_no_more(rule)
                or _DEFINED_BELOW.search(text, rule.start, end)
                or (rule.criterion in timed and (told_below or _is_label(rule)))
            )
        )
        untold = rule.window is not None and unstated(rule.window)  # "and meet the wash-outs (shown below)"
        timed_below = rule.criterion in timed and (untold or TIMES_BELOW.search(text[rule.start : end].lower()))
        if timed_below or (opens and not (_EXCEPTS.search(text, rule.start, end) or _leaves_only(rule))):
            dropped.add(rule.number)
    return without(dropped, [kept.get(rule.number, rule) for rule in rules], clauses)


def _asked_below(criteria: Sequence[Criterion]) -> set[int]:
    """The numbers of the bullets of which all below them say what must be so."""
    below = [(c.parent, _IS_ASKED.match(c.text) is not None) for c in criteria if c.parent is not None]
    return {parent for parent, _ in below} - {parent for parent, asked in below if not asked}


def without(dropped: Set[int], rules: list[Rule], clauses: list[Clause]) -> tuple[list[Rule], list[Clause]]:
    """The rules but for those of some numbers, numbered anew, and the clauses that point to them."""
    if not dropped:
        return rules, clauses
    kept = [r for r in rules if r.number not in dropped]
    number = {r.number: n for n, r in enumerate(kept)}
    return (
        [replace(r, number=number[r.number]) for r in kept],
        [replace(c, rules=tuple(number[n] for n in c.rules if n in number)) if c.rules else c for c in clauses],
    )
