"""The append function alone: what becomes of each command of a batch."""

from datetime import datetime

import psycopg
import pytest

from application.ports import BackwardsError, KeyReused, Late, Receipt, RevokedError, Stale
from domain.identity import CommandId
from infrastructure.eventlog.batch import Encoded, encoded
from tests.infrastructure.eventlog.scene import (
    HOUR,
    MICROSECOND,
    NOON,
    Hands,
    Said,
    Session,
    append,
    append_encoded,
    audited,
    book,
    entry,
    fresh,
    seeded,
    someone,
    stream,
    submission,
    tell,
)

MINUTE = HOUR / 60


def recorded(outcome: object) -> Receipt:
    assert isinstance(outcome, Receipt)
    return outcome


def times(outcome: object) -> list[datetime]:
    return [mark.at for mark in recorded(outcome).marks]


def test_facts_of_a_command_share_a_time_in_a_book(app: Session, owner: Session) -> None:
    Hands(owner)
    here, there, s, t = book(), book(), stream(), stream()
    append(app, submission(entry(t, there)))
    (outcome,) = append(app, submission(entry(s, here), entry(s, here), entry(t, there), expected=((s, 0), (t, 1))))
    assert times(outcome) == [NOON, NOON, NOON + MICROSECOND]
    assert [mark.index for mark in recorded(outcome).marks] == [0, 1, 1]


def test_commands_of_a_batch_follow_one_another_in_time_within_a_book_only(app: Session, owner: Session) -> None:
    Hands(owner)
    here, there = book(), book()
    outcomes = append(app, *[submission(entry(stream(), into)) for into in (here, here, there, here)])
    assert [times(outcome) for outcome in outcomes] == [[NOON], [NOON + MICROSECOND], [NOON], [NOON + 2 * MICROSECOND]]
    assert audited(owner) == 4


def test_one_stale_command_stops_no_other(app: Session, owner: Session) -> None:
    s, into = stream(), book()
    outcomes = append(
        app,
        submission(entry(s, into)),
        submission(entry(s, into)),
        submission(entry(s, into), expected=((s, 1),)),
        submission(entry(stream(), into), expected=((s, 2), (stream(), 1))),
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt, Stale, Receipt, Stale]
    assert audited(owner) == 2


def test_a_decision_holds_from_its_first_instant_until_before_its_last(app: Session, owner: Session) -> None:
    Hands(owner)
    holds: Said = {"since": NOON, "until": NOON + MICROSECOND}
    (outcome,) = append(app, submission(entry(stream(), book()), **holds))
    assert times(outcome) == [NOON]
    assert append(
        app,
        submission(entry(stream(), book()), **holds | {"since": NOON + MICROSECOND}),
        submission(entry(stream(), book()), **holds | {"until": NOON}),
    ) == [Late(NOON), Late(NOON)]


def test_a_book_ahead_of_the_clock_makes_a_command_late_by_the_time_it_would_get(app: Session, owner: Session) -> None:
    Hands(owner)
    into, elsewhere = book(), book()
    append(app, submission(entry(stream(), into)))
    both = submission(entry(stream(), elsewhere), entry(stream(), into), until=NOON + MICROSECOND)
    alone = submission(entry(stream(), into), until=NOON + MICROSECOND)
    assert append(app, both, alone) == [Late(NOON), Late(NOON + MICROSECOND)]


def test_a_token_must_hold_when_the_facts_are_recorded(app: Session, owner: Session) -> None:
    Hands(owner)
    lasting, revoked, past = (fresh().bytes * 2 for _ in range(3))
    issue(owner, lasting, expires=NOON + MICROSECOND)
    issue(owner, revoked, at=NOON)
    issue(owner, past, expires=NOON)
    outcomes = append(
        app,
        *[submission(entry(stream(), book()), token=token) for token in (lasting, None, revoked, past, fresh().bytes * 2)],
    )
    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt, RevokedError, RevokedError, RevokedError]
    assert audited(owner) == 2


def test_what_was_recorded_is_found_again_though_its_token_was_revoked_since(app: Session, owner: Session) -> None:
    token = fresh().bytes * 2
    issue(owner, token)
    command = encoded(submission(entry(stream(), book()), token=token), seeded(5))
    (first,) = append_encoded(app, [command])
    owner.execute("UPDATE people.token SET revoked = record.clock()")
    assert append_encoded(app, [command]) == [first]


def issue(owner: Session, token: bytes, *, at: datetime | None = None, expires: datetime | None = None) -> None:
    """To somebody, perhaps revoked at an instant."""
    person = fresh()
    owner.execute("INSERT INTO people.person (id) VALUES (%s)", [person])
    owner.execute(
        "INSERT INTO people.token (id, person, sha256, label, revoked, expires) VALUES (%s, %s, %s, '', %s, %s)",
        [fresh(), person, token, at, expires],
    )


def test_a_told_time_is_the_facts_time(app: Session, owner: Session) -> None:
    tell(owner)
    s, into, westphalia = stream(), book(), datetime(1648, 10, 24, tzinfo=NOON.tzinfo)
    outcomes = append(
        app,
        submission(entry(s, into), told=westphalia),
        submission(entry(s, into), told=westphalia, expected=((s, 1),)),
        submission(entry(s, into), told=westphalia, expected=((s, 2),)),
        submission(entry(s, into), told=NOON, expected=((s, 2),)),
        submission(entry(s, into), expected=((s, 3),)),
    )
    assert [times(outcome) for outcome in outcomes[:2]] == [[westphalia], [westphalia + MICROSECOND]]
    assert isinstance(outcomes[2], BackwardsError)
    assert times(outcomes[3]) == [NOON]
    assert times(outcomes[4]) > [NOON]
    assert audited(owner) == 4


