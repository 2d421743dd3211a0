"""The cosignatures of delegations over HTTP: a witness at work on a forum that is served, and what is not taken in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from domain.record import checkpoint, note
from domain.record.malformed import base64
from domain.record.note import Kind
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import HOLDS, Private
from infrastructure.record.witness import folder as folders
from infrastructure.record.witness import running
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import Refused, Unknown
from infrastructure.record.witness.http import HttpForum
from infrastructure.record.witness.mirror import Mirror
from infrastructure.record.witness.watch import Watch
from tests.api.scene import Room, room, served
from tests.infrastructure.eventlog.scene import Hands, Session
from tests.infrastructure.record.keeping import Notary, signed

HOST: Final = "apc.example"


@pytest.fixture
async def at(database: Database, hands: Hands, notary: Notary) -> AsyncIterator[Room]:
    async with room(database, hands, reacts=False, signer=notary) as opened_room:
        yield opened_room


class Witness:
    """A delegation's, in a folder, as a client of the forum that is served at a port."""

    def __init__(self, at: Room, port: int, path: Path, role: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.token = at.roles[role]
        self.path = path
        self.alarms: list[Alarm] = []

    async def made(self, *, ml_dsa: bool = False, register: bool = True) -> running.Made:
        return await running.make(self.path, self.url, self.token, delegation=None, ml_dsa=ml_dsa, register=register)

    async def looks(self) -> Watch:
        with folders.opened(self.path) as opened:
            async with HttpForum(self.url, self.token) as forum:
                watch = Watch(opened, forum, now=lambda: datetime.now(UTC), hear=self.alarms.append)
                await watch.look()
                return watch


async def checkpoint_of(at: Room, book: str, role: str = "head-JPN") -> note.Note:
    answer = await at.get(f"/book/{book}/checkpoint", role)
    assert answer.status_code == 200, answer.text
    return note.parsed(answer.content)


@pytest.mark.parametrize("ml_dsa", [False, True])
async def test_a_witness_cosigns_each_book_that_its_delegation_reads(
    at: Room, owner: Session, tmp_path: Path, ml_dsa: bool
) -> None:
    async with served(at.house) as port:
        witness = Witness(at, port, tmp_path / "JPN", "head-JPN")
        made = await witness.made(ml_dsa=ml_dsa)
        await signed(owner)
        await witness.looks()
    assert (witness.alarms, made.key.name) == ([], f"{HOST}/witness/JPN")
    listed = (await at.read("/api/books", "head-JPN"))["items"]
    assert len(listed) > 2
    for book in listed:
        found = await checkpoint_of(at, book["id"])
        tree = checkpoint.parsed(found.text)
        assert note.signers(found, [made.key], HOLDS) == {made.key}
        assert book["watched"]["witnesses"] == ["JPN"]
        assert Mirror(tmp_path / "JPN" / folders.BOOKS / book["id"]).opened == tree.size


async def test_a_key_that_is_not_registered_cosigns_nothing_that_counts(at: Room, owner: Session, tmp_path: Path) -> None:
    async with served(at.house) as port:
        witness = Witness(at, port, tmp_path / "JPN", "head-JPN")
        await witness.made(register=False)
        await signed(owner)
        await witness.looks()
        book = (await at.read("/api/books", "head-JPN"))["items"][0]
        assert book["watched"]["witnesses"] == []
        await running.register(witness.path, witness.url, witness.token)
        await signed(owner)
        await witness.looks()
    assert (await at.read("/api/books", "head-JPN"))["items"][0]["watched"]["witnesses"] == ["JPN"]


async def test_only_a_head_registers_the_key_of_a_witness(at: Room, tmp_path: Path) -> None:
    async with served(at.house) as port:
        witness = Witness(at, port, tmp_path / "JPN", "adviser-JPN")
        with pytest.raises(Refused, match="This act is for: head"):
            await witness.made()
        assert (await witness.looks()).away is None
        witness.token = "unknown"
        with pytest.raises(Unknown):
            await witness.looks()


def line(private: Private, name: str, text: str) -> str:
    return str(private.signature(name, text, 7))


async def public_book(at: Room, owner: Session) -> tuple[str, int, str]:
    """The public book, its size, and the text of its checkpoint."""
    await signed(owner)
    (book,) = (await at.read("/api/books"))["items"]
    found = await checkpoint_of(at, book["id"])
    return book["id"], book["checkpoint"], found.text


async def registered(at: Room, code: str) -> Private:
    private = Private.generate(Kind.COSIGNATURE)
    key: Any = {"purpose": "witness", "kind": "ed25519", "public": base64(private.public)}
    await at.done(f"/api/delegations/{code}/keys", f"head-{code}", key)
    return private


async def test_a_cosignature_that_does_not_hold_is_refused(at: Room, owner: Session) -> None:
    private = await registered(at, "JPN")
    book, size, text = await public_book(at, owner)
    name = f"{HOST}/witness/JPN"
    door = f"/book/{book}/cosignature"
    unknown = Private.generate(Kind.COSIGNATURE)
    for said, status, code in (
        ({"size": size, "line": line(private, name, text.replace(f"\n{size}\n", f"\n{size + 1}\n"))}, 422, "cosignature-wrong"),
        ({"size": size, "line": line(unknown, name, text)}, 422, "cosigner-unknown"),
        ({"size": size, "line": line(private, f"{HOST}/witness/KOR", text)}, 422, "cosigner-unknown"),
        ({"size": size + 1, "line": line(private, name, text)}, 404, "not-found"),
        ({"size": size, "line": "no line"}, 400, "malformed"),
        ({"size": size}, 400, "malformed"),
    ):
        answer = await at.post(door, "head-JPN", said)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert (await checkpoint_of(at, book)).signatures[1:] == ()


async def test_the_first_cosignature_of_a_witness_stays(at: Room, owner: Session) -> None:
    private = await registered(at, "JPN")
    book, size, text = await public_book(at, owner)
    name = f"{HOST}/witness/JPN"
    for when in (7, 7, 8):
        said = {"size": size, "line": str(private.signature(name, text, when))}
        assert (await at.post(f"/book/{book}/cosignature", "adviser-JPN", said)).status_code == 201
    assert (await checkpoint_of(at, book)).signatures[1:] == (private.signature(name, text, 7),)


async def test_a_witness_cosigns_with_its_new_key_beside_the_old(at: Room, owner: Session) -> None:
    both = [await registered(at, "JPN") for _ in range(2)]
    book, size, text = await public_book(at, owner)
    for private in both:
        said = {"size": size, "line": line(private, f"{HOST}/witness/JPN", text)}
        assert (await at.post(f"/book/{book}/cosignature", "adviser-JPN", said)).status_code == 201
    lines = {one.octets for one in (await checkpoint_of(at, book)).signatures[1:]}
    assert lines == {private.signature(f"{HOST}/witness/JPN", text, 7).octets for private in both}


async def test_a_key_that_was_ended_cosigns_no_more(at: Room, owner: Session) -> None:
    private = await registered(at, "JPN")
    (key,) = (await at.read("/api/delegations/JPN/keys", "head-JPN"))["items"]
    await at.done(f"/api/delegations/JPN/keys/{key['id']}/end", "head-JPN")
    book, size, text = await public_book(at, owner)
    answer = await at.post(
        f"/book/{book}/cosignature", "head-JPN", {"size": size, "line": line(private, f"{HOST}/witness/JPN", text)}
    )
    assert answer.json()["type"] == "/problems/cosigner-unknown"


async def test_who_may_not_read_a_book_finds_nothing_to_cosign(at: Room, owner: Session) -> None:
    private = await registered(at, "CHN")
    await signed(owner)
    books = {book["audience"]["kind"]: book["id"] for book in (await at.read("/api/books", "secretary"))["items"]}
    said = {"size": 1, "line": line(private, f"{HOST}/witness/CHN", "none\n")}
    nowhere = await at.post("/book/00000000-0000-4000-8000-000000000000/cosignature", "head-CHN", said)
    hidden = await at.post(f"/book/{books['secretariat']}/cosignature", "head-CHN", said)
    assert (hidden.status_code, hidden.content) == (404, nowhere.content)
    public = await at.post(f"/book/{books['public']}/cosignature", None, said)
    assert public.status_code == 401


async def test_a_key_of_a_delegation_that_the_book_is_not_for_does_not_count(at: Room, owner: Session) -> None:
    """Not even where somebody who reads it hands the line in."""
    private = await registered(at, "CHN")
    await signed(owner)
    books = {book["audience"]["format"]: book for book in (await at.read("/api/books", "head-USA"))["items"]}
    book = books["japan-us"]["id"]
    found = await checkpoint_of(at, book)
    said = {"size": books["japan-us"]["checkpoint"], "line": line(private, f"{HOST}/witness/CHN", found.text)}
    answer = await at.post(f"/book/{book}/cosignature", "head-USA", said)
    assert answer.json()["type"] == "/problems/cosigner-unknown"
