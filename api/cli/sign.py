"""`accord sign`: sign an act, on a machine that need not be connected to anything."""

from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import IO, TypeVar

import click
import msgspec
from msgspec import Struct, structs

from api.cli.terminal import harmless
from api.compose import KeyUnusableError, public_key, signed_by
from domain.forum.events import KeyPurpose
from domain.forum.keys import key_id
from domain.identity import Language, ProposalId, ProvisionId
from domain.record.signedact import Act, message
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision, ProvisionKind

NONCE_OCTETS = 18

T = TypeVar("T", bound=Struct)


class _Signature(Struct):
    """As a request carries it."""

    key: str
    signed_at: datetime
    nonce: str
    value: bytes


class _Part(Struct):
    id: ProvisionId
    kind: ProvisionKind
    text: dict[Language, str]


class _Words(Struct):
    """A text, as it is shown of a proposal."""

    id: ProposalId
    revision: int
    master: Language
    provisions: tuple[_Part, ...]


@click.command()
@click.argument("key", type=click.Path(path_type=Path))
@click.argument("act", type=click.File("rb"), default="-")
@click.option("--words", type=click.File("rb"), help="The proposal as it is shown: its words must be those that are signed.")
def sign(key: Path, act: IO[bytes], words: IO[bytes] | None) -> None:
    """Sign the ACT (a file, or standard input) with the KEY of a file, and print the signature for the request."""
    said = _read(Act, act)
    if words is not None and _fingerprint(_read(_Words, words)) != (said.proposal, said.revision, said.fingerprint):
        raise click.ClickException("These are not the words of which the act has the fingerprint; nothing is signed.")
    try:
        public = public_key(key, KeyPurpose.ACTS)
        unsigned = _Signature(key_id(public.kind, public.public), datetime.now(UTC), token_urlsafe(NONCE_OCTETS), b"")
        value = signed_by(key, message(said, key_id(public.kind, public.public), unsigned.signed_at, unsigned.nonce))
    except KeyUnusableError as error:
        raise click.ClickException(str(error)) from None
    click.echo(harmless(_sentence(said)), err=True)
    click.echo(msgspec.json.encode(structs.replace(unsigned, value=value)))


def _fingerprint(words: _Words) -> tuple[ProposalId, int, str]:
    """Worked out anew from the words themselves."""
    parts = tuple(Provision(part.id, part.kind, part.text) for part in words.provisions)
    return words.id, words.revision, fingerprint(words.id, words.revision, words.master, parts)


def _read(kind: type[T], file: IO[bytes]) -> T:
    try:
        return msgspec.json.decode(file.read(), type=kind)
    except msgspec.MsgspecError as error:
        raise click.ClickException(f"{file.name} cannot be read: {error}.") from None


def _sentence(said: Act) -> str:
    return (
        f"{said.delegation} signs: {said.stance or said.act}, revision {said.revision} of proposal {said.proposal} "
        f"in {said.forum}, with the fingerprint {said.fingerprint}."
    )
