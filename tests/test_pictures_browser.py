"""The page in a real browser: it draws, a click shows the sentence, search narrows, filters hide, and nothing is asked of any network.

Needs Chromium and the Python package playwright (which drives it; its own browsers are not used).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bundled_world import graph

from kg import visuals
from kg.networks import to_networkx
from kg.picture import picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BOTH = ["NCT01206140", "NCT01281865"]


class Seen:
    """A page with what the browser noted while it was used."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        page.goto(file.as_uri())
        page.wait_for_function("window.trialkg")

    def click(self, node: str) -> None:
        """A real click on a box, wherever it stands."""
        x, y = self.page.evaluate(
            """id => {
                const { network } = window.trialkg;
                network.moveTo({ position: network.getPosition(id), scale: 0.9, animation: false });
                const point = network.canvasToDOM(network.getPosition(id));
                const frame = document.getElementById("mynetwork").getBoundingClientRect();
                return [frame.left + point.x, frame.top + point.y];
            }""",
            node,
        )
        self.page.mouse.click(x, y)
        # vis-network waits for a second click before it tells of the first
        self.page.wait_for_function("id => window.trialkg.network.getSelectedNodes()[0] === id", arg=node)

    def hidden(self) -> set[str]:
        """The boxes that are not shown."""
        return set(self.page.evaluate("window.trialkg.nodes.get().filter(node => node.hidden).map(node => node.id)"))

    def detail(self) -> str:
        return self.page.inner_text("#detail")


@pytest.fixture
def seen(browser: Browser, tmp_path: Path) -> Iterator[Seen]:
    file = visuals.draw(to_networkx(graph().store, BOTH), BOTH, tmp_path / "both.html")
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    page.context.set_offline(True)
    opened = Seen(page, file)
    yield opened
    assert opened.complaints == [], "no error, no warning, no dialog"
    assert opened.requests == [file.as_uri()], "nothing but the file itself"
    page.close()


def criterion(seen: Seen, begins: str) -> dict[str, str]:
    found: dict[str, str] = seen.page.evaluate(
        "begins => window.trialkg.page.trials.flatMap(trial => trial.criteria).find(each => each.text.startsWith(begins))", begins
    )
    return found


def test_it_draws_something(seen: Seen) -> None:
    shades = seen.page.evaluate(
        """() => {
            const canvas = document.querySelector("#mynetwork canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const shades = new Set();
            for (let i = 0; i < data.length; i += 4 * 37) shades.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
            return shades.size;
        }"""
    )
    assert shades > 50, "boxes, words and lines in many colours"
    assert seen.page.title().startswith("2 trials: NCT01206140, NCT01281865")


@pytest.mark.parametrize(
    ("begins", "understood"),
    [("Previous MEK inhibitor use", "MEK inhibitor"), ("No prior mTOR inhibitors", "everolimus"), ("At least 4 weeks since", "6 weeks")],
)
def test_a_click_on_a_sentence_shows_it_verbatim_with_its_place_and_meaning(seen: Seen, begins: str, understood: str) -> None:
    sentence = criterion(seen, begins)
    seen.click(sentence["node"])
    assert seen.page.inner_text("#sentence") == sentence["text"]
    shown = seen.detail()
    assert sentence["nct"] in shown and f"{sentence['start']}–{sentence['end']}" in shown
    meaning = shown[shown.upper().index("UNDERSTOOD AS") :]
    assert "prior therapy" in meaning and understood in meaning


def test_a_click_on_a_drug_shows_names_identifiers_connections_and_source(seen: Seen) -> None:
    seen.click("kg:drug/imatinib")
    shown = seen.detail()
    for words in ("imatinib", "Gleevec", "kg:drug/imatinib", "chembl:CHEMBL", "tyrosine kinase inhibitor", "KIT", "CYP3A4"):
        assert words in shown
    assert "READ IN" in shown.upper()


def test_a_group_lists_its_sentences_and_each_can_be_read(seen: Seen) -> None:
    sentence = criterion(seen, "Platelet count ≥ 75,000/mm³")
    assert sentence["node"] != sentence["id"]
    seen.click(sentence["node"])
    seen.page.click(f'#detail [data-criterion="{sentence["id"]}"]')
    assert seen.page.inner_text("#sentence") == "Platelet count ≥ 75,000/mm³"
    assert "laboratory" in seen.detail()


def test_the_panel_lists_every_sentence_and_leads_back(seen: Seen) -> None:
    everything = seen.page.evaluate("window.trialkg.page.trials.flatMap(trial => trial.criteria).length")
    assert seen.page.locator("#detail [data-criterion]").count() == everything
    seen.click("kg:drug/imatinib")
    seen.page.click("#back")
    assert seen.page.locator("#detail [data-criterion]").count() == everything
    seen.page.click("#close")
    assert not seen.page.is_visible("#panel")
    seen.page.click("#open")
    assert seen.page.is_visible("#panel")


