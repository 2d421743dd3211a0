"""`accord books`: which books there are, how far each is signed, and who watches it."""

import click
from rich.console import Console
from rich.table import Table

from api.cli.client import Server, asks
from application.trust import Watched
from application.views.books import BookListed, BooksListed
from application.views.trust import name_of


@click.command()
@asks
def books(server: Server) -> None:
    """List the books that you read: how far each is signed, who cosigned, and whether these are enough."""
    if server.as_json:
        server.show(server.get("/api/books"))
    else:
        Console().print(_table(server.read(BooksListed, "/api/books")))


def _table(found: BooksListed) -> Table:
    table = Table(title="Books")
    table.add_column("Book", overflow="fold")
    table.add_column("For")
    for name in ("Facts", "Signed"):
        table.add_column(name, justify="right")
    for name in ("Signer", "Cosigned by", "Enough"):
        table.add_column(name)
    for book in found.items:
        table.add_row(*_row(book))
    return table


def _row(book: BookListed) -> tuple[str, ...]:
    cosigned = " ".join(book.watched.witnesses) or "-"
    return (
        str(book.id),
        name_of(book.audience),
        str(book.size),
        str(book.checkpoint),
        book.signing,
        cosigned,
        _enough(book.watched),
    )


def _enough(watched: Watched) -> str:
    """How many have, of how many must."""
    if watched.reached is None:
        return "nobody is asked"
    return f"{'yes' if watched.reached else 'no'} ({len(watched.witnesses)} of {watched.quorum})"
