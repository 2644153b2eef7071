"""What a sentence leaves unsaid: what the trial itself gives, treats and abbreviates, and what is known of therapies at large."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Mention, Trial

_ANTICANCER = "anticancer-therapy"
_STEROIDS = "corticosteroid"
_COUNT_SUPPORT = ("growth-factor", "blood-transfusion")
_COMPARED_MG = 5.0
"""The prednisone dose that the table of steroids compares with."""
_DRUG_KINDS = frozenset({"", "DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "GENETIC", "DIETARY_SUPPLEMENT"})
"""Kinds of interventions that may be drugs."""
_DEFINED = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{0,4}s?)\)")
_WORD = re.compile(r"[A-Za-z]\w*")
_MOST_BEFORE = 120
"""How many characters before "(ABC)" its words are looked for."""


@dataclass(frozen=True, eq=False)
class Background:
    """What sentences take for known: which therapies are against cancer, which are procedures, which conditions are neoplasms."""

    names: Names
    procedures: frozenset[str]
    anti_infectives: frozenset[str]
    neoplasms: frozenset[str]
    steroids: frozenset[str]
    """Corticosteroids: the classes and the drugs."""
    count_support: frozenset[str]
    """What raises blood counts: growth factors, the classes and the drugs, and transfusions."""
    of_one_target: frozenset[str]
    """Classes of drugs that act on a target."""
    prednisone: Mapping[str, float]
    """How many mg of prednisone act like one of a corticosteroid, by drug key."""
    _anticancer: dict[tuple[str, str, bool], bool] = field(default_factory=dict, repr=False)

    def is_anticancer(self, mention: Mention) -> bool:
        """Whether a mention names therapy against cancer: a drug by its classes, a class by those above it; any regimen; any procedure."""
        about = mention.kind, mention.key, bool(mention.target)
        known = self._anticancer.get(about)
        if known is None:
            known = self._anticancer[about] = self._works_against_cancer(*about)
        return known

    def covers(self, wide: Mention, narrow: Mention) -> bool:
        """Whether a class takes in what another mention names: "anticoagulants" take in "vitamin K antagonists" and warfarin."""
        if wide.kind != "class" or not wide.key or not narrow.key:
            return False
        knowledge = self.names.knowledge
        if narrow.kind == "class":
            return wide.key in knowledge.class_ancestors(narrow.key)
        drugs = knowledge.regimens[narrow.key].drugs if narrow.kind == "regimen" else (narrow.key,)
        return all(drug in knowledge.drugs and wide.key in knowledge.memberships(drug) for drug in drugs)

    def are_apart(self, one: Mention, other: Mention) -> bool:
        """Whether two classes of drugs have no drug in common: no steroid is among the antiandrogens, "non-steroidal" or not."""
        one_has, other_has = (self.names.knowledge.members(m.key) if m.kind == "class" and m.key else {} for m in (one, other))
        return bool(one_has and other_has) and one_has.keys().isdisjoint(other_has)

    def shared_by(self, drugs: Sequence[Mention]) -> list[str]:
        """The narrowest classes that all of some drugs are plainly in: of itraconazole and ketoconazole the azole antifungals."""
        knowledge = self.names.knowledge
        each = [{key for key, m in knowledge.memberships(d.key).items() if m.grade == "plain"} for d in drugs]
        shared = set.intersection(*each) if each else set()
        return sorted(shared - {above for key in shared for above in knowledge.class_ancestors(key)})

    def _works_against_cancer(self, kind: str, key: str, targeted: bool) -> bool:
        knowledge = self.names.knowledge
        if kind == "drug":
            member = knowledge.memberships(key).get(_ANTICANCER)
            return member is not None and member.grade == "plain"
        if kind == "class" and not key:
            return targeted
        if kind == "class":
            return _ANTICANCER in knowledge.class_ancestors(key) | {key} or key in self.procedures
        return kind == "regimen"


@lru_cache(maxsize=8)
def background(names: Names) -> Background:
    """The background of some names, made once."""
    knowledge = names.knowledge
    return Background(
        names,
        frozenset(key for key, c in knowledge.classes.items() if c.kind == "procedure"),
        knowledge.class_descendants("anti-infective") | {"anti-infective"},
        frozenset(key for key, c in knowledge.conditions.items() if c.kind == "neoplasm"),
        _kind(knowledge, _STEROIDS),
        frozenset[str]().union(*(_kind(knowledge, key) for key in _COUNT_SUPPORT)),
        frozenset(row["class"] for row in knowledge.rows("class_targets")),
        {row["drug"]: _COMPARED_MG / float(row["prednisone_5mg_equals_mg"]) for row in knowledge.rows("steroid_equivalents")},
    )


def _kind(knowledge: Knowledge, key: str) -> frozenset[str]:
    """A class, those below it, and their drugs."""
    return knowledge.class_descendants(key) | {key} | {drug for drug in knowledge.drugs if key in knowledge.memberships(drug)}


def study_drugs(trial: Trial, names: Names) -> tuple[str, ...]:
    """Keys of the drugs that a trial gives, by the names of its interventions, else by their other names.

    Arguments:
        trial: the record.
        names: the matcher.
    """
    keys: list[str] = []
    for intervention in trial.interventions:
        if intervention.kind in _DRUG_KINDS:
            keys += _drugs((intervention.name,), names) or _drugs(tuple(intervention.other_names), names)
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=512)
def _drugs(texts: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """Keys of the drugs that some names of an intervention tell: many trials give the same."""
    return tuple([m.key for found in names.mentions_each(texts) for m in found if m.kind == "drug"])


def means_own(trial: Trial, names: Names) -> Callable[[Mention], bool] | None:
    """Which mentions do not stand for something else in a record that defines its abbreviations; None where it defines none.

    "Richter transformation (RT)" makes RT no radiotherapy.
    """
    defined = own_abbreviations(f"{trial.brief_title}. {trial.official_title}. {trial.eligibility_text}")
    if not defined:
        return None
    return lambda m: m.text not in defined or any(identity(n) == identity(m) for n in names.mentions(defined[m.text]))


def own_abbreviations(text: str) -> dict[str, str]:
    """Abbreviations that a text defines itself, "words … (ABC)", with the words whose initials they are.

    >>> own_abbreviations("Patients with Richter transformation (RT) after ibrutinib (IB)")
    {'RT': 'Richter transformation'}
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        letters = match[1].rstrip("s").lower()
        words = _WORD.findall(text, max(0, match.start() - _MOST_BEFORE), match.start())[-len(letters) :]
        if len(letters) >= 2 and [w[0].lower() for w in words] == list(letters):
            found.setdefault(match[1], " ".join(words))
    return found


def identity(mention: Mention) -> tuple[str, ...]:
    """What a mention names, wherever it stands."""
    return mention.kind, mention.key, mention.target, mention.enzyme, mention.role, mention.also
