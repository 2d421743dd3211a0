"""Whether a server that starts gets on. A recovery may take hours, and is waited for as long as it moves."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infrastructure.postgres.errors import EmbeddedPostgresError

PATIENCE: Final = 120.0
"""Seconds without a word in the server's log after which a start has failed. Recovery says every second how far it is."""
QUIET: Final = 1.0
"""Seconds that a start takes without anything being said about it."""

Say = Callable[[str], None]
"""Takes a sentence on what a long start is waiting for."""


class Progress:
    """The server's log, watched from now on: while it grows, the start gets on."""

    def __init__(self, log: Path, say: Say, now: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._say = say
        self._now = now
        self._begin = self._size = self._length()
        self._since = self._moved = now()

    def look(self) -> None:
        """Say the last line, if there is a new one and the start is no longer a short one.

        Raises EmbeddedPostgresError after two minutes without a word.
        """
        now, size = self._now(), self._length()
        if size != self._size:
            self._size, self._moved = size, now
            if now - self._since > QUIET:
                self._say(f"PostgreSQL is starting: {self._last()}")
        elif now - self._moved > PATIENCE:
            raise EmbeddedPostgresError(f"PostgreSQL is not ready, and silent for {PATIENCE:.0f} s: {self.said()}")

    def said(self) -> str:
        """What the log says since then, at most its last 2,000 characters."""
        with self._log.open("rb") as log:
            log.seek(self._begin)
            return log.read().decode(errors="replace")[-2000:].strip() or f"nothing is in {self._log}"

    def _last(self) -> str:
        return self.said().splitlines()[-1].rpartition("LOG:  ")[2]

    def _length(self) -> int:
        return self._log.stat().st_size if self._log.exists() else 0
