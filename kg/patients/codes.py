"""Concepts of a health record → names that the tables know; what they do not know keeps its own words, so that it is reported.

Codes count before words. Where two codes, or a code and the words beside it, mean different things, nothing is chosen but a doubt is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from kg.checks.states import measured
from kg.errors import UnknownName
from kg.knowledge import Knowledge, Target
from kg.names import Match, Names
from kg.patients.concept import Concept, curie, named

__all__ = ["Codes", "Reading"]

_PARTS = re.compile(r"\s*(?:[/+,;]|\band\b|\bwith\b)\s*", re.I)
_FORM_WORDS = """
    actuat act aerosol auto autoinjector bag blister buccal cap caps capsule capsules chewable clinical coated concentrate containing
    conventional cream dels delayed day disintegrating dose doses dr drops drug dry each ear elixir emulsion enteric er extended eye film
    foam for form g gel granules gum hr hour hours im implant inhalant inhalation inhaler inj injectable injection injector intravenous
    iu iv kg l liquid lotion lozenge m2 mcg medicinal meq metered mg milligram milliliter millilitre mist ml mouthwash nasal ng of ointment
    only ophthalmic oral otic pack patch pen per powder pre precisely prefilled product rectal release solution spray sr sterile
    subcutaneous sublingual suppository susp suspension sustained syringe syrup tab tablet tablets tabs topical transdermal ug unit units
    unt vaginal vial week xl xr
"""
_FORMS = frozenset(_FORM_WORDS.split())
"""Words of strengths and dose forms in the names of products, such as RxNorm's and SNOMED CT's: they name no drug."""

_CHANGES = (("mutation", "mutation"), ("rearrange", "rearrangement"), ("fusion", "rearrangement"), ("amplif", "amplification"))
"""Words for a change of a gene in the names of tests, such as LOINC's."""

_VACCINE = "vaccine"
"""The class of the tables that whatever is given as an immunization belongs to."""

