"""What is ended by force: a PostgreSQL on the settings that everybody gets, and processes of `accord serve` over it."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from infrastructure.postgres import postmaster
from infrastructure.postgres.embedded import Database, Server

COMMAND: Final = (sys.executable, "-m", "tests.crash.served", "serve", "--host", "127.0.0.1", "--port", "0")
PATIENCE: Final = 60
"""Seconds in which a process has to begin to serve, or to end once it is asked to."""
LONGEST: Final = 1 << 22
"""Bytes of a line that a process may say."""


@dataclass(eq=False)
class Process:
    """A running `accord serve`."""

    program: asyncio.subprocess.Process
    listening: "asyncio.Task[None]"
    base: str

    async def kill(self) -> None:
        with suppress(ProcessLookupError):  # it had ended
            self.program.kill()
        await self._ended()

    async def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self.program.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ended()
        except TimeoutError:
            await self.kill()
            raise

    async def _ended(self) -> None:
        await self.program.wait()
        await self.listening


async def start(addresses: Mapping[str, str], log: BinaryIO) -> Process:
    """A process that serves. What it says goes to the log."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "DATABASE_"))}
    program = await asyncio.create_subprocess_exec(
        *COMMAND,
        env={**others, **addresses},
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
        limit=LONGEST,
        start_new_session=True,  # Ctrl-C is for the test, which then ends it
    )
    serving: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    process = Process(program, asyncio.create_task(_listen(program, log, serving)), "")
    try:
        async with asyncio.timeout(PATIENCE):
            process.base = await serving
    except BaseException:
        await process.kill()
        raise
    return process


async def _listen(program: asyncio.subprocess.Process, log: BinaryIO, serving: "asyncio.Future[str]") -> None:
    assert program.stderr is not None
    async for line in program.stderr:
        log.write(line)
        log.flush()
        if line.startswith(b"Serving ") and not serving.done():
            serving.set_result(line.split()[-1].decode())
    if not serving.done():
        serving.set_exception(RuntimeError(f"accord serve ended with {await program.wait()}; what it said: {log.name}"))


@dataclass
class Machine:
    """One database, and the processes that serve it. All of it ends with this test, however that ends."""

    folder: Path
    server: Server
    log: BinaryIO
    processes: list[Process] = field(default_factory=list[Process])

    @property
    def database(self) -> Database:
        return self.server.database()

    @property
    def doors(self) -> list[str]:
        """Where somebody serves, or did until a moment ago."""
        return [process.base for process in self.processes]

    async def serve(self, count: int) -> None:
        """Have so many processes serve."""
        while len(self.processes) > count:
            await self.processes.pop().stop()
        while len(self.processes) < count:
            self.processes.append(await start(addresses(self.database), self.log))

    async def kill_a_process(self, number: int) -> None:
        await self.processes.pop(number).kill()

    def kill_database(self) -> None:
        """The first process of the server, and all its children: while that one is held, it has no more."""
        running = postmaster.running(self.server.cluster)
        assert running is not None
        os.kill(running.pid, signal.SIGSTOP)
        for pid in (running.pid, *children(running.pid)):
            os.kill(pid, signal.SIGKILL)

    async def start_database(self) -> None:
        """As whoever finds it dead: the server is given up, and started anew."""
        await asyncio.to_thread(self._restart)

    def _restart(self) -> None:
        self.server.stop()
        self.server = Server(self.folder).start()


def addresses(database: Database) -> Mapping[str, str]:
    return {
        "DATABASE_URL": database.owner_url,
        "DATABASE_APP_URL": database.app_url,
        "DATABASE_PROJECTOR_URL": database.projector_url,
        "ACCORD_SIGNER": "/nowhere",
    }


def children(parent: int) -> Iterable[int]:
    asked = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    for line in asked.stdout.splitlines():
        pid, of = map(int, line.split())
        if of == parent:
            yield pid


@contextmanager
def place() -> Generator[Path]:
    """A folder that the server's own user can reach. Where something fails it is left, for whoever looks into that."""
    folder = Path(tempfile.mkdtemp(prefix="accord-crash-"))
    folder.chmod(0o711)
    failed = False
    try:
        yield folder
    except Exception:
        failed = True
        raise
    finally:
        if not failed:
            shutil.rmtree(folder)


@asynccontextmanager
async def machine(folder: Path) -> AsyncGenerator[Machine]:
    """A machine on which nothing serves yet."""
    with (folder / "serve.log").open("ab") as log:
        running = Machine(folder, Server(folder).start(), log)
        try:
            yield running
            await running.serve(0)
        finally:
            for process in running.processes:
                await process.kill()
            running.server.stop()
