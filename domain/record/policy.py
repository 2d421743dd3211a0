"""Whom one believes: the keys of logs, the keys of witnesses, and how many of them must agree (c2sp.org/tlog-policy).

A delegation has its own: it may ask for its own cosignature and for enough of the others'. Names of witnesses and groups mean
something within the file only; they are octets, not text (those that are no UTF-8 go through as lone surrogates).
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct

from domain.record import checkpoint
from domain.record.malformed import Malformed
from domain.record.note import Holds, Kind, Note, Unproven, Unsigned, VerifierKey, key, signers

NOBODY: Final = "none"
LOG_KINDS: Final = frozenset({Kind.ED25519, Kind.COSIGNATURE_ML_DSA_44})
WITNESS_KINDS: Final = frozenset({Kind.COSIGNATURE, Kind.COSIGNATURE_ML_DSA_44})

_ALLOWED: Final = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Log(Struct, frozen=True):
    """A log that is believed, under the origin that is its key's name."""

    key: VerifierKey
    url: str | None = None


class Witness(Struct, frozen=True):
    """Who watches a log, under the name that the policy gives it."""

    name: str
    key: VerifierKey
    url: str | None = None


class Group(Struct, frozen=True):
    """Has signed if so many of its members have. A member is a witness or a group."""

    name: str
    enough: int
    members: tuple[str, ...]


class Policy(Struct, frozen=True):
    """Logs and witnesses, and the name of the witness or the group that must have signed; ``none``: nobody."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NOBODY

    def __bytes__(self) -> bytes:
        """The file, a group after its members; comments and spacing of one that was read are gone."""
        rows = [
            *(("log", str(log.key), log.url or "") for log in self.logs),
            *(("witness", witness.name, str(witness.key), witness.url or "") for witness in self.witnesses),
            *(("group", group.name, str(group.enough), *group.members) for group in self.groups),
            ("quorum", self.quorum),
        ]
        return "".join(" ".join(row).rstrip(" ") + "\n" for row in rows).encode("utf-8", "surrogateescape")


def quorum_of(members: int) -> int:
    """How many must agree, so that no two sets of so many have only dishonest ones in common while fewer than a third are."""
    return 2 * members // 3 + 1 if members else 0


class QuorumMissing(Unproven):
    """Too few witnesses of the policy have signed."""

    def __init__(self, quorum: str, signed: frozenset[str]) -> None:
        super().__init__(f"the quorum {quorum} asks for more than {', '.join(sorted(signed)) or 'nobody'}")
        self.quorum = quorum
        self.signed = signed


class Witnessed(Struct, frozen=True):
    """A checkpoint that a policy accepts: who signed it as a log, and which of its witnesses."""

    checkpoint: checkpoint.Checkpoint
    logs: frozenset[VerifierKey]
    witnesses: frozenset[str]


def reached(policy: Policy, signed: Iterable[str]) -> bool:
    """Whether these witnesses, by name, are enough."""
    have = {NOBODY, *signed}
    for group in policy.groups:
        if sum(member in have for member in group.members) >= group.enough:
            have.add(group.name)
    return policy.quorum in have


def accepted(policy: Policy, note: Note, holds: Holds) -> Witnessed:
    """Believe a checkpoint, or say why not.

    A log must have signed under its origin, even where the policy names none: the format lets an application know its logs from
    elsewhere; whoever does adds them. Raises Malformed, Unsigned, SignatureFails, QuorumMissing.
    """
    found = checkpoint.parsed(note.text)
    logs = {log.key for log in policy.logs if log.key.name == found.origin}
    names = {witness.key: witness.name for witness in policy.witnesses}
    signed = signers(note, logs | names.keys(), holds)
    if not signed & logs:
        raise Unsigned(f"no log of the policy has signed for {found.origin}")
    witnesses = frozenset(names[key] for key in signed & names.keys())
    if not reached(policy, witnesses):
        raise QuorumMissing(policy.quorum, witnesses)
    return Witnessed(found, signed & logs, witnesses)


def parsed(content: bytes) -> Policy:
    """Read a policy, line by line: a name is known from the line on that defines it."""
    reading = _Reading()
    for number, line in _lines(content):
        words = re.split("[ \t]+", line.strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            reading.take(number, words)
    return reading.policy(content.count(b"\n") + 1)


def _lines(content: bytes) -> Iterable[tuple[int, str]]:
    allowed = _ALLOWED.match(content)
    end = allowed.end() if allowed else 0
    if end < len(content):
        raise Malformed(content.count(b"\n", 0, end) + 1, "no control characters but tab and newline")
    *found, rest = content.decode("utf-8", "surrogateescape").split("\n")
    if rest:
        raise Malformed(len(found) + 1, "a newline at the end")
    return enumerate(found, start=1)


class _Reading:
    """What is known so far of a policy that is being read."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self.defined: set[str] = set()
        self.members: set[str] = set()
        self.keys: set[tuple[str, bytes]] = set()

    def policy(self, line: int) -> Policy:
        if self.quorum is None:
            raise Malformed(line, "a quorum line")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def take(self, line: int, words: list[str]) -> None:
        match words:
            case ["log", found, *url] if len(url) <= 1:
                self.logs.append(Log(self._key(line, "log", found, LOG_KINDS), *url))
            case ["witness", name, found, *url] if len(url) <= 1:
                self._define(line, name)
                self.witnesses.append(Witness(name, self._key(line, "witness", found, WITNESS_KINDS), *url))
            case ["group", name, enough, *members] if members:
                self._join(line, members)
                self._define(line, name)
                self.groups.append(Group(name, _enough(line, enough, len(members)), tuple(members)))
            case ["quorum", name] if self.quorum is None:
                self._know(line, name, {NOBODY, *self.defined})
                self.quorum = name
            case _:
                raise Malformed(
                    line,
                    "log <key> [<url>], witness <name> <key> [<url>], group <name> <k|any|all> <name>..., one quorum <name>",
                )

    def _key(self, line: int, role: str, text: str, kinds: Collection[Kind]) -> VerifierKey:
        found = key(text, line)
        if found.kind not in kinds:
            raise Malformed(line, f"a key of a kind that a {role} signs with")
        if (role, found.public) in self.keys:
            raise Malformed(line, f"a key that no other {role} has")
        self.keys.add((role, found.public))
        return found

    def _define(self, line: int, name: str) -> None:
        if name == NOBODY or name in self.defined:
            raise Malformed(line, f"a name that is not taken, unlike {_shown(name)}")
        self.defined.add(name)

    def _join(self, line: int, members: list[str]) -> None:
        for member in members:
            self._know(line, member, self.defined)
            if member in self.members:
                raise Malformed(line, f"a member that is listed nowhere else, unlike {_shown(member)}")
            self.members.add(member)

    def _know(self, line: int, name: str, known: Collection[str]) -> None:
        if name not in known:
            raise Malformed(line, f"a name that an earlier line defines, unlike {_shown(name)}")


def _enough(line: int, text: str, members: int) -> int:
    match text:
        case "any":
            return 1
        case "all":
            return members
        case _ if _COUNT.fullmatch(text) and int(text) <= members:
            return int(text)
        case _:
            raise Malformed(line, f"any, all, or a number from 1 to {members}")


def _shown(name: str) -> str:
    """As it can be printed: what is no UTF-8 is escaped."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
