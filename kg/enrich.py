"""Vocabulary releases → further rows in a graph's own tables: identifiers, names and classes of things that the tables know.

Curated rows are never changed. What would contradict them is refused and listed: a name that would point at two drugs, an identifier that
another thing has, a class that a curated row denies. Things that the tables do not know are counted, not added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg import tables
from kg.knowledge import Knowledge
from kg.names import Names
from kg.names.fold import fold, key_of
from kg.sources.vocabularies import Concept, Vocabulary

__all__ = ["Enrichment", "Refusal", "enrich"]

_SHORTEST = 5
"""Names of fewer letters and digits are abbreviations more often than not; a release says nothing on what else they mean."""
_PREFIXES = {"drug": "drug_identifiers", "condition": "condition_identifiers"}
_SYNONYMS = {"sctid": "snomedct", "snomed": "snomedct", "snomedct_us": "snomedct"}
"""Other prefixes that releases write (as Bioregistry lists them) → those of the tables."""
_SHARED = ("atc",)
"""Prefixes of identifiers that several things may have, and one thing several of."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a release says and the tables do not take."""

    source: str
    place: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}, {self.place}: {self.what}: {self.reason}"


@dataclass(slots=True)
class Enrichment:
    """What releases added to a folder of tables."""

    sources: list[str] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    """Rows by table."""
    refused: list[Refusal] = field(default_factory=list)
    matched: int = 0
    """Concepts that are things of the tables."""
    unknown: int = 0
    """Concepts that are not."""


def enrich(directory: Path, vocabularies: Iterable[Vocabulary]) -> Enrichment:
    """Adds what the releases say to the tables in a folder.

    A concept is a thing of the tables if one of its identifiers is, else if its preferred name is a drug's; if the two disagree it is
    refused. Each row that is added cites the release.

    Arguments:
        directory: tables, rewritten where rows are added.
        vocabularies: releases, in the order in which they count.
    Raises:
        BadInput: a release is not what it should be; the tables are left as they were.
    """
    result = Enrichment()
    work = _Work(directory, result)
    for vocabulary in vocabularies:
        work.take(vocabulary)
    work.write(directory)
    return result


