"""A patient from a YAML or JSON file and from the words of a command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import BadPatient

__all__ = ["ended", "from_json", "going_on", "merged", "read"]

_TWICE = "the key {!r} stands twice in one mapping; put what both say under one"


def read(path: Path) -> dict[str, Any]:
    """The mapping that a patient file holds (see docs/patient.md); YAML, of which JSON is a part.

    Raises:
        BadPatient: the file is not there, is neither, or is no mapping; the message names file and line.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Dates stay texts, so that one that is none is named with its place in the record; no key stands twice."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key.value, str)):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, _TWICE.format(key.value), key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    resolvers = Loader.yaml_implicit_resolvers
    Loader.yaml_implicit_resolvers = {k: [(tag, form) for tag, form in v if not tag.endswith(":timestamp")] for k, v in resolvers.items()}
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), Loader)
    except OSError as error:
        raise BadPatient(f"{path}: cannot be read: {error.strerror}; give a patient file, or flags such as --taking") from error
    except UnicodeDecodeError as error:
        raise BadPatient(f"{path}: is not UTF-8 text; save the patient as UTF-8 YAML or JSON") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise BadPatient(f"{place}: not sound YAML or JSON: {getattr(error, 'problem', None) or error}; see docs/patient.md") from error
    if not isinstance(data, Mapping):
        form = "; FHIR is read as JSON, not as XML" if str(data).lstrip().startswith("<") else ""
        raise BadPatient(f"{path}: a patient is a mapping with keys such as prior and taking{form}; see docs/patient.md")
    return dict(data)


def from_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, or a key stands twice in one object: of one of the two nothing would be known.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(_TWICE.format(key))
        found[key] = value
    return found


def ended(text: str, key: str = "drug", when: str = "last_dose") -> dict[str, str]:
    """`DRUG[@DATE]` as an exposure.

    >>> ended("trametinib@2024-11-20")
    {'drug': 'trametinib', 'last_dose': '2024-11-20'}
    >>> ended("radiotherapy", "name", "date")
    {'name': 'radiotherapy'}
    >>> ended("trametinib@")  # an empty date is said to be none
    {'drug': 'trametinib', 'last_dose': ''}
    """
    name, at, date = text.partition("@")
    return {key: name.strip(), **({when: date.strip()} if at else {})}


def going_on(text: str) -> dict[str, str]:
    """`DRUG[:dose][@STOP]` as an exposure that goes on; STOP is the day on which it is planned to stop.

    >>> going_on("prednisone:5 mg/day@2026-12-01")
    {'drug': 'prednisone', 'dose': '5 mg/day', 'last_dose': '2026-12-01'}
    """
    what, _, stop = text.partition("@")
    name, _, dose = what.partition(":")
    given = {"drug": name.strip(), "dose": dose.strip(), "last_dose": stop.strip()}
    return {key: value for key, value in given.items() if value or key == "drug"}


def merged(data: Mapping[str, Any], **flags: Iterable[Any] | Mapping[str, str] | None) -> dict[str, Any]:
    """What the file says, and what the flags add to it; a flag that was not given (None) adds nothing, not even "none known".

    >>> merged({"taking": ["aspirin"]}, taking=["itraconazole"], prior=None)
    {'taking': ['aspirin', 'itraconazole']}
    """
    out = dict(data)
    for key, added in flags.items():
        if added is None:
            continue
        if isinstance(added, Mapping):
            out[key] = {**(out.get(key) or {}), **added}
        else:
            out[key] = [*(out.get(key) or []), *added]
    return out
