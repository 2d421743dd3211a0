"""What a projection is: from the facts of some rooms, as they follow one another, to the rows of a view."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


class Row(NamedTuple):
    """A row for one of a projection's tables: every column by its name, in the same order each time."""

    table: str
    columns: Mapping[str, object]


class Projection(Struct, frozen=True):
    """A view in the making. ``apply`` is pure, and its statements come to the same in pages of any size.

    ``build`` comes to the same, too: to the rows that all facts of a stream leave behind. It takes these one by one, and holds
    only a few. A projection whose rows are not those of single streams has none; it is built anew with ``apply``.
    """

    name: str
    rooms: frozenset[str]
    """Whose facts it follows."""
    tables: tuple[LiteralString, ...]
    """All that it writes, in the schema ``views``, in the order in which ``apply`` first writes to them."""
    apply: Callable[[Sequence[Step]], Iterable[Statement]]
    build: Callable[[Iterable[Step]], Iterator[Row]] | None = None


def rows(records: Iterable[Mapping[str, object]]) -> str:
    """Rows by the names of their columns, for ``json_populate_recordset``; other members are passed over there."""
    return _encode(list(records)).decode()


_encode = msgspec.json.Encoder().encode
