"""What an edition and its agendas refuse."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class EditionExists(Refusal):
    """A code names one edition."""

    code: ClassVar[str] = "edition-exists"
    sentence: ClassVar[str] = "The edition {edition} is announced already."
    edition: str


@dataclass(eq=False)
class EditionEndsBeforeItStarts(Refusal):
    """The last meeting day is not before the first."""

    code: ClassVar[str] = "edition-ends-before-it-starts"
    sentence: ClassVar[str] = "The meeting days end on {ends_on}, before they start on {starts_on}."
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class EditionNotSo(Refusal):
    """A closed or cancelled edition stays so (refusal 58); an open one is not opened again."""

    code: ClassVar[str] = "edition-not-so"
    sentence: ClassVar[str] = "The edition is {status}; this can be done only while it is {allowed}."
    status: str
    allowed: tuple[str, ...]


@dataclass(eq=False)
class ChairInPlace(Refusal):
    """A person is appointed once."""

    code: ClassVar[str] = "chair-in-place"
    sentence: ClassVar[str] = "That person chairs this agenda already."


@dataclass(eq=False)
class SittingUnknown(Refusal):
    """Attendance and decisions name a sitting of this agenda."""

    code: ClassVar[str] = "sitting-unknown"
    sentence: ClassVar[str] = "This agenda has no sitting {sitting}; there are {count}."
    sitting: int
    count: int


@dataclass(eq=False)
class NotOfTheFormat(Refusal):
    """Only the format's delegations sit in it (refusal 20)."""

    code: ClassVar[str] = "not-of-the-format"
    sentence: ClassVar[str] = "{delegation} is not of this format; its delegations are {members}."
    delegation: str
    members: tuple[str, ...]


@dataclass(eq=False)
class AgendaHasClosed(Refusal):
    """The format's business in the edition is done."""

    code: ClassVar[str] = "agenda-has-closed"
    sentence: ClassVar[str] = "The agenda of this format in {edition} is closed."
    edition: str
