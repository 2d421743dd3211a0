"""Arrays packed by hand are what the driver would have sent."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import pytest

from infrastructure.eventlog import arrays
from infrastructure.eventlog.arrays import Packed
from tests.infrastructure.eventlog.scene import NOON, Session, fresh

MOMENTS = [
    NOON,
    None,
    datetime(1, 1, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    NOON.astimezone(),
    NOON + timedelta(microseconds=1),
]


def packed_uuids(values: Sequence[UUID]) -> Packed:
    return arrays.uuids([value.bytes for value in values])


@pytest.mark.parametrize(
    ("pack", "kind", "values"),
    [
        (packed_uuids, "uuid[]", [fresh(), fresh()]),
        (arrays.byteas, "bytea[]", [b"", None, b"\x00\xff" * 300]),
        (arrays.texts, "text[]", ["", "NULL", '"{}"\\', "立場"]),
        (arrays.ints, "integer[]", [0, -1, 2**31 - 1, -(2**31)]),
        (arrays.bigints, "bigint[]", [0, -1, 2**63 - 1, -(2**63)]),
        (arrays.instants, "timestamptz[]", MOMENTS),
    ],
)
def test_an_array_arrives_as_it_was(
    app: Session, pack: Callable[[Sequence[Any]], Packed], kind: LiteralString, values: list[Any]
) -> None:
    query = f"SELECT %b::{kind}, pg_typeof(%b)::text, array_length(%b, 1)"
    for part in (values, values[:1], values[::-1]):
        row = app.execute(query, [pack(part)] * 3, binary=True).fetchone()
        assert row == (part, _name(kind), len(part))


@pytest.mark.parametrize("pack", [arrays.uuids, arrays.byteas, arrays.texts, arrays.ints, arrays.bigints, arrays.instants])
def test_an_empty_array_is_empty_and_not_null(app: Session, pack: Callable[[Sequence[Any]], Packed]) -> None:
    assert app.execute("SELECT cardinality(%b)", [pack([])]).fetchone() == (0,)


def _name(kind: str) -> str:
    return kind.replace("timestamptz", "timestamp with time zone")
