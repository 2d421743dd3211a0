import pytest

from domain.proposals.commands import Confirm, Contest, Decline, Lift, Reaffirm, RecordFallenAway, TakePosition
from domain.proposals.events import (
    ChangesCertified,
    ObjectionLifted,
    PenHanded,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionFellAway,
    PositionReaffirmed,
    ProposalWithdrawn,
    ReasonGiven,
    ReservationMade,
    Sponsored,
    SponsorshipEnded,
    Stance,
)
from domain.proposals.refusals import (
    DueDateWrong,
    NoObjectionStands,
    NotAMember,
    NothingFellAway,
    NothingPending,
    NothingToContest,
    NothingToReaffirm,
    PositionUnchanged,
    ProposalClosed,
    ReasonMissing,
    ReservationMissing,
    RevisionNotCurrent,
    SilenceRuns,
    SponsorObjects,
)
from domain.proposals.standing import Hold
from domain.rules import Rules
from tests.domain.cast import (
    CHN,
    JPN,
    KOR,
    RUS,
    USA,
    WHY,
    because,
    decided,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    to_object,
    took,
    translated,
    under_silence,
)
from tests.domain.scenario import MOMENT, at, given, hours

DUE = at("12:00", day=9)
AD_REF, RESERVE = Stance.AD_REFERENDUM, Stance.RESERVE
PLAIN = [Stance.ENDORSE, Stance.NO_OBJECTION, Stance.ABSTAIN, Stance.DISSOCIATE]
CARRIED = [Stance.ENDORSE, Stance.WITH_RESERVATION, AD_REF, Stance.NO_OBJECTION, Stance.ABSTAIN, Stance.DISSOCIATE]
PENDING = [AD_REF, RESERVE]


@pytest.mark.parametrize("stance", PLAIN)
def test_a_delegation_takes_a_stance_on_the_current_revision(stance: Stance) -> None:
    after = given(tabled(), substantive(1)).when(TakePosition(1, stance), by=USA).then(took(USA, stance, on=1))
    assert after.holds()[USA] == (stance, Hold.CURRENT)


def test_a_stance_takes_the_place_of_the_one_before() -> None:
    after = given(tabled(), endorsed(USA)).when(TakePosition(0, Stance.ABSTAIN), by=USA).then(took(USA, Stance.ABSTAIN))
    assert after.holds()[USA] == (Stance.ABSTAIN, Hold.CURRENT)


def test_a_stance_is_on_the_current_revision() -> None:
    behind = given(tabled(), substantive(1))
    behind.when(TakePosition(0, Stance.ENDORSE), by=USA).refused(RevisionNotCurrent, revision=0, current=1)
    behind.when(to_object(on=0), by=USA).refused(RevisionNotCurrent, revision=0, current=1)


@pytest.mark.parametrize("command", [TakePosition(0, Stance.ENDORSE), to_object()])
def test_a_stance_is_that_of_a_delegation_of_the_format(command: TakePosition) -> None:
    members = ("CHN", "JPN", "KOR", "USA")
    given(tabled()).when(command, by=RUS).refused(NotAMember, delegation="RUS", members=members)
    given(tabled()).when(command).refused(NotAMember, delegation="None", members=members)


def test_a_closed_text_takes_no_stance() -> None:
    given(tabled(), decided()).when(TakePosition(0, Stance.ENDORSE), by=USA).refused(ProposalClosed, status="adopted")
    given(tabled(), ProposalWithdrawn()).when(to_object(), by=USA).refused(ProposalClosed, status="withdrawn")


@pytest.mark.parametrize("stance", PLAIN)
def test_the_same_stance_again_says_nothing(stance: Stance) -> None:
    given(tabled(), took(USA, stance)).when(TakePosition(0, stance), by=USA).refused(
        PositionUnchanged, delegation="USA", stance=stance, revision=0
    )


def test_a_maintained_stance_may_be_taken_expressly() -> None:
    given(tabled(), endorsed(USA), translated(1)).when(TakePosition(1, Stance.ENDORSE), by=USA).then(endorsed(USA, on=1))


