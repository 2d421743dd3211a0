"""Acts that a delegation signs, over HTTP: what was signed is what is done, once, or it is refused."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import anyio
import psycopg
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import Response
from msgspec.structs import replace

from domain.forum.events import KeyKind
from domain.forum.keys import key_id
from domain.identity import DelegationCode, KeyId
from domain.record.envelope import opened
from domain.record.signedact import SigningKey, fault_of
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import check
from tests.api.scene import FOUNDING, Room, beside, revised, room, tabled
from tests.infrastructure.eventlog.scene import Hands

NONCES = count(1)


@dataclass
class Delegate:
    """Somebody who signs for a delegation, with a key of its own."""

    at: Room
    code: str = "JPN"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def role(self) -> str:
        return f"head-{self.code}"

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def key(self) -> KeyId:
        return key_id(KeyKind.ED25519, self.public)

    async def register(self) -> dict[str, Any]:
        said = {"purpose": "acts", "kind": "ed25519", "public": b64encode(self.public).decode()}
        return await self.at.done(f"/api/delegations/{self.code}/keys", self.role, said)

    async def words(self, proposal: str, act: str, stance: str | None = None) -> dict[str, Any]:
        """What there is to sign, as the delegate reads it."""
        me = await self.at.read("/api/me", self.role)
        status = await self.at.read(f"/api/proposals/{proposal}", self.role)
        history = await self.at.read(f"/api/proposals/{proposal}/history", self.role)
        return {
            "act": act,
            "book": history["items"][0]["book"],
            "credential": me["offices"][0]["credential"],
            "delegation": self.code,
            "fingerprint": status["fingerprint"],
            "forum": FOUNDING.host,
            "key": self.key,
            "nonce": f"nonce-{next(NONCES):016}",
            "proposal": proposal,
            "revision": status["revision"],
            "signed_at": written(self.at.now),
            "stance": stance,
        }

    def signature(self, words: dict[str, Any]) -> dict[str, Any]:
        value = self.private.sign(b"accord/act/v1\x00" + rfc8785.dumps(words))
        said = {member: words[member] for member in ("key", "signed_at", "nonce")}
        return {**said, "value": b64encode(value).decode()}

    async def signs(self, proposal: str, act: str, stance: str | None = None, **other: Any) -> dict[str, Any]:
        """A signature of the act as it is, but for what is said otherwise."""
        return self.signature({**await self.words(proposal, act, stance), **other})

    async def endorses(self, proposal: str, *, as_if: str = "endorse", **other: Any) -> dict[str, Any]:
        return {"revision": 0, "signature": await self.signs(proposal, "take", as_if, **other)}


def written(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture
async def japan(at: Room) -> Delegate:
    """Japan, with a key that is registered."""
    delegate = Delegate(at)
    await delegate.register()
    at.turn(minutes=1)
    return delegate


def refused(answer: Response, code: str, status: int = 422) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text


def envelopes(database: Database) -> list[bytes]:
    with psycopg.connect(database.owner_url) as owner:
        query = "SELECT envelope FROM record.facts WHERE type LIKE 'proposal.%' ORDER BY position"
        return [bytes(envelope) for (envelope,) in owner.execute(query)]


async def test_a_signed_endorsement_is_shown_with_its_signature_and_holds(
    at: Room, database: Database, japan: Delegate
) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    await at.done(f"/api/proposals/{proposal}/endorsements", "head-JPN", said)
    given = said["signature"]
    kept = f"accord/act/v1 {given['key']} {given['signed_at']} {given['nonce']} {given['value']}"

    status = await at.read(f"/api/proposals/{proposal}", "head-CHN")
    assert {held["delegation"]: held["signature"] for held in status["positions"]} == {"JPN": kept, "KOR": None}
    history = (await at.read(f"/api/proposals/{proposal}/history", "head-CHN"))["items"]
    assert [(item["type"], item["signature"]) for item in history[-1:]] == [("proposal.position-taken", kept)]
    events = (await at.read("/api/events?limit=200", "head-CHN"))["items"]
    assert [event.get("signature") for event in events if event["type"] == "proposal.position-taken"] == [kept]

    envelope = opened(envelopes(database)[-1])
    keys = {japan.key: SigningKey(DelegationCode("JPN"), japan.public, registered=at.now - timedelta(minutes=1))}
    fingerprints = (status["fingerprint"],)
    assert envelope.signature == kept
    assert fault_of(envelope, forum=FOUNDING.host, fingerprints=fingerprints, keys=keys, check=check) is None


async def test_each_act_on_a_position_can_be_signed(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"

    async def does(path: str, act: str, signed: str | None = None, **said: Any) -> None:
        signature = await japan.signs(proposal, act, signed)
        revision = (await at.read(door, "head-JPN"))["revision"]
        answer = await at.post(f"{door}/{path}", "head-JPN", {"revision": revision, **said, "signature": signature})
        assert answer.status_code == 201, answer.text
        history = (await at.read(f"{door}/history", "head-JPN"))["items"]
        assert sum(signature["nonce"] in str(item["signature"]) for item in history) == 1
        at.turn(minutes=1)

    due = written(at.now + timedelta(days=9))
    mine = "positions/JPN"
    await does("endorsements", "take", "endorse-with-reservation", reservation="Not at night.")
    await does("objections", "take", "object", reason="It goes too far.")
    await does(f"{mine}/lift", "lift")
    for stance in ("no-objection", "abstain", "dissociate"):
        await does("positions", "take", stance, stance=stance)
    await does("positions", "take", "reserve", stance="reserve", due=due)
    await does(f"{mine}/decline", "decline")
    await does("endorsements", "take", "endorse-ad-referendum", ad_referendum_until=due)
    await does(f"{mine}/confirm", "confirm")
    text = revised((await at.read(door, "head-KOR"))["provisions"])
    text[1]["text"]["ja"] = "2時間以内に答える。"
    await at.done(f"{door}/revisions", "head-KOR", {"base": 0, "provisions": text, "changes": {"p2": "language"}})
    await does(f"{mine}/contest", "contest", reason="It matters.")
    await does(f"{mine}/reaffirm", "reaffirm")


async def test_an_act_that_the_secretary_recorded_is_signed_when_it_is_confirmed(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    letter = {"revision": 0, "on_behalf_of": "JPN", "reference": "Letter of 2 March"}
    await at.done(f"{door}/positions", "secretary", {**letter, "stance": "abstain"})
    confirmation = f"{door}/positions/JPN/on-behalf/confirmation"
    moved = {"revision": 0, "signature": await japan.signs(proposal, "take", "endorse")}
    refused(await at.post(confirmation, "head-JPN", moved), "signature-wrong")
    await at.done(confirmation, "head-JPN", {"revision": 0, "signature": await japan.signs(proposal, "take", "abstain")})
    status = await at.read(door, "head-JPN")
    assert [held["signature"] is not None for held in status["positions"] if held["delegation"] == "JPN"] == [True]

    await at.done(f"{door}/endorsements", "secretary", letter)
    disavowal = f"{door}/positions/JPN/on-behalf/disavowal"
    await at.done(disavowal, "head-JPN", {"revision": 0, "signature": await japan.signs(proposal, "disown")})
    refused(await at.post(disavowal, "head-JPN", {"revision": 0}), "nothing-given", 409)


async def test_a_sponsor_signs(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    await at.done(f"{door}/sponsors", "head-JPN", {"signature": await japan.signs(proposal, "sponsor")})
    status = await at.read(door, "head-JPN")
    assert [held["signature"] is not None for held in status["positions"] if held["delegation"] == "JPN"] == [True]


async def test_what_was_tabled_unsigned_is_signed_by_endorsing_it(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at, by="head-JPN")
    door = f"/api/proposals/{proposal}/endorsements"
    refused(await at.post(door, "head-JPN", {"revision": 0}), "position-unchanged", 409)
    await at.done(door, "head-JPN", await japan.endorses(proposal))
    refused(await at.post(door, "head-JPN", await japan.endorses(proposal)), "position-unchanged", 409)


async def test_a_signature_holds_of_no_other_stance(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    for stance in ("abstain", "no-objection", "dissociate"):
        answer = await at.post(f"/api/proposals/{proposal}/positions", "head-JPN", {**said, "stance": stance})
        refused(answer, "signature-wrong")
    refused(
        await at.post(f"/api/proposals/{proposal}/objections", "head-JPN", {**said, "undisclosed": True}), "signature-wrong"
    )
    due = written(at.now + timedelta(days=9))
    answer = await at.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", {**said, "ad_referendum_until": due})
    refused(answer, "signature-wrong")


async def test_a_signature_holds_of_no_other_act(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    await at.done(f"{door}/objections", "head-JPN", {"revision": 0, "undisclosed": True})
    said = {"revision": 0, "signature": await japan.signs(proposal, "reaffirm")}
    refused(await at.post(f"{door}/positions/JPN/lift", "head-JPN", said), "signature-wrong")


async def test_a_signature_holds_of_no_other_proposal(at: Room, japan: Delegate) -> None:
    one, other = await tabled(at), await tabled(at)
    said = await japan.endorses(one)
    refused(await at.post(f"/api/proposals/{other}/endorsements", "head-JPN", said), "signature-wrong")


async def test_a_signature_holds_of_no_other_revision(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    said = await japan.endorses(proposal)
    text = (await at.read(door, "head-KOR"))["provisions"]
    changed = {"base": 0, "provisions": revised(text, p2="Within one."), "changes": {"p2": "substantive"}}
    await at.done(f"{door}/revisions", "head-KOR", changed)
    refused(await at.post(f"{door}/endorsements", "head-JPN", {**said, "revision": 1}), "signature-wrong")
    refused(await at.post(f"{door}/endorsements", "head-JPN", said), "revision-not-current", 412)
    refused(await at.post(f"{door}/endorsements", "head-JPN", {**said, "revision": 7}), "revision-not-current", 412)


async def test_a_signature_holds_of_no_other_words(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal, fingerprint="0" * 64)
    refused(await at.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", said), "signature-wrong")


@pytest.mark.parametrize("member", ["forum", "book", "credential", "delegation"])
async def test_a_signature_holds_in_no_other_forum_or_book_and_for_nobody_else(at: Room, japan: Delegate, member: str) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal, **{member: "another"})
    answer = await at.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", said)
    refused(answer, "signature-wrong")
    assert '"forum":"apc.example"' in answer.json()["expected"]


async def test_a_signature_holds_of_no_other_time(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}/endorsements"
    said = await japan.endorses(proposal)
    later = {**said["signature"], "signed_at": written(at.now + timedelta(seconds=1))}
    refused(await at.post(door, "head-JPN", {**said, "signature": later}), "signature-wrong")
    ahead = await japan.endorses(proposal, signed_at=written(at.now + timedelta(minutes=6)))
    refused(await at.post(door, "head-JPN", ahead), "signature-out-of-time")
    at.turn(hours=24, minutes=1)
    refused(await at.post(door, "head-JPN", said), "signature-out-of-time")


async def test_an_instant_is_signed_in_one_form_however_it_is_said(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    in_tokyo = (at.now + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%S+09:00")
    door = f"/api/proposals/{proposal}/endorsements"
    await at.done(door, "head-JPN", {**said, "signature": {**said["signature"], "signed_at": in_tokyo}})


async def test_a_signature_is_accepted_once(at: Room, database: Database, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    said = await japan.endorses(proposal)
    await at.done(f"{door}/endorsements", "head-JPN", said, Idempotency_Key="once")
    await at.done(f"{door}/endorsements", "head-JPN", said, Idempotency_Key="once")
    refused(await at.post(f"{door}/endorsements", "head-JPN", said), "nonce-used", 409)
    await at.done(f"{door}/objections", "head-JPN", {"revision": 0, "undisclosed": True})
    refused(await at.post(f"{door}/endorsements", "head-JPN", said), "nonce-used", 409)
    async with beside(at, database) as other:
        refused(await other.post(f"{door}/endorsements", "head-JPN", said), "nonce-used", 409)
    nonce = said["signature"]["nonce"]
    another = {"revision": 0, "stance": "abstain", "signature": await japan.signs(proposal, "take", "abstain", nonce=nonce)}
    refused(await at.post(f"{door}/positions", "head-JPN", another), "nonce-used", 409)


async def test_a_signature_is_accepted_once_by_two_processes_at_once(at: Room, database: Database, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}/endorsements"
    said = await japan.endorses(proposal)
    answers: list[int] = []
    async with beside(at, database) as other, anyio.create_task_group() as group:

        async def endorse(process: Room) -> None:
            answers.append((await process.post(door, "head-JPN", said)).status_code)

        for process in (at, other, at, other):
            group.start_soon(endorse, process)
    assert sorted(answers) == [201, 409, 409, 409]


async def test_a_key_that_ended_signs_nothing(at: Room, database: Database, japan: Delegate) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    async with beside(at, database) as other:
        await at.done(f"/api/delegations/JPN/keys/{japan.key}/end", "head-JPN")
        for process in (other, at):
            refused(await process.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", said), "key-has-ended", 409)


async def test_the_key_of_another_delegation_signs_nothing(at: Room, japan: Delegate) -> None:
    korea = Delegate(at, "KOR")
    await korea.register()
    proposal = await tabled(at, by="head-CHN")
    japans_words = await japan.words(proposal, "take", "endorse")
    said = {"revision": 0, "signature": korea.signature({**japans_words, "key": korea.key})}
    refused(await at.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", said), "key-unknown")
    stolen = await japan.endorses(proposal)
    refused(await at.post(f"/api/proposals/{proposal}/endorsements", "head-KOR", stolen), "key-unknown")


async def test_a_key_does_not_sign_before_it_is_registered(at: Room) -> None:
    proposal = await tabled(at)
    usa = Delegate(at, "USA")
    said = await usa.endorses(proposal)
    door = f"/api/proposals/{proposal}/endorsements"
    refused(await at.post(door, "head-USA", said), "key-unknown")
    at.turn(minutes=1)
    await usa.register()
    refused(await at.post(door, "head-USA", said), "signed-before-key")


async def test_an_act_on_behalf_carries_no_signature(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}/objections"
    letter = {"revision": 0, "undisclosed": True, "on_behalf_of": "JPN", "reference": "Letter of 2 March"}
    signature = await japan.signs(proposal, "take", "object")
    refused(await at.post(door, "secretary", {**letter, "signature": signature}), "signature-unfit")
    await at.done(door, "secretary", letter)
    items = (await at.read(f"/api/proposals/{proposal}/history", "head-JPN"))["items"]
    assert {item["signature"] for item in items} == {None}


async def test_a_prepared_act_is_signed_when_it_is_sent(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    body: dict[str, Any] = {"revision": 0}
    prepared = {"delegation": "JPN", "act": "endorsements", "target": proposal, "body": body}
    signed = {**prepared, "body": await japan.endorses(proposal)}
    refused(await at.post("/api/prepared", "adviser-JPN", signed), "signature-unfit")
    made = await at.done("/api/prepared", "adviser-JPN", prepared)
    door = f"/api/prepared/{made['id']}/send"
    moved = {"signature": await japan.signs(proposal, "take", "object")}
    refused(await at.post(door, "head-JPN", moved, If_Match="*"), "signature-wrong")
    await at.done(door, "head-JPN", {"signature": await japan.signs(proposal, "take", "endorse")})
    status = await at.read(f"/api/proposals/{proposal}", "head-JPN")
    assert [held["signature"] is not None for held in status["positions"] if held["delegation"] == "JPN"] == [True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "short"},
        {"nonce": "spaces are not for it"},
        {"value": "Not base64!"},
        {"signed_at": "2026-03-02T12:00:00"},
        {"more": 1},
    ],
    ids=str,
)
async def test_what_is_no_signature_is_malformed(at: Room, japan: Delegate, wrong: dict[str, Any]) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    answer = await at.post(
        f"/api/proposals/{proposal}/endorsements", "head-JPN", {**said, "signature": {**said["signature"], **wrong}}
    )
    refused(answer, "malformed", 400)


async def test_a_signature_of_other_octets_does_not_hold(at: Room, japan: Delegate) -> None:
    proposal = await tabled(at)
    said = await japan.endorses(proposal)
    for value in (bytes(64), bytes(63), b""):
        signature = {**said["signature"], "value": b64encode(value).decode()}
        answer = await at.post(f"/api/proposals/{proposal}/endorsements", "head-JPN", {**said, "signature": signature})
        refused(answer, "signature-wrong")


@pytest.mark.parametrize(("word", "act", "stance"), [("object", "take", "object"), ("lift", "lift", None)])
async def test_one_is_told_what_to_sign(at: Room, japan: Delegate, word: str, act: str, stance: str | None) -> None:
    proposal = await tabled(at)
    words = await japan.words(proposal, act, stance)
    told = await at.read(f"/api/proposals/{proposal}/to-sign?act={word}", "head-JPN")
    assert told == {member: said for member, said in words.items() if member not in {"key", "nonce", "signed_at"}}


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        ("head-JPN", "", 400),
        ("head-JPN", "?act=take", 400),
        ("head-JPN", "?act=veto", 400),
        ("adviser-JPN", "?act=object", 403),
        ("chair", "?act=object", 403),
        ("secretary", "?act=object", 403),
        ("auditor", "?act=object", 404),
        (None, "?act=object", 404),
    ],
)
async def test_who_does_not_bind_a_delegation_is_told_nothing(at: Room, role: str | None, query: str, status: int) -> None:
    proposal = await tabled(at)
    assert (await at.get(f"/api/proposals/{proposal}/to-sign{query}", role)).status_code == status


@pytest.fixture
async def strict(database: Database, hands: Hands) -> AsyncGenerator[Room]:
    """A forum that asks for signatures."""
    founding = replace(FOUNDING, rules=replace(FOUNDING.rules, signed_positions=True))
    async with room(database, hands, founding=founding) as opened:
        yield opened


async def test_where_the_rules_ask_for_it_a_delegation_that_has_a_key_signs(strict: Room) -> None:
    at = strict
    assert (await at.read("/api/forum"))["rules"]["signed_positions"] is True
    proposal = await tabled(at)
    door = f"/api/proposals/{proposal}"
    await at.done(f"{door}/objections", "head-JPN", {"revision": 0, "undisclosed": True})  # without a key, and free to object
    japan = Delegate(at)
    await japan.register()
    at.turn(minutes=1)
    for path, said in (
        ("endorsements", {"revision": 0}),
        ("positions", {"revision": 0, "stance": "abstain"}),
        ("positions/JPN/lift", {"revision": 0}),
        ("sponsors", {}),
    ):
        refused(await at.post(f"{door}/{path}", "head-JPN", said, If_Match="*"), "signature-required")
    await at.done(f"{door}/positions/JPN/lift", "head-JPN", {"revision": 0, "signature": await japan.signs(proposal, "lift")})
    await at.done(f"{door}/endorsements", "head-JPN", await japan.endorses(proposal))
    await at.done(f"{door}/endorsements", "head-USA", {"revision": 0})
    letter = {"revision": 0, "undisclosed": True, "on_behalf_of": "JPN", "reference": "Letter of 2 March"}
    await at.done(f"{door}/objections", "secretary", letter)  # marked as the secretary's word for it
    await at.done(f"/api/delegations/JPN/keys/{japan.key}/end", "head-JPN")
    await at.done(f"{door}/positions/JPN/lift", "head-JPN", {"revision": 0})
