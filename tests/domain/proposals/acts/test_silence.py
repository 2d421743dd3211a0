from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.kernel import Fact
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CancelSilence,
    CertifyChanges,
    Conclude,
    Confirm,
    Decline,
    ExtendSilence,
    OpenSilence,
    ProposalCommand,
    PutToSitting,
    RecordSilenceEnd,
    Withdraw,
)
from domain.proposals.events import (
    ObjectionCameLate,
    ObjectionLifted,
    Outcome,
    PositionConfirmed,
    PositionDeclined,
    ProposalWithdrawn,
    ReceiptAcknowledged,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    Sponsored,
    SponsorshipEnded,
    Stance,
)
from domain.proposals.proposal import Adopted, LateObjection
from domain.proposals.refusals import (
    EditionTakesNoMore,
    LanguagesMissing,
    NoSilenceRuns,
    NotAMember,
    NotLater,
    ObjectionStands,
    ProposalClosed,
    ReasonMissing,
    ReceiptGiven,
    RevisionNotCurrent,
    SilenceRuns,
    SilenceTooShort,
)
from domain.proposals.standing import Hold
from domain.rules import Rules
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    JPN,
    KOR,
    RUS,
    USA,
    because,
    decided,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    to_object,
    took,
    under_silence,
)
from tests.domain.scenario import MOMENT, Given, at, given, hours

NOW, END = at("10:00", day=2), at("10:00", day=5)
DUE = at("12:00", day=9)
MEMBERS = ("CHN", "JPN", "KOR", "USA")


def running(*story: Fact) -> Given:
    """A text under silence until END."""
    return given(tabled(), *story, NOW, under_silence(END))


# --- opening ---


def test_the_chair_opens_a_silence_of_at_least_72_hours_between_meetings() -> None:
    given(tabled()).when(OpenSilence(0, END), at=NOW).then(under_silence(END))
    given(tabled()).when(OpenSilence(0, END - MOMENT), at=NOW).refused(SilenceTooShort, deadline=END - MOMENT, earliest=END)


def test_in_session_twelve_hours_are_enough() -> None:
    night = NOW + hours(12)
    given(tabled()).when(OpenSilence(0, night), at=NOW, in_session=True).then(under_silence(night))
    given(tabled()).when(OpenSilence(0, night - MOMENT), at=NOW, in_session=True).refused(
        SilenceTooShort, deadline=night - MOMENT, earliest=night
    )


def test_the_forum_sets_its_own_minimum() -> None:
    rules = Rules(silence_between_meetings=24 * 3600)
    given(tabled()).when(OpenSilence(0, NOW + hours(24)), at=NOW, rules=rules).then(under_silence(NOW + hours(24)))


def test_the_opening_stands_as_long_as_the_end_is_the_minimum_away() -> None:
    opened = given(tabled()).when(OpenSilence(0, END + hours(1)), at=NOW).then(under_silence(END + hours(1)))
    assert opened.until == NOW + hours(1) + MOMENT
    given(tabled()).when(OpenSilence(0, END + hours(1)), at=NOW + hours(1)).then(under_silence(END + hours(1)))


def test_a_text_under_silence_is_adopted_at_the_end_and_not_a_moment_before() -> None:
    story = running()
    assert story.proposal(END - MOMENT).status == "under-silence"
    assert story.proposal(END).phase == Adopted(0, END, AGREEMENT, by_silence=True, silence_opened=NOW)
    assert story.proposal(END + hours(1000)) == story.proposal(END)


def test_silence_is_on_the_current_revision() -> None:
    given(tabled(), substantive(1)).when(OpenSilence(0, END), at=NOW).refused(RevisionNotCurrent, revision=0, current=1)


def test_one_silence_at_a_time() -> None:
    running().when(OpenSilence(0, END + hours(72)), at=NOW + hours(1)).refused(SilenceRuns, revision=0, deadline=END)


def test_a_closed_text_is_not_put_under_silence() -> None:
    given(tabled(), decided()).when(OpenSilence(0, END), at=NOW).refused(ProposalClosed, status="adopted")


