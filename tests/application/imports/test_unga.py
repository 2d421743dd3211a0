"""Recorded votes, loaded into a forum of their own."""

import asyncio
import csv
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from application.imports import founding
from application.imports.founding import FORMAT, OtherForumError
from application.imports.roll_calls import RollCalls, read
from application.imports.tallies import Tally, summed
from application.imports.unga import OtherFileError
from domain.conferences.events import AgendaClosed, AttendanceMarked, EditionAnnounced, EditionClosed, SittingConvened
from domain.forum.events import Audience, AudienceKind, ForumFounded
from domain.identity import DelegationCode, EditionCode
from domain.kernel import Fact, Recorded
from domain.proposals.events import Outcome, PositionTaken, ProposalConcluded, ProposalTabled, PutToDecision, Stance
from infrastructure.postgres.embedded import Database
from tests.application.imports.house import HOST, facts, file, house
from tests.databases import Worker

VOTES = Path(__file__).parents[2] / "data" / "unga_four_party_votes.csv"

JPN, USA, CHN, KOR, FRA = (DelegationCode(code) for code in ("JPN", "USA", "CHN", "KOR", "FRA"))
FIVE = (CHN, FRA, JPN, KOR, USA)
U1, U2 = EditionCode("unga-1"), EditionCode("unga-2")
DAY = date(1967, 12, 19)

AGREED = ("1,1,1967-12-19,R/1,JPN,yes", "1,1,1967-12-19,R/1,USA,abstain")
BLOCKED = ("2,1,1967-12-19,,JPN,yes", "2,1,1967-12-19,,USA,no")
ABSENT = ("3,1,1967-12-21,R/3,JPN,no",)
NEXT_YEAR = ("4,2,1968-01-02,R/4,JPN,no", "4,2,1968-01-02,R/4,USA,no")
TWO = (*AGREED, *BLOCKED, *ABSENT, *NEXT_YEAR)


def of_five(rcid: int, session: int, votes: str) -> list[str]:
    """Votes by their first letter; "-" is absent."""
    said = {"y": "yes", "n": "no", "a": "abstain"}
    return [
        f"{rcid},{session},1991-12-16,R/{rcid},{code},{said[vote]}"
        for code, vote in zip(FIVE, votes, strict=True)
        if vote != "-"
    ]


MANY = (
    *of_five(1, 1, "yyyyy"),
    *of_five(2, 1, "yyyyn"),
    *of_five(3, 1, "nyyyn"),
    *of_five(4, 1, "yy-yn"),
    *of_five(5, 2, "aaaaa"),
    *of_five(6, 2, "naaaa"),
    *of_five(7, 2, "yyyyn"),
)


def of(recorded: Sequence[Recorded[Fact]], kind: type[Any]) -> list[Any]:
    return [one.fact for one in recorded if isinstance(one.fact, kind)]


def said(recorded: Sequence[Recorded[Fact]]) -> Counter[str]:
    """What the facts say, but for random ids."""
    return Counter(f"{one.fact.tag} {one.delegation} {one.effective} {words(one.fact)}" for one in recorded)


def words(fact: Fact) -> str:
    match fact:
        case (
            ProposalTabled()
            | PositionTaken()
            | AttendanceMarked()
            | SittingConvened()
            | EditionAnnounced()
            | ProposalConcluded()
        ):
            return repr(fact).partition("fingerprint")[0]
        case PutToDecision(adopted=adopted, objecting=objecting):
            return f"{adopted} {objecting}"
        case _:
            return ""


async def test_each_session_is_an_edition_and_says_what_became_of_its_roll_calls(database: Database) -> None:
    async with house(database) as opened:
        tallies = await opened.load(file(*TWO))
    assert tallies == {
        U1: Tally(1, 3, 5, adopted=1, no_consensus=1, lapsed=1, sole_objector={USA: 1}),
        U2: Tally(1, 1, 2, adopted=0, no_consensus=1, lapsed=0, sole_objector={}),
    }
    assert summed(tallies.values()) == Tally(2, 4, 7, adopted=1, no_consensus=2, lapsed=1, sole_objector={USA: 1})


async def test_a_roll_call_is_a_sitting_a_proposal_its_positions_and_a_decision(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*BLOCKED))
    recorded = facts(database)
    (tabled,) = of(recorded, ProposalTabled)
    assert (tabled.kind, tabled.number, tabled.sponsor) == ("external-resolution", "P-unga-1-01", None)
    assert [part.text for part in tabled.provisions] == [{"en": "roll call 2"}]
    assert of(recorded, SittingConvened) == [SittingConvened(1, DAY, "on-record")]
    assert of(recorded, AttendanceMarked) == [AttendanceMarked(1, (JPN, USA))]
    assert of(recorded, PositionTaken) == [
        PositionTaken(JPN, 0, Stance.ENDORSE, None),
        PositionTaken(USA, 0, Stance.OBJECT, None),
    ]
    assert [(put.sitting, put.adopted, put.objecting) for put in of(recorded, PutToDecision)] == [(1, False, (USA,))]
    assert of(recorded, ProposalConcluded) == [ProposalConcluded(Outcome.NO_CONSENSUS)]


