"""The table that a query gives: columns and rows of native Python values, and its forms for other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import vocab
from kg.errors import KgError, MissingTool
from kg.output import Format, render

if TYPE_CHECKING:
    import pandas

    from kg.store import Term

__all__ = ["Iri", "Rows", "Value", "native"]

_SHOWN = 50
_XSD = "http://www.w3.org/2001/XMLSchema#"


class Iri(str):
    """An IRI: a string that also knows its short form.

    Example:
        >>> Iri("https://w3id.org/trialkg/id/drug/imatinib").curie
        'kg:drug/imatinib'
    """

    __slots__ = ()

    @property
    def curie(self) -> str:
        """As a CURIE where a prefix is known, else the IRI itself."""
        return vocab.curie(self)


Value = Iri | str | int | float | bool | date | datetime | None
"""What a cell holds."""


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_READERS: Mapping[str, Callable[[str], Value]] = {
    **{f"{_XSD}{name}": int for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")},
    **{f"{_XSD}{name}": float for name in ("decimal", "double", "float")},
    f"{_XSD}boolean": _boolean,
    f"{_XSD}date": date.fromisoformat,
    f"{_XSD}dateTime": datetime.fromisoformat,
}


def native(term: Term | None) -> Value:
    """An RDF term as a Python value: an `Iri`, or what the literal's datatype says; text where the datatype has no
    counterpart or is not kept.

    Example:
        >>> native(ox.Literal("2011-01-24", datatype=ox.NamedNode(_XSD + "date")))
        datetime.date(2011, 1, 24)
    """
    match term:
        case None:
            return None
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            try:
                return _READERS.get(term.datatype.value, str)(term.value)
            except (KeyError, ValueError):
                return term.value
        case _:
            return str(term)


@dataclass(frozen=True)
class Rows:
    """What a query gave. Iterate for tuples, or take one of the `to_…` forms; `columns` are the names, in order.

    Example:
        >>> rows = Rows(("trial", "arms"), (("NCT01206140", 2),))
        >>> rows.to_dicts()
        [{'trial': 'NCT01206140', 'arms': 2}]
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    kind: str = "select"
    """select, ask (one row, one boolean) or construct (subject, predicate, object)."""
    title: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the library query's parameters stood for, defaults included, as text."""

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[Value, ...]:
        return self.rows[index]

    @property
    def answer(self) -> bool:
        """The answer of an ASK query.

        Raises:
            KgError: the query was no ASK.
        """
        if self.kind != "ask":
            raise KgError(f"a {self.kind.upper()} query has rows, not an answer; use its rows, or write ASK")
        return bool(self.rows[0][0])

    def column(self, name: str) -> list[Value]:
        """One column's values.

        Raises:
            KgError: there is no such column.
        """
        if name not in self.columns:
            raise KgError(f"no column {name!r}; the columns are {', '.join(self.columns)}")
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Value]]:
        """One dictionary a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_csv(self) -> str:
        """As CSV with a header; an absent value is an empty cell."""
        return render(self.columns, self.to_dicts(), Format.CSV)

    def to_json(self) -> str:
        """As a JSON array of objects."""
        return render(self.columns, self.to_dicts(), Format.JSON)

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas DataFrame.

        Raises:
            MissingTool: pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise MissingTool("to_pandas needs pandas, which is not installed; run `pip install 'trialkg[pandas]'`") from None
        return pandas.DataFrame.from_records(self.rows, columns=list(self.columns))

    def __str__(self) -> str:
        """A plain text table of the first rows."""
        cells = [[_shown(value) for value in row] for row in self.rows[:_SHOWN]]
        widths = [min(60, max(map(len, column))) for column in zip(self.columns, *cells, strict=False)]
        lines = [self._line(self.columns, widths), self._line(["-" * width for width in widths], widths)]
        lines += [self._line(row, widths) for row in cells]
        return "\n".join([*lines, self._more()]).rstrip()

    def _line(self, cells: Sequence[str], widths: Iterable[int]) -> str:
        return "  ".join(cell[:width].ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

    def _more(self) -> str:
        left = len(self.rows) - _SHOWN
        return f"… and {left} more" if left > 0 else ""

    def _repr_html_(self) -> str:
        """For notebooks: the first rows as an HTML table, every cell escaped."""
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join("<tr>" + "".join(_html_cell(value) for value in row) + "</tr>" for row in self.rows[:_SHOWN])
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{escape(self._more())}"


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return value.curie if isinstance(value, Iri) else str(value).replace("\n", " ")


def _html_cell(value: Value) -> str:
    title = f' title="{escape(value)}"' if isinstance(value, Iri) else ""
    return f"<td{title}>{escape(_shown(value))}</td>"
