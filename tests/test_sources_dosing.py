"""How arms give their drugs, and what objectives a description lists: read from wording, in records of every kind."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.records import Arm, Dosing, Intervention, Objective, RecordSource
from kg.sources import read_study
from kg.sources.dosing import read_dosing
from kg.sources.objectives import read_objectives
from kg.sources.wording import rows

STUDIES = Path(__file__).parents[2] / "shared" / "studies" / "studies.jsonl.gz"
FIELDS = ("dose", "route", "frequency", "days", "duration", "cycle_days")


def dosing(text: str, *names: str, description: str = "") -> dict[str, tuple[object, ...]]:
    """(dose, route, frequency, days, duration, cycle_days) of each drug in an arm described so."""
    interventions = [Intervention(name, "DRUG") for name in names]
    _, facts = read_dosing([Arm("Arm", description=text, interventions=names)], interventions, description)
    return {fact.intervention: tuple(getattr(fact, name) for name in FIELDS) for fact in facts}


# --- one drug -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patients receive drugone PO BID.", ("", "PO", "twice daily", "", "", None)),
        ("drugone orally (PO) once daily (QD) on days 1-21.", ("", "PO", "once daily", "1-21", "", None)),
        ("drugone intravenously (IV) over 30-60 minutes on days 1, 8, 15, and 22.", ("", "IV", "", "1, 8, 15, 22", "30-60 minutes", None)),
        ("drugone 200 mg as a 30-minute IV infusion every 3 weeks", ("200 mg", "IV", "every 3 weeks", "", "30 minutes", None)),
        ("drugone AUC 5 IV on Day 1 of each 21-day cycle", ("AUC 5", "IV", "", "1", "", 21)),
        ("drugone 75 mg/m\\^2 SC q2w.", ("75 mg/m\\^2", "SC", "every 2 weeks", "", "", None)),
        ("10 mg of oral drugone, three times a day", ("10 mg", "PO", "three times daily", "", "", None)),
        ("drugone IV on Day 1, Day 8 and Day 15 of cycles 1-2", ("", "IV", "", "1, 8, 15 of cycles 1-2", "", None)),
        ("drugone IM on days -4 to -2", ("", "IM", "", "-4 to -2", "", None)),
        ("1 × 10\\^6 cells/kg of drugone IV", ("1 × 10\\^6 cells/kg", "IV", "", "", "", None)),
        ("drugone once a week for six weeks.1×10\\^9 cells/dose", ("1×10\\^9 cells/dose", "", "once weekly", "", "", None)),
        ("drugone PO daily. Courses repeat every 4 weeks.", ("", "PO", "daily", "", "", 28)),
        ("drugone PO daily over 10 days", ("", "PO", "daily", "", "", None)),
        ("drugone IV if creatinine clearance is 60 mL/min", ("", "IV", "", "", "", None)),
    ],
)
def test_what_a_sentence_says_of_a_drug(text: str, expected: tuple[object, ...]) -> None:
    assert dosing(text, "Drugone") == {"Drugone": expected}


@pytest.mark.parametrize("text", ["Patients receive drugone.", "Patients who took drugone are followed.", "", "drugone or nothing"])
def test_nothing_said_is_nothing_read(text: str) -> None:
    assert dosing(text, "Drugone") == {}


def test_the_cycle_is_the_one_stated_for_the_sentence() -> None:
    text = "Part I: drugone PO daily. Cycles repeat every 21 days.\nPart II: drugone PO daily and drugtwo IV on day 1. Cycles of 28 days."
    _, facts = read_dosing([Arm("A", description=text)], [Intervention("Drugone", "DRUG"), Intervention("Drugtwo", "DRUG")])
    assert [(fact.intervention, fact.cycle_days) for fact in facts] == [("Drugone", 21), ("Drugone", 28), ("Drugtwo", 28)]


def test_a_drug_is_known_by_its_other_names_and_without_its_salt() -> None:
    item = Intervention("Drugone Mesylate (DRG-1)", "DRUG", other_names=("Brandol",))
    for name in ("drugone mesylate", "drugone", "DRG-1", "Brandol"):
        _, facts = read_dosing([Arm("A", description=f"Patients receive {name} PO daily.")], [item])
        assert [(fact.intervention, fact.route) for fact in facts] == [("Drugone Mesylate (DRG-1)", "PO")]
    assert read_dosing([Arm("A", description="Patients receive drugonexy PO daily.")], [item])[1] == ()


def test_the_name_itself_gives_no_day_and_no_dose() -> None:
    assert dosing("Vitamin D3 daily", "Vitamin D3") == {"Vitamin D3": ("", "", "daily", "", "", None)}


# --- several drugs ------------------------------------------------------------------------------------------------------------------------


def test_each_drug_has_its_own_words() -> None:
    assert dosing("Drugone 900 mg IV, drugtwo 200 mg PO twice daily, and drugthree SC.", "Drugone", "Drugtwo", "Drugthree") == {
        "Drugone": ("900 mg", "IV", "twice daily", "", "", None),
        "Drugtwo": ("200 mg", "PO", "twice daily", "", "", None),
        "Drugthree": ("", "SC", "", "", "", None),
    }


def test_drugs_joined_by_and_share_what_is_said_at_the_end() -> None:
    shared = ("", "IV", "", "1, 15", "1 hour", 28)
    text = "Drugone and drugtwo IV over 1 hour on days 1 and 15 of a 28-day cycle."
    assert dosing(text, "Drugone", "Drugtwo") == {"Drugone": shared, "Drugtwo": shared}


def test_a_daily_drug_does_not_take_the_days_of_an_infusion() -> None:
    facts = dosing("Drugone PO once daily and drugtwo IV on days 1 and 8.", "Drugone", "Drugtwo")
    assert facts["Drugone"] == ("", "PO", "once daily", "", "", None)
    same = dosing("Drugone PO once daily and drugtwo PO once daily on days 1-28.", "Drugone", "Drugtwo")
    assert same["Drugone"] == ("", "PO", "once daily", "1-28", "", None)


def test_a_placebo_that_is_not_registered_ends_what_is_said_of_a_drug() -> None:
    assert dosing("Drugone 5 mg PO, placebo 7 mg IV.", "Drugone") == {"Drugone": ("5 mg", "PO", "", "", "", None)}


def test_procedures_and_visits_are_not_dosed() -> None:
    arm = Arm("A", description="Blood sampling 10 ml weekly. Biopsy on day 1.", interventions=("Blood sampling", "Biopsy"))
    assert read_dosing([arm], [Intervention("Blood sampling", "OTHER"), Intervention("Biopsy", "PROCEDURE")])[1] == ()


# --- arms that speak of other arms, and other places --------------------------------------------------------------------------------------


def test_as_in_another_arm_copies_and_says_where_it_was_read() -> None:
    one = Arm("Group 1 (both)", description="Drugone PO daily on days 1-5 and drugtwo IV on day 1.", interventions=("Drugone", "Drugtwo"))
    two = Arm(
        "Group 2", description="Patients receive drugone as in group I and drugtwo SC on day 3.", interventions=("Drugone", "Drugtwo")
    )
    three = Arm("Group 3", description="Patients receive treatment as in Group 2.", interventions=("Drugone", "Drugtwo"))
    _, facts = read_dosing([three, two, one], [Intervention("Drugone", "DRUG"), Intervention("Drugtwo", "DRUG")])
    read = {(fact.arm, fact.intervention): (fact.route, fact.days, fact.quote) for fact in facts}
    assert read["Group 2", "Drugone"] == ("PO", "1-5", two.description)
    assert read["Group 2", "Drugtwo"] == ("SC", "3", two.description)
    assert read["Group 3", "Drugone"] == ("PO", "1-5", three.description)
    assert read["Group 3", "Drugtwo"] == ("SC", "3", three.description)


def test_arms_that_point_at_each_other_end() -> None:
    arms = [Arm("Arm A", description="Drugone as in arm B."), Arm("Arm B", description="Drugone as in arm A.")]
    assert read_dosing(arms, [Intervention("Drugone", "DRUG")])[1] == ()


@pytest.mark.parametrize(
    ("sentence", "to", "when"),
    [
        ("Patients who experience disease progression may cross over to arm I.", "Arm I: drug", "disease progression"),
        ("At the time of radiographic progression, participants may crossover to Arm 1.", "Arm I: drug", "radiographic progression"),
        ("Patients who do not tolerate it may cross-over to the Other Arm.", "Other Arm", "do not tolerate it"),
        ("Patients cross over to arm I.", "Arm I: drug", ""),
        ("Patients may not leave.", "", ""),
        ("Patients may cross over to arm IX.", "", ""),
        ("Patients may cross over to arm II.", "", ""),
    ],
)
def test_cross_over(sentence: str, to: str, when: str) -> None:
    arms, _ = read_dosing([Arm("Arm I: drug"), Arm("Arm II: none", description=sentence), Arm("Other Arm")], [])
    assert (arms[1].crosses_to, arms[1].crosses_when) == (to, when)
    assert arms[0].crosses_to == ""


def test_what_the_arm_leaves_out_is_found_in_the_description() -> None:
    arms = [Arm("Arm I", interventions=("Drugone",)), Arm("Arm II", interventions=("Drugone",))]
    description = "ARM I: Drugone PO daily.\n\nARM II: Drugone IV on day 1. Patients may cross over to arm I.\n\n"
    description += "In both arms, courses repeat every 21 days."
    crossing, facts = read_dosing(arms, [Intervention("Drugone", "DRUG")], description)
    assert [(fact.arm, fact.route, fact.cycle_days) for fact in facts] == [("Arm I", "PO", 21), ("Arm II", "IV", 21)]
    assert crossing[1].crosses_to == "Arm I"


def test_what_the_arm_leaves_out_is_found_in_the_intervention() -> None:
    arms = [Arm("A", description="Drugone", interventions=("Drugone",)), Arm("B", description="Drugone SC", interventions=("Drugone",))]
    _, facts = read_dosing(arms, [Intervention("Drugone", "DRUG", "Given PO")])
    assert [(fact.arm, fact.route, fact.quote) for fact in facts] == [("A", "PO", "Given PO"), ("B", "SC", "Drugone SC")]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "drugone",
                "drugtwo",
                "10 mg",
                "PO",
                "IV",
                "and",
                "as in arm I",
                "cross over to",
                "arm II",
                "on days 1-",
                "8,",
                ". ",
                "İ",
                "\n",
            ]
        ),
        max_size=25,
    ),
    st.text(max_size=60),
)
def test_every_quote_is_in_the_text_it_was_read_from(words: list[str], noise: str) -> None:
    arms = [Arm("Arm I", description=" ".join(words)), Arm("Arm II", description=noise + " ".join(reversed(words)))]
    crossing, facts = read_dosing(arms, [Intervention("Drugone", "DRUG", noise), Intervention("Drugtwo", "DRUG")], noise)
    assert [arm.label for arm in crossing] == ["Arm I", "Arm II"]
    texts = {arm.label: f"{arm.description}\n{noise}" for arm in arms}
    for fact in facts:
        assert fact.quote
        assert fact.quote in texts[fact.arm]
        assert any(getattr(fact, name) for name in FIELDS[:-1])


# --- objectives ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "PRIMARY OBJECTIVE:\n\nI. One.\n\nSECONDARY OBJECTIVES:\n\nI. Two.\n\nII. Three.\n\nOUTLINE: No.",
            [("primary", "I", "One."), ("secondary", "I", "Two."), ("secondary", "II", "Three.")],
        ),
        (
            "EXPLORATORY OBJECTIVES:\n\nI. One (phase II). II. Two.(b) III. Three in phase IV. To end.",
            [
                ("exploratory", "I", "One (phase II)."),
                ("exploratory", "II", "Two.(b)"),
                ("exploratory", "III", "Three in phase IV. To end."),
            ],
        ),
        (
            "I. To find. (Phase I) II. To see.\n\nI. To learn.\n\nOUTLINE: No.",
            [("", "I", "To find. (Phase I)"), ("", "II", "To see."), ("", "I", "To learn.")],
        ),
        (
            "OBJECTIVES:\n\nPrimary\n\n* One\n* Two\n\nSecondary\n\n* Three\n\nOUTLINE: No.",
            [("primary", "", "One"), ("primary", "", "Two"), ("secondary", "", "Three")],
        ),
        (
            "Background first.\n\nPrimary Objective: To learn.\n\nSecondary Objectives:\n\n1. A\n2. B\n\nThen the visits.",
            [("primary", "", "To learn."), ("secondary", "1", "A"), ("secondary", "2", "B")],
        ),
        ("TERTIARY OBJECTIVES (Phase I):\n\nI. One.", [("tertiary", "I", "One.")]),
        ("The primary objective is to learn.", []),
        ("Text.\n\nI. Not a list of objectives.", []),
        ("", []),
    ],
)
def test_objectives(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read_objectives(text) == tuple(Objective(*each) for each in expected)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["PRIMARY OBJECTIVES:", "I.", "II.", "To see.", "* ", "\n\n", "OUTLINE:", "Primary", "\n", " "]), max_size=30
    ).map("".join)
)
def test_objectives_are_parts_of_the_text(text: str) -> None:
    assert all(objective.text in text for objective in read_objectives(text))


# --- real records and the word tables -----------------------------------------------------------------------------------------------------

EXPECTED = {
    "NCT04874480": [
        Dosing("", "Tegavivint", route="IV", days="1, 8, 15, 22", duration="4 hours", cycle_days=28),
        Dosing("", "Decitabine", route="IV", days="1-5", duration="30-60 minutes", cycle_days=28),
    ],
    "NCT04514484": [
        Dosing("", "Cabozantinib S-malate", route="PO", frequency="once daily", days="1-28", cycle_days=28),
        Dosing("", "Nivolumab", route="IV", days="1", duration="30 minutes", cycle_days=28),
    ],
    "NCT05078931": [
        Dosing("", "Pembrolizumab", dose="200 mg", route="IV", frequency="every 3 weeks", duration="30 minutes"),
        Dosing("", "Lenvatinib", dose="20mg", route="PO", frequency="daily"),
    ],
    "NCT02443155": [
        Dosing("", "NNC0114-0006", dose="12 mg/kg", route="IV", frequency="every 6 weeks"),
        Dosing("", "liraglutide", dose="1.8 mg", route="SC", frequency="daily"),
    ],
}


@pytest.mark.skipif(not STUDIES.exists(), reason="the 1,466 reference studies are not beside this checkout")
def test_arms_of_registered_trials() -> None:
    with gzip.open(STUDIES) as lines:
        studies = [orjson.loads(line) for line in lines if any(nct.encode() in line[:200] for nct in EXPECTED)]
    trials = {trial.nct: trial for trial in (read_study(study, RecordSource("", "", "")) for study in studies)}
    for nct, facts in EXPECTED.items():
        read = {tuple(getattr(fact, name) for name in ("intervention", *FIELDS)) for fact in trials[nct].dosing}
        assert {tuple(getattr(fact, name) for name in ("intervention", *FIELDS)) for fact in facts} <= read, nct
    listed = trials["NCT04514484"].objectives
    assert [(each.kind, each.number) for each in listed[:6]] == [
        ("primary", "I"), ("primary", "II"), ("secondary", "I"), ("secondary", "II"), ("secondary", "III"), ("exploratory", "I"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "columns", "key"),
    [
        ("dosing_words", ("kind", "phrase", "value"), 2),
        ("wording", ("field", "words", "code"), 2),
        ("condition_words", ("word", "role"), 1),
        ("page_furniture", ("page", "line"), 2),
    ],
)
def test_word_tables_are_sorted_and_unambiguous(table: str, columns: tuple[str, ...], key: int) -> None:
    found = rows(table, *columns)
    keys = [row[:key] for row in found]
    assert len(keys) == len(set(keys))
    assert all(cell == cell.strip() for row in found for cell in row)
    if table != "page_furniture":
        assert all(row[key - 1] == row[key - 1].lower() for row in found)
