import pytest

from domain.identity import PreparedId
from domain.kernel import Withheld
from domain.prepared.events import ActDropped, ActPrepared, ActSent, ActWorded
from domain.prepared.prepared import (
    PrepareAct,
    PreparedAct,
    PreparedActDone,
    PreparedStatus,
    PreparedWordsErased,
    drop,
    send,
)
from tests.domain.cast import JPN, an_id
from tests.domain.scenario import given

BODY = '{"revision": 3, "reason": "第二項は行き過ぎである。"}'
PREPARED = (ActPrepared(JPN, "objection", "P24-01"), ActWorded(BODY))


def test_an_adviser_has_an_act_ready_for_the_head() -> None:
    after = given().when(PrepareAct("objection", "P24-01", BODY), by=JPN).then(*PREPARED)
    assert after.state(PreparedAct) == PreparedAct(PreparedId(an_id("prepared")), JPN, "objection", "P24-01", BODY)


def test_the_head_sends_it() -> None:
    assert given(*PREPARED).when(send).then(ActSent()).state(PreparedAct).status is PreparedStatus.SENT


def test_it_may_be_dropped() -> None:
    assert given(*PREPARED).when(drop).then(ActDropped()).state(PreparedAct).status is PreparedStatus.DROPPED


@pytest.mark.parametrize(("done", "status"), [(ActSent(), "sent"), (ActDropped(), "dropped")])
def test_it_is_sent_or_dropped_once(done: ActSent | ActDropped, status: str) -> None:
    for act in (send, drop):
        given(*PREPARED, done).when(act).refused(PreparedActDone, status=status)


def test_what_was_erased_cannot_be_sent() -> None:
    given(PREPARED[0], Withheld(ActWorded.tag, 4)).when(send).refused(PreparedWordsErased)
