import pytest
from msgspec.structs import replace

from domain.proposals.commands import EndSponsorship, HandPen, Sponsor, TableProposal, Withdraw
from domain.proposals.events import (
    PenHanded,
    ProposalWithdrawn,
    Sponsored,
    SponsorshipEnded,
    Stance,
)
from domain.proposals.refusals import (
    EditionTakesNoMore,
    KindForChair,
    KindNotForChair,
    KindUnknown,
    LanguageNotOfForum,
    MainSponsorStays,
    NotAMember,
    NotASponsor,
    NotMainSponsor,
    PenAlreadyThere,
    PredecessorUnknown,
    ProposalClosed,
    SilenceRuns,
    SponsorAlready,
    SponsorObjects,
    TitleMissing,
    WordsMissing,
)
from domain.proposals.standing import Hold
from domain.text.provisions import Provision
from tests.domain.cast import (
    CHN,
    EARLIER,
    EN,
    FLAGS,
    FR,
    JA,
    JAPAN_US,
    JPN,
    KINDS,
    KOR,
    LANGUAGES,
    P2,
    P7,
    P8,
    PROPOSAL,
    RUS,
    TEXT,
    TITLE,
    USA,
    decided,
    handed_in,
    new,
    objected,
    operative,
    substantive,
    tabled,
    title,
    under_silence,
)
from tests.domain.scenario import at, given

MEMBERS = ("CHN", "JPN", "KOR", "USA")


def table(*provisions: Provision, kind: str = KINDS[0]) -> TableProposal:
    return TableProposal(kind, EN, new(*(provisions or TEXT)))


def test_tabling_opens_the_proposal_with_the_whole_text_as_revision_0_and_endorses_it() -> None:
    after = given().when(table(), by=JPN).then(tabled(by=JPN))
    proposal = after.proposal()
    assert (proposal.status, proposal.main_sponsor, proposal.current.number) == ("open", JPN, 0)
    assert proposal.id == PROPOSAL
    assert after.holds() == {JPN: (Stance.ENDORSE, Hold.CURRENT)}


def test_tabling_gives_ids_of_its_own_so_that_a_drafts_ids_tell_nothing() -> None:
    drafted = (replace(TITLE, id=P7), replace(FLAGS, id=P8))
    command = TableProposal(KINDS[0], EN, handed_in(*drafted))
    given().when(command, by=JPN).then(tabled(TITLE, FLAGS))


def test_a_text_needs_an_edition_that_takes_proposals() -> None:
    given().when(table(), by=JPN, edition_status="closed", edition_takes_proposals=False).refused(
        EditionTakesNoMore, status="closed"
    )


def test_a_text_is_of_a_kind_that_the_forum_knows() -> None:
    given().when(table(kind="treaty"), by=JPN).refused(KindUnknown, kind="treaty", known=KINDS)


def test_the_chair_tables_its_own_statements_without_a_sponsor_and_keeps_the_pen() -> None:
    after = given().when(table(kind="chairs-statement")).then(tabled(by=None))
    proposal = after.proposal()
    assert (proposal.main_sponsor, proposal.sponsors, proposal.chair_holds_pen) == (None, (), True)
    assert after.holds() == {}


def test_the_chair_tables_nothing_else() -> None:
    given().when(table()).refused(KindNotForChair, kind=KINDS[0], kinds=("chairs-statement",))


def test_external_resolutions_are_tabled_without_a_sponsor_in_an_import_only() -> None:
    external = replace(tabled(by=None), kind="external-resolution")
    command = table(kind="external-resolution")
    given().when(command, is_import=True).then(external)
    given().when(command).refused(KindNotForChair, kind="external-resolution", kinds=("chairs-statement",))


@pytest.mark.parametrize("kind", ["chairs-statement", "external-resolution"])
def test_no_delegation_tables_what_the_chair_answers_for(kind: str) -> None:
    given().when(table(kind=kind), by=JPN).refused(KindForChair, kind=kind)


@pytest.mark.parametrize("text", [(FLAGS,), (TITLE, TITLE, FLAGS)])
def test_a_text_has_exactly_one_title(text: tuple[Provision, ...]) -> None:
    titles = text.count(TITLE)
    given().when(table(*text), by=JPN).refused(TitleMissing, count=titles)


@pytest.mark.parametrize("words", ["", " \n\t", "\u3000"])
def test_each_provision_has_words_in_the_master(words: str) -> None:
    given().when(table(TITLE, operative(P2, words, ja="旗")), by=JPN).refused(WordsMissing, place=2, master="en")


def test_a_provision_without_the_master_has_no_words() -> None:
    only_japanese = Provision(P2, FLAGS.kind, {JA: "旗"})
    given().when(table(TITLE, only_japanese), by=JPN).refused(WordsMissing, place=2, master="en")


def test_a_text_is_in_the_languages_of_the_forum() -> None:
    given().when(table(title("Signals", fr="Signaux")), by=JPN).refused(LanguageNotOfForum, language="fr", known=LANGUAGES)


def test_the_master_is_a_language_of_the_forum() -> None:
    french = TableProposal(KINDS[0], FR, new(TITLE))
    given().when(french, by=JPN).refused(LanguageNotOfForum, language="fr", known=LANGUAGES)


def test_a_delegation_outside_the_format_tables_nothing_in_it() -> None:
    given().when(table(), by=RUS).refused(NotAMember, delegation="RUS", members=MEMBERS)


