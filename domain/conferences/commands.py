"""What can be asked about an edition and the agenda of a format in it."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from domain.conferences.events import SittingRule
from domain.identity import DelegationCode, Language, NewEditionCode, PersonId
from domain.kernel import Command


class AnnounceEdition(Command, frozen=True):
    """Begin a conference year."""

    code: NewEditionCode
    year: Annotated[int, Meta(ge=1, le=9999)]
    starts_on: date
    ends_on: date
    city: str
    theme: dict[Language, str]


class OpenEdition(Command, frozen=True):
    """Begin the edition's work."""


class CloseEdition(Command, frozen=True):
    """Let nothing new be tabled or put under silence."""


class PostponeEdition(Command, frozen=True):
    """Move the meeting days."""

    starts_on: date
    ends_on: date


class CancelEdition(Command, frozen=True):
    """Do not meet."""


class AppointChair(Command, frozen=True):
    """Let a person chair the format in the edition."""

    person: PersonId


class ConveneSitting(Command, frozen=True):
    """Meet."""

    held_on: date
    rule: SittingRule


class MarkAttendance(Command, frozen=True):
    """Say which delegations are present."""

    sitting: int
    present: tuple[DelegationCode, ...]


class CloseAgenda(Command, frozen=True):
    """Finish the format's business: each proposal still open gets its outcome."""

    instruction: str | None = None
    """The reference of the chair's instruction, where the secretary closes it; the chair gives none."""
