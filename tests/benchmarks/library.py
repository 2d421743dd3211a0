"""The eventsourcing library as it comes: its PostgreSQL module, its aggregates, its JSON."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from time import perf_counter
from typing import Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from infrastructure.postgres.embedded import Database
from tests.benchmarks.measures import Figures, middle

THREADS: Final = 16
MOTIONS: Final = 256
"""Changed in turn."""
LOADS: Final = {10: 200, 1000: 20}
"""By the length of a stream, how often it is loaded in a slice."""


class Motion(Aggregate):
    """About what a proposal is: who stands where."""

    @event("Tabled")
    def __init__(self, title: str, words: str) -> None:
        self.title = title
        self.words = words
        self.positions: dict[str, str] = {}

    @event("PositionTaken")
    def take(self, delegation: str, stance: str, revision: int) -> None:
        self.positions[delegation] = f"{stance} of {revision}"


class Library:
    """Open until it is closed. Saves and reads in a database of its own."""

    def __init__(self, database: Database, *, seconds: float = 1.0) -> None:
        parts = conninfo_to_dict(database.owner_url)
        self._seconds = seconds
        self._app: Application[UUID] = Application(
            {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": str(parts["dbname"]),
                "POSTGRES_HOST": str(parts["host"]),
                "POSTGRES_PORT": str(parts["port"]),
                "POSTGRES_USER": str(parts["user"]),
                "POSTGRES_PASSWORD": str(parts["password"]),
                "POSTGRES_POOL_SIZE": str(THREADS),
                "POSTGRES_MAX_OVERFLOW": str(THREADS),
            }
        )
        self._threads = ThreadPoolExecutor(THREADS)
        self._motions = cycle([self._tabled(0) for _ in range(MOTIONS)])
        self._long = {length: self._tabled(length - 1) for length in LOADS}
        self._stances = cycle(["endorse", "no-objection"])

    def close(self) -> None:
        self._threads.shutdown()
        self._app.close()

    def _tabled(self, positions: int) -> UUID:
        motion = _motion()
        for number in range(positions):
            motion.take(("JPN", "USA", "CHN", "KOR")[number % 4], "endorse", number)
        self._app.save(motion)
        return motion.id

    def save(self) -> Figures:
        """Events a second, one a command, by threads that do nothing else."""
        begun = perf_counter()
        end = begun + self._seconds

        def save_on(_: int) -> int:
            number = 0
            while perf_counter() < end:
                self._app.save(_motion())
                number += 1
            return number

        saved = sum(self._threads.map(save_on, range(THREADS)))
        return {f"save {THREADS}": saved / (perf_counter() - begun)}

    def change(self) -> Figures:
        """Seconds for one command: load, decide, save; one after another."""
        return {"change 1": middle(list(timed(self._change, self._seconds)))}

    def _change(self) -> None:
        motion: Motion = self._app.repository.get(next(self._motions))
        motion.take("JPN", next(self._stances), 0)
        self._app.save(motion)

    def get(self) -> Figures:
        """Seconds to load a stream, by its length."""
        return {f"get {length}": middle([_once(self._load, length) for _ in range(LOADS[length])]) for length in LOADS}

    def _load(self, length: int) -> None:
        self._app.repository.get(self._long[length])


def _motion() -> Motion:
    return Motion("Hotline protocol", "Each side answers a call on the line within two hours, at any time of the day.")


def timed(act: Callable[[], object], seconds: float) -> Iterator[float]:
    """How long each took, as many as there is time for."""
    end = perf_counter() + seconds
    while (begun := perf_counter()) < end:
        act()
        yield perf_counter() - begun


def _once(act: Callable[[int], object], of: int) -> float:
    begun = perf_counter()
    act(of)
    return perf_counter() - begun
