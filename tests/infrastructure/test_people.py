"""People, and the tokens by which they are known."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from application.people import PersonShown, TokenId, UnknownPersonError, hashed
from application.ports import Busy
from domain.identity import PersonId
from infrastructure.eventlog.reads import MOST
from infrastructure.people import PostgresPeople
from infrastructure.postgres.embedded import Database
from tests.databases import Worker
from tests.domain.cast import ALICE, an_id
from tests.infrastructure.eventlog.scene import HOUR, NOON, Hands, end_sessions, login

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def database(worker: Worker) -> Iterator[Database]:
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture(scope="module")
def hands(database: Database) -> Iterator[Hands]:
    with login(database.owner_url) as owner:
        yield Hands(owner)


@pytest.fixture
def now(hands: Hands) -> Hands:
    hands.move(NOON)
    return hands


class Seconds:
    """A process's own clock, moved by hand."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture(scope="module")
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="module")
async def people(database: Database, hands: Hands, seconds: Seconds) -> AsyncIterator[PostgresPeople]:
    assert hands, "the clock stands at noon before anybody is added"
    async with PostgresPeople(database.app_url, entropy=Random(5).randbytes, elapsed=seconds) as people:
        yield people


async def test_a_person_is_known_by_name_and_by_token(people: PostgresPeople) -> None:
    akari, ben = await people.add("秋山 あかり"), await people.add("Ben Carter")
    issued = await people.issue(akari, "laptop")

    assert await people.names([akari, ben, ALICE]) == {akari: "秋山 あかり", ben: "Ben Carter"}
    assert await people.names([]) == {}
    assert await people.person_of(issued.token) == akari
    assert issued.token.startswith("acc_")
    assert len(issued.token) == 4 + 43


@pytest.mark.parametrize("token", ["", "acc_", "acc_" + "A" * 43, "\ud800", "x" * 100_000])
async def test_nobody_is_known_by_what_is_no_token(people: PostgresPeople, token: str) -> None:
    assert await people.person_of(token) is None
    assert await people.person_lately(token) is None


async def test_a_token_holds_before_it_expires(people: PostgresPeople, now: Hands) -> None:
    akari = await people.add("Akari")
    issued = await people.issue(akari, "for an hour", NOON + HOUR)

    now.move(NOON + HOUR - MICROSECOND)
    assert await people.person_of(issued.token) == akari
    now.move(NOON + HOUR)
    assert await people.person_of(issued.token) is None


async def test_of_many_tokens_those_are_told_that_hold(people: PostgresPeople, now: Hands) -> None:
    akari, ben = await people.add("Akari"), await people.add("Ben")
    lasting, ending = await people.issue(akari, "laptop"), await people.issue(ben, "for an hour", NOON + HOUR)
    both = {hashed(lasting.token), hashed(ending.token)}

    assert await people.holding([*both, hashed("acc_none")]) == both
    assert await people.holding([]) == set()
    now.move(NOON + HOUR)
    assert await people.holding(both) == {hashed(lasting.token)}
    await people.revoke(akari, lasting.id)
    assert await people.holding(both) == set()


async def test_a_revoked_token_binds_at_once_and_within_a_second_for_reads(people: PostgresPeople, seconds: Seconds) -> None:
    akari = await people.add("Akari")
    issued = await people.issue(akari, "lost")
    assert await people.person_lately(issued.token) == akari

    assert await people.revoke(akari, issued.id)

    assert await people.person_of(issued.token) is None
    seconds.passed += 0.99
    assert await people.person_lately(issued.token) == akari
    seconds.passed += 0.01
    assert await people.person_lately(issued.token) is None


async def test_an_answer_ages_even_if_it_is_asked_for_again(people: PostgresPeople, seconds: Seconds) -> None:
    akari = await people.add("Akari")
    issued = await people.issue(akari, "laptop")
    for _ in range(3):
        assert await people.person_lately(issued.token) == akari
        seconds.passed += 0.4
    await people.revoke(akari, issued.id)
    seconds.passed += 0.6
    assert await people.person_lately(issued.token) is None


async def test_one_revokes_ones_own_tokens_once(people: PostgresPeople) -> None:
    akari, ben = await people.add("Akari"), await people.add("Ben")
    issued = await people.issue(akari, "laptop")

    assert not await people.revoke(ben, issued.id)
    assert not await people.revoke(akari, TokenId(an_id("no token")))
    assert await people.person_of(issued.token) == akari
    assert await people.revoke(akari, issued.id)
    assert not await people.revoke(akari, issued.id)


