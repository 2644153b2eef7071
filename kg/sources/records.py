"""What a reader gives beside a `Trial`: a record that could not be used, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from kg.records import Trial

__all__ = ["Read", "Rejected"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was found and could not be used.

    `source` is the file as named by the caller (with the member's name for an archive), `position` where inside it, `raw` the record's text
    as far as it was read ('' when the file itself is the record).
    """

    source: str
    position: str
    reason: str
    raw: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.source}, {self.position}" if self.position else self.source


Read = Trial | Rejected
