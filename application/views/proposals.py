"""Which proposals are there, how far is each, and whom does it wait for?

A row says what the page of one proposal says, by the same functions, and leaves out what only a page shows. Time alone
changes rows: `passing` says when, so that what it will do can be written down beforehand.
"""

from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol
from unicodedata import normalize

from msgspec import Struct

from application.views.pages import Limit, Page
from application.views.status import penholder, title
from domain.identity import AgreementId, BookId, DelegationCode, EditionCode, FormatCode, Language, ProposalId, ProvisionId
from domain.kernel import earliest
from domain.proposals.acts.releasing import waiting_for
from domain.proposals.events import Change, Stance, Wider
from domain.proposals.proposal import Adopted, Open, Proposal, UnderSilence, next_change, settle
from domain.proposals.standing import (
    Hold,
    Standing,
    agreed_ad_referendum,
    closed_at,
    endorsing,
    objecting,
    pending,
    standings,
)
from domain.rules import Rules

CHAIR: Final = "chair"
"""For whom something waits that is no delegation's."""

REMINDER: Final = timedelta(hours=24)
"""How long before the end of a silence the chair is told who has not acknowledged receipt."""


class What(StrEnum):
    """What somebody needs to do."""

    REAFFIRM = "reaffirm"
    """Its position was superseded."""
    SILENCE = "silence"
    """A silence runs, and it has not said that it has the text."""
    CONFIRM = "confirm"
    """Its reserve or its endorsement ad referendum is pending."""
    GIVEN = "given"
    """The secretary recorded something on its behalf, which counts once it confirms it."""
    CONTEST = "contest"
    """Its position was carried over, which it may contest."""
    POSITION = "position"
    """It has none on the current revision."""
    CONSENT = "consent"
    """It is asked whether the text may be released to a wider audience."""
    CERTIFY = "certify"
    """Changes that the penholder calls editorial count as such once the chair certifies them."""
    RECEIPTS = "receipts"
    """A silence is about to end, and somebody has not said that it has the text."""


class Need(Struct, frozen=True):
    """Something that somebody needs to do."""

    whom: str
    """A delegation's code, or chair."""
    what: What
    due: datetime | None = None
    """When it is too late."""


class ProposalRow(Struct, frozen=True):
    """A proposal in a list."""

    id: ProposalId
    number: str
    kind: str
    format: FormatCode
    edition: EditionCode
    status: str
    master: Language
    title: dict[Language, str]
    sponsors: tuple[DelegationCode, ...]
    main_sponsor: DelegationCode | None
    """None where the chair tabled it."""
    penholder: str
    """The main sponsor's code, or chair."""
    revision: int
    issued: datetime
    changes: dict[ProvisionId, Change]
    certified: bool
    endorsing: int
    """How many delegations endorse the current revision."""
    members: int
    """How many delegations the format has."""
    agreed_ad_referendum: bool
    objections: tuple[DelegationCode, ...]
    tabled: datetime
    effective: datetime
    closed: datetime | None
    deadline: datetime | None
    """When the running silence ends."""
    agreement: AgreementId | None
    predecessor: ProposalId | None
    version: int
    """Of its stream."""
    needs: tuple[Need, ...] = ()


class Needing(Struct, frozen=True):
    """In what capacities somebody looks for what needs them.

    Who chairs an agenda acts there for no delegation meanwhile.
    """

    delegations: frozenset[DelegationCode] = frozenset()
    chairs: frozenset[tuple[EditionCode, FormatCode]] = frozenset()


