"""Patients out of files: YAML or JSON of our own schema, FHIR R4 (Bundle, NDJSON, a bulk export's folder), OMOP drug_exposure.

Files are told apart by their content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.checks.patient import Patient
from kg.errors import BadPatient
from kg.knowledge import Knowledge
from kg.names import Names
from kg.patients import fhir, file, omop
from kg.patients.codes import Codes
from kg.patients.draft import PatientRecord, Unusable, built

__all__ = ["PatientRecord", "Unusable", "each_patient", "read_patients"]


def read_patients(path: str | Path, knowledge: Knowledge, names: Names | None = None, as_of: str | None = None) -> Iterator[PatientRecord]:
    """The patients of a file, one after another; see `each_patient`, which goes on where the data of one cannot be used.

    Raises:
        BadPatient: it cannot be read, or one of its patients; the message names file, place, and remedy.
        MissingTool: FHIR, and `fhir.resources` is not installed.
    Example:
        >>> [record.patient.taking for record in read_patients("patient.yaml", knowledge)]  # doctest: +SKIP
    """
    for record in each_patient(path, knowledge, names, as_of):
        if isinstance(record, Unusable):
            raise record.error
        yield record


def each_patient(
    path: str | Path, knowledge: Knowledge, names: Names | None = None, as_of: str | None = None
) -> Iterator[PatientRecord | Unusable]:
    """The patients of a file, one after another, and what stands for those whose data cannot be used.

    Arguments:
        path: a patient file (docs/patient.md), one such mapping a line, a FHIR R4 Bundle, FHIR resources or Bundles one a line, a folder of
            these, or an OMOP drug_exposure table or the folder in which it lies.
        knowledge, names: where codes and names are looked up.
        as_of: the day of the check; today, or what a patient file says, where not given.
    Raises:
        BadPatient: the file itself cannot be read, or holds a FHIR resource that is no one's, or trials.
        MissingTool: FHIR, and `fhir.resources` is not installed.
    """
    codes = Codes(knowledge, names)
    path = Path(path)
    as_of = Patient(as_of).as_of.isoformat() if as_of else None
    if path.is_dir():
        yield from _folder(path, codes, as_of)
        return
    first = _first_line(path)
    if omop.is_drug_exposure(first):
        yield from omop.patients(path, codes, as_of)
    elif _is_lines(path, first):
        if _is_resource(first):
            yield from _once(fhir.patients(((str(path), *line) for line in _lines(path)), str(path), codes, as_of), path)
        else:
            yield from _own_lines(path, as_of)
    else:
        data = file.read(path)
        if "resourceType" in data:
            # dates of JSON are texts; YAML would have made them dates
            yield from _once(fhir.patients([(str(path), "the file", _json(path))], str(path), codes, as_of), path)
        else:
            yield _own(data, str(path), str(data.get("id", "")), as_of)


def _folder(path: Path, codes: Codes, as_of: str | None) -> Iterator[PatientRecord | Unusable]:
    """A FHIR bulk export (NDJSON files of one kind each, put together), Bundles one a file, or OMOP tables."""
    files = sorted(path.iterdir())
    table = next((one for one in files if one.stem.lower() == "drug_exposure" and one.suffix.lower() == ".csv"), None)
    lines = [one for one in files if one.suffix in (".ndjson", ".jsonl")]
    if table is not None:
        yield from omop.patients(table, codes, as_of)
    elif lines:
        resources = ((str(one), place, item) for one in lines for place, item in _lines(one))
        yield from _once(fhir.patients(resources, str(path), codes, as_of), path)
    elif bundles := [one for one in files if one.suffix == ".json"]:
        resources = ((str(one), "the file", _json(one)) for one in bundles)
        yield from _once(fhir.patients(resources, str(path), codes, as_of), path)
    else:
        raise BadPatient(f"{path}: no patients in this folder; it should hold FHIR .ndjson or .json files, or drug_exposure.csv")


def _once(records: Iterator[PatientRecord | Unusable], path: Path) -> Iterator[PatientRecord | Unusable]:
    """Each patient; a second delivery of one is an error, for a part must not read as the whole."""
    seen: set[str] = set()
    for record in records:
        if record.id and record.id in seen:
            told = "stands in more than one Bundle, of which each is read by itself"
            yield Unusable(record.id, BadPatient(f"{path}: patient {record.id}: {told}; put all of a patient into one Bundle"))
        else:
            seen.add(record.id)
            yield record


def _own_lines(path: Path, as_of: str | None) -> Iterator[PatientRecord | Unusable]:
    """Patients by our own schema, one a line; without an `id`, the line's number is the name."""
    with path.open(encoding="utf-8-sig") as opened:
        for number, line in enumerate(opened, 1):
            if not line.strip():
                continue
            try:
                data = _object(line)
            except ValueError as error:
                yield Unusable(str(number), BadPatient(f"{path}:{number}: {error}; write one patient a line"))
                continue
            yield _own(data, f"{path}:{number}", str(data.get("id", number)), as_of)


def _own(data: Mapping[str, Any], place: str, name: str, as_of: str | None) -> PatientRecord | Unusable:
    """A patient by our own schema; `id` may stand beside its keys.

    Raises:
        BadPatient: it is the record of a trial.
    """
    if "protocolSection" in data or "studies" in data:
        raise BadPatient(f"{place}: holds records of trials, not of patients; `kg build` makes a graph of them, to be named with --graph")
    values = {key: value for key, value in data.items() if key != "id"}
    if as_of:
        values["as_of"] = as_of
    return built(values, place, name)


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as opened:
            return next((line.strip() for line in opened if line.strip()), "")
    except OSError as error:
        raise BadPatient(f"{path}: cannot be read: {error.strerror}; give a patient file, or flags such as --taking") from error
    except UnicodeDecodeError:
        raise BadPatient(f"{path}: is not UTF-8 text; save the patient as UTF-8") from None


def _is_lines(path: Path, first: str) -> bool:
    """One JSON object a line: the file is called so, or the first line is whole and goes on with another."""
    if path.suffix in (".ndjson", ".jsonl"):
        return True
    try:
        _object(first)
    except ValueError:
        return False
    with path.open(encoding="utf-8-sig") as opened:
        lines = (line.strip() for line in opened)
        return len([line for _, line in zip(range(2), filter(None, lines), strict=False)]) > 1


def _is_resource(line: str) -> bool:
    try:
        return "resourceType" in _object(line)
    except ValueError:  # it is named with its place when the lines are read
        return False


def _object(line: str) -> Mapping[str, Any]:
    """The mapping of one line.

    Raises:
        ValueError: it is none.
    """
    try:
        item = file.from_json(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(item, Mapping):
        raise ValueError("not a mapping")
    return item


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as opened:
        for number, line in enumerate(opened, 1):
            if not line.strip():
                continue
            try:
                yield f"line {number}", _object(line)
            except ValueError as error:
                raise BadPatient(f"{path}: line {number}: {error}; write one FHIR resource a line") from None


def _json(path: Path) -> Any:
    try:
        return file.from_json(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise BadPatient(f"{path}: not JSON: {error}; FHIR is read as JSON") from None
