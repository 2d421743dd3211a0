"""An edition: one conference year as a working period."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from domain.conferences.commands import AnnounceEdition, CancelEdition, CloseEdition, OpenEdition, PostponeEdition
from domain.conferences.events import (
    EditionAnnounced,
    EditionCancelled,
    EditionClosed,
    EditionOpened,
    EditionPostponed,
)
from domain.conferences.refusals import EditionEndsBeforeItStarts, EditionExists, EditionNotSo
from domain.kernel import Decision, Fact, Recorded


class EditionStatus(StrEnum):
    """How far an edition is."""

    ANNOUNCED = "announced"
    OPEN = "open"
    POSTPONED = "postponed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIVE = (EditionStatus.ANNOUNCED, EditionStatus.OPEN, EditionStatus.POSTPONED)


class Edition(Struct, frozen=True):
    """The edition as announced, its status, and the meeting days as they stand."""

    announced: EditionAnnounced
    status: EditionStatus
    starts_on: date
    ends_on: date

    @property
    def takes_proposals(self) -> bool:
        """Whether proposals are tabled in it (refusal 4) and put under silence."""
        return self.status in {EditionStatus.ANNOUNCED, EditionStatus.OPEN}

    def in_session(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether this is one of the meeting days, by the forum's calendar."""
        return self.starts_on <= now.astimezone(zone).date() <= self.ends_on


EditionCommand = AnnounceEdition | OpenEdition | CloseEdition | PostponeEdition | CancelEdition


def evolve_edition(edition: Edition | None, recorded: Recorded[Fact]) -> Edition | None:
    """The edition after a fact."""
    match recorded.fact, edition:
        case EditionAnnounced() as fact, None:
            return Edition(fact, EditionStatus.ANNOUNCED, fact.starts_on, fact.ends_on)
        case EditionOpened(), Edition():
            return replace(edition, status=EditionStatus.OPEN)
        case EditionClosed(), Edition():
            return replace(edition, status=EditionStatus.CLOSED)
        case EditionPostponed() as fact, Edition():
            return replace(edition, status=EditionStatus.POSTPONED, starts_on=fact.starts_on, ends_on=fact.ends_on)
        case EditionCancelled(), Edition():
            return replace(edition, status=EditionStatus.CANCELLED)
        case _:
            return edition


def announce(edition: Edition | None, command: AnnounceEdition) -> Decision:
    """Begin a conference year, once under its code."""
    if edition is not None:
        raise EditionExists(command.code)
    _check_days(command.starts_on, command.ends_on)
    return Decision(
        (EditionAnnounced(command.code, command.year, command.starts_on, command.ends_on, command.city, command.theme),)
    )


def change_edition(edition: Edition, command: OpenEdition | CloseEdition | PostponeEdition | CancelEdition) -> Decision:
    """Move the edition on. Closing looks into no format: what runs there goes on until its agenda closes."""
    match command:
        case OpenEdition():
            _check_status(edition, EditionStatus.ANNOUNCED, EditionStatus.POSTPONED)
            return Decision((EditionOpened(),))
        case CloseEdition():
            _check_status(edition, EditionStatus.OPEN)
            return Decision((EditionClosed(),))
        case PostponeEdition():
            _check_status(edition, *LIVE)
            _check_days(command.starts_on, command.ends_on)
            return Decision((EditionPostponed(command.starts_on, command.ends_on),))
        case CancelEdition():
            _check_status(edition, *LIVE)
            return Decision((EditionCancelled(),))


def _check_status(edition: Edition, *allowed: EditionStatus) -> None:
    if edition.status not in allowed:
        raise EditionNotSo(edition.status, allowed)


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise EditionEndsBeforeItStarts(starts_on, ends_on)
