"""Which texts are being written, by whom, and what became of them?"""

from collections.abc import Set
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from application.views.pages import Limit, Page
from domain.drafts.draft import Draft
from domain.drafts.events import DraftEnd
from domain.identity import BookId, DelegationCode, DraftId, EditionCode, FormatCode, Language
from domain.text.provisions import ProvisionKind


class DraftRow(Struct, frozen=True):
    """A draft in a list."""

    id: DraftId
    owners: tuple[DelegationCode, ...]
    """None where the secretariat or a chair writes it."""
    kind: str
    format: FormatCode
    edition: EditionCode
    title: dict[Language, str]
    end: DraftEnd | None
    """What became of it; None while it is written on."""
    version: int
    """Of its stream: what its entity tag counts."""
    begun: datetime
    updated: datetime


class DraftFilter(Struct, frozen=True):
    """Which drafts. Of each tuple any will do; an empty one asks nothing."""

    edition: tuple[EditionCode, ...] = ()
    format: tuple[FormatCode, ...] = ()
    ended: bool | None = None
    """Whether they are closed; None asks for both."""
    limit: Limit = 50
    after: str | None = None
    """The cursor of the page before."""


class Drafts(Protocol):
    """The list of drafts."""

    async def page(self, books: Set[BookId], asked: DraftFilter) -> Page[DraftRow]:
        """The drafts in these books, the last begun first. Raises MalformedCursorError, Busy."""
        ...


def row(draft: Draft, version: int, *, begun: datetime, updated: datetime) -> DraftRow:
    """The draft as a list shows it."""
    return DraftRow(
        id=draft.id,
        owners=draft.owners,
        kind=draft.kind,
        format=draft.format,
        edition=draft.edition,
        title=_title(draft),
        end=draft.end,
        version=version,
        begun=begun,
        updated=updated,
    )


def _title(draft: Draft) -> dict[Language, str]:
    for part in draft.provisions:
        if part.kind is ProvisionKind.TITLE:
            return part.text
    return {}
