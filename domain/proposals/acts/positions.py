"""Taking, reaffirming, contesting, confirming and declining a position, and lifting an objection."""

from datetime import datetime, timedelta

from domain.identity import DelegationCode
from domain.kernel import Decision, Fact
from domain.proposals.acts.checks import check_live, check_open, current
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import Confirm, Contest, Decline, Lift, Reaffirm, RecordFallenAway, TakePosition
from domain.proposals.events import (
    ObjectionCameLate,
    ObjectionLifted,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionFellAway,
    PositionReaffirmed,
    PositionTaken,
    ReasonGiven,
    ReservationMade,
    SilenceBroken,
    SponsorshipEnded,
    Stance,
)
from domain.proposals.proposal import Adopted, Proposal, UnderSilence
from domain.proposals.refusals import (
    DueDateWrong,
    NoObjectionStands,
    NothingFellAway,
    NothingPending,
    NothingToContest,
    NothingToReaffirm,
    PositionUnchanged,
    ReasonMissing,
    ReservationMissing,
    SponsorObjects,
)
from domain.proposals.standing import PENDING, Hold, Standing


def take(proposal: Proposal, command: TakePosition, around: Circumstances) -> Decision:
    """Take a stance on the current revision (20, 21, 22, 23)."""
    _check_words(command)
    if command.stance is Stance.OBJECT:
        return _object(proposal, command, around)
    check_open(proposal)
    current(proposal, command.revision)
    due = _due(command, around)
    _check_changed(proposal, command, due, around)
    _check_sponsor(proposal, command, around.actor)
    taken: list[Fact] = [PositionTaken(around.actor, command.revision, command.stance, due)]
    if command.reservation:
        taken.append(ReservationMade(around.actor, command.revision, command.reservation))
    taken.extend(reason(command, around.actor))
    return Decision(tuple(taken), until=due)


def _object(proposal: Proposal, command: TakePosition, around: Circumstances) -> Decision:
    """Object: stands until lifted, breaks a silence, and is on record as late once the silence has ended."""
    match proposal.phase:
        case Adopted(by_silence=True) as adopted if command.revision == adopted.revision:
            return late_objection(proposal, adopted, command, around)
        case _:
            check_live(proposal)
    current(proposal, command.revision)
    _check_may_object(proposal, around.actor)
    _check_changed(proposal, command, None, around)
    objection: list[Fact] = []
    if around.actor in proposal.sponsors:
        objection.append(SponsorshipEnded(around.actor))
    objection.append(PositionTaken(around.actor, command.revision, Stance.OBJECT, None))
    objection.extend(reason(command, around.actor))
    return Decision((*objection, *_breaking(proposal, around.actor)))


def late_objection(proposal: Proposal, adopted: Adopted, command: TakePosition, around: Circumstances) -> Decision:
    """Object to what is adopted already: on record, for the chair to weigh. Who could not have objected cannot now."""
    _check_words(command)
    _check_may_object(proposal, around.actor)
    late = ObjectionCameLate(around.actor, adopted.revision, adopted.at)
    return Decision((late, *reason(command, around.actor)))


def _check_may_object(proposal: Proposal, delegation: DelegationCode) -> None:
    if delegation == proposal.main_sponsor:
        raise SponsorObjects(delegation)


def _breaking(proposal: Proposal, delegation: DelegationCode) -> tuple[Fact, ...]:
    return (SilenceBroken(delegation),) if isinstance(proposal.phase, UnderSilence) else ()


def reason(command: TakePosition | Contest, delegation: DelegationCode) -> tuple[Fact, ...]:
    """Why, where it is said: a fact of its own."""
    return (ReasonGiven(delegation, command.revision, command.reason),) if command.reason else ()


def _check_words(command: TakePosition) -> None:
    reasoned = bool(command.reason) or command.undisclosed
    if command.stance is Stance.OBJECT and not reasoned:
        raise ReasonMissing
    if (command.stance is Stance.WITH_RESERVATION) is not bool(command.reservation):
        raise ReservationMissing


