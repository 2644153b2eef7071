"""The small readings that every grammar of composed mentions is made of."""

from __future__ import annotations

from kg.names.fold import BREAK
from kg.names.lexicon import Lexicon, Phrases
from kg.names.scanner import Scan

__all__ = ["MAX_LIST", "Reader"]

MAX_LIST = 12
"""Longest list of names that is read as one."""

_MAX_HOLE = 400
"""Longest parenthesis, in characters, that a phrase may go on behind."""


class Reader:
    """Reads at positions of one scanned text: names come from the scan, the grammar's own words from the lexicon."""

    def __init__(self, lexicon: Lexicon, scan: Scan) -> None:
        self.lexicon = lexicon
        self.scan = scan
        self.text = scan.folded.text

    def blank(self, at: int) -> int:
        return at + 1 if self.text[at : at + 1] == " " else at

    def skip(self, phrases: Phrases, at: int) -> int:
        """Behind all phrases of a part that stand here, each with the blank before it."""
        while True:
            found = phrases.match(self.text, self.blank(at))
            if not found:
                return at
            at = found[1]

    def hole(self, at: int) -> tuple[int, int] | None:
        """The parenthesis that opens here (a blank before it allowed), as a span."""
        start = self.blank(at)
        opening = self.text[start : start + 1]
        closing = {"(": ")", "[": "]"}.get(opening)
        if not closing:
            return None
        depth = 0
        for position in range(start, min(len(self.text), start + _MAX_HOLE)):
            character = self.text[position]
            if character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if not depth:
                    return start, position + 1
            elif character == BREAK:
                return None
        return None

    def connect(self, at: int) -> int | None:
        if self.text[at : at + 1] not in self.lexicon.connector_starts:
            return None
        found = self.lexicon.connector.match(self.text, at)
        return found.end() if found else None
