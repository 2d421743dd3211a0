"""Which acts lie ready for a head of delegation, and what became of them?"""

from collections.abc import Set
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from application.views.pages import Limit, Page
from domain.identity import BookId, DelegationCode, PreparedId
from domain.prepared.prepared import PreparedAct, PreparedStatus


class PreparedRow(Struct, frozen=True):
    """A prepared act in a list, without its body."""

    id: PreparedId
    delegation: DelegationCode
    act: str
    target: str
    status: PreparedStatus
    version: int
    """Of its stream: what its entity tag counts."""
    begun: datetime
    updated: datetime


class PreparedFilter(Struct, frozen=True):
    """Which prepared acts. Of each tuple any will do; an empty one asks nothing."""

    delegation: tuple[DelegationCode, ...] = ()
    status: tuple[PreparedStatus, ...] = ()
    limit: Limit = 50
    after: str | None = None
    """The cursor of the page before."""


class PreparedActs(Protocol):
    """The list of prepared acts."""

    async def page(self, books: Set[BookId], asked: PreparedFilter) -> Page[PreparedRow]:
        """The prepared acts in these books, the last prepared first. Raises MalformedCursorError, Busy."""
        ...


def row(prepared: PreparedAct, version: int, *, begun: datetime, updated: datetime) -> PreparedRow:
    """The prepared act as a list shows it."""
    return PreparedRow(
        id=prepared.id,
        delegation=prepared.delegation,
        act=prepared.act,
        target=prepared.target,
        status=prepared.status,
        version=version,
        begun=begun,
        updated=updated,
    )
