"""From files to records: what a source holds is told by its content, never by its name.

A folder, a zip, gzip, JSON, JSON Lines, the older XML of the registry and page texts are recognised; the tables of AACT by their names. All
are streamed a record at a time, except that a JSON document that spreads over lines is loaded whole.

What the caller named must be readable: `BadInput` otherwise. What is found inside a folder or an archive and cannot be read is `Rejected`
singly, and so is every record that cannot be used.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from kg.errors import BadInput, BadRecord
from kg.records import RecordSource, Trial
from kg.sources import aact
from kg.sources.legacy_xml import each_study, read_element
from kg.sources.pages import page_format, read_page
from kg.sources.records import Read, Rejected
from kg.sources.streams import Unseekable, opened, peeked
from kg.sources.v2_json import checksum, read_study

__all__ = ["read_trial", "read_trials"]

_GZIP, _ZIP, _BOM = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"\xef\xbb\xbf"
_LARGEST_PAGE = 8_000_000
"""Bytes; a text that is longer is no page of one trial."""
_UNZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, NotImplementedError)
"""What the standard library raises at damaged, encrypted or unknown members of an archive."""
_WANTED = (
    "give ClinicalTrials.gov API v2 JSON (a study, a list, a studies page, JSON Lines), its older XML, .gz or .zip of them, or a trial's "
    "saved page text"
)


def read_trials(sources: Iterable[str | Path] | str | Path) -> Iterator[Read]:
    """Every record that the sources hold, in their order: a `Trial`, or `Rejected` with the reason.

    An NCT number is given once, the first time: a second record of it is `Rejected`, saying where the first stood and whether the second is
    the same, older or newer. Files of a folder are read in the order of their names, hidden ones not at all.

    Arguments:
        sources: files or folders; one path alone will do.
    Raises:
        BadInput: a source does not exist or is not what it should be; a gzip file ends too early (after the records that were whole).

    Example:
        >>> from kg import bundle
        >>> [record.nct for record in read_trials(bundle.path("data") / "trials")]
        ['NCT01206140', 'NCT01281865']
    """
    reader = _Reader()
    for source in [sources] if isinstance(sources, str | Path) else sources:
        path = Path(source)
        if path.is_dir():
            yield from reader.folder(path)
        else:
            yield from reader.file(path, _Place(str(path), path.name))


def read_trial(path: str | Path) -> Trial:
    """The one trial that a file holds.

    Raises:
        BadInput: the file cannot be read, or holds no record or several.
        BadRecord: the record in it cannot be used.

    Example:
        >>> from kg import bundle
        >>> read_trial(bundle.path("data") / "trials" / "NCT01281865.json").enrollment
        14
    """
    trials = []
    for record in read_trials(path):
        if isinstance(record, Rejected):
            raise BadRecord(": ".join(part for part in (record.source, record.position, record.reason) if part))
        trials.append(record)
        if len(trials) > 1:
            raise BadInput(f"{path}: it holds more than one trial; read it with read_trials")
    if not trials:
        raise BadInput(f"{path}: it holds no trial; {_WANTED}")
    return trials[0]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where records are being read: `shown` to the user, `kept` in the record (free of the machine's folders)."""

    shown: str
    kept: str

    def rejected(self, position: str, reason: str, raw: bytes = b"") -> Rejected:
        return Rejected(self.shown, position, reason, raw.strip(b"\r\n").decode("utf-8", "replace"))


