"""From words to the things of the tables: exact look-up, ranked search, and every mention in a criterion's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from kg.errors import AmbiguousName, UnknownDrug, UnknownName
from kg.knowledge import Knowledge
from kg.names.compose import Composer
from kg.names.fold import PARAGRAPH, FoldedText, fold, fold_text, fold_texts
from kg.names.index import Entry, entries
from kg.names.lexicon import Lexicon
from kg.names.meanings import ANY_CYP, Composed, PkMeaning, TargetMeaning
from kg.names.scanner import CLASS, Hit, Scan, Scanner, name_key
from kg.records import Mention

__all__ = ["ANY_CYP", "Match", "Names"]

_KIND_ORDER = ("drug", "class", "regimen", "target", "enzyme", "condition", "biomarker")
_THERAPY_KINDS = ("drug", "regimen", "class")
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


class Names:
    """Looks names up in one `Knowledge`.

    Example:
        >>> names = Names(Knowledge.load())
        >>> names.resolve("Imatinib Mesylate").key
        'imatinib'
        >>> [m.text for m in names.mentions("Previous MEK inhibitor use")]
        ['MEK inhibitor']
    """

    def __init__(self, knowledge: Knowledge, directory: Path | None = None) -> None:
        self._knowledge = knowledge
        self._lexicon = Lexicon.load(directory)
        self._composed: dict[TargetMeaning, str] = {}

    @classmethod
    def of(cls, knowledge: Knowledge) -> Names:
        """The names of a `Knowledge` with the bundled lexicon, made once and shared."""
        return _shared(knowledge)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge whose names these are."""
        return self._knowledge

    # --- look-up -----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(entries(self._knowledge))

    @cached_property
    def _index(self) -> dict[str, list[Entry]]:
        index: dict[str, list[Entry]] = {}
        for entry in self._entries:
            key = name_key(self._lexicon, entry.name)
            if key:
                index.setdefault(key, []).append(entry)
        return index

    @cached_property
    def _ambiguous(self) -> dict[str, tuple[tuple[str, ...], str]]:
        return {name_key(self._lexicon, a.name): (a.drugs, a.reason) for a in self._knowledge.ambiguities.values()}

    def label(self, kind: str, key: str) -> str:
        """The label of a thing.

        Raises:
            KeyError: the tables have no such thing.
        """
        return self._knowledge.label(kind, key)

    def _match(self, entry: Entry, score: float, reason: str = "") -> Match:
        label = self.label(entry.kind, entry.key)
        if not reason:
            reason = "exact name" if entry.form == "label" else f"{entry.form} {entry.name!r} of {label}"
        return Match(entry.kind, entry.key, label, score, reason)

    def _exact(self, text: str, kinds: Sequence[str]) -> list[Match]:
        """Best match per thing for the whole text: labels before other names, as written before other spellings, then by `kinds`."""
        found: dict[tuple[str, str], Match] = {}
        folded = fold(text)
        for spelled in self._readings(text):
            for entry in self._index.get(spelled, ()):
                if entry.kind in kinds:
                    spelling = 0.0 if entry.name == text.strip() else 0.002 if fold(entry.name) == folded else 0.004
                    match = self._match(entry, _FORM_RANK.get(entry.form, 0.95) - spelling)
                    old = found.get((entry.kind, entry.key))
                    if old is None or match.score > old.score:
                        found[entry.kind, entry.key] = match
            if found:
                break
        return sorted(found.values(), key=lambda m: (-m.score, kinds.index(m.kind), m.key))

    def _readings(self, text: str, asides: bool = True) -> Iterable[str]:
        """Keys under which a text may be listed: as it is, without parentheses, without a salt or form at its end, singular."""
        seen: set[str] = set()
        texts = (text, _outside_parentheses(text)) if asides else (text,)
        for form in dict.fromkeys(map(self._lexicon.spelling.american, texts)):
            words = form.split()
            candidates = [form]
            while len(words) > 1 and words[-1].strip("(),.") in _SALTS:
                words = words[:-1]
                candidates.append(" ".join(words))
            for candidate in candidates:
                yield from self._unseen(name_key(self._lexicon, candidate), seen)
            for singular in _singulars(form):
                yield from self._unseen(name_key(self._lexicon, singular), seen)
            for variant in self._lexicon.last_word_variants(form):
                yield from self._unseen(name_key(self._lexicon, variant), seen)

    @staticmethod
    def _unseen(key: str, seen: set[str]) -> Iterable[str]:
        if key and key not in seen:
            seen.add(key)
            yield key

    def _near(self, text: str, kinds: Sequence[str], limit: int) -> list[tuple[Entry, float]]:
        """Names most like the text, best first, one a thing, with similarity 0-100."""
        from rapidfuzz import fuzz, process  # only needed once a name is not found

        key = name_key(self._lexicon, text)
        if not key:
            return []
        found: dict[tuple[str, str], tuple[Entry, float]] = {}
        for _, score, name in process.extract(key, self._near_keys, scorer=fuzz.ratio, limit=limit * 6, score_cutoff=_NEAR):
            for entry in self._index[name]:
                if entry.kind in kinds and (entry.kind, entry.key) not in found:
                    found[entry.kind, entry.key] = (entry, score)
        return list(found.values())[:limit]

    @cached_property
    def _near_keys(self) -> dict[str, str]:
        return {key: key for key in self._index}

    def _one(self, text: str, kinds: Sequence[str], what: str, error: type[UnknownName]) -> Match:
        matches = self._exact(text, kinds)
        ambiguity = self._ambiguous.get(name_key(self._lexicon, text)) if "drug" in kinds else None
        if ambiguity:
            labels = [self.label("drug", d) for d in ambiguity[0] if d in self._knowledge.drugs]
            raise AmbiguousName(
                f"{text!r} stands for several drugs ({', '.join(labels)}): {ambiguity[1]}; name the one that is meant", labels
            )
        if not matches:
            labels = list(dict.fromkeys(self.label(e.kind, e.key) for e, _ in self._near(text, kinds, 5)))
            remedy = f"did you mean {', '.join(labels)}?" if labels else "check the spelling, or search with `kg find`"
            raise error(f"{text!r} is not a known {what}; {remedy}", labels)
        best = [m for m in matches if (m.kind, m.score) == (matches[0].kind, matches[0].score)]
        if len(best) > 1:
            labels = [m.label for m in best]
            raise AmbiguousName(f"{text!r} stands for several things ({', '.join(labels)}); name the one that is meant", labels)
        return best[0]

    def lookup(self, text: str, kinds: Sequence[str]) -> list[Match]:
        """The things of exactly this name, best first, kinds in the order given; none if none has it. Near names do not count.

        Example:
            >>> [match.key for match in Names(Knowledge.load()).lookup("STI-571", ("drug",))]
            ['imatinib']
        """
        return self._exact(text, kinds)

    def resolve(self, text: str) -> Match:
        """The drug of exactly this name: label, synonym, code, brand or salt; case, blanks, hyphens, diacritics, ® do not matter.

        Raises:
            UnknownDrug: no drug has the name; `suggestions` are near ones, never silently taken.
            AmbiguousName: several drugs have it.
        Example:
            >>> Names(Knowledge.load()).resolve("sti-571").label
            'imatinib'
        """
        return self._one(text, ("drug",), "drug", UnknownDrug)

    def resolve_class(self, text: str) -> Match:
        """The drug class of exactly this name, composed ones ("MEK 1/2 inhibitors") included.

        Raises:
            UnknownName, AmbiguousName: as for `resolve`.
        """
        if not self._exact(text, ("class",)):
            keys = self._whole(text, "class")
            if len(keys) == 1:
                return Match("class", keys[0], self.label("class", keys[0]), 0.9, "read as target and action")
        return self._one(text, ("class",), "drug class", UnknownName)

    def resolve_condition(self, text: str) -> Match:
        """The condition of exactly this name.

        Raises:
            UnknownName, AmbiguousName: as for `resolve`.
        """
        return self._one(text, ("condition",), "condition", UnknownName)

    def resolve_biomarker(self, text: str) -> Match:
        """The biomarker of exactly this name.

        Raises:
            UnknownName, AmbiguousName: as for `resolve`.
        """
        return self._one(text, ("biomarker",), "biomarker", UnknownName)

    def resolve_therapy(self, text: str) -> Match:
        """What a patient was given: a drug, else a regimen, else a class or procedure.

        Raises:
            UnknownDrug, AmbiguousName: as for `resolve`.
        """
        if not self._exact(text, _THERAPY_KINDS):
            keys = self._whole(text, "class")
            if len(keys) == 1:
                return Match("class", keys[0], self.label("class", keys[0]), 0.9, "read as target and action")
        return self._one(text, _THERAPY_KINDS, "drug, regimen or class of therapy", UnknownDrug)

    def _whole(self, text: str, kind: str) -> list[str]:
        """Keys of mentions of a kind that cover the whole text."""
        stripped = text.strip()
        return list(dict.fromkeys(m.key for m in self.mentions(stripped) if m.kind == kind and m.key and m.text == stripped))

    def find(self, text: str, limit: int = 10) -> list[Match]:
        """Ranked things of all kinds that the text may mean: exact names first, then names that hold the words, then near spellings.

        Example:
            >>> Names(Knowledge.load()).find("mTor inhibitor")[0].kind
            'class'
        """
        if limit < 1 or not text.strip():
            return []
        found: dict[tuple[str, str], Match] = {}

        def offer(match: Match) -> None:
            old = found.get((match.kind, match.key))
            if old is None or match.score > old.score:
                found[match.kind, match.key] = match

        ambiguity = self._ambiguous.get(name_key(self._lexicon, text))
        for match in self._exact(text, _KIND_ORDER):
            offer(match)
        if ambiguity:
            for drug in ambiguity[0]:
                if drug in self._knowledge.drugs:
                    offer(Match("drug", drug, self.label("drug", drug), 0.97, f"ambiguous name: {ambiguity[1]}"))
        for key in self._whole(text, "class"):
            offer(Match("class", key, self.label("class", key), 0.9, "read as target and action"))
        words = name_key(self._lexicon, text)
        if len(words) >= 3:
            for name, named in self._index.items():
                if words in name and name != words:
                    share = len(words) / len(name)
                    for entry in named:
                        place = "begins with" if name.startswith(words) else "contains"
                        offer(self._match(entry, 0.5 + 0.35 * share, f"{entry.form} {entry.name!r} {place} {text.strip()!r}"))
        for entry, similarity in self._near(text, _KIND_ORDER, limit):
            offer(self._match(entry, 0.85 * similarity / 100, f"spelled like {entry.form} {entry.name!r}"))
        return sorted(found.values(), key=lambda m: (-m.score, _KIND_ORDER.index(m.kind), m.key))[:limit]

    # --- mentions ----------------------------------------------------------------------------------------------------------------------

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(self._entries, self._lexicon)

    def mentions(self, text: str) -> list[Mention]:
        """Every drug, class, regimen, target, enzyme, condition, biomarker and pk phrase in a text, in order, with exact offsets.

        Of overlapping names the first and longest counts; things that share a name (a gene that is target and biomarker, the targets of one
        composed phrase) are a mention each, with the same span.
        """
        return self._mentions(fold_text(text), [len(text)])[0]

    def mentions_each(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of several texts, found in one go; what gives another meaning of a name away ("RT-PCR" of RT) does so for all.

        Example:
            >>> [[m.key for m in found] for found in Names(Knowledge.load()).mentions_each(["Prior imatinib", "Age", "HIV infection"])]
            [['imatinib'], [], ['hiv-infection']]
        """
        return self._mentions(fold_texts(texts), [len(text) for text in texts])

    def _mentions(self, folded: FoldedText, lengths: Iterable[int]) -> list[list[Mention]]:
        """The mentions of paragraphs of these lengths, each with offsets into its own."""
        found: list[list[Mention]] = []
        first = behind = 0
        paragraphs = iter(lengths)
        for thing in self._things(self._scanner.scan(folded)):
            start, end = folded.start(thing.start), folded.end(thing.end)
            while not found or start >= behind:
                first, behind = behind, behind + next(paragraphs) + len(PARAGRAPH)
                found.append([])
            found[-1].extend(self._named(thing, start - first, end - first, folded.original[start:end]))
        found.extend([] for _ in paragraphs)
        return found

    def _things(self, scan: Scan) -> Iterator[Hit | Composed]:
        """What is named, by position: of overlapping names the first and longest, and those in a parenthesis that a phrase goes round."""
        hits = [hit for hit in scan.hits() if hit.entries and not hit.inhibitor_suffix]
        listed = {(hit.start, hit.end): {e.key for e in hit.entries if e.kind == "class"} for hit in hits if hit.flags & CLASS}
        # A class that is listed under the whole phrase ("PI3K/AKT/mTOR pathway inhibitor") is meant, rather than what its words compose.
        composed = Composer(self._lexicon, scan, self._narrower).read()
        things: list[Hit | Composed] = [c for c in composed if self._agrees(c, listed.get((c.start, c.end)))]
        things.extend(hits)
        # First and longest first; of the same span a composed one, which comes before the hits.
        order = sorted((thing.start, -thing.end, index) for index, thing in enumerate(things))
        taken = 0
        holes: list[tuple[int, int]] = []
        for start, negative_end, index in order:
            thing = things[index]
            if start < taken and not any(a <= start and -negative_end <= b for a, b in holes):
                continue
            if start < taken:  # inside a hole: what follows in the hole must not overlap it
                holes = [(max(a, -negative_end), b) if a <= start < b else (a, b) for a, b in holes]
            else:
                taken = -negative_end
                holes = list(thing.holes) if isinstance(thing, Composed) else []
            yield thing

    def _agrees(self, composed: Composed, listed: set[str] | None) -> bool:
        """Whether a composed phrase means no other class than the one that is listed under its very words."""
        return not listed or all(isinstance(m, TargetMeaning) and self._class_of(m) in listed for m in composed.meanings)

    def _named(self, thing: Hit | Composed, start: int, end: int, text: str) -> Iterator[Mention]:
        """A mention for each thing that the words `text` at [start, end) name."""
        if isinstance(thing, Hit):
            for entry in thing.entries:
                yield Mention(start, end, entry.kind, entry.key, text)
            return
        seen: set[tuple[str, str]] = set()
        for meaning in thing.meanings:
            if isinstance(meaning, PkMeaning):
                yield Mention(
                    start,
                    end,
                    "pk",
                    "",
                    text,
                    enzyme=meaning.enzyme,
                    role=meaning.role,
                    strengths=meaning.strengths,
                    narrow_index=meaning.narrow_index,
                )
            elif isinstance(meaning, TargetMeaning):
                key = self._class_of(meaning)
                what = ("class", key or f"target {meaning.target}")
                if what not in seen:
                    seen.add(what)
                    yield Mention(start, end, "class", key, text, target=meaning.target, action=meaning.action)
            else:
                for kind, key in dict.fromkeys((e.kind, e.key) for e in meaning.entries if e.kind in ("drug", "class", "regimen")):
                    if (kind, key) not in seen:
                        seen.add((kind, key))
                        yield Mention(start, end, kind, key, text)

    def _class_of(self, meaning: TargetMeaning) -> str:
        """The class that a composed phrase means: one that is listed by such a name, else one defined by the target; '' if none is."""
        found = self._composed.get(meaning)
        if found is None:
            found = self._composed[meaning] = self._listed_class(meaning) or self._defined_class(meaning.target, meaning.action)
        return found

    def _listed_class(self, meaning: TargetMeaning) -> str:
        surface, words = meaning.surface, meaning.words
        names = [f"anti {surface} {words}", f"anti {surface}"] if meaning.anti else []
        names.append(f"{surface} {words}")
        names.extend(f"{surface} {phrase}" for phrase in self._lexicon.action_phrases(meaning.action))
        for name in names:
            for spelled in self._readings(name, asides=False):
                keys = [e.key for e in self._index.get(spelled, ()) if e.kind == "class"]
                if keys:
                    return keys[0]
        return ""

    def _defined_class(self, target: str, action: str) -> str:
        """The class defined by exactly this target whose members are all drugs that fit the action there, if there is one."""
        wanted = {drug for drug, m in self._knowledge.members_by_target(target, action).items() if m.plain}
        for key in self._knowledge.classes_for_target(target, action):
            if wanted <= set(self._knowledge.members(key)):
                return key
        return ""

    def _narrower(self, first: Hit, second: Hit) -> Hit | None:
        """Of a drug or class and the class named right behind it, the one that the two words together mean."""
        knowledge = self._knowledge
        classes = [e.key for e in second.entries if e.kind == "class"]
        for entry in first.entries:
            for other in classes:
                if entry.kind == "drug" and other in knowledge.memberships(entry.key):
                    return first
                if entry.kind == "class":
                    if other == entry.key or other in knowledge.class_ancestors(entry.key):
                        return first
                    if entry.key in knowledge.class_ancestors(other):
                        return second
        return None


@lru_cache(maxsize=4)
def _shared(knowledge: Knowledge) -> Names:
    return Names(knowledge)


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
