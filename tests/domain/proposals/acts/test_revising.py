import pytest
from msgspec.structs import replace

from domain.identity import ProvisionId
from domain.proposals.commands import CertifyChanges, HandPen, Revise, Sponsor
from domain.proposals.events import Change, ChangesCertified, PenHanded, ReasonGiven, Sponsored, Stance
from domain.proposals.refusals import (
    ChangeUnmarked,
    LanguageNotOfForum,
    MarkTooLight,
    MarkWithoutChange,
    NothingChanged,
    NothingToCertify,
    NotPenholder,
    ProposalClosed,
    ProvisionUnknown,
    RevisionNotCurrent,
    SilenceRuns,
    TitleMissing,
    WordsMissing,
)
from domain.proposals.standing import Hold
from domain.text.provisions import Provision, ProvisionKind, Words, numbered
from tests.domain.cast import (
    FLAGS,
    JPN,
    KOR,
    LANGUAGES,
    LIGHTS,
    P1,
    P2,
    P3,
    P4,
    P5,
    P7,
    TEXT,
    TITLE,
    USA,
    decided,
    editorial,
    endorsed,
    handed_in,
    new,
    operative,
    revised,
    substantive,
    tabled,
    title,
    translated,
    under_silence,
)
from tests.domain.scenario import Given, at, given

MORE_FLAGS = operative(P2, "Ships show two flags.", ja="船舶は旗を掲げる。")
OTHER_JAPANESE = operative(P2, "Ships show flags.", ja="船は旗を掲げる。")
HORNS = operative(P4, "Ships sound horns.")

S, E, L = Change.SUBSTANTIVE, Change.EDITORIAL, Change.LANGUAGE


def revise(*provisions: Provision | Words, changes: dict[ProvisionId, Change] | None = None, base: int = 0) -> Revise:
    words = tuple(part if isinstance(part, Words) else handed_in(part)[0] for part in provisions)
    return Revise(base, words, dict(changes or {}))


def test_the_main_sponsor_issues_the_next_revision_and_endorses_it() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    issued = revised(1, TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    after = given(tabled(), endorsed(USA)).when(command, by=JPN).then(issued)
    assert after.proposal().current.number == 1
    assert after.holds() == {JPN: (Stance.ENDORSE, Hold.CURRENT), USA: (Stance.ENDORSE, Hold.SUPERSEDED)}


def test_a_revision_may_say_why() -> None:
    command = Revise(0, handed_in(TITLE, MORE_FLAGS, LIGHTS), {P2: S}, reason="Two are seen better.")
    given(tabled()).when(command, by=JPN).then(
        revised(1, TITLE, MORE_FLAGS, LIGHTS, changes={P2: S}),
        ReasonGiven(JPN, 1, "Two are seen better."),
    )


def test_the_base_is_the_current_revision() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S}, base=0)
    given(tabled(), substantive(1)).when(command, by=JPN).refused(RevisionNotCurrent, revision=0, current=1)


def test_an_identical_text_is_not_a_revision() -> None:
    given(tabled()).when(revise(*TEXT), by=JPN).refused(NothingChanged, base=0)


def test_each_change_is_marked() -> None:
    given(tabled()).when(revise(TITLE, MORE_FLAGS, LIGHTS), by=JPN).refused(ChangeUnmarked, provision="p2")


def test_a_mark_is_of_a_change() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S, P3: E})
    given(tabled()).when(command, by=JPN).refused(MarkWithoutChange, provision="p3", change="editorial")


@pytest.mark.parametrize("provision", [P2, P7])
def test_a_mark_of_nothing_is_refused_also_where_nothing_changed(provision: ProvisionId) -> None:
    command = revise(*TEXT, changes={provision: S})
    given(tabled()).when(command, by=JPN).refused(MarkWithoutChange, provision=provision, change="substantive")


def test_a_translation_brought_in_line_is_a_change_of_language() -> None:
    command = revise(TITLE, OTHER_JAPANESE, LIGHTS, changes={P2: L})
    given(tabled()).when(command, by=JPN).then(revised(1, TITLE, OTHER_JAPANESE, LIGHTS, changes={P2: L}))


def test_a_translation_that_is_new_or_gone_is_a_change_of_language() -> None:
    both = operative(P2, "Ships show flags.", ko="선박은 기를 게양한다.")
    command = revise(TITLE, both, LIGHTS, changes={P2: L})
    given(tabled()).when(command, by=JPN).then(revised(1, TITLE, both, LIGHTS, changes={P2: L}))


