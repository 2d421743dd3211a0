"""A release: what it holds, who may be named in it, and how a text loses what would lead back to its proposal."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProvisionId, ReleaseId
from domain.kernel import Fact, Recorded
from domain.releases.events import NamedParty, NamedStatement, ReleasedOutcome, ReleasedStatementWorded, ReleaseMade
from domain.text.provisions import Provision, with_ids


class Release(Struct, frozen=True):
    """A text and its outcome, as a wider audience has it."""

    id: ReleaseId
    made: ReleaseMade
    released: datetime
    words: dict[int, dict[Language, str]] = {}
    """Of its statements; none where they are withheld."""


class Ended(Struct, frozen=True):
    """A text that has its outcome, as its format knows it."""

    outcome: ReleasedOutcome
    kind: str
    edition: EditionCode
    format: FormatCode | None
    """None where the format is not listed."""
    master: Language
    provisions: tuple[Provision, ...]
    reached: datetime


class Stated(Struct, frozen=True):
    """A statement on it, as its format knows it."""

    delegation: DelegationCode
    kind: str
    provision: ProvisionId | None
    joined: tuple[DelegationCode, ...]
    text: Mapping[Language, str]


class Roles(Struct, frozen=True):
    """Who did what with it, as its format knows it."""

    sponsors: tuple[DelegationCode, ...]
    parties: tuple[NamedParty, ...]
    statements: tuple[Stated, ...]


def evolve_release(release: Release | None, recorded: Recorded[Fact]) -> Release | None:
    """The release after a fact."""
    match recorded.fact, release:
        case ReleaseMade() as made, None:
            return Release(ReleaseId(recorded.stream), made, recorded.at)
        case ReleasedStatementWorded(statement=number, text=text), Release():
            return replace(release, words={**release.words, number: text})
        case _:
            return release


def may_be_named(
    consents: Mapping[DelegationCode, bool], members: Set[DelegationCode], *, protected: bool
) -> frozenset[DelegationCode]:
    """Whom a release may name: those that consent to it.

    ``protected``: a sitting that handled the text was under the Chatham House Rule, or closed. Then all or none: of four
    delegations three names give the fourth.
    """
    willing = frozenset(delegation for delegation, named in consents.items() if named)
    return frozenset() if protected and not willing >= members else willing


def release(text: Ended, roles: Roles, named: Set[DelegationCode]) -> tuple[Fact, ...]:
    """What is recorded of it in the wider book. ``named``: who may be."""
    provisions, ids = _anew(text.provisions)
    statements = _of_these(roles.statements, ids, named)
    made = ReleaseMade(
        outcome=text.outcome,
        kind=text.kind,
        edition=text.edition,
        format=text.format,
        master=text.master,
        provisions=provisions,
        reached=text.reached,
        sponsors=_among(roles.sponsors, named),
        parties=tuple(party for party in roles.parties if party.delegation in named),
        statements=tuple(_named(number, stated, ids, named) for number, stated in enumerate(statements, 1)),
    )
    worded = (ReleasedStatementWorded(n, dict(stated.text)) for n, stated in enumerate(statements, 1) if stated.text)
    return (made, *worded)


def _anew(provisions: Sequence[Provision]) -> tuple[tuple[Provision, ...], dict[ProvisionId, ProvisionId]]:
    """The provisions with ids counted from 1, and which was which."""
    fresh, _ = with_ids(part.words() for part in provisions)
    return fresh, {before.id: after.id for before, after in zip(provisions, fresh, strict=True)}


def _of_these(
    statements: Iterable[Stated], ids: Mapping[ProvisionId, ProvisionId], named: Set[DelegationCode]
) -> tuple[Stated, ...]:
    """Those of the delegations that may be named; of a provision that was struck out there is nothing to say any more."""
    return tuple(s for s in statements if s.delegation in named and (s.provision is None or s.provision in ids))


def _named(number: int, stated: Stated, ids: Mapping[ProvisionId, ProvisionId], named: Set[DelegationCode]) -> NamedStatement:
    provision = None if stated.provision is None else ids[stated.provision]
    return NamedStatement(number, stated.delegation, stated.kind, provision, _among(stated.joined, named))


def _among(delegations: Iterable[DelegationCode], named: Set[DelegationCode]) -> tuple[DelegationCode, ...]:
    return tuple(delegation for delegation in delegations if delegation in named)
