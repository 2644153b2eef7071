"""ClinicalTrials.gov's older XML: a `clinical_study` element becomes a study in the shape of the API v2, read on by `v2_json`.

The form is that of the registry's public.xsd (version of 2019-02-14), which tells what older files have in its place; where each part
goes stands in `data/registry/legacy_xml.csv`. Results and documents are counted while they pass by. Nothing outside the file is read:
entities are refused, and a document type that is named is not fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from kg.errors import BadInput, BadRecord
from kg.records import RecordSource, Trial
from kg.sources.placing import Node, fields, place
from kg.sources.v2_json import checksum, read_study

__all__ = ["Element", "each_study", "read_element"]

_TABLE = "legacy_xml"
_STUDY = "clinical_study"
_CHUNK = 1 << 16
_DEEPEST = 40
"""Elements inside each other; a record has some ten."""
_DESIGN = re.compile(r"([A-Z][A-Za-z ]+):\s+(.*?)\s*(?=,\s+[A-Z][A-Za-z ]+:\s|$)")


@dataclass(slots=True)
class Element:
    """A `clinical_study`, and where in its file it begins."""

    line: int
    is_inner: bool
    """Whether it stands in another element, beside others perhaps."""
    root: Node
    counted: Counter[str] = field(default_factory=Counter)
    """Values of the parts that are not kept, by the section of the API v2 that holds such."""


def each_study(stream: BinaryIO, start: bytes = b"", line: int = 1) -> Iterator[Element]:
    """Every `clinical_study` of an XML document, which is one itself or has some in it; one at a time is in memory.

    Arguments:
        stream: the document, or what follows `start` of it.
        start: its beginning.
        line: the line of the file on which it begins.
    Raises:
        BadInput: it is another kind of XML.
        BadRecord: it is not well-formed, or has what no record has; the message begins with the line.
    Example:
        >>> from io import BytesIO
        >>> [study.root.children[0].text for study in each_study(BytesIO(b"<clinical_study><source>NCI</source></clinical_study>"))]
        ['NCI']
    """
    reader = _Reader(line)
    while chunk := start or stream.read(_CHUNK):
        start = b""
        reader.feed(chunk)
        yield from reader.take()
    reader.feed(b"")
    yield from reader.take()
    if not reader.found:
        raise BadInput(f"it is XML whose root is <{reader.root}>, and holds no <{_STUDY}>")


def read_element(element: Element, source: RecordSource) -> Trial:
    """The trial that a `clinical_study` tells of.

    Arguments:
        element: as read; it is used up.
        source: where it came from; its checksum, address and version are filled in.
    Raises:
        BadRecord: it has no NCT number.
    """
    root = element.root
    root.children = [_design(child) if child.name == "study_design" else child for child in root.children]
    study = place(root, _TABLE, "legacyXml")
    if element.counted:
        study["hasResults"] = any(name.startswith("resultsSection") for name in element.counted)
    study.setdefault("protocolSection", {}).setdefault("identificationModule", {})
    url = study.get("legacyXml", {}).pop("required_header.url", [""])[0]
    where = RecordSource(source.name, source.format, checksum(study), source.version, source.retrieved, url, source.position)
    return read_study(study, where, tuple(element.counted.items()))


def _design(node: Node) -> Node:
    """The design as files before 2017 tell it, in one text: "Allocation:  Randomized, Masking:  Open Label"."""
    parts = _DESIGN.findall(node.text)
    if not parts or len(_DESIGN.sub("", node.text).strip(", ")) > 0:
        return node
    return Node("study_design_info", "", [Node(label.lower().replace(" ", "_"), text) for label, text in parts])


class _Reader:
    """Builds the studies of a document while it is fed."""

    def __init__(self, line: int) -> None:
        self.root = ""
        self.found = False
        self._before = line - 1
        self._path: list[str] = []
        self._nodes: list[Node] = []
        self._texts: list[list[str]] = []
        self._study: Element | None = None
        self._done: list[Element] = []
        self._counted: list[str] = []
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_skipped

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            what = f"{expat.ErrorString(error.code)} at column {error.offset + 1}"
            raise BadRecord(f"line {error.lineno + self._before}: it is not well-formed XML: {what}") from None
        except (ValueError, LookupError) as error:
            if isinstance(error, BadRecord):
                raise
            raise BadRecord(f"line {self._line()}: its encoding cannot be read: {error}; save it as UTF-8") from None

    def take(self) -> Iterator[Element]:
        """The studies that are whole."""
        while self._done:
            yield self._done.pop(0)

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._before

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise BadRecord(f"line {self._line()}: it declares the entity {name!r}, which no record does; write the text itself")

    def _refuse_skipped(self, name: str, *_: object) -> None:
        raise BadRecord(f"line {self._line()}: it names the entity &{name};, which is not known; write the text itself")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if self._study is None:
            if name != _STUDY:
                return
            self.found = True
            self._study = Element(self._line(), name != self.root, Node(name))
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise BadRecord(f"line {self._line()}: elements stand in each other {_DEEPEST} deep, which no record does")
        form = fields(_TABLE).get("/".join(self._path[1:])) if len(self._path) <= 3 else None
        if form is not None and form.kind == "count":
            self._counted.append(form.path)
        elif self._counted:
            self._counted.append(self._counted[-1])
        if self._counted:
            self._study.counted[self._counted[-1]] += sum(map(bool, attributes.values()))
            self._texts.append([])
            return
        node = self._study.root if len(self._path) == 1 else Node(name)
        node.children += [Node(f"@{key}", value) for key, value in attributes.items() if value]
        if self._nodes:
            self._nodes[-1].children.append(node)
        self._nodes.append(node)
        self._texts.append([])

    def _text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def _close(self, name: str) -> None:
        if self._study is None:
            return
        self._path.pop()
        text = "".join(self._texts.pop())
        if self._counted:
            self._study.counted[self._counted.pop()] += bool(text.strip())
        else:
            # a block keeps its first indentation, by which the others are measured
            self._nodes.pop().text = text if name == "textblock" and text.strip() else text.strip()
        if not self._path:
            self._done.append(self._study)
            self._study = None
