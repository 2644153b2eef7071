"""The parts of a record of another format, put where a study of the API v2 has them, as a table of `data/registry` says.

What the table does not place, or what stands in the way of it, is kept under a section of its own, so that nothing of a record is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kg.errors import BadTable
from kg.sources.page_text import Study, iso_date, put_masking
from kg.sources.textblock import flowed, unfolded
from kg.sources.wording import code, known_code, rows

__all__ = ["Field", "Node", "fields", "place"]


@dataclass(slots=True)
class Node:
    """A part of a record: an XML element, an attribute ("@type"), a row of a table, or a cell of one."""

    name: str
    text: str = ""
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Field:
    """Where a part goes: a dotted path, of which `[]` is a further item of a list, and how its text is read."""

    path: str
    kind: str
    detail: str = ""


@cache
def fields(table: str) -> dict[str, Field]:
    """The rows of `data/registry/<table>.csv`, by the part's place in the record.

    >>> fields("legacy_xml")["overall_status"]
    Field(path='protocolSection.statusModule.overallStatus', kind='code', detail='status')
    """
    found = {}
    for element, path, words in rows(table, "element", "path", "kind"):
        kind, _, detail = words.partition(" ")
        if kind not in _KINDS:
            raise BadTable(f"data/registry/{table}.csv: {element} has the kind {kind!r}; write one of {', '.join(_KINDS)}")
        found[element] = Field(path, kind, detail)
    return found


def place(record: Node, table: str, rest: str) -> Study:
    """The study that a record tells of.

    Arguments:
        record: its parts.
        table: of `data/registry`.
        rest: the section of the study for what could not be placed.
    Example:
        >>> title = Node("brief_title", "Selumetinib")
        >>> place(Node("clinical_study", "", [title, Node("rank", "7")]), "legacy_xml", "legacyXml")
        {'protocolSection': {'identificationModule': {'briefTitle': 'Selumetinib'}}, 'legacyXml': {'rank': ['7']}}
    """
    study: Study = {}
    left: dict[str, list[str]] = {}
    for path, text in _placed(record, "", fields(table), study, study):
        left.setdefault(path.replace("/", "."), []).append(text)
    if left:
        study[rest] = left
    return study


def _placed(node: Node, path: str, known: dict[str, Field], target: Study, study: Study) -> Iterator[tuple[str, str]]:
    """Puts the parts of a node into the target; gives those that found no place. Records are nested a few levels deep."""
    for child in node.children:
        where = f"{path}/{child.name}" if path else child.name
        form = known.get(where)
        inner = target
        if form is not None and form.kind == "object":
            inner = dict([form.detail.split("=")]) if form.detail else {}
            _list(target, form.path).append(inner)
            form = None
        if child.text and (form is None or not _put(study, target, form, child.text)):
            yield where, child.text
        yield from _placed(child, where, known, inner, study)


def _put(study: Study, target: Study, form: Field, text: str) -> bool:
    """Puts a text where it belongs; false where it is not of the kind that belongs there, or something else stands there already."""
    if form.kind == "skip" or (form.kind, text) == ("age", "N/A") or (form.kind == "each" and _flag(text) is False):
        return True  # it says nothing of the trial
    *parents, last = form.path.split(".")
    value = _value(form, text)
    if not value and value is not False and value != 0:
        return False
    for parent in parents:
        if parent.endswith("[]"):
            _list(target, parent).append(target := {})
        else:
            target = target.setdefault(parent, {})
    if form.kind == "masking":
        if last in target:
            return False
        put_masking(study, text)
    elif form.kind == "phases":
        _list(target, last).extend(value)
    elif form.kind == "each":
        if form.detail not in _list(target, last):
            _list(target, last).append(form.detail)
    elif last.endswith("[]"):
        _list(target, last).append(value)
    elif form.kind in ("name", "degrees") and last in target:
        target[last] += f"{', ' if form.kind == 'degrees' else ' '}{value}"
    else:
        if form.kind == "study_type" and text.endswith("[Patient Registry]"):
            target["patientRegistry"] = True
        return bool(target.setdefault(last, value) == value)
    return True


_KINDS = ("text name degrees block lines code flag each date day age number degree study_type phases masking object count skip").split()


def _value(form: Field, text: str) -> Any:
    """A text as the API writes it; None where it is not of this kind."""
    match form.kind:
        case "block":
            return flowed(text)
        case "lines":
            return unfolded(text)
        case "code":
            return code(form.detail, text)
        case "phases":
            parts = [text] if known_code("phase", text) else re.split(r"[/|]", text)
            return [each for part in parts if (each := code("phase", part.strip()))]
        case "study_type":
            return code("type", text.partition("[")[0].strip())
        case "flag":
            return _flag(text)
        case "date":
            return iso_date(text) or None
        case "day":  # at the end of a sentence
            return iso_date(" ".join(text.split()[-3:])) or None
        case "each":
            return _flag(text)
        case "degree":
            return float(text) if re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]+)?", text) else None
        case "number":
            return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None
        case _:
            return text


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(known_code("volunteers", text))


def _list(target: Study, path: str) -> list[Any]:
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    found: list[Any] = target.setdefault(last.removesuffix("[]"), [])
    return found
