"""Finds every name of the tables in a text in one pass (Aho-Corasick over the folded text)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import ahocorasick

from kg.names.fold import FoldedText, key_of, plurals, words_only
from kg.names.homonyms import Sign
from kg.names.index import Entry
from kg.names.lexicon import Lexicon

__all__ = ["Hit", "Scan", "Scanner"]

_PLURAL_KINDS = frozenset(("class", "condition", "target", "enzyme"))
_TOO_COMMON = frozenset(("of", "to", "against", "agent", "therapy", "treatment", "drug"))
"""Words of the grammar that never open a phrase."""

_LONG_BRAND = 6
"""Brands of so many letters are seldom words of their own, and so may stand without their capital: "coumadin"."""


OPENS_PK, OPENS_TARGET, ENZYME, TARGET, THERAPY, CLASS = 1, 2, 4, 8, 16, 32
"""What a hit may be to the grammar: the word that opens a phrase, or a name of such a thing."""

_STARTERS = {
    "strength": OPENS_PK,
    "role": OPENS_PK,
    "role-verb": OPENS_PK,
    "narrow": OPENS_PK,
    "generic-enzyme": OPENS_PK | ENZYME,
    "prefix": OPENS_TARGET,
    "action": OPENS_TARGET,
    "list-opener": OPENS_TARGET,
}
_FLAGS = {"enzyme": ENZYME, "target": TARGET, "drug": THERAPY, "regimen": THERAPY, "class": THERAPY | CLASS}


@dataclass(slots=True)
class _Form:
    """The things that one spelling names. `plain`: whatever its letter case; `signs`: words that show that it means something else."""

    entries: list[Entry] = field(default_factory=list)
    fixed: tuple[Entry, ...] = ()
    flags: int = 0
    plain: bool = True
    takes_s: bool = False
    signs: tuple[Sign, ...] = ()


@dataclass(slots=True)
class _Term:
    """What a run of words may be: things by exact folded form (punctuation counts), and whether a grammar phrase begins so."""

    length: int
    forms: dict[str, _Form] = field(default_factory=dict)
    opens: int = 0
    targets: bool = False


@dataclass(slots=True)
class Hit:
    """A name at a place of the folded text. `weak`: its letter case only fits inside a telling phrase ("met inhibitor")."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    weak: tuple[Entry, ...] = ()
    flags: int = 0
    inhibitor_suffix: bool = False

    def of_kind(self, kind: str) -> list[Entry]:
        """Entries of a kind, weak ones counted."""
        return [e for e in (*self.entries, *self.weak) if e.kind == kind]


@dataclass(frozen=True, slots=True)
class Scan:
    """A text and the names found in it, by place (longest first)."""

    folded: FoldedText
    by_start: dict[int, list[Hit]]
    scanner: Scanner

    def named(self, form: str) -> Sequence[Entry]:
        """The things that a folded form names, letter case aside."""
        return self.scanner.named(form)

    def hits(self) -> Iterator[Hit]:
        """Every hit, in no particular order."""
        for group in self.by_start.values():
            yield from group


