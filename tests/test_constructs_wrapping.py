"""Lines that were broken where they were full: the text is read as it stood before."""

from __future__ import annotations

import textwrap

import pytest
from criteria_world import ALLOWS, EXCLUDES, IN, OUT, eligibility, found_keys, therapy_rules

from kg.records import Rule

BULLETS = [
    "Prior treatment with orlotamab, enoblituzumab, or other B7-homologue 3 (B7-H3)-targeted agents, including I-DXd.",
    "Patients who have had prior chemotherapy for newly diagnosed (cohort 1) or recurrent (cohort 2) head and neck cancer. "
    "In cohort 2 only, previous perioperative chemotherapy permitted.",
    "Any prior treatment with an anti-PD-1 (programmed cell death protein 1) or anti-PD-L1 agent, "
    "unless the last dose was given at least 3 months before the first dose of the study drug.",
    "Cytotoxic chemotherapy, investigational agents and anticancer drugs within 14 days prior to the first scheduled dose.",
    "Current or recent (within 10 days prior to randomization) chronic use of aspirin > 325 mg/day.",
    "Has received a live vaccine within 30 days. Seasonal influenza vaccines for injection are allowed. "
    "A resolved toxicity of prior anticancer therapy, as told in the inclusion criteria, is accepted.",
    "Hydroxyurea is permitted",
]
"""NCT06330064, NCT03878979, NCT06868277, NCT06332170, NCT02477644, NCT03511222: sentences that hold what may look like a bullet or a heading."""


def told(rules: list[Rule]) -> list[tuple[object, ...]]:
    """What rules say, whatever their offsets."""
    return [
        (r.polarity, r.role, sorted(found_keys([r])), r.window and r.window.days, r.min_dose_mg, r.scope.texts, r.section) for r in rules
    ]


