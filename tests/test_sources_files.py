"""Files, folders and archives: what is inside is told by content, streamed, and named when it cannot be read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory import with_peak

from kg.errors import BadInput, BadRecord
from kg.records import Trial
from kg.sources import Rejected, read_trial, read_trials


def study(number: int, updated: str = "2020-01-01", **extra: Any) -> dict[str, Any]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number}"},
            "statusModule": {"lastUpdatePostDateStruct": {"date": updated}},
            **extra,
        }
    }


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def rejected(path: Path | list[Path]) -> list[Rejected]:
    return [record for record in read_trials(path) if isinstance(record, Rejected)]


ONE, TWO, THREE = study(1), study(2), study(3)
LINES = "\n".join(json.dumps(each) for each in (ONE, TWO, THREE))
SHAPES: dict[str, tuple[bytes, list[str]]] = {
    "a study": (json.dumps(ONE).encode(), [""]),
    "a study over lines": (json.dumps(ONE, indent=2).encode(), [""]),
    "a list": (json.dumps([ONE, TWO]).encode(), ["[0]", "[1]"]),
    "a page": (json.dumps({"studies": [ONE, TWO], "nextPageToken": "x"}, indent=1).encode(), ["studies[0]", "studies[1]"]),
    "an empty page": (b'{"studies": []}', []),
    "lines": (LINES.encode(), ["line 1", "line 2", "line 3"]),
    "lines with blank ones and Windows ends": (b"\r\n" + LINES.replace("\n", "\r\n\r\n").encode(), ["line 2", "line 4", "line 6"]),
    "lines of pages": (json.dumps({"studies": [ONE]}).encode() + b"\n" + json.dumps([TWO]).encode(), ["line 1, studies[0]", "line 2, [0]"]),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(ONE).encode(), [""]),
}
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gz": gzip.compress,
    "gz of gz": lambda data: gzip.compress(gzip.compress(data)),
    "zip": lambda data: zipped({"inside.json": data}),
    "zip of gz": lambda data: zipped({"inside": gzip.compress(data)}),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_in_every_wrapper_whatever_the_file_is_called(tmp_path: Path, shape: str, wrapper: str) -> None:
    data, positions = SHAPES[shape]
    records = list(read_trials(write(tmp_path / "misleading.txt", WRAPPERS[wrapper](data))))
    assert [record.source.position for record in records if isinstance(record, Trial)] == positions
    assert [record.nct for record in records if isinstance(record, Trial)] == [f"NCT{number:08}" for number in range(1, len(positions) + 1)]


def test_a_record_has_the_same_checksum_from_every_container(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{number}", data) for number, data in enumerate((json.dumps(ONE), json.dumps({"studies": [ONE]}), LINES))]
    assert len({next(iter(read_trials(path))).source.checksum for path in paths}) == 1  # type: ignore[union-attr]


def test_where_a_record_came_from_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    write(tmp_path / "in" / "deep" / "a.zip", zipped({"x/NCT.json": json.dumps(ONE).encode()}))
    (record,) = read_trials(tmp_path / "in")
    assert record.source.name == "deep/a.zip: x/NCT.json"  # type: ignore[union-attr]


# --- folders and archives: what cannot be read is named, and the rest is read -------------------------------------------------------------


def test_a_folder_is_read_in_order_and_its_bad_files_are_named(tmp_path: Path) -> None:
    write(tmp_path / "b.json", json.dumps(TWO))
    write(tmp_path / "a.json", json.dumps(ONE))
    write(tmp_path / "notes.md", "# Notes\n")
    write(tmp_path / "cut.json.gz", gzip.compress(json.dumps(THREE).encode())[:-9])
    write(tmp_path / ".hidden", "x")
    records = list(read_trials(tmp_path))
    assert [record.nct for record in records if isinstance(record, Trial)] == ["NCT00000001", "NCT00000002"]
    bad = {Path(record.source).name: record.reason for record in records if isinstance(record, Rejected)}
    assert set(bad) == {"cut.json.gz", "notes.md"}
    assert "cut short" in bad["cut.json.gz"]
    assert "neither JSON nor XML nor" in bad["notes.md"]


def test_a_damaged_member_of_an_archive_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    filler = "".join(chr(97 + (number * number) % 23) for number in range(4000))
    data = bytearray(
        zipped(
            {"1.json": json.dumps(ONE).encode(), "2.json": json.dumps(TWO | {"x": filler}).encode(), "3.json": json.dumps(THREE).encode()}
        )
    )
    at = data.index(b"2.json") + 60
    data[at : at + 20] = b"\x00" * 20
    records = list(read_trials(write(tmp_path / "bulk.zip", bytes(data))))
    assert [record.nct for record in records if isinstance(record, Trial)] == ["NCT00000001", "NCT00000003"]
    (bad,) = (record for record in records if isinstance(record, Rejected))
    assert bad.source.endswith("bulk.zip: 2.json")
    assert "cannot be unpacked" in bad.reason


def test_a_bad_line_is_named_with_its_place_and_text(tmp_path: Path) -> None:
    lines = [json.dumps(ONE), '{"protocolSection": ', json.dumps(TWO), "[3]", json.dumps({"a": 1})]
    path = write(tmp_path / "studies.jsonl", "\n".join(lines))
    records = list(read_trials(path))
    assert [record.nct for record in records if isinstance(record, Trial)] == ["NCT00000001", "NCT00000002"]
    bad = [record for record in records if isinstance(record, Rejected)]
    assert [(record.position, record.raw) for record in bad] == [("line 2", lines[1]), ("line 4, [0]", "3"), ("line 5", lines[4])]
    assert "not JSON" in bad[0].reason
    assert "not a JSON object" in bad[1].reason
    assert "no protocolSection" in bad[2].reason


@pytest.mark.parametrize("broken", ["{", '{"a": 1', "[[["])
def test_lines_that_begin_with_broken_ones_are_still_lines(tmp_path: Path, broken: str) -> None:
    records = list(read_trials(write(tmp_path / "a", f"{broken}\n{broken}\n{json.dumps(ONE)}\n{broken}\n")))
    assert [getattr(record, "position", "trial") for record in records] == ["line 1", "line 2", "trial", "line 4"]


def test_a_list_with_something_else_in_it(tmp_path: Path) -> None:
    (bad,) = rejected(write(tmp_path / "a.json", json.dumps({"studies": [ONE, None]})))
    assert (bad.position, bad.raw) == ("studies[1]", "null")


def test_studies_that_are_no_list(tmp_path: Path) -> None:
    (bad,) = rejected(write(tmp_path / "a.json", '{"studies": {}}'))
    assert bad.reason == "`studies` is not a list"


# --- what the caller named must be readable -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n \n", "the file is empty"),
        (b'{"a": 1,\n "b": }', "line 2, column 7: it is not JSON"),
        (b"\n\n[1,\n\n2,]", "line 5, column 2: it is not JSON: trailing comma"),
        (b"A letter to a friend.", "neither JSON nor XML nor the text of a known registry page"),
        (b"\xff\xfe\x00", "byte 0: it is not UTF-8"),
        (b"PK\x03\x04 not really", "zip file is cut short or damaged"),
        (b"\x1f\x8b\x08 not really", "gzip file is"),
    ],
)
def test_what_is_no_record_says_where_and_what_to_give(tmp_path: Path, data: bytes, message: str) -> None:
    path = write(tmp_path / "input.json", data)
    with pytest.raises(BadInput, match=message) as caught:
        list(read_trials(path))
    assert str(caught.value).startswith(str(path))


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder"):
        list(read_trials(tmp_path / "absent"))


def test_a_folder_without_files(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    with pytest.raises(BadInput, match="holds no files"):
        list(read_trials(tmp_path))


def test_a_gzip_that_ends_too_early_gives_what_was_whole_first(tmp_path: Path) -> None:
    lines = [json.dumps(study(number, briefSummary=f"{number * 7919 % 9973}" * 40)) for number in range(1, 400)]
    data = gzip.compress("\n".join(lines).encode())
    path = write(tmp_path / "cut.jsonl.gz", data[: len(data) // 2])
    got: list[str] = []
    with pytest.raises(BadInput, match=r"cut short, after (\d+) whole records") as caught:
        for record in read_trials(path):
            assert isinstance(record, Trial)
            got.append(record.nct)
    assert 0 < len(got) < 399
    assert got == [f"NCT{number:08}" for number in range(1, len(got) + 1)]
    assert f"after {len(got)} whole records" in str(caught.value)


# --- one number, one trial ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (study(1), "the two are the same"),
        (study(1, "2021-05-05"), "this one is newer (2021-05-05 against 2020-01-01)"),
        (study(1, "2019-01-01"), "this one is older"),
        (study(1, designModule={"studyType": "OBSERVATIONAL"}), "the two differ"),
    ],
)
def test_a_second_record_of_a_number_is_named(tmp_path: Path, second: dict[str, Any], words: str) -> None:
    first, other = write(tmp_path / "first.json", json.dumps(ONE)), write(tmp_path / "second.json", json.dumps(second))
    records = list(read_trials([first, other]))
    assert isinstance(records[0], Trial)
    assert isinstance(records[1], Rejected)
    assert (records[1].source, records[1].raw) == (str(other), json.dumps(second))
    assert "duplicate of NCT00000001, which was already read from first.json" in records[1].reason
    assert words in records[1].reason


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps(ONE))
    assert len(rejected([path, path])) == 1


# --- one trial ----------------------------------------------------------------------------------------------------------------------------


def test_read_trial_wants_exactly_one(tmp_path: Path) -> None:
    assert read_trial(write(tmp_path / "one", json.dumps(ONE))).nct == "NCT00000001"
    with pytest.raises(BadInput, match="more than one trial"):
        read_trial(write(tmp_path / "two", json.dumps([ONE, TWO])))
    with pytest.raises(BadInput, match="holds no trial"):
        read_trial(write(tmp_path / "none", "[]"))
    with pytest.raises(BadRecord, match="no NCT number"):
        read_trial(write(tmp_path / "bad", '{"protocolSection": {}}'))


# --- streaming and rubbish ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapper", ["plain", "gz", "zip"])
def test_lines_are_never_held_in_memory_together(tmp_path: Path, wrapper: str) -> None:
    text = "x" * 20_000
    lines = "\n".join(json.dumps(study(number, descriptionModule={"briefSummary": text})) for number in range(1, 401))
    path = write(tmp_path / "big", WRAPPERS[wrapper](lines.encode()))
    size = len(lines)
    del lines
    read, peak = with_peak(lambda: sum(1 for _ in read_trials(path)))
    assert read == 400
    assert peak < size / 4


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    head=st.sampled_from([b"", b"{", b"[", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b'{"studies":', json.dumps(ONE).encode() + b"\n"]),
    tail=st.binary(max_size=60),
)
def test_rubbish_is_refused_in_words(tmp_path: Path, head: bytes, tail: bytes) -> None:
    path = write(tmp_path / "rubbish", head + tail)
    try:
        records = list(read_trials(path))
    except BadInput as error:
        assert str(path) in str(error)
    else:
        assert all(isinstance(record, Trial) or record.reason for record in records)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1), byte=st.integers(0, 255), kind=st.sampled_from(["gz", "zip"]))
def test_a_changed_byte_in_an_archive_is_refused_in_words(tmp_path: Path, place: float, byte: int, kind: str) -> None:
    data = bytearray(WRAPPERS[kind](LINES.encode()))
    data[min(int(place * len(data)), len(data) - 1)] = byte
    path = write(tmp_path / "damaged", bytes(data))
    try:
        for record in read_trials(path):
            assert isinstance(record, Trial) or record.reason
    except BadInput as error:
        assert str(path) in str(error)