@pytest.mark.parametrize("changed", [MORE_FLAGS, replace(OTHER_JAPANESE, kind=ProvisionKind.ANNEX)])
def test_a_change_of_the_master_is_not_one_of_language(changed: Provision) -> None:
    command = revise(TITLE, changed, LIGHTS, changes={P2: L})
    given(tabled()).when(command, by=JPN).refused(
        MarkTooLight, provision="p2", change="language", because="the master is changed"
    )


def test_what_is_added_is_substantive_without_a_mark() -> None:
    command = revise(*TEXT, *new(HORNS))
    given(tabled()).when(command, by=JPN).then(revised(1, *TEXT, HORNS, changes={P4: S}))


def test_what_is_taken_out_is_substantive_without_a_mark() -> None:
    given(tabled()).when(revise(TITLE, LIGHTS), by=JPN).then(revised(1, TITLE, LIGHTS, changes={P2: S}))


@pytest.mark.parametrize("mark", [E, L])
def test_what_is_taken_out_is_nothing_less_than_substantive(mark: Change) -> None:
    command = revise(TITLE, LIGHTS, changes={P2: mark})
    given(tabled()).when(command, by=JPN).refused(MarkTooLight, provision="p2", change=mark, because="it is added or taken out")


@pytest.mark.parametrize("mark", [E, L])
def test_what_is_added_is_nothing_less_than_substantive(mark: Change) -> None:
    command = revise(*TEXT, *new(HORNS), changes={P4: mark})
    given(tabled()).when(command, by=JPN).refused(MarkTooLight, provision="p4", change=mark, because="it is added or taken out")


def moved(mark: Change | None) -> Revise:
    return revise(TITLE, LIGHTS, FLAGS, changes={P3: mark} if mark else {})


def test_a_provision_that_changed_places_is_changed_and_keeps_its_id() -> None:
    given(tabled()).when(moved(None), by=JPN).refused(ChangeUnmarked, provision="p3")
    after = given(tabled()).when(moved(E), by=JPN).then(revised(1, TITLE, LIGHTS, FLAGS, changes={P3: E}))
    assert numbered(after.proposal().current.provisions) == {P1: "Title", P3: "OP1", P2: "OP2"}


def test_a_move_is_not_a_change_of_language() -> None:
    given(tabled()).when(moved(L), by=JPN).refused(
        MarkTooLight, provision="p3", change="language", because="the master is changed"
    )


def test_what_stands_behind_something_added_has_not_moved() -> None:
    command = revise(TITLE, *new(HORNS), FLAGS, LIGHTS)
    given(tabled()).when(command, by=JPN).then(revised(1, TITLE, HORNS, FLAGS, LIGHTS, changes={P4: S}))


def test_an_id_is_never_given_again() -> None:
    without = revised(1, TITLE, LIGHTS, changes={P2: S})
    added = revised(2, TITLE, LIGHTS, HORNS, changes={P4: S})
    gone = revised(3, TITLE, LIGHTS, changes={P4: S})
    command = revise(TITLE, LIGHTS, *new(FLAGS), base=3)
    again = replace(FLAGS, id=P5)
    given(tabled(), without, added, gone).when(command, by=JPN).then(revised(4, TITLE, LIGHTS, again, changes={P5: S}))


def test_a_provision_that_was_taken_out_does_not_come_back_under_its_id() -> None:
    without = revised(1, TITLE, LIGHTS, changes={P2: S})
    given(tabled(), without).when(revise(*TEXT, base=1), by=JPN).refused(ProvisionUnknown, provision="p2")


@pytest.mark.parametrize("text", [(TITLE, FLAGS, FLAGS), (TITLE, replace(FLAGS, id=P7))])
def test_an_id_names_one_provision_of_the_base(text: tuple[Provision, ...]) -> None:
    given(tabled()).when(revise(*text), by=JPN).refused(ProvisionUnknown, provision=text[-1].id)


def test_a_revision_is_a_text_like_a_tabled_one() -> None:
    beginning = given(tabled())
    beginning.when(revise(FLAGS, LIGHTS), by=JPN).refused(TitleMissing, count=0)
    empty = operative(P2, " ", ja="旗")
    beginning.when(revise(TITLE, empty, changes={P2: S}), by=JPN).refused(WordsMissing, place=2, master="en")
    french = title("Signals at sea", fr="Signaux")
    beginning.when(revise(french, changes={P1: L}), by=JPN).refused(LanguageNotOfForum, language="fr", known=LANGUAGES)


