"""Drafts, from the first words to the table."""

from application.access import Acting
from application.acts.founding import delegations_audience
from application.acts.reading import Place, agenda_at
from application.acts.tabling import open_proposal
from application.desk import Desk
from application.directory import Directory
from application.etags import etag
from application.folds import Folded
from application.tracker import Task
from domain.drafts.commands import DiscardDraft, ShareDraft, TableDraft, WriteDraft
from domain.drafts.draft import Draft, begin, close, rewrite, share
from domain.drafts.events import DraftEnd
from domain.forum.decide import check_delegations, check_languages
from domain.forum.events import BookOpened
from domain.identity import BookId, DelegationCode, DraftId, ProposalId, StreamId
from domain.proposals.commands import TableProposal


def begin_draft(command: WriteDraft, draft: DraftId) -> Task:
    """Begin a draft in one's delegation's book; a chair or secretary in the secretariat's."""
    stream = StreamId(draft)

    async def act(desk: Desk) -> None:
        place = await agenda_at(desk, command.edition, command.format, rely=False)
        acting = await desk.act(WriteDraft, _writers(desk, place, None))
        await _check_languages(desk, command)
        owners = () if acting.delegation is None else (acting.delegation,)
        book = desk.secretariat_book() if acting.delegation is None else _book_of(desk, owners)
        desk.decide(stream, book, begin(command, owners))

    return Task(stream, act)


def rewrite_draft(draft: DraftId, command: WriteDraft) -> Task:
    """Write the whole text anew."""

    async def act(desk: Desk) -> None:
        folded, state, _ = await _draft(desk, draft)
        place = await agenda_at(desk, command.edition, command.format, rely=False)
        desk.unchanged(etag(folded.version))
        await desk.act(WriteDraft, _writers(desk, place, state))
        await _check_languages(desk, command)
        desk.decide(StreamId(draft), folded.book, rewrite(state, command))

    return Task(StreamId(draft), act)


def discard_draft(draft: DraftId) -> Task:
    """Write on it no longer."""

    async def act(desk: Desk) -> None:
        folded, state, place = await _draft(desk, draft)
        desk.unchanged(etag(folded.version))
        await desk.act(DiscardDraft, _writers(desk, place, state))
        desk.decide(StreamId(draft), folded.book, close(state, DraftEnd.DISCARDED))

    return Task(StreamId(draft), act)


def share_draft(draft: DraftId, command: ShareDraft, shared: DraftId) -> Task:
    """Go on together, as another draft in the sharers' own book, which is opened if there is none yet."""

    async def act(desk: Desk) -> None:
        folded, state, place = await _draft(desk, draft)
        desk.unchanged(etag(folded.version))
        await desk.act(ShareDraft, _writers(desk, place, state))
        check_delegations(command.with_, await desk.forum())
        begun, closed = share(state, command)
        desk.write(StreamId(draft), folded.book, (closed,))
        desk.write(StreamId(shared), _shared_book(desk, begun.owners), (begun,))

    return Task(StreamId(draft), act)


def table_draft(directory: Directory, draft: DraftId, state: Draft, proposal: ProposalId) -> Task:
    """Put it on the table. ``state`` is the draft as known now: it tells on whose agenda acts wait for each other."""

    async def act(desk: Desk) -> None:
        folded, now, place = await _draft(desk, draft, rely=True)
        desk.unchanged(etag(folded.version))
        acting = await desk.act(TableDraft, _writers(desk, place, now))
        desk.decide(StreamId(draft), folded.book, close(now, DraftEnd.TABLED, proposal))
        words = tuple(part.words() for part in now.provisions)
        command = TableProposal(now.kind, now.master, words, now.predecessor)
        await open_proposal(desk, place, command, acting=acting, proposal=proposal)

    return Task(directory.stream_of("agenda", state.format, state.edition), act)


async def _check_languages(desk: Desk, command: WriteDraft) -> None:
    """Even an unfinished text is in the forum's languages."""
    languages = (await desk.forum()).founded.languages
    check_languages({command.master}.union(*(part.text for part in command.provisions)), languages)


async def _draft(desk: Desk, draft: DraftId, *, rely: bool = False) -> tuple[Folded, Draft, Place]:
    folded, state = await desk.get(StreamId(draft), Draft)
    return folded, state, await agenda_at(desk, state.edition, state.format, rely=rely)


def _writers(desk: Desk, place: Place, draft: Draft | None) -> tuple[Acting, ...]:
    """In what capacities the person can write it: of a delegation that owns it; as chair or secretary their own."""
    if draft is None:
        return desk.person.capacities(members=place.members, chair=place.agenda.chair)
    if draft.owners:
        return desk.person.capacities(members=frozenset(draft.owners), chair=None)
    return desk.person.capacities(members=frozenset(), chair=place.agenda.chair)


def _book_of(desk: Desk, owners: tuple[DelegationCode, ...]) -> BookId:
    book = desk.book(delegations_audience(owners))
    assert book is not None, "admitting a delegation opens its book"
    return book


def _shared_book(desk: Desk, owners: tuple[DelegationCode, ...]) -> BookId:
    audience = delegations_audience(owners)
    if (book := desk.book(audience)) is not None:
        return book
    opened = BookId(desk.ids.new())
    desk.write(desk.directory.stream_of("book", *audience.names), opened, (BookOpened(audience),))
    return opened
