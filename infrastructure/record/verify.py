"""Check an evidence bundle of Accord with nothing but this file and Python 3.9 or newer.

    python -I verify.py BUNDLE.zip [POLICY]

A copy of this file lies in each bundle. Whoever made the bundle made the copy, too: take this one from somebody whom you trust, and
read it. It asks no network, writes nothing, and ends with 0 if nothing failed, else with 1.

What it checks, in this order, as the record of a book is specified:

    files        the zip is the one way to write its files, and each has the SHA-256 that bundle.json states
    policy       whose keys are believed: those of the file POLICY; without it those of the bundle, for which nobody vouches
    checkpoint   the log has signed the origin, size and root of the book, with Ed25519
    quorum       as many witnesses as the policy asks for have signed that, too
    root         all entries of the book together come to this root (RFC 6962)
    earlier      each earlier checkpoint in the bundle was signed, and the book has only grown since
    openings     salt and envelope of each fact are what the entry at its index commits to; index and book stand in it
    times        no fact is older than the one before, or younger than a witness's signature over it
    withheld     what is not opened says why; what was erased, by a fact of the book to which every delegation of it had agreed

What it does not check, and says so: signatures of kind 06 (ML-DSA-44), signatures of delegations under their acts, the slots of epochs,
and whether the facts come to the state that the bundle states. Of these `accord verify` checks the first and the last, and it
remembers what it saw before.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator


class Refused(Exception):
    """What was handed in is not what it should be; the sentence says why."""


# The canonical zip: stored files of 1 January 1980 one after another, their directory, and nothing else anywhere.

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
VERSION, UNIX, PLAIN_FILE, DAY = 10, 3 << 8, 0o100644 << 16, 1 << 5 | 1


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a zip by name, in their order. Each header is written again and compared."""
    found: dict[str, bytes] = {}
    listed = b""
    at = 0
    while content[at : at + 4] == b"PK\3\4":
        if len(content) < at + LOCAL.size:
            raise Refused("the zip ends within a header")
        size, length = LOCAL.unpack_from(content, at)[8:10]
        start = at + LOCAL.size + length
        name, held = content[at + LOCAL.size : start], content[start : start + size]
        common = (0, 0, 0, DAY, zlib.crc32(held), len(held), len(held), length, 0)
        if not name.isascii() or content[at:start] != LOCAL.pack(b"PK\3\4", VERSION, *common) + name:
            raise Refused(f"the zip's header at byte {at} is not the one of its file")
        if name.decode("ascii") in found:
            raise Refused(f"two files are named {name.decode('ascii')}")
        found[name.decode("ascii")] = held
        listed += CENTRAL.pack(b"PK\1\2", UNIX | VERSION, VERSION, *common, 0, 0, 0, PLAIN_FILE, at) + name
        at = start + size
    if content[at:] != listed + END.pack(b"PK\5\6", 0, 0, len(found), len(found), len(listed), at, 0):
        raise Refused(f"from byte {at} on the zip is not what would be written after these {len(found)} files")
    return found


# JSON in its one spelling: members in the order of their names, no spaces, no floats.


