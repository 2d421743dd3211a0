"""Who listens to the feed as it grows.

Owned by one event loop. The process's follower says what was recorded, and each listener gets what lies in their books, in a
buffer that is bounded. Nobody asks the database again and again: a listener reads from it only to catch up, that is at first,
after a book was opened to them, and where they were so slow that the buffer had no room.

An index has no gap in its book, so a listener sees by it what they had already, and whether anything is missing; that is then
read. So where they stand is all that is to be known of them, and whoever sends it back goes on from there.
"""

from asyncio import Event, sleep
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from time import monotonic
from typing import Final

from application.people import People
from application.ports import Busy, EventLog
from application.views.feed import Places, in_order
from domain.identity import BookId, PersonId
from domain.kernel import Erasing, Fact, Recorded

PAGE: Final = 100
"""Facts that are read at a time to catch up."""
ROOM: Final = 256
"""Facts that wait for a listener, at most."""
MOST: Final = 8
"""Listeners that one person may be at a time."""
MOST_OF_THE_PUBLIC: Final = 200
"""The same of all who come without a token."""
LATELY: Final = 1.0
"""Seconds for which a token that held is taken to hold."""
WATCH: Final = 0.4
"""Seconds after which tokens are looked at again, for all listeners at once."""
QUIET: Final = 15.0
"""Seconds without anything to tell, after which a listener is told so."""
PATIENCE: Final = 30.0
"""Seconds in which a listener takes what they are told, or is left."""

Books = Callable[[PersonId | None], Set[BookId]]
"""What a person may read now."""


class TooManyListenersError(Exception):
    """The person listens as often as one person may."""


class ListeningEndedError(Exception):
    """There is nothing more to hear: the token holds no longer, or the process ends."""


class Listener:
    """One of them. ``places`` says what they were told; it goes forward as ``heard`` answers."""

    def __init__(self, house: "Listeners", person: PersonId | None, token: bytes | None, places: Places) -> None:
        self.person = person
        self.token = token
        self.places = dict(places)
        self.is_over = False
        self._house = house
        self._books: Set[BookId] = frozenset(places)
        self._waiting: list[Recorded[Fact]] = []
        self._is_behind = True
        self._woken = Event()
        self._is_due = False
        self._told_at = self._sure_since = house.elapsed()

    def offer(self, facts: Iterable[Recorded[Fact]]) -> None:
        """Have told what of it lies in their books. Of one that is closed now not even that something waits."""
        books = self._house.books(self.person)
        if books != self._books:
            self._woken.set()
        known = self._books & books
        mine = [recorded for recorded in facts if recorded.book in known]
        # Among what waits may be words that are gone now: what comes next is read again.
        if len(self._waiting) + len(mine) > ROOM or any(isinstance(recorded.fact, Erasing) for recorded in mine):
            self._is_behind = True
            self._waiting.clear()
        elif mine:
            self._waiting.extend(mine)
        if mine:
            self._woken.set()

    def look_at_the_time(self, now: float) -> None:
        """Have told that nothing happened, if it did not for long; and see which books are open at this hour."""
        self._is_due = self._is_due or now - self._told_at >= QUIET
        if self._is_due or self._house.books(self.person) != self._books:
            self._woken.set()

    def assure(self, since: float) -> None:
        """At that time their token held."""
        if not self._is_sure:
            self._woken.set()
        self._sure_since = since

    def end(self) -> None:
        """Tell nothing more."""
        self.is_over = True
        self._woken.set()

    async def heard(self) -> Sequence[Recorded[Fact]]:
        """Wait for what follows, in order. Nothing: nothing more for now, said once they have caught up and after each silence.

        Raises ListeningEndedError, Busy.
        """
        while True:
            if self.is_over:
                raise ListeningEndedError
            if self._is_sure:
                self._open_books()
                if facts := self._taken(await self._read() if self._is_behind else self._drained()):
                    self._told_at = self._house.elapsed()
                    return facts
                if self._is_behind:
                    continue
                if self._is_due:
                    self._is_due, self._told_at = False, self._house.elapsed()
                    return ()
            await self._woken.wait()
            self._woken.clear()

    def may_be_told(self, facts: Iterable[Recorded[Fact]]) -> bool:
        """Whether what they heard is still theirs to be told, now that they have taken what came before it."""
        books = self._house.books(self.person)
        return self._is_sure and not self.is_over and all(recorded.book in books for recorded in facts)

    @property
    def _is_sure(self) -> bool:
        """Whether their token held just now; if nobody can say so, they are told nothing."""
        return self.token is None or self._house.elapsed() - self._sure_since < LATELY

    async def _read(self) -> Sequence[Recorded[Fact]]:
        """What lies there; what is recorded meanwhile waits."""
        self._is_behind = False
        page = await self._house.log.following({book: self.places.get(book, -1) for book in self._books}, PAGE)
        self._open_books()  # some may have been closed meanwhile
        self._is_behind = self._is_behind or len(page) == PAGE
        self._is_due = self._is_due or not self._is_behind
        return page

    def _drained(self) -> Sequence[Recorded[Fact]]:
        waiting, self._waiting = self._waiting, []
        return in_order(waiting)

    def _taken(self, facts: Iterable[Recorded[Fact]]) -> Sequence[Recorded[Fact]]:
        """Those that come next in their books."""
        taken: list[Recorded[Fact]] = []
        for recorded in facts:
            if recorded.book not in self._books:
                continue
            following = self.places.get(recorded.book, -1) + 1
            if recorded.index == following:
                self.places[recorded.book] = following
                taken.append(recorded)
            elif recorded.index > following:
                self._is_behind = True
        return taken

    def _open_books(self) -> None:
        """A book that is closed now was never there; one that is open now is read from its place."""
        before, self._books = self._books, self._house.books(self.person)
        for book in before - self._books:
            self.places.pop(book, None)
        self._is_behind = self._is_behind or not self._books <= before


