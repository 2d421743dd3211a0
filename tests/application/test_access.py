"""The table of who may do what, cell by cell, and of who may read which book."""

from typing import Final
from uuid import UUID

import pytest

from application.access import MAY, Acting, Capacity, MayNot, Office, Person, act_as, may_read
from domain.forum.events import Audience, AudienceKind, Role
from domain.forum.people import Book
from domain.identity import BookId, CredentialId, DelegationCode, EditionCode, FormatCode, PersonId

PERSON: Final = PersonId(UUID(int=1))
SOMEBODY: Final = PersonId(UUID(int=2))
CREDENTIAL: Final = CredentialId(UUID(int=3))
JPN, USA, CHN, KOR = map(DelegationCode, ("JPN", "USA", "CHN", "KOR"))
PLENARY, BILATERAL = FormatCode("plenary"), FormatCode("japan-us")
ALL: Final = frozenset({JPN, USA, CHN, KOR})

#                        head  alternate  delegate  adviser  chair  secretary
TABLE: Final = {
    # draft, share a draft, prepare an act
    "WriteDraft":           "yes   yes        yes       yes      yes    yes",
    "DiscardDraft":         "yes   yes        yes       yes      yes    yes",
    "ShareDraft":           "yes   yes        yes       yes      no     no",
    "PrepareAct":           "yes   yes        yes       yes      no     no",
    # table, sponsor, withdraw: what does not bind is prepared
    "TableDraft":           "yes   yes        no        no       yes    no",
    "TableProposal":        "no    no         no        no       yes    no",
    "Sponsor":              "yes   yes        no        no       no     no",
    "EndSponsorship":       "yes   yes        no        no       no     no",
    "HandPen":              "yes   yes        no        no       no     no",
    "Withdraw":             "yes   yes        no        no       yes    no",
    "Revise":               "yes   yes        no        no       yes    no",
    "Merge":                "yes   yes        no        no       yes    no",
    "Split":                "yes   yes        no        no       yes    no",
    # take, reaffirm, contest, lift, confirm a position; break a silence
    "TakePosition":         "yes   yes        no        no       no     no",
    "Reaffirm":             "yes   yes        no        no       no     no",
    "Contest":              "yes   yes        no        no       no     no",
    "Lift":                 "yes   yes        no        no       no     no",
    "Confirm":              "yes   yes        no        no       no     no",
    "Decline":              "yes   yes        no        no       no     no",
    "AcknowledgeReceipt":   "yes   yes        no        no       no     no",
    "MakeStatement":        "yes   yes        no        no       no     no",
    "JoinStatement":        "yes   yes        no        no       no     no",
    "ConfirmGiven":         "yes   yes        no        no       no     no",
    "DisownGiven":          "yes   yes        no        no       no     no",
    # consent to a release, which the secretary never does
    "AskRelease":           "yes   yes        no        no       yes    no",
    "ConsentToRelease":     "yes   yes        no        no       no     no",
    "WithdrawReleaseConsent": "yes   yes        no        no       no     no",
    # the chair's, or the secretary's on the chair's recorded instruction
    "CertifyChanges":       "no    no         no        no       yes    yes",
    "PutToSitting":         "no    no         no        no       yes    yes",
    "OpenSilence":          "no    no         no        no       yes    yes",
    "ExtendSilence":        "no    no         no        no       yes    yes",
    "CancelSilence":        "no    no         no        no       yes    yes",
    "SetAside":             "no    no         no        no       yes    yes",
    "Issue":                "no    no         no        no       yes    yes",
    "Defer":                "no    no         no        no       yes    yes",
    "TakeUp":               "no    no         no        no       yes    yes",
    "Conclude":             "no    no         no        no       yes    yes",
    "CloseAgenda":          "no    no         no        no       yes    yes",
    # the secretary's
    "RecordOnBehalf":       "no    no         no        no       no     yes",
    "AdmitDelegation":      "no    no         no        no       no     yes",
    "DefineFormat":         "no    no         no        no       no     yes",
    "AppointSecretary":     "no    no         no        no       no     yes",
    "EndSecretary":         "no    no         no        no       no     yes",
    "AnnounceEdition":      "no    no         no        no       no     yes",
    "OpenEdition":          "no    no         no        no       no     yes",
    "CloseEdition":         "no    no         no        no       no     yes",
    "PostponeEdition":      "no    no         no        no       no     yes",
    "CancelEdition":        "no    no         no        no       no     yes",
    "AppointChair":         "no    no         no        no       no     yes",
    "ConveneSitting":       "no    no         no        no       no     yes",
    "MarkAttendance":       "no    no         no        no       no     yes",
    # the head's; a delegation's first head is named by the secretary
    "IssueCredential":      "yes   no         no        no       no     yes",
    "EndCredential":        "yes   no         no        no       no     no",
    "RegisterKey":          "yes   no         no        no       no     no",
    "EndKey":               "yes   no         no        no       no     no",
    "ConsentToReader":      "yes   no         no        no       no     no",
    "EndReader":            "yes   no         no        no       no     no",
    # have words erased from a book that one reads; the secretary may ask
    "AskErasure":           "yes   no         no        no       no     yes",
    "ApproveErasure":       "yes   no         no        no       no     no",
}  # fmt: skip

