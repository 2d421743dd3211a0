"""Something that time did, and how it is written down."""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from msgspec import Struct

from application.tracker import Request, Task

K = TypeVar("K")
V = TypeVar("V")


class Reaction(Struct, frozen=True):
    """``forget``: that it waits to be written down."""

    task: Task
    request: Request
    forget: Callable[[], object]


def request(what: bytes, *ids: bytes) -> Request:
    """Nobody's. Its key is derived from what it reacts to, so that it happens once."""
    digest = sha256(b"\0".join((b"accord/" + what + b"/v1", b"".join(ids)))).digest()
    return Request(None, is_reaction=True, key=digest[:16], digest=digest)


def forgetting(waiting: dict[K, V], key: K, known: V) -> Callable[[], None]:
    """Let it wait no longer. What was heard while it was tried, as a later deadline, stays."""

    def forget() -> None:
        if waiting.get(key) == known:
            del waiting[key]

    return forget
