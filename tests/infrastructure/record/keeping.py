"""What the tests of the kept books share: a record that grows, the hands that keep its books, and a signer that can be away."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from application.ports import Behind, SignerAway, SignerKeys, SignerRefuses
from domain.identity import BookId
from domain.record.leaf import entry, leaf
from domain.record.note import Note, Signature
from infrastructure.eventlog import sessions
from infrastructure.postgres.embedded import Database
from infrastructure.record.integrator import Integrator
from infrastructure.record.publisher import Publisher
from infrastructure.record.signer import folder
from infrastructure.record.signer.core import Core, clock
from tests.infrastructure.eventlog.scene import Session, append, stream, submission
from tests.infrastructure.eventlog.scene import entry as spoken

HOST: Final = "forum.example"


UNSIGNED: Final = """
    SELECT b.book
      FROM record.books AS b
     WHERE NOT EXISTS (SELECT FROM books.checkpoints AS c WHERE c.book = b.book AND c.size = b.size)
"""


class Notary:
    """A signer in the same process. ``away``: it answers nothing; ``refusing``: what it answers where it is to sign."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.away = False
        self.refusing: SignerRefuses | SignerAway | None = None
        self.asked: list[tuple[str, int]] = []

    async def sign(self, text: str, old: int, proof: Sequence[bytes]) -> tuple[Signature, ...] | Behind:
        self.asked.append((text, old))
        if self.away:
            raise SignerAway
        if self.refusing is not None:
            raise self.refusing
        return self.core.sign(text, old, proof)

    async def promise(self, text: str) -> Note:
        if self.away:
            raise SignerAway
        return self.core.promise(text)

    async def keys(self) -> SignerKeys:
        if self.away:
            raise SignerAway
        return self.core.keys()


@contextmanager
def notary_of(path: Path, now: Callable[[], datetime] = clock) -> Generator[Notary]:
    """Over a signer's folder, which is made where there is none; ``now``: the time by which its keys end."""
    if not path.exists():
        folder.make(path)
    with Core(path, now) as core:
        yield Notary(core)


async def signed(owner: Session) -> None:
    """Until all that is recorded is under a checkpoint."""
    async with asyncio.timeout(20):
        while owner.execute(UNSIGNED).fetchall():
            await asyncio.sleep(0)


class Keeping:
    """Who keeps the books, one step at a time."""

    def __init__(self, session: sessions.Session, notary: Notary, page: int) -> None:
        self.integrator = Integrator(session, page)
        self.publisher = Publisher(session, notary, lambda: HOST)

    async def integrate(self) -> None:
        while await self.integrator.step():
            pass

    async def keep(self) -> None:
        await self.integrate()
        await self.publisher.step()


@asynccontextmanager
async def keeping(database: Database, notary: Notary, page: int = 1000) -> AsyncGenerator[Keeping]:
    async with await sessions.connect(database.projector_url) as session:
        yield Keeping(session, notary, page)


def speak(app: Session, book: BookId, times: int = 1) -> None:
    """Record so many facts in a book, as one command."""
    append(app, submission(*(spoken(stream(), book) for _ in range(times))))


def leaves(owner: Session, book: BookId) -> list[bytes]:
    """The leaf hashes of a book, out of the record."""
    rows = owner.execute("SELECT commit FROM record.facts WHERE book = %s ORDER BY index", [book])
    return [leaf(entry(commit)) for (commit,) in rows.fetchall()]


class Stored(NamedTuple):
    """A tree, what is wrong with its book, and what keeps it from being signed."""

    size: int
    root: bytes
    parked: str | None = None
    signing: str | None = None


def tree(owner: Session, book: BookId) -> Stored:
    """What is stored of a book's tree."""
    row = owner.execute("SELECT size, root, parked, signing FROM books.trees WHERE book = %s", [book]).fetchone()
    assert row is not None
    return Stored(*row)


def tiles(owner: Session, book: BookId) -> dict[tuple[int, int], bytes]:
    rows = owner.execute("SELECT level, n, data FROM books.tiles WHERE book = %s", [book]).fetchall()
    return {(level, n): data for level, n, data in rows}


def checkpoints(owner: Session, book: BookId) -> list[tuple[int, bytes, str]]:
    return owner.execute("SELECT size, root, note FROM books.checkpoints WHERE book = %s ORDER BY size", [book]).fetchall()
