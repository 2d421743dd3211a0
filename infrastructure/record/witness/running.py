"""A witness made, and a witness run: a folder and a forum, put together."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog
from msgspec import Struct

from domain.identity import DelegationCode
from domain.record import note, promise
from domain.record.note import Kind, VerifierKey
from infrastructure.record import durable
from infrastructure.record.witness import folder as folders
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import Away, Refused, Unknown, WitnessError
from infrastructure.record.witness.folder import Description, joined
from infrastructure.record.witness.forum import LogKeys
from infrastructure.record.witness.http import HttpForum
from infrastructure.record.witness.watch import Watch

HASTE: Final = 0.3
"""Seconds from one look to the next where something happens: a book that grows has a checkpoint twice a second, and a quorum is
made under one and the same."""
LASTING: Final = 3.0
"""Seconds for which it looks so often, after the forum told that something happened."""
PAUSE: Final = 1.0
"""Seconds between looks where something is still to come, or the forum tells nothing."""
REST: Final = 15.0
"""Where all is quiet, and the forum would tell."""

_log = structlog.get_logger()


class Made(Struct, frozen=True):
    """A new witness: its key, and the keys of the forum that it believes from now on, as others can compare them."""

    key: VerifierKey
    host: str
    pinned: tuple[str, ...]


async def make(folder: Path, url: str, token: str, *, delegation: DelegationCode | None, ml_dsa: bool, register: bool) -> Made:
    """Meet the forum, and make the folder; then have its head register the key, if asked.

    Raises WitnessError, Away, Unknown, Refused, Malformed. A folder that was made stays, whether the key is registered or not.
    """
    async with HttpForum(url, token) as forum:
        met = await forum.meet()
        code = delegation or met.delegation
        if code is None:
            raise WitnessError("The token is of no delegation; name one with --delegation.")
        described = Description(met.host, code, "ml-dsa-44" if ml_dsa else "ed25519")
        key = folders.make(folder, described, met.keys)
        if register:
            await forum.register(key)
    return Made(key, met.host, tuple(map(fingerprint, met.keys.logs)))


async def register(folder: Path, url: str, token: str) -> VerifierKey:
    """Have the key of a folder registered, by the head. Raises WitnessError, Away, Unknown, Refused."""
    with folders.opened(folder) as witness:
        async with HttpForum(url, token) as forum:
            await forum.register(witness.key)
        return witness.key


async def run(
    folder: Path,
    url: str,
    token: str,
    *,
    hear: Callable[[Alarm], None],
    once: bool,
    silent_after: timedelta,
    leash: int | None = None,
) -> Watch:
    """Look once, or until asked to stop. ``leash``: also until this file is closed at its other end. Raises WitnessError, Unknown."""
    with folders.opened(folder) as witness, _asked_to_stop(leash) as stop:
        async with HttpForum(url, token) as forum:
            watch = Watch(witness, forum, now=_now, hear=hear, silent_after=silent_after)
            _log.info("witness.watching", key=str(witness.key), forum=url)
            if once:
                await watch.look()
                return watch
            async with _hearing(forum, watch) as ear:
                while not stop.is_set():
                    before = watch.cosigned
                    await watch.look()
                    if watch.cosigned > before:
                        ear.heard()
                    await ear.pause(stop, watch)
            return watch


class _Ear:
    """Listens to what the forum tells, so that where nothing happens nothing is asked."""

    def __init__(self) -> None:
        self.listens = False
        self._woken = asyncio.Event()
        self._until = 0.0

    def heard(self) -> None:
        """Something happened: there is a checkpoint to come, or more."""
        self._woken.set()
        self._until = asyncio.get_running_loop().time() + LASTING

    async def pause(self, stop: asyncio.Event, watch: Watch) -> None:
        """Until it is time to look again, or to stop."""
        if asyncio.get_running_loop().time() < self._until:
            await _any(HASTE, stop)
        elif watch.expects or watch.away is not None or not self.listens:
            await _any(PAUSE, stop)
        else:
            await _any(REST, stop, self._woken)
        self._woken.clear()

    async def listen(self, forum: HttpForum, watch: Watch) -> None:
        """For ever: a stream that ends is asked for again."""
        while True:
            try:
                async for happened in forum.happenings(watch.place):
                    self.listens = True
                    if happened:
                        self.heard()
            except (Away, Refused, Unknown) as away:
                _log.info("witness.deaf", why=str(away))
            self.listens = False
            await asyncio.sleep(PAUSE)


@asynccontextmanager
async def _hearing(forum: HttpForum, watch: Watch) -> AsyncGenerator[_Ear]:
    ear = _Ear()
    task = asyncio.create_task(ear.listen(forum, watch))
    try:
        yield ear
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _any(within: float, *events: asyncio.Event) -> None:
    """Until one of these happens, or so many seconds are over."""
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


def watch_promise(folder: Path, content: bytes) -> str:
    """Put a promise where the witness looks; what was promised. Raises WitnessError, Malformed."""
    if not (folder / folders.PROMISES).is_dir():
        raise WitnessError(f"{folder} is no witness: `accord witness init` makes one.")
    promised = promise.parsed(note.parsed(content).text)
    durable.replace(folder / folders.PROMISES / sha256(content).hexdigest()[:16], content)
    return f"facts {', '.join(str(fact.index) for fact in promised.facts)} of {promised.origin}"


def trust(folder: Path, text: str) -> str:
    """Believe a log key from now on; its fingerprint. Raises WitnessError, Malformed."""
    key = note.key(text)
    if key.kind is not Kind.ED25519:
        raise WitnessError("A log signs with an Ed25519 key.")
    with folders.opened(folder) as witness:
        pinned = witness.pinned
        witness.pin(LogKeys(joined(pinned.logs, (key.public,)), pinned.promises))
    return fingerprint(key.public)


def fingerprint(public: bytes) -> str:
    """SHA-256 of a public key in hexadecimal, in groups of four, as it is printed and compared."""
    digits = sha256(public).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _asked_to_stop(leash: int | None) -> Generator[asyncio.Event]:
    """Set by SIGINT or SIGTERM: what it is at comes to its end first."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, stop.set)
    if leash is not None:
        loop.add_reader(leash, stop.set)  # nothing is ever written there: what there is to read is its end
    try:
        yield stop
    finally:
        for asked in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(asked)
        if leash is not None:
            loop.remove_reader(leash)
