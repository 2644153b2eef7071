"""What a composed phrase can mean."""

from __future__ import annotations

from dataclasses import dataclass

from kg.names.scanner import Hit

__all__ = ["ANY_CYP", "Composed", "PkMeaning", "TargetMeaning"]

ANY_CYP = "cyp"
"""Enzyme of a pk mention that speaks of cytochrome P450 in general."""


@dataclass(frozen=True, slots=True)
class PkMeaning:
    """Drugs with a role at an enzyme; `strengths` empty: any."""

    enzyme: str
    role: str
    strengths: tuple[str, ...]
    narrow_index: bool


@dataclass(frozen=True, slots=True)
class TargetMeaning:
    """Drugs that do something to a target. `surface` is how the target is written, `words` what follows it; `anti`: "anti-" goes before."""

    target: str
    action: str
    surface: str
    words: str
    anti: bool


@dataclass(slots=True)
class Composed:
    """A phrase with one meaning or several alternatives. `holes` are parentheses inside whose own names still count."""

    start: int
    end: int
    meanings: tuple[PkMeaning | TargetMeaning | Hit, ...]
    holes: tuple[tuple[int, int], ...] = ()
