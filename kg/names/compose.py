"""Composed mentions: phrases whose meaning is made of several names, or of a name and words of the grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.names.lexicon import Lexicon
from kg.names.meanings import Composed
from kg.names.pk import PkReader
from kg.names.reader import MAX_LIST, Reader
from kg.names.scanner import CLASS, ENZYME, OPENS_PK, OPENS_TARGET, TARGET, THERAPY, Hit, Scan
from kg.names.targets import TargetReader

__all__ = ["Composer"]

_FAR = 200
"""How many characters before "-based" a list of drugs may begin."""
_NON = "non "


class Composer(Reader):
    """Reads composed mentions off one scanned text.

    `narrower` says which of two things (a drug or class, and a class right behind it) names the smaller group; None: unrelated.
    """

    def __init__(self, lexicon: Lexicon, scan: Scan, narrower: Callable[[Hit, Hit], Hit | None]) -> None:
        super().__init__(lexicon, scan)
        self._narrower = narrower
        self._pk = PkReader(lexicon, scan)
        self._targets = TargetReader(lexicon, scan)

    def read(self) -> Iterator[Composed]:
        """Every composed phrase, wherever one can begin; they may overlap."""
        groups = [(at, group, _flags(group)) for at, group in self.scan.by_start.items()]
        present = 0
        for _, _, flags in groups:
            present |= flags
        pk = ENZYME | OPENS_PK if present & ENZYME else 0
        target = TARGET | OPENS_TARGET if present & TARGET else 0
        for at, group, flags in groups:
            found = self._pk.read(at) if flags & pk else None
            if found:
                yield found
            if flags & (target | OPENS_TARGET):
                found = self._targets.read(at, known=bool(flags & target), opens=bool(flags & OPENS_TARGET))
                if found:
                    yield found
            if flags & TARGET:
                yield from (self._targets.suffixed(hit) for hit in group if hit.inhibitor_suffix)
            if flags & THERAPY:
                found = None if self._is_left_out(at) else self._based(at) or self._with_class(at, group)
                if found:
                    yield found

    def _is_left_out(self, at: int) -> bool:
        """Whether "non-" before a name says that others are meant: "non-aspirin NSAIDs"."""
        return self.text.endswith(_NON, 0, at) and not self.text[: at - len(_NON)][-1:].isalnum()

    def _based(self, at: int) -> Composed | None:
        """ "platinum- or taxane-based chemotherapy"."""
        if not self.lexicon.base.may_begin(self.text, at, at + _FAR):
            return None
        for parts, end in self._drug_lists(at):
            base = self.lexicon.base.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
            if base:
                head = self._head(base[1], () if base[0] else parts)
                if head is None and self._is_complete(parts[-1]):
                    return None  # "chemotherapy containing a taxane"
                return Composed(at, head or base[1], parts)
        return None

    def _head(self, at: int, parts: Sequence[Hit]) -> int | None:
        """Where the noun behind "-based" ends: "first- or second-line chemotherapy", or a class that takes in all `parts`, if there are."""
        start = self.blank(self._behind_course(at))
        head = self.lexicon.head.match(self.text, start)
        ends = [head[1]] if head else []
        for hit in self.scan.by_start.get(start, ()):
            if hit.flags & CLASS and parts and all(self._narrower(part, hit) is part for part in parts):
                ends.append(hit.end)
        return max(ends, default=None)

    def _behind_course(self, at: int) -> int:
        """Behind the words that say how and when it is given, joined or not: "first- or second-line"."""
        end = self.skip(self.lexicon.course, at)
        connected = self.connect(end) if end > at else None
        further = self.lexicon.course.match(self.text, connected) if connected is not None else None
        return self._behind_course(further[1]) if further else end

    def _with_class(self, at: int, group: Sequence[Hit]) -> Composed | None:
        """ "platinum chemotherapy": a drug or class and the class right behind it; the narrower of the two is meant."""
        for hit in group:
            if _is_therapy(hit) and self.text[hit.end : hit.end + 1] == " ":
                for following in self.scan.by_start.get(hit.end + 1, ()):
                    narrower = self._narrower(hit, following) if following.flags & CLASS else None
                    if narrower:
                        return Composed(at, following.end, (narrower,))
        return None

    def _drug_lists(self, at: int, depth: int = 0) -> Iterator[tuple[tuple[Hit, ...], int]]:
        """Lists of drugs, classes and regimens that begin here, longest first."""
        if depth >= MAX_LIST:
            return
        for hit in self.scan.by_start.get(at, ()):
            if not _is_therapy(hit):
                continue
            connected = self.connect(hit.end)
            if connected is not None and not self._is_complete(hit):
                for rest, end in self._drug_lists(connected, depth + 1):
                    yield (hit, *rest), end
            yield (hit,), hit.end

    def _is_complete(self, hit: Hit) -> bool:
        """Whether a name already holds the noun that a list would share ("PD-1 therapy and platinum-based chemotherapy")."""
        last = self.text[hit.start : hit.end].rsplit(" ", 1)[-1]
        return last in self.lexicon.head.values or last in self.lexicon.action.values


def _flags(group: Sequence[Hit]) -> int:
    flags = 0
    for hit in group:
        flags |= hit.flags
    return flags


def _is_therapy(hit: Hit) -> bool:
    return bool(hit.flags & THERAPY and hit.entries)
