"""A text as numbered parts, each with its words per language."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from domain.identity import Language, ProvisionId


class ProvisionKind(StrEnum):
    """What a provision is in the text."""

    TITLE = "title"
    PREAMBLE = "preamble"
    DEFINITION = "definition"
    OPERATIVE = "operative"
    ANNEX = "annex"


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """A provision as somebody hands it in: without an id where it is new."""

    kind: ProvisionKind
    text: dict[Language, str]
    id: ProvisionId | None = None

    def fresh(self) -> "Words":
        """The same words, as new ones."""
        return Words(self.kind, self.text)


class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    """A numbered part of a text, with a stable id."""

    id: ProvisionId
    kind: ProvisionKind
    text: dict[Language, str]

    def words(self) -> Words:
        """Its words alone, for another text."""
        return Words(self.kind, self.text)


PREFIX = {
    ProvisionKind.TITLE: "Title",
    ProvisionKind.PREAMBLE: "PP",
    ProvisionKind.DEFINITION: "D",
    ProvisionKind.OPERATIVE: "OP",
    ProvisionKind.ANNEX: "Annex ",
}


def numbered(provisions: Iterable[Provision]) -> dict[ProvisionId, str]:
    """The number under which each provision is quoted in the room, as PP1 or OP3."""
    count = dict.fromkeys(ProvisionKind, 0)
    numbers: dict[ProvisionId, str] = {}
    for provision in provisions:
        count[provision.kind] += 1
        alone = provision.kind is ProvisionKind.TITLE
        numbers[provision.id] = PREFIX[provision.kind] + ("" if alone else str(count[provision.kind]))
    return numbers


def with_ids(words: Iterable[Words], *, given: int = 0) -> tuple[tuple[Provision, ...], int]:
    """Give each new provision the next id; ``given`` ids exist already. Also returns how many exist afterwards."""
    provisions: list[Provision] = []
    for part in words:
        if part.id is None:
            given += 1
        provisions.append(Provision(part.id or ProvisionId(f"p{given}"), part.kind, part.text))
    return tuple(provisions), given
