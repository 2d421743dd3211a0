"""The keys that sign the books are announced in the public one.

So whoever follows it learns of a new key under a tree that the old one signs, too. Not in a forum of imported material: what is
imported later would lie before the announcement, and a book's time never goes back.
"""

from asyncio import sleep
from contextlib import suppress

from application.acts.forum import announce_keys
from application.directory import Directory
from application.ports import Busy, Signer, SignerAway, SignerKeys
from application.reactions.reaction import request
from application.tracker import Tracker
from domain.forum.events import SignerKeyAnnounced
from domain.forum.forum import Forum


async def watch_keys(tracker: Tracker, signer: Signer, *, every: float = 5.0) -> None:
    """Ask the signer now and again, for ever."""
    while True:
        with suppress(Busy, SignerAway):
            await announce(tracker, await signer.keys())
        await sleep(every)


async def announce(tracker: Tracker, keys: SignerKeys) -> None:
    """Announce these keys, unless they were the last to be announced: once, whichever process is first. Raises Busy."""
    directory: Directory = tracker.directory
    forum = directory.forum()
    if forum.founded.kind == "import" or _announced(forum) == keys:
        return
    count = len(forum.announced)
    numbers = b"".join(number.to_bytes(4, "big") for number in (count, len(keys.logs)))
    asked = request(b"signer-key-announced", directory.forum_id.bytes, numbers, *keys.logs, *keys.promises)
    await tracker.execute(announce_keys(directory, SignerKeyAnnounced(keys.logs, keys.promises)), asked)


def _announced(forum: Forum) -> SignerKeys | None:
    """The last that were."""
    if not forum.announced:
        return None
    last = forum.announced[-1]
    return SignerKeys(last.logs, last.promises)
