import pytest

from domain.proposals.events import ChangesCertified, PositionConfirmed, PositionTaken, ProposalWithdrawn, PutToDecision, Stance
from domain.proposals.standing import Hold, Standing, agreed_ad_referendum, standings
from tests.domain.cast import (
    CHN,
    JPN,
    KOR,
    MEMBERS,
    USA,
    decided,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    took,
    translated,
)
from tests.domain.scenario import MOMENT, Given, at, given

DUE = at("12:00", day=9)


def ad_referendum(story: Given) -> bool:
    held = standings(story.proposal(), story.clock, certification=True)
    return agreed_ad_referendum(held, MEMBERS)


WILLING = (endorsed(CHN), took(KOR, Stance.NO_OBJECTION))


def test_agreed_ad_referendum_is_when_all_are_willing_and_one_is_still_to_be_confirmed() -> None:
    story = given(tabled(), *WILLING, took(USA, Stance.AD_REFERENDUM, due=DUE))
    assert ad_referendum(story)
    assert not ad_referendum(Given(story.record, DUE))


@pytest.mark.parametrize(
    "last",
    [
        endorsed(USA),
        took(USA, Stance.RESERVE, due=DUE),
        took(USA, Stance.ABSTAIN),
        took(USA, Stance.DISSOCIATE),
        objected(USA),
    ],
)
def test_confirmed_reserved_apart_or_objecting_it_is_not(last: PositionTaken) -> None:
    story = given(tabled(), endorsed(CHN), took(KOR, Stance.AD_REFERENDUM, due=DUE), last)
    assert ad_referendum(story) is (last == endorsed(USA))
    assert not ad_referendum(given(tabled(), *WILLING, last))


def test_without_a_position_of_each_it_is_not() -> None:
    assert not ad_referendum(given(tabled(), endorsed(CHN), took(USA, Stance.AD_REFERENDUM, due=DUE)))


def test_what_was_superseded_counts_for_nothing() -> None:
    story = given(tabled(), *WILLING, took(USA, Stance.AD_REFERENDUM, due=DUE), substantive(1))
    assert not ad_referendum(story)


@pytest.mark.parametrize("hold", list(Hold))
def test_current_maintained_and_standing_positions_count(hold: Hold) -> None:
    position = given(tabled()).proposal().positions[JPN]
    assert Standing(position, hold).counts is (hold in {Hold.CURRENT, Hold.MAINTAINED, Hold.STANDING})


def test_views_can_tell_them_apart() -> None:
    story = given(
        tabled(),
        took(CHN, Stance.ENDORSE),
        objected(USA),
        substantive(1),
        took(KOR, Stance.ABSTAIN, on=1),
        editorial(2),
        ChangesCertified(2),
        translated(3),
    )
    assert story.holds() == {
        CHN: (Stance.ENDORSE, Hold.SUPERSEDED),
        JPN: (Stance.ENDORSE, Hold.CURRENT),
        KOR: (Stance.ABSTAIN, Hold.MAINTAINED),
        USA: (Stance.OBJECT, Hold.STANDING),
    }


@pytest.mark.parametrize("closing", [decided(), ProposalWithdrawn()])
def test_of_a_closed_text_positions_hold_as_they_held_when_it_closed(closing: PutToDecision | ProposalWithdrawn) -> None:
    story = given(tabled(), took(USA, Stance.AD_REFERENDUM, due=DUE), closing)
    assert story.holds(DUE)[USA] == (Stance.AD_REFERENDUM, Hold.CURRENT)


def test_a_position_falls_away_at_its_due_date_unless_confirmed_a_moment_before() -> None:
    story = given(tabled(), took(USA, Stance.AD_REFERENDUM, due=DUE), DUE - MOMENT, PositionConfirmed(USA, 0))
    assert story.holds(DUE)[USA] == (Stance.ENDORSE, Hold.CURRENT)
