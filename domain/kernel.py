"""The four words that every room uses: a fact, a command, a refusal, and a fact as the record keeps it.

Nothing here reads a clock or a disk. Time, ids and the actor arrive as arguments.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from msgspec import Meta, Struct, field

from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId

Instant = Annotated[datetime, Meta(tz=True)]
"""As a command names one: with its offset from UTC, so that it can be compared with the record's time."""


class Fact(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Something that happened, named by a past participle. Its ``tag`` is stored and never changes.

    ``gc=False``: what is frozen is in no cycle, and the collector need not go through a log of facts again and again.
    """

    tag: ClassVar[str]
    version: ClassVar[int] = 1
    """The shape of the data under this tag; an older shape is brought up to it by an upcast."""


class Erasable(Fact, frozen=True):
    """Words without consequences (a reason, an explanation): the one kind of fact that may be withheld later."""


class Withheld(Fact, frozen=True):
    """What is left of words that were erased: that there were some, of this tag. It says nothing, so no state changes by it."""

    tag: str = field(name="type")  # pyright: ignore[reportIncompatibleVariableOverride]  of the words
    erasure: int
    """The index, in the same book, of the fact by which they were erased."""
    withheld: Literal["erased"] = "erased"


class Erasing(Fact, frozen=True):
    """Words of its own stream were erased: whoever remembers the stream reads it anew, from the beginning."""


class WordsGone(Erasing, frozen=True):
    """As a room's stream is told; on what the erasure rests, its own stream says. A room gives this its tag."""

    erasure: int
    """Its number in the book."""
    facts: tuple[int, ...]
    """The indices of the words."""


class Command(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that somebody asks for, named by an imperative."""


class Refusal(Exception):
    """The rules say no. A subclass is a dataclass whose fields are the values that explain it.

    ``code`` is stable; ``sentence`` is the English text with the values as ``{names}``, and the key of its translations.
    """

    code: ClassVar[str]
    sentence: ClassVar[str]

    def values(self) -> dict[str, object]:
        """The values that explain the refusal, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.code}: {self.values()}"


F = TypeVar("F", bound=Fact, covariant=True)


class Recorded(Struct, Generic[F], frozen=True, gc=False):
    """A fact as the record keeps it: who did what, under which credential, when, and where it stands in its book.

    ``at`` is the record's own time and decides everything; ``effective`` is when it is said to have happened and decides
    nothing. ``actor`` is None where time alone acted (a silence that ends).
    """

    fact: F
    stream: StreamId
    version: int
    """From 1, without a gap, in its stream."""
    book: BookId
    index: int
    """From 0, without a gap, in its book."""
    at: datetime
    command: CommandId
    actor: PersonId | None = None
    delegation: DelegationCode | None = None
    credential: CredentialId | None = None
    effective: datetime | None = None
    signature: str | None = None

    @property
    def happened(self) -> datetime:
        """When it is said to have happened; the record's time where nothing else is said."""
        return self.effective or self.at


class Decision(Struct, frozen=True):
    """What a command comes to: the facts, and until when that stands.

    A rule that compares the record's time with an instant (a silence of at least 72 hours) names in ``until`` the last
    instant at which its answer is still the same. Facts recorded at or after it are decided again.
    """

    facts: tuple[Fact, ...] = ()
    until: datetime | None = None


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the instants that there are."""
    return min((instant for instant in instants if instant is not None), default=None)
