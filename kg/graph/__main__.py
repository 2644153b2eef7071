"""`python -m kg.graph` writes `ontology/kg.ttl` anew from its tables."""

from __future__ import annotations

from kg import bundle
from kg.graph.ontology import turtle

if __name__ == "__main__":
    (bundle.path("ontology") / "kg.ttl").write_text(turtle(), encoding="utf-8", newline="\n")
