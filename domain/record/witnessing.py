"""What a witness does about a checkpoint that it is shown, and when a book counts as witnessed.

It has cosigned one tree of a book, the last; it is shown another, which the log has signed. It cosigns what begins with the last,
and nothing else, so that all that it ever cosigned of a book is one history. What it cannot cosign it keeps: see `fork`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from domain.record.checkpoint import Checkpoint
from domain.record.policy import NOBODY, Policy, reached
from domain.record.proofs import is_consistent

Shown = Literal["new", "known", "rollback", "fork", "unproven"]
"""*new*: begins with the last, and may be cosigned. *known*: is the last. *rollback*: a size that the book had before.
*fork*: another root of the last's size. *unproven*: greater, and not shown to begin with it; a fork unless a proof turns up."""


def shown(last: Checkpoint | None, tree: Checkpoint, proof: Sequence[bytes]) -> Shown:
    """Compare a tree with the last that was cosigned of the same book; None: nothing was yet, and everything begins with it.

    A rollback is one by its size alone. Whether its root ever was the book's, who has the entries can tell: if not, it is a fork, too.
    """
    if last is None or last.size == 0:
        return "new"
    assert last.origin == tree.origin, "two books are two histories"
    if tree.size < last.size:
        return "rollback"
    if tree.size == last.size:
        return "known" if tree.root == last.root else "fork"
    return "new" if is_consistent(last.root, last.size, tree.root, tree.size, proof) else "unproven"


GRACE: Final = timedelta(seconds=3)
"""So long witnesses have to fetch, check and cosign a checkpoint before the lack of them counts: a book that grows each second,
under witnesses that follow, does not flicker."""


class Published(Struct, frozen=True):
    """A checkpoint, when the log signed it, and which witnesses of the policy, by name, have signed it too."""

    size: int
    at: datetime
    witnesses: frozenset[str]


def is_witnessed(policy: Policy, checkpoints: Iterable[Published], now: datetime) -> bool | None:
    """Whether a checkpoint with enough cosignatures speaks of all that was under a checkpoint so long ago. None: nobody is asked.

    ``checkpoints``: the newest, some of which are older than that. One with a quorum vouches for all before it.
    """
    if policy.quorum == NOBODY:
        return None
    return any(reached(policy, one.witnesses) for one in _in_time(checkpoints, now))


def following(checkpoints: Iterable[Published], now: datetime) -> frozenset[str]:
    """The witnesses that have signed all that was under a checkpoint so long ago, each under one or another checkpoint."""
    return frozenset(name for one in _in_time(checkpoints, now) for name in one.witnesses)


def _in_time(checkpoints: Iterable[Published], now: datetime) -> list[Published]:
    """The newest checkpoint that is past the grace, and those after it."""
    published = list(checkpoints)
    due = max((one.size for one in published if now - one.at >= GRACE), default=0)
    return [one for one in published if one.size >= due]
