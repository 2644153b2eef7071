"""Rows of the tables → facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.errors import BadTable
from kg.knowledge.facts import (
    Ambiguity,
    Biomarker,
    ClassTarget,
    Condition,
    Drug,
    DrugClass,
    DrugTarget,
    Enzyme,
    Evidence,
    Interaction,
    Mechanism,
    Moiety,
    Name,
    PkRole,
    Property,
    Regimen,
    Route,
    Target,
)
from kg.records import Source

__all__ = ["Facts"]

Row = Mapping[str, str]
Tables = Mapping[str, list[dict[str, str]]]


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _hours(row: Row, column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise BadTable(f"data/half_lives.csv: {row['drug']}, {row['moiety']}: {row[column]!r} is no number of hours; correct it") from None


class Facts:
    """All tables as facts, grouped by what they are about."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._evidence: dict[tuple[str, str, str], Evidence] = {}
        fields = ("source", "title", "url", "version", "retrieved", "licence", "licence_url")
        self.sources = {r["source"]: Source(*(r[c] for c in fields)) for r in tables["sources"]}
        self._load_drugs()
        self._load_classes()
        self._load_targets()
        self._load_conditions()
        self._load_pharmacology()
        self._load_others()

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table as they were read."""
        return self._tables[table]

    def _why(self, row: Row) -> Evidence:
        """One Evidence object for all rows read at the same place."""
        key = (row["source"], row["detail"], row["to_check"])
        found = self._evidence.get(key)
        if found is None:
            found = self._evidence[key] = Evidence(*key)
        return found

    def _names(self, rows: Iterable[Row], kind: str = "") -> tuple[Name, ...]:
        return tuple(Name(r["name"], kind or r["kind"], self._why(r)) for r in rows)

    def _cell_names(self, row: Row) -> tuple[Name, ...]:
        why = self._why(row)
        return tuple(Name(text, "synonym", why) for text in _split(row["names"]))

    def _load_drugs(self) -> None:
        names = _grouped(self._tables["drug_names"], "drug")
        identifiers = _grouped(self._tables["drug_identifiers"], "drug")
        self.drugs = {
            key: Drug(
                key,
                r["label"],
                r["kind"],
                r["pk_curated"] == "yes",
                self._names(names.get(key, ())),
                tuple(i["curie"] for i in identifiers.get(key, ())),
                self._why(r),
            )
            for r in self._tables["drugs"]
            for key in (r["drug"],)
        }

    def _load_classes(self) -> None:
        names = _grouped(self._tables["class_names"], "class")
        parents = _grouped(self._tables["class_parents"], "class")
        targets = _grouped(self._tables["class_targets"], "class")
        identifiers = _grouped(self._tables["class_identifiers"], "class")
        self.classes = {
            key: DrugClass(
                key,
                r["label"],
                r["kind"],
                r["definition"],
                self._names(names.get(key, ()), "synonym"),
                tuple((p["parent"], p["membership"], self._why(p)) for p in parents.get(key, ())),
                tuple(ClassTarget(t["target"], t["action"], self._why(t)) for t in targets.get(key, ())),
                tuple(i["curie"] for i in identifiers.get(key, ())),
                self._why(r),
            )
            for r in self._tables["classes"]
            for key in (r["class"],)
        }
        self.drug_classes = _grouped(self._tables["drug_classes"], "drug")
        self.ambiguities = {r["name"]: Ambiguity(r["name"], _split(r["drugs"]), r["reason"]) for r in self._tables["ambiguous_names"]}

    def _load_targets(self) -> None:
        names = _grouped(self._tables["target_names"], "target")
        parts = _grouped(self._tables["target_parts"], "target")
        self.targets = {
            key: Target(
                key,
                r["label"],
                r["kind"],
                _split(r["hgnc"]),
                _split(r["uniprot"]),
                self._names(names.get(key, ()), "synonym"),
                tuple(p["part"] for p in parts.get(key, ())),
                self._why(r),
            )
            for r in self._tables["targets"]
            for key in (r["target"],)
        }
        self.target_parts = {(p["target"], p["part"]): self._why(p) for p in self._tables["target_parts"]}
        self.drug_targets: dict[str, list[DrugTarget]] = {}
        for r in self._tables["drug_targets"]:
            self.drug_targets.setdefault(r["drug"], []).append(DrugTarget(r["drug"], r["target"], r["action"], r["rank"], self._why(r)))

    def _load_conditions(self) -> None:
        names = _grouped(self._tables["condition_names"], "condition")
        parents = _grouped(self._tables["condition_parents"], "condition")
        identifiers = _grouped(self._tables["condition_identifiers"], "condition")
        self.conditions = {
            key: Condition(
                key,
                r["label"],
                r["kind"],
                self._names(names.get(key, ()), "synonym"),
                tuple(p["parent"] for p in parents.get(key, ())),
                tuple(i["curie"] for i in identifiers.get(key, ())),
                self._why(r),
            )
            for r in self._tables["conditions"]
            for key in (r["condition"],)
        }

    def _load_pharmacology(self) -> None:
        self.enzymes = {
            r["enzyme"]: Enzyme(
                r["enzyme"], r["label"], r["kind"], _split(r["hgnc"]), _split(r["uniprot"]), self._cell_names(r), self._why(r)
            )
            for r in self._tables["enzymes"]
        }
        self.pk_roles: dict[str, list[PkRole]] = {}
        for r in self._tables["pk_roles"]:
            self.pk_roles.setdefault(r["drug"], []).append(PkRole(r["drug"], r["enzyme"], r["role"], r["strength"], self._why(r)))
        self.half_lives: dict[str, list[Moiety]] = {}
        for r in self._tables["half_lives"]:
            moiety = Moiety(r["moiety"], _hours(r, "low_hours"), _hours(r, "high_hours"), self._why(r))
            self.half_lives.setdefault(r["drug"], []).append(moiety)
        metabolites = _grouped(self._tables["metabolites"], "drug")
        self.metabolites = {drug: tuple(r["metabolite"] for r in rows) for drug, rows in metabolites.items()}
        self.properties: dict[str, list[Property]] = {}
        for r in self._tables["drug_properties"]:
            self.properties.setdefault(r["drug"], []).append(Property(r["drug"], r["property"], r["grade"], self._why(r)))
        self.mechanisms = tuple(
            Mechanism(r["mechanism"], r["perpetrator"], r["victim"], r["effect"], r["severity"], r["action"], self._why(r))
            for r in self._tables["mechanisms"]
        )
        self.interactions = tuple(
            Interaction(r["drug_a"], r["drug_b"], r["effect"], r["mechanism"], r["severity"], r["action"], r["evidence"], self._why(r))
            for r in self._tables["interactions"]
        )

    def _load_others(self) -> None:
        drugs = _grouped(self._tables["regimen_drugs"], "regimen")
        self.regimens = {
            key: Regimen(key, r["label"], self._cell_names(r), tuple(d["drug"] for d in drugs.get(key, ())), self._why(r))
            for r in self._tables["regimens"]
            for key in (r["regimen"],)
        }
        self.biomarkers = {
            r["biomarker"]: Biomarker(r["biomarker"], r["label"], r["target"], self._cell_names(r), self._why(r))
            for r in self._tables["biomarkers"]
        }
        self.routes = {r["word"].casefold(): Route(r["word"], r["route"], r["systemic"]) for r in self._tables["routes"]}
