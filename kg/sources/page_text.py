"""What the readers of saved pages share: lines that remember whether they were used, dates, ages, bullets, and conditions run together.

A page becomes a study in the shape of the API v2, read on by `v2_json`. What the pages tell beyond that shape goes to `pageSection`; so do
the lines that no rule could place (`pageSection.unread`), so that nothing of a page is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from kg.sources.wording import code, known_code, rows

__all__ = [
    "KIND_AND_NAME",
    "Lines",
    "Study",
    "ages",
    "collect",
    "criteria",
    "intervention",
    "iso_date",
    "keep_unread",
    "paragraphs",
    "put",
    "put_masking",
    "split_conditions",
    "whole_number",
]

Study = dict[str, Any]

KIND_AND_NAME = re.compile(r"^(?P<kind>[A-Z][A-Za-z ]+?)\s*:\s*(?P<name>\S.*)$")
"""A line such as "Drug: aspirin"."""

_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[•◦▪‣·●○■*]|-(?=\s)|\d{1,2}[.)](?=\s))\s*(?P<text>\S.*)$")
_UNIT = r"(?P<unit>years?|months?|weeks?|days?|hours?|minutes?)"
_AGES = (
    re.compile(rf"^(?P<low>\d+)\s*(?:(?P<low_unit>years?|months?|weeks?|days?)\s+)?(?:to|-|–)\s*(?P<high>\d+)\s*{_UNIT}\b", re.IGNORECASE),
    re.compile(rf"^(?P<low>\d+)\s*\+\s*{_UNIT}\b", re.IGNORECASE),
    re.compile(rf"^(?P<low>\d+)\s*{_UNIT}\s+(?:and|or)\s+older\b", re.IGNORECASE),
    re.compile(rf"^(?:up to|under|younger than)\s+(?P<high>\d+)\s*{_UNIT}\b", re.IGNORECASE),
)


class Lines:
    """A page's lines; `use` marks the ones that a rule has read."""

    def __init__(self, text: str) -> None:
        self.raw = [line.rstrip() for line in text.replace("\u00a0", " ").replace("\ufeff", "").splitlines()]
        self.plain = [" ".join(line.split()) for line in self.raw]
        self._used: set[int] = set()

    def __len__(self) -> int:
        return len(self.raw)

    def use(self, *numbers: int) -> None:
        self._used.update(numbers)

    def unread(self, numbers: Iterable[int]) -> Iterator[int]:
        """Of these, the lines that hold text and were not used."""
        return (number for number in numbers if number not in self._used and self.plain[number])

    def use_furniture(self, page: str) -> None:
        """Marks what every page of this kind carries and no trial has written (`data/registry/page_furniture.csv`)."""
        whole, starts = _furniture(page)
        self.use(*(number for number, line in enumerate(self.plain) if line in whole or line.startswith(starts)))


@cache
def _furniture(page: str) -> tuple[frozenset[str], tuple[str, ...]]:
    lines = [line for each, line in rows("page_furniture", "page", "line") if each == page]
    return frozenset(line for line in lines if not line.endswith("*")), tuple(line[:-1] for line in lines if line.endswith("*"))


def put(study: Study, path: str, value: Any) -> bool:
    """Sets the value at a dotted path unless something stands there already; false when something else does.

    >>> study = {}
    >>> put(study, "a.b", 1), put(study, "a.b", 1), put(study, "a.b", 2), study
    (True, True, False, {'a': {'b': 1}})
    """
    *parents, name = path.split(".")
    for parent in parents:
        study = study.setdefault(parent, {})
    return bool(study.setdefault(name, value) == value)


def collect(study: Study, path: str) -> list[Any]:
    """The list at a dotted path, made when it is not there."""
    *parents, name = path.split(".")
    for parent in parents:
        study = study.setdefault(parent, {})
    found: list[Any] = study.setdefault(name, [])
    return found


def keep_unread(page: Lines, study: Study) -> None:
    """Puts the lines that no reader used into the study: they are kept as they stand, and counted."""
    if left := list(page.unread(range(len(page)))):
        collect(study, "pageSection.unread").extend(page.plain[number] for number in left)


def intervention(line: str, study: Study) -> Any:
    """The study's intervention "Drug: aspirin", added when it is new; None when the line names none.

    >>> study = {}
    >>> intervention("Drug: aspirin", study) is intervention("Drug: aspirin", study)
    True
    >>> study["protocolSection"]["armsInterventionsModule"]["interventions"]
    [{'type': 'DRUG', 'name': 'aspirin'}]
    """
    found = KIND_AND_NAME.match(line)
    kind = known_code("intervention", found["kind"]) if found else ""
    if not found or not kind:
        return None
    listed = collect(study, "protocolSection.armsInterventionsModule.interventions")
    for item in listed:
        if item["type"] == kind and item["name"] == found["name"]:
            return item
    item = {"type": kind, "name": found["name"]}
    listed.append(item)
    return item


def put_masking(study: Study, words: str) -> None:
    """Sets masking and, where a parenthesis names them, who is masked.

    >>> study = {}
    >>> put_masking(study, "Double (Participant, Outcomes Assessor)")
    >>> study["protocolSection"]["designModule"]["designInfo"]["maskingInfo"]
    {'masking': 'DOUBLE', 'whoMasked': ['PARTICIPANT', 'OUTCOMES_ASSESSOR']}
    """
    info = "protocolSection.designModule.designInfo.maskingInfo"
    known = known_code("masking", words)
    found = re.match(r"^(\w+)(?: blind)?\s*(?:\((.*)\))?$", words, re.IGNORECASE)
    put(study, f"{info}.masking", known or code("masking", found[1] if found else words))
    if not known and found and found[2]:
        collect(study, f"{info}.whoMasked").extend(code("who", part) for part in found[2].split(","))


