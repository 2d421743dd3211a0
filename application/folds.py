"""Which state each stream folds into. The room is the first word of its facts' tags."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct

from domain.conferences.agenda import Agenda, evolve_agenda
from domain.conferences.edition import Edition, evolve_edition
from domain.drafts.draft import Draft, evolve_draft
from domain.epochs.epochs import Epochs, Slot, evolve_epochs, evolve_slot
from domain.erasures.erasure import Erasures, evolve_erasures
from domain.forum.forum import Format, Forum, Letter, evolve_format, evolve_forum, evolve_letter
from domain.forum.keys import Keys, evolve_keys
from domain.forum.people import Book, Credentials, Secretariat, evolve_book, evolve_credentials, evolve_secretariat
from domain.identity import BookId
from domain.kernel import Fact, Recorded
from domain.prepared.prepared import PreparedAct, evolve_prepared
from domain.proposals.proposal import Proposal, evolve
from domain.releases.release import Release, evolve_release

State = (
    Forum
    | Format
    | Letter
    | Book
    | Credentials
    | Keys
    | Secretariat
    | Slot
    | Epochs
    | Edition
    | Agenda
    | Draft
    | PreparedAct
    | Proposal
    | Release
    | Erasures
)

EVOLVE: Final[dict[str, Callable[[Any, Recorded[Fact]], State | None]]] = {
    "forum": evolve_forum,
    "format": evolve_format,
    "letter": evolve_letter,
    "book": evolve_book,
    "credential": evolve_credentials,
    "delegation": evolve_keys,
    "secretariat": evolve_secretariat,
    "slot": evolve_slot,
    "epoch": evolve_epochs,
    "edition": evolve_edition,
    "agenda": evolve_agenda,
    "draft": evolve_draft,
    "prepared": evolve_prepared,
    "proposal": evolve,
    "release": evolve_release,
    "erasure": evolve_erasures,
}


class Folded(Struct, frozen=True):
    """A stream folded up to a version. A stream lies wholly in one book."""

    state: State
    version: int
    book: BookId


def room_of(fact: Fact) -> str:
    """The room whose fact it is."""
    return fact.tag.partition(".")[0]


def advance(folded: Folded | None, recorded: Recorded[Fact]) -> Folded | None:
    """The stream after its next fact."""
    state = EVOLVE[room_of(recorded.fact)](folded.state if folded else None, recorded)
    return None if state is None else Folded(state, recorded.version, recorded.book)


def fold(facts: Iterable[Recorded[Fact]], folded: Folded | None = None) -> Folded | None:
    """The stream after all of these facts, in order."""
    for recorded in facts:
        folded = advance(folded, recorded)
    return folded
