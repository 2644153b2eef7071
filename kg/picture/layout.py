"""Where the boxes of a picture stand: columns from left to right, each box near what it is connected to, none on top of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

__all__ = ["Box", "Lane", "place", "spread"]

_GAP = 14.0
_LANE_GAP = 70.0
_SWEEPS = 6
_PULL = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be placed. `lane` is the trial that it belongs to, None when it is shared; `anchored` boxes keep the
    order that they came in.
    """

    id: str
    column: int
    width: float
    height: float
    lane: int | None = None
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """The stripe that a trial's anchored boxes take."""

    top: float
    bottom: float


def place(boxes: Sequence[Box], links: nx.Graph, gap: float = 70.0) -> tuple[dict[str, tuple[float, float]], dict[int, Lane]]:
    """Centres of the boxes, and the lanes by number.

    Anchored boxes are stacked by lane in the order given; every other box is drawn to the mean height of its
    neighbours, in a few sweeps over the columns, and pushed off its column's other boxes by the least movement.

    Arguments:
        links: an undirected graph over box ids.
        gap: the room between two columns.
    """
    columns = sorted({box.column for box in boxes})
    x: dict[int, float] = {}
    right = 0.0
    for column in columns:
        width = max(box.width for box in boxes if box.column == column)
        x[column] = right + width / 2
        right += width + gap
    lanes = _lanes(boxes)
    y = _stack(boxes, lanes)
    free = [column for column in columns if any(not box.anchored for box in boxes if box.column == column)]
    anchored = {box.id for box in boxes if box.anchored}
    middle = sum((lane.top + lane.bottom) / 2 for lane in lanes.values()) / max(1, len(lanes))
    for sweep in range(_SWEEPS):
        for column in free if sweep % 2 else reversed(free):
            mine = [box for box in boxes if box.column == column and not box.anchored]
            wished = {box.id: _mean((other for other in links[box.id] if other in y), y, anchored, y.get(box.id, middle)) for box in mine}
            mine.sort(key=lambda box: (wished[box.id], box.id))
            for box, height in zip(mine, spread([wished[box.id] for box in mine], [box.height for box in mine]), strict=True):
                y[box.id] = height
    return {box.id: (round(x[box.column], 1), round(y[box.id], 1)) for box in boxes}, lanes


def _lanes(boxes: Sequence[Box]) -> dict[int, Lane]:
    lanes: dict[int, Lane] = {}
    top = 0.0
    for lane in sorted({box.lane for box in boxes if box.lane is not None}):
        stacks: dict[int, float] = {}
        for box in boxes:
            if box.lane == lane and box.anchored:
                stacks[box.column] = stacks.get(box.column, -_GAP) + box.height + _GAP
        lanes[lane] = Lane(top, top + max(stacks.values(), default=0.0))
        top = lanes[lane].bottom + _LANE_GAP
    return lanes


def _stack(boxes: Sequence[Box], lanes: dict[int, Lane]) -> dict[str, float]:
    """Heights of the anchored boxes: each column of a lane is stacked and centred in the lane."""
    y: dict[str, float] = {}
    for number, lane in lanes.items():
        for column in {box.column for box in boxes}:
            stack = [box for box in boxes if box.anchored and box.lane == number and box.column == column]
            at = (lane.top + lane.bottom) / 2 - (sum(box.height for box in stack) + _GAP * (len(stack) - 1)) / 2
            for box in stack:
                y[box.id] = at + box.height / 2
                at += box.height + _GAP
    return y


def _mean(neighbours: Iterable[str], y: Mapping[str, float], anchored: set[str], otherwise: float) -> float:
    """The mean height of the neighbours; those that cannot give way count more."""
    heights = [y[one] for one in neighbours for _ in range(_PULL if one in anchored else 1)]
    return sum(heights) / len(heights) if heights else otherwise


def spread(wished: Sequence[float], heights: Sequence[float], gap: float = _GAP) -> list[float]:
    """Centres in the order given, as near to the wished ones as they can be (least squares) with no two boxes closer than `gap`.

    This is isotonic regression by pooling adjacent violators, on the wishes less the room that the boxes above take.

    Example:
        >>> spread([0, 0], [10, 10], gap=10)
        [-10.0, 10.0]
    """
    offsets = [0.0]
    for above, below in pairwise(heights):
        offsets.append(offsets[-1] + (above + below) / 2 + gap)
    pools: list[tuple[float, int]] = []  # mean of the pool, its size
    for wish, offset in zip(wished, offsets, strict=False):
        mean, size = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    base = [mean for mean, size in pools for _ in range(size)]
    return [round(mean + offset, 3) for mean, offset in zip(base, offsets, strict=False)]