def _due(command: TakePosition, around: Circumstances) -> datetime | None:
    due = command.due
    if command.stance is Stance.RESERVE and due is None:
        due = around.now + timedelta(seconds=around.rules.reserve)
    expected = command.stance in PENDING
    if expected is not (due is not None) or (due is not None and due <= around.now):
        raise DueDateWrong(command.stance, around.now, due)
    return due


def _check_changed(proposal: Proposal, command: TakePosition, due: datetime | None, around: Circumstances) -> None:
    held = around.standings(proposal).get(around.actor)
    if held is None or held.hold is not Hold.CURRENT or held.stance is not command.stance:
        return
    if command.reservation or (due is not None and due != held.position.due):
        return
    if around.signs and held.position.signature is None:  # by sponsoring, tabling or revising, or before one had a key
        return
    raise PositionUnchanged(around.actor, command.stance, command.revision)


def _check_sponsor(proposal: Proposal, command: TakePosition, delegation: DelegationCode) -> None:
    """A sponsor puts the text forward: its own position on it is an endorsement (16)."""
    if delegation in proposal.sponsors and command.stance is Stance.DISSOCIATE:
        raise SponsorObjects(delegation)


def reaffirm(proposal: Proposal, command: Reaffirm, around: Circumstances) -> Decision:
    """Let a superseded position hold of the current revision, by one act."""
    check_open(proposal)
    current(proposal, command.revision)
    held = around.standings(proposal).get(around.actor)
    if held is None or held.hold is not Hold.SUPERSEDED:
        raise NothingToReaffirm(around.actor)
    return Decision((PositionReaffirmed(around.actor, command.revision),), until=held.position.due)


def contest(proposal: Proposal, command: Contest, around: Circumstances) -> Decision:
    """Say that what the penholder called no change of substance was one."""
    check_open(proposal)
    current(proposal, command.revision)
    held = around.standings(proposal).get(around.actor)
    if held is None or held.hold is not Hold.MAINTAINED or held.stance is Stance.RESERVE:
        raise NothingToContest(around.actor)
    return Decision((PositionContested(around.actor, command.revision), *reason(command, around.actor)))


def lift(proposal: Proposal, command: Lift, around: Circumstances) -> Decision:
    """Lift one's own objection, whatever revision it was to."""
    check_open(proposal)
    current(proposal, command.revision)
    held = around.standings(proposal).get(around.actor)
    if held is None or held.stance is not Stance.OBJECT:
        raise NoObjectionStands(around.actor)
    return Decision((ObjectionLifted(around.actor, command.revision),))


def confirm(proposal: Proposal, command: Confirm, around: Circumstances) -> Decision:
    """Confirm what was endorsed ad referendum or reserved; also under silence."""
    held = _pending(proposal, command, around)
    return Decision((PositionConfirmed(around.actor, command.revision),), until=held.position.due)


def decline(proposal: Proposal, command: Decline, around: Circumstances) -> Decision:
    """Do not confirm it; that breaks a silence."""
    held = _pending(proposal, command, around)
    declined = PositionDeclined(around.actor, command.revision)
    return Decision((declined, *_breaking(proposal, around.actor)), until=held.position.due)


def fall_away(proposal: Proposal, command: RecordFallenAway, around: Circumstances) -> Decision:
    """Write down that a position fell away. It did when it was due; this changes nothing."""
    held = around.standings(proposal).get(command.delegation)
    if held is None or held.hold is not Hold.FELL_AWAY or held.position.due != command.due:
        raise NothingFellAway(command.delegation)
    return Decision((PositionFellAway(command.delegation, held.position.revision, command.due),))


def _pending(proposal: Proposal, command: Confirm | Decline, around: Circumstances) -> Standing:
    check_live(proposal)
    current(proposal, command.revision)
    held = around.standings(proposal).get(around.actor)
    if held is None or not held.counts or held.stance not in PENDING:
        raise NothingPending(around.actor)
    return held
