"""How many of the drug-like words in real eligibility texts resolve to a drug or class of the tables."""

from __future__ import annotations

import pytest
from drug_words import STUDIES, Count, count, drug_words

from kg.knowledge import Knowledge
from kg.names import Names

MEASURED = 0.975
"""The share that resolved when the tables were last worked on (python tests/drug_words.py)."""


@pytest.fixture(scope="module")
def counted() -> Count:
    if not STUDIES.exists():
        pytest.skip(f"{STUDIES} is not there")
    return count(Names.of(Knowledge.load()))


def test_share_of_drug_like_words_that_resolve(counted: Count) -> None:
    assert sum(counted.all.values()) > 2500
    assert counted.share >= MEASURED - 0.005


def test_no_kind_of_word_falls_far_behind(counted: Count) -> None:
    assert {why: counted.resolved[why] / number for why, number in counted.all.items() if counted.resolved[why] / number < 0.85} == {}


def test_no_unresolved_word_is_frequent(counted: Count) -> None:
    """What is left are phrases without a drug ("CNS-directed therapy"), studies' own numbers, and misspellings."""
    assert [word for word, number in counted.missed.items() if number > 6] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prior osimertinib or an EGFR inhibitor", ["osimertinib", "EGFR inhibitor"]),
        ("anti-PD-1 antibody; anti-HCV antibody positive", ["anti-PD-1 antibody"]),
        ("AZD-9291, BMS-986340 and MK3475", ["AZD-9291", "BMS-986340", "MK3475"]),
        ("ISO 15189, AJCC 2017, NCT01206140, CD276", []),
        ("lower cholesterol", []),
    ],
)
def test_the_detector_itself(text: str, words: list[str]) -> None:
    assert sorted(word.text for word in drug_words(text)) == sorted(words)
