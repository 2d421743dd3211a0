"""A prepared act: an adviser writes it, the head sends it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.identity import DelegationCode, PreparedId
from domain.kernel import Command, Decision, Fact, Recorded, Refusal
from domain.prepared.events import ActDropped, ActPrepared, ActSent, ActWorded


class PrepareAct(Command, frozen=True):
    """Have an act ready for the head."""

    act: str
    target: str
    body: str


class PreparedStatus(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class PreparedAct(Struct, frozen=True):
    """The act as prepared."""

    id: PreparedId
    delegation: DelegationCode
    act: str
    target: str
    body: str = ""
    """Empty where the words were never written or are withheld."""
    status: PreparedStatus = PreparedStatus.WAITING


@dataclass(eq=False)
class PreparedActDone(Refusal):
    """A prepared act is sent once."""

    code: ClassVar[str] = "prepared-act-done"
    sentence: ClassVar[str] = "That prepared act is {status} already."
    status: str


@dataclass(eq=False)
class PreparedWordsErased(Refusal):
    """What was to be said is gone, so it cannot be said."""

    code: ClassVar[str] = "prepared-words-erased"
    sentence: ClassVar[str] = "The words of that prepared act were erased; prepare it anew."


def evolve_prepared(prepared: PreparedAct | None, recorded: Recorded[Fact]) -> PreparedAct | None:
    """The prepared act after a fact."""
    match recorded.fact, prepared:
        case ActPrepared() as fact, None:
            return PreparedAct(PreparedId(recorded.stream), fact.delegation, fact.act, fact.target)
        case ActWorded(body=body), PreparedAct():
            return replace(prepared, body=body)
        case ActSent(), PreparedAct():
            return replace(prepared, status=PreparedStatus.SENT)
        case ActDropped(), PreparedAct():
            return replace(prepared, status=PreparedStatus.DROPPED)
        case _:
            return prepared


def prepare(delegation: DelegationCode, command: PrepareAct) -> Decision:
    """Have an act ready."""
    return Decision((ActPrepared(delegation, command.act, command.target), ActWorded(command.body)))


def send(prepared: PreparedAct) -> Decision:
    """Send it, once: recorded together with the act itself."""
    _check_waiting(prepared)
    if not prepared.body:
        raise PreparedWordsErased
    return Decision((ActSent(),))


def drop(prepared: PreparedAct) -> Decision:
    """It is not needed any more."""
    _check_waiting(prepared)
    return Decision((ActDropped(),))


def _check_waiting(prepared: PreparedAct) -> None:
    if prepared.status is not PreparedStatus.WAITING:
        raise PreparedActDone(prepared.status)
