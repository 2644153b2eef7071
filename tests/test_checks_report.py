"""Reports: the shapes that other programs read, and texts that people read."""

from __future__ import annotations

import json
from datetime import date

import pytest
from checks_world import cls, concomitant, drug, report, rule, trial

from kg.checks import Report
from kg.errors import UnknownTrial
from kg.records import Exposure, Scope, Verdict, Window

QUOTE = "No <prior> chemotherapy & *such*\n within 3 weeks"


@pytest.fixture
def full() -> Report:
    """A report with an exclusion, an interaction, an unrecognised name and notes."""
    return report(
        rule(cls("chemotherapy"), window=Window(days=21, within=False), quote=QUOTE),
        on=trial("mtorimus", brief_title="Title <b>", status="RECRUITING"),
        prior=[Exposure("platin", last_dose="2026-11-11"), Exposure("mekinip")],
        taking=["conazole"],
    )


def test_the_json_shape(full: Report) -> None:
    data = json.loads(full.to_json())
    assert {"as_of", "disclaimer", "unrecognised", "not_assessed", "trials"} <= set(data)
    assert (data["as_of"], data["unrecognised"]) == ("2026-11-21", ["mekinip"])
    assert data["not_assessed"] == ["conditions", "biomarkers", "habits", "procedures"]
    (result,) = data["trials"]
    assert {k: result[k] for k in ("nct", "title", "status", "verdict", "criteria_verdict")} == {
        "nct": "NCT00000001", "title": "Title <b>", "status": "RECRUITING", "verdict": "excluded", "criteria_verdict": "excluded",
    }  # fmt: skip
    keys = {
        "kind", "verdict", "fact", "chain", "rule", "criterion", "quote", "start", "end", "section", "modality", "arms", "recoverable",
        "earliest_date", "sources",
    }  # fmt: skip
    assert all(keys <= set(finding) for finding in result["findings"])
    first = result["findings"][0]
    assert (first["quote"], first["earliest_date"], first["recoverable"], first["kind"]) == (QUOTE, "2026-12-02", True, "criterion")
    interaction = next(f for f in result["findings"] if f["kind"] == "interaction")
    assert {"mechanism", "severity", "action", "evidence", "effect", "drugs"} <= set(interaction)


def test_python_values_are_native(full: Report) -> None:
    finding = full["NCT00000001"].findings[0]
    assert finding.verdict == "excluded" and finding.verdict is Verdict.EXCLUDED
    assert finding.earliest_date == date(2026, 12, 2)
    assert full["nct00000001"] is full.trials[0]
    assert list(full) == list(full.trials) and len(full) == 1 and "NCT00000001" in full


def test_a_trial_that_was_not_checked_is_said(full: Report) -> None:
    with pytest.raises(UnknownTrial, match="NCT00000001"):
        full["NCT99999999"]


def test_cds_cards_follow_the_card_schema(full: Report) -> None:
    cards = full.to_cds_cards()
    assert [c["indicator"] for c in cards] == ["warning", "critical"]
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert card["source"]["label"]
        assert full.disclaimer in card["detail"]
    assert "mekinip" in cards[0]["summary"] and "mekinib" in cards[0]["detail"]
    json.dumps(cards)


def test_no_card_where_nothing_conflicts() -> None:
    assert report(prior=["quiet"]).to_cds_cards() == []


@pytest.mark.parametrize("form", ["to_text", "to_markdown", "_repr_html_"])
def test_what_every_form_shows(full: Report, form: str) -> None:
    text = getattr(full, form)()
    for shown in (
        "NCT00000001",
        "excluded",
        "2026-12-02",
        "mekinip",
        "mekinib",
        "Not assessed: conditions",
        "Research use only; not medical advice.",
        "conazole",
    ):
        assert shown.lower() in text.lower().replace("\\", "")


def test_html_is_escaped_and_quotes_are_verbatim(full: Report) -> None:
    html = full._repr_html_()
    assert "No &lt;prior&gt; chemotherapy &amp; *such*\n within 3 weeks" in html
    assert "<b>" not in html and "<prior>" not in html


def test_markdown_cannot_be_broken_by_a_quote(full: Report) -> None:
    assert "\\<prior\\> chemotherapy & \\*such\\* within 3 weeks" in full.to_markdown()


@pytest.mark.parametrize("form", ["to_text", "to_markdown", "_repr_html_", "to_json"])
def test_no_report_calls_a_patient_eligible_or_safe(form: str) -> None:
    text = getattr(report(concomitant(drug("conazole")), taking=["quiet"]), form)().lower()
    assert "no conflict found" in text or "no_conflict_found" in text
    assert "eligible" not in text and "safe" not in text


def test_every_form_says_what_was_checked_and_for_which_arm() -> None:
    """A printed report names the patient's data; where arms differ, each arm has its verdict, an interaction names its arms."""
    found = report(
        rule(cls("mtor-inhibitor"), quote="No mTOR inhibitor", scope=Scope(("Arm A",), ("Arm A",))),
        on=trial(arms={"Arm A": ("mtorimus",), "Arm B": ("quiet",)}),
        prior=[Exposure("mtorimus", last_dose="2020-01-01")],
        taking=["conazole"],
        habits=[],
    )
    assert found.facts == ("prior mtorimus (last dose 2020-01-01)", "takes conazole", "no habit")
    assert dict(found.trials[0].arms) == {"Arm A": Verdict.EXCLUDED, "Arm B": Verdict.NO_CONFLICT}
    for text in (found.to_text(), found.to_markdown(), found._repr_html_(), found.to_html(), found.why()):
        plain = text.replace("\\", "")
        assert "takes conazole" in plain and "Arm B" in plain, text


def test_a_trial_says_when_its_exclusions_end() -> None:
    """On a day, once something is mended, or not by waiting."""
    rules = rule(cls("chemotherapy"), window=Window(days=21, within=False), number=1), concomitant(drug("conazole"), number=2)
    waits = report(*rules, prior=[Exposure("platin", last_dose="2026-11-11")])
    assert "earliest 2026-12-02" in waits.to_text()
    stops = report(*rules, prior=[Exposure("platin", last_dose="2026-11-11")], taking=["conazole"])
    assert "once mended" in stops.to_text()
    planned = report(*rules, taking=[Exposure("conazole", last_dose="2026-12-24")])
    assert "earliest 2026-12-25" in planned.to_text() and planned.trials[0].earliest_date == date(2026, 12, 25)
    never = report(rule(drug("mekinib")), prior=["mekinib"])
    assert "for good" in never.to_text() and "for good" in never.to_html()
