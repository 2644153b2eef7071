"""Every fact of the two bundled trials' pages, and where it is in the record: `data/seed_facts.csv` beside this file.

A row says: these words of the page are that value in the trial. A value that begins with "~" is a part of the field's text, or, when it
ends with "$", one whole line of it. Lines of a page that no row mentions must be the page's own furniture.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from kg import bundle
from kg.records import Trial
from kg.sources import read_trial
from kg.sources.classic_page import SECTIONS
from kg.sources.registry_page import HEADINGS
from kg.sources.wording import rows

DATA = Path(__file__).parent / "data"
with (DATA / "seed_facts.csv").open(encoding="utf-8", newline="") as lines:
    FACTS = list(csv.DictReader(lines))
PAGES = {path.name[:11]: path.read_text(encoding="utf-8").replace("\u00a0", " ") for path in (DATA / "pages").glob("NCT*.txt")}
TRIALS = {nct: read_trial(bundle.path("data") / "trials" / f"{nct}.json") for nct in PAGES}
LABELS = ("Description:", "Treatment:", "Other Names:", "National Cancer Institute (NCI) logo")


def at(trial: Trial, path: str) -> Any:
    """What stands at "arms[0].label", or at "other[path]"."""
    if path.startswith("other["):
        return dict(trial.other)[path[6:-1]]
    value: Any = trial
    for name, number in re.findall(r"(\w+)|\[(\d+)\]", path):
        value = getattr(value, name) if name and not number else value[int(number)]
    return value


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['nct']}-{fact['path']}-{fact['page_words'][:30]}")
def test_the_fact_is_on_the_page_and_in_the_trial(fact: dict[str, str]) -> None:
    assert fact["page_words"] in " ".join(PAGES[fact["nct"]].split())
    value, wanted = at(TRIALS[fact["nct"]], fact["path"]), fact["value"]
    if wanted.startswith("~") and wanted.endswith("$"):
        assert wanted[1:-1] in value.split("\n")
    elif wanted.startswith("~"):
        assert wanted[1:] in value
    else:
        assert str(value) == wanted


@pytest.mark.parametrize("nct", PAGES)
def test_no_line_of_the_page_is_without_a_fact(nct: str) -> None:
    words = [fact["page_words"] for fact in FACTS if fact["nct"] == nct]
    furniture = [line for _, line in rows("page_furniture", "page", "line")]
    unmentioned = []
    for line in (" ".join(raw.split()) for raw in PAGES[nct].splitlines()):
        own = line in furniture or any(each.endswith("*") and line.startswith(each[:-1]) for each in furniture)
        own = own or line in HEADINGS or line in LABELS or any(form.fullmatch(line) for form in SECTIONS.values())
        if line and not own and not any(each in line for each in words):
            unmentioned.append(line)
    assert unmentioned == []


@pytest.mark.parametrize("nct", TRIALS)
def test_no_value_of_the_trial_is_without_a_fact(nct: str) -> None:
    """Each list of the trial is as long as the facts say: nothing was read that the page does not tell."""
    trial = TRIALS[nct]
    for name in (
        "identifiers",
        "dates",
        "parties",
        "objectives",
        "conditions",
        "phases",
        "arms",
        "interventions",
        "dosing",
        "outcomes",
        "sites",
        "mesh",
    ):
        told = {fact["path"].split("]")[0] for fact in FACTS if fact["nct"] == nct and fact["path"].startswith(f"{name}[")}
        assert len(getattr(trial, name)) == len(told), name
    assert len(trial.other) == len({fact["path"] for fact in FACTS if fact["nct"] == nct and fact["path"].startswith("other[")})
    assert trial.dropped == ()
