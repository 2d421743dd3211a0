"""Over HTTP: commands, the status of a proposal, the hello of the same server, and reading one's own write."""

import json
from collections.abc import Iterator
from itertools import count, cycle
from time import perf_counter
from typing import Final

from tests.benchmarks.load import drive
from tests.benchmarks.measures import Figures, middle
from tests.benchmarks.worker import Caller, Forum, Worker

CONNECTIONS: Final = 64
PROPOSALS: Final = 256
"""On the table. Each connection acts on its own."""
OWN_WRITES: Final = 20
"""In a slice."""

DOORS: Final = (
    ("endorsements", {"revision": 0}),
    ("positions", {"revision": 0, "stance": "no-objection"}),
    ("positions", {"revision": 0, "stance": "abstain"}),
)
"""A delegation comes to each of them in turn, so that it never repeats the stance that it holds."""


class Edge:
    """A worker, and the load on it. Goes on where the slice before ended."""

    def __init__(self, worker: Worker, forum: Forum, *, seconds: float = 1.0) -> None:
        self._worker = worker
        self._forum = forum
        self._seconds = seconds
        self.commands = 0
        """That were recorded so far."""
        lanes = [forum.proposals[number::CONNECTIONS] for number in range(CONNECTIONS)]
        self._acting = [_acts(forum, lane, number) for number, lane in enumerate(lanes)]
        self._reading = [_readings(forum, lane) for lane in lanes]
        self._greeting = [_requests("GET", "/health/live") for _ in range(CONNECTIONS)]

    def command(self) -> Figures:
        """Commands a second from all connections, and what one costs the worker: microseconds of CPU."""
        before = self._worker.cpu()
        driven = drive(self._worker.port, self._acting, self._seconds, status=201)
        spent = self._worker.cpu() - before
        number = len(driven.latencies)
        self.commands += number
        return {f"command {CONNECTIONS}": driven.rate, "command cpu": spent / number * 1e6}

    def command_alone(self) -> Figures:
        """Seconds for a command on the one connection that there is."""
        driven = drive(self._worker.port, self._acting[:1], self._seconds, status=201)
        self.commands += len(driven.latencies)
        return {"command 1": middle(driven.latencies)}

    def status(self) -> Figures:
        """Answers a second: where a proposal stands, to somebody with a token."""
        return {"status": drive(self._worker.port, self._reading, self._seconds).rate}

    def hello(self) -> Figures:
        """Answers a second: a constant, to anybody."""
        return {"hello": drive(self._worker.port, self._greeting, self._seconds).rate}

    def own_write(self) -> Figures:
        """Milliseconds from sending a command until a list shows it to its author."""
        caller = Caller(self._worker.port)
        return {"own write": middle([self._write_and_read(caller, number) for number in range(OWN_WRITES)]) * 1e3}

    def _write_and_read(self, caller: Caller, number: int) -> float:
        head = self._forum.heads["USA"]
        door, body = DOORS[number % 2]
        ...
