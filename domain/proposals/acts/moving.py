"""How a proposal goes on elsewhere: in a later edition, in another proposal, or in parts of its own."""

from collections.abc import Sequence

from msgspec import Struct

from domain.identity import DelegationCode, ProposalId, ProvisionId
from domain.kernel import Decision
from domain.proposals.acts.checks import check_main_sponsor, check_open, check_unfinished
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import Defer, Split, TakeUp
from domain.proposals.events import (
    ProposalAbsorbed,
    ProposalDeferred,
    ProposalMerged,
    ProposalSplit,
    ProposalTabled,
    ProposalTakenUp,
)
from domain.proposals.proposal import Deferred, Open, Proposal, UnderSilence, settle
from domain.proposals.refusals import (
    EditionNotLater,
    EditionTakesNoMore,
    MergeTargetUnknown,
    NotDeferred,
    ProvisionLeftOut,
    ProvisionNotInRevision,
    SilenceRuns,
    TargetNotSponsored,
    TooFewParts,
)
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision, ProvisionKind, with_ids


class Merging(Struct, frozen=True):
    """What happens to the two."""

    source: ProposalMerged
    target: ProposalAbsorbed


def defer(proposal: Proposal, command: Defer, around: Circumstances) -> Decision:
    """Let it go on in a later edition."""
    check_open(proposal)
    if command.edition is not None and not around.edition_named_is_later:
        raise EditionNotLater(command.edition, proposal.edition)
    return Decision((ProposalDeferred(command.edition),))


def take_up(proposal: Proposal, command: TakeUp, around: Circumstances) -> Decision:
    """Put it on the table again, in an edition after the one that deferred it. ``around`` is of that later edition."""
    check_unfinished(proposal)
    if not isinstance(proposal.phase, Deferred):
        raise NotDeferred(proposal.status)
    if not around.edition_named_is_later:
        raise EditionNotLater(command.edition, proposal.edition)
    if not around.edition_takes_proposals:
        raise EditionTakesNoMore(around.edition_status)
    return Decision((ProposalTakenUp(command.edition),))


def merge(proposal: Proposal, target: Proposal | None, around: Circumstances) -> Merging:
    """Let it go on in another that its main sponsor sponsors too. Nothing of its text or positions crosses by itself."""
    check_unfinished(proposal)
    if isinstance(proposal.phase, UnderSilence):
        raise SilenceRuns(proposal.phase.revision, proposal.phase.deadline)
    check_main_sponsor(proposal, around.delegation)
    if target is None or target.id == proposal.id or target.format != proposal.format:
        raise MergeTargetUnknown
    if not isinstance(settle(target, around.now).phase, Open):
        raise MergeTargetUnknown
    if not _puts_forward(target, around.delegation):
        raise TargetNotSponsored(around.delegation or "the chair", target.number)
    return Merging(ProposalMerged(target.id), ProposalAbsorbed(proposal.id))


def _puts_forward(proposal: Proposal, delegation: DelegationCode | None) -> bool:
    return proposal.chair_tabled if delegation is None else delegation in proposal.sponsors


def split(proposal: Proposal, command: Split, around: Circumstances) -> tuple[tuple[Provision, ...], ...]:
    """The texts of the parts: the title, and the provisions named for each. Refused where one would get lost."""
    check_open(proposal)
    check_main_sponsor(proposal, around.delegation)
    if not around.edition_takes_proposals:
        raise EditionTakesNoMore(around.edition_status)
    provisions = proposal.current.provisions
    _check_parts(command.parts, provisions, proposal.current.number)
    return tuple(_part(provisions, set(part)) for part in command.parts)


def _check_parts(parts: Sequence[Sequence[ProvisionId]], provisions: Sequence[Provision], revision: int) -> None:
    named = {provision for part in parts for provision in part}
    known = {part.id for part in provisions}
    for provision in sorted(named - known):
        raise ProvisionNotInRevision(provision, revision)
    beside_title = {part.id for part in provisions if part.kind is not ProvisionKind.TITLE}
    if left_out := tuple(sorted(beside_title - named)):
        raise ProvisionLeftOut(left_out)
    filled = sum(not beside_title.isdisjoint(part) for part in parts)
    if filled < max(2, len(parts)):
        raise TooFewParts(filled)


def _part(provisions: Sequence[Provision], named: set[ProvisionId]) -> tuple[Provision, ...]:
    return tuple(part for part in provisions if part.kind is ProvisionKind.TITLE or part.id in named)


def tabled_part(whole: Proposal, provisions: Sequence[Provision], *, proposal: ProposalId, number: str) -> ProposalTabled:
    """A part as a proposal of its own: of the same main sponsor, with the whole as predecessor."""
    text, _ = with_ids(part.words() for part in provisions)
    return ProposalTabled(
        number=number,
        kind=whole.kind,
        format=whole.format,
        edition=whole.edition,
        master=whole.master,
        provisions=text,
        fingerprint=fingerprint(proposal, 0, whole.master, text),
        sponsor=whole.main_sponsor,
        predecessor=whole.id,
    )


def after_split(parts: Sequence[ProposalId]) -> ProposalSplit:
    """What happens to the whole."""
    return ProposalSplit(tuple(parts))
