"""What happens to a prepared act, in the book of its delegation alone."""

from typing import ClassVar

from domain.identity import DelegationCode
from domain.kernel import Erasable, Fact, WordsGone


class ActPrepared(Fact, frozen=True):
    """Somebody who does not bind the delegation has an act ready for its head.

    ``act`` and ``target`` name it as the door at which it will be sent.
    """

    tag: ClassVar[str] = "prepared.act-prepared"

    delegation: DelegationCode
    act: str
    target: str


class ActWorded(Erasable, frozen=True):
    """What will be said at the door, as JSON text: beside the act, since a reason or a reservation may be among the words."""

    tag: ClassVar[str] = "prepared.act-worded"

    body: str


class ActSent(Fact, frozen=True):
    """The head or alternate sent it. What came of it stands where the act does."""

    tag: ClassVar[str] = "prepared.act-sent"


class ActDropped(Fact, frozen=True):
    """It is not needed any more."""

    tag: ClassVar[str] = "prepared.act-dropped"


class WordsErased(WordsGone, frozen=True):
    """Words of a prepared act are gone. What was done with them stays."""

    tag: ClassVar[str] = "prepared.words-erased"


FACTS: tuple[type[Fact], ...] = (ActPrepared, ActWorded, ActSent, ActDropped, WordsErased)
