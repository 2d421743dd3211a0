"""What a witness cosigns, what it keeps as evidence, and why three of four let no split view pass."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import combinations, product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record import fork, note
from domain.record.checkpoint import Checkpoint
from domain.record.cosignature import Cosignature, holds, line, message
from domain.record.leaf import EMPTY_ROOT, leaf
from domain.record.note import Kind, Note, Signature, Unproven, VerifierKey
from domain.record.policy import Group, Log, Policy, Witness, accepted, quorum_of
from domain.record.proofs import Proof, consistency
from domain.record.tree import nodes, root
from domain.record.witnessing import GRACE, Published, is_witnessed, shown

ORIGIN: Final = "forum.example/book/7c"
DELEGATIONS: Final = ("JPN", "USA", "CHN", "KOR")


def bare(public: bytes, signed: bytes) -> bytes:
    """A cipher for those who trust each other, in which the public key signs, too: here it is who signs what that counts."""
    return sha256(public + signed).digest() * 2


HOLDS: Final = holds(lambda _kind, public, signed, given: given == bare(public, signed))


def key(name: str, kind: Kind) -> VerifierKey:
    return VerifierKey(name, kind, sha256(name.encode()).digest())


LOG: Final = key(ORIGIN, Kind.ED25519)
OF: Final = {code: key(f"forum.example/witness/{code}", Kind.COSIGNATURE) for code in DELEGATIONS}


def log_signed(tree: Checkpoint, by: VerifierKey = LOG) -> Note:
    return Note(str(tree), (Signature(by.name, by.id, bare(by.public, message(by, str(tree)))),))


def cosigned(tree: Checkpoint, by: Iterable[str]) -> Note:
    found = log_signed(tree)
    for code in by:
        found = found.beside(line(OF[code], Cosignature(7, bare(OF[code].public, message(OF[code], found.text, 7)))))
    return found


class Branch:
    """One history that a log tells: leaves that others may share up to a point."""

    def __init__(self, *leaves: int) -> None:
        self.leaves = [leaf(b"%d" % number) for number in leaves]

    def tree(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, root(self.leaves[:size]))

    def proof(self, old: int, new: int) -> Proof:
        return consistency(nodes(self.leaves[:new]), old, new) if 0 < old <= new else ()

    def has(self, tree: Checkpoint) -> bool:
        return tree.size <= len(self.leaves) and self.tree(tree.size) == tree


ONE: Final = Branch(*range(40))
OTHER: Final = Branch(*range(17), *range(100, 123))
"""Tells something else from its eighteenth leaf on."""


def test_everything_begins_with_nothing() -> None:
    assert shown(None, ONE.tree(3), ()) == "new"
    assert shown(Checkpoint(ORIGIN, 0, EMPTY_ROOT), ONE.tree(3), ()) == "new"


def test_what_is_proven_to_begin_with_the_last_is_new_and_what_is_not_is_unproven() -> None:
    assert shown(ONE.tree(20), ONE.tree(33), ONE.proof(20, 33)) == "new"
    assert shown(ONE.tree(20), ONE.tree(33), ()) == "unproven"
    assert shown(ONE.tree(20), OTHER.tree(33), OTHER.proof(20, 33)) == "unproven"
    assert shown(ONE.tree(17), OTHER.tree(33), OTHER.proof(17, 33)) == "new"


def test_the_last_again_is_known_and_another_root_of_its_size_a_fork() -> None:
    assert shown(ONE.tree(20), ONE.tree(20), ()) == "known"
    assert shown(ONE.tree(20), OTHER.tree(20), ()) == "fork"
    assert shown(ONE.tree(17), OTHER.tree(17), ()) == "known"


def test_a_smaller_tree_is_a_rollback_whatever_it_holds() -> None:
    assert shown(ONE.tree(20), ONE.tree(19), ()) == "rollback"
    assert shown(ONE.tree(20), OTHER.tree(18), ()) == "rollback"


sizes = st.integers(1, 24)
courses = st.lists(st.tuples(st.integers(0, 2), sizes, st.none() | st.tuples(st.integers(0, 2), sizes, sizes)), max_size=12)
branches = st.tuples(st.integers(0, 24), st.integers(0, 24)).map(
    lambda forks: [
        Branch(*range(24)),
        Branch(*range(forks[0]), *range(100, 124)),
        Branch(*range(forks[1]), *range(200, 224)),
    ]
)


@given(branches, courses)
def test_an_honest_witness_cosigns_one_history_whatever_a_log_shows(
    told: list[Branch], course: list[tuple[int, int, tuple[int, int, int] | None]]
) -> None:
    """The log shows any branch at any size, with the proof of the branch or one of another's making."""
    last: Checkpoint | None = None
    trees: list[Checkpoint] = []
    for at, size, lie in course:
        tree = told[at].tree(size)
        proof = told[at].proof(last.size if last else 0, size) if lie is None else told[lie[0]].proof(*sorted(lie[1:]))
        if shown(last, tree, proof) == "new":
            last = tree
            trees.append(tree)
    assert [tree.size for tree in trees] == sorted({tree.size for tree in trees})
    assert not trees or any(all(branch.has(tree) for tree in trees) for branch in told)


@given(branches, st.integers(0, 2), st.lists(sizes, max_size=8))
def test_an_honest_log_finds_each_of_its_checkpoints_cosigned(told: list[Branch], at: int, grown: list[int]) -> None:
    last: Checkpoint | None = None
    for size in sorted(set(grown)):
        proof = told[at].proof(last.size if last else 0, size)
        assert shown(last, told[at].tree(size), proof) == "new"
        last = told[at].tree(size)


