"""Patients out of OMOP CDM tables: drug_exposure as CSV, with concept names in a column or in a concept table beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg.checks.dates import When, days_ahead, order_fault, plan_fault
from kg.errors import BadPatient
from kg.patients.codes import Codes
from kg.patients.concept import Concept
from kg.patients.draft import Draft, PatientRecord, Unusable

__all__ = ["is_drug_exposure", "patients"]

_NEEDED = ("person_id", "drug_concept_id", "drug_exposure_start_date")
_OF_CONDITIONS = ("person_id", "condition_concept_id")
_OF_PROCEDURES = ("person_id", "procedure_concept_id", "procedure_date")


def is_drug_exposure(header: str) -> bool:
    """Whether a line is the header of a drug_exposure table.

    >>> is_drug_exposure("drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date")
    True
    """
    cells = {cell.strip().strip('"').lower() for cell in header.split(",")}
    return {"person_id", "drug_concept_id"} <= cells


def patients(path: Path, codes: Codes, as_of: str | None = None) -> Iterator[PatientRecord | Unusable]:
    """The persons of a drug_exposure table, and of `condition_occurrence.csv` and `procedure_occurrence.csv` where they lie beside it;
    names come from `concept.csv`.

    A person of whom a row cannot be read stands as unusable, with file, line and remedy.

    Raises:
        BadPatient: a column is missing, or a row that cannot be cut into cells or is no person's.
    """
    day = as_of or date.today().isoformat()
    reader = _Reader(_concepts(path), codes, day)
    drafts: dict[str, Draft] = {}
    broken: dict[str, BadPatient] = {}
    tables = (
        (path, _NEEDED, reader.exposure),
        (_beside(path, "condition_occurrence"), _OF_CONDITIONS, reader.condition),
        (_beside(path, "procedure_occurrence"), _OF_PROCEDURES, reader.procedure),
    )
    for table, needed, read in tables:
        if table is None:
            continue
        for line, row in _rows(table, needed):
            draft = drafts.setdefault(row["person_id"], Draft(row["person_id"]))
            try:
                if fault := _fault(row, needed, day):
                    raise BadPatient(fault)
                read(draft, row, f"line {line}" if table == path else f"{table.name} line {line}")
            except BadPatient as error:
                broken.setdefault(row["person_id"], BadPatient(f"{table}: line {line}: {error}"))
    for person, draft in drafts.items():
        yield Unusable(person, broken[person]) if person in broken else draft.finish(str(path), as_of)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows into drafts.

    concepts: code system, code and name of each concept that is known by its number.
    """

    concepts: Mapping[str, tuple[str, str, str]]
    codes: Codes
    today: str

    def exposure(self, draft: Draft, row: Mapping[str, str], place: str) -> None:
        """A row of drug_exposure."""
        concept = _concept(row, "drug", self.concepts)
        start, end = row["drug_exposure_start_date"][:10], row.get("drug_exposure_end_date", "")[:10]
        if not concept.name:
            draft.doubt(place, "no drug is named; add a column drug_concept_name, or a concept.csv beside the file")
            return
        read = self.codes.drugs(concept)
        draft.remark(place, read.note, read.doubt)
        route = _concept(row, "route", self.concepts)
        for drug in read.names:
            entry = {"drug": drug, "start": start, "route": (self.codes.route(route) or "") if route.name else ""}
            entry = {key: value for key, value in entry.items() if value}
            if days_ahead(start, self.today) > 0:
                draft.note(place, f"{drug}: planned, to start on {start}; left out")
            elif not end:
                draft.merge("prior", entry)
                draft.doubt(place, f"{drug}: no end date: whether it is still taken cannot be told")
            elif end >= self.today:
                # the end of a supply is no plan to stop
                draft.merge("taking", entry)
            else:
                draft.merge("prior", {**entry, "last_dose": end})

    def condition(self, draft: Draft, row: Mapping[str, str], place: str) -> None:
        """A row of condition_occurrence."""
        read = self.codes.condition(_concept(row, "condition", self.concepts))
        name, end = ", ".join(read.names), row.get("condition_end_date", "")
        if not name:
            draft.doubt(place, read.doubt or "no condition is named")
        elif end and end < self.today:
            draft.note(name, f"ended on {end}; a past condition, not assessed: read the sentences on history")
        elif name not in draft.conditions:
            draft.conditions.append(name)

    def procedure(self, draft: Draft, row: Mapping[str, str], place: str) -> None:
        """A row of procedure_occurrence.

        Raises:
            BadPatient: it lies ahead: what is recorded was done.
        """
        concept, day = _concept(row, "procedure", self.concepts), row["procedure_date"][:10]
        read = self.codes.procedures(concept)
        if days_ahead(day, self.today) > 0:
            raise BadPatient(f"{day} lies after {self.today}, the day of the check; correct the date, or check as of a later day")
        if not read.names:
            draft.doubt(place, read.doubt or "no procedure is named")
            return
        draft.remark(place, read.note)
        for name in read.names:
            if {"name": name, "date": day} not in draft.procedures:
                draft.procedures.append({"name": name, "date": day})


