"""The cue words of eligibility sentences, read from `data/eligibility/*.csv`, and one pass that finds them all in a text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import ahocorasick

from kg import bundle
from kg.errors import BadTable
from kg.names.fold import words_only


class Cue(NamedTuple):
    """A cue at [start, end) of the normal form. `tag` says what it tells (neg, prior, except…), `value` which one (setting: adjuvant…)."""

    start: int
    end: int
    tag: str
    value: str
    text: str


_Phrase = tuple[str, int, int, bool, tuple[tuple[str, str], ...]]
"""A phrase, its length, the length of the blank that must follow it, whether it is one word, and its (tag, value) pairs."""


class Lexicon:
    """Phrases → (tag, value), found in one pass; the longest phrase wins within a tag, several tags may hold the same words."""

    def __init__(self, phrases: dict[str, list[tuple[str, str]]]) -> None:
        # Only whole words count, so the automaton holds the phrases' words between blanks, and runs over a text's words between blanks.
        spelled: dict[str, list[_Phrase]] = {}
        for phrase, tags in phrases.items():
            before, after = " " * phrase[0].isalnum(), " " * phrase[-1].isalnum()
            words = f"{before}{words_only(phrase)}{after}"
            spelled.setdefault(words, []).append((phrase, len(phrase), len(after), phrase.isalnum(), tuple(tags)))
        self._automaton = ahocorasick.Automaton()
        for words, found in spelled.items():
            self._automaton.add_word(words, tuple(found))
        self._automaton.make_automaton()

    def find(self, lower: str) -> list[Cue]:
        """Every cue in a lower-case normal form, by start.

        >>> [(c.tag, c.text) for c in lexicon().find("no prior therapy") if c.tag in ("neg", "prior")]
        [('neg', 'no'), ('prior', 'prior')]
        """
        hits = []
        for last, found in self._automaton.iter(f" {words_only(lower)} "):
            for phrase, length, after, one_word, tags in found:
                start = last - after - length
                if one_word or lower.startswith(phrase, start):
                    hits.append((start, after - last, phrase, tags))
        hits.sort()
        cues: list[Cue] = []
        first = reach = 0  # the cues from `first` on overlap each other, up to `reach`
        for start, behind, phrase, tags in hits:
            end = -behind
            if start >= reach:
                first, reach = len(cues), end
                for tag, value in tags:
                    cues.append(Cue(start, end, tag, value, phrase))
                continue
            reach = max(reach, end)
            for tag, value in tags:
                for cue in cues[first:]:
                    again = cue.tag == tag and cue.end >= end
                    if again and (cue.value == value or (tag == "setting" and len(cue.text) > len(phrase))):  # "locally advanced"
                        break
                else:
                    cues.append(Cue(start, end, tag, value, phrase))
        return cues


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
def swallowed() -> dict[str, str]:
    """Words for what is eaten, drunk or bought, with the class of what of it acts on enzymes (`swallowed.csv`)."""
    rows = read_phrases(bundle.path("data") / "eligibility" / "swallowed.csv", ("word", "class"))
    return {word: key for _, (word, key) in rows}
