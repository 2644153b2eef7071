"""The command `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.shared import GraphOption, app, say
from kg.errors import MissingTool

__all__ = ["serve"]


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="The port; 0 for any that is free.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on; the default is for this machine alone.")] = "127.0.0.1",
    limit: Annotated[float, typer.Option("--limit", min=0.1, metavar="SECONDS", help="How long a query may run.")] = 30,
    graph: GraphOption = None,
) -> None:
    """Serve a graph on the web: a page at /, checks at /check, a SPARQL endpoint at /sparql.

    Example: kg serve --port 8000 --graph my.kg
    """
    try:
        from kg.web.server import serve as run
        from kg.web.workers import Limits
    except ImportError as error:
        raise MissingTool("kg serve needs Starlette and uvicorn; run `pip install 'trialkg[serve]'`") from error
    run(graph, host, port, Limits(seconds=limit), lambda address: say(f"serving {address} (Ctrl-C ends it)"))
