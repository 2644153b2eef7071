"""The cue words of eligibility sentences, read from `data/eligibility/*.csv`, and one pass that finds them all in a text."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick

from kg import bundle
from kg.errors import BadTable


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word or phrase at [start, end) of the normal form. `tag` says what it tells (neg, prior, except…), `value` which one (setting: adjuvant…)."""

    start: int
    end: int
    tag: str
    value: str
    text: str


class Lexicon:
    """Phrases → (tag, value), found in one pass; the longest phrase wins within a tag, several tags may hold the same words."""

    def __init__(self, phrases: dict[str, list[tuple[str, str]]]) -> None:
        self._automaton = ahocorasick.Automaton()
        for phrase, tags in phrases.items():
            self._automaton.add_word(phrase, (len(phrase), tuple(tags), phrase))
        self._automaton.make_automaton()

    def find(self, lower: str) -> list[Cue]:
        """Every cue in a lower-case normal form, by start.

        >>> [(c.tag, c.text) for c in lexicon().find("no prior therapy") if c.tag in ("neg", "prior")]
        [('neg', 'no'), ('prior', 'prior')]
        """
        best: dict[tuple[str, str, int], Cue] = {}
        size = len(lower)
        for last, (length, tags, phrase) in self._automaton.iter(lower):
            start, end = last - length + 1, last + 1
            if start and lower[start - 1].isalnum() and phrase[0].isalnum():
                continue
            if end < size and lower[end].isalnum() and phrase[-1].isalnum():
                continue
            for tag, value in tags:
                # Automaton hits come by end: a longer phrase of the same tag that ends here or later replaces the ones inside it.
                key = (tag, value, start)
                known = best.get(key)
                if known is None or end > known.end:
                    best[key] = Cue(start, end, tag, value, phrase)
        cues = sorted(best.values(), key=lambda c: (c.start, -c.end))
        kept: list[Cue] = []
        reach: dict[tuple[str, str], int] = {}
        for cue in cues:
            if cue.end <= reach.get((cue.tag, cue.value), -1):
                continue
            reach[cue.tag, cue.value] = cue.end
            kept.append(cue)
        return kept


def read_phrases(path: Path, columns: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    """Rows of a lexicon table as (line number, cells); raises BadTable with file and line for a row that does not fit."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != columns:
            raise BadTable(f"{path}:1: the header is {','.join(header)}; write {','.join(columns)}")
        for cells in reader:
            if len(cells) != len(columns) or not cells[0].strip():
                raise BadTable(
                    f"{path}:{reader.line_num}: {len(cells)} cells; give {len(columns)} ({', '.join(columns)}) with the first not empty"
                )
            rows.append((reader.line_num, tuple(cells)))
    return rows


@cache
def lexicon() -> Lexicon:
    """The bundled lexicon: `cues.csv` and `kinds.csv` (whose rows are cues of the tag `kind`)."""
    folder = bundle.path("data") / "eligibility"
    phrases: dict[str, list[tuple[str, str]]] = {}
    for _, (phrase, tag, value) in read_phrases(folder / "cues.csv", ("phrase", "tag", "value")):
        phrases.setdefault(phrase, []).append((tag, value))
    for _, (phrase, kind) in read_phrases(folder / "kinds.csv", ("phrase", "kind")):
        phrases.setdefault(phrase, []).append(("kind", kind))
    return Lexicon(phrases)


@cache
def general_classes() -> frozenset[str]:
    """Classes that name a form or mode of drug only, so that a target beside them narrows them (`general_classes.csv`)."""
    rows = read_phrases(bundle.path("data") / "eligibility" / "general_classes.csv", ("class", "meaning"))
    return frozenset(key for _, (key, _) in rows)
