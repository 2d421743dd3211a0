"""Load over HTTP/1.1: connections that are kept, each with one request under way. Lean, since it shares the machine."""

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter
from typing import Final

from msgspec import Struct

LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
END: Final = b"\r\n\r\n"


class Driven(Struct, frozen=True):
    """What came back."""

    seconds: float
    latencies: list[float]
    """Of each answer, from the sending of its request, in seconds."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class _Connection:
    """Sends what its lane holds, one request after the answer to the one before."""

    def __init__(self, port: int, lane: Iterator[bytes], status: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lane = lane
        self._status = b"HTTP/1.1 " + status
        self._received = b""
        self._sent = 0.0

    def send(self) -> None:
        self._sent = perf_counter()
        self.socket.sendall(next(self._lane))

    def receive(self) -> float | None:
        """How long the answer took, once it is here as a whole."""
        self._received += self.socket.recv(1 << 16)
        head, end, body = self._received.partition(END)
        if not end:
            assert head, "the server hung up"
            return None
        length = LENGTH.search(head)
        assert length, f"an answer without a length: {head!r}"
        if len(body) < int(length[1]):
            return None
        assert head.startswith(self._status), f"{head!r} {body!r}"
        self._received = b""
        return perf_counter() - self._sent


def drive(port: int, lanes: Iterable[Iterator[bytes]], seconds: float, *, status: int = 200) -> Driven:
    """A connection for each lane, for so long; every request that was sent is answered before this returns."""
    latencies: list[float] = []
    with ExitStack() as stack:
        selector = stack.enter_context(DefaultSelector())
        connections = [_Connection(port, lane, str(status).encode()) for lane in lanes]
        for connection in connections:
            stack.enter_context(connection.socket)
            selector.register(connection.socket, EVENT_READ, connection)
        begun = perf_counter()
        end = begun + seconds
        for connection in connections:
            connection.send()
        waiting = len(connections)
        while waiting:
            for key, _ in selector.select():
                connection: _Connection = key.data
                if (latency := connection.receive()) is None:
                    continue
                latencies.append(latency)
                if perf_counter() < end:
                    connection.send()
                else:
                    waiting -= 1
        return Driven(perf_counter() - begun, latencies)
