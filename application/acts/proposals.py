"""What is done with a proposal on the table."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from application.access import Acting, OwnPositionOnly, instructed
from application.acts.reading import Place, agenda_at
from application.acts.releases import put_in_wider_book
from application.acts.signing import acts_in, checked
from application.desk import Desk, NotThereError
from application.etags import proposal_etag
from application.folds import Folded
from application.tracker import Task
from domain.conferences.agenda import list_again, number_next, with_number
from domain.conferences.edition import Edition
from domain.identity import AgreementId, DelegationCode, EditionCode, ProposalId, ReleaseId, StreamId
from domain.kernel import Command
from domain.proposals.acts import moving
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import (
    AskRelease,
    ChairCommand,
    Conclude,
    ConsentToRelease,
    Defer,
    EndSponsorship,
    HandPen,
    JoinStatement,
    Merge,
    OpenSilence,
    ProposalCommand,
    PutToSitting,
    RecordFallenAway,
    RecordOnBehalf,
    RecordSilenceEnd,
    SetAside,
    Split,
    Sponsor,
    TakeUp,
    Withdraw,
    WithdrawReleaseConsent,
)
from domain.proposals.decide import decide
from domain.proposals.events import InstructedByChair
from domain.proposals.proposal import Adopted, Proposal, next_change, settle
from domain.record.signedact import ActSignature

WITHOUT_REVISION = (
    Sponsor,
    EndSponsorship,
    HandPen,
    Withdraw,
    Conclude,
    SetAside,
    Defer,
    TakeUp,
    Merge,
    Split,
    JoinStatement,
    AskRelease,
    ConsentToRelease,
    WithdrawReleaseConsent,
)
"""Acts that name no revision: they say with an entity tag which state they are meant for."""


ON_AGENDA = (PutToSitting, OpenSilence, SetAside)
"""Acts that ask the agenda or its edition something: who is present, whether it is a meeting day, whether it is closed."""


def on_proposal(
    proposal: ProposalId,
    command: ProposalCommand,
    *,
    own: DelegationCode | None = None,
    unconditional: bool = False,
    signature: ActSignature | None = None,
) -> Task:
    """Do it, in the capacity in which the person may.

    ``own`` is the delegation whose position it says it is about. ``unconditional``: no entity tag is asked for. ``signature``:
    the delegation's own under the act.
    """
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state, place = await _on_table(desk, proposal, rely=isinstance(command, ON_AGENDA))
        if own is not None and own not in place.members:
            raise NotThereError
        acting = await _acting(desk, folded, state, place, command, unconditional=unconditional)
        for_whom = command.delegation if isinstance(command, RecordOnBehalf) else acting.delegation
        if own is not None and own != for_whom:
            raise OwnPositionOnly(own, str(acting.delegation))
        signed = await checked(desk, folded, state, acting, command, signature)
        around = await _circumstances(desk, place, command, acting, state)
        decision = decide(state, command, replace(around, signs=signed is not None))
        assert signed is None or acts_in(decision) == [signed.act], "what was signed is what is recorded"
        _note_instruction(desk, folded, acting, command, stream)
        desk.decide(stream, folded.book, decision, signature=signed.signature if signed else None)
        await put_in_wider_book(desk, settle(state, desk.now), place, decision.facts)

    return Task(stream, act)


def take_up(proposal: ProposalId, command: TakeUp) -> Task:
    """Put a deferred proposal on the table again: the agenda of the later edition lists it, and its chair says so."""
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state = await desk.get(stream, Proposal)
        place = await agenda_at(desk, command.edition, state.format)
        acting = await _acting(desk, folded, state, place, command)
        around = await _circumstances(desk, place, command, acting, state)
        decision = decide(state, command, around)
        desk.write(place.stream, place.book, (*place.drawn_up, *list_again(place.agenda, proposal, state.number)))
        _note_instruction(desk, folded, acting, command, stream)
        desk.decide(stream, folded.book, decision)

    return Task(stream, act)


def merge(proposal: ProposalId, command: Merge) -> Task:
    """Let a proposal go on in another."""
    stream, into = StreamId(proposal), StreamId(command.into)

    async def act(desk: Desk) -> None:
        folded, state, place = await _on_table(desk, proposal, rely=False)
        acting = await _acting(desk, folded, state, place, command)
        around = await _circumstances(desk, place, command, acting, state)
        target, other = await desk.find(into, Proposal)
        merging = moving.merge(settle(state, desk.now), other, around)
        assert target is not None, "it was merged into something"
        assert other is not None, "it was merged into something"
        desk.holds_until(next_change(state, desk.now))
        desk.holds_until(next_change(other, desk.now))
        desk.write(stream, folded.book, (merging.source,))
        desk.write(into, target.book, (merging.target,))

    return Task(stream, act)


def split(proposal: ProposalId, command: Split, ids: Sequence[ProposalId]) -> Task:
    """Let a proposal go on in parts: the agenda numbers each, and each opens in the book of the format, under these ids."""
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state, place = await _on_table(desk, proposal, rely=True)
        acting = await _acting(desk, folded, state, place, command)
        around = await _circumstances(desk, place, command, acting, state)
        texts = moving.split(settle(state, desk.now), command, around)
        desk.holds_until(next_change(state, desk.now))
        agenda = place.agenda
        for part, provisions in zip(ids, texts, strict=True):
            numbered = number_next(agenda, part, letter=place.format.letter, year=place.edition.announced.year)
            agenda = with_number(agenda, numbered)
            desk.write(place.stream, place.book, (numbered,))
            tabled = moving.tabled_part(state, provisions, proposal=part, number=numbered.number)
            desk.write(StreamId(part), folded.book, (tabled,))
        desk.write(stream, folded.book, (moving.after_split(ids),))

    return Task(stream, act)


def end_silence(proposal: ProposalId) -> Task:
    """Write down that a silence ended: nobody's act, but the passing of time. Effective at its deadline."""
    return _by_time(proposal, RecordSilenceEnd())


