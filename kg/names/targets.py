"""Phrases of target list and action: "MEK 1/2 inhibitors", "anti-PD-1 or anti-CTLA-4 antibody", "inhibitors of mTOR", "MEKi"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.names.meanings import Composed, TargetMeaning
from kg.names.reader import MAX_LIST, Reader
from kg.names.scanner import Hit

__all__ = ["TargetReader"]


_NOUNS = {"blocker": ("inhibitor", "blocker"), "kinase-inhibitor": ("kinase inhibitor",), "targeted": ("inhibitor", "targeted therapy")}
"""Nouns that end the name of a class whose drugs act so."""
_MOST_WORDS = 5
"""Longest name, in words, of what a class inhibits."""
_AGAINST = "against"
_TUMOR = re.compile(r" (?:(?:over ?)?express|positive|mutat|mutant|amplif|alter|rearrang|driven|dependent|addicted|wild)")
"""Behind a target it tells of the tumor that has it."""
_WORD = re.compile(r" ?[^\s\0,;:.()]+")


@dataclass(frozen=True, slots=True)
class _Targets:
    items: tuple[tuple[str, str], ...]
    """(target key, surface words)"""
    end: int


class TargetReader(Reader):
    """Reads phrases about what drugs do to targets."""

    def _prefix(self, at: int) -> int:
        for prefix in self.lexicon.prefixes:
            if self.text.startswith(f"{prefix} ", at):
                return at + len(prefix) + 1
        return at

    def _target_lists(self, at: int, depth: int = 0) -> Iterator[_Targets]:
        """Lists of targets that begin here, longest names and longest lists first."""
        if depth >= MAX_LIST:
            return
        here = self._prefix(at)
        for hit in self.scan.by_start.get(here, ()):
            named = hit.of_kind("target")
            if not named:
                continue
            surface = self.text[hit.start : hit.end]
            more, end = self.numbered(hit, "target")
            own = tuple((key, surface if key not in more else key) for key in dict.fromkeys([*(e.key for e in named), *more]))
            end = self.alias(self.closed(here, end), "target")
            connected = self.connect(end)
            if connected is not None:
                for rest in self._target_lists(self._behind_articles(connected), depth + 1):
                    yield _Targets((*own, *rest.items), rest.end)
            yield _Targets(own, end)

    def read(self, start: int, *, known: bool, opens: bool) -> Composed | None:
        """The phrase that begins here, or None.

        Arguments:
            start: where.
            known: whether it may be of targets that the tables hold.
            opens: whether a word of the grammar opens it, so that it may be of what only the name of a class tells.
        """
        found = self._targets_first(start) if known else None
        if found:
            return found
        action, at = self._opening(start)
        found = self._action_first(start, action, at) if known and action else None
        whole = self._inverted(start, action, at) if opens else None
        if found is None or (whole is not None and whole.end > found.end):
            found = whole  # "inhibitors of the PI3K-mTOR pathway" are no PI3K inhibitors alone
        if found and self.text.endswith(_AGAINST, start, at) and _TUMOR.match(self.text, found.end):
            return None  # "therapy against EGFR-mutated NSCLC"
        return found

    def _targets_first(self, start: int) -> Composed | None:
        """ "MEK 1/2 inhibitors", "VEGF/VEGFR-directed therapy", "anti-PD-1 or anti-CTLA-4 antibody"."""
        anti = self._prefix(start) != start
        bare: _Targets | None = None
        for targets in self._target_lists(start):
            behind = targets.end
            action = self.lexicon.action.match(self.text, self.blank(behind))
            if not action:
                behind = self.skip(self.lexicon.qualifier, behind)
                action = self.lexicon.action.match(self.text, self.blank(behind))
            if action and self.text[targets.end : targets.end + 1] == " ":
                words = self.text[self.blank(targets.end) : action[1]]
                return self._meanings(start, action[1], targets, action[0], words, anti)
            bare = bare or targets
        if anti and bare:
            return self._meanings(start, bare.end, bare, "targeted", "", anti)
        return None

    def _meanings(self, start: int, end: int, targets: _Targets, action: str, words: str, anti: bool) -> Composed:
        meanings = (TargetMeaning(target, action, surface, words, anti) for target, surface in dict.fromkeys(targets.items))
        return Composed(start, end, tuple(meanings))

    def _inverted(self, start: int, action: str, at: int) -> Composed | None:
        """ "inhibitors of angiogenesis", "(drugs) that block immune checkpoints": the class named "angiogenesis inhibitor"."""
        if action not in _NOUNS:
            return None
        found = None
        end = here = self._behind_articles(at)
        for _ in range(_MOST_WORDS):
            word = _WORD.match(self.text, end)
            if not word:
                break
            end = word.end()
            head = self.text[here:end]
            forms = [f"{form} {noun}" for form in (head, head.removesuffix("s")) for noun in _NOUNS[action]]
            classes = tuple(dict.fromkeys(e for form in forms for e in self.scan.named(form) if e.kind == "class"))
            if classes:
                whole = self.skip(self.lexicon.qualifier, end)
                found = Composed(start, whole, (Hit(start, whole, classes),))
        return found

    def _opening(self, start: int) -> tuple[str, int]:
        """(action, end) of "inhibitors of", "antibody targeting", "(agents) targeting" here; ("", start) if none opens here."""
        action = self.lexicon.action.match(self.text, start)
        if action and action[0] != "targeted":
            opener = self.lexicon.opener.match(self.text, self.blank(action[1]))
            if opener:
                return action[0], opener[1]
        opener = self.lexicon.opener.match(self.text, start)
        return opener if opener and opener[0] else ("", start)

    def _behind_articles(self, at: int) -> int:
        here = self.blank(at)
        for article in ("a ", "an ", "the ", "either ", "any ", "another ", "other "):
            if self.text.startswith(article, here):
                here += len(article)
        return here

    def _action_first(self, start: int, action: str, at: int) -> Composed | None:
        """ "inhibitors of the PI3K/AKT/mTOR pathway", "antibody targeting CTLA-4", "(agents) targeting mTOR"."""
        for targets in self._target_lists(self._behind_articles(at)):
            end = self.skip(self.lexicon.qualifier, targets.end)
            return self._meanings(start, end, targets, action, "", False)
        return None

    def suffixed(self, hit: Hit) -> Composed:
        """ "MEKi"."""
        surface = self.text[hit.start : hit.end - 1]
        targets = _Targets(tuple((e.key, surface) for e in hit.of_kind("target")), hit.end)
        return self._meanings(hit.start, hit.end, targets, "blocker", "inhibitor", False)
