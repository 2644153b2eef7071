"""What brackets except, permit or leave alone."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, REQUIRES, found_keys, therapy_rules


@pytest.mark.parametrize(
    "words", ["(up to 14 days of imatinib is accepted)", "(for up to 14 days)", "(imatinib for at most 14 days is allowed)"]
)
def test_how_long_an_excepted_drug_may_have_been_given_is_told_in_brackets(words: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* No TKI other than imatinib {words}\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("depends", ["imatinib"])]


def test_a_wash_out_that_brackets_permit_frees_nobody_on_the_drug() -> None:
    """NCT06500819: who goes on taking steroids is kept out."""
    words = "immunosuppressive therapy (a one-week washout from immunosuppressive therapy is permitted)"
    rules = therapy_rules(f"{OUT}:\n\n* Patients who require {words}\n")
    assert {r.polarity for r in rules} == {EXCLUDES} and not any(r.carveouts for r in rules)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (IN, "Relapsed or refractory disease after no more than 1 line of prior therapy (not counting radiotherapy)"),
        (OUT, "More than 2 prior lines of systemic therapy (not counting radiotherapy)"),
        (IN, "No prior systemic therapy for metastatic disease (without counting radiotherapy)"),
    ],
)
def test_what_is_not_counted_is_excepted(section: str, sentence: str) -> None:
    """NCT04561206: radiotherapy is no line."""
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert [(c.effect, [m.key for m in c.mentions]) for c in rule.carveouts] == [("allows", ["radiotherapy"])]


@pytest.mark.parametrize(
    "words",
    [
        "(Prior gemcitabine is allowed.)",
        "(Note: gemcitabine is permitted)",
        "(Prior gemcitabine should not be considered exclusionary.)",
        "Prior gemcitabine is non-exclusionary.",
        "(Prior gemcitabine does not make patients ineligible.)",
    ],
)
def test_a_sentence_in_brackets_permits_as_any_other(words: str) -> None:
    """NCT01231581, NCT02159248."""
    rules = [r for r in therapy_rules(f"{OUT}:\n\n* Prior systemic chemotherapy. {words}\n") if r.polarity is EXCLUDES]
    assert [[m.key for c in r.carveouts for m in c.mentions] for r in rules] == [["gemcitabine"]]


def test_an_exception_in_brackets_is_of_what_stands_before_it() -> None:
    """NCT03974217: alopecia is excepted from toxicities; NCT05417321: biopsies are excepted from surgery."""
    chemotherapy = (
        "chemotherapy within 2 weeks or those who have not recovered from adverse events (to at least grade 1 with exception of alopecia)"
    )
    (rule,) = therapy_rules(f"{OUT}:\n\n* Participants receiving any leukemia-directed {chemotherapy}\n")
    assert rule.carveouts == ()
    surgery, others = therapy_rules(
        f"{OUT}:\n\n* Major surgery (except for needle biopsy) or chemotherapy < 4 weeks prior to the first dose\n"
    )
    assert (len(surgery.carveouts), others.carveouts) == (1, ())


def test_brackets_behind_several_therapies_of_a_list_are_each_of_one() -> None:
    """NCT02029690."""
    listed = "Radiotherapy (except for palliative reasons), targeted therapy, or immunotherapy (except for patients with uveal melanoma)"
    rules = therapy_rules(f"{OUT}:\n\n* {listed} within four weeks.\n")
    assert {m.key: len(r.carveouts) for r in rules for m in r.mentions} == {"radiotherapy": 1, "targeted-therapy": 0, "immunotherapy": 1}


def test_a_therapy_left_out_in_brackets_is_freed() -> None:
    """NCT04167618: two routes, of which one is systemic; the steroids do not count."""
    sentence = "Received systemic or intrathecal cytotoxic chemotherapy (corticosteroids not included) less than 3 weeks prior to the screening visit."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([rule]) == {"chemotherapy"}
    assert rule.routes == ("systemic", "intrathecal")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["corticosteroid"]


def test_examples_in_brackets_behind_other_ills_are_excepted() -> None:
    """As in many protocols of one group; adrenal failure is adrenal insufficiency."""
    hormones = "steroids for adrenal failure, or hormones for nondisease-related conditions (e.g., insulin for diabetes)"
    rules = therapy_rules(f"{IN}:\n\n* No concurrent hormonal therapy except {hormones}\n")
    assert "insulin" not in found_keys(rules)
    (rule,) = therapy_rules(f"{IN}:\n\n* No concurrent corticosteroids except for adrenal failure\n")
    assert ("allows", "physiologic") in {(c.effect, c.dose_level) for c in rule.carveouts}


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Aspirin (up to 325 mg daily allowed), NSAIDs", {"aspirin": [325.0], "nsaid": [325.0]}),
        ("Warfarin (1 mg/day allowed), aspirin (81 mg/day allowed)", {"warfarin": [1.0], "aspirin": [81.0]}),
        ("CYP3A4 inhibitors (fluconazole is acceptable) and rifampicin (none acceptable)", {"": [None], "rifampicin": []}),
        ("Antibiotics, antifungals (up to 100 mg allowed)", {"antibiotic": [100.0], "antifungal": [100.0]}),
    ],
)
def test_each_therapy_has_brackets_of_its_own(sentence: str, found: dict[str, list[float | None]]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert {m.key: [c.max_dose_mg for c in r.carveouts] for r in rules for m in r.mentions} == found


@pytest.mark.parametrize(
    ("sentence", "keys", "freed"),
    [
        (
            "At least 42 days must have elapsed after any type of immunotherapy other than monoclonal antibodies (e.g. CAR-T therapy)",
            {"immunotherapy", "car-t-cell-therapy"},
            {"monoclonal-antibody"},
        ),  # NCT05740449
        (
            "History of organ transplant, except for transplants not requiring immunosuppression (e.g. corneal transplant)",
            {"solid-organ-transplant"},
            {"immunosuppressant", "corneal-transplant"},
        ),  # NCT07307053
        (
            "Live virus vaccine within 30 days except for Corona Virus Disease 2019(COVID-19) vaccine",
            {"live-vaccine"},
            {"covid-19-vaccine"},
        ),  # NCT05706207
    ],
)
def test_examples_in_brackets_are_of_what_is_meant(sentence: str, keys: set[str], freed: set[str]) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (found_keys(rules), {m.key for r in rules for c in r.carveouts for m in c.mentions}) == (keys, freed)


def test_brackets_that_shut_out_patients_of_one_part_except_nothing() -> None:
    """NCT04895709."""
    sentence = "Received standard therapies (except for Part 1C, where participants with prior docetaxel use will be excluded)"
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule]), rule.scope.texts) == (EXCLUDES, {"docetaxel"}, ("part 1c",))


@pytest.mark.parametrize(
    "words", ["adjuvant and neoadjuvant therapy excluded", "adjuvant therapy is excluded", "excluding adjuvant therapy"]
)
def test_settings_left_out_in_brackets_do_not_count(words: str) -> None:
    """NCT06324357."""
    text = f"Patients must have had at least one prior line of therapy for metastatic disease ({words}) and documented disease progression"
    (rule,) = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert (rule.polarity, rule.settings) == (REQUIRES, ("metastatic",))


def test_an_exception_ends_with_the_brackets_in_brackets() -> None:
    """NCT04088721."""
    sentence = "beta-blocker, xanthines (including theophylline, but not including caffeine), anticholinergics, cromoglycates"
    rules = therapy_rules(f"{OUT}:\n\n* Chronic use of concomitant medications \\[e.g., {sentence}\\]\n")
    assert "anticholinergic" in found_keys(rules)
    assert {m.key for r in rules for c in r.carveouts for m in c.mentions} == {"caffeine"}


@pytest.mark.parametrize(
    ("section", "sentence", "out", "freed"),
    [
        (OUT, "Azoles (not fluconazole) or macrolides", {"azole-antifungal", "macrolide"}, {"fluconazole"}),
        (OUT, "Vitamin K antagonists (not LMWH or DOACs)", {"vitamin-k-antagonist"}, {"low-molecular-weight-heparin", "doac"}),
        (OUT, "Antiplatelets (not low-dose aspirin)", {"antiplatelet"}, {"aspirin"}),
        (OUT, "Clarithromycin (azithromycin, another macrolide, may be used)", {"clarithromycin"}, {"azithromycin"}),
        (OUT, "Warfarin therapy (alternative anticoagulants such as apixaban are allowed)", {"warfarin"}, {"apixaban"}),
        (OUT, "Phenytoin and other EIAEDs (levetiracetam and other non-EIAEDs are permitted)", {"phenytoin", "enzyme-inducing-anticonvulsant"}, {"levetiracetam"}),
        (IN, "Antibiotics allowed (not rifampin, not clarithromycin)", {"rifampicin", "clarithromycin"}, set()),
        (IN, "Patients may continue statins (simvastatin excluded)", {"simvastatin"}, set()),
        (IN, "Statin therapy is permissible (pravastatin or fluvastatin only)", {"statin"}, {"pravastatin", "fluvastatin"}),
        (IN, "Antifungals allowed: fluconazole only", {"antifungal"}, {"fluconazole"}),
        (OUT, "Azole antifungals are permitted (fluconazole only)", {"azole-antifungal"}, {"fluconazole"}),
    ],
)  # fmt: skip
def test_what_brackets_leave_out_or_leave_alone(section: str, sentence: str, out: set[str], freed: set[str]) -> None:
    rules = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert (found_keys(rules), {m.key for r in rules for c in r.carveouts for m in c.mentions}) == (out, freed)