async def test_with_an_absentee_it_is_not_put_and_lapses(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*ABSENT), (JPN, USA))
    recorded = facts(database)
    assert of(recorded, AttendanceMarked) == [AttendanceMarked(1, (JPN,))]
    assert of(recorded, PutToDecision) == []
    assert of(recorded, ProposalConcluded) == [ProposalConcluded(Outcome.LAPSED)]


async def test_all_of_a_roll_call_is_effective_at_its_date_and_recorded_by_the_clock(database: Database) -> None:
    begun = datetime.now(UTC)
    async with house(database) as opened:
        await opened.load(file(*TWO))
    recorded = facts(database)
    days = {one.stream: one.effective for one in recorded if isinstance(one.fact, ProposalTabled)}
    assert sorted(days.values(), key=str) == [
        datetime.combine(day, time.min, UTC) for day in (DAY, DAY, date(1967, 12, 21), date(1968, 1, 2))
    ]
    assert all(one.effective == days[one.stream] for one in recorded if one.stream in days)
    assert all(begun < one.at <= datetime.now(UTC) for one in recorded)


async def test_an_edition_runs_from_its_first_roll_call_and_closes_after_its_last(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED, *ABSENT))
    recorded = facts(database)
    assert [(a.code, a.year, a.starts_on, a.ends_on) for a in of(recorded, EditionAnnounced)] == [
        (U1, 1967, DAY, date(1967, 12, 21))
    ]
    assert [type(one.fact) for one in recorded[-2:]] == [AgendaClosed, EditionClosed]


async def test_each_vote_stands_under_the_import_credential_of_its_delegation(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED))
    positions = [one for one in facts(database) if isinstance(one.fact, PositionTaken)]
    assert [(one.delegation, one.actor) for one in positions] == [
        (JPN, founding.head(HOST, JPN)),
        (USA, founding.head(HOST, USA)),
    ]
    assert all(one.credential for one in positions)


async def test_the_forum_says_in_its_first_fact_that_it_is_an_import_and_asks_for_no_notice(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED))
    (founded,) = of(facts(database), ForumFounded)
    assert (founded.kind, founded.rules.notice) == ("import", 0)


async def test_the_auditor_reads_the_books_of_all(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED))
        directory = opened.tracker.directory
        person, books = directory.person(founding.auditor(HOST), opened.tracker.clock.now())
        for audience in (Audience(AudienceKind.FORUM), Audience(AudienceKind.FORMAT, FORMAT, (JPN, USA))):
            book = directory.book_of(audience)
            assert book is not None
            assert book.book in books
    assert not person.offices


async def test_five_delegations_block_alone_or_together(database: Database) -> None:
    async with house(database) as opened:
        tallies = await opened.load(file(*MANY))
    assert tallies[U1] == Tally(1, 4, 19, adopted=1, no_consensus=2, lapsed=1, sole_objector={USA: 1})
    assert tallies[U2] == Tally(1, 3, 15, adopted=1, no_consensus=2, lapsed=0, sole_objector={CHN: 1, USA: 1})


async def test_a_format_leaves_out_the_votes_of_others(database: Database) -> None:
    async with house(database) as opened:
        tallies = await opened.load(file(*MANY), (CHN, FRA))
    assert summed(tallies.values()) == Tally(2, 7, 14, adopted=5, no_consensus=2, lapsed=0, sole_objector={CHN: 2})


async def test_a_format_may_name_who_never_voted(database: Database) -> None:
    async with house(database) as opened:
        tallies = await opened.load(file(*AGREED), (JPN, USA, KOR))
    assert tallies[U1].lapsed == 1


async def test_rows_in_any_order_load_alike(database: Database, worker: Worker) -> None:
    shuffled = Random(1).sample(MANY, len(MANY))
    async with house(database) as opened:
        await opened.load(file(*MANY))
    with worker.database(worker.name) as other:
        async with house(other) as opened:
            await opened.load(file(*shuffled))
        assert said(facts(other)) == said(facts(database))


@pytest.mark.parametrize("memory", [0, 10_000])
async def test_the_same_file_again_changes_nothing(database: Database, memory: int) -> None:
    async with house(database, memory) as opened:
        first = await opened.load(file(*MANY))
        before = facts(database)
        assert await opened.load(file(*MANY)) == first
    async with house(database, memory) as opened:
        assert await opened.load(file(*MANY)) == first
    assert facts(database) == before


