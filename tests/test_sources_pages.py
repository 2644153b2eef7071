"""Page texts: both bundled trials as their pages tell them, other trials in the same layouts, and pages with something missing."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import bundle
from kg.errors import BadInput, BadRecord
from kg.records import Arm, DatedEvent, Identifier, Intervention, Outcome, Party, RecordSource, Site, Trial
from kg.sources import Rejected, page_format, read_page, read_trial, read_trials
from kg.sources.classic_page import study_from_classic_page
from kg.sources.page_text import criteria, split_conditions
from kg.sources.registry_page import study_from_registry_page

PAGES = {path.name[:11]: path for path in (Path(__file__).parent / "data" / "pages").glob("NCT*.txt")}
TEXTS = {nct: path.read_text(encoding="utf-8") for nct, path in PAGES.items()}
READERS = {"NCT01206140": study_from_registry_page, "NCT01281865": study_from_classic_page}
SOURCE = RecordSource("page.txt", "", "")


def bundled(nct: str) -> Path:
    return bundle.path("data") / "trials" / f"{nct}.json"


# --- the bundled trials -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nct", PAGES)
def test_page_and_bundled_record_agree_in_every_field(nct: str) -> None:
    page, record = read_trial(PAGES[nct]), read_trial(bundled(nct))
    differing = [item.name for item in dataclasses.fields(Trial) if getattr(page, item.name) != getattr(record, item.name)]
    assert differing == ["source"]
    assert page.source.format == {"NCT01206140": "registry-page", "NCT01281865": "classic-page"}[nct]
    assert READERS[nct](TEXTS[nct]) == json.loads(bundled(nct).read_text(encoding="utf-8"))


@pytest.mark.parametrize("nct", PAGES)
def test_the_pages_are_the_seeds(nct: str) -> None:
    seeds = list((Path(__file__).parents[2] / "shared" / "seeds").glob(f"{nct}*"))
    if not seeds:
        pytest.skip("the seed pages are not beside this checkout")
    assert seeds[0].read_bytes() == PAGES[nct].read_bytes()


@pytest.mark.parametrize("nct", PAGES)
def test_every_bullet_stands_in_the_criteria_word_for_word_and_as_deep(nct: str) -> None:
    bullets = [
        (len(found[1]) // 2 - 1, found[2].strip())
        for found in re.finditer(
            r"(?m)^( +)• (.*)$", TEXTS[nct].split("nclusion criteria" if nct == "NCT01206140" else "nclusion Criteria:")[1]
        )
    ]
    text = read_trial(PAGES[nct]).eligibility_text
    assert [(len(found[1]) // 2, found[2]) for found in re.finditer(r"(?m)^( *)\* (.*)$", text)] == bullets
    assert len(bullets) == {"NCT01206140": 33, "NCT01281865": 32}[nct]


# --- the same layouts with other trials ---------------------------------------------------------------------------------------------------

WORDS = ("everolimus", "imatinib", "selumetinib", "temsirolimus", "sarcoma", "rapamycin", "Keohan", "Prior", "platelet", "brain")


@settings(max_examples=40, deadline=None)
@given(
    nct=st.sampled_from(sorted(PAGES)),
    other=st.integers(10_000_000, 99_999_999),
    renamed=st.lists(
        st.tuples(st.sampled_from(WORDS), st.text("bcdfgklmnprtvz", min_size=4, max_size=9).map(lambda word: f"{word}oma")),
        max_size=5,
        unique_by=(lambda pair: pair[0], lambda pair: pair[1]),
    ).map(dict),
    number=st.integers(3, 900),
)
def test_another_trial_in_the_same_layout_is_read_alike(nct: str, other: int, renamed: dict[str, str], number: int) -> None:
    changes = {nct: f"NCT{other}", "12 weeks": f"{number} weeks", "18 Years": f"{number} Years", "18+ years": f"{number}+ years", **renamed}
    changes |= {word.capitalize(): new.capitalize() for word, new in renamed.items()}

    def changed(text: str) -> str:
        return re.sub("|".join(map(re.escape, sorted(changes, key=len, reverse=True))), lambda found: changes[found[0]], text)

    expected = json.loads(changed(json.dumps(READERS[nct](TEXTS[nct]), ensure_ascii=False)))
    assert READERS[nct](changed(TEXTS[nct])) == expected


@pytest.mark.parametrize("nct", PAGES)
@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.replace(" :", "\u00a0:"), lambda text: f"\ufeff{text}\n\n"]
)
def test_line_ends_and_hard_spaces_do_not_matter(nct: str, change: Any) -> None:
    assert READERS[nct](change(TEXTS[nct])) == READERS[nct](TEXTS[nct])


CLASSIC = """Zorafenib With or Without Placebo in Breast Cancer

