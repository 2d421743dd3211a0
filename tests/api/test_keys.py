"""The keys of delegations over HTTP."""

from base64 import b64encode
from typing import Any

import anyio
import psycopg
import pytest

from domain.forum.events import KeyKind, KeyPurpose
from domain.forum.keys import key_id
from domain.identity import DelegationCode
from infrastructure.postgres.embedded import Database
from tests.api.scene import Room, beside, introduced

JAPAN = "/api/delegations/JPN/keys"
OCTETS = bytes(range(32))
ID = key_id(KeyKind.ED25519, OCTETS)


def key(octets: bytes = OCTETS, purpose: str = "acts", kind: str = "ed25519") -> dict[str, str]:
    return {"purpose": purpose, "kind": kind, "public": b64encode(octets).decode()}


async def test_a_head_registers_a_key_and_ends_it(at: Room) -> None:
    done = await at.done(JAPAN, "head-JPN", key())
    assert [fact["type"] for fact in done["facts"]] == ["delegation.key-registered"]
    (shown,) = (await at.read(JAPAN, "head-CHN"))["items"]
    assert shown == {"id": ID, **key(), "registered": done["facts"][0]["at"], "ended": None}
    known = at.house.directory.keys(DelegationCode("JPN"))
    assert [found.id for found in known.serving(KeyPurpose.ACTS, at.now)] == [ID]

    at.turn(hours=1)
    ended = await at.done(f"{JAPAN}/{ID}/end", "head-JPN")
    (shown,) = (await at.read(JAPAN, "head-CHN"))["items"]
    assert shown["ended"] == ended["facts"][0]["at"]
    assert at.house.directory.keys(DelegationCode("JPN")).serving(KeyPurpose.ACTS, at.now) == ()
    again = await at.post(f"{JAPAN}/{ID}/end", "head-JPN", If_Match="*")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/key-has-ended")


@pytest.mark.parametrize("role", ["adviser-JPN", "head-CHN", "secretary", "chair"])
async def test_nobody_but_its_head_does(at: Room, role: str) -> None:
    for door, said in ((JAPAN, key()), (f"{JAPAN}/{ID}/end", None)):
        answer = await at.post(door, role, said, If_Match="*")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/may-not")


@pytest.mark.parametrize("role", [None, "auditor"])
async def test_whom_the_forums_book_is_closed_to_finds_no_keys(at: Room, role: str | None) -> None:
    await at.done(JAPAN, "head-JPN", key())
    nowhere = await at.get("/api/delegations/XXX/keys", role)
    assert (await at.get(JAPAN, role)).content == nowhere.content
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        (key(kind="rsa"), 400, "malformed"),
        ({**key(), "public": "Not base64!"}, 400, "malformed"),
        (key(bytes(31)), 422, "key-wrong"),
        (key(bytes(1312), kind="ml-dsa-44"), 422, "key-kind-unfit"),
    ],
)
async def test_what_is_no_key_is_refused(at: Room, said: dict[str, Any], status: int, code: str) -> None:
    answer = await at.post(JAPAN, "head-JPN", said)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


async def test_one_key_is_of_one_delegation_also_where_two_come_at_once_to_two_processes(at: Room, database: Database) -> None:
    answers: list[int] = []
    async with beside(at, database) as other, anyio.create_task_group() as group:

        async def register(room: Room, code: str) -> None:
            answers.append((await room.post(f"/api/delegations/{code}/keys", f"head-{code}", key())).status_code)

        group.start_soon(register, at, "JPN")
        group.start_soon(register, other, "USA")
    assert sorted(answers) == [201, 409]
    with psycopg.connect(database.owner_url) as owner:
        found = owner.execute("SELECT count(*) FROM record.facts WHERE type = 'delegation.key-registered'").fetchone()
    assert found == (1,)


async def test_to_end_a_key_one_says_which_state_one_has_read(at: Room) -> None:
    await at.done(JAPAN, "head-JPN", key())
    door = f"{JAPAN}/{ID}/end"
    read = (await at.get(JAPAN, "head-JPN")).headers["ETag"]
    await at.done(JAPAN, "head-JPN", key(bytes(32)))
    assert (await at.post(door, "head-JPN")).status_code == 428
    assert (await at.post(door, "head-JPN", If_Match=read)).status_code == 412
    read = (await at.get(JAPAN, "head-JPN")).headers["ETag"]
    assert (await at.post(door, "head-JPN", If_Match=read)).status_code == 201


async def test_an_auditor_of_the_forums_book_reads_the_keys(at: Room) -> None:
    await introduced(at, "reader")
    (forum,) = (book["id"] for book in (await at.read("/api/me", "head-CHN"))["books"] if book["audience"]["kind"] == "forum")
    for code in ("CHN", "JPN", "KOR", "USA"):
        await at.done(f"/api/books/{forum}/readers", f"head-{code}", {"person": at.people["reader"]})
    assert (await at.read(JAPAN, "reader"))["items"] == []
