"""What a witness makes of a forum's policy as it is served."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from domain.record.malformed import Malformed
from domain.record.note import Kind, VerifierKey
from infrastructure.record.witness.forum import LogKeys
from infrastructure.record.witness.http import HttpForum
from tests.infrastructure.record.hosts import LOG, ORIGIN, seeded

PROMISE = seeded("promise").key("forum.example/promise")
OTHER = seeded("other", Kind.COSIGNATURE_ML_DSA_44).key(ORIGIN)


@asynccontextmanager
async def serving(content: bytes) -> AsyncGenerator[HttpForum]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with HttpForum(f"http://127.0.0.1:{port}", "token") as forum:
            yield forum


async def test_the_keys_of_a_forum_are_the_ed25519_ones_of_its_policy() -> None:
    log = VerifierKey(ORIGIN, Kind.ED25519, LOG.public)
    content = f"# promise {PROMISE}\nlog {log}\nlog {OTHER}\nquorum none\n".encode()
    async with serving(content) as forum:
        assert await forum.keys() == LogKeys((LOG.public,), (PROMISE.public,))


@pytest.mark.parametrize(
    "content", [b"", b"log\n", b"log x\nquorum none\n", b"# promise x\nquorum none\n", b"\xff\nquorum none\n"]
)
async def test_what_is_no_policy_is_malformed_and_nothing_worse(content: bytes) -> None:
    async with serving(content) as forum:
        with pytest.raises(Malformed):
            await forum.keys()
