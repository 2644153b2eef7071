"""How much of the curated tables was read in a document, and how much only recalled: a row a table.

    python benchmarks/table_sources.py

A fact may stand in several rows, one a source. So beside the rows the facts are counted, and a fact is read when any of its rows was.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence

from kg import tables
from kg.knowledge import Knowledge

Row = Mapping[str, str]

FACT = {
    "pk_roles": ("drug", "enzyme", "role"),
    "half_lives": ("drug", "moiety"),
    "drug_properties": ("drug", "property"),
    "interactions": ("drug_a", "drug_b"),
}
"""What one fact is, where a table keeps a row for each source of it; elsewhere a row is a fact."""


def read_share(name: str, keep: Callable[[Row], bool] = lambda row: True) -> tuple[int, int, int, int]:
    """Rows, rows that were read, facts, facts of which at least one row was read.

    Args:
        name: of the table.
        keep: which of its rows are counted.

    Example:
        >>> rows, read, facts, read_facts = read_share("drug_identifiers")
        >>> rows == read
        True
    """
    rows = [row for row in tables.read(name) if keep(row)]
    columns = FACT.get(name, tables.SCHEMA[name].key)
    facts: dict[tuple[str, ...], bool] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        facts[key] = facts.get(key, False) or row["source"] != "recalled"
    return len(rows), sum(row["source"] != "recalled" for row in rows), len(facts), sum(facts.values())


def lines() -> Iterator[Sequence[object]]:
    """The whole account: a name, its numbers, and the share of facts read."""
    knowledge = Knowledge.load()
    anticancer = {drug for drug in knowledge.drugs if "anticancer-therapy" in knowledge.memberships(drug)}
    for name, table in tables.SCHEMA.items():
        if table.evidence:
            yield (name, *read_share(name))
        if name in ("pk_roles", "half_lives", "drug_classes", "drug_targets"):
            yield (f"{name}, anticancer drugs", *read_share(name, lambda row: row["drug"] in anticancer))
        if name == "pk_roles":
            yield (f"{name}, strong and moderate inhibitors and inducers", *read_share(name, _decides))


def _decides(row: Row) -> bool:
    return row["role"] != "substrate" and row["strength"] in ("strong", "moderate")


def main() -> None:
    """Print the account as a Markdown table."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print("| table | rows | rows read | facts | facts read |\n|---|---:|---:|---:|---:|")
    for name, rows, read, facts, read_facts in lines():
        print(f"| {name} | {rows} | {_part(read, rows)} | {facts} | {_part(read_facts, facts)} |")


def _part(part: object, whole: object) -> str:
    assert isinstance(part, int) and isinstance(whole, int)
    return f"{part / whole:.0%}" if whole else "-"


if __name__ == "__main__":
    main()
