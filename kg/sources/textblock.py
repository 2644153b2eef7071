"""Texts that the registry laid out for a window of fixed width, as its API gives them: a line for each paragraph and item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["flowed", "joined", "unfolded"]

_ITEM = re.compile(r" *(?P<mark>-|\*|\d{1,3}\.) +(?=\S)")


def flowed(text: str) -> str:
    """A text without the layout that was put around it: the line ends inside paragraphs, the indentation, the dashes of items.

    The words are unchanged. Empty lines part paragraphs, and where an item's words begin tells what it stands below.

    >>> print(flowed('''
    ...         Exclusion Criteria:
    ...
    ...           -  Prior treatment with
    ...              a MEK inhibitor:
    ...
    ...                1. selumetinib
    ... '''))
    Exclusion Criteria:
    <BLANKLINE>
    * Prior treatment with a MEK inhibitor:
    <BLANKLINE>
      1. selumetinib
    """
    paragraphs = re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").expandtabs())
    return joined(re.sub(r"\s*\n\s*", " ", paragraph.strip("\n")) for paragraph in paragraphs)


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs and items, each indented as it is in its source, in the layout of the API.

    Items stand a line below each other, indented by the width of the marks above them; all else stands between empty lines.

    >>> joined(["Exclusion Criteria:", "  1. Prior:", "     - selumetinib", "     - trametinib", "  2. Pregnant"])
    'Exclusion Criteria:\\n\\n1. Prior:\\n\\n   * selumetinib\\n   * trametinib\\n2. Pregnant'
    """
    text = ""
    around: list[tuple[int, str]] = []  # of each item that the next may stand below: where its words began, and begin now
    for paragraph in paragraphs:
        if not paragraph.strip():
            continue
        found = _ITEM.match(paragraph)
        own = len(paragraph) - len(paragraph.lstrip())
        before = len(around)
        while around and around[-1][0] > own:
            around.pop()
        above = around[-1][1] if around else ""
        mark = "" if found is None else f"{found['mark'].replace('-', '*')} "
        if text:
            text += "\n" if found and len(around) < before else "\n\n"
        begin = found.end() if found else own
        text += f"{above}{mark}{paragraph[begin:].rstrip()}"
        if found:
            around.append((begin, above + " " * len(mark)))
    return text


def unfolded(cell: str) -> str:
    """A text of a pipe-delimited table of AACT, where "~" stands for a line end, and a blank behind one is lost.

    A "~" of the text itself is written "\\~", as the API has it. Tables made before 2021 hold the older layout, which is taken off.
    Source: app/models/util/table_exporter.rb of the repository ctti-clinicaltrials/aact.

    >>> unfolded("Inclusion Criteria:~* Prior:~  * selumetinib~ * trametinib~* Age \\\\~60")
    'Inclusion Criteria:\\n\\n* Prior:\\n\\n  * selumetinib\\n  * trametinib\\n* Age \\\\~60'
    """
    if _LAID_OUT.search(cell):
        return flowed("\n".join(_apart(_FOLD.split(_RUN.sub("~", cell)))))
    lines = _FOLD.split(cell)
    begins: list[int] = []  # where the words of the items above begin, and what is below them
    for number, line in enumerate(lines):
        own = len(line) - len(line.lstrip(" "))
        if own and own + 1 in begins and own not in begins:
            own, line = own + 1, f" {line}"
        found = _ITEM.match(line)
        begins = [*(begin for begin in begins if begin <= own), *([found.end()] if found else ())]
        lines[number] = line
    return joined(lines)


_FOLD = re.compile(r"(?<!\\)~|\n")
_LAID_OUT = re.compile(r"^[~\n]? {7}| {8}-  ")
_RUN = re.compile(r"(?<=[^\s~])(?= {8})")
"""Where a line ended of which nothing but the next one's indentation is left."""


def _apart(lines: Iterable[str]) -> Iterator[str]:
    """The lines of the older layout with an empty one before each item, and before what stands further left than the item above."""
    mark = 0
    for line in lines:
        own = len(line) - len(line.lstrip(" "))
        if _ITEM.match(line) or own < mark:
            yield ""
            mark = own if _ITEM.match(line) else 0
        yield line
