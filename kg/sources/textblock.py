"""Texts that the registry laid out for a window of fixed width, as its API gives them: a line for each paragraph and item."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["flowed", "joined"]

_ITEM = re.compile(r"(?P<indent> *)(?P<mark>-|\*|\d{1,3}\.) +(?=\S)")


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
    was_item = False
    for paragraph in paragraphs:
        if not paragraph.strip():
            continue
        found = _ITEM.match(paragraph)
        begin = found.end() if found else len(paragraph) - len(paragraph.lstrip())
        before = len(around)
        while around and (around[-1][0] > begin or (found and around[-1][0] == begin)):
            around.pop()
        above = around[-1][1] if around else ""
        mark = "" if found is None else f"{found['mark'].replace('-', '*')} "
        if text:
            text += "\n" if found and was_item and len(around) < before else "\n\n"
        text += f"{above}{mark}{paragraph[begin:].rstrip()}"
        if found:
            around.append((begin, above + " " * len(mark)))
        was_item = found is not None
    return text