Thing = tuple[str, str]
"""Kind (drug, regimen, class, condition) and key of something that the tables know."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a concept stands for.

    names: what can be looked up by name, a product's substances each; its own words where nothing is known; empty where there is a doubt.
    known: every name is one that the tables know.
    note: how it was read, where a reader of the report should know.
    doubt: why it cannot be told what is meant.
    """

    names: tuple[str, ...] = ()
    known: bool = True
    note: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one coding or one text says: the things that it may stand for. `parts`: (words, thing or None) for each substance, of a text and
    of the code of a product.
    """

    words: str
    things: tuple[Thing, ...]
    parts: tuple[tuple[str, Thing | None], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(words for words, _ in self.parts)

    @property
    def whole(self) -> bool:
        """No part of the text is unknown."""
        return all(thing for _, thing in self.parts)


class Codes:
    """Looks concepts up in one `Knowledge`.

    Example:
        >>> codes = Codes(Knowledge.load())
        >>> codes.drugs(Concept((("http://www.whocc.no/atc", "L01EE01", ""),))).names
        ('trametinib',)
        >>> codes.drugs(Concept(text="itraconazole 100 MG Oral Capsule")).names
        ('itraconazole',)
        >>> codes.drugs(Concept((("http://www.whocc.no/atc", "L01EE01", ""),), "imatinib")).doubt
        'ATC L01EE01 is trametinib, the words say “imatinib”: which is meant cannot be told; correct the record'
    """

    def __init__(self, knowledge: Knowledge, names: Names | None = None) -> None:
        self.knowledge = knowledge
        self.names = names or Names.of(knowledge)
        self._therapies = _by_identifier(
            (kind, key, item.identifiers)
            for kind, things in (("drug", knowledge.drugs), ("class", knowledge.classes))
            for key, item in things.items()
        )
        self._conditions = _by_identifier(("condition", key, item.identifiers) for key, item in knowledge.conditions.items())
        self._products = _substances(knowledge)
        self._genes = _by_identifier(("target", key, _hgnc(target)) for key, target in knowledge.targets.items() if target.kind == "gene")
        # the drugs of a cohort are much the same ones
        self._read: dict[Concept, Reading] = {}

    # --- therapies ------------------------------------------------------------------------------------------------------------------------

    def drugs(self, concept: Concept) -> Reading:
        """The drugs, classes or regimens that a concept is: by code, else by words; its own words where nothing is known.

        A product of several substances gives each of them; a part that is not known is given as it is written.
        """
        found = self._read.get(concept)
        if found is None:
            found = self._read[concept] = self._drugs(concept)
        return found

    def _drugs(self, concept: Concept) -> Reading:
        coded = _coded(concept, self._therapies)
        texts = [_Claim(f"“{word}”", *self._substances(word)) for word in concept.words]
        products = self._coded_products(concept)
        said = [*products, *(text for text in texts if text.things)]
        if doubt := self._disagreement([*coded, *said]):
            return Reading(doubt=doubt)
        # the text that names most: a substance that only one of them names was given all the same
        best = max(said, key=lambda text: (len(text.parts), text.whole, text.things[0][0] != "class"), default=None)
        sure = self._narrowest(coded)
        if sure and (best is None or (len(best.parts) == 1 and not self._narrower(best.things[0], sure))):
            label = self.knowledge.label(*sure)
            return Reading((label,), note=_unknown_words(texts, label))
        if best:
            label = ", ".join(best.names)
            by_code = f"{best.words} is a product of {label}" if best in products and not any(text.things for text in texts) else ""
            return Reading(best.names, best.whole, note=by_code or _unknown_words(texts, label))
        if coded:
            return Reading(doubt=f"{self._says(coded[0])}: which is meant cannot be told; name the drug")
        # "Tablet" alone names nothing where other words do
        name = next((word for word, text in zip(concept.words, texts, strict=True) if text.parts), concept.name)
        return Reading((name,) if name else (), known=False)

    def key(self, name: str) -> str:
        """What two names of one drug have in common; the name itself where nothing is known of it."""
        thing = self._therapy(name)
        return ":".join(thing) if thing else name.casefold()

    def _coded_products(self, concept: Concept) -> list[_Claim]:
        """The codings that are of products whose substances are known; a substance that is no drug of the tables may be a class."""
        claims = []
        for system, code, _ in concept.codings:
            rows = self._products.get(curie(system, code), ())
            drugs = [(self.knowledge.label("drug", drug), ("drug", drug)) if drug else (name, self._therapy(name)) for name, drug in rows]
            if things := tuple(thing for _, thing in drugs if thing):
                claims.append(_Claim(named(system, code), things, tuple(drugs)))
        return claims

    def _therapy(self, name: str) -> Thing | None:
        return _found(self.names.resolve_therapy, name)

    def vaccine(self, concept: Concept) -> Reading:
        """The vaccine that a concept is: read as `drugs` are; where it is not known, it is a vaccine all the same."""
        read = self.drugs(concept)
        if read.known or read.doubt or not read.names:
            return read
        return Reading((_VACCINE,), note=f"“{concept.name}” is not known here; read as a {_VACCINE} of which more is not known")

    def procedures(self, concept: Concept) -> Reading:
        """What was done: read as `drugs` are, else the procedures that are named in the words ("Radiotherapy to left thigh")."""
        read = self.drugs(concept)
        if read.known or read.doubt:
            return read
        mentions = (m for word in concept.words for m in self.names.mentions(word) if m.kind == "class" and m.key)
        classes = (self.knowledge.classes[m.key] for m in mentions)
        found = tuple(dict.fromkeys(one.label for one in classes if one.kind == "procedure"))
        return Reading(found, note=f"“{concept.name}” is read as {', '.join(found)}") if found else read

    def _substances(self, text: str) -> tuple[tuple[Thing, ...], tuple[tuple[str, Thing | None], ...]]:
        """What a text names, and its parts; a part without a known substance is kept as written, one of strengths and forms is not."""
        thing = self._therapy(text)
        if thing:
            return (thing,), ((text, thing),)
        parts: list[tuple[str, Thing | None]] = []
        for part in _PARTS.split(text):
            drugs = [m for m in self.names.mentions(part) if m.kind in ("drug", "regimen") and m.key]
            if drugs:
                parts += [(m.text, self._therapy(m.text)) for m in drugs]
            elif re.search(r"[^\W\d_]", part) and any(w not in _FORMS for w in re.findall(r"[^\W\d_]+\d*", part.lower())):
                parts.append((part.strip(), None))
        # "itraconazole (Sporanox)" names one drug twice
        once = {thing or words.casefold(): (words, thing) for words, thing in reversed(parts)}
        kept = tuple(part for part in dict.fromkeys(parts) if part in once.values())
        return tuple(thing for _, thing in kept if thing), kept

    def _narrowest(self, coded: Iterable[_Claim]) -> Thing | None:
        """The most special of the things that codes surely mean; they are known to agree."""
        found: Thing | None = None
        for claim in coded:
            if len(claim.things) == 1 and (found is None or self._narrower(claim.things[0], found)):
                found = claim.things[0]
        return found

    def _narrower(self, one: Thing, other: Thing) -> bool:
        """Of two things that agree, whether the one says more: a drug of a class, a class within a class, a regimen with the drug in it."""
        if other[0] == "class":
            return one[0] != "class" or other[1] in self.knowledge.class_ancestors(one[1])
        return one[0] == "regimen" and other[0] == "drug"

    def _agree(self, one: Thing, other: Thing) -> bool:
        """Whether one record can mean both: they are the same, or share a drug, or the one lies within the other."""
        knowledge = self.knowledge
        if one[0] in ("biomarker", "target"):
            return measured(one[1], knowledge)[-1] == measured(other[1], knowledge)[-1]
        if one[0] == "condition":
            return knowledge.covers(one[1], other[1]) or knowledge.covers(other[1], one[1])
        if one[0] == other[0] == "class":
            return one == other or one[1] in knowledge.class_ancestors(other[1]) or other[1] in knowledge.class_ancestors(one[1])
        if other[0] == "class":
            one, other = other, one
        if one[0] == "class":
            return any(one[1] in knowledge.memberships(drug) for drug in self._drugs_of(other))
        return bool(set(self._drugs_of(one)) & set(self._drugs_of(other)))

    def _drugs_of(self, thing: Thing) -> tuple[str, ...]:
        return self.knowledge.regimens[thing[1]].drugs if thing[0] == "regimen" else (thing[1],)

    def _disagreement(self, claims: Iterable[_Claim]) -> str:
        """What is to be said where two claims cannot both be meant; '' where all can."""
        for one, other in combinations(claims, 2):
            if not any(self._agree(a, b) for a in one.things for b in other.things):
                return f"{self._says(one)}, {self._says(other)}: which is meant cannot be told; correct the record"
        return ""

    def _says(self, claim: _Claim) -> str:
        label = self._labels(claim.things)
        return f"the words say {claim.words}" if claim.words.casefold() == f"“{label}”".casefold() else f"{claim.words} is {label}"

    def _labels(self, things: Iterable[Thing]) -> str:
        return " or ".join(sorted(self.knowledge.label(*thing) for thing in things))

    # --- other things ---------------------------------------------------------------------------------------------------------------------

    def condition(self, concept: Concept) -> Reading:
        """The condition that a concept is: by code, else by words; its own words where nothing is known."""
        coded = _coded(concept, self._conditions)
        words = {word: thing for word in concept.words if (thing := _found(self.names.resolve_condition, word))}
        said = [_Claim(f"“{word}”", (thing,)) for word, thing in words.items()]
        if doubt := self._disagreement([*coded, *said]):
            return Reading(doubt=doubt)
        sure = {self.knowledge.label(*claim.things[0]): claim.things[0] for claim in coded if len(claim.things) == 1}
        # the most special of what is said
        both = {**sure, **words}
        if not both and concept.name and not concept.words:
            # in the name of a code system a condition could be read: ATC, the anaplastic thyroid cancer
            return Reading(doubt=f"{concept.name} is not known here: what it stands for cannot be told; give its display or text")
        name = max(both, key=lambda name: len(self.knowledge.condition_ancestors(both[name][1])), default=concept.name)
        return Reading((name,) if name else (), known=bool(both))

    def biomarker(self, concept: Concept) -> Reading:
        """The biomarker that a concept is, by the code of its gene or by words; no name where it is none."""
        coded = _coded(concept, self._genes)
        words = dict(filter(None, map(self._measured, concept.words)))
        if doubt := self._disagreement([*coded, *(_Claim(f"“{word}”", (thing,)) for word, thing in words.items())]):
            return Reading(doubt=doubt)
        # words may say which mutation of the gene is meant
        name = next(iter(words), "") or next((self.knowledge.label(*claim.things[0]) for claim in coded), "")
        return Reading((name,)) if name else Reading(known=False)

    def _measured(self, word: str) -> tuple[str, Thing] | None:
        """The biomarker that a word is, or the one gene or biomarker that is named in it, and by which name."""
        if thing := _found(self.names.resolve_biomarker, word):
            return word, thing
        found: dict[str, tuple[str, Thing]] = {}
        for m in self.names.mentions(word):
            what = measured(m.key, self.knowledge)[-1]
            if m.kind == "biomarker" or (m.kind == "target" and what not in found):  # a marker often has the name of its gene
                found[what] = (m.text, (m.kind, m.key))
        if len(found) != 1:
            return None
        name, thing = next(iter(found.values()))
        # "KRAS gene mutations found": of a bare "negative" it has to be known what was looked for
        change = next((change for stem, change in _CHANGES if stem in word.casefold()), "")
        return (f"{name} {change}" if change and _found(self.names.resolve_biomarker, f"{name} {change}") else name), thing

    def route(self, concept: Concept) -> str | None:
        """The route as the tables call it; the record's own words where they do not have it."""
        for word in concept.words:
            plain = re.sub(r"\s*\(.*\)$", "", word.casefold()).strip()
            for form in (plain, plain.removesuffix(" route"), plain.removesuffix(" use"), plain.removesuffix(" route of administration")):
                if form in self.knowledge.routes:
                    return form
        return concept.name or None


