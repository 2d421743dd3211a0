"""A text is released with its outcome, by the consent of every delegation of its format."""

import pytest

from domain.proposals.commands import (
    AskRelease,
    ConsentToRelease,
    OpenSilence,
    PutToSitting,
    SetAside,
    WithdrawReleaseConsent,
)
from domain.proposals.events import (
    AdoptionSetAside,
    Given,
    Outcome,
    ProposalConcluded,
    ProposalMerged,
    ProposalReleased,
    ProposalSplit,
    ProposalTabled,
    ProposalWithdrawn,
    ReasonGiven,
    RecordedOnBehalf,
    ReleaseAsked,
    ReleaseConsented,
    ReleaseConsentWithdrawn,
    SilenceBroken,
    SilenceCancelled,
    Stance,
    StatementIssued,
    Wider,
)
from domain.proposals.proposal import Adopted
from domain.proposals.refusals import (
    ChairDoesNotConsent,
    ForumComesFirst,
    NotAMember,
    NotReleasable,
    ReleaseAskedAlready,
    ReleaseConsentGiven,
    ReleaseConsentMissing,
    ReleasedAlready,
    ReleaseNotAsked,
)
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    EARLIER,
    JPN,
    KOR,
    MEMBERS,
    PROPOSAL,
    RELEASE,
    RUS,
    USA,
    decided,
    objected,
    tabled,
    under_silence,
)
from tests.domain.scenario import Given as Story
from tests.domain.scenario import at, given

END = at("10:00", day=5)
RELEASABLE = ("adopted", "issued", "no-consensus", "lapsed")
ASKED, PUBLIC_ASKED = ReleaseAsked(Wider.FORUM), ReleaseAsked(Wider.PUBLIC)
RELEASED = ProposalReleased(Wider.FORUM, RELEASE)
ASK = AskRelease(Wider.FORUM)
CONSENT, NAMELESS = ConsentToRelease(Wider.FORUM, attribution=True), ConsentToRelease(Wider.FORUM, attribution=False)
TO_PUBLIC = ConsentToRelease(Wider.PUBLIC, attribution=True)
BACK = WithdrawReleaseConsent(Wider.FORUM)


def consents(*delegations: str, named: bool = True, to: Wider = Wider.FORUM) -> list[ReleaseConsented]:
    return [ReleaseConsented(code, to, named) for code in sorted(MEMBERS) if code in delegations]


def adopted(*more: ReleaseAsked | ReleaseConsented | ProposalReleased | ReleaseConsentWithdrawn) -> Story:
    return given(tabled(), decided(), *more)


def test_whoever_asks_for_it_asks_everybody() -> None:
    after = adopted().when(ASK).then(ASKED)
    releasing = after.proposal().releases[Wider.FORUM]
    assert (releasing.asked, releasing.consents, releasing.release) == (after.clock, {}, None)


def test_a_delegation_that_says_whether_it_may_be_named_consents_as_it_asks() -> None:
    command = AskRelease(Wider.FORUM, attributions=False)
    after = adopted().when(command, by=JPN).then(ASKED, ReleaseConsented(JPN, Wider.FORUM, attribution=False))
    assert after.proposal().releases[Wider.FORUM].consents == {JPN: False}
    adopted().when(ASK, by=JPN).then(ASKED)


def test_the_chair_consents_for_nobody() -> None:
    adopted().when(AskRelease(Wider.FORUM, attributions=True)).refused(ChairDoesNotConsent)


def test_with_the_last_consent_it_happens() -> None:
    story = adopted(ASKED, *consents(CHN, JPN, KOR))
    after = story.when(NAMELESS, by=USA).then(ReleaseConsented(USA, Wider.FORUM, attribution=False), RELEASED)
    releasing = after.proposal().releases[Wider.FORUM]
    assert (releasing.release, releasing.released) == (RELEASE, after.clock)
    assert releasing.consents == {CHN: True, JPN: True, KOR: True, USA: False}


def test_a_consent_may_change_whether_one_is_named() -> None:
    after = adopted(ASKED, *consents(JPN)).when(NAMELESS, by=JPN).then(ReleaseConsented(JPN, Wider.FORUM, attribution=False))
    assert after.proposal().releases[Wider.FORUM].consents == {JPN: False}
    after.when(NAMELESS, by=JPN).refused(ReleaseConsentGiven, delegation=JPN, to="forum")


def test_a_consent_is_taken_back_until_it_happened() -> None:
    story = adopted(ASKED, *consents(CHN, JPN, KOR))
    after = story.when(BACK, by=KOR).then(ReleaseConsentWithdrawn(KOR, Wider.FORUM))
    after.when(CONSENT, by=USA).then(*consents(USA))
    after.when(BACK, by=KOR).refused(ReleaseConsentMissing, delegation=KOR, to="forum")
    done = adopted(ASKED, *consents(*MEMBERS), RELEASED)
    done.when(BACK, by=KOR).refused(ReleasedAlready, to="forum", released=done.clock)
    done.when(NAMELESS, by=KOR).refused(ReleasedAlready, to="forum", released=done.clock)


