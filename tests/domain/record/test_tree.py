"""Roots, proofs and tiles: what others have published, and the laws."""

from contextlib import suppress
from hashlib import sha256
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.record.leaf import EMPTY_ROOT, entry, leaf, node
from domain.record.malformed import Malformed
from domain.record.proofs import consistency, includes, inclusion, is_consistent
from domain.record.tiles import Tile, bundled, bundles, content, hashes, of_size, parsed, unbundled
from domain.record.tiles import nodes as nodes_of_tiles
from domain.record.tree import Frontier, frontier, nodes, root, spanned
from tests.domain.record.vectors import Consistency, Examples, Inclusion, SumdbProof, Trees, hash_of, octets, read

TREES: Final = read("rfc6962_reference_trees", Trees)
MANY: Final = [leaf(b"%d" % number) for number in range(70_000)]
SIZES: Final = st.integers(1, 700) | st.sampled_from([1 << at for at in range(13)])


def published(number: int) -> bytes:
    return leaf(b"leaf %d" % number)


def test_the_hashes_of_leaf_and_node_are_those_of_rfc_6962() -> None:
    found = read("c2sp_spec_examples", Examples).rfc6962_primitives
    assert EMPTY_ROOT.hex() == root([]).hex() == Frontier().root.hex() == found.empty_root
    assert leaf(b"").hex() == found.empty_leaf
    assert leaf(b"L123456").hex() == found.leaf_L123456
    assert node(b"N123", b"N456").hex() == found.node_N123_N456


def test_the_entry_of_a_fact_is_its_commitment_after_a_byte_that_says_so() -> None:
    commitment = sha256(b"a fact").digest()
    assert entry(commitment) == b"\x01" + commitment


def test_the_reference_tree_has_the_published_nodes_and_roots() -> None:
    leaves = [leaf(bytes.fromhex(found)) for found in TREES.leaf_inputs_hex]
    found = nodes(leaves)
    for level, row in enumerate(TREES.node_hashes_hex_by_level):
        assert [found(level, n).hex() for n in range(8 >> level)] == row
    assert [root(leaves[:size]).hex() for size in range(9)] == TREES.root_hashes_hex_by_size


def test_trees_of_1_to_100_leaves_have_the_roots_that_go_computes() -> None:
    leaves = [published(number) for number in range(100)]
    assert tuple(root(leaves[:size]) for size in range(1, 101)) == octets(TREES.sumdb.roots_b64_by_size)


@pytest.mark.parametrize("found", TREES.sumdb.proofs, ids=lambda found: f"{found.kind}-{found.index or found.old}-{found.size}")
def test_the_proofs_that_go_makes_are_made_here(found: SumdbProof) -> None:
    read_node = nodes([published(number) for number in range(found.size)])
    inclusive = found.kind == "inclusion"
    made = inclusion(read_node, found.index, found.size) if inclusive else consistency(read_node, found.old, found.size)
    assert made == octets(found.proof)


@pytest.mark.parametrize("case", read("inclusion_vectors", list[Inclusion]), ids=lambda case: case.file)
def test_each_published_inclusion_verifies_or_is_refused_as_it_says(case: Inclusion) -> None:
    found = includes(hash_of(case.root), case.tree_size, case.leaf_idx, hash_of(case.leaf_hash), octets(case.proof))
    assert found is not case.want_err


@pytest.mark.parametrize("case", read("consistency_vectors", list[Consistency]), ids=lambda case: case.file)
def test_each_published_consistency_verifies_or_is_refused_as_it_says(case: Consistency) -> None:
    found = is_consistent(hash_of(case.root1), case.size1, hash_of(case.root2), case.size2, octets(case.proof))
    assert found is not case.want_err


@given(SIZES, SIZES)
def test_a_root_grown_is_the_root_of_the_whole(one: int, other: int) -> None:
    grown = Frontier().extended(MANY[:one]).extended(MANY[one : one + other])
    assert grown.size == one + other
    assert grown.root == root(MANY[: one + other])
    assert grown == frontier(nodes(MANY[: one + other]), one + other)


def split_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node(split_root(leaves[:middle]), split_root(leaves[middle:]))


@given(SIZES)
def test_the_root_is_the_one_that_the_definition_gives(size: int) -> None:
    assert root(MANY[:size]) == split_root(MANY[:size]) == spanned(nodes(MANY[:size]), 0, size)


def flipped(found: bytes, bit: int) -> bytes:
    at, within = divmod(bit % (8 * len(found)), 8)
    return found[:at] + bytes([found[at] ^ 1 << within]) + found[at + 1 :]


def spoilt(proof: tuple[bytes, ...], bit: int) -> list[tuple[bytes, ...]]:
    """A bit flipped somewhere in each hash; one left out; one too many."""
    flips = [(*proof[:at], flipped(found, bit), *proof[at + 1 :]) for at, found in enumerate(proof)]
    return [*flips, *([proof[1:], proof[:-1]] if proof else []), (*proof, MANY[0]), (MANY[0], *proof)]