def test_nobody_but_the_main_sponsor_revises() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    co_sponsored = given(tabled(), Sponsored(USA, 0))
    for delegation in (USA, KOR, None):
        co_sponsored.when(command, by=delegation).refused(NotPenholder, holder="JPN")


def test_the_chair_with_the_pen_revises_and_endorses_nothing() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    by_chair = revised(1, TITLE, MORE_FLAGS, LIGHTS, changes={P2: S}, by=None)
    after = given(tabled(), PenHanded(None)).when(command).then(by_chair)
    assert after.holds() == {JPN: (Stance.ENDORSE, Hold.SUPERSEDED)}


def test_without_the_pen_the_main_sponsor_revises_no_more() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    given(tabled(), PenHanded(None)).when(command, by=JPN).refused(NotPenholder, holder="the chair")


def test_a_text_under_silence_is_not_revised() -> None:
    deadline = at("10:00", day=5)
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    given(tabled(), under_silence(deadline)).when(command, by=JPN).refused(SilenceRuns, revision=0, deadline=deadline)


def test_a_closed_text_is_not_revised() -> None:
    command = revise(TITLE, MORE_FLAGS, LIGHTS, changes={P2: S})
    given(tabled(), decided()).when(command, by=JPN).refused(ProposalClosed, status="adopted")


def test_an_editorial_change_counts_as_substantive_until_the_chair_certifies_it() -> None:
    before = given(tabled(), endorsed(USA), editorial(1))
    assert before.holds()[USA] == (Stance.ENDORSE, Hold.SUPERSEDED)
    after = before.when(CertifyChanges(1)).then(ChangesCertified(1))
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.MAINTAINED)


def test_where_the_rules_ask_for_no_certification_editorial_is_editorial() -> None:
    before = given(tabled(), endorsed(USA), editorial(1))
    assert before.holds(certification=False)[USA] == (Stance.ENDORSE, Hold.MAINTAINED)


def test_the_chair_certifies_an_earlier_revision_too() -> None:
    before = given(tabled(), endorsed(USA), editorial(1), translated(2))
    after = before.when(CertifyChanges(1)).then(ChangesCertified(1))
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.MAINTAINED)


def nothing_to_certify(before: Given, revision: int) -> None:
    before.when(CertifyChanges(revision)).refused(NothingToCertify, revision=revision)


def test_only_what_is_marked_editorial_is_certified_and_once() -> None:
    nothing_to_certify(given(tabled()), 0)
    nothing_to_certify(given(tabled(), substantive(1)), 1)
    nothing_to_certify(given(tabled(), translated(1)), 1)
    nothing_to_certify(given(tabled(), editorial(1), ChangesCertified(1)), 1)
    nothing_to_certify(given(tabled(), editorial(1)), 2)
    nothing_to_certify(given(tabled(), editorial(1)), -1)


def test_certifying_does_not_make_a_substantive_change_editorial() -> None:
    both = revised(1, title("Signs at sea"), MORE_FLAGS, LIGHTS, changes={P1: E, P2: S})
    after = given(tabled(), endorsed(USA), both).when(CertifyChanges(1)).then(ChangesCertified(1))
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.SUPERSEDED)


def test_a_revision_is_numbered_after_the_last_whoever_holds_the_pen() -> None:
    story = (tabled(), substantive(1), PenHanded(None))
    command = revise(TITLE, FLAGS, LIGHTS, base=1, changes={P2: S})
    back = revised(2, *TEXT, changes={P2: S}, by=None)
    handed = given(*story).when(command).then(back)
    handed.when(HandPen("sponsor"), by=JPN).then(PenHanded(JPN))


def test_the_fingerprint_is_of_this_revision_though_its_words_stood_before() -> None:
    back = revised(2, *TEXT, changes={P2: S})
    assert back.fingerprint != tabled().fingerprint


def test_a_co_sponsors_endorsement_is_superseded_like_any_other() -> None:
    after = given(tabled(), Sponsored(USA, 0), substantive(1))
    assert after.proposal().sponsors == (JPN, USA)
    assert after.holds()[USA] == (Stance.ENDORSE, Hold.SUPERSEDED)
    after.when(Sponsor(), by=KOR).then(Sponsored(KOR, 1))
