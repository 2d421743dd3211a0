"""Words go from a book: somebody asks, each delegation of its audience agrees, and with the last they are gone."""

from collections.abc import Iterable, Mapping, Set
from typing import Final, Protocol

from application.access import Acting, members_of
from application.desk import Desk
from application.directory import Directory
from application.folds import room_of
from application.tracker import Task
from domain.erasures.commands import ApproveErasure, AskErasure
from domain.erasures.erasure import Erasures, approve, ask, named_erasure
from domain.erasures.events import ErasureCarriedOut
from domain.forum.events import AudienceKind
from domain.forum.forum import Forum
from domain.forum.people import Book
from domain.identity import BookId, DelegationCode, StreamId
from domain.kernel import Decision, Erasing, Fact, Recorded
from domain.prepared import events as prepared
from domain.proposals import events as proposals
from domain.releases import events as releases

Found = Mapping[int, Recorded[Fact]]


class WordsErased(Protocol):
    """What a room records of its own words: the number of the erasure, and their indices."""

    def __call__(self, erasure: int, facts: tuple[int, ...]) -> Erasing:
        """The fact."""
        ...


ROOMS: Final[Mapping[str, WordsErased]] = {
    "prepared": prepared.WordsErased,
    "proposal": proposals.WordsErased,
    "release": releases.WordsErased,
}
"""By room, what its stream is told. The stream of erasures needs no telling: the fact that erases stands in it."""


def ask_erasure(directory: Directory, book: BookId, command: AskErasure) -> Task:
    """Ask that words go from a book; from a delegation's own they go at once."""
    stream = erasures_of(directory, book)

    async def act(desk: Desk) -> None:
        acting, members = await _acting(desk, book, AskErasure)
        _, known = await desk.find(stream, Erasures)
        found = await _found(desk, book, command.facts)
        facts = {index: recorded.fact for index, recorded in found.items()}
        decision = ask(known, command, facts, delegation=acting.delegation, members=members)
        await _record(desk, stream, book, decision, found)

    return Task(stream, act)


def approve_erasure(directory: Directory, book: BookId, command: ApproveErasure) -> Task:
    """Agree for one's delegation."""
    stream = erasures_of(directory, book)

    async def act(desk: Desk) -> None:
        acting, members = await _acting(desk, book, ApproveErasure)
        assert acting.delegation is not None, "a head acts for a delegation"
        _, known = await desk.find(stream, Erasures)
        found = await _found(desk, book, named_erasure(known, command.erasure).indices)
        facts = {index: recorded.fact for index, recorded in found.items()}
        decision = approve(known, command, facts, delegation=acting.delegation, members=members)
        await _record(desk, stream, book, decision, found)

    return Task(stream, act)


def erasures_of(directory: Directory, book: BookId) -> StreamId:
    """The stream of a book's erasures."""
    return directory.stream_of("erasures", str(book))


async def _acting(desk: Desk, book: BookId, command: type[AskErasure | ApproveErasure]) -> tuple[Acting, Set[DelegationCode]]:
    """In what capacity, and who has to agree. A delegation that is admitted meanwhile has to, too. Raises NotThereError."""
    of_book = desk.directory.stream_of_book(book) or StreamId(book)
    _, opened = await desk.get(of_book, Book, rely=False)
    is_open_to_all = opened.audience.kind in {AudienceKind.PUBLIC, AudienceKind.FORUM}
    _, forum = await desk.get(StreamId(desk.directory.forum_id), Forum, rely=is_open_to_all)
    members = members_of(opened.audience, forum.delegations.keys())
    return await desk.act(command, desk.person.capacities(members=members, chair=None)), members


async def _found(desk: Desk, book: BookId, indices: Iterable[int]) -> Found:
    standing = {index: await desk.standing_at(book, index) for index in indices}
    return {index: recorded for index, recorded in standing.items() if recorded is not None}


async def _record(desk: Desk, stream: StreamId, book: BookId, decision: Decision, found: Found) -> None:
    """With an erasure that is carried out, tell each stream whose words go, and rely on its being as it was."""
    desk.decide(stream, book, decision)
    for fact in decision.facts:
        if isinstance(fact, ErasureCarriedOut):
            for of, indices in _by_stream(found).items():
                if (told := ROOMS.get(room_of(found[indices[0]].fact))) is not None:
                    await desk.rely_on(of)
                    desk.write(of, book, (told(fact.erasure, indices),))


def _by_stream(found: Found) -> Mapping[StreamId, tuple[int, ...]]:
    streams: dict[StreamId, tuple[int, ...]] = {}
    for index in sorted(found):
        of = found[index].stream
        streams[of] = (*streams.get(of, ()), index)
    return streams
