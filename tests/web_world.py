"""The web service as tests use it: the command in a process of its own, or an application on a thread, both over real sockets."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import uvicorn

from kg.web.app import application
from kg.web.server import listening
from kg.web.service import Service


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Site:
    """A running service."""

    address: str

    def get(self, path: str, accept: str = "*/*", **parameters: str) -> Answer:
        return self.send("GET", f"{path}?{urlencode(parameters)}" if parameters else path, None, {"accept": accept})

    def post(self, path: str, body: bytes | str, media: str, accept: str = "*/*") -> Answer:
        return self.send("POST", path, body.encode() if isinstance(body, str) else body, {"content-type": media, "accept": accept})

    def ask(self, query: str, accept: str = "*/*") -> Answer:
        """A query, posted as it is."""
        return self.post("/sparql", query, "application/sparql-query", accept)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            connection.request(method, path, body, dict(headers))  # adds no header that a test did not ask for
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def command(*arguments: str) -> Iterator[tuple[Site, subprocess.Popen[str]]]:
    """`kg serve` on a free port, until the block ends."""
    words = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert line.startswith("serving http://"), line + process.stderr.read()
        yield Site(line.split()[1]), process
    finally:
        process.terminate()
        process.communicate(timeout=60)


@contextmanager
def on_thread(service: AbstractContextManager[Service]) -> Iterator[Site]:
    """A service of the test's own making, in this process."""
    with listening("127.0.0.1", 0) as socket, service as entered:
        server = uvicorn.Server(uvicorn.Config(application(entered), log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Site(f"http://127.0.0.1:{socket.getsockname()[1]}/")
        finally:
            server.should_exit = True
            thread.join()