BY_NAME: Final = {command.__name__: command for command in MAY}
CELLS: Final = [
    (name, capacity, said == "yes") for name, row in TABLE.items() for capacity, said in zip(Capacity, row.split(), strict=True)
]


def test_the_table_names_every_command_once() -> None:
    assert TABLE.keys() == BY_NAME.keys()


@pytest.mark.parametrize(("name", "capacity", "allowed"), CELLS, ids=str)
def test_a_cell(name: str, capacity: Capacity, allowed: bool) -> None:
    acting = Acting(PERSON, capacity)
    if allowed:
        assert act_as(BY_NAME[name], (acting,)) == acting
    else:
        with pytest.raises(MayNot) as refused:
            act_as(BY_NAME[name], (acting,))
        assert refused.value.yours == (capacity,)


def office(delegation: DelegationCode, role: Role = Role.HEAD) -> Office:
    return Office(delegation, CREDENTIAL, role)


def test_who_chairs_acts_for_no_delegation_there_and_for_its_own_elsewhere() -> None:
    person = Person(PERSON, (office(JPN),))
    chairing = person.capacities(members=ALL, chair=PERSON)
    assert [acting.capacity for acting in chairing] == [Capacity.CHAIR]
    elsewhere = person.capacities(members=ALL, chair=SOMEBODY)
    assert [(acting.capacity, acting.delegation, acting.credential) for acting in elsewhere] == [
        (Capacity.HEAD, JPN, CREDENTIAL)
    ]


def test_a_delegation_outside_the_format_acts_there_not_at_all() -> None:
    assert Person(PERSON, (office(CHN),)).capacities(members={JPN, USA}, chair=None) == ()


def test_the_public_acts_in_no_capacity() -> None:
    assert Person().capacities(members=None, chair=None) == ()


PUBLIC: Final = Audience(AudienceKind.PUBLIC)
FORUM: Final = Audience(AudienceKind.FORUM)
OF_PLENARY: Final = Audience(AudienceKind.FORMAT, PLENARY, (CHN, JPN, KOR, USA))
OF_TWO: Final = Audience(AudienceKind.FORMAT, BILATERAL, (JPN, USA))
OF_JAPAN: Final = Audience(AudienceKind.DELEGATIONS, members=(JPN,))
SHARED: Final = Audience(AudienceKind.DELEGATIONS, members=(JPN, KOR))
SECRETARIAT: Final = Audience(AudienceKind.SECRETARIAT)

READERS: Final = {
    "public": Person(),
    "nobody": Person(PERSON),
    "Japan": Person(PERSON, (office(JPN, Role.ADVISER),)),
    "Korea": Person(PERSON, (office(KOR),)),
    "China": Person(PERSON, (office(CHN),)),
    "chair of the two": Person(PERSON, chairs=frozenset({(EditionCode("2024"), BILATERAL)})),
    "secretary": Person(PERSON, is_secretary=True),
}
READS: Final = {
    "public": {PUBLIC},
    "nobody": {PUBLIC},
    "Japan": {PUBLIC, FORUM, OF_PLENARY, OF_TWO, OF_JAPAN, SHARED},
    "Korea": {PUBLIC, FORUM, OF_PLENARY, SHARED},
    "China": {PUBLIC, FORUM, OF_PLENARY},
    "chair of the two": {PUBLIC, FORUM, OF_TWO, SECRETARIAT},
    "secretary": {PUBLIC, FORUM, OF_PLENARY, OF_TWO, SECRETARIAT},
}
BOOKS: Final = (PUBLIC, FORUM, OF_PLENARY, OF_TWO, OF_JAPAN, SHARED, SECRETARIAT)


def book(audience: Audience, *consenting: DelegationCode) -> Book:
    return Book(BookId(UUID(int=9)), audience, {PERSON: frozenset(consenting)} if consenting else {})


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("audience", BOOKS, ids=lambda audience: "/".join(audience.names))
def test_a_book_is_for_its_audience(reader: str, audience: Audience) -> None:
    assert may_read(READERS[reader], book(audience), ALL) is (audience in READS[reader])


@pytest.mark.parametrize(
    ("audience", "members"),
    [(OF_PLENARY, (CHN, JPN, KOR, USA)), (OF_TWO, (JPN, USA)), (SHARED, (JPN, KOR)), (FORUM, tuple(ALL))],
)
def test_an_auditor_reads_what_every_member_opened(audience: Audience, members: tuple[DelegationCode, ...]) -> None:
    auditor = Person(PERSON)
    assert may_read(auditor, book(audience, *members), ALL)
    assert not may_read(auditor, book(audience, *members[1:]), ALL)
    assert not may_read(Person(SOMEBODY), book(audience, *members), ALL)


def test_the_secretariats_book_is_opened_to_nobody() -> None:
    assert not may_read(Person(PERSON), book(SECRETARIAT, JPN, USA, CHN, KOR), ALL)
