"""Which items of a list somebody asks for."""

from msgspec import structs

from api.http.headers import day, identifier, known, limit, listed, text
from api.sessions import AnyRequest, accord
from application.accord import Caller
from application.moments import Moments
from application.views.agreements import AgreementFilter
from application.views.drafts import DraftFilter
from application.views.exceptions import Exceptional
from application.views.prepared import PreparedFilter
from application.views.progress import ProgressAsked
from application.views.proposals import Needing, ProposalFilter
from application.views.releases import ReleaseFilter
from domain.identity import DelegationCode, EditionCode, FormatCode, Language, ProposalId


def filtered(request: AnyRequest, asked: Moments) -> ProposalFilter:
    """The proposals that the query asks for, whoever asks (`for_whom`). Raises Malformed."""
    query = request.query_params
    if (needs := query.get("needs")) is not None:
        known("needs", needs, ("me",))
    return ProposalFilter(
        edition=tuple(map(EditionCode, _listed(request, "edition"))),
        kind=_listed(request, "kind"),
        status=_listed(request, "status"),
        format=tuple(map(FormatCode, _listed(request, "format"))),
        sponsor=tuple(map(DelegationCode, _listed(request, "sponsor"))),
        predecessor=tuple(ProposalId(identifier("predecessor", one)) for one in _listed(request, "predecessor")),
        q=text("q", query.get("q")) or "",
        as_of=asked.as_of,
        effective_at=asked.effective_at,
        limit=limit(query.get("limit")),
        after=text("after", query.get("after")),
    )


def for_whom(request: AnyRequest, asked: ProposalFilter, who: Caller) -> ProposalFilter:
    """Of these, with `needs=me`, those that wait for the reader, in all their capacities."""
    if "needs" not in request.query_params:
        return asked
    offices = frozenset(office.delegation for office in who.person.offices)
    return structs.replace(asked, needs=Needing(offices, who.person.chairs))


def drafts(request: AnyRequest) -> DraftFilter:
    """The drafts that the query asks for. Raises Malformed."""
    query = request.query_params
    return DraftFilter(limit=limit(query.get("limit")), after=text("after", query.get("after")))


def prepared(request: AnyRequest) -> PreparedFilter:
    """The prepared acts that the query asks for. Raises Malformed."""
    query = request.query_params
    return PreparedFilter(limit=limit(query.get("limit")), after=text("after", query.get("after")))


def releases(request: AnyRequest) -> ReleaseFilter:
    """The releases that the query asks for. Raises Malformed."""
    query = request.query_params
    return ReleaseFilter(
        edition=tuple(map(EditionCode, _listed(request, "edition"))),
        kind=_listed(request, "kind"),
        to=_listed(request, "to"),
        limit=limit(query.get("limit")),
        after=text("after", query.get("after")),
    )


def forum_language(request: AnyRequest, name: str) -> Language | None:
    """The language of the forum that a parameter names. Raises Malformed."""
    given = request.query_params.get(name)
    return None if given is None else known(name, given, accord(request).directory.forum().founded.languages)


def progress(request: AnyRequest, asked: Moments) -> ProgressAsked:
    """Of which editions the figures are, and of which moment. Raises Malformed."""
    return ProgressAsked(
        edition=tuple(map(EditionCode, _listed(request, "edition"))),
        as_of=asked.as_of,
        effective_at=asked.effective_at,
        day=day(request.query_params.get("day")),
    )


def agreements(request: AnyRequest, asked: Moments) -> AgreementFilter:
    """The agreements that the query asks for. Raises Malformed."""
    query = request.query_params
    return AgreementFilter(
        edition=tuple(map(EditionCode, _listed(request, "edition"))),
        format=formats(request),
        kind=_listed(request, "kind"),
        as_of=asked.as_of,
        effective_at=asked.effective_at,
        limit=limit(query.get("limit")),
        after=text("after", query.get("after")),
    )


def exceptional(request: AnyRequest) -> frozenset[Exceptional]:
    """What of the extraordinary the query asks for. Raises Malformed."""
    return frozenset(known("what", one, tuple(Exceptional)) for one in _listed(request, "what"))


def formats(request: AnyRequest) -> tuple[FormatCode, ...]:
    """The formats that the query asks for. Raises Malformed."""
    return tuple(map(FormatCode, _listed(request, "format")))


def _listed(request: AnyRequest, name: str) -> tuple[str, ...]:
    return listed(name, request.query_params.getall(name, []))
