"""The vectors of `tests/vectors`, as they are tried here."""

from base64 import b64decode
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

FOLDER: Final = Path(__file__).parents[2] / "vectors"

T = TypeVar("T")


class Inclusion(Struct, frozen=True, rename="camel"):
    leaf_idx: int
    tree_size: int
    root: str | None
    leaf_hash: str | None
    proof: list[str] | None
    want_err: bool
    file: str


class Consistency(Struct, frozen=True, rename="camel"):
    size1: int
    size2: int
    root1: str | None
    root2: str | None
    proof: list[str] | None
    want_err: bool
    file: str


class SumdbProof(Struct, frozen=True):
    kind: str
    size: int
    proof: list[str]
    index: int = 0
    old: int = 0


class Sumdb(Struct, frozen=True):
    proofs: list[SumdbProof]
    roots_b64_by_size: list[str]


class Trees(Struct, frozen=True):
    leaf_inputs_hex: list[str]
    node_hashes_hex_by_level: list[list[str]]
    root_hashes_hex_by_size: list[str]
    sumdb: Sumdb = msgspec.field(name="sumdb_tlog_leaf_%d")


class NoteExample(Struct, frozen=True):
    vkey: str
    text: str
    sigline: str


class Primitives(Struct, frozen=True):
    empty_root: str
    empty_leaf: str
    leaf_L123456: str  # noqa: N815  the file's word
    node_N123_N456: str  # noqa: N815  the same


class Examples(Struct, frozen=True):
    signed_note_example: NoteExample
    rfc6962_primitives: Primitives


def read(name: str, kind: type[T]) -> T:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=kind)


def octets(found: list[str] | None) -> tuple[bytes, ...]:
    return tuple(map(b64decode, found or ()))


def hash_of(found: str | None) -> bytes:
    return b64decode(found or "")
