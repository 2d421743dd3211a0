"""An agenda: a format's business in an edition, and the stream that numbers its proposals."""

from collections.abc import Set
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.conferences.commands import AppointChair, ConveneSitting, MarkAttendance
from domain.conferences.events import (
    AgendaClosed,
    AgendaDrawnUp,
    AttendanceMarked,
    ChairAppointed,
    ProposalListed,
    ProposalNumbered,
    SittingConvened,
    SittingRule,
)
from domain.conferences.refusals import AgendaHasClosed, ChairInPlace, NotOfTheFormat, SittingUnknown
from domain.identity import DelegationCode, EditionCode, FormatCode, PersonId, ProposalId
from domain.kernel import Decision, Fact, Recorded


class Sitting(Struct, frozen=True):
    """One meeting of the format."""

    number: int
    held_on: date
    rule: SittingRule
    present: frozenset[DelegationCode] = frozenset()


class Agenda(Struct, frozen=True):
    """Who chairs, what stands on it in order, the sittings, and whether it is closed."""

    edition: EditionCode
    format: FormatCode
    chair: PersonId | None = None
    proposals: dict[ProposalId, str] = {}
    """Their numbers, in order; also of those that were deferred to this edition."""
    numbered: int = 0
    """How many got their number here."""
    sittings: tuple[Sitting, ...] = ()
    closed: bool = False

    def sitting(self, number: int) -> Sitting:
        """The sitting of that number, from 1. Refuses one that is not there."""
        if not 1 <= number <= len(self.sittings):
            raise SittingUnknown(number, len(self.sittings))
        return self.sittings[number - 1]


AgendaCommand = AppointChair | ConveneSitting | MarkAttendance


def evolve_agenda(agenda: Agenda | None, recorded: Recorded[Fact]) -> Agenda | None:
    """The agenda after a fact."""
    match recorded.fact, agenda:
        case AgendaDrawnUp(edition=edition, format=format_), None:
            return Agenda(edition, format_)
        case ChairAppointed(person=person), Agenda():
            return replace(agenda, chair=person)
        case ProposalNumbered() as fact, Agenda():
            return with_number(agenda, fact)
        case ProposalListed(proposal=proposal, number=number), Agenda():
            return replace(agenda, proposals={**agenda.proposals, proposal: number})
        case SittingConvened() as fact, Agenda():
            return replace(agenda, sittings=(*agenda.sittings, Sitting(fact.sitting, fact.held_on, fact.rule)))
        case AttendanceMarked() as fact, Agenda() if 1 <= fact.sitting <= len(agenda.sittings):
            return replace(agenda, sittings=_with_attendance(agenda.sittings, fact))
        case AgendaClosed(), Agenda():
            return replace(agenda, closed=True)
        case _:
            return agenda


def with_number(agenda: Agenda, fact: ProposalNumbered) -> Agenda:
    """The agenda with one more proposal that got its number there."""
    listed = {**agenda.proposals, fact.proposal: fact.number}
    return replace(agenda, proposals=listed, numbered=agenda.numbered + 1)


def _with_attendance(sittings: tuple[Sitting, ...], marked: AttendanceMarked) -> tuple[Sitting, ...]:
    place = marked.sitting - 1
    return (
        *sittings[:place],
        replace(sittings[place], present=frozenset(marked.present)),
        *sittings[place + 1 :],
    )


def change_agenda(agenda: Agenda, command: AgendaCommand, members: Set[DelegationCode]) -> Decision:
    """Appoint its chair, convene a sitting, mark who is present."""
    check_open(agenda)
    match command:
        case AppointChair(person=person):
            if agenda.chair == person:
                raise ChairInPlace
            return Decision((ChairAppointed(person),))
        case ConveneSitting(held_on=held_on, rule=rule):
            return Decision((SittingConvened(len(agenda.sittings) + 1, held_on, rule),))
        case MarkAttendance(sitting=sitting, present=present):
            for delegation in present:
                if delegation not in members:
                    raise NotOfTheFormat(delegation, tuple(sorted(members)))
            return Decision((AttendanceMarked(agenda.sitting(sitting).number, tuple(sorted(set(present)))),))


def number_next(agenda: Agenda, proposal: ProposalId, *, letter: str, year: int) -> ProposalNumbered:
    """Give a proposal the next number of its format and edition."""
    check_open(agenda)
    return ProposalNumbered(proposal, number(letter, agenda.edition, year, agenda.numbered + 1))


def list_again(agenda: Agenda, proposal: ProposalId, number: str) -> tuple[ProposalListed, ...]:
    """Put a proposal that was deferred on this agenda; one that stood on it before stands there still."""
    check_open(agenda)
    return () if proposal in agenda.proposals else (ProposalListed(proposal, number),)


def number(letter: str, edition: EditionCode, year: int, count: int) -> str:
    """P24-03: the year's last two digits if the edition's code is its year, else the code: P-unga-22-03."""
    if edition == str(year):
        return f"{letter}{edition[-2:]}-{count:02}"
    return f"{letter}-{edition}-{count:02}"


def check_open(agenda: Agenda) -> None:
    """Refuse what a closed agenda takes no longer."""
    if agenda.closed:
        raise AgendaHasClosed(agenda.edition)
