"""The benchmarks run: each says what it asks, and the one on all trials goes from records to its figures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "benchmarks").glob("*.py"))


def run(script: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, str(script), *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # this tree, not another one that is installed
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_benchmark_starts_and_its_page_names_it(script: Path) -> None:
    assert "usage:" in run(script, "--help")
    assert f"`{script.name}" in (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")


def test_all_trials_gives_its_figures() -> None:
    told = run(ROOT / "benchmarks/all_trials.py", str(ROOT / "data/trials"), *"--patients 4 --loop 2 --trials 300".split())
    assert "screen: 4 patients × 2 trials" in told
    assert "check in a loop, same verdicts: 2 patients" in told
    assert "300 trials: arrays of" in told
