"""Closures of small directed graphs held as adjacency maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["Reach", "invert", "reachable"]


def invert(edges: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The same edges, read backwards.

    Example:
        >>> invert({"a": ["c"], "b": ["c"]})
        {'c': ('a', 'b')}
    """
    back: dict[str, list[str]] = {}
    for start, ends in edges.items():
        for end in ends:
            back.setdefault(end, []).append(start)
    return {end: tuple(starts) for end, starts in back.items()}


def reachable(edges: Mapping[str, Iterable[str]], start: str) -> frozenset[str]:
    """Every node on some path from `start`, without `start` itself (a cycle does no harm).

    Example:
        >>> sorted(reachable({"a": ["b"], "b": ["c", "a"]}, "a"))
        ['b', 'c']
    """
    seen: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(edges.get(node, ()))
    seen.discard(start)
    return frozenset(seen)


class Reach:
    """`reachable` over edges that do not change: each start is worked out once.

    Example:
        >>> sorted(Reach({"a": ["b"], "b": ["c"]})("a"))
        ['b', 'c']
    """

    def __init__(self, edges: Mapping[str, Iterable[str]]) -> None:
        self._edges = edges
        self._found: dict[str, frozenset[str]] = {}

    def __call__(self, start: str) -> frozenset[str]:
        found = self._found.get(start)
        if found is None:
            found = self._found[start] = reachable(self._edges, start)
        return found
