"""Questions about several proposals at once, folded from their streams: agreements, what is exceptional, an edition, a family."""

from collections.abc import Iterable, Set
from datetime import datetime

from application.accord import Accord
from application.desk import NotThereError
from application.folds import fold
from application.moments import Moments
from application.views.agreements import AgreementFilter, AgreementShown, show_agreement
from application.views.editions import show_edition
from application.views.exceptions import Exceptional, ExceptionShown, exceptions_of
from application.views.lineage import MOST, Lineage, Link, Relation, Relative, links_of
from application.views.overview import AgendaOverview, EditionOverview, Item, overview_of
from application.views.pages import Page
from application.views.proposals import ProposalFilter
from application.views.status import title
from domain.conferences.agenda import Agenda
from domain.identity import AgreementId, BookId, EditionCode, FormatCode, ProposalId, StreamId
from domain.kernel import Fact, Recorded
from domain.proposals.proposal import Proposal, settle


async def agreements(house: Accord, books: Set[BookId], asked: AgreementFilter, *, now: datetime) -> Page[AgreementShown]:
    """A page of agreements, the latest first; also those that are void."""
    found = await house.agreements.page(books, asked, now=now)
    moments = Moments(asked.as_of, asked.effective_at)
    shown = [await _told(house, books, one.agreement, one.proposal, moments, now) for one in found.items]
    return Page(tuple(one for one in shown if one is not None), found.next, found.total)


async def agreement(
    house: Accord, books: Set[BookId], agreement: AgreementId, asked: Moments, *, now: datetime
) -> AgreementShown:
    """One agreement. Raises NotThereError, also where it had not come about."""
    source = await house.agreements.source(books, agreement)
    shown = None if source is None else await _told(house, books, agreement, source, asked, now)
    if shown is None:
        raise NotThereError
    return shown


async def _told(
    house: Accord, books: Set[BookId], agreement: AgreementId, source: ProposalId, asked: Moments, now: datetime
) -> AgreementShown | None:
    facts = await _facts(house, books, source, asked)
    state = fold(facts)
    if state is None or not isinstance(state.state, Proposal):
        return None
    members = house.members(state.state.format, books)
    rules = house.directory.forum().founded.rules
    return show_agreement(agreement, facts, asked.settled(now), members=members, rules=rules)


async def exceptions(
    house: Accord,
    books: Set[BookId],
    edition: EditionCode,
    asked: Moments,
    *,
    formats: Set[FormatCode],
    what: Set[Exceptional],
    now: datetime,
) -> tuple[ExceptionShown, ...]:
    """What is out of the ordinary in an edition, by proposal. Of each set any will do; an empty one asks nothing.

    A proposal that was taken up again stands on several agendas; each thing is told in the edition in which it happened.
    """
    rules = house.directory.forum().founded.rules
    found: list[ExceptionShown] = []
    for agenda in _agendas(house, books, edition, formats):
        for proposal in agenda.proposals:
            facts = await _facts(house, books, proposal, asked)
            found.extend(exceptions_of(facts, asked.settled(now), rules=rules))
    return tuple(one for one in found if one.edition == edition and (not what or one.what in what))


async def overview(
    house: Accord, books: Set[BookId], edition: EditionCode, asked: Moments, *, now: datetime
) -> EditionOverview:
    """How far each format's business is in an edition. Raises NotThereError."""
    folded = await house.then(house.directory.stream_of("edition", edition), books, asked)
    shown = show_edition(house.memory, folded, books)
    found = [await _overview(house, books, edition, format_, asked, now) for format_ in shown.agendas]
    return EditionOverview(shown, tuple(one for one in found if one is not None))


async def _overview(
    house: Accord, books: Set[BookId], edition: EditionCode, format_: FormatCode, asked: Moments, now: datetime
) -> AgendaOverview | None:
    try:
        folded = await house.then(house.directory.stream_of("agenda", format_, edition), books, asked)
    except NotThereError:
        return None  # it had no business yet
    agenda, moment = folded.state, asked.settled(now)
    assert isinstance(agenda, Agenda), "the stream of an agenda folds into one"
    items = [item for proposal in agenda.proposals if (item := await _item(house, books, proposal, asked)) is not None]
    rules = house.directory.forum().founded.rules
    return overview_of(agenda, items, moment, members=house.members(format_, books), rules=rules)


async def _item(house: Accord, books: Set[BookId], proposal: ProposalId, asked: Moments) -> Item | None:
    folded = fold(await _facts(house, books, proposal, asked))
    if folded is None or not isinstance(folded.state, Proposal):
        return None
    return Item(folded.state, folded.version)


async def lineage(house: Accord, books: Set[BookId], proposal: ProposalId, asked: Moments, *, now: datetime) -> Lineage:
    """A proposal's family. Raises NotThereError."""
    relatives: dict[ProposalId, Relative] = {}
    links: set[Link] = set()
    waiting = [proposal]
    while waiting and len(relatives) < MOST:
        one = waiting.pop()
        item = await _item(house, books, one, asked)
        if item is None:
            continue
        state = settle(item.proposal, asked.settled(now))
        relatives[one] = Relative(state.id, state.number, title(state), state.edition, state.status)
        found = {*links_of(state), *await _successors(house, books, one, asked, now)}
        links |= found
        waiting.extend(sorted({end for link in found for end in (link.source, link.target)} - relatives.keys() - set(waiting)))
    if proposal not in relatives:
        raise NotThereError
    known = {link for link in links if link.source in relatives and link.target in relatives}
    return Lineage(
        tuple(sorted(relatives.values(), key=lambda relative: relative.number)),
        tuple(sorted(known)),
        is_whole=not waiting,
    )


async def _successors(house: Accord, books: Set[BookId], proposal: ProposalId, asked: Moments, now: datetime) -> set[Link]:
    filter_ = ProposalFilter(predecessor=(proposal,), as_of=asked.as_of, effective_at=asked.effective_at, limit=MOST)
    page = await house.proposals.page(books, filter_, now=now)
    return {Link(proposal, one.id, Relation.SUCCEEDED_BY) for one in page.items}


async def _facts(house: Accord, books: Set[BookId], proposal: ProposalId, asked: Moments) -> list[Recorded[Fact]]:
    return list(asked.of(await house.log.stream(StreamId(proposal), books=books)))


def _agendas(house: Accord, books: Set[BookId], edition: EditionCode, formats: Set[FormatCode]) -> Iterable[Agenda]:
    """The agendas of an edition that stand in these books, by format."""
    found = (agenda for _, folded, agenda in house.memory.everything(Agenda) if folded.book in books)
    here = [agenda for agenda in found if agenda.edition == edition and (not formats or agenda.format in formats)]
    return sorted(here, key=lambda agenda: agenda.format)