def test_an_endorsement_with_reservation_says_of_what() -> None:
    after = (
        given(tabled())
        .when(TakePosition(0, Stance.WITH_RESERVATION, reservation="As to fishing boats."), by=USA)
        .then(took(USA, Stance.WITH_RESERVATION), ReservationMade(USA, 0, "As to fishing boats."))
    )
    again = TakePosition(0, Stance.WITH_RESERVATION, reservation="As to all small boats.")
    after.when(again, by=USA).then(took(USA, Stance.WITH_RESERVATION), ReservationMade(USA, 0, "As to all small boats."))


def test_a_reservation_and_its_words_come_together() -> None:
    given(tabled()).when(TakePosition(0, Stance.WITH_RESERVATION), by=USA).refused(ReservationMissing)
    given(tabled()).when(TakePosition(0, Stance.ENDORSE, reservation="But."), by=USA).refused(ReservationMissing)


def test_any_stance_may_say_why() -> None:
    command = TakePosition(0, Stance.ABSTAIN, reason="No instructions on this.")
    given(tabled()).when(command, by=USA).then(took(USA, Stance.ABSTAIN), ReasonGiven(USA, 0, "No instructions on this."))


# --- what is to be confirmed ---------------------------------------------------------------------------------------


def test_a_reserve_waits_thirty_days_where_none_is_named() -> None:
    now = at("10:00", day=2)
    due = now + hours(30 * 24)
    after = given(tabled()).when(TakePosition(0, RESERVE), by=USA, at=now).then(took(USA, RESERVE, due=due))
    assert after.until == due


def test_the_forum_may_let_a_reserve_wait_otherwise() -> None:
    now = at("10:00", day=2)
    week = Rules(reserve=7 * 24 * 3600)
    given(tabled()).when(TakePosition(0, RESERVE), by=USA, at=now, rules=week).then(took(USA, RESERVE, due=at("10:00", day=9)))


@pytest.mark.parametrize("stance", PENDING)
def test_what_is_to_be_confirmed_may_name_when(stance: Stance) -> None:
    after = given(tabled()).when(TakePosition(0, stance, due=DUE), by=USA).then(took(USA, stance, due=DUE))
    assert after.until == DUE


def test_an_endorsement_ad_referendum_must_name_when() -> None:
    now = at("10:00")
    given(tabled()).when(TakePosition(0, AD_REF), by=USA, at=now).refused(DueDateWrong, stance=AD_REF, now=now, due=None)


@pytest.mark.parametrize("stance", PENDING)
def test_a_due_date_lies_ahead(stance: Stance) -> None:
    now = at("10:00")
    given(tabled()).when(TakePosition(0, stance, due=now), by=USA, at=now).refused(
        DueDateWrong, stance=stance, now=now, due=now
    )
    just = now + MOMENT
    given(tabled()).when(TakePosition(0, stance, due=just), by=USA, at=now).then(took(USA, stance, due=just))


@pytest.mark.parametrize("stance", PLAIN)
def test_no_other_stance_has_a_due_date(stance: Stance) -> None:
    now = at("10:00")
    given(tabled()).when(TakePosition(0, stance, due=DUE), by=USA, at=now).refused(
        DueDateWrong, stance=stance, now=now, due=DUE
    )


@pytest.mark.parametrize("stance", PENDING)
def test_another_due_date_is_another_position(stance: Stance) -> None:
    pending = given(tabled(), took(USA, stance, due=DUE))
    pending.when(TakePosition(0, stance, due=DUE), by=USA).refused(
        PositionUnchanged, delegation="USA", stance=stance, revision=0
    )
    later = DUE + hours(24)
    pending.when(TakePosition(0, stance, due=later), by=USA).then(took(USA, stance, due=later))


