"""The signer as a process: a folder, a lock, and a unix socket at which it is asked.

Nothing but the three questions of `wire` comes in over the socket. What concerns the folder (keys, a lost state) is done to the
folder, by who may write to it.

    python -m infrastructure.record.signer.server FOLDER

is how `serve` starts it: it makes a folder that is new, waits its turn where another signer holds the folder, and ends when its
standard input does, so with whoever started it, however that ended.
"""

import asyncio
import grp
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from application.ports import SignerRefuses
from infrastructure.record.keyfiles import KeyFileError
from infrastructure.record.signer import folder as folders
from infrastructure.record.signer import sockets, wire
from infrastructure.record.signer.core import Core
from infrastructure.record.signer.errors import FolderError, FolderTakenError
from infrastructure.record.signer.wire import Answer, AskForKeys, AskToPromise, AskToSign, Failed, Question

TURN_SECONDS: Final = 0.2
"""Between two looks at a folder that another signer holds."""

Say = Callable[[str], None]


def run(folder: Path, say: Say, *, group: str | None = None) -> None:
    """Sign until asked to stop (SIGTERM, SIGINT). ``group``: whose members may ask too, beside the user that this runs as.

    Raises FolderError, FolderTakenError, KeyFileError.
    """
    gid = _gid(group)
    with folders.locked(folder), Core(folder) as core, _listening(sockets.path(folder), gid) as listener:
        asyncio.run(_serve(core, listener, say, _asked_to_stop))


@contextmanager
def _listening(path: Path, gid: int | None) -> Generator[socket.socket]:
    """At a socket for this user, and the group. One that is there is of a dead signer, since the folder is ours."""
    sockets.seclude(path.parent)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        before = os.umask(0o177)
        try:
            listener.bind(os.fspath(path))
        finally:
            os.umask(before)
        if gid is not None:
            _admit(path, gid)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _admit(path: Path, gid: int) -> None:
    """Its members go through the folder, seeing nothing of it, to the socket."""
    for file, mode in ((path.parent, 0o710), (path, 0o660)):
        os.chown(file, -1, gid)
        file.chmod(mode)


def _gid(group: str | None) -> int | None:
    if group is None:
        return None
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise FolderError(f"There is no group {group}.") from None


async def _serve(core: Core, listener: socket.socket, say: Say, until: Callable[[], Awaitable[None]]) -> None:
    server = await asyncio.start_unix_server(_Visitor(core, say).meet, sock=listener, limit=wire.LONGEST)
    say(f"Signing on {listener.getsockname()}")
    try:
        await until()
    finally:
        server.close()


async def _asked_to_stop() -> None:
    stop = asyncio.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(asked, stop.set)
    await stop.wait()


class _Visitor:
    """Who came to the socket, one of many. All share the one core, in one thread: what it writes is written in turn."""

    def __init__(self, core: Core, say: Say) -> None:
        self._core = core
        self._say = say

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer question after question. Whoever says what is no question is left."""
        with suppress(ConnectionError, ValueError, asyncio.CancelledError):
            while asked := await reader.readline():
                writer.write(wire.line(self._answer(wire.question(asked))))
                await writer.drain()
        writer.close()

    def _answer(self, question: Question) -> Answer:
        try:
            return _answered(self._core, question)
        except SignerRefuses as refusal:
            return wire.refused(refusal)
        except (OSError, FolderError, KeyFileError) as error:
            self._say(f"Nothing was signed: {error}")
            return Failed(str(error))


def _answered(core: Core, question: Question) -> Answer:
    match question:
        case AskToSign(text, old, proof):
            return wire.signed(core.sign(text, old, proof))
        case AskToPromise(text):
            return wire.Promised(bytes(core.promise(text)).decode())
        case AskForKeys():
            found = core.keys()
            return wire.Keys(found.logs, found.promises)


def main(folder: Path) -> None:
    """Run as the child of whoever holds the other end of standard input."""
    folders.lay_out(folder)
    while not _signed_until_alone(folder):
        if asyncio.run(_alone_within(TURN_SECONDS)):
            return


def _signed_until_alone(folder: Path) -> bool:
    """False where another signer holds the folder."""
    try:
        with folders.locked(folder):
            if folders.is_new(folder):
                folders.furnish(folder)
            with Core(folder) as core, _listening(sockets.path(folder), None) as listener:
                asyncio.run(_serve(core, listener, _say, _left_alone))
    except FolderTakenError:
        return False
    return True


async def _left_alone() -> None:
    """Wait until the other end of standard input is closed."""
    left = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), left.set)
    await left.wait()


async def _alone_within(seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(_left_alone(), seconds)
        return True
    return False


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201  a program's own words


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for who started this
    try:
        main(Path(sys.argv[1]))
    except (FolderError, KeyFileError) as error:
        sys.exit(str(error))
