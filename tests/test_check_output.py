"""What a check prints: a page that stands alone, cards and FHIR resources that others' software takes, a chain step by step."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import kg
from kg.checks import Report
from kg.cli import main
from kg.patients import read_patients

FHIR = Path(__file__).parent / "data" / "fhir"
CASES = ("mek-and-itraconazole", "statuses", "administrations")
FORMS = ("to_html", "_repr_html_", "to_markdown", "to_text", "to_json", "why")


@cache
def report(case: str) -> Report:
    graph = kg.open()
    (record,) = read_patients(FHIR / f"{case}.json", graph.knowledge, graph.names, "2026-11-21")
    return graph.check(record.patient)


def test_the_three_cases() -> None:
    verdicts = {case: [result.verdict.value for result in report(case)] for case in CASES}
    assert verdicts["mek-and-itraconazole"][0] == "excluded"
    assert verdicts["statuses"] == ["excluded", "excluded"]
    assert report("mek-and-itraconazole")["NCT01206140"].findings[0].quote == "Previous MEK inhibitor use"


class Page(HTMLParser):
    """Marks, and whatever a browser would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.marks: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self._in_mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_mark = tag == "mark" or self._in_mark
        if tag == "mark":
            self.marks.append("")
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "srcset") and not (value or "").startswith("#")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._in_mark = False

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self.marks[-1] += data


@pytest.mark.parametrize("case", CASES)
def test_the_page_stands_alone_and_marks_the_sentence(case: str) -> None:
    text = report(case).to_html()
    page = Page(text)
    assert page.loaded == [] and not {"script", "link", "img", "iframe"} & set(page.tags) and "url(" not in text and "@import" not in text
    assert page.marks == [f.quote for result in report(case) for f in result.findings if f.quote and f.verdict != "no_conflict_found"]
    for result in report(case):
        for start, passage in result.passages.values():
            assert kg.open().trial(result.nct).eligibility_text[start : start + len(passage)] == passage


def test_a_page_escapes_what_the_patient_is_said_to_take() -> None:
    text = kg.open().check(kg.Patient(as_of="2026-11-21", taking=["<script>alert(1)</script>"])).to_html()
    assert "<script" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize("form", FORMS)
def test_each_form_shows_disclaimer_versions_sources_unmatched_names_and_notes(form: str) -> None:
    text = str(getattr(report("statuses"), form)()).replace("\\", "")
    for words in ("not medical advice", kg.__version__, "foozumab", "rifampicin", "who-atc-2026", "NCT01206140.json, sha256 126184b13068"):
        assert words in text, words


CARD = Draft202012Validator(json.loads((Path(__file__).parent / "data" / "cds-card.schema.json").read_text(encoding="utf-8")))


def assert_that_others_can_read(made: Report) -> None:
    """Cards by the rules of CDS Hooks, resources by the maintained models of FHIR; each stands alone with the disclaimer."""
    for card in made.to_cds_cards():
        CARD.validate(card)
        assert made.disclaimer in card["detail"]
    bundle = json.loads(json.dumps(made.to_fhir("Patient/p1")))
    get_fhir_model_class("Bundle").model_validate(bundle)
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert len({(resource["resourceType"], resource["id"]) for resource in resources}) == len(resources)
    for resource in resources:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("case", CASES)
def test_cards_and_resources_keep_the_rules_of_their_formats(case: str) -> None:
    assert_that_others_can_read(report(case))


ODD = st.text(min_size=1, max_size=200).filter(str.strip) | st.sampled_from(
    ["a\nb", "<b>x</b>", "[x](y)", "*" * 200, "|", "trametinib", "\t1"]
)


@given(st.lists(ODD, max_size=3), st.lists(ODD, max_size=2), st.lists(ODD, max_size=2), st.lists(ODD, max_size=2))
@settings(max_examples=80, deadline=None)
def test_so_do_those_on_whatever_a_record_calls_things(
    taking: list[str], conditions: list[str], unclear: list[str], notes: list[str]
) -> None:
    patient = kg.Patient("2026-11-21", taking=taking, conditions=conditions, unclear=unclear, notes=notes)
    assert_that_others_can_read(kg.open().check(patient))


