"""Where does a proposal come from, and what became of it elsewhere? Its whole family, as a graph."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from domain.identity import EditionCode, Language, ProposalId
from domain.proposals.proposal import Merged, Proposal, Split

MOST = 200
"""Proposals in a family that are looked at."""


class Relation(StrEnum):
    """How one proposal leads to another."""

    SUCCEEDED_BY = "succeeded-by"
    MERGED_INTO = "merged-into"
    SPLIT_INTO = "split-into"


class Relative(Struct, frozen=True):
    """A proposal of the family."""

    id: ProposalId
    number: str
    title: dict[Language, str]
    edition: EditionCode
    status: str


class Link(Struct, frozen=True, order=True):
    """What led to what."""

    source: ProposalId
    target: ProposalId
    relation: Relation


class Lineage(Struct, frozen=True):
    """A proposal's family: those that lead to it, and those that it leads to, and theirs."""

    proposals: tuple[Relative, ...]
    links: tuple[Link, ...]
    is_whole: bool
    """False where the family is larger than what is shown."""


def links_of(proposal: Proposal) -> Iterator[Link]:
    """The links that a proposal's own stream tells of. Who names it as predecessor stands in the streams of these."""
    if proposal.predecessor is not None:
        yield Link(proposal.predecessor, proposal.id, Relation.SUCCEEDED_BY)
    for merged in proposal.absorbed:
        yield Link(merged, proposal.id, Relation.MERGED_INTO)
    match proposal.phase:
        case Merged(into=into):
            yield Link(proposal.id, into, Relation.MERGED_INTO)
        case Split(parts=parts):
            yield from (Link(proposal.id, part, Relation.SPLIT_INTO) for part in parts)
        case _:
            pass
