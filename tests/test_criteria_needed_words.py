"""A pattern that is passed over because its words are not in a text must match nowhere in that text."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.criteria import segment
from kg.criteria.words.needed_words import needed_words
from kg.criteria.words.normal import normalise
from kg.criteria.words.patterns import ANYWHERE, one_of, patterns_named, possible
from kg.errors import BadTable
from kg.names.fold import words_only

ROOT = Path(__file__).parent.parent
SEEDS = [
    json.loads(path.read_text(encoding="utf-8"))["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    for path in sorted((ROOT / "data/trials").glob("*.json"))
]


def sentences() -> list[str]:
    """The bullets of the first trials, and every sentence that a test of a construct reads."""
    found = [c.text for text in SEEDS for c in segment(text)]
    for path in sorted((ROOT / "tests").glob("test_constructs_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and " " in n.value]
    return found


def test_a_pattern_is_never_passed_over_where_it_matches() -> None:
    patterns = {name: (found, one_of(name)) for name, found in patterns_named("").items()}
    matched = passed = 0
    for sentence in sentences():
        lower = normalise(sentence).lower
        bits = possible(lower)
        for name, (found, bit) in patterns.items():
            if bits & bit:
                continue
            passed += 1
            assert found.search(lower) is None, (name, sentence)
        matched += sum(bits & bit > ANYWHERE for _, bit in patterns.values())
    assert passed > 5 * matched > 0


PIECE = st.text("abc", min_size=1, max_size=5)
EXPRESSION = st.recursive(
    PIECE | st.sampled_from([r"\s+", r"\W", r"\w", "-", "b?", "[ab]c", r"\b", "(?!x)", "[^a]"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | inner.map(lambda part: f"(?:{part})?")
        | inner.map(lambda part: f"(?:{part})+")
        | inner.map(lambda part: f"(?={part})")
    ),
    max_leaves=8,
)


@given(EXPRESSION, st.text("abcd -", max_size=30))
def test_a_text_that_holds_no_needed_word_is_not_matched(expression: str, text: str) -> None:
    needed = needed_words(expression)
    if not all(any(word in f" {words_only(text)} " for word in pieces) for pieces in needed):
        assert re.search(expression, text) is None


@given(st.data())
def test_a_text_made_to_match_holds_a_needed_word(data: st.DataObject) -> None:
    expression = data.draw(
        st.lists(PIECE | st.sampled_from(["[ab]cc", "(?:abc|cab)+", "(?:abc)?", r"\d"]), min_size=1, max_size=4).map("".join)
    )
    needed = needed_words(expression)
    text = data.draw(st.from_regex(expression))
    assert all(any(word in f" {words_only(text)} " for word in pieces) for pieces in needed)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"\bprior\s+(?:use|intake)\b", [{" use ", "intake"}, {"prior"}]),
        (r"\b(?:if|as long as)\b", [{" if ", "as long as"}]),
        (r"(?<=\()in\s+(?:the\s+)?case\b", [{"case "}]),
        (r"non-?\bdrug", [{"non drug"}]),
        (r"\bwith\s+(?:an?\s+)?[a-z]", [{" with "}]),
        (r"(?:stopp|discontinu)\w*", [{"stopp", "discontinu"}]),
        (r"(?:recently )?(?:stopped|held)", [{"stopped", "held"}]),
        (r"(?:never had|stopped) [^.]*\bdrugs?\b", [{"never had", "stopped"}, {" drug ", "drugs"}]),
        (r"no(?:ne)?", []),
        (r"\d(?:ne)?", []),
        (r"stopped|\d+ h", []),
        (r"(?:stopped)*", []),
        (r"(?!stopped)\w+", []),
    ],
)
def test_what_an_expression_needs(expression: str, words: list[set[str]]) -> None:
    assert needed_words(expression) == words


def test_a_name_that_no_pattern_has_is_told() -> None:
    with pytest.raises(BadTable, match="no pattern is named 'stance: naif'"):
        one_of("stance: naif")
