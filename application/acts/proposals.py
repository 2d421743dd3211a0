"""What is done with a proposal on the table."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from application.access import OwnPositionOnly
from application.acts.reading import Place, agenda_at
from application.desk import Desk, NotThereError
from application.etags import proposal_etag
from application.tracker import Task
from domain.identity import AgreementId, DelegationCode, ProposalId, StreamId
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import (
    Conclude,
    EndSponsorship,
    HandPen,
    OpenSilence,
    ProposalCommand,
    PutToSitting,
    RecordSilenceEnd,
    Sponsor,
    Withdraw,
)
from domain.proposals.decide import decide
from domain.proposals.proposal import Proposal, next_change, settle

WITHOUT_REVISION = (Sponsor, EndSponsorship, HandPen, Withdraw, Conclude)
"""Acts that name no revision: they say with an entity tag which state they are meant for."""


def on_proposal(
    proposal: ProposalId, command: ProposalCommand, *, own: DelegationCode | None = None, unconditional: bool = False
) -> Task:
    """Do it, in the capacity in which the person may.

    ``own`` is the delegation whose position it says it is about. ``unconditional``: no entity tag is asked for.
    """
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state = await desk.get(stream, Proposal)
        on_floor = isinstance(command, PutToSitting | OpenSilence)
        place = await agenda_at(desk, state.edition, state.format, rely=on_floor)
        if own is not None and own not in place.members:
            raise NotThereError
        if isinstance(command, WITHOUT_REVISION) and not unconditional:
            desk.unchanged(proposal_etag(folded.version, settle(state, desk.now)))
        acting = await desk.act(type(command), desk.person.capacities(members=place.members, chair=place.agenda.chair))
        if own is not None and own != acting.delegation:
            raise OwnPositionOnly(own, str(acting.delegation))
        around = await _circumstances(desk, place, command, acting.delegation)
        decision = decide(state, command, around)
        desk.holds_until(next_change(state, desk.now))
        desk.decide(stream, folded.book, decision)

    return Task(stream, act)


def end_silence(proposal: ProposalId) -> Task:
    """Write down that a silence ended: nobody's act, but the passing of time. Effective at its deadline."""
    stream = StreamId(proposal)

    async def act(desk: Desk) -> None:
        folded, state = await desk.get(stream, Proposal)
        place = await agenda_at(desk, state.edition, state.format, rely=False)
        around = await _circumstances(desk, place, RecordSilenceEnd(), None)
        decision = decide(state, RecordSilenceEnd(), around)
        desk.effective = getattr(settle(state, desk.now).phase, "at", None)
        desk.decide(stream, folded.book, decision)

    return Task(stream, act)


async def _circumstances(
    desk: Desk, place: Place, command: ProposalCommand, delegation: DelegationCode | None
) -> Circumstances:
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
        delegation=delegation,
        edition_status=place.edition.status,
        edition_takes_proposals=place.edition.takes_proposals,
        in_session=place.edition.in_session(desk.now, zone),
        present=present,
        fresh_agreement=AgreementId(desk.ids.new()),
    )


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins by the forum's calendar: a meeting day may end or begin then."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone)
