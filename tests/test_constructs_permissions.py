"""What a sentence permits, and whom the permission frees."""

from __future__ import annotations

import pytest
from criteria_world import ALLOWS, CURRENT, EXCLUDES, IN, OUT, PRIOR, REQUIRES, found_keys, therapy_rules


@pytest.mark.parametrize(
    ("sentence", "effect", "routes"),
    [
        ("Anticancer therapy, except oral targeted therapy, within 4 weeks", "allows", ("oral",)),
        ("Anticancer therapy within 4 weeks (2 weeks for oral targeted agents)", "window", ("oral",)),
        ("Anticancer therapy within 4 weeks (2 weeks for targeted agents)", "window", ()),
        ("Chemotherapy except oral chemotherapy within 4 weeks", "allows", ()),
    ],
)
def test_what_is_excepted_as_swallowed_leaves_what_is_infused(sentence: str, effect: str, routes: tuple[str, ...]) -> None:
    """NCT04691388; the class of oral chemotherapy holds no other drugs."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert [(c.effect, c.routes) for c in rule.carveouts] == [(effect, routes)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior chemotherapy is neither required nor excluded",
        "Prior chemotherapy is not required nor prohibited",
        "Prior chemotherapy is neither a requirement nor an exclusion",
        "Prior chemotherapy is not mandatory but not an exclusion criterion",
        "No prior immunotherapy or chemotherapy is required",
        "Neither prior chemotherapy nor prior immunotherapy is required",
        "Patients may or may not have received prior chemotherapy",
        "Patients may have received or not received prior chemotherapy",
        "Patients may have had, or not had, prior chemotherapy",
        "Patients may have received or may not have received prior chemotherapy",
        "Patients need not have received prior chemotherapy",
        "There is no requirement for prior chemotherapy",
        "Prior chemotherapy is not obligatory, nor is it prohibited",
        "Patients who have not received, or have progressed on, chemotherapy",
        "Subjects can have had, but need not have had, prior chemotherapy",
        "Both chemotherapy-naive and chemotherapy-pretreated patients are eligible",
    ],
)
def test_what_may_have_been_had_or_not_keeps_nobody_out(sentence: str) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {r.polarity for r in rules} == {ALLOWS} and "chemotherapy" in found_keys(rules)


def test_who_may_not_have_had_another_therapy_may_have_had_the_one_before() -> None:
    sentence = "Patients with previous immunotherapy who may not have had a BRAF inhibitor"
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert {(r.polarity, key) for r in rules for key in found_keys([r])} == {(REQUIRES, "immunotherapy"), (EXCLUDES, "braf-inhibitor")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with neither prior chemotherapy nor immunotherapy are eligible",
        "Patients who have received neither chemotherapy nor immunotherapy are eligible",
    ],
)
def test_who_had_neither_of_two_are_all_that_come(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"chemotherapy", "immunotherapy"})


@pytest.mark.parametrize(
    "words",
    ["allowed only as part of perioperative treatment", "permitted only when it was part of adjuvant therapy", "allowed only as adjuvant"],
)
@pytest.mark.parametrize("heading", [IN, OUT])
def test_a_therapy_that_one_setting_alone_permits_keeps_out_in_any_other(words: str, heading: str) -> None:
    rules = [r for r in therapy_rules(f"{heading}:\n\n* Prior trastuzumab is {words}\n") if r.polarity is EXCLUDES]
    assert [(found_keys([r]), all(c.settings for c in r.carveouts)) for r in rules] == [({"trastuzumab"}, True)]


def test_a_drug_that_is_permitted_in_one_regimen_alone_keeps_out_in_any_other() -> None:
    for whole, freed in (("FLOT", [("allows", "flot")]), ("chemoradiation", [("conditional", "")])):
        rules = [r for r in therapy_rules(f"{OUT}:\n\n* Docetaxel is allowed only as part of {whole}\n") if r.polarity is EXCLUDES]
        assert found_keys(rules) == {"docetaxel"}
        assert [(c.effect, "".join(m.key for m in c.mentions)) for r in rules for c in r.carveouts] == freed


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Prior anti-angiogenic therapy. Prior bevacizumab is allowed if completed more than 4 weeks before study entry.", "bevacizumab"),
        ("Prior anti-angiogenic therapy; bevacizumab ok if ended \u2265 4 weeks", "bevacizumab"),
        ("Prior immunotherapy. Interferon is permitted provided that the last dose was at least 28 days before day 1", "interferon"),
    ],
)
def test_a_kind_of_what_is_kept_out_is_free_after_the_time_that_its_permission_asks_for(sentence: str, key: str) -> None:
    wide = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    freed = {m.key: (c.effect, c.window and (c.window.days, c.window.within)) for c in wide.carveouts for m in c.mentions}
    assert (wide.polarity, wide.window, freed.get(key)) == (EXCLUDES, None, ("window", (28, False)))


def test_an_exclusion_that_permits_what_ended_long_ago_keeps_out_what_ended_lately() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Prior bevacizumab is allowed if completed more than 4 weeks before study entry\n")
    assert rule.window is not None and (rule.window.days, rule.window.within, rule.doubts) == (28, False, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Both treatment-naive and pretreated subjects may enter, with the exception of those pretreated with MEK inhibitors",
        "Previously treated patients are eligible, except those who received a MEK inhibitor",
        "Previously treated patients are allowed, except for prior MEK inhibitors",
    ],
)
def test_of_those_who_may_come_whatever_they_had_some_are_excepted(sentence: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, PRIOR, {"mek-inhibitor"})


@pytest.mark.parametrize(
    ("section", "sentence", "kept", "freed"),
    [
        (IN, "The only azole allowed is fluconazole", "azole-antifungal", {"fluconazole"}),
        (IN, "LMWH is the only anticoagulant allowed", "anticoagulant", {"low-molecular-weight-heparin"}),
        (OUT, "Statins: only pravastatin and rosuvastatin may be used", "statin", {"pravastatin", "rosuvastatin"}),
        (IN, "Anticonvulsants limited to levetiracetam or lamotrigine", "anticonvulsant", {"levetiracetam", "lamotrigine"}),
        (IN, "If anticoagulation is needed, apixaban or rivaroxaban only", "anticoagulant", {"apixaban", "rivaroxaban"}),
        (OUT, "Allowed anticoagulants are the following: LMWH, apixaban", "anticoagulant", {"low-molecular-weight-heparin", "apixaban"}),
        (OUT, "Anticoagulants permitted: LMWH, apixaban", "anticoagulant", {"low-molecular-weight-heparin", "apixaban"}),
        (IN, "Antiplatelet agents that are allowed are aspirin up to 100 mg and clopidogrel", "antiplatelet", {"aspirin", "clopidogrel"}),
        (
            IN,
            "If anticoagulation is required, LMWH must be used rather than warfarin",
            "anticoagulant",
            {"low-molecular-weight-heparin"},
        ),
    ],
)
def test_the_only_kind_that_is_left(section: str, sentence: str, kept: str, freed: set[str]) -> None:
    (rule,) = [r for r in therapy_rules(f"{section}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert (found_keys([rule]), {m.key for c in rule.carveouts for m in c.mentions}) == ({kept}, freed)


@pytest.mark.parametrize(
    ("sentence", "effect", "level"),
    [
        ("Only prophylactic doses of anticoagulants are permitted", "allows", "low"),
        ("Steroids are permitted only for physiologic replacement", "allows", "physiologic"),
        ("Steroids are allowed only as premedication or replacement", "purpose", ""),
    ],
)
def test_the_only_use_that_is_left(sentence: str, effect: str, level: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, [(c.effect, c.dose_level) for c in rule.carveouts]) == (EXCLUDES, [(effect, level)])


@pytest.mark.parametrize(
    ("sentence", "key", "routes", "level"),
    [
        ("Prophylactic (but not therapeutic) anticoagulation is allowed", "anticoagulant", (), "low"),
        ("Low-dose but not full-dose anticoagulants are allowed", "anticoagulant", (), "low"),
        ("Inhaled but not systemic steroids are permitted", "systemic-corticosteroid", ("inhaled",), ""),
        ("Topical, but not systemic, corticosteroids are allowed", "systemic-corticosteroid", ("topical",), ""),
    ],
)
def test_one_form_but_not_the_other_is_permitted(sentence: str, key: str, routes: tuple[str, ...], level: str) -> None:
    (rule,) = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {key})
    assert (rule.carveouts[0].routes, rule.carveouts[0].dose_level) == (routes, level)


def test_with_or_without_joins_and_permits_nothing() -> None:
    """NCT05466149, here under the other heading."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* prior platinum-based chemotherapy with or without anti-PD1/PD-L1 agents\n")
    assert (rule.polarity, found_keys([rule])) == (EXCLUDES, {"platinum-agent"})


