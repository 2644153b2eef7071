"""What a proof rests on: take away a fact or a rule, and the answers that stood on it fall, and no others."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import checks_world as small
from proofs import Cited, cited
from test_answers import ANSWERS, AS_OF, EVEROLIMUS, KNOWLEDGE, NAMES, SELUMETINIB, record

from kg import tables
from kg.checks import Patient, Report, check, understand
from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.patients import PatientRecord, each_patient
from kg.records import Criterion, Eligibility, Finding, Mention, Polarity, Role, Trial, Verdict, Window
from kg.vocab import rule_iri

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
EVERYDAY = (
    "amiodarone", "apixaban", "bevacizumab", "bosutinib", "citalopram", "clopidogrel", "cyclosporine", "dexamethasone", "digoxin",
    "erythromycin", "grapefruit juice", "methadone", "omeprazole", "phenytoin", "prednisone", "St John's wort", "sunitinib", "warfarin",
)  # fmt: skip
Trials = Sequence[tuple[Trial, Eligibility]]
Rows = Mapping[str, Sequence[Mapping[str, str]]]


@cache
def seeds() -> Trials:
    """Both bundled trials as read."""
    return [(record(nct), read(record(nct), NAMES)) for nct in (SELUMETINIB, EVEROLIMUS)]


@cache
def patients() -> list[Patient]:
    """The judged ones, those of the worked cases, and one on each of some everyday drugs."""
    judged = [Patient(as_of=AS_OF, **data) for _, data, *_ in ANSWERS]
    files = ("patient.yaml", "mcode-sarcoma.json", "hospital-stay.json", "bulk-export")
    told = [r.patient for f in files for r in each_patient(EXAMPLES / f, KNOWLEDGE, NAMES, str(AS_OF)) if isinstance(r, PatientRecord)]
    return judged + told + [Patient(as_of=AS_OF, taking=[drug]) for drug in EVERYDAY]


# --- facts --------------------------------------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A finding of a patient in a trial, and the facts that its proof cites."""

    patient: Patient
    nct: str
    finding: Finding
    facts: list[Cited]


def cases(people: Sequence[Patient], trials: Trials, knowledge: Knowledge, names: Names) -> Iterator[Case]:
    for patient in people:
        for result in check(patient, trials, knowledge, names):
            for finding in result.findings:
                yield Case(patient, result.nct, finding, cited(finding, knowledge))


def proof(nct: str, finding: Finding) -> tuple[object, ...]:
    """What a finding claims and how; whose word it is does not count."""
    return nct, finding.kind, finding.fact, finding.rule, finding.verdict, tuple(step.text for step in finding.chain)


def proofs(report: Report) -> set[tuple[object, ...]]:
    return {proof(result.nct, finding) for result in report for finding in result.findings}


def without(fact: Cited, rows: Rows) -> Knowledge:
    """What would be known without a fact. Of a regimen, its drugs are taken away: what it is called stays."""
    fact = fact._replace(table="regimen_drugs") if fact.table == "regimens" else fact
    return Knowledge.from_tables({**rows, fact.table: [row for row in rows[fact.table] if not fact.stated_by(row)]})  # type: ignore[dict-item]


def fallen(found: Sequence[Case], trials: Trials, rows: Rows, names: Names) -> int:
    """How many facts the proofs cite; each is taken away, and no proof that cites it may stand (of two patients, to be quick)."""
    resting: dict[Cited, list[Case]] = defaultdict(list)
    for case in found:
        for fact in case.facts:
            resting[fact].append(case)
    for fact, on_it in resting.items():
        less = without(fact, rows)
        for case in on_it[:2]:
            standing = proofs(check(case.patient, trials, less, names))
            assert proof(case.nct, case.finding) not in standing, f"{case.finding.fact}: its proof stands without {fact}"
    return len(resting)


def of_these(people: Sequence[Patient], trials: Trials) -> Rows:
    """The tables' rows on the drugs of these patients and trials alone, so that they load in no time; names are read elsewhere."""
    drugs = {fact.key for patient in people for fact in understand(patient, KNOWLEDGE, NAMES).facts}
    drugs |= {m.key for trial, _ in trials for given in trial.interventions for m in NAMES.mentions(given.name) if m.kind == "drug"}
    drugs |= {one for drug in drugs & set(KNOWLEDGE.drugs) for one in KNOWLEDGE.metabolites(drug)}

    def kept(name: str) -> list[Mapping[str, str]]:
        rows = KNOWLEDGE.rows(name)
        columns = [column for column in ("drug", "drug_a", "drug_b") if column in tables.SCHEMA[name].header and name != "regimen_drugs"]
        return [] if name.endswith(("_names", "_identifiers")) else [row for row in rows if all(row[column] in drugs for column in columns)]

    return {name: kept(name) for name in tables.SCHEMA if "/" not in name}


