"""Is a patient's drug one of those that a sentence names? Each answer carries its proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kg.checks.facts import Fact
from kg.knowledge import Evidence, Knowledge, Membership, PkRole, Property
from kg.names import ANY_CYP
from kg.records import ANY_MEDICINE, ANY_PERPETRATOR, Mention, Step

__all__ = ["Grade", "Match", "best_match", "evidence_step", "match", "stronger"]


class Grade(StrEnum):
    """How surely a drug is what a mention names."""

    PLAIN = "plain"
    ARGUABLE = "arguable"
    NEAR = "near"
    """It is not, but a reader may have thought so; `why` says why not."""


@dataclass(frozen=True, slots=True)
class Match:
    """A mention that names a patient's drug, with the proof."""

    grade: Grade
    mention: Mention
    steps: tuple[Step, ...] = ()
    why: str = ""

    @property
    def hit(self) -> bool:
        """It is named, plainly or arguably."""
        return self.grade is not Grade.NEAR


def evidence_step(text: str, evidence: Evidence) -> Step:
    """A step of a proof that rests on a fact of the tables."""
    return Step(text, evidence.source, evidence.to_check if evidence.recalled else evidence.detail)


def best_match(mentions: Iterable[Mention], fact: Fact, knowledge: Knowledge) -> Match | None:
    """The surest match among the mentions; the first of equals. A name of the drug itself is surer than its class."""
    best: Match | None = None
    for mention in mentions:
        found = match(mention, fact, knowledge)
        if found and (best is None or _order(found) < _order(best)):
            best = found
    return best


def _order(found: Match) -> tuple[int, bool]:
    return list(Grade).index(found.grade), found.mention.kind not in ("drug", "regimen")


