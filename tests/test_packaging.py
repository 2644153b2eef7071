"""What a user installs: the wheel holds the bundle, and works in a clean environment from any folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (found,) = out.glob("*.whl")
    return found


def test_the_wheel_holds_the_bundle_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"kg", f"trialkg-{kg.__version__}.dist-info"}
    for folder in ("ontology", "data", "data/trials", "data/eligibility", "queries", "visuals"):
        assert any(name.startswith(f"kg/_bundle/{folder}/") for name in names), f"{folder} is missing from the wheel"
    assert not [name for name in names if "gallery" in name or "__pycache__" in name]
    assert "kg/py.typed" in names
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert [name for name in names if name.endswith("licenses/NOTICE")]
    for folder in ("ontology", "data", "queries", "visuals"):
        here = {str(file.relative_to(ROOT)) for file in (ROOT / folder).rglob("*") if file.is_file() and "gallery" not in file.parts}
        there = {name.removeprefix("kg/_bundle/") for name in names if name.startswith(f"kg/_bundle/{folder}/")}
        assert there == {name for name in here if "__pycache__" not in name}


def online() -> bool:
    """Whether pip can fetch packages: an index that answers, or one on this machine."""
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True)
    if asked.stdout.strip() or os.environ.get("PIP_INDEX_URL") or os.environ.get("PIP_NO_INDEX"):
        return True
    try:
        socket.create_connection(("pypi.org", 443), timeout=5).close()
    except OSError:
        return False
    return True


def test_an_installed_kg_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Clean: a new environment with what the wheel asks for and nothing else, so that a dependency left out is noticed."""
    if not online():
        pytest.skip("no package index can be reached, so dependencies cannot be installed into a clean environment")
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COLUMNS")}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=elsewhere, env=clean, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run(str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    where = run(str(scripts / "python"), "-c", "import kg; print(kg.__file__)")
    assert str(tmp_path / "env") in where
    command = str(scripts / ("kg.exe" if sysconfig.get_platform().startswith("win") else "kg"))
    checked = run(command, "check", "--as-of", "2026-11-21", "--prior", "trametinib@2024-11-20", "--no-taking", "--trial", "NCT01206140")
    assert "Previous MEK inhibitor use" in checked
    assert "NCT01206140" in run(command, "query", "trials_excluding_prior_class", "--param", "drug_class=MEK inhibitor", "--format", "csv")
    run(command, "draw", "NCT01206140", "-o", "trial.html")
    assert "selumetinib" in (elsewhere / "trial.html").read_text(encoding="utf-8").casefold()
    assert "NCT01281865" in run(command, "export", "--format", "nquads")
    run(command, "build", str(ROOT / "data" / "trials"), "-o", "my.kg")
    assert "NCT01281865" in run(command, "find", "NCT01281865", "--graph", "my.kg")
