"""What a forum answers while something fails: a client leaves, the queue is full, another process was first, the database is away."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from typing import Any, Final
from uuid import UUID

import pytest
from anyio import fail_after
from anyio.lowlevel import checkpoint
from httpx import AsyncClient, Response
from psycopg.sql import SQL, Identifier

from api.http.headers import positions
from api.settings import Settings
from domain.identity import BookId
from infrastructure.eventlog.postgres import PostgresEventLog
from infrastructure.eventlog.reads import MOST
from infrastructure.people import PostgresPeople
from infrastructure.postgres.embedded import Database
from infrastructure.projections.runner.runner import LOCK
from tests.api.scene import TEXT, NoHands, Room, beside, revised, room, served, tabled
from tests.databases import Worker
from tests.infrastructure.eventlog.scene import Session, audited, login

pytestmark = pytest.mark.anyio

PATIENCE: Final = 10
"""Seconds after which the program gives up on its database."""
LATELY: Final = 1.0
"""Seconds for which a read may trust a token that is revoked."""

DRAFT: Final = {
    "kind": "crisis-management-mechanism",
    "format": "plenary",
    "edition": "2026",
    "master": "en",
    "provisions": TEXT,
}
END_FEEDS: Final = """
    SELECT pg_terminate_backend(pid)
      FROM pg_stat_activity
     WHERE datname = current_database()
       AND usename = 'accord_app'
       AND query LIKE '%record.feed%'
"""

END_VIEWS: Final = """
    SELECT pg_terminate_backend(pid, 5000)
      FROM pg_stat_activity
     WHERE datname = current_database()
       AND (usename = 'accord_projector' OR query IN ('LISTEN projected', 'SELECT name, position FROM views.checkpoints'))
"""

Waited = Callable[[int], Awaitable[None]]


@pytest.fixture(scope="module")
def database(worker: Worker) -> Generator[Database]:
    """One for all of these, each of which has proposals and people of its own."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture(scope="module")
def owner(database: Database) -> Generator[Session]:
    with login(database.owner_url) as session:
        yield session


@pytest.fixture(scope="module")
def superuser(database: Database) -> Generator[Session]:
    with login(database.superuser_url) as session:
        yield session


@pytest.fixture(scope="module")
async def at(database: Database) -> AsyncGenerator[Room]:
    async with room(database, NoHands(), now=datetime.now(UTC)) as opened_room:
        yield opened_room


@contextmanager
def held(owner: Session) -> Generator[Waited]:
    """Nobody gets the head lock meanwhile. Yields what waits until so many batches stand before it."""

    async def waited(appends: int) -> None:
        with fail_after(5):
            while _standing_before_the_head(owner) < appends:
                await checkpoint()

    with owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock('record.head'::regclass::bigint)")
        yield waited


def _standing_before_the_head(owner: Session) -> int:
    row = owner.execute("""
        SELECT count(*)
          FROM pg_locks AS l
          JOIN pg_database AS d ON d.oid = l.database
         WHERE d.datname = current_database()
           AND l.locktype = 'advisory'
           AND l.mode = 'ExclusiveLock'
           AND NOT l.granted
    """).fetchone()
    assert row is not None
    return int(row[0])


def asked(at: Room, path: str, role: str, body: Any = None, **headers: str) -> "asyncio.Task[Response]":
    return asyncio.create_task(at.post(path, role, body, **{"If_Match": "*"} | headers))


async def another(at: Room, role: str, *, of: str) -> str:
    """A further person of a delegation, seated as an alternate: the path of the credential."""
    at.people[role] = (await at.done("/api/people", "secretary", {"name": role}))["id"]
    path = f"/api/delegations/{of}/credentials"
    invited = await at.done(path, f"head-{of}", {"person": at.people[role], "role": "alternate"})
    exchange = {"invitation": invited["invitation"], "expires": "2099-01-01T00:00:00Z"}
    at.roles[role] = (await at.done("/api/invitations", None, exchange))["token"]
    credentials = (await at.read(path, f"head-{of}"))["items"]
    return next(f"{path}/{known['id']}" for known in credentials if known["person"] == at.people[role])


