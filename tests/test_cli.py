"""The command line: what goes where, exit codes, and that no stack trace reaches a user."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from kg import bundle
from kg.cli import app, main

PATIENT = ["--as-of", "2026-11-21", "--prior", "trametinib@2024-11-20", "--taking", "itraconazole", "--trial", "NCT01206140"]
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


class Run:
    """A command run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        os.environ.pop("COLUMNS", None)  # pytest may set it
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


# --- help ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_every_option_says_what_it_does(command: str, run: Run) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"kg {command}" in out, "an example"
    for parameter in typer.main.get_command(app).commands[command].params:  # type: ignore[attr-defined]
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{command} {parameter.name}"


def test_kg_alone_shows_its_commands(run: Run) -> None:
    code, out, err = run()
    assert code == 2
    for command in COMMANDS:
        assert command in out + err


# --- exit codes ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", *PATIENT[:-1], "NCT99999999"], "no trial NCT99999999"),
        (["check", "no-such-patient.yaml"], "no-such-patient.yaml: cannot be read"),
        (["check", "--taking", "aspirin", "--as-of", "21/11/2026"], "is no day of the calendar; write"),
        (["check", "--taking", "aspirin", "--all", "--status", "RECRUTING"], "did you mean recruiting"),
        (["check", "--taking", "aspirin", "--all", "--country", "Untied States"], "did you mean united states"),
        (["check", "--taking", "aspirin", "--all", "--phase", "7"], "'7' is no phase"),
        (["check", "--taking", "aspirin", "--all", "--condition", "sinovial sarcoma"], "did you mean synovial sarcoma"),
        (["check", "--prior", "cisplatin@2027-01-01", "--as-of", "2026-11-21"], "lies after"),
        (["interactions", "everolimus", "foozumab"], "foozumab"),
        (["interactions", "everolimus", "CYP3A4"], "'CYP3A4' is not a known drug, regimen or class of therapy, but an enzyme"),
        (["show", "MEK inhibitor"], "not a known drug, but a class; search with `kg find`; or ask\n  kg query drugs_of_class"),
        (["show", "FOLFOX"], 'but a regimen; search with `kg find`; or ask\n  kg show "fluorouracil"'),
        (["show", "sarcoma"], 'kg query trials_by_condition -p condition="sarcoma"'),
        (["query", "SELECT ?x WHERE { ?x a kgo:Trial }", "-p", "a=b"], "no parameter 'a'; it takes the columns of its SELECT: x"),
        (["query", "ASK { ?x a kgo:Trial }", "-p", "a=b"], "no parameter 'a'; only a SELECT takes some"),
        (["draw", "NCT01206140", "-o", "a.pdf"], "a.pdf: a picture is one HTML page; name a file that ends in .html"),
        (["interactions", "everolimis", "itraconazole"], "did you mean everolimus"),
        (["show", "imatinip"], "imatinib"),
        (["show", "NCT99999999"], "no trial NCT99999999"),
        (["query", "trials_excluding_prior_klass"], "trials_excluding_prior_class"),
        (["query", "SELECT ?x WHERE { ?x"], "query:1:"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], "only read"),
        (["query", "nowhere/q.rq"], "nowhere/q.rq: cannot be read"),
        (["query", "trials_excluding_prior_class", "-p", "colour=red"], "colour"),
        (["draw", "NCT99999999", "-o", "x.html"], "no trial NCT99999999"),
        (["info", "--graph", "nowhere.kg"], "kg build"),
        (["info", "--graph", "http://127.0.0.1:9/sparql"], "no answer"),
        (["explain", "NCT01206140", "--criterion", "9999"], "no criterion 9999"),
        (["build", "nowhere.json", "-o", "out.kg"], "nowhere.json"),
    ],
)
def test_errors_are_one_line_on_stderr_with_exit_code_1(
    arguments: list[str], words: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == 1
    assert out == ""
    assert err.startswith("kg: ") and words in err
    assert "internal error" not in err
    assert all(line.startswith("  ") for line in err.splitlines()[1:]), "one message; what it shows (a line of SPARQL) is indented"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--no-such-option"],
        ["nonsense"],
        ["build", "x.json"],
        ["interactions", "everolimus"],
        ["interactions", "NCT01281865", "everolimus"],
        ["check", *PATIENT, "--format", "xml"],
        ["check", *PATIENT, "--no-taking"],
        ["check", *PATIENT, "--no-prior"],
        ["check", *PATIENT, "--why", "--format", "html"],
        ["check", *PATIENT, "-o", "report.pdf"],
        ["check", *PATIENT, "--all"],
        ["check", *PATIENT, "--status", "COMPLETED"],
        ["query", "trials_excluding_prior_class", "--param", "drug_class"],
    ],
)
def test_misuse_exits_with_2(arguments: list[str], run: Run) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err


