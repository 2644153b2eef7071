"""From words to things: exact look-up, ranked search, and mentions in criteria text with exact offsets."""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_world import add_row, load, write_world

from kg.errors import AmbiguousName, UnknownDrug, UnknownName
from kg.knowledge import Knowledge
from kg.names import ANY_CYP, Names
from kg.records import Mention

STUDIES = Path(__file__).parents[2] / "shared" / "studies" / "studies.jsonl.gz"
PHRASES = [line.split("\t") for line in (Path(__file__).parent / "data" / "phrases.tsv").read_text(encoding="utf-8").splitlines()[1:]]


@lru_cache(maxsize=1)
def bundled() -> Names:
    return Names.of(Knowledge.load())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return load(write_world(tmp_path_factory.mktemp("world")))[1]


def meaning(mention: Mention) -> str:
    if mention.kind == "pk":
        strengths = "|".join(mention.strengths) or "any"
        return f"{strengths} {mention.enzyme} {mention.role}" + (" narrow" if mention.narrow_index else "")
    return f"{mention.kind}:{mention.key}" if mention.key else f"target:{mention.target}:{mention.action}"


def meanings(names: Names, text: str) -> set[str]:
    return {meaning(m) for m in names.mentions(text)}


# --- look-up --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("imatinib", "imatinib"),
        ("IMATINIB", "imatinib"),
        ("Gleevec®", "imatinib"),
        ("Gleevec™", "imatinib"),
        ("STI 571", "imatinib"),
        ("sti571", "imatinib"),
        ("imatinib mesylate", "imatinib"),
        ("selumetinib sulfate", "selumetinib"),
        ("Selumetinib Sulphate", "selumetinib"),
        ("selumetinib (AZD6244)", "selumetinib"),
        ("AZD-6244", "selumetinib"),
        ("NAÏVE-DRUG", "trametinib"),
        ("naive drug", "trametinib"),
    ],
)
def test_exact_names_in_any_spelling(world: Names, text: str, drug: str) -> None:
    assert world.resolve(text).key == drug


def test_misspelt_name_suggests_and_does_not_match(world: Names) -> None:
    with pytest.raises(UnknownDrug) as caught:
        world.resolve("trametnib")
    assert "trametinib" in caught.value.suggestions
    assert "did you mean" in str(caught.value)


@pytest.mark.parametrize("text", ["", "   ", "foozumab", "®", "💊"])
def test_unknown_names_raise(world: Names, text: str) -> None:
    with pytest.raises(UnknownDrug):
        world.resolve(text)


def test_ambiguous_name_lists_what_it_stands_for(world: Names) -> None:
    with pytest.raises(AmbiguousName, match="both are written ATO") as caught:
        world.resolve("ATO")
    assert set(caught.value.suggestions) == {"arsenic trioxide", "atovaquone"}


def test_name_on_two_drugs_is_ambiguous_even_if_nobody_declared_it(tmp_path: Path) -> None:
    directory = write_world(tmp_path)
    add_row(directory, "drug_names", name="XX-1", drug="imatinib", kind="code")
    add_row(directory, "drug_names", name="XX-1", drug="gefitinib", kind="code")
    with pytest.raises(AmbiguousName):
        load(directory)[1].resolve("XX-1")


def test_classes_conditions_and_therapies(world: Names) -> None:
    assert world.resolve_class("MEK 1/2 inhibitors").key == "mek-inhibitor"
    assert world.resolve_class("immunosuppressive drugs").key == "immunosuppressant"
    assert world.resolve_condition("Soft-tissue sarcoma").key == "soft-tissue-sarcoma"
    assert world.resolve_condition("acute lymphoblastic leukaemia").key == "acute-lymphoblastic-leukemia"
    assert (world.resolve_therapy("MAID").kind, world.resolve_therapy("MAID").key) == ("regimen", "maid")
    assert (world.resolve_therapy("Afinitor").kind, world.resolve_therapy("Afinitor").key) == ("drug", "everolimus")
    assert (world.resolve_therapy("radiation therapy").kind, world.resolve_therapy("radiation therapy").key) == ("class", "radiotherapy")
    with pytest.raises(UnknownName, match="'imatinib' is not a known drug class"):
        world.resolve_class("imatinib")
    with pytest.raises(UnknownName):
        world.resolve_condition("imatinib")


