"""What is promised to who has just had something recorded: that it will stand in the books, signed by the promise key.

It is no part of what a command came to: a repetition is promised the same anew, and where the signer is away the command stands.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, Literal, Protocol

from application.ports import Busy, Mark, Signer, SignerAway, SignerRefuses
from domain.identity import BookId
from domain.record.checkpoint import origin_of
from domain.record.note import Note
from domain.record.promise import Promise, Promised

MOST: Final = 24
"""Facts that are promised at once: more would not go into a header field. A fact can be looked for in the tree without one."""

Missing = Literal["signer-away", "too-many-facts", "busy"]


class NoPromise(Exception):
    """Nothing was promised, and why."""

    def __init__(self, why: Missing) -> None:
        super().__init__(why)
        self.why: Missing = why


class Commitments(Protocol):
    """What the record keeps of its facts for the trees."""

    async def commitments(self, books: Set[BookId], book: BookId, first: int, most: int) -> Sequence[bytes]:
        """The commitments of so many facts of a book from an index on, if it is one of these books. Raises Busy."""
        ...


class Promises:
    """Made over what is recorded, not over what was handed in."""

    def __init__(self, signer: Signer, commitments: Commitments) -> None:
        self._signer = signer
        self._commitments = commitments

    async def of(self, host: str, marks: Sequence[Mark]) -> tuple[Note, ...]:
        """A promise for each book of these facts, by book. Raises NoPromise."""
        if len(marks) > MOST:
            raise NoPromise("too-many-facts")
        try:
            return tuple([await self._of_book(host, book, found) for book, found in sorted(_by_book(marks).items())])
        except (SignerAway, SignerRefuses):
            raise NoPromise("signer-away") from None
        except Busy:
            raise NoPromise("busy") from None

    async def _of_book(self, host: str, book: BookId, marks: Sequence[Mark]) -> Note:
        """The facts that one command has in one book follow one another."""
        first = marks[0].index
        commits = await self._commitments.commitments({book}, book, first, len(marks))
        facts = (Promised(mark.index, commit, mark.at) for mark, commit in zip(marks, commits, strict=True))
        return await self._signer.promise(str(Promise(origin_of(host, book), tuple(facts))))


def _by_book(marks: Iterable[Mark]) -> Mapping[BookId, Sequence[Mark]]:
    found: dict[BookId, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: mark.index):
        found.setdefault(mark.book, []).append(mark)
    return found