def test_no_silence_is_opened_in_a_closed_edition() -> None:
    given(tabled()).when(OpenSilence(0, END), at=NOW, edition_takes_proposals=False, edition_status="closed").refused(
        EditionTakesNoMore, status="closed"
    )


def test_a_silence_that_runs_goes_on_when_its_edition_closes() -> None:
    running().when(to_object(), by=CHN, at=END - MOMENT, edition_takes_proposals=False).then(
        objected(CHN), because(CHN), SilenceBroken(CHN)
    )
    later = END + hours(1)
    running().when(ExtendSilence(0, later), at=END - MOMENT, edition_takes_proposals=False).then(SilenceExtended(later))
    assert running().proposal(END).status == "adopted"


def test_a_standing_objection_bars_silence() -> None:
    story = given(tabled(), objected(CHN), substantive(1), objected(KOR, on=1))
    story.when(OpenSilence(1, END), at=NOW).refused(ObjectionStands, delegations=("CHN", "KOR"))


def test_a_lifted_objection_does_not() -> None:
    given(tabled(), objected(CHN), ObjectionLifted(CHN, 0)).when(OpenSilence(0, END), at=NOW).then(under_silence(END))


def test_the_rules_may_ask_for_languages() -> None:
    rules = Rules(languages_for_silence=3)
    given(tabled()).when(OpenSilence(0, END), at=NOW, rules=rules).refused(LanguagesMissing, complete=2, needed=3)
    both = Rules(languages_for_silence=2)
    given(tabled()).when(OpenSilence(0, END), at=NOW, rules=both).then(under_silence(END))


def test_a_pending_reserve_does_not_bar_silence() -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), took(KOR, Stance.AD_REFERENDUM, due=DUE))
    story.when(OpenSilence(0, END), at=NOW).then(under_silence(END))


# --- breaking ---


@pytest.mark.parametrize("early", [MOMENT, hours(1), hours(72)])
def test_an_objection_before_the_end_breaks_it(early: timedelta) -> None:
    broken = running().when(to_object(), by=CHN, at=END - early).then(objected(CHN), because(CHN), SilenceBroken(CHN))
    assert broken.until == END
    assert broken.proposal(END + hours(1)).status == "open"
    assert broken.holds(END)[CHN] == (Stance.OBJECT, Hold.CURRENT)


@pytest.mark.parametrize("late", [MOMENT * 0, MOMENT, hours(1)])
def test_an_objection_at_the_end_or_after_is_on_record_as_late(late: timedelta) -> None:
    after = running().when(to_object(), by=CHN, at=END + late).then(ObjectionCameLate(CHN, 0, END), because(CHN))
    noted = LateObjection(CHN, END + late, END + late, because(CHN).text)
    assert after.proposal() == replace(running().proposal(END), late=(noted,))


def test_a_late_objection_too_gives_its_reason() -> None:
    command = replace(to_object(), reason=None)
    running().when(command, by=CHN, at=END).refused(ReasonMissing)
    running().when(replace(command, undisclosed=True), by=CHN, at=END).then(ObjectionCameLate(CHN, 0, END))


def test_a_late_objection_is_to_the_text_that_was_adopted_by_a_delegation_of_the_format() -> None:
    story = given(tabled(), substantive(1), NOW, under_silence(END, on=1))
    story.when(to_object(on=0), by=CHN, at=END).refused(ProposalClosed, status="adopted")
    story.when(to_object(on=1), by=RUS, at=END).refused(NotAMember, delegation="RUS", members=MEMBERS)


def test_a_text_adopted_on_the_floor_knows_no_late_objection() -> None:
    given(tabled(), decided()).when(to_object(), by=CHN).refused(ProposalClosed, status="adopted")


