"""Erasures of a book: who asked for which, who agrees, and what went.

By default each delegation of the book's audience has to agree. The last that does carries it out, in the same act: nobody, the
operator least of all, erases alone. A delegation's own book has one member, who therefore asks and erases at once.
"""

from collections.abc import Mapping, Set
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.erasures.commands import ApproveErasure, AskErasure
from domain.erasures.events import (
    Basis,
    ErasureApproved,
    ErasureAsked,
    ErasureCarriedOut,
    ErasureReasoned,
    NamedWords,
)
from domain.erasures.refusals import AlreadyErased, ErasureApprovedAlready, ErasureUnknown, FactUnknown, NotErasable
from domain.identity import BookId, DelegationCode
from domain.kernel import Decision, Erasable, Fact, Recorded, Withheld

Found = Mapping[int, Fact]
"""By index, what stands there in the book."""


class Done(Struct, frozen=True):
    """When an erasure was carried out, and by which fact of the book."""

    at: datetime
    index: int


class Erasure(Struct, frozen=True):
    """An erasure that was asked for."""

    number: int
    facts: tuple[NamedWords, ...]
    basis: Basis
    delegation: DelegationCode | None
    """Whose head asked; None: the secretary."""
    asked: datetime
    reason: str | None = None
    approvals: dict[DelegationCode, datetime] = {}
    done: Done | None = None

    @property
    def indices(self) -> tuple[int, ...]:
        """Where the words stand, or stood."""
        return tuple(words.index for words in self.facts)


class Erasures(Struct, frozen=True):
    """All that was asked for in one book."""

    book: BookId
    asked: tuple[Erasure, ...] = ()


def evolve_erasures(erasures: Erasures | None, recorded: Recorded[Fact]) -> Erasures | None:
    """The erasures of the book after a fact."""
    match recorded.fact:
        case ErasureAsked() as fact:
            known = erasures or Erasures(recorded.book)
            asked = Erasure(len(known.asked) + 1, fact.facts, fact.basis, fact.delegation, recorded.at)
            return replace(known, asked=(*known.asked, asked))
        case ErasureReasoned() | ErasureApproved() | ErasureCarriedOut() as fact if erasures and _has(erasures, fact.erasure):
            return _with(erasures, _moved(erasures.asked[fact.erasure - 1], fact, recorded))
        case _:
            return erasures


def _has(erasures: Erasures, number: int) -> bool:
    return 0 < number <= len(erasures.asked)


def _with(erasures: Erasures, erasure: Erasure) -> Erasures:
    place = erasure.number - 1
    return replace(erasures, asked=(*erasures.asked[:place], erasure, *erasures.asked[place + 1 :]))


def _moved(erasure: Erasure, fact: ErasureReasoned | ErasureApproved | ErasureCarriedOut, recorded: Recorded[Fact]) -> Erasure:
    match fact:
        case ErasureReasoned(text=text):
            return replace(erasure, reason=text)
        case ErasureApproved(delegation=delegation):
            return replace(erasure, approvals={**erasure.approvals, delegation: recorded.at})
        case ErasureCarriedOut():
            return replace(erasure, done=Done(recorded.at, recorded.index))


def ask(
    erasures: Erasures | None,
    command: AskErasure,
    found: Found,
    *,
    delegation: DelegationCode | None,
    members: Set[DelegationCode],
) -> Decision:
    """Ask for it, and agree at once where a delegation asks. ``members``: the delegations of the book's audience now."""
    number = len(erasures.asked) + 1 if erasures else 1
    named = tuple(_named(index, found) for index in sorted(set(command.facts)))
    facts: list[Fact] = [ErasureAsked(number, named, command.basis, delegation)]
    if command.reason is not None and command.reason.strip():
        facts.append(ErasureReasoned(number, command.reason))
    if delegation is not None:
        facts += _approved(number, named, command.basis, delegation, before=frozenset(), members=members)
    return Decision(tuple(facts))


def approve(
    erasures: Erasures | None,
    command: ApproveErasure,
    found: Found,
    *,
    delegation: DelegationCode,
    members: Set[DelegationCode],
) -> Decision:
    """Agree; with the last delegation's agreement it is carried out."""
    erasure = named_erasure(erasures, command.erasure)
    named = tuple(_named(index, found) for index in erasure.indices)
    if delegation in erasure.approvals:
        raise ErasureApprovedAlready(delegation)
    before = frozenset(erasure.approvals)
    return Decision(_approved(erasure.number, named, erasure.basis, delegation, before=before, members=members))


def named_erasure(erasures: Erasures | None, number: int) -> Erasure:
    """The erasure of that number. Refuses where there is none."""
    if erasures is None or not _has(erasures, number):
        raise ErasureUnknown(number, len(erasures.asked) if erasures else 0)
    return erasures.asked[number - 1]


def _named(index: int, found: Found) -> NamedWords:
    match found.get(index):
        case None:
            raise FactUnknown(index)
        case Withheld(erasure=erasure):
            raise AlreadyErased(index, erasure)
        case Erasable(tag=tag):
            return NamedWords(index, tag)
        case other:
            raise NotErasable(index, other.tag)


def _approved(
    number: int,
    named: tuple[NamedWords, ...],
    basis: Basis,
    delegation: DelegationCode,
    *,
    before: Set[DelegationCode],
    members: Set[DelegationCode],
) -> tuple[Fact, ...]:
    approved = ErasureApproved(number, delegation)
    if not before | {delegation} >= members:
        return (approved,)
    return (approved, ErasureCarriedOut(number, named, basis, tuple(sorted(before | {delegation}))))