class ProposalFilter(Struct, frozen=True):
    """Which proposals, as of when. Of each tuple any will do; an empty one asks nothing."""

    edition: tuple[EditionCode, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    format: tuple[FormatCode, ...] = ()
    sponsor: tuple[DelegationCode, ...] = ()
    predecessor: tuple[ProposalId, ...] = ()
    needs: Needing | None = None
    q: str = ""
    """Words, each of which is part of the number or of the title in some language."""
    as_of: datetime | None = None
    """What the record said then."""
    effective_at: datetime | None = None
    """What held then."""
    limit: Limit = 50
    after: str | None = None
    """The cursor of the page before."""


class Proposals(Protocol):
    """The lists of proposals."""

    async def page(
        self, books: Set[BookId], asked: ProposalFilter, *, now: datetime | None = None, reached: int | None = None
    ) -> Page[ProposalRow]:
        """The proposals in these books, the newest first. ``now``: by the record's clock, if nothing else is said.

        ``reached``, with ``now``: a position that the answer must hold; then it need not be the latest.
        Raises MalformedCursorError, Busy.
        """
        ...


def passing(proposal: Proposal, since: datetime, until: datetime | None = None) -> Iterator[tuple[datetime, Proposal]]:
    """The proposal settled at ``since``, and at each later instant, before ``until``, at which time alone changes its row."""
    moment: datetime | None = since
    while moment is not None and (until is None or moment < until):
        proposal = settle(proposal, moment)
        yield moment, proposal
        moment = None if proposal.is_closed else _next(proposal, moment)


def last_change(proposal: Proposal, since: datetime, until: datetime) -> datetime | None:
    """When time alone last changed its row, after ``since`` and before ``until``; None where it did not."""
    return max((moment for moment, _ in passing(proposal, since, until) if moment > since), default=None)


def _next(proposal: Proposal, now: datetime) -> datetime | None:
    silence = proposal.phase
    reminder = silence.deadline - REMINDER if isinstance(silence, UnderSilence) else None
    later = reminder if reminder is not None and reminder > now else None
    return earliest((next_change(proposal, now), later))


def row(proposal: Proposal, now: datetime, version: int, *, members: Set[DelegationCode], rules: Rules) -> ProposalRow:
    """The proposal as a list shows it at ``now``. ``version``: of its stream."""
    settled = settle(proposal, now)
    held = standings(settled, now, certification=rules.editorial_certification)
    current, phase = settled.current, settled.phase
    return ProposalRow(
        id=settled.id,
        number=settled.number,
        kind=settled.kind,
        format=settled.format,
        edition=settled.edition,
        status=settled.status,
        master=settled.master,
        title=title(settled),
        sponsors=settled.sponsors,
        main_sponsor=settled.main_sponsor,
        penholder=penholder(settled),
        revision=current.number,
        issued=current.issued,
        changes=current.changes,
        certified=current.certified,
        endorsing=endorsing(held),
        members=len(members),
        agreed_ad_referendum=not settled.is_closed and agreed_ad_referendum(held, members),
        objections=objecting(held),
        tabled=settled.tabled,
        effective=settled.effective,
        closed=closed_at(settled),
        deadline=phase.deadline if isinstance(phase, UnderSilence) else None,
        agreement=phase.agreement if isinstance(phase, Adopted) else None,
        predecessor=settled.predecessor,
        version=version,
        needs=_needs(settled, held, now, members, rules),
    )


def sought(row: ProposalRow) -> str:
    """The text in which a list is searched."""
    return folded("\n".join((row.number, *row.title.values())))


def words(q: str) -> tuple[str, ...]:
    """What is looked for in it."""
    return tuple(folded(q).split())


@lru_cache(maxsize=1024)  # a title lasts for many versions
def folded(text: str) -> str:
    """A text without what a reader does not tell apart: case, and the width of letters and kana."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def needs(settled: Proposal, now: datetime, *, members: Set[DelegationCode], rules: Rules) -> tuple[Need, ...]:
    """For whom the proposal, settled at ``now``, waits then."""
    return _needs(settled, standings(settled, now, certification=rules.editorial_certification), now, members, rules)


def _needs(
    settled: Proposal, held: dict[DelegationCode, Standing], now: datetime, members: Set[DelegationCode], rules: Rules
) -> tuple[Need, ...]:
    match settled.phase:
        case Open():
            found = (*_while_open(held, members), *_given(settled), *_of_the_chair(settled, rules))
        case UnderSilence() as silence:
            found = (*_pending(held), *_given(settled), *_under_silence(silence, members, now))
        case _:
            found = _asked_to_release(settled, members)
    return tuple(sorted(found, key=_order))


def _order(need: Need) -> tuple[str, str]:
    return need.whom, need.what


def _asked_to_release(settled: Proposal, members: Set[DelegationCode]) -> Iterator[Need]:
    """Once, however many releases wait: the public's only comes up when the forum's has happened."""
    waiting = (waiting_for(settled, to, frozenset(members)) for to in Wider)
    yield from (Need(delegation, What.CONSENT) for delegation in frozenset[DelegationCode]().union(*waiting))


def _while_open(held: dict[DelegationCode, Standing], members: Set[DelegationCode]) -> Iterator[Need]:
    yield from (Need(delegation, What.POSITION) for delegation in members - held.keys())
    yield from _pending(held)
    for delegation, standing in held.items():
        match standing.hold:
            case Hold.SUPERSEDED:
                yield Need(delegation, What.REAFFIRM, standing.position.due)
            case Hold.MAINTAINED if standing.stance is not Stance.RESERVE:
                yield Need(delegation, What.CONTEST)
            case Hold.FELL_AWAY:
                yield Need(delegation, What.POSITION)
            case _:
                pass


def _pending(held: dict[DelegationCode, Standing]) -> Iterator[Need]:
    yield from (Need(delegation, What.CONFIRM, held[delegation].position.due) for delegation in pending(held))


def _given(settled: Proposal) -> Iterator[Need]:
    yield from (Need(delegation, What.GIVEN) for delegation in settled.on_behalf)


def _of_the_chair(settled: Proposal, rules: Rules) -> Iterator[Need]:
    if rules.editorial_certification and waits_for_certificate(settled):
        yield Need(CHAIR, What.CERTIFY)


def waits_for_certificate(settled: Proposal) -> bool:
    """Whether a certificate would keep a position in place: no later revision changed the substance."""
    for revision in reversed(settled.revisions):
        marks = set(revision.changes.values())
        if Change.SUBSTANTIVE in marks:
            return False
        if Change.EDITORIAL in marks and not revision.certified:
            return True
    return False


def _under_silence(silence: UnderSilence, members: Set[DelegationCode], now: datetime) -> Iterator[Need]:
    unheard = members - silence.receipts
    yield from (Need(delegation, What.SILENCE, silence.deadline) for delegation in unheard)
    if unheard and now >= silence.deadline - REMINDER:
        yield Need(CHAIR, What.RECEIPTS, silence.deadline)
