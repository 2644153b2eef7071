"""The curated tables → N-Quads.

A thing of the tables (drug, class, target…) is a node with its labels and kinds. Every other row is a *fact* node: what it says, and where
that was read; beside it stands the plain edge that it states, which queries follow. Drug classes are OWL classes too; those that are made
by a mechanism are defined by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.graph.definitions import ACTIONS, KINDS, definition_lines
from kg.graph.lines import A, Lines, boolean, double, node, text
from kg.graph.names import correction_iri
from kg.graph.predicates import ALT_LABEL, LABEL, K
from kg.knowledge import Knowledge
from kg.records import Source
from kg.vocab import GRAPH_INFERRED, GRAPH_KNOWLEDGE, PREFIXES, hashed_iri, iri, source_iri, thing_iri

__all__ = ["LEFT_OUT", "inferred_lines", "knowledge_lines", "source_lines"]

Row = Mapping[str, str]

_OWL = PREFIXES["owl"]
_SKOS = PREFIXES["skos"]
SUBCLASS = node(f"{PREFIXES['rdfs']}subClassOf")
OWL_CLASS = node(f"{_OWL}Class")
DEFINITION = node(f"{_SKOS}definition")
BROADER = node(f"{_SKOS}broader")
EXACT = node(f"{_SKOS}exactMatch")
CLOSE = node(f"{_SKOS}closeMatch")
RELATED = node(f"{_SKOS}relatedMatch")
DERIVED = node(f"{PREFIXES['prov']}wasDerivedFrom")
TITLE = node(f"{PREFIXES['dcterms']}title")

_ROLES = {"inhibitor": K.inhibitsEnzyme, "inducer": K.inducesEnzyme, "substrate": K.isSubstrateOf}

LEFT_OUT = {
    "actions": "which actions answer to which, for reading; stated by the classes' definitions",
    "biomarker_states": "words for reading patient data",
    "by_mouth": "which kinds of drugs are swallowed, for checking",
    "condition_qualifiers": "words for reading registered conditions",
    "product_substances": "codes of products, for reading patient data",
    "responses": "words for reading patient data",
    "settings": "which settings answer to which, for checking",
}
"""Tables that state nothing about drugs or diseases, and why they are not in the graph."""

_ENZYME_GROUPS = {
    "any": "any enzyme or transporter",
    "cyp": "any cytochrome P450 enzyme",
}
"""What mentions of enzymes may mean that is no row of the table."""


class _Writer:
    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.lines = Lines(GRAPH_KNOWLEDGE)
        self.rows = knowledge.rows

    # --- things and facts --------------------------------------------------------------------------------------------------------------

    def evidence(self, subject: str, row: Row) -> None:
        """Where a row was read."""
        lines = self.lines
        lines.add(subject, DERIVED, node(source_iri(row["source"])))
        lines.text(subject, K.sourceDetail, row["detail"])
        lines.text(subject, K.documentToCheck, row["to_check"])

    def thing(self, kind: str, class_node: str, row: Row) -> str:
        """The node of a thing, with key, label and evidence."""
        subject = node(thing_iri(kind, row[kind]))
        self.lines.add(subject, A, class_node)
        self.lines.text(subject, K.key, row[kind])
        self.lines.text(subject, LABEL, row["label"])
        self.evidence(subject, row)
        return subject

    def fact(
        self, table: str, class_node: str, row: Row, subject: str = "", target: str = "", literals: Mapping[str, str] | None = None
    ) -> str:
        """A fact node for a row; all cells make its IRI, so that the same fact of two sources is two facts."""
        lines = self.lines
        found = node(hashed_iri("fact", table, *row.values()))
        lines.add(found, A, class_node)
        if subject:
            lines.add(found, K.hasSubject, subject)
        if target:
            lines.add(found, K.hasObject, target)
        for predicate, value in (literals or {}).items():
            lines.text(found, predicate, value)
        if "source" in row:
            self.evidence(found, row)
        return found

    def edge(self, subject: str, predicate: str, target: str) -> None:
        self.lines.add(subject, predicate, target)

    # --- the tables --------------------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        source_lines(self.lines, self.knowledge.sources.values())
        self.drugs()
        self.classes()
        self.targets()
        self.pharmacology()
        self.interactions()
        self.conditions()
        self.others()

    def names(self, table: str, kind: str) -> None:
        """Names that have a row each, with a kind or without."""
        for row in self.rows(table):
            self.name(table, row, node(thing_iri(kind, row[kind])), row["name"], row.get("kind", "synonym"))

    def name(self, table: str, row: Row, subject: str, name: str, kind: str) -> None:
        self.edge(subject, ALT_LABEL, text(name))
        self.fact(table, K.NameFact, {**row, "name": name}, subject, literals={K.name: name, K.nameKind: kind})

    def cell_names(self, table: str, row: Row, subject: str) -> None:
        """Names that share a cell."""
        for name in filter(None, row["names"].split("|")):
            self.name(table, row, subject, name, "synonym")

    def identifiers(self, table: str, kind: str, relation: str = EXACT) -> None:
        for row in self.rows(table):
            subject, public = node(thing_iri(kind, row[kind])), node(iri(row["curie"]))
            self.edge(subject, relation, public)
            self.fact(table, K.IdentifierFact, row, subject, public, {K.curie: row["curie"]})

    def gene_identifiers(self, row: Row, subject: str) -> None:
        """A gene's own number is exact, its protein's is close; those of a family's members only related."""
        single = row["kind"] in ("gene", "enzyme", "transporter")
        for column, relation in (("hgnc", EXACT), ("uniprot", CLOSE)):
            for value in filter(None, row[column].split("|")):
                self.edge(subject, relation if single else RELATED, node(iri(value if ":" in value else f"{column}:{value}")))

    def drugs(self) -> None:
        lines = self.lines
        for row in self.rows("drugs"):
            subject = self.thing("drug", K.Drug, row)
            lines.text(subject, K.drugKind, row["kind"])
            if row["kind"] in KINDS:
                self.edge(subject, A, KINDS[row["kind"]])
            self.edge(subject, K.pharmacokineticsCurated, boolean(row["pk_curated"] == "yes"))
        self.names("drug_names", "drug")
        self.identifiers("drug_identifiers", "drug")
        for row in self.rows("drug_classes"):
            drug, group = node(thing_iri("drug", row["drug"])), node(thing_iri("class", row["class"]))
            self.edge(drug, {"plain": A, "arguable": K.isArguablyInClass, "not": K.isNotInClass}[row["membership"]], group)
            self.fact("drug_classes", K.ClassMembershipFact, row, drug, group, {K.membership: row["membership"], K.reason: row["reason"]})
        for row in self.rows("drug_targets"):
            drug, target = node(thing_iri("drug", row["drug"])), node(thing_iri("target", row["target"]))
            self.edge(drug, K.hasTarget, target)
            if row["rank"] == "primary":
                self.edge(drug, K.hasPrimaryTarget, target)
                self.edge(drug, ACTIONS[row["action"]], target)
            self.fact("drug_targets", K.DrugTargetFact, row, drug, target, {K.targetAction: row["action"], K.targetRank: row["rank"]})

    def classes(self) -> None:
        lines = self.lines
        for row in self.rows("classes"):
            subject = self.thing("class", K.DrugClass, row)
            self.edge(subject, A, OWL_CLASS)
            # every mechanism and chemistry is a drug's; broader groups hold procedures as well
            self.edge(subject, SUBCLASS, K.Drug if row["kind"] in ("mechanism", "chemistry") else K.Therapy)
            lines.text(subject, K.classKind, row["kind"])
            lines.text(subject, DEFINITION, row["definition"])
        self.names("class_names", "class")
        # a group of another vocabulary lies within the class and may be narrower
        self.identifiers("class_identifiers", "class", CLOSE)
        for row in self.rows("class_parents"):
            child, parent = node(thing_iri("class", row["class"])), node(thing_iri("class", row["parent"]))
            self.edge(child, SUBCLASS if row["membership"] == "plain" else K.isArguablySubclassOf, parent)
            self.fact("class_parents", K.ClassParentFact, row, child, parent, {K.membership: row["membership"]})
        for row in self.rows("class_targets"):
            group, target = node(thing_iri("class", row["class"])), node(thing_iri("target", row["target"]))
            self.edge(group, K.isDefinedByTarget, target)
            self.fact("class_targets", K.ClassDefinitionFact, row, group, target, {K.targetAction: row["action"]})
        definition_lines(self.knowledge, lines)

    def targets(self) -> None:
        for row in self.rows("targets"):
            subject = self.thing("target", K.Target, row)
            self.lines.text(subject, K.targetKind, row["kind"])
            self.gene_identifiers(row, subject)
        self.names("target_names", "target")
        for row in self.rows("target_parts"):
            whole, part = node(thing_iri("target", row["target"])), node(thing_iri("target", row["part"]))
            self.edge(whole, K.includesTarget, part)
            self.fact("target_parts", K.TargetPartFact, row, whole, part)

    def pharmacology(self) -> None:
        lines = self.lines
        for row in self.rows("enzymes"):
            subject = self.thing("enzyme", K.PharmacokineticProtein, row)
            self.edge(subject, A, K.Transporter if row["kind"] == "transporter" else K.Enzyme)
            self.gene_identifiers(row, subject)
            self.cell_names("enzymes", row, subject)
        for key, label in _ENZYME_GROUPS.items():
            group = node(thing_iri("enzyme", key))
            lines.add(group, A, K.PharmacokineticProtein)
            lines.add(group, A, K.EnzymeGroup)
            lines.text(group, LABEL, label)
        for row in self.rows("pk_roles"):
            drug, enzyme = node(thing_iri("drug", row["drug"])), node(thing_iri("enzyme", row["enzyme"]))
            self.edge(drug, _ROLES[row["role"]], enzyme)
            literals = {K.enzymeRole: row["role"], K.roleStrength: row["strength"]}
            self.fact("pk_roles", K.PharmacokineticRoleFact, row, drug, enzyme, literals)
        for row in self.rows("half_lives"):
            found = self.fact("half_lives", K.HalfLifeFact, row, node(thing_iri("drug", row["drug"])), literals={K.moiety: row["moiety"]})
            lines.add(found, K.halfLifeLowHours, double(float(row["low_hours"])))
            lines.add(found, K.halfLifeHighHours, double(float(row["high_hours"])))
        for row in self.rows("metabolites"):
            drug, metabolite = node(thing_iri("drug", row["drug"])), node(thing_iri("drug", row["metabolite"]))
            self.edge(drug, K.hasMetabolite, metabolite)
            self.fact("metabolites", K.MetaboliteFact, row, drug, metabolite)
        for row in self.rows("drug_properties"):
            literals = {K.drugProperty: row["property"], K.propertyGrade: row["grade"]}
            self.fact("drug_properties", K.DrugPropertyFact, row, node(thing_iri("drug", row["drug"])), literals=literals)
        for row in self.rows("steroid_equivalents"):
            found = self.fact("steroid_equivalents", K.SteroidEquivalenceFact, row, node(thing_iri("drug", row["drug"])))
            lines.add(found, K.prednisoneEquivalentMg, double(float(row["prednisone_5mg_equals_mg"])))
        for row in self.rows("usual_doses"):
            found = self.fact("usual_doses", K.UsualDoseFact, row, node(thing_iri("drug", row["drug"])))
            lines.add(found, K.usualDoseLowMgPerDay, double(float(row["low_mg_per_day"])))
            lines.add(found, K.usualDoseHighMgPerDay, double(float(row["high_mg_per_day"])))

    def interactions(self) -> None:
        for row in self.rows("mechanisms"):
            literals = {
                K.mechanismName: row["mechanism"], K.perpetratorRole: row["perpetrator"], K.victimRole: row["victim"],
                K.effect: row["effect"], K.severity: row["severity"], K.recommendedAction: row["action"],
            }  # fmt: skip
            self.fact("mechanisms", K.InteractionMechanism, row, literals=literals)
        for row in self.rows("interactions"):
            literals = {
                K.mechanismName: row["mechanism"], K.effect: row["effect"], K.severity: row["severity"],
                K.recommendedAction: row["action"], K.evidenceKind: row["evidence"],
            }  # fmt: skip
            acting, acted_on = node(thing_iri("drug", row["drug_a"])), node(thing_iri("drug", row["drug_b"]))
            self.fact("interactions", K.DrugInteraction, row, acting, acted_on, literals)

    def conditions(self) -> None:
        for row in self.rows("conditions"):
            subject = self.thing("condition", K.Condition, row)
            self.lines.text(subject, K.conditionKind, row["kind"])
        self.names("condition_names", "condition")
        self.identifiers("condition_identifiers", "condition")
        for row in self.rows("condition_parents"):
            child, parent = node(thing_iri("condition", row["condition"])), node(thing_iri("condition", row["parent"]))
            self.edge(child, BROADER, parent)
            self.fact("condition_parents", K.ConditionParentFact, row, child, parent)

    def others(self) -> None:
        lines = self.lines
        for row in self.rows("regimens"):
            self.cell_names("regimens", row, self.thing("regimen", K.Regimen, row))
        for row in self.rows("regimen_drugs"):
            regimen, drug = node(thing_iri("regimen", row["regimen"])), node(thing_iri("drug", row["drug"]))
            self.edge(regimen, K.hasComponent, drug)
            self.fact("regimen_drugs", K.RegimenComponentFact, row, regimen, drug)
        for row in self.rows("biomarkers"):
            subject = self.thing("biomarker", K.Biomarker, row)
            if row["target"]:
                self.edge(subject, K.measuresTarget, node(thing_iri("target", row["target"])))
            self.cell_names("biomarkers", row, subject)
        for row in self.rows("ambiguous_names"):
            found = self.fact("ambiguous_names", K.AmbiguousName, row, literals={K.name: row["name"], K.reason: row["reason"]})
            for drug in row["drugs"].split("|"):
                self.edge(found, K.hasObject, node(thing_iri("drug", drug)))
        for row in self.rows("routes"):
            route = node(hashed_iri("route", row["word"]))
            lines.add(route, A, K.AdministrationRoute)
            lines.text(route, LABEL, row["word"])
            lines.text(route, K.route, row["route"])
            lines.text(route, K.systemicExposure, row["systemic"])
            self.evidence(route, row)
        for row in self.rows("corrections"):
            correction = node(correction_iri(row))
            lines.add(correction, A, K.Correction)
            for predicate, column in _CORRECTION.items():
                lines.text(correction, predicate, row[column])


