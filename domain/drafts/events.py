"""What happens to a draft, in the book of those who write it and of nobody else."""

from enum import StrEnum
from typing import ClassVar

from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProposalId
from domain.kernel import Fact
from domain.text.provisions import Provision


class DraftEnd(StrEnum):
    """What became of a draft."""

    TABLED = "tabled"
    SHARED = "shared"
    """It goes on as another draft, in the book of those who share it."""
    DISCARDED = "discarded"


class DraftBegun(Fact, frozen=True):
    """A text is being written, for a format and an edition.

    ``owners`` are the delegations that share it, in order; none where the secretariat or a chair writes it.
    """

    tag: ClassVar[str] = "draft.begun"

    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    provisions: tuple[Provision, ...]
    owners: tuple[DelegationCode, ...]
    predecessor: ProposalId | None


class DraftRewritten(Fact, frozen=True):
    """The whole text as it now stands."""

    tag: ClassVar[str] = "draft.rewritten"

    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    provisions: tuple[Provision, ...]
    predecessor: ProposalId | None


class DraftClosed(Fact, frozen=True):
    """The draft is written on no longer."""

    tag: ClassVar[str] = "draft.closed"

    end: DraftEnd
    proposal: ProposalId | None
    """What it was tabled as."""


FACTS: tuple[type[Fact], ...] = (DraftBegun, DraftRewritten, DraftClosed)
