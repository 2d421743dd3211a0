"""What stood there at a moment, what changed between two, and what happened in between, fact by fact?"""

from datetime import datetime

from msgspec import Struct

from application.folds import State
from application.views.changes import ChangeShown
from application.views.editions import AgendaShown
from application.views.history import FactShown
from application.views.status import PositionShown, ProposalStatus, RevisionShown
from domain.conferences.agenda import Agenda
from domain.conferences.edition import Edition
from domain.drafts.draft import Draft
from domain.epochs.epochs import Epochs, Slot
from domain.erasures.erasure import Erasures
from domain.forum.forum import Format, Forum, Letter
from domain.forum.keys import Keys
from domain.forum.people import Book, Credentials, Secretariat
from domain.identity import BookId, DelegationCode, StreamId
from domain.prepared.prepared import PreparedAct
from domain.proposals.proposal import Proposal
from domain.releases.release import Release


class PointShown(Struct, frozen=True):
    """A moment of a book."""

    at: datetime
    index: int
    """The last fact of the book that counts."""


class ThingShown(Struct, frozen=True):
    """Something that a book tells of, in short."""

    kind: str
    """The room whose thing it is, as proposal, agenda, edition, draft."""
    id: StreamId
    name: str
    status: str
    """How far it is; empty where it is simply there."""
    began: datetime
    changed: datetime
    """The time of its last fact."""
    index: int
    """Of its last fact in the book."""


class ThingChanged(Struct, frozen=True):
    """What became of a thing between two moments."""

    thing: ThingShown
    changes: tuple[ChangeShown, ...]


class StoodShown(Struct, frozen=True):
    """What one delegation stood on: its position, and the words that it was taken on."""

    delegation: DelegationCode
    position: PositionShown | None
    words: RevisionShown | None


class StepShown(Struct, frozen=True, omit_defaults=True):
    """One step: a fact, or what time alone did; the state after it; and what it changed.

    Of the three states there is the one that the question is of.
    """

    at: datetime
    changes: tuple[ChangeShown, ...]
    by_time_alone: bool = False
    fact: FactShown | None = None
    proposal: ProposalStatus | None = None
    agenda: AgendaShown | None = None
    thing: ThingShown | None = None


class Replayed(Struct, frozen=True, omit_defaults=True):
    """The answer. What was not asked for is absent."""

    of: str
    """proposal, agenda or book."""
    book: BookId
    at: PointShown
    viewer: str | None = None
    """As whom it was looked at: a delegation's code, or public."""
    against: PointShown | None = None
    proposal: ProposalStatus | None = None
    agenda: AgendaShown | None = None
    stood: StoodShown | None = None
    changes: tuple[ChangeShown, ...] | None = None
    """From ``against`` to ``at``."""
    things: tuple[ThingShown, ...] | None = None
    """Of a book, in the order in which they began."""
    changed: tuple[ThingChanged, ...] | None = None
    """Of a book, from ``against`` to ``at``. A page of these may be short, or empty, and have a next one."""
    steps: tuple[StepShown, ...] | None = None
    next: str | None = None
    total: int | None = None
    """How many things the book tells of, or how many facts there are to step through."""


def naming(state: State) -> tuple[str, str]:  # noqa: C901, PLR0912  one case a kind
    """What a thing is called, and how far it is."""
    match state:
        case Proposal():
            return state.number, state.status
        case Agenda():
            return f"{state.edition}/{state.format}", "closed" if state.closed else "open"
        case Edition():
            return state.announced.code, state.status
        case Draft():
            return f"{state.edition}/{state.format}", state.end or "open"
        case PreparedAct():
            return state.act, state.status
        case Release():
            return state.made.kind, state.made.outcome
        case Forum():
            return state.founded.host, ""
        case Format():
            return state.defined.code, ""
        case Letter():
            return state.format, ""
        case Credentials() | Keys():
            return state.delegation, ""
        case Book():
            return "/".join(state.audience.names), ""
        case Slot():
            return str(state.slot), ""
        case Secretariat() | Erasures() | Epochs():
            return "", ""
