"""What was released, to whom: texts and outcomes, and who lets itself be named?

Answered from memory: releases are few, and never change but for words that are withheld.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from application.folds import Folded
from application.views.pages import Bookmark, Limit, Page
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, Language, ProvisionId, ReleaseId
from domain.proposals.events import Wider
from domain.releases.events import NamedParty, ReleasedOutcome
from domain.releases.release import Release
from domain.text.provisions import ProvisionKind, numbered


class ReleaseRow(Struct, frozen=True):
    """A release in a list."""

    id: ReleaseId
    to: Wider
    outcome: ReleasedOutcome
    kind: str
    edition: EditionCode
    format: FormatCode | None
    """None where the format is not listed."""
    title: dict[Language, str]
    reached: datetime
    """When the text got its outcome."""
    released: datetime


class ReleasedProvision(Struct, frozen=True):
    """A provision with the number under which it is quoted."""

    id: ProvisionId
    number: str
    kind: ProvisionKind
    text: dict[Language, str]


class ReleasedStatement(Struct, frozen=True):
    """A statement of a delegation that lets itself be named."""

    statement: int
    delegation: DelegationCode
    kind: str
    provision: ProvisionId | None
    joined: tuple[DelegationCode, ...]
    text: dict[Language, str]
    """Empty where it is withheld."""


class ReleaseShown(Struct, frozen=True):
    """A text and its outcome. Sponsors, parties and statements: of those delegations that let themselves be named."""

    id: ReleaseId
    to: Wider
    outcome: ReleasedOutcome
    kind: str
    edition: EditionCode
    format: FormatCode | None
    master: Language
    provisions: tuple[ReleasedProvision, ...]
    reached: datetime
    released: datetime
    sponsors: tuple[DelegationCode, ...]
    parties: tuple[NamedParty, ...]
    statements: tuple[ReleasedStatement, ...]


class ReleaseFilter(Struct, frozen=True):
    """Which releases. Of each tuple any will do; an empty one asks nothing."""

    edition: tuple[EditionCode, ...] = ()
    kind: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    limit: Limit = 50
    after: str | None = None
    """The cursor of the page before."""


def page(releases: Iterable[Folded], asked: ReleaseFilter, *, forum_book: BookId) -> Page[ReleaseRow]:
    """Those that are asked for, the last released first. Raises MalformedCursorError."""
    rows = [row for folded in releases if _is_asked(row := _row(folded, forum_book), asked)]
    rows.sort(key=lambda row: row.id.bytes)
    rows.sort(key=lambda row: row.released, reverse=True)
    rest = rows if asked.after is None else _after(rows, Bookmark.read(asked.after))
    shown = tuple(rest[: asked.limit])
    following = Bookmark(shown[-1].released, shown[-1].id).cursor() if len(rest) > asked.limit else None
    return Page(shown, following, len(rows))


def show_release(folded: Folded, *, forum_book: BookId) -> ReleaseShown:
    """A release."""
    release = _release(folded)
    made, numbers = release.made, numbered(release.made.provisions)
    return ReleaseShown(
        id=release.id,
        to=_audience(folded, forum_book),
        outcome=made.outcome,
        kind=made.kind,
        edition=made.edition,
        format=made.format,
        master=made.master,
        provisions=tuple(ReleasedProvision(part.id, numbers[part.id], part.kind, part.text) for part in made.provisions),
        reached=made.reached,
        released=release.released,
        sponsors=made.sponsors,
        parties=made.parties,
        statements=tuple(
            ReleasedStatement(s.statement, s.delegation, s.kind, s.provision, s.joined, release.words.get(s.statement, {}))
            for s in made.statements
        ),
    )


def _row(folded: Folded, forum_book: BookId) -> ReleaseRow:
    release = _release(folded)
    made = release.made
    titles = [part.text for part in made.provisions if part.kind is ProvisionKind.TITLE]
    return ReleaseRow(
        id=release.id,
        to=_audience(folded, forum_book),
        outcome=made.outcome,
        kind=made.kind,
        edition=made.edition,
        format=made.format,
        title=titles[0],
        reached=made.reached,
        released=release.released,
    )


def _release(folded: Folded) -> Release:
    assert isinstance(folded.state, Release), "the room has no other state"
    return folded.state


def _audience(folded: Folded, forum_book: BookId) -> Wider:
    return Wider.FORUM if folded.book == forum_book else Wider.PUBLIC


def _is_asked(row: ReleaseRow, asked: ReleaseFilter) -> bool:
    wanted = ((asked.edition, row.edition), (asked.kind, row.kind), (asked.to, row.to))
    return all(not any_of or value in any_of for any_of, value in wanted)


def _after(rows: Sequence[ReleaseRow], mark: Bookmark) -> Sequence[ReleaseRow]:
    """What comes after the last that was shown, also where that is not among them any more."""
    return [row for row in rows if row.released < mark.at or (row.released == mark.at and row.id.bytes > mark.id.bytes)]
