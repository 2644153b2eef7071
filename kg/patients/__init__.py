"""Patients out of files: YAML or JSON of our own schema, FHIR R4 (Bundle or NDJSON), OMOP drug_exposure; told apart by their content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import BadPatient
from kg.knowledge import Knowledge
from kg.names import Names
from kg.patients import fhir, file, omop
from kg.patients.codes import Codes
from kg.patients.draft import PatientRecord, built

__all__ = ["PatientRecord", "read_patients"]


def read_patients(path: str | Path, knowledge: Knowledge, names: Names | None = None, as_of: str | None = None) -> Iterator[PatientRecord]:
    """The patients of a file, one after another.

    Arguments:
        path: a patient file (docs/patient.md), one such mapping a line, a FHIR R4 Bundle, FHIR resources or Bundles one a line, or an OMOP
            drug_exposure table.
        knowledge, names: where codes and names are looked up.
        as_of: the day of the check; today, or what a patient file says, where not given.
    Raises:
        BadPatient: it cannot be read; the message names file, place, and remedy.
        MissingTool: FHIR, and `fhir.resources` is not installed.
    Example:
        >>> [record.patient.taking for record in read_patients("patient.yaml", knowledge)]  # doctest: +SKIP
    """
    path = Path(path)
    first = _first_line(path)
    if omop.is_drug_exposure(first):
        yield from omop.patients(path, Codes(knowledge, names), as_of)
    elif _is_lines(path, first):
        loose = (item for item in _lines(path) if "resourceType" in item[1])
        for place, item in _lines(path):
            if "resourceType" not in item:
                yield _own(item, str(path), place, as_of)
        if "resourceType" in json.loads(first):
            yield from fhir.patients(loose, str(path), Codes(knowledge, names), as_of)
    else:
        data = file.read(path)
        if "resourceType" in data:
            # dates of JSON are texts; YAML would have made them dates
            yield from fhir.patients([("the file", _json(path))], str(path), Codes(knowledge, names), as_of)
        else:
            yield _own(data, str(path), "", as_of)


def _own(data: Mapping[str, Any], source: str, place: str, as_of: str | None) -> PatientRecord:
    """A patient by our own schema; `id` may stand beside its keys."""
    name = str(data.get("id", ""))
    values = {key: value for key, value in data.items() if key != "id"}
    if as_of:
        values["as_of"] = as_of
    return PatientRecord(name, built(values, f"{source}: {place}" if place else source, name))


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as opened:
            return next((line.strip() for line in opened if line.strip()), "")
    except OSError as error:
        raise BadPatient(f"{path}: cannot be read: {error.strerror}; give a patient file, or flags such as --taking") from error
    except UnicodeDecodeError:
        raise BadPatient(f"{path}: is not UTF-8 text; save the patient as UTF-8") from None


def _is_lines(path: Path, first: str) -> bool:
    """One JSON object a line: the first is whole, and the file is called so or goes on with another."""
    try:
        whole = isinstance(json.loads(first), dict)
    except ValueError:
        return False
    if not whole:
        return False
    with path.open(encoding="utf-8-sig") as opened:
        lines = (line.strip() for line in opened)
        rest = [line for _, line in zip(range(2), filter(None, lines), strict=False)]
    return path.suffix in (".ndjson", ".jsonl") or len(rest) > 1


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as opened:
        for number, line in enumerate(opened, 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except ValueError as error:
                raise BadPatient(f"{path}: line {number}: not JSON: {error}; write one object a line") from None
            if not isinstance(item, Mapping):
                raise BadPatient(f"{path}: line {number}: not a mapping; write one patient, or one FHIR resource, a line")
            yield f"line {number}", item


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadPatient(f"{path}: not JSON: {error}; FHIR is read as JSON") from None