def test_a_new_proposal_names_a_closed_one_as_its_predecessor() -> None:
    command = replace(table(), predecessor=EARLIER)
    given(tabled(), ProposalWithdrawn()).when(command, by=USA).then(tabled(by=USA, predecessor=EARLIER))


def test_a_predecessor_is_closed() -> None:
    given(tabled()).when(replace(table(), predecessor=EARLIER), by=USA).refused(PredecessorUnknown)


def test_a_predecessor_under_silence_is_closed_from_the_deadline_on_whether_or_not_that_is_written_down() -> None:
    before = given(tabled(), under_silence(at("10:00", day=5)))
    command = replace(table(), predecessor=EARLIER)
    before.when(command, by=USA, at=at("10:00", day=5)).then(tabled(by=USA, predecessor=EARLIER))


def test_a_predecessor_that_is_not_there_is_unknown() -> None:
    given().when(replace(table(), predecessor=EARLIER), by=JPN).refused(PredecessorUnknown)


def test_a_predecessor_is_of_the_same_format() -> None:
    other = replace(tabled(), format=JAPAN_US)
    command = replace(table(), predecessor=EARLIER)
    given(other, ProposalWithdrawn()).when(command, by=JPN).refused(PredecessorUnknown)


def test_sponsoring_endorses_the_current_revision() -> None:
    after = given(tabled(), substantive(1)).when(Sponsor(), by=USA).then(Sponsored(USA, 1))
    assert after.proposal().sponsors == (JPN, USA)
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)


def test_a_delegation_sponsors_once() -> None:
    given(tabled()).when(Sponsor(), by=JPN).refused(SponsorAlready, delegation="JPN")


def test_a_delegation_does_not_sponsor_what_it_objects_to() -> None:
    given(tabled(), objected(CHN)).when(Sponsor(), by=CHN).refused(SponsorObjects, delegation="CHN")


def test_an_objection_to_an_earlier_revision_bars_sponsoring_too() -> None:
    given(tabled(), objected(CHN), substantive(1)).when(Sponsor(), by=CHN).refused(SponsorObjects, delegation="CHN")


def test_only_a_delegation_of_the_format_sponsors() -> None:
    given(tabled()).when(Sponsor(), by=RUS).refused(NotAMember, delegation="RUS", members=MEMBERS)


def test_a_co_sponsor_leaves_and_its_endorsement_stays() -> None:
    after = given(tabled(), Sponsored(USA, 0)).when(EndSponsorship(), by=USA).then(SponsorshipEnded(USA))
    assert after.proposal().sponsors == (JPN,)
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)


def test_the_main_sponsor_stays() -> None:
    given(tabled(), Sponsored(USA, 0)).when(EndSponsorship(), by=JPN).refused(MainSponsorStays, delegation="JPN")


def test_only_a_sponsor_ends_its_sponsorship() -> None:
    given(tabled()).when(EndSponsorship(), by=USA).refused(NotASponsor, delegation="USA")


def test_all_sponsors_of_a_chairs_text_may_leave_it() -> None:
    after = given(tabled(by=None), Sponsored(KOR, 0)).when(EndSponsorship(), by=KOR).then(SponsorshipEnded(KOR))
    assert after.proposal().sponsors == ()


@pytest.mark.parametrize("command", [Sponsor(), EndSponsorship(), HandPen("chair")])
def test_sponsors_and_pen_stay_as_they_are_under_silence(command: Sponsor | EndSponsorship | HandPen) -> None:
    deadline = at("10:00", day=5)
    given(tabled(), under_silence(deadline)).when(command, by=JPN).refused(SilenceRuns, revision=0, deadline=deadline)


def test_the_main_sponsor_hands_the_pen_to_the_chair_and_takes_it_back() -> None:
    handed = given(tabled()).when(HandPen("chair"), by=JPN).then(PenHanded(None))
    assert handed.proposal().chair_holds_pen
    back = handed.when(HandPen("sponsor"), by=JPN).then(PenHanded(JPN))
    assert not back.proposal().chair_holds_pen


def test_the_pen_is_handed_to_somebody_else() -> None:
    given(tabled()).when(HandPen("sponsor"), by=JPN).refused(PenAlreadyThere, holder="JPN")
    given(tabled(), PenHanded(None)).when(HandPen("chair"), by=JPN).refused(PenAlreadyThere, holder="the chair")


def test_the_pen_of_a_chairs_text_has_no_sponsor_to_go_to() -> None:
    given(tabled(by=None)).when(HandPen("sponsor")).refused(PenAlreadyThere, holder="the chair")


def test_the_main_sponsor_alone_hands_the_pen_over() -> None:
    given(tabled(), Sponsored(USA, 0)).when(HandPen("chair"), by=USA).refused(NotMainSponsor, sponsor="JPN")


def test_the_chair_withdraws_what_it_tabled_and_no_sponsor_does() -> None:
    chairs = given(tabled(by=None), Sponsored(KOR, 0))
    chairs.when(Withdraw(), by=KOR).refused(NotMainSponsor, sponsor="the chair")
    chairs.when(Withdraw()).then(ProposalWithdrawn())


def test_an_adopted_text_takes_no_sponsor() -> None:
    given(tabled(), decided()).when(Sponsor(), by=USA).refused(ProposalClosed, status="adopted")
