"""Why words do not go."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class FactUnknown(Refusal):
    """Only what stands in the book can go."""

    code: ClassVar[str] = "fact-unknown"
    sentence: ClassVar[str] = "There is no fact {index} in this book."
    index: int


@dataclass(eq=False)
class NotErasable(Refusal):
    """Only words without consequences go: a reason, a reservation, a statement. An act stays, and so does a text."""

    code: ClassVar[str] = "not-erasable"
    sentence: ClassVar[str] = "Fact {index} is a {kind}: it has consequences, and stays."
    index: int
    kind: str


@dataclass(eq=False)
class AlreadyErased(Refusal):
    """What is gone cannot go again."""

    code: ClassVar[str] = "already-erased"
    sentence: ClassVar[str] = "The words of fact {index} were erased already, by fact {erasure}."
    index: int
    erasure: int


@dataclass(eq=False)
class ErasureUnknown(Refusal):
    """An erasure is asked for before it is approved."""

    code: ClassVar[str] = "erasure-unknown"
    sentence: ClassVar[str] = "There is no erasure {erasure}; {count} were asked for in this book."
    erasure: int
    count: int


@dataclass(eq=False)
class ErasureApprovedAlready(Refusal):
    """One approval of each delegation is enough."""

    code: ClassVar[str] = "erasure-approved-already"
    sentence: ClassVar[str] = "{delegation} has approved that erasure already."
    delegation: str