def match(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    """Whether `mention` names the drug, class or procedure of `fact`.

    Returns:
        A plain or arguable match with its proof; a near one with the reason why it is none; None where nothing is shared.
    """
    if mention.kind == "drug":
        return _drug(mention, fact, knowledge)
    if mention.kind == "regimen":
        return _regimen(mention, fact, knowledge)
    if mention.kind == "pk":
        return _pk(mention, fact, knowledge)
    if mention.kind == "class" and mention.key:
        return _class(mention, fact, knowledge)
    if mention.kind in ("class", "target") and (mention.target or mention.key):
        return _target(mention, fact, knowledge)
    return None


def _drug(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    drug = knowledge.drugs.get(mention.key)
    if drug is None:
        return None
    if fact.kind == "class":
        if fact.key in knowledge.memberships(mention.key):
            return Match(Grade.ARGUABLE, mention, why=f"which {fact.name} is not given; {drug.label} would be named")
        return None
    if fact.key == mention.key:
        return Match(Grade.PLAIN, mention, _named(mention, fact))
    if fact.key in knowledge.metabolites(mention.key):
        return Match(
            Grade.NEAR,
            mention,
            why=f"{fact.name} is a metabolite of {drug.label}, which the sentence names; it is not counted as the same drug",
        )
    if mention.key in knowledge.metabolites(fact.key):
        return Match(
            Grade.NEAR,
            mention,
            why=f"{fact.name} is converted to {drug.label}, which the sentence names; it is not counted as the same drug",
        )
    return None


def _named(mention: Mention, fact: Fact) -> tuple[Step, ...]:
    return () if mention.text.casefold() == fact.name.casefold() else (Step(f"“{mention.text}” names {fact.name}"),)


def _regimen(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    regimen = knowledge.regimens.get(mention.key)
    if regimen is None:
        return None
    if mention.key == fact.regimen:
        return Match(Grade.PLAIN, mention, (Step(f"{fact.name} was given in {regimen.label}"),))
    if fact.kind == "drug" and fact.key in regimen.drugs:
        if fact.regimen:
            return Match(Grade.NEAR, mention, why=f"{fact.name} is part of {regimen.label} but was given in another regimen")
        return Match(Grade.ARGUABLE, mention, why=f"{fact.name} is part of {regimen.label}; whether the whole was given is not stated")
    return None


_NO_MEDICINES = ("food", "habit")


def _class(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    if mention.key == ANY_MEDICINE:
        known = knowledge.drugs.get(fact.key) if fact.kind == "drug" else knowledge.classes.get(fact.key)
        return None if known is None or known.kind in (*_NO_MEDICINES, "procedure") else Match(Grade.PLAIN, mention)
    own, beside = fact.classes.get(mention.key), fact.classes.get(mention.also)
    if own and beside:
        return replace(_member(mention, beside if own.plain else own), steps=tuple(dict.fromkeys((*own.path, *beside.path))))
    if own and not mention.also:
        return _member(mention, own)
    if fact.kind == "class" and mention.key in knowledge.class_descendants(fact.key):
        return Match(Grade.ARGUABLE, mention, why=f"which {fact.name} is not given; “{mention.text}” is narrower")
    return None


def _member(mention: Mention, membership: Membership) -> Match:
    if membership.plain:
        return Match(Grade.PLAIN, mention, membership.path)
    doubt = next(
        (step.text.removeprefix("→ ") for step in membership.path if "arguable" in step.text),
        membership.path[-1].text if membership.path else "",
    )
    return Match(Grade.ARGUABLE, mention, membership.path, why=f"membership of “{mention.text}” is arguable: {doubt}")


def _target(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    target = mention.target or mention.key
    if fact.kind == "drug":
        own = knowledge.members_by_target(target, mention.action).get(fact.key)
        return _member(mention, own) if own else None
    if any(key in fact.classes for key in knowledge.classes_for_target(target, mention.action)):
        return Match(Grade.PLAIN, mention)
    return None


# --- pharmacokinetic roles ----------------------------------------------------------------------------------------------------------------

_LADDERS = {
    "substrate": ("minor", "moderate", "sensitive"),
    "inhibitor": ("weak", "moderate", "strong"),
    "inducer": ("weak", "moderate", "strong"),
}
"""Strengths from least to most; what is asked for is the least that meets a rule."""

_NARROW = "narrow-therapeutic-index"
_ASKS_BOTH = re.compile(
    r"\bsensitive\b(?:(?!\bor\b)[^,/])*\b(?:with|having|have|has)\s+(?:(?:an?|the)\s+)?(?:narrow|low|small|NTI)\b", re.IGNORECASE
)
"""Both are asked of "sensitive substrates with a narrow index", either of "sensitive or narrow-index substrates"."""
_CLEAR_MAJORITY = 3
"""So many times as many sources must say that a strength is met as say that it is not, for the drug to meet it plainly."""


def _pk(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    if fact.kind == "class":
        members = [key for key, m in knowledge.members(fact.key).items() if m.plain] if fact.key in knowledge.classes else []
        if any((found := _pk_of(mention, replace(fact, kind="drug", key=key), knowledge)) and found.hit for key in members):
            return Match(Grade.ARGUABLE, mention, why=f"which {fact.name} is not given; some are “{mention.text}”")
        return None
    found = _pk_of(mention, fact, knowledge)
    if found is None or not mention.also:
        return found
    kind = fact.classes.get(mention.also)
    if kind is None:
        return None
    return found if kind.plain or not found.hit else _member(mention, kind)


def _pk_of(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    rows = [r for r in knowledge.pk_roles(fact.key) if r.role == mention.role and _enzyme_fits(mention.enzyme, r.enzyme)]
    if not rows:
        return None
    enzymes = sorted({r.enzyme for r in rows})
    found = [_pk_at(mention, fact, knowledge, [r for r in rows if r.enzyme == enzyme], enzyme) for enzyme in enzymes]
    return min(found, key=_order)


def _enzyme_fits(asked: str, has: str) -> bool:
    return asked in (has, ANY_PERPETRATOR) or (asked == ANY_CYP and has.startswith(ANY_CYP))


def _pk_at(mention: Mention, fact: Fact, knowledge: Knowledge, rows: Sequence[PkRole], enzyme: str) -> Match:
    label = knowledge.enzymes[enzyme].label if enzyme in knowledge.enzymes else enzyme
    narrow = [p for p in knowledge.properties(fact.key) if p.property == _NARROW] if mention.role == "substrate" else []
    if mention.narrow_index:
        by_index = _by_index(mention, fact, rows, label, narrow)
        if by_index is not None:
            return by_index
    asked = [s for s in mention.strengths if s in _LADDERS[mention.role]]
    found = _by_strength(mention, fact, rows, label, asked)
    if mention.narrow_index and found.grade is Grade.PLAIN and _ASKS_BOTH.search(mention.text):
        why = f"{fact.name} is such a substrate of {label}, but no narrow therapeutic index of it is known here"
        return Match(Grade.ARGUABLE, mention, found.steps, why=why)
    if mention.role == "substrate" and not asked and not mention.also:
        return _any_substrate(found, fact, rows, label, narrow)
    return found


def stronger(mention: Mention, fact: Fact, knowledge: Knowledge) -> Match | None:
    """Whether a drug acts more strongly at an enzyme than what a mention names: itraconazole than "weak CYP3A4 inhibitors"."""
    if mention.kind != "pk" or mention.role not in _LADDERS:
        return None
    ladder = _LADDERS[mention.role]
    most = max((ladder.index(s) for s in mention.strengths if s in ladder), default=len(ladder))
    return match(replace(mention, strengths=ladder[most + 1 :][:1]), fact, knowledge) if most + 1 < len(ladder) else None


def _by_index(mention: Mention, fact: Fact, rows: Sequence[PkRole], label: str, narrow: Sequence[Property]) -> Match | None:
    """Substrates "with a narrow therapeutic index"; None where a strength that is asked for beside it may still be met."""
    if not narrow:
        if mention.strengths:
            return None
        return Match(Grade.NEAR, mention, why=f"{fact.name} is a substrate of {label}, but no narrow therapeutic index of it is known here")
    steps = (evidence_step(f"{fact.name} has a narrow therapeutic index", narrow[0].evidence), _role_step(fact, rows[0], label))
    graded = _graded(rows)
    if graded and all(r.strength == "minor" for r in graded):
        return Match(
            Grade.ARGUABLE, mention, steps, why=f"{fact.name} has a narrow therapeutic index, but its pathway through {label} is minor"
        )
    return Match(Grade.PLAIN, mention, steps)


def _any_substrate(found: Match, fact: Fact, rows: Sequence[PkRole], label: str, narrow: Sequence[Property]) -> Match:
    """Where a sentence says "substrates" and no more, sensitive ones are meant; others are arguable, minor ones only if narrow."""
    if any(r.strength == "sensitive" for r in rows):
        return found
    steps = (_role_step(fact, rows[0], label),)
    if found.hit:
        return Match(
            Grade.ARGUABLE, found.mention, steps, why=f"{fact.name} is a substrate of {label}, but not known to be a sensitive one"
        )
    if narrow:
        return Match(
            Grade.ARGUABLE, found.mention, steps, why=f"{fact.name} has a narrow therapeutic index; its pathway through {label} is minor"
        )
    return found


def _by_strength(mention: Mention, fact: Fact, rows: Sequence[PkRole], label: str, asked: Sequence[str]) -> Match:
    graded = _graded(rows)
    ladder = _LADDERS[mention.role]
    least = min((ladder.index(s) for s in asked), default=1)
    meets = [r for r in graded if r.strength in ladder and ladder.index(r.strength) >= least]
    fails = [r for r in graded if r not in meets]
    role = f"{_article(mention.role)} of {label}"
    if not graded:
        step = _role_step(fact, rows[0], label)
        if asked:
            return Match(Grade.ARGUABLE, mention, (step,), why=f"no source says how strong {role} {fact.name} is")
        return Match(Grade.PLAIN, mention, (step,))
    if not meets:
        said = ", ".join(sorted({f"{r.strength} ({r.evidence.source})" for r in fails}))
        wanted = " or ".join(asked) if asked else "a clinically relevant one"
        return Match(Grade.NEAR, mention, (_role_step(fact, fails[0], label),), why=f"{fact.name} is {role}, but {said}, not {wanted}")
    if not fails or _sources(meets) >= _CLEAR_MAJORITY * _sources(fails):
        return Match(Grade.PLAIN, mention, tuple(_role_step(fact, r, label) for r in (meets[0], *fails[:1])))
    steps = (_role_step(fact, meets[0], label), _role_step(fact, fails[0], label))
    words = " against ".join(f"{r.strength} ({r.evidence.source})" for r in (meets[0], fails[0]))
    why = f"sources disagree on {fact.name} as {role}: {words}"
    return Match(Grade.NEAR if mention.enzyme == ANY_PERPETRATOR else Grade.ARGUABLE, mention, steps, why=why)


def _sources(rows: Sequence[PkRole]) -> int:
    return len({r.evidence.source for r in rows})


def _graded(rows: Sequence[PkRole]) -> list[PkRole]:
    """The rows that state a strength; what was only recalled does not stand against what was read."""
    graded = [r for r in rows if r.strength != "unspecified"]
    return [r for r in graded if not r.evidence.recalled] or graded


def _article(role: str) -> str:
    return f"a {role}" if role == "substrate" else f"an {role}"


def _role_step(fact: Fact, row: PkRole, enzyme: str) -> Step:
    via = f" (through its metabolite {row.metabolite})" if row.metabolite else ""
    strength = "" if row.strength == "unspecified" else f"{row.strength} "
    return evidence_step(f"{fact.name} → {strength}{enzyme} {row.role}{via}", row.evidence)
