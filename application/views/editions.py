"""Which editions are there, and what stands on the agenda of a format in one?"""

from collections.abc import Iterable, Set
from datetime import date

from msgspec import Struct

from application.folds import Folded
from application.memory import Memory
from domain.conferences.agenda import Agenda
from domain.conferences.edition import Edition
from domain.conferences.events import SittingRule
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, Language, PersonId, ProposalId


class EditionShown(Struct, frozen=True):
    """A conference year."""

    code: EditionCode
    year: int
    status: str
    starts_on: date
    ends_on: date
    city: str
    theme: dict[Language, str]
    agendas: tuple[FormatCode, ...]
    """The formats that have business in it, as far as the reader may know."""


class SittingShown(Struct, frozen=True):
    """One meeting."""

    number: int
    held_on: date
    rule: SittingRule
    present: tuple[DelegationCode, ...]


class ItemShown(Struct, frozen=True):
    """A proposal on the agenda."""

    number: str
    proposal: ProposalId


class AgendaShown(Struct, frozen=True):
    """A format's business in an edition."""

    edition: EditionCode
    format: FormatCode
    chair: PersonId | None
    proposals: tuple[ItemShown, ...]
    sittings: tuple[SittingShown, ...]
    closed: bool


def show_editions(memory: Memory, editions: Iterable[Folded], books: Set[BookId]) -> tuple[EditionShown, ...]:
    """These editions, the latest year first."""
    shown = [show_edition(memory, folded, books) for folded in editions]
    return tuple(sorted(shown, key=lambda edition: (-edition.year, edition.code)))


def show_edition(memory: Memory, folded: Folded, books: Set[BookId]) -> EditionShown:
    """An edition, with the agendas that stand in one of the reader's books."""
    edition = folded.state
    assert isinstance(edition, Edition), "an edition's stream folds into one"
    code = edition.announced.code
    agendas = (a for _, found, a in memory.everything(Agenda) if found.book in books and a.edition == code)
    return EditionShown(
        code=code,
        year=edition.announced.year,
        status=edition.status,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        city=edition.announced.city,
        theme=edition.announced.theme,
        agendas=tuple(sorted(agenda.format for agenda in agendas)),
    )


def show_agenda(agenda: Agenda) -> AgendaShown:
    """An agenda."""
    return AgendaShown(
        edition=agenda.edition,
        format=agenda.format,
        chair=agenda.chair,
        proposals=tuple(ItemShown(number, proposal) for proposal, number in agenda.proposals.items()),
        sittings=tuple(SittingShown(s.number, s.held_on, s.rule, tuple(sorted(s.present))) for s in agenda.sittings),
        closed=agenda.closed,
    )