ClinicalTrials.gov Identifier: NCT09990001
Recruitment Status : Terminated (Slow accrual)
First Posted : March 3, 2015
Last Update Posted : May 2016
Sponsor:
A University
Information provided by (Responsible Party):
Ann Author, A University

Brief Summary:
One paragraph.

Another one: with a colon.

Condition or disease Intervention/treatment Phase
Metastatic Breast Cancer HER2-positive Breast Carcinoma Heart Failure Drug: zorafenib Other: placebo Early Phase 1

Layout table for study information
Study Type : Interventional  (Clinical Trial)
Estimated Enrollment : 1,200 participants
Allocation: Randomized
Intervention Model: Crossover Assignment
Masking: Double (Participant, Investigator)
Primary Purpose: Supportive Care
Estimated Primary Completion Date : March 3, 2017

Arm Intervention/treatment
Active Comparator: Arm A
Zorafenib 10 mg PO twice daily.
Second line.
Drug: zorafenib
Given PO
Other Name: ZRF-1

Placebo Comparator: Arm B
Sugar.
Other: placebo
Given PO

Drug: zorafenib
Given PO
Other: Follow-up only
Nothing is given.

Primary Outcome Measures :
  1. Survival [ Time Frame: 2 years ]
From randomisation.

Secondary Outcome Measures :
  1. Response [ Time Frame: 8 weeks ]
  2. Toxicity [ Time Frame: 30 days ]

Layout table for eligibility information
Ages Eligible for Study:   6 Months to 17 Years   (Child)
Sexes Eligible for Study:   Female
Accepts Healthy Volunteers:   Yes

Criteria

Inclusion Criteria:

  • Women

    • not men

      • whatever their age
  1. Numbered
  2. Twice

Exclusion Criteria:

Cohort 1:

  • Prior zorafenib

Information from the National Library of Medicine

