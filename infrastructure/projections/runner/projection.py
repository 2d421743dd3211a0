"""What a projection is: from the facts of some rooms, as they follow one another, to the rows of a view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple

import msgspec
from msgspec import Struct

from application.folds import Folded, room_of
from domain.kernel import Fact, Recorded
from infrastructure.projections.runner.house import House


class Followed(Struct, frozen=True):
    """A stream so far, and what its times come to."""

    folded: Folded
    begun: datetime
    """The time of its first fact."""
    at: datetime
    """The time of its last fact."""
    happened: datetime
    """The latest time at which anything in it is said to have happened."""


class Step(Struct, frozen=True):
    """A fact, and how things stand before and after it."""

    recorded: Recorded[Fact]
    before: Followed | None
    after: Followed
    house: House

    @property
    def room(self) -> str:
        """Whose fact it is."""
        return room_of(self.recorded.fact)


class Statement(NamedTuple):
    """SQL with its parameters."""

    query: LiteralString
    parameters: tuple[object, ...] = ()


class Projection(Struct, frozen=True):
    """A view in the making. ``apply`` is pure, and its statements come to the same in pages of any size."""

    name: str
    rooms: frozenset[str]
    """Whose facts it follows."""
    empty: LiteralString
    """Empties all that it writes."""
    apply: Callable[[Sequence[Step]], Iterable[Statement]]


def rows(records: Iterable[Mapping[str, object]]) -> str:
    """Rows by the names of their columns, for ``json_populate_recordset``; other members are passed over there."""
    return _encode(list(records)).decode()


_encode = msgspec.json.Encoder().encode
