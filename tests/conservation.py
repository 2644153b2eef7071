"""What it means that nothing of a record is lost: each value is in a field of the trial, in `other` under its path, or counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from kg.records import Trial


def lost(study: dict[str, Any], trial: Trial) -> list[str]:
    """The paths of a study's values that the trial neither holds nor counts; empty when all is well."""
    other = set(trial.other)
    typed = {_text(value) for value in values(dataclasses.replace(trial, other=(), dropped=()))}
    dropped = dict(trial.dropped)
    missing = []
    for path, value in leaves("", study):
        counted = next((name for name in dropped if path == name or path.startswith((f"{name}.", f"{name}["))), None)
        if counted is not None:
            dropped[counted] -= 1
        elif isinstance(value, bool) and path.endswith(".healthyVolunteers") and trial.healthy_volunteers is value:
            continue
        elif (path, _text(value)) not in other and (isinstance(value, bool) or not typed & _written(path, value)):
            missing.append(f"{path} = {value!r}")
    missing += [f"{name}: counted {number} values too many" for name, number in dropped.items() if number]
    return missing


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """(path, value) of every scalar; null and '' say nothing."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(f"{path}[{number}]", item)
    elif value is not None and value != "":
        yield path, value


def _written(path: str, value: Any) -> set[str]:
    """How the trial may write the value: arms name interventions without their kind; numbers as Python does; NCT numbers in capitals."""
    forms = {_text(value)}
    if "interventionNames" in path:
        forms.add(str(value).partition(": ")[2])
    if path.endswith("nctId"):
        forms.add(str(value).strip().upper())
    if isinstance(value, int) and not isinstance(value, bool):
        forms.add(str(float(value)))
    if path.endswith("count") and isinstance(value, str) and value.isdigit():
        forms.add(str(int(value)))
    return forms


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def values(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from values(getattr(value, item.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from values(each)
    elif value is not None:
        yield value
