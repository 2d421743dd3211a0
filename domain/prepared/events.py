"""What happens to a prepared act, in the book of its delegation alone."""

from typing import ClassVar

from domain.identity import DelegationCode
from domain.kernel import Fact


class ActPrepared(Fact, frozen=True):
    """Somebody who does not bind the delegation has an act ready for its head.

    ``act`` and ``target`` name it as the door at which it will be sent; ``body`` is the JSON text that will be sent there.
    """

    tag: ClassVar[str] = "prepared.act-prepared"

    delegation: DelegationCode
    act: str
    target: str
    body: str


class ActSent(Fact, frozen=True):
    """The head or alternate sent it. What came of it stands where the act does."""

    tag: ClassVar[str] = "prepared.act-sent"


class ActDropped(Fact, frozen=True):
    """It is not needed any more."""

    tag: ClassVar[str] = "prepared.act-dropped"


FACTS: tuple[type[Fact], ...] = (ActPrepared, ActSent, ActDropped)
