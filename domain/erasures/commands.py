"""What can be asked about words that are to go."""

from typing import Annotated

from msgspec import Meta

from domain.erasures.events import Basis
from domain.kernel import Command

Index = Annotated[int, Meta(ge=0)]


class AskErasure(Command, frozen=True):
    """Ask that words go from a book. A delegation that asks has approved."""

    facts: Annotated[tuple[Index, ...], Meta(min_length=1, max_length=100)]
    """The indices of their facts."""
    basis: Basis
    reason: str | None = None


class ApproveErasure(Command, frozen=True):
    """Agree, for one's own delegation; with the last that agrees it is carried out."""

    erasure: int
