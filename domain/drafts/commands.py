"""What can be asked about a draft."""

from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProposalId
from domain.kernel import Command
from domain.text.provisions import Words


class WriteDraft(Command, frozen=True):
    """Begin a draft, or write it anew."""

    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    provisions: tuple[Words, ...]
    predecessor: ProposalId | None = None


class ShareDraft(Command, frozen=True, rename={"with_": "with"}):
    """Go on with it together with these delegations, as another draft in a book that they share."""

    with_: tuple[DelegationCode, ...]


class TableDraft(Command, frozen=True):
    """Put it on the table: the draft ends, a proposal opens with its words."""


class DiscardDraft(Command, frozen=True):
    """Write on it no longer."""
