"""The one door to a replay."""

from application.accord import Accord, Caller
from application.replay.asked import Asked, OfAgenda, OfBook, OfProposal
from application.replay.books import of_book
from application.replay.streams import of_stream
from application.replay.through import Through, narrowed
from application.views.replay import Replayed
from domain.identity import StreamId


async def replay(house: Accord, who: Caller, asked: Asked) -> Replayed:
    """The answer. Raises NotThereError, StillToCome, PastTheEnd, NotBegunYet, DelegationUnknown, NotOfTheFormat; Busy."""
    through = Through(house, narrowed(house.directory, who.books, asked.viewer), (await house.log.horizon()).at)
    match asked.of:
        case OfProposal(proposal=proposal):
            return await of_stream(through, StreamId(proposal), "proposal", asked)
        case OfAgenda(edition=edition, format=format_):
            return await of_stream(through, house.directory.stream_of("agenda", format_, edition), "agenda", asked)
        case OfBook(book=book):
            return await of_book(through, book, asked)
