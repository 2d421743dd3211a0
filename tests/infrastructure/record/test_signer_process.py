"""The signer as a process: its socket, its lock, its end with its parent, and what is left of it after a kill."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from application.ports import Behind, SignerAway, SignerKeys, SignerRefuses
from domain.record.note import Kind, Note, VerifierKey, signers
from infrastructure.record.ciphers import HOLDS
from infrastructure.record.signer import child, server, sockets
from infrastructure.record.signer import folder as folders
from infrastructure.record.signer.client import Client
from infrastructure.record.signer.core import Core
from infrastructure.record.signer.errors import FolderError, FolderTakenError
from tests.infrastructure.record.signing import ORIGIN, Book, made

PATIENCE: Final = 30
PROMISE: Final = f"accord/promise/v1\n{ORIGIN}\n7\n{'A' * 43}=\n2026-05-01T12:00:00.000000Z\n"
KILLED_BEFORE_IT_ANSWERS: Final = """
import os, signal, sys
from infrastructure.record.signer import server, state
write = state.State.write
def killed(self, tree):
    write(self, tree)
    os.kill(os.getpid(), signal.SIGKILL)
state.State.write = killed
server.main(server.Path(sys.argv[1]))
"""
PARENT: Final = """
import asyncio, sys
from pathlib import Path
from infrastructure.record.signer import child
asyncio.run(child.keep(Path(sys.argv[1])))
"""


@pytest.fixture
def home() -> Generator[Path]:
    """Short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="signer-") as name:
        yield Path(name)


def started(folder: Path, program: str | None = None) -> "subprocess.Popen[bytes]":
    how = ("-m", "infrastructure.record.signer.server") if program is None else ("-c", program)
    return subprocess.Popen([sys.executable, *how, folder], stdin=subprocess.PIPE, stderr=subprocess.PIPE)


async def said(client: Client) -> SignerKeys:
    """Its keys, once it answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await client.keys()
            except SignerAway:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def asked(folder: Path) -> AsyncGenerator[Client]:
    async with aclosing(Client(sockets.path(folder))) as client:
        yield client


@asynccontextmanager
async def kept(folder: Path) -> AsyncGenerator[Client]:
    """A signer of our own, answering."""
    keeping = asyncio.create_task(child.keep(folder))
    try:
        async with asked(folder) as client:
            await said(client)
            yield client
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def holder(folder: Path) -> int:
    """The process that listens on the folder's socket."""
    with socket.socket(socket.AF_UNIX) as found:
        found.connect(str(folder / sockets.NAME))
        pid, _, _ = struct.unpack("3i", found.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
        return pid


async def test_a_signer_of_our_own_makes_its_folder_answers_and_ends_with_us(home: Path) -> None:
    folder, book = home / "signer", Book().grown(9)
    async with kept(folder) as client:
        assert (folder / sockets.NAME).stat().st_mode & 0o777 == 0o600
        (public,) = (await client.keys()).logs
        tree = book.tree()
        lines = await client.sign(str(tree), 0, ())
        assert isinstance(lines, tuple)
        assert signers(Note(str(tree), lines), [VerifierKey(ORIGIN, Kind.ED25519, public)], HOLDS)
        assert await client.sign(str(book.grown(12).tree()), 7, book.proof(7)) == Behind(9)
        with pytest.raises(SignerRefuses) as refused:
            await client.sign(str(book.tree(5)), 0, ())
        assert (refused.value.reason, refused.value.size) == ("rollback", 9)
        assert (await client.promise(PROMISE)).text == PROMISE
        with pytest.raises(SignerRefuses, match="malformed"):
            await client.promise("")
    assert not (folder / sockets.NAME).exists()
    with folders.locked(folder), Core(folder) as core:
        assert core.sign(str(tree), 0, ()) == lines


async def test_it_is_started_again_when_it_dies_and_who_had_asked_it_asks_again(home: Path) -> None:
    folder, book = home / "signer", Book().grown(9)
    async with kept(folder) as client:
        before = await client.sign(str(book.tree()), 0, ())
        os.kill(holder(folder), signal.SIGKILL)
        await said(client)
        assert await client.sign(str(book.tree()), 9, ()) == before


async def test_it_ends_with_a_parent_that_was_killed(home: Path) -> None:
    folder = home / "signer"
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, folder)
    async with asked(folder) as client:
        await said(client)
        parent.kill()
        await parent.wait()
        async with asyncio.timeout(PATIENCE):
            while (folder / sockets.NAME).exists():
                await asyncio.sleep(0.02)
        with pytest.raises(SignerAway):
            await client.keys()


