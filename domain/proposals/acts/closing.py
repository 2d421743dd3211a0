"""How a proposal ends without agreement. Nothing is rejected in a body that works by consensus.

A chair's statement is no agreement either: the chair issues it alone.
"""

from domain.kernel import Decision
from domain.proposals.acts.checks import CHAIRS_STATEMENT, check_main_sponsor, check_open, check_unfinished, current
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import Conclude, Issue, Withdraw
from domain.proposals.events import Outcome, ProposalConcluded, ProposalWithdrawn, StatementIssued
from domain.proposals.proposal import Deferred, Proposal
from domain.proposals.refusals import NotAChairsStatement, OutcomeDoesNotFit


def withdraw(proposal: Proposal, _: Withdraw, around: Circumstances) -> Decision:
    """Take it off the table, also from under silence and while it is deferred (18)."""
    check_unfinished(proposal)
    check_main_sponsor(proposal, around.delegation)
    return Decision((ProposalWithdrawn(),))


def conclude(proposal: Proposal, command: Conclude, _: Circumstances) -> Decision:
    """Record the outcome that fits what was done with it."""
    check_open(proposal)
    if command.outcome is not fitting_outcome(proposal):
        raise OutcomeDoesNotFit(command.outcome, fitting_outcome(proposal))
    return Decision((ProposalConcluded(command.outcome),))


def issue(proposal: Proposal, command: Issue, _: Circumstances) -> Decision:
    """Issue the chair's statement: no position is needed, and no objection stops it (41)."""
    check_open(proposal)
    if proposal.kind != CHAIRS_STATEMENT:
        raise NotAChairsStatement(proposal.kind)
    return Decision((StatementIssued(current(proposal, command.revision).number),))


def close_with_agenda(proposal: Proposal) -> ProposalConcluded | None:
    """The outcome that the closing of its agenda gives a proposal; None where it has one, or goes on in a later edition.

    Refused while a silence runs.
    """
    if proposal.is_closed or isinstance(proposal.phase, Deferred):
        return None
    check_open(proposal)
    return ProposalConcluded(fitting_outcome(proposal))


def fitting_outcome(proposal: Proposal) -> Outcome:
    """No consensus if it was put to decision or under silence, else lapsed."""
    return Outcome.NO_CONSENSUS if proposal.acted_on else Outcome.LAPSED
