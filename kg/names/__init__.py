"""From words to the things of the tables: exact look-up, ranked search, and every mention in a criterion's text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from kg.errors import AmbiguousName, UnknownDrug, UnknownName
from kg.knowledge import Knowledge
from kg.names.lexicon import Lexicon
from kg.names.meanings import ANY_CYP
from kg.names.mentions import Mentions
from kg.names.register import KINDS, Match, Register
from kg.names.scanner import name_key
from kg.records import Mention

__all__ = ["ANY_CYP", "Match", "Names"]

_THERAPY_KINDS = ("drug", "regimen", "class")
_LEAST_OF_A_LABEL, _LEAST_OF_OTHERS = 0.5, 0.45
"""Scores of names that hold the words looked for, before the share that these are of the name: a thing's label counts for more."""


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
        self._register = Register(knowledge, self._lexicon)
        self._mentions = Mentions(self._register)

    @classmethod
    def of(cls, knowledge: Knowledge) -> Names:
        """The names of a `Knowledge` with the bundled lexicon, made once and shared."""
        return _shared(knowledge)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge whose names these are."""
        return self._knowledge

    def label(self, kind: str, key: str) -> str:
        """The label of a thing.

        Raises:
            KeyError: the tables have no such thing.
        """
        return self._knowledge.label(kind, key)

    # --- look-up -----------------------------------------------------------------------------------------------------------------------

    def lookup(self, text: str, kinds: Sequence[str]) -> list[Match]:
        """The things of exactly this name, best first, kinds in the order given; none if none has it. Near names do not count.

        Example:
            >>> [match.key for match in Names(Knowledge.load()).lookup("STI-571", ("drug",))]
            ['imatinib']
        """
        return self._register.exact(text, kinds)

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
        if not self._register.exact(text, ("class",)):
            keys = self._whole(text, "class")
            if len(keys) == 1:
                return Match("class", keys[0], self.label("class", keys[0]), 0.9, "read as target and action")
        return self._one(text, ("class",), "drug class", UnknownName)

    def resolve_condition(self, text: str) -> Match:
        """The condition of exactly this name, or of one that begins with its noun: "Carcinoma, Renal Cell".

        Raises:
            UnknownName, AmbiguousName: as for `resolve`.
        """
        turned = ", " in text and not self._register.exact(text, ("condition",)) and self._register.exact(_upright(text), ("condition",))
        return self._one(_upright(text) if turned else text, ("condition",), "condition", UnknownName)

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
        if not self._register.exact(text, _THERAPY_KINDS):
            keys = self._whole(text, "class")
            if len(keys) == 1:
                return Match("class", keys[0], self.label("class", keys[0]), 0.9, "read as target and action")
        return self._one(text, _THERAPY_KINDS, "drug, regimen or class of therapy", UnknownDrug)

    def _one(self, text: str, kinds: Sequence[str], what: str, error: type[UnknownName]) -> Match:
        """The one thing of this name; where none is known or near, what is named inside the text ("fentanyl patch") is suggested."""
        try:
            return self._register.one(text, kinds, what, error)
        except error as unknown:
            named = [m for m in self.mentions(text) if m.kind in kinds and m.key]
            if unknown.suggestions or not named or isinstance(unknown, AmbiguousName):
                raise
            labels = list(dict.fromkeys(self.label(m.kind, m.key) for m in named))
            raise error(f"{text!r} is not a known {what}; did you mean {', '.join(labels)}?", labels) from None

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

        ambiguity = self._register.ambiguous.get(name_key(self._lexicon, text))
        for match in self._register.exact(text, KINDS):
            offer(match)
        if ambiguity:
            for drug in ambiguity[0]:
                if drug in self._knowledge.drugs:
                    offer(Match("drug", drug, self.label("drug", drug), 0.97, f"ambiguous name: {ambiguity[1]}"))
        for key in self._whole(text, "class"):
            offer(Match("class", key, self.label("class", key), 0.9, "read as target and action"))
        words = name_key(self._lexicon, text)
        if len(words) >= 3:
            for name, named in self._register.index.items():
                if words in name and name != words:
                    share = len(words) / len(name)
                    for entry in named:
                        place = "begins with" if name.startswith(words) else "contains"
                        least = _LEAST_OF_A_LABEL if entry.form == "label" else _LEAST_OF_OTHERS
                        offer(self._register.match(entry, least + 0.35 * share, f"{entry.form} {entry.name!r} {place} {text.strip()!r}"))
        for entry, similarity in self._register.near(text, KINDS, limit):
            offer(self._register.match(entry, 0.85 * similarity / 100, f"spelled like {entry.form} {entry.name!r}"))
        return sorted(found.values(), key=lambda m: (-m.score, KINDS.index(m.kind), m.key))[:limit]

    def diseases(self, text: str) -> list[str]:
        """Keys of the conditions that a registered condition names; one that begins with its noun, as in MeSH, is set upright first.

        Example:
            >>> Names(Knowledge.load()).diseases("Carcinoma, Renal Cell"), Names(Knowledge.load()).diseases("Sarcoma, recurrent")
            (['renal-cell-carcinoma'], ['sarcoma'])
        """
        whole = self._register.exact(_upright(text), ("condition",)) if ", " in text else []
        return [whole[0].key] if whole else [m.key for m in self.mentions(text) if m.kind == "condition" and m.key]

    # --- mentions ----------------------------------------------------------------------------------------------------------------------

    def mentions(self, text: str) -> list[Mention]:
        """Every drug, class, regimen, target, enzyme, condition, biomarker and pk phrase in a text, in order, with exact offsets.

        Of overlapping names the first and longest counts; things that share a name (a gene that is target and biomarker, the targets of one
        composed phrase) are a mention each, with the same span.
        """
        return self._mentions.of_each([text])[0]

    def mentions_each(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of several texts, found in one go; what gives another meaning of a name away ("RT-PCR" of RT) does so for all.

        Example:
            >>> [[m.key for m in found] for found in Names(Knowledge.load()).mentions_each(["Prior imatinib", "Age", "HIV infection"])]
            [['imatinib'], [], ['hiv-infection']]
        """
        return self._mentions.of_each(texts)


def _upright(name: str) -> str:
    """ "Leukemia, Myeloid, Acute" → "Acute Myeloid Leukemia"."""
    return " ".join(reversed(name.split(", ")))


@lru_cache(maxsize=4)
def _shared(knowledge: Knowledge) -> Names:
    return Names(knowledge)
