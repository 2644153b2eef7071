"""What becomes of the clauses that name a drug or a class: a rule, something else understood, or nothing.

Run it with `python benchmarks/eligibility_accounting.py studies.jsonl.gz`.
"""

from __future__ import annotations

import argparse
from collections import Counter

from kg.criteria import read
from kg.criteria.clauses.reading import THERAPY_KINDS
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Role
from kg.sources import Rejected, read_trials


def main() -> None:
    """Read the records given, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records")
    records = parser.parse_args().records
    names = Names.of(Knowledge.load())
    statuses: Counter[str] = Counter()
    fates: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for trial in read_trials([records]):
        if isinstance(trial, Rejected):
            continue
        found = read(trial, names)
        on_therapy = {r.number for r in found.rules if r.role in (Role.PRIOR_THERAPY, Role.CONCOMITANT)}
        for clause in found.clauses:
            statuses[clause.status] += 1
            if not any(m.kind in THERAPY_KINDS for m in clause.mentions):
                continue
            if on_therapy.intersection(clause.rules):
                fates["a rule"] += 1
            else:
                fates["not understood" if clause.kind == "therapy" else "understood as something else"] += 1
                kinds[clause.kind] += 1
    total = sum(fates.values())
    print("clauses:", ", ".join(f"{count:,} {status}" for status, count in statuses.most_common()))
    for fate, count in fates.most_common():
        print(f"name a drug or a class, {fate}: {count:,} ({100 * count / max(total, 1):.1f} %)")
    print("without a rule:", ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common(12)))


if __name__ == "__main__":
    main()
