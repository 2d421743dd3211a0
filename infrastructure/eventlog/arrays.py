"""Arrays for PostgreSQL, packed in its binary form by hand: half the time of the driver's own way with a list."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from struct import Struct
from struct import pack as packed
from typing import ClassVar, Final, cast

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

_length = Struct("!i").pack
_header = Struct("!iiIii").pack
_bigint = Struct("!iq").pack
_NULL: Final = _length(-1)
_SIXTEEN: Final = _length(16)


class Packed(bytes):
    """An array in its binary form; a subclass for each type, by which the driver knows it."""

    element: ClassVar[int]
    """The oid of the element's type."""
    array: ClassVar[int]
    """The oid of the array's type."""


class Uuids(Packed):
    """uuid[]."""

    element, array = 2950, 2951


class Byteas(Packed):
    """bytea[]."""

    element, array = 17, 1001


class Texts(Packed):
    """text[]."""

    element, array = 25, 1009


class Ints(Packed):
    """integer[]."""

    element, array = 23, 1007


class Bigints(Packed):
    """bigint[]."""

    element, array = 20, 1016


class Instants(Packed):
    """timestamptz[]."""

    element, array = 1184, 1185


def uuids(values: Collection[bytes]) -> Uuids:
    """An array of uuid; 16 bytes each."""
    return Uuids(_head(Uuids, values) + b"".join([_SIXTEEN + value for value in values]))


def byteas(values: Collection[bytes | None]) -> Byteas:
    """An array of bytea."""
    return Byteas(_head(Byteas, values) + _sized(values))


def texts(values: Collection[str]) -> Texts:
    """An array of text."""
    return Texts(_head(Texts, values) + _sized([value.encode() for value in values]))


def ints(values: Collection[int]) -> Ints:
    """An array of integer."""
    return Ints(_head(Ints, values) + packed("!" + "ii" * len(values), *[part for value in values for part in (4, value)]))


def bigints(values: Collection[int]) -> Bigints:
    """An array of bigint."""
    return Bigints(_head(Bigints, values) + b"".join([_bigint(8, value) for value in values]))


def instants(values: Collection[datetime | None]) -> Instants:
    """An array of timestamptz: microseconds since 2000."""
    return Instants(
        _head(Instants, values)
        + b"".join([_NULL if value is None else _bigint(8, (value - EPOCH) // MICROSECOND) for value in values])
    )


def _head(kind: type[Packed], values: Collection[object]) -> bytes:
    """One dimension, numbered from 1; an empty array has none."""
    return _header(1, 0, kind.element, len(values), 1) if values else packed("!iiI", 0, 0, kind.element)


def _sized(values: Collection[bytes | None]) -> bytes:
    return b"".join([_NULL if value is None else _length(len(value)) + value for value in values])


class _AsItIs(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> Buffer:
        return obj


def _register(kind: type[Packed]) -> None:
    dumper = type(f"{kind.__name__}Dumper", (_AsItIs,), {"oid": kind.array})
    psycopg.adapters.register_dumper(kind, cast("type[Dumper]", dumper))


for _kind in (Uuids, Byteas, Texts, Ints, Bigints, Instants):
    _register(_kind)
