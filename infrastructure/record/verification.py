"""Checking what somebody was handed: a bundle, a mirror, or evidence of a fork; and remembering what was seen."""

from collections.abc import Callable
from pathlib import Path

from domain.record import checkpoint, fork
from domain.record import policy as policies
from domain.record.bundle import NotAsStated
from domain.record.malformed import Malformed
from domain.record.note import Unproven
from domain.record.policy import Policy
from domain.record.report import ForkShown, Report, Verification
from domain.record.verifying import Means, verified, verified_mirror
from infrastructure.record.ciphers import HOLDS, check
from infrastructure.record.replayed import authorised, replayed
from infrastructure.record.seen import Seen


class Verifier:
    """With the reader's policy, and their memory in a folder."""

    def __init__(self, policy: Policy | None, seen: Path) -> None:
        self._policy = policy
        self._seen = Seen(seen)
        self._means = Means(check, policy, replayed, authorities=authorised, remembered=self._seen.remembered)

    def bundle(self, content: bytes) -> Verification:
        """Check a bundle."""
        return self._kept(verified(content, self._means))

    def mirror(self, folder: str) -> Verification:
        """Check a folder of static files."""
        return self._kept(verified_mirror(_fetching(Path(folder)), self._means))

    def fork(self, content: bytes) -> ForkShown:
        """Check evidence of a fork."""
        try:
            found = fork.parsed(content)
            keys = found.keys if self._policy is None else tuple(log.key for log in self._policy.logs)
            signed = fork.shown(found, keys, HOLDS)
        except (Malformed, Unproven) as error:
            return ForkShown(lacking=str(error))
        first, second = (checkpoint.parsed(one.text) for one in (found.first, found.second))
        named = tuple(sorted(map(str, signed)))
        return ForkShown(first.origin, (first.size, second.size), named, self._policy is not None)

    def _kept(self, report: Report) -> Verification:
        if report.note is not None:
            self._seen.keep(report.note)
        return Verification(report, tuple(str(self._seen.evidence(one)) for one in report.forks))


def _fetching(folder: Path) -> Callable[[str], bytes]:
    def fetch(path: str) -> bytes:
        try:
            return (folder / path).read_bytes()
        except OSError as error:
            raise NotAsStated(f"{path}: {error.strerror}") from None

    return fetch


def read_policy(file: Path) -> Policy:
    """Raises Malformed, OSError."""
    return policies.parsed(file.read_bytes())