@pytest.mark.parametrize(("stance", "becomes"), [(AD_REF, Stance.ENDORSE), (RESERVE, Stance.NO_OBJECTION)])
def test_confirmed_it_stands(stance: Stance, becomes: Stance) -> None:
    pending = given(tabled(), took(USA, stance, due=DUE))
    after = pending.when(Confirm(0), by=USA, at=DUE - MOMENT).then(PositionConfirmed(USA, 0))
    assert after.until == DUE
    assert after.holds(DUE + hours(1))[USA] == (becomes, Hold.CURRENT)


@pytest.mark.parametrize("stance", PENDING)
def test_declined_the_delegation_holds_nothing(stance: Stance) -> None:
    pending = given(tabled(), took(USA, stance, due=DUE))
    after = pending.when(Decline(0), by=USA).then(PositionDeclined(USA, 0))
    assert after.until == DUE
    assert USA not in after.holds()


@pytest.mark.parametrize("stance", PENDING)
@pytest.mark.parametrize("command", [Confirm(0), Decline(0)])
def test_from_its_due_date_on_it_has_fallen_away(stance: Stance, command: Confirm | Decline) -> None:
    pending = given(tabled(), took(USA, stance, due=DUE))
    assert pending.holds(DUE - MOMENT)[USA] == (stance, Hold.CURRENT)
    assert pending.holds(DUE)[USA] == (stance, Hold.FELL_AWAY)
    pending.when(command, by=USA, at=DUE).refused(NothingPending, delegation="USA")


@pytest.mark.parametrize("command", [Confirm(0), Decline(0)])
def test_only_what_is_pending_is_confirmed_or_declined(command: Confirm | Decline) -> None:
    given(tabled(), endorsed(USA)).when(command, by=USA).refused(NothingPending, delegation="USA")
    given(tabled()).when(command, by=USA).refused(NothingPending, delegation="USA")


def test_a_reserve_runs_on_through_a_change_of_substance_and_is_confirmed_of_the_new_text() -> None:
    story = given(tabled(), took(USA, RESERVE, due=DUE), substantive(1))
    assert story.holds()[USA] == (RESERVE, Hold.MAINTAINED)
    after = story.when(Confirm(1), by=USA).then(PositionConfirmed(USA, 1))
    assert after.holds()[USA] == (Stance.NO_OBJECTION, Hold.CURRENT)


def test_an_endorsement_ad_referendum_is_superseded_like_an_endorsement_and_then_not_pending() -> None:
    story = given(tabled(), took(USA, AD_REF, due=DUE), substantive(1))
    assert story.holds()[USA] == (AD_REF, Hold.SUPERSEDED)
    story.when(Confirm(1), by=USA).refused(NothingPending, delegation="USA")


def test_a_maintained_endorsement_ad_referendum_is_confirmed_of_the_new_text() -> None:
    story = given(tabled(), took(USA, AD_REF, due=DUE), translated(1))
    after = story.when(Confirm(1), by=USA).then(PositionConfirmed(USA, 1))
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)


@pytest.mark.parametrize("command", [Confirm(0), Decline(0)])
def test_confirming_is_of_the_current_text(command: Confirm | Decline) -> None:
    story = given(tabled(), took(USA, RESERVE, due=DUE), substantive(1))
    story.when(command, by=USA).refused(RevisionNotCurrent, revision=0, current=1)


# --- what a revision does --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stance", CARRIED)
def test_what_is_held_is_maintained_where_only_a_translation_changed(stance: Stance) -> None:
    due = DUE if stance is AD_REF else None
    story = given(tabled(), took(USA, stance, due=due), translated(1), translated(2))
    assert story.holds()[USA] == (stance, Hold.MAINTAINED)


@pytest.mark.parametrize("stance", CARRIED)
def test_what_is_held_is_superseded_where_the_substance_changed_and_stays_so(stance: Stance) -> None:
    due = DUE if stance is AD_REF else None
    story = given(tabled(), took(USA, stance, due=due), substantive(1), translated(2))
    assert story.holds()[USA] == (stance, Hold.SUPERSEDED)


