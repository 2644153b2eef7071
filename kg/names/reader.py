"""The small readings that every grammar of composed mentions is made of."""

from __future__ import annotations

import re

from kg.names.fold import BREAK
from kg.names.lexicon import Lexicon, Phrases
from kg.names.scanner import Hit, Scan

__all__ = ["MAX_LIST", "Reader"]

MAX_LIST = 12
"""Longest list of names that is read as one."""

_FURTHER = re.compile(r" ?/ ?(\d+)(?![^\W_])")
_OPENING, _CLOSING = ("(", "["), (")", "]")
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
        again = self.lexicon.connector.match(self.text, found.end()) if found and self.text[found.end() : found.end() + 1] == "," else None
        return (again or found).end() if found else None  # a comma may have slipped in twice: "CYP3A4, , P-gp"

    def alias(self, at: int, kind: str) -> int:
        """Behind a parenthesis that only repeats a thing of a kind: "mammalian target of rapamycin (mTOR)"."""
        hole = self.hole(at)
        if hole and any(h.end == hole[1] - 1 and h.of_kind(kind) for h in self.scan.by_start.get(hole[0] + 1, ())):
            return hole[1]
        return at

    def numbered(self, hit: Hit, kind: str) -> tuple[list[str], int]:
        """Further things that only their number tells apart ("/5" behind CYP3A4, "/2" behind PD-L1), and where they end."""
        stem = self.text[hit.start : hit.end].rstrip("0123456789")
        keys: list[str] = []
        end = hit.end
        while stem and hit.start + len(stem) < hit.end:
            further = _FURTHER.match(self.text, end)
            named = [e.key for e in self.scan.named(stem + further[1]) if e.kind == kind] if further else []
            if not further or not named:
                break
            keys.extend(named)
            end = further.end()
        return keys, end

    def closed(self, start: int, end: int) -> int:
        """Behind the bracket that closes right after a span, if one opens right before it ("… receptor 8 (CCR8) antibody")."""
        return end + 1 if self.text[end : end + 1] in _CLOSING and self.text[start - 1 : start] in _OPENING and start else end
