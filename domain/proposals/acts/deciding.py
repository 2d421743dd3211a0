"""Deciding on the floor. Consensus is the absence of an objection, not unanimity."""

from datetime import timedelta

from domain.kernel import Decision
from domain.proposals.acts.checks import check_agreeable, check_open, current
from domain.proposals.acts.releasing import asked
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import PutToSitting
from domain.proposals.events import PutToDecision
from domain.proposals.proposal import Proposal, Revision
from domain.proposals.refusals import ConfirmationPending, NoticeTooShort, QuorumMissing
from domain.proposals.standing import maintained, objecting, pending


def put_to_sitting(proposal: Proposal, command: PutToSitting, around: Circumstances) -> Decision:
    """Put the current revision to a sitting: adopted, or not adopted because an objection stands (33, 34)."""
    check_open(proposal)
    check_agreeable(proposal)
    revision = current(proposal, command.revision)
    if absent := tuple(sorted(around.members - around.present)):
        raise QuorumMissing(absent)
    _check_notice(revision, command, around)
    held = around.standings(proposal)
    objections = objecting(held)
    if not objections:
        _check_nothing_pending(proposal, around)
    assert objections or around.fresh_agreement is not None, "an agreement's id is given when it comes about"
    decided = PutToDecision(
        sitting=command.sitting,
        revision=revision.number,
        adopted=not objections,
        notice_waived=command.notice_waived,
        maintained=maintained(held),
        objecting=objections,
        agreement=None if objections else around.fresh_agreement,
    )
    return Decision((decided, *asked(command.release)) if decided.adopted else (decided,))


def _check_notice(revision: Revision, command: PutToSitting, around: Circumstances) -> None:
    allowed = revision.issued + timedelta(seconds=around.rules.notice)
    if around.now < allowed and not command.notice_waived:
        raise NoticeTooShort(revision.issued, allowed)


def _check_nothing_pending(proposal: Proposal, around: Circumstances) -> None:
    held = around.standings(proposal)
    if waiting := pending(held):
        dues = [due for delegation in waiting if (due := held[delegation].position.due) is not None]
        raise ConfirmationPending(waiting, max(dues))
