"""A patient from a YAML or JSON file and from the words of a command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import BadPatient

__all__ = ["at_date", "merged", "read", "with_dose"]


def read(path: Path) -> dict[str, Any]:
    """The mapping that a patient file holds (see docs/patient.md); YAML, of which JSON is a part.

    Raises:
        BadPatient: the file is not there, is neither, or is no mapping; the message names file and line.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Dates stay texts, so that one that is none is named with its place in the record."""

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
        raise BadPatient(f"{place}: not YAML or JSON: {getattr(error, 'problem', None) or error}; see docs/patient.md") from error
    if not isinstance(data, Mapping):
        form = "; FHIR is read as JSON, not as XML" if str(data).lstrip().startswith("<") else ""
        raise BadPatient(f"{path}: a patient is a mapping with keys such as prior and taking{form}; see docs/patient.md")
    return dict(data)


def at_date(text: str, key: str = "drug", when: str = "last_dose") -> dict[str, str]:
    """`DRUG[@DATE]` as an exposure.

    >>> at_date("trametinib@2024-11-20")
    {'drug': 'trametinib', 'last_dose': '2024-11-20'}
    >>> at_date("radiotherapy", "name", "date")
    {'name': 'radiotherapy'}
    """
    name, _, date = text.partition("@")
    return {key: name.strip(), **({when: date.strip()} if date.strip() else {})}


def with_dose(text: str) -> dict[str, str]:
    """`DRUG[:dose]` as an exposure.

    >>> with_dose("prednisone:5 mg/day")
    {'drug': 'prednisone', 'dose': '5 mg/day'}
    """
    name, _, dose = text.partition(":")
    return {"drug": name.strip(), **({"dose": dose.strip()} if dose.strip() else {})}


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