def test_search_narrows_and_leads_to_what_it_found(seen: Seen) -> None:
    found = []
    for text in ("inhibitor", "mtor inhibitor", "mtor inhibitor everolimus"):
        seen.page.fill("#search", text)
        found.append(seen.page.locator("#hits li").count())
        assert seen.page.inner_text("#count") == f"{found[-1]} found"
    assert found[0] > found[1] > found[2] == 1
    seen.page.press("#search", "Enter")
    assert seen.page.inner_text("#sentence").startswith("No prior mTOR inhibitors, such as sirolimus")
    seen.page.fill("#search", "no such words at all")
    assert seen.page.inner_text("#count") == "0 found" and not seen.page.is_visible("#hits")
    seen.page.press("#search", "Escape")
    assert seen.page.inner_text("#count") == ""


def test_search_finds_synonyms_and_sentences_behind_groups(seen: Seen) -> None:
    seen.page.fill("#search", "gleevec")
    assert "imatinib" in seen.page.inner_text("#hits")
    seen.page.fill("#search", "QTc interval")
    seen.page.click("#hits button")
    assert "QTc interval > 450" in seen.page.inner_text("#sentence")


def test_filters_hide_a_kind_and_bring_it_back(seen: Seen) -> None:
    assert seen.hidden() == set()
    of_kind = seen.page.evaluate(
        "Object.entries(window.trialkg.page.nodes).filter(([, node]) => node.type === 'exclusion').map(([id]) => id)"
    )
    seen.page.click('[data-type="exclusion"]')
    assert seen.hidden() == set(of_kind) != set()
    assert seen.page.get_attribute('[data-type="exclusion"]', "aria-pressed") == "false"
    seen.page.fill("#search", "Previous MEK inhibitor use")
    assert seen.page.inner_text("#count") == "0 found", "what is hidden is not found"
    seen.page.fill("#search", "")
    seen.page.click('[data-type="exclusion"]')
    assert seen.hidden() == set()


def test_the_legend_has_a_shape_and_a_word_for_every_kind_that_is_drawn(seen: Seen) -> None:
    kinds = set(seen.page.evaluate("Object.values(window.trialkg.page.nodes).map(node => node.type)"))
    chips = seen.page.locator("#types button")
    assert {chips.nth(at).get_attribute("data-type") for at in range(chips.count())} == kinds
    for at in range(chips.count()):
        assert chips.nth(at).locator("canvas").count() == 1 and len(chips.nth(at).inner_text()) > 2
    assert "excludes" in seen.page.inner_text("#links") and "gives" in seen.page.inner_text("#links")


def test_it_can_be_used_with_the_keyboard(seen: Seen) -> None:
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("temsirolimus")
    seen.page.keyboard.press("Enter")
    assert "temsirolimus" in seen.detail()
    seen.page.keyboard.press("Escape")
    assert seen.page.evaluate("window.trialkg.network.getSelectedNodes().length") == 0


def test_hostile_words_are_shown_and_never_run(browser: Browser, tmp_path: Path) -> None:
    hostile = '</script><script>alert(1)</script><img src="x" onerror="alert(2)">'
    shown = picture(to_networkx(graph().store, ["NCT01281865"]), ["NCT01281865"])
    trial = shown.trials[0]
    nasty = replace(
        shown,
        title=hostile,
        subtitle=hostile,
        items=tuple(replace(item, label=hostile, short=hostile, caption=hostile, names=(hostile,)) for item in shown.items),
        trials=(replace(trial, title=hostile, criteria=tuple(replace(one, text=hostile) for one in trial.criteria)),),
        sources=tuple(replace(source, title=hostile) for source in shown.sources),
    )
    file = tmp_path / "nasty.html"
    file.write_text(visuals.html(nasty), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    seen = Seen(page, file)
    assert page.inner_text("h1") == hostile
    seen.click("kg:drug/imatinib")
    assert hostile in seen.detail()
    page.fill("#search", "alert")
    assert page.locator("#hits li").count() > 0
    assert page.locator("img").count() == 0
    assert seen.complaints == [] and seen.requests == [file.as_uri()]
    page.close()


def test_a_large_picture_is_drawn_at_once(browser: Browser, tmp_path: Path) -> None:
    shown = picture(to_networkx(graph().store, ["NCT01281865"]), ["NCT01281865"])
    lanes = range(40)

    def renamed(name: str, lane: int) -> str:
        return f"{name} {lane}"

    items = tuple(
        replace(item, id=renamed(item.id, lane), lane=None if item.lane is None else lane, criteria=())
        for lane in lanes
        for item in shown.items
    )
    links = tuple(replace(link, start=renamed(link.start, lane), end=renamed(link.end, lane)) for lane in lanes for link in shown.links)
    file = tmp_path / "large.html"
    file.write_text(visuals.html(replace(shown, items=items, links=links, trials=())), encoding="utf-8")
    assert len(items) > 1000
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    seen = Seen(page, file)
    seen.click(items[-1].id)
    assert seen.complaints == []
    page.close()
