"""Records from ClinicalTrials.gov itself, by its API v2: one file a trial, as it was sent.

What the API answers to which number (404 in plain text to one that it does not know, a redirect from an old number to the one that took
its place) was read at https://dev.to/odeeb/clinicaltrialsgov-api-look-up-a-study-by-nct-number-15c2, where it was tried on 2026-10-14.
It states no limit; a second between requests is what the site's robots.txt asks of crawlers, as read in the repository
api-evangelist/clinical-trials-gov (rate-limits) of 2026-09-06.
"""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from kg.errors import BadInput, BadRecord, KgError
from kg.files import replacing
from kg.records import RecordSource
from kg.sources.v2_json import read_study
from kg.version import __version__

__all__ = ["API", "Fetched", "Missed", "fetch"]

API = "https://clinicaltrials.gov/api/v2"
_NCT = re.compile(r"NCT\d{8}")
_PAUSE = 1.0
"""Seconds between two requests."""
_SECONDS = 30
"""How long an answer may be waited for."""
_TRIES = 3
_MAY_PASS = frozenset({429, 500, 502, 503, 504})
"""Statuses after which it is worth asking again."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record that was written."""

    asked: str
    nct: str
    """The trial's number now: it differs from the one asked for where the registry has merged two records."""
    file: Path


@dataclass(frozen=True, slots=True)
class Missed:
    """A record that was not, and why."""

    asked: str
    reason: str


def fetch(ncts: Iterable[str], folder: Path, api: str | None = None, pause: float = _PAUSE) -> Iterator[Fetched | Missed]:
    """Fetch records into a folder, one after another, each as `NCT….json`; a file there is replaced by a whole new one, or stays.

    Arguments:
        ncts: the trials' numbers.
        folder: where to; made if it is not there.
        api: the API's address; None for the registry's own.
        pause: seconds between two requests.
    Raises:
        BadInput: one of them is no NCT number (nothing is fetched then), or the folder cannot be written.
    Example:
        >>> list(fetch(["NCT01206140"], Path("records")))  # doctest: +SKIP
    """
    asked = [nct.strip().upper() for nct in ncts]
    for nct in asked:
        if not _NCT.fullmatch(nct):
            raise BadInput(f"{nct!r} is no NCT number; write NCT and eight digits, such as NCT01206140")
    for number, nct in enumerate(dict.fromkeys(asked)):
        if number:
            time.sleep(pause)
        try:
            body = _body(f"{(api or API).rstrip('/')}/studies/{nct}?format=json", pause)
            now = _number(body, nct)
        except KgError as error:
            yield Missed(nct, str(error))
            continue
        file = folder / f"{now}.json"
        with replacing(file) as out:
            out.write(body)
        yield Fetched(nct, now, file)


def _body(url: str, pause: float) -> bytes:
    """What the registry answers, asked again where that may help.

    Raises:
        BadInput: it cannot be reached, or has no such record.
    """
    request = urllib.request.Request(url, headers={"accept": "application/json", "user-agent": f"trialkg/{__version__}"})
    for left in reversed(range(_TRIES)):
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise BadInput("the registry has no record of this number; check it") from None
            problem = f"the registry answered with status {error.code}"
            if error.code not in _MAY_PASS:
                raise BadInput(f"{url}: {problem}") from None
        except (OSError, ValueError) as error:  # no connection, a broken one, or an address that is none
            problem = f"no answer ({getattr(error, 'reason', None) or error})"
        if left:
            time.sleep(pause * 2)
    raise BadInput(f"{url}: {problem}; try again later") from None


def _number(body: bytes, asked: str) -> str:
    """The number of the trial whose record this is.

    Raises:
        BadRecord: it is no record.
    """
    try:
        study = orjson.loads(body)
        if not isinstance(study, dict):
            raise BadRecord("it is no object")
        return read_study(study, RecordSource(f"{asked}.json", "v2-json", "")).nct
    except ValueError as error:
        raise BadRecord(f"what the registry sent is no record: {error}; nothing was written") from None
