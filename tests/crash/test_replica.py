"""What a replica holds it may answer; what it does not, the primary does. Whoever asks notices no difference."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import anyio
import psycopg
import pytest
from anyio.lowlevel import checkpoint
from psycopg import Connection

from domain.identity import PersonId
from infrastructure.eventlog.sessions import Session
from infrastructure.people import LATELY
from infrastructure.postgres.embedded import Database, Server
from infrastructure.postgres.migrate import migrate
from infrastructure.postgres.roles import create_database
from infrastructure.replica import PATIENCE as AWAITED
from infrastructure.replica import RECORD, Replica
from tests.api.scene import Room, beside, room, seeded, tabled
from tests.crash.machine import place
from tests.crash.standby import Standby, one, standby
from tests.infrastructure.eventlog.scene import Hands

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

PATIENCE: Final = 30
"""Seconds in which a replica catches up, or comes back."""
MANY: Final = 20

LIST: Final = "/api/proposals"
FIGURES: Final = "/api/progress"
LAST_ASKED: Final = b"""
    SELECT coalesce(extract(epoch FROM max(query_start)), 0)
      FROM pg_stat_activity
     WHERE usename = 'accord_app' AND query LIKE %s
"""
SHOWN: Final = b"""
    SELECT status FROM views.proposal_versions WHERE at_from <= %s AND coalesce(at_to, 'infinity') > %s