def test_what_a_permission_of_medicines_leaves_out_is_excluded() -> None:
    """Where other medicines are allowed, those excepted are not; an exception in a time leaves out those given in it."""
    (rule,) = therapy_rules(f"{IN}:\n\n* Other concurrent medication is allowed except for warfarin and St. John's wort\n")
    assert (rule.polarity, rule.role, found_keys([rule])) == (EXCLUDES, CURRENT, {"warfarin", "st-johns-wort"})
    rules = therapy_rules(f"{IN}:\n\n* Prior chemotherapy is allowed unless given within 4 weeks\n")
    assert [r.window and r.window.days for r in rules if r.polarity is EXCLUDES] == [28]


def test_a_permission_of_other_therapy_frees_nothing_of_what_is_ruled_on() -> None:
    """Neither does that other therapy is allowed, nor that a patient may have had none of it after all."""
    for sentence in (
        "Chemotherapy within 4 weeks (other anticancer therapy such as hormonal therapy is allowed)",
        "Prior participation in a trial of olaparib, unless it is known that the patient received placebo",
    ):
        (rule,) = (r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
        assert (rule.carveouts, rule.doubts) == ((), ())


def test_a_drug_that_goes_on_is_not_freed_by_that_it_could_stop() -> None:
    """NCT06004661."""
    sentence = "Use of agents known to prolong the QT interval, unless they can be permanently discontinued for the duration of study"
    assert [r.carveouts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")] == [()]
    (rule,) = therapy_rules(f"{OUT}:\n\n* Use of agents known to prolong the QT interval, unless deemed medically necessary\n")
    assert rule.carveouts


@pytest.mark.parametrize(
    ("section", "lead"), [(OUT, "eligible, unless they have experienced any of the following"), (IN, "allowed, except")]
)
def test_what_a_permission_excepts_below_keeps_out(section: str, lead: str) -> None:
    """NCT06108479."""
    rules = therapy_rules(
        f"{section}:\n\n* Patients with prior anti-PD-1 treatment are {lead}:\n\n  * Prior docetaxel\n  * Prior ipilimumab\n"
    )
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"docetaxel", "ipilimumab"}
    assert not [r for r in rules if r.polarity is EXCLUDES and r.doubts]


def test_an_exception_from_a_permission_may_be_a_sentence_of_its_own() -> None:
    """NCT05576896."""
    rules = therapy_rules(f"{IN}:\n\n* Any type and number of prior anticancer therapies. Exception: BRAF or MEK inhibitors.\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"braf-inhibitor", "mek-inhibitor"}


def test_what_is_allowed_may_follow_without_a_full_stop() -> None:
    """NCT03570619."""
    text = f"{OUT}:\n\n* Need for systemic corticosteroids (except physiologic dose) Topical and inhaled corticosteroids are allowed if needed.\n"
    rules = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert {k for r in rules for k in found_keys([r])} == {"systemic-corticosteroid"}


def test_what_is_permitted_until_it_must_be_discontinued() -> None:
    """NCT07015242."""
    text = f"{IN}:\n\n* Corticosteroids are permitted prior to ICF signature but must be discontinued at the time of ICF signature\n"
    assert any((r.polarity, r.role, found_keys([r])) == (EXCLUDES, CURRENT, {"corticosteroid"}) for r in therapy_rules(text))


def test_those_who_may_receive_a_therapy_are_not_permitted_it() -> None:
    """NCT06532539."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Subjects who may receive other systemic anti-tumor therapies during the study period.\n")
    assert (rule.polarity, rule.role) == (EXCLUDES, CURRENT)


def test_what_is_told_with_or_without_another_therapy_is_not_permitted_by_that() -> None:
    """NCT01085331."""
    text = f"{IN}:\n\n* Progressed during or after a first-line treatment with oxaliplatin based chemotherapy with or without bevacizumab\n"
    rules = therapy_rules(text)
    assert found_keys([r for r in rules if r.polarity is REQUIRES]) == {"oxaliplatin"}
    assert found_keys([r for r in rules if r.polarity is ALLOWS]) == {"bevacizumab"}
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"systemic-anticancer-therapy"}


def test_brackets_that_permit_with_a_verb_of_their_own_except_only_what_stands_before_it() -> None:
    """NCT06951243."""
    sentence = "Has positive results in virus serology tests (participants receiving antivirals other than interferon are allowed)"
    rules = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert found_keys([r for r in rules if r.polarity is EXCLUDES]) == {"interferon"}


def test_what_is_permitted_alone_frees_nobody_who_had_both() -> None:
    """NCT05417321."""
    text = (
        f"{OUT}:\n\n* Previous simultaneous therapy with a PD-1 pathway inhibitor and a TIGIT inhibitor; previous monotherapy with "
        "TIGIT/PD-1/PD-L1 inhibitor is allowed.\n"
    )
    (rule,) = [r for r in therapy_rules(text) if r.polarity is EXCLUDES]
    assert (rule.combined, rule.carveouts) == (True, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Treatment with systemic therapy for Stage I-III disease \\> 12 months prior to development of metastases do not count as a line of "
        "therapy.",  # NCT06248606
        "Systemic therapy that ended 12 months before relapse will not count as a prior line.",
        "Chemotherapy > 12 months prior to enrollment does not count toward this limit.",
        "This is no limited on prior lines of ICI received.",  # NCT05779423
    ],
)
def test_how_lines_are_counted_keeps_nobody_out(sentence: str) -> None:
    assert not any(r.polarity is EXCLUDES for r in therapy_rules(f"{IN}:\n\n* {sentence}\n"))


def test_what_does_not_count_as_a_line_is_still_freed_after_its_time() -> None:
    text = "No prior chemotherapy. Prior chemotherapy that ended more than 12 months before enrollment does not count as a line."
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert [c.effect for c in rule.carveouts] == ["window"]


def test_what_was_allowed_before_counts_as_a_line() -> None:
    """NCT06954246, NCT04570839."""
    text = f"{IN}:\n\n* No more than two prior lines of systemic therapy. Prior PD-1 inhibitors were allowed.\n"
    assert not any(r.carveouts for r in therapy_rules(text) if r.polarity is EXCLUDES)


@pytest.mark.parametrize(
    ("sentence", "key", "freed"),
    [
        ("Steroids allowed only as inhaled or topical preparations", "corticosteroid", ("inhaled", "topical")),
        ("Only topical steroids are allowed", "corticosteroid", ("topical",)),
        ("Corticosteroids must be limited to topical use", "corticosteroid", ("topical",)),
    ],
)
def test_what_is_permitted_in_one_form_only_is_forbidden_in_others(sentence: str, key: str, freed: tuple[str, ...]) -> None:
    rule = next(r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert found_keys([rule]) == {key} and [c.routes for c in rule.carveouts] == [freed]


def test_one_kind_only_is_permitted() -> None:
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* Anticoagulation permitted only in the form of LMWH\n") if r.polarity is EXCLUDES]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["low-molecular-weight-heparin"]


@pytest.mark.parametrize(
    "head", ["Allowed anticoagulants are the following:", "The only anticoagulants allowed are:", "Permitted anticoagulants:"]
)
@pytest.mark.parametrize("section", [IN, OUT])
def test_bullets_below_those_allowed_are_all_that_is_left(section: str, head: str) -> None:
    """NCT04514484."""
    rules = therapy_rules(f"{section}:\n\n* {head}\n   * low-molecular-weight heparins\n   * apixaban\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert found_keys([rule]) == {"anticoagulant"}
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"low-molecular-weight-heparin", "apixaban"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Limited prior therapy, including cytarabine for 72 hours or less",
        "Minimal prior treatment, including tamoxifen",
        "Limited prior chemotherapy (including carboplatin)",
    ],
)
def test_what_may_have_been_had_a_little_is_not_asked_for(sentence: str) -> None:
    """NCT05848687."""
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {ALLOWS}


def test_of_the_untreated_and_those_treated_a_little_a_person_has_to_say() -> None:
    text = "Previously untreated or limited prior therapy including a single cycle of CHOP"
    (rule,) = [r for r in therapy_rules(f"{IN}:\n\n* {text}\n") if r.polarity is EXCLUDES]
    assert rule.doubts == ("how much of it was given",)


@pytest.mark.parametrize(
    "sentence",
    [
        "A wash-out of at least 4 weeks is not required after endocrine therapy",
        "There is no required wash-out for endocrine therapy",
        "No 28-day washout is required for endocrine therapy",
    ],
)
def test_a_wash_out_of_some_length_that_is_not_required(sentence: str) -> None:
    assert {r.polarity for r in therapy_rules(f"{IN}:\n\n* {sentence}\n")} == {ALLOWS}


@pytest.mark.parametrize("words", ["except", "unless", "with the following exceptions"])
def test_a_time_in_brackets_below_an_exception_is_what_is_left(words: str) -> None:
    rules = therapy_rules(f"{OUT}:\n\n* Anticancer therapy within 4 weeks, {words}:\n   * kinase inhibitors (2 weeks)\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert [(c.effect, c.window and c.window.days) for c in rule.carveouts] == [("window", 14)]


@pytest.mark.parametrize("joint", [". ", "\n* And "])
def test_physiologic_doses_beside_one_form_are_of_any_steroid(joint: str) -> None:
    """NCT02650414 names the drug of such doses."""
    rules = therapy_rules(f"{OUT}:\n\n* Use of corticosteroids{joint}inhaled corticosteroids or physiologic doses are allowed\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES]
    assert [({m.key for m in c.mentions}, c.dose_level) for c in rule.carveouts] == [
        ({"inhaled-corticosteroid"}, ""),
        ({"corticosteroid"}, "physiologic"),
    ]


@pytest.mark.parametrize("sentence", ["Acceptable anticoagulants include LMWH", "Anticoagulants are permitted: warfarin with INR below 3"])
def test_what_is_permitted_beside_others_forbids_none(sentence: str) -> None:
    assert [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES] == []


@pytest.mark.parametrize("sentence", ["Inhaled steroids are allowed only if stable", "Steroids are allowed only for 3 days"])
def test_other_terms_of_a_permission_are_no_form(sentence: str) -> None:
    assert not [r for r in therapy_rules(f"{IN}:\n\n* {sentence}\n") if r.polarity is EXCLUDES and not r.doubts]


@pytest.mark.parametrize("words", ["is OK", "ok", "okay", "is fine", "fine", "allowed", "is acceptable"])
def test_what_brackets_let_through(words: str) -> None:
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* Azole antifungals (fluconazole {words})\n") if r.polarity is EXCLUDES]
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["fluconazole"]


def test_what_brackets_do_not_let_through() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Azole antifungals (fluconazole is not ok)\n")
    assert not rule.carveouts


def test_an_exception_that_is_told_below_is_no_circumstance() -> None:
    """NCT05767892."""
    sentence = "Received prior systemic treatment for metastatic disease, with the exception noted below."
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, rule.carveouts) == (EXCLUDES, ())


@pytest.mark.parametrize(
    ("sentence", "excluded", "freed"),
    [
        ("Prior systemic therapy for myeloma [a single pulse of dexamethasone is allowed]", "systemic-anticancer-therapy", "dexamethasone"),
        ("Prior systemic treatment for ES-SCLC {one cycle of platinum is acceptable}", "systemic-anticancer-therapy", "platinum-agent"),
        ("Any prior systemic treatment [except hormonals] for endometrial cancer", "systemic-anticancer-therapy", "endocrine-therapy"),
        ("No previous anti-lymphoma treatment other than steroids for < 1 week", "systemic-anticancer-therapy", "corticosteroid"),
        ("No previous anti-lymphoma treatment other than steroids for up to 7 days", "systemic-anticancer-therapy", "corticosteroid"),
        ("Any prior treatment (surgery not counted)", "anticancer-therapy", "surgery"),
        ("Any prior therapy, surgery not counted", "anticancer-therapy", "surgery"),
        ("Prior therapy (other than hydroxyurea)", "systemic-anticancer-therapy", "hydroxycarbamide"),
        ("No previous palliative systemic therapy, adjuvant chemotherapy allowed", "systemic-anticancer-therapy", "chemotherapy"),
        ("Prior chemotherapy for metastatic disease, adjuvant chemotherapy is allowed", "chemotherapy", "chemotherapy"),
        ("Prior anticoagulants, LMWH is permitted", "anticoagulant", "low-molecular-weight-heparin"),
        ("Systemic anticancer therapy for metastatic disease (other than endocrine)", "systemic-anticancer-therapy", "endocrine-therapy"),
        ("Prior systemic treatment other than endocrine for metastatic breast cancer", "systemic-anticancer-therapy", "endocrine-therapy"),
        ("Prior systemic therapy in the metastatic setting, hormonal excepted", "systemic-anticancer-therapy", "endocrine-therapy"),
        ("Any prior systemic therapy (hormones are allowed)", "systemic-anticancer-therapy", "endocrine-therapy"),
        ("Any prior systemic therapy for breast cancer (up to 2 lines of endocrine therapy are permitted)", "systemic-anticancer-therapy",
         "endocrine-therapy"),
        ("No previous palliative systemic therapy [adjuvant (radio)chemotherapy: completed > 6 months before]", "systemic-anticancer-therapy",
         "chemotherapy"),
        ("Any prior treatment for AML (hydroxyurea, tretinoin excepted)", "anticancer-therapy", "hydroxycarbamide tretinoin"),
        ("Prior treatment for AML, save hydroxyurea", "systemic-anticancer-therapy", "hydroxycarbamide"),
        ("Any prior systemic anticancer therapy, endocrine therapy (max. 4 months) excepted", "systemic-anticancer-therapy",
         "endocrine-therapy"),
    ],
)  # fmt: skip
def test_an_allowance_narrows_the_ban_to_what_it_names(sentence: str, excluded: str, freed: str) -> None:
    """In whatever brackets it stands, and counting lines of the freed therapy only."""
    (rule,) = therapy_rules(f"{IN if sentence.startswith('No ') else OUT}:\n\n* {sentence}\n")
    assert (found_keys([rule]), rule.polarity, rule.lines, rule.window, rule.doubts) == ({excluded}, EXCLUDES, None, None, ())
    assert {m.key for c in rule.carveouts for m in c.mentions} == set(freed.split())


@pytest.mark.parametrize(
    "sentence",
    [
        "Prior chemotherapy, radiotherapy and surgery are allowed",
        "Prior endocrine therapy, such as tamoxifen is allowed",
        "Prior chemotherapy, in the adjuvant setting is allowed",
    ],
)
def test_a_list_or_an_example_behind_a_comma_is_permitted_with_what_stands_before_it(sentence: str) -> None:
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {ALLOWS}


def test_what_ends_in_a_permission_bans_what_stands_before_it() -> None:
    """NCT01814241."""
    sentence = "Any systemic therapy which could be immunomodulatory (e.g. rituximab), Systemic corticosteroid therapy of up to a total of three weeks is allowed."
    rule = therapy_rules(f"{OUT}:\n\n* {sentence}\n")[0]
    assert rule.polarity is EXCLUDES and "rituximab" in found_keys([rule])
    assert {m.key for c in rule.carveouts for m in c.mentions} == {"systemic-corticosteroid"}


def test_the_terms_of_a_permission_permit_nothing_else() -> None:
    """NCT01949337: chemotherapy is that which may have been had early."""
    terms = (
        "is allowable provided that there were six cycles or less and chemotherapy was completed more than 6 months prior to registration"
    )
    text = f"No prior taxane-based chemotherapy for metastatic disease\n\n  * Taxane-based chemotherapy as neoadjuvant therapy {terms}"
    rules = therapy_rules(f"{IN}:\n\n* {text}\n")
    rule = next(r for r in rules if "metastatic" in r.settings)
    assert all("neoadjuvant" in c.settings for c in rule.carveouts)


def test_what_was_stopped_for_its_harm_may_be_permitted() -> None:
    """NCT01949337."""
    text = (
        "No prior taxanes for metastatic disease\n\n  * Taxane-based chemotherapy that was aborted due to allergic reactions is allowable"
    )
    rules = therapy_rules(f"{IN}:\n\n* {text}\n")
    assert {c.effect for r in rules if r.polarity is EXCLUDES for c in r.carveouts} == {"conditional"}


@pytest.mark.parametrize(
    ("text", "freed"),
    [
        ("* Prior treatment with dasatinib. Prior receipt of other TKIs is permitted.", []),
        ("* Prior treatment with BRAF inhibitors. Prior therapy with oral kinase inhibitors is allowed.", []),
        ("* Prior treatment with BRAF inhibitors. Prior therapy with oral multikinase inhibitors is allowed.", ["multikinase-inhibitor"]),
        ("* Chemotherapy within 14 days\n* Prior and concurrent hydroxyurea is permitted", ["hydroxycarbamide"]),
        ("* Prior EGFR TKI\n* Prior systemic therapy in the adjuvant setting is permitted", []),
        ("* Proton pump inhibitors are prohibited, if necessary H2 blockers may provide an alternative", ["h2-blocker"]),
        ("* Chemotherapy within 26 weeks prior to C1D1 Subjects participating in observational studies are eligible.", []),
    ],
)
def test_what_another_sentence_permits(text: str, freed: list[str]) -> None:
    """NCT03595917, NCT04061980, NCT03113643, NCT06376162, NCT04724018."""
    excluding = [r for r in therapy_rules(f"{OUT}:\n\n{text}\n") if r.polarity is EXCLUDES]
    assert (
        [m.key for r in excluding for c in r.carveouts for m in c.mentions] == freed and len(excluding) == 1 and not excluding[0].binds_if
    )


def test_users_who_are_not_excluded_are_all_allowed() -> None:
    """NCT04724018."""
    sentence = "Subjects requiring intermittent use of bronchodilators, inhaled steroids, or local steroid injections will not be excluded."
    assert {r.polarity for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n")} == {ALLOWS}


def test_a_permission_without_a_full_stop_before_it_is_one() -> None:
    """NCT04434040."""
    sentence = (
        "Treatment with therapeutic oral or IV antibiotics within 2 weeks prior to initiation of study treatment Patients receiving prophylactic"
        " antibiotics (e.g., to prevent a urinary tract infection) are eligible for the study."
    )
    (rule,) = [r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES]
    assert (found_keys([rule]), rule.window and rule.window.days) == ({"antibiotic"}, 14)
    assert [c.effect for c in rule.carveouts] == ["purpose"]


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        ("Immunosuppressive therapy (prednisone up to 20 mg permitted, but must be weaned within one month)", "depends"),  # NCT05592015
        ("Immunosuppressive therapy (prednisone up to 20 mg permitted)", "allows"),
        ("Any prior therapy for myeloma other than a short course of corticosteroids", "depends"),  # NCT05257083
        ("Any prior therapy for myeloma other than corticosteroids", "allows"),
        (
            "Prior immunotherapy for melanoma except for anti-CTLA-4. Patients with treated brain metastases are allowed.",
            "allows",
        ),  # NCT04930783
    ],
)
def test_what_is_freed_for_a_while_is_freed_on_terms(sentence: str, effect: str) -> None:
    rule = next(r for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n") if r.polarity is EXCLUDES)
    assert [c.effect for c in rule.carveouts] == [effect]


def test_a_short_course_of_steroids_frees_nobody_who_goes_on_with_them() -> None:
    """NCT05138757."""
    (rule,) = therapy_rules(f"{OUT}:\n\n* Immunosuppressants in the past 12 months (other than a short course of oral steroids)\n")
    assert [c.effect for c in rule.carveouts] == ["depends"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Current treatment with a strong CYP2C8 inhibitor other than those allowed per Section 5.6.1.",  # NCT05465174
        "Use of systemic corticosteroids, except as permitted by the protocol",
        "Taking any QT prolonging drugs, with the exception of those listed as acceptable in Appendix 3",
    ],
)
def test_what_the_protocol_allows_is_excepted_not_permitted(sentence: str) -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* {sentence}\n")
    assert (rule.polarity, [c.effect for c in rule.carveouts]) == (EXCLUDES, ["conditional"])


@pytest.mark.parametrize(
    ("sentence", "keys", "above"),
    [
        ("Statins allowed unless metabolized by CYP3A4", {"cyp3a4/substrate/"}, None),
        ("Azoles are allowed unless they are strong CYP3A4 inhibitors", {"cyp3a4/inhibitor/strong"}, None),
        ("CYP3A4 inhibitors or inducers are allowed except for strong ones", {"cyp3a4/inhibitor/strong", "cyp3a4/inducer/strong"}, None),
        ("Weak or moderate CYP3A4 inhibitors are allowed, except strong", {"cyp3a4/inhibitor/strong"}, None),
        ("Corticosteroids are permitted unless the dose exceeds 10 mg prednisone per day", {"corticosteroid"}, 10),
        ("Aspirin is allowed except at doses > 325 mg", {"aspirin"}, 325),
        ("Stable doses of anticonvulsants (EIAEDs excluded)", {"enzyme-inducing-anticonvulsant"}, None),
        ("Anticonvulsants, except enzyme inducers, are permitted", {"enzyme-inducing-anticonvulsant"}, None),
        ("Anticonvulsants allowed if non-enzyme-inducing", {"enzyme-inducing-anticonvulsant"}, None),
        ("Only non-EIAEDs permitted", {"enzyme-inducing-anticonvulsant"}, None),
    ],
)
def test_what_a_permission_leaves_out_by_what_it_is(sentence: str, keys: set[str], above: float | None) -> None:
    rules = therapy_rules(f"{IN}:\n\n* {sentence}\n")
    (rule,) = [r for r in rules if r.polarity is EXCLUDES and not r.doubts]
    assert (found_keys([rule]), rule.min_dose_mg, rule.carveouts) == (keys, above, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Strong CYP3A inhibitors, unless changed before day 1",
        "Systemic corticosteroids > 10 mg/day prednisone, unless tapered before C1D1",
        "Immunosuppressants unless they have been withdrawn prior to enrollment",
        "Warfarin, unless switched to LMWH prior to enrollment",
    ],
)
def test_who_goes_on_with_a_drug_is_not_freed_by_its_end(sentence: str) -> None:
    assert not any(r.carveouts or r.doubts for r in therapy_rules(f"{OUT}:\n\n* {sentence}\n"))


def test_what_a_drug_was_switched_to_is_freed() -> None:
    (rule,) = therapy_rules(f"{OUT}:\n\n* Anticoagulants, unless switched to LMWH prior to enrollment\n")
    assert [m.key for c in rule.carveouts for m in c.mentions] == ["low-molecular-weight-heparin"]
