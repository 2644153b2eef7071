"""What must hold of the reader whatever the text: offsets give back quotes, looks do not matter, bullets do not disturb each other."""

from __future__ import annotations

import csv
import json
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.criteria import read, segment
from kg.criteria.words.first_letters import quick
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Clause, ClauseStatus, Eligibility, RecordSource, Rule, Trial

ROOT = Path(__file__).parent.parent
SEEDS = [
    json.loads(path.read_text(encoding="utf-8"))["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    for path in sorted((ROOT / "data/trials").glob("*.json"))
]
BULLETS = [c.text for text in SEEDS for c in segment(text) if "\n" not in c.text]
FOUR = ["Previous MEK inhibitor use", "Prior chemotherapy within 3 weeks", "Use of strong CYP3A4 inhibitors", "Pregnant or nursing"]
NAMES = Names.of(Knowledge.load())


def eligibility(text: str) -> Eligibility:
    """Read a text."""
    return read(Trial("NCT00000000", "", RecordSource("test", "v2-json", ""), eligibility_text=text), NAMES)


def meaning(rule: Rule) -> tuple[object, ...]:
    """A rule without its place and its wording."""
    mentions = sorted((m.kind, m.key, m.target, m.enzyme, m.role, m.strengths, m.narrow_index) for m in rule.mentions)
    window = rule.window and replace(rule.window, text="", anchor="")
    freed = sorted((c.effect, tuple(sorted(m.key for m in c.mentions)), c.routes, c.settings, c.max_dose_mg or 0.0) for c in rule.carveouts)
    return (
        rule.section,
        rule.polarity,
        rule.role,
        tuple(mentions),
        window,
        tuple(freed),
        rule.conditions,
        rule.settings,
        rule.lines,
        rule.min_dose_mg,
        rule.routes,
        rule.modality,
    )


def meanings(text: str) -> Counter[tuple[object, ...]]:
    """What a text's rules mean, in any order."""
    return Counter(meaning(r) for r in eligibility(text).rules)


def under(heading: str, bullets: list[str], mark: str = "* ") -> str:
    """A section of bullets."""
    return f"{heading}:\n\n" + "".join(f"{mark}{b}\n" for b in bullets)


def check_offsets(text: str, read_as: Eligibility) -> None:
    for criterion in read_as.criteria:
        assert text[criterion.start : criterion.end] == criterion.text
    for rule in read_as.rules:
        assert text[rule.start : rule.end] == rule.quote
        assert all(text[m.start : m.end] == m.text for m in rule.mentions)
    assert all(text[c.start : c.end] == c.text for c in read_as.clauses)


@pytest.mark.parametrize("text", SEEDS, ids=["NCT01206140", "NCT01281865"])
def test_offsets_give_back_the_quotes(text: str) -> None:
    check_offsets(text, eligibility(text))


@pytest.mark.parametrize("text", SEEDS, ids=["NCT01206140", "NCT01281865"])
def test_every_criterion_is_accounted_for(text: str) -> None:
    found = eligibility(text)
    clauses: dict[int, list[Clause]] = {}
    for clause in found.clauses:
        clauses.setdefault(clause.criterion, []).append(clause)
    assert set(clauses) == {c.order for c in found.criteria}
    assert {n for c in found.clauses for n in c.rules} == {r.number for r in found.rules}
    covered = {i for c in found.criteria for i in range(c.start, c.end)}
    left = "".join(char if i not in covered else "\n" for i, char in enumerate(text))
    rest = [line.strip(" *-") for line in left.split("\n") if line.strip(" *-")]
    assert all(re.fullmatch(r"(?:In|Ex)clusion Criteria:", line) for line in rest)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(BULLETS), st.sampled_from(["- ", "• ", "1. ", "\u2013 ", "   * "]))
def test_the_mark_of_a_bullet_does_not_matter(bullet: str, mark: str) -> None:
    assert meanings(under("Exclusion Criteria", [bullet], mark)) == meanings(under("Exclusion Criteria", [bullet]))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(BULLETS))
