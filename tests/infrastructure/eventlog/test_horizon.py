"""The horizon: a time before which nothing can be recorded any more."""

import pytest
from psycopg.errors import LockNotAvailable

from application.ports import Receipt
from tests.infrastructure.eventlog.scene import Session, append, book, entry, stream, submission

HORIZON = "SELECT at, position FROM record.horizon()"


def test_it_waits_for_an_append_in_flight(app: Session, projector: Session) -> None:
    with app.transaction():
        (outcome,) = append(app, submission(entry(stream(), book()), entry(stream(), book())))
        projector.execute("SET lock_timeout = '10ms'")
        with pytest.raises(LockNotAvailable):
            projector.execute(HORIZON)
    assert isinstance(outcome, Receipt)
    row = projector.execute(HORIZON).fetchone()
    assert row is not None
    at, position = row
    assert at > max(mark.at for mark in outcome.marks)
    assert position == 2


def test_an_append_that_comes_later_gets_a_later_time(app: Session, projector: Session) -> None:
    app.execute("SET lock_timeout = '10ms'")
    with projector.transaction():
        row = projector.execute(HORIZON).fetchone()
        with pytest.raises(LockNotAvailable):
            append(app, submission(entry(stream(), book())))
    (outcome,) = append(app, submission(entry(stream(), book())))
    assert isinstance(outcome, Receipt)
    assert row is not None
    assert row[0] < outcome.marks[0].at


def test_those_who_ask_do_not_wait_for_each_other_and_write_nothing(app: Session, projector: Session) -> None:
    with app.transaction(), projector.transaction():
        for session in (app, projector):
            session.execute("SET LOCAL lock_timeout = '10ms'")
            assert session.execute("SELECT position FROM record.horizon()").fetchone() == (0,)
            assert session.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)
