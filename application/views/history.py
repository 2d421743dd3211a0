"""What happened to this proposal, in order, and who did it?"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId
from domain.kernel import Fact, Recorded


class FactShown(Struct, frozen=True):
    """A fact, with its actor, credential, both times and position."""

    type: str
    version: int
    data: msgspec.Raw
    at: datetime
    effective: datetime | None
    actor: PersonId | None
    delegation: DelegationCode | None
    credential: CredentialId | None
    command: CommandId
    book: BookId
    index: int
    signature: str | None
    """The delegation's own, where it signed the act."""


def actors(items: Iterable[FactShown]) -> frozenset[PersonId]:
    """Who did what is shown."""
    return frozenset(item.actor for item in items if item.actor is not None)


def show_history(facts: Iterable[Recorded[Fact]]) -> tuple[FactShown, ...]:
    """Every fact of a stream that the reader may read."""
    return tuple(show_fact(recorded) for recorded in facts)


def show_fact(recorded: Recorded[Fact]) -> FactShown:
    """A fact as the record keeps it."""
    return FactShown(
        type=recorded.fact.tag,
        version=recorded.version,
        data=msgspec.Raw(msgspec.json.encode(recorded.fact, order="sorted")),
        at=recorded.at,
        effective=recorded.effective,
        actor=recorded.actor,
        delegation=recorded.delegation,
        credential=recorded.credential,
        command=recorded.command,
        book=recorded.book,
        index=recorded.index,
        signature=recorded.signature,
    )
