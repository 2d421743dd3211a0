"""The right edge of a tree, as it grows by leaps."""

from hypothesis import given
from hypothesis import strategies as st

from domain.record.edge import Edge
from domain.record.leaf import leaf
from domain.record.tiles import HEIGHT, content, of_size
from domain.record.tree import nodes, root

MANY = [leaf(b"%d" % number) for number in range(70_000)]
LEAPS = st.lists(st.integers(0, 600), max_size=5)


def test_at_every_size_up_to_600_the_edge_has_the_size_and_the_root_of_the_tree() -> None:
    edge = Edge()
    for size in range(601):
        assert (edge.size, edge.root) == (size, root(MANY[:size]))
        edge = edge.grown([MANY[size]]).edge


@given(LEAPS)
def test_what_it_adds_as_it_grows_is_what_the_tiles_hold(leaps: list[int]) -> None:
    edge, size = Edge(), 0
    storeys = [b""] * 4
    for leap in leaps:
        edge, added = edge.grown(MANY[size : size + leap])
        for level, new in enumerate(added):
            storeys[level] += b"".join(new)
        size += leap
        assert (edge.size, edge.root) == (size, root(MANY[:size]))
    assert storeys == _expected(size)


def test_in_one_leap_of_70_000_the_third_storey_begins() -> None:
    edge, added = Edge().grown(MANY)
    assert (edge.size, edge.root) == (len(MANY), root(MANY))
    assert [len(storey) for storey in added] == [len(MANY) >> HEIGHT * level for level in range(3)]
    assert [b"".join(storey) for storey in added] == _expected(len(MANY))[:3]


def _expected(size: int) -> list[bytes]:
    """By storey, the tiles of the whole tree side by side."""
    storeys = [b""] * 4
    read = nodes(MANY[:size])
    for tile in of_size(size):
        assert tile.level is not None
        storeys[tile.level] += content(read, tile)
    return storeys
