"""Giving a text and its outcome to a wider audience: by the consent of every delegation of the format (originator control)."""

from typing import Final

from domain.identity import DelegationCode
from domain.kernel import Decision, Fact
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import AskRelease, ConsentToRelease, WithdrawReleaseConsent
from domain.proposals.events import (
    Outcome,
    ProposalReleased,
    ReleaseAsked,
    ReleaseConsented,
    ReleaseConsentWithdrawn,
    Wider,
)
from domain.proposals.proposal import Proposal, Releasing
from domain.proposals.refusals import (
    ChairDoesNotConsent,
    ForumComesFirst,
    NotReleasable,
    ReleaseAskedAlready,
    ReleaseConsentGiven,
    ReleaseConsentMissing,
    ReleasedAlready,
    ReleaseNotAsked,
)

RELEASABLE: Final = ("adopted", "issued", *(outcome.value for outcome in Outcome))


def asked(to: Wider | None) -> tuple[ReleaseAsked, ...]:
    """What is asked with a decision. What is for the public goes to the forum first, so both are."""
    match to:
        case None:
            return ()
        case Wider.FORUM:
            return (ReleaseAsked(Wider.FORUM),)
        case Wider.PUBLIC:
            return (ReleaseAsked(Wider.FORUM), ReleaseAsked(Wider.PUBLIC))


def ask(proposal: Proposal, command: AskRelease, around: Circumstances) -> Decision:
    """Ask for it; a delegation that says whether it may be named consents for itself."""
    _check_way(proposal, command.to)
    if (before := proposal.releases.get(command.to)) is not None:
        _check_pending(before, command.to)
        raise ReleaseAskedAlready(command.to)
    facts: tuple[Fact, ...] = (ReleaseAsked(command.to),)
    if command.attributions is None:
        return Decision(facts)
    if around.delegation is None:
        raise ChairDoesNotConsent
    consenting = ReleaseConsented(around.actor, command.to, command.attributions)
    return Decision((*facts, consenting, *_released(command.to, {around.actor}, around)))


def consent(proposal: Proposal, command: ConsentToRelease, around: Circumstances) -> Decision:
    """Consent for one's delegation. With the last consent it happens."""
    _check_way(proposal, command.to)
    pending = _pending(proposal, command.to)
    if pending.consents.get(around.actor) is command.attribution:
        raise ReleaseConsentGiven(around.actor, command.to)
    consenting = ReleaseConsented(around.actor, command.to, command.attribution)
    return Decision((consenting, *_released(command.to, {*pending.consents, around.actor}, around)))


def withdraw_consent(proposal: Proposal, command: WithdrawReleaseConsent, around: Circumstances) -> Decision:
    """Take it back, as long as it did not happen."""
    if around.actor not in _pending(proposal, command.to).consents:
        raise ReleaseConsentMissing(around.actor, command.to)
    return Decision((ReleaseConsentWithdrawn(around.actor, command.to),))


def waiting_for(proposal: Proposal, to: Wider, members: frozenset[DelegationCode]) -> frozenset[DelegationCode]:
    """Whose consent is asked and was not given, as far as it can be given by now."""
    pending = proposal.releases.get(to)
    if pending is None or pending.release is not None or not proposal.has_outcome or not _way_is_open(proposal, to):
        return frozenset()
    return members - pending.consents.keys()


def _check_way(proposal: Proposal, to: Wider) -> None:
    if not proposal.has_outcome:
        raise NotReleasable(proposal.status, RELEASABLE)
    if not _way_is_open(proposal, to):
        raise ForumComesFirst


def _way_is_open(proposal: Proposal, to: Wider) -> bool:
    forum = proposal.releases.get(Wider.FORUM)
    return to is Wider.FORUM or (forum is not None and forum.release is not None)


def _pending(proposal: Proposal, to: Wider) -> Releasing:
    if (releasing := proposal.releases.get(to)) is None:
        raise ReleaseNotAsked(to)
    _check_pending(releasing, to)
    return releasing


def _check_pending(releasing: Releasing, to: Wider) -> None:
    if releasing.released is not None:
        raise ReleasedAlready(to, releasing.released)


def _released(to: Wider, consenting: set[DelegationCode], around: Circumstances) -> tuple[ProposalReleased, ...]:
    if not consenting >= around.members:
        return ()
    assert around.fresh_release is not None, "the id of a release is given when it happens"
    return (ProposalReleased(to, around.fresh_release),)
