"""The one match from command to act. Pure: facts, or a refusal."""

from typing import assert_never

from msgspec.structs import replace

from domain.kernel import Decision, earliest
from domain.proposals.acts import (
    closing,
    deciding,
    moving,
    on_behalf,
    positions,
    releasing,
    revising,
    setting_aside,
    silence,
    stating,
    tabling,
)
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import (
    AcknowledgeReceipt,
    AskRelease,
    CancelSilence,
    CertifyChanges,
    Conclude,
    Confirm,
    ConfirmGiven,
    ConsentToRelease,
    Contest,
    Decline,
    Defer,
    DisownGiven,
    EndSponsorship,
    ExtendSilence,
    HandPen,
    Issue,
    JoinStatement,
    Lift,
    MakeStatement,
    OpenSilence,
    ProposalCommand,
    PutToSitting,
    Reaffirm,
    RecordFallenAway,
    RecordOnBehalf,
    RecordSilenceEnd,
    Revise,
    SetAside,
    Sponsor,
    TakePosition,
    TakeUp,
    Withdraw,
    WithdrawReleaseConsent,
)
from domain.proposals.proposal import Proposal, next_change, settle


def decide(proposal: Proposal, command: ProposalCommand, around: Circumstances) -> Decision:
    """What the command comes to on this proposal, settled at the instant of the act.

    Stands until time alone next changes the proposal: an act under silence is decided again once the silence has ended.
    """
    settled = settle(proposal, around.now)
    decision = _decide(settled, command, around)
    return replace(decision, until=earliest((decision.until, next_change(settled, around.now))))


def _decide(settled: Proposal, command: ProposalCommand, around: Circumstances) -> Decision:  # noqa: C901, PLR0912  one case a command
    match command:
        case Revise():
            return revising.revise(settled, command, around)
        case CertifyChanges():
            return revising.certify(settled, command, around)
        case Sponsor():
            return tabling.sponsor(settled, command, around)
        case EndSponsorship():
            return tabling.end_sponsorship(settled, command, around)
        case HandPen():
            return tabling.hand_pen(settled, command, around)
        case TakePosition():
            return positions.take(settled, command, around)
        case Reaffirm():
            return positions.reaffirm(settled, command, around)
        case Contest():
            return positions.contest(settled, command, around)
        case Lift():
            return positions.lift(settled, command, around)
        case Confirm():
            return positions.confirm(settled, command, around)
        case Decline():
            return positions.decline(settled, command, around)
        case PutToSitting():
            return deciding.put_to_sitting(settled, command, around)
        case OpenSilence():
            return silence.open_silence(settled, command, around)
        case ExtendSilence():
            return silence.extend(settled, command, around)
        case CancelSilence():
            return silence.cancel(settled, command, around)
        case AcknowledgeReceipt():
            return silence.acknowledge(settled, command, around)
        case RecordSilenceEnd():
            return silence.record_end(settled, command, around)
        case SetAside():
            return setting_aside.set_aside(settled, command, around)
        case Issue():
            return closing.issue(settled, command, around)
        case Defer():
            return moving.defer(settled, command, around)
        case TakeUp():
            return moving.take_up(settled, command, around)
        case MakeStatement():
            return stating.make(settled, command, around)
        case JoinStatement():
            return stating.join(settled, command, around)
        case RecordOnBehalf():
            return on_behalf.record(settled, command, around)
        case ConfirmGiven():
            return on_behalf.confirm_given(settled, command, around)
        case DisownGiven():
            return on_behalf.disown_given(settled, command, around)
        case RecordFallenAway():
            return positions.fall_away(settled, command, around)
        case Withdraw():
            return closing.withdraw(settled, command, around)
        case Conclude():
            return closing.conclude(settled, command, around)
        case AskRelease():
            return releasing.ask(settled, command, around)
        case ConsentToRelease():
            return releasing.consent(settled, command, around)
        case WithdrawReleaseConsent():
            return releasing.withdraw_consent(settled, command, around)
        case _:
            assert_never(command)
