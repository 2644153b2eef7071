"""Finds every name of the tables in a text in one pass (Aho-Corasick over the folded text)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import ahocorasick

from kg.names.fold import FoldedText, fold_text, key_of, plurals, words_only
from kg.names.index import Entry
from kg.names.lexicon import Lexicon

__all__ = ["Hit", "Scan", "Scanner"]

_PLURAL_KINDS = frozenset(("class", "condition", "target", "enzyme"))
_STARTERS = ("strength", "role", "role-verb", "narrow", "prefix", "action", "list-opener", "generic-enzyme")
_TOO_COMMON = frozenset(("of", "to", "against", "agent", "therapy", "treatment", "drug"))
"""Words of the grammar that never open a phrase."""


@dataclass(slots=True)
class _Term:
    """What a run of words may be: entries by exact folded form (punctuation counts), and whether a grammar phrase begins so."""

    length: int
    forms: dict[str, list[Entry]] = field(default_factory=dict)
    opens: bool = False
    targets: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at a place of the folded text. `weak`: its letter case only fits inside a telling phrase ("met inhibitor")."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    weak: tuple[Entry, ...] = ()
    opens: bool = False
    inhibitor_suffix: bool = False

    def of_kind(self, kind: str) -> list[Entry]:
        """Entries of a kind, weak ones counted."""
        return [e for e in (*self.entries, *self.weak) if e.kind == kind]


@dataclass(frozen=True, slots=True)
class Scan:
    """A text and the names found in it, by place."""

    folded: FoldedText
    hits: tuple[Hit, ...]
    by_start: dict[int, list[Hit]]


def _is_acronym(name: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    return len(letters) <= 5 and all(c.isupper() for c in letters) and not any(c.isdigit() for c in name)


def _needs_case(name: str) -> bool:
    """Names so short, or so like an English word in capitals, that only their own letter case names them."""
    size = sum(c.isalnum() for c in name)
    return size <= 2 or _is_acronym(name) or (size == 3 and not any(c.isdigit() for c in name))


class Scanner:
    """The automaton over all spellings of all names."""

    def __init__(self, entries: Iterable[Entry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._terms: dict[str, _Term] = {}
        self._case: dict[str, bool] = {}
        for entry in entries:
            self._add(entry)
        for part in _STARTERS:
            for phrase in lexicon.parts.get(part, {}):
                if phrase not in _TOO_COMMON:
                    for form in lexicon.spelling.variants(phrase):
                        self._term(form).opens = True
        automaton = ahocorasick.Automaton()
        for words, term in self._terms.items():
            automaton.add_word(" " + words, term)
        if self._terms:
            automaton.make_automaton()
        self._automaton = automaton

    def _term(self, form: str) -> _Term:
        words = words_only(form).strip()
        term = self._terms.get(words)
        if term is None:
            term = self._terms[words] = _Term(len(words))
        return term

    def _add(self, entry: Entry) -> None:
        self._case[entry.name] = _needs_case(entry.name)
        forms = self._lexicon.spelling.variants(entry.name)
        if entry.kind in _PLURAL_KINDS:
            if entry.kind == "class":
                forms |= {variant for form in forms for variant in self._lexicon.last_word_variants(form)}
            forms |= {plural for form in forms for plural in plurals(form)}
        for form in forms:
            words = words_only(form)
            lead = len(words) - len(words.lstrip())
            core = form[lead : lead + len(words.strip())]
            if not core:
                continue
            term = self._term(core)
            known = term.forms.setdefault(core, [])
            if not any(e.kind == entry.kind and e.key == entry.key and self._case[e.name] <= self._case[entry.name] for e in known):
                known.append(entry)
            term.targets |= entry.kind == "target"

    def scan(self, text: str) -> Scan:
        """Every name in the text, nested and overlapping ones too, in order of place."""
        folded = fold_text(text)
        line = folded.text
        words = f" {words_only(line)}   "
        hits: list[Hit] = []
        by_start: dict[int, list[Hit]] = {}
        if not self._terms:
            return Scan(folded, (), by_start)
        for last, term in self._automaton.iter(words):
            # `words` begins with an extra blank: its index i is folded index i - 1, so `last` is the folded end.
            end = last
            following = words[last + 1]
            suffix = False
            if following != " ":
                if words[last + 2] != " ":
                    continue
                if following == "i" and term.targets:
                    suffix = True
                elif following != "s":
                    continue
            start = end - term.length
            entries = term.forms.get(line[start:end], ())
            if following == "s" and entries:
                entries = [e for e in entries if e.kind in _PLURAL_KINDS or e.kind == "drug"]
            if not entries and not term.opens:
                continue
            hit = self._hit(folded, start, end, end + (following != " "), tuple(entries), term.opens, suffix)
            if hit:
                hits.append(hit)
                by_start.setdefault(start, []).append(hit)
        for group in by_start.values():
            group.sort(key=lambda h: -h.end)
        hits.sort(key=lambda h: (h.start, -h.end))
        return Scan(folded, tuple(hits), by_start)

    def _hit(
        self, folded: FoldedText, start: int, bare_end: int, end: int, entries: tuple[Entry, ...], opens: bool, suffix: bool
    ) -> Hit | None:
        fitting: list[Entry] = []
        weak: list[Entry] = []
        written = ""
        for entry in entries:
            if suffix and entry.kind != "target":
                continue
            if entry.form == "brand":
                written = written or folded.original[folded.start(start) : folded.end(bare_end)]
                (fitting if written[:1].isupper() or not written[:1].isalpha() else weak).append(entry)
            elif self._case[entry.name]:
                written = written or folded.original[folded.start(start) : folded.end(bare_end)]
                fits = self._case_fits(entry.name, written) and not self._is_ordinary(folded, start, bare_end, written)
                (fitting if fits else weak).append(entry)
            elif entry.kind == "enzyme" and entry.name[:1].isdigit():
                weak.append(entry)
            else:
                fitting.append(entry)
        if not fitting and not weak and not opens:
            return None
        return Hit(start, end, tuple(fitting), tuple(weak), opens, suffix)

    @staticmethod
    def _case_fits(name: str, written: str) -> bool:
        def bare(text: str) -> str:
            return "".join(c for c in text if c.isalnum())

        return bare(written) == bare(name) or (name.islower() and bare(written) == bare(name).upper())

    def _is_ordinary(self, folded: FoldedText, start: int, end: int, written: str) -> bool:
        """An English word in capitals: a known one, in a line without small letters or before a word that gives it away."""
        followers = self._lexicon.ordinary.get(written)
        if followers is None:
            return False
        following = folded.text[end : end + 24].lstrip(" ,").partition(" ")[0].strip(".,;:()")
        if following in followers:
            return True
        at = folded.start(start)
        line = folded.original[folded.original.rfind("\n", 0, at) + 1 :].partition("\n")[0]
        return len(line) > 2 * len(written) and not any(c.islower() for c in line)


def name_key(lexicon: Lexicon, name: str) -> str:
    """What look-ups of whole names compare: American spelling, letters and digits alone."""
    return key_of(lexicon.spelling.american(name))
