"""What happens to words that are to go from a book: in that book, and nowhere else."""

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from domain.identity import DelegationCode
from domain.kernel import Erasable, Erasing, Fact


class Basis(StrEnum):
    """On what an erasure rests."""

    PERSONAL_DATA = "personal-data"
    """They tell of a person who may ask that they go."""
    LEGAL_OBLIGATION = "legal-obligation"
    """A law or a court asks it of a delegation, or of the forum."""
    MISPLACED = "misplaced"
    """They were never meant for those who read this book."""


class NamedWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Words, by the index of their fact in the book; and the fact's tag, which a reader cannot tell once they are gone."""

    index: int
    type: str


class ErasureAsked(Fact, frozen=True):
    """A delegation, or the secretary (None), asks each delegation of the book's audience that these words go."""

    tag: ClassVar[str] = "erasure.asked"

    erasure: int
    """From 1, in its book."""
    facts: tuple[NamedWords, ...]
    """In the order of their indices."""
    basis: Basis
    delegation: DelegationCode | None


class ErasureReasoned(Erasable, frozen=True):
    """Why, in words: a fact of their own, since they may have to go themselves."""

    tag: ClassVar[str] = "erasure.reason-given"

    erasure: int
    text: str


class ErasureApproved(Fact, frozen=True):
    """A delegation agrees that the words go."""

    tag: ClassVar[str] = "erasure.approved"

    erasure: int
    delegation: DelegationCode


class ErasureCarriedOut(Erasing, frozen=True):
    """The last delegation has approved. As this is recorded the words and their salts go; commitments, and so the tree, stay."""

    tag: ClassVar[str] = "erasure.carried-out"

    erasure: int
    facts: tuple[NamedWords, ...]
    basis: Basis
    approvals: tuple[DelegationCode, ...]
    """All delegations of the audience, in order."""


FACTS: tuple[type[Fact], ...] = (ErasureAsked, ErasureReasoned, ErasureApproved, ErasureCarriedOut)
