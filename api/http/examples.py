"""A body of each kind, as somebody would say it."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from api.http.cosignatures import Cosignature
from api.http.drafts import Preparation
from api.http.editions import Present
from api.http.forum import Nothing
from api.http.me import Invitation, NewToken
from api.http.people import Named
from application.doors import Answered, Contested, Endorsement, Objection, OtherPosition, Restated, Signable
from domain.conferences import commands as conference
from domain.drafts.commands import ShareDraft, WriteDraft
from domain.erasures.commands import AskErasure
from domain.erasures.events import Basis
from domain.forum import commands as forum
from domain.forum.events import KeyKind, KeyPurpose, Role
from domain.identity import DelegationCode, EditionCode, FormatCode, Language, PersonId, ProposalId, ProvisionId
from domain.proposals import commands
from domain.proposals.events import Change, Outcome, StatementKind, Wider
from domain.text.provisions import ProvisionKind, Words

_EN: Final = Language("en")
_JAPAN, _KOREA, _CHINA = DelegationCode("JPN"), DelegationCode("KOR"), DelegationCode("CHN")
_PERSON: Final = PersonId(UUID("0a000000-0000-4000-8000-000000000001"))
_PROPOSAL: Final = ProposalId(UUID("b0000000-0000-4000-8000-000000000002"))
_TITLE, _FIRST, _SECOND = ProvisionId("p1"), ProvisionId("p2"), ProvisionId("p3")
_EDITION: Final = EditionCode("2026")
_DEADLINE: Final = datetime(2026, 9, 20, 9, tzinfo=UTC)
_STARTS, _ENDS = date(2026, 9, 8), date(2026, 9, 9)
_EXPIRES: Final = datetime(2030, 1, 1, tzinfo=UTC)

_PUBLIC: Final = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
"""Of the first example of RFC 8032."""

_TEXT: Final = (
    Words(ProvisionKind.TITLE, {_EN: "Hotline protocol"}),
    Words(ProvisionKind.OPERATIVE, {_EN: "Answer within two hours."}),
)
_REVISED: Final = (
    Words(ProvisionKind.TITLE, {_EN: "Hotline protocol"}, _TITLE),
    Words(ProvisionKind.OPERATIVE, {_EN: "Answer within one hour."}, _FIRST),
)

EXAMPLES: Final[tuple[Struct, ...]] = (
    Nothing(),
    Named("Somebody"),
    Cosignature(
        1,
        "\N{EM DASH} apc.example/witness/JPN ekbGpAAAAABqsTuAYbYrQsiUGz2da23hVjOvmndmG6lurAJJXN6WINT+7reCVb5npuiLxfkTRgWtONQsPywB/tQarlDowX3FhcSBDw==",
    ),
    NewToken(_EXPIRES, label="my telephone"),
    Invitation("the-invitation", _EXPIRES),
    forum.AdmitDelegation(_JAPAN, {_EN: "Japan"}, "Asia/Tokyo"),
    forum.DefineFormat(FormatCode("japan-korea"), "K", {_EN: "Japan and Korea"}, (_JAPAN, _KOREA)),
    forum.AppointSecretary(_PERSON),
    forum.IssueCredential(_PERSON, Role.HEAD, notice="letter of 1 May"),
    forum.RegisterKey(KeyPurpose.ACTS, KeyKind.ED25519, _PUBLIC),
    forum.ConsentToReader(_PERSON),
    AskErasure((17,), Basis.PERSONAL_DATA, "At the person's request."),
    conference.AnnounceEdition(_EDITION, 2026, _STARTS, _ENDS, "Tokyo", {_EN: "Peace"}),
    conference.PostponeEdition(_STARTS, _ENDS),
    conference.AppointChair(_PERSON),
    conference.ConveneSitting(_STARTS, "chatham-house"),
    conference.CloseAgenda(),
    Present((_JAPAN, _KOREA, _CHINA)),
    WriteDraft("crisis-management-mechanism", FormatCode("plenary"), _EDITION, _EN, _TEXT),
    ShareDraft((_KOREA,)),
    Preparation(_JAPAN, "endorsements", _PROPOSAL, msgspec.Raw(b'{"revision":0}')),
    commands.Revise(0, _REVISED, {_FIRST: Change.SUBSTANTIVE}, "Two hours are too long."),
    commands.CertifyChanges(1),
    commands.HandPen("chair"),
    Endorsement(0),
    Objection(0, "One hour is too short."),
    OtherPosition(0, "abstain"),
    Restated(1),
    Contested(1, "The deadline matters to us."),
    Signable(),
    Answered(1),
    commands.MakeStatement(StatementKind.EXPLANATION, 1, {_EN: "We read this as a working day."}),
    commands.PutToSitting(1, 1),
    commands.SetAside("The objection had arrived in time."),
    commands.Issue(0),
    commands.Defer(),
    commands.TakeUp(EditionCode("2027")),
    commands.Merge(_PROPOSAL),
    commands.Split(((_FIRST,), (_SECOND,))),
    commands.OpenSilence(1, _DEADLINE),
    commands.ExtendSilence(1, _DEADLINE),
    commands.CancelSilence(1),
    commands.AcknowledgeReceipt(1),
    commands.Conclude(Outcome.LAPSED),
    commands.AskRelease(Wider.PUBLIC),
    commands.ConsentToRelease(Wider.PUBLIC, attribution=True),
)
_BY_KIND: Final[dict[type[Struct], Struct]] = {type(example): example for example in EXAMPLES}


def example_of(kind: type[Struct]) -> dict[str, Any]:
    """The example of a kind of body, without what it leaves at its default."""
    assert kind in _BY_KIND, f"{kind.__name__} has no example"
    example = _BY_KIND[kind]
    said = msgspec.json.decode(msgspec.json.encode(example))
    return {
        field.encode_name: said[field.encode_name]
        for field in structs.fields(kind)
        if field.required or getattr(example, field.name) != _default(field)
    }


def _default(field: structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
