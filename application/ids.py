"""Random ids and salts, from a source that tests can seed."""

from collections.abc import Callable
from uuid import UUID

Entropy = Callable[[int], bytes]
"""So many random bytes: os.urandom, except in tests."""


class Ids:
    """Ids that tell nothing of when they were made."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def new(self) -> UUID:
        """A UUID of version 4, which tells nothing of when it was made."""
        return UUID(bytes=self._entropy(16), version=4)

    def octets(self, count: int) -> bytes:
        """So many random bytes."""
        return self._entropy(count)