def members(content: bytes) -> dict[str, Any]:
    """Read a JSON object that is written in the one way."""
    try:
        text = content.decode()
        value = json.loads(text, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(f"no JSON: {error}") from None
    if written(value) != text:
        raise Refused("its JSON is not written in the one way")
    if not isinstance(value, dict):
        raise Refused("its JSON is no object")
    return cast("dict[str, Any]", value)


def written(value: object) -> str:
    """JSON as it is written here."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no whole number")


def octets(text: object) -> bytes:
    """Read base64 that is written in the one way."""
    try:
        found = b64decode(text.encode("ascii"), validate=True) if isinstance(text, str) else b""
    except ValueError:
        raise Refused("no base64") from None
    if b64encode(found).decode() != text:
        raise Refused("its base64 is not written in the one way")
    return found


# Ed25519 (RFC 8032): points of the curve -x^2 + y^2 = 1 + d x^2 y^2 over the field of P, in extended coordinates (X, Y, Z, T).

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def added(p: Point, q: Point) -> Point:
    """The sum of two points, which may be the same."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(encoded: bytes) -> Point | None:
    """Read a point: y, and the lowest bit of x. None where there is no such point, or not in this spelling."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_OF_MINUS_1 % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def spelt(p: Point) -> bytes:
    """The one spelling of a point."""
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def both(s: int, p: Point, k: int, q: Point) -> Point:
    """The point s p + k q, with one chain of doublings."""
    sums = (NEUTRAL, p, q, added(p, q))
    found = NEUTRAL
    for bit in reversed(range(max(s.bit_length(), k.bit_length()))):
        found = added(found, found)
        choice = (s >> bit & 1) | (k >> bit & 1) << 1
        if choice:
            found = added(found, sums[choice])
    return found


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key signed the message: s B = R + k A, with s less than the order of B and every point in its one spelling."""
    a, s = point(public), int.from_bytes(signature[32:], "little")
    if a is None or BASE is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    return spelt(both(s, BASE, k, minus_a)) == signature[:32]


# Signed notes and policies (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy).

ED25519, COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06
KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


class Key(NamedTuple):
    """Who signs, how, and the octets to check it with."""

    name: str
    kind: int
    public: bytes

    @property
    def identity(self) -> bytes:
        """Four octets that tell the keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


class Policy(NamedTuple):
    """Whom one believes: logs, witnesses by name, groups of these, and who must have signed."""

    logs: list[Key]
    witnesses: dict[str, Key]
    groups: list[tuple[str, int, list[str]]]
    quorum: str

    def reached(self, signers: list[str]) -> bool:
        """Whether these witnesses are enough."""
        have = {"none", *signers}
        for name, enough, members in self.groups:
            if sum(member in have for member in members) >= enough:
                have.add(name)
        return self.quorum in have


def key(text: str, kind: int) -> Key:
    """Read <name>+<id>+<octets>, of this kind or of ML-DSA-44."""
    name, _, rest = text.partition("+")
    identity, _, typed = rest.partition("+")
    held = octets(typed)
    if not name or not held or held[0] not in (kind, ML_DSA_44) or len(held) != 1 + KEY_BYTES[held[0]]:
        raise Refused(f"{text[:80]} is no key")
    found = Key(name, held[0], held[1:])
    if identity != found.identity.hex():
        raise Refused(f"the key of {name} has the id {found.identity.hex()}, not {identity}")
    return found


def policy(content: bytes) -> Policy:
    """Read a policy, line by line: a name is known from the line on that defines it."""
    found = Policy([], {}, [], "")
    quorum: list[str] = []
    known: set[str] = set()
    for line in content.decode("utf-8", "surrogateescape").split("\n"):
        words = re.split("[ \t]+", line.strip(" \t"))
        kind, rest = words[0], words[1:]
        if not kind or kind.startswith("#"):
            continue
        if kind == "log" and len(rest) in (1, 2):
            found.logs.append(key(rest[0], ED25519))
        elif kind == "witness" and len(rest) in (2, 3) and rest[0] not in {"none", *known}:
            found.witnesses[rest[0]] = key(rest[1], COSIGNATURE)
            known.add(rest[0])
        elif kind == "group" and len(rest) > 2 and rest[0] not in {"none", *known} and known.issuperset(rest[2:]):
            found.groups.append((rest[0], enough(rest[1], len(rest) - 2), rest[2:]))
            known.add(rest[0])
        elif kind == "quorum" and len(rest) == 1 and rest[0] in {"none", *known}:
            quorum.append(rest[0])
        else:
            raise Refused(f"the policy's line is none: {line[:80]}")
    members = [member for _, _, some in found.groups for member in some]
    keys = [("log", one.public) for one in found.logs] + [("witness", one.public) for one in found.witnesses.values()]
    if not content.endswith(b"\n") or len(quorum) != 1 or len(members) != len(set(members)) or len(keys) != len(set(keys)):
        raise Refused("a policy ends with its last line, and has one quorum, and in it each member and each key once")
    return found._replace(quorum=quorum[0])


def enough(text: str, members: int) -> int:
    """How many of a group must have signed."""
    number = {"any": 1, "all": members}.get(text) or (int(text) if DECIMAL.fullmatch(text) else 0)
    if not 0 < number <= members:
        raise Refused(f"{text} of {members} is no number of members")
    return number


class Checkpoint(NamedTuple):
    """What a log signed, and which witnesses with it, and when, in seconds since 1970."""

    origin: str
    size: int
    root: bytes
    witnesses: dict[str, int]
    unchecked: list[str]


def checkpoint(content: bytes, believed: Policy) -> Checkpoint:
    """Read a note and check the signature of every key that is believed. A log must have signed under its origin."""
    text, parted, lines = content.decode().rpartition("\n\n")
    text += "\n"
    head = text.split("\n")
    if not parted or not lines.endswith("\n") or len(head) != 4 or not DECIMAL.fullmatch(head[1]):
        raise Refused("no checkpoint: origin, size, root, an empty line and signatures")
    found = Checkpoint(head[0], int(head[1]), octets(head[2]), {}, [])
    logs = [one for one in believed.logs if one.name == found.origin and one.kind == ED25519]
    by_log = False
    for line in lines[:-1].split("\n"):
        mark, name, held = [*line.split(" "), "", ""][:3]
        if mark != "\N{EM DASH}" or line != f"{mark} {name} {held}" or len(octets(held)) <= 4:
            raise Refused(f"no line of a signature: {line[:80]}")
        identity, signature = octets(held)[:4], octets(held)[4:]
        for one in logs:
            if (one.name, one.identity) == (name, identity):
                by_log = checked(one, text.encode(), signature) or by_log
        for witness, one in believed.witnesses.items():
            if (one.name, one.identity) == (name, identity):
                if one.kind == ML_DSA_44:
                    found.unchecked.append(witness)
                else:
                    at = int.from_bytes(signature[:8], "big")
                    checked(one, f"cosignature/v1\ntime {at}\n{text}".encode(), signature[8:])
                    found.witnesses[witness] = at
    if not by_log:
        raise Refused(f"no log of the policy has signed for {found.origin}")
    return found


def checked(by: Key, message: bytes, signature: bytes) -> bool:
    """That a key that is believed has signed: one bad signature of such a key refuses the whole note."""
    if not signed(by.public, message, signature):
        raise Refused(f"the signature of {by.name} does not hold")
    return True


# The tree over the entries (RFC 6962, section 2.1), and the tiles in which they lie (c2sp.org/tlog-tiles).


def tree(entries: list[bytes]) -> list[list[bytes]]:
    """The hashes of all complete subtrees, from the leaves upwards."""
    levels = [[sha256(b"\0" + entry).digest() for entry in entries]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([sha256(b"\1" + left + right).digest() for left, right in zip(below[::2], below[1::2])])
    return levels


def root(levels: list[list[bytes]], size: int) -> bytes:
    """The root over the first entries: its complete subtrees, put together from the right."""
    if size == 0:
        return sha256().digest()
    parts = [levels[level][(size >> level) - 1] for level in range(size.bit_length()) if size >> level & 1]
    found = parts[0]
    for left in parts[1:]:
        found = sha256(b"\1" + left + found).digest()
    return found


def tile(n: int, width: int) -> str:
    """The path of the n-th bundle of entries: three digits a step, x before all but the last, its width if it is not full."""
    steps = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        steps.insert(0, f"x{n % 1000:03}")
    return "tile/entries/" + "/".join(steps) + ("" if width == 256 else f".p/{width}")


def tiles(size: int) -> list[tuple[str, int]]:
    """The bundles of entries of a book, and how many each holds."""
    return [(tile(n, min(256, size - 256 * n)), min(256, size - 256 * n)) for n in range((size + 255) // 256)]


def entries_of(content: bytes, width: int) -> list[bytes]:
    """The entries in a bundle: 33 octets each, 01 and the commitment, after their length in two."""
    found = [content[at + 2 : at + 35] for at in range(0, len(content), 35)]
    if content != b"".join(b"\0\x21" + entry for entry in found) or len(found) != width:
        raise Refused(f"it does not hold {width} commitments")
    return found


# The bundle.

SKEW = timedelta(minutes=5)
"""By how much a witness's clock and the record's may differ."""
DESCRIBED = ["audience", "book", "format", "forum", "from", "kind", "origin", "sha256", "size", "to"]
ENVELOPE = [
    "actor",
    "at",
    "book",
    "command",
    "credential",
    "data",
    "delegation",
    "effective",
    "index",
    "signature",
    "stream",
    "type",
    "v",
]
TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")


class Examination:
    """A bundle that is being checked, and what was found so far."""

    def __init__(self) -> None:
        self.failed = 0
        self.verdicts = {"verified": 0, "committed-not-disclosed": 0, "erased-authorised": 0, "failed": 0}

    def say(self, outcome: str, step: str, words: str) -> None:
        """Print what came of a step."""
        self.failed += outcome == "failed"
        print(f"{outcome:12} {step:11} {words}")

    def run(self, content: bytes, own: bytes | None) -> None:
        """Step by step. What is not shown by a signature and a root is not looked at."""
        files = self.files(content)
        stated = members(files["bundle.json"])
        believed = self.policy(files, own)
        latest = self.checkpoint(files, stated, believed)
        entries = self.root(files, latest)
        seen = [(latest.size, at) for at in latest.witnesses.values()]
        seen += self.earlier(files, stated, believed, tree(entries))
        self.openings(files, stated, entries, seen)
        self.unchecked(files)

    def files(self, content: bytes) -> dict[str, bytes]:
        """The files, which are those that bundle.json names and no others."""
        files = unzipped(content)
        if "bundle.json" not in files:
            raise Refused("there is no bundle.json")
        stated = members(files["bundle.json"])
        if sorted(stated) != DESCRIBED or stated["format"] != "accord/bundle/v1":
            raise Refused("bundle.json is not of the format accord/bundle/v1")
        self.described(stated)
        if list(files) != ["bundle.json", *expected(stated)]:
            raise Refused("the files are not those of such a bundle, in their order")
        for name, digest in stated["sha256"].items():
            if sha256(files[name]).hexdigest() != digest:
                raise Refused(f"{name} does not have the SHA-256 that bundle.json states")
        self.say("held", "files", f"{len(files)} files, written in the one way, as bundle.json states them")
        return files

    def described(self, stated: dict[str, Any]) -> None:
        """What bundle.json says of itself hangs together."""
        counts = [stated["from"], stated["to"], stated["size"]]
        if not all(type(count) is int for count in counts) or not 0 <= counts[0] <= counts[1] <= counts[2] or counts[2] == 0:
            raise Refused(f"from {counts[0]} to {counts[1]} of {counts[2]} are no facts of a book")
        if type(stated["sha256"]) is not dict or counts[2] > 256 * len(cast("dict[str, Any]", stated["sha256"])):
            raise Refused("so few files cannot hold so many entries")
        if stated["origin"] != f"{stated['forum']}/book/{stated['book']}":
            raise Refused(f"the origin {stated['origin']} is not of this book and forum")
        if stated["kind"] not in ("regular", "demonstration", "import"):
            raise Refused(f"there are no forums of the kind {stated['kind']}")

    def policy(self, files: dict[str, bytes], own: bytes | None) -> Policy:
        """Whose keys are believed."""
        found = policy(files["policy"] if own is None else own)
        if own is None:
            self.say(
                "noted",
                "policy",
                "the bundle's own: whoever made it chose whom to believe; compare these with the printed keys",
            )
            for one in [*found.logs, *found.witnesses.values()]:
                print(f"{'':24} {one.name}+{one.identity.hex()}+{b64encode(bytes([one.kind]) + one.public).decode()[:60]}")
        else:
            self.say("held", "policy", "your own")
        return found

    def checkpoint(self, files: dict[str, bytes], stated: dict[str, Any], believed: Policy) -> Checkpoint:
        """The checkpoint that all is compared with, and whether enough witnesses have signed it."""
        latest = checkpoint(files["checkpoint"], believed)
        if (latest.origin, latest.size) != (stated["origin"], stated["size"]):
            raise Refused(f"the checkpoint is of {latest.size} facts of {latest.origin}")
        self.say("held", "checkpoint", f"signed by the log for {latest.size} facts of {latest.origin}")
        who = ", ".join(sorted(latest.witnesses)) or "nobody"
        if latest.unchecked:
            self.say("not checked", "quorum", f"what {', '.join(latest.unchecked)} signed with ML-DSA-44")
        if not believed.reached([*latest.witnesses, *latest.unchecked]):
            self.say("failed", "quorum", f"{believed.quorum} asks for more than {who}")
        elif believed.quorum == "none":
            self.say("noted", "quorum", f"the policy asks for no witness; signed by {who}")
        elif believed.reached(list(latest.witnesses)):
            self.say("held", "quorum", f"{believed.quorum}: signed by {who}")
        return latest

    def root(self, files: dict[str, bytes], latest: Checkpoint) -> list[bytes]:
        """All entries, which come to the root that was signed."""
        entries: list[bytes] = []
        for name, width in tiles(latest.size):
            entries += entries_of(files[name], width)
        if root(tree(entries), latest.size) != latest.root:
            raise Refused("the entries do not come to the root that the log has signed")
        self.say("held", "root", f"rebuilt from all {latest.size} entries")
        return entries

    def earlier(
        self, files: dict[str, bytes], stated: dict[str, Any], believed: Policy, levels: list[list[bytes]]
    ) -> Iterator[tuple[int, int]]:
        """The earlier checkpoints; when witnesses signed them."""
        names = [name for name in files if name.startswith("checkpoints/")]
        for name in names:
            found = checkpoint(files[name], believed)
            if (found.origin, str(found.size)) != (stated["origin"], name[12:]) or not 0 < found.size <= stated["size"]:
                raise Refused(f"{name} is of {found.size} facts of {found.origin}")
            if root(levels, found.size) != found.root:
                raise Refused(f"{name}: the log has signed another past, a fork: keep this bundle, it is the evidence")
            yield from ((found.size, at) for at in found.witnesses.values())
        self.say("held", "earlier", f"{len(names)} checkpoints, signed by the log: the book has only grown")

    def openings(
        self, files: dict[str, bytes], stated: dict[str, Any], entries: list[bytes], seen: list[tuple[int, int]]
    ) -> None:
        """A verdict for each fact. The first reasons are printed."""
        lines = files["openings.jsonl"].split(b"\n")
        if lines.pop() or len(lines) != stated["to"] - stated["from"]:
            raise Refused(f"openings.jsonl does not have a line for each of {stated['to'] - stated['from']} facts")
        reader = Openings(stated, entries, seen)
        for index, line in enumerate(lines, stated["from"]):
            try:
                verdict = reader.verdict(index, line)
            except Refused as error:
                verdict = "failed"
                if self.verdicts[verdict] < 10:
                    print(f"{verdict:12} {f'fact {index}':11} {error}")
            self.verdicts[verdict] += 1
        self.withheld(stated, reader)
        self.verdicts["committed-not-disclosed"] += stated["size"] - len(lines)
        self.judged(stated, reader, len(lines))

    def withheld(self, stated: dict[str, Any], reader: Openings) -> None:
        """That what is said to be erased was erased by the fact that is named, and with everybody's agreement."""
        nobody: set[str] = set()
        for index, erasure in reader.erased.items():
            by, missing = reader.erasures.get(index, (-1, nobody))
            if not 0 <= erasure < stated["size"]:
                verdict, words = "failed", f"said to be erased by fact {erasure}, which is none of the book"
            elif not stated["from"] <= erasure < stated["to"]:
                verdict, words = "committed-not-disclosed", f"said to be erased by fact {erasure}, which is not in this bundle"
            elif by != erasure or by <= index:
                verdict, words = "failed", f"said to be erased by fact {erasure}, which does not say so"
            elif missing:
                verdict, words = "failed", f"erased by fact {erasure} without {', '.join(sorted(missing))}"
            else:
                continue
            self.verdicts["erased-authorised"] -= 1
            self.verdicts[verdict] += 1
            print(f"{verdict:12} fact {index:6} {words}")

    def judged(self, stated: dict[str, Any], reader: Openings, opened: int) -> None:
        """What the openings came to."""
        if self.verdicts["failed"]:
            self.say("failed", "openings", f"{self.verdicts['failed']} of {opened}")
        else:
            self.say("held", "openings", f"{opened}, each what its entry commits to, of its index and of this book, in time")
        if reader.audience != stated["audience"]:
            self.say("failed", "openings", "bundle.json states another audience than the fact that opened the book")
        if reader.founded not in (None, (stated["forum"], stated["kind"])):
            self.say("failed", "openings", f"bundle.json states another forum than was founded: {reader.founded}")
        if stated["kind"] != "regular":
            self.say("noted", "times", f"told and no clock's: this forum is a {stated['kind']}, and no statement of anybody")
        elif reader.early:
            self.say("noted", "times", f"{reader.early} facts are dated before a witness saw the book without them: ask why")
        self.say("not checked", "acts", f"{reader.acts} facts bear a delegation's signature")

    def unchecked(self, files: dict[str, bytes]) -> None:
        """What this file cannot tell."""
        if "state.json" in files:
            self.say("not checked", "state", "whether the facts come to state.json")
        if "slots.jsonl" in files:
            self.say("not checked", "slots", "whether the slots of epochs hold what slots.jsonl says")
        self.say("not checked", "remembered", "whether you have seen another past of this book before")


class Openings:
    """The lines of openings.jsonl, read one after another."""

    def __init__(self, stated: dict[str, Any], entries: list[bytes], seen: list[tuple[int, int]]) -> None:
        self.stated = stated
        self.entries = entries
        self.bounds = Bounds(seen)
        self.last = ""
        self.early = self.acts = 0
        self.audience: Any = None
        self.founded: Any = None
        self.members: set[str] = set()
        self.asked: dict[int, Any] = {}
        self.approved: dict[int, set[str]] = {}
        self.erased: dict[int, int] = {}
        """By index, the facts that are said to be erased, and by which fact."""
        self.erasures: dict[int, tuple[int, set[str]]] = {}
        """By index, what the book says was erased: by which fact, and whose agreement was missing."""

    def verdict(self, index: int, line: bytes) -> str:
        """What is known of the fact at this index; Refused: that it is not what the book holds."""
        opening = members(line)
        if type(opening.get("index")) is not int or opening["index"] != index:
            raise Refused("its line is not that of its index")
        if opening == {"index": index, "withheld": "not-disclosed"}:
            return "committed-not-disclosed"
        if (
            opening == {"index": index, "withheld": "erased", "erasure": opening.get("erasure")}
            and type(opening["erasure"]) is int
        ):
            self.erased[index] = opening["erasure"]
            return "erased-authorised"
        if sorted(opening) != ["envelope", "index", "salt"]:
            raise Refused("it is neither opened nor withheld for a reason that counts")
        salt, envelope = octets(opening["salt"]), octets(opening["envelope"])
        commitment = sha256(b"accord/commit/v1\0" + salt + envelope).digest()
        if len(salt) != 32 or self.entries[index] != b"\1" + commitment:
            raise Refused("the opening is not what the book committed to")
        self.fact(index, members(envelope))
        return "verified"

    def fact(self, index: int, fact: dict[str, Any]) -> None:
        """That an envelope is that of its index, its book and its time."""
        if sorted(fact) != ENVELOPE:
            raise Refused("its envelope does not have the members of one")
        if type(fact["index"]) is not int or (fact["index"], fact["book"]) != (index, self.stated["book"]):
            raise Refused(f"its envelope is that of fact {fact['index']} of the book {fact['book']}")
        at = fact["at"]
        earliest, latest = self.bounds.at(index)
        if not TIME.fullmatch(at) or not self.last <= at <= latest:
            raise Refused(
                f"its time {at} lies before that of the fact before it, {self.last}, or after {latest}, when it was seen"
            )
        self.last = at
        self.early += at < earliest
        self.acts += fact["signature"] is not None
        self.tell(index, fact["type"], fact["data"], fact["delegation"])

    def tell(self, index: int, kind: str, data: dict[str, Any], delegation: str | None) -> None:
        """What some facts tell of the book and its forum, and of what was erased."""
        if kind == "book.opened":
            self.audience = data["audience"]
            self.members.update(data["audience"]["members"])
        elif kind == "forum.founded":
            self.founded = (data["host"], data["kind"])
        elif kind == "forum.delegation-admitted":
            self.members.add(data["code"])
        elif kind == "erasure.asked":
            self.asked.setdefault(data["erasure"], data["facts"])
        elif kind == "erasure.approved" and data["delegation"] == delegation:
            self.approved.setdefault(data["erasure"], set()).add(data["delegation"])
        elif kind == "erasure.carried-out":
            missing = (self.members or set(data["approvals"])) - self.approved.get(data["erasure"], set())
            if self.asked.get(data["erasure"]) != data["facts"] or not data["approvals"]:
                missing.add("anybody who had asked for it")
            for words in data["facts"]:
                self.erasures.setdefault(words["index"], (index, missing))


class Bounds:
    """Between which times the facts were recorded, as far as witnesses tell. Instants are written so that letters order them."""

    def __init__(self, seen: list[tuple[int, int]]) -> None:
        first: dict[int, int] = {}
        for size, at in seen:
            first[size] = min(at, first.get(size, at))
        self.sizes = sorted(first)
        self.earliest = [self.said(max(first[size] for size in self.sizes[: at + 1]), -SKEW) for at in range(len(self.sizes))]
        self.latest = [self.said(min(first[size] for size in self.sizes[at:]), SKEW) for at in range(len(self.sizes))]
        self.past = 0

    @staticmethod
    def said(seconds: int, skew: timedelta) -> str:
        """As an envelope writes it."""
        at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=min(seconds, 2**37)) + skew
        return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")

    def at(self, index: int) -> tuple[str, str]:
        """For indices that only grow."""
        while self.past < len(self.sizes) and self.sizes[self.past] <= index:
            self.past += 1
        earliest = self.earliest[self.past - 1] if self.past else ""
        return earliest, self.latest[self.past] if self.past < len(self.latest) else "~"


