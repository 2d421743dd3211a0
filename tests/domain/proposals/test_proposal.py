import pytest
from msgspec.structs import replace

from domain.identity import ForumId, stream_of
from domain.kernel import Fact
from domain.proposals.events import (
    ChangesCertified,
    ObjectionLifted,
    Outcome,
    PositionConfirmed,
    PositionContested,
    PositionReaffirmed,
    ProposalConcluded,
    ProposalWithdrawn,
    ReceiptAcknowledged,
    SilenceBroken,
    SilenceCancelled,
    SilenceExtended,
    Stance,
)
from domain.proposals.proposal import evolve, fold, next_change
from tests.domain.cast import CHN, KOR, USA, an_id, decided, endorsed, substantive, tabled, took, under_silence
from tests.domain.scenario import MOMENT, at, given, recorded

END, DUE = at("10:00", day=5), at("12:00", day=9)


@pytest.mark.parametrize(
    ("story", "status"),
    [
        ((), "open"),
        ((under_silence(END),), "under-silence"),
        ((decided(),), "adopted"),
        ((decided(objecting=(CHN,)),), "open"),
        ((ProposalWithdrawn(),), "withdrawn"),
        ((ProposalConcluded(Outcome.LAPSED),), "lapsed"),
        ((ProposalConcluded(Outcome.NO_CONSENSUS),), "no-consensus"),
    ],
)
def test_a_proposal_says_how_far_it_is_in_one_word(story: tuple[Fact, ...], status: str) -> None:
    proposal = given(tabled(), *story).proposal()
    assert proposal.status == status
    assert proposal.is_closed is (status not in {"open", "under-silence"})


def test_nothing_happens_to_a_proposal_before_its_tabling() -> None:
    assert evolve(None, recorded(endorsed(USA), END)) is None
    assert fold([]) is None


@pytest.mark.parametrize(
    "fact",
    [
        PositionContested(USA, 0),
        PositionConfirmed(USA, 0),
        PositionReaffirmed(USA, 0),
        ObjectionLifted(USA, 0),
        SilenceExtended(DUE),
        SilenceBroken(USA),
        SilenceCancelled(),
        ReceiptAcknowledged(USA),
        ChangesCertified(1),
        ChangesCertified(-1),
        tabled(by=KOR),
    ],
)
def test_a_fact_about_what_is_not_there_changes_nothing(fact: Fact) -> None:
    assert given(tabled(), fact).proposal() == given(tabled()).proposal()


def test_a_proposal_keeps_when_it_is_said_to_have_been_tabled() -> None:
    late = replace(recorded(tabled(), END), effective=at("11:00"))
    proposal = evolve(None, late)
    assert proposal is not None
    assert (proposal.tabled, proposal.effective) == (END, at("11:00"))
    assert given(tabled()).proposal().effective == at("09:00")


def test_time_next_brings_the_end_of_a_silence_or_a_due_date() -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), took(KOR, Stance.AD_REFERENDUM, due=END - MOMENT))
    running = given(*(fact.fact for fact in story.record), under_silence(END)).proposal()
    assert [next_change(running, now) for now in (at("10:00"), END - MOMENT, END, DUE)] == [END - MOMENT, END, DUE, None]


def test_a_revision_is_issued_when_the_record_says() -> None:
    story = given(tabled(), at("12:00"), substantive(1)).proposal()
    assert [revision.issued for revision in story.revisions] == [at("09:00"), at("12:00")]


def test_what_is_known_by_a_code_has_one_stream() -> None:
    forum, other = ForumId(an_id("forum")), ForumId(an_id("other forum"))
    streams = [
        stream_of(forum, "edition", "2024"),
        stream_of(forum, "edition", "2025"),
        stream_of(forum, "agenda", "plenary", "2024"),
        stream_of(other, "edition", "2024"),
    ]
    assert len(set(streams)) == len(streams)
    assert stream_of(forum, "edition", "2024") == streams[0]