def fall_away(proposal: ProposalId, command: RecordFallenAway) -> Task:
    """Write down that a position fell away: nobody's act, but the passing of time. Effective when it was due."""
    return _by_time(proposal, command)


def _by_time(proposal: ProposalId, command: RecordSilenceEnd | RecordFallenAway) -> Task:
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state, place = await _on_table(desk, proposal, rely=False)
        around = await _circumstances(desk, place, command, None, state)
        decision = decide(state, command, around)
        desk.effective = _passed(settle(state, desk.now), command)
        desk.decide(stream, folded.book, decision)

    return Task(stream, act)


def _passed(settled: Proposal, command: RecordSilenceEnd | RecordFallenAway) -> datetime | None:
    """The instant at which time did it."""
    match command, settled.phase:
        case RecordFallenAway(due=due), _:
            return due
        case _, Adopted(at=ended):
            return ended
        case _:
            return None


async def _on_table(desk: Desk, proposal: ProposalId, *, rely: bool) -> tuple[Folded, Proposal, Place]:
    folded, state = await desk.get(StreamId(proposal), Proposal)
    return folded, state, await agenda_at(desk, state.edition, state.format, rely=rely)


async def _acting(
    desk: Desk, folded: Folded, state: Proposal, place: Place, command: Command, *, unconditional: bool = False
) -> Acting:
    """In what capacity; of a state that the person had seen, where the act says no revision."""
    if isinstance(command, WITHOUT_REVISION) and not unconditional:
        desk.unchanged(proposal_etag(folded.version, settle(state, desk.now)))
    return await desk.act(type(command), desk.person.capacities(members=place.members, chair=place.agenda.chair))


def _note_instruction(desk: Desk, folded: Folded, acting: Acting, command: Command, stream: StreamId) -> None:
    """Have the chair's instruction recorded, where the secretary does what is the chair's."""
    if isinstance(command, ChairCommand) and (reference := instructed(acting, command.instruction)) is not None:
        desk.write(stream, folded.book, (InstructedByChair(reference),))


async def _circumstances(desk: Desk, place: Place, command: Command, acting: Acting | None, state: Proposal) -> Circumstances:
    forum = (await desk.forum()).founded
    present = frozenset[DelegationCode]()
    if isinstance(command, PutToSitting):
        present = place.agenda.sitting(command.sitting).present
    zone = ZoneInfo(forum.time_zone)
    if isinstance(command, OpenSilence):
        desk.holds_until(_midnight(desk.now, zone))
    return Circumstances(
        now=desk.now,
        rules=forum.rules,
        members=place.members,
        languages=forum.languages,
        delegation=acting.delegation if acting else None,
        edition_status=place.edition.status,
        edition_takes_proposals=place.edition.takes_proposals,
        edition_named_is_later=await _is_later(desk, command, state),
        agenda_closed=place.agenda.closed,
        in_session=place.edition.in_session(desk.now, zone),
        present=present,
        fresh_agreement=AgreementId(desk.ids.new()),
        fresh_release=ReleaseId(desk.ids.new()),
    )


async def _is_later(desk: Desk, command: Command, state: Proposal) -> bool:
    """Whether the edition that the act names meets after the one in which the proposal is."""
    named = command.edition if isinstance(command, Defer | TakeUp) else None
    if named is None:
        return True
    before, after = await _edition(desk, state.edition), await _edition(desk, named)
    return after.starts_on > before.starts_on


async def _edition(desk: Desk, code: EditionCode) -> Edition:
    return (await desk.get(desk.directory.stream_of("edition", code), Edition, rely=False))[1]


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins by the forum's calendar: a meeting day may end or begin then."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone)