def test_no_proof_stands_without_a_fact_that_it_cites() -> None:
    rows = of_these(patients(), seeds())
    few = Knowledge.from_tables(rows)  # type: ignore[arg-type]
    for patient in patients():
        assert proofs(check(patient, seeds(), few, NAMES)) == proofs(check(patient, seeds(), KNOWLEDGE, NAMES))
    found = list(cases(patients(), seeds(), KNOWLEDGE, NAMES))
    assert fallen(found, seeds(), rows, NAMES) > 100
    relations = {"class_parents", "class_targets", "drug_classes", "drug_targets", "interactions", "mechanisms", "pk_roles", "target_parts"}
    assert relations <= {fact.table for case in found for fact in case.facts}


def test_nor_in_a_small_world_of_half_lives_doses_and_properties() -> None:
    infection = Mention(0, 1, "condition", "infection", "infection")
    rules = (
        small.rule(small.cls("mek-inhibitor"), window=Window(half_lives=5)),
        small.concomitant(small.cls("corticosteroid"), min_dose_mg=10, number=1),
        small.concomitant(small.pk("cyp3a4", "inhibitor", "strong"), number=2),
        small.concomitant(small.pk("cyp2c9", "substrate", narrow=True), number=3),
        small.rule(infection, role=Role.CONDITION, polarity=Polarity.EXCLUDES, number=4),
        small.rule(small.cls("chemotherapy"), number=5),
    )
    trial = small.trial("mtorimus", "mekinib", "conazole")
    criteria = tuple(Criterion(r.criterion, r.start, r.end, r.quote, r.section) for r in rules)
    trials = [(trial, Eligibility(criteria, (), rules))]
    low = {"drug": "dexamethasone", "dose": "4 mg/day"}
    taken = [low, "dexamethasone", "warfarin", "conazole", "halfconazole", "pump", "mekinib", "prodrug", "wort"]
    had = [{"drug": "mekinib", "last_dose": "2026-11-19"}, "DUO", "platin"]
    people = [Patient.from_dict({"as_of": small.AS_OF, part: [one]}) for part, each in (("taking", taken), ("prior", had)) for one in each]
    people.append(Patient(as_of=small.AS_OF, conditions=["HIV infection"]))
    rows = {name: small.KNOWLEDGE.rows(name) for name in tables.SCHEMA if "/" not in name}
    found = list(cases(people, trials, small.KNOWLEDGE, small.NAMES))
    assert fallen(found, trials, rows, small.NAMES) > 15
    others = {"conditions", "drug_properties", "half_lives", "regimens", "steroid_equivalents", "usual_doses"}
    assert others <= {fact.table for case in found for fact in case.facts}


# --- rules --------------------------------------------------------------------------------------------------------------------------------


def members() -> Iterator[Patient]:
    """A patient who had, and one who takes, a drug of each class and each drug that the seed trials' rules name."""
    mentions = {m.key: m for _, eligibility in seeds() for rule in eligibility.rules for m in rule.mentions if m.kind in ("drug", "class")}
    for key, mention in mentions.items():
        plain = [drug for drug, how in KNOWLEDGE.members(key).items() if how.plain] if mention.kind == "class" else [key]
        for drug in plain[:1]:
            yield Patient(as_of=AS_OF, prior=[{"drug": KNOWLEDGE.drugs[drug].label, "last_dose": "2026-11-10"}])
            yield Patient(as_of=AS_OF, taking=[KNOWLEDGE.drugs[drug].label])


def test_a_rule_decides_for_its_own_patients_alone() -> None:
    everyone = [*patients(), *members()]
    decided = 0
    for trial, eligibility in seeds():
        before = {id(patient): check(patient, [(trial, eligibility)], KNOWLEDGE, NAMES).trials[0] for patient in everyone}
        for rule in random.Random(7).sample(eligibility.rules, 10):
            rest = replace(eligibility, rules=tuple(other for other in eligibility.rules if other is not rule))
            mine = rule_iri(trial.nct, rule.number)
            for patient in everyone:
                was, now = before[id(patient)], check(patient, [(trial, rest)], KNOWLEDGE, NAMES).trials[0]
                excluding = {finding.rule for finding in was.findings if finding.verdict is Verdict.EXCLUDED}
                if all(finding.rule != mine for finding in was.findings):
                    assert (now.verdict, now.findings) == (was.verdict, was.findings), (rule.quote, patient)
                elif excluding == {mine}:
                    decided += 1
                    assert now.verdict is not Verdict.EXCLUDED, (rule.quote, patient)
                elif excluding:
                    assert now.verdict is Verdict.EXCLUDED, (rule.quote, patient)
                assert all(finding.rule != mine for finding in now.findings)
    assert decided > 20
