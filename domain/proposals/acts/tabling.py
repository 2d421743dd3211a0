"""Putting a text on the table, sponsoring it, and handing the pen over."""

from typing import Final

from domain.kernel import Decision
from domain.proposals.acts.checks import CHAIRS_STATEMENT, check_agreeable, check_main_sponsor, check_open
from domain.proposals.acts.wording import check_text
from domain.proposals.circumstances import Circumstances, Tabling
from domain.proposals.commands import EndSponsorship, HandPen, Sponsor, TableProposal
from domain.proposals.events import PenHanded, ProposalTabled, Sponsored, SponsorshipEnded, Stance
from domain.proposals.proposal import Proposal, settle
from domain.proposals.refusals import (
    EditionTakesNoMore,
    KindForChair,
    KindNotForChair,
    KindUnknown,
    MainSponsorStays,
    NotASponsor,
    PenAlreadyThere,
    PredecessorUnknown,
    SponsorAlready,
    SponsorObjects,
)
from domain.text.fingerprint import fingerprint
from domain.text.provisions import with_ids

EXTERNAL: Final = "external-resolution"
CHAIR_KINDS: Final = frozenset({CHAIRS_STATEMENT, EXTERNAL})
"""What the chair tables on its own responsibility, without a sponsor: its statements, and in an import what others decided."""


def table(command: TableProposal, around: Circumstances, tabling: Tabling) -> Decision:
    """Open the proposal with the whole text as revision 0; nothing of its drafting comes along (4, 5, 6)."""
    if not around.edition_takes_proposals:
        raise EditionTakesNoMore(around.edition_status)
    _check_kind(command.kind, around, tabling)
    check_text(command.provisions, command.master, around.languages)
    _check_predecessor(command, tabling, around)
    provisions, _ = with_ids(part.fresh() for part in command.provisions)
    return Decision(
        (
            ProposalTabled(
                number=tabling.number,
                kind=command.kind,
                format=tabling.format,
                edition=tabling.edition,
                master=command.master,
                provisions=provisions,
                fingerprint=fingerprint(tabling.proposal, 0, command.master, provisions),
                sponsor=None if around.delegation is None else around.actor,
                predecessor=command.predecessor,
            ),
        )
    )


def _check_kind(kind: str, around: Circumstances, tabling: Tabling) -> None:
    if kind not in tabling.kinds:
        raise KindUnknown(kind, tabling.kinds)
    of_chair = CHAIR_KINDS if tabling.is_import else CHAIR_KINDS - {EXTERNAL}
    if around.delegation is None and kind not in of_chair:
        raise KindNotForChair(kind, tuple(sorted(of_chair)))
    if around.delegation is not None and kind in CHAIR_KINDS:
        raise KindForChair(kind)


def _check_predecessor(command: TableProposal, tabling: Tabling, around: Circumstances) -> None:
    if command.predecessor is None:
        return
    before = tabling.predecessor
    if before is None or before.format != tabling.format or not settle(before, around.now).is_closed:
        raise PredecessorUnknown


def sponsor(proposal: Proposal, _: Sponsor, around: Circumstances) -> Decision:
    """Put the proposal forward too, and so endorse it (15, 16)."""
    check_open(proposal)
    check_agreeable(proposal)
    if around.actor in proposal.sponsors:
        raise SponsorAlready(around.actor)
    held = around.standings(proposal).get(around.actor)
    if held is not None and held.stance is Stance.OBJECT:
        raise SponsorObjects(around.actor)
    return Decision((Sponsored(around.actor, proposal.current.number),))


def end_sponsorship(proposal: Proposal, _: EndSponsorship, around: Circumstances) -> Decision:
    """Leave the sponsors, before the proposal closes (17); the main sponsor stays or withdraws it (19)."""
    check_open(proposal)
    if around.actor not in proposal.sponsors:
        raise NotASponsor(around.actor)
    if around.actor == proposal.main_sponsor:
        raise MainSponsorStays(around.actor)
    return Decision((SponsorshipEnded(around.actor),))


def hand_pen(proposal: Proposal, command: HandPen, around: Circumstances) -> Decision:
    """Let the chair issue revisions, or take the pen back."""
    check_open(proposal)
    check_main_sponsor(proposal, around.delegation)
    holder = None if command.holder == "chair" else proposal.main_sponsor
    if (holder is None) is proposal.chair_holds_pen:
        raise PenAlreadyThere(holder or "the chair")
    return Decision((PenHanded(holder),))
