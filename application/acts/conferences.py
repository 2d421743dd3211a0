"""Editions, agendas and sittings."""

from application.access import instructed
from application.acts.reading import agenda_at, settled_proposal
from application.desk import Desk
from application.directory import Directory
from application.etags import etag
from application.tracker import Task
from domain.conferences.agenda import AgendaCommand, change_agenda, check_open
from domain.conferences.commands import (
    AnnounceEdition,
    CancelEdition,
    CloseAgenda,
    CloseEdition,
    OpenEdition,
    PostponeEdition,
)
from domain.conferences.edition import Edition, announce, change_edition
from domain.conferences.events import AgendaClosed, AgendaInstructed
from domain.forum.decide import check_languages
from domain.identity import EditionCode, FormatCode, StreamId
from domain.proposals.acts.closing import close_with_agenda
from domain.proposals.proposal import next_change


def announce_edition(directory: Directory, command: AnnounceEdition) -> Task:
    """Begin a conference year."""
    stream = directory.stream_of("edition", command.code)

    async def act(desk: Desk) -> None:
        await desk.act(AnnounceEdition, desk.person.capacities(members=None, chair=None))
        _, edition = await desk.find(stream, Edition)
        check_languages(command.theme, (await desk.forum()).founded.languages)
        desk.decide(stream, desk.public_book(), announce(edition, command))

    return Task(stream, act)


def move_edition(
    directory: Directory,
    code: EditionCode,
    command: OpenEdition | CloseEdition | PostponeEdition | CancelEdition,
) -> Task:
    """Open, close, postpone or cancel an edition. Closing it looks into no format."""
    stream = directory.stream_of("edition", code)

    async def act(desk: Desk) -> None:
        folded, edition = await desk.get(stream, Edition)
        desk.unchanged(etag(folded.version))
        await desk.act(type(command), desk.person.capacities(members=None, chair=None))
        desk.decide(stream, folded.book, change_edition(edition, command))

    return Task(stream, act)


def move_agenda(directory: Directory, code: EditionCode, format_code: FormatCode, command: AgendaCommand) -> Task:
    """Appoint the chair, convene a sitting, mark who is present."""
    stream = directory.stream_of("agenda", format_code, code)

    async def act(desk: Desk) -> None:
        place = await agenda_at(desk, code, format_code)
        desk.unchanged(etag(place.version))
        await desk.act(type(command), desk.person.capacities(members=place.members, chair=place.agenda.chair))
        desk.write(stream, place.book, place.drawn_up)
        desk.decide(stream, place.book, change_agenda(place.agenda, command, place.members))

    return Task(stream, act)


def close_agenda(directory: Directory, code: EditionCode, format_code: FormatCode, command: CloseAgenda) -> Task:
    """Finish a format's business in an edition: in one act each proposal still open gets its outcome.

    What went on in a later edition is that edition's.
    """
    stream = directory.stream_of("agenda", format_code, code)

    async def act(desk: Desk) -> None:
        place = await agenda_at(desk, code, format_code)
        desk.unchanged(etag(place.version))
        acting = await desk.act(CloseAgenda, desk.person.capacities(members=place.members, chair=place.agenda.chair))
        reference = instructed(acting, command.instruction)
        instruction = () if reference is None else (AgendaInstructed(reference),)
        check_open(place.agenda)
        for proposal in place.agenda.proposals:
            folded, settled = await settled_proposal(desk, proposal)
            if settled.edition == code and (concluded := close_with_agenda(settled)) is not None:
                desk.write(StreamId(proposal), folded.book, (concluded,))
                desk.holds_until(next_change(settled, desk.now))
        desk.write(stream, place.book, (*place.drawn_up, *instruction, AgendaClosed()))

    return Task(stream, act)
