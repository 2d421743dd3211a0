import pytest
from msgspec.structs import replace

from domain.drafts.commands import DiscardDraft, ShareDraft, TableDraft, WriteDraft
from domain.drafts.draft import Draft
from domain.drafts.events import DraftBegun, DraftClosed, DraftEnd, DraftRewritten
from domain.drafts.refusals import DraftHasClosed, DraftNotShareable, NobodyToShareWith, WordsUnknown
from domain.identity import DelegationCode
from domain.kernel import Command
from domain.text.provisions import Provision, Words
from tests.domain.cast import (
    CHN,
    EARLIER,
    EDITION,
    EN,
    FLAGS,
    JPN,
    KINDS,
    KOR,
    LIGHTS,
    P2,
    P3,
    P4,
    P7,
    PLENARY,
    PROPOSAL,
    TITLE,
    USA,
    handed_in,
    new,
)
from tests.domain.scenario import given


def write(*words: Words) -> WriteDraft:
    return WriteDraft(KINDS[0], PLENARY, EDITION, EN, words)


def begun(*text: Provision, owners: tuple[DelegationCode, ...] = (JPN,)) -> DraftBegun:
    return DraftBegun(KINDS[0], PLENARY, EDITION, EN, text, owners, None)


def rewritten(*text: Provision) -> DraftRewritten:
    return DraftRewritten(KINDS[0], PLENARY, EDITION, EN, text, None)


def test_a_draft_may_be_as_unfinished_as_its_authors_like() -> None:
    given().when(write(), by=JPN).then(begun())
    given().when(write(*new(TITLE, FLAGS)), by=JPN).then(begun(TITLE, FLAGS))
    given().when(write(*new(TITLE, TITLE)), by=JPN).then(begun(TITLE, replace(TITLE, id=P2)))


def test_a_draft_gives_ids_of_its_own() -> None:
    given().when(write(*handed_in(replace(TITLE, id=P7))), by=JPN).then(begun(TITLE))


def test_what_keeps_its_id_is_the_same_provision_and_no_id_is_given_twice() -> None:
    story = given(begun(TITLE, FLAGS, LIGHTS))
    without = story.when(write(*handed_in(TITLE, LIGHTS)), by=JPN).then(rewritten(TITLE, LIGHTS))
    again = without.when(write(*handed_in(TITLE, LIGHTS), *new(FLAGS)), by=JPN)
    after = again.then(rewritten(TITLE, LIGHTS, replace(FLAGS, id=P4)))
    assert after.state(Draft).ids_given == 4


@pytest.mark.parametrize("text", [(replace(FLAGS, id=P7),), (FLAGS, FLAGS)])
def test_an_id_names_one_provision_of_the_draft(text: tuple[Provision, ...]) -> None:
    given(begun(TITLE, FLAGS)).when(write(*handed_in(*text)), by=JPN).refused(WordsUnknown, provision=text[-1].id)


def test_a_rewritten_draft_may_be_for_another_place_and_say_what_it_follows() -> None:
    command = replace(write(*handed_in(TITLE)), kind="joint-statement", predecessor=EARLIER)
    after = (
        given(begun(TITLE)).when(command, by=JPN).then(replace(rewritten(TITLE), kind="joint-statement", predecessor=EARLIER))
    )
    assert (after.state(Draft).kind, after.state(Draft).predecessor) == ("joint-statement", EARLIER)
    assert after.state(Draft).owners == (JPN,)


def test_sharing_begins_a_new_draft_from_the_words_as_they_stand_and_closes_the_old_one() -> None:
    story = given(begun(TITLE, FLAGS), rewritten(TITLE, replace(LIGHTS, id=P7)))
    shared = begun(TITLE, replace(LIGHTS, id=P2), owners=(JPN, USA))
    story.when(ShareDraft((USA,)), by=JPN).then(shared, DraftClosed(DraftEnd.SHARED, None))


def test_a_share_may_be_widened_and_its_owners_stand_in_order() -> None:
    story = given(begun(TITLE, owners=(JPN, USA)))
    wider = begun(TITLE, owners=(CHN, JPN, KOR, USA))
    story.when(ShareDraft((KOR, CHN, USA)), by=JPN).then(wider, DraftClosed(DraftEnd.SHARED, None))


@pytest.mark.parametrize("with_", [(), (JPN,), (JPN, JPN)])
def test_a_share_is_with_somebody_else(with_: tuple[DelegationCode, ...]) -> None:
    given(begun(TITLE)).when(ShareDraft(with_), by=JPN).refused(NobodyToShareWith, delegations=("JPN",))


def test_a_draft_of_the_secretariat_is_not_shared() -> None:
    given(begun(TITLE, owners=())).when(ShareDraft((JPN,))).refused(DraftNotShareable)


def test_tabling_closes_the_draft_and_says_as_what() -> None:
    after = given(begun(TITLE)).when(TableDraft(), by=JPN).then(DraftClosed(DraftEnd.TABLED, PROPOSAL))
    assert (after.state(Draft).end, after.state(Draft).proposal) == (DraftEnd.TABLED, PROPOSAL)


def test_a_draft_may_be_discarded() -> None:
    given(begun(TITLE)).when(DiscardDraft(), by=JPN).then(DraftClosed(DraftEnd.DISCARDED, None))


@pytest.mark.parametrize("end", list(DraftEnd))
@pytest.mark.parametrize("command", [write(), ShareDraft((USA,)), TableDraft(), DiscardDraft()])
def test_a_closed_draft_takes_nothing_more(end: DraftEnd, command: Command) -> None:
    given(begun(TITLE), DraftClosed(end, None)).when(command, by=JPN).refused(DraftHasClosed, end=end)


def test_the_ids_of_a_draft_are_its_own_and_start_over_in_a_shared_one() -> None:
    story = given(begun(TITLE, FLAGS, LIGHTS), rewritten(TITLE, LIGHTS))
    shared = begun(TITLE, replace(LIGHTS, id=P2), owners=(JPN, USA))
    story.when(ShareDraft((USA,)), by=JPN).then(shared, DraftClosed(DraftEnd.SHARED, None))
    assert LIGHTS.id == P3
