"""What was to go from this book, who agreed, and what went?"""

from collections.abc import Set
from datetime import datetime

from msgspec import Struct

from domain.erasures.erasure import Erasure, Erasures
from domain.erasures.events import Basis, NamedWords
from domain.identity import DelegationCode


class ApprovalShown(Struct, frozen=True):
    """That a delegation agreed, and when."""

    delegation: DelegationCode
    at: datetime


class ErasureShown(Struct, frozen=True):
    """An erasure that was asked for."""

    erasure: int
    """Its number in the book."""
    facts: tuple[NamedWords, ...]
    basis: Basis
    reason: str | None
    delegation: DelegationCode | None
    """Whose head asked; nobody's, where the secretary did."""
    asked: datetime
    approvals: tuple[ApprovalShown, ...]
    missing: tuple[DelegationCode, ...]
    """Those who have yet to agree."""
    carried_out: datetime | None
    index: int | None
    """Of the fact by which the words went; where they stood, it is told as ``erasure``."""


def show_erasures(erasures: Erasures | None, members: Set[DelegationCode]) -> tuple[ErasureShown, ...]:
    """All of a book, in the order in which they were asked for. ``members``: the delegations of its audience now."""
    return tuple(_shown(erasure, members) for erasure in erasures.asked) if erasures else ()


def _shown(erasure: Erasure, members: Set[DelegationCode]) -> ErasureShown:
    done = erasure.done
    return ErasureShown(
        erasure=erasure.number,
        facts=erasure.facts,
        basis=erasure.basis,
        reason=erasure.reason,
        delegation=erasure.delegation,
        asked=erasure.asked,
        approvals=tuple(ApprovalShown(code, at) for code, at in sorted(erasure.approvals.items())),
        missing=() if done else tuple(sorted(members - erasure.approvals.keys())),
        carried_out=done.at if done else None,
        index=done.index if done else None,
    )
