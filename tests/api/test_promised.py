"""What a command's answer promises, and the announcement of the keys that sign."""

from base64 import b64decode
from collections.abc import AsyncGenerator, Sequence, Set
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from httpx import Response
from msgspec.structs import replace

from api.http.headers import render_promises
from application.ports import Mark, SignerKeys
from application.promises import MOST, NoPromise, Promises
from application.reactions.announcing import announce
from domain.identity import BookId, StreamId
from domain.record import note, promise
from domain.record.checkpoint import origin_of
from domain.record.envelope import instant
from domain.record.note import Kind, VerifierKey, signers
from domain.record.promise import Promise, Promised
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import HOLDS
from infrastructure.record.signer import keys
from infrastructure.record.signer.core import Core
from tests.api.scene import FOUNDING, NOON, Room, beside, room
from tests.domain.cast import an_id
from tests.infrastructure.eventlog.scene import Hands
from tests.infrastructure.record.keeping import Notary

KEY = {"purpose": "acts", "kind": "ed25519", "public": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
JAPAN = "/api/delegations/JPN/keys"


@pytest.fixture
async def at(database: Database, hands: Hands, notary: Notary) -> AsyncGenerator[Room]:
    async with room(database, hands, signer=notary) as opened:
        yield opened


def promised(answer: Response, notary: Notary) -> list[Promise]:
    """What an answer promises, each under the promise key."""
    found = [note.parsed(b64decode(part)) for part in answer.headers["Accord-Promise"].split(", ")]
    (public,) = notary.core.keys().promises
    key = VerifierKey(f"{FOUNDING.host}/promise", Kind.ED25519, public)
    assert all(signers(one, [key], HOLDS) == {key} for one in found)
    return [promise.parsed(one.text) for one in found]


def kept(database: Database, facts: Sequence[dict[str, Any]]) -> set[tuple[str, Promised]]:
    """What the record has of these facts, with their book's origin."""
    with psycopg.connect(database.owner_url) as owner:
        rows = [
            owner.execute(
                "SELECT book, index, commit, at FROM record.facts WHERE book = %s AND index = %s", [fact["book"], fact["index"]]
            ).fetchone()
            for fact in facts
        ]
    return {(origin_of(FOUNDING.host, row[0]), Promised(*row[1:])) for row in rows if row}


async def test_a_command_is_promised_to_stand_where_the_record_has_it(at: Room, database: Database, notary: Notary) -> None:
    answer = await at.post(JAPAN, "head-JPN", KEY, Accord_Promise="1")
    facts = answer.json()["facts"]
    found = {(one.origin, fact) for one in promised(answer, notary) for fact in one.facts}
    assert len(facts) == 1
    assert found == kept(database, facts)
    assert [instant(fact.at) for _, fact in found] == [facts[0]["at"].replace("Z", ".000000Z")]


async def test_facts_in_several_books_are_promised_book_by_book(at: Room, database: Database, notary: Notary) -> None:
    described = {"code": "PRK", "names": {"en": "North Korea"}, "time_zone": "Asia/Pyongyang"}
    answer = await at.post("/api/delegations", "secretary", described, Accord_Promise="1")
    found = promised(answer, notary)
    assert {(one.origin, fact) for one in found for fact in one.facts} == kept(database, answer.json()["facts"])
    assert len({one.origin for one in found}) == len(found)


async def test_nobody_is_promised_what_they_did_not_ask_for(at: Room) -> None:
    assert "Accord-Promise" not in (await at.post(JAPAN, "head-JPN", KEY)).headers


@pytest.mark.parametrize("given", ["0", "yes", "1, 1", ""])
async def test_another_wish_is_malformed_and_nothing_is_recorded(at: Room, given: str) -> None:
    answer = await at.post(JAPAN, "head-JPN", KEY, Accord_Promise=given)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")
    assert (await at.read(JAPAN, "head-JPN"))["items"] == []


async def test_where_the_signer_is_away_the_command_stands_and_the_answer_says_so(at: Room, notary: Notary) -> None:
    notary.away = True
    away = await at.post(JAPAN, "head-JPN", KEY, Accord_Promise="1", Idempotency_Key="k")
    assert (away.status_code, away.headers["Accord-Promise"]) == (201, "none; reason=signer-away")
    notary.away = False
    again = await at.post(JAPAN, "head-JPN", KEY, Accord_Promise="1", Idempotency_Key="k")
    assert again.content == away.content
    assert promised(again, notary)
    unasked = await at.post(JAPAN, "head-JPN", KEY, Idempotency_Key="k")
    assert (unasked.content, "Accord-Promise" in unasked.headers) == (away.content, False)


async def test_a_refusal_promises_nothing(at: Room) -> None:
    answer = await at.post(JAPAN, "head-CHN", KEY, Accord_Promise="1")
    assert (answer.status_code, "Accord-Promise" in answer.headers) == (403, False)


async def test_a_forum_without_a_signer_promises_nothing(at: Room, database: Database) -> None:
    async with beside(at, database) as other:
        answer = await other.post(JAPAN, "head-JPN", KEY, Accord_Promise="1")
        assert (answer.status_code, answer.headers["Accord-Promise"]) == (201, "none; reason=signer-away")


class Zeros:
    """A record whose every commitment is zero."""

    async def commitments(self, books: Set[BookId], book: BookId, first: int, most: int) -> Sequence[bytes]:
        assert book in books
        return [bytes(32) for _ in range(first, first + most)]


async def test_more_facts_than_go_into_a_header_are_not_promised(notary: Notary) -> None:
    promises, book = Promises(notary, Zeros()), BookId(an_id("book"))
    marks = [Mark("proposal.lapsed", StreamId(an_id("stream")), book, index, NOON) for index in range(MOST + 1)]
    (found,) = await promises.of("forum.example", marks[:MOST])
    assert [fact.index for fact in promise.parsed(found.text).facts] == list(range(MOST))
    assert len(render_promises([bytes(found)])) < 4000
    with pytest.raises(NoPromise, match="too-many-facts"):
        await promises.of("forum.example", marks)
    assert await promises.of("forum.example", []) == ()


async def test_keys_are_announced_once_whichever_process_is_first(at: Room, database: Database, notary: Notary) -> None:
    found = notary.core.keys()
    async with beside(at, database) as other:
        await announce(at.house.tracker, found)
        await announce(other.house.tracker, found)
        await announce(at.house.tracker, found)
    with psycopg.connect(database.owner_url) as owner:
        rows = owner.execute(
            "SELECT convert_from(envelope, 'UTF8')::jsonb FROM record.facts WHERE type = 'forum.signer-key-announced'"
        ).fetchall()
    ((envelope,),) = rows
    assert (envelope["actor"], envelope["delegation"], envelope["credential"]) == (None, None, None)
    assert [b64decode(octets) for octets in envelope["data"]["logs"]] == list(found.logs)
    assert [b64decode(octets) for octets in envelope["data"]["promises"]] == list(found.promises)


async def test_a_new_key_is_announced_beside_the_old_and_the_end_of_that_too(at: Room, notary: Notary, tmp_path: Path) -> None:
    folder, now = tmp_path / "signer", at.now
    await announce(at.house.tracker, notary.core.keys())
    keys.rotate(folder, "log", now, timedelta(days=30))
    for moment in (now, now + timedelta(days=30)):
        with Core(folder, lambda moment=moment: moment) as core:
            await announce(at.house.tracker, core.keys())
    first, both, last = at.house.directory.forum().announced
    assert both.logs[1:] == first.logs
    assert last.logs == both.logs[:1]
    assert first.promises == both.promises == last.promises


async def test_keys_that_sign_again_are_announced_again(at: Room) -> None:
    one, other = SignerKeys((bytes(32),), (b"\1" * 32,)), SignerKeys((b"\2" * 32,), (b"\1" * 32,))
    for found in (one, other, one):
        await announce(at.house.tracker, found)
    assert len(at.house.directory.forum().announced) == 3


async def test_what_is_imported_later_would_lie_before_an_announcement_so_an_import_makes_none(
    database: Database, hands: Hands, notary: Notary
) -> None:
    async with room(database, hands, founding=replace(FOUNDING, kind="import")) as at:
        await announce(at.house.tracker, notary.core.keys())
        assert at.house.directory.forum().announced == ()