def test_find_ranks_exact_names_first_and_says_why(world: Names) -> None:
    found = world.find("AZD6244")
    assert (found[0].kind, found[0].key) == ("drug", "selumetinib")
    assert found[0].reason == "code 'AZD6244' of selumetinib"
    assert world.find("mTor inhibitor")[0].key == "mtor-inhibitor"
    assert world.find("trametnib")[0].key == "trametinib"
    assert "spelled like" in world.find("trametnib")[0].reason
    assert [m.score for m in world.find("sarcoma")] == sorted((m.score for m in world.find("sarcoma")), reverse=True)
    assert {"sarcoma", "soft-tissue-sarcoma", "synovial-sarcoma"} <= {m.key for m in world.find("sarcoma")}
    assert world.find("nothing like this at all") == []
    assert world.find("") == []
    assert len(world.find("inhibitor", limit=2)) == 2
    assert all("ambiguous name" in m.reason for m in world.find("ATO") if m.key in ("arsenic-trioxide", "atovaquone"))


def test_every_bundled_class_name_resolves_or_is_ambiguous() -> None:
    names = bundled()
    for drug_class in Knowledge.load().classes.values():
        assert names.resolve_class(drug_class.label).key == drug_class.key, drug_class.label
        for name in (n.text for n in drug_class.names):
            try:
                assert names.resolve_class(name).key == drug_class.key, name
            except AmbiguousName as error:
                assert drug_class.label in error.suggestions, name


def test_every_bundled_drug_and_condition_name_resolves_or_is_ambiguous() -> None:
    names, knowledge = bundled(), Knowledge.load()
    for drug in knowledge.drugs.values():
        for name in (drug.label, *(n.text for n in drug.names)):
            try:
                assert names.resolve(name).key == drug.key, name
            except AmbiguousName as error:
                assert len(error.suggestions) > 1
    for condition in knowledge.conditions.values():
        for name in (condition.label, *(n.text for n in condition.names)):
            try:
                assert names.resolve_condition(name).key == condition.key, name
            except AmbiguousName as error:
                assert condition.label in error.suggestions


def test_every_bundled_class_name_is_found_in_a_sentence() -> None:
    names = bundled()
    missed = []
    for drug_class in Knowledge.load().classes.values():
        for name in (drug_class.label, *(n.text for n in drug_class.names)):
            keys = {m.key for m in names.mentions(f"Treated with {name} before enrolment") if m.kind == "class"}
            if drug_class.key not in keys:
                missed.append((name, drug_class.key, keys))
    assert missed == []


# --- mentions -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("phrase", "expected"), [pytest.param(*row, id=row[0]) for row in PHRASES])
def test_phrases_of_real_protocols(phrase: str, expected: str) -> None:
    assert meanings(bundled(), phrase) == set(expected.split("; "))


def test_one_span_for_all_alternatives_of_a_composed_phrase() -> None:
    text = "Concomitant Strong CYP1A2 or CYP3A4 inducers and/or inhibitors; prior treatment with an mTOR inhibitor"
    mentions = bundled().mentions(text)
    assert {m.text for m in mentions} == {"Strong CYP1A2 or CYP3A4 inducers and/or inhibitors", "mTOR inhibitor"}
    assert {(m.start, m.end) for m in mentions if m.kind == "pk"} == {(12, 62)}


def test_class_that_no_table_defines_is_named_by_its_target(world: Names) -> None:
    [mention] = world.mentions("prior PARP inhibitors")
    assert (mention.kind, mention.key, mention.target, mention.text) == ("class", "", "parp", "PARP inhibitors")
    [mention] = world.mentions("DLL3-targeted agents")
    assert (mention.key, mention.target, mention.action) == ("", "dll3", "targeted")


