"""Phrases of target list and action: "MEK 1/2 inhibitors", "anti-PD-1 or anti-CTLA-4 antibody", "inhibitors of mTOR", "MEKi"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.names.meanings import Composed, TargetMeaning
from kg.names.reader import MAX_LIST, Reader
from kg.names.scanner import Hit

__all__ = ["TargetReader"]


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
                for rest in self._target_lists(connected, depth + 1):
                    yield _Targets((*own, *rest.items), rest.end)
            yield _Targets(own, end)

    def read(self, start: int) -> Composed | None:
        """The phrase that begins here, or None."""
        return self._targets_first(start) or self._action_first(start) or self._opener_first(start)

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

    def _action_first(self, start: int) -> Composed | None:
        """ "inhibitors of the PI3K/AKT/mTOR pathway", "antibody targeting CTLA-4"."""
        action = self.lexicon.action.match(self.text, start)
        if not action or action[0] == "targeted":
            return None
        opener = self.lexicon.opener.match(self.text, self.blank(action[1]))
        if not opener:
            return None
        return self._targets_behind(start, opener[1], action[0])

    def _opener_first(self, start: int) -> Composed | None:
        """ "(agents) targeting mTOR"."""
        opener = self.lexicon.opener.match(self.text, start)
        if not opener or not opener[0]:
            return None
        return self._targets_behind(start, opener[1], opener[0])

    def _targets_behind(self, start: int, at: int, action: str) -> Composed | None:
        here = self.blank(at)
        for article in ("the ", "either ", "any ", "another ", "other "):
            if self.text.startswith(article, here):
                here += len(article)
        for targets in self._target_lists(here):
            end = self.skip(self.lexicon.qualifier, targets.end)
            return self._meanings(start, end, targets, action, "", False)
        return None

    def suffixed(self, hit: Hit) -> Composed:
        """ "MEKi"."""
        surface = self.text[hit.start : hit.end - 1]
        targets = _Targets(tuple((e.key, surface) for e in hit.of_kind("target")), hit.end)
        return self._meanings(hit.start, hit.end, targets, "blocker", "inhibitor", False)