def _is_acronym(name: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    return len(letters) <= 5 and all(c.isupper() for c in letters) and not any(c.isdigit() for c in name)


_LONG = re.compile(r"(?:[\W_]*[^\W_]){7}")
"""More letters and digits than any name has that its letter case tells from a word."""


def _needs_case(name: str) -> bool:
    """Names so short, or so like an English word in capitals, that only their own letter case names them."""
    if _LONG.match(name):
        return False
    size = sum(c.isalnum() for c in name)
    if size <= 2:
        return True
    if any(c.isdigit() for c in name) or not any(c.isalpha() for c in name):
        return False
    inner_capital = any(c.isupper() for c in name[1:])
    return size == 3 or _is_acronym(name) or (size <= 6 and inner_capital and not name.isupper())


class Scanner:
    """The automaton over all spellings of all names."""

    def __init__(self, entries: Iterable[Entry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._terms: dict[str, _Term] = {}
        self._case: dict[str, bool] = {}
        entries = tuple(entries)
        for entry in entries:
            self._add(entry, self._spellings(entry))
        for entry in entries:
            if entry.kind == "class":
                self._add_variants(entry)
        for part, opens in _STARTERS.items():
            for phrase in lexicon.parts.get(part, {}):
                if phrase not in _TOO_COMMON:
                    for spelled in lexicon.spelling.variants(phrase):
                        for opening in (spelled, *plurals(spelled)):
                            self._term(opening).opens |= opens
        self._automaton = ahocorasick.Automaton()
        for words, term in self._terms.items():
            signs = lexicon.homonyms.of(" ".join(words.split()))
            for form in term.forms.values():
                form.fixed = tuple(form.entries)
                form.signs = signs
                form.plain = not any(self._has_case(e) for e in form.entries)
                form.takes_s = any(e.kind in _PLURAL_KINDS for e in form.entries)
                for entry in form.entries:
                    form.flags |= _FLAGS.get(entry.kind, 0)
            self._automaton.add_word(" " + words, term)
        if self._terms:
            self._automaton.make_automaton()

    def _has_case(self, entry: Entry) -> bool:
        return entry.form == "brand" or self._case[entry.name] or (entry.kind == "enzyme" and entry.name[:1].isdigit())

    def _term(self, form: str) -> _Term:
        words = words_only(form).strip()
        term = self._terms.get(words)
        if term is None:
            term = self._terms[words] = _Term(len(words))
        return term

    def _spellings(self, entry: Entry) -> set[str]:
        forms = self._lexicon.spelling.variants(entry.name)
        if entry.kind in _PLURAL_KINDS:
            forms |= {plural for form in forms for plural in plurals(form)}
        return forms

    def _add(self, entry: Entry, forms: Iterable[str]) -> None:
        self._case[entry.name] = _needs_case(entry.name)
        for form in forms:
            core = _core(form)
            if not core:
                continue
            term = self._term(core)
            known = term.forms.setdefault(core, _Form()).entries
            same = next((i for i, e in enumerate(known) if (e.kind, e.key) == (entry.kind, entry.key)), None) if known else None
            if same is None:
                known.append(entry)
            elif self._has_case(known[same]) and not self._has_case(entry):
                known[same] = entry
            term.targets |= entry.kind == "target"

    def _add_variants(self, entry: Entry) -> None:
        """Names of a class in other words, unless these name a class of their own."""
        for spelled in self._lexicon.spelling.variants(entry.name):
            for variant in self._lexicon.variants(spelled):
                named = self._terms.get(words_only(variant).strip())
                if not named or not any(e.kind == "class" for form in named.forms.values() for e in form.entries):
                    self._add(entry, (variant, *plurals(variant)))

    def scan(self, folded: FoldedText) -> Scan:
        """Every name in a text, nested and overlapping ones too."""
        line = folded.text
        # One blank before, so that a word's index here is its folded end; enough behind to look ahead.
        words = f" {words_only(line)}   "
        by_start: dict[int, list[Hit]] = {}
        for end, term in self._automaton.iter(words) if self._terms else ():
            following = words[end + 1]
            suffix = False
            if following != " ":
                if words[end + 2] != " ":
                    continue
                if following == "i" and term.targets:
                    suffix = True
                elif following != "s":
                    continue
            start = end - term.length
            form = term.forms.get(line[start:end])
            if form is not None and not (following == " " or suffix or form.takes_s):
                form = None
            if form is not None and form.signs and any(sign.shows(words, start + 1, end + 1) for sign in form.signs):
                form = None
            flags = 0 if suffix else term.opens
            behind = end + (following != " ")
            if form is None:
                if not flags:
                    continue
                hit = Hit(start, behind, (), (), flags)
            elif form.plain and not suffix and following == " ":
                hit = Hit(start, behind, form.fixed, (), flags | form.flags)
            else:
                entries, weak = self._by_case(folded, form, start, end, following)
                if not entries and not weak and not flags:
                    continue
                hit = Hit(start, behind, entries, weak, flags | form.flags, suffix)
            by_start.setdefault(start, []).append(hit)
        for group in by_start.values():
            if len(group) > 1:
                group.sort(key=_longest_first)
        return Scan(folded, by_start, self)

    def named(self, form: str) -> Sequence[Entry]:
        """The things that a folded form names, letter case aside."""
        term = self._terms.get(words_only(form).strip())
        found = term.forms.get(form) if term else None
        return found.fixed if found else ()

    def _by_case(
        self, folded: FoldedText, form: _Form, start: int, end: int, following: str
    ) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The entries that the letter case allows, and those that it allows only inside a telling phrase."""
        written = folded.original[folded.start(start) : folded.end(end)]
        fitting: list[Entry] = []
        weak: list[Entry] = []
        for entry in form.fixed:
            if (following == "i" and entry.kind != "target") or (following == "s" and entry.kind not in _PLURAL_KINDS):
                continue
            (fitting if self._fits(folded, entry, start, end, following, written) else weak).append(entry)
        return tuple(fitting), tuple(weak)

    def _fits(self, folded: FoldedText, entry: Entry, start: int, end: int, following: str, written: str) -> bool:
        if entry.form == "brand":
            return written[:1].isupper() or not written[:1].isalpha() or (written.islower() and len(written) >= _LONG_BRAND)
        if entry.kind == "enzyme" and entry.name[:1].isdigit():
            return False  # "2C9" names an enzyme only behind another one
        if not self._case[entry.name]:
            return True
        if not self._case_fits(entry.name, written) or self._is_ordinary(folded, start, end, written):
            return False
        if entry.kind == "target" and written[-1:].isdigit() and sum(c.isalnum() for c in written) <= 2:
            return False  # F3 is a stage far more often than a gene
        return following != "s" or written.islower() or folded.original[folded.start(end)].islower()

    @staticmethod
    def _case_fits(name: str, written: str) -> bool:
        def bare(text: str) -> str:
            return text if text.isalnum() else "".join(c for c in text if c.isalnum())

        one, other = bare(written), bare(name)
        if one == other or (name.islower() and one == other.upper()):
            return True
        return len(one) > 3 and one[1:] == other[1:].upper() == other[1:]  # cCRT for CCRT

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


def _longest_first(hit: Hit) -> int:
    return -hit.end


def _core(form: str) -> str:
    """A folded form without the punctuation at its ends."""
    if form[:1].isalnum() and form[-1].isalnum():  # so are most
        return form
    words = words_only(form)
    lead = len(words) - len(words.lstrip())
    return form[lead : lead + len(words.strip())]


def name_key(lexicon: Lexicon, name: str) -> str:
    """What look-ups of whole names compare: American spelling, letters and digits alone."""
    return key_of(lexicon.spelling.american(name))
