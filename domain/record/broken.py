"""Whether a promise of the forum stands, and what shows that it is broken, without anybody's word or with a witness's."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec
from msgspec import Struct

from domain.record import checkpoint, note, promise
from domain.record.cosignature import parsed as cosigned
from domain.record.leaf import entry, leaf
from domain.record.malformed import UNREADABLE, Malformed
from domain.record.note import Holds, Kind, Note, Unproven, VerifierKey, signers
from domain.record.promise import WITHIN, Promised
from domain.record.proofs import Proof, includes

BROKEN: Final = "accord/broken-promise/v1"
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)

Standing = Literal["open", "kept", "broken"]


def standing(fact: Promised, size: int, stands: bytes | None, now: datetime) -> Standing:
    """How a promised fact stands against a tree of this size, the newest there is now. ``stands``: the entry at its index, if any."""
    if fact.index < size:
        return "kept" if stands == entry(fact.commit) else "broken"
    return "open" if now - fact.at < WITHIN else "broken"


class Broken(Struct, frozen=True, forbid_unknown_fields=True, tag_field="format", tag=BROKEN):
    """A promise, the index of a fact in it, and the checkpoint that does not keep it.

    With an entry: that stands at the index, and the proof leads from it to the root; this convinces everybody. Without: the
    checkpoint is too small, and a witness says that it was the newest when the promise was due; whoever believes the witness.
    """

    promise: str
    index: int
    checkpoint: str
    stands: bytes | None = None
    proof: Proof = ()

    def __bytes__(self) -> bytes:
        return msgspec.json.encode(self, order="sorted") + b"\n"


def parsed(content: bytes) -> Broken:
    """Read a file. What it shows, `is_shown` says."""
    try:
        return msgspec.json.decode(content, type=Broken)
    except UNREADABLE:
        raise Malformed(1, f"evidence of the format {BROKEN}") from None


def is_shown(found: Broken, forum: Collection[VerifierKey], witnesses: Collection[VerifierKey], holds: Holds) -> bool:
    """Whether the promise was made and is broken. ``forum``: its keys, of promises and of logs, known from elsewhere."""
    try:
        made, under = note.parsed(found.promise.encode()), note.parsed(found.checkpoint.encode())
        promised, tree = promise.parsed(made.text), checkpoint.parsed(under.text)
        signers(made, [key for key in forum if key.name == promised.signer], holds)
        signers(under, [key for key in forum if key.name == tree.origin], holds)
    except (Malformed, Unproven):
        return False
    fact = next((one for one in promised.facts if one.index == found.index), None)
    if fact is None or promised.origin != tree.origin:
        return False
    if found.stands is not None:
        included = includes(tree.root, tree.size, fact.index, leaf(found.stands), found.proof)
        return included and found.stands != entry(fact.commit)
    return fact.index >= tree.size and _seen(under, witnesses, holds) >= (fact.at - BEGINNING + WITHIN) / SECOND


def _seen(under: Note, witnesses: Collection[VerifierKey], holds: Holds) -> int:
    """The latest time, in seconds since 1970, at which one of these witnesses says that it saw the checkpoint."""
    times = [
        cosigned(key.kind, line.octets).at
        for line in under.signatures
        for key in witnesses
        if key.kind is not Kind.ED25519 and (key.name, key.id) == (line.name, line.id) and holds(key, under.text, line.octets)
    ]
    return max(times, default=0)
