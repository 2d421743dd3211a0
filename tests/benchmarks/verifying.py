"""Checking a book: its notes, entries, root and openings; against SHA-256 of the same bytes in blocks of their size."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from time import process_time
from typing import Final

from msgspec.structs import replace

from domain.record.bundle import STATE
from domain.record.verifying import Means, verified
from infrastructure.record.ciphers import check
from tests.infrastructure.record.bundles import BEGUN, Book, Kept, kept, policy, story, zipped

LEAF_BYTES: Final = 34
NODE_BYTES: Final = 65
TAGGED_BYTES: Final = 49
"""What is hashed before an envelope: tag and salt."""
SPEED: Final = re.compile(r"^sha256\s+([\d.]+)k$", re.MULTILINE)


class Verifying:
    """A book of so many facts, bundled."""

    def __init__(self, facts: int) -> None:
        self._facts = facts
        book = replace(Book(tuple(_kept(facts))), state=b"{}")
        self._sizes = [len(one.envelope) for one in book.facts[:: max(1, facts // 1000)]]
        self._bundle = zipped(book, book.files(earlier=(facts // 3, facts // 2)) | {STATE: b"{}"})

    def ours(self) -> dict[str, float]:
        """Seconds of CPU to check it, as `openssl speed` counts them, too: all but members' signatures and the replay."""
        begun = process_time()
        report = verified(self._bundle, Means(check, policy()))
        seconds = process_time() - begun
        assert report.holds
        return {"verify": seconds}

    def hashing(self) -> dict[str, float]:
        """Seconds that SHA-256 alone takes of the same bytes, by `openssl speed`."""
        envelope = TAGGED_BYTES + round(sum(self._sizes) / len(self._sizes))
        return {"hash": self._facts * sum(size / _speed(size) for size in (envelope, LEAF_BYTES, NODE_BYTES))}


def _kept(facts: int) -> Iterator[Kept]:
    for index, fact in enumerate(story(facts)):
        yield kept(fact, index, BEGUN + timedelta(milliseconds=index))


def _speed(size: int) -> float:
    """Bytes a second in blocks of this size."""
    program = shutil.which("openssl")
    assert program is not None, "openssl is there: `apt-get install openssl`"
    told = subprocess.run(
        [program, "speed", "-seconds", "1", "-bytes", str(size), "-evp", "sha256"], capture_output=True, text=True, check=True
    )
    found = SPEED.search(told.stdout.replace("SHA256", "sha256").replace("sha-256", "sha256"))
    assert found is not None, told.stdout
    return float(found[1]) * 1000
