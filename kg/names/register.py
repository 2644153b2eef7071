"""The register of all names: which thing has exactly this name, however it is spelled, and which names are near it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.errors import AmbiguousName, UnknownName
from kg.knowledge import Knowledge
from kg.names.fold import fold
from kg.names.index import Entry, entries
from kg.names.lexicon import Lexicon
from kg.names.scanner import name_key

__all__ = ["KINDS", "Match", "Register"]

KINDS = ("drug", "class", "regimen", "target", "enzyme", "condition", "biomarker")
"""What a name may stand for, in the order in which it is taken."""

_FORM_RANK = {"label": 1.0, "synonym": 0.98, "spelling": 0.97, "code": 0.97, "brand": 0.96, "salt": 0.96, "abbreviation": 0.95}
_SALT_WORDS = """
    acetate anhydrous besilate besylate bromide calcium camsylate capsule capsules citrate dihydrate dihydrochloride dimaleate
    dimesylate dimethyl diphosphate disodium ditosylate esylate ethanolate fumarate gluconate hcl hemihydrate hydrate hydrobromide
    hydrochloride injection lactate magnesium malate maleate mesilate mesylate monohydrate nitrate oxalate pamoate phosphate potassium
    sodium succinate sulfate sulfoxide tablet tablets tartrate tosilate tosylate tromethamine
"""
_SALTS = frozenset(_SALT_WORDS.split())
_ASIDE = re.compile(r"(?:^|(?<=\s))[(\[][^()\[\]]*[)\]]")
_NEAR = 78
"""Lowest similarity (0-100) at which another name is suggested."""


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that a text may mean. `score` is 1 for its own label; `reason` says in words why it matched; `iri` is filled by the graph."""

    kind: str
    key: str
    label: str
    score: float
    reason: str
    iri: str = ""