def quorum(of: Sequence[str], enough: int) -> Policy:
    watching = tuple(Witness(code, OF[code]) for code in of)
    return Policy((Log(LOG),), watching, (Group("quorum", enough, tuple(of)),), "quorum")


def own(code: str) -> Policy:
    """Its own witness, and two of the others."""
    others = tuple(other for other in DELEGATIONS if other != code)
    watching = tuple(Witness(other, OF[other]) for other in DELEGATIONS)
    groups = (Group("others", 2, others), Group("me", 2, (code, "others")))
    return Policy((Log(LOG),), watching, groups, "me")


THREE_OF_FOUR: Final = quorum(DELEGATIONS, 3)
VIEWS: Final = (ONE.tree(30), OTHER.tree(30))


def accepts(policy: Policy, found: Note) -> bool:
    try:
        accepted(policy, found, HOLDS)
    except Unproven:
        return False
    return True


def split(dishonest: Iterable[str], shown_one: Iterable[str]) -> tuple[Note, Note]:
    """Both views, each under what the log gets: of the dishonest both, of the honest whichever they were shown."""
    first = set(dishonest) | set(shown_one)
    second = set(dishonest) | (set(DELEGATIONS) - set(shown_one))
    return cosigned(VIEWS[0], first), cosigned(VIEWS[1], second)


def groups(codes: Sequence[str]) -> list[tuple[str, ...]]:
    return [found for size in range(len(codes) + 1) for found in combinations(codes, size)]


@pytest.mark.parametrize("dishonest", groups(DELEGATIONS), ids="-".join)
def test_three_of_four_let_a_split_view_pass_if_and_only_if_two_or_more_are_dishonest(dishonest: tuple[str, ...]) -> None:
    passed = [all(accepts(THREE_OF_FOUR, found) for found in split(dishonest, to)) for to in groups(DELEGATIONS)]
    assert any(passed) is (len(dishonest) >= 2)


@pytest.mark.parametrize("dishonest", groups(DELEGATIONS), ids="-".join)
def test_who_asks_for_its_own_cosignature_never_accepts_two_views_whatever_the_others_do(dishonest: tuple[str, ...]) -> None:
    honest = [code for code in DELEGATIONS if code not in dishonest]
    for code, to in product(honest, groups(DELEGATIONS)):
        assert not all(accepts(own(code), found) for found in split(dishonest, to))


def test_both_views_of_a_split_together_are_the_evidence_however_many_cosigned_them() -> None:
    for dishonest in groups(DELEGATIONS):
        evidence = fork.found(*split(dishonest, DELEGATIONS[:2]), nodes(OTHER.leaves[:30]), [LOG])
        assert evidence is not None
        assert fork.shown(evidence, [LOG], HOLDS) == {LOG}


def test_the_quorum_of_a_note_is_of_its_cosignatures_that_hold() -> None:
    found = note.parsed(bytes(cosigned(VIEWS[0], ("JPN", "USA"))))
    forged = found.beside(line(OF["CHN"], Cosignature(7, bytes(64))))
    assert accepts(THREE_OF_FOUR, cosigned(VIEWS[0], ("JPN", "USA", "KOR")))
    assert not accepts(THREE_OF_FOUR, forged)


def test_less_than_a_third_can_neither_prevent_a_quorum_nor_be_all_that_two_of_them_share() -> None:
    for members in range(1, 200):
        dishonest = (members - 1) // 3
        assert members - dishonest >= quorum_of(members)
        assert 2 * quorum_of(members) - members > dishonest
    assert quorum_of(0) == 0


NOON: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
ENOUGH: Final = ("JPN", "USA", "KOR")


def published(size: int, ago: float, by: Iterable[str] = ()) -> Published:
    return Published(size, NOON - timedelta(seconds=ago), frozenset(by))


def is_shown(*found: Published, policy: Policy = THREE_OF_FOUR) -> bool | None:
    return is_witnessed(policy, found, NOON)


def test_a_book_is_witnessed_once_enough_have_cosigned_its_checkpoint() -> None:
    assert is_shown(published(9, 60, ENOUGH))
    assert not is_shown(published(9, 60, ENOUGH[:2]))
    assert not is_shown()


def test_a_book_that_grows_each_second_stays_witnessed_while_cosignatures_are_a_moment_behind() -> None:
    last = [published(size, 10 - size, ENOUGH if size < 8 else ENOUGH[:1]) for size in range(1, 11)]
    assert is_shown(*last)


def test_a_book_that_grows_without_a_quorum_is_unwitnessed_after_the_grace() -> None:
    grace = GRACE.total_seconds()
    assert is_shown(published(9, 60, ENOUGH), published(10, grace - 0.1, ENOUGH[:2]))
    assert not is_shown(published(9, 60, ENOUGH), published(10, grace, ENOUGH[:2]))


def test_a_later_checkpoint_with_a_quorum_vouches_for_those_before_it() -> None:
    assert is_shown(published(9, 60), published(10, 30, ENOUGH[:2]), published(11, 1, ENOUGH))


def test_two_halves_of_a_quorum_under_two_checkpoints_are_none() -> None:
    assert not is_shown(published(9, 60, ENOUGH[:2]), published(10, 30, ENOUGH[2:]))


def test_where_nobody_is_asked_nothing_is_said() -> None:
    assert is_shown(published(9, 60), policy=Policy()) is None