class _Reader:
    """Reads files and remembers which trials it has given."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, str, str]] = {}

    # --- containers ----------------------------------------------------------------------------------------------------------------------

    def folder(self, folder: Path) -> Iterator[Read]:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path.relative_to(folder).parts))
        if not paths:
            raise BadInput(f"{folder}: the folder holds no files; {_WANTED}")
        of_tables = {path.parent for path in paths if _table_name(path.name) == aact.FIRST}
        for inner in sorted(of_tables):
            tables = {name: partial(opened, path) for path in paths if path.parent == inner and (name := _table_name(path.name))}
            place = _Place(str(inner), (Path(folder.name) / inner.relative_to(folder)).as_posix())
            try:
                yield from self._tables(tables, place)
            except BadInput as error:
                if inner == folder:
                    raise
                yield place.rejected("", _reason(error, place))
        for path in paths:
            if path.parent in of_tables and _table_name(path.name):
                continue
            place = _Place(str(path), path.relative_to(folder).as_posix())
            try:
                yield from self.file(path, place)
            except BadInput as error:
                yield place.rejected("", _reason(error, place))

    def file(self, path: Path, place: _Place) -> Iterator[Read]:
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            raise BadInput(f"{path}: there is no such file or folder; check the path") from None
        except OSError as error:
            raise BadInput(f"{path}: it cannot be opened: {error.strerror}") from error
        with stream:
            try:
                yield from self.stream(cast(BinaryIO, stream), place)
            except OSError as error:
                raise BadInput(f"{path}: reading stopped: {error.strerror or error}; check the disk and the file") from error

    def stream(self, stream: BinaryIO, place: _Place) -> Iterator[Read]:
        """Whatever a stream of bytes holds; compressed streams are read through."""
        head, stream = peeked(stream)
        if head.startswith(_GZIP):
            yield from self._gzip(stream, place)
        elif head.startswith(_ZIP):
            yield from self._zip(stream, place)
        else:
            yield from self._text(stream, place)

    def _gzip(self, stream: BinaryIO, place: _Place) -> Iterator[Read]:
        given = 0
        try:
            with gzip.GzipFile(fileobj=stream, mode="rb") as inner:
                for record in self.stream(cast(BinaryIO, io.BufferedReader(inner)), place):
                    given += 1
                    yield record
        except EOFError:
            raise BadInput(f"{place.shown}: the gzip file is cut short, after {given} whole records; get it again") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BadInput(f"{place.shown}: the gzip file is damaged, after {given} whole records ({error}); get it again") from error

    def _zip(self, stream: BinaryIO, place: _Place) -> Iterator[Read]:
        if not stream.seekable():
            raise BadInput(f"{place.shown}: it is a zip inside another archive; unpack it first")
        try:
            archive = zipfile.ZipFile(stream)
        except (*_UNZIP_ERRORS, ValueError) as error:
            raise BadInput(f"{place.shown}: the zip file is cut short or damaged ({error}); get it again") from error
        with archive:
            members = [member for member in archive.infolist() if not (member.is_dir() or _hidden(Path(member.filename).parts))]
            tables = {_table_name(Path(member.filename).name): partial(archive.open, member) for member in members}
            if aact.FIRST in tables:
                yield from self._tables(cast(Mapping[str, Callable[[], BinaryIO]], tables), place)
                members = [member for member in members if not _table_name(Path(member.filename).name)]
            for member in members:
                inside = _Place(f"{place.shown}: {member.filename}", f"{place.kept}: {member.filename}")
                try:
                    with archive.open(member) as inner:
                        yield from self.stream(cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, Unseekable(inner)))), inside)
                except BadInput as error:
                    yield inside.rejected("", _reason(error, inside))
                except _UNZIP_ERRORS as error:
                    yield inside.rejected("", f"this member of the archive cannot be unpacked: {error}")

    def _tables(self, tables: Mapping[str, Callable[[], BinaryIO]], place: _Place) -> Iterator[Read]:
        """The trials of AACT's tables."""
        try:
            for found in aact.each_trial({name: opener for name, opener in tables.items() if name}):
                if isinstance(found, aact.Fault):
                    yield place.rejected(f"{found.table}.txt, line {found.line}", found.reason, found.raw.encode())
                    continue
                source = RecordSource(place.kept, "aact", "", position=found.nct)
                yield self._kept(partial(aact.read_rows, found, source), place, found.nct)
        except BadInput as error:
            raise BadInput(f"{place.shown}: {error}") from None
        except _UNZIP_ERRORS as error:
            raise BadInput(f"{place.shown}: a table of it cannot be unpacked: {error}; get it again") from None

    # --- JSON and pages ------------------------------------------------------------------------------------------------------------------

    def _text(self, stream: BinaryIO, place: _Place) -> Iterator[Read]:
        lines = enumerate(stream, 1)
        number, first = _next_line(lines)
        if number == 1:
            first = first.removeprefix(_BOM)
            if not first.strip():
                number, first = _next_line(lines)
        if not first:
            raise BadInput(f"{place.shown}: the file is empty; {_WANTED}")
        if first.lstrip()[:1] == b"<":
            yield from self._xml(first.lstrip(), number, stream, place)
            return
        if first.lstrip()[:1] not in (b"{", b"["):
            yield self._page(first, stream, place)
            return
        second_number, second = _next_line(lines)
        value = _parsed(first)
        if value is not None and not second:
            yield from self._document(value, first, place, "")
        elif value is not None or _is_study(_parsed(second)):
            yield from self._lines(chain([(number, first), (second_number, second)], lines), place)
        else:
            yield from self._whole(
                [b"\n" * (number - 1) + first, b"\n" * (second_number - number - 1) + second, *(line for _, line in lines)], place
            )

    def _lines(self, lines: Iterable[tuple[int, bytes]], place: _Place) -> Iterator[Read]:
        for number, line in lines:
            if not line.strip():
                continue
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                yield place.rejected(f"line {number}", f"the line is not JSON: {error.msg} at column {error.colno}", line)
                continue
            yield from self._document(value, line, place, f"line {number}")

    def _whole(self, lines: list[bytes], place: _Place) -> Iterator[Read]:
        """JSON that spreads over lines; or JSON Lines that begins with broken ones."""
        data = b"".join(lines)
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            if any(_is_study(_parsed(line)) for line in lines):
                yield from self._lines(enumerate(data.split(b"\n"), 1), place)
                return
            raise BadInput(f"{place.shown}: line {error.lineno}, column {error.colno}: it is not JSON: {error.msg}; {_WANTED}") from error
        del lines
        yield from self._document(value, data, place, "")

    def _document(self, value: Any, raw: bytes, place: _Place, position: str) -> Iterator[Read]:
        """The records of one JSON value: a study, a list of studies, or a page with `studies`."""
        studies, name = value, ""
        if isinstance(value, dict) and "studies" in value and "protocolSection" not in value:
            studies, name = value["studies"], "studies"
            if not isinstance(studies, list):
                yield place.rejected(position, "`studies` is not a list", raw)
                return
        if not isinstance(studies, list):
            yield self._study(value, raw, place, position)
            return
        for number, study in enumerate(studies):
            yield self._study(study, b"", place, f"{position}, {name}[{number}]".removeprefix(", "))

    def _study(self, study: Any, raw: bytes, place: _Place, position: str) -> Read:
        """`raw` is the study's own text, or empty when it stood among others."""

        def read() -> Trial:
            if not isinstance(study, dict):
                raise BadRecord("it is not a JSON object; a study is")
            return read_study(study, RecordSource(place.kept, "v2-json", checksum(study), position=position))

        return self._kept(read, place, position, lambda: raw or _dumped(study))

    def _xml(self, first: bytes, number: int, stream: BinaryIO, place: _Place) -> Iterator[Read]:
        """The records of an XML document; what is wrong with it ends the reading of it."""
        try:
            for element in each_study(stream, first, number):
                line = f"line {element.line}"
                source = RecordSource(place.kept, "legacy-xml", "", position=line if element.is_inner else "")
                yield self._kept(partial(read_element, element, source), place, line)
        except BadRecord as error:
            position, _, reason = str(error).partition(": ")
            yield place.rejected(position, reason)
        except BadInput as error:
            raise BadInput(f"{place.shown}: {error}; {_WANTED}") from None

    def _page(self, first: bytes, stream: BinaryIO, place: _Place) -> Read:
        data = first + stream.read(_LARGEST_PAGE)
        if len(data) > _LARGEST_PAGE:
            raise BadInput(f"{place.shown}: it begins like neither JSON nor XML nor gzip nor zip, and is too long for a page; {_WANTED}")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(f"{place.shown}: byte {error.start}: it is not UTF-8 text; {_WANTED}") from error
        form = page_format(text)
        if not form and re.match(r"[a-z_|]*\bnct_id\b[a-z_|]*\s", text):
            raise BadInput(f"{place.shown}: it is one table of AACT; give the folder or zip that holds them all")
        if not form:
            raise BadInput(f"{place.shown}: it is neither JSON nor XML nor the text of a known registry page; {_WANTED}")
        source = RecordSource(place.kept, form, hashlib.sha256(data).hexdigest())
        return self._kept(partial(read_page, text, source), place, "", lambda: data)

    def _kept(self, read: Callable[[], Trial], place: _Place, position: str, raw: Callable[[], bytes] = bytes) -> Read:
        """The trial that is read; or why it cannot be used, with what `raw` gives as its own text."""
        try:
            trial = read()
            self._once(trial)
        except BadRecord as error:
            return place.rejected(position, str(error), raw())
        return trial

    def _once(self, trial: Trial) -> None:
        """Remembers the trial; raises BadRecord when its number was given before."""
        updated = next((event.value for event in trial.dates if event.event == "last_update_posted"), "")
        where = ", ".join(part for part in (trial.source.name, trial.source.position) if part)
        first = self._seen.get(trial.nct)
        if first is None:
            self._seen[trial.nct] = (trial.source.checksum, updated, where)
            return
        if first[0] == trial.source.checksum:
            relation = "the two are the same"
        elif updated and first[1] and updated != first[1]:
            relation = (
                f"this one is {'newer' if updated > first[1] else 'older'} ({updated} against {first[1]}); leave out the unwanted one"
            )
        else:
            relation = "the two differ; leave out the unwanted one"
        raise BadRecord(f"duplicate of {trial.nct}, which was already read from {first[2]}: {relation}")


# --- small matters ----------------------------------------------------------------------------------------------------------------------


def _next_line(lines: Iterator[tuple[int, bytes]]) -> tuple[int, bytes]:
    """The next line that is not blank, with its number; (0, b"") at the end."""
    return next(((number, line) for number, line in lines if line.strip()), (0, b""))


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _is_study(value: Any) -> bool:
    return isinstance(value, dict) and "protocolSection" in value


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return repr(value).encode("utf-8", "replace")


def _table_name(file: str) -> str:
    """The table of AACT that a file of this name holds; "" where it is none's."""
    found = re.fullmatch(r"([a-z_]+)\.txt(?:\.gz)?", file)
    return found[1] if found else ""


def _hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _reason(error: BadInput, place: _Place) -> str:
    return str(error).removeprefix(f"{place.shown}: ")
