"""From the trees to checkpoints: each root of a book that grew is signed and published.

The signer has the last word. What it refuses or does not answer stays unsigned, and is shown so; the record is written on.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import structlog

from application.ports import Behind, Signer, SignerAway, SignerKeys, SignerRefuses
from domain.identity import BookId
from domain.record import proofs, tiles
from domain.record.checkpoint import Checkpoint, origin_of
from domain.record.note import Note, Signature
from domain.record.proofs import Proof
from infrastructure.eventlog.sessions import Session
from infrastructure.record import trees

AWAY: Final = "away"
ROLLBACK: Final = "rollback"
TRIES: Final = 2
"""The signer may have signed what was not stored: it says from where it wants to be shown that the tree grew."""

DUE: Final = """
    SELECT t.book, t.size, t.root, coalesce(c.size, 0)
      FROM books.trees AS t
      LEFT JOIN LATERAL (SELECT size FROM books.checkpoints WHERE book = t.book ORDER BY size DESC LIMIT 1) AS c ON true
     WHERE t.size > coalesce(c.size, 0)
       AND t.parked IS NULL
     ORDER BY t.book
"""
STORE: Final = """
    WITH stored AS (
        INSERT INTO books.checkpoints (book, size, root, note, signed_at)
        VALUES (%s, %s, %s, %s, clock_timestamp())
        RETURNING book
    )
    UPDATE books.trees AS t
       SET signing = NULL
      FROM stored
     WHERE t.book = stored.book
"""
HINDERED: Final = "UPDATE books.trees SET signing = %s WHERE book = %s AND signing IS DISTINCT FROM %s"

_log = structlog.get_logger()


class Nobody:
    """In place of a signer where none runs: in an import, or while a forum is founded."""

    async def sign(self, text: str, old: int, proof: Sequence[bytes]) -> tuple[Signature, ...] | Behind:
        """Raises SignerAway."""
        raise SignerAway(text, old, proof)

    async def promise(self, text: str) -> Note:
        """Raises SignerAway."""
        raise SignerAway(text)

    async def keys(self) -> SignerKeys:
        """Raises SignerAway."""
        raise SignerAway


class Due(NamedTuple):
    """A tree whose root is to be signed, and the size of its last checkpoint; 0 where there is none."""

    book: BookId
    size: int
    root: bytes
    old: int


class Publisher:
    """For one session of the projector. ``host`` is the forum's, or None while none is founded."""

    def __init__(self, session: Session, signer: Signer, host: Callable[[], str | None]) -> None:
        self._session = session
        self._signer = signer
        self._host = host

    async def step(self) -> None:
        """Publish each book that grew. Where the signer is away, the rest waits."""
        if (host := self._host()) is None:
            return
        cursor = await self._session.execute(DUE)
        due = [Due(*row) for row in await cursor.fetchall()]
        for number, one in enumerate(due):
            try:
                await self._publish(one, origin_of(host, one.book))
            except SignerAway:
                await self._hinder(due[number:], AWAY)
                return
            except SignerRefuses as refused:
                await self._hinder([one], refused.reason)

    async def _publish(self, due: Due, origin: str) -> None:
        """Raises SignerAway, SignerRefuses."""
        text = str(Checkpoint(origin, due.size, due.root))
        old = due.old
        for _ in range(TRIES):
            answer = await self._signer.sign(text, old, await self._proof(due, old))
            if not isinstance(answer, Behind):
                await self._store(due, Note(text, answer))
                return
            if answer.size > due.size:
                break
            old = answer.size
        await self._hinder([due], ROLLBACK)

    async def _proof(self, due: Due, old: int) -> Proof:
        """That the tree grew from that size; of 0 and of itself there is nothing to show."""
        if old in (0, due.size):
            return ()
        prove = partial(proofs.consistency, old=old, new=due.size)
        found = await trees.fetch(self._session, due.book, tiles.wanted(due.size, prove))
        return prove(tiles.nodes(found.__getitem__, due.size))

    async def _store(self, due: Due, note: Note) -> None:
        """Durably, and with it the tiles, which were written before: a commit waits for all that the log holds up to it."""
        async with self._session.transaction():
            await self._session.execute("SET LOCAL synchronous_commit TO DEFAULT")
            await self._session.execute(STORE, (due.book, due.size, due.root, bytes(note).decode()))

    async def _hinder(self, due: Sequence[Due], reason: str) -> None:
        for one in due:
            cursor = await self._session.execute(HINDERED, (reason, one.book, reason))
            if cursor.rowcount:
                _log.error("book.unsigned", book=str(one.book), size=one.size, reason=reason)
