"""How a proposal ends without agreement. Nothing is rejected in a body that works by consensus."""

from domain.kernel import Decision
from domain.proposals.acts.checks import check_live, check_main_sponsor, check_open
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import Conclude, Withdraw
from domain.proposals.events import Outcome, ProposalConcluded, ProposalWithdrawn
from domain.proposals.proposal import Proposal
from domain.proposals.refusals import OutcomeDoesNotFit


def withdraw(proposal: Proposal, _: Withdraw, around: Circumstances) -> Decision:
    """Take it off the table, also from under silence (18)."""
    check_live(proposal)
    check_main_sponsor(proposal, around.delegation)
    return Decision((ProposalWithdrawn(),))


def conclude(proposal: Proposal, command: Conclude, _: Circumstances) -> Decision:
    """Record the outcome that fits what was done with it."""
    check_open(proposal)
    if command.outcome is not fitting_outcome(proposal):
        raise OutcomeDoesNotFit(command.outcome, fitting_outcome(proposal))
    return Decision((ProposalConcluded(command.outcome),))


def close_with_agenda(proposal: Proposal) -> ProposalConcluded | None:
    """The outcome that the closing of its agenda gives a proposal; None where it has one. Refused while a silence runs."""
    if proposal.is_closed:
        return None
    check_open(proposal)
    return ProposalConcluded(fitting_outcome(proposal))


def fitting_outcome(proposal: Proposal) -> Outcome:
    """No consensus if it was put to decision or under silence, else lapsed."""
    return Outcome.NO_CONSENSUS if proposal.acted_on else Outcome.LAPSED
