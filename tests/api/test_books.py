"""The books as anybody checks them who may read them."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest

from application.ports import Entry, Receipt
from application.trust import Keyring
from domain.drafts.events import DraftBegun
from domain.identity import BookId, StreamId
from domain.proposals.events import ReasonGiven
from domain.record import checkpoint, note, policy, tlogproof
from domain.record.checkpoint import Checkpoint, origin_of
from domain.record.envelope import commitment, opened
from domain.record.leaf import entry, leaf
from domain.record.note import Kind, VerifierKey
from domain.record.policy import Group
from domain.record.proofs import is_consistent
from domain.record.tiles import bundles, content, of_size, unbundled
from domain.record.tlogproof import shown
from domain.record.tree import nodes, root
from infrastructure.postgres.embedded import Database
from infrastructure.record.ciphers import HOLDS, Private
from tests.api.scene import Room, book_of, room, seeded
from tests.domain.cast import EDITION, EN, JPN, KINDS, PLENARY, WHY
from tests.domain.cast import TEXT as WORDS
from tests.infrastructure.eventlog.scene import Hands, Session, submission
from tests.infrastructure.eventlog.test_erasure import erasing
from tests.infrastructure.record.keeping import Notary, signed

pytestmark = pytest.mark.anyio

HOST: Final = "apc.example"
DRAFT: Final = DraftBegun(KINDS[0], PLENARY, EDITION, EN, WORDS, (JPN,), None)
ids: Final = seeded(23)
PRIVATE_FOR_EVER: Final = "private, max-age=31536000, immutable"
PUBLIC_FOR_EVER: Final = "public, max-age=31536000, immutable"


@pytest.fixture
async def at(database: Database, hands: Hands, notary: Notary) -> AsyncIterator[Room]:
    async with room(database, hands, reacts=False, signer=notary) as opened_room:
        yield opened_room


async def grow(at: Room, book: str, times: int = 1) -> None:
    """So many facts more in a book."""
    streams = [StreamId(UUID(bytes=ids(16), version=4)) for _ in range(times)]
    if entries := [Entry(stream, BookId(UUID(book)), DRAFT) for stream in streams]:
        assert isinstance(await at.house.log.append(submission(*entries)), Receipt)


async def octets(at: Room, path: str, role: str | None = "secretary") -> bytes:
    answer = await at.get(path, role)
    assert answer.status_code == 200, answer.text
    return answer.content


async def tree_at(at: Room, book: str, size: int | None = None) -> Checkpoint:
    """What the checkpoint of a size says, or the last."""
    address = "checkpoint" if size is None else f"checkpoint/{size}"
    return checkpoint.parsed(note.parsed(await octets(at, f"/book/{book}/{address}")).text)


async def leaves_of(at: Room, book: str, size: int) -> list[bytes]:
    """The leaves of a book, out of the bundles of entries."""
    leaves: list[bytes] = []
    for tile in bundles(size):
        leaves.extend(leaf(found) for found in unbundled(tile, await octets(at, f"/book/{book}/{tile.path}")))
    return leaves


async def listed_book(at: Room, book: str) -> Any:
    """A book as it is listed."""
    (listed,) = [one for one in (await at.read("/api/books", "secretary"))["items"] if one["id"] == book]
    return listed


async def test_a_book_is_rebuilt_and_checked_from_what_is_served(at: Room, owner: Session, notary: Notary) -> None:
    await signed(owner)
    for listed in (await at.read("/api/books", "secretary"))["items"]:
        book = listed["id"]
        signed_note = note.parsed(await octets(at, f"/book/{book}/checkpoint"))
        tree = checkpoint.parsed(signed_note.text)
        leaves = await leaves_of(at, book, tree.size)
        assert (tree.origin, tree.size) == (origin_of(HOST, BookId(UUID(book))), listed["checkpoint"])
        assert tree.root == root(leaves)
        ours = VerifierKey(tree.origin, Kind.ED25519, (await notary.keys()).logs[0])
        assert note.signers(signed_note, [ours], HOLDS) == {ours}
        read = nodes(leaves)
        for tile in of_size(tree.size):
            assert await octets(at, f"/book/{book}/{tile.path}") == content(read, tile)


async def test_every_checkpoint_that_was_signed_is_kept_and_proves_to_begin_the_next(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "forum")
    sizes: list[int] = []
    for times in (0, 1, 40, 2):
        await grow(at, book, times)
        await signed(owner)
        sizes.append((await tree_at(at, book)).size)
    trees = [await tree_at(at, book, size) for size in sizes]
    for old, new in pairwise(trees):
        said = (await octets(at, f"/book/{book}/proof/consistency?old={old.size}&new={new.size}")).decode()
        proof = [b64decode(line) for line in said.splitlines()]
        assert is_consistent(old.root, old.size, new.root, new.size, proof)
    assert await octets(at, f"/book/{book}/proof/consistency?old=0&new={sizes[-1]}") == b""
    for missing in (f"checkpoint/{sizes[-1] + 1}", "checkpoint/0", f"checkpoint/{2**63}", f"checkpoint/{sizes[1] + 1}"):
        assert (await at.get(f"/book/{book}/{missing}", "secretary")).status_code == 404, missing


async def test_a_partial_tile_is_there_for_each_checkpoint_and_for_no_other_size(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "forum")
    for times in (0, 3, 250):
        await grow(at, book, times)
        await signed(owner)
    tree = await tree_at(at, book)
    assert tree.size > 256
    published = owner.execute("SELECT size FROM books.checkpoints WHERE book = %s", [book]).fetchall()
    widths = {size for (size,) in published if size < 256}
    assert widths
    for width in range(1, 256):
        for kind in ("0", "entries"):
            answer = await at.get(f"/book/{book}/tile/{kind}/000.p/{width}", "secretary")
            assert answer.status_code == (200 if width in widths else 404), (kind, width)
    for path in ("tile/0/000", "tile/entries/000", f"tile/0/001.p/{tree.size - 256}", "tile/1/000.p/1"):
        assert (await at.get(f"/book/{book}/{path}", "secretary")).status_code == 200, path
    for path in (
        "tile/0/001",
        "tile/1/000",
        "tile/entries/001",
        "tile/0/0",
        "tile/8/000.p/1",
        "tile/63/000",
        "tile/0/000.p/256",
    ):
        assert (await at.get(f"/book/{book}/{path}", "secretary")).status_code == 404, path


async def test_a_proof_of_inclusion_and_an_opening_show_a_fact_to_who_holds_the_policy(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "format", "plenary")
    await grow(at, book, 5)
    await signed(owner)
    believed = policy.parsed(await octets(at, f"/policy?book={book}"))
    tree = await tree_at(at, book)
    for index in range(tree.size):
        opening = await at.read(f"/book/{book}/opening/{index}", "head-JPN")
        salt, envelope = b64decode(opening["salt"]), b64decode(opening["envelope"])
        fact = opened(envelope)
        assert (opening["index"], fact.index, str(fact.book)) == (index, index, book)
        proof = tlogproof.parsed(await octets(at, f"/book/{book}/proof/inclusion?index={index}"))
        assert shown(proof, entry(commitment(salt, envelope)), believed, HOLDS).checkpoint == tree
    for missing in (f"opening/{tree.size}", f"proof/inclusion?index={tree.size}", "proof/inclusion?index=0&size=0"):
        assert (await at.get(f"/book/{book}/{missing}", "head-JPN")).status_code == 404, missing
    assert (await at.get(f"/book/{book}/proof/inclusion", "head-JPN")).status_code == 400


async def test_words_that_were_erased_are_withheld_and_the_fact_is_named_that_erased_them(at: Room) -> None:
    book = BookId(UUID(await book_of(at, "head-JPN", "forum")))
    size = (await at.house.log.reached(book, at.now)) + 1
    reason = Entry(StreamId(UUID(bytes=ids(16), version=4)), book, ReasonGiven(JPN, 0, WHY))
    assert isinstance(await at.house.log.append(submission(reason)), Receipt)
    before = await at.get(f"/book/{book}/opening/{size}", "head-JPN")
    assert before.json().keys() == {"index", "salt", "envelope"}
    assert isinstance(await at.house.log.append(submission(erasing(book, size))), Receipt)
    after = await at.read(f"/book/{book}/opening/{size}", "head-JPN")
    assert after == {"index": size, "withheld": "erased", "erasure": size + 1}


ADDRESSES: Final = (
    "checkpoint",
    "checkpoint/1",
    "tile/0/000.p/1",
    "tile/entries/000.p/1",
    "proof/inclusion?index=0",
    "proof/consistency?old=0&new=1",
    "opening/0",
)


async def test_who_may_not_read_a_book_is_answered_as_of_none(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "format", "japan-us")
    await grow(at, book)
    await signed(owner)
    nothing = "00000000-0000-4000-8000-000000000000"
    for address in ADDRESSES:
        for role in (None, "head-CHN", "auditor"):
            hidden, none = [await at.get(f"/book/{of}/{address}", role) for of in (book, nothing)]
            assert (hidden.status_code, hidden.content) == (404, none.content)
            assert hidden.headers.multi_items() == none.headers.multi_items()
    hidden, none = [await at.get(f"/policy?book={of}", "head-CHN") for of in (book, nothing)]
    assert (hidden.status_code, hidden.content) == (404, none.content)
    assert book not in (await at.get("/api/books", "head-CHN")).text
    assert book not in (await at.get("/keys", "head-CHN")).text


async def test_the_public_book_needs_no_token(at: Room, owner: Session) -> None:
    await signed(owner)
    (public,) = (await at.read("/api/books"))["items"]
    assert public["audience"]["kind"] == "public"
    for address in ADDRESSES[2:4]:
        path = f"/book/{public['id']}/{address.removesuffix('1')}{public['checkpoint']}"
        assert (await at.get(path)).headers["Cache-Control"] == PUBLIC_FOR_EVER
    assert (await at.get(f"/book/{public['id']}/checkpoint")).status_code == 200
    assert f"log {HOST}/book/{public['id']}+" in (await at.get("/policy")).text


async def test_what_never_changes_may_be_kept_and_what_does_is_asked_for_again(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "forum")
    await signed(owner)
    size = (await tree_at(at, book)).size
    for address in (f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}", f"proof/consistency?old=1&new={size}"):
        answer = await at.get(f"/book/{book}/{address}", "head-JPN")
        assert answer.headers["Cache-Control"] == PRIVATE_FOR_EVER, address
        assert "Authorization" in answer.headers["Vary"]
    for address in ("checkpoint", f"checkpoint/{size}", f"proof/inclusion?index=0&size={size}"):
        answer = await at.get(f"/book/{book}/{address}", "head-JPN")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        again = await at.get(f"/book/{book}/{address}", "head-JPN", If_None_Match=answer.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")


async def register(at: Room, code: str, public: bytes) -> None:
    said = {"purpose": "witness", "kind": "ed25519", "public": b64encode(public).decode()}
    await at.done(f"/api/delegations/{code}/keys", f"head-{code}", said)


async def test_a_policy_asks_for_two_thirds_once_so_many_have_a_key(at: Room) -> None:
    plenary, two = [await book_of(at, "head-JPN", "format", code) for code in ("plenary", "japan-us")]
    for number, code in enumerate(("JPN", "USA")):
        await register(at, code, bytes([number]) * 32)
    assert policy.parsed(await octets(at, f"/policy?book={plenary}", "head-JPN")).quorum == "none"
    found = policy.parsed(await octets(at, f"/policy?book={two}", "head-JPN"))
    assert found.groups == (Group("quorum", 2, ("JPN", "USA")),)
    await register(at, "KOR", bytes([3]) * 32)
    await register(at, "KOR", bytes([4]) * 32)
    found = policy.parsed(await octets(at, f"/policy?book={plenary}", "head-JPN"))
    assert found.groups == (Group("KOR", 1, ("KOR-1", "KOR-2")), Group("quorum", 3, ("JPN", "KOR", "USA")))
    assert {witness.key.name for witness in found.witnesses} == {f"{HOST}/witness/{code}" for code in ("JPN", "KOR", "USA")}
    assert policy.parsed((await at.get("/policy")).content).quorum == "quorum"


async def test_a_secretariats_book_is_watched_by_nobody(at: Room, owner: Session) -> None:
    book = await book_of(at, "secretary", "secretariat")
    await signed(owner)
    assert policy.parsed(await octets(at, f"/policy?book={book}", "secretary")).quorum == "none"
    assert (await listed_book(at, book))["watched"] == {"witnesses": [], "quorum": 0, "reached": None}


async def test_a_book_is_listed_with_who_cosigned_its_last_checkpoint(at: Room, owner: Session) -> None:
    book = await book_of(at, "head-JPN", "format", "japan-us")
    witnesses = {code: Private.generate(Kind.COSIGNATURE) for code in ("JPN", "USA")}
    for code, private in witnesses.items():
        await register(at, code, private.public)
    await signed(owner)

    assert (await listed_book(at, book))["watched"] == {"witnesses": [], "quorum": 2, "reached": False}
    tree = await tree_at(at, book)
    before = await at.get(f"/book/{book}/checkpoint", "head-JPN")
    for code, private in witnesses.items():
        line = private.signature(f"{HOST}/witness/{code}", str(tree), 1_800_000_000)
        owner.execute("INSERT INTO books.cosignatures VALUES (%s, %s, %s, %s)", [book, tree.size, line.name, str(line)])
    assert (await listed_book(at, book))["watched"] == {"witnesses": ["JPN", "USA"], "quorum": 2, "reached": True}
    after = await at.get(f"/book/{book}/checkpoint", "head-JPN", If_None_Match=before.headers["ETag"])
    believed = policy.parsed(await octets(at, f"/policy?book={book}", "head-JPN"))
    assert policy.accepted(believed, note.parsed(after.content), HOLDS).witnesses == {"JPN", "USA"}


async def test_keys_and_policies_are_printed_with_fingerprints_in_groups_of_four(at: Room, notary: Notary) -> None:
    await register(at, "JPN", bytes(32))
    (log,), (promise,) = (await notary.keys()).logs, (await notary.keys()).promises
    for path in ("/keys", "/policy"):
        text, page = await at.get(path), await at.get(path, Accept="text/html")
        assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert page.headers["Content-Type"].startswith("text/html")
        for public in (log, promise, bytes(32)):
            digits = sha256(public).hexdigest()
            compared = " ".join(digits[place : place + 4] for place in range(0, 64, 4))
            assert compared in text.text
            assert compared in page.text
        assert f"{HOST}/witness/JPN+" in text.text
        assert f"{HOST}/promise+" in page.text
        again = await at.get(path, If_None_Match=text.headers["ETag"])
        assert again.status_code == 304


async def test_while_the_signer_is_away_the_books_say_so_and_its_keys_are_known_on(
    at: Room, owner: Session, notary: Notary
) -> None:
    book = await book_of(at, "head-JPN", "forum")
    await signed(owner)
    before = await octets(at, f"/book/{book}/checkpoint", "head-JPN")
    keys = await octets(at, "/keys", "head-JPN")
    notary.away = True
    await grow(at, book)
    async with asyncio.timeout(20):
        while (await listed_book(at, book))["signing"] != "away":
            await asyncio.sleep(0)
    assert await octets(at, f"/book/{book}/checkpoint", "head-JPN") == before
    at.house.keyring = Keyring(notary, elapsed=iter((0.0, 10.0, 20.0, 30.0)).__next__)
    assert (await at.get("/keys", "head-JPN")).status_code == 503, "nobody ever heard them"
    notary.away = False
    assert await octets(at, "/keys", "head-JPN") == keys
    notary.away = True
    assert await octets(at, "/keys", "head-JPN") == keys
