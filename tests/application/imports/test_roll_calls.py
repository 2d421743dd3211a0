"""A file of roll calls, read."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.imports.roll_calls import FLAWS, SKIPPED, Flaw, MalformedError, Vote, read
from application.imports.rows import LONGEST
from domain.identity import DelegationCode
from tests.application.imports.house import HEADER, file

JPN, USA, CHN = (DelegationCode(code) for code in ("JPN", "USA", "CHN"))
GOOD = "7,22,1967-12-19,R/22/2345,JPN,yes"


def flaws_of(*lines: str) -> list[str]:
    with pytest.raises(MalformedError) as raised:
        read(lines)
    return str(raised.value).splitlines()


def test_rows_become_roll_calls_with_the_votes_of_who_was_there() -> None:
    (roll_call,) = file(GOOD, "7,22,1967-12-19,R/22/2345,USA,abstain").all
    assert (roll_call.rcid, roll_call.session, roll_call.date) == (7, 22, date(1967, 12, 19))
    assert roll_call.symbol == "R/22/2345"
    assert roll_call.votes == {JPN: Vote.YES, USA: Vote.ABSTAIN}


def test_a_roll_call_without_a_document_is_quoted_by_its_number() -> None:
    (roll_call,) = file("7,22,1967-12-19,,JPN,yes").all
    assert roll_call.symbol == "roll call 7"


def test_columns_are_taken_by_name_and_others_passed_over() -> None:
    (roll_call,) = read(["\ufeffvote,note, delegation,rcid,date,session,resolution", "no,x,USA,7,1967-12-19,22,R"]).all
    assert (roll_call.rcid, roll_call.votes) == (7, {USA: Vote.NO})


def test_a_delegation_that_votes_later_in_the_file_was_absent_before() -> None:
    first, second = file(GOOD, "8,22,1967-12-20,R,CHN,no").all
    assert (first.votes, second.votes) == ({JPN: Vote.YES}, {CHN: Vote.NO})


def test_sessions_come_in_order_and_their_roll_calls_by_date_and_number() -> None:
    rows = ["9,2,1947-01-02,,JPN,no", "11,1,1946-02-01,,JPN,no", "8,2,1947-01-02,,JPN,no", "3,2,1947-01-03,,JPN,no"]
    sessions = file(*rows).sessions()
    assert [(session, [one.rcid for one in calls]) for session, calls in sessions] == [(1, [11]), (2, [8, 9, 3])]


@given(
    st.dictionaries(st.tuples(st.integers(1, 5), st.sampled_from((JPN, USA, CHN))), st.sampled_from(Vote), min_size=1),
    st.randoms(),
)
def test_rows_may_come_in_any_order(votes: dict[tuple[int, DelegationCode], Vote], random: Random) -> None:
    rows = [f"{rcid},{rcid % 2 + 1},1967-12-19,R/{rcid},{code},{vote}" for (rcid, code), vote in votes.items()]
    random.shuffle(rows)
    said = {(one.rcid, code): vote for one in file(*rows).all for code, vote in one.votes.items()}
    assert said == votes


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("8,22,1967-12-19,R,JPN,maybe", "vote is 'maybe', not one of abstain, no, yes"),
        ("8,22,1967-12-19,R,JPN,", "vote is '', not one of abstain, no, yes"),
        ("8,22,1967-13-01,R,JPN,yes", "date is '1967-13-01', not a day as 1991-12-16"),
        ("8,22,19671219,R,JPN,yes", "date is '19671219', not a day as 1991-12-16"),
        ("8,22,1967-W51-2,R,JPN,yes", "date is '1967-W51-2', not a day as 1991-12-16"),
        ("8,,1967-12-19,R,JPN,yes", "session is '', not a whole number of at most 18 digits"),
        ("x,22,1967-12-19,R,JPN,yes", "rcid is 'x', not a whole number of at most 18 digits"),
        ("8,22,1967-12-19,R,,yes", "delegation is '', not a code as JPN"),
        ("8,22,1967-12-19,R,jpn,yes", "delegation is 'jpn', not a code as JPN"),
        (f"{'8' * 5000},22,1967-12-19,R,JPN,yes", f"rcid is '{'8' * 40}'..., not a whole number of at most 18 digits"),
        (f"8,22,1967-12-19,{'R' * 201},JPN,yes", f"resolution is '{'R' * 40}'..., longer than 200 characters"),
        ("8,22,1967-12-19,R\t2,JPN,yes", "resolution is 'R\\t2', which is not all text"),
        ("8,22,1967-12-19,R\0,JPN,yes", "it holds a NUL character"),
        (f"8,22,1967-12-19,{'R' * LONGEST},JPN,yes", "its row is longer than 131,072 characters"),
        ("8,22,1967-12-19,R,JPN,yes,", "the number of its fields is 7, and that of the columns 6"),
        ('8,22,1967-12-19,"R,JPN,yes', "unexpected end of data"),
        ("8,22,1967-12-19,R\udcff,JPN,yes", "it is not UTF-8 text"),
        ("8,22,1967-12-19,R,JPN", "the number of its fields is 5, and that of the columns 6"),
        ('8,22,1967-12-19,R,JPN,"yes"x', "',' expected after '\"'"),
        ("7,22,1967-12-19,R/22/2345,JPN,no", "JPN votes a second time on roll call 7"),
        ("7,22,1967-12-20,R/22/2345,USA,no", "roll call 7 has another session, date or resolution than on line 2"),
    ],
)
def test_a_malformed_row_is_named_by_its_line(row: str, reason: str) -> None:
    assert flaws_of(HEADER, GOOD, "", row) == [f"line 4: {reason}"]


def test_every_missing_column_is_named() -> None:
    assert flaws_of("rcid,session,date,resolution,vote,vote") == [
        "line 1: the column delegation is missing",
        "line 1: the column vote is there twice",
    ]


def test_an_empty_file_lacks_every_column() -> None:
    assert len(flaws_of()) == 6


def test_a_header_alone_holds_no_vote() -> None:
    assert flaws_of(HEADER) == ["line 1: below it there is no vote that can be loaded"]


def test_the_first_flaws_are_named_and_the_rest_of_the_file_is_not_looked_at() -> None:
    flaws = flaws_of(HEADER, *[f"{rcid},22,1967-12-19,R,JPN,maybe" for rcid in range(100)])
    assert (len(flaws), flaws[-1].partition(":")[0]) == (FLAWS, f"line {FLAWS + 1}")


def test_a_row_that_spans_lines_is_named_by_its_first() -> None:
    assert flaws_of(HEADER, '7,22,1967-12-19,"R\n', '2",JPN,yes', "8,22,1967-12-19,R,JPN,maybe") == [
        "line 2: resolution is 'R\\n2', which is not all text",
        "line 4: vote is 'maybe', not one of abstain, no, yes",
    ]


OTHER = "9,22,1967-12-20,R/9,USA,yes"


@pytest.mark.parametrize(
    ("row", "of"),
    [
        ("7,22,1967-12-19,R/22/2345,USA,maybe", 7),
        ("7,22,1967-12-19,R/22/2345,JPN,yes", 7),
        ("7,22,1967-12-21,R/22/2345,USA,yes", 7),
        ("7,22,1967-12-19,R/22/2345", 7),
        ("7,22,1967-12-19,R/22/\udcff,USA,yes", 7),
        ('7,22,1967-12-19,"R/22/2345,USA,yes', 7),
        ("x,22,1967-12-19,R/22/2345,USA,yes", None),
        ("", None),
    ],
)
def test_a_roll_call_of_which_a_line_is_flawed_is_skipped_and_the_others_are_not(row: str, of: int | None) -> None:
    said = read([HEADER, GOOD, row or '"', OTHER], skip_bad=True)
    assert [(flaw.line, flaw.roll_call) for flaw in said.skipped] == [(3, of)]
    assert [one.rcid for one in said.all] == ([9] if of else [7, 9])
    assert said.delegations == ((USA,) if of else (JPN, USA))


def test_a_quote_that_nobody_closes_swallows_no_other_row() -> None:
    rows = [f"{rcid},22,1967-12-19,R,JPN,yes\n" for rcid in range(10, 10_000)]
    said = read([f"{HEADER}\n", '8,22,1967-12-19,"R,JPN,yes\n', *rows], skip_bad=True)
    assert [(flaw.line, flaw.roll_call) for flaw in said.skipped] == [(2, 8)]
    assert len(said.all) == len(rows)


def test_a_line_that_comes_in_pieces_is_one() -> None:
    pieces = ["8,22,1967-12-19," + "R" * LONGEST, "R" * (LONGEST + 1), "R,JPN,yes\n"]
    said = read([f"{HEADER}\n", *pieces, GOOD], skip_bad=True)
    assert said.skipped == (Flaw(2, "its row is longer than 131,072 characters", 8),)
    assert [one.rcid for one in said.all] == [7]


def test_no_more_is_skipped_than_a_file_of_roll_calls_may_have_wrong() -> None:
    with pytest.raises(MalformedError):
        read([HEADER, GOOD, *("x" for _ in range(SKIPPED))], skip_bad=True)


def test_a_file_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(MalformedError, match="no vote that can be loaded"):
        read([HEADER, "7,22,1967-12-19,R,JPN,maybe"], skip_bad=True)