@pytest.mark.parametrize(("fail_on", "code"), [(None, 0), ("excluded", 10), ("unknown", 10), ("review", 10)])
def test_fail_on(fail_on: str | None, code: int, run: Run) -> None:
    assert run("check", *PATIENT, *(["--fail-on", fail_on] if fail_on else []))[0] == code


def test_fail_on_lets_milder_verdicts_pass(run: Run) -> None:
    patient = ["check", "--as-of", "2026-11-21", "--no-prior", "--taking", "amoxicillin", "--trial", "NCT01281865"]
    assert run(*patient, "--fail-on", "review")[0] == 0


def test_a_defect_is_said_without_a_stack_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("kg.api.open", broken)
    code, out, err = run("info")
    assert code == 1 and out == ""
    assert "internal error (ZeroDivisionError: on purpose" in err and "report" in err


# --- output -------------------------------------------------------------------------------------------------------------------------------


def test_the_table_shows_verdict_quote_and_proof(run: Run) -> None:
    code, out, err = run("check", *PATIENT)
    assert code == 0 and err == ""
    for words in ("NCT01206140", "excluded", "Previous MEK inhibitor use", "strong CYP3A4", "for good", "not medical advice"):
        assert words in out
    assert "\x1b" not in out, "no colours off a terminal"


def test_names_that_are_not_recognised_come_first_and_loud(run: Run) -> None:
    _, out, _ = run("check", "--as-of", "2026-11-21", "--prior", "foozumab", "--trial", "NCT01206140")
    assert out.startswith("NOT RECOGNISED: foozumab")
    assert "unknown" in out


@pytest.mark.parametrize("form", ["table", "csv", "tsv"])
def test_all_trials_at_once_say_what_is_known_of_the_patient(form: str, run: Run) -> None:
    """A line a trial; what holds for all of them is said beside it."""
    patient = ["--taking", "itraconazol", "--taking", "prednisone:20 mcg", "--as-of", "2026-11-21"]
    code, out, err = run("check", "--all", *patient, "--country", "USA", "--format", form)
    assert code == 0
    assert all(nct in out for nct in ("NCT01206140", "NCT01281865")) and "unknown" in out
    for said in (
        "NOT RECOGNISED: itraconazol (did you mean itraconazole",
        "IN DOUBT: taking 2: prednisone 20 mcg: 0.02 mg a day is no dose of prednisone",
        "2 trials: 0 excluded, 2 unknown",
        "Not given, so not assessed: prior, conditions, biomarkers, habits, procedures",
        "As of 2026-11-21. Research use only",
    ):
        assert said in err, said


def test_a_drug_on_the_command_line_has_its_dose_and_the_day_it_stops(run: Run) -> None:
    _, out, _ = run(
        "check", "--taking", "itraconazole:200 mg/day@2026-12-01", "--as-of", "2026-11-21", "--trial", "NCT01206140", "-f", "json"
    )
    (result,) = json.loads(out)["trials"]
    assert result["findings"][0]["fact"] == "takes itraconazole (200 mg/day, planned to stop 2026-12-01)"
    assert result["earliest_date"] == "2026-12-02"


def test_an_interaction_that_no_sentence_covers_is_told_as_a_gap(run: Run) -> None:
    _, out, _ = run("check", "--taking", "itraconazole", "--as-of", "2026-11-21", "--trial", "NCT01281865")
    assert out.count("no sentence of the protocol covers it") == 3


def test_check_as_json_has_the_keys_of_the_contract(run: Run) -> None:
    report = json.loads(run("check", *PATIENT, "--format", "json")[1])
    assert {"as_of", "disclaimer", "unrecognised", "not_assessed", "trials"} <= set(report)
    (trial,) = report["trials"]
    assert {"nct", "title", "status", "verdict", "criteria_verdict", "findings"} <= set(trial)
    wanted = "kind verdict fact chain rule criterion quote start end section modality arms recoverable earliest_date sources"
    for finding in trial["findings"]:
        assert set(wanted.split()) <= set(finding)
    text = json.loads(run("show", "NCT01206140", "--format", "json")[1])["eligibility_text"]
    quoted = [finding for finding in trial["findings"] if finding["quote"]]
    assert quoted and all(text[finding["start"] : finding["end"]] == finding["quote"] for finding in quoted)


def test_the_same_findings_in_every_form(run: Run) -> None:
    report = json.loads(run("check", *PATIENT, "--format", "json")[1])
    quotes = [finding["quote"] for finding in report["trials"][0]["findings"]]
    assert [row["quote"] for row in csv.DictReader(io.StringIO(run("check", *PATIENT, "--format", "csv")[1]))] == quotes
    tsv = run("check", *PATIENT, "--format", "tsv")[1].splitlines()
    assert len(tsv) == len(quotes) + 1 and all(line.count("\t") == tsv[0].count("\t") for line in tsv)
    assert json.loads(run("check", *PATIENT, "--format", "jsonl")[1])["nct"] == "NCT01206140"