@given(st.data(), SIZES, st.integers(0, 255))
def test_an_inclusion_made_verifies_and_one_spoilt_does_not(data: st.DataObject, size: int, bit: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = MANY[:size]
    top, proof = root(leaves), inclusion(nodes(leaves), index, size)

    assert includes(top, size, index, leaves[index], proof)
    assert not includes(flipped(top, bit), size, index, leaves[index], proof)
    assert not includes(top, size, index, flipped(leaves[index], bit), proof)
    assert not any(includes(top, size, index, leaves[index], wrong) for wrong in spoilt(proof, bit))
    assert not any(includes(top, size, other, leaves[index], proof) for other in (index + 1, index - 1, index ^ 1, size))


@given(st.data(), SIZES, st.integers(0, 255))
def test_a_consistency_made_verifies_and_one_spoilt_does_not(data: st.DataObject, new: int, bit: int) -> None:
    old = data.draw(st.integers(1, new))
    before, after, proof = root(MANY[:old]), root(MANY[:new]), consistency(nodes(MANY[:new]), old, new)

    assert is_consistent(before, old, after, new, proof)
    assert not is_consistent(flipped(before, bit), old, after, new, proof)
    assert not is_consistent(before, old, flipped(after, bit), new, proof)
    assert not any(is_consistent(before, old, after, new, wrong) for wrong in spoilt(proof, bit))
    assert not is_consistent(before, 0, after, new, proof)
    assert old == new or not is_consistent(after, new, before, old, proof)


HASHES: Final = st.lists(st.binary(min_size=31, max_size=33), max_size=9)


@given(st.integers(), st.integers(), st.binary(max_size=33), st.binary(max_size=33), HASHES)
def test_a_check_of_anything_at_all_answers_no(one: int, other: int, top: bytes, found: bytes, proof: list[bytes]) -> None:
    assert not is_consistent(found, one, top, other, proof) or (one == other and not proof and found == top)
    assert not includes(top, other, one, found, proof) or (other == 1 and not proof and found == top)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        (0, {}),
        (256, {0: [256], 1: [1]}),
        (70_000, {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}),
    ],
)
def test_a_tree_has_the_tiles_that_the_specification_counts(size: int, widths: dict[int, list[int]]) -> None:
    found: dict[int | None, list[int]] = {}
    for tile in of_size(size):
        found.setdefault(tile.level, []).append(tile.width)
    assert found == widths


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(63, 0, 1), "tile/63/000.p/1"),
        (Tile(None, 999, 255), "tile/entries/999.p/255"),
        (Tile(None, 1000), "tile/entries/x001/000"),
        (Tile(1, 2**63 - 1), "tile/1/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parsed(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/067", "tile/00/067", "tile/64/000", "tile/0/67", "tile/0/1234", "tile/0/001/067", "tile/0/x067", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/-1/000", "tile/data/000", "tile/0/000\n", "/tile/0/000", "",
        "tile/0/\u0660\u0660\u0660", "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)  # fmt: skip
def test_another_spelling_of_a_path_is_none(path: str) -> None:
    with pytest.raises(Malformed, match="line 1: expected tile"):
        parsed(path)


@given(st.text() | st.from_regex(r"tile/\w+/[x0-9/]{3,9}(\.p/[0-9]+)?", fullmatch=True))
def test_a_path_that_is_read_is_written_alike(path: str) -> None:
    try:
        found = parsed(path)
    except Malformed:
        return
    assert found.path == path


@settings(max_examples=20)
@given(st.integers(1, 70_000), st.data())
def test_tiles_hold_the_whole_tree(size: int, data: st.DataObject) -> None:
    old, index = data.draw(st.integers(1, size)), data.draw(st.integers(0, size - 1))
    memory = nodes(MANY[:size])
    kept = {tile: content(memory, tile) for tile in of_size(size)}
    read_node = nodes_of_tiles(kept.__getitem__, size)

    assert frontier(read_node, size) == frontier(memory, size)
    assert inclusion(read_node, index, size) == inclusion(memory, index, size)
    assert consistency(read_node, old, size) == consistency(memory, old, size)
    level_0 = [found for tile in kept if tile.level == 0 for found in hashes(tile, kept[tile])]
    assert level_0 == MANY[:size]


@given(st.integers(0, 200_000), st.integers(0, 2000))
def test_what_a_growing_tree_adds_is_all_that_it_did_not_have(old: int, more: int) -> None:
    new = old + more
    assert set(of_size(new, since=old)) == set(of_size(new)) - set(of_size(old))
    assert set(bundles(new, since=old)) == set(bundles(new)) - set(bundles(old))
    assert sum(tile.width for tile in bundles(new)) == new


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    tile = Tile(None, 0, len(entries))
    found = bundled(entries)
    assert unbundled(tile, found) == entries
    for wrong in (found[:-1], found + b"\0", b"\xff" + found):
        with pytest.raises(Malformed):
            unbundled(tile, wrong)


@given(st.binary(max_size=100), st.integers(1, 4))
def test_octets_of_any_kind_are_a_bundle_and_a_tile_of_their_width_or_malformed(found: bytes, width: int) -> None:
    with suppress(Malformed):
        assert bundled(unbundled(Tile(None, 0, width), found)) == found
    try:
        assert b"".join(hashes(Tile(0, 0, width), found)) == found
    except Malformed:
        assert len(found) != 32 * width