def laid_out(marks: list[str], width: int, indent: int, hanging: bool, gap: str) -> str:
    """The bullets as a text with full lines."""
    lines = [" " * indent + f"{OUT}:", ""]
    for mark, bullet in zip(marks, BULLETS, strict=True):
        first = " " * indent + mark
        below = " " * (len(first) if hanging else indent)
        lines += textwrap.wrap(bullet, width, initial_indent=first, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
        lines += [""] if gap else []
    return "\n".join(lines)


@pytest.mark.parametrize("gap", ["an empty line", ""])
@pytest.mark.parametrize("hanging", [True, False])
@pytest.mark.parametrize(("width", "indent"), [(60, 0), (72, 0), (72, 2), (80, 0), (95, 9), (99, 10)])
@pytest.mark.parametrize("marks", [["- "] * 7, [f"{n}. " for n in range(1, 8)], [f"{c}) " for c in "abcdefg"]])
def test_full_lines_are_read_as_one(marks: list[str], width: int, indent: int, hanging: bool, gap: str) -> None:
    whole = f"{OUT}:\n\n" + "".join(f"{mark}{bullet}\n" for mark, bullet in zip(marks, BULLETS, strict=True))
    text = laid_out(marks, width, indent, hanging, gap)
    found = eligibility(text)
    assert told(therapy_rules(text)) == told(therapy_rules(whole))
    assert [" ".join(c.text.split()) for c in found.criteria] == [c.text for c in eligibility(whole).criteria]
    for thing, words in [(c, c.text) for c in found.criteria] + [(r, r.quote) for r in found.rules] + [(m, m.text) for r in found.rules for m in r.mentions]:  # fmt: skip
        assert text[thing.start : thing.end] == words


def test_a_bullet_of_the_old_register_goes_on_with_whatever_its_lines_begin_with() -> None:
    """NCT02240212: no bullet begins without an empty line before it."""
    text = (
        f"        {IN}:\n\n"
        "          -  Provided signed written informed consent\n\n"
        "          -  Subjects must have recovered from any treatment-related toxicity of all of the therapy\n"
        "             they have had. Note: prior XELOX, XP, FOLFOX, or SP\n             (S-1+cisplatin)) treatment could be eligible, but prior taxane is ineligible. Note that if\n"
        "             patients are refractory, the therapy that they had will be considered as first line\n"
        "             treatment rather than as adjuvant treatment\n"
    )
    taxane = [r for r in therapy_rules(text) if "taxane" in found_keys([r])]
    assert [r.polarity for r in taxane] == [EXCLUDES]


def test_a_paragraph_between_bullets_heads_none_and_one_in_brackets_is_of_the_bullet_before() -> None:
    """NCT01231581."""
    text = (
        f"        {OUT}:\n\n          -  Prior systemic therapy for pancreatic adenocarcinoma.\n\n"
        "        (Prior systemic chemotherapy in the adjuvant setting is allowed; however, gemcitabine is "
        "allowed only if the tumor recurred at least 6 months after its last dose)\n\n"
        "          -  History of another malignancy\n\n        Those above are confirmed by the sponsor.\n\n          -  Current use of warfarin\n"
    )
    first = therapy_rules(text)[0]
    assert first.polarity is EXCLUDES and {c.settings for c in first.carveouts} >= {("adjuvant",)}
    assert [c.depth for c in eligibility(text).criteria] == [0, 0, 0, 0]


def test_criteria_that_are_lines_of_their_own_begin_as_they_like() -> None:
    """NCT04571138: neither a sign nor a small letter tells that a short line goes on with the one before it."""
    text = (
        f"{IN}:\n\n\u2265 7 days post last chemotherapy, with the exception of intrathecal chemotherapy\n\u2265 3 days post tyrosine kinase inhibitor use\n"
        f"Able to give consent\n\n{OUT}:\n\nprior treatment with sunitinib\ncurrent use of warfarin\nprior therapy with imatinib,\nnilotinib or dasatinib\n"
    )
    assert [(sorted(found_keys([r])), r.polarity) for r in therapy_rules(text) if r.polarity is not ALLOWS] == [
        (["chemotherapy"], EXCLUDES),
        (["tyrosine-kinase-inhibitor"], EXCLUDES),
        (["sunitinib"], EXCLUDES),
        (["warfarin"], EXCLUDES),
        (["dasatinib", "imatinib", "nilotinib"], EXCLUDES),
    ]


def test_a_paragraph_among_several_is_one_criterion() -> None:
    """NCT01716312: what its second sentence permits is permitted of what the first forbids."""
    paragraphs = [
        "Subjects who are pregnant, who breast-feed, or who plan to become pregnant while the study goes on.",
        "Subjects currently on anticoagulants or anti-platelet agents. Daily baby aspirin (81 mg) therapy for the prevention of "
        "cardiovascular disease will be allowed. Subjects must agree to report all changes of what they take to the investigator of the study.",
        "Subjects with a history of drug abuse.",
        "Subjects with an active infection.",
    ]
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n" + "\n\n".join(paragraphs)) if r.polarity is EXCLUDES]
    assert [{m.key for m in c.mentions} for c in rule.carveouts] == [{"aspirin"}]


def test_criteria_that_run_on_are_cut_at_their_numbers() -> None:
    """NCT02477644, NCT01090011: numbers with the letter of their section, and numbers before capitals, need no full stop before them."""
    lettered = (
        "E-8. Major surgery within 4 weeks of starting study treatment E-9.\n"
        "        Previous allogeneic bone marrow transplant. E-10. Any previous treatment with PARP inhibitor"
    )
    assert [sorted(found_keys([r])) for r in therapy_rules(f"{OUT}:\n\n{lettered}")] == [
        ["major-surgery"],
        ["allogeneic-stem-cell-transplant"],
        ["parp-inhibitor"],
    ]
    numbered = (
        "2. Stable disease for at least 6 months 3. Progression of disease while on treatment with erlotinib 4. Tumor tissue is available "
        "5. No prior therapy with cetuximab 6. Patients aged 18 years or older"
    )
    assert [c.text[:6] for c in eligibility(f"{IN}:\n\n1. Cancer\n{numbered}").criteria] == [
        "Cancer",
        "Stable",
        "Progre",
        "Tumor ",
        "No pri",
        "Patien",
    ]


@pytest.mark.parametrize(
    "drugs", ["a non-permitted drug/intervention (listed below)", "nonpermitted medications", "non-allowed medication"]
)
def test_what_is_not_permitted_is_forbidden_in_one_word_too(drugs: str) -> None:
    """NCT02994953."""
    text = f"{OUT}:\n\n* Concurrent treatment with {drugs}:\n\n  * Anticancer treatment within 4 weeks\n"
    assert [r.polarity for r in therapy_rules(text)] == [EXCLUDES]


def test_a_label_heads_the_list_that_is_indented_below_it_and_no_more() -> None:
    """NCT04570839."""
    text = f"{IN}:\n\nCohort B:\n\n  * Prior docetaxel is required\n\nPrior therapy with imatinib is required.\n"
    assert [(sorted(found_keys([r])), r.scope.texts) for r in therapy_rules(text)] == [(["docetaxel"], ("Cohort B",)), (["imatinib"], ())]
