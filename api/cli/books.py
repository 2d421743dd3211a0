"""`accord books`: which books there are, how far each is signed, and who watches it."""

import click
from rich.box import SIMPLE_HEAD
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
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Book", no_wrap=True)  # to be copied
    table.add_column("For")
    table.add_column("Facts", justify="right")
    table.add_column("Signed", justify="right")
    table.add_column("Cosigned by")
    for book in found.items:
        table.add_row(str(book.id), name_of(book.audience), str(book.size), _signed(book), _cosigned(book.watched))
    return table


def _signed(book: BookListed) -> str:
    """How far, and what keeps the rest from being signed."""
    return str(book.checkpoint) if book.signing == "current" else f"{book.checkpoint} ({book.signing})"


def _cosigned(watched: Watched) -> str:
    """By whom, and whether these are enough."""
    if watched.reached is None:
        return "nobody is asked"
    names = "".join(f"{code} " for code in watched.witnesses)
    return f"{names}({len(watched.witnesses)}, quorum {watched.quorum}{'' if watched.reached else ': too few'})"
