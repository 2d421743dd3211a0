"""`accord serve` as a process of its own, over a forum in session; and what the process costs."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from api.compose import Addresses, found, opened
from api.settings import Settings
from infrastructure.postgres.embedded import Database
from tests.api.scene import CODES, FOUNDING, TEXT

COMMAND: Final = (sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--port", "0")
PROCESSES: Final = Path("/proc")
"""Linux tells here what a process costs."""


class Worker(Struct, frozen=True):
    """A running one, and where to find it."""

    process: subprocess.Popen[str]
    port: int

    def cpu(self) -> float:
        """Seconds of CPU that it has taken, all threads, in user and system mode."""
        words = (PROCESSES / str(self.process.pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Its memory in MiB."""
        pages = int((PROCESSES / str(self.process.pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@contextmanager
def serving(database: Database, log: Path) -> Generator[Worker]:
    addresses = {
        "DATABASE_URL": database.owner_url,
        "DATABASE_APP_URL": database.app_url,
        "DATABASE_PROJECTOR_URL": database.projector_url,
    }
    with log.open("w") as written:
        process = subprocess.Popen(COMMAND, env=os.environ | addresses, stderr=written, text=True)
    try:
        yield Worker(process, _port(process, log))
    finally:
        process.terminate()
        process.wait()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    """As it says, once it listens."""
    while process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("Serving "):
                return int(line.rpartition(":")[2])
    raise RuntimeError(f"the worker ended: {log.read_text()}")


async def founded(database: Database) -> str:
    """Found the forum of the tests of the edge; its secretary's token."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url)
    async with opened(addresses, Settings(), founded=False) as house:
        secretary = await house.people.add("Secretary")
        await found(addresses, house, FOUNDING, secretary)
        return (await house.people.issue(secretary, "bench")).token


class Forum(Struct, frozen=True):
    """A forum in session: a head for each delegation, and proposals on the table."""

    heads: dict[str, str]
    """Tokens, by delegation."""
    proposals: tuple[str, ...]
    """Ids."""


class Caller:
    """Somebody who asks over HTTP, one thing after another."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)

    def done(self, path: str, token: str | None, body: Any = None) -> Any:
        """A command that must succeed."""
        return self._asked("POST", path, token, {"If-Match": "*"}, body)[0]

    def acted(self, path: str, token: str, body: Any) -> str:
        """The position of a command that must succeed."""
        return self._asked("POST", path, token, {}, body)[1]

    def read(self, path: str, token: str, position: str) -> Any:
        """Once that position is to be seen."""
        return self._asked("GET", path, token, {"Accord-Position": position})[0]

    def _asked(self, method: str, path: str, token: str | None, headers: dict[str, str], body: Any = None) -> tuple[Any, str]:
        said = {} if token is None else {"Authorization": f"Bearer {token}"}
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, path, sent, said | headers | {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status in {200, 201}, f"{method} {path}: {answer.status} {text!r}"
        return json.loads(text), answer.headers["Accord-Position"] or ""


def in_session(caller: Caller, secretary: str, proposals: int) -> Forum:
    """Seat the heads, open an edition, and table."""
    heads = {code: _seated(caller, secretary, code) for code in CODES}
    edition = {"code": "2026", "year": 2026, "starts_on": "2026-09-08", "ends_on": "2026-09-09", "city": "Tokyo"}
    caller.done("/api/editions", secretary, edition | {"theme": {"en": "Peace"}})
    caller.done("/api/editions/2026/open", secretary)
    return Forum(heads, tuple(_tabled(caller, heads["JPN"]) for _ in range(proposals)))


def _seated(caller: Caller, secretary: str, code: str) -> str:
    person = caller.done("/api/people", secretary, {"name": code})["id"]
    credential = {"person": person, "role": "head", "notice": f"letter of {code}"}
    invitation = caller.done(f"/api/delegations/{code}/credentials", secretary, credential)["invitation"]
    return caller.done("/api/invitations", None, {"invitation": invitation, "expires": "2099-01-01T00:00:00Z"})["token"]


def _tabled(caller: Caller, head: str) -> str:
    draft = {"kind": "crisis-management-mechanism", "format": "plenary", "edition": "2026", "master": "en"}
    begun = caller.done("/api/drafts", head, draft | {"provisions": TEXT})["id"]
    return caller.done(f"/api/drafts/{begun}/table", head)["id"]
