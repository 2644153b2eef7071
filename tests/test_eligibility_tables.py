"""The tables of eligibility words speak of classes that the class tables hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.criteria.words.patterns import patterns_named
from kg.knowledge import Knowledge

TABLES = Path(__file__).parent.parent / "data/eligibility"
STANDS_FOR_A_CLASS = frozenset({"implied", "untold", "first", "elided", "state"})
"""Tags of cues whose value is the class that they stand for."""


def classes_named() -> Iterator[tuple[str, str]]:
    """(table, class) of every class that a table of eligibility words names."""
    for table in ("general_classes", "swallowed"):
        with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            yield from ((table, row["class"]) for row in csv.DictReader(file))
    with (TABLES / "cues.csv").open(encoding="utf-8", newline="") as file:
        yield from (("cues", row["value"]) for row in csv.DictReader(file) if row["tag"] in STANDS_FOR_A_CLASS)
    yield from (("patterns", name) for name in patterns_named("acts on: "))


def test_every_class_that_words_stand_for_is_known() -> None:
    known = Knowledge.load().classes
    named = list(classes_named())
    assert {table for table, _ in named} == {"general_classes", "swallowed", "cues", "patterns"}
    assert [(table, key) for table, key in named if key not in known] == []


def test_every_row_of_the_patterns_is_an_expression_by_itself() -> None:
    with (TABLES / "patterns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert re.compile(row["pattern"]), row["name"]


@pytest.mark.parametrize("table", ["cues", "heading_words", "kinds", "misspelled", "set_aside", "swallowed", "general_classes"])
def test_lists_of_words_are_sorted_without_doubles(table: str) -> None:
    rows = (TABLES / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert rows == sorted(set(rows))
