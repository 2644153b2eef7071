"""The tables agree with other people's, or say why not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "reference_agreement.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_agreement", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    if not module.REFERENCE.is_dir():
        pytest.skip(f"{module.REFERENCE} is not there")
    return module


def test_every_disagreement_is_decided(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    code = benchmark.main([])
    assert "NOT DECIDED" not in capsys.readouterr().out
    assert code == 0


def test_agreement_stays_as_high(benchmark: ModuleType) -> None:
    result = benchmark.pottr(benchmark.Reader())
    assert result.known >= 1500
    assert result.ours / result.claims >= 0.975
    assert result.theirs / result.own >= 0.9


def test_every_decision_has_a_reason_and_is_used(benchmark: ModuleType) -> None:
    decided = benchmark.decisions()
    assert [key for key, (decision, reason) in decided.items() if decision not in ("ours", "open") or not reason] == []
    told = {key for result in benchmark.results() for pair in result.disagreements() for key in benchmark.filed(*pair)}
    assert sorted(set(decided) - told) == []
