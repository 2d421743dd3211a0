from dataclasses import fields

import pytest
from msgspec.structs import replace

from domain.forum.commands import (
    AdmitDelegation,
    AppointSecretary,
    ConsentToReader,
    DefineFormat,
    DelegationDescribed,
    EndReader,
    EndSecretary,
    FormatDescribed,
    FoundForum,
)
from domain.forum.events import (
    Audience,
    AudienceKind,
    BookOpened,
    DelegationAdmitted,
    FormatDefined,
    ForumFounded,
    LetterReserved,
    ReaderConsented,
    ReaderEnded,
    SecretaryAppointed,
    SecretaryEnded,
)
from domain.forum.forum import Forum, Letter
from domain.forum.people import Book, Secretariat
from domain.forum.refusals import (
    AlreadyFounded,
    BookHasNoMembers,
    DelegationExists,
    DelegationUnknown,
    FormatExists,
    FormatTooSmall,
    LanguageUnknown,
    LastSecretary,
    LetterTaken,
    NotSecretary,
    ReaderConsentGiven,
    ReaderConsentMissing,
    SecretaryInPlace,
)
from domain.identity import DelegationCode
from domain.kernel import Refusal
from domain.rules import Rules
from tests.domain.cast import (
    ALICE,
    BORIS,
    CHN,
    EN,
    FR,
    JA,
    JAPAN_US,
    JPN,
    KINDS,
    KOR,
    LANGUAGES,
    PLENARY,
    RUS,
    USA,
)
from tests.domain.scenario import given

FOUND = FoundForum(
    name={EN: "Asia Peace Conference", JA: "アジア平和会議"},
    host="accord.example",
    kind="demonstration",
    languages=LANGUAGES,
    time_zone="Asia/Tokyo",
    proposal_kinds=KINDS,
    delegations=(DelegationDescribed(JPN, {EN: "Japan"}, "Asia/Tokyo"),),
    formats=(FormatDescribed(PLENARY, "P", {EN: "All"}, (JPN, USA)),),
)
FOUNDED = ForumFounded(
    name={EN: "Asia Peace Conference", JA: "アジア平和会議"},
    host="accord.example",
    kind="demonstration",
    languages=LANGUAGES,
    time_zone="Asia/Tokyo",
    proposal_kinds=KINDS,
    rules=Rules(),
)
BOTH = DefineFormat(JAPAN_US, "B", {EN: "Japan and the US"}, (USA, JPN))
DEFINED = FormatDefined(JAPAN_US, "B", {EN: "Japan and the US"}, (JPN, USA), listed=True)


def admitted(code: DelegationCode) -> DelegationAdmitted:
    return DelegationAdmitted(code, {EN: code.title()}, "Asia/Tokyo")


FORUM = (FOUNDED, admitted(JPN), admitted(USA))


def test_a_forum_is_founded_under_its_rules() -> None:
    after = given().when(FOUND).then(FOUNDED)
    assert after.state(Forum) == Forum(FOUNDED)


def test_a_deployment_serves_one_forum() -> None:
    given(FOUNDED).when(FOUND).refused(AlreadyFounded, host="accord.example")


def test_a_forum_has_a_name_in_its_own_languages() -> None:
    given().when(replace(FOUND, name={FR: "Conférence"})).refused(LanguageUnknown, language="fr", known=LANGUAGES)


def test_a_delegation_is_admitted() -> None:
    after = given(FOUNDED).when(AdmitDelegation(KOR, {EN: "Kor"}, "Asia/Tokyo")).then(admitted(KOR))
    assert set(after.state(Forum).delegations) == {KOR}


def test_a_delegation_keeps_its_code() -> None:
    given(*FORUM).when(AdmitDelegation(JPN, {EN: "Nippon"}, "Asia/Tokyo")).refused(DelegationExists, delegation="JPN")


def test_a_delegation_is_named_in_the_languages_of_the_forum() -> None:
    given(*FORUM).when(AdmitDelegation(KOR, {FR: "Corée"}, "Asia/Seoul")).refused(
        LanguageUnknown, language="fr", known=LANGUAGES
    )


def test_a_format_is_defined_with_its_members_in_order_and_its_letter_reserved() -> None:
    after = given(*FORUM).when(BOTH).then(DEFINED, LetterReserved("B", JAPAN_US))
    assert after.state(Letter) == Letter(JAPAN_US)


def test_an_unlisted_format_reserves_its_letter_like_any_other() -> None:
    unlisted = replace(BOTH, listed=False)
    given(*FORUM).when(unlisted).then(replace(DEFINED, listed=False), LetterReserved("B", JAPAN_US))


def test_the_code_of_a_format_names_one() -> None:
    given(*FORUM, DEFINED).when(BOTH).refused(FormatExists, format="japan-us")


