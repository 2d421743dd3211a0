"""What the application asks of the infrastructure."""

from collections.abc import AsyncIterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId
from domain.kernel import Fact, Recorded
from domain.record.note import Note, Signature
from domain.record.report import ForkShown, Verification


class Entry(Struct, frozen=True):
    """A fact on its way into the record: in this stream, in this book, after all that the stream holds."""

    stream: StreamId
    book: BookId
    fact: Fact
    by_all: bool = False
    """An act of all members of a format together: it is recorded of none, since whoever was the last would stand out."""
    signature: str | None = None
    """The delegation's own, where it signed the act."""


class Submission(Struct, frozen=True):
    """A command that was decided, ready for the record.

    ``expected`` names every stream that the decision relied on, with the version at which it was read (0 for a stream that
    is not there); all of them are compared under the head lock. The decision holds from ``since`` (the record's clock as
    it was estimated, never ahead of it) and before ``until``.
    """

    command: CommandId
    entries: tuple[Entry, ...]
    expected: tuple[tuple[StreamId, int], ...]
    since: datetime
    until: datetime | None = None
    actor: PersonId | None = None
    delegation: DelegationCode | None = None
    credential: CredentialId | None = None
    effective: datetime | None = None
    told: datetime | None = None
    """The record's time, told by a demonstration or an import. Any other forum has it refused."""
    key: bytes | None = None
    """16 bytes: by it a repeated request finds the first answer, for ever."""
    request: bytes | None = None
    """SHA-256 of what was asked under the key: the same key with another request is refused."""
    token: bytes | None = None
    """SHA-256 of the token that the actor is known by: it must hold when the facts are recorded."""


class Mark(Struct, frozen=True):
    """Where one fact came to stand."""

    type: str
    stream: StreamId
    book: BookId
    index: int
    at: datetime


class Receipt(Struct, frozen=True):
    """What the record says of a recorded command: the same at each repetition."""

    command: CommandId
    position: int
    """Of its last fact, over all books. Never shown outside."""
    marks: tuple[Mark, ...]
    repeated: bool = False


class Stale(Struct, frozen=True):
    """A stream moved on since it was read: read again and decide again."""


class Late(Struct, frozen=True):
    """The record's clock lies outside ``since`` and ``until``: decide again, at this time."""

    now: datetime


class RevokedError(Exception):
    """The actor's token holds no longer."""


class KeyReused(Exception):
    """The key stands in the record with another request."""


class Busy(Exception):
    """The queue is full, or the database did not answer: nothing is known to have been recorded; ask again by key."""


class BackwardsError(Exception):
    """A told time lies before the book's last, after the clock, or in a forum that may not tell it."""


class Horizon(Struct, frozen=True):
    """No fact with an earlier time than ``at`` can still be recorded."""

    at: datetime
    position: int


class Beginning(Struct, frozen=True):
    """A stream that begins in a book, the index of its first fact, and how many begin up to the index that was asked for."""

    stream: StreamId
    index: int
    total: int


class Filling(Struct, frozen=True):
    """What goes into a slot of an epoch: the content under its salt, and the book whose readers may open it."""

    book: BookId
    salt: bytes
    content: bytes
    opens: datetime | None = None
    """From when on they may; at once, if nothing is said."""


class Opened(Struct, frozen=True):
    """What opens a slot of an epoch that was sealed."""

    index: int
    """Of the epoch's fact in the forum's book."""
    epoch: datetime
    """When it began."""
    slot: int
    salt: bytes
    content: bytes


class Slots(Protocol):
    """What opens the slots of epochs: kept beside the record, before it commits to them."""

    async def prepare(self, key: bytes, epoch: datetime, filled: Sequence[Filling]) -> Sequence[bytes]:
        """Keep what fills each slot, in order, of the epoch whose fact will have this key; the commitments. Raises Busy.

        Who is first fills them: all others, and whoever asks again, are told of what is kept.
        """
        ...

    async def openings(
        self, books: Set[BookId], book: BookId, *, forum: BookId, first: int, end: int, most: int
    ) -> Sequence[Opened]:
        """What opens the slots of a book, if it is among these, in at most so many epochs, in order. Raises Busy.

        Of those whose fact stands in the forum's book from ``first`` on and before ``end``.
        """
        ...


class Checkpoints(Protocol):
    """What the logs have signed."""

    async def latest(self, books: Set[BookId]) -> Mapping[BookId, str]:
        """The text of the last checkpoint of each of these books that has one. Raises Busy."""
        ...


