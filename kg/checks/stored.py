"""Compiled trials as files beside a built graph, so that opening it compiles nothing. Shapes are decoded when they are first judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, overload

import numpy as np
import orjson

from kg import codec
from kg.checks.compiled import Compiled, Postings, Shape, Texts
from kg.checks.filters import Facets
from kg.errors import BadInput
from kg.records import Mention

__all__ = ["load", "save"]

_FORMAT = 1
_POSTINGS = ("shape_trials", "mention_shapes", "clause_trials", "drug_trials")
_PLAIN = ("ncts", "drugs", "conditions", "biomarkers", "own_keys")


def save(compiled: Compiled, folder: Path) -> None:
    """Writes compiled trials into a new folder."""
    folder.mkdir()
    arrays: dict[str, Any] = {"own_of": compiled.own_of, "facets_of": compiled.facets_of, "text_starts": compiled.own_texts.starts}
    for name in _POSTINGS:
        rows: Postings = getattr(compiled, name)
        arrays |= {f"{name}_starts": rows.starts, f"{name}_values": rows.values}
    lines = [codec.dumps(shape) + b"\n" for shape in compiled.shapes]
    arrays["shape_starts"] = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum([len(line) for line in lines], dtype=np.int64)])
    np.savez(folder / "arrays.npz", **arrays)
    (folder / "shapes.jsonl").write_bytes(b"".join(lines))
    (folder / "texts.txt").write_bytes(compiled.own_texts.all.encode())
    parts: dict[str, Any] = {name: getattr(compiled, name) for name in _PLAIN}
    parts["facets"] = [list(one) for one in compiled.facets]
    parts["mentions"] = [codec.to_plain(mention) for mention in compiled.mentions]
    (folder / "index.json").write_bytes(orjson.dumps({"format": _FORMAT, **parts}))


def load(folder: Path) -> Compiled | None:
    """What `save` wrote; None where there is nothing of the kind that this version writes, so that it has to be compiled anew."""
    try:
        parts = orjson.loads((folder / "index.json").read_bytes())
        if parts.pop("format") != _FORMAT:
            return None
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            values: dict[str, Any] = {name: Postings(arrays[f"{name}_starts"], arrays[f"{name}_values"]) for name in _POSTINGS}
            values |= {"own_of": arrays["own_of"], "facets_of": arrays["facets_of"]}
            values["own_texts"] = Texts((folder / "texts.txt").read_bytes().decode(), arrays["text_starts"])
            values["shapes"] = _Shapes((folder / "shapes.jsonl").read_bytes(), arrays["shape_starts"])
        values |= {"ncts": parts["ncts"], "drugs": parts["drugs"]}
        values["mentions"] = [codec.from_plain(Mention, mention) for mention in parts["mentions"]]
        values["conditions"] = [(number, polarity, tuple(asked)) for number, polarity, asked in parts["conditions"]]
        values["biomarkers"] = [(number, tuple(keys)) for number, keys in parts["biomarkers"]]
        values["own_keys"] = [tuple(keys) for keys in parts["own_keys"]]
        values["facets"] = [Facets(s, tuple(p), tuple(c), *rest) for s, p, c, *rest in parts["facets"]]
    except (OSError, ValueError, KeyError, TypeError, BadInput):
        return None
    return Compiled(**{field.name: values[field.name] for field in fields(Compiled)})


class _Shapes(Sequence[Shape]):
    """Shapes in their lines, each decoded on first sight: of many, few bear on one patient."""

    def __init__(self, lines: bytes, starts: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        self._lines, self._starts = lines, starts
        self._seen: dict[int, Shape] = {}

    @overload
    def __getitem__(self, number: int) -> Shape: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Shape]: ...
    def __getitem__(self, number: int | slice) -> Shape | Sequence[Shape]:
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        shape = self._seen.get(number)
        if shape is None:
            shape = codec.loads(Shape, self._lines[self._starts[number] : self._starts[number + 1]])
            self._seen[number] = shape
        return shape

    def __iter__(self) -> Iterator[Shape]:
        return (self[number] for number in range(len(self)))

    def __len__(self) -> int:
        return len(self._starts) - 1
