"""What rules can ask of a fact and of a trial: by it, answers that were given for one patient or trial are known for others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from kg.checks.facts import Fact
from kg.checks.limits import Holds, Own
from kg.knowledge import Knowledge
from kg.records import Polarity, Role, Rule

__all__ = ["Alike", "Asked", "Met", "Question", "as_number"]

Question = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What is asked of a trial's own disease: in which way, of what, and beside what."""


class Alike:
    """What rules can ask of a fact, its words and its place in the patient's data aside; a key that is hashed once.

    A rule that counts no lines asks for no line, one without a window for no date.
    """

    __slots__ = ("_hash", "_values")

    def __init__(self, *values: object) -> None:
        self._values, self._hash = values, hash(values)

    @classmethod
    def of(cls, fact: Fact, as_of: date | None) -> Alike:
        """Arguments: as_of: the day of the check, where dates are asked for."""
        bare = replace(fact, place="", words="", steps=(), notes=(), line=None, regimen_name="", classes={})
        return cls(bare, as_of) if as_of else cls(replace(bare, last=None, stops=None))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self._hash == other._hash and self._values == other._values


@dataclass(frozen=True, slots=True)
class Met:
    """What names a fact: mentions that plainly do, the same without roles at enzymes, and the shapes on therapies, by what they ask for.

    untimed, timed: of shapes that judge each therapy by itself, without and with a date.
    limited: those that may ask what the patient has, where what a therapy is taken for is not given.
    lines: those that count lines of therapy.
    combined: those that ask what else was given: in combination, before or after.
    """

    plain: list[int]
    named: list[int]
    untimed: list[int] = field(default_factory=list)
    timed: list[int] = field(default_factory=list)
    limited: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    combined: list[int] = field(default_factory=list)

    def add(self, number: int, rule: Rule) -> None:
        """Takes a shape in."""
        if rule.lines is not None:
            self.lines.append(number)
        elif rule.polarity is not Polarity.EXCLUDES:
            return  # a therapy that is required is asked about, whatever the patient had
        elif rule.combined or rule.position:
            self.combined.append(number)
        elif rule.role is Role.CONCOMITANT and rule.conditions:
            self.limited.append(number)
        elif rule.window is not None or any(carveout.window is not None for carveout in rule.carveouts):
            self.timed.append(number)
        else:
            self.untimed.append(number)


class Asked(Own):
    """A trial's own disease that writes down what it was asked and what it answered."""

    __slots__ = ("asked",)
    asked: dict[Question, int]

    def __init__(self, own: Own) -> None:
        super().__init__(own.keys, own.text)
        object.__setattr__(self, "asked", {})

    def named(self, words: str) -> bool:
        answer = super().named(words)
        self.asked["named", (words,), ()] = int(answer)
        return answer

    def oncological(self, knowledge: Knowledge) -> bool:
        answer = super().oncological(knowledge)
        self.asked["oncological", (), ()] = int(answer)
        return answer

    def relates(self, given: tuple[str, ...], knowledge: Knowledge) -> Holds | None:
        answer = super().relates(given, knowledge)
        self.asked["relates", given, ()] = as_number(answer)
        return answer

    def shared(self, asked: tuple[str, ...], given: tuple[str, ...], knowledge: Knowledge) -> bool | None:
        answer = super().shared(asked, given, knowledge)
        self.asked["shared", asked, given] = as_number(answer)
        return answer


def as_number(answer: Holds | bool | None) -> int:
    """An answer as arrays keep it.

    >>> as_number(None), as_number(True)
    (-1, 1)
    """
    if answer is None:
        return -1
    return int(answer) if isinstance(answer, bool) else list(Holds).index(answer)