Layout table for location information
France
Hospital One
Paris, France, 75013
Hospital Two
Lyon, France
United States, New York
Hospital Three
New York, New York, United States, 10065
Sponsors and Collaborators
A University
Company Ltd
Layout table for investigator information
Principal Investigator: Ann Author, MD, PhD Hospital Two
Study Director: Bea Builder A University
Layout table for additional information
Responsible Party: Ann Author, A University ClinicalTrials.gov Identifier: NCT09990001
Other Study ID Numbers: ABC (2015)
2015-000001-11 ( EudraCT Number )
First Posted: March 3, 2015    Key Record Dates
Keywords provided by A University:
mammary
kinase
Layout table for MeSH terms
Additional relevant MeSH terms:
Breast Neoplasms
An unforeseen line of the page
"""


def test_a_classic_page_with_everything_different() -> None:
    trial = read_page(CLASSIC, SOURCE)
    assert (trial.nct, trial.brief_title) == ("NCT09990001", "Zorafenib With or Without Placebo in Breast Cancer")
    assert (trial.status, trial.why_stopped) == ("TERMINATED", "Slow accrual")
    assert trial.brief_summary == "One paragraph.\n\nAnother one: with a colon."
    assert trial.conditions == ("Metastatic Breast Cancer", "HER2-positive Breast Carcinoma", "Heart Failure")
    assert (trial.phases, trial.enrollment, trial.enrollment_kind) == (("EARLY_PHASE1",), 1200, "ESTIMATED")
    assert (trial.allocation, trial.model, trial.purpose) == ("RANDOMIZED", "CROSSOVER", "SUPPORTIVE_CARE")
    assert (trial.masking, trial.who_masked) == ("DOUBLE", ("PARTICIPANT", "INVESTIGATOR"))
    assert trial.dates == (
        DatedEvent("primary_completion", "2017-03-03", "ESTIMATED"),
        DatedEvent("first_posted", "2015-03-03"),
        DatedEvent("last_update_posted", "2016-05"),
    )
    assert trial.arms == (
        Arm("Arm A", "ACTIVE_COMPARATOR", "Zorafenib 10 mg PO twice daily.\nSecond line.", ("zorafenib",)),
        Arm("Arm B", "PLACEBO_COMPARATOR", "Sugar.", ("placebo", "zorafenib")),
        Arm("Follow-up only", "OTHER", "Nothing is given."),
    )
    assert trial.interventions == (
        Intervention("zorafenib", "DRUG", "Given PO", ("ZRF-1",), ("Arm A", "Arm B")),
        Intervention("placebo", "OTHER", "Given PO", (), ("Arm B",)),
    )
    assert trial.outcomes == (
        Outcome("primary", "Survival", "From randomisation.", "2 years"),
        Outcome("secondary", "Response", "", "8 weeks"),
        Outcome("secondary", "Toxicity", "", "30 days"),
    )
    assert (trial.minimum_age, trial.maximum_age, trial.age_groups) == ("6 Months", "17 Years", ("CHILD",))
    assert (trial.sex, trial.healthy_volunteers) == ("FEMALE", True)
    assert trial.eligibility_text == (
        "Inclusion Criteria:\n\n* Women\n  * not men\n    * whatever their age\n1. Numbered\n2. Twice\n\n"
        "Exclusion Criteria:\n\nCohort 1:\n\n* Prior zorafenib"
    )
    assert trial.sites == (
        Site("Hospital One", "Paris", zip="75013", country="France"),
        Site("Hospital Two", "Lyon", country="France"),
        Site("Hospital Three", "New York", "New York", "10065", "United States"),
    )
    assert trial.parties == (
        Party("A University", "LEAD"),
        Party("Company Ltd", "COLLABORATOR"),
        Party("Ann Author, A University", "RESPONSIBLE_PARTY"),
        Party("Ann Author, MD, PhD", "PRINCIPAL_INVESTIGATOR", "", "Hospital Two"),
        Party("Bea Builder", "STUDY_DIRECTOR", "", "A University"),
    )
    assert trial.identifiers == (Identifier("ABC (2015)", "ORG"), Identifier("2015-000001-11", "EUDRACT_NUMBER"))
    assert trial.keywords == ("mammary", "kinase")
    assert trial.mesh == ()
    assert trial.other == (
        ("pageSection.meshTerms[0]", "Breast Neoplasms"),
        ("pageSection.meshTerms[1]", "An unforeseen line of the page"),
    )


def test_the_cells_of_a_classic_page_may_stand_on_lines_of_their_own() -> None:
    text = CLASSIC.replace(
        "Metastatic Breast Cancer HER2-positive Breast Carcinoma Heart Failure Drug: zorafenib Other: placebo Early Phase 1",
        "Lupus\tDrug: zorafenib\tPhase 1/Phase 2\nOdd Feelings\tOther: placebo",
    )
    trial = read_page(text, SOURCE)
    assert (trial.conditions, trial.phases) == (("Lupus", "Odd Feelings"), ("PHASE1", "PHASE2"))
    assert [item.name for item in trial.interventions] == ["zorafenib", "placebo"]


REGISTRY = """ClinicalTrials.Veeva

Menu

A Study of Zorafenib

A Company logo

A Company

Status and phase

Active, not recruiting
Phase 2
Phase 1

Conditions

Lupus

Treatments

Biological: Zorafenib
Device: A pump

Study type

Interventional

Identifiers

NCT09990002
ABC-1

Details and patient eligibility

About

A summary.

Enrollment

1,200 patients

Sex

Female

Ages

2 to 17 years old

Volunteers

Accepts Healthy Volunteers

Inclusion criteria

Part 1:

  • Girls
    continued below

Exclusion criteria

  • Boys

Trial design

Masking

Triple (Participant, Investigator, Outcomes Assessor)

1,200 participants in 2 patient groups, including a placebo group

Arm 1
Active Comparator group
Description:
Zorafenib SC once weekly.
And more.
Treatment:
Biological: Zorafenib
Device: A pump
Arm 2
Placebo Comparator group
Treatment:
Device: A pump

Trial contacts and locations

3

Ann Author