def recorded(owner: Session, at: Room, role: str, key: str) -> int:
    """How many commands stand under the key: one or none."""
    kept = UUID(bytes=sha256(UUID(at.people[role]).bytes + b"\0" + key.encode()).digest()[:16])
    row = owner.execute("SELECT count(*) FROM record.facts WHERE key = %s", [kept]).fetchone()
    assert row is not None
    return int(row[0])


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def assert_busy(answer: Response) -> None:
    assert problem(answer) == (503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1


# A client leaves


def as_sent(at: Room, path: str, role: str, key: str) -> bytes:
    body = b'{"revision":0}'
    head = (
        f"POST {path} HTTP/1.1",
        "Host: accord.test",
        f"Authorization: Bearer {at.roles[role]}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


async def test_of_a_client_that_hangs_up_while_its_command_waits_the_command_is_recorded_once(at: Room, owner: Session) -> None:
    path = f"/api/proposals/{await tabled(at)}/endorsements"
    async with served(at.house) as port:
        with held(owner) as waited:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(as_sent(at, path, "head-JPN", "left"))
            await waited(1)
            writer.transport.abort()
        again = await at.post(path, "head-JPN", {"revision": 0}, Idempotency_Key="left")
        assert again.status_code == 201
        assert recorded(owner, at, "head-JPN", "left") == 1
        assert (await at.post(path, "head-USA", {"revision": 0})).status_code == 201
    audited(owner)


@pytest.mark.parametrize("missing", [1, 14, 30])
async def test_of_a_client_that_hangs_up_before_all_is_said_nothing_is_recorded(at: Room, owner: Session, missing: int) -> None:
    path, key = f"/api/proposals/{await tabled(at)}/endorsements", f"missing-{missing}"
    async with served(at.house) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(as_sent(at, path, "head-JPN", key)[:-missing])
        await writer.drain()
        writer.transport.abort()
        other = {"revision": 0, "reservation": "Only by day."}
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            headers = at.headers("head-JPN") | {"Idempotency-Key": key}
            assert (await client.post(path, json=other, headers=headers)).status_code == 201
    assert recorded(owner, at, "head-JPN", key) == 1


async def test_a_command_that_is_given_up_in_flight_is_recorded_once(at: Room, owner: Session) -> None:
    path = f"/api/proposals/{await tabled(at)}/endorsements"
    with held(owner) as waited:
        given_up = asked(at, path, "head-JPN", {"revision": 0}, Idempotency_Key="given-up")
        await waited(1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
    again = await at.post(path, "head-JPN", {"revision": 0}, Idempotency_Key="given-up")
    assert again.status_code == 201
    assert recorded(owner, at, "head-JPN", "given-up") == 1
    assert (await at.read(path.removesuffix("/endorsements"), "head-USA"))["endorsing"] == 2


# The queue is full


async def test_a_full_queue_turns_away_and_records_nothing_of_it(at: Room, database: Database, owner: Session) -> None:
    paths = [f"/api/proposals/{await tabled(at)}/endorsements" for _ in range(4)]
    async with beside(at, database, Settings(queue=1)) as narrow:
        with held(owner) as waited:
            tasks = [
                asked(narrow, path, "head-JPN", {"revision": 0}, Idempotency_Key=str(number))
                for number, path in enumerate(paths)
            ]
            turned_away, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await waited(1)
        done = await asyncio.gather(*waiting)
        for task in turned_away:
            assert_busy(task.result())
        for number, task in enumerate(tasks):
            assert recorded(owner, at, "head-JPN", str(number)) == (task.result().status_code == 201)
            again = await narrow.post(paths[number], "head-JPN", {"revision": 0}, Idempotency_Key=str(number))
            assert again.status_code == 201
    assert done
    audited(owner)


# Another process was first


async def test_of_two_processes_the_later_decides_again_on_what_the_earlier_recorded(
    at: Room, database: Database, owner: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    text = (await at.read(path, "head-KOR"))["provisions"]
    change = {"base": 0, "provisions": revised(text, p2="Answer within one hour."), "changes": {"p2": "substantive"}}
    async with beside(at, database) as other:
        with held(owner) as waited:
            revision = asked(at, f"{path}/revisions", "head-KOR", change)
            await waited(1)
            endorsement = asked(other, f"{path}/endorsements", "head-JPN", {"revision": 0})
            await waited(2)
        assert (await revision).status_code == 201
        assert problem(await endorsement) == (412, "revision-not-current")


async def test_what_is_set_aside_while_its_agenda_closes_elsewhere_ends_without_consensus(worker: Worker) -> None:
    agenda = "/api/editions/2026/agendas/plenary"
    async with AsyncExitStack() as stack:
        database = stack.enter_context(worker.database(worker.name))  # its own: nothing more is tabled once it is closed
        owner = stack.enter_context(login(database.owner_url))
        at = await stack.enter_async_context(room(database, NoHands(), now=datetime.now(UTC)))
        other = await stack.enter_async_context(beside(at, database))
        path = f"/api/proposals/{await tabled(at)}"
        await at.done(f"{agenda}/sittings", "secretary", {"held_on": "2026-09-08", "rule": "on-record"})
        await at.done(f"{agenda}/sittings/1/attendance", "secretary", {"present": ["CHN", "JPN", "KOR", "USA"]})
        await at.done(f"{path}/decision", "chair", {"sitting": 1, "revision": 0, "notice_waived": True})
        received = (await at.read(path, "chair"))["tabled"]
        late = {"revision": 0, "reason": "No.", "on_behalf_of": "CHN", "reference": "Fax", "received": received}
        await at.done(f"{path}/objections", "secretary", late)
        with held(owner) as waited:
            closing = asked(other, f"{agenda}/close", "chair", {})
            await waited(1)
            aside = asked(at, f"{path}/decision/set-aside", "chair", {"reason": "It lay in the post room."})
            await waited(2)
        assert [(await closing).status_code, (await aside).status_code] == [201, 201]
        assert (await at.read(path, "head-CHN"))["status"] == "no-consensus"


async def test_two_processes_number_what_is_tabled_at_the_same_time_one_after_the_other(
    at: Room, database: Database, owner: Session
) -> None:
    async with beside(at, database) as other:
        with held(owner) as waited:
            first = asyncio.create_task(tabled(at, "head-JPN"))
            await waited(1)
            second = asyncio.create_task(tabled(other, "head-USA"))
            await waited(2)
        made = [await first, await second]
        numbers = [(await at.read(f"/api/proposals/{proposal}", "head-CHN"))["number"] for proposal in made]
    assert len(set(numbers)) == 2
    audited(owner)


async def test_what_two_processes_accept_on_one_proposal_is_there_once(at: Room, database: Database, owner: Session) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    stances = ("no-objection", "abstain", "dissociate")
    async with beside(at, database) as other:
        accepted: list[str] = []
        for stance in stances:
            tasks = [
                asked(process, f"{path}/positions", role, {"revision": 0, "stance": stance}, Idempotency_Key=stance)
                for process, role in ((at, "head-JPN"), (other, "head-USA"), (at, "head-CHN"), (other, "head-JPN"))
            ]
            answers = await asyncio.gather(*tasks)
            assert [answer.status_code for answer in answers] == [201] * 4
            assert answers[0].content == answers[3].content
            accepted += [answer.json()["command"] for answer in answers[:3]]
        history = await at.read(f"{path}/history", "head-KOR")
    taken = [fact["command"] for fact in history["items"] if fact["type"] == "proposal.position-taken"]
    assert sorted(taken) == sorted(accepted)
    audited(owner)


# The database is away


@contextmanager
def away(superuser: Session, worker: Worker, database: Database) -> Generator[None]:
    """Nobody has a session with the database meanwhile, nor gets one."""
    name = Identifier(database.name)
    worker.session.execute(SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
    superuser.execute("""
        SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
         WHERE datname = current_database()
           AND usename IN ('accord_app', 'accord_projector')
    """)
    try:
        yield
    finally:
        worker.session.execute(SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(name))


async def test_what_is_asked_while_the_database_is_away_for_a_moment_is_answered_once_it_is_back(
    at: Room, worker: Worker, superuser: Session, database: Database, owner: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    assert isinstance(at.house.people, PostgresPeople)
    with away(superuser, worker, database):
        act = asked(at, f"{path}/endorsements", "head-JPN", {"revision": 0}, Idempotency_Key="away")
        page = asyncio.create_task(at.get("/api/proposals", "head-JPN"))
        with fail_after(PATIENCE):
            while at.house.follower.is_fresh:
                await checkpoint()
        assert not act.done()
    assert (await page).status_code == 200
    assert (await act).status_code == 201
    assert recorded(owner, at, "head-JPN", "away") == 1
    position = {"Accord_Position": (await act).headers["Accord-Position"]}
    with fail_after(PATIENCE):
        while (shown := await at.get("/api/proposals", "head-JPN", **position)).is_error:
            assert problem(shown) == (503, "lagging")
    rows = {row["id"]: row["endorsing"] for row in shown.json()["items"]}
    assert rows[path.removeprefix("/api/proposals/")] == 2


async def test_what_was_seen_is_not_unseen_where_the_views_went_back_in_a_crash(
    at: Room, superuser: Session, owner: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    done = await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0})
    position = {"Accord_Position": done["position"]}
    await at.read("/api/proposals", "head-JPN", **position)
    superuser.execute(END_VIEWS)
    superuser.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # nobody brings them up to the record yet
    owner.execute("UPDATE views.checkpoints SET position = 0")
    owner.execute("TRUNCATE views.proposal_versions, views.needs, views.drafts, views.prepared")
    assert (await at.read("/api/proposals", "head-JPN"))["total"] == 0
    asking = asyncio.create_task(at.get("/api/proposals", "head-JPN", **position))
    superuser.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    with fail_after(PATIENCE):
        while (shown := await asking).is_error:
            assert problem(shown) == (503, "lagging")
            asking = asyncio.create_task(at.get("/api/proposals", "head-JPN", **position))
    assert path.removeprefix("/api/proposals/") in [row["id"] for row in shown.json()["items"]]


async def test_a_list_that_is_behind_is_not_shown_to_whoever_has_seen_more(at: Room, owner: Session) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.read("/api/proposals", "head-JPN")
    done = await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0})
    await at.house.seen(positions(done["position"]), at.house.directory.all_books(), "proposals")
    with owner.transaction():
        owner.execute("SELECT FROM views.checkpoints FOR UPDATE")  # they stay there
        await at.done(f"{path}/endorsements", "head-USA", {"revision": 0})
        behind = await at.get("/api/proposals", "head-JPN", Accord_Position=done["position"])
    assert problem(behind) == (503, "lagging")


# What binds at once


async def test_a_revoked_token_binds_at_once_for_commands_and_within_a_second_for_reads(at: Room, database: Database) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    issued = await at.done("/api/me/tokens", "head-JPN", {"expires": "2099-01-01T00:00:00Z"})
    at.roles["second"] = issued["token"]
    async with beside(at, database) as other:
        assert (await other.get(path, "second")).status_code == 200
        assert (await at.client.delete(f"/api/me/tokens/{issued['id']}", headers=at.headers("second"))).status_code == 204
        revoked = monotonic()
        for process in (other, at):
            refused = await process.post(f"{path}/endorsements", "second", {"revision": 0})
            assert problem(refused) == (401, "unauthenticated")
        status, asked_at = 200, revoked
        while status == 200:
            assert asked_at - revoked <= LATELY
            asked_at = monotonic()
            status = (await other.get(path, "second")).status_code
        assert status == 401


async def test_an_ended_credential_binds_at_once_in_the_process_that_ended_it(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    credential = await another(at, "ended", of="JPN")
    assert (await at.get(path, "ended")).status_code == 200
    await at.done(f"{credential}/end", "head-JPN")
    refused = await at.post(f"{path}/endorsements", "ended", {"revision": 0})
    assert problem(refused) == (404, "not-found")
    assert (await at.get(path, "ended")).status_code == 404


async def test_an_act_that_was_decided_before_its_credential_ended_is_not_recorded_after(
    at: Room, database: Database, owner: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    credential = await another(at, "in-flight", of="JPN")
    async with beside(at, database) as other:
        with held(owner) as waited:
            ending = asked(at, f"{credential}/end", "head-JPN")
            await waited(1)
            act = asked(other, f"{path}/endorsements", "in-flight", {"revision": 0})
            await waited(2)
        assert (await ending).status_code == 201
        assert problem(await act) == (404, "not-found")
    assert (await at.read(path, "head-USA"))["endorsing"] == 1


async def unheard(superuser: Session, *processes: Room) -> None:
    """For half a second from now on none of these hears what the others record."""
    ended = 0
    with fail_after(5):
        while ended < len(processes):
            ended += len(superuser.execute(END_FEEDS).fetchall())
            await checkpoint()


async def test_an_ended_credential_binds_at_once_in_a_process_that_has_not_heard_of_it(
    at: Room, database: Database, superuser: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    credential = await another(at, "unheard", of="JPN")
    async with beside(at, database) as other:
        await unheard(superuser, at, other)
        await at.done(f"{credential}/end", "head-JPN")
        assert problem(await other.post(f"{path}/endorsements", "unheard", {"revision": 0})) == (404, "not-found")
    assert (await at.read(path, "head-USA"))["endorsing"] == 1


async def test_a_credential_whose_end_is_heard_of_in_the_middle_of_an_act_does_not_serve(
    at: Room, database: Database, superuser: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    credential = await another(at, "interrupted", of="JPN")
    async with beside(at, database, Settings(memory=0)) as other, AsyncExitStack() as stack:
        assert isinstance(other.house.log, PostgresEventLog)
        for _ in range(MOST):
            await stack.enter_async_context(other.house.log._reads._room)
        await unheard(superuser, at, other)
        (fact,) = (await at.done(f"{credential}/end", "head-JPN"))["facts"]
        act = asked(other, f"{path}/endorsements", "interrupted", {"revision": 0})
        with fail_after(5):
            await other.house.follower.reached(BookId(UUID(fact["book"])), fact["index"])
        await stack.aclose()
        assert problem(await act) == (404, "not-found")
    assert (await at.read(path, "head-USA"))["endorsing"] == 1


async def test_a_new_credential_serves_at_once_in_a_process_that_has_not_heard_of_it(
    at: Room, database: Database, superuser: Session
) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    async with beside(at, database) as other:
        await unheard(superuser, at, other)
        await another(at, "new", of="JPN")
        assert (await other.post(f"{path}/endorsements", "new", {"revision": 0})).status_code == 201


async def test_a_repetition_finds_its_first_answer_in_a_process_that_has_not_heard_of_it(
    at: Room, database: Database, superuser: Session
) -> None:
    async with beside(at, database) as other:
        await unheard(superuser, at, other)
        begun = await at.done("/api/drafts", "head-JPN", DRAFT)
        share = {"with": ["CHN", "USA"]}
        first = await asked(at, f"/api/drafts/{begun['id']}/share", "head-JPN", share, Idempotency_Key="shared")
        again = await asked(other, f"/api/drafts/{begun['id']}/share", "head-JPN", share, Idempotency_Key="shared")
    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)


async def test_a_draft_in_a_new_book_is_tabled_by_a_process_that_has_not_heard_of_the_book(
    at: Room, database: Database, superuser: Session
) -> None:
    async with beside(at, database) as other:
        await unheard(superuser, at, other)
        begun = await at.done("/api/drafts", "head-JPN", DRAFT)
        shared = await at.done(f"/api/drafts/{begun['id']}/share", "head-JPN", {"with": ["KOR"]})
        tabled_there = await other.post(f"/api/drafts/{shared['id']}/table", "head-JPN", If_Match="*")
    assert tabled_there.status_code == 201
