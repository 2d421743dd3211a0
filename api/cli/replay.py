"""`accord replay`: what stood there at a moment, what changed between two, and what happened in between."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

import click

from api.cli import replayed
from api.cli.client import Answered, Said, Server, asks
from api.cli.terminal import harmless
from application.views.forum import MeShown
from application.views.replay import Replayed

PATH: Final = "/api/replay"


@click.command()
@click.argument("proposal", required=False)
@click.option("--edition", help="An agenda: of this edition, with --format.")
@click.option("--format", help="An agenda: of this format, with --edition.")
@click.option("--book", help="A book: public, forum, a format's code, or its id.")
@click.option("--at", help="As of this instant: 2024-05-01 (the end of that day) or 2024-05-01T09:00:00Z; else now.")
@click.option("--index", type=click.IntRange(0), help="As of this fact of the book.")
@click.option("--against", help="What changed since then: an instant, or the index of a fact.")
@click.option("--steps", is_flag=True, help="Fact by fact, from --against or the beginning on.")
@click.option("--viewer", help="Narrowed to what this delegation, or public, would see.")
@click.option("--stood", help="What this delegation stood on, and on which words.")
@click.option("--limit", type=click.IntRange(1, 200), help="Of a list so many; else all of it, or with --json 50.")
@click.option("--after", help="Of a list what comes after the page that gave this.")
@asks
def replay(server: Server, proposal: str | None, book: str | None, *, steps: bool, **more: Said) -> None:
    """Replay a PROPOSAL (its number or id), an agenda or a book: a state, a difference, or step by step."""
    if sum(named is not None for named in (proposal, book, more["edition"])) != 1:
        raise click.UsageError("Name one thing: a proposal, --edition and --format, or --book.")
    asked = {
        "proposal": None if proposal is None else server.proposal(proposal),
        "book": None if book is None else _book(server, book),
        "steps": "true" if steps else None,
        **more,
    }
    if server.as_json:
        server.show(server.get(PATH, **asked))
    else:
        _tell(server, asked)


def _book(server: Server, given: str) -> UUID:
    """The id of a book that is named by its id or its audience."""
    try:
        return UUID(given)
    except ValueError:
        books = {replayed.audience(book.audience): book.id for book in server.read(MeShown, "/api/me").books}
    if given not in books:
        raise Answered(f"You can read no book {given}; you can read {', '.join(sorted(books))}.")
    return books[given]


def _tell(server: Server, asked: Mapping[str, Said]) -> None:
    first = server.read(Replayed, PATH, **asked)
    for line in replayed.head(first):
        click.echo(harmless(line))
    told = 0
    for page in _pages(server, asked, first):
        for told, line in enumerate(replayed.listed(page), told + 1):  # noqa: B007, B020  counted over the pages
            click.echo(harmless(line))
    if told == 0 and first.against is not None:
        click.echo("Nothing changed.")


def _pages(server: Server, asked: Mapping[str, Said], page: Replayed) -> Iterator[Replayed]:
    """It, and what follows of a list that was asked for whole: all as of one moment."""
    yield page
    moment = {} if asked["index"] is not None else {"at": page.at.at.isoformat()}
    while page.next is not None and asked["limit"] is None:
        page = server.read(Replayed, PATH, **{**asked, **moment, "after": page.next})
        yield page
