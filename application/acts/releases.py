"""How a text and its outcome come into a wider book, once the last delegation has consented: in the same command."""

from collections.abc import Mapping, Sequence

from application.acts.reading import Place, agenda_at
from application.desk import Desk
from domain.identity import BookId, DelegationCode, StreamId
from domain.kernel import Fact
from domain.proposals.events import ProposalReleased, ReleaseConsented, Wider
from domain.proposals.proposal import Adopted, Proposal, Split, Statement
from domain.proposals.standing import closed_at, parties
from domain.releases.events import NamedParty, ReleasedOutcome
from domain.releases.release import Ended, Roles, Stated, may_be_named, release


async def put_in_wider_book(desk: Desk, settled: Proposal, place: Place, facts: Sequence[Fact]) -> None:
    """Where these facts of the proposal, settled at the instant of the act, say that it is released: record what."""
    for fact in facts:
        if isinstance(fact, ProposalReleased):
            protected = await _is_protected(desk, settled)
            named = may_be_named(_consents(settled, fact.to, facts), place.members, protected=protected)
            given = release(_text(settled, place), await _roles(desk, settled, place), named)
            desk.write(StreamId(fact.release), _book(desk, fact.to), given, by_all=True)


def _book(desk: Desk, to: Wider) -> BookId:
    book = desk.forum_book() if to is Wider.FORUM else desk.public_book()
    assert book in desk.books, "who acts for a delegation reads what all delegations read"
    return book


def _consents(settled: Proposal, to: Wider, facts: Sequence[Fact]) -> Mapping[DelegationCode, bool]:
    """All consents, with those that come just now."""
    before = settled.releases[to].consents if to in settled.releases else {}
    return {**before, **{fact.delegation: fact.attribution for fact in facts if isinstance(fact, ReleaseConsented)}}


async def _is_protected(desk: Desk, settled: Proposal) -> bool:
    """Whether a sitting that handled it was not on the record. A sitting's rule never changes, so nothing is relied on.

    A sitting that handled a text has handled each of the parts that it was split into.
    """
    if settled.predecessor is not None:
        _, whole = await desk.find(StreamId(settled.predecessor), Proposal, rely=False)
        if whole is not None and isinstance(whole.phase, Split) and await _is_protected(desk, whole):
            return True
    for edition, number in settled.sittings:
        place = await agenda_at(desk, edition, settled.format, rely=False)
        if place.agenda.sitting(number).rule != "on-record":
            return True
    return False


def _text(settled: Proposal, place: Place) -> Ended:
    """A closed text changes no more: the public is given just what the forum was."""
    reached = closed_at(settled)
    assert reached is not None, "what is released is closed"
    return Ended(
        outcome=ReleasedOutcome(settled.status),
        kind=settled.kind,
        edition=settled.edition,
        format=settled.format if place.format.listed else None,
        master=settled.master,
        provisions=settled.current.provisions,
        reached=reached,
    )


async def _roles(desk: Desk, settled: Proposal, place: Place) -> Roles:
    rules = (await desk.forum()).founded.rules
    agreed = ()
    if isinstance(settled.phase, Adopted):
        agreed = parties(settled, settled.phase, place.members, certification=rules.editorial_certification)
    return Roles(
        sponsors=settled.sponsors,
        parties=tuple(NamedParty(party.delegation, party.how.value) for party in agreed),
        statements=tuple(map(_stated, settled.statements)),
    )


def _stated(statement: Statement) -> Stated:
    return Stated(statement.delegation, statement.kind.value, statement.provision, statement.joined, statement.text)
