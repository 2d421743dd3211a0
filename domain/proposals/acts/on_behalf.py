"""Acts that the secretary records on a delegation's behalf: given in the room, by letter or otherwise.

What stops counts at once; what lets through counts once the delegation confirms it.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from domain.kernel import Decision, Erasable, Fact
from domain.proposals.acts import positions
from domain.proposals.acts.checks import current
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import (
    Confirm,
    ConfirmGiven,
    Contest,
    Decline,
    DisownGiven,
    Lift,
    Reaffirm,
    RecordOnBehalf,
    TakePosition,
)
from domain.proposals.events import (
    Given,
    GivenActConfirmed,
    GivenActDisowned,
    RecordedOnBehalf,
    Stance,
)
from domain.proposals.proposal import Adopted, OnBehalf, Proposal
from domain.proposals.refusals import NothingGiven, ReceivedLater, ReferenceMissing

GivenAct = TakePosition | Reaffirm | Contest | Lift | Confirm | Decline


def record(proposal: Proposal, command: RecordOnBehalf, around: Circumstances) -> Decision:
    """Record it if the delegation could do it now. Its own rules hold, and are asked again when it is confirmed."""
    received = command.received or around.now
    if not command.reference.strip():
        raise ReferenceMissing
    if received > around.now:
        raise ReceivedLater(received, around.now)
    act, of_delegation = command.act, replace(around, delegation=command.delegation)
    done = _late(proposal, act, of_delegation, received) or perform(proposal, act, of_delegation)
    waits = not _stops(act)
    due = act.due if isinstance(act, TakePosition) else None
    noted = RecordedOnBehalf(
        delegation=of_delegation.actor,
        revision=act.revision,
        act=_named(act),
        stance=act.stance if isinstance(act, TakePosition) else None,
        due=due,
        reference=command.reference,
        received=received,
        waits=waits,
    )
    beside = tuple(fact for fact in done.facts if not waits or isinstance(fact, Erasable))
    return Decision((noted, *beside), until=done.until)


def confirm_given(proposal: Proposal, command: ConfirmGiven, around: Circumstances) -> Decision:
    """Let it count, as an act of today."""
    given = _waiting(proposal, around)
    current(proposal, command.revision)
    done = perform(proposal, _again(given), around)
    confirmed: list[Fact] = [GivenActConfirmed(around.actor, command.revision), *done.facts]
    return Decision(tuple(confirmed), until=done.until)


def disown_given(proposal: Proposal, command: DisownGiven, around: Circumstances) -> Decision:
    """Let it never count."""
    _waiting(proposal, around)
    current(proposal, command.revision)
    return Decision((GivenActDisowned(around.actor, command.revision),))


def perform(proposal: Proposal, act: GivenAct, around: Circumstances) -> Decision:
    """The act as the delegation's own."""
    match act:
        case TakePosition():
            return positions.take(proposal, act, around)
        case Reaffirm():
            return positions.reaffirm(proposal, act, around)
        case Contest():
            return positions.contest(proposal, act, around)
        case Lift():
            return positions.lift(proposal, act, around)
        case Confirm():
            return positions.confirm(proposal, act, around)
        case Decline():
            return positions.decline(proposal, act, around)
        case _:
            assert_never(act)


def _late(proposal: Proposal, act: GivenAct, around: Circumstances, received: datetime) -> Decision | None:
    """An objection that had been received before the text was adopted in a sitting: on record, for the chair to weigh."""
    match proposal.phase, act:
        case Adopted(by_silence=False) as adopted, TakePosition(stance=Stance.OBJECT) if (
            act.revision == adopted.revision and received < adopted.at
        ):
            return positions.late_objection(proposal, adopted, act, around)
        case _:
            return None


def _stops(act: GivenAct) -> bool:
    return isinstance(act, Contest | Decline) or (isinstance(act, TakePosition) and act.stance is Stance.OBJECT)


def _named(act: GivenAct) -> Given:
    return NAMES[type(act)]


NAMES: dict[type[GivenAct], Given] = {
    TakePosition: Given.TAKE,
    Reaffirm: Given.REAFFIRM,
    Contest: Given.CONTEST,
    Lift: Given.LIFT,
    Confirm: Given.CONFIRM,
    Decline: Given.DECLINE,
}


def _waiting(proposal: Proposal, around: Circumstances) -> OnBehalf:
    given = proposal.on_behalf.get(around.actor)
    if given is None:
        raise NothingGiven(around.actor)
    return given


def _again(given: OnBehalf) -> GivenAct:
    """The act as it was given: of the revision that it named, and no other."""
    match given.act:
        case Given.TAKE:
            assert given.stance is not None, "a position has a stance"
            return TakePosition(given.revision, given.stance, given.due, reason=given.reason, reservation=given.reservation)
        case Given.REAFFIRM:
            return Reaffirm(given.revision)
        case Given.LIFT:
            return Lift(given.revision)
        case Given.CONFIRM:
            return Confirm(given.revision)
        case Given.CONTEST | Given.DECLINE:
            raise AssertionError("what stops does not wait")
        case _:
            assert_never(given.act)
