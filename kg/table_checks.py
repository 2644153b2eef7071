"""All that `kg validate` says about the curated tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg.errors import BadTable
from kg.knowledge import Knowledge
from kg.tables import CURIES, SCHEMA, Column, Table, canonical, data_dir, place, read

__all__ = ["violations"]

_RECALLED = "recalled"
_NUMBER = re.compile(r"\d+(\.\d+)?")


def violations(directory: Path | None = None) -> list[str]:
    """Everything that is wrong with the tables, one message each: `data/x.csv:42: what; remedy`.

    Checked are the header, keys, order, patterns, enumerations, references, evidence, cycles, names that point at two drugs without an
    `ambiguous_names` row, and drugs in classes that contradict their mechanism.

    Example:
        >>> violations()
        []
    """
    directory = directory or data_dir()
    found: list[str] = []
    tables: dict[str, list[dict[str, str]]] = {}
    for name in SCHEMA:
        if not (directory / f"{name}.csv").exists():
            found.append(f"{place(name)}: missing; restore it")
            tables[name] = []
            continue
        try:
            tables[name] = read(name, directory)
        except BadTable as error:
            found.append(str(error))
            tables[name] = []
            continue
        if (directory / f"{name}.csv").read_text(encoding="utf-8") != canonical(name, tables[name]):
            found.append(f"{place(name)}: not in canonical form; sort rows by the whole line, end lines with \\n, quote only where needed")
    keys = {name: {row[SCHEMA[name].key[0]] for row in rows} for name, rows in tables.items()}
    for name, rows in tables.items():
        found.extend(_row_violations(SCHEMA[name], rows, keys))
    found.extend(_cycles("class_parents", tables["class_parents"], "class", "parent"))
    found.extend(_cycles("condition_parents", tables["condition_parents"], "condition", "parent"))
    found.extend(_cycles("target_parts", tables["target_parts"], "target", "part"))
    found.extend(_shared_names(tables))
    found.extend(_contradictions(tables))
    return found


def _row_violations(table: Table, rows: Sequence[Mapping[str, str]], keys: Mapping[str, set[str]]) -> Iterable[str]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, 2):
        at = place(table.name, line)
        key = tuple(row[c].casefold() for c in table.key)
        if key in seen:
            yield f"{at}: the key {'+'.join(table.key)} = {'+'.join(key)} is also on line {seen[key]}; keep one row"
        seen.setdefault(key, line)
        for column in table.columns:
            yield from _cell_violations(at, column, row[column.name], keys)
        if table.evidence:
            yield from _evidence_violations(at, row, keys["sources"])
    if table.name == "half_lives":
        for line, row in enumerate(rows, 2):
            low, high = row["low_hours"], row["high_hours"]
            if _NUMBER.fullmatch(low) and _NUMBER.fullmatch(high) and float(low) > float(high):
                yield f"{place(table.name, line)}: low_hours {low} is above high_hours {high}; swap them"
    if table.name == "drug_classes":
        for line, row in enumerate(rows, 2):
            if row["membership"] in ("arguable", "not") and not row["reason"]:
                yield f"{place(table.name, line)}: membership '{row['membership']}' needs a reason; state it"


def _cell_violations(at: str, column: Column, cell: str, keys: Mapping[str, set[str]]) -> Iterable[str]:
    if cell != cell.strip():
        yield f"{at}: {column.name} {cell!r} has blanks at its ends; remove them"
    if not cell:
        if column.required:
            yield f"{at}: {column.name} is empty; fill it in"
        return
    for value in cell.split("|") if column.many else (cell,):
        if not value.strip():
            yield f"{at}: {column.name} has an empty value between '|'; remove it"
        elif column.pattern and not column.pattern.fullmatch(value):
            yield f"{at}: {column.name} {value!r} does not fit the pattern {column.pattern.pattern}; correct it"
        elif column.values and value not in column.values:
            yield f"{at}: {column.name} {value!r} is none of {', '.join(column.values)}; use one of these"
        elif column.refers and value not in keys[column.refers]:
            yield f"{at}: {column.name} {value!r} is not in {column.refers}.csv; add it there or correct it"
        elif column.prefixes:
            yield from _curie_violations(at, column, value)


def _curie_violations(at: str, column: Column, value: str) -> Iterable[str]:
    prefix, colon, local = value.partition(":")
    if not colon or prefix not in column.prefixes:
        yield f"{at}: {column.name} {value!r} has none of the prefixes {', '.join(column.prefixes)}; write {column.prefixes[0]}:…"
    elif not CURIES[prefix].fullmatch(local):
        yield f"{at}: {column.name} {value!r} does not fit {prefix}:{CURIES[prefix].pattern}; correct it or leave the row out"


def _evidence_violations(at: str, row: Mapping[str, str], sources: set[str]) -> Iterable[str]:
    source, to_check = row["source"], row["to_check"]
    if not source:
        yield f"{at}: source is empty; name the document that was read, or '{_RECALLED}' with to_check"
    elif source == _RECALLED and not to_check:
        yield f"{at}: a recalled row needs to_check, the document to check it in; name it"
    elif source != _RECALLED and to_check:
        yield f"{at}: to_check is only for recalled rows; empty it"
    if source and source != _RECALLED and source not in sources:
        yield f"{at}: source {source!r} is not in sources.csv; add it there or correct it"


def _cycles(name: str, rows: Sequence[Mapping[str, str]], child: str, parent: str) -> Iterable[str]:
    above: dict[str, list[str]] = {}
    for row in rows:
        above.setdefault(row[child], []).append(row[parent])
    state: dict[str, bool] = {}  # False while on the path, True when done

    def visit(node: str, path: list[str]) -> Iterable[str]:
        state[node] = False
        for next_node in above.get(node, ()):
            if next_node not in state:
                yield from visit(next_node, [*path, next_node])
            elif not state[next_node]:
                loop = [*path[path.index(next_node) :], next_node]
                yield f"{place(name)}: cycle {' → '.join(loop)}; remove one of these rows"
        state[node] = True

    for start in sorted(above):
        if start not in state:
            yield from visit(start, [start])


def _shared_names(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[str]:
    fold = re.compile(r"[\W_]+")
    owners: dict[str, dict[str, str]] = {}

    def claim(name: str, drug: str, at: str) -> None:
        owners.setdefault(fold.sub("", name.casefold()), {}).setdefault(drug, at)

    for line, row in enumerate(tables["drugs"], 2):
        claim(row["label"], row["drug"], place("drugs", line))
    for line, row in enumerate(tables["drug_names"], 2):
        claim(row["name"], row["drug"], place("drug_names", line))
    declared = {fold.sub("", row["name"].casefold()): set(row["drugs"].split("|")) for row in tables["ambiguous_names"]}
    for name, drugs in sorted(owners.items()):
        if len(drugs) > 1 and set(drugs) - declared.get(name, set()):
            places = ", ".join(f"{drug} ({at})" for drug, at in sorted(drugs.items()))
            yield f"{min(drugs.values())}: {name!r} points at {places}; remove the wrong row or add the name to ambiguous_names.csv"


def _contradictions(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[str]:
    """A curated plain membership in a target-defined class without such a primary target, and a 'not' row that denies nothing."""
    # Half-lives have no bearing here, and a bad number among them has been named already.
    knowledge = Knowledge.from_tables({**tables, "half_lives": []})
    # A chemical group may be defined by a target and still hold members that act elsewhere; a mechanism may not.
    mechanisms = {key for key in knowledge.defined_classes if knowledge.classes[key].kind == "mechanism"}
    for line, row in enumerate(tables["drug_classes"], 2):
        drug, drug_class = row["drug"], row["class"]
        if drug not in knowledge.drugs or drug_class not in knowledge.classes:
            continue
        derived = knowledge.derived(drug)
        at = place("drug_classes", line)
        if row["membership"] == "not":
            if not knowledge.would_be_member(drug, drug_class):
                yield f"{at}: nothing makes {drug} a {drug_class}, so there is nothing to deny; remove the row or correct it"
        elif drug_class in mechanisms and drug_class not in derived and not row["reason"]:
            yield (
                f"{at}: {drug_class} is defined by target ({', '.join(knowledge.definition_words(drug_class))}) and {drug} has no such "
                f"primary target; add the target to drug_targets.csv, remove the row, or state a reason"
            )
