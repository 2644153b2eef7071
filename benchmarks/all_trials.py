"""How fast is one patient against every trial, and a cohort against a sample of the registry?

    python benchmarks/all_trials.py studies.jsonl.gz [--patients 200]

The records are compiled to an index; the index (not the store) is replicated to 100,000 and 550,000 trials. No replica equals its original:
each holds a random four fifths of one trial's rules and a fifth of another's, and its own title.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from pathlib import Path

import numpy as np

from kg.checks import Engine, Patient, check_trial, understand
from kg.checks.facts import PatientFacts
from kg.checks.index import Index, _Postings, compile_index
from kg.criteria import read
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Exposure, Trial
from kg.sources import read_trials


def patient(rng: random.Random, knowledge: Knowledge) -> Patient:
    """A made-up patient with cancer: some lines of treatment, some everyday drugs."""
    cancer = [key for key in knowledge.drugs if "anticancer-therapy" in knowledge.memberships(key)]
    others = [key for key in knowledge.drugs if key not in set(cancer) and knowledge.drugs[key].kind == "small-molecule"]
    diseases = [c.label for c in knowledge.conditions.values() if c.kind == "neoplasm"]
    disease = rng.choice(diseases)
    prior = [
        Exposure(rng.choice(cancer), last_dose=f"20{rng.randint(19, 25)}-{rng.randint(1, 12):02}-10", condition=disease, line=line)
        for line in range(1, rng.randint(1, 4))
    ]
    return Patient("2026-11-21", prior, [Exposure(key) for key in rng.sample(others, rng.randint(0, 4))], [disease])


def turned(postings: _Postings, length: int) -> _Postings:
    """Rows of trials by thing → rows of things by trial, and the other way round."""
    things = np.repeat(np.arange(len(postings.starts) - 1), np.diff(postings.starts))
    order = np.lexsort((things, postings.values))
    starts = np.searchsorted(postings.values[order], np.arange(length + 1))
    return _Postings(starts.astype(np.int64), things[order].astype(np.int32))


def drawn(by_trial: _Postings, base: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(replica, thing) for a random share of what the trials `base` hold."""
    lengths = np.diff(by_trial.starts)[base]
    replica = np.repeat(np.arange(len(base)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    things = by_trial.values[np.repeat(by_trial.starts[base], lengths) + within]
    kept = rng.random(len(things)) < share
    return replica[kept], things[kept]


def replicated(index: Index, count: int) -> Index:
    """The index of so many trials, each mixed from two of the index's."""
    rng = np.random.default_rng(5)
    base, other = rng.integers(0, len(index), count), rng.integers(0, len(index), count)

    def mixed(postings: _Postings, *shares: float) -> _Postings:
        by_trial = turned(postings, len(index))
        parts = [drawn(by_trial, which, share, rng) for which, share in zip((base, other), shares, strict=False)]
        pairs = np.unique(np.concatenate([things.astype(np.int64) * count + replica for replica, things in parts]))
        starts = np.searchsorted(pairs, np.arange(len(postings.starts), dtype=np.int64) * count)
        return _Postings(starts.astype(np.int64), (pairs % count).astype(np.int32))

    return Index(
        index.knowledge,
        index.names,
        [f"NCT{number:08}" for number in range(count)],
        index.shapes,
        mixed(index.shape_trials, 0.8, 0.2),
        index.mentions,
        index.mention_shapes,
        mixed(index.clause_trials, 0.8, 0.2),
        index.drugs,
        mixed(index.drug_trials, 1.0),
        index.own_keys,
        index.own_of[base],
        [f"{index.own_texts[number]} · study {place}" for place, number in enumerate(base.tolist())],
        [index.facets[number] for number in base.tolist()],
    )


def timed(index: Index, people: list[PatientFacts]) -> list[float]:
    """Seconds for each patient's array of verdicts; nothing of an earlier round is kept but what patients share."""
    out = []
    for facts in people:
        began = time.perf_counter()
        index.verdicts(facts)
        out.append(time.perf_counter() - began)
    return out


def told(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    print(
        f"{name}: median {statistics.median(ordered):.3f} s, 90 % under {ordered[len(ordered) * 9 // 10]:.3f} s, most {ordered[-1]:.3f} s"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("records", type=Path)
    words.add_argument("--patients", type=int, default=200, help="size of the cohort (the index's part is linear in it)")
    asked = words.parse_args()
    knowledge = Knowledge.load()
    names = Names.of(knowledge)
    trials = [(one, read(one, names)) for one in read_trials([asked.records]) if isinstance(one, Trial)]
    began = time.perf_counter()
    index = compile_index(trials, knowledge, names)
    print(
        f"{len(index)} trials compiled in {time.perf_counter() - began:.1f} s: {len(index.shapes)} shapes, {index.nbytes / 2**20:.1f} MiB"
    )
    rng = random.Random(7)
    cohort = [understand(patient(rng, knowledge), knowledge, names) for _ in range(asked.patients)]
    seconds = timed(index, cohort)
    told("one patient", seconds)
    engine, few = Engine.of(knowledge), cohort[:10]
    began = time.perf_counter()
    for facts in few:
        for trial, eligibility in trials:
            check_trial(facts, trial, eligibility, knowledge, names, engine)
    loop = time.perf_counter() - began
    fast, slow = len(index) * len(cohort) / sum(seconds), len(index) * len(few) / loop
    print(f"cohort of {len(cohort)}: {fast:,.0f} patient-trial pairs/s; check in a loop: {slow:,.0f} pairs/s; ratio {fast / slow:.1f}")
    for count in (100_000, 550_000):
        large = replicated(index, count)
        told(f"{count:,} trials, first sight of a patient's drugs", timed(large, cohort[:25]))
        told(f"{count:,} trials, again", timed(large, cohort[:25]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        size = large.nbytes
        print(
            f"{count:,} trials: index {size / 2**20:.0f} MiB ({size / count:.0f} bytes a trial); process at most {peak:.0f} MiB"
        )


if __name__ == "__main__":
    main()