class _Work:
    """The tables while releases are added."""

    def __init__(self, directory: Path, result: Enrichment) -> None:
        self.result = result
        self.rows = {name: tables.read(name, directory) for name in tables.SCHEMA}
        self.knowledge = Knowledge.load(directory)
        self.names = Names(self.knowledge, directory)
        self.owners: dict[str, set[tuple[str, str]]] = {}
        for kind, table in _PREFIXES.items():
            for row in self.rows[table]:
                self.owners.setdefault(row["curie"], set()).add((kind, row[kind]))
        self.ids: dict[tuple[str, str, str], set[str]] = {}  # (kind, key, prefix) → identifiers
        for (kind, key), curie in [(owner, curie) for curie, owners in self.owners.items() for owner in owners]:
            self.ids.setdefault((kind, key, curie.partition(":")[0]), set()).add(curie)
        self.labels: dict[str, set[str]] = {}  # folded name → drugs, as they are named by now
        self.bases: dict[str, set[str]] = {}  # the same without salts, which other vocabularies count as substances of their own
        for drug in self.knowledge.drugs.values():
            for name, kind in ((drug.label, "label"), *((n.text, n.kind) for n in drug.names)):
                self.labels.setdefault(_key(name), set()).add(drug.key)
                if kind != "salt":
                    self.bases.setdefault(_key(name), set()).add(drug.key)
        self.curated: dict[str, dict[str, str]] = {}  # drug → class → membership, as curated
        for row in self.rows["drug_classes"]:
            self.curated.setdefault(row["drug"], {})[row["class"]] = row["membership"]
        self.classed: set[tuple[str, str]] = set()  # (drug, class) that a release has added
        self.composed = {row["product"] for row in self.rows["product_substances"]}
        self.new: dict[str, list[dict[str, str]]] = {}

    def take(self, vocabulary: Vocabulary) -> None:
        source = vocabulary.source
        if any(row["source"] == source.key for row in self.rows["sources"]):
            self.result.refused.append(Refusal(source.key, "", "the whole release", "a source of this name is in the tables already"))
            return
        self.result.sources.append(source.key)
        fields = ("source", "title", "url", "version", "retrieved", "licence", "licence_url")
        values = (source.key, source.title, source.url, source.version, source.retrieved, source.licence, source.licence_url)
        self._add("sources", dict(zip(fields, values, strict=True)))
        matched: list[tuple[Concept, tuple[str, str]]] = []
        products: list[Concept] = []
        for concept in vocabulary.concepts:
            if concept.substances:
                products.append(concept)
            elif thing := self._thing(concept, source.key):
                matched.append((concept, thing))
        self._take_names(source.key, matched)
        for concept, (kind, key) in matched:
            for curie in concept.identifiers:
                self._identify(source.key, concept.place, kind, key, curie, concept.identifiers)
            if kind == "drug":
                self._classify(source.key, concept, key)
        for product in products:
            self._compose(source.key, product)
        for mapping in vocabulary.mappings:
            self._map(source.key, mapping.subject, mapping.object, mapping.place)

    def write(self, directory: Path) -> None:
        """Writes the tables that have grown."""
        for name, rows in self.new.items():
            tables.write(name, [*self.rows[name], *rows], directory)
            self.result.added[name] = len(rows)

    def _add(self, table: str, row: Mapping[str, str]) -> None:
        self.new.setdefault(table, []).append({**dict.fromkeys(tables.SCHEMA[table].header, ""), **row})

    def _refuse(self, source: str, place: str, what: str, reason: str) -> None:
        self.result.refused.append(Refusal(source, place, what, reason))

    # --- which thing a concept is ---------------------------------------------------------------------------------------------------------

    def _thing(self, concept: Concept, source: str) -> tuple[str, str] | None:
        known = {owner for curie in concept.identifiers if not curie.startswith(_SHARED) for owner in self.owners.get(curie, ())}
        preferred = concept.names[0][0] if concept.names else ""
        named = {("drug", drug) for drug in self.bases.get(_key(preferred), ())}
        if known and named and not known & named:
            labels = " and ".join(sorted(self.knowledge.label(*thing) for thing in (*known, *named)))
            self._refuse(source, concept.place, preferred, f"its identifiers and its name are of different things: {labels}")
            return None
        found = (known & named) or known or named
        if len(found) == 1:
            self.result.matched += 1
            return next(iter(found))
        if found:
            labels = ", ".join(sorted(self.knowledge.label(*thing) for thing in found))
            self._refuse(source, concept.place, preferred, f"could be any of {labels}")
        else:
            self.result.unknown += 1
        return None

    # --- names ----------------------------------------------------------------------------------------------------------------------------

    def _take_names(self, source: str, matched: list[tuple[Concept, tuple[str, str]]]) -> None:
        """Names of drugs. All of a release's are gathered first, so that one that two drugs claim goes to neither."""
        claims: dict[str, dict[str, tuple[str, str, str]]] = {}  # folded name → drug → (text, kind, place)
        for concept, (thing, drug) in matched:
            for text, kind in concept.names if thing == "drug" else ():
                key = _key(text)
                if sum(c.isalnum() for c in text) >= _SHORTEST and key and drug not in self.labels.get(key, ()):
                    claims.setdefault(key, {}).setdefault(drug, (text.strip(), kind, concept.place))
        for key, drugs in claims.items():
            everyone = {*drugs, *self.labels.get(key, ())}
            text, kind, place = next(iter(drugs.values()))
            if len(everyone) > 1:
                labels = ", ".join(sorted(self.knowledge.label("drug", drug) for drug in everyone))
                self._refuse(source, place, text, f"the name would point at {labels}")
                continue
            other = self.names.lookup(text, ("class", "regimen", "target", "enzyme", "condition", "biomarker"))
            if other:
                self._refuse(source, place, text, f"it names the {other[0].kind} {other[0].label}")
                continue
            (drug,) = drugs
            self.labels.setdefault(key, set()).add(drug)
            self._add("drug_names", {"name": text, "drug": drug, "kind": kind, "source": source, "detail": place})

    # --- identifiers ----------------------------------------------------------------------------------------------------------------------

    def _identify(self, source: str, place: str, kind: str, key: str, curie: str, same: tuple[str, ...] = ()) -> None:
        """Adds an identifier. `same`: what the release gives to one thing, as a base and its salts, may stand together."""
        prefix, _, local = curie.partition(":")
        column = next(column for column in tables.SCHEMA[_PREFIXES[kind]].columns if column.prefixes)
        if prefix not in column.prefixes or (kind, key) in self.owners.get(curie, ()):
            return
        label = self.knowledge.label(kind, key)
        if not tables.CURIES[prefix].fullmatch(local):
            self._refuse(source, place, curie, f"an identifier of {label} that does not look like one of {prefix}")
        elif prefix not in _SHARED and self.owners.get(curie):
            other = self.knowledge.label(*min(self.owners[curie]))
            self._refuse(source, place, curie, f"an identifier of {label} that {other} has already")
        elif prefix not in _SHARED and self.ids.get((kind, key, prefix), set()) - set(same):
            self._refuse(source, place, curie, f"{label} has another identifier of {prefix} already")
        else:
            self.owners.setdefault(curie, set()).add((kind, key))
            self.ids.setdefault((kind, key, prefix), set()).add(curie)
            self._add(_PREFIXES[kind], {kind: key, "curie": curie, "source": source, "detail": place})

    def _map(self, source: str, subject: str, other: str, place: str) -> None:
        """An exact match: who has the one identifier has the other."""
        one, two = _curie(subject), _curie(other)
        for have, want in ((one, two), (two, one)):
            for kind, key in sorted(self.owners.get(have, ())):
                if not have.startswith(_SHARED):
                    self.result.matched += 1
                    self._identify(source, place, kind, key, want)

    # --- products -------------------------------------------------------------------------------------------------------------------------

    def _compose(self, source: str, product: Concept) -> None:
        """What a product is made of, if a drug of the tables is in it; a substance that is none is kept by its name."""
        code = product.identifiers[0]
        drugs = {name: self._drug_of(curie) for curie, name in product.substances}
        if code not in self.composed and any(drugs.values()):
            self.composed.add(code)
            for name, drug in drugs.items():
                row = {"product": code, "substance": name, "drug": drug, "source": source, "detail": product.place}
                self._add("product_substances", row)

    def _drug_of(self, curie: str) -> str:
        return next((key for kind, key in sorted(self.owners.get(curie, ())) if kind == "drug"), "")

    # --- classes --------------------------------------------------------------------------------------------------------------------------

    def _classify(self, source: str, concept: Concept, drug: str) -> None:
        memberships = self.knowledge.memberships(drug)
        curated = self.curated.get(drug, {})
        for series in concept.classes:
            found = next((match for name in series for match in self.names.lookup(name, ("class",))), None)
            if found is None or found.key in memberships:
                continue
            if curated.get(found.key) == "not":
                self._refuse(source, concept.place, f"{self.knowledge.label('drug', drug)} as {found.label}", "a curated row denies it")
            elif (drug, found.key) not in self.classed:
                self.classed.add((drug, found.key))
                # Where the tables know a drug's mechanism, what they do not say of it may well be disputed.
                grade = "arguable" if curated or self.knowledge.drug_targets(drug) else "plain"
                row = {"drug": drug, "class": found.key, "membership": grade, "reason": f"so in {source} alone"}
                self._add("drug_classes", {**row, "source": source, "detail": concept.place})


def _key(name: str) -> str:
    return key_of(fold(name))


def _curie(text: str) -> str:
    """An identifier with its prefix as the tables write it."""
    prefix, colon, local = text.partition(":")
    return f"{_SYNONYMS.get(prefix.lower(), prefix.lower())}{colon}{local}"
