from datetime import datetime

from domain.proposals.commands import ConfirmGiven, SetAside
from domain.proposals.events import (
    AdoptionSetAside,
    Given,
    ObjectionCameLate,
    ObjectionLifted,
    Outcome,
    ProposalConcluded,
    ReasonGiven,
    RecordedOnBehalf,
    Sponsored,
    SponsorshipEnded,
    Stance,
)
from domain.proposals.refusals import NotAdopted, NothingGiven, NoTimelyObjection
from domain.proposals.standing import Hold
from tests.domain.cast import AGREEMENT, CHN, JPN, USA, because, decided, endorsed, tabled, under_silence
from tests.domain.scenario import MOMENT, at, given

END = at("10:00", day=5)
LATER = at("10:00", day=9)
WHY = ReasonGiven(None, 0, "The letter lay in the post room.")
ASIDE = SetAside(reason=WHY.text)


def recorded(received: datetime) -> RecordedOnBehalf:
    """An objection of CHN's, recorded after the end."""
    return RecordedOnBehalf(CHN, 0, Given.TAKE, Stance.OBJECT, None, "Fax", received, waits=False)


def test_an_objection_that_had_arrived_in_time_sets_the_adoption_aside_and_stands() -> None:
    story = given(tabled(), endorsed(USA), under_silence(END), END, recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END))
    after = story.when(ASIDE).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY)
    proposal = after.proposal()
    assert proposal.status == "open"
    assert after.holds()[CHN] == (Stance.OBJECT, Hold.CURRENT)
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)
    (aside,) = proposal.set_aside
    assert (aside.adoption.agreement, aside.adoption.at, aside.reason) == (AGREEMENT, END, WHY.text)


def test_the_objection_that_stands_keeps_its_reason() -> None:
    late = (recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END), because(CHN))
    story = given(tabled(), under_silence(END)).recording(late, END)
    after = story.when(ASIDE).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY)
    assert after.proposal().positions[CHN].reason == because(CHN).text


def test_once_the_agenda_is_closed_it_ends_without_consensus() -> None:
    story = given(tabled(), under_silence(END), END, recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END))
    concluded = ProposalConcluded(Outcome.NO_CONSENSUS)
    after = story.when(ASIDE, agenda_closed=True).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY, concluded)
    assert after.proposal().status == "no-consensus"


def test_a_decision_is_set_aside_in_the_same_way() -> None:
    story = given(tabled(), at("11:00"), decided(), at("12:00"), recorded(at("11:00") - MOMENT))
    after = story.when(ASIDE).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY)
    assert after.proposal().status == "open"


def test_an_objection_that_was_late_sets_nothing_aside() -> None:
    story = given(tabled(), under_silence(END), END, recorded(END), ObjectionCameLate(CHN, 0, END))
    story.when(ASIDE).refused(NoTimelyObjection, adopted=END)
    own = given(tabled(), under_silence(END), END, ObjectionCameLate(CHN, 0, END))
    own.when(ASIDE).refused(NoTimelyObjection, adopted=END)


def test_an_objection_to_an_earlier_adoption_sets_no_later_one_aside() -> None:
    story = given(tabled(), under_silence(END), END, recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END))
    again = story.when(ASIDE).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY).recording((ObjectionLifted(CHN, 0),), LATER)
    adopted = again.recording((decided(),), LATER + MOMENT)
    adopted.when(ASIDE).refused(NoTimelyObjection, adopted=LATER + MOMENT)


def test_a_sponsor_whose_objection_had_arrived_in_time_sponsors_it_no_longer() -> None:
    story = given(tabled(), Sponsored(CHN, 0), under_silence(END), END, recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END))
    after = story.when(ASIDE).then(SponsorshipEnded(CHN), AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY)
    assert after.proposal().sponsors == (JPN,)


def test_an_objection_that_had_arrived_in_time_overtakes_what_waited_on_its_delegations_behalf() -> None:
    waiting = RecordedOnBehalf(CHN, 0, Given.TAKE, Stance.ENDORSE, None, "Said in the room", at("09:00"), waits=True)
    story = given(tabled(), waiting, under_silence(END), END, recorded(END - MOMENT), ObjectionCameLate(CHN, 0, END))
    after = story.when(ASIDE).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), WHY)
    after.when(ConfirmGiven(0), by=CHN).refused(NothingGiven, delegation="CHN")


def test_only_an_adoption_is_set_aside() -> None:
    given(tabled()).when(ASIDE).refused(NotAdopted, status="open")
    given(tabled(), under_silence(END)).when(ASIDE, at=END - MOMENT).refused(NotAdopted, status="under-silence")
