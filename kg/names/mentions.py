"""What a text names: every drug, class, regimen, target, enzyme, condition, biomarker and pk phrase, with exact offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from kg.names.compose import Composer
from kg.names.fold import PARAGRAPH, fold_text, fold_texts
from kg.names.meanings import Composed, PkMeaning, TargetMeaning
from kg.names.register import Register
from kg.names.scanner import CLASS, Hit, Scan, Scanner
from kg.records import Mention

__all__ = ["Mentions"]

_OF_ONE_KIND = frozenset({"adc", "bispecific", "car-t", "radioligand", "vaccine"})
"""What only drugs of one kind do: "anti-CD20 bispecifics" are none of the others that are called "anti-CD20"."""


class Mentions:
    """Finds the names of a register in texts; of overlapping names the first and longest counts."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._knowledge, self._lexicon = register.knowledge, register.lexicon
        self._composed: dict[TargetMeaning, str] = {}

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(self._register.entries, self._lexicon)

    def of_each(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of several texts, each with offsets into its own; what gives another meaning of a name away does so for all."""
        folded = fold_text(texts[0]) if len(texts) == 1 else fold_texts(texts)
        found: list[list[Mention]] = []
        first = behind = 0
        paragraphs = map(len, texts)
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

    def _named(self, thing: Hit | Composed, start: int, end: int, text: str) -> Iterable[Mention]:
        """A mention for each thing that the words `text` at [start, end) name."""
        if isinstance(thing, Hit):
            return [Mention(start, end, entry.kind, entry.key, text) for entry in thing.entries]
        return self._meant(thing, start, end, text)

    def _meant(self, thing: Composed, start: int, end: int, text: str) -> Iterator[Mention]:
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
        names = [f"anti {surface} {words}"] if meaning.anti else []
        if meaning.anti and meaning.action not in _OF_ONE_KIND:
            names.append(f"anti {surface}")
        names.append(f"{surface} {words}")
        names.extend(f"{surface} {phrase}" for phrase in self._lexicon.action_phrases(meaning.action))
        for name in names:
            for spelled in self._register.readings(name, asides=False):
                keys = [e.key for e in self._register.index.get(spelled, ()) if e.kind == "class"]
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