def iso_date(text: str) -> str:
    """The date as ISO text, whole or to the month; '' when it is none.

    >>> iso_date("January 24, 2011"), iso_date("January 2011"), iso_date("soon")
    ('2011-01-24', '2011-01', '')
    """
    words = " ".join(text.split())
    if re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", words):  # most dates of tables, and quickly told
        try:
            date.fromisoformat(f"{words}-01"[:10])
        except ValueError:
            return ""
        return words
    for form, parts in (("%B %d, %Y", 3), ("%B %Y", 2), ("%b %d, %Y", 3), ("%b %Y", 2)):
        try:
            day: date = datetime.strptime(words, form).date()
        except ValueError:
            continue
        return day.isoformat()[: 10 if parts == 3 else 7]
    return ""


def ages(text: str) -> tuple[str, str] | None:
    """Least and greatest age as the API writes them ('' for none), or None when the words are not understood.

    >>> ages("18 Years and older"), ages("18+ years old"), ages("6 Months to 17 Years"), ages("up to 17 Years"), ages("elderly")
    (('18 Years', ''), ('18 Years', ''), ('6 Months', '17 Years'), ('', '17 Years'), None)
    """
    words = " ".join(text.split())
    if words.casefold() in ("all", "any", "any age", "all ages"):
        return "", ""
    for form in _AGES:
        found = form.match(words)
        if found:
            parts = found.groupdict()
            low = _age(parts.get("low"), parts.get("low_unit") or parts["unit"])
            return low, _age(parts.get("high"), parts["unit"])
    return None


def _age(number: str | None, unit: str) -> str:
    if number is None:
        return ""
    unit = unit.capitalize().rstrip("s")
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def whole_number(text: str) -> int | None:
    """The number that the text is, written with or without commas; None for anything else.

    >>> whole_number("1,200"), whole_number("about 20")
    (1200, None)
    """
    return int(text.replace(",", "")) if re.fullmatch(r"[0-9][0-9,]{0,11}", text) else None


def paragraphs(lines: Iterable[str]) -> str:
    """The lines as text: their own line ends, one blank line where the page has several, none at the ends.

    >>> paragraphs(["", "One.", "", "", "Two."])
    'One.\\n\\nTwo.'
    """
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def criteria(lines: Iterable[str]) -> str:
    """Eligibility lines of a page in the form of the API: "* " for a bullet, two spaces for each step of nesting, wording unchanged.

    Nesting is read from indentation; a line that stands deeper than the bullet above it, without a mark of its own, continues that bullet.
    Headings and paragraphs stand between blank lines.

    >>> print(criteria(["Inclusion Criteria:", "", "  • Adult", "", "    • Not a child", "  • Well"]))
    Inclusion Criteria:
    <BLANKLINE>
    * Adult
      * Not a child
    * Well
    """
    blocks: list[list[str]] = []
    indents: list[int] = []
    for line in lines:
        if not line.strip():
            continue
        found = _BULLET.match(line)
        depth = len(line) - len(line.lstrip())
        if found:
            while indents and indents[-1] > depth:
                indents.pop()
            if not indents or indents[-1] < depth:
                indents.append(depth)
            mark = found["mark"] if found["mark"][0].isdigit() else "*"
            item = f"{'  ' * (len(indents) - 1)}{mark} {found['text'].strip()}"
            if blocks and blocks[-1][0].lstrip().startswith(("* ", *"0123456789")) and _BULLET.match(blocks[-1][0]):
                blocks[-1].append(item)
            else:
                blocks.append([item])
        elif indents and depth > indents[-1]:
            blocks[-1][-1] += f" {line.strip()}"
        else:
            indents = []
            blocks.append([line.strip()])
    return "\n\n".join("\n".join(block) for block in blocks)


def split_conditions(words: str) -> list[str]:
    """Conditions that a page ran together into one line, taken apart where a disease word ends one and another follows.

    The words that end the name of a disease stand in `data/registry/condition_words.csv`. A part without one stays with what precedes it.

    >>> split_conditions("Adult Synovial Sarcoma Stage III Adult Soft Tissue Sarcoma")
    ['Adult Synovial Sarcoma', 'Stage III Adult Soft Tissue Sarcoma']
    >>> split_conditions("Cancer of the Breast")
    ['Cancer of the Breast']
    """
    tokens = words.split()
    ends = [_ends_name(token) for token in tokens]
    last = max((number for number, end in enumerate(ends) if end), default=0)
    parts: list[list[str]] = [[]]
    for number, token in enumerate(tokens):
        parts[-1].append(token)
        if number < last and ends[number] and not _goes_on(tokens[number + 1]):
            parts.append([])
    return [" ".join(part) for part in parts if part]


@cache
def _condition_words(role: str) -> tuple[str, ...]:
    return tuple(word for word, each in rows("condition_words", "word", "role") if each == role)


def _ends_name(token: str) -> bool:
    word = token.strip("()[];").casefold()
    return not token.endswith(",") and (word in _condition_words("head") or (len(word) > 5 and word.endswith(_condition_words("suffix"))))


def _goes_on(token: str) -> bool:
    """The next word continues the name: a preposition, a parenthesis, a number, another disease word ("Cancer Metastases")."""
    return token.casefold().strip(",") in _condition_words("joiner") or not token[0].isalpha() or _ends_name(token)
