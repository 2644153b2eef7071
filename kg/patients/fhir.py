"""Patients out of FHIR R4 resources: a Bundle, or resources one a line (NDJSON); mCODE's profiles are read as the resources that they are.

Each resource that is read is first validated by the maintained models of `fhir.resources` (extra `fhir`). A fault stands in place of the
patient whose it is; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from kg.errors import BadPatient, MissingTool
from kg.patients.codes import Codes
from kg.patients.draft import NOT_READ, Draft, PatientRecord, Unusable
from kg.patients.fhir_medications import EXTENSIONS
from kg.patients.fhir_pages import Page, chains, missing, page_of
from kg.patients.fhir_reader import READ, Reader
from kg.patients.fhir_record import Record, Resource, concept_in, name_of

__all__ = ["EXTENSIONS", "patients"]

_KEPT = (*READ, "Patient", "Medication", "Substance")
_ALL_PAGES = 'fetch each page, from one link "next" to the other, and give all in one file (a Bundle a line) or in one folder'
_FAILED = ("fatal", "error")
_INCOMPLETE = ("incomplete", "suppressed", "throttled", "timeout", "too-costly")
"""Severities and codes of an OperationOutcome's issues (FHIR R4, issue-severity and issue-type) that say that something was not given."""


def patients(
    resources: Iterable[tuple[str, str, Any]], source: str, codes: Codes, as_of: str | None = None
) -> Iterator[PatientRecord | Unusable]:
    """The patients that resources speak of.

    Each Bundle of several is a delivery of its own, the pages of one search are one; loose resources are put together by subject.

    Arguments:
        resources: (file, place in it, parsed JSON): Bundles or single resources.
        source: what they came in, for messages: the file, or the folder of several.
    Returns:
        Patients, or what stands for one whose data cannot be used: the error names file, resource, element and remedy.
    Raises:
        BadPatient: not FHIR R4, or a resource that is no one's.
        MissingTool: `fhir.resources` is not installed.
    """
    loose: list[Resource] = []
    paged: list[tuple[str, Page, list[Resource], list[str]]] = []
    for file, place, resource in resources:
        if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
            raise BadPatient(f"{file}: {place}: not a FHIR resource: it has no resourceType; give a Bundle, or one resource a line")
        if resource["resourceType"] == "Bundle":
            lacking: list[str] = []
            entries, page = list(_entries(resource, file, place, lacking)), page_of(resource)
            if page.alone:
                yield from _delivery(entries, file, codes, as_of, lacking)
            else:
                paged.append((file, page, entries, lacking))
        else:
            loose.append(resource)
    for chain in chains([page for _, page, _, _ in paged]):
        pages = [paged[number] for number in chain]
        files = ", ".join(dict.fromkeys(file for file, _, _, _ in pages))
        together = [resource for _, _, entries, _ in pages for resource in entries]
        lacking = [missing([page for _, page, _, _ in pages]), *(text for _, _, _, inside in pages for text in inside)]
        yield from _delivery(together, files, codes, as_of, lacking)
    if loose:
        yield from _delivery(loose, source, codes, as_of, ())


def _entries(bundle: Resource, source: str, place: str, lacking: list[str]) -> Iterator[Resource]:
    """The resources of a Bundle, those of Bundles inside it (the answer to a batch) among them.

    Arguments:
        lacking: what is missing of the pages inside is added to it.
    """
    entries = bundle.get("entry") or []
    if not isinstance(entries, list):
        raise BadPatient(f"{source}: {place}: Bundle.entry is no list; give a FHIR R4 Bundle")
    for number, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
            raise BadPatient(f"{source}: {place}: Bundle.entry[{number}] holds no resource; give the resources themselves, not references")
        if resource["resourceType"] == "Bundle":
            yield from _entries(resource, source, f"{place}: Bundle.entry[{number}]", lacking)
            lacking.append(missing([page_of(resource)]))
        else:
            yield {**resource, "_url": entry.get("fullUrl", "")}


