"""Real sentences on prior therapy, from the text to the verdict: who is kept out by them, who may be, who is not."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import kg
from kg.criteria.layout.segments import segment

TODAY = date(2026, 11, 21)
FILE = Path(__file__).parent / "data" / "prior_therapy.tsv"
"""Record, disease, heading, sentence ("\\n": a line's end), and drugs with the days since their last dose and the verdict."""
with FILE.open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))
VERDICTS = {"-": "no_conflict_found", "review": "review", "excluded": "excluded"}


def _asked() -> Iterator[tuple[int, str, str, int, str]]:
    for number, case in enumerate(CASES):
        for one in case["asked"].split(", "):
            drug, days, verdict = one.split(" ")
            yield number, case["nct"], drug, int(days), VERDICTS[verdict]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """One trial for each sentence, all in one build."""
    folder = tmp_path_factory.mktemp("sentences")
    lines = [
        {
            "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": "A trial"},
            "statusModule": {"overallStatus": "UNKNOWN"},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "conditionsModule": {"conditions": [case["condition"]]},
            "eligibilityModule": {"eligibilityCriteria": f"{case['heading']}:\n\n* {case['sentence']}\n".replace("\\n", "\n")},
        }
        for number, case in enumerate(CASES)
    ]
    studies = Path(folder, "studies.jsonl")
    studies.write_text("".join(json.dumps({"protocolSection": line}) + "\n" for line in lines))
    kg.build([str(studies)], str(folder / "sentences.kg"))
    return kg.open(str(folder / "sentences.kg"))


@pytest.mark.parametrize(("number", "nct", "drug", "days", "verdict"), list(_asked()))
def test_a_sentence_on_prior_therapy(graph: kg.Graph, number: int, nct: str, drug: str, days: int, verdict: str) -> None:
    last = (TODAY - timedelta(days)).isoformat()
    patient = kg.Patient(
        as_of=TODAY.isoformat(), prior=[kg.Exposure(drug, last_dose=last, condition=CASES[number]["condition"], setting="metastatic")]
    )
    trial = f"NCT{number:08d}"
    assert graph.check(patient, trials=[trial])[trial].criteria_verdict.value == verdict, CASES[number]["sentence"]


def test_a_register_whose_lists_stand_in_one_line() -> None:
    """NCT00012038: each item of such a list is a criterion of its own, under its label."""
    text = (
        "PRIOR CONCURRENT THERAPY: Biologic therapy: Not specified "
        "Chemotherapy: No more than 2 prior chemotherapy regimens At least 3 weeks "
        "since prior chemotherapy (6 weeks for nitrosoureas) and recovered Endocrine therapy: Maintained on a stable corticosteroid regimen"
    )
    assert [(c.heading, c.text) for c in segment(text)] == [
        ("Biologic therapy:", "Not specified"),
        ("Chemotherapy:", "No more than 2 prior chemotherapy regimens"),
        ("Chemotherapy:", "At least 3 weeks since prior chemotherapy (6 weeks for nitrosoureas) and recovered"),
        ("Endocrine therapy:", "Maintained on a stable corticosteroid regimen"),
    ]
