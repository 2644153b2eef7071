"""How much memory something takes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def with_peak(work: Callable[[], T]) -> tuple[T, int]:
    """What the work gives, and the most bytes that Python objects took while it was done."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