def test_an_objection_breaks_it_for_good() -> None:
    broken = (
        running(objected(CHN))
        .when(to_object(), by=USA, at=NOW + hours(1))
        .then(objected(USA), because(USA), SilenceBroken(USA))
    )
    assert broken.proposal(END).status == "open"
    broken.when(ExtendSilence(0, END + hours(1)), at=NOW + hours(2)).refused(NoSilenceRuns)
    broken.when(RecordSilenceEnd(), at=END).refused(NoSilenceRuns)
    lifted = given(tabled(), NOW, under_silence(END), objected(CHN), SilenceBroken(CHN), ObjectionLifted(CHN, 0))
    assert lifted.proposal(END).status == "open"


def test_a_second_objection_supports_the_break() -> None:
    broken = given(tabled(), NOW, under_silence(END), objected(CHN), SilenceBroken(CHN))
    broken.when(to_object(), by=USA).then(objected(USA), because(USA))


def test_after_a_break_a_fresh_silence_needs_the_objection_answered() -> None:
    broken = given(tabled(), NOW, under_silence(END), objected(CHN), SilenceBroken(CHN))
    later = END + hours(72)
    broken.when(OpenSilence(0, later)).refused(ObjectionStands, delegations=("CHN",))
    answered = given(tabled(), NOW, under_silence(END), objected(CHN), SilenceBroken(CHN), substantive(1))
    answered.when(OpenSilence(1, later)).refused(ObjectionStands, delegations=("CHN",))


def test_a_co_sponsor_that_objects_breaks_it_and_leaves_the_sponsors() -> None:
    story = running(Sponsored(USA, 0))
    broken = story.when(to_object(), by=USA, at=END - MOMENT).then(
        SponsorshipEnded(USA), objected(USA), because(USA), SilenceBroken(USA)
    )
    assert broken.proposal().sponsors == (JPN,)


@pytest.mark.parametrize("stance", [Stance.RESERVE, Stance.AD_REFERENDUM])
def test_declining_breaks_it(stance: Stance) -> None:
    story = running(took(USA, stance, due=DUE))
    broken = story.when(Decline(0), by=USA, at=END - MOMENT).then(PositionDeclined(USA, 0), SilenceBroken(USA))
    assert broken.until == END
    assert broken.proposal(END).status == "open"
    assert USA not in broken.holds()


def test_after_the_end_nothing_is_declined() -> None:
    running(took(USA, Stance.RESERVE, due=DUE)).when(Decline(0), by=USA, at=END).refused(ProposalClosed, status="adopted")


@pytest.mark.parametrize("stance", [Stance.RESERVE, Stance.AD_REFERENDUM])
def test_confirming_goes_on_and_breaks_nothing(stance: Stance) -> None:
    story = running(took(USA, stance, due=DUE))
    after = story.when(Confirm(0), by=USA, at=END - MOMENT).then(PositionConfirmed(USA, 0))
    assert after.until == END
    assert after.proposal(END).status == "adopted"


# --- the chair's ---


def test_the_chair_extends_it_before_its_end_to_a_later_one() -> None:
    later = END + hours(5)
    extended = running().when(ExtendSilence(0, later), at=END - MOMENT).then(SilenceExtended(later))
    assert extended.until == END
    assert extended.proposal(END).status == "under-silence"
    assert extended.proposal(later).phase == Adopted(0, later, AGREEMENT, by_silence=True, silence_opened=NOW)


@pytest.mark.parametrize("by", [MOMENT * 0, hours(1)])
def test_it_is_extended_to_later(by: timedelta) -> None:
    running().when(ExtendSilence(0, END - by), at=NOW + hours(1)).refused(NotLater, deadline=END, proposed=END - by)


def test_an_extension_that_comes_at_the_end_is_too_late() -> None:
    running().when(ExtendSilence(0, END + hours(5)), at=END).refused(ProposalClosed, status="adopted")


def test_an_extension_recorded_at_the_end_has_no_effect_whoever_let_it_through() -> None:
    raced = given(tabled(), NOW, under_silence(END), END, SilenceExtended(END + hours(5)))
    assert raced.proposal(END + hours(1)).phase == Adopted(0, END, AGREEMENT, by_silence=True, silence_opened=NOW)