Data sourced from clinicaltrials.gov
"""


def test_a_registry_page_with_everything_different() -> None:
    trial = read_page(REGISTRY, SOURCE)
    assert (trial.nct, trial.brief_title, trial.status) == ("NCT09990002", "A Study of Zorafenib", "ACTIVE_NOT_RECRUITING")
    assert (trial.phases, trial.conditions) == (("PHASE2", "PHASE1"), ("Lupus",))
    assert (trial.minimum_age, trial.maximum_age, trial.healthy_volunteers) == ("2 Years", "17 Years", True)
    assert (trial.masking, trial.who_masked) == ("TRIPLE", ("PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"))
    assert trial.eligibility_text == "Inclusion Criteria:\n\nPart 1:\n\n* Girls continued below\n\nExclusion Criteria:\n\n* Boys"
    assert trial.enrollment == 1200
    assert trial.arms == (
        Arm("Arm 1", "ACTIVE_COMPARATOR", "Zorafenib SC once weekly.\nAnd more.", ("Zorafenib", "A pump")),
        Arm("Arm 2", "PLACEBO_COMPARATOR", "", ("A pump",)),
    )
    assert trial.parties == (Party("A Company", "LEAD"),)
    assert trial.other == (
        ("pageSection.locationCount", "3"),
        ("pageSection.unread[0]", "1,200 participants in 2 patient groups, including a placebo group"),
        ("pageSection.unread[1]", "Ann Author"),
    )


def test_conditions_run_together_are_parted_only_where_a_disease_word_ends_one() -> None:
    assert split_conditions("Recurrent Melanoma Stage IV Skin Melanoma") == ["Recurrent Melanoma", "Stage IV Skin Melanoma"]
    assert split_conditions("Breast Cancer Stage IV") == ["Breast Cancer Stage IV"]
    assert split_conditions("Carcinoma, Non-Small-Cell Lung") == ["Carcinoma, Non-Small-Cell Lung"]
    assert split_conditions("Diabetes Mellitus Rheumatoid Arthritis") == ["Diabetes Mellitus", "Rheumatoid Arthritis"]
    assert split_conditions("Cancer of the Lung Liver Cirrhosis") == ["Cancer of the Lung Liver Cirrhosis"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.text("abc é≥•*-1.", min_size=1, max_size=12).map(str.strip).filter(bool)), min_size=1, max_size=8
    )
)
def test_bullets_keep_their_wording_and_their_order(items: list[tuple[int, str]]) -> None:
    depths: list[int] = []
    for depth, _ in items:
        depths.append(min(depth, depths[-1] + 1 if depths else 0))
    lines = [f"{'    ' * depth}  • x{text}" for depth, (_, text) in zip(depths, items, strict=True)]
    expected = [f"{'  ' * depth}* x{text}" for depth, (_, text) in zip(depths, items, strict=True)]
    assert criteria(lines).split("\n") == expected


# --- pages with something missing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nct", PAGES)
def test_any_line_may_be_missing(nct: str) -> None:
    lines = TEXTS[nct].split("\n")
    whole = read_page(TEXTS[nct], SOURCE)
    unnamed = 0
    for number in range(len(lines)):
        text = "\n".join(lines[:number] + lines[number + 1 :])
        try:
            trial = read_page(text, SOURCE)
        except BadRecord:
            unnamed += 1
            continue
        assert trial.nct == nct
        if not lines[number].strip():
            assert trial.eligibility_text == whole.eligibility_text
    assert unnamed == {"NCT01206140": 2, "NCT01281865": 0}[nct]  # the number, or its heading


@pytest.mark.parametrize("nct", PAGES)
def test_a_page_cut_anywhere_is_read_refused_or_not_recognised(nct: str) -> None:
    lines = TEXTS[nct].split("\n")
    for number in range(0, len(lines), 7):
        for text in ("\n".join(lines[:number]), "\n".join(lines[number:])):
            try:
                assert read_page(text, SOURCE).nct == nct
            except BadRecord as error:
                assert "names no NCT number" in str(error)
            except BadInput as error:
                assert "neither a classic" in str(error)


def test_a_page_without_its_number_is_rejected_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(REGISTRY.replace("NCT09990002\n", ""), encoding="utf-8")
    (rejected,) = read_trials(path)
    assert isinstance(rejected, Rejected)
    assert "names no NCT number" in rejected.reason
    assert "A Study of Zorafenib" in rejected.raw


@pytest.mark.parametrize("text", ["", "A letter.", "Conditions\nApply\nSex\n", "NCT01206140", "Inclusion Criteria:\n\n• Adults"])
def test_a_text_that_is_no_page_is_refused(text: str) -> None:
    assert page_format(text) == ""
    with pytest.raises(BadInput, match="neither a classic"):
        read_page(text, SOURCE)


@settings(max_examples=150, deadline=None)
@given(nct=st.sampled_from(sorted(PAGES)), data=st.data())
def test_a_shuffled_page_does_not_crash(nct: str, data: st.DataObject) -> None:
    lines = TEXTS[nct].split("\n")
    picked = data.draw(st.lists(st.sampled_from(lines) | st.text(max_size=20), max_size=60))
    for reader in (study_from_classic_page, study_from_registry_page):
        reader("\n".join(picked))
    try:
        read_page("\n".join(picked), SOURCE)
    except BadInput as error:
        assert str(error)
