"""Pictures: what is chosen, where it stands, and a page that holds all it needs and lets nothing in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from bundled_world import graph
from hypothesis import given
from hypothesis import strategies as st

from kg import visuals
from kg.errors import BadInput, UnknownTrial
from kg.networks import to_networkx
from kg.picture import Box, Picture, picture, place
from kg.picture.layout import spread

BOTH = ["NCT01206140", "NCT01281865"]
HOSTILE = '</script><script>document.title="taken"</script><img src=x onerror="document.title=1"> & "é"'


def chosen(*ncts: str) -> Picture:
    return picture(to_networkx(graph().store, ncts), ncts)


def link_words(shown: Picture) -> set[tuple[str, str, str]]:
    labels = {item.id: item.label for item in shown.items}
    return {(labels[link.start], link.kind, labels[link.end]) for link in shown.links}


# --- what is chosen -------------------------------------------------------------------------------------------------


def test_the_way_from_trial_to_class_is_drawn() -> None:
    words = link_words(chosen("NCT01206140"))
    assert {
        ("Arm I (selumetinib and temsirolimus)", "gives", "selumetinib"),
        ("Arm I (selumetinib and temsirolimus)", "gives", "temsirolimus"),
        ("selumetinib", "primary-target", "MAP2K1"),
        ("MAP2K1", "defines", "MEK inhibitor"),
        ("Previous MEK inhibitor use", "excludes", "MEK inhibitor"),
        ("temsirolimus", "substrate", "CYP3A4"),
    } <= words
    assert ("Arm II (selumetinib)", "gives", "temsirolimus") not in words


def test_exclusions_exceptions_and_requirements_are_told_apart() -> None:
    words = link_words(chosen("NCT01281865"))
    targets = {(kind, end) for _, kind, end in words}
    assert {("requires", "PDGFRA"), ("exception", "carmustine"), ("excludes", "tyrosine kinase inhibitor")} <= targets
    assert ("excludes", "carmustine") not in targets
    assert ("imatinib", "member", "tyrosine kinase inhibitor") in words, "the chosen class is the one that a sentence names"
    assert not any(end == "sirolimus" for _, _, end in words), "examples of a named class are not boxes of their own"


def test_an_exclusion_under_the_inclusion_heading_is_drawn_as_one() -> None:
    item = next(item for item in chosen("NCT01281865").items if item.label == "No prior tyrosine kinase inhibitors")
    assert item.type == "exclusion"


@pytest.mark.parametrize("nct", BOTH)
def test_every_criterion_is_on_the_page_verbatim_and_behind_a_box(nct: str) -> None:
    shown = chosen(nct)
    boxes = {item.id for item in shown.items}
    text = graph().trial(nct).eligibility_text
    criteria = shown.trials[0].criteria
    assert len(criteria) == len(graph().eligibility(nct).criteria)
    assert all(text[one.start : one.end] == one.text and one.node in boxes for one in criteria)
    grouped = {member for item in shown.items for member in item.criteria}
    assert grouped == {one.id for one in criteria if one.node != one.id}


def test_trials_share_their_classes() -> None:
    shown = chosen(*BOTH)
    assert len({item.id for item in shown.items}) == len(shown.items)
    shared = next(item for item in shown.items if item.label == "mTOR inhibitor")
    assert {link.start.split("/")[1] for link in shown.links if link.end == shared.id and link.kind == "excludes"} == set(BOTH)


def test_boxes_tell_identifier_and_source() -> None:
    shown = chosen("NCT01281865")
    imatinib = next(item for item in shown.items if item.label == "imatinib")
    assert imatinib.curie == "kg:drug/imatinib" and imatinib.sources
    known = {source.key for source in shown.sources}
    assert {key for item in shown.items for key in item.sources} | {key for link in shown.links for key in link.sources} <= known
    assert any(source.title.startswith("Record of NCT01281865") for source in shown.sources)


def test_a_trial_that_is_not_there() -> None:
    network = to_networkx(graph().store, ["NCT01281865"])
    with pytest.raises(UnknownTrial, match="NCT01206140 is not in this graph"):
        picture(network, ["NCT01206140"])
    with pytest.raises(UnknownTrial, match="no trial is named"):
        picture(network, [])


# --- where it stands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ncts", [BOTH[:1], BOTH])
def test_no_box_lies_on_another(ncts: list[str]) -> None:
    page = visuals.page(chosen(*ncts))
    boxes = [(node["x"], node["y"], node["w"], node["h"], id_) for id_, node in page["nodes"].items()]
    for number, (x, y, w, h, one) in enumerate(boxes):
        for x2, y2, w2, h2, other in boxes[number + 1 :]:
            apart = abs(x - x2) >= (w + w2) / 2 or abs(y - y2) >= (h + h2) / 2
            assert apart, f"{one} and {other}"


def test_columns_run_from_the_trial_to_its_sentences() -> None:
    page = visuals.page(chosen("NCT01206140"))
    x = {node["type"]: node["x"] for node in page["nodes"].values()}
    assert x["trial"] < x["arm"] < x["target"] < x["class"] < x["exclusion"]
    given_ = page["nodes"]["kg:drug/selumetinib"]["x"]
    assert x["arm"] < given_ < x["target"]


@given(st.lists(st.tuples(st.floats(-1000, 1000), st.floats(1, 200)), max_size=30))
def test_spread_keeps_order_and_distance(boxes: list[tuple[float, float]]) -> None:
    wished = [wish for wish, _ in boxes]
    heights = [height for _, height in boxes]
    found = spread(wished, heights, gap=5)
    for above, below in zip(range(len(boxes)), range(1, len(boxes)), strict=False):
        assert found[below] - found[above] >= (heights[above] + heights[below]) / 2 + 5 - 0.01


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=20))
def test_spread_moves_nothing_that_has_room(gaps: list[float]) -> None:
    wished = [200.0 * number + gap / 100 for number, gap in enumerate(gaps)]
    assert spread(wished, [10.0] * len(wished)) == pytest.approx(wished, abs=0.01)


def test_a_box_without_neighbours_has_a_place() -> None:
    places, _ = place([Box("a", 0, 10, 10, 0, True), Box("b", 1, 10, 10)], nx.empty_graph(["a", "b"]))
    assert set(places) == {"a", "b"}


# --- the page -------------------------------------------------------------------------------------------------------


def data_of(html: str, id_: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{id_}">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    html = visuals.draw(to_networkx(graph().store, BOTH), BOTH, tmp_path / "both.html").read_text(encoding="utf-8")
    own = html.replace(visuals._pyvis(visuals._VIS).replace("</script", r"<\/script"), "")
    own = re.sub(r'<script type="application/json".*?</script>', "", own, flags=re.DOTALL)
    assert not re.search(r"https?://", own), "outside the vendored script and the data there is no address at all"
    assert not re.search(r"<(?:link|img|iframe|object|embed|base|form|audio|video)\b|@import|url\(", own)
    assert not re.search(r"<script[^>]*\bsrc=", html)
    assert "cdn" not in own.lower()
    assert "default-src 'none'" in html, "and the browser is told to refuse"


def test_the_page_is_one_file_in_utf8_and_always_the_same(tmp_path: Path) -> None:
    one = visuals.draw(to_networkx(graph().store, BOTH), BOTH, tmp_path / "one.html").read_bytes()
    two = visuals.draw(graph().to_networkx(), BOTH, tmp_path / "deep" / "two.html").read_bytes()
    assert one == two, "drawn from the part or from the whole graph"
    assert '<meta charset="utf-8">' in one.decode("utf-8") and "ANC ≥ 1,500/mm³" in one.decode("utf-8")
    assert len(one) < 1_500_000


def test_the_page_says_what_it_is_for_and_where_it_comes_from() -> None:
    html = visuals.html(chosen("NCT01281865"))
    assert "Research use. Not medical advice." in html
    footer = html[html.index("<footer>") : html.index("</footer>")]
    for source in chosen("NCT01281865").sources:
        assert source.title[:30].replace("&", "&amp;") in footer
    assert "retrieved" in footer.lower() and "version" in footer.lower()


def test_a_hostile_title_stays_text() -> None:
    shown = chosen("NCT01281865")
    items = tuple(replace(item, label=HOSTILE, short=HOSTILE, text=HOSTILE, curie=HOSTILE) for item in shown.items)
    html = visuals.html(replace(shown, title=HOSTILE, subtitle=HOSTILE, items=items))
    assert HOSTILE not in html and "<img" not in html
    assert html.count("<script") == visuals.html(shown).count("<script") and html.count("</script>") == 4
    nodes = data_of(html, "page")["nodes"]
    assert all(node["label"] == HOSTILE for node in nodes.values()), "and reaches the reader as it is"


def test_the_drawing_needs_no_physics() -> None:
    network = data_of(visuals.html(chosen("NCT01281865")), "network")
    assert network["options"]["physics"] == {"enabled": False}
    assert all(isinstance(node["x"], float) and isinstance(node["y"], float) for node in network["nodes"])


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        visuals.draw(to_networkx(graph().store, ["NCT01281865"]), ["NCT01281865"], tmp_path / "file" / "x.html")


def test_every_style_is_used_by_a_shape_that_exists() -> None:
    script = visuals._bundled("page.js")
    shapes = {row["shape"] for row in visuals._table("nodes.csv").values()}
    assert all(re.search(rf"^    {shape}: \(c", script, re.MULTILINE) for shape in shapes)
    fills = [row["fill"] for row in visuals._table("nodes.csv").values()]
    looks = [(row["shape"], row["mark"]) for row in visuals._table("nodes.csv").values()]
    assert len(set(looks)) == len(looks) == len(fills), "colour is never the only sign"
