"""Codings and words of a health record → names that the tables know; what they do not know keeps its own words, so that it is reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kg.errors import UnknownName
from kg.knowledge import Knowledge
from kg.names import Match, Names

__all__ = ["Codes", "Concept"]

SYSTEMS: Mapping[str, str] = {
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
    "http://fdasis.nlm.nih.gov": "unii",
    "urn:oid:2.16.840.1.113883.4.9": "unii",
    "http://ncicb.nci.nih.gov/xml/owl/evs/thesaurus.owl": "ncit",
    "urn:oid:2.16.840.1.113883.3.26.1.1": "ncit",
    "http://snomed.info/sct": "snomedct",
    "urn:oid:2.16.840.1.113883.6.96": "snomedct",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://www.genenames.org/geneid": "hgnc",
    "http://www.genenames.org": "hgnc",
    "http://loinc.org": "loinc",
    "rxnorm": "rxnorm",
    "rxnorm extension": "",
    "atc": "atc",
    "snomed": "snomedct",
    "ndc": "ndc",
    "icd10cm": "icd10cm",
}
"""Code systems, by URI or by the name that OMOP's concept table gives them → prefix of the tables' identifiers."""

_PARTS = re.compile(r"\s*(?:[/+,;]|\band\b|\bwith\b)\s*", re.I)
_FORM_WORDS = """
    actuat act aerosol auto autoinjector bag blister buccal cap caps capsule capsules chewable coated concentrate cream
    dels delayed day disintegrating dose doses dr drops dry ear elixir emulsion enteric er extended eye film foam for g
    gel granules gum hr hour hours im implant inhalant inhalation inhaler inj injectable injection injector intravenous
    iu iv kg l liquid lotion lozenge m2 mcg meq metered mg mist ml mouthwash nasal ng of ointment ophthalmic oral otic
    pack patch pen per powder pre prefilled product rectal release solution spray sr sterile subcutaneous sublingual
    suppository susp suspension sustained syringe syrup tab tablet tablets tabs topical transdermal ug unit units unt
    vaginal vial week xl xr
"""
_FORMS = frozenset(_FORM_WORDS.split())
"""Words of strengths and dose forms in the names of products, such as RxNorm's: they name no drug."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a record says something is: (system, code, display) triples, and a text of its own."""

    codings: tuple[tuple[str, str, str], ...] = ()
    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that a person would read, best first."""
        return tuple(dict.fromkeys(word for word in (self.text.strip(), *(display.strip() for _, _, display in self.codings)) if word))

    @property
    def name(self) -> str:
        """One word for it: the text, else a display, else the codes; '' where there is nothing at all."""
        return next(iter(self.words), "") or ", ".join(f"{system.rsplit('/', 1)[-1]} {code}" for system, code, _ in self.codings if code)

    def has(self, system: str, codes: Iterable[str]) -> bool:
        """Whether one of the codes is among the codings."""
        return any(SYSTEMS.get(where.lower(), where) == system and code in codes for where, code, _ in self.codings)


class Codes:
    """Looks concepts up in one `Knowledge`.

    Example:
        >>> codes = Codes(Knowledge.load())
        >>> codes.drugs(Concept((("http://www.whocc.no/atc", "L01EE01", ""),)))
        ('trametinib',)
        >>> codes.drugs(Concept(text="itraconazole 100 MG Oral Capsule"))
        ('itraconazole',)
    """

    def __init__(self, knowledge: Knowledge, names: Names | None = None) -> None:
        self.knowledge = knowledge
        self.names = names or Names.of(knowledge)
        self._drugs = _by_identifier({key: drug.identifiers for key, drug in knowledge.drugs.items()})
        self._conditions = _by_identifier({key: condition.identifiers for key, condition in knowledge.conditions.items()})

    def drugs(self, concept: Concept) -> tuple[str, ...]:
        """Names of the drugs, classes or regimens that a concept is: by identifier, else by words; its own words where nothing is known.

        A product of several substances gives each of them; a part that is not known is given as it is written.
        """
        for key in self._identified(concept, self._drugs):
            return (self.knowledge.drugs[key].label,)
        for word in concept.words:
            if self._known(word, self.names.resolve_therapy):
                return (word,)
        products = [self._product(word) for word in concept.words]
        return next((found for found in products if found and all(self._known(n, self.names.resolve_therapy) for n in found)), ()) or next(
            iter(filter(None, products)), (concept.name,)
        )

    def _product(self, text: str) -> tuple[str, ...]:
        """The substances of a product's name; a part without a known one is kept as written, one that states a strength or form is not."""
        found: list[str] = []
        for part in _PARTS.split(text):
            drugs = [m for m in self.names.mentions(part) if m.kind in ("drug", "regimen") and m.key]
            if drugs:
                found += [m.text for m in drugs]
            elif re.search(r"[^\W\d_]", part) and any(w not in _FORMS for w in re.findall(r"[^\W\d_]+\d*", part.lower())):
                found.append(part.strip())
        return tuple(dict.fromkeys(found))

    def condition(self, concept: Concept) -> str:
        """The name of the condition that a concept is; its own words where nothing is known."""
        for key in self._identified(concept, self._conditions):
            return self.knowledge.conditions[key].label
        return next((word for word in concept.words if self._known(word, self.names.resolve_condition)), concept.name)

    def biomarker(self, concept: Concept) -> str | None:
        """The name of the biomarker that a concept is, or None."""
        for word in concept.words:
            if self._known(word, self.names.resolve_biomarker):
                return word
            genes = {m.key: m.text for m in self.names.mentions(word) if m.kind in ("biomarker", "target") and m.key}
            if len(genes) == 1:
                return next(iter(genes.values()))
        return None

    def route(self, concept: Concept) -> str | None:
        """The route as the tables call it; the record's own words where they do not have it."""
        for word in concept.words:
            plain = re.sub(r"\s*\(.*\)$", "", word.casefold()).strip()
            for form in (plain, plain.removesuffix(" route"), plain.removesuffix(" use"), plain.removesuffix(" route of administration")):
                if form in self.knowledge.routes:
                    return form
        return concept.name or None

    @staticmethod
    def _known(word: str, look_up: Callable[[str], Match]) -> bool:
        try:
            look_up(word)
        except UnknownName:
            return False
        return True

    @staticmethod
    def _identified(concept: Concept, table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The one thing that has these identifiers; nothing where an identifier is shared, or where two codings disagree."""
        found = {
            keys[0] for s, code, _ in concept.codings if len(keys := table.get(f"{SYSTEMS.get(s.lower(), '')}:{code}".lower(), ())) == 1
        }
        return tuple(found) if len(found) == 1 else ()


def _by_identifier(things: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, identifiers in things.items():
        for curie in identifiers:
            found[curie.lower()] = (*found.get(curie.lower(), ()), key)
    return found
