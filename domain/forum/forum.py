"""What a forum is: its rules and delegations, its formats, and the letters that their proposals are numbered by."""

from msgspec import Struct
from msgspec.structs import replace

from domain.forum.events import DelegationAdmitted, FormatDefined, ForumFounded, LetterReserved, SignerKeyAnnounced
from domain.identity import DelegationCode, FormatCode
from domain.kernel import Fact, Recorded


class Forum(Struct, frozen=True):
    """The forum as founded, and who has a seat."""

    founded: ForumFounded
    delegations: dict[DelegationCode, DelegationAdmitted] = {}
    announced: tuple[SignerKeyAnnounced, ...] = ()
    """What keys signed its books, from the first on."""


class Format(Struct, frozen=True):
    """A set of delegations that meets as such."""

    defined: FormatDefined


class Letter(Struct, frozen=True):
    """A letter that begins the numbers of a format's proposals."""

    format: FormatCode


def evolve_forum(forum: Forum | None, recorded: Recorded[Fact]) -> Forum | None:
    """The forum after a fact."""
    match recorded.fact:
        case ForumFounded() as founded if forum is None:
            return Forum(founded)
        case DelegationAdmitted() as admitted if forum is not None:
            return replace(forum, delegations={**forum.delegations, admitted.code: admitted})
        case SignerKeyAnnounced() as announced if forum is not None:
            return replace(forum, announced=(*forum.announced, announced))
        case _:
            return forum


def evolve_format(format_: Format | None, recorded: Recorded[Fact]) -> Format | None:
    """The format after a fact."""
    match recorded.fact:
        case FormatDefined() as defined if format_ is None:
            return Format(defined)
        case _:
            return format_


def evolve_letter(letter: Letter | None, recorded: Recorded[Fact]) -> Letter | None:
    """The letter after a fact: it is taken once."""
    match recorded.fact:
        case LetterReserved(format=format_) if letter is None:
            return Letter(format_)
        case _:
            return letter
