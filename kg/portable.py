"""A query as any SPARQL 1.1 endpoint takes it: with the prefixes that it uses declared, and parameters stated in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.store import Term, blanked
from kg.vocab import PREFIXES

__all__ = ["portable"]

_DECLARED = re.compile(r"\bPREFIX\s+([\w-]*)\s*:", re.IGNORECASE)
_USED = re.compile(r"(?<![\w:?$.-])([A-Za-z][\w-]*):")
_SELECT = re.compile(r"\s*(?:(?:PREFIX\s+[\w-]*\s*:|BASE)\s+)*SELECT\b", re.IGNORECASE)


def portable(text: str, bindings: Mapping[str, Term]) -> str:
    """The query, which means elsewhere what it means to `kg.store.Store.query`.

    Arguments:
        text: SPARQL 1.1.
        bindings: terms to put in place of variables of a SELECT's columns.
    Example:
        >>> import pyoxigraph as ox
        >>> print(portable("SELECT ?nct WHERE { ?trial kgo:nctId ?nct }", {"nct": ox.Literal("NCT01206140")}))
        PREFIX kgo: <https://w3id.org/trialkg/ontology#>
        SELECT ?nct WHERE { VALUES ?nct { "NCT01206140" } ?trial kgo:nctId ?nct }
    """
    plain = blanked(text)
    missing = sorted(set(_USED.findall(plain)) & set(PREFIXES) - set(_DECLARED.findall(plain)))
    header = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in missing)
    at = _group(plain) if bindings and _SELECT.match(plain) else 0
    values = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in bindings.items()) if at else ""
    return f"{header}{text[:at]}{values}{text[at:]}"


def _group(plain: str) -> int:
    """Where the group of a SELECT begins, behind its brace; 0 where it has none."""
    depth = 0
    for place, sign in enumerate(plain):
        depth += (sign == "(") - (sign == ")")
        if sign == "{" and depth == 0:
            return place + 1
    return 0
