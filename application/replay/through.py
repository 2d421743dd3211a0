"""The record as somebody looks at it: through the books that they read, narrowed to those that a chosen viewer reads too."""

from asyncio import gather
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Final

from msgspec import Struct

from application.accord import Accord
from application.directory import Directory
from application.folds import State
from application.replay.asked import Moment, PastTheEnd, StillToCome
from application.replay.turns import Facts, Point
from application.views.changes import Json, plain
from application.views.editions import show_agenda
from domain.conferences.agenda import Agenda
from domain.forum.refusals import DelegationUnknown
from domain.identity import BookId, DelegationCode, StreamId
from domain.proposals.proposal import Proposal

PUBLIC: Final = "public"
"""The viewer who needs no token."""

AT_ONCE: Final = 16
"""Streams that are read side by side."""


def narrowed(directory: Directory, books: Set[BookId], viewer: str | None) -> Set[BookId]:
    """The books that both the reader and the viewer read. Raises DelegationUnknown."""
    if viewer is None:
        return books
    if viewer == PUBLIC:
        return books & directory.public_books()
    known = directory.delegations()
    if viewer not in known:
        raise DelegationUnknown(viewer, tuple(sorted(known)))
    return books & directory.books_of(DelegationCode(viewer))


class Through(Struct, frozen=True):
    """The record as somebody looks at it: these books, up to an instant before which nothing can be recorded any more."""

    house: Accord
    books: Set[BookId]
    horizon: datetime

    async def facts(self, stream: StreamId) -> Facts:
        """All facts of a stream."""
        return await self.house.log.stream(stream, books=self.books)

    async def many(self, streams: Sequence[StreamId]) -> list[Facts]:
        """Of each of the streams all facts."""
        found: list[Facts] = []
        for place in range(0, len(streams), AT_ONCE):
            found.extend(await gather(*map(self.facts, streams[place : place + AT_ONCE])))
        return found

    async def page(self, book: BookId, after: int, most: int) -> Facts:
        """At most so many facts of a book above an index."""
        return await self.house.log.following({book: after}, most)

    async def point(self, book: BookId, moment: Moment | None) -> Point:
        """That moment of a book. Raises StillToCome, PastTheEnd."""
        if isinstance(moment, int):
            return await self._counted(book, moment)
        at = moment or self.horizon
        if at > self.horizon:
            raise StillToCome(at, self.horizon)
        return Point(await self.house.log.reached(book, at), at)

    async def _counted(self, book: BookId, index: int) -> Point:
        for recorded in await self.page(book, index - 1, 1):
            return Point(index, recorded.at)
        raise PastTheEnd(index, await self.house.log.reached(book, self.horizon))

    def show(self, state: State, at: datetime) -> object:
        """What is shown of a state, settled at an instant."""
        match state:
            case Proposal():
                return self.house.status(state, at, self.books)
            case Agenda():
                return show_agenda(state)
            case _:
                return state

    def plain(self, state: State, at: datetime) -> Json:
        """The same, to be compared."""
        return plain(self.show(state, at))
