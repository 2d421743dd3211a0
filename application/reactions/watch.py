"""What time does, written down: once, whichever process is first and however often it is tried.

Nobody depends on it. A silence has ended and a position has fallen away by the record itself, and both are shown so.
"""

from asyncio import sleep
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from application.memory import Memory
from application.ports import Busy
from application.reactions import epochs, falling_due, silences
from application.reactions.epochs import Sealing
from application.reactions.reaction import Reaction
from application.tracker import Tracker
from domain.kernel import Refusal


def due(memory: Memory, now: datetime) -> Iterator[Reaction]:
    """What has passed by now and is not written down, as far as this process knows."""
    yield from silences.due(memory, now)
    yield from falling_due.due(memory, now)


async def watch(tracker: Tracker, memory: Memory, sealing: Sealing | None = None, *, every: float = 1.0) -> None:
    """Look once a second, for ever."""
    while True:
        await look(tracker, memory, sealing)
        await sleep(every)


async def look(tracker: Tracker, memory: Memory, sealing: Sealing | None = None) -> None:
    """Write down what has passed, and seal the epoch, if that is done here."""
    now = tracker.clock.now()
    sealed = () if sealing is None else epochs.due(memory, tracker.directory, sealing, now)
    for reaction in [*due(memory, now), *sealed]:
        with suppress(Busy):
            await _react(tracker, reaction)


async def _react(tracker: Tracker, reaction: Reaction) -> None:
    try:
        await tracker.execute(reaction.task, reaction.request)
    except Refusal:
        reaction.forget()  # it came to something else, and this process had not heard of it