def test_a_letter_belongs_to_one_format() -> None:
    given(*FORUM, LetterReserved("B", PLENARY)).when(BOTH).refused(LetterTaken, letter="B", format="plenary")


def test_a_format_is_of_the_forums_delegations() -> None:
    given(*FORUM).when(replace(BOTH, members=(JPN, RUS))).refused(DelegationUnknown, delegation="RUS", known=("JPN", "USA"))


@pytest.mark.parametrize("members", [(), (JPN,), (JPN, JPN), (JPN, USA, JPN)])
def test_a_format_is_of_two_delegations_at_least_each_named_once(members: tuple[DelegationCode, ...]) -> None:
    given(*FORUM).when(replace(BOTH, members=members)).refused(FormatTooSmall, members=members)


def test_a_format_is_named_in_the_languages_of_the_forum() -> None:
    given(*FORUM).when(replace(BOTH, names={FR: "À deux"})).refused(LanguageUnknown, language="fr", known=LANGUAGES)


def test_a_secretary_is_appointed_once() -> None:
    after = given(SecretaryAppointed(ALICE)).when(AppointSecretary(BORIS)).then(SecretaryAppointed(BORIS))
    assert after.state(Secretariat).secretaries == {ALICE, BORIS}
    after.when(AppointSecretary(ALICE)).refused(SecretaryInPlace)


def test_the_last_secretary_stays() -> None:
    given(SecretaryAppointed(ALICE)).when(EndSecretary(ALICE)).refused(LastSecretary)
    both = given(SecretaryAppointed(ALICE), SecretaryAppointed(BORIS))
    after = both.when(EndSecretary(ALICE)).then(SecretaryEnded(ALICE))
    assert after.state(Secretariat).secretaries == {BORIS}
    after.when(EndSecretary(BORIS)).refused(LastSecretary)


def test_only_a_secretarys_service_ends() -> None:
    given(SecretaryAppointed(ALICE)).when(EndSecretary(BORIS)).refused(NotSecretary)


BOOK = BookOpened(Audience(AudienceKind.FORMAT, PLENARY, (CHN, JPN)))


def test_each_member_lets_a_reader_in_for_its_own_part_and_may_take_that_back() -> None:
    first = given(BOOK).when(ConsentToReader(ALICE), by=JPN).then(ReaderConsented(ALICE, JPN))
    both = first.when(ConsentToReader(ALICE), by=CHN).then(ReaderConsented(ALICE, CHN))
    assert both.state(Book).consents == {ALICE: {JPN, CHN}}
    after = both.when(EndReader(ALICE), by=JPN).then(ReaderEnded(ALICE, JPN))
    assert after.state(Book).consents == {ALICE: {CHN}}


def test_consent_is_given_once() -> None:
    given(BOOK, ReaderConsented(ALICE, JPN)).when(ConsentToReader(ALICE), by=JPN).refused(ReaderConsentGiven, delegation="JPN")


def test_only_what_was_given_is_taken_back() -> None:
    given(BOOK, ReaderConsented(ALICE, JPN)).when(EndReader(ALICE), by=CHN).refused(ReaderConsentMissing, delegation="CHN")
    given(BOOK, ReaderConsented(ALICE, JPN)).when(EndReader(BORIS), by=JPN).refused(ReaderConsentMissing, delegation="JPN")


@pytest.mark.parametrize("kind", [AudienceKind.PUBLIC, AudienceKind.SECRETARIAT])
@pytest.mark.parametrize("command", [ConsentToReader(ALICE), EndReader(ALICE)])
def test_a_book_without_members_is_opened_by_nobody(kind: AudienceKind, command: ConsentToReader | EndReader) -> None:
    given(BookOpened(Audience(kind))).when(command, by=JPN).refused(BookHasNoMembers)


def test_audiences_are_told_apart_by_what_they_are_of() -> None:
    audiences = [
        Audience(AudienceKind.PUBLIC),
        Audience(AudienceKind.FORUM),
        Audience(AudienceKind.SECRETARIAT),
        Audience(AudienceKind.FORMAT, JAPAN_US, (JPN, USA)),
        Audience(AudienceKind.FORMAT, PLENARY, (JPN, USA)),
        Audience(AudienceKind.DELEGATIONS, members=(JPN, USA)),
        Audience(AudienceKind.DELEGATIONS, members=(JPN,)),
    ]
    assert len({audience.names for audience in audiences}) == len(audiences)


def test_a_refusal_says_its_values() -> None:
    refusal: Refusal = DelegationUnknown("RUS", ("JPN",))
    assert str(refusal) == "delegation-unknown: {'delegation': 'RUS', 'known': ('JPN',)}"
    assert [field.name for field in fields(DelegationUnknown)] == ["delegation", "known"]
