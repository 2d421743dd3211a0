"""What happened, in all that I read, and what follows?

The order is by the record's time, then by book and index. A place in it is an index in each book: so it speaks of no book that
its reader does not read, and nothing is passed over that is recorded later with an earlier place. A book that a reader gains
has no index there yet; it comes from its beginning.

A fact goes out as a CloudEvent 1.0. Nothing of it is kept: words that are withheld later are in no later answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId
from domain.kernel import Fact, Recorded

Places = Mapping[BookId, int]
"""Of each book the index of the last fact that was seen."""


class CloudEvent(Struct, frozen=True, omit_defaults=True):
    """A fact, with its actor, credential, both times and position, under the names that CloudEvents gives to what it knows."""

    specversion: Literal["1.0"]
    id: str
    """``book/index``: it never changes."""
    source: str
    """The forum, as an absolute address."""
    type: str
    """The fact's."""
    subject: StreamId
    """What it is about: the stream in which it stands."""
    time: datetime
    """When it was recorded."""
    datacontenttype: Literal["application/json"]
    data: msgspec.Raw
    book: BookId
    index: int
    command: CommandId
    actor: PersonId | None = None
    """Nobody, where time alone acted."""
    delegation: DelegationCode | None = None
    credential: CredentialId | None = None
    effective: datetime | None = None
    """When it is said to have happened, if that is not when it was recorded."""
    signature: str | None = None


class FeedPage(Struct, frozen=True):
    """Some of the feed. Fewer than asked for: there was nothing more."""

    items: tuple[CloudEvent, ...]
    next: str
    """The place after the last item, from which to go on; also where there were none."""


def show_event(recorded: Recorded[Fact], source: str) -> CloudEvent:
    """A fact, as it goes out."""
    return CloudEvent(
        specversion="1.0",
        id=f"{recorded.book}/{recorded.index}",
        source=source,
        type=recorded.fact.tag,
        subject=recorded.stream,
        time=recorded.at,
        datacontenttype="application/json",
        data=msgspec.Raw(msgspec.json.encode(recorded.fact, order="sorted")),
        book=recorded.book,
        index=recorded.index,
        command=recorded.command,
        actor=recorded.actor,
        delegation=recorded.delegation,
        credential=recorded.credential,
        effective=recorded.effective,
        signature=recorded.signature,
    )


def in_order(facts: Iterable[Recorded[Fact]]) -> list[Recorded[Fact]]:
    """By time, book and index, as the record gives them."""
    return sorted(facts, key=lambda recorded: (recorded.at, recorded.book, recorded.index))


def passed(before: Places, facts: Sequence[Recorded[Fact]]) -> Iterator[tuple[Recorded[Fact], Places]]:
    """Each fact, with the place after it."""
    places = dict(before)
    for recorded in facts:
        places[recorded.book] = recorded.index
        yield recorded, dict(places)
