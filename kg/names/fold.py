"""How names and texts are made comparable, and how a place in the comparable text is found again in the original."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["BREAK", "PARAGRAPH", "FoldedText", "Spelling", "fold", "fold_text", "fold_texts", "key_of", "plurals", "words_only"]

_DASHES = "-‐‑‒–—―−_"
_QUOTES = "'‘’‚‛′`´"
BREAK = "\0"
"""Stands where a paragraph or a dash bullet begins: no name and no phrase goes across."""

PARAGRAPH = "\n\n"
"""Stands between the texts of `fold_texts`."""

OTHER = "~"
"""Stands for any character outside ASCII that is no letter and no digit."""

# Blanks and dashes in a row are one blank (a line break when a paragraph or a dash bullet begins there); mere marks vanish.
_BLANKS = r" \t\n\r\f\v\x1c-\x1f\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN = re.compile(rf"[{_BLANKS}\-‐‑‒–—―−_]{{2,}}|[®™©\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]|\\(?=[^\w\s])")
_ASCII = re.compile(r"[\x00-\x7f]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class _FoldTable(dict[int, str]):
    """Code point → one comparable character; filled as characters turn up, so that the whole of Unicode is covered."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _DASHES or character.isspace():
        return " "
    if character in _QUOTES:
        return "'"
    decomposed = unicodedata.normalize("NFKD", character)
    first = (decomposed[0] if decomposed else character).lower()
    if len(first) != 1:
        first = character
    if not first.isalnum() and ord(first) > 127:
        return OTHER
    return first


class _WordsTable(dict[int, str]):
    """Folded code point → itself if it is part of a word, else a blank."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = kept = character if character.isalnum() else " "
        return kept


_FOLD = _FoldTable()
_WORDS = _WordsTable()
_ASCII_FOLD = bytes([ord(_FOLD[code]) if code < 128 else code for code in range(256)])
_ASCII_WORDS = bytes([ord(_WORDS[code]) if code < 128 else code for code in range(256)])


def _replaced(text: str, ascii_only: bytes, table: dict[int, str]) -> str:
    """Each character by that of a table; those of ASCII, which most are, as bytes: several times as quick."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda found: table[ord(found[0])], text)
        if not text.isascii():
            return _ASCII.sub(lambda run: run[0].encode().translate(ascii_only).decode(), text)
    return text.encode().translate(ascii_only).decode()


def _fold_characters(text: str) -> str:
    return _replaced(text, _ASCII_FOLD, _FOLD)


def fold(text: str) -> str:
    """Lower case without diacritics, dashes as blanks, runs of blanks as one; other punctuation stays.

    Example:
        >>> fold("Soft-Tissue  Sarcoma®"), fold("naïve PD–(L)1")
        ('soft tissue sarcoma', 'naive pd (l)1')
    """
    return fold_text(text).text.strip()


def words_only(folded: str) -> str:
    """Folded text with everything but letters and digits made a blank, of the same length.

    Example:
        >>> words_only("pd (l)1")
        'pd  l 1'
    """
    return _replaced(folded, _ASCII_WORDS, _WORDS)


@dataclass(slots=True)
class FoldedText:
    """A folded text and the way back: `edges` are the folded positions from which on `shifts` must be added."""

    original: str
    text: str
    edges: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def start(self, position: int) -> int:
        """The original offset of a folded character."""
        if not self.edges:
            return position
        index = bisect_right(self.edges, position) - 1
        return position + self.shifts[index] if index >= 0 else position

    def end(self, position: int) -> int:
        """The original offset behind the last folded character of a span that ends at `position`."""
        return self.start(position - 1) + 1


def fold_text(text: str) -> FoldedText:
    """Fold a text and keep the way back to its own offsets.

    Example:
        >>> folded = fold_text("Gleevec® (imatinib\\n  mesylate)")
        >>> at = folded.text.index("imatinib mesylate")
        >>> folded.original[folded.start(at):folded.end(at + len("imatinib mesylate"))]
        'imatinib\\n  mesylate'
    """
    return FoldedText(text, *_closed_up(text, _fold_characters(text)))