async def test_tokens_are_listed_without_what_they_are(people: PostgresPeople, now: Hands) -> None:
    akari = await people.add("Akari")
    first = await people.issue(akari, "laptop", NOON + HOUR)
    now.move(NOON + HOUR / 2)
    second = await people.issue(akari, "phone")
    await people.revoke(akari, second.id)

    tokens = await people.tokens(akari)

    assert [(t.id, t.person, t.label) for t in tokens] == [(second.id, akari, "phone"), (first.id, akari, "laptop")]
    assert [(t.created, t.expires, t.revoked) for t in tokens] == [
        (NOON + HOUR / 2, None, NOON + HOUR / 2),
        (NOON, NOON + HOUR, None),
    ]
    assert first.token not in repr(tokens)


async def test_an_invitation_is_exchanged_for_a_token_once(people: PostgresPeople) -> None:
    akari = await people.add("Akari")
    invitation = await people.invite(akari)

    answers = await asyncio.gather(*(people.exchange(invitation, "laptop") for _ in range(4)))

    (issued,) = [answer for answer in answers if answer is not None]
    assert issued.person == await people.person_of(issued.token) == akari
    assert [token.id for token in await people.tokens(akari)] == [issued.id]
    assert await people.exchange(invitation, "again") is None
    assert await people.exchange("inv_" + "A" * 43, "guessed") is None
    assert await people.person_of(invitation) is None, "an invitation is no token"
    assert await people.exchange(issued.token, "a token is no invitation") is None


async def test_nobody_is_given_a_token_whom_nobody_added(people: PostgresPeople) -> None:
    nobody = PersonId(an_id("nobody"))
    with pytest.raises(UnknownPersonError):
        await people.issue(nobody, "laptop")
    with pytest.raises(UnknownPersonError):
        await people.invite(nobody)


async def test_a_name_that_was_erased_is_no_name(people: PostgresPeople, database: Database) -> None:
    akari = await people.add("Akari")
    with login(database.owner_url) as owner:
        owner.execute("UPDATE people.person SET name = NULL WHERE id = %s", [akari])
    assert await people.names([akari]) == {}


async def test_a_name_is_changed_until_it_is_erased(people: PostgresPeople) -> None:
    akari, ben = await people.add("Akari"), await people.add("Ben")
    assert await people.rename(akari, "Akiyama Akari")
    await people.erase(akari)
    assert not await people.rename(akari, "Akari")
    assert not await people.rename(ALICE, "Alice")
    await people.introduce(akari, "Akari")
    assert await people.find(akari) == PersonShown(akari, None)
    assert await people.find(ben) == PersonShown(ben, "Ben")
    assert await people.find(ALICE) is None


async def test_the_erased_row_is_swept_however_little_there_is_to_sweep(app: psycopg.Connection[Any]) -> None:
    ((options,),) = app.execute("SELECT reloptions FROM pg_class WHERE oid = 'people.person'::regclass").fetchall()
    assert set(options) >= {"autovacuum_vacuum_threshold=0", "autovacuum_vacuum_scale_factor=0"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT sha256 FROM people.token",
        "SELECT * FROM people.token",
        "SELECT id FROM people.token WHERE sha256 = '\\x00'",
        "INSERT INTO people.token (id, person, sha256, label) SELECT id, person, sha256, label FROM people.token RETURNING sha256",
        "UPDATE people.token SET person = id",
        "UPDATE people.token SET sha256 = sha256",
        "DELETE FROM people.token",
        "SELECT sha256 FROM people.invitation",
        "UPDATE people.invitation SET used = NULL",
        "DELETE FROM people.invitation",
        "UPDATE people.person SET name = 'somebody else'",
        "DELETE FROM people.person",
    ],
)
def test_the_app_can_read_no_hash_and_change_nobody(app: psycopg.Connection[Any], statement: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute(statement)


async def test_a_lookup_whose_session_was_ended_asks_another(people: PostgresPeople, database: Database) -> None:
    akari = await people.add("Akari")
    issued = await people.issue(akari, "laptop")
    with login(database.superuser_url) as superuser:
        end_sessions(superuser)
    assert await people.person_of(issued.token) == akari


async def test_who_waits_in_vain_for_the_database_is_told_so(database: Database) -> None:
    async with PostgresPeople(database.app_url, patience=0.1) as people, AsyncExitStack() as stack:
        for _ in range(people._pool.max_size):
            await stack.enter_async_context(people._pool.connection(timeout=60))
        for _ in range(MOST):
            await stack.enter_async_context(people._questions._room)
        with pytest.raises(Busy):
            await people.person_of("acc_")
        with pytest.raises(Busy):
            await people.add("Akari")
