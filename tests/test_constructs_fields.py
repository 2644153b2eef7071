"""Radiotherapy told by how much of the body it reached, where, or by its dose."""

from __future__ import annotations

import pytest
from criteria_world import EXCLUDES, IN, OUT, found_keys, therapy_rules


def test_wash_outs_of_radiotherapy_by_its_field() -> None:
    """NCT04322318."""
    text = (
        f"{IN}:\n\n* Radiation therapy (RT): >= 2 weeks (wks) must have elapsed for local palliative RT (small port); >= 6 months must have "
        "elapsed if prior craniospinal RT or if >= 50% radiation of pelvis; >= 6 wks must have elapsed if other substantial bone marrow "
        "(BM) radiation.\n"
    )
    times = {(m.key, r.window.days or r.window.months) for r in therapy_rules(text) for m in r.mentions if r.window}
    assert times == {
        ("palliative-radiotherapy", 14),
        ("craniospinal-irradiation", 6),
        ("wide-field-radiotherapy", 6),
        ("wide-field-radiotherapy", 42),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior irradiation to > 25% of the bone marrow",  # NCT05735080
        "Radiation therapy that included >30% of the bone marrow",  # NCT06704724
        "Patients with prior wide-field radiotherapy (RT) affecting at least 20% of the bone marrow.",  # NCT05403554
        "More than 30% bone marrow irradiation",
    ],
)
def test_radiotherapy_to_much_of_the_marrow_is_of_wide_fields(sentence: str) -> None:
    assert found_keys(therapy_rules(f"{OUT}:\n\n* {sentence}\n")) == {"wide-field-radiotherapy"}


@pytest.mark.parametrize(
    ("sentence", "doubted"),
    [
        ("More than 30 Gy of radiotherapy to the lung within 6 months of randomization", True),  # NCT06497556
        ("Have received > 30 Gy of chest radiotherapy within 8 weeks prior to the first dose", True),  # NCT07174583
        ("Thoracic radiotherapy within 8 weeks, or more than 30 Gy", False),
        ("Concurrent radiotherapy to greater than 10% of total liver or lung", True),  # NCT00003194
        ("Local radiotherapy within 2 weeks", False),
    ],
)
def test_a_dose_or_a_share_of_an_organ_is_known_of_no_patient(sentence: str, doubted: bool) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES and bool(rule.doubts) is doubted and not rule.routes


def test_a_longer_time_of_one_field_leaves_nothing_open_of_all_radiotherapy() -> None:
    """NCT07358260."""
    local, total = therapy_rules(f"{IN}:\n\n* XRT: \u2265 14 days after local XRT; \u2265 150 days after TBI\n")
    assert not local.carveouts and total.window is not None and total.window.days == 150