def test_flags_add_to_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "patient.json"
    file.write_text(json.dumps({"as_of": "2026-11-21", "taking": ["itraconazole"]}))
    _, out, _ = run("check", str(file), "--prior", "trametinib@2024-11-20", "--trial", "NCT01206140", "--format", "csv")
    facts = " ".join(row["fact"] for row in csv.DictReader(io.StringIO(out)))
    assert "trametinib" in facts and "itraconazole" in facts


@pytest.mark.parametrize(
    ("text", "words"), [("[1, 2", "patient.yaml:1"), ("- a\n- b", "is a mapping"), ("colour: red", "colour"), ("taking: aspirin", "list")]
)
def test_a_bad_patient_file_is_named_with_the_reason(text: str, words: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "patient.yaml").write_text(text)
    code, _, err = run("check", str(tmp_path / "patient.yaml"))
    assert code == 1 and words in err


def test_query_reads_files_and_stdin(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "SELECT ?nct WHERE { ?trial kgo:nctId ?nct } ORDER BY ?nct"
    (tmp_path / "q.rq").write_text(text)
    wanted = "nct\nNCT01206140\nNCT01281865\n"
    assert run("query", text, "--format", "csv")[1] == wanted
    assert run("query", str(tmp_path / "q.rq"), "--format", "csv")[1] == wanted
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run("query", "-", "--format", "csv")[1] == wanted


def test_build_names_rejects_on_stderr_and_reports_on_stdout(run: Run, tmp_path: Path) -> None:
    source = bundle.path("data/trials/NCT01206140.json")
    (tmp_path / "bad.json").write_text('{"protocolSection": {}}')
    code, out, err = run("build", str(source), str(tmp_path / "bad.json"), "-o", str(tmp_path / "my.kg"), "--format", "json")
    report = json.loads(out)
    assert code == 0
    assert (report["read"], report["kept"], report["rejected"]) == (2, 1, 1)
    assert "bad.json" in err and err.startswith("rejected: ")
    code, out, _ = run("find", "NCT01206140", "--graph", str(tmp_path / "my.kg"), "--format", "csv")
    assert code == 0 and "NCT01206140" in out


def test_explain_accounts_for_a_criterion(run: Run) -> None:
    everything = json.loads(run("explain", "NCT01206140", "--format", "json")[1])
    assert everything["criteria"] and everything["clauses"] and everything["rules"]
    one = everything["rules"][0]["criterion"]
    _, out, _ = run("explain", "NCT01206140", "--criterion", str(one))
    assert f"criterion {one}" in out and "rule" in out and f"criterion {one + 1} " not in out


def test_explain_says_why_a_drug_that_is_named_is_not_ruled_on(run: Run) -> None:
    _, out, _ = run("explain", "NCT01281865")
    assert "named, not ruled on: systemic glucocorticoids — what a disease needs" in out
    clauses = json.loads(run("explain", "NCT01281865", "--format", "json")[1])["clauses"]
    reasons = {mention["text"]: mention.get("set_aside") for clause in clauses for mention in clause.get("mentions", ())}
    assert reasons["systemic glucocorticoids"] == "disease" and reasons["PDGFRA"] is None


def kg(*arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "kg.cli", *arguments], text=True, encoding="utf-8", **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise on Windows")
def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    process = kg("export", "--format", "nquads", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 0


def test_colours_on_a_terminal_and_none_with_no_color() -> None:
    pty = pytest.importorskip("pty", reason="terminals need a Unix system")

    def shown(**more: str) -> str:
        leader, follower = pty.openpty()
        process = kg("find", "selumetinib", "-n", "1", stdout=follower, env={**os.environ, "TERM": "xterm-256color", **more})
        os.close(follower)
        text = b""
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            text += part
        process.wait()
        os.close(leader)
        return text.decode()

    clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    os.environ.clear()
    os.environ.update(clean)
    assert "\x1b[1m" in shown()
    plain = shown(NO_COLOR="1")
    assert "selumetinib" in plain
    assert "\x1b[3" not in plain, "no colour; bold is none"


def test_a_check_needs_no_rdf_store() -> None:
    """Quick start: nothing heavy is imported for a check, and next to nothing for help."""
    code = (
        "import sys; from kg.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(sorted(set('pyoxigraph rdflib owlready2 networkx pyvis pandas'.split()) & set(sys.modules)), file=sys.stderr)"
    )
    for arguments in (["--help"], ["check", *PATIENT]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0
        assert done.stderr.strip() == "[]"