def test_class_defined_by_target_and_action_needs_no_name(world: Names) -> None:
    assert {m.key for m in world.mentions("inhibitors of MEK1/2")} == {"mek-inhibitor"}
    assert {m.key for m in world.mentions("mTORi")} == {"mtor-inhibitor"}


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        ("Radiotherapy (RT) within 4 weeks", {"RT"}, set()),
        ("tested by RT-PCR", set(), {"RT"}),
        ("Aspirin (ASA) 81 mg", {"ASA"}, set()),
        ("American Society of Anesthesiologists (ASA) class I-II; no ASA IV", set(), {"ASA"}),
        ("positive for anti-SSA", set(), {"SSA"}),
        ("on a stable dose of SSA", {"SSA"}, set()),
        ("MMR vaccine within 30 days", {"MMR vaccine"}, set()),
        ("loss of MMR proteins, MSI-H", set(), {"MMR"}),
        ("stage IIIB, IVA or IVB", set(), {"IVA"}),
        ("IVA chemotherapy", {"IVA"}, set()),
        ("compounds of similar chemical or biologic composition", set(), {"biologic"}),
        ("prior biologic or investigational agent", {"biologic"}, set()),
        ("castrate levels of testosterone", set(), {"testosterone"}),
        ("on testosterone", {"testosterone"}, set()),
        ("performed in a CLIA-certified laboratory", set(), {"CLIA"}),
        ("relapse after CLIA", {"CLIA"}, set()),
        ("free triiodothyronine (FT3)", set(), {"triiodothyronine"}),
        ("takes coumadin", {"coumadin"}, set()),
        ("SAMe 200 mg; the same drug", {"SAMe"}, {"same"}),
    ],
)
def test_a_name_that_means_something_else_here_is_no_mention(text: str, names: set[str], others: set[str]) -> None:
    therapies = {m.text for m in bundled().mentions(text) if m.kind in ("drug", "class", "regimen")}
    assert names <= therapies
    assert not others & therapies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("patients with ALL", {"condition:acute-lymphoblastic-leukemia"}),
        ("all patients", set()),
        ("All patients", set()),
        ("must meet ALL of the following", set()),
        ("ALL PATIENTS MUST CONSENT", set()),
        ("hiv", set()),
        ("HIV", {"condition:hiv-infection"}),
        ("met the criteria", set()),
        ("MET", {"target:met"}),
        ("prior met inhibitor", {"target:met:blocker"}),
        ("afinitor", {"drug:everolimus"}),
        ("Afinitor", {"drug:everolimus"}),
        ("aFinitor", set()),
        ("tki", set()),
        ("TKIs", {"class:tyrosine-kinase-inhibitor"}),
    ],
)
def test_letter_case_decides_for_short_names_and_brands(world: Names, text: str, expected: set[str]) -> None:
    assert {f"{m.kind}:{m.key}" if m.key else meaning(m) for m in world.mentions(text)} == expected


def test_longest_name_wins_and_words_stay_whole(world: Names) -> None:
    assert [m.text for m in world.mentions("soft-tissue sarcomas")] == ["soft-tissue sarcomas"]
    assert world.mentions("sarcomatous, temsirolimuses, imatinibin") == []
    assert meanings(world, "EGFR T790M") == {"target:egfr-t790m"}


def test_drugs_within_a_parenthesis_of_a_composed_phrase_still_count(world: Names) -> None:
    text = "strong inhibitors (e.g. itraconazole) or inducers of CYP3A4"
    assert meanings(world, text) == {"strong cyp3a4 inhibitor", "strong cyp3a4 inducer", "drug:itraconazole"}


def test_therapy_and_its_class_in_one_are_the_narrower(world: Names) -> None:
    assert meanings(world, "carmustine chemotherapy") == {"drug:carmustine"}
    assert meanings(world, "nitrosourea chemotherapy") == {"class:nitrosourea"}
    assert meanings(world, "anthracycline- or nitrosourea-based chemotherapy") == {"class:anthracycline", "class:nitrosourea"}
    assert meanings(world, "chemotherapy, radiotherapy") == {"class:chemotherapy", "class:radiotherapy"}


def test_names_do_not_reach_across_paragraphs_and_bullets(world: Names) -> None:
    assert [m.text for m in world.mentions("soft\n    tissue\n    sarcoma")] == ["soft\n    tissue\n    sarcoma"]
    assert [m.text for m in world.mentions("No soft\n\ntissue sarcoma")] == ["sarcoma"]
    assert [m.text for m in world.mentions("soft\n - tissue sarcoma")] == ["sarcoma"]


