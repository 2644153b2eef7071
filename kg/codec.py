"""Records ↔ JSON: any frozen dataclass of `kg.records` to plain values and back, driven by its type hints.

Fields that hold their default are left out, since most fields of most records do: a stored trial is a fraction of its full size and reads
back equal.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from kg.errors import BadInput

T = TypeVar("T")
Convert = Callable[[Any], Any]


def dumps(record: Any) -> bytes:
    """The record as JSON bytes.

    >>> from kg.records import Arm
    >>> dumps(Arm("Arm I", interventions=("selumetinib",)))
    b'{"label":"Arm I","interventions":["selumetinib"]}'
    """
    return orjson.dumps(to_plain(record))


def loads(cls: type[T], data: bytes | str) -> T:
    """The record of class `cls` that `dumps` wrote.

    Raises:
        BadInput: the data is not JSON, or not a `cls`.

    >>> from kg.records import Arm
    >>> loads(Arm, b'{"label": "Arm I"}')
    Arm(label='Arm I', kind='', description='', interventions=(), crosses_to='', crosses_when='')
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"stored {cls.__name__} is not JSON: {error}") from error
    return from_plain(cls, value)


def to_plain(record: Any) -> Any:
    """The record as dicts, lists and scalars, defaults left out."""
    cls: Any = type(record)
    return _encoder(cls)(record)


def from_plain(cls: type[T], value: Any) -> T:
    """The record of class `cls` that `to_plain` gave.

    Raises:
        BadInput: a field is missing, unknown or of another type.
    """
    hint: Any = cls
    return cast(T, _decoder(hint)(value))


def _same(value: Any) -> Any:
    return value


# --- writing ------------------------------------------------------------------------------------------------------------------------------


@cache
def _encoder(hint: Any) -> Convert:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_encoder(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not types.NoneType)
        encode = _encoder(inner)
        return lambda value: None if value is None else encode(value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            encode = _encoder(arguments[0])
            return list if encode is _same else lambda value: [encode(item) for item in value]
        parts = [_encoder(a) for a in arguments]
        return lambda value: [part(item) for part, item in zip(parts, value, strict=True)]
    if origin is Sequence:
        encode = _encoder(arguments[0])
        return lambda value: [encode(item) for item in value]
    if origin is not None and issubclass(origin, Mapping):
        encode = _encoder(arguments[1])
        return lambda value: {key: encode(item) for key, item in value.items()}
    return _same  # orjson writes str, numbers, bool, enums and dates itself


def _dataclass_encoder(cls: type) -> Convert:
    hints = get_type_hints(cls)
    plan = []
    for item in dataclasses.fields(cls):
        default = item.default if item.default_factory is dataclasses.MISSING else item.default_factory()
        plan.append((item.name, _encoder(hints[item.name]), default))

    def encode(record: Any) -> dict[str, Any]:
        out = {}
        for name, convert, default in plan:
            value = getattr(record, name)
            if value is not default and value != default:
                out[name] = convert(value)
        return out

    return encode


# --- reading ------------------------------------------------------------------------------------------------------------------------------


@cache
def _decoder(hint: Any) -> Convert:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_decoder(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not types.NoneType)
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin is Sequence:
        return _tuple_decoder((arguments[0], Ellipsis))
    if origin is not None and issubclass(origin, Mapping):
        decode = _decoder(arguments[1])
        return lambda value: {key: decode(item) for key, item in value.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _checked(hint, lambda value: hint(value))
    if hint is date:
        return _checked(date, date.fromisoformat)
    if hint is float:
        return _checked_scalar((int, float), float)
    if hint in (str, int, bool):
        return _checked_scalar(hint, _same)
    raise TypeError(f"kg.codec does not know the type {hint!r}")


def _checked(cls: type, convert: Convert) -> Convert:
    def decode(value: Any) -> Any:
        try:
            return convert(value)
        except (TypeError, ValueError) as error:
            raise BadInput(f"{value!r} is not a {cls.__name__}") from error

    return decode


def _checked_scalar(allowed: Any, convert: Convert) -> Convert:
    def decode(value: Any) -> Any:
        if not isinstance(value, allowed) or (isinstance(value, bool) and allowed is not bool):
            raise BadInput(f"{value!r} is not a {getattr(allowed, '__name__', 'number')}")
        return convert(value)

    return decode


def _tuple_decoder(arguments: tuple[Any, ...]) -> Convert:
    if arguments[-1] is Ellipsis:
        decode_item = _decoder(arguments[0])

        def decode_many(value: Any) -> tuple[Any, ...]:
            if not isinstance(value, list):
                raise BadInput(f"{value!r} is not a list")
            return tuple([decode_item(item) for item in value])

        return decode_many
    parts = [_decoder(a) for a in arguments]

    def decode_fixed(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(parts):
            raise BadInput(f"{value!r} is not a list of {len(parts)}")
        return tuple(part(item) for part, item in zip(parts, value, strict=True))

    return decode_fixed


def _dataclass_decoder(cls: type) -> Convert:
    hints = get_type_hints(cls)
    fields = {item.name: _decoder(hints[item.name]) for item in dataclasses.fields(cls)}

    def decode(value: Any) -> Any:
        if not isinstance(value, dict):
            raise BadInput(f"{cls.__name__} is read from a JSON object, not from {value!r}")
        try:
            return cls(**{name: fields[name](item) for name, item in value.items()})
        except KeyError as error:
            raise BadInput(f"{cls.__name__} has no field {error.args[0]!r}") from error
        except TypeError as error:  # a required field is missing
            raise BadInput(f"{cls.__name__}: {error}") from error

    return decode
