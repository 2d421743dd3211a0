"""The signer as others see it: the port, over its socket."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from application.ports import Behind, SignerAway, SignerKeys, SignerRefuses
from domain.record.note import Note, Signature
from infrastructure.record.signer import wire
from infrastructure.record.signer.wire import (
    Answer,
    AskForKeys,
    AskToPromise,
    AskToSign,
    FromThere,
    Promised,
    Question,
    Refused,
    Signed,
)

PATIENCE_SECONDS: Final = 2.0
"""For one answer: a flush to the disk, and whoever asked before."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Client:
    """Asks over one connection, one question after another. For the tasks of one event loop; made without a connection."""

    def __init__(self, socket: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._socket = socket
        self._patience = patience
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None

    async def aclose(self) -> None:
        """Leave."""
        if self._connection is not None:
            _, writer = self._connection
            self._connection = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def sign(self, text: str, old: int, proof: Sequence[bytes]) -> tuple[Signature, ...] | Behind:
        """Raises SignerRefuses, SignerAway."""
        match await self._ask(AskToSign(text, old, tuple(proof))):
            case Signed() as found:
                return wire.signatures(found)
            case FromThere(size):
                return Behind(size)
            case other:
                raise _instead(other)

    async def promise(self, text: str) -> Note:
        """Raises SignerRefuses, SignerAway."""
        match await self._ask(AskToPromise(text)):
            case Promised() as found:
                return wire.promised(found)
            case other:
                raise _instead(other)

    async def keys(self) -> SignerKeys:
        """Raises SignerAway."""
        match await self._ask(AskForKeys()):
            case wire.Keys() as found:
                return wire.public(found)
            case other:
                raise _instead(other)

    async def _ask(self, question: Question) -> Answer:
        asked = wire.line(question)
        async with self._turn:
            kept = self._connection is not None
            try:
                return await self._answer(asked)
            except SignerAway:
                if not kept:
                    raise
            return await self._answer(asked)  # it was started again meanwhile

    async def _answer(self, asked: bytes) -> Answer:
        """Raises SignerAway. A connection on which an answer is outstanding is of no more use."""
        try:
            async with asyncio.timeout(self._patience):
                reader, writer = self._connection = self._connection or await self._connected()
                writer.write(asked)
                await writer.drain()
                return wire.answer(await reader.readline())
        except (OSError, TimeoutError, ValueError) as error:
            await self.aclose()
            raise SignerAway(f"{self._socket}: {str(error) or 'no answer'}") from None
        except BaseException:
            await self.aclose()
            raise

    async def _connected(self) -> Connection:
        return await asyncio.open_unix_connection(self._socket, limit=wire.LONGEST)


def _instead(answer: Answer) -> Exception:
    match answer:
        case Refused(reason, size):
            return SignerRefuses(reason, size)
        case wire.Failed(why):
            return SignerAway(why)
        case _:
            return SignerAway(f"an answer to another question: {type(answer).__name__}")
