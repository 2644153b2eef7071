"""Prior therapy in rarer wordings: negations behind it, elided verbs, counted lines, naive populations and settings."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, PRIOR, REQUIRES, therapy_rules

from kg.records import Polarity


def _polarities(section: str, sentence: str) -> dict[str, set[Polarity]]:
    found: dict[str, set[Polarity]] = {}
    for rule in therapy_rules(f"{section}:\n\n* {sentence}\n"):
        for mention in rule.mentions:
            found.setdefault(mention.key, set()).add(rule.polarity)
    return found


@pytest.mark.parametrize(
    ("section", "sentence", "key", "polarity"),
    [
        (IN, "Systemic therapy for metastatic disease has not been started", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Platinum-sensitive relapse, bevacizumab not given before", "bevacizumab", EXCLUDES),
        (OUT, "Platinum has not been given", "platinum-agent", REQUIRES),
        (IN, "Not pretreated with immune checkpoint inhibitors", "immune-checkpoint-inhibitor", EXCLUDES),
        (IN, "Patients may join as long as they had no immunotherapy", "immunotherapy", EXCLUDES),
        (IN, "Must have received chemotherapy but not anti-PD-1", "pd-1-inhibitor", EXCLUDES),
        (IN, "Prior immunotherapy is allowed; chemotherapy is not", "chemotherapy", EXCLUDES),
        (IN, "Prior everolimus is not allowed, prior sunitinib is", "sunitinib", ALLOWS),
        (OUT, "Absence of prior systemic treatment", "systemic-anticancer-therapy", REQUIRES),
        (OUT, "Prior anti-PD-1 therapy, regardless of line", "pd-1-inhibitor", EXCLUDES),
        # NCT04303169
        (OUT, "Is not naïve to Talimogene laherparepvec (TVEC) and other oncolytic viruses", "talimogene-laherparepvec", EXCLUDES),
        (OUT, "Patients who are not treatment-naive", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Chemotherapy and radiotherapy naïve", "chemotherapy", EXCLUDES),
        (IN, "Patients naive of systemic treatment", "systemic-anticancer-therapy", EXCLUDES),
        (IN, "Disease untreated to date", "systemic-anticancer-therapy", EXCLUDES),
        (OUT, "Previous treatment of the disease under study other than surgery", "systemic-anticancer-therapy", EXCLUDES),
        (OUT, "Prior therapy with any agent besides imatinib", "systemic-anticancer-therapy", EXCLUDES),
    ],
)
def test_who_had_a_therapy(section: str, sentence: str, key: str, polarity: Polarity) -> None:
    assert _polarities(section, sentence)[key] == {polarity}


@pytest.mark.parametrize(
    ("section", "sentence", "most"),
    [
        (OUT, "More than one earlier systemic therapy for metastatic disease", 1),
        (OUT, "More than one prior immunotherapy", 1),
        (OUT, "Two previous lines of chemotherapy", 1),
        (OUT, "Multiple (>3) previous regimens", 3),
        (OUT, "Prior systemic therapy beyond 1st line", 1),
        (OUT, "Second-line chemotherapy or later", 1),
        (IN, "No second-line chemotherapy allowed", 1),
        (IN, "Received no chemotherapy beyond first line", 1),
    ],
)
def test_lines_told_by_place_or_number(section: str, sentence: str, most: int) -> None:
    (rule,) = therapy_rules(f"{section}:\n\n* {sentence}\n")
    assert rule.polarity is EXCLUDES and rule.lines is not None and rule.lines.maximum == most


def test_hours_are_no_lines() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Vaccination within 48 hours prior to the first study drug\n")
    assert rule.lines is None


def test_a_setting_that_is_included_does_not_limit() -> None:
    """NCT06825494: what is told behind the brackets does."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior systemic chemotherapy (including adjuvant) for this malignancy\n")
    assert rule.settings == ()
    text = "No prior systemic therapy (including anti-HER-2 therapy) for advanced or metastatic GC/GEJC."
    assert {r.settings for r in therapy_rules(f"{IN}:\n\n* {text}\n")} == {("locally-advanced", "metastatic")}


def test_what_is_allowed_in_one_setting_only_is_excluded_in_others() -> None:
    rules = therapy_rules(f"{IN}:\n\n* Prior chemotherapy is only allowed in the (neo)adjuvant setting\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert rule.role is PRIOR and [c.settings for c in rule.carveouts] == [("adjuvant", "neoadjuvant")]


def test_a_class_by_its_target_beside_the_kind_of_drug() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior ALK-directed TKI\n")
    assert [(m.key, m.also) for m in rule.mentions] == [("tyrosine-kinase-inhibitor", "alk-inhibitor")]
