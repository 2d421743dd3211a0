"""What a draft refuses."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class DraftHasClosed(Refusal):
    """A draft that was tabled, shared or discarded is written on no longer."""

    code: ClassVar[str] = "draft-has-closed"
    sentence: ClassVar[str] = "The draft is closed: {end}."
    end: str


@dataclass(eq=False)
class NobodyToShareWith(Refusal):
    """A share is with a delegation that does not share the draft yet."""

    code: ClassVar[str] = "nobody-to-share-with"
    sentence: ClassVar[str] = "All of {delegations} share this draft already."
    delegations: tuple[str, ...]


@dataclass(eq=False)
class DraftNotShareable(Refusal):
    """A draft of the secretariat or of a chair belongs to no delegation."""

    code: ClassVar[str] = "draft-not-shareable"
    sentence: ClassVar[str] = "This draft belongs to no delegation; it cannot be shared with one."


@dataclass(eq=False)
class WordsUnknown(Refusal):
    """An id names a provision of the draft, once."""

    code: ClassVar[str] = "words-unknown"
    sentence: ClassVar[str] = "{provision} does not stand once in the draft; leave the id out of a new provision."
    provision: str