def test_general_cytochrome_phrases(world: Names) -> None:
    [mention] = world.mentions("strong CYP450 inhibitors")
    assert (mention.enzyme, mention.role, mention.strengths) == (ANY_CYP, "inhibitor", ("strong",))


def test_marks_and_escapes_do_not_hide_names(world: Names) -> None:
    text = "Gleevec® (imatinib\N{SOFT HYPHEN}mesylate) or everolimus\\[RAD001\\]"
    mentions = world.mentions(text)
    assert (mentions[0].key, mentions[0].text) == ("imatinib", "Gleevec")
    assert ("everolimus", "RAD001") in [(m.key, m.text) for m in mentions]


def check_offsets(names: Names, text: str) -> list[Mention]:
    mentions = names.mentions(text)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert 0 <= mention.start < mention.end <= len(text)
    assert mentions == sorted(mentions, key=lambda m: (m.start, -m.end))
    return mentions


@given(st.text(max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    check_offsets(bundled(), text)


_PIECES = (
    "CYP3A4", "strong", "inhibitors", "or", "and/or", ",", "(", ")", "of", "MEK", "anti-", "PD-1", "/", "\n", "\n\n* ", " - ", "®", "é",
    "ß", "İ", "ﬁ", "①", "≥", " ", "  ", "imatinib", "-based chemotherapy", "platinum", "inducers", "soft tissue", "sarcoma", "ALL",
    "\\[", "\\]",
    "\u200b", "narrow therapeutic index", "substrates", "cytochrome P450", "3A4", "5", "TKI", "i",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=25))
def test_offsets_give_back_the_text_in_any_mixture(pieces: list[str]) -> None:
    check_offsets(bundled(), " ".join(pieces))
    check_offsets(bundled(), "".join(pieces))


@given(st.sampled_from([p[0] for p in PHRASES]), st.text(st.characters(exclude_categories=("L", "N", "Cs", "M")), max_size=5))
def test_what_stands_around_a_phrase_does_not_change_it(phrase: str, around: str) -> None:
    if any(c in "()[]\\/&+,;-" for c in around) or "i" in around:
        return  # these may join a phrase with its surroundings
    found = meanings(bundled(), f"{around}. {phrase} .{around}")
    assert found == meanings(bundled(), phrase)


# --- real records ---------------------------------------------------------------------------------------------------------------------

_DRUG_LIKE = re.compile(
    r"\b[A-Za-z][a-z]{3,}(?:umab|ximab|tinib|ciclib|parib|platin|taxel|rubicin|conazole|thromycin|vastatin|sartan|floxacin|cillin|"
    r"prazole|setron|zepam|zolam|limus|rafenib|lisib|zomib|domide|blastine|cristine|lutamide|xaban|parin|grastim|poetin|fungin)\b"
)


@pytest.mark.skipif(not STUDIES.exists(), reason="the folder of reference records is absent")
def test_real_eligibility_texts() -> None:
    """Offsets hold on every record; of the words that look like a drug's name nearly all are recognised."""
    names = bundled()
    looks, known = 0, 0
    with gzip.open(STUDIES, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = record.get("protocolSection", record).get("eligibilityModule", {}).get("eligibilityCriteria", "")
            spans = [(m.start, m.end) for m in check_offsets(names, text)]
            for word in _DRUG_LIKE.finditer(text):
                looks += 1
                known += any(start <= word.start() and word.end() <= end for start, end in spans)
    assert looks > 1000
    assert known / looks > 0.93


def test_what_a_text_names_is_suggested_where_no_name_is_near() -> None:
    with pytest.raises(UnknownDrug) as error:
        bundled().resolve_therapy("fentanyl patch")
    assert error.value.suggestions == ("fentanyl",)


def test_what_is_called_so_comes_before_what_is_only_also_called_so() -> None:
    found = bundled().find("sarcoma")
    kinds = [m.kind for m in found]
    assert kinds.index("target") > kinds.index("condition") + 1  # RAS is also called "rat sarcoma"


def test_a_product_of_two_antibodies_stands_for_both() -> None:
    phesgo = bundled().resolve_therapy("Phesgo")
    assert phesgo.kind == "regimen"
    assert set(bundled().knowledge.regimens[phesgo.key].drugs) == {"pertuzumab", "trastuzumab"}
