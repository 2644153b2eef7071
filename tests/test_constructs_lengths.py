"""For how long, or in how many cycles, a therapy was given: what a patient's data do not say, and a person has to look up."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, REQUIRES, therapy_rules

from kg.criteria.times.durations import HOW_LONG


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (OUT, "Any aromatase inhibitor for more than 1 month in the metastatic setting"),
        (OUT, "Prior treatment with an aromatase inhibitor lasting over 6 months"),
        (OUT, "Imatinib exposure of more than 1 year in total"),
        (OUT, "Nivolumab treatment exceeding 6 months"),
        (OUT, "EGFR-TKI therapy < 4 weeks duration followed by progression"),
        (OUT, "Prior EGFR TKI given for <12 weeks"),
        (OUT, "Patients having had > 2 months of erlotinib or gefitinib"),
        (OUT, "Duration of prior imatinib treatment > 3 years"),
        (OUT, "Less than 2 doses of prior anti-PD-1"),
        (OUT, "Lenalidomide over and above 4 cycles"),
        (IN, "No previous exposure to lenalidomide beyond 3 cycles"),
        (IN, "No prior trastuzumab for longer than 12 weeks"),
        (IN, "Prior lenalidomide: no more than 2 cycles"),
        (IN, "Imatinib for no longer than 6 months is allowed prior to registration"),
        (IN, "Prior PARP inhibitor is allowed if given for at least 6 months without progression"),
        (IN, "Endocrine therapy for metastatic disease is permitted only if it lasted > 12 months before PD"),
        (IN, "No more than 3 months of prior hormonal therapy for metastatic disease"),
    ],
)
def test_for_how_long_a_therapy_was_given_is_a_doubt(section: str, sentence: str) -> None:
    for rule in therapy_rules(f"{section}:\n\n* {sentence}\n"):
        assert (rule.polarity, rule.window, HOW_LONG in rule.doubts) == (EXCLUDES, None, True)


@pytest.mark.parametrize(
    ("section", "sentence", "polarity", "timed"),
    [
        (IN, "No chemotherapy for at least 4 weeks", EXCLUDES, True),
        (OUT, "Off chemotherapy for less than 4 weeks", EXCLUDES, True),
        (OUT, "Chemotherapy for less than 4 weeks before enrollment", EXCLUDES, True),
        # NCT05752877
        (IN, "Stopped administration of PD-1 or PD-L1 antibody for more than 4 weeks", EXCLUDES, True),
        (IN, "Treated with imatinib for at least 6 months", REQUIRES, False),
        # NCT06954246
        (IN, "SCLC with disease progression after at least two cycles of platinum-based therapy", REQUIRES, False),
    ],
)
def test_other_times_and_what_is_asked_for_are_none_of_it(section: str, sentence: str, polarity: str, timed: bool) -> None:
    rules = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert {(r.polarity, r.window is not None, HOW_LONG in r.doubts) for r in rules} == {(polarity, timed, False)}


@pytest.mark.parametrize(
    ("sentence", "effects"),
    [
        # NCT03319901
        (
            "Systemic chemotherapy within 14 days (with the exception of hydroxyurea and/or dexamethasone, or one dose of cytarabine)",
            {"hydroxycarbamide": "allows", "dexamethasone": "allows", "cytarabine": "depends"},
        ),
        (
            "Prior chemotherapy other than up to 5 days of cytarabine or one dose of rituximab",
            {"cytarabine": "depends", "rituximab": "depends"},
        ),
        ("Prior chemotherapy (up to 2 weeks of capecitabine is tolerated)", {"capecitabine": "depends"}),
        ("Prior chemotherapy except capecitabine", {"capecitabine": "allows"}),
        (
            "Prior chemotherapy, except cisplatin or carboplatin with radiation",
            {"cisplatin": "depends", "carboplatin": "depends", "radiotherapy": "allows"},
        ),
        (
            "Prior systemic therapy (hormonal therapy is allowed, as is platinum as a radiosensitizer)",
            {"endocrine-therapy": "allows", "platinum-agent": "depends"},
        ),
        ("Prior chemotherapy except radiosensitizing cisplatin", {"cisplatin": "depends"}),
    ],
)
def test_how_much_of_an_excepted_therapy_was_given_depends(sentence: str, effects: dict[str, str]) -> None:
    freed = {m.key: c.effect for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") for c in r.carveouts for m in c.mentions}
    assert freed == effects


def test_an_exception_by_the_longest_time_of_use_is_no_wash_out() -> None:
    for sentence in (
        "Prior trastuzumab, except for a maximum of 6 weeks preceding registration",
        "Prior trastuzumab except for up to 6 weeks",
        "Prior trastuzumab, except for a duration of less than 28 days",
    ):
        (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
        assert [c.effect for c in rule.carveouts] == ["conditional"]


def test_how_long_what_is_excepted_was_given_doubts_nothing_else() -> None:
    for excepted in ("hydroxyurea for up to 2 weeks, or ATRA < 7 days", "corticosteroids for < 1 week"):
        rules = therapy_rules(f"{OUT}:\n\n* Prior therapy for leukemia other than {excepted}\n")
        assert rules and not any(r.doubts or r.window for r in rules)


@pytest.mark.parametrize(
    "length", ["for 7 or more days", "(7 days or more)", "(≥ 7 days)", "lasting 7 days or longer", "for at least 7 days"]
)
def test_how_long_antibiotics_were_given_and_how_long_ago(length: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Systemic antibiotics {length} within 28 days before enrolment\n")
    assert rule.window is not None
    assert (rule.window.days, rule.doubts) == (28, ("for how long it was given",))


def test_a_permission_without_a_length_is_one() -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* Prior imatinib is allowed\n")
    assert rule.polarity is ALLOWS