"""


@dataclass
class Pair:
    """Two servers, and which of them answered."""

    primary: Connection[tuple[Any, ...]]
    replica: Connection[tuple[Any, ...]]

    async def read(self, at: Room, path: str, role: str = "head-USA", **headers: str) -> tuple[Any, str]:
        """The answer, and who gave it: the primary if it was asked for it, else there is only the replica."""
        mark = {LIST: "views.proposal_versions", FIGURES: "edition AS MATERIALIZED"}.get(path, "record.stream")
        before = one(self.primary, LAST_ASKED, f"%{mark}%")
        answer = await at.read(path, role, **headers)
        return answer, "replica" if one(self.primary, LAST_ASKED, f"%{mark}%") == before else "primary"

    async def answers_from_the_replica(self, at: Room, *paths: str) -> None:
        """Wait until it does; while it does not, the primary answers."""
        with anyio.fail_after(PATIENCE):
            for path in paths:
                while (await self.read(at, path))[1] != "replica":
                    pass

    @contextmanager
    def paused(self) -> Generator[None]:
        """The replica stays as it is."""
        self.replica.execute("SELECT pg_wal_replay_pause()")
        while one(self.replica, b"SELECT pg_get_wal_replay_pause_state()") != "paused":
            pass
        try:
            yield
        finally:
            self.replica.execute("SELECT pg_wal_replay_resume()")


@dataclass
class Scene:
    database: Database
    standby: Standby
    pair: Pair
    at: Room
    """A process without the replica."""
    other: Room
    """One with it."""


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with place() as folder, Server(folder) as running:
        yield running


@pytest.fixture
async def on(server: Server, request: pytest.FixtureRequest) -> AsyncGenerator[Scene]:
    """Each test has a database and a replica of its own."""
    async with scene(server, f"of_{id(request):x}") as opened:
        yield opened


@asynccontextmanager
async def scene(server: Server, name: str) -> AsyncGenerator[Scene]:
    with psycopg.connect(server.database("postgres").superuser_url, autocommit=True) as session:
        create_database(session, name)
    database = server.database(name)
    migrate(database.owner_url)
    with (
        place() as folder,
        standby(server, folder) as copy,
        psycopg.connect(database.superuser_url, autocommit=True) as primary,
        psycopg.connect(copy.at(database.superuser_url), autocommit=True) as other,
        psycopg.connect(database.owner_url, autocommit=True) as owner,
    ):
        async with (
            room(database, Hands(owner), reacts=False) as at,
            beside(at, database, read=copy.at(database.app_url)) as reader,
        ):
            yield Scene(database, copy, Pair(primary, other), at, reader)


async def test_no_answer_is_behind_and_no_deadline_shows_what_a_slower_objection_undoes(on: Scene) -> None:
    pair, at, other = on.pair, on.at, on.other
    path = f"/api/proposals/{await tabled(at)}"
    deadline = at.now + timedelta(minutes=1)
    await at.done(f"{path}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    paths = (LIST, FIGURES, f"{path}/history")
    await pair.answers_from_the_replica(other, *paths)
    for asked in paths:
        assert await other.read(asked, "head-USA") == await at.read(asked, "head-USA")
    with pair.paused():
        at.turn(to=deadline - timedelta(seconds=1))
        objected = await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
        after = at.turn(to=deadline + timedelta(hours=1))
        assert pair.replica.execute(SHOWN, (after, after)).fetchall() == [("adopted",)]
        for headers in ({"Accord_Position": objected["position"]}, *[{}] * MANY):
            listed, by = await pair.read(other, LIST, **headers)
            assert [item["status"] for item in listed["items"]] == ["open"]
            figures, counted = await pair.read(other, FIGURES, **headers)
            assert figures == await at.read(FIGURES, "head-USA")
            told, said = await pair.read(other, f"{path}/history", **headers)
            assert told["items"][-1]["type"] == "proposal.silence-broken"
            assert {by, counted, said} == {"primary"}
    await pair.answers_from_the_replica(other, *paths)
    for asked in paths:
        assert await other.read(asked, "head-USA") == await at.read(asked, "head-USA")


async def test_what_was_recorded_at_the_same_instant_is_listed_by_whoever_answers(on: Scene) -> None:
    for count in range(MANY):
        on.at.turn(seconds=1)
        assert (await on.other.read(LIST, "head-USA"))["total"] == count
        await tabled(on.at)
        assert (await on.other.read(LIST, "head-USA"))["total"] == count + 1


async def test_a_replica_that_is_behind_is_not_asked_until_it_has_caught_up(on: Scene) -> None:
    asked: list[None] = []

    async def question(session: Session) -> str:
        asked.append(None)
        return str(await (await session.execute("SELECT 1")).fetchone())

    async with Replica(on.standby.at(on.database.app_url), on.database.app_url) as replica:
        begun = await on.at.house.log.horizon()
        with anyio.fail_after(PATIENCE):
            while await replica.ask(question, RECORD, begun.position) is None:
                await checkpoint()
        with on.pair.paused():
            await tabled(on.at)
            end = await on.at.house.log.horizon()
            assert await replica.ask(question, RECORD, end.position) is None
            before = len(asked)
            for _ in range(MANY):
                assert await replica.ask(question, RECORD, end.position) is None
            assert len(asked) == before
        with anyio.fail_after(PATIENCE):
            while await replica.ask(question, RECORD, end.position) is None:
                await checkpoint()
        assert len(asked) == before + 1


async def test_a_token_that_was_revoked_reads_nothing_from_a_replica_that_has_not_heard_of_it(on: Scene) -> None:
    pair, at, other = on.pair, on.at, on.other
    await tabled(at)
    await pair.answers_from_the_replica(other, LIST)
    person = PersonId(UUID(at.people["auditor"]))
    (token,) = await at.house.people.tokens(person)
    assert (await other.get(LIST, "auditor")).status_code == 200
    with pair.paused():
        revoked = monotonic()
        assert await at.house.people.revoke(person, token.id)
        while (await other.get(LIST, "auditor")).status_code != 401:
            assert monotonic() - revoked < LATELY + 1
        assert (await pair.read(other, LIST))[1] == "replica"


async def test_a_replica_that_is_away_or_stands_still_is_not_missed(on: Scene) -> None:
    pair, at, other = on.pair, on.at, on.other
    await tabled(at)
    await pair.answers_from_the_replica(other, LIST)
    with on.standby.held(), anyio.fail_after(AWAITED + 1):
        for _ in range(MANY):
            assert (await other.read(LIST, "head-USA"))["total"] == 1
    await pair.answers_from_the_replica(other, LIST)
    on.standby.stop()
    for _ in range(MANY):
        assert (await other.read(LIST, "head-USA"))["total"] == 1
    on.standby.start()
    with psycopg.connect(on.standby.at(on.database.superuser_url), autocommit=True) as back:
        await Pair(pair.primary, back).answers_from_the_replica(other, LIST)


async def test_a_server_that_follows_no_longer_or_has_another_record_is_no_replica(on: Scene) -> None:
    pair, at, other = on.pair, on.at, on.other
    await tabled(at)
    await pair.answers_from_the_replica(other, LIST)
    create_database(pair.primary, "stranger")
    stranger = on.standby.server.database("stranger")
    migrate(stranger.owner_url)
    with psycopg.connect(stranger.owner_url, autocommit=True) as owner:
        async with room(stranger, Hands(owner), reacts=False, entropy=seeded(11)) as elsewhere:
            await tabled(elsewhere)
            await elsewhere.caught_up()
    async with beside(at, on.database, read=on.standby.at(stranger.app_url)) as misled:
        for _ in range(MANY):
            assert (await pair.read(misled, LIST))[1] == "primary"
    on.standby.promote()
    for _ in range(MANY):
        assert (await pair.read(other, LIST))[1] == "primary"