_CORRECTION = {
    K.correctionScope: "scope",
    K.correctedField: "field",
    K.foundText: "found",
    K.correctedText: "corrected",
    K.reason: "reason",
    K.curator: "curator",
    K.correctionDate: "date",
}


def source_lines(lines: Lines, sources: Iterable[Source]) -> None:
    """The documents that facts were read in."""
    for source in sources:
        subject = node(source_iri(source.key))
        lines.add(subject, A, K.EvidenceSource)
        lines.text(subject, K.key, source.key)
        lines.text(subject, LABEL, source.title)
        lines.text(subject, TITLE, source.title)
        lines.text(subject, K.documentUrl, source.url)
        lines.text(subject, K.sourceVersion, source.version)
        lines.text(subject, K.retrievalDate, source.retrieved)
        lines.text(subject, K.licenceName, source.licence)
        lines.text(subject, K.licenceUrl, source.licence_url)


def knowledge_lines(knowledge: Knowledge) -> Iterator[str]:
    """All tables, in their order."""
    writer = _Writer(knowledge)
    writer.write()
    yield from writer.lines.out


def inferred_lines(knowledge: Knowledge) -> Iterator[str]:
    """Which classes each drug is in, as worked out from targets, curation and the class tree; what a table states itself is left out.

    Who is plainly in a class is an instance of it; who is arguably in it is related to it by `kgo:isArguablyInClass`.
    """
    lines = Lines(GRAPH_INFERRED)
    stated = {(row["drug"], row["class"], row["membership"]) for row in knowledge.rows("drug_classes")}
    for drug in knowledge.drugs:
        subject = node(thing_iri("drug", drug))
        for key, membership in sorted(knowledge.memberships(drug).items()):
            if (drug, key, membership.grade) not in stated:
                lines.add(subject, A if membership.plain else K.isArguablyInClass, node(thing_iri("class", key)))
    yield from lines.out
