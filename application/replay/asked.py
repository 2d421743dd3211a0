"""What is to be replayed, and why it cannot be: a question that cannot be answered whole is refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, ProposalId
from domain.kernel import Refusal

Moment = datetime | int
"""An instant, or the index of a fact in its book."""


class OfProposal(Struct, frozen=True):
    """A proposal."""

    proposal: ProposalId


class OfAgenda(Struct, frozen=True):
    """A format's business in an edition."""

    edition: EditionCode
    format: FormatCode


class OfBook(Struct, frozen=True):
    """All that a book tells of."""

    book: BookId


class Asked(Struct, frozen=True):
    """What is to be replayed: at a moment (None: now), against another, or in steps from the one to the other."""

    of: OfProposal | OfAgenda | OfBook
    at: Moment | None = None
    against: Moment | None = None
    viewer: str | None = None
    stood: DelegationCode | None = None
    """Of a proposal: what this delegation stood on, too."""
    in_steps: bool = False
    limit: int = 50
    after: int | None = None
    """Of the page before: the index of the last fact, or of the first of the last thing."""


@dataclass(eq=False)
class StillToCome(Refusal):
    """What the record will say cannot be replayed."""

    code: ClassVar[str] = "still-to-come"
    sentence: ClassVar[str] = "{moment} is still to come: by the record's clock it is {now}."
    moment: datetime
    now: datetime


@dataclass(eq=False)
class PastTheEnd(Refusal):
    """A book is replayed as far as it goes."""

    code: ClassVar[str] = "past-the-end"
    sentence: ClassVar[str] = "The book has no fact {index}; its last is {last}."
    index: int
    last: int


@dataclass(eq=False)
class NotBegunYet(Refusal):
    """Before a thing began there is no state of it, not even an empty one."""

    code: ClassVar[str] = "not-begun-yet"
    sentence: ClassVar[str] = "It began at {began}, with fact {index} of its book; before that there is nothing to replay."
    began: datetime
    index: int