class Listeners:
    """All of them."""

    def __init__(self, log: EventLog, people: People, books: Books) -> None:
        self.log = log
        self.books = books
        self.elapsed: Callable[[], float] = monotonic
        """By which silence is measured; a test may tell it."""
        self.patience = PATIENCE
        """Likewise."""
        self._people = people
        self._present: set[Listener] = set()
        self._is_closed = False

    def __iter__(self) -> Iterator[Listener]:
        """Those who listen now."""
        return iter(self._present)

    def __len__(self) -> int:
        return len(self._present)

    def enter(self, person: PersonId | None, token: bytes | None, places: Places) -> Listener:
        """One more, whose token, as its hash, holds now. They ``leave`` when they are told nothing more.

        Raises TooManyListenersError; Busy where the process ends.
        """
        if self._is_closed:
            raise Busy("the process ends")
        if sum(listener.person == person for listener in self._present) >= (MOST_OF_THE_PUBLIC if person is None else MOST):
            raise TooManyListenersError
        listener = Listener(self, person, token, places)
        self._present.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """One less."""
        self._present.discard(listener)

    def hear(self, page: Sequence[Recorded[Fact]]) -> None:
        """What was recorded, as the follower has it, once it is remembered."""
        for listener in self._present:
            listener.offer(page)

    def close(self) -> None:
        """Tell nobody anything more, also nobody who comes now."""
        self._is_closed = True
        self.dismiss()

    def dismiss(self) -> None:
        """Tell those who are here nothing more."""
        for listener in self._present:
            listener.end()

    async def watch(self) -> None:
        """Look after time and tokens, for ever."""
        while True:
            await sleep(WATCH)
            await self._look_at_tokens()
            for listener in self._present:
                listener.look_at_the_time(self.elapsed())

    async def _look_at_tokens(self) -> None:
        known = [listener for listener in self._present if listener.token is not None]
        if not known:
            return
        asked = self.elapsed()
        try:
            holding = await self._people.holding({listener.token for listener in known if listener.token is not None})
        except Busy:
            return
        for listener in known:
            if listener.token in holding:
                listener.assure(asked)
            else:
                listener.end()
