"""The grammar's words (`data/eligibility/composition.csv`) as patterns that match at a place of a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg import tables
from kg.names.fold import Spelling, fold, plurals
from kg.names.homonyms import Homonyms

__all__ = ["Lexicon", "Phrases"]

_NOWHERE = re.compile(r"(?!)")


def _alternatives(phrases: Iterable[str], between: str) -> re.Pattern[str]:
    forms = sorted(set(phrases), key=lambda f: (-len(f), f))
    body = "|".join(re.escape(form).replace(r"\ ", between) for form in forms)
    return re.compile(rf"(?:{body})(?![^\W_])")


class _ByFirst(dict[str, "re.Pattern[str] | None"]):
    """The pattern of the phrases that begin with a character: most places of a text begin with that of few phrases or none."""

    def __init__(self, phrases: Iterable[str], between: str) -> None:
        self._phrases, self._between = phrases, between

    def __missing__(self, first: str) -> re.Pattern[str] | None:
        phrases = [phrase for phrase in self._phrases if phrase[0] == first]
        self[first] = found = _alternatives(phrases, self._between) if phrases else None
        return found


class Phrases:
    """Phrases of one part of the grammar, longest first, each with its value."""

    def __init__(self, rows: Mapping[str, str], spelling: Spelling, between: str = " ") -> None:
        self._between = re.compile(between)
        self.values: dict[str, str] = {}
        for phrase, value in rows.items():
            for variant in spelling.variants(phrase):
                for form in (
                    variant,
                    *([f"{variant}s"] if variant[-1:].isalpha() and not variant.endswith("s") else []),
                    *plurals(variant),
                ):
                    self.values.setdefault(form, value)
        self._patterns = _ByFirst(self.values, between)
        self._stems = tuple(form for form in self.values if not any(form != other and form.startswith(other) for other in self.values))

    def may_begin(self, text: str, start: int, end: int) -> bool:
        """Whether a phrase may begin in text[start:end]: quicker than to match one."""
        return any(text.find(stem, start, end + len(stem) - 1) >= 0 for stem in self._stems)

    def match(self, text: str, at: int) -> tuple[str, int] | None:
        """(value, end) of the longest phrase at `at`, or None."""
        pattern = self._patterns[text[at : at + 1]]
        found = pattern.match(text, at) if pattern else None
        if not found:
            return None
        return self.values[self._between.sub(" ", found.group())], found.end()


class Lexicon:
    """What `composition.csv` says, by part.

    Example:
        >>> lexicon = Lexicon.load()
        >>> lexicon.action.match("tyrosine kinase inhibitors of egfr", 0)
        ('kinase-inhibitor', 26)
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        parts: dict[str, dict[str, str]] = {}
        for row in rows:
            parts.setdefault(row["part"], {})[row["phrase"]] = row["value"]
        self.parts: Mapping[str, Mapping[str, str]] = parts
        self.spelling = Spelling(parts.get("spelling", {}))
        self.action = self._phrases("action")
        self.opener = self._phrases("list-opener")
        self.role_opener = self._phrases("role-opener")
        self.qualifier = self._phrases("qualifier")
        self.strength = self._phrases("strength")
        self.role = self._phrases("role")
        self.filler = self._phrases("filler")
        self.generic_enzyme = self._phrases("generic-enzyme")
        self.narrow = self._phrases("narrow")
        self.base = self._phrases("base")
        self.course = self._phrases("course")
        self.head = self._phrases("head")
        filler = "|".join(re.escape(fold(f)) for f in sorted(parts.get("filler", {}), key=lambda f: (-len(f), f)))
        self.verb = Phrases(parts.get("role-verb", {}), self.spelling, rf" (?:(?:{filler}) )*" if filler else " ")
        self.connector = self._connectors(exclude="strength")
        self.strength_connector = self._connectors()
        self.connector_starts = {" ", *(fold(phrase)[0] for phrase in parts.get("connector", {}))}
        self.prefixes = tuple(fold(p) for p in parts.get("prefix", {}))
        self.ordinary: Mapping[str, frozenset[str]] = {
            word: frozenset(v for v in value.split("|") if v) for word, value in parts.get("ordinary", {}).items()
        }
        self.homonyms = Homonyms(parts.get("homonym", {}), self.spelling)
        self._actions: dict[str, list[str]] = {}
        for phrase, value in parts.get("action", {}).items():
            self._actions.setdefault(value, []).append(phrase)
        self._variants = {fold(last): tuple(map(fold, value.split("|"))) for last, value in parts.get("variant", {}).items()}
        alike = ((word, *value.split("|")) for word, value in parts.get("synonym", {}).items())
        self._alike = [sorted({form for word in words for form in self.spelling.variants(word)}) for words in alike]
        self._one_alike = [re.compile(rf"\b(?:{'|'.join(sorted(forms, key=len, reverse=True))}) ") for forms in self._alike]

    @classmethod
    def load(cls, directory: Path | None = None) -> Lexicon:
        """The lexicon of a data folder (default: the bundled one)."""
        return cls(tables.read("eligibility/composition", directory))

    def _phrases(self, part: str) -> Phrases:
        return Phrases(self.parts.get(part, {}), self.spelling)

    def _connectors(self, exclude: str = "") -> re.Pattern[str]:
        rows = self.parts.get("connector", {})
        words = sorted((fold(p) for p, value in rows.items() if value != exclude or not exclude), key=lambda w: (-len(w), w))
        marks = "|".join(re.escape(w) for w in words if not w[0].isalpha())
        spelled = "|".join(re.escape(w) for w in words if w[0].isalpha())
        if not marks or not spelled:
            return _NOWHERE
        return re.compile(rf" ?(?:{marks}) ?(?:(?:{spelled})(?= ) ?)?| (?:{spelled})(?= ) ?")

    def action_phrases(self, action: str) -> Sequence[str]:
        """The nouns that say an action: "inhibitor", "blockade"… for blocker."""
        return self._actions.get(action, ())

    def variants(self, folded: str) -> Iterable[str]:
        """The phrase with words changed for what protocols use in their place: its last one or two, and any before with a synonym.

        Example:
            >>> {"alkylating cancer agent", "alkylating anticancer drug"} <= {*Lexicon.load().variants("alkylating anticancer agent")}
            True
        """
        phrases = [folded]
        for one, forms in zip(self._one_alike, self._alike, strict=True):
            phrases += [one.sub(f"{form} ", folded, count=1) for form in forms if one.search(folded)]
        for phrase in dict.fromkeys(phrases):
            if phrase != folded:
                yield phrase
            words = phrase.split(" ")
            for count in (1, 2):
                head, last = " ".join(words[:-count]), " ".join(words[-count:])
                for other in self._variants.get(last, ()) if head else ():
                    yield f"{head} {other}"
