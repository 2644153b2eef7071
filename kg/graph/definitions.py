"""Drug classes that are made by a mechanism, as OWL definitions: who acts so on such a target is a member.

The definition says what `kg.knowledge.membership` works out: a drug is in a class when one of its primary targets is the target that
defines the class, a part of it, or a family or complex that contains it, and what the drug does there fits what the class asks
(`data/actions.csv`). Only plain memberships are defined; a drug that the tables deny a class (`kgo:isNotInClass`) is no exception that OWL
could state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.graph.lines import A, Lines, node
from kg.graph.predicates import LABEL, K
from kg.knowledge import Knowledge
from kg.knowledge.facts import DrugClass
from kg.vocab import PREFIXES, thing_iri

__all__ = ["ACTIONS", "KINDS", "definition_lines"]

ACTIONS = {
    "activator": K.primarilyActivates,
    "agonist": K.isPrimarilyAgonistOf,
    "antagonist": K.primarilyAntagonizes,
    "antibody": K.isPrimarilyAntibodyTo,
    "binder": K.primarilyBinds,
    "conjugate": K.primarilyDeliversTo,
    "degrader": K.primarilyDegrades,
    "inducer": K.primarilyInduces,
    "inhibitor": K.primarilyInhibits,
    "modulator": K.primarilyModulates,
    "other": K.primarilyActsOn,
    "substrate": K.isPrimarilySubstrateOf,
}
"""What a drug does with a primary target → the property that says so."""

KINDS = {
    "antibody": K.Antibody,
    "antibody-drug-conjugate": K.AntibodyDrugConjugate,
    "bispecific": K.Bispecific,
    "cell-therapy": K.CellTherapy,
    "food": K.Food,
    "gene-therapy": K.GeneTherapy,
    "habit": K.Habit,
    "herbal": K.Herbal,
    "hormone": K.Hormone,
    "oligonucleotide": K.Oligonucleotide,
    "peptide": K.Peptide,
    "protein": K.Protein,
    "radioligand": K.Radioligand,
    "small-molecule": K.SmallMolecule,
    "vaccine": K.Vaccine,
}
"""What kind of substance a drug is → its class; "other" is no more than a drug."""

_ANY = "*"
_PLAIN = "plain"
_OWL, _RDF = PREFIXES["owl"], PREFIXES["rdf"]
_CLASS = node(f"{_OWL}Class")
_RESTRICTION = node(f"{_OWL}Restriction")
_ON = node(f"{_OWL}onProperty")
_SOME = node(f"{_OWL}someValuesFrom")
_AND = node(f"{_OWL}intersectionOf")
_OR = node(f"{_OWL}unionOf")
_SUBCLASS = node(f"{PREFIXES['rdfs']}subClassOf")
_SAME = node(f"{_OWL}equivalentClass")
_FIRST, _REST, _NIL = (node(f"{_RDF}{name}") for name in ("first", "rest", "nil"))


class _Definitions:
    def __init__(self, knowledge: Knowledge, lines: Lines) -> None:
        self.knowledge = knowledge
        self.lines = lines
        self._count = 0
        self._groups: dict[str, str] = {}
        self._answering: dict[str, list[str]] = {}
        for key in sorted(knowledge.targets):
            for answered in knowledge.answered_by(key):
                self._answering.setdefault(answered, []).append(key)
        self._fitting: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for row in knowledge.rows("actions"):
            fits = self._fitting.setdefault(row["asked"], [])
            if row["membership"] == _PLAIN:
                fits.append((row["has"], tuple(row["kinds"].split("|")) if row["kinds"] else ()))

    def blank(self) -> str:
        self._count += 1
        return f"_:c{self._count}"

    def list_of(self, items: Sequence[str]) -> str:
        """An RDF list."""
        head = _NIL
        for item in reversed(items):
            cell = self.blank()
            self.lines.add(cell, _FIRST, item)
            self.lines.add(cell, _REST, head)
            head = cell
        return head

    def combined(self, how: str, items: Sequence[str]) -> str:
        """The intersection or union of class expressions; a single one is itself."""
        if len(items) == 1:
            return items[0]
        whole = self.blank()
        self.lines.add(whole, A, _CLASS)
        self.lines.add(whole, how, self.list_of(items))
        return whole

    def group(self, target: str) -> str:
        """The class of targets that stand for one."""
        found = self._groups.get(target)
        if found is None:
            found = self._groups[target] = node(thing_iri("target-group", target))
            self.lines.add(found, A, _CLASS)
            self.lines.add(found, A, K.TargetGroup)
            self.lines.add(found, _SUBCLASS, K.Target)
            self.lines.text(found, LABEL, f"{self.knowledge.targets[target].label}, its parts, and what contains it")
            for key in self._answering.get(target, ()):
                self.lines.add(node(thing_iri("target", key)), A, found)
        return found

    def acting(self, predicate: str, group: str) -> str:
        """Whatever acts so on one of a group of targets."""
        found = self.blank()
        self.lines.add(found, A, _RESTRICTION)
        self.lines.add(found, _ON, predicate)
        self.lines.add(found, _SOME, group)
        return found

    def ways(self, target: str, asked: str) -> Iterator[str]:
        """Each way to answer to one defining target."""
        for action, kinds in self._fitting.get(asked, [(asked, ())]):
            predicate = K.hasPrimaryTarget if action == _ANY else ACTIONS[action]
            acting = self.acting(predicate, self.group(target))
            yield self.combined(_AND, [self.combined(_OR, [KINDS[kind] for kind in kinds]), acting]) if kinds else acting

    def define(self, drug_class: DrugClass) -> None:
        """The class is equivalent to the drugs that answer to any of its targets."""
        ways = [way for definition in drug_class.targets for way in self.ways(definition.target, definition.action)]
        if ways:
            whole = self.combined(_AND, [K.Drug, self.combined(_OR, ways)])
            self.lines.add(node(thing_iri("class", drug_class.key)), _SAME, whole)


def definition_lines(knowledge: Knowledge, lines: Lines) -> None:
    """Adds the definition of each class that has a defining target."""
    definitions = _Definitions(knowledge, lines)
    for key in sorted(knowledge.defined_classes):
        definitions.define(knowledge.classes[key])
