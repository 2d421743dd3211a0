"""That a leaf stands in a tree, and that a tree only grew.

Made as RFC 6962 has it (sections 2.1.1 and 2.1.2), checked as RFC 9162 has it (2.1.3.2 and 2.1.4.2). A proof is a sequence of hashes, from the leaves upwards. A check answers with yes or no, whatever it is handed.
"""

from collections.abc import Iterator, Sequence

from domain.record.leaf import HASH_BYTES, node
from domain.record.tree import Read, spanned

Proof = tuple[bytes, ...]
Span = tuple[int, int]
"""Leaves from the first to before the second."""


def inclusion(read: Read, index: int, size: int) -> Proof:
    """Prove that the leaf at ``index`` stands in the tree of ``size`` leaves."""
    assert 0 <= index < size, "only a leaf of the tree stands in it"
    return tuple(spanned(read, *span) for span in _beside(index, (0, size)))


def _beside(index: int, span: Span) -> Iterator[Span]:
    """The siblings on the way from a leaf to the root of its span."""
    start, end = span
    if end - start == 1:
        return
    left, right = _halves(span)
    within, other = (left, right) if index < left[1] else (right, left)
    yield from _beside(index, within)
    yield other


def consistency(read: Read, old: int, new: int) -> Proof:
    """Prove that the tree of ``new`` leaves begins with that of ``old``. Everything begins with nothing: of 0 there is no proof."""
    assert 0 < old <= new, "a tree grows from a size that is not 0"
    return tuple(spanned(read, *span) for span in _between(old, (0, new)))


def _between(old: int, span: Span) -> Iterator[Span]:
    """The pieces of which the old root and the new one are both made. The old root itself is known, and left out."""
    start, end = span
    if old == end:
        if start > 0:
            yield span
        return
    left, right = _halves(span)
    within, other = (left, right) if old <= left[1] else (right, left)
    yield from _between(old, within)
    yield other


def _halves(span: Span) -> tuple[Span, Span]:
    """The left one holds the largest power of two that is less than the whole."""
    start, end = span
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    return (start, middle), (middle, end)


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads from the leaf hash at ``index`` to this root."""
    if not (0 <= index < size and _hashes(root, leaf, *proof)):
        return False
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node(sibling, found)
            here, last = _climbed(here, last)
        else:
            found = node(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old_root: bytes, old: int, new_root: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads to both roots. Of an empty old tree nothing can be shown so, and the answer is no."""
    if old == new > 0:
        return not proof and old_root == new_root
    if not (0 < old < new and _hashes(old_root, new_root, *proof)):
        return False
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    return bool(proof) and _leads_to(old_root, old, new_root, new, path)


def _leads_to(old_root: bytes, old: int, new_root: bytes, new: int, path: Sequence[bytes]) -> bool:
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node(sibling, before), node(sibling, after)
            here, last = _climbed(here, last)
        else:
            after = node(after, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _climbed(here: int, last: int) -> Span:
    """Up past the levels on which the last node stands alone, and is the same as below."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _hashes(*found: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in found)
