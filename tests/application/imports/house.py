"""What an import runs in, over a database of its own."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from os import urandom
from typing import Final

import psycopg
from msgspec import Struct

from application.acts.founding import entries
from application.clock import RecordClock
from application.directory import Directory
from application.follower import Follower
from application.ids import Ids
from application.imports import founding, roll_calls, unga
from application.imports.roll_calls import RollCalls
from application.imports.tallies import Tally
from application.memory import Memory
from application.ports import Receipt, Submission
from application.tracker import Tracker
from domain.forum.commands import FoundForum
from domain.identity import CommandId, DelegationCode, EditionCode
from domain.kernel import Fact, Recorded
from infrastructure.eventlog.mapper import READER
from infrastructure.eventlog.postgres import PostgresEventLog
from infrastructure.postgres.embedded import Database
from infrastructure.record import ciphers

HOST: Final = "unga.example"
HEADER: Final = "rcid,session,date,resolution,delegation,vote"


class House(Struct, frozen=True):
    log: PostgresEventLog
    memory: Memory
    follower: Follower
    tracker: Tracker

    async def found(self, command: FoundForum) -> None:
        secretary = founding.importer(command.host)
        _, facts = entries(command, secretary, self.tracker.ids)
        answer = await self.log.append(
            Submission(
                command=CommandId(self.tracker.ids.new()),
                entries=facts,
                expected=tuple((stream, 0) for stream in dict.fromkeys(entry.stream for entry in facts)),
                since=self.tracker.clock.now(),
                actor=secretary,
            )
        )
        assert isinstance(answer, Receipt)
        await self.follower.caught_up(answer.position)

    async def load(self, file: RollCalls, members: Iterable[DelegationCode] | None = None) -> dict[EditionCode, Tally]:
        members = tuple(members or file.delegations)
        if self.memory.forum_id is None:
            await self.found(founding.founding(HOST, members))
        loaded = await unga.load(self.tracker, self.log, self.memory, file, members=members, progress=lambda _: None)
        return loaded.tallies


@asynccontextmanager
async def house(database: Database, memory: int = 10_000) -> AsyncGenerator[House]:
    """A process that has read the whole record."""
    async with PostgresEventLog(database.app_url) as log:
        remembered = Memory(memory)
        clock = RecordClock()
        horizon = await log.horizon()
        clock.heard(horizon.at)
        follower = Follower(log, remembered)
        tracker = Tracker(log, remembered, follower, Directory(remembered), clock, Ids(urandom), ciphers.check)
        following = asyncio.create_task(follower.run())
        try:
            await follower.caught_up(horizon.position)
            yield House(log, remembered, follower, tracker)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


def file(*rows: str) -> RollCalls:
    return roll_calls.read([HEADER, *rows])


def facts(database: Database) -> list[Recorded[Fact]]:
    """All of the record, in order."""
    with psycopg.connect(database.owner_url) as session:
        rows = session.execute("SELECT type, version, envelope FROM record.facts ORDER BY position").fetchall()
    return [READER.recorded(*row) for row in rows]
