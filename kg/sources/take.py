"""Values taken out of a JSON object of a record: each is removed as it is read, so that what nobody asked for remains.

A value of another type than is asked for is not taken: it stays where it is.

Example:
    >>> study = {"title": "Selumetinib", "count": "70", "sites": [{"city": "Boston"}]}
    >>> text(study, "title"), count(study, "count"), text(parts(study, "sites")[0], "city"), text(study, "sites")
    ('Selumetinib', 70, 'Boston', '')
    >>> study
    {'sites': [{}]}
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

__all__ = ["Json", "copy", "count", "flag", "is_text", "modules", "number", "part", "parts", "text", "texts"]

Json = dict[str, Any]


def copy(value: Any) -> Any:
    """The same objects and lists anew, to take from."""
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copy(item) for item in value]
    return value


def modules(section: Json) -> Callable[[str], Json]:
    """`part` of this section, by name."""
    return lambda name: part(section, name)


def part(parent: Json, name: str) -> Json:
    """The object of that name, or an empty one: taking from it then finds nothing."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def parts(parent: Json, name: str) -> list[Json]:
    """The objects in a list of that name."""
    value = parent.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def is_text(value: Any) -> bool:
    """Numbers count: identifiers and telephone numbers are sometimes written as numbers."""
    return isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool))


def text(parent: Json, name: str) -> str:
    """A text, or ''."""
    return str(parent.pop(name)) if is_text(parent.get(name)) else ""


def texts(parent: Json, name: str) -> tuple[str, ...]:
    """The texts in a list."""
    items = parent.get(name)
    if not isinstance(items, list):
        return ()
    taken = tuple(str(item) for item in items if is_text(item))
    parent[name] = [None if is_text(item) else item for item in items]  # what remains keeps its index
    return taken


def flag(parent: Json, name: str) -> bool | None:
    """True or false, or None."""
    return bool(parent.pop(name)) if isinstance(parent.get(name), bool) else None


def count(parent: Json, name: str) -> int | None:
    """A whole number that is not below zero, written as a number or as text, or None."""
    value = parent.get(name)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    del parent[name]
    return value


def number(parent: Json, name: str) -> float | None:
    """A number, or None."""
    value = parent.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    del parent[name]
    return float(value)
