"""Pages of a search: given together they are one record; what is not here never reads as nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir_world import bundle, records, statement
from typer.testing import CliRunner

import kg
from kg.cli import app

PARACETAMOL = statement(id="m2", medicationCodeableConcept={"text": "paracetamol"})


def page(number: int, *resources: dict[str, Any], of: int = 2, **changes: Any) -> dict[str, Any]:
    """One page of a search, linked to the others as servers link them."""
    links = {"self": number, **({"next": number + 1} if number < of else {}), **({"previous": number - 1} if number > 1 else {})}
    link = [{"relation": relation, "url": f"https://server/fhir?page={to}"} for relation, to in links.items()]
    return bundle(*resources, type="searchset", link=link, **changes)


def written(place: Path, *bundles: dict[str, Any]) -> Path:
    place.write_text("".join(json.dumps(one) + "\n" for one in bundles))
    return place


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([page(1, PARACETAMOL)], "the pages that follow are not here"),
        ([page(2, PARACETAMOL)], "the pages before it are not here"),
        ([page(2, PARACETAMOL, of=3)], "the pages before it are not here and the pages that follow are not here"),
        ([page(1, PARACETAMOL, of=3), page(2, statement(), of=3)], "the pages that follow are not here"),
        ([bundle(PARACETAMOL, type="searchset", total=2)], "of 2 resources that the server found 1 are here"),
    ],
    ids=["first", "last", "middle", "two of three", "total"],
)
def test_a_page_that_is_missing_makes_every_trial_unknown(given: list[dict[str, Any]], said: str, tmp_path: Path) -> None:
    (record,) = records(written(tmp_path / "pages.ndjson", *given))
    assert any(said in text and 'from one link "next" to the other' in text for text in record.patient.unclear)
    report = kg.open().check(record.patient)
    assert [result.nct for result in report if result.verdict is kg.Verdict.NO_CONFLICT] == []


def test_pages_given_together_are_one_record(tmp_path: Path) -> None:
    def assert_whole(path: Path) -> None:
        (record,) = records(path)
        assert [exposure.drug for exposure in record.patient.taking or ()] == ["itraconazole", "paracetamol"]
        assert record.patient.unclear == ()

    first, second = page(1, statement(), total=2), page(2, PARACETAMOL, total=2)
    assert_whole(written(tmp_path / "pages.ndjson", first, second))
    assert_whole(written(tmp_path / "turned.ndjson", second, first))
    folder = tmp_path / "pages"
    folder.mkdir()
    written(folder / "1.json", first)
    written(folder / "2.json", second)
    assert_whole(folder)


def test_the_answers_to_a_batch_are_read_with_their_pages(tmp_path: Path) -> None:
    """A Bundle of Bundles, each the answer to one search."""
    (record,) = records(written(tmp_path / "batch.json", bundle(bundle(statement(), type="searchset"), bundle(PARACETAMOL))))
    assert [exposure.drug for exposure in record.patient.taking or ()] == ["itraconazole", "paracetamol"]
    assert record.patient.unclear == ()
    (record,) = records(written(tmp_path / "batch.json", bundle(page(1, PARACETAMOL))))
    assert any("the pages that follow are not here" in text for text in record.patient.unclear)


def test_other_links_and_included_resources_say_nothing_of_pages(tmp_path: Path) -> None:
    """A Bundle's own address is no page; what a search includes is not counted among its matches."""
    included = {"resource": {"resourceType": "Patient", "id": "1"}, "search": {"mode": "include"}}
    link = [{"relation": "self", "url": "https://server/fhir?patient=1"}, {"relation": "first", "url": "https://server/fhir?page=1"}]
    entry = [{"resource": statement(), "search": {"mode": "match"}}, included]
    (record,) = records(written(tmp_path / "one.json", bundle(type="searchset", total=1, link=link, entry=entry)))
    assert record.patient.unclear == ()


def test_what_the_server_withheld_makes_every_trial_unknown(tmp_path: Path) -> None:
    issue = {"severity": "warning", "code": "incomplete", "diagnostics": "the pharmacy system did not answer"}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    (record,) = records(written(tmp_path / "bundle.json", bundle(PARACETAMOL, outcome)))
    assert any("the pharmacy system did not answer" in text for text in record.patient.unclear)
    issue["code"], issue["diagnostics"] = "informational", "took 2 s"
    (record,) = records(written(tmp_path / "bundle.json", bundle(PARACETAMOL, outcome)))
    assert record.patient.unclear == ()


def test_a_patient_in_two_bundles_is_no_whole_in_either(tmp_path: Path) -> None:
    file = written(tmp_path / "two.ndjson", bundle(statement()), bundle(PARACETAMOL))
    with pytest.raises(kg.KgError, match=r"patient 1: stands in more than one Bundle.*put all of a patient into one Bundle"):
        records(file)
    done = CliRunner().invoke(app, ["check", str(file), "--patient", "1"])
    assert done.exit_code and "stands in more than one Bundle" in str(done.exception)
