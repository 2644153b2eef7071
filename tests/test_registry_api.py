"""Fetching records, from a server on this machine that answers as the registry does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from local_server import Answering, serving

from kg import bundle
from kg.cli import main
from kg.errors import BadInput
from kg.sources import read_trial, registry_api
from kg.sources.registry_api import Fetched, Missed, fetch

RECORD = (bundle.path("data/trials") / "NCT01206140.json").read_bytes()


class Registry(Answering):
    """One trial, an old number of it, some that fail, and one that fails the first time only."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:  # noqa: N802 - as http.server calls it
        number = self.path.rpartition("/")[2].partition("?")[0]
        self.asked.append(number)
        match number:
            case "NCT00000010":
                self.send_response(301)
                self.send_header("location", "/api/v2/studies/NCT01206140?format=json")
                self.end_headers()
            case "NCT01206140":
                self.say(200, RECORD)
            case "NCT00000020":
                self.say(503 if self.asked.count(number) == 1 else 200, RECORD.replace(b"NCT01206140", b"NCT00000020"))
            case "NCT00000030":
                self.say(500, b"no")
            case "NCT00000040":
                self.say(200, b"<html>maintenance</html>")
            case "NCT00000050":
                self.say(200, b"[]")
            case _:
                self.say(404, f"NCT number {number} not found".encode())


@pytest.fixture
def api() -> Iterator[str]:
    Registry.asked.clear()
    with serving(Registry) as address:
        yield f"{address}/api/v2"


def test_a_record_is_kept_as_it_was_sent_and_can_be_read(api: str, tmp_path: Path) -> None:
    (one,) = fetch(["nct01206140 "], tmp_path / "records", api, pause=0)
    assert one == Fetched("NCT01206140", "NCT01206140", tmp_path / "records" / "NCT01206140.json")
    assert one.file.read_bytes() == RECORD
    assert read_trial(one.file).nct == "NCT01206140"


def test_an_old_number_leads_to_the_record_that_took_its_place(api: str, tmp_path: Path) -> None:
    assert list(fetch(["NCT00000010"], tmp_path, api, pause=0)) == [Fetched("NCT00000010", "NCT01206140", tmp_path / "NCT01206140.json")]


def test_each_that_fails_is_named_with_its_reason_and_the_others_are_fetched(api: str, tmp_path: Path) -> None:
    asked = ["NCT00000001", "NCT00000020", "NCT00000030", "NCT00000040", "NCT00000050", "NCT00000001"]
    unknown, later, broken, page, empty = fetch(asked, tmp_path, api, pause=0)
    assert isinstance(later, Fetched), "it was asked a second time"
    reasons = [one.reason for one in (unknown, broken, page, empty) if isinstance(one, Missed)]
    assert len(reasons) == 4
    for reason, words in zip(reasons, ("no record of this number", "status 500", "no record: ", "no object"), strict=True):
        assert words in reason
    assert Registry.asked.count("NCT00000030") == 3
    assert Registry.asked.count("NCT00000001") == 1, "what is not there is asked once"
    assert [file.name for file in tmp_path.iterdir()] == ["NCT00000020.json"], "nothing else was written"


def test_what_cannot_be_reached_is_said(tmp_path: Path) -> None:
    (one,) = fetch(["NCT01206140"], tmp_path, "http://127.0.0.1:9", pause=0)
    assert isinstance(one, Missed)
    assert "no answer" in one.reason


def test_nothing_is_fetched_where_a_number_is_none(api: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'NCT123' is no NCT number"):
        list(fetch(["NCT01206140", "NCT123"], tmp_path, api, pause=0))
    assert Registry.asked == []


def test_the_command_says_what_it_did(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(registry_api, "API", api)
    with pytest.raises(SystemExit) as ended:
        main(["fetch", "NCT00000010", "NCT00000001", "-o", str(tmp_path), "--format", "json"])
    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert json.loads(out) == [{"asked": "NCT00000010", "nct": "NCT01206140", "file": str(tmp_path / "NCT01206140.json")}]
    assert "NCT00000010 is NCT01206140 now" in err
    assert "not fetched: NCT00000001: the registry has no record of this number" in err
