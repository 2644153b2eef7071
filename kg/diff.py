"""Two versions of records: which trials' rules changed, what they newly exclude or free, and whose verdicts that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import api, criteria
from kg.checks import check_trial, understand
from kg.checks.compiled import shape_key
from kg.checks.patient import Patient
from kg.errors import BadInput
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Mention, Polarity, Rule, Trial, Verdict
from kg.sidecar import Stored
from kg.sources import Rejected, read_trials

__all__ = ["COLUMNS", "Change", "changes"]

COLUMNS = ("nct", "title", "change", "rules_added", "rules_dropped", "newly_excluded", "freed", "verdicts")


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one trial. `change`: new, gone, rules, or record; `verdicts`: (patient, before, after) where they differ.

    A rule that says the same in other words or at another place has not changed. "record": no rule has changed, but a patient's verdict
    has, by what the arms give or by what the trial treats.
    """

    nct: str
    title: str
    change: str
    rules_added: tuple[str, ...] = ()
    rules_dropped: tuple[str, ...] = ()
    newly_excluded: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    verdicts: tuple[tuple[str, Verdict | None, Verdict | None], ...] = ()

    def verdicts_in_words(self) -> list[str]:
        """Whose verdict changes, and how."""
        return [f"{who}: {_word(before)} → {_word(after)}" for who, before, after in self.verdicts]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, by the names of `COLUMNS`."""
        row: dict[str, Any] = {name: getattr(self, name) for name in COLUMNS[:-1]}
        return {k: list(value) if isinstance(value, tuple) else value for k, value in row.items()} | {"verdicts": self.verdicts_in_words()}


def _word(verdict: Verdict | None) -> str:
    return verdict.value if verdict else "not there"


def changes(
    old: str | Path, new: str | Path, patients: Sequence[tuple[str, Patient]] = (), unreadable: Callable[[Rejected], None] | None = None
) -> Iterator[Change]:
    """The trials whose rules differ, or whose verdicts on the patients do, by number.

    Arguments:
        old, new: a file of records in any form that `kg build` reads, or the folder of a built graph.
        patients: (name, patient) whose verdicts are compared; both versions are judged with the knowledge bundled here.
        unreadable: told of each record that cannot be read, which then counts as not there.
    Raises:
        BadInput: one of them cannot be read, or (without `unreadable`) a record in it.
    """
    names = Names.of(Knowledge.load())
    before, after = _trials(old, unreadable), _trials(new, unreadable)
    for nct in sorted({*before, *after}):
        old_trial, new_trial = before.get(nct), after.get(nct)
        if old_trial and new_trial and old_trial.source.checksum == new_trial.source.checksum:
            continue
        was, now = (Stored(trial, criteria.read(trial, names)) if trial else None for trial in (old_trial, new_trial))
        change = _change(nct, was, now, names, patients)
        if change is not None:
            yield change


def _trials(place: str | Path, unreadable: Callable[[Rejected], None] | None) -> Mapping[str, Trial]:
    if (Path(place) / "CURRENT").exists():
        with api.open(place) as graph:
            return {trial.nct: trial for trial, _ in graph.records.each()}
    found: dict[str, Trial] = {}
    for one in read_trials([place]):
        if isinstance(one, Rejected):
            if unreadable is None:
                raise BadInput(f"{one.place}: {one.reason}; a version with an unreadable record cannot be compared")
            unreadable(one)
            continue
        found[one.nct] = one
    return found


def _change(nct: str, old: Stored | None, new: Stored | None, names: Names, patients: Sequence[tuple[str, Patient]]) -> Change | None:
    dropped, added = _unlike(old, new), _unlike(new, old)
    same = not dropped and not added and old and new
    verdicts = tuple(_verdicts(old, new, names, patients))
    if same and not verdicts:
        return None
    some = new or old
    assert some is not None
    was, now = _excluded(old, names.knowledge), _excluded(new, names.knowledge)
    return Change(
        nct,
        some.trial.brief_title,
        "record" if same else "rules" if old and new else "new" if new else "gone",
        tuple(rule.quote for rule in added),
        tuple(rule.quote for rule in dropped),
        tuple(label for label in now if label not in was),
        tuple(label for label in was if label not in now),
        verdicts,
    )


def _unlike(one: Stored | None, other: Stored | None) -> list[Rule]:
    """The rules of one version that the other does not have."""
    if one is None:
        return []
    left = Counter(shape_key(rule, other.trial) for rule in other.eligibility.rules) if other else Counter[Any]()
    found = []
    for rule in one.eligibility.rules:
        key = shape_key(rule, one.trial)
        if left[key]:
            left[key] -= 1
        else:
            found.append(rule)
    return found


def _excluded(one: Stored | None, knowledge: Knowledge) -> list[str]:
    """What the rules of a version exclude, by name."""
    if one is None:
        return []
    rules = (rule for rule in one.eligibility.rules if rule.polarity is Polarity.EXCLUDES)
    return list(dict.fromkeys(_label(mention, knowledge) for rule in rules for mention in rule.mentions))


def _label(mention: Mention, knowledge: Knowledge) -> str:
    tables: Mapping[str, Mapping[str, Any]] = {
        "drug": knowledge.drugs,
        "class": knowledge.classes,
        "condition": knowledge.conditions,
        "regimen": knowledge.regimens,
        "biomarker": knowledge.biomarkers,
    }
    known = tables.get(mention.kind, {}).get(mention.key)
    return str(known.label) if known else " ".join(mention.text.split())


def _verdicts(
    old: Stored | None, new: Stored | None, names: Names, patients: Iterable[tuple[str, Patient]]
) -> Iterator[tuple[str, Verdict | None, Verdict | None]]:
    for name, patient in patients:
        facts = understand(patient, names.knowledge, names)
        before, after = (check_trial(facts, *version, names.knowledge, names).verdict if version else None for version in (old, new))
        if before != after:
            yield name, before, after
