"""What changed between these two revisions, provision by provision and word by word?"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from domain.identity import Language, ProvisionId
from domain.proposals.proposal import Revision
from domain.text.comparison import Compared, Difference, compare
from domain.text.provisions import Provision, ProvisionKind, numbered
from domain.text.redline import Allowance, Run, Segmenter


class RevisionMark(Struct, frozen=True):
    """Which revision is compared."""

    number: int
    fingerprint: str
    issued: datetime


class Place(Struct, frozen=True):
    """As what a provision stands in a text."""

    number: str
    kind: ProvisionKind


class LanguagesCompared(Struct, frozen=True):
    """In which languages a provision has its words, and where these differ."""

    added: tuple[Language, ...] = ()
    removed: tuple[Language, ...] = ()
    reworded: tuple[Language, ...] = ()


class ProvisionCompared(Struct, frozen=True):
    """A provision in both revisions, or in the one that has it."""

    id: ProvisionId
    difference: Difference
    moved: bool
    """It changed places among those that stayed, whatever else is new."""
    before: Place | None
    """None where it was added."""
    after: Place | None
    """None where it was removed."""
    languages: LanguagesCompared
    runs: tuple[Run, ...]
    """Its words in the language of the comparison; none where neither revision has any."""
    coarse: bool
    """The runs are whole clauses somewhere, because a finer answer would have cost too much."""


class Comparison(Struct, frozen=True):
    """Two revisions side by side."""

    base: RevisionMark = field(name="from")
    to: RevisionMark
    language: Language
    totals: dict[Difference, int]
    provisions: tuple[ProvisionCompared, ...]
    """In the order of the later text; a removed one behind what it stood behind."""


def compared(before: Revision, after: Revision, language: Language, words: Segmenter) -> Comparison:
    """The earlier revision beside the later one, or the other way round. Pure, and may take seconds: not for an event loop."""
    found = compare(before.provisions, after.provisions, language, words, Allowance())
    old, new = numbered(before.provisions), numbered(after.provisions)
    return Comparison(
        base=_mark(before),
        to=_mark(after),
        language=language,
        totals=_totals(found),
        provisions=tuple(_provision(part, old, new) for part in found),
    )


def _mark(revision: Revision) -> RevisionMark:
    return RevisionMark(revision.number, revision.fingerprint, revision.issued)


def _totals(found: Sequence[Compared]) -> dict[Difference, int]:
    found_so = [part.difference for part in found]
    return {difference: found_so.count(difference) for difference in Difference}


def _provision(part: Compared, old: Mapping[ProvisionId, str], new: Mapping[ProvisionId, str]) -> ProvisionCompared:
    return ProvisionCompared(
        id=part.id,
        difference=part.difference,
        moved=part.moved,
        before=_place(part.before, old),
        after=_place(part.after, new),
        languages=_languages(part.before, part.after),
        runs=part.redline.runs,
        coarse=part.redline.coarse,
    )


def _place(part: Provision | None, numbers: Mapping[ProvisionId, str]) -> Place | None:
    return None if part is None else Place(numbers[part.id], part.kind)


def _languages(before: Provision | None, after: Provision | None) -> LanguagesCompared:
    old = before.text if before else {}
    new = after.text if after else {}
    return LanguagesCompared(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        reworded=tuple(sorted(language for language in old.keys() & new.keys() if old[language] != new[language])),
    )