def test_a_told_time_is_compared_with_what_the_decision_holds_for(app: Session, owner: Session) -> None:
    tell(owner)
    told: Said = {"told": NOON, "since": NOON - HOUR, "until": NOON + HOUR}
    outcomes = append(
        app,
        submission(entry(stream(), book()), **told),
        submission(entry(stream(), book()), **told | {"since": NOON + MICROSECOND}),
        submission(entry(stream(), book()), **told | {"until": NOON}),
    )
    assert times(outcomes[0]) == [NOON]
    assert outcomes[1:] == [Late(NOON), Late(NOON)]


def test_no_time_is_told_of_the_future_nor_in_a_forum_that_tells_none(app: Session, owner: Session) -> None:
    Hands(owner)
    told = submission(entry(stream(), book()), told=NOON)
    (outcome,) = append(app, told)
    assert isinstance(outcome, BackwardsError)
    tell(owner)
    (ahead, now) = append(app, submission(entry(stream(), book()), told=NOON + MICROSECOND), told)
    assert isinstance(ahead, BackwardsError)
    assert times(now) == [NOON]


def test_a_repeated_key_finds_the_first_answer(app: Session, owner: Session) -> None:
    into, key, request = book(), b"k" * 16, b"r" * 32
    asked: Said = {"key": key, "request": request}
    asked |= someone().said()
    s = stream()
    append(app, submission(entry(stream(), into)))
    first, again = append(
        app,
        submission(entry(s, into), entry(s, into), entry(stream(), book()), **asked),
        submission(entry(stream(), into), **asked),
    )
    append(app, submission(entry(stream(), into)))
    (later,) = append(app, submission(entry(stream(), into), **asked))
    assert again == later
    assert later == Receipt(recorded(first).command, 4, recorded(first).marks, repeated=True)
    assert audited(owner) == 5


def test_a_key_with_another_request_is_refused(app: Session) -> None:
    asked: Said = {"key": b"k" * 16, "request": b"r" * 32}
    (first,) = append(app, submission(entry(stream(), book()), **asked))
    outcomes = append(
        app,
        submission(entry(stream(), book()), **asked | {"request": b"s" * 32}),
        submission(entry(stream(), book()), **asked | {"request": None}),
        submission(entry(stream(), book()), **asked),
    )
    assert [type(outcome) for outcome in outcomes] == [KeyReused, KeyReused, Receipt]
    assert recorded(outcomes[2]).command == recorded(first).command


def test_a_command_that_was_not_recorded_leaves_its_key_free(app: Session, owner: Session) -> None:
    s = stream()
    asked: Said = {"key": b"k" * 16, "request": b"r" * 32}
    outcomes = append(
        app,
        submission(entry(s, book()), **asked | {"expected": ((s, 1),)}),
        submission(entry(s, book()), **asked | {"until": NOON}),
        submission(entry(s, book()), **asked),
        submission(entry(s, book()), **asked | {"expected": ((s, 7),)}),
    )
    assert [type(outcome) for outcome in outcomes] == [Stale, Late, Receipt, Receipt]
    assert recorded(outcomes[3]).repeated
    assert audited(owner) == 1


def test_nothing_is_recorded_while_the_record_is_far_ahead_of_its_clock(app: Session, owner: Session) -> None:
    hands = Hands(owner)
    append(app, submission(entry(stream(), book())))
    hands.move(NOON - MINUTE - MICROSECOND)
    with pytest.raises(psycopg.DatabaseError, match="the clock jumped") as caught:
        append(app, submission(entry(stream(), book())))
    assert caught.value.sqlstate == "AC001"
    tell(owner)
    (told,) = append(app, submission(entry(stream(), book())))
    tell(owner, told=False)
    hands.move(NOON - MINUTE)
    (close,) = append(app, submission(entry(stream(), book())))
    assert times(told) + times(close) == [NOON - MINUTE - MICROSECOND, NOON - MINUTE]


def test_a_batch_that_records_nothing_writes_nothing(app: Session, owner: Session) -> None:
    owner.execute("LISTEN log")
    with app.transaction():
        outcomes = append(app, submission(entry(s := stream(), book()), expected=((s, 1),)))
        assert app.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)
    assert [type(outcome) for outcome in outcomes] == [Stale]
    append(app, submission(entry(stream(), book())), submission(entry(stream(), book())))
    assert [notice.payload for notice in owner.notifies(timeout=0.1)] == ["2"]


def test_a_batch_with_a_command_without_facts_is_refused_as_a_whole(app: Session, owner: Session) -> None:
    full = encoded(submission(entry(stream(), book())), seeded(2))
    empty = Encoded(CommandId(fresh()), key=b"k" * 16, expected=(), lines=())
    with pytest.raises(psycopg.DatabaseError, match="brings no fact"):
        append_encoded(app, [full, empty])
    assert audited(owner) == 0
