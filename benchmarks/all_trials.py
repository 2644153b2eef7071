"""How fast is one patient against every trial, and a cohort against a sample of the registry?

    python benchmarks/all_trials.py studies.jsonl.gz [--patients 10000] [--loop 10]

The records are built into a graph. A cohort is screened by `graph.screen`, and once more into a Parquet file, as `kg screen` does; beside
it the first patients are checked trial by trial, as `check` does. Then the compiled index (not the store) is replicated to 100,000 and
550,000 trials. No replica equals its original: each holds a random four fifths of one trial's rules and a fifth of another's, and its own
title. Times are of the processor.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import kg
from kg.checks import Engine, check_trial, understand
from kg.checks.compiled import Compiled, Postings, Texts
from kg.checks.index import Index
from kg.cohort import write
from kg.knowledge import Knowledge


def patient(rng: random.Random, knowledge: Knowledge) -> kg.Patient:
    """A made-up patient with cancer: some lines of treatment, some everyday drugs."""
    cancer = [key for key in knowledge.drugs if "anticancer-therapy" in knowledge.memberships(key)]
    taken = set(cancer)
    others = [key for key in knowledge.drugs if key not in taken and knowledge.drugs[key].kind == "small-molecule"]
    diseases = [c.label for c in knowledge.conditions.values() if c.kind == "neoplasm"]
    disease = rng.choice(diseases)
    prior = [
        kg.Exposure(rng.choice(cancer), last_dose=f"20{rng.randint(19, 25)}-{rng.randint(1, 12):02}-10", condition=disease, line=line)
        for line in range(1, rng.randint(1, 4))
    ]
    return kg.Patient("2026-11-21", prior, [kg.Exposure(key) for key in rng.sample(others, rng.randint(0, 4))], [disease])


def turned(postings: Postings, length: int) -> Postings:
    """Rows of trials by thing → rows of things by trial, and the other way round."""
    things = np.repeat(np.arange(len(postings.starts) - 1), np.diff(postings.starts))
    order = np.lexsort((things, postings.values))
    starts = np.searchsorted(postings.values[order], np.arange(length + 1))
    return Postings(starts.astype(np.int64), things[order].astype(np.int32))


def drawn(by_trial: Postings, base: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(replica, thing) for a random share of what the trials `base` hold."""
    lengths = np.diff(by_trial.starts)[base]
    replica = np.repeat(np.arange(len(base)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    things = by_trial.values[np.repeat(by_trial.starts[base], lengths) + within]
    kept = rng.random(len(things)) < share
    return replica[kept], things[kept]


def replicated(compiled: Compiled, count: int) -> Compiled:
    """So many trials, each mixed from two of those that were compiled."""
    rng = np.random.default_rng(5)
    trials = len(compiled.ncts)
    base, other = rng.integers(0, trials, count), rng.integers(0, trials, count)

    def mixed(postings: Postings, *shares: float) -> Postings:
        by_trial = turned(postings, trials)
        parts = [drawn(by_trial, which, share, rng) for which, share in zip((base, other), shares, strict=False)]
        pairs = np.unique(np.concatenate([things.astype(np.int64) * count + trial for trial, things in parts]))
        starts = np.searchsorted(pairs, np.arange(len(postings.starts), dtype=np.int64) * count)
        return Postings(starts.astype(np.int64), (pairs % count).astype(np.int32))

    return replace(
        compiled,
        ncts=[f"NCT{number:08}" for number in range(count)],
        shape_trials=mixed(compiled.shape_trials, 0.8, 0.2),
        clause_trials=mixed(compiled.clause_trials, 0.8, 0.2),
        drug_trials=mixed(compiled.drug_trials, 1.0),
        own_of=compiled.own_of[base],
        own_texts=Texts.of([f"{compiled.own_texts[number]} · study {place}" for place, number in enumerate(base.tolist())]),
        facets_of=compiled.facets_of[base],
    )


def timed(index: Index, people: Sequence[kg.Patient]) -> list[float]:
    """Processor seconds for each patient's array of verdicts."""
    out = []
    for one in people:
        began = time.process_time()
        index.verdicts(understand(one, index.knowledge, index.names))
        out.append(time.process_time() - began)
    return out


def told(name: str, seconds: list[float]) -> None:
    """Prints how seconds are spread."""
    ordered = sorted(seconds)
    print(
        f"{name}: median {statistics.median(ordered):.3f} s, 90 % under {ordered[len(ordered) * 9 // 10]:.3f} s, most {ordered[-1]:.3f} s",
        flush=True,
    )


def peak() -> str:
    """The most memory that the process has held so far."""
    return f"process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:,.0f} MiB"


def screened(place: Path, people: Sequence[kg.Patient], few: int) -> None:
    """Prints what a cohort costs, and what the first few of it cost by `check` in a loop; the verdicts must be the same."""
    with kg.open(place) as graph:
        began = time.process_time()
        index = graph.index
        print(f"index opened in {time.process_time() - began:.2f} s; {peak()}", flush=True)
        first = []
        began = time.process_time()
        for one in graph.screen(people):
            if len(first) < few:
                first.append(one)
        pairs = paired("screen", len(index), len(people), began)

        trials = [tuple(one) for one in graph.records.each()]
        engine = Engine.of(graph.knowledge)
        began = time.process_time()
        for one, shown in zip(people, first, strict=False):
            facts = understand(one, graph.knowledge, graph.names)
            checked = {trial.nct: check_trial(facts, trial, read, graph.knowledge, graph.names, engine).verdict for trial, read in trials}
            assert shown.verdicts is not None and dict(shown.verdicts) == checked
        loop = paired("check in a loop, same verdicts", len(trials), len(first), began)
        print(f"screen is {pairs / loop:,.0f} times as fast as check in a loop", flush=True)

    with kg.open(place) as graph:  # anew: nothing is known yet of what the patients share
        began = time.process_time()
        write(graph.screen(people), place.parent / "verdicts.parquet")
        paired("screen into a Parquet file", len(graph.records), len(people), began)


def paired(name: str, trials: int, patients: int, began: float) -> float:
    """Pairs of patient and trial a second since then; prints them."""
    seconds = time.process_time() - began
    pairs = trials * patients / seconds
    print(f"{name}: {patients:,} patients × {trials:,} trials in {seconds:.1f} s: {pairs:,.0f} pairs/s; {peak()}", flush=True)
    return pairs


def main() -> None:
    """Read the records given, and print times and sizes."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("records", type=Path)
    words.add_argument("--patients", type=int, default=200, help="size of the cohort")
    words.add_argument("--loop", type=int, default=10, help="how many of them are also checked in a loop")
    words.add_argument("--trials", type=int, nargs="*", default=[100_000, 550_000], help="sizes to replicate the index to")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "my.kg"
        # in a process of its own, whose memory is not counted here
        command = [sys.executable, "-m", "kg.cli", "build", str(asked.records), "-o", str(place)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with kg.open(place) as graph:
            compiled, knowledge, names = graph.index.compiled, graph.knowledge, graph.names
        rng = random.Random(7)
        people = [patient(rng, knowledge) for _ in range(asked.patients)]
        screened(place, people, asked.loop)
    print(f"{len(compiled.ncts):,} trials: {len(compiled.shapes):,} shapes, arrays of {compiled.nbytes / 2**20:.1f} MiB")
    some = min(50, len(people) // 2)
    for count in asked.trials:
        large = Index(replicated(compiled, count), knowledge, names)
        told(f"{count:,} trials, drugs seen for the first time", timed(large, people[:some]))
        told(f"{count:,} trials, the same patients again", timed(large, people[:some]))
        told(f"{count:,} trials, other patients", timed(large, people[some : 2 * some]))
        size = large.compiled.nbytes
        print(f"{count:,} trials: arrays of {size / 2**20:,.0f} MiB, {size / count:,.0f} bytes a trial; {peak()}", flush=True)


if __name__ == "__main__":
    main()
