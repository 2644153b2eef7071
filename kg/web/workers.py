"""Processes that answer SPARQL queries, each with the store open; one that takes too long is ended, and another takes its place.

The engine can neither be told to stop nor be given a limit (see `Limits`), and a process can. A new one imports this module, which
hence imports little: no knowledge, no rules.
"""

from __future__ import annotations

import io
import multiprocessing
import queue
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.errors import BadQuery, GraphNotFound, KgError
from kg.store import AnswerForm, Store

__all__ = ["Busy", "Limits", "Question", "Reply", "TooLarge", "TookTooLong", "Workers"]

_PROCESSES = multiprocessing.get_context("spawn")  # a store's threads do not live through a fork


class TookTooLong(KgError, TimeoutError):
    """A query that did not end within its time."""


class TooLarge(KgError):
    """A query whose answer, or whose need of memory, is over the limit."""


class Busy(KgError):
    """All workers are at work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take."""

    seconds: float = 30
    answer: int = 64 * 2**20
    """Bytes of its answer."""
    memory: int = 4 * 2**30
    """Bytes of the address space of a worker, the store's files among them."""
    waiting: float = 5
    """Seconds until a query is turned away for which no worker is free."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it goes to a worker; see `Store.write_answer`."""

    text: str
    forms: Mapping[str, str]
    """For each kind of answer a media type."""
    graphs: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the form that was asked for."""

    kind: str
    media: str
    body: bytes


class Workers:
    """A few processes over one store; a context manager, and safe to be asked from many threads at once."""

    def __init__(self, folder: Path, number: int, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._free: queue.Queue[_Worker] = queue.Queue()
        for _ in range(number):
            self._free.put(_Worker(folder, limits))
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _ in range(self._number):
            try:
                self._free.get(timeout=self._limits.seconds + 1).stop()
            except queue.Empty:  # its query is still running: as a daemon it ends with this process
                return

    def ask(self, question: Question) -> Reply:
        """Answer a query; waits for a free worker, then for its answer.

        Raises:
            BadQuery: the query cannot be used.
            TookTooLong, TooLarge: it takes more than it may.
            Busy: no worker became free.
        """
        try:
            worker = self._free.get(timeout=self._limits.waiting)
        except queue.Empty:
            raise Busy("all workers are busy with other queries; ask again in a while") from None
        try:
            return worker.ask(question)
        except KgError:
            if not worker.is_sound:
                worker = _Worker(self._folder, self._limits)
            raise
        finally:
            self._free.put(worker)


class _Worker:
    """One process, seen from the server."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._limits = limits
        self._ours, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_work, args=(theirs, folder, limits), daemon=True)
        self._process.start()
        theirs.close()
        self._is_ready = False
        self.is_sound = True

    def ask(self, question: Question) -> Reply:
        """See `Workers.ask`."""
        self._open()
        try:
            self._ours.send(question)
            if not self._ours.poll(self._limits.seconds):
                self.stop()
                raise TookTooLong(f"the query ran longer than {self._limits.seconds:g} s and was stopped; narrow it, or ask for less")
            answer = self._ours.recv()
        except (EOFError, ConnectionError):
            self.stop()
            raise TooLarge("the query needed more memory than it may take and was stopped; narrow it, or add a LIMIT") from None
        if isinstance(answer, KgError):
            raise answer
        assert isinstance(answer, Reply)
        return answer

    def _open(self) -> None:
        """Wait, the first time, until the process has its store open.

        Raises:
            GraphNotFound: it cannot be opened.
        """
        if self._is_ready:
            return
        try:
            failed = self._ours.recv()
        except (EOFError, ConnectionError):
            failed = GraphNotFound("the store could not be opened by a worker; see what it wrote to the terminal")
        if failed is not None:
            self.stop()
            raise failed
        self._is_ready = True

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.is_sound = False
        self._process.kill()
        self._process.join()
        self._ours.close()


# --- in the worker's process ----------------------------------------------------------------------------------------------------------


class _Bounded(io.BytesIO):
    """A buffer that takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.is_full = False

    def write(self, chunk: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(chunk) > self._most:
            self.is_full = True
            raise OSError("full")
        return super().write(chunk)


def _work(connection: Connection, folder: Path, limits: Limits) -> None:
    """Answer queries until the server goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    _confine(limits.memory)
    try:
        store = Store.open(folder)
    except KgError as error:
        connection.send(error)
        return
    connection.send(None)
    while True:
        try:
            question = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_answer(store, question, limits.answer))


def _answer(store: Store, question: Question, most: int) -> Reply | KgError:
    out = _Bounded(most)
    forms = {kind: _form(kind, media) for kind, media in question.forms.items()}
    try:
        kind = store.write_answer(question.text, out, forms, question.graphs, question.named, question.base)
    except KgError as error:
        return error
    except MemoryError:
        return TooLarge("the query needed more memory than it may take; narrow it, or add a LIMIT")
    except (OSError, RuntimeError, ValueError) as error:  # what is found wrong only while the answer is written
        if out.is_full:
            return TooLarge(f"the answer is larger than {most // 2**20} MB; narrow the query, or add a LIMIT")
        return BadQuery(f"query: {error}; correct the query")
    return Reply(kind, question.forms[kind], out.getvalue())


def _form(kind: str, media: str) -> AnswerForm:
    form = (ox.RdfFormat if kind == "construct" else ox.QueryResultsFormat).from_media_type(media)
    assert form is not None, media
    return form


def _confine(memory: int) -> None:
    """Bound the address space, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
