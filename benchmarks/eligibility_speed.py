"""How many eligibility texts a second are read, beside cutting the same texts into bullets alone.

Run it with `python benchmarks/eligibility_speed.py studies.jsonl.gz`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from kg.criteria import read, segment
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Trial
from kg.sources import Rejected, read_trials


def per_second(trials: list[Trial], work: Callable[[Trial], object]) -> float:
    """Trials a second of processor time, on a second pass over them."""
    for trial in trials:
        work(trial)
    began = time.process_time()
    for trial in trials:
        work(trial)
    return len(trials) / (time.process_time() - began)


def main() -> None:
    """Read the records given, and print both speeds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records")
    records = parser.parse_args().records
    names = Names.of(Knowledge.load())
    trials = [t for t in read_trials([records]) if not isinstance(t, Rejected) and t.eligibility_text]
    whole = per_second(trials, lambda trial: read(trial, names))
    bullets = per_second(trials, lambda trial: segment(trial.eligibility_text))
    print(f"{len(trials)} texts: read {whole:,.0f} a second, cut into bullets alone {bullets:,.0f} a second: ratio {bullets / whole:.1f}")


if __name__ == "__main__":
    main()