@pytest.mark.parametrize("case", CASES)
def test_a_card_stands_alone(case: str) -> None:
    """It tells what was not recognised and how the record was read, as the whole report does."""
    for card in report(case).to_cds_cards():
        if "topic" in card["source"]:
            plain = card["detail"].replace("\\", "")
            assert all(words in plain for words in (*report(case).notes, *report(case).unrecognised))


@pytest.mark.parametrize("case", CASES)
def test_fhir_is_complete(case: str) -> None:
    resources = [entry["resource"] for entry in report(case).to_fhir("Patient/p1")["entry"]]
    issues = [r for r in resources if r["resourceType"] == "DetectedIssue"]
    own = [finding for finding in report(case).among if finding.action]
    assert len(issues) == sum(len(result.findings) for result in report(case)) + len(own)
    answers = {r["requestIdentifier"]["value"]: r for r in resources if r["resourceType"] == "GuidanceResponse"}
    for result in report(case):
        assert answers[result.nct]["reasonCode"][0]["coding"][0]["code"] == result.verdict.value
        notes = " ".join(note["text"] for note in answers[result.nct]["note"])
        assert "not medical advice" in notes and all(name in notes for name in report(case).unrecognised)
        assert f"Record: {result.record}" in notes and f"trialkg {kg.__version__}" in notes


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("r.html", "<!doctype html>"), ("r.HTM", "<!doctype html>"), ("r.md", "# "), ("r.json", "{"), ("r.txt", "Check as of"),
        ("r", "Check as of"), ("r.csv", "nct,kind,verdict"), ("r.tsv", "nct\tkind"), ("r.jsonl", '{"nct":"NCT01206140"'),
    ],
)  # fmt: skip
def test_the_files_name_says_what_is_written(name: str, start: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--taking", "itraconazole", "--as-of", "2026-11-21", "-o", str(tmp_path / name)])
    assert not ended.value.code and (tmp_path / name).read_text(encoding="utf-8").lower().startswith(start.lower())


def test_the_terminal_shows_how_a_record_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(FHIR / "statuses.json"), "--as-of", "2026-11-21"])
    assert "rifampicin: not-taken; left out" in capsys.readouterr().out


def test_every_form_tells_what_the_patients_own_drugs_do_to_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    both = ["check", "--taking", "itraconazole", "--taking", "everolimus", "--as-of", "2026-11-21", "--trial", "NCT01206140"]
    for form in ("table", "text", "html", "markdown", "json", "fhir"):
        with pytest.raises(SystemExit):
            main([*both, "--format", form])
        said = " ".join(capsys.readouterr().out.split())
        assert "avoid strong CYP3A4/P-gp inhibitors (itraconazole named)" in said.replace("\\", ""), form


@pytest.mark.parametrize("form", ["table", "text", "html", "markdown", "json"])
def test_what_a_regimen_does_to_itself_stands_apart(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The protocol intends it: it is told, and changes no verdict."""
    with pytest.raises(SystemExit):
        main(["check", "--taking", "aspirin", "--as-of", "2026-11-21", "--trial", "NCT01281865", "--format", form])
    out = " ".join(capsys.readouterr().out.split())
    assert "imatinib on everolimus" in out and ('"intended": [ {' in out if form == "json" else "intended by protocol" in out)
    assert '"verdict": "no_conflict_found"' in out if form == "json" else "no conflict found" in out


def test_fhir_resources_refer_to_the_patient_of_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(FHIR / "statuses.json"), "--as-of", "2026-11-21", "--format", "fhir"])
    resources = [entry["resource"] for entry in json.loads(capsys.readouterr().out)["entry"]]
    (given,) = read_patients(FHIR / "statuses.json", kg.open().knowledge, None, "2026-11-21")
    assert {(r.get("subject") or r["patient"])["reference"] for r in resources} == {f"Patient/{given.id}"}


def test_why_numbers_each_step() -> None:
    text = report("mek-and-itraconazole").why()
    steps = re.findall(r"^ +(1\.\d+) (.*)$", text, flags=re.MULTILINE)
    assert [number for number, _ in steps][:2] == ["1.1", "1.2"] and "trametinib" in steps[0][1]
    assert "MEK inhibitor" in text
