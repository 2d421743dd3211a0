"""`accord bundle` and `accord mirror`: a book taken away, as one file or as the static files that clients of tiled logs read."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from api.cli.client import Answered, Server, asks
from api.cli.common import say
from application.views.books import BooksListed
from application.views.trust import name_of
from domain.record import checkpoint, note
from domain.record.checkpoint import Checkpoint
from domain.record.malformed import Malformed, octets
from domain.record.proofs import is_consistent
from domain.record.tiles import Tile, bundles, of_size

CHECKPOINT: Final = "checkpoint"
POLICY: Final = "policy"


@click.command()
@click.argument("book")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file, which must not be there."
)
@click.option("--from", "start", type=click.IntRange(0), help="The first fact that is opened; else the first of the book.")
@click.option("--to", "end", type=click.IntRange(0), help="The fact before which it ends; else all that is signed.")
@asks
def bundle(server: Server, book: str, output: Path, start: int | None, end: int | None) -> None:
    """Take BOOK away as one file that verifies offline: public, forum, a format's code, or its id. `accord verify FILE` checks it."""
    content = server.get(f"/book/{named(server, book)}/bundle", from_=start, to=end)
    try:
        with output.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise click.ClickException(f"{output} is there already.") from None
    say(f"Written to {output}. `accord verify {output}` checks it; without this program, the verify.py inside does.")


@click.command()
@click.argument("book")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@asks
def mirror(server: Server, book: str, folder: Path) -> None:
    """Keep BOOK in FOLDER as static files, or bring these up to date. Only what begins with what is there takes its place."""
    address = f"/book/{named(server, book)}"
    content = server.get(f"{address}/{CHECKPOINT}")
    tree = checkpoint.parsed(note.parsed(content).text)
    old = _kept(folder)
    if old is not None:
        _begins_with(server, address, old, tree)
    for tile in _lacking(tree.size, 0 if old is None else old.size):
        _write(folder / tile.path, server.get(f"{address}/{tile.path}"))
    _write(folder / POLICY, server.get("/policy", book=address.rpartition("/")[2]))
    _write(folder / CHECKPOINT, content)
    say(f"{folder} has {tree.size} facts of {tree.origin}. `accord verify {folder}` checks them.")


def named(server: Server, given: str) -> UUID:
    """The id of a book that is named by its id or its audience."""
    try:
        return UUID(given)
    except ValueError:
        books = {name_of(book.audience): book.id for book in server.read(BooksListed, "/api/books").items}
    if given not in books:
        raise Answered(f"You can read no book {given}; you can read {', '.join(sorted(books))}.")
    return books[given]


def _kept(folder: Path) -> Checkpoint | None:
    """What the folder has. A checkpoint in it that is none is not written over."""
    try:
        return checkpoint.parsed(note.parsed((folder / CHECKPOINT).read_bytes()).text)
    except FileNotFoundError:
        return None
    except Malformed as error:
        raise click.ClickException(f"{folder / CHECKPOINT} is no checkpoint: {error}.") from None


def _begins_with(server: Server, address: str, old: Checkpoint, new: Checkpoint) -> None:
    """Ask for the proof that the book only grew. What is kept stays where it does not."""
    if old.origin != new.origin:
        raise Answered(f"What is kept there is of {old.origin}, not of {new.origin}.")
    if new.size < old.size:
        raise Answered(
            f"The book has gone back: {old.size} facts are kept, {new.size} are served. What is kept stays; show it to others."
        )
    lines = server.get(f"{address}/proof/consistency", old=old.size, new=new.size).decode().splitlines()
    proof: list[bytes] = []
    with suppress(Malformed):
        proof = [octets(line, number, "a hash") for number, line in enumerate(lines, 1)]
    if old.size and not is_consistent(old.root, old.size, new.root, new.size, proof):
        raise Answered(
            f"The {new.size} facts that are served do not begin with the {old.size} that are kept: a fork."
            " What is kept stays; `accord verify` the address writes the evidence."
        )


def _lacking(size: int, since: int) -> Iterator[Tile]:
    yield from bundles(size, since)
    yield from of_size(size, since)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    with new.open("wb") as writer:
        writer.write(content)
        writer.flush()
        os.fsync(writer.fileno())
    new.replace(file)