@pytest.mark.parametrize("stance", CARRIED)
def test_one_act_reaffirms(stance: Stance) -> None:
    due = DUE if stance is AD_REF else None
    story = given(tabled(), took(USA, stance, due=due), substantive(1))
    after = story.when(Reaffirm(1), by=USA).then(PositionReaffirmed(USA, 1))
    assert after.holds()[USA] == (stance, Hold.CURRENT)
    assert after.until == due
    assert after.proposal().positions[USA].due == due


def test_only_what_is_superseded_is_reaffirmed() -> None:
    for story in (
        given(tabled()),
        given(tabled(), endorsed(USA)),
        given(tabled(), endorsed(USA), translated(1)),
        given(tabled(), objected(USA), substantive(1)),
        given(tabled(), took(USA, RESERVE, due=DUE), substantive(1)),
        given(tabled(), took(USA, AD_REF, due=at("09:30")), at("09:31"), substantive(1)),
    ):
        current = story.proposal().current.number
        story.when(Reaffirm(current), by=USA).refused(NothingToReaffirm, delegation="USA")


def test_reaffirming_is_of_the_current_text() -> None:
    story = given(tabled(), endorsed(USA), substantive(1), substantive(2))
    story.when(Reaffirm(1), by=USA).refused(RevisionNotCurrent, revision=1, current=2)


@pytest.mark.parametrize("stance", CARRIED)
def test_who_was_maintained_may_contest_that(stance: Stance) -> None:
    due = DUE if stance is AD_REF else None
    story = given(tabled(), took(USA, stance, due=due), translated(1))
    after = story.when(Contest(1, reason=WHY), by=USA).then(PositionContested(USA, 1), because(USA, on=1))
    assert after.holds()[USA] == (stance, Hold.SUPERSEDED)
    again = after.when(Reaffirm(1), by=USA).then(PositionReaffirmed(USA, 1))
    assert again.holds()[USA] == (stance, Hold.CURRENT)
    assert (after.proposal().positions[USA].reason, again.proposal().positions[USA].reason) == (WHY, None)


def test_contesting_needs_no_reason_and_holds_through_later_revisions() -> None:
    story = given(tabled(), endorsed(USA), editorial(1), ChangesCertified(1))
    after = story.when(Contest(1), by=USA).then(PositionContested(USA, 1))
    later = given(*(r.fact for r in after.record), translated(2))
    assert later.holds()[USA] == (Stance.ENDORSE, Hold.SUPERSEDED)
    later.when(Contest(2), by=USA).refused(NothingToContest, delegation="USA")


def test_only_what_is_maintained_is_contested() -> None:
    for story in (
        given(tabled()),
        given(tabled(), endorsed(USA)),
        given(tabled(), endorsed(USA), substantive(1)),
        given(tabled(), objected(USA), translated(1)),
        given(tabled(), took(USA, RESERVE, due=DUE), translated(1)),
    ):
        current = story.proposal().current.number
        story.when(Contest(current), by=USA).refused(NothingToContest, delegation="USA")


def test_contesting_is_possible_until_the_decision() -> None:
    story = given(tabled(), endorsed(USA), translated(1), decided(on=1, maintained=(USA,)))
    story.when(Contest(1), by=USA).refused(ProposalClosed, status="adopted")


# --- objections --------------------------------------------------------------------------------------------------------


def test_an_objection_gives_its_reason() -> None:
    after = given(tabled()).when(to_object(), by=CHN).then(objected(CHN), because(CHN))
    assert after.holds()[CHN] == (Stance.OBJECT, Hold.CURRENT)


def test_an_objection_may_say_that_its_reason_is_undisclosed() -> None:
    given(tabled()).when(TakePosition(0, Stance.OBJECT, undisclosed=True), by=CHN).then(objected(CHN))


@pytest.mark.parametrize("reason", [None, ""])
def test_an_objection_without_either_is_refused(reason: str | None) -> None:
    given(tabled()).when(TakePosition(0, Stance.OBJECT, reason=reason), by=CHN).refused(ReasonMissing)


