"""Group commit: what a caller is told, whatever happens to the queue, the database and the other callers."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Unpack

import psycopg
import pytest
from anyio import CancelScope, connect_unix, create_task_group, create_unix_listener, fail_after
from anyio.abc import ByteStream
from anyio.lowlevel import checkpoint
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import CharacterNotInRepertoire

from application.ports import Busy, KeyReused, Late, Receipt, Stale, Submission
from infrastructure.eventlog import sessions
from infrastructure.eventlog.batch import Encoded, Line, encoded
from infrastructure.eventlog.writer import ClockJumped, Writer
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import (
    HOUR,
    NOON,
    Hands,
    Said,
    Session,
    append,
    audited,
    book,
    end_sessions,
    entry,
    seeded,
    stream,
    submission,
)

pytestmark = pytest.mark.anyio

BRIEFLY = timedelta(milliseconds=80)
Answer = Receipt | Stale | Late
Connect = Callable[[], Awaitable[sessions.Session]]
entropy = seeded(3)


@pytest.fixture
def connect(database: Database) -> Connect:
    return lambda: sessions.connect(database.app_url)


def command(**said: Unpack[Said]) -> Encoded:
    return encoded(submission(entry(stream(), book()), **said), entropy)


def hand_in(writer: Writer, *commands: Encoded) -> list[asyncio.Task[Answer]]:
    return [asyncio.create_task(writer.append(one)) for one in commands]


async def answers(tasks: Iterable[asyncio.Task[Answer]]) -> list[Answer | BaseException]:
    """What each caller was told or had raised; all of them are told something."""
    with fail_after(20):
        return await asyncio.gather(*tasks, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    with fail_after(5):
        while not condition():
            await checkpoint()


WAITING = """
    SELECT FROM pg_locks
     WHERE locktype = 'advisory'
       AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""Other tests hold locks of the same number in databases of their own."""


@contextmanager
def held(owner: Session) -> Generator[Callable[[], bool]]:
    """Nobody gets the head lock meanwhile. Yields whether somebody waits for it."""
    with owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock('record.head'::regclass::bigint)")
        yield lambda: bool(owner.execute(WAITING).fetchall())


async def test_many_callers_are_recorded_each_once(connect: Connect, owner: Session) -> None:
    async with Writer(connect) as writer:
        receipts = await answers(hand_in(writer, *[command() for _ in range(200)]))
    assert {receipt.position for receipt in receipts if isinstance(receipt, Receipt)} == set(range(1, 201))
    assert audited(owner) == 200


async def test_half_of_those_who_come_go_in_a_batch(connect: Connect, owner: Session) -> None:
    async with Writer(connect) as writer:
        with held(owner) as awaited:
            tasks = hand_in(writer, command())
            await until(awaited)
            tasks += hand_in(writer, *[command() for _ in range(9)])
            await checkpoint()
        await answers(tasks)
    batches = owner.execute("SELECT count(*) FROM record.facts GROUP BY xmin ORDER BY min(position)").fetchall()
    assert batches == [(1,), (5,), (4,)]


async def test_commands_are_decided_in_the_order_in_which_they_were_handed_in(connect: Connect) -> None:
    s, into = stream(), book()
    async with Writer(connect) as writer:
        chain = [encoded(submission(entry(s, into), expected=((s, version),)), entropy) for version in range(150)]
        receipts = await answers(hand_in(writer, *chain))
    assert [receipt.position for receipt in receipts if isinstance(receipt, Receipt)] == list(range(1, 151))


async def test_a_full_queue_refuses_at_once(connect: Connect, owner: Session) -> None:
    async with Writer(connect, room=2) as writer:
        with held(owner) as awaited:
            tasks = hand_in(writer, command())
            await until(awaited)
            tasks += hand_in(writer, command(), command())
            await checkpoint()
            with pytest.raises(Busy):
                await writer.append(command())
        await answers(tasks)
    assert audited(owner) == 3


async def test_who_leaves_while_waiting_is_not_recorded_and_who_leaves_later_is(connect: Connect, owner: Session) -> None:
    async with Writer(connect) as writer:
        with held(owner) as awaited:
            (gone_in_flight,) = hand_in(writer, command())
            await until(awaited)
            gone_in_queue, patient = hand_in(writer, command(), command())
            await checkpoint()
            gone_in_flight.cancel()
            gone_in_queue.cancel()
        (receipt,) = await answers([patient])
    assert isinstance(receipt, Receipt)
    assert receipt.position == 2
    assert audited(owner) == 2


async def test_a_session_that_ends_in_flight_is_replaced_and_nothing_is_recorded_twice(
    connect: Connect, owner: Session, superuser: Session
) -> None:
    commands = [command() for _ in range(3)]
    async with Writer(connect) as writer:
        with held(owner) as awaited:
            tasks = hand_in(writer, *commands)
            await until(awaited)
            end_sessions(superuser)
        receipts = await answers(tasks)
    assert [isinstance(receipt, Receipt) and not receipt.repeated for receipt in receipts] == [True] * 3
    assert audited(owner) == 3


class Relay:
    """A network between the writer and the database that fails once: the first answer to a batch never arrives."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._asked = False
        self.lost = False

    async def carry(self, near: ByteStream) -> None:
        async with near, await connect_unix(self._database) as far, create_task_group() as both:
            both.start_soon(self._forth, near, far, both.cancel_scope)
            both.start_soon(self._back, far, near, both.cancel_scope)

    async def _forth(self, near: ByteStream, far: ByteStream, line: CancelScope) -> None:
        async for data in near:
            self._asked = self._asked or b'{"actor":' in data
            await far.send(data)
        line.cancel()

    async def _back(self, far: ByteStream, near: ByteStream, line: CancelScope) -> None:
        async for data in far:
            if self._asked and not self.lost:
                self.lost = True
                break
            await near.send(data)
        line.cancel()


