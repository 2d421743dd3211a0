"""A state as of a moment, the difference between two, and the steps in between."""

from datetime import tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Response, get

from api.flaws import Flaw, Wrong
from api.http.answers import asking, shown
from api.http.headers import identifier, instant, known, limit, needed, text, whole
from api.http.parameters import INDEX, MOMENT, UUID_TEXT, WORDS
from api.problems import Malformed
from api.sessions import AnyRequest, accord
from application.replay.asked import Asked, Moment, OfAgenda, OfBook, OfProposal
from application.replay.replay import replay
from application.views.replay import Replayed
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, ProposalId

SUBJECTS: Final = ("proposal", "edition", "book")
"""The parameters of which one says what is replayed; an edition's needs the format."""
QUERY: Final = (
    "proposal", "edition", "format", "book", "at", "index", "against", "viewer", "stood", "steps", "limit", "after",
)  # fmt: skip


_MOMENT: Final = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}, {"pattern": "^[0-9]{1,18}$"}]}
PARAMETERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "proposal": ("The proposal that is replayed.", UUID_TEXT),
    "edition": ("The edition whose agenda is replayed: that of `format`.", WORDS),
    "format": ("The format whose agenda is replayed: that in `edition`.", WORDS),
    "book": ("The book that is replayed.", UUID_TEXT),
    "at": ("The instant to look at; else now.", MOMENT),
    "index": ("The fact of the book to look at, itself included.", INDEX),
    "against": ("Another moment to compare with: an instant, or the index of a fact.", _MOMENT),
    "viewer": ("As whom to look: a delegation's code, or `public`.", WORDS),
    "stood": ("A delegation, of which is shown what it stood on.", WORDS),
    "steps": ("`true`: each step in between.", {"type": "string", "enum": ["true", "false"]}),
    "after": ("Where to go on from, as an answer gave it.", INDEX),
}


@get("/api/replay", opt={"query": QUERY, "parameters": PARAMETERS, "problems": (422,)})
async def get_replay(request: AnyRequest) -> Response[Replayed]:
    """A proposal, an agenda (`edition`, `format`) or a book as it was at a moment.

    The moment is an instant (`at`) or a fact of the book (`index`), else now. `against` another it answers with what changed,
    with `steps=true` with each step in between. `viewer`, a delegation's code or `public`, narrows what is seen; `stood` adds what
    one delegation stood on, and on which words.
    """
    asked = _asked(request)
    return shown(request, await replay(accord(request), await asking(request), asked))


def _asked(request: AnyRequest) -> Asked:
    query = request.query_params
    zone = ZoneInfo(accord(request).directory.forum().founded.time_zone)
    after = text("after", query.get("after"))
    return Asked(
        of=_subject(request),
        at=_at(request, zone),
        against=_moment("against", query.get("against"), zone),
        viewer=text("viewer", query.get("viewer")),
        stood=_stood(request),
        in_steps=known("steps", query.get("steps", "false"), ("true", "false")) == "true",
        limit=limit(query.get("limit")),
        after=None if after is None else whole("after", after, wrong=Wrong.CURSOR),
    )


def _subject(request: AnyRequest) -> OfProposal | OfAgenda | OfBook:
    named = {name: value for name in SUBJECTS if (value := text(name, request.query_params.get(name))) is not None}
    if len(named) != 1:
        raise Malformed((Flaw(Wrong.JUST_ONE, SUBJECTS[0], "parameter", {"known": SUBJECTS}),))
    (name, value), *_ = named.items()
    match name:
        case "proposal":
            return OfProposal(ProposalId(identifier(name, value)))
        case "book":
            return OfBook(BookId(identifier(name, value)))
        case _:
            return OfAgenda(EditionCode(value), FormatCode(needed("format", request.query_params.get("format"))))


def _at(request: AnyRequest, zone: tzinfo) -> Moment | None:
    at, index = (request.query_params.get(name) for name in ("at", "index"))
    if at is not None and index is not None:
        raise Malformed((Flaw(Wrong.JUST_ONE, "at", "parameter", {"known": ("at", "index")}),))
    return instant("at", at, zone=zone) if index is None else whole("index", index)


def _moment(name: str, given: str | None, zone: tzinfo) -> Moment | None:
    """An instant, or of digits alone the index of a fact."""
    return whole(name, given) if given is not None and given.isdecimal() else instant(name, given, zone=zone)


def _stood(request: AnyRequest) -> DelegationCode | None:
    given = text("stood", request.query_params.get("stood"))
    if given is None:
        return None
    needed("proposal", request.query_params.get("proposal"))
    return DelegationCode(given)


HANDLERS: Final[tuple[Any, ...]] = (get_replay,)