class Register:
    """The names of one `Knowledge`, by what they are spelled like."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self.knowledge, self.lexicon = knowledge, lexicon

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every name of the tables."""
        return tuple(entries(self.knowledge))

    @cached_property
    def index(self) -> dict[str, list[Entry]]:
        """What each spelling may name."""
        index: dict[str, list[Entry]] = {}
        for entry in self.entries:
            key = name_key(self.lexicon, entry.name)
            if key:
                index.setdefault(key, []).append(entry)
        return index

    @cached_property
    def ambiguous(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """The drugs that a spelling may stand for without its being told which, and why."""
        return {name_key(self.lexicon, a.name): (a.drugs, a.reason) for a in self.knowledge.ambiguities.values()}

    def match(self, entry: Entry, score: float, reason: str = "") -> Match:
        """The thing that an entry names, as a match."""
        label = self.knowledge.label(entry.kind, entry.key)
        if not reason:
            reason = "exact name" if entry.form == "label" else f"{entry.form} {entry.name!r} of {label}"
        return Match(entry.kind, entry.key, label, score, reason)

    def exact(self, text: str, kinds: Sequence[str]) -> list[Match]:
        """Best match per thing for the whole text: labels before other names, as written before other spellings, then by `kinds`."""
        found: dict[tuple[str, str], Match] = {}
        folded = fold(text)
        for spelled in self.readings(text):
            for entry in self.index.get(spelled, ()):
                if entry.kind in kinds:
                    spelling = 0.0 if entry.name == text.strip() else 0.002 if fold(entry.name) == folded else 0.004
                    match = self.match(entry, _FORM_RANK.get(entry.form, 0.95) - spelling)
                    old = found.get((entry.kind, entry.key))
                    if old is None or match.score > old.score:
                        found[entry.kind, entry.key] = match
            if found:
                break
        return sorted(found.values(), key=lambda m: (-m.score, kinds.index(m.kind), m.key))

    def readings(self, text: str, asides: bool = True) -> Iterable[str]:
        """Keys under which a text may be listed: as it is, without parentheses, without a salt or form at its end, singular."""
        seen: set[str] = set()
        texts = (text, _outside_parentheses(text)) if asides else (text,)
        for form in dict.fromkeys(map(self.lexicon.spelling.american, texts)):
            words = form.split()
            candidates = [form]
            while len(words) > 1 and words[-1].strip("(),.") in _SALTS:
                words = words[:-1]
                candidates.append(" ".join(words))
            for candidate in candidates:
                yield from self._unseen(name_key(self.lexicon, candidate), seen)
            for singular in _singulars(form):
                yield from self._unseen(name_key(self.lexicon, singular), seen)
            for variant in self.lexicon.variants(form):
                yield from self._unseen(name_key(self.lexicon, variant), seen)

    @staticmethod
    def _unseen(key: str, seen: set[str]) -> Iterable[str]:
        if key and key not in seen:
            seen.add(key)
            yield key

    def near(self, text: str, kinds: Sequence[str], limit: int) -> list[tuple[Entry, float]]:
        """Names most like the text, best first, one a thing, with similarity 0-100."""
        from rapidfuzz import fuzz, process  # only needed once a name is not found

        key = name_key(self.lexicon, text)
        if not key:
            return []
        found: dict[tuple[str, str], tuple[Entry, float]] = {}
        for _, score, name in process.extract(key, self._near_keys, scorer=fuzz.ratio, limit=limit * 6, score_cutoff=_NEAR):
            for entry in self.index[name]:
                if entry.kind in kinds and (entry.kind, entry.key) not in found:
                    found[entry.kind, entry.key] = (entry, score)
        return list(found.values())[:limit]

    @cached_property
    def _near_keys(self) -> dict[str, str]:
        return {key: key for key in self.index}

    def one(self, text: str, kinds: Sequence[str], what: str, error: type[UnknownName]) -> Match:
        """The one thing of these kinds that has exactly this name.

        Arguments:
            what: what is looked for, in words.
            error: what is raised where nothing has the name.
        Raises:
            UnknownName, AmbiguousName: none has it, or several; `suggestions` are near names.
        """
        matches = self.exact(text, kinds)
        ambiguity = self.ambiguous.get(name_key(self.lexicon, text)) if "drug" in kinds else None
        if ambiguity:
            labels = [self.knowledge.label("drug", d) for d in ambiguity[0] if d in self.knowledge.drugs]
            raise AmbiguousName(
                f"{text!r} stands for several drugs ({', '.join(labels)}): {ambiguity[1]}; name the one that is meant", labels
            )
        if not matches:
            labels = list(dict.fromkeys(self.knowledge.label(e.kind, e.key) for e, _ in self.near(text, kinds, 5)))
            known = self.exact(text, [kind for kind in KINDS if kind not in kinds])
            remedy = (
                f"did you mean {', '.join(labels)}?" if labels else f"{'' if known else 'check the spelling, or '}search with `kg find`"
            )
            raise error(f"{text!r} is not a known {what}{_but(known)}; {remedy}", labels)
        best = [m for m in matches if (m.kind, m.score) == (matches[0].kind, matches[0].score)]
        if len(best) > 1:
            labels = [m.label for m in best]
            raise AmbiguousName(f"{text!r} stands for several things ({', '.join(labels)}); name the one that is meant", labels)
        return best[0]


def _but(known: Sequence[Match]) -> str:
    """What a text names that is none of the things looked for: ", but an enzyme"."""
    return f", but {'an' if known[0].kind[0] in 'aeiou' else 'a'} {known[0].kind}" if known else ""


def _outside_parentheses(text: str) -> str:
    """The text without its asides: what stands in parentheses after a blank (those within a word, as in PD-(L)1, belong to it)."""
    return _ASIDE.sub("", text).strip()


def _singulars(folded: str) -> Iterable[str]:
    if folded.endswith("ies"):
        yield folded[:-3] + "y"
    if folded.endswith("ses"):
        yield folded[:-2] + "is"
    if folded.endswith("es"):
        yield folded[:-2]
    if folded.endswith("s"):
        yield folded[:-1]
