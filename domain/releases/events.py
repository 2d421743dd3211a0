"""What a wider audience is given: a text with its outcome, in a record of its own, in that audience's book.

Nothing here leads back to the proposal. Its id, number and fingerprint stay in the format's book, since from a number an
outsider could count what else was proposed there.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProvisionId
from domain.kernel import Erasable, Fact, WordsGone
from domain.text.provisions import Provision


class ReleasedOutcome(StrEnum):
    """How the text ended."""

    ADOPTED = "adopted"
    ISSUED = "issued"
    """A chair's statement: nobody is party to it."""
    NO_CONSENSUS = "no-consensus"
    LAPSED = "lapsed"


class NamedParty(Struct, frozen=True, forbid_unknown_fields=True):
    """A delegation that is party to the agreement and lets itself be named, and how it came to be one."""

    delegation: DelegationCode
    how: str


class NamedStatement(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement of a delegation that lets itself be named; its words stand beside it."""

    statement: int
    """From 1, among those of this release."""
    delegation: DelegationCode
    kind: str
    provision: ProvisionId | None
    joined: tuple[DelegationCode, ...]


class ReleaseMade(Fact, frozen=True):
    """The delegations of a format give a text and its outcome to this audience."""

    tag: ClassVar[str] = "release.made"

    outcome: ReleasedOutcome
    kind: str
    edition: EditionCode
    format: FormatCode | None
    """None where the format is not listed."""
    master: Language
    provisions: tuple[Provision, ...]
    """With ids of this release: in the proposal's own, one could count what was struck out."""
    reached: datetime
    """When it got its outcome."""
    sponsors: tuple[DelegationCode, ...]
    """Those that let themselves be named."""
    parties: tuple[NamedParty, ...]
    statements: tuple[NamedStatement, ...]


class ReleasedStatementWorded(Erasable, frozen=True):
    """The words of a statement: a fact of their own, so that they can go and the statement stays."""

    tag: ClassVar[str] = "release.statement-worded"

    statement: int
    text: dict[Language, str]


class WordsErased(WordsGone, frozen=True):
    """Words of a release are gone. What was done with them stays."""

    tag: ClassVar[str] = "release.words-erased"


FACTS: tuple[type[Fact], ...] = (ReleaseMade, ReleasedStatementWorded, WordsErased)
