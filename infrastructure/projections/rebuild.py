"""All projections, and building one of them anew: beside the live view, which then gives its place up to it."""

import asyncio
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import Connection

from infrastructure.eventlog import sessions
from infrastructure.eventlog.mapper import READER, Reader
from infrastructure.projections.drafts import DRAFTS
from infrastructure.projections.prepared import PREPARED
from infrastructure.projections.progress import PROGRESS
from infrastructure.projections.proposals import PROPOSALS
from infrastructure.projections.runner import Projection, checkpoints
from infrastructure.projections.runner.filling import Filling, fill
from infrastructure.projections.runner.swapping import Successor

PROJECTIONS: Final = (PROPOSALS, DRAFTS, PREPARED, PROGRESS)

LOCK: Final = 0x41435242
"""The first half of the advisory lock of who builds a view anew; the other is made of its name."""
GRACE: Final = 1.0
"""Seconds for which the tables that were live are kept: what ran into the change may still be on its way to them."""

ALONE: Final = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
GOES_ON: Final = "SELECT target, stream, position FROM views.rebuilds WHERE name = %s AND program = %s"
BEGIN: Final = "SELECT views.begin_next(%s)"
BEGUN: Final = """
    INSERT INTO views.rebuilds (name, program, target)
    SELECT %s, %s, CASE WHEN %s THEN h.position ELSE 0 END
      FROM record.head AS h
        ON CONFLICT (name) DO UPDATE
       SET program = excluded.program, target = excluded.target, stream = NULL, position = NULL
 RETURNING target, stream, position
"""
FINISH: Final = "SELECT views.finish_next(%s)"
FINISHED: Final = "UPDATE views.rebuilds SET position = target WHERE name = %s"

ROOMS: Final = ("domain", "application", "infrastructure")
KINDS: Final = ("*.py", "*.sql")

Say = Callable[[str], None]
Session = Connection[Any]


class UnknownProjectionError(Exception):
    """No projection bears the name."""


class BeingRebuiltError(Exception):
    """Another process builds this view anew."""


def named(name: str) -> Projection:
    """The projection of that name. Raises UnknownProjectionError."""
    for projection in PROJECTIONS:
        if projection.name == name:
            return projection
    raise UnknownProjectionError(name)


def rebuild(url: str, projection: Projection, say: Say, *, reader: Reader = READER, grace: float = GRACE) -> int:
    """As the projector, in a thread without an event loop: build a view anew, and say at which position it took its place.

    Readers see the live view until then, and whoever leads keeps it up to the record. What was begun and not ended goes on
    if this program began it. Raises BeingRebuiltError, NoOpportunityError; and, with the live view as it was, what a fact or
    PostgreSQL raises.
    """
    with psycopg.connect(url, autocommit=True) as session:
        _alone(session, projection)
        _build(url, session, projection, reader, say)
        return asyncio.run(_succeed(url, projection, reader, say, grace))


def _alone(session: Session, projection: Projection) -> None:
    if session.execute(ALONE, (LOCK, projection.name)).fetchone() != (True,):
        raise BeingRebuiltError(projection.name)


def _build(url: str, session: Session, projection: Projection, reader: Reader, say: Say) -> None:
    """Until the next tables are full, and like the live ones."""
    target, after, position = _begun(session, projection, say)
    if position is not None:
        return
    if target:
        _fill(url, Filling(projection, target, after), reader, say)
    say("Filled; the indexes are made.")
    with session.transaction():
        session.execute(FINISH, (list(projection.tables),))
        session.execute(FINISHED, (projection.name,))


def _fill(url: str, filling: Filling, reader: Reader, say: Say) -> None:
    for share, filled in groupby(fill(url, filling, reader), lambda one: f"{_share(one.stream):.0%}"):
        say(f"{share} filled; {next(filled).facts:,} facts were read.")


def _begun(session: Session, projection: Projection, say: Say) -> tuple[int, UUID | None, int | None]:
    """The position to which to fill, the last stream that is filled in, and the position from which to follow."""
    mark = program()
    if row := session.execute(GOES_ON, (projection.name, mark)).fetchone():
        say("It was begun, and goes on.")
        return row
    with session.transaction():
        session.execute(BEGIN, (list(projection.tables),))
        row = session.execute(BEGUN, (projection.name, mark, projection.build is not None)).fetchone()
    assert row is not None, "there is a head"
    return row


async def _succeed(url: str, projection: Projection, reader: Reader, say: Say, grace: float) -> int:
    async with await sessions.connect(url) as session:
        await checkpoints.begin(session, [projection.name])
        successor = Successor(session, projection, reader)
        await successor.catch_up()
        say("Caught up with the record.")
        position = await successor.swap()
        say(f"Swapped at position {position}: readers see the new view.")
        await asyncio.sleep(grace)
        await successor.drop_last()
        return position


def _share(stream: UUID) -> float:
    """How much of all streams comes before this one, whose ids are random."""
    return stream.int / (1 << 128)


@cache
def program() -> bytes:
    """What tells this program from another that might make other rows, or other tables."""
    root = Path(__file__).parents[2]
    files = sorted(file for room in ROOMS for kind in KINDS for file in (root / room).rglob(kind))
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).digest()
