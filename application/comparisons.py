"""Comparisons of texts are made beside the event loop, one at a time: a long one takes seconds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec

from application.views.comparison import compared
from domain.identity import Language
from domain.proposals.proposal import Revision
from domain.text.redline import Segmenter


class Comparisons:
    """Makes comparisons, encoded. Owns the one thread in which they are made, so that many questions take no more than that."""

    def __init__(self, words: Segmenter) -> None:
        self._words = words
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="comparisons")

    async def between(self, before: Revision, after: Revision, language: Language) -> bytes:
        """The comparison of two revisions, as JSON."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._made, before, after, language)

    def close(self) -> None:
        """Let go of the thread, and of what waits for it."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _made(self, before: Revision, after: Revision, language: Language) -> bytes:
        return msgspec.json.encode(compared(before, after, language, self._words))
