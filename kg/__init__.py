"""A knowledge graph of clinical trials: which drugs, past or present, conflict with which eligibility sentence, and why."""

from kg.version import __version__

__all__ = ["__version__"]
