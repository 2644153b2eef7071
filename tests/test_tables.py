"""The tables: read strictly, written canonically, and `kg validate` finds what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables_world import add_row, write_world

from kg import bundle, tables
from kg.errors import BadTable, GraphNotFound
from kg.knowledge import Knowledge
from kg.table_checks import violations


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return write_world(tmp_path)


def test_bundled_tables_have_no_violation() -> None:
    assert violations() == []


def test_world_has_no_violation(world: Path) -> None:
    assert violations(world) == []


def test_bundled_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(GraphNotFound, match="no-such-folder"):
        bundle.path("no-such-folder")


def test_row_with_too_few_cells_names_file_and_line(world: Path) -> None:
    file = world / "routes.csv"
    file.write_text(file.read_text(encoding="utf-8") + "sc,subcutaneous\n", encoding="utf-8")
    with pytest.raises(BadTable, match=r"data/routes\.csv:4: 2 cells, 6 expected"):
        tables.read("routes", world)


def test_wrong_header_is_refused(world: Path) -> None:
    file = world / "routes.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("word,route", "route,word"), encoding="utf-8")
    with pytest.raises(BadTable, match=r"data/routes\.csv:1: the header must be word,route,systemic"):
        tables.read("routes", world)


def test_bytes_that_are_not_utf8_are_refused(world: Path) -> None:
    (world / "routes.csv").write_bytes(b"word,route,systemic,source,detail,to_check\n\xff,oral,yes,recalled,,x\n")
    with pytest.raises(BadTable, match="not UTF-8"):
        tables.read("routes", world)


def test_bad_half_life_is_an_error_in_words(world: Path) -> None:
    add_row(world, "half_lives", drug="imatinib", moiety="imatinib", low_hours="long", high_hours="24", source="doc-1", to_check="")
    with pytest.raises(BadTable, match="'long' is no number of hours"):
        Knowledge.load(world)
    assert any("low_hours 'long'" in message for message in violations(world))


def test_missing_table_is_empty_to_readers_and_a_violation(world: Path) -> None:
    (world / "routes.csv").unlink()
    assert tables.read("routes", world) == []
    assert violations(world) == ["data/routes.csv: missing; restore it"]


def test_unsorted_table_is_a_violation(world: Path) -> None:
    file = world / "routes.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert [m for m in violations(world) if "data/routes.csv: not in canonical form" in m]


Change = Callable[[Path], None]


def _row(table: str, **cells: str) -> Change:
    return lambda directory: add_row(directory, table, **cells)


BROKEN: list[tuple[str, Change, str]] = [
    ("slug", _row("drugs", drug="New Drug", label="x", kind="small-molecule", pk_curated="no"), "drug 'New Drug' does not fit the pattern"),
    ("enumeration", _row("drugs", drug="new", label="x", kind="potion", pk_curated="no"), "kind 'potion' is none of"),
    ("empty cell", _row("drugs", drug="new", label="", kind="small-molecule", pk_curated="no"), "label is empty"),
    (
        "reference",
        _row("drug_classes", drug="nothing", **{"class": "chemotherapy"}, membership="plain"),
        "drug 'nothing' is not in drugs.csv",
    ),
    ("curie prefix", _row("drug_identifiers", drug="imatinib", curie="wikidata:Q1"), "has none of the prefixes"),
    ("curie pattern", _row("drug_identifiers", drug="imatinib", curie="chembl:941"), "does not fit chembl:"),
    (
        "recalled without to_check",
        _row("routes", word="iv", route="intravenous", systemic="yes", to_check=""),
        "a recalled row needs to_check",
    ),
    (
        "read with to_check",
        _row("routes", word="iv", route="intravenous", systemic="yes", source="doc-1"),
        "to_check is only for recalled rows",
    ),
    (
        "unknown source",
        _row("routes", word="iv", route="intravenous", systemic="yes", source="gone", to_check=""),
        "source 'gone' is not in sources.csv",
    ),
    (
        "date",
        _row("corrections", scope="*", field="x", found="a", corrected="b", reason="c", curator="d", date="21/11/2026"),
        "date '21/11/2026'",
    ),
    ("duplicate key", _row("routes", word="po", route="oral", systemic="yes"), "the key word = po is also on line"),
    (
        "half-life bounds",
        _row("half_lives", drug="gefitinib", moiety="gefitinib", low_hours="50", high_hours="40"),
        "low_hours 50 is above high_hours 40",
    ),
    (
        "arguable without reason",
        _row("drug_classes", drug="imatinib", **{"class": "immunosuppressant"}, membership="arguable"),
        "membership 'arguable' needs a reason",
    ),
    (
        "class cycle",
        _row("class_parents", **{"class": "anticancer-therapy"}, parent="mek-inhibitor", membership="plain"),
        "cycle",
    ),
    ("condition cycle", _row("condition_parents", condition="sarcoma", parent="synovial-sarcoma"), "cycle"),
    ("shared name", _row("drug_names", name="Sti 571", drug="gefitinib", kind="code"), "points at gefitinib"),
    (
        "mechanism without the target",
        _row("drug_classes", drug="itraconazole", **{"class": "mek-inhibitor"}, membership="plain"),
        "itraconazole has no such primary target",
    ),
    (
        "nothing to deny",
        _row("drug_classes", drug="itraconazole", **{"class": "mek-inhibitor"}, membership="not", reason="it is an antifungal"),
        "there is nothing to deny",
    ),
    (
        "unknown action",
        _row("class_targets", **{"class": "mtor-inhibitor"}, target="mtor", action="tickler"),
        "action 'tickler' is not in actions.csv",
    ),
]


@pytest.mark.parametrize(("change", "expected"), [pytest.param(change, expected, id=name) for name, change, expected in BROKEN])
def test_each_kind_of_violation_is_found_and_named(world: Path, change: Change, expected: str) -> None:
    change(world)
    found = violations(world)
    assert [message for message in found if expected in message], found
    assert all(message.startswith("data/") and ";" in message for message in found)


def test_reason_makes_an_unusual_membership_acceptable(world: Path) -> None:
    add_row(world, "drug_classes", drug="itraconazole", **{"class": "mek-inhibitor"}, membership="plain", reason="measured in vivo")
    assert violations(world) == []


def test_declared_ambiguity_is_no_violation(world: Path) -> None:
    add_row(world, "drug_names", name="ATO", drug="atovaquone", kind="abbreviation")
    assert violations(world) == []


_cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(_cells, _cells, _cells), max_size=8))
def test_rows_survive_writing_and_reading(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    directory = tmp_path_factory.mktemp("tables")
    records = [
        {"word": word, "route": route, "systemic": systemic, "source": "recalled", "detail": "", "to_check": "x"}
        for word, route, systemic in rows
    ]
    tables.write("routes", records, directory)
    key = lambda row: tuple(row.values())  # noqa: E731
    assert sorted(tables.read("routes", directory), key=key) == sorted(records, key=key)
    first = (directory / "routes.csv").read_bytes()
    tables.write("routes", tables.read("routes", directory), directory)
    assert (directory / "routes.csv").read_bytes() == first