def expected(stated: dict[str, Any]) -> list[str]:
    """The files of a bundle beside bundle.json, in their order."""
    named = stated["sha256"]
    sizes = sorted(int(name[12:]) for name in named if re.fullmatch("checkpoints/(0|[1-9][0-9]{0,18})", name))
    slots = ["slots.jsonl"] if "slots.jsonl" in named else []
    state = ["state.json"] if stated["from"] == 0 else []
    found = ["policy", "checkpoint", *(f"checkpoints/{size}" for size in sizes), *(name for name, _ in tiles(stated["size"]))]
    found += ["openings.jsonl", *slots, *state, "verify.py"]
    if sorted(found) != sorted(named):
        raise Refused(f"the files are not those of such a bundle: {', '.join(sorted(set(found) ^ set(named))[:5])}")
    return found


def main(arguments: list[str]) -> int:
    """Check what the arguments name."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    examination = Examination()
    try:
        content, *own = [Path(argument).read_bytes() for argument in arguments]
        examination.run(content, own[0] if own else None)
    except Refused as error:
        examination.say("failed", "", str(error))
    except (KeyError, TypeError, AttributeError, UnicodeError, OSError) as error:
        examination.say("failed", "", f"it has not the shape that it should have: {error!r}")
    print(", ".join(f"{count} {verdict}" for verdict, count in examination.verdicts.items()))
    failed = examination.failed or examination.verdicts["failed"]
    print("FAILED" if failed else "Nothing failed of what was checked; what was not checked stands above.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
