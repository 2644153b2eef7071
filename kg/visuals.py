"""One self-contained HTML page of a picture: pyvis carries the drawing, the template, style and script stand in
visuals/, nothing is loaded from elsewhere.
"""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import networkx as nx
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pyvis.network import Network

from kg import bundle
from kg.errors import BadInput
from kg.files import replacing
from kg.picture import Box, Item, Link, Picture, picture, place
from kg.version import __version__

__all__ = ["draw", "html", "page"]

_FONT, _LEADING = 15, 19
_COLUMN_TITLES = ("Trial", "Arms", "Treatments", "Targets", "Classes, enzymes and drugs named", "Sentences of the protocol")
_VIS = "lib/vis-9.1.2/vis-network.min.js"
_OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "interaction": {
        "hover": True,
        "tooltipDelay": 250,
        "hideEdgesOnDrag": False,
        "dragNodes": True,
        "multiselect": False,
        "keyboard": False,
    },
    "nodes": {"shape": "custom"},
}


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    with (bundle.path("visuals") / name).open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def draw(graph: nx.MultiDiGraph, ncts: Sequence[str], out: str | Path) -> Path:
    """Write a picture of trials as one HTML file that opens offline.

    Arguments:
        graph: as `kg.export.to_networkx` gives it.
        ncts: the trials to show, in this order.
        out: the file; it is replaced in one step.
    Raises:
        UnknownTrial: the graph does not hold one of the trials.
        BadInput: the file cannot be written, or is named as what it will not be.
    """
    if Path(out).suffix.lower() not in ("", ".html", ".htm"):
        raise BadInput(f"{out}: a picture is one HTML page; name a file that ends in .html (a browser prints it as PDF)")
    text = html(picture(graph, ncts))
    with replacing(out) as file:
        file.write(text.encode())
    return Path(out)


def html(shown: Picture) -> str:
    """The HTML text of a picture.

    Every text of the graph passes as JSON (with `<`, `>` and `&` escaped) or through Jinja's escaping, so no label can
    add markup or script.
    """
    data = page(shown)
    network = Network(directed=True, cdn_resources="in_line")
    for id_, node in data["nodes"].items():
        network.add_node(id_, label="", shape="custom", x=node.pop("x"), y=node.pop("y"), title=node.pop("tip"))
    for link in shown.links:
        network.add_edge(link.start, link.end, **_edge(link))
    network.options = dict(_OPTIONS)
    network.path = "page.html"
    network.templateEnv = Environment(loader=FileSystemLoader(bundle.path("visuals")), autoescape=True)
    network.templateEnv.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # in UTF-8, in our order
    network.templateEnv.globals.update(
        page=data, vis=_script(_pyvis(_VIS)), script=_script(_bundled("page.js")), style=Markup(_bundled("page.css"))
    )
    text: str = network.generate_html()
    return text


def _pyvis(name: str) -> str:
    return (resources.files("pyvis") / "templates" / name).read_text(encoding="utf-8")


def _bundled(name: str) -> str:
    return bundle.path(f"visuals/{name}").read_text(encoding="utf-8")


def _script(text: str) -> Markup:
    """A script as it is: ours or the vendored one, hence trusted; only an end tag inside a string would end the element early."""
    return Markup(text.replace("</script", r"<\/script"))


def _edge(link: Link) -> dict[str, Any]:
    style = _table("links.csv")[link.kind]
    word = link.word or style["word"]
    return {
        "word": word,
        "line": style["line"],
        "dash": _dash(style),
        "strength": float(style["strength"]),
        "facts": link.facts,
        "sources": link.sources,
    }


def _dash(style: Mapping[str, str]) -> list[int]:
    return [int(part) for part in style["dash"].split("|") if part]


# --- what the page's script reads -----------------------------------------------------------------------------------


def page(shown: Picture) -> dict[str, Any]:
    """Everything that the page shows, as plain values: boxes with their places, columns, sentences, sources, legend."""
    styles = _table("nodes.csv")
    cards = {item.id: _card(item, styles[item.type]) for item in shown.items}
    links = nx.Graph()
    links.add_nodes_from(cards)
    links.add_edges_from((link.start, link.end) for link in shown.links)
    boxes = [Box(i.id, i.column, cards[i.id]["w"], cards[i.id]["h"], i.lane, anchored=i.anchored) for i in shown.items]
    places, lanes = place(boxes, links)
    for id_, (x, y) in places.items():
        cards[id_].update(x=x, y=y)
    sides = [(x + sign * cards[id_]["w"] / 2, y + sign * cards[id_]["h"] / 2) for id_, (x, y) in places.items() for sign in (-1, 1)]
    left, right = min(x for x, _ in sides) - 30, max(x for x, _ in sides) + 30
    top, bottom = min(y for _, y in sides) - 26, max(y for _, y in sides) + 26
    columns = {item.column: places[item.id][0] for item in shown.items}
    used = {link.kind for link in shown.links}
    return {
        "version": __version__,
        "title": shown.title,
        "subtitle": shown.subtitle,
        "font": _FONT,
        "leading": _LEADING,
        "types": [_type(row) for row in styles.values()],
        "links": [
            {"word": row["legend"], "line": row["line"], "dash": _dash(row)}
            for kind, row in _table("links.csv").items()
            if row["legend"] and kind in used
        ],
        "columns": [{"x": x, "y": top - 10, "title": _COLUMN_TITLES[column]} for column, x in sorted(columns.items())],
        "bounds": {"left": left, "right": right, "top": top - 34, "bottom": bottom},
        "lanes": [
            {
                "left": left,
                "right": right,
                "top": min(lane.top - 26, top) if number == 0 else lane.top - 26,
                "bottom": max(lane.bottom + 26, bottom) if number == len(lanes) - 1 else lane.bottom + 26,
                "odd": bool(number % 2),
            }
            for number, lane in lanes.items()
        ],
        "nodes": cards,
        "trials": [asdict(trial) for trial in shown.trials],
        "sources": [asdict(source) for source in shown.sources],
    }


def _type(row: Mapping[str, str]) -> dict[str, Any]:
    keys = ("type", "word", "plural", "shape", "mark", "fill", "line", "ink", "soft")
    return {**{key: row[key] for key in keys}, "bold": row["bold"] == "yes", "shown": row["shown"] == "yes"}


def _card(item: Item, style: Mapping[str, str]) -> dict[str, Any]:
    lines = _wrapped(item.short or item.label, int(style["chars"]), int(style["rows"]))
    return {
        "type": item.type,
        "label": item.label,
        "word": item.caption or style["word"],
        "caption": (item.caption or style["word"]) if style["captioned"] == "yes" else "",
        "lines": lines,
        "column": item.column,
        "w": int(style["width"]),
        "h": (32 if style["captioned"] == "yes" else 18) + _LEADING * len(lines),
        "tip": _tip(item, style["word"]),
        **{key: getattr(item, key) for key in ("curie", "same", "names", "facts", "text", "sources", "criteria")},
    }


def _wrapped(text: str, width: int, rows: int) -> list[str]:
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, width, break_long_words=True)] or [""]
    if len(lines) > rows:
        lines = [*lines[: rows - 1], f"{lines[rows - 1][: width - 1].rstrip()}…"]
    return lines


def _tip(item: Item, word: str) -> str:
    """The tooltip: plain text, which vis-network shows as such."""
    lines: Iterable[str] = (
        f"{item.caption or word}: {item.label}",
        item.curie,
        f"source: {', '.join(item.sources)}" if item.sources else "",
    )
    return "\n".join(textwrap.fill(line, 60) for line in lines if line)
