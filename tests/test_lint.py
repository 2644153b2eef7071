"""The code is typed and tidy: mypy --strict and ruff, as configured in pyproject.toml, have nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("command", ["ruff check --no-cache .", "mypy --cache-dir {cache}"], ids=lambda command: command.split()[0])
def test_clean(command: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", *command.format(cache=tmp_path).split()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
