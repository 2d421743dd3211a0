"""What was agreed: on which words, who is party to it and how, with which reservations, and whether it still stands.

It is folded from the facts of its proposal up to the adoption, so that nothing that came later changes what was agreed.
"""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from application.views.pages import Limit, Page
from application.views.status import ProvisionShown, StatementShown, show_statement, shown, title
from domain.identity import AgreementId, BookId, DelegationCode, EditionCode, FormatCode, Language, ProposalId
from domain.kernel import Fact, Recorded
from domain.proposals.events import PutToDecision, Stance
from domain.proposals.proposal import Adopted, Proposal, fold, settle
from domain.proposals.standing import Party, parties
from domain.rules import Rules


class AgreementFilter(Struct, frozen=True):
    """Which agreements, as of when. Of each tuple any will do; an empty one asks nothing."""

    edition: tuple[EditionCode, ...] = ()
    format: tuple[FormatCode, ...] = ()
    kind: tuple[str, ...] = ()
    as_of: datetime | None = None
    effective_at: datetime | None = None
    limit: Limit = 50
    after: str | None = None


class Adoption(Struct, frozen=True):
    """Where an agreement comes from, and since when it is void, if it is."""

    agreement: AgreementId
    proposal: ProposalId
    adopted: datetime
    void: datetime | None


class Agreements(Protocol):
    """The list of agreements."""

    async def page(self, books: Set[BookId], asked: AgreementFilter, *, now: datetime) -> Page[Adoption]:
        """Those of proposals in these books, the latest first; also the void ones. Raises MalformedCursorError, Busy."""
        ...

    async def source(self, books: Set[BookId], agreement: AgreementId) -> ProposalId | None:
        """The proposal whose adoption brought it about. Raises Busy."""
        ...


class ReservationShown(Struct, frozen=True):
    """What a party endorsed with reservation of."""

    delegation: DelegationCode
    words: str | None
    """None where they are withheld."""


class AgreementShown(Struct, frozen=True):
    """An agreement. Track II: among national groups of participants, binding on no state."""

    id: AgreementId
    proposal: ProposalId
    number: str
    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    title: dict[Language, str]
    revision: int
    fingerprint: str
    adopted: datetime
    effective: datetime
    """From when on it is said to hold."""
    by: str
    """silence or decision."""
    sitting: int | None
    """In which it was decided."""
    parties: tuple[Party, ...]
    not_parties: tuple[DelegationCode, ...]
    """They abstained or dissociated themselves."""
    reservations: tuple[ReservationShown, ...]
    statements: tuple[StatementShown, ...]
    """Also those that came after it."""
    void: datetime | None
    """When the adoption was set aside."""
    void_reason: str | None
    provisions: tuple[ProvisionShown, ...]


def show_agreement(
    agreement: AgreementId, facts: Sequence[Recorded[Fact]], now: datetime, *, members: Set[DelegationCode], rules: Rules
) -> AgreementShown | None:
    """The agreement as these facts of its proposal tell of it at ``now``; None where they do not, or not yet."""
    proposal = fold(facts)
    if proposal is None or (adopted := _adoption(settle(proposal, now), agreement)) is None:
        return None
    then = _then(facts, adopted)
    agreed = parties(then, adopted, members, certification=rules.editorial_certification)
    revision = then.revisions[adopted.revision]
    sitting, effective = _decision(facts, agreement) or (None, adopted.at)
    void = next((aside for aside in proposal.set_aside if aside.adoption.agreement == agreement), None)
    return AgreementShown(
        id=agreement,
        proposal=then.id,
        number=then.number,
        kind=then.kind,
        format=then.format,
        edition=then.edition,
        master=then.master,
        title=title(then),
        revision=revision.number,
        fingerprint=revision.fingerprint,
        adopted=adopted.at,
        effective=effective,
        by="silence" if adopted.by_silence else "decision",
        sitting=sitting,
        parties=agreed,
        not_parties=tuple(sorted(members - {party.delegation for party in agreed})),
        reservations=_reservations(then, agreed),
        statements=tuple(show_statement(statement) for statement in proposal.statements),
        void=void.at if void else None,
        void_reason=void.reason if void else None,
        provisions=shown(revision),
    )


def _adoption(settled: Proposal, agreement: AgreementId) -> Adopted | None:
    adoptions = [aside.adoption for aside in settled.set_aside]
    if isinstance(settled.phase, Adopted):
        adoptions.append(settled.phase)
    return next((adopted for adopted in adoptions if adopted.agreement == agreement), None)


def _then(facts: Sequence[Recorded[Fact]], adopted: Adopted) -> Proposal:
    """The proposal at the instant of its adoption."""
    proposal = fold(recorded for recorded in facts if recorded.at <= adopted.at)
    assert proposal is not None, "it was tabled before it was adopted"
    return settle(proposal, adopted.at)


def _decision(facts: Sequence[Recorded[Fact]], agreement: AgreementId) -> tuple[int, datetime] | None:
    """The sitting that decided, and when that is said to have happened."""
    for recorded in facts:
        match recorded.fact:
            case PutToDecision(agreement=brought, sitting=sitting) if brought == agreement:
                return sitting, recorded.happened
            case _:
                pass
    return None


def _reservations(then: Proposal, agreed: Sequence[Party]) -> tuple[ReservationShown, ...]:
    held = ((party.delegation, then.positions.get(party.delegation)) for party in agreed)
    return tuple(
        ReservationShown(delegation, position.reservation)
        for delegation, position in held
        if position is not None and position.stance is Stance.WITH_RESERVATION
    )