def test_white_space_and_signs_do_not_matter(bullet: str) -> None:
    other = bullet.replace(" ", "\u00a0 ").replace(">=", "\u2265").replace("=<", "\u2264").replace("'", "\u2019")
    assert meanings(under("Exclusion Criteria", [other])) == meanings(under("Exclusion Criteria", [bullet]))


@settings(max_examples=25, deadline=None)
@given(st.permutations(FOUR))
def test_the_order_of_bullets_does_not_matter(bullets: list[str]) -> None:
    assert meanings(under("Exclusion Criteria", bullets)) == meanings(under("Exclusion Criteria", sorted(bullets)))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(BULLETS), st.booleans())
def test_an_unrelated_bullet_changes_nothing(bullet: str, before: bool) -> None:
    unrelated = "Able to read and write"
    bullets = [unrelated, bullet] if before else [bullet, unrelated]
    assert meanings(under("Exclusion Criteria", bullets)) == meanings(under("Exclusion Criteria", [bullet]))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    check_offsets(text, eligibility(text))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(BULLETS), st.text(max_size=20), st.integers(0, 400))
def test_no_mutation_breaks_it(bullet: str, insert: str, at: int) -> None:
    text = under("Exclusion Criteria", [bullet[:at] + insert + bullet[at:]])
    check_offsets(text, eligibility(text))


def test_an_endless_line_ends() -> None:
    text = "Exclusion Criteria:\n\n* " + "prior chemotherapy within 4 weeks (" * 30_000
    found = eligibility(text)
    check_offsets(text, found)
    assert any(c.kind == "oversize" and c.status is ClauseStatus.OUT_OF_SCOPE for c in found.clauses)


RUNS = {
    "signs before a dose": "prednisone " + "> " * 26 + "x 10 mg",
    "signs without a blank": "prednisone " + ">" * 26 + " x 10 mg",
    "and/or": "prior imatinib " + "and/or " * 26 + "x dasatinib",
    "forms of a drug": "use of oral " + "inhaled " * 26 + "x inhaled corticosteroids",
    "forms permitted": "prior imatinib, " + "the use of " * 26 + "x is permitted",
    "enzymes": "CYP3A4/5/" * 2000,
    "strengths": "CYP3A4 " + "strong " * 2500,
    "brackets": "imatinib " + "(" * 9000 + ")" * 9000,
    "commas": "imatinib" + ", " * 9000,
    "digits": "imatinib " + "12 " * 6000,
    "lines": "imatinib" + "\n" * 50_000 + "dasatinib",
    "bullets": "imatinib\n" + "* a\n" * 10_000,
    "numbers": "imatinib\n" + "1. abc\n" * 5_000,
    "one word": "imatinib " * 100_000,
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_no_run_of_words_or_signs_takes_long(run: str) -> None:
    text = f"Exclusion Criteria:\n\n* {run}"
    eligibility(FOUR[0])  # the first text of all waits for the tables
    began = time.process_time()
    check_offsets(text, eligibility(text))
    assert time.process_time() - began < 5


def test_a_look_at_first_letters_loses_no_match() -> None:
    rows = list(csv.reader((ROOT / "data/eligibility/patterns.csv").open(encoding="utf-8", newline="")))[1:]
    texts = [bullet.lower() for bullet in BULLETS]
    looked = [pattern for _, _, pattern in rows if quick(pattern).pattern != pattern]
    assert len(looked) > 300
    for pattern in looked:
        plain, fast = re.compile(pattern), quick(pattern)
        assert [[m.span() for m in plain.finditer(text)] for text in texts] == [[m.span() for m in fast.finditer(text)] for text in texts]


LETTERS = st.text(alphabet="ab. ", max_size=12)
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", r"\.", r"\s", "[ab]", "[^a]", r"\b", "^", "$", "(?<!a)", "(?=b)", r"\w"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        inner.map(lambda part: f"(?:{part})?"),
        inner.map(lambda part: f"(?:{part}){{1,2}}"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, LETTERS)
def test_nor_in_any_expression(expression: str, text: str) -> None:
    assert [m.span() for m in re.finditer(expression, text)] == [m.span() for m in quick(expression).finditer(text)]
