"""Taking a book away: all that its reader needs to check it offline, as an evidence bundle.

It is made under the last checkpoint that enough witnesses have signed, so that it verifies at once; under the last of all where none
has enough. What only a key has signed that was retired since is left out: who knows the keys of today does not believe it. What is long is read in pages and lies with a binder until the whole is handed out.
"""

from asyncio import to_thread
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Final

from msgspec import Raw

from application.accord import Accord, Caller
from application.books import Binder, Books, Published, Reading, TooLargeError
from application.desk import NotThereError
from application.ports import SignerKeys
from application.trust import log_keys, policy_of
from application.views.trust import show_policy
from domain.identity import BookId
from domain.record.bundle import CHECKPOINT, CHECKPOINTS, POLICY, STATE, VERIFIER, Description, spread
from domain.record.checkpoint import origin_of
from domain.record.note import VerifierKey
from domain.record.policy import Policy, reached
from domain.record.tiles import bundles

MOST_FACTS: Final = 1_000_000
"""Opened by one bundle."""
MOST_EARLIER: Final = 64
"""Earlier checkpoints in it, evenly spread."""
LATELY: Final = 32
"""So many of the last checkpoints are looked at for one with enough witnesses."""
PAGE: Final = 1000


class SpanError(Exception):
    """These are not facts of the book, or more than one bundle opens."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most


async def bind(
    house: Accord, who: Caller, book: BookId, start: int, end: int | None, binder: Binder
) -> tuple[int, Iterator[bytes]]:
    """The bundle of a book, as its reader has it. Raises NotThereError, SpanError, Busy."""
    reading = Reading(house.books, who.books, book)
    if not (sizes := await house.books.sizes(who.books, book)):
        raise NotThereError
    keys = await house.keyring.keys()
    last = await _last(house, who, book, keys, sizes)
    stop = min(last.size, start + MOST_FACTS) if end is None else end
    if not start <= stop <= min(last.size, start + MOST_FACTS):
        raise SpanError(min(start, last.size), min(last.size, start + MOST_FACTS))
    binder.add(POLICY, show_policy(house.directory, book, keys, who.now).file.encode())
    binder.add(CHECKPOINT, bytes(last.whole))
    logs = log_keys(house.directory.forum().founded.host, book, keys)
    for found in await _earlier(house.books, who.books, book, [size for size in sizes if size < last.size], logs):
        binder.add(f"{CHECKPOINTS}{found.size}", bytes(found.whole))
    for tile in bundles(last.size):
        await to_thread(binder.add, tile.path, await reading.tile(tile))
    await _opened(house.books, who.books, book, (start, stop), binder)
    if start == 0:
        await to_thread(lambda: binder.add(STATE, binder.state()))
    binder.add(VERIFIER, binder.verifier())
    try:
        return binder.archive(_described(house, book, (start, stop), last.size, binder))
    except TooLargeError:
        raise SpanError(start, start + (stop - start) // 2) from None


async def _last(house: Accord, who: Caller, book: BookId, keys: SignerKeys, sizes: Sequence[int]) -> Published:
    """The last checkpoint with enough witnesses, if any lately has; else the last."""
    lately = await house.books.checkpoints(who.books, book, sizes[-LATELY:])
    policy = policy_of(house.directory, book, house.directory.audience_of(book), keys, who.now)
    believed = [found for found in lately if _has_signed([log.key for log in policy.logs], found)]
    enough = [found for found in believed if reached(policy, _signed(policy, found))]
    return (enough or believed or lately)[-1]


def _signed(policy: Policy, found: Published) -> list[str]:
    """The witnesses of the policy whose lines stand under it."""
    return [witness.name for witness in policy.witnesses if _has_signed([witness.key], found)]


def _has_signed(keys: Iterable[VerifierKey], found: Published) -> bool:
    """Whether a line of any of them stands under it; that lines hold was looked at when they came."""
    lines = {(line.name, line.id) for line in found.whole.signatures}
    return any((key.name, key.id) in lines for key in keys)


async def _earlier(
    kept: Books, books: Set[BookId], book: BookId, sizes: Sequence[int], logs: Sequence[VerifierKey]
) -> Sequence[Published]:
    """Some of the checkpoints of these sizes, from after the last that none of the keys has signed."""
    while sizes:
        found = await kept.checkpoints(books, book, spread(sizes, MOST_EARLIER))
        retired = max((one.size for one in found if not _has_signed(logs, one)), default=None)
        if retired is None:
            return found
        sizes = [one for one in sizes if one > retired]
    return ()


async def _opened(kept: Books, books: Set[BookId], book: BookId, span: tuple[int, int], binder: Binder) -> None:
    start, end = span
    for first in range(start, end, PAGE):
        page = await kept.openings(books, book, first, min(PAGE, end - first))
        await to_thread(binder.open, first, page)
    binder.close_openings()


def _described(house: Accord, book: BookId, span: tuple[int, int], size: int, binder: Binder) -> Description:
    founded = house.directory.forum().founded
    return Description(
        forum=founded.host,
        kind=founded.kind,
        origin=origin_of(founded.host, book),
        book=str(book),
        audience=Raw(binder.audience),
        start=span[0],
        end=span[1],
        size=size,
        sha256=binder.digests,
    )
