"""The silence procedure (OSCE Annex 1(A); UNGA decision 74/544): opened, extended, cancelled, received, ended."""

from domain.kernel import Decision
from domain.proposals.acts.checks import check_agreeable, check_open, current, running_silence
from domain.proposals.acts.releasing import asked
from domain.proposals.acts.wording import complete_languages
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import AcknowledgeReceipt, CancelSilence, ExtendSilence, OpenSilence, RecordSilenceEnd
from domain.proposals.events import ReceiptAcknowledged, SilenceCancelled, SilenceEnded, SilenceExtended, SilenceOpened
from domain.proposals.proposal import Adopted, Proposal
from domain.proposals.refusals import (
    EditionTakesNoMore,
    LanguagesMissing,
    NoSilenceRuns,
    NotLater,
    ObjectionStands,
    ReceiptGiven,
    SilenceTooShort,
)
from domain.proposals.standing import objecting


def open_silence(proposal: Proposal, command: OpenSilence, around: Circumstances) -> Decision:
    """Have the current revision adopted at the deadline unless somebody breaks it before (27, 28).

    Holds as long as the deadline is still the minimum away.
    """
    check_open(proposal)
    check_agreeable(proposal)
    revision = current(proposal, command.revision)
    if not around.edition_takes_proposals:
        raise EditionTakesNoMore(around.edition_status)
    if objections := objecting(around.standings(proposal)):
        raise ObjectionStands(objections)
    complete, needed = complete_languages(revision.provisions), around.rules.languages_for_silence
    if complete < needed:
        raise LanguagesMissing(complete, needed)
    minimum = around.rules.minimum_silence(in_session=around.in_session)
    if command.deadline < around.now + minimum:
        raise SilenceTooShort(command.deadline, around.now + minimum)
    assert around.fresh_agreement is not None, "an agreement's id is given when its silence opens"
    opened = SilenceOpened(revision.number, command.deadline, around.fresh_agreement)
    return Decision((opened, *asked(command.release)), until=command.deadline - minimum + around.now.resolution)


def extend(proposal: Proposal, command: ExtendSilence, _: Circumstances) -> Decision:
    """Let it end later, said before its end (31)."""
    silence = running_silence(proposal)
    current(proposal, command.revision)
    if command.deadline <= silence.deadline:
        raise NotLater(silence.deadline, command.deadline)
    return Decision((SilenceExtended(command.deadline),))


def cancel(proposal: Proposal, command: CancelSilence, _: Circumstances) -> Decision:
    """Take the text back; it is open again."""
    running_silence(proposal)
    current(proposal, command.revision)
    return Decision((SilenceCancelled(),))


def acknowledge(proposal: Proposal, command: AcknowledgeReceipt, around: Circumstances) -> Decision:
    """Say that one has the text."""
    silence = running_silence(proposal)
    current(proposal, command.revision)
    if around.actor in silence.receipts:
        raise ReceiptGiven(around.actor)
    return Decision((ReceiptAcknowledged(around.actor),))


def record_end(proposal: Proposal, _: RecordSilenceEnd, __: Circumstances) -> Decision:
    """Write down that the silence ended. The proposal was adopted at its deadline already; this changes nothing."""
    match proposal.phase:
        case Adopted(by_silence=True, revision=revision, agreement=agreement):
            return Decision((SilenceEnded(revision, agreement),))
        case _:
            raise NoSilenceRuns
