"""The README and the pages of docs/ tell the truth: their Python runs, their commands print what they say, their links lead somewhere."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.cli import app, main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "data" / "README.md"]
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """Line number and text of each fenced block."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(2)) + 1, found[2]) for found in FENCE.finditer(text) if found[1] == language]


def commands() -> Iterator[tuple[Path, int, str]]:
    for page in PAGES:
        for line, text in blocks(page, "console"):
            if re.match(r"\$ (kg|KG|NO_COLOR)", text):
                yield page, line, text


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where the pages' commands may write, with the examples that they name."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "patient.yaml").write_text((ROOT / "docs/examples/patient.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


def run(command: str) -> tuple[int, str]:
    """A `kg …` command in this process: its exit code, and all that it printed."""
    words = shlex.split(command, comments=True)
    assert words[0] == "kg", command
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), pytest.raises(SystemExit) as ended:
        main(words[1:])
    code = ended.value.code
    return (code if isinstance(code, int) else 0), out.getvalue()


@pytest.mark.parametrize(("page", "line", "text"), [pytest.param(*c, id=f"{c[0].name}:{c[1]}") for c in commands()])
@pytest.mark.usefixtures("workplace")
def test_commands_print_what_the_page_says(page: Path, line: int, text: str) -> None:
    code = 0
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, wanted = part.partition("\n")
        while command.endswith("\\"):
            more, _, wanted = wanted.partition("\n")
            command = command[:-1] + more
        if command == "echo $?":
            got = f"{code}\n"
        else:
            code, got = run(command)
            assert "internal error" not in got
            if not wanted.strip():
                assert code == 0, f"{page.name}:{line}: {command}\n{got}"
                continue
        tidy = "\n".join(text.rstrip() for text in got.strip("\n").splitlines()) + "\n"
        wanted = wanted.strip("\n") + "\n"
        same = doctest.OutputChecker().check_output(wanted.replace("…\n", "...\n"), tidy.replace("…\n", "...\n"), doctest.ELLIPSIS)
        assert same, f"{page.name}:{line}: $ {command}\n--- the page says\n{wanted}\n--- it prints\n{tidy}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
@pytest.mark.usefixtures("workplace")
def test_python_runs(page: Path) -> None:
    """The blocks of a page run in order, as one session."""
    session: dict[str, object] = {"__name__": "__main__"}
    for line, text in blocks(page, "python"):
        if ">>>" in text:
            test = doctest.DocTestParser().get_doctest(text, session, page.name, str(page), line - 1)
            report = io.StringIO()
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            runner.run(test, out=report.write, clear_globs=False)
            session.update(test.globs)
            assert not runner.failures, report.getvalue()
        else:
            exec(compile("\n" * (line - 1) + text, str(page), "exec"), session)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_every_command_has_a_section_and_an_example() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names == set(re.findall(r"^## `kg (\w+)`", page, flags=re.MULTILINE))
    assert [name for name in names if f"$ kg {name}" not in page] == []


def test_the_readme_holds_the_two_commands_that_it_promises() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^\./run$", readme, flags=re.MULTILINE)
    assert re.search(r"^\./run test$", readme, flags=re.MULTILINE)
    assert "./run test" in (ROOT / ".ci" / "run").read_text()
    demo = (ROOT / "run").read_text()
    assert "kg check docs/examples/patient.yaml" in demo
    assert "kg draw NCT01206140 NCT01281865 -o trials.html" in demo


if __name__ == "__main__":  # prints what a page's commands print now, for pasting
    for at, number, body in commands():
        if len(sys.argv) < 2 or sys.argv[1] in at.name:
            for asked in re.findall(r"^\$ (kg.*)", body, flags=re.MULTILINE):
                print(f"--- {at.name}:{number}\n$ {asked}\n{run(asked)[1]}")
