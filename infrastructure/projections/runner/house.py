"""What the projections know of the forum itself: its rules, and which delegations each format has."""

from msgspec import Struct
from msgspec.structs import replace

from domain.forum.events import FormatDefined, ForumFounded
from domain.identity import DelegationCode, FormatCode
from domain.kernel import Fact
from domain.rules import Rules


class House(Struct, frozen=True):
    """As far as the record was read."""

    rules: Rules | None = None
    members: dict[FormatCode, frozenset[DelegationCode]] = {}


TYPES = (ForumFounded.tag, FormatDefined.tag)
"""The facts that it is made of. 0002_views.sql has an index of just these."""


def evolve_house(house: House, fact: Fact) -> House:
    """The house after a fact."""
    match fact:
        case ForumFounded(rules=rules):
            return replace(house, rules=rules)
        case FormatDefined(code=code, members=members):
            return replace(house, members={**house.members, code: frozenset(members)})
        case _:
            return house
