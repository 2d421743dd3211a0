"""By what right words are missing: judged from what the book itself says, by whoever holds it.

A missing opening that no erasure explains is an error of whoever keeps the book, and so is one whose erasure was not asked for or
not approved as the rules say. Whether approvals are the delegations' own is for their signatures to say.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from domain.erasures.events import ErasureApproved, ErasureAsked, ErasureCarriedOut
from domain.identity import DelegationCode
from domain.kernel import Fact, Recorded

Members = Callable[[datetime], Set[DelegationCode]]
"""The delegations of the book's audience at an instant of the record."""


class Lacking(StrEnum):
    """What an erasure lacks."""

    WORDS = "words"
    """It stands before what it names."""
    REQUEST = "request"
    """Nobody had asked for just this."""
    MEMBERS = "members"
    """The book's audience has no delegations that could agree."""
    APPROVALS = "approvals"
    """Not every delegation of the audience had agreed, each for itself."""


class Authority(Struct, frozen=True):
    """The erasure that explains why words are missing."""

    erasure: int
    """The index of the fact by which they went."""
    type: str
    """The tag of the fact whose words they were, as those who agreed read it."""
    lacking: Lacking | None = None
    missing: tuple[DelegationCode, ...] = ()
    """The delegations that had not agreed."""


def authorities(facts: Iterable[Recorded[Fact]], members: Members) -> Mapping[int, Authority]:
    """By index, all that a book says was erased in it. ``facts``: those of the book, in order; of other rooms none are needed.

    An index that is withheld and not among these, or whose authority lacks something, is an error.
    """
    asked: dict[int, ErasureAsked] = {}
    approved: dict[int, set[DelegationCode]] = {}
    found: dict[int, Authority] = {}
    for recorded in facts:
        match recorded.fact:
            case ErasureAsked() as fact:
                asked.setdefault(fact.erasure, fact)
            case ErasureApproved(erasure=number, delegation=delegation) if recorded.delegation == delegation:
                approved.setdefault(number, set()).add(delegation)
            case ErasureCarriedOut() as fact:
                audience = members(recorded.at)
                missing = audience - approved.get(fact.erasure, set())
                lacking = _lacking(fact, asked.get(fact.erasure), audience, missing)
                for words in fact.facts:
                    late = Lacking.WORDS if words.index >= recorded.index else lacking
                    found.setdefault(words.index, Authority(recorded.index, words.type, late, tuple(sorted(missing))))
            case _:
                pass
    return found


def _lacking(
    fact: ErasureCarriedOut, request: ErasureAsked | None, members: Set[DelegationCode], missing: Set[DelegationCode]
) -> Lacking | None:
    if request is None or request.facts != fact.facts:
        return Lacking.REQUEST
    if not members:
        return Lacking.MEMBERS
    return Lacking.APPROVALS if missing else None