def _concept(row: Mapping[str, str], kind: str, concepts: Mapping[str, tuple[str, str, str]]) -> Concept:
    number = row.get(f"{kind}_concept_id", "")
    known = concepts.get(number) if number not in ("", "0") else None
    text = row.get(f"{kind}_concept_name") or (known[2] if known else "") or row.get(f"{kind}_source_value", "")
    if not text and number not in ("", "0"):
        text = f"OMOP concept {number}"
    return Concept((known,) if known else (), text)


def _concepts(path: Path) -> Mapping[str, tuple[str, str, str]]:
    beside = _beside(path, "concept")
    rows = _rows(beside, ("concept_id", "concept_name")) if beside else ()
    return {r["concept_id"]: (r.get("vocabulary_id", "").lower(), r.get("concept_code", ""), r["concept_name"]) for _, r in rows}


def _beside(path: Path, name: str) -> Path | None:
    return next((file for file in sorted(path.parent.glob("*.csv")) if file.stem.lower() == name), None)


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Athena's concept tables are divided by tabs
            header = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter="\t" if "\t" in header else ",")
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            if missing := [name for name in needed if name not in reader.fieldnames]:
                raise BadPatient(f"{path}: line 1: the column {missing[0]} is missing; export the OMOP table with its column names")
            for row in reader:
                if None in row or None in row.values():
                    raise BadPatient(f"{path}: line {reader.line_num}: more or fewer cells than the header; quote cells that hold commas")
                values = {key: value.strip() for key, value in row.items()}
                if not values.get("person_id", "-"):
                    raise BadPatient(f"{path}: line {reader.line_num}: person_id is empty; give it, or leave the row out")
                yield reader.line_num, values
    except OSError as error:
        raise BadPatient(f"{path}: cannot be read: {error.strerror}; name an OMOP table as CSV") from error
    except UnicodeDecodeError:
        raise BadPatient(f"{path}: is not UTF-8 text; save it as UTF-8") from None


def _fault(row: Mapping[str, str], needed: tuple[str, ...], today: str) -> str:
    """What makes a row unreadable, with its remedy; '' where nothing does."""
    if empty := [name for name in needed if not row[name]]:
        return f"{empty[0]} is empty; give it, or leave the row out"
    for name in (name for name in row if name.endswith("_date") and row[name]):
        try:
            When.read(row[name][:10])
        except ValueError as error:
            return f"{name}: {error}"
    start, end = row.get("drug_exposure_start_date", "")[:10], row.get("drug_exposure_end_date", "")[:10]
    fault = plan_fault(start, today) if start else ""
    return fault or (order_fault(start, end) if start and end else "")
