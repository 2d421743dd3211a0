"""An epoch begins. Its slots are filled, and the forum's book commits to them: once, at the same length whatever happened.

What opens the slots is kept before the fact is recorded. A crash in between leaves it kept under the key of a fact that is not
there: the next try finds it and commits to the same, or nobody ever sees it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from application.desk import Desk
from application.directory import Directory
from application.memory import Memory
from application.ports import Checkpoints, Filling, Slots
from application.reactions.reaction import Reaction, request
from application.tracker import Request, Task
from domain.epochs.epochs import Epochs, begun, draw
from domain.epochs.events import EpochSealed
from domain.identity import BookId, FormatCode, StreamId
from domain.record.envelope import SALT_BYTES
from domain.record.slots import padding
from domain.rules import Rules


class Sealing(Struct, frozen=True):
    """How long an epoch is, and with what its slots are filled."""

    length: timedelta
    slots: Slots
    checkpoints: Checkpoints


def due(memory: Memory, directory: Directory, sealing: Sealing, now: datetime) -> Iterator[Reaction]:
    """The epoch that runs, if nobody has sealed it; first a slot for each format without one.

    One that has passed stays missed: what it could commit to now would witness nothing of then. An import has none, since its
    times are told, and more of them may come.
    """
    begins = begun(now, sealing.length)
    stream = directory.stream_of("epochs", str(begins.year))
    if directory.forum().founded.kind == "import" or _is_sealed(memory, stream, begins):
        return
    yield from _drawing(directory)
    seconds = sealing.length // timedelta(seconds=1)
    asked = request(b"epoch-sealed", begins.isoformat().encode(), b"%d" % seconds)
    yield Reaction(_seal(sealing, stream, EpochSealed(begins, seconds, ()), asked), asked, _nothing)


def _is_sealed(memory: Memory, stream: StreamId, begins: datetime) -> bool:
    held = memory.lasting(stream)
    return held is not None and isinstance(held.state, Epochs) and held.state.last >= begins


def _drawing(directory: Directory) -> Iterator[Reaction]:
    having = directory.slots()
    for format_, book in sorted(directory.books_of_formats(directory.all_books()).items()):
        if book not in having:
            yield Reaction(_draw(format_, book), request(b"slot-drawn", book.bytes), _nothing)


def _draw(format_: FormatCode, book: BookId) -> Task:
    """Two formats never have one slot: who draws it begins its stream. A refusal leaves the format without one."""

    async def act(desk: Desk) -> None:
        taken = frozenset(desk.directory.slots().values())
        lot = int.from_bytes(desk.ids.octets(16))
        drawn = draw(format_, taken, (await desk.forum()).founded.rules.slots, lot)
        desk.write(desk.directory.stream_of("slot", str(drawn.slot)), book, (drawn,))

    return Task(StreamId(book), act)


def _seal(sealing: Sealing, stream: StreamId, epoch: EpochSealed, asked: Request) -> Task:
    async def act(desk: Desk) -> None:
        await desk.find(stream, Epochs)
        forum = (await desk.forum()).founded
        owners = {slot: book for book, slot in desk.directory.slots().items()}
        texts = await sealing.checkpoints.latest(frozenset(owners.values()))
        filled = [
            _filling(desk, forum.host, forum.rules, epoch.begins, slot, owners.get(slot), texts)
            for slot in range(forum.rules.slots)
        ]
        assert asked.key is not None, "a reaction has one"
        commitments = await sealing.slots.prepare(asked.key, epoch.begins, filled)
        sealed = EpochSealed(epoch.begins, epoch.seconds, tuple(found.hex() for found in commitments))
        desk.write(stream, desk.forum_book(), (sealed,))

    return Task(stream, act)


def _filling(
    desk: Desk, host: str, rules: Rules, begins: datetime, slot: int, owner: BookId | None, texts: Mapping[BookId, str]
) -> Filling:
    """The checkpoint of the book whose slot it is; padding where there is none, which its readers see for what it is.

    What is in no format's slot is opened to all delegations, but late: it shows how many formats there were.
    """
    salt, blank = desk.ids.octets(SALT_BYTES), padding(host, begins, slot)
    if owner is None:
        return Filling(desk.forum_book(), salt, blank, begins + rules.padding_opens)
    return Filling(owner, salt, texts[owner].encode() if owner in texts else blank)


def _nothing() -> None:
    """No list of waiting ones to forget it from: an epoch passes by itself."""
