"""What several acts read first: an agenda in its surroundings, a proposal settled at the instant of the act."""

from collections.abc import Set

from msgspec import Struct

from application.desk import Desk, NotThereError
from application.folds import Folded
from domain.conferences.agenda import Agenda
from domain.conferences.edition import Edition
from domain.conferences.events import AgendaDrawnUp
from domain.forum.events import Audience, AudienceKind, FormatDefined
from domain.forum.forum import Format
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, ProposalId, StreamId
from domain.proposals.proposal import Proposal, settle


class Place(Struct, frozen=True):
    """A format's agenda in an edition, and what surrounds it."""

    stream: StreamId
    book: BookId
    """The format's."""
    agenda: Agenda
    version: int
    """Of the agenda's stream; 0 where nothing happened on it yet."""
    drawn_up: tuple[AgendaDrawnUp, ...]
    """To be recorded first, where nothing was yet."""
    format: FormatDefined
    edition: Edition

    @property
    def members(self) -> Set[DelegationCode]:
        """The delegations of the format."""
        return frozenset(self.format.members)


async def agenda_at(desk: Desk, edition: EditionCode, format_: FormatCode, *, rely: bool = True) -> Place:
    """The agenda of a format in an edition. Raises NotThereError, also where the format is not for this person."""
    _, known = await desk.get(desk.directory.stream_of("format", format_), Format, rely=False)
    _, year = await desk.get(desk.directory.stream_of("edition", edition), Edition, rely=rely)
    book = desk.book(Audience(AudienceKind.FORMAT, format_, known.defined.members))
    if book is None or book not in desk.books:
        raise NotThereError
    stream = desk.directory.stream_of("agenda", format_, edition)
    folded, agenda = await desk.find(stream, Agenda, rely=rely)
    return Place(
        stream=stream,
        book=book,
        agenda=agenda or Agenda(edition, format_),
        version=folded.version if folded else 0,
        drawn_up=() if agenda else (AgendaDrawnUp(edition, format_),),
        format=known.defined,
        edition=year,
    )


async def settled_proposal(desk: Desk, proposal: ProposalId) -> tuple[Folded, Proposal]:
    """A proposal as it is at the instant of the act. Raises NotThereError."""
    folded, state = await desk.get(StreamId(proposal), Proposal)
    return folded, settle(state, desk.now)
