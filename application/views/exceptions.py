"""What in an edition should an auditor look at? What was done for somebody, late, backdated, called editorial, or undone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from domain.identity import BookId, CommandId, DelegationCode, EditionCode, ProposalId
from domain.kernel import Fact, Recorded
from domain.proposals.events import (
    AdoptionSetAside,
    Change,
    GivenActConfirmed,
    ObjectionCameLate,
    ObjectionLifted,
    PositionConfirmed,
    PositionDeclined,
    PositionReaffirmed,
    PositionTaken,
    PutToDecision,
    RecordedOnBehalf,
)
from domain.proposals.proposal import Adopted, Proposal, fold, settle
from domain.proposals.standing import Hold, standings
from domain.rules import Rules


class Exceptional(StrEnum):
    """What is out of the ordinary."""

    WAITS = "on-behalf-unconfirmed"
    """The secretary recorded an act on behalf of a delegation, which has not confirmed it."""
    RESTS = "adoption-rests-on-behalf"
    """A delegation's last word before the adoption was recorded on its behalf."""
    LATE = "objection-came-late"
    BACKDATED = "effective-differs"
    """It is said to have happened at another time than it was recorded."""
    EDITORIAL = "maintained-as-editorial"
    """A position was carried over a change that its penholder called editorial."""
    SET_ASIDE = "adoption-set-aside"


class ExceptionShown(Struct, frozen=True):
    """Something out of the ordinary, and the fact that tells of it."""

    what: Exceptional
    proposal: ProposalId
    number: str
    edition: EditionCode
    """In which the proposal was then."""
    status: str
    """Of the proposal."""
    delegation: DelegationCode | None
    revision: int | None
    at: datetime
    effective: datetime | None
    reference: str | None
    """Of what was recorded on behalf."""
    received: datetime | None
    """When it had reached the secretariat."""
    fact: str
    """Its type."""
    book: BookId
    index: int


class Word(Struct, frozen=True):
    """A delegation's last word, recorded on its behalf."""

    noted: Recorded[Fact]
    said: RecordedOnBehalf


def exceptions_of(facts: Sequence[Recorded[Fact]], now: datetime, *, rules: Rules) -> Iterator[ExceptionShown]:
    """What is out of the ordinary in the life of a proposal, in the order in which it was recorded."""
    proposal = fold(facts)
    if proposal is None:
        return
    settled = settle(proposal, now)
    found = [
        *_told(settled, facts),
        *_backdated(settled, facts),
        *_rests(settled, facts),
        *_editorial(settled, facts, now, rules),
    ]
    yield from sorted(found, key=lambda exception: (exception.index, exception.what))


def _told(settled: Proposal, facts: Iterable[Recorded[Fact]]) -> Iterator[ExceptionShown]:
    """What a fact says by itself."""
    for recorded in facts:
        match recorded.fact:
            case RecordedOnBehalf() as said if said.waits and _still_waits(settled, said, recorded.at):
                yield _shown(settled, Exceptional.WAITS, recorded, said.delegation, said.revision, said=said)
            case ObjectionCameLate(delegation=delegation, revision=revision):
                said = _beside(facts, recorded.command)
                yield _shown(settled, Exceptional.LATE, recorded, delegation, revision, said=said)
            case AdoptionSetAside(revision=revision):
                yield _shown(settled, Exceptional.SET_ASIDE, recorded, None, revision)
            case _:
                pass


def _still_waits(settled: Proposal, said: RecordedOnBehalf, at: datetime) -> bool:
    waiting = settled.on_behalf.get(said.delegation)
    return waiting is not None and waiting.recorded == at


def _beside(facts: Iterable[Recorded[Fact]], command: CommandId) -> RecordedOnBehalf | None:
    """What the secretary noted in the same command."""
    noted = (one.fact for one in facts if one.command == command)
    return next((fact for fact in noted if isinstance(fact, RecordedOnBehalf)), None)


def _backdated(settled: Proposal, facts: Iterable[Recorded[Fact]]) -> Iterator[ExceptionShown]:
    """Once a command. What time did is effective when it did it, as it must be."""
    for _, of_command in groupby(facts, key=lambda recorded: recorded.command):
        first = next(of_command)
        if first.actor is not None and first.effective is not None and first.effective != first.at:
            yield _shown(settled, Exceptional.BACKDATED, first, first.delegation, None)


def _rests(settled: Proposal, facts: Sequence[Recorded[Fact]]) -> Iterator[ExceptionShown]:
    """Of an adoption that stands: whose last word before it was recorded on their behalf."""
    if not isinstance(settled.phase, Adopted):
        return
    until = settled.phase.at
    for delegation, word in sorted(_last_words(one for one in facts if one.at <= until).items()):
        if word is not None:
            yield _shown(settled, Exceptional.RESTS, word.noted, delegation, word.said.revision, said=word.said)


def _last_words(facts: Iterable[Recorded[Fact]]) -> dict[DelegationCode, Word | None]:
    """Each delegation's last act on its position; None where it was its own."""
    noted: dict[DelegationCode, Word] = {}
    last: dict[DelegationCode, Word | None] = {}
    for _, of_command in groupby(facts, key=lambda recorded: recorded.command):
        given: Word | None = None
        for recorded in of_command:
            match recorded.fact:
                case RecordedOnBehalf() as said:
                    noted[said.delegation] = given = Word(recorded, said)
                case GivenActConfirmed(delegation=delegation):
                    given = noted.get(delegation)
                case (
                    PositionTaken(delegation=delegation)
                    | PositionReaffirmed(delegation=delegation)
                    | PositionConfirmed(delegation=delegation)
                    | PositionDeclined(delegation=delegation)
                    | ObjectionLifted(delegation=delegation)
                ):
                    last[delegation] = given
                case _:
                    pass
    return last


def _editorial(settled: Proposal, facts: Sequence[Recorded[Fact]], now: datetime, rules: Rules) -> Iterator[ExceptionShown]:
    """Positions held of an earlier revision over editorial changes: now, or when the proposal closed."""
    held = standings(settled, now, certification=rules.editorial_certification)
    for delegation, standing in held.items():
        later = settled.revisions[standing.position.revision + 1 :]
        marks = {mark for revision in later for mark in revision.changes.values()}
        if standing.hold is Hold.MAINTAINED and Change.EDITORIAL in marks:
            yield _shown(settled, Exceptional.EDITORIAL, _closing(facts), delegation, standing.position.revision)


def _closing(facts: Sequence[Recorded[Fact]]) -> Recorded[Fact]:
    """The decision that counted it; else the last fact."""
    decisions = [recorded for recorded in facts if isinstance(recorded.fact, PutToDecision)]
    return (decisions or facts)[-1]


def _shown(
    settled: Proposal,
    what: Exceptional,
    recorded: Recorded[Fact],
    delegation: DelegationCode | None,
    revision: int | None,
    *,
    said: RecordedOnBehalf | None = None,
) -> ExceptionShown:
    return ExceptionShown(
        what=what,
        proposal=settled.id,
        number=settled.number,
        edition=settled.edition_at(recorded.at),
        status=settled.status,
        delegation=delegation,
        revision=revision,
        at=recorded.at,
        effective=recorded.effective,
        reference=said.reference if said else None,
        received=said.received if said else None,
        fact=recorded.fact.tag,
        book=recorded.book,
        index=recorded.index,
    )
