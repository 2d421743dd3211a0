from datetime import datetime, timedelta

import pytest

from domain.kernel import Fact
from domain.proposals.commands import (
    Confirm,
    ConfirmGiven,
    Contest,
    Decline,
    DisownGiven,
    Lift,
    Reaffirm,
    RecordOnBehalf,
    TakePosition,
)
from domain.proposals.events import (
    Given,
    GivenActConfirmed,
    GivenActDisowned,
    ObjectionCameLate,
    ObjectionLifted,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionReaffirmed,
    PositionTaken,
    ReasonGiven,
    RecordedOnBehalf,
    ReservationMade,
    SilenceBroken,
    Stance,
)
from domain.proposals.refusals import (
    NotAMember,
    NothingGiven,
    PositionUnchanged,
    ReasonMissing,
    ReceivedLater,
    ReferenceMissing,
    RevisionNotCurrent,
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
from tests.domain.scenario import MOMENT, at, given

LETTER = "Letter of 2 October"
NOON = at("12:00")
DUE = at("12:00", day=9)
END = at("10:00", day=5)
LENIENT = Rules(editorial_certification=False)


def noted(
    act: Given, *, stance: Stance | None = None, on: int = 0, waits: bool = True, received: datetime = NOON
) -> RecordedOnBehalf:
    """What the secretary notes of an act of CHN's at noon."""
    due = DUE if stance in {Stance.AD_REFERENDUM, Stance.RESERVE} else None
    return RecordedOnBehalf(CHN, on, act, stance, due, LETTER, received, waits)


def of_chn(act: object) -> RecordOnBehalf:
    """The command to record it."""
    assert isinstance(act, TakePosition | Reaffirm | Contest | Lift | Confirm | Decline)
    return RecordOnBehalf(CHN, act, LETTER)


def test_an_objection_on_behalf_counts_at_once() -> None:
    after = given(tabled()).when(of_chn(to_object()), at=NOON)
    story = after.then(noted(Given.TAKE, stance=Stance.OBJECT, waits=False), objected(CHN), because(CHN))
    assert story.holds()[CHN] == (Stance.OBJECT, Hold.CURRENT)
    assert not story.proposal().on_behalf


def test_an_objection_on_behalf_breaks_a_silence() -> None:
    asked = given(tabled(), under_silence(END)).when(of_chn(to_object()), at=NOON)
    asked.then(noted(Given.TAKE, stance=Stance.OBJECT, waits=False), objected(CHN), because(CHN), SilenceBroken(CHN))


def test_a_contest_and_a_refusal_to_confirm_on_behalf_count_at_once() -> None:
    asked = given(tabled(), endorsed(CHN), editorial(1)).when(of_chn(Contest(1)), at=NOON, rules=LENIENT)
    asked.then(noted(Given.CONTEST, on=1, waits=False), PositionContested(CHN, 1))
    asked = given(tabled(), took(CHN, Stance.AD_REFERENDUM, due=DUE)).when(of_chn(Decline(0)), at=NOON)
    asked.then(noted(Given.DECLINE, waits=False), PositionDeclined(CHN, 0))


WAITING: list[tuple[tuple[Fact, ...], object, RecordedOnBehalf, Fact]] = [
    ((), TakePosition(0, Stance.ENDORSE), noted(Given.TAKE, stance=Stance.ENDORSE), endorsed(CHN)),
    ((), TakePosition(0, Stance.ABSTAIN), noted(Given.TAKE, stance=Stance.ABSTAIN), took(CHN, Stance.ABSTAIN)),
    ((objected(CHN),), Lift(0), noted(Given.LIFT), ObjectionLifted(CHN, 0)),
    (
        (endorsed(CHN), substantive(1)),
        Reaffirm(1),
        noted(Given.REAFFIRM, on=1),
        PositionReaffirmed(CHN, 1),
    ),
    ((took(CHN, Stance.RESERVE, due=DUE),), Confirm(0), noted(Given.CONFIRM), PositionConfirmed(CHN, 0)),
]


@pytest.mark.parametrize(("before", "act", "waiting", "counted"), WAITING)
def test_what_lets_through_counts_once_its_delegation_confirms_it(
    before: tuple[Fact, ...], act: object, waiting: RecordedOnBehalf, counted: Fact
) -> None:
    story = given(tabled(), *before)
    held = story.holds()
    recorded = story.when(of_chn(act), at=NOON).then(waiting)
    assert recorded.holds() == held
    assert CHN in recorded.proposal().on_behalf
    on = waiting.revision
    confirmed = recorded.when(ConfirmGiven(on), by=CHN).then(GivenActConfirmed(CHN, on), counted)
    assert not confirmed.proposal().on_behalf
    assert confirmed.holds() != held


def test_the_words_of_a_reservation_wait_with_it() -> None:
    words = ReservationMade(CHN, 0, "Not of fishing vessels.")
    act = TakePosition(0, Stance.WITH_RESERVATION, reservation=words.text)
    waiting = noted(Given.TAKE, stance=Stance.WITH_RESERVATION)
    story = given(tabled()).when(of_chn(act), at=NOON).then(waiting, words)
    assert story.proposal().on_behalf[CHN].reservation == words.text
    taken = PositionTaken(CHN, 0, Stance.WITH_RESERVATION, None)
    story = story.when(ConfirmGiven(0), by=CHN).then(GivenActConfirmed(CHN, 0), taken, words)
    assert story.proposal().positions[CHN].reservation == words.text


def test_a_reason_waits_with_its_act_and_is_not_that_of_what_is_held_meanwhile() -> None:
    why = ReasonGiven(CHN, 0, "It is for others to say.")
    act = TakePosition(0, Stance.ABSTAIN, reason=why.text)
    waiting = noted(Given.TAKE, stance=Stance.ABSTAIN)
    story = given(tabled(), endorsed(CHN)).when(of_chn(act), at=NOON).then(waiting, why)
    assert (story.proposal().on_behalf[CHN].reason, story.proposal().positions[CHN].reason) == (why.text, None)
    story = story.when(ConfirmGiven(0), by=CHN).then(GivenActConfirmed(CHN, 0), took(CHN, Stance.ABSTAIN), why)
    assert story.proposal().positions[CHN].reason == why.text


def test_what_is_disowned_never_counts() -> None:
    story = given(tabled(), noted(Given.TAKE, stance=Stance.ENDORSE))
    story = story.when(DisownGiven(0), by=CHN).then(GivenActDisowned(CHN, 0))
    story.when(ConfirmGiven(0), by=CHN).refused(NothingGiven, delegation="CHN")


def test_an_act_of_its_own_overtakes_what_waits() -> None:
    story = given(tabled(), noted(Given.TAKE, stance=Stance.ENDORSE), objected(CHN))
    story.when(ConfirmGiven(0), by=CHN).refused(NothingGiven, delegation="CHN")


def test_each_delegation_confirms_and_disowns_its_own() -> None:
    story = given(tabled(), noted(Given.TAKE, stance=Stance.ENDORSE))
    story.when(ConfirmGiven(0), by=KOR).refused(NothingGiven, delegation="KOR")
    story.when(DisownGiven(0), by=KOR).refused(NothingGiven, delegation="KOR")


def test_what_was_given_of_an_earlier_text_is_not_confirmed_of_a_later_one() -> None:
    story = given(tabled(), noted(Given.TAKE, stance=Stance.ENDORSE), substantive(1))
    story.when(ConfirmGiven(1), by=CHN).refused(RevisionNotCurrent, revision=0, current=1)
    story.when(DisownGiven(0), by=CHN).refused(RevisionNotCurrent, revision=0, current=1)
    story.when(DisownGiven(1), by=CHN).then(GivenActDisowned(CHN, 1))


def test_the_rules_of_the_act_itself_hold() -> None:
    given(tabled(), endorsed(CHN)).when(of_chn(TakePosition(0, Stance.ENDORSE))).refused(
        PositionUnchanged, delegation="CHN", stance=Stance.ENDORSE, revision=0
    )
    stranger = RecordOnBehalf(RUS, TakePosition(0, Stance.ENDORSE), LETTER)
    given(tabled()).when(stranger).refused(NotAMember, delegation="RUS", members=("CHN", "JPN", "KOR", "USA"))


def test_it_names_its_reference_and_when_it_was_received() -> None:
    given(tabled()).when(RecordOnBehalf(CHN, to_object(), " ")).refused(ReferenceMissing)
    later = RecordOnBehalf(CHN, to_object(), LETTER, NOON + MOMENT)
    given(tabled()).when(later, at=NOON).refused(ReceivedLater, received=NOON + MOMENT, now=NOON)
    earlier = RecordOnBehalf(CHN, to_object(), LETTER, NOON - timedelta(hours=1))
    noting = noted(Given.TAKE, stance=Stance.OBJECT, waits=False, received=NOON - timedelta(hours=1))
    given(tabled()).when(earlier, at=NOON).then(noting, objected(CHN), because(CHN))


def test_an_objection_recorded_after_the_end_of_a_silence_is_late_and_says_when_it_was_received() -> None:
    received = END - timedelta(hours=2)
    late = RecordOnBehalf(CHN, to_object(), LETTER, received)
    noting = noted(Given.TAKE, stance=Stance.OBJECT, waits=False, received=received)
    story = given(tabled(), under_silence(END)).when(late, at=END).then(noting, ObjectionCameLate(CHN, 0, END), because(CHN))
    assert [(one.delegation, one.received) for one in story.proposal().late] == [(CHN, received)]
    assert story.proposal().status == "adopted"


def test_an_objection_received_before_a_decision_is_on_record_after_it() -> None:
    story = given(tabled(), at("11:00"), decided())
    late = RecordOnBehalf(CHN, to_object(), LETTER, at("10:00"))
    noting = noted(Given.TAKE, stance=Stance.OBJECT, waits=False, received=at("10:00"))
    story = story.when(late, at=NOON).then(noting, ObjectionCameLate(CHN, 0, at("11:00")), because(CHN))
    assert [late.received for late in story.proposal().late] == [at("10:00")]


def test_a_late_objection_on_behalf_gives_its_reason_too() -> None:
    story = given(tabled(), at("11:00"), decided())
    unreasoned = RecordOnBehalf(CHN, TakePosition(0, Stance.OBJECT), LETTER, at("10:00"))
    story.when(unreasoned, at=NOON).refused(ReasonMissing)


def test_a_main_sponsor_objects_to_its_text_neither_in_time_nor_late() -> None:
    of_jpn = RecordOnBehalf(JPN, to_object(), LETTER, at("10:00"))
    given(tabled()).when(of_jpn, at=NOON).refused(SponsorObjects, delegation="JPN")
    given(tabled(), at("11:00"), decided()).when(of_jpn, at=NOON).refused(SponsorObjects, delegation="JPN")
    given(tabled(), under_silence(END)).when(of_jpn, at=END).refused(SponsorObjects, delegation="JPN")
    given(tabled(), under_silence(END)).when(to_object(), by=JPN, at=END).refused(SponsorObjects, delegation="JPN")


def test_everybody_else_is_as_before() -> None:
    story = given(tabled(), endorsed(USA)).when(of_chn(to_object()), at=NOON)
    after = story.then(noted(Given.TAKE, stance=Stance.OBJECT, waits=False), objected(CHN), because(CHN))
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)
    assert after.holds()[JPN] == (Stance.ENDORSE, Hold.CURRENT)