async def test_a_lost_answer_is_found_again(database: Database, owner: Session) -> None:
    address = conninfo_to_dict(database.app_url)
    relay = Relay(Path(str(address["host"])) / f".s.PGSQL.{address['port']}")
    s, into = stream(), book()
    command = submission(entry(s, into), entry(s, into))
    with TemporaryDirectory() as folder:
        url = make_conninfo(database.app_url, host=folder, port=1)
        async with await create_unix_listener(Path(folder) / ".s.PGSQL.1") as listener, create_task_group() as network:
            network.start_soon(listener.serve, relay.carry)
            async with Writer(lambda: sessions.connect(url)) as writer:
                receipt = await writer.append(encoded(command, entropy))
                assert isinstance(receipt, Receipt)
                assert (receipt.command, receipt.position, receipt.repeated) == (command.command, 2, False)
                assert [mark.index for mark in receipt.marks] == [0, 1]
            network.cancel_scope.cancel()
    assert relay.lost
    assert audited(owner) == 2


async def test_a_database_that_does_not_come_back_makes_all_who_wait_busy() -> None:
    async def connect() -> sessions.Session:
        return await sessions.connect("host=/nowhere dbname=none")

    async with Writer(connect, patience=BRIEFLY) as writer:
        told = await answers(hand_in(writer, *[command() for _ in range(70)]))
    assert {type(answer) for answer in told} == {Busy}


async def test_a_database_that_comes_back_in_time_was_never_away(connect: Connect) -> None:
    tries = iter(range(3))

    async def late() -> sessions.Session:
        if next(tries) < 2:
            raise psycopg.OperationalError("the database system is starting up")
        return await connect()

    async with Writer(late) as writer:
        assert isinstance(await writer.append(command()), Receipt)


async def test_a_command_that_the_database_cannot_take_stops_nobody_else(connect: Connect, owner: Session) -> None:
    good = command()
    bad = command()
    line = bad.lines[0]
    bad = Encoded(bad.command, bad.key, (), (Line("nul \0", line.stream, line.book, line.salt, line.pieces),))
    async with Writer(connect) as writer:
        with held(owner) as awaited:
            tasks = hand_in(writer, command())
            await until(awaited)
            tasks += hand_in(writer, good, bad, command())
            await checkpoint()
        told = await answers(tasks)
    assert [type(answer) for answer in told] == [Receipt, Receipt, CharacterNotInRepertoire, Receipt]
    assert audited(owner) == 3


async def test_a_clock_that_jumped_is_said_so_and_passes(connect: Connect, owner: Session) -> None:
    hands = Hands(owner)
    async with Writer(connect) as writer:
        await writer.append(command())
        hands.move(NOON - HOUR)
        with pytest.raises(ClockJumped, match="the clock jumped: it says 2024-11-24 11:00:00"):
            await writer.append(command())
        hands.move(NOON + HOUR)
        assert isinstance(await writer.append(command()), Receipt)


async def test_who_waits_when_the_writer_closes_is_still_answered(connect: Connect, owner: Session) -> None:
    async with Writer(connect) as writer:
        tasks = hand_in(writer, *[command() for _ in range(70)])
        await checkpoint()
    assert {type(task.result()) for task in tasks} == {Receipt}
    assert [type(answer) for answer in await answers(hand_in(writer, command()))] == [Busy]
    assert audited(owner) == 70


async def test_two_writers_with_one_key_agree(connect: Connect, app: Session, owner: Session) -> None:
    def asked(request: bytes) -> Submission:
        return submission(entry(stream(), book()), key=b"k" * 16, request=request)

    async with Writer(connect) as writer:
        (first,) = append(app, asked(b"r" * 32))
        again = await writer.append(encoded(asked(b"r" * 32), entropy))
        with pytest.raises(KeyReused):
            await writer.append(encoded(asked(b"s" * 32), entropy))
    assert isinstance(first, Receipt)
    assert again == Receipt(first.command, first.position, first.marks, repeated=True)
    assert audited(owner) == 1
