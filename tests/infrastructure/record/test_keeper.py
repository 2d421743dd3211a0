"""Who keeps the books, while the record grows."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

from domain.identity import BookId
from infrastructure.postgres.embedded import Database
from infrastructure.record.keeper import LOCK, Keeper
from tests.infrastructure.eventlog.scene import Session, book
from tests.infrastructure.record.keeping import HOST, Notary, checkpoints, speak, tree

ONE: Final = book()
QUICK: Final = timedelta(milliseconds=20)
SLOW: Final = timedelta(seconds=1)
WHO_LEADS: Final = """
    SELECT l.pid
      FROM pg_locks AS l
      JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database()
     WHERE l.locktype = 'advisory'
       AND l.classid = %s
       AND l.objid = %s
       AND l.granted
"""


@asynccontextmanager
async def running(keeper: Keeper) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(keeper.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def published(owner: Session, of: BookId, size: int) -> None:
    async with asyncio.timeout(20):
        while size not in [found for found, *_ in checkpoints(owner, of)]:
            await asyncio.sleep(0)


async def test_what_is_recorded_is_published_while_somebody_keeps_the_books(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    async with running(Keeper(database.projector_url, notary, lambda: HOST, turn=QUICK)):
        for size in range(1, 4):
            speak(app, ONE)
            await published(owner, ONE, size)


async def test_a_fact_waits_for_its_turn_though_nothing_was_recorded_before_it(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    """Were it published at once, then how long it takes would tell whether something was recorded in another book."""
    loop, turn = asyncio.get_running_loop(), SLOW.total_seconds()
    async with running(Keeper(database.projector_url, notary, lambda: HOST, turn=SLOW)):
        speak(app, ONE)
        await published(owner, ONE, 1)
        first = loop.time()
        while loop.time() < first + 1.25 * turn:
            await asyncio.sleep(0)
        speak(app, ONE)
        await published(owner, ONE, 2)
        assert loop.time() - first > 1.6 * turn


async def test_a_signer_that_comes_back_signs_though_nothing_is_recorded(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    notary.away = True
    async with running(Keeper(database.projector_url, notary, lambda: HOST, turn=QUICK, poll=QUICK)):
        speak(app, ONE)
        async with asyncio.timeout(20):
            while not notary.asked:
                await asyncio.sleep(0)
        notary.away = False
        await published(owner, ONE, 1)


async def test_before_a_forum_is_founded_the_trees_grow_and_nothing_is_signed(
    database: Database, owner: Session, app: Session, notary: Notary
) -> None:
    hosts: list[str] = []
    async with running(Keeper(database.projector_url, notary, lambda: hosts[0] if hosts else None, turn=QUICK, poll=QUICK)):
        speak(app, ONE)
        async with asyncio.timeout(20):
            while owner.execute("SELECT size FROM books.trees").fetchall() != [(1,)]:
                await asyncio.sleep(0)
        assert not notary.asked
        hosts.append(HOST)
        await published(owner, ONE, 1)


async def test_of_two_keepers_one_keeps_the_books_and_the_other_takes_its_place(
    database: Database, owner: Session, app: Session, superuser: Session, notary: Notary
) -> None:
    def keeper() -> Keeper:
        return Keeper(database.projector_url, notary, lambda: HOST, turn=QUICK, poll=QUICK)

    async with AsyncExitStack() as stack:
        tasks = [await stack.enter_async_context(running(keeper())) for _ in range(2)]
        speak(app, ONE)
        await published(owner, ONE, 1)
        ((leading,),) = owner.execute(WHO_LEADS, [LOCK >> 32, LOCK & 0xFFFFFFFF]).fetchall()
        superuser.execute("SELECT pg_terminate_backend(%s)", [leading])
        speak(app, ONE)
        await published(owner, ONE, 2)
        assert [task.done() for task in tasks].count(True) == 1, "who lost the database is to be started again"
    assert tree(owner, ONE).signing is None
