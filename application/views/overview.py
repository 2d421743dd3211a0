"""How far is each format's business in an edition, and what is to be done before its agenda closes?"""

from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from application.views.editions import AgendaShown, EditionShown, show_agenda
from application.views.proposals import ProposalRow, row, waits_for_certificate
from domain.conferences.agenda import Agenda
from domain.identity import DelegationCode, EditionCode
from domain.proposals.proposal import Open, Proposal, UnderSilence, settle
from domain.proposals.standing import pending, standings, timely_objections
from domain.rules import Rules


class Check(StrEnum):
    """What the chair looks at before closing."""

    SILENCE = "silence-runs"
    """The agenda does not close before its end."""
    NO_CHAIR = "nobody-chairs"
    """Nobody can close it."""
    OPEN = "still-open"
    """Closing gives these their outcome; what is to go on is deferred before."""
    PENDING = "confirmation-pending"
    GIVEN = "on-behalf-unconfirmed"
    EDITORIAL = "editorial-uncertified"
    TIMELY = "objection-received-in-time"
    """Recorded after the adoption, received before it: the chair may set the adoption aside."""


BLOCKING = frozenset({Check.SILENCE, Check.NO_CHAIR})


class CheckShown(Struct, frozen=True):
    """Something to look at, and the proposals that it concerns."""

    check: Check
    blocks: bool
    """Whether the agenda cannot be closed meanwhile."""
    proposals: tuple[str, ...]
    """Their numbers."""


class AgendaOverview(Struct, frozen=True):
    """A format's business in an edition."""

    agenda: AgendaShown
    counts: dict[str, int]
    """How many of its proposals have which status."""
    proposals: tuple[ProposalRow, ...]
    moved_on: tuple[str, ...]
    """The numbers of those that were taken up in a later edition."""
    checklist: tuple[CheckShown, ...]


class EditionOverview(Struct, frozen=True):
    """An edition, as far as its reader may see it."""

    edition: EditionShown
    agendas: tuple[AgendaOverview, ...]


class Item(Struct, frozen=True):
    """A proposal of the agenda, with the version of its stream."""

    proposal: Proposal
    version: int


def overview_of(
    agenda: Agenda, items: Sequence[Item], now: datetime, *, members: Set[DelegationCode], rules: Rules
) -> AgendaOverview:
    """An agenda whose proposals are these."""
    here = [item for item in items if item.proposal.edition == agenda.edition]
    rows = tuple(row(item.proposal, now, item.version, members=members, rules=rules) for item in here)
    statuses = [shown.status for shown in rows]
    return AgendaOverview(
        agenda=show_agenda(agenda),
        counts={status: statuses.count(status) for status in sorted(set(statuses))},
        proposals=rows,
        moved_on=_moved_on(items, agenda.edition),
        checklist=tuple(_checklist(agenda, here, now, rules)),
    )


def _moved_on(items: Sequence[Item], edition: EditionCode) -> tuple[str, ...]:
    return tuple(item.proposal.number for item in items if item.proposal.edition != edition)


def _checklist(agenda: Agenda, items: Sequence[Item], now: datetime, rules: Rules) -> Iterator[CheckShown]:
    """Nothing, once the agenda is closed, but objections that had arrived in time."""
    found: dict[Check, list[str]] = {}
    for item in items:
        for check in _checks(settle(item.proposal, now), now, rules):
            found.setdefault(check, []).append(item.proposal.number)
    if agenda.chair is None:
        found[Check.NO_CHAIR] = []
    for check in Check:
        if check in found and (check is Check.TIMELY or not agenda.closed):
            yield CheckShown(check, check in BLOCKING, tuple(found[check]))


def _checks(settled: Proposal, now: datetime, rules: Rules) -> Iterator[Check]:
    if isinstance(settled.phase, UnderSilence):
        yield Check.SILENCE
    if isinstance(settled.phase, Open):
        yield Check.OPEN
    if not settled.is_closed and pending(standings(settled, now, certification=rules.editorial_certification)):
        yield Check.PENDING
    if settled.on_behalf and not settled.is_closed:
        yield Check.GIVEN
    if isinstance(settled.phase, Open) and rules.editorial_certification and waits_for_certificate(settled):
        yield Check.EDITORIAL
    if timely_objections(settled):
        yield Check.TIMELY
