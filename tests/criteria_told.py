"""What the rules of a record say, so that two forms of it can be compared."""

from __future__ import annotations

from collections import Counter

from kg import criteria
from kg.knowledge import Knowledge
from kg.names import Names
from kg.records import Trial

_NAMES = Names.of(Knowledge.load())


def told(trial: Trial) -> Counter[tuple[str, ...]]:
    """Of each rule: its polarity and role, the window, and what it is about."""
    return Counter(
        (rule.polarity, rule.role, str(rule.window), *(mention.key for mention in rule.mentions))
        for rule in criteria.read(trial, _NAMES).rules
    )
