"""Words go in the transaction that records their erasure, and nothing else can make them go."""

import psycopg
import pytest

from application.ports import Entry, Receipt
from domain.erasures.events import Basis, ErasureCarriedOut, NamedWords
from domain.identity import BookId, StreamId
from domain.kernel import Erasable, Fact, Withheld
from domain.proposals.events import ReasonGiven, SilenceCancelled
from domain.record.envelope import REMAINS, commitment
from infrastructure.eventlog.facts import FACTS
from infrastructure.eventlog.mapper import READER, EnvelopeMapper
from infrastructure.eventlog.recorder import LogRecorder, datastore
from infrastructure.postgres.embedded import Database
from tests.domain.cast import CHN, JPN, WHY
from tests.infrastructure.eventlog.scene import Session, append, audited, book, entry, someone, stream, submission

REASON = ReasonGiven(JPN, 0, WHY)


def erasing(into: BookId, *indices: int, of: str = ReasonGiven.tag) -> Entry:
    """A fact of erasure that names these words; whoever holds the app's password can append it."""
    words = tuple(NamedWords(index, of) for index in indices)
    return entry(stream(), into, ErasureCarriedOut(1, words, Basis.PERSONAL_DATA, (CHN, JPN)))


def said(app: Session, into: BookId, *facts: Fact) -> StreamId:
    """What is recorded of one stream, by somebody."""
    of = stream()
    append(app, submission(*(entry(of, into, fact) for fact in facts), **someone().said()))
    return of


def kept(owner: Session, into: BookId) -> list[tuple[bytes | None, bytes, bytes, int | None]]:
    query = "SELECT salt, commit, envelope, erased FROM record.facts WHERE book = %s ORDER BY index"
    return owner.execute(query, [into], binary=True).fetchall()


def test_words_and_salt_go_and_the_commitment_stays(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    before = kept(owner, into)
    (outcome,) = append(app, submission(erasing(into, 1)))
    assert isinstance(outcome, Receipt)
    act, words, _ = kept(owner, into)
    assert act == before[0]
    assert (words[0], words[1], words[3]) == (None, before[1][1], 2)
    assert words[2].endswith(REMAINS)
    assert WHY.encode() not in words[2]
    assert audited(owner) == 3


def test_what_is_left_says_who_and_when_and_nothing_else(owner: Session, app: Session) -> None:
    who, into, of = someone(), book(), stream()
    append(app, submission(entry(of, into, SilenceCancelled()), entry(of, into, REASON), **who.said()))
    ((_, version, envelope),) = app.execute("SELECT * FROM record.stream(%s, 1, %s)", [of, [into]], binary=True).fetchall()
    before = READER.recorded(REASON.tag, version, envelope)
    append(app, submission(erasing(into, 1)))
    ((tag, version, left),) = app.execute("SELECT * FROM record.stream(%s, 1, %s)", [of, [into]], binary=True).fetchall()
    after = READER.recorded(tag, version, left)
    assert after.fact == Withheld(ReasonGiven.tag, 2)
    assert (after.actor, after.delegation, after.credential, after.effective) == who.names()
    assert (after.stream, after.version, after.book, after.index) == (before.stream, before.version, before.book, before.index)
    assert (after.at, after.command) == (before.at, before.command)
    assert audited(owner) == 3


def test_no_question_brings_them_back(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    append(app, submission(erasing(into, 1)))
    fed = app.execute("SELECT envelope FROM record.feed(0, 10)", binary=True).fetchall()
    following = app.execute("SELECT envelope FROM record.following(%s, '{-1}', 10)", [[into]], binary=True).fetchall()
    assert fed == following == [(envelope,) for _, _, envelope, _ in kept(owner, into)]
    assert not any(WHY.encode() in envelope for (envelope,) in fed)


def refused(app: Session, owner: Session, fact: Entry) -> None:
    before = audited(owner)
    rows = owner.execute("SELECT * FROM record.facts ORDER BY position").fetchall()
    with pytest.raises(psycopg.DatabaseError, match="names what cannot be erased"):
        append(app, submission(fact))
    assert owner.execute("SELECT * FROM record.facts ORDER BY position").fetchall() == rows
    assert audited(owner) == before


def test_an_act_is_not_erased_even_if_it_is_called_words(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    refused(app, owner, erasing(into, 0))
    refused(app, owner, erasing(into, 0, of=SilenceCancelled.tag))
    refused(app, owner, erasing(into, 0, 1))


def test_words_of_another_book_are_not_erased(owner: Session, app: Session) -> None:
    into, other = book(), book()
    said(app, into, SilenceCancelled(), REASON)
    said(app, other, SilenceCancelled(), SilenceCancelled())
    refused(app, owner, erasing(other, 1))


def test_words_are_erased_once_and_not_before_they_stand_there(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    refused(app, owner, erasing(into, 1, 1))
    refused(app, owner, erasing(into, 2))
    refused(app, owner, erasing(into))
    append(app, submission(erasing(into, 1)))
    refused(app, owner, erasing(into, 1))


def test_of_a_batch_that_erases_what_cannot_be_erased_nothing_is_recorded(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    with pytest.raises(psycopg.DatabaseError, match="names what cannot be erased"):
        append(app, submission(erasing(into, 1)), submission(erasing(into, 0)))
    assert [salt is None for salt, _, _, _ in kept(owner, into)] == [False, False]


def test_a_transaction_that_ends_too_soon_leaves_the_words_and_no_erasure(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    before = kept(owner, into)
    with app.transaction(force_rollback=True):
        append(app, submission(erasing(into, 1)))
    assert kept(owner, into) == before


def test_words_that_stand_in_the_same_command_go_as_well(owner: Session, app: Session) -> None:
    into, of = book(), stream()
    append(app, submission(entry(of, into, SilenceCancelled()), entry(of, into, REASON), erasing(into, 1)))
    assert [erased for _, _, _, erased in kept(owner, into)] == [None, 2, None]
    assert audited(owner) == 3


def test_the_database_knows_the_words_that_the_domain_knows(owner: Session) -> None:
    known = {tag for (tag,) in owner.execute("SELECT type FROM record.erasable")}
    assert known == {tag for tag, fact in FACTS.items() if issubclass(fact, Erasable)}
    assert known == {
        "erasure.reason-given",
        "prepared.act-worded",
        "proposal.reason-given",
        "proposal.reservation-made",
        "proposal.statement-worded",
        "release.statement-worded",
    }


def test_the_library_reads_what_is_left(database: Database, app: Session) -> None:
    into = book()
    of = said(app, into, SilenceCancelled(), REASON)
    append(app, submission(erasing(into, 1)))
    with datastore(database.projector_url) as pool:
        events = [*map(EnvelopeMapper().to_domain_event, LogRecorder(pool).select_events(of))]
    assert [event.recorded.fact for event in events] == [SilenceCancelled(), Withheld(ReasonGiven.tag, 2)]


def test_what_was_there_before_a_salt_could_be_missing_is_as_it_was(owner: Session, app: Session) -> None:
    into = book()
    said(app, into, SilenceCancelled(), REASON)
    for salt, commit, envelope, _ in kept(owner, into):
        assert salt is not None
        assert commitment(salt, envelope) == commit
    with pytest.raises(psycopg.errors.CheckViolation, match="facts_salt_or_erased"):
        owner.execute("UPDATE record.facts SET salt = NULL")
