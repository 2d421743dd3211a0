"""A forum in memory, honest or not, as a witness meets it: it may tell several histories, and serve anything."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from msgspec import structs

from domain.identity import BookId, CommandId, StreamId
from domain.kernel import Fact
from domain.record.checkpoint import Checkpoint
from domain.record.envelope import commitment, pieces
from domain.record.leaf import entry, leaf
from domain.record.note import Kind, Note, VerifierKey, signature, signers
from domain.record.proofs import Proof, consistency
from domain.record.tiles import WIDTH, Tile, bundled
from domain.record.tree import nodes, root
from infrastructure.record.ciphers import HOLDS, Private
from infrastructure.record.witness.errors import Away
from infrastructure.record.witness.forum import Listed, LogKeys, Opening

HOST: Final = "forum.example"
BOOK: Final = BookId(UUID(int=7))
ORIGIN: Final = f"{HOST}/book/{BOOK}"
START: Final = datetime(2026, 5, 1, 9, tzinfo=UTC)


def seeded(name: str, kind: Kind = Kind.ED25519) -> Private:
    return Private.seeded(kind, sha256(name.encode()).digest())


LOG: Final = seeded("log")


class Said(Fact, frozen=True):
    """A fact of any content."""

    tag = "test.said"

    words: str


class History:
    """What one log tells of a book: a fact for each word."""

    def __init__(self, words: Sequence[str], book: BookId = BOOK, unreadable: int | None = None) -> None:
        self.openings = [self._opening(book, index, word) for index, word in enumerate(words)]
        if unreadable is not None:
            self.openings[unreadable] = structs.replace(self.openings[unreadable], envelope=b"no envelope")
        self.entries = [entry(commitment(found.salt or b"", found.envelope or b"")) for found in self.openings]
        self.leaves = [leaf(found) for found in self.entries]
        self.book = book

    @staticmethod
    def _opening(book: BookId, index: int, word: str) -> Opening:
        fact = pieces(Said(word), stream=StreamId(UUID(int=1)), book=book, command=CommandId(UUID(int=2)))
        return Opening(index, sha256(f"{index} {word}".encode()).digest(), fact.filled(START + timedelta(seconds=index), index))

    def tree(self, size: int) -> Checkpoint:
        return Checkpoint(f"{HOST}/book/{self.book}", size, root(self.leaves[:size]))

    def note(self, size: int, *by: Private) -> Note:
        text = str(self.tree(size))
        return Note(text, tuple(private.signature(self.tree(size).origin, text) for private in by or (LOG,)))


class Host:
    """Serves one book, of one history at one size; a test changes what it likes."""

    def __init__(self, history: History, size: int, *, book: BookId = BOOK) -> None:
        self.history = history
        self.size = size
        self.book = book
        self.facts: int | None = None
        self.away = False
        self.said = LogKeys((LOG.public,))
        self.signs: tuple[Private, ...] = (LOG,)
        self.proof: Callable[[int, int], Proof] = self._proof
        self.opening: Callable[[Opening], Opening] = lambda found: found
        self.content: bytes | None = None
        self.cosigned: dict[int, set[str]] = {}
        self.loses = False
        self.watching: list[VerifierKey] = []

    def _proof(self, old: int, new: int) -> Proof:
        return consistency(nodes(self.history.leaves[:new]), old, new)

    def _answers(self) -> None:
        if self.away:
            raise Away("nobody answers")

    async def books(self) -> Sequence[Listed]:
        self._answers()
        return [Listed(self.book, self.size if self.facts is None else self.facts, self.size)]

    async def keys(self) -> LogKeys:
        self._answers()
        return self.said

    async def checkpoint(self, book: BookId) -> bytes:
        assert book == self.book
        self._answers()
        return bytes(self.note(self.size)) if self.content is None else self.content

    def note(self, size: int) -> Note:
        found = self.history.note(size, *self.signs)
        for line in sorted(self.cosigned.get(size, ())):
            found = found.beside(signature(line.rstrip("\n")))
        return found

    async def consistency(self, book: BookId, old: int, new: int) -> Proof:
        assert book == self.book
        self._answers()
        return self.proof(old, new)

    async def entries(self, book: BookId, tile: Tile) -> bytes:
        assert book == self.book
        self._answers()
        return bundled(self.history.entries[tile.n * WIDTH :][: tile.width])

    async def openings(self, book: BookId, first: int, end: int) -> Sequence[Opening]:
        assert book == self.book
        self._answers()
        return [self.opening(found) for found in self.history.openings[first:end]]

    async def cosign(self, book: BookId, size: int, line: str) -> None:
        """Keeps what holds; what does not would be a fault of the witness."""
        assert book == self.book
        self._answers()
        found = Note(str(self.history.tree(size)), (signature(line.rstrip("\n")),))
        assert signers(found, self.watching, HOLDS)
        if not self.loses:
            self.cosigned.setdefault(size, set()).add(line)