def _closed_up(text: str, folded: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """The folded characters of a text with each run of blanks as one, and mere marks gone; with the edges and shifts of the way back."""
    if "  " not in folded and "\\" not in folded and text.isascii():
        return folded, (), ()  # no run to be one blank, no mark to vanish
    pieces: list[str] = []
    edges: list[int] = []
    shifts: list[int] = []
    length = last = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        found = run.group()
        if not (found[0].isspace() or found[0] in _DASHES):
            filler = ""
        elif "\n" in found and (found.count("\n") > 1 or any(c in _DASHES for c in found)):
            filler = BREAK
        else:
            filler = " "
        pieces.append(folded[last:start])
        pieces.append(filler)
        length += start - last + len(filler)
        last = end
        edges.append(length)
        shifts.append(end - length)
    pieces.append(folded[last:])
    return "".join(pieces), tuple(edges), tuple(shifts)


def fold_texts(texts: Sequence[str]) -> FoldedText:
    """Fold several texts as paragraphs of one, whose original they are with an empty line between each two.

    Example:
        >>> fold_texts(["Prior  MEK", "inhibitors"]).text.split(BREAK)
        ['prior mek', 'inhibitors']
    """
    pieces: list[str] = []
    edges: list[int] = []
    shifts: list[int] = []
    length = shift = at = 0
    characters = _fold_characters(BREAK.join(texts))
    for text in texts:
        if pieces:
            shift += len(PARAGRAPH) - len(BREAK)
            length += len(BREAK)
            edges.append(length)
            shifts.append(shift)
        folded, inner_edges, inner_shifts = _closed_up(text, characters[at : at + len(text)])
        at += len(text) + len(BREAK)
        pieces.append(folded)
        if inner_edges:
            edges += [length + edge for edge in inner_edges]
            shifts += [shift + inner for inner in inner_shifts]
            shift = shifts[-1]
        length += len(folded)
    return FoldedText(PARAGRAPH.join(texts), BREAK.join(pieces), tuple(edges), tuple(shifts))


# --- spellings ------------------------------------------------------------------------------------------------------------------------

_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "kappa": "κ", "epsilon": "ε"}
_GREEK_WORD = re.compile(r"\b(" + "|".join(_GREEK) + r")\b")
_GREEK_LETTER = re.compile("[" + "".join(_GREEK.values()) + "]")
_NAMES_OF_GREEK = {letter: word for word, letter in _GREEK.items()}
_DIGIT = re.compile(r"\d")
_LETTER_DIGIT = re.compile(r"(?<=[a-z])(?=\d)")
_LETTERS_BLANK_DIGIT = re.compile(r"(?<=[a-z]) (?=\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Spelling:
    """Which spellings of a name a text may use. British and American forms come from the lexicon (`spelling` rows: British → American).

    Example:
        >>> spelling = Spelling({"tumour": "tumor", "aemia": "emia"})
        >>> sorted(spelling.variants("PD-1"))
        ['pd 1', 'pd1']
        >>> sorted(spelling.variants("leukaemia")), spelling.american("Leukaemia")
        (['leukaemia', 'leukemia'], 'leukemia')
    """

    def __init__(self, british: Mapping[str, str]) -> None:
        self._to_american = [(re.compile(re.escape(b)), a) for b, a in sorted(british.items(), key=lambda i: (-len(i[0]), i[0]))]
        self._to_british = [
            (re.compile(rf"(?<!{_lead(b, a)}){re.escape(a)}" if _lead(b, a) else re.escape(a)), b) for b, a in sorted(british.items())
        ]
        self._is_british = _any_of(british)
        self._is_either = _any_of({*british.values(), *british})

    def american(self, name: str) -> str:
        """The folded name in American spelling."""
        return self._made_american(fold(name))

    def _made_american(self, folded: str) -> str:
        if self._is_british.search(folded):  # few are: this look spares most names all others
            for pattern, replacement in self._to_american:
                folded = pattern.sub(replacement, folded)
        return folded

    def variants(self, name: str) -> set[str]:
        """Folded forms of `name`: with and without blanks where letters meet digits, joined, Greek letters, British and American."""
        forms = {fold(name)}
        if _CAMEL.search(name) and len(name) <= 12:
            forms.add(fold(_CAMEL.sub(" ", name)))
        if "-" in name and len(name) <= 14 and _may_join(name):
            forms.add(fold(name.replace("-", "")))
        for form in list(forms):
            if _DIGIT.search(form):
                forms.add(_LETTERS_BLANK_DIGIT.sub("", form))
                forms.add(_LETTER_DIGIT.sub(" ", form, count=1))
            forms.add(_GREEK_WORD.sub(lambda m: _GREEK[m[1]], form))
            if not form.isascii():
                forms.add(_GREEK_LETTER.sub(lambda m: _NAMES_OF_GREEK[m[0]], form))
        for form in list(forms):
            if self._is_either.search(form):
                british = form
                for pattern, replacement in self._to_british:
                    british = pattern.sub(replacement, british)
                forms |= {self._made_american(form), british}
        return {form for form in forms if form}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """What finds one of some words; nothing where there are none."""
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


def _may_join(name: str) -> bool:
    """Whether leaving out the hyphens still names the same: "PD1" and "anticancer" do, "cros" (c-ros) and "ACT" (AC-T) are other words."""
    size = sum(c.isalnum() for c in name)
    return any(c.isdigit() for c in name) or (size >= 7 and not name.isupper())


def _lead(british: str, american: str) -> str:
    """Letters that the British form puts before the American one ("oestr" before "estr"), so that it is not put there twice."""
    return british[: -len(american)] if british.endswith(american) else ""


_NOT_KEY = re.compile(r"[^\w·]+|_+")
_OPTIONAL_LETTER = re.compile(r"(?<=\S)\((\w)\)")


def key_of(folded: str) -> str:
    """Letters and digits alone: what exact look-ups compare. A letter in parentheses within a word stays apart: PD-(L)1 is not PD-L1.

    Example:
        >>> key_of("pd l1"), key_of("pd (l)1") == key_of("pd(l) 1"), key_of("pd (l)1") == key_of("pd l1")
        ('pdl1', True, False)
    """
    return _NOT_KEY.sub("", _OPTIONAL_LETTER.sub(r"·\1", folded.replace(" (", "(")))


def plurals(folded: str) -> Iterable[str]:
    """Plural forms that are not just an added "s" (that one the scanner knows).

    Example:
        >>> list(plurals("brain metastasis")), list(plurals("chemotherapy"))
        (['brain metastases'], ['chemotherapies'])
    """
    if folded.endswith("sis"):
        yield folded[:-2] + "es"
    elif folded.endswith("y") and folded[-2:-1] not in ("a", "e", "o", "u", ""):
        yield folded[:-1] + "ies"
    elif folded.endswith(("s", "x", "ch", "sh")):
        yield folded + "es"
    elif folded.endswith("oma"):
        yield folded + "ta"