def test_it_is_asked_for_once() -> None:
    adopted(ASKED).when(ASK).refused(ReleaseAskedAlready, to="forum")
    done = adopted(ASKED, *consents(*MEMBERS), RELEASED)
    done.when(ASK).refused(ReleasedAlready, to="forum", released=done.clock)


def test_nobody_consents_to_what_was_not_asked() -> None:
    adopted().when(CONSENT, by=JPN).refused(ReleaseNotAsked, to="forum")
    adopted().when(BACK, by=JPN).refused(ReleaseNotAsked, to="forum")


def test_a_delegation_of_another_format_has_no_say() -> None:
    refused = adopted(ASKED).when(CONSENT, by=RUS)
    refused.refused(NotAMember, delegation=RUS, members=(CHN, JPN, KOR, USA))


def test_the_forum_reads_it_before_the_public_does() -> None:
    adopted().when(AskRelease(Wider.PUBLIC)).refused(ForumComesFirst)
    adopted(ASKED, PUBLIC_ASKED).when(TO_PUBLIC, by=JPN).refused(ForumComesFirst)


def test_for_the_public_everybody_consents_anew() -> None:
    story = adopted(ASKED, *consents(*MEMBERS), RELEASED)
    asked = story.when(AskRelease(Wider.PUBLIC)).then(PUBLIC_ASKED)
    assert asked.proposal().releases[Wider.PUBLIC].consents == {}
    story = adopted(ASKED, *consents(*MEMBERS), RELEASED, PUBLIC_ASKED, *consents(CHN, JPN, KOR, to=Wider.PUBLIC))
    story.when(TO_PUBLIC, by=USA).then(*consents(USA, to=Wider.PUBLIC), ProposalReleased(Wider.PUBLIC, RELEASE))


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ((ProposalConcluded(Outcome.LAPSED),), "lapsed"),
        ((ProposalConcluded(Outcome.NO_CONSENSUS),), "no-consensus"),
        ((StatementIssued(0),), "issued"),
        ((decided(),), "adopted"),
        ((under_silence(END), END), "adopted"),
    ],
)
def test_what_has_its_outcome_is_released(ending: tuple[ProposalConcluded], status: str) -> None:
    after = given(tabled(), *ending).when(ASK).then(ASKED)
    assert after.proposal().status == status


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ((), "open"),
        ((ProposalWithdrawn(),), "withdrawn"),
        ((ProposalMerged(EARLIER),), "merged"),
        ((ProposalSplit((EARLIER, PROPOSAL)),), "split"),
        ((decided(), AdoptionSetAside(0, AGREEMENT, (CHN,))), "open"),
        ((under_silence(END),), "under-silence"),
    ],
)
def test_what_has_none_is_not(ending: tuple[ProposalTabled], status: str) -> None:
    given(tabled(), *ending).when(ASK).refused(NotReleasable, status=status, releasable=RELEASABLE)


def test_the_asking_comes_with_a_decision_that_adopts() -> None:
    command = PutToSitting(1, 0, notice_waived=True, release=Wider.FORUM)
    given(tabled()).when(command, present=MEMBERS).then(decided(waived=True), ASKED)
    not_adopted = given(tabled(), objected(CHN)).when(command, present=MEMBERS)
    assert not_adopted.then(decided(waived=True, objecting=(CHN,))).proposal().releases == {}


def test_what_is_for_the_public_is_asked_for_the_forum_first() -> None:
    command = PutToSitting(1, 0, notice_waived=True, release=Wider.PUBLIC)
    given(tabled()).when(command, present=MEMBERS).then(decided(waived=True), ASKED, PUBLIC_ASKED)


def test_the_asking_comes_with_a_silence_and_is_answered_once_it_has_ended() -> None:
    opened = given(tabled()).when(OpenSilence(0, END, release=Wider.FORUM)).then(under_silence(END), ASKED)
    refused = opened.when(CONSENT, by=JPN, at=at("10:00", day=3))
    refused.refused(NotReleasable, status="under-silence", releasable=RELEASABLE)
    opened.when(CONSENT, by=JPN, at=END).then(*consents(JPN))


@pytest.mark.parametrize("ending", [SilenceBroken(CHN), SilenceCancelled()])
def test_with_the_silence_the_asking_is_gone(ending: SilenceBroken | SilenceCancelled) -> None:
    assert given(tabled(), under_silence(END), ASKED, ending).proposal().releases == {}


def test_what_was_consented_to_of_an_adoption_is_void_when_that_is_set_aside() -> None:
    late = RecordedOnBehalf(CHN, 0, Given.TAKE, Stance.OBJECT, None, "Fax", at("09:00"), waits=False)
    story = given(tabled(), at("11:00"), decided(), ASKED, *consents(CHN, JPN, KOR), late)
    after = story.when(SetAside(reason="Found.")).then(AdoptionSetAside(0, AGREEMENT, (CHN,)), ReasonGiven(None, 0, "Found."))
    assert after.proposal().releases == {}
    after.when(CONSENT, by=USA).refused(NotReleasable, status="open", releasable=RELEASABLE)


def test_a_silence_that_has_ended_keeps_what_was_asked() -> None:
    proposal = given(tabled(), under_silence(END), ASKED).proposal(END)
    assert isinstance(proposal.phase, Adopted)
    assert proposal.releases.keys() == {Wider.FORUM}
