"""The objectives that a detailed description lists: "PRIMARY OBJECTIVES: I. … II. …" and its relatives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.records import Objective

__all__ = ["read_objectives"]

_KINDS = ("primary", "secondary", "tertiary", "exploratory")
_KIND_WORD = (
    r"(?:primary|secondary|tertiary|exploratory|correlative|translational|laboratory|ancillary|imaging|other|additional|key|main|specific"
    r"|study)"
)
_HEADING = re.compile(
    rf"^\W*(?P<words>(?:{_KIND_WORD}[\s/,&]+(?:and\s+)?){{0,4}}(?:objectives?|aims?)|{_KIND_WORD})"
    r"\s*(?:\([^)\n]{0,80}\))?\s*(?P<end>:|$)\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_HEADING = re.compile(r"^\W*(?:[A-Z][A-Z /&-]{3,60}(?:\([^)\n]{0,80}\))?|[A-Z][a-z]+(?: [A-Za-z-]+){0,4})\s*:")
_UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = tuple(tens + units for tens in ("", "X", "XX") for units in _UNITS)[1:]
_NUMBERED = re.compile(r"^\s*(?P<number>[IVX]+[a-z]?|\d{1,2}|[A-Za-z])[.)]\s+(?=\S)")
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*(?:[*•-]|\d{1,2}\.|[IVX]+\.)\s)")
_BULLET = re.compile(r"^\s*(?:(?:[*•·–-]|\\-)\s+|--+\s*)(?=\S)")


def read_objectives(description: str) -> tuple[Objective, ...]:
    """The objectives in a detailed description, in its order; text verbatim, `kind` '' where no heading says it.

    Lists are numbered I, II, … one a paragraph or run together in one paragraph, or bulleted under a heading. A list without a heading is
    read only at the very beginning of the description, where it cannot be anything else.

    >>> [(o.kind, o.number, o.text) for o in read_objectives("PRIMARY OBJECTIVES:\\n\\nI. Find the dose. II. Find the response.")]
    [('primary', 'I', 'Find the dose.'), ('primary', 'II', 'Find the response.')]
    >>> read_objectives("OUTLINE: Patients receive aspirin.")
    ()
    """
    return tuple(_read(description))


def _read(description: str) -> Iterator[Objective]:
    reading, begun, kind, first = False, False, "", True
    for paragraph in (part.strip() for part in _PARAGRAPH_END.split(description)):
        if not paragraph:
            continue
        heading = _HEADING.match(paragraph)
        item = bool(_NUMBERED.match(paragraph) or _BULLET.match(paragraph))
        if heading and _is_heading(heading, reading):
            words = heading["words"].lower()
            kind = next((name for name in _KINDS if name in words), "")
            reading, begun, paragraph = True, False, heading["rest"].strip()
        elif first and _numeral(paragraph) == 0:
            reading = True
        elif reading and not item and (_OTHER_HEADING.match(paragraph) or (begun and not paragraph.startswith("To "))):
            reading = False  # what follows a list without being of it
        first = False
        if reading and paragraph:
            begun = True
            yield from _items(paragraph, kind)


def _is_heading(heading: re.Match[str], reading: bool) -> bool:
    """A lone "Primary" is a heading only inside a list of objectives, and only when it ends its line."""
    if re.search(r"objectives?|aims?", heading["words"], re.IGNORECASE):
        return bool(heading["end"]) or not heading["rest"]
    return reading and not heading["rest"]


def _numeral(text: str) -> int | None:
    """The place of the Roman numeral that the text begins with, counted from 0."""
    numbered = _NUMBERED.match(text)
    return _ROMAN.index(numbered["number"]) if numbered and numbered["number"] in _ROMAN else None


def _items(paragraph: str, kind: str) -> Iterator[Objective]:
    bullet = _BULLET.match(paragraph)
    if bullet:
        paragraph = paragraph[bullet.end() :]
    numbered = _NUMBERED.match(paragraph)
    if not numbered:
        yield Objective(kind, "", paragraph)
        return
    number, start = numbered["number"], numbered.end()
    place = _numeral(paragraph)
    while place is not None and place + 1 < len(_ROMAN):
        following = _next_item(paragraph, start, _ROMAN[place + 1])
        if following is None:
            break
        yield Objective(kind, number, paragraph[start : following.start()].strip())
        place += 1
        number, start = _ROMAN[place], following.end()
    yield Objective(kind, number, paragraph[start:].strip())


def _next_item(text: str, start: int, numeral: str) -> re.Match[str] | None:
    """Where the list goes on: the next numeral after the end of a sentence, so that "in phase II. To…" is not one."""
    return re.compile(rf"(?<=[.)\];])\s*\b{numeral}\.\s+(?=[A-Z(\[])").search(text, start)
