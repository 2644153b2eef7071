"""`serve`: the service on a port of this machine, until it is stopped."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from kg.errors import BadInput
from kg.web.app import application
from kg.web.service import opened
from kg.web.workers import Limits

__all__ = ["listening", "serve"]

_MOST_WORKERS = 4
"""More than this are of little use to a few people, and each takes memory."""


def serve(place: str | Path | None, host: str, port: int, limits: Limits, ready: Callable[[str], None]) -> None:
    """Serve a graph until the process is told to stop.

    Arguments:
        place: the folder of a built graph; None for the bundled one.
        host, port: where to listen; port 0 takes one that is free.
        limits: what a query may take.
        ready: is given the address once it answers.
    Raises:
        GraphNotFound: no graph there.
        BadInput: it cannot listen there.
    Example:
        >>> serve(None, "127.0.0.1", 8000, Limits(), print)  # doctest: +SKIP
    """
    with listening(host, port) as socket_, opened(place, min(os.cpu_count() or 1, _MOST_WORKERS), limits) as service:
        # the address alone would be logged; what is asked of a patient is nobody's business
        server = uvicorn.Server(uvicorn.Config(application(service), log_level="warning", access_log=False, server_header=False))
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{socket_.getsockname()[1]}/")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it, too, leaves no temporary folder behind
        with suppress(KeyboardInterrupt):  # which uvicorn raises once it has shut down
            server.run(sockets=[socket_])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        BadInput: it cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise BadInput(f"{host}:{port}: cannot listen here ({error}); give another --port, or 0 for any that is free") from None