def test_an_objection_stands_through_every_revision() -> None:
    story = given(tabled(), objected(CHN), substantive(1), editorial(2), translated(3))
    assert story.holds()[CHN] == (Stance.OBJECT, Hold.STANDING)


def test_its_delegation_lifts_an_objection_whatever_revision_it_was_to() -> None:
    story = given(tabled(), objected(CHN), substantive(1))
    after = story.when(Lift(1), by=CHN).then(ObjectionLifted(CHN, 1))
    assert CHN not in after.holds()


def test_another_position_takes_the_place_of_an_objection() -> None:
    story = given(tabled(), objected(CHN), substantive(1))
    after = story.when(TakePosition(1, Stance.NO_OBJECTION), by=CHN).then(took(CHN, Stance.NO_OBJECTION, on=1))
    assert after.holds()[CHN] == (Stance.NO_OBJECTION, Hold.CURRENT)


def test_an_objection_is_renewed_on_the_current_text() -> None:
    story = given(tabled(), objected(CHN), substantive(1))
    after = story.when(to_object(on=1), by=CHN).then(objected(CHN, on=1), because(CHN, on=1))
    after.when(to_object(on=1), by=CHN).refused(PositionUnchanged, delegation="CHN", stance=Stance.OBJECT, revision=1)


def test_each_delegation_lifts_its_own_objection() -> None:
    story = given(tabled(), objected(CHN))
    story.when(Lift(0), by=USA).refused(NoObjectionStands, delegation="USA")
    story.when(Lift(0), by=JPN).refused(NoObjectionStands, delegation="JPN")


def test_lifting_is_of_the_current_text() -> None:
    story = given(tabled(), objected(CHN), substantive(1))
    story.when(Lift(0), by=CHN).refused(RevisionNotCurrent, revision=0, current=1)


# --- sponsors ----------------------------------------------------------------------------------------------------------


def test_the_main_sponsor_stays_and_does_not_object() -> None:
    given(tabled()).when(to_object(), by=JPN).refused(SponsorObjects, delegation="JPN")
    given(tabled(), PenHanded(None)).when(to_object(), by=JPN).refused(SponsorObjects, delegation="JPN")


def test_a_co_sponsor_that_objects_leaves_the_sponsors() -> None:
    story = given(tabled(), Sponsored(USA, 0), Sponsored(KOR, 0))
    after = story.when(to_object(), by=USA).then(SponsorshipEnded(USA), objected(USA), because(USA))
    assert after.proposal().sponsors == (JPN, KOR)


def test_a_sponsor_does_not_dissociate_itself() -> None:
    given(tabled(), Sponsored(USA, 0)).when(TakePosition(0, Stance.DISSOCIATE), by=USA).refused(
        SponsorObjects, delegation="USA"
    )


@pytest.mark.parametrize(
    "command", [TakePosition(0, Stance.ENDORSE), TakePosition(0, RESERVE), Reaffirm(0), Contest(0), Lift(0)]
)
def test_under_silence_nothing_is_taken_reaffirmed_contested_or_lifted(
    command: TakePosition | Reaffirm | Contest | Lift,
) -> None:
    deadline = at("10:00", day=5)
    given(tabled(), under_silence(deadline)).when(command, by=USA).refused(SilenceRuns, revision=0, deadline=deadline)


def test_that_a_position_fell_away_is_written_down_after_it_did() -> None:
    due = at("12:00", day=2)
    story = given(tabled(), took(CHN, Stance.RESERVE, due=due))
    story.when(RecordFallenAway(CHN, due), at=due - MOMENT).refused(NothingFellAway, delegation="CHN")
    after = story.when(RecordFallenAway(CHN, due), at=due).then(PositionFellAway(CHN, 0, due))
    assert after.holds() == story.holds(due)
    other = RecordFallenAway(USA, due)
    story.when(other, at=due).refused(NothingFellAway, delegation="USA")
