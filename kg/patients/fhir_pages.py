"""Bundles that are pages of one search: which belong together, and what is missing of them.

A server gives what it found page by page, each with a link "next" to the one that follows. What the pages hold that are not here is not
known, and must never read as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Page", "chains", "missing", "page_of"]

_BEFORE = ("previous", "prev")


@dataclass(frozen=True, slots=True)
class Page:
    """What a Bundle says of itself as a page.

    own, next: the addresses of this page and of the one that follows; '' where they are not given.
    later: it says that there is a page before it.
    found, held: how many matches the server found for the search, None where it does not say; how many of them are in this Bundle.
    """

    own: str
    next: str
    later: bool
    found: int | None
    held: int

    @property
    def alone(self) -> bool:
        """Whether it says nothing of more than it holds."""
        return not (self.next or self.later or missing([self]))


def page_of(bundle: Mapping[str, Any]) -> Page:
    """What a Bundle says of itself as a page.

    Example:
        >>> page_of({"resourceType": "Bundle", "link": [{"relation": "next", "url": "https://server/?page=2"}]}).alone
        False
        >>> page_of({"resourceType": "Bundle", "type": "searchset", "total": 0}).alone
        True
    """
    links = {str(link.get("relation")): str(link.get("url")) for link in bundle.get("link") or () if isinstance(link, Mapping)}
    total = bundle.get("total") if bundle.get("type") == "searchset" else None
    entries = [entry for entry in bundle.get("entry") or () if isinstance(entry, Mapping)]
    modes = [(entry.get("search") or {}).get("mode", "match") for entry in entries if isinstance(entry.get("search") or {}, Mapping)]
    return Page(
        links.get("self", ""),
        links.get("next", ""),
        any(relation in links for relation in _BEFORE),
        total if isinstance(total, int) else None,
        modes.count("match"),
    )


def chains(pages: Sequence[Page]) -> Iterable[list[int]]:
    """The places of pages that follow one another, each chain from its first page on."""
    place = {page.own: number for number, page in enumerate(pages) if page.own}
    after = {number: place[page.next] for number, page in enumerate(pages) if page.next in place}
    seen: set[int] = set()
    # those that follow none first; what is left then goes in a circle
    for start in [*(n for n in range(len(pages)) if n not in after.values()), *range(len(pages))]:
        chain: list[int] = []
        at: int | None = start
        while at is not None and at not in seen:
            seen.add(at)
            chain.append(at)
            at = after.get(at)
        if chain:
            yield chain


def missing(chain: Sequence[Page]) -> str:
    """What is not there of the pages of a chain, in words; '' where nothing is missing.

    Example:
        >>> missing([Page("", "https://server/?page=2", False, None, 20)])
        'the pages that follow are not here'
    """
    first, last = chain[0], chain[-1]
    said = []
    if first.later:
        said.append("the pages before it are not here")
    if last.next and last.next != first.own:
        said.append("the pages that follow are not here")
    found, held = max((page.found or 0 for page in chain), default=0), sum(page.held for page in chain)
    if not said and found > held:
        said.append(f"of {found} resources that the server found {held} are here")
    return " and ".join(said)
