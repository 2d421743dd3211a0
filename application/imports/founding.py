"""The forum that recorded votes are loaded into: who sits in it, who loads them, and who may read all of it.

One person is its secretary and chair. For each delegation an import credential acts. Their ids are derived from the
forum's host, so that an import which goes on later is the same persons' work.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from domain.forum.commands import DelegationDescribed, FormatDescribed, FoundForum
from domain.identity import DelegationCode, FormatCode, Language, PersonId
from domain.proposals.acts.tabling import EXTERNAL
from domain.rules import Rules

FORMAT: Final = FormatCode("general-assembly")
ENGLISH: Final = Language("en")
PEOPLE: Final = UUID("f5c22a68-37e9-4d0b-8a55-6a0b0f4d9be4")
"""The namespace of the ids of an import's people."""


class OtherForumError(Exception):
    """The forum is not the one that this file would found."""


def founding(host: str, members: Iterable[DelegationCode]) -> FoundForum:
    """An import forum in which these delegations sit as the one format. Its notice is 0: a vote follows at once."""
    codes = tuple(sorted(members))
    return FoundForum(
        name={ENGLISH: "Recorded votes of the UN General Assembly"},
        host=host,
        kind="import",
        languages=(ENGLISH,),
        time_zone="UTC",
        proposal_kinds=(EXTERNAL,),
        delegations=tuple(DelegationDescribed(code, {ENGLISH: code}, "UTC") for code in codes),
        formats=(FormatDescribed(FORMAT, "P", {ENGLISH: "General Assembly"}, codes),),
        rules=Rules(notice=0),
    )


def importer(host: str) -> PersonId:
    """Who founds the forum, serves it as secretary, and chairs each edition."""
    return _person(host, "importer")


def auditor(host: str) -> PersonId:
    """To whom every delegation opens the books."""
    return _person(host, "auditor")


def head(host: str, delegation: DelegationCode) -> PersonId:
    """Who acts under the delegation's import credential."""
    return _person(host, "head", delegation)


def _person(*names: str) -> PersonId:
    return PersonId(uuid5(PEOPLE, "/".join(names)))
