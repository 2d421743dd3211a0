"""What happens to an edition, and to the agenda of a format in it."""

from datetime import date
from typing import ClassVar, Literal

from domain.identity import DelegationCode, EditionCode, FormatCode, Language, PersonId, ProposalId
from domain.kernel import Fact

SittingRule = Literal["on-record", "chatham-house", "closed"]
"""How what is said in a sitting may be used. A sitting's rule is never relaxed."""


class EditionAnnounced(Fact, frozen=True):
    """A conference year begins: its call for proposals is out."""

    tag: ClassVar[str] = "edition.announced"

    code: EditionCode
    year: int
    starts_on: date
    ends_on: date
    city: str
    theme: dict[Language, str]


class EditionOpened(Fact, frozen=True):
    """The edition's work has begun."""

    tag: ClassVar[str] = "edition.opened"


class EditionClosed(Fact, frozen=True):
    """Nothing new is tabled or put under silence in the edition; what runs goes on until its agenda closes."""

    tag: ClassVar[str] = "edition.closed"


class EditionPostponed(Fact, frozen=True):
    """The meeting days moved."""

    tag: ClassVar[str] = "edition.postponed"

    starts_on: date
    ends_on: date


class EditionCancelled(Fact, frozen=True):
    """The edition does not meet."""

    tag: ClassVar[str] = "edition.cancelled"


class AgendaDrawnUp(Fact, frozen=True):
    """A format has business in an edition: recorded with whatever comes first."""

    tag: ClassVar[str] = "agenda.drawn-up"

    edition: EditionCode
    format: FormatCode


class ChairAppointed(Fact, frozen=True):
    """A person chairs the format in the edition, and there acts for no delegation meanwhile."""

    tag: ClassVar[str] = "agenda.chair-appointed"

    person: PersonId


class ProposalNumbered(Fact, frozen=True):
    """A proposal stands on the agenda under this number (P24-03 is the third of the plenary in 2024)."""

    tag: ClassVar[str] = "agenda.proposal-numbered"

    proposal: ProposalId
    number: str


class ProposalListed(Fact, frozen=True):
    """A proposal deferred to this edition stands on its agenda, under the number that it has."""

    tag: ClassVar[str] = "agenda.proposal-listed"

    proposal: ProposalId
    number: str


class AgendaInstructed(Fact, frozen=True):
    """What follows is the chair's, recorded by the secretary on the chair's instruction, under this reference."""

    tag: ClassVar[str] = "agenda.instructed-by-chair"

    reference: str


class SittingConvened(Fact, frozen=True):
    """The format meets."""

    tag: ClassVar[str] = "agenda.sitting-convened"

    sitting: int
    held_on: date
    rule: SittingRule


class AttendanceMarked(Fact, frozen=True):
    """Which delegations are present at a sitting, in place of what was marked before."""

    tag: ClassVar[str] = "agenda.attendance-marked"

    sitting: int
    present: tuple[DelegationCode, ...]


class AgendaClosed(Fact, frozen=True):
    """The format's business in the edition is done: each proposal that was open has its outcome."""

    tag: ClassVar[str] = "agenda.closed"


FACTS: tuple[type[Fact], ...] = (
    EditionAnnounced,
    EditionOpened,
    EditionClosed,
    EditionPostponed,
    EditionCancelled,
    AgendaDrawnUp,
    ChairAppointed,
    ProposalNumbered,
    ProposalListed,
    AgendaInstructed,
    SittingConvened,
    AttendanceMarked,
    AgendaClosed,
)
