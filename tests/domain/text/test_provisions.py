from domain.identity import ProvisionId
from domain.text.provisions import Provision, ProvisionKind, Words, numbered, with_ids
from tests.domain.cast import EN, FLAGS, JA, P1, P2, P7, TITLE


def test_provisions_are_quoted_by_kind_and_place() -> None:
    kinds = ["title", "preamble", "preamble", "definition", "operative", "operative", "annex"]
    text = [Provision(ProvisionId(f"p{9 - place}"), ProvisionKind(kind), {EN: kind}) for place, kind in enumerate(kinds)]
    assert list(numbered(text).values()) == ["Title", "PP1", "PP2", "D1", "OP1", "OP2", "Annex 1"]


def test_an_id_stays_with_its_provision_wherever_it_stands() -> None:
    assert numbered((FLAGS, TITLE))[P2] == "OP1"
    assert numbered((TITLE, FLAGS))[P2] == "OP1"


def test_new_provisions_are_given_the_next_ids_and_known_ones_keep_theirs() -> None:
    words = (Words(ProvisionKind.TITLE, {EN: "a"}), Words(ProvisionKind.ANNEX, {JA: "い"}, P2), Words(ProvisionKind.ANNEX, {}))
    provisions, given = with_ids(words, given=6)
    assert ([part.id for part in provisions], given) == ([P7, P2, "p8"], 8)


def test_fresh_words_have_no_id() -> None:
    assert Words(FLAGS.kind, FLAGS.text, P1).fresh() == FLAGS.words() == Words(FLAGS.kind, FLAGS.text)