def _found(look_up: Callable[[str], Match], word: str) -> Thing | None:
    try:
        match = look_up(word)
    except UnknownName:
        return None
    return match.kind, match.key


def _unknown_words(texts: Iterable[_Claim], label: str) -> str:
    """A note on words that nothing is known of, beside codes or words by which the concept was read."""
    unknown = [text.words for text in texts if text.parts and not text.things]
    return f"{', '.join(unknown)} is not known here; read as {label}, by what stands beside it" if unknown else ""


def _coded(concept: Concept, table: Mapping[str, tuple[Thing, ...]]) -> list[_Claim]:
    """The codings that the tables know."""
    found = ((named(system, code), table.get(curie(system, code).lower(), ())) for system, code, _ in concept.codings)
    return [_Claim(words, things) for words, things in found if things]


def _substances(knowledge: Knowledge) -> dict[str, tuple[tuple[str, str], ...]]:
    """Products' codes → (name, drug or "") of each substance."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in knowledge.rows("product_substances"):
        found[row["product"]] = (*found.get(row["product"], ()), (row["substance"], row["drug"]))
    return found


def _hgnc(gene: Target) -> Iterable[str]:
    """Records write a gene's number with and without HGNC's own prefix."""
    return (curie for number in gene.hgnc for curie in (f"hgnc:{number}", f"hgnc:{number.removeprefix('HGNC:')}"))


def _by_identifier(things: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, tuple[Thing, ...]]:
    found: dict[str, tuple[Thing, ...]] = {}
    for kind, key, identifiers in things:
        for identifier in identifiers:
            found[identifier.lower()] = (*found.get(identifier.lower(), ()), (kind, key))
    return found
