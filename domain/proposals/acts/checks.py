"""What several acts ask first."""

from typing import Final

from domain.identity import DelegationCode
from domain.proposals.proposal import Deferred, Open, Proposal, Revision, UnderSilence
from domain.proposals.refusals import (
    IsAChairsStatement,
    IsDeferred,
    NoSilenceRuns,
    NotMainSponsor,
    ProposalClosed,
    RevisionNotCurrent,
    SilenceRuns,
)

CHAIRS_STATEMENT: Final = "chairs-statement"


def check_unfinished(proposal: Proposal) -> None:
    """Refuse a closed proposal."""
    if proposal.is_closed:
        raise ProposalClosed(proposal.status)


def check_live(proposal: Proposal) -> None:
    """Refuse a proposal that is closed or deferred."""
    check_unfinished(proposal)
    check_not_deferred(proposal)


def check_not_deferred(proposal: Proposal) -> None:
    """Refuse one that goes on in a later edition: nothing is done with it until it is taken up again."""
    if isinstance(proposal.phase, Deferred):
        raise IsDeferred


def check_open(proposal: Proposal) -> None:
    """Refuse a proposal that is closed, deferred or under silence."""
    check_live(proposal)
    if isinstance(proposal.phase, UnderSilence):
        raise SilenceRuns(proposal.phase.revision, proposal.phase.deadline)
    assert isinstance(proposal.phase, Open)


def running_silence(proposal: Proposal) -> UnderSilence:
    """The silence that runs."""
    check_live(proposal)
    if not isinstance(proposal.phase, UnderSilence):
        raise NoSilenceRuns
    return proposal.phase


def current(proposal: Proposal, named: int) -> Revision:
    """The current revision, if that is the one named: an act is of a text."""
    if named != proposal.current.number:
        raise RevisionNotCurrent(named, proposal.current.number)
    return proposal.current


def check_main_sponsor(proposal: Proposal, delegation: DelegationCode | None) -> None:
    """Refuse everybody but the main sponsor; the chair, where the chair tabled it."""
    if delegation != proposal.main_sponsor:
        raise NotMainSponsor(proposal.main_sponsor or "the chair")


def check_agreeable(proposal: Proposal) -> None:
    """Refuse a chair's statement: no delegation agrees on it or puts it forward."""
    if proposal.kind == CHAIRS_STATEMENT:
        raise IsAChairsStatement
