"""Short words for the steps of which the editions are told. An arc names its steps in order; `in_order` weaves arcs together."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from application.story.forum import DELEGATIONS, PLENARY
from application.story.steps import (
    Act,
    Announce,
    Credential,
    FallsAway,
    Move,
    On,
    OnAgenda,
    Step,
    person,
    proposal,
)
from application.story.texts import TEXTS
from application.story.words import EN
from domain.conferences.commands import (
    AnnounceEdition,
    AppointChair,
    CloseEdition,
    ConveneSitting,
    MarkAttendance,
    OpenEdition,
)
from domain.conferences.events import SittingRule
from domain.drafts.commands import WriteDraft
from domain.forum.commands import IssueCredential
from domain.forum.events import Role
from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProvisionId
from domain.proposals.acts.on_behalf import GivenAct
from domain.proposals.commands import MakeStatement, RecordFallenAway, RecordOnBehalf, Revise, TakePosition
from domain.proposals.events import Stance, StatementKind

ABSTAIN: Final = Stance.ABSTAIN
AD_REFERENDUM: Final = Stance.AD_REFERENDUM
DISSOCIATE: Final = Stance.DISSOCIATE
ENDORSE: Final = Stance.ENDORSE
NO_OBJECTION: Final = Stance.NO_OBJECTION
OBJECT: Final = Stance.OBJECT
RESERVE: Final = Stance.RESERVE
WITH_RESERVATION: Final = Stance.WITH_RESERVATION


def at(instant: str) -> datetime:
    """The instant, as ISO 8601 writes it."""
    return datetime.fromisoformat(instant)


def step(instant: str, by: str | None, act: Act) -> Step:
    """Somebody does something then; nobody but time, if ``by`` is None."""
    return Step(at(instant), by, act)


def in_order(*arcs: Sequence[Step]) -> tuple[Step, ...]:
    """The steps of all arcs by the time at which they are told."""
    return tuple(sorted((step for arc in arcs for step in arc), key=_told))


def _told(step: Step) -> datetime:
    assert step.at is not None, "an arc is told at fixed instants"
    return step.at


def names(role: str, notice: str | None = None) -> Credential:
    """Let somebody act as what the role says: `alternate-JPN` as alternate of Japan."""
    *_, office, code = role.split("-")
    return Credential(DelegationCode(code), IssueCredential(person(role), Role(office), notice=notice))


def announces(year: int, days: tuple[str, str], city: str, theme: dict[Language, str]) -> Announce:
    """The edition of that year, with its first and last meeting day."""
    starts_on, ends_on = map(date.fromisoformat, days)
    return Announce(AnnounceEdition(of(year), year, starts_on, ends_on, city, theme))


def of(year: int) -> EditionCode:
    """The edition's code."""
    return EditionCode(str(year))


def opens(year: int) -> Move:
    """Begin the edition's work."""
    return Move(of(year), OpenEdition())


def closes(year: int) -> Move:
    """Let nothing new be tabled in it."""
    return Move(of(year), CloseEdition())


def chair(year: int) -> OnAgenda:
    """Appoint who chairs the plenary."""
    return OnAgenda(of(year), PLENARY, AppointChair(person("chair")))


def sitting(held_on: str, rule: SittingRule, meets: FormatCode = PLENARY) -> OnAgenda:
    """Convene a sitting for that day."""
    day = date.fromisoformat(held_on)
    return OnAgenda(of(day.year), meets, ConveneSitting(day, rule))


def present(
    year: int, sitting: int, present: tuple[DelegationCode, ...] = DELEGATIONS, meets: FormatCode = PLENARY
) -> OnAgenda:
    """Mark who is there: all four, if nothing else is said."""
    return OnAgenda(of(year), meets, MarkAttendance(sitting, present))


def draft(code: str, *, length: int | None = None, kept: int = 0, after: str | None = None) -> WriteDraft:
    """The text that is tabled later, or so many of its provisions; the first ``kept`` are in the draft already."""
    text = TEXTS[code]
    parts = text.revisions[0].provisions[:length]
    words = tuple(part if place < kept else part.fresh() for place, part in enumerate(parts))
    predecessor = None if after is None else proposal(after)
    return WriteDraft(text.kind, PLENARY, EditionCode(f"20{code[1:3]}"), EN, words, predecessor)


def revise(code: str, number: int, reason: str) -> On:
    """Issue that revision of the text. A provision that is new has no id yet."""
    before, after = TEXTS[code].revisions[number - 1 : number + 1]
    known = {part.id for part in before.provisions}
    words = tuple(part if part.id in known else part.fresh() for part in after.provisions)
    return On(code, Revise(number - 1, words, after.changes, reason))


def take(code: str, revision: int, stance: Stance, **said: str) -> On:
    """Take a position, with what is said of it."""
    return On(code, position(revision, stance, **said))


def position(
    revision: int, stance: Stance, *, due: str | None = None, reason: str | None = None, reservation: str | None = None
) -> TakePosition:
    """A position on a revision."""
    return TakePosition(revision, stance, due=None if due is None else at(due), reason=reason, reservation=reservation)


def on_behalf(code: str, delegation: DelegationCode, act: GivenAct, reference: str, received: str) -> On:
    """Record what a delegation gave in the room or by letter, and when it was received."""
    return On(code, RecordOnBehalf(delegation, act, reference, at(received)))


def says(
    code: str,
    revision: int,
    kind: StatementKind,
    text: dict[Language, str],
    *,
    of: str | None = None,
    invited: tuple[DelegationCode, ...] = (),
) -> On:
    """Make a statement: of the whole text, or of one provision of it."""
    provision = None if of is None else ProvisionId(of)
    return On(code, MakeStatement(kind, revision, text, provision, invited=invited))


def falls_away(code: str, delegation: DelegationCode, due: str) -> FallsAway:
    """A position was not confirmed when it was due."""
    return FallsAway(code, RecordFallenAway(delegation, at(due)))
