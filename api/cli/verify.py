"""`accord verify`: whether a book, a bundle, a mirror or evidence of a fork is true, as far as it can be told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import msgspec

from api.cli.client import Answered, Server
from api.cli.common import data_option, fail, settings
from api.cli.terminal import harmless
from api.compose import NotDoneError, verifier
from application.ports import Verifier
from application.views.books import BooksListed
from domain.record.malformed import base64
from domain.record.report import ForkShown, Outcome, Report, Run, Verdict, Verification

ZIP: Final = b"PK"


class Failed(click.ClickException):
    """Something is not as it should be; what it is stands above."""

    exit_code = 1

    def show(self, file: object = None) -> None:
        """All has been said."""
        del file


@click.command()
@click.argument("what")
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Whom you believe; else as it says itself."
)
@click.option(
    "--token", help="Who asks, of a URL; else ACCORD_TOKEN, else the public. Others on the machine may see an option."
)
@click.option("--json", "as_json", is_flag=True, help="Each report as JSON on a line.")
@data_option
def verify(what: str, policy: Path | None, token: str | None, data: Path | None, *, as_json: bool) -> None:
    """Verify WHAT: a running Accord or one of its books (a URL), a bundle, the folder of a mirror, or evidence of a fork.

    Every checkpoint is remembered in the data folder, and compared with the next one of its book.
    """
    try:
        examiner = verifier(settings(), data, policy)
    except NotDoneError as error:
        fail(str(error))
    if is_url(what):
        found = [examiner.bundle(content) for content in _bundles(what, token or settings().token, as_json=as_json)]
    else:
        found = [_of_file(Path(what), examiner)]
    for one in found:
        click.echo(_encoded(one) if as_json else "\n".join(map(harmless, _told(one))))
    if not all(map(_holds, found)):
        raise Failed("")


def is_url(what: str) -> bool:
    """Whether it names something that is served."""
    return what.startswith(("http://", "https://"))


def _bundles(url: str, token: str | None, *, as_json: bool) -> Iterator[bytes]:
    """The bundle of the one book that an address names, or of every book that one reads there."""
    parts = urlsplit(url)
    server = Server(f"{parts.scheme}://{parts.netloc}", token, as_json=as_json)
    path = parts.path.rstrip("/")
    if path.startswith("/book/"):
        yield server.get(f"{path.removesuffix('/bundle')}/bundle")
        return
    books = [book for book in server.read(BooksListed, "/api/books").items if book.checkpoint]
    if not books:
        raise Answered("No book that you can read there has a checkpoint yet.")
    for book in books:
        yield server.get(f"/book/{book.id}/bundle")


def _of_file(what: Path, examiner: Verifier) -> Verification | ForkShown:
    if what.is_dir():
        return examiner.mirror(str(what))
    try:
        content = what.read_bytes()
    except OSError as error:
        fail(f"{what} cannot be read: {error.strerror}.")
    return examiner.bundle(content) if content.startswith(ZIP) else examiner.fork(content)


def _holds(found: Verification | ForkShown) -> bool:
    return found.lacking is None if isinstance(found, ForkShown) else found.report.holds


def _encoded(found: Verification | ForkShown) -> bytes:
    if isinstance(found, ForkShown):
        return msgspec.json.encode(found)
    report = found.report
    return msgspec.json.encode(
        {
            "holds": report.holds,
            "origin": report.origin,
            "kind": report.kind,
            "size": report.size,
            "root": None if report.root is None else base64(report.root),
            "findings": report.findings,
            "counts": report.counts,
            "facts": report.facts,
            "evidence": found.evidence,
        }
    )


def _told(found: Verification | ForkShown) -> Iterator[str]:
    if isinstance(found, ForkShown):
        yield from _fork(found)
        return
    report = found.report
    yield f"{report.origin or 'No book'}, {report.size or 0} facts"
    if report.kind not in (None, "regular"):
        yield f"This forum is a{'n' if report.kind == 'import' else ''} {report.kind}: no statement of anybody."
    for finding in report.findings:
        yield f"  {finding.outcome.value:12} {finding.step.value}: {finding.says}"
    yield from (_run(run) for run in report.facts if run.verdict is not Verdict.VERIFIED)
    yield "  " + ", ".join(f"{count} {verdict.value}" for verdict, count in report.counts.items())
    yield from (f"  Evidence of a fork was written to {file}: show it to everybody." for file in found.evidence)
    yield _verdict(report)


def _run(run: Run) -> str:
    facts = f"fact {run.first}" if run.first == run.last else f"facts {run.first} to {run.last}"
    return f"  {facts}: {run.verdict.value}{f', {run.reason}' if run.reason else ''}"


def _verdict(report: Report) -> str:
    if not report.holds:
        return "FAILED."
    open_ = [finding.step.value for finding in report.findings if finding.outcome is Outcome.NOT_CHECKED]
    return f"Nothing failed. Not checked: {', '.join(open_)}." if open_ else "Nothing failed."


def _fork(found: ForkShown) -> Iterator[str]:
    if found.lacking is not None or found.sizes is None:
        yield f"This shows no fork: {found.lacking}"
        return
    yield f"{found.origin}: the log has signed two pasts, of {found.sizes[0]} and of {found.sizes[1]} facts."
    yield from (f"  signed with {key}" for key in found.keys)
    if not found.is_believed:
        yield "  The file itself names these keys: compare them with the printed ones, or give --policy."
