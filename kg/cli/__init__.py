"""The command `kg`: thin doors to `kg.api` and `kg.build`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

# each of these modules adds its commands to `app`
from kg.cli import graphs, patients, questions, serving  # noqa: F401
from kg.cli.shared import ERROR, app, say
from kg.errors import KgError

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script: runs a command and exits with 0 (it ran), 1 (error), 2 (misuse) or 10 (`--fail-on`)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app(args=arguments)
    except KgError as error:
        say(f"kg: {error}")
    except KeyboardInterrupt:
        say("kg: interrupted")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" in {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        what = f"internal error ({type(error).__name__}: {error}{where})"
        say(f"kg: {what}; this is a defect of trialkg: please report it (KG_DEBUG=1 shows more)")
    sys.exit(ERROR)