async def test_of_two_on_one_folder_the_second_waits_until_the_first_is_gone(home: Path) -> None:
    folder = made(home)
    with started(folder) as one, started(folder) as other:
        async with asked(folder) as client:
            keys = await said(client)
            now = {one.pid: one, other.pid: other}.pop(holder(folder))
            now.kill()
            now.wait()
            assert await said(client) == keys
            assert holder(folder) in {one.pid, other.pid} - {now.pid}
        for each in (one, other):
            each.kill()


def test_an_operators_signer_does_not_wait_but_says_that_another_runs(home: Path) -> None:
    folder = made(home)
    with folders.locked(folder), pytest.raises(FolderTakenError, match="Another signer runs"):
        server.run(folder, print)


async def test_what_was_written_and_not_answered_is_signed_alike_and_nothing_else_of_that_size(home: Path) -> None:
    folder, book = made(home), Book().grown(9)
    async with asked(folder) as client:
        with started(folder, KILLED_BEFORE_IT_ANSWERS):
            await said(client)
            with pytest.raises(SignerAway):
                await client.sign(str(book.tree()), 0, ())
        async with kept(folder):
            with pytest.raises(SignerRefuses, match="inconsistent"):
                await client.sign(str(Book(seed="other").grown(9).tree()), 0, ())
            assert isinstance(await client.sign(str(book.tree()), 0, ()), tuple)


async def test_a_lost_state_is_adopted_while_the_signer_runs(home: Path) -> None:
    folder, book = made(home), Book().grown(9)
    async with kept(folder) as client:
        lines = await client.sign(str(book.tree()), 0, ())
        assert isinstance(lines, tuple)
        (folder / folders.STATE).unlink()
        with pytest.raises(SignerRefuses, match="state-lost"):
            await client.sign(str(book.tree()), 9, ())
        folders.adopt(folder, [bytes(Note(str(book.tree()), lines))])
        assert await client.sign(str(book.tree()), 9, ()) == lines


def test_a_folder_with_a_state_and_no_key_is_not_given_a_new_one_unasked(home: Path) -> None:
    folder = made(home)
    (folder / "log.1.pem").unlink()
    (folder / "promise.1.pem").unlink()
    with started(folder) as process:
        _, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert b"holds no log key" in error
    folders.make(folder)


async def is_left(reader: asyncio.StreamReader) -> bool:
    """Without an answer; the system says so, too, where it was left with something unread."""
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


async def test_who_asks_what_is_no_question_is_left_and_the_others_are_answered(home: Path) -> None:
    folder = made(home)
    async with kept(folder) as client:
        for garbage in (b"GET / HTTP/1.1\n", b'{"ask":"key"}\n', b"x" * (2 << 20)):
            reader, writer = await asyncio.open_unix_connection(folder / sockets.NAME)
            writer.write(garbage)
            writer.write_eof()
            assert await is_left(reader)
            writer.close()
        assert await client.keys()


async def test_many_who_ask_at_once_are_each_given_their_own_answer(home: Path) -> None:
    books = [Book(f"forum.example/book/{number}").grown(number + 1) for number in range(20)]
    async with kept(home / "signer") as client:
        found = await asyncio.gather(*(client.sign(str(book.tree()), 0, ()) for book in books))
        for book, lines in zip(books, found, strict=True):
            assert isinstance(lines, tuple)
            assert [line.name for line in lines] == [book.origin]


async def listened(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """And said nothing."""
    await reader.read()
    writer.close()


async def test_a_signer_that_does_not_answer_is_away(home: Path) -> None:
    async with aclosing(Client(home / "nowhere")) as client:
        with pytest.raises(SignerAway):
            await client.keys()
    silent = await asyncio.start_unix_server(listened, home / "silent")
    async with silent, aclosing(Client(home / "silent", patience=0.05)) as client:
        with pytest.raises(SignerAway, match="no answer"):
            await client.promise(PROMISE)


def test_a_path_too_long_for_a_socket_gives_way_to_a_private_folder(home: Path) -> None:
    assert sockets.path(home) == home / sockets.NAME
    far = sockets.path(home / ("x" * 100))
    assert sockets.fits(far)
    assert far == sockets.path(home / ("x" * 100))
    sockets.seclude(home / "ours")
    (home / "ours").chmod(0o777)
    with pytest.raises(FolderError, match="is not private"):
        sockets.seclude(home / "ours")