async def test_an_import_that_is_interrupted_again_and_again_ends_as_one_that_was_not(
    database: Database, worker: Worker
) -> None:
    with worker.database(worker.name) as undisturbed:
        async with house(undisturbed) as opened:
            expected = await opened.load(file(*MANY))
        whole = facts(undisturbed)
    for position in range(40, len(whole), 12):
        await interrupted(database, file(*MANY), position)
    async with house(database) as opened:
        assert await opened.load(file(*MANY)) == expected
    assert said(facts(database)) == said(whole)


async def interrupted(database: Database, roll_calls: RollCalls, position: int) -> None:
    """Load until that much is recorded."""
    async with house(database) as opened:
        loading = asyncio.create_task(opened.load(roll_calls))
        reached = asyncio.create_task(opened.follower.caught_up(position))
        await asyncio.wait((loading, reached), return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading


OTHERS = [
    pytest.param((*BLOCKED, *AGREED[:1], "1,1,1967-12-19,R/1,USA,yes"), id="another vote"),
    pytest.param((*BLOCKED, *AGREED[:1]), id="a vote less"),
    pytest.param((*BLOCKED, *(row.replace("R/1", "R/9") for row in AGREED)), id="another document"),
    pytest.param(BLOCKED, id="a roll call less"),
    pytest.param((*BLOCKED, *AGREED, *ABSENT), id="a roll call more"),
    pytest.param((*BLOCKED, *AGREED, "3,1,1967-12-19,,JPN,yes"), id="a roll call more on the same day"),
    pytest.param((*BLOCKED, *(row.replace("12-19", "12-18") for row in AGREED)), id="another day"),
    pytest.param((*NEXT_YEAR, *(row.replace(",1,1967", ",3,1967") for row in (*BLOCKED, *AGREED))), id="another session"),
    pytest.param((*NEXT_YEAR, *BLOCKED, *AGREED[:1]), id="a vote less, and a session more"),
]


@pytest.mark.parametrize("other", OTHERS)
async def test_another_file_is_refused_and_changes_nothing(database: Database, other: tuple[str, ...]) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED, *BLOCKED))
        before = facts(database)
        with pytest.raises(OtherFileError):
            await opened.load(file(*other), (JPN, USA))
    assert facts(database) == before


async def test_another_file_does_not_go_on_with_an_import_that_was_interrupted(database: Database) -> None:
    rows = [row for rcid in range(1, 100) for row in (f"{rcid},1,1967-12-19,,JPN,yes", f"{rcid},1,1967-12-19,,USA,no")]
    await interrupted(database, file(*rows), 300)
    before = said(facts(database))
    async with house(database) as opened:
        with pytest.raises(OtherFileError):
            await opened.load(file("1,1,1967-12-19,,JPN,yes", "1,1,1967-12-19,,USA,yes", *rows[2:]))
        with pytest.raises(OtherFileError):
            await opened.load(file(*rows[2:]))
    assert said(facts(database)) == before


async def test_a_later_file_may_bring_another_session(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED))
        assert (await opened.load(file(*AGREED, *NEXT_YEAR)))[U2].no_consensus == 1


async def test_the_forum_of_other_delegations_is_refused(database: Database) -> None:
    async with house(database) as opened:
        await opened.load(file(*AGREED))
        with pytest.raises(OtherForumError, match="JPN, USA"):
            await opened.load(file(*AGREED), (JPN, USA, KOR))


async def test_a_forum_of_another_kind_is_refused(database: Database) -> None:
    async with house(database) as opened:
        await opened.found(replace(founding.founding(HOST, (JPN, USA)), kind="regular"))
        with pytest.raises(OtherForumError):
            await opened.load(file(*AGREED))


@pytest.mark.campaign
async def test_the_whole_file_comes_to_what_its_rows_say(database: Database) -> None:
    expected = counted()
    async with house(database) as opened:
        with VOTES.open(encoding="utf-8", newline="") as rows:
            tallies = await opened.load(read(rows))
        before = len(facts(database))
    assert summed(tallies.values()) == expected
    async with house(database) as opened:
        with VOTES.open(encoding="utf-8", newline="") as rows:
            assert await opened.load(read(rows)) == tallies
    assert len(facts(database)) == before


def counted() -> Tally:
    """The same, by the csv module alone."""
    with VOTES.open(encoding="utf-8", newline="") as rows:
        votes = list(csv.DictReader(rows))
    calls: dict[str, dict[str, str]] = {}
    for vote in votes:
        calls.setdefault(vote["rcid"], {})[vote["delegation"]] = vote["vote"]
    put = [list(call.values()) for call in calls.values() if len(call) == 4]
    alone = [call for call in calls.values() if len(call) == 4 and list(call.values()).count("no") == 1]
    return Tally(
        editions=len({vote["session"] for vote in votes}),
        proposals=len(calls),
        positions=len(votes),
        adopted=sum("no" not in call for call in put),
        no_consensus=sum("no" in call for call in put),
        lapsed=len(calls) - len(put),
        sole_objector=dict(Counter(DelegationCode(code) for call in alone for code, vote in call.items() if vote == "no")),
    )
