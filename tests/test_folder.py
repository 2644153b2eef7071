"""A graph's folder: generations, the swap, what is never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import BadInput, GraphBusy, GraphNotFound
from kg.folder import live, new_generation
from kg.records import Eligibility, RecordSource, Trial
from kg.sidecar import Sidecar, Writer


def build(path: Path, text: str) -> None:
    with new_generation(path) as generation:
        (generation / "what").write_text(text)
        with Writer(generation / "records.sqlite") as writer:
            writer.add(Trial("NCT00000001", text, RecordSource("a", "v2-json", "")), Eligibility())


def what(path: Path) -> str:
    return (live(path) / "what").read_text()


def generations(path: Path) -> int:
    return len(list(path.glob("gen-*")))


def test_each_build_replaces_the_last(tmp_path: Path) -> None:
    graph = tmp_path / "deep" / "my.kg"
    build(graph, "one")
    assert what(graph) == "one"
    build(graph, "two")
    assert what(graph) == "two"
    assert generations(graph) == 1


def test_a_failed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    build(tmp_path, "one")
    with pytest.raises(RuntimeError), new_generation(tmp_path) as generation:
        (generation / "what").write_text("two")
        raise RuntimeError
    assert what(tmp_path) == "one"
    assert generations(tmp_path) == 1


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    build(tmp_path, "one")
    (tmp_path / "gen-000009").mkdir()
    (tmp_path / "gen-000009" / "records.sqlite").write_text("half a page")
    assert what(tmp_path) == "one"
    build(tmp_path, "two")
    assert what(tmp_path) == "two"
    assert generations(tmp_path) == 1


def test_a_generation_that_is_open_stays_until_it_is_closed(tmp_path: Path) -> None:
    build(tmp_path, "one")
    reader = Sidecar(live(tmp_path) / "records.sqlite")
    build(tmp_path, "two")
    assert what(tmp_path) == "two"
    assert reader.get("NCT00000001").trial.brief_title == "one"
    assert generations(tmp_path) == 2
    reader.close()
    build(tmp_path, "three")
    assert generations(tmp_path) == 1


def test_two_builders_do_not_meet(tmp_path: Path) -> None:
    with new_generation(tmp_path), pytest.raises(GraphBusy, match="another build"):
        build(tmp_path, "two")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_graph_is_never_overwritten(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "thesis"
    if kind == "folder":
        place.mkdir()
    precious = place / "chapter.txt" if kind == "folder" else place
    precious.write_text("years of work")
    with pytest.raises(BadInput):
        build(place, "one")
    assert precious.read_text() == "years of work"
    assert kind == "file" or [item.name for item in place.iterdir()] == ["chapter.txt"]


def test_no_graph_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(GraphNotFound, match="nothing; build one with `kg build"):
        live(tmp_path / "absent")
    with pytest.raises(GraphNotFound, match="no built graph"):
        live(tmp_path)
    (tmp_path / "CURRENT").write_text("../elsewhere")
    with pytest.raises(GraphNotFound, match="build the graph again"):
        live(tmp_path)
