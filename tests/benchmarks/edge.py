"""Over HTTP: commands, the status of a proposal, the hello of the same server, and reading one's own write."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, repeat
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from msgspec import Struct

from tests.benchmarks.load import drive
from tests.benchmarks.measures import Figures, middle
from tests.benchmarks.worker import Caller, Forum, Worker

CONNECTIONS: Final = 64
PROPOSALS: Final = 256
"""On the table. Each connection acts on its own."""
OWN_WRITES: Final = 20
"""In a slice."""

DOORS: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("positions", {"revision": 0, "stance": "no-objection"}),
    ("positions", {"revision": 0, "stance": "abstain"}),
    ("endorsements", {"revision": 0}),
)
"""A delegation comes to each in turn, so that it never repeats the stance that it holds; a sponsor holds an endorsement."""


class Act(Struct, frozen=True):
    """What a head does."""

    path: str
    token: str
    body: Mapping[str, Any]

    def sent(self) -> bytes:
        """As a request, under a key of its own."""
        body = json.dumps(self.body)
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\nIdempotency-Key: {uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Edge:
    """A worker, and the load on it. Goes on where the slice before ended."""

    def __init__(self, worker: Worker, forum: Forum, *, seconds: float = 1.0) -> None:
        self._worker = worker
        self._seconds = seconds
        self.commands = 0
        """That were recorded so far."""
        lanes = [forum.proposals[number::CONNECTIONS] for number in range(CONNECTIONS)]
        self._acts = [_acts(forum, lane) for lane in lanes]
        self._sent = [map(Act.sent, acts) for acts in self._acts]
        token = forum.heads["KOR"]
        self._reads = [cycle([_read(f"/api/proposals/{proposal}", token) for proposal in lane]) for lane in lanes]
        self._hellos = [repeat(_read("/health/live")) for _ in lanes]

    def command(self) -> Figures:
        """Commands a second from all connections, and what one costs the worker: microseconds of CPU."""
        before = self._worker.cpu()
        driven = drive(self._worker.port, self._sent, self._seconds, status=201)
        spent = self._worker.cpu() - before
        self.commands += len(driven.latencies)
        return {"command 64": driven.rate, "command cpu": spent / len(driven.latencies) * 1e6}

    def command_alone(self) -> Figures:
        """Seconds for a command, on the one connection that there is."""
        driven = drive(self._worker.port, self._sent[:1], self._seconds, status=201)
        self.commands += len(driven.latencies)
        return {"command 1": middle(driven.latencies)}

    def status(self) -> Figures:
        """Answers a second: where a proposal stands, to somebody with a token."""
        return {"status": drive(self._worker.port, self._reads, self._seconds).rate}

    def status_alone(self) -> float:
        """Seconds for the status of a proposal, on the one connection that there is."""
        return middle(drive(self._worker.port, self._reads[:1], self._seconds).latencies)

    def hello(self) -> Figures:
        """Answers a second: the same few bytes, to anybody."""
        return {"hello": drive(self._worker.port, self._hellos, self._seconds).rate}

    def own_write(self) -> Figures:
        """Milliseconds from the sending of a command until a list that shows it is here."""
        caller = Caller(self._worker.port)
        self.commands += OWN_WRITES
        return {"own write": middle([_written_and_read(caller, next(self._acts[0])) for _ in range(OWN_WRITES)]) * 1e3}

    def memory(self, commands: int) -> Figures:
        """MiB that the worker holds once it has carried out so many commands."""
        while self.commands < commands:
            self.command()
        return {"memory": self._worker.resident()}


def _acts(forum: Forum, proposals: Sequence[str]) -> Iterator[Act]:
    """Without end: each delegation on each of the proposals, door by door."""
    for door, body in cycle(DOORS):
        for proposal in proposals:
            for token in forum.heads.values():
                yield Act(f"/api/proposals/{proposal}/{door}", token, body)


def _read(path: str, token: str | None = None) -> bytes:
    said = "" if token is None else f"Authorization: Bearer {token}\r\n"
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{said}\r\n".encode()


def _written_and_read(caller: Caller, act: Act) -> float:
    begun = perf_counter()
    position = caller.acted(act.path, act.token, act.body)
    caller.read("/api/proposals?limit=1", act.token, position)
    return perf_counter() - begun
