"""Who sits in the tests, and what lies on their table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_DNS, UUID, uuid5

from domain.identity import (
    AgreementId,
    CredentialId,
    DelegationCode,
    EditionCode,
    FormatCode,
    Language,
    PersonId,
    ProposalId,
    ProvisionId,
    ReleaseId,
)
from domain.proposals.commands import TakePosition
from domain.proposals.events import (
    Change,
    PositionTaken,
    ProposalTabled,
    PutToDecision,
    ReasonGiven,
    RevisionIssued,
    SilenceOpened,
    Stance,
)
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision, ProvisionKind, Words

JPN, USA, CHN, KOR = (DelegationCode(code) for code in ("JPN", "USA", "CHN", "KOR"))
RUS: Final = DelegationCode("RUS")
"""Of no format here."""
MEMBERS: Final = frozenset({JPN, USA, CHN, KOR})
EN, JA, ZH, KO = (Language(code) for code in ("en", "ja", "zh-Hans", "ko"))
LANGUAGES: Final = (EN, JA, ZH, KO)
FR: Final = Language("fr")
"""Not of this forum."""
PLENARY, JAPAN_US = FormatCode("plenary"), FormatCode("japan-us")
EDITION: Final = EditionCode("2024")
KINDS: Final = ("confidence-building-measure", "chairs-statement", "external-resolution")


def an_id(name: str) -> UUID:
    """The same id for the same name, in every run."""
    return uuid5(NAMESPACE_DNS, name)


ALICE, BORIS, CHIYO = (PersonId(an_id(name)) for name in ("alice", "boris", "chiyo"))
FIRST, SECOND = (CredentialId(an_id(name)) for name in ("first credential", "second credential"))
PROPOSAL: Final = ProposalId(an_id("proposal"))
EARLIER: Final = ProposalId(an_id("earlier proposal"))
AGREEMENT: Final = AgreementId(an_id("agreement"))
RELEASE: Final = ReleaseId(an_id("release"))

P1, P2, P3, P4, P5, P6, P7, P8 = (ProvisionId(f"p{place}") for place in range(1, 9))


def title(words: str, **others: str) -> Provision:
    """The title, with its id."""
    return Provision(P1, ProvisionKind.TITLE, {EN: words, **_texts(others)})


def operative(provision: ProvisionId, words: str, **others: str) -> Provision:
    """An operative provision; other languages by name (ja, ko, zh)."""
    return Provision(provision, ProvisionKind.OPERATIVE, {EN: words, **_texts(others)})


def _texts(others: Mapping[str, str]) -> dict[Language, str]:
    return {ZH if name == "zh" else Language(name): words for name, words in others.items()}


TITLE: Final = title("Signals at sea", ja="海上の信号")
FLAGS: Final = operative(P2, "Ships show flags.", ja="船舶は旗を掲げる。")
LIGHTS: Final = operative(P3, "Ships show lights.", ja="船舶は灯火を掲げる。")
TEXT: Final = (TITLE, FLAGS, LIGHTS)


def handed_in(*provisions: Provision) -> tuple[Words, ...]:
    """The provisions as a penholder hands them in, each under its id."""
    return tuple(Words(part.kind, part.text, part.id) for part in provisions)


def new(*provisions: Provision) -> tuple[Words, ...]:
    """The provisions as somebody hands them in who knows of no id."""
    return tuple(Words(part.kind, part.text) for part in provisions)


def tabled(
    *provisions: Provision,
    by: DelegationCode | None = JPN,
    number: str = "P24-01",
    predecessor: ProposalId | None = None,
) -> ProposalTabled:
    """A text on the table, by a delegation or (None) by the chair."""
    text = provisions or TEXT
    return ProposalTabled(
        number=number,
        kind="chairs-statement" if by is None else KINDS[0],
        format=PLENARY,
        edition=EDITION,
        master=EN,
        provisions=text,
        fingerprint=fingerprint(PROPOSAL, 0, EN, text),
        sponsor=by,
        predecessor=predecessor,
    )


def revised(
    revision: int,
    *provisions: Provision,
    changes: Mapping[ProvisionId, Change],
    by: DelegationCode | None = JPN,
) -> RevisionIssued:
    """A revision, whole, under its fingerprint."""
    words = fingerprint(PROPOSAL, revision, EN, provisions)
    return RevisionIssued(revision, provisions, dict(changes), words, by)


def substantive(revision: int) -> RevisionIssued:
    """A revision that changes something of substance."""
    changed = operative(P2, f"Ships show {revision} flags.", ja="船舶は旗を掲げる。")
    return revised(revision, TITLE, changed, LIGHTS, changes={P2: Change.SUBSTANTIVE})


def editorial(revision: int) -> RevisionIssued:
    """A revision that its penholder calls editorial."""
    changed = operative(P2, f"Ships show flags{'.' * revision}", ja="船舶は旗を掲げる。")
    return revised(revision, TITLE, changed, LIGHTS, changes={P2: Change.EDITORIAL})


def translated(revision: int) -> RevisionIssued:
    """A revision that brings a translation in line."""
    changed = operative(P2, "Ships show flags.", ja=f"船は旗を掲げる{'。' * revision}")
    return revised(revision, TITLE, changed, LIGHTS, changes={P2: Change.LANGUAGE})


def took(delegation: DelegationCode, stance: Stance, *, on: int = 0, due: datetime | None = None) -> PositionTaken:
    """A delegation's stance on a revision."""
    return PositionTaken(delegation, on, stance, due)


def endorsed(delegation: DelegationCode, *, on: int = 0) -> PositionTaken:
    """An endorsement."""
    return took(delegation, Stance.ENDORSE, on=on)


def objected(delegation: DelegationCode, *, on: int = 0) -> PositionTaken:
    """An objection."""
    return took(delegation, Stance.OBJECT, on=on)


WHY: Final = "The second part goes too far."


def to_object(*, on: int = 0) -> TakePosition:
    """The command to object, with a reason."""
    return TakePosition(on, Stance.OBJECT, reason=WHY)


def because(delegation: DelegationCode, *, on: int = 0) -> ReasonGiven:
    """The reason that comes with it."""
    return ReasonGiven(delegation, on, WHY)


def under_silence(deadline: datetime, *, on: int = 0) -> SilenceOpened:
    """A silence, until then."""
    return SilenceOpened(on, deadline, AGREEMENT)


def decided(
    *,
    on: int = 0,
    sitting: int = 1,
    waived: bool = False,
    maintained: tuple[DelegationCode, ...] = (),
    objecting: tuple[DelegationCode, ...] = (),
) -> PutToDecision:
    """A decision in a sitting: adopted unless somebody objects."""
    agreement = None if objecting else AGREEMENT
    return PutToDecision(sitting, on, not objecting, waived, maintained, objecting, agreement)
