"""Setting an adoption aside, for an objection that had arrived in time and was recorded late."""

from domain.kernel import Decision, Fact
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import SetAside
from domain.proposals.events import AdoptionSetAside, Outcome, ProposalConcluded, ReasonGiven, SponsorshipEnded
from domain.proposals.proposal import Adopted, Proposal
from domain.proposals.refusals import NotAdopted, NoTimelyObjection
from domain.proposals.standing import timely_objections


def set_aside(proposal: Proposal, command: SetAside, around: Circumstances) -> Decision:
    """The text is open again with the objections standing; once its agenda is closed it ends there, without consensus."""
    adopted = proposal.phase
    if not isinstance(adopted, Adopted):
        raise NotAdopted(proposal.status)
    objecting = timely_objections(proposal)
    if not objecting:
        raise NoTimelyObjection(adopted.at)
    facts: list[Fact] = [SponsorshipEnded(delegation) for delegation in objecting if delegation in proposal.sponsors]
    facts.append(AdoptionSetAside(adopted.revision, adopted.agreement, objecting))
    facts.append(ReasonGiven(None, adopted.revision, command.reason))
    if around.agenda_closed:
        facts.append(ProposalConcluded(Outcome.NO_CONSENSUS))
    return Decision(tuple(facts))