def _fault(resource: Resource, source: str) -> BadPatient | None:
    """What the maintained models say against a resource, if anything."""
    try:
        from fhir.resources.R4B import get_fhir_model_class
    except ImportError:
        raise MissingTool("FHIR is read by the package fhir.resources, which is not installed; pip install 'trialkg[fhir]'") from None
    from pydantic import ValidationError

    body = {key: value for key, value in resource.items() if key != "_url"}
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        element = ".".join(str(part) for part in first["loc"]) or "the resource"
        return BadPatient(
            f"{source}: {name_of(resource)}: {element}: {first['msg']}; correct this element (FHIR R4 is read, not R5 or STU3)"
        )
    return None


def _delivery(
    resources: list[Resource], source: str, codes: Codes, as_of: str | None, lacking: Iterable[str]
) -> Iterator[PatientRecord | Unusable]:
    """Patients of resources that came together.

    Arguments:
        lacking: what did not come with them; of no patient is then known what is not here.
    """
    doubts = [f"the Bundle is one page of several, and {text}; {_ALL_PAGES}" for text in dict.fromkeys(lacking) if text]
    known: dict[str, Resource] = {}
    skipped: dict[str, int] = {}
    kept: list[Resource] = []
    for resource in resources:
        kind = resource["resourceType"]
        if kind == "OperationOutcome":
            doubts += _withheld(resource)
        if kind not in _KEPT:
            skipped[kind] = skipped.get(kind, 0) + 1
            continue
        seen = {**resource, "_fault": _fault(resource, source)}
        kept.append(seen)
        if resource.get("id"):
            known[f"{kind}/{resource['id']}"] = seen
        if resource.get("_url"):
            known[str(resource["_url"])] = seen
    persons = [r for r in kept if r["resourceType"] == "Patient"]
    people = [str(r.get("id") or r.get("_url") or "") for r in persons]
    drafts = {person: Draft(person) for person in people}
    broken: dict[str, BadPatient] = {who: r["_fault"] for who, r in zip(people, persons, strict=True) if r["_fault"]}
    readers: dict[str, Reader] = {}
    today = (as_of or date.today().isoformat())[:10]
    for resource in (r for r in kept if r["resourceType"] in READ):
        person = _subject(resource, known, people, source)
        draft = drafts.setdefault(person, Draft(person))
        reader = readers.setdefault(person, Reader(Record(draft, codes, known, source, today)))
        try:
            reader.read(resource)
        except BadPatient as error:
            broken.setdefault(person, error)
    if not drafts:
        raise BadPatient(
            f"{source}: no patient in it: neither a Patient nor a medication, condition, observation or procedure of one"
            + (f" ({_counted(skipped)})" if skipped else "")
            + "".join(f"; {doubt}" for doubt in doubts)
        )
    for person, draft in drafts.items():
        for doubt in doubts:
            draft.doubt("the record", doubt)
        if skipped:
            draft.notes.append(f"{NOT_READ} {_counted(skipped)}")
        if person in readers:
            readers[person].close()
        yield Unusable(person, broken[person]) if person in broken else draft.finish(source, as_of)


def _counted(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))


def _withheld(outcome: Resource) -> Iterator[str]:
    """What a server says of what it did not give."""
    for issue in outcome.get("issue") or ():
        if isinstance(issue, Mapping) and (issue.get("severity") in _FAILED or issue.get("code") in _INCOMPLETE):
            told = issue.get("diagnostics") or concept_in(issue.get("details")).name or issue.get("code") or "no reason given"
            yield f"the server says that something is not here: {told}; ask it again for what is missing"


def _subject(resource: Resource, known: Mapping[str, Resource], people: list[str], source: str) -> str:
    subject = resource.get("subject") or resource.get("patient") or {}
    if not isinstance(subject, Mapping):
        raise resource["_fault"]
    reference = str(subject.get("reference") or "")
    if reference:
        target = known.get(reference)
        if target is None and reference.rsplit("/", 1)[-1] in people:
            return reference.rsplit("/", 1)[-1]
        return str(target.get("id") or target.get("_url")) if target else reference.removeprefix("Patient/")
    if len(people) == 1:
        return people[0]
    identifier = subject.get("identifier")
    if isinstance(identifier, Mapping) and identifier.get("value"):
        return str(identifier["value"])
    raise BadPatient(f"{source}: {name_of(resource)}: subject: it does not say whose it is; give subject.reference, such as Patient/1")
