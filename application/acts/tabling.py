"""Putting a text on the table: the agenda numbers it, and the proposal opens in the book of the format."""

from application.access import Acting
from application.acts.reading import Place, agenda_at
from application.desk import Desk
from application.directory import Directory
from application.tracker import Task
from domain.conferences.agenda import number_next
from domain.identity import EditionCode, FormatCode, ProposalId, StreamId
from domain.proposals.acts.tabling import table
from domain.proposals.circumstances import Circumstances, Tabling
from domain.proposals.commands import TableProposal
from domain.proposals.proposal import Proposal, settle


def table_proposal(
    directory: Directory, edition: EditionCode, format_: FormatCode, command: TableProposal, proposal: ProposalId
) -> Task:
    """Table without a draft: what the chair does."""
    stream = directory.stream_of("agenda", format_, edition)

    async def act(desk: Desk) -> None:
        place = await agenda_at(desk, edition, format_)
        capacities = desk.person.capacities(members=place.members, chair=place.agenda.chair)
        acting = await desk.act(TableProposal, capacities)
        await open_proposal(desk, place, command, acting=acting, proposal=proposal)

    return Task(stream, act)


async def open_proposal(desk: Desk, place: Place, command: TableProposal, *, acting: Acting, proposal: ProposalId) -> None:
    """Have the agenda number the proposal, and open it."""
    numbered = number_next(place.agenda, proposal, letter=place.format.letter, year=place.edition.announced.year)
    forum = (await desk.forum()).founded
    around = Circumstances(
        now=desk.now,
        rules=forum.rules,
        members=place.members,
        languages=forum.languages,
        delegation=acting.delegation,
        edition_status=place.edition.status,
        edition_takes_proposals=place.edition.takes_proposals,
    )
    tabling = Tabling(
        proposal=proposal,
        number=numbered.number,
        format=place.format.code,
        edition=place.edition.announced.code,
        kinds=forum.proposal_kinds,
        is_import=forum.kind == "import",
        predecessor=await _predecessor(desk, command.predecessor),
    )
    decision = table(command, around, tabling)
    desk.write(place.stream, place.book, (*place.drawn_up, numbered))
    desk.decide(StreamId(proposal), place.book, decision)


async def _predecessor(desk: Desk, proposal: ProposalId | None) -> Proposal | None:
    """The predecessor, settled. One that this person may not read is one that is not there."""
    if proposal is None:
        return None
    _, state = await desk.find(StreamId(proposal), Proposal, rely=False)
    return settle(state, desk.now) if state else None