class EventLog(Protocol):
    """The record: append, one stream, and all of it in order."""

    async def append(self, submission: Submission) -> Receipt | Stale | Late:
        """Record the facts durably, or say why not. Answers after COMMIT.

        Raises KeyReused, Busy, BackwardsError, RevokedError.
        """
        ...

    async def known(self, key: bytes, request: bytes) -> Receipt | None:
        """The receipt of the command that was recorded under this key, if any. Raises KeyReused."""
        ...

    async def stream(
        self, stream: StreamId, *, after: int = 0, books: Set[BookId], reached: int | None = None
    ) -> Sequence[Recorded[Fact]]:
        """The facts of a stream above a version, as far as it lies in one of the books.

        ``reached``: up to this position, for a question; what comes after it may be missing. Else all, for a decision.
        """
        ...

    async def following(self, places: Mapping[BookId, int], most: int) -> Sequence[Recorded[Fact]]:
        """At most so many facts of these books, of each those above an index, by time, book and index. Raises Busy."""
        ...

    async def reached(self, book: BookId, at: datetime) -> int:
        """The index of a book's last fact at an instant; -1 if there was none. Raises Busy."""
        ...

    async def beginnings(self, book: BookId, *, after: int, until: int, most: int) -> Sequence[Beginning]:
        """The streams that begin in a book above an index and up to another, in order, at most so many. Raises Busy."""
        ...

    async def ending(
        self, book: BookId, *, until: int, since: datetime, ends: datetime, members: Mapping[str, str]
    ) -> Sequence[StreamId]:
        """The streams of a book of which a fact up to an index names an instant, after ``since`` and up to ``ends``, as an end.

        ``members`` has by the tag of a fact the member that names one. Only these streams change by time alone in between.
        """
        ...

    async def horizon(self) -> Horizon:
        """The record's clock, with no append in flight that could get an earlier time."""
        ...

    def feed(self, after: int) -> AsyncIterator[tuple[int, Sequence[Recorded[Fact]]]]:
        """Every fact above a position, in order, in pages, each with the position of its last; then what follows.

        An empty page comes at least once a second: the database was heard from and had nothing new.
        """
        ...


class Behind(Struct, frozen=True):
    """The last tree of the book that the signer knows has another size than was thought: prove from there."""

    size: int


class SignerKeys(Struct, frozen=True):
    """The public keys (Ed25519, 32 octets each) that sign now, the newest first; more than one while keys overlap.

    A key of `logs` stands under each book's origin, one of `promises` under ``<host>/promise``.
    """

    logs: tuple[bytes, ...]
    promises: tuple[bytes, ...]


class SignerRefuses(Exception):
    """The signer will not sign this, and why.

    *rollback*: a smaller tree than the last that it signed, whose size comes along: the database was put back, or another
    process was faster (then the record has that checkpoint). *inconsistent*: the tree does not begin with that last one.
    *state-lost*: it has its keys, but does not know what it signed. *malformed*: the text is none that it signs.
    """

    def __init__(self, reason: Literal["rollback", "inconsistent", "state-lost", "malformed"], size: int | None = None) -> None:
        super().__init__(reason)
        self.reason: Literal["rollback", "inconsistent", "state-lost", "malformed"] = reason
        self.size = size


class SignerAway(Exception):
    """The signer does not answer. What was asked may have been signed; asking again is safe."""


class Signer(Protocol):
    """Who holds the keys of the books, apart from the database, and knows what it signed."""

    async def sign(self, text: str, old: int, proof: Sequence[bytes]) -> tuple[Signature, ...] | Behind:
        """The lines under a checkpoint's text, one for each key that signs now, the newest first.

        ``proof``: that the tree is consistent with that of ``old``, the signer's last size (0 with no proof: a new book).
        A tree that was signed is signed again without a proof. Raises SignerRefuses, SignerAway.
        """
        ...

    async def promise(self, text: str) -> Note:
        """A promise that facts will stand in the tree (`domain.record.promise`), signed. Raises SignerRefuses, SignerAway."""
        ...

    async def keys(self) -> SignerKeys:
        """The keys to check with. Raises SignerAway."""
        ...


class Verifier(Protocol):
    """Who checks what a reader was handed, with the reader's own policy and memory."""

    def bundle(self, content: bytes) -> Verification:
        """Check a bundle."""
        ...

    def mirror(self, folder: str) -> Verification:
        """Check a book that lies in a folder as static files."""
        ...

    def fork(self, content: bytes) -> ForkShown:
        """Check evidence of a fork."""
        ...
