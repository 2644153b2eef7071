"""What a client accepts (the header `Accept`) → the form in which it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["best"]


def best(accept: str, offered: Sequence[str]) -> str | None:
    """The media type that a client likes best, of those that can be offered; None where it takes none of them.

    Arguments:
        accept: the header's value; empty takes all.
        offered: media types, of which the first is given where a client does not care.
    Example:
        >>> best("text/csv;q=0.5, application/*", ["text/csv", "application/json"])
        'application/json'
        >>> best("", ["text/csv", "application/json"])
        'text/csv'
        >>> best("image/png", ["text/csv"]) is None
        True
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    liked = {media: _liked(media, ranges) for media in offered}
    chosen = max(offered, key=lambda media: liked[media])  # the first of those that are liked as much
    return chosen if liked[chosen] > 0 else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """The ranges of a header with their weights; a weight that is no number counts as none given."""
    for item in accept.split(","):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        if not media:
            continue
        weights = [value.partition("=")[2] for value in parameters if value.startswith("q=")]
        try:
            yield media, min(max(float(weights[0]), 0.0), 1.0) if weights else 1.0
        except ValueError:
            yield media, 1.0


def _liked(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the narrowest range that takes a media type in."""
    for range_ in (media, f"{media.partition('/')[0]}/*", "*/*"):
        weights = [weight for name, weight in ranges if name == range_]
        if weights:
            return max(weights)
    return 0.0
