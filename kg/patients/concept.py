"""What a health record says that something is: codes of public code systems, and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Concept", "curie", "named"]

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
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "urn:oid:2.16.840.1.113883.12.292": "cvx",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://www.genenames.org/geneid": "hgnc",
    "http://www.genenames.org": "hgnc",
    "http://loinc.org": "loinc",
    "http://terminology.hl7.org/codesystem/v3-observationinterpretation": "v3-interpretation",
    "rxnorm": "rxnorm",
    "rxnorm extension": "",
    "atc": "atc",
    "snomed": "snomedct",
    "cvx": "cvx",
    "ndc": "ndc",
    "icd10cm": "icd10cm",
}
"""Code systems, by URI or by the name that OMOP's concept table gives them → prefix of the tables' identifiers."""

_NAMES: Mapping[str, str] = {
    "rxnorm": "RxNorm",
    "atc": "ATC",
    "unii": "UNII",
    "ncit": "NCIt",
    "snomedct": "SNOMED CT",
    "cvx": "CVX",
    "ndc": "NDC",
    "icd10cm": "ICD-10-CM",
    "icd10": "ICD-10",
    "hgnc": "HGNC",
    "loinc": "LOINC",
}
"""What people call the code systems."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a record says something is: (system, code, display) triples, and a text of its own.

    Example:
        >>> Concept((("http://www.whocc.no/atc", "L01EE01", ""),)).name
        'ATC L01EE01'
    """

    codings: tuple[tuple[str, str, str], ...] = ()
    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that a person would read, best first."""
        return tuple(dict.fromkeys(word for word in (self.text.strip(), *(display.strip() for _, _, display in self.codings)) if word))

    @property
    def name(self) -> str:
        """One word for it: the text, else a display, else the codes; '' where there is nothing at all."""
        return next(iter(self.words), "") or ", ".join(named(system, code) for system, code, _ in self.codings if code)

    def has(self, prefix: str, codes: Iterable[str]) -> bool:
        """Whether one of the codes of a code system is among the codings."""
        return any(curie(system, code) == f"{prefix}:{code}" for system, code, _ in self.codings if code in codes)


def _prefix(system: str) -> str:
    return SYSTEMS.get(system.strip().lower().rstrip("/").replace("https://", "http://"), "")


def curie(system: str, code: str) -> str:
    """A coding as the tables write identifiers; '' where they know nothing of the system.

    >>> curie("http://www.whocc.no/atc", "L01EE01"), curie("urn:local", "17")
    ('atc:L01EE01', '')
    """
    prefix = _prefix(system)
    return f"{prefix}:{code.strip()}" if prefix and code.strip() else ""


def named(system: str, code: str) -> str:
    """A coding in words.

    >>> named("http://snomed.info/sct", "414460008"), named("https://example.org/drugs", "17")
    ('SNOMED CT 414460008', 'drugs 17')
    """
    name = _NAMES.get(_prefix(system)) or system.rstrip("/").rsplit("/", 1)[-1]
    return f"{name} {code.removeprefix(f'{name}:')}".strip()
