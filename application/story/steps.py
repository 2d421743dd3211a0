"""The words in which a forum's life is told: who does what, and when. Data only; nothing here does anything.

People, proposals, drafts and prepared acts are called by the names of the story. Their ids are derived from these names,
so that a story that is told again finds what it told before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from msgspec import Struct

from application.doors import DOORS
from domain.conferences.agenda import AgendaCommand
from domain.conferences.commands import (
    AnnounceEdition,
    CancelEdition,
    CloseAgenda,
    CloseEdition,
    OpenEdition,
    PostponeEdition,
)
from domain.drafts.commands import ShareDraft, WriteDraft
from domain.forum.commands import ConsentToReader, FoundForum, IssueCredential
from domain.forum.events import Audience
from domain.identity import DelegationCode, DraftId, EditionCode, FormatCode, PersonId, PreparedId, ProposalId
from domain.proposals.commands import ProposalCommand, RecordFallenAway, Split


def person(role: str) -> PersonId:
    """Who plays the role."""
    return PersonId(_id(role))


def proposal(code: str) -> ProposalId:
    """The proposal of that code."""
    return ProposalId(_id(f"proposal/{code}"))


def draft(name: str) -> DraftId:
    """The draft of that name."""
    return DraftId(_id(f"draft/{name}"))


def prepared(name: str) -> PreparedId:
    """The prepared act of that name."""
    return PreparedId(_id(f"prepared/{name}"))


def _id(name: str) -> UUID:
    """Shaped as a UUID of version 4, like every id in a record: it tells nothing of when it was made."""
    return UUID(bytes=sha256(f"accord/demonstration/{name}".encode()).digest()[:16], version=4)


class Credential(Struct, frozen=True):
    """Let a person act for a delegation."""

    delegation: DelegationCode
    command: IssueCredential


class EndTerm(Struct, frozen=True):
    """End the term that a person has in a delegation."""

    delegation: DelegationCode
    role: str


class LetRead(Struct, frozen=True):
    """Let a person read a book, for one's own part."""

    audience: Audience
    command: ConsentToReader


class Announce(Struct, frozen=True):
    """Begin a conference year."""

    command: AnnounceEdition


class Move(Struct, frozen=True):
    """Open, close, postpone or cancel an edition."""

    edition: EditionCode
    command: OpenEdition | CloseEdition | PostponeEdition | CancelEdition


class OnAgenda(Struct, frozen=True):
    """Appoint a chair, convene a sitting, mark who is present."""

    edition: EditionCode
    format: FormatCode
    command: AgendaCommand


class FinishAgenda(Struct, frozen=True):
    """Finish a format's business in an edition."""

    edition: EditionCode
    format: FormatCode
    command: CloseAgenda = CloseAgenda()


class Begin(Struct, frozen=True):
    """Begin a draft."""

    draft: str
    command: WriteDraft


class Rewrite(Struct, frozen=True):
    """Write a draft anew."""

    draft: str
    command: WriteDraft


class Share(Struct, frozen=True):
    """Go on with a draft together, under another name."""

    draft: str
    command: ShareDraft
    shared: str


class Discard(Struct, frozen=True):
    """Write on a draft no longer."""

    draft: str


class Table(Struct, frozen=True):
    """Put a draft on the table, as the proposal of that code."""

    draft: str
    proposal: str


class On(Struct, frozen=True):
    """Act on a proposal."""

    proposal: str
    command: ProposalCommand


class GoOnIn(Struct, frozen=True):
    """Let a proposal go on in another."""

    proposal: str
    into: str


class GoOnInParts(Struct, frozen=True):
    """Let a proposal go on in parts, which get these codes."""

    proposal: str
    command: Split
    parts: tuple[str, ...]


class SilenceEnds(Struct, frozen=True):
    """Write down that a silence ended. Nobody does that; time does."""

    proposal: str


class FallsAway(Struct, frozen=True):
    """Write down that a position fell away when it was due. Nobody does that; time does."""

    proposal: str
    command: RecordFallenAway


class Prepare(Struct, frozen=True):
    """Have an act ready for the head of one's delegation: what will be said at which door."""

    prepared: str
    delegation: DelegationCode
    door: str
    proposal: str
    said: Struct

    @property
    def body(self) -> str:
        """What will be said, as JSON text."""
        return msgspec.json.encode(self.said, order="sorted").decode()

    @property
    def command(self) -> ProposalCommand:
        """The command that it is."""
        return DOORS[self.door].command(self.said)


class Send(Struct, frozen=True):
    """Send what was prepared."""

    what: Prepare


class Drop(Struct, frozen=True):
    """Put aside what was prepared."""

    what: Prepare


Act = (
    Credential
    | EndTerm
    | LetRead
    | Announce
    | Move
    | OnAgenda
    | FinishAgenda
    | Begin
    | Rewrite
    | Share
    | Discard
    | Table
    | On
    | GoOnIn
    | GoOnInParts
    | SilenceEnds
    | FallsAway
    | Prepare
    | Send
    | Drop
)


class Step(Struct, frozen=True):
    """Somebody does something. ``at`` None: now, by the record's own clock. ``by`` None: time alone acts."""

    at: datetime | None
    by: str | None
    act: Act


class Story(Struct, frozen=True):
    """A forum's life: how it is founded, who is in it, what happened, and what happens as the demonstration starts."""

    version: int
    """Grows when a step changes, so that a record of the story as it was before is not taken for one of this."""
    founding: FoundForum
    founded: datetime
    secretary: str
    """The role of the first secretary, who founds it."""
    people: Mapping[str, str]
    """The name under which each role is shown."""
    told: tuple[Step, ...]
    """At fixed instants, each later than the one before."""
    opening: Callable[[datetime], tuple[Step, ...]]
    """What happens around a start: the days before it, then, by the record's clock, what is running when it begins."""

    def steps(self, start: datetime) -> tuple[Step, ...]:
        """All steps of a demonstration that starts then."""
        return (*self.told, *self.opening(start))