def test_the_chair_cancels_it_and_the_text_is_open_again() -> None:
    cancelled = running().when(CancelSilence(0), at=END - MOMENT).then(SilenceCancelled())
    assert cancelled.until == END
    assert cancelled.proposal(END).status == "open"
    running().when(CancelSilence(0), at=END).refused(ProposalClosed, status="adopted")


@pytest.mark.parametrize("command", [ExtendSilence(0, END + hours(5)), CancelSilence(0), AcknowledgeReceipt(0)])
def test_without_a_silence_there_is_nothing_to_extend_cancel_or_acknowledge(command: ProposalCommand) -> None:
    given(tabled()).when(command, by=USA).refused(NoSilenceRuns)
    given(tabled(), under_silence(END), SilenceCancelled()).when(command, by=USA).refused(NoSilenceRuns)


@pytest.mark.parametrize("command", [ExtendSilence(7, END + hours(5)), CancelSilence(7), AcknowledgeReceipt(7)])
def test_what_is_done_with_a_silence_names_its_text(command: ProposalCommand) -> None:
    running().when(command, by=USA, at=NOW + hours(1)).refused(RevisionNotCurrent, revision=7, current=0)


# --- receipts ---


def test_each_delegation_acknowledges_receipt_once() -> None:
    received = running().when(AcknowledgeReceipt(0), by=USA, at=NOW + hours(1)).then(ReceiptAcknowledged(USA))
    both = received.when(AcknowledgeReceipt(0), by=KOR).then(ReceiptAcknowledged(KOR))
    assert both.until == END
    both.when(AcknowledgeReceipt(0), by=USA).refused(ReceiptGiven, delegation="USA")
    assert getattr(both.proposal().phase, "receipts", None) == {USA, KOR}


def test_receipts_stay_when_it_is_extended() -> None:
    story = given(tabled(), NOW, under_silence(END), ReceiptAcknowledged(USA), SilenceExtended(END + hours(5)))
    assert getattr(story.proposal().phase, "receipts", None) == {USA}


# --- what else ---


def test_the_main_sponsor_withdraws_from_under_silence() -> None:
    withdrawn = running().when(Withdraw(), by=JPN, at=END - MOMENT).then(ProposalWithdrawn())
    assert withdrawn.until == END
    assert withdrawn.proposal(END).status == "withdrawn"
    running().when(Withdraw(), by=JPN, at=END).refused(ProposalClosed, status="adopted")


@pytest.mark.parametrize("command", [CertifyChanges(1), PutToSitting(1, 1), Conclude(Outcome.NO_CONSENSUS)])
def test_meanwhile_the_chair_decides_nothing_else(command: ProposalCommand) -> None:
    story = given(tabled(), endorsed(USA), editorial(1), NOW, under_silence(END, on=1))
    story.when(command, at=NOW + hours(1), present=frozenset(MEMBERS)).refused(SilenceRuns, revision=1, deadline=END)


# --- its end ---


def test_its_end_is_written_down_by_whoever_comes_first_and_changes_nothing() -> None:
    adopted = running().proposal(END)
    for moment in (END, END + MOMENT, END + hours(1000)):
        recorded = running().when(RecordSilenceEnd(), at=moment).then(SilenceEnded(0, AGREEMENT))
        assert recorded.proposal(moment) == adopted


def test_it_is_not_written_down_before() -> None:
    running().when(RecordSilenceEnd(), at=END - MOMENT).refused(NoSilenceRuns)
    given(tabled(), decided()).when(RecordSilenceEnd()).refused(NoSilenceRuns)


def test_an_end_written_down_too_early_ends_nothing() -> None:
    early = given(tabled(), NOW, under_silence(END), SilenceEnded(0, AGREEMENT))
    assert early.proposal(END - MOMENT).status == "under-silence"
    early.when(to_object(), by=CHN, at=END - MOMENT).then(objected(CHN), because(CHN), SilenceBroken(CHN))
