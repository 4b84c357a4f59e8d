"""The tree of RFC 6962: its roots, its growth, its proofs, against the definition itself."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.audit.rules import Prover, Tree, proves

LEAVES = st.lists(st.binary(max_size=40), max_size=70)
# The inputs and roots of the reference implementation of Certificate Transparency.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _defined(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _defined(leaves[:half]) + _defined(leaves[half:])).digest()


def _tree(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for one in leaves:
        tree.add(one)
    return tree


def test_the_roots_are_those_of_the_reference():
    leaves = [bytes.fromhex(one) for one in INPUTS]
    assert [_tree(leaves[: n + 1]).root().hex() for n in range(len(leaves))] == ROOTS


@given(LEAVES)
def test_a_tree_that_grew_is_the_tree_of_the_definition(leaves):
    assert _tree(leaves).root() == _defined(leaves)


@given(LEAVES, LEAVES)
def test_a_tree_goes_on_from_its_peaks(before, after):
    kept = _tree(before)
    tree = Tree(kept.size, kept.peaks)
    for one in after:
        tree.add(one)
    assert tree.root() == _defined(before + after)
    assert [last for _first, last in tree.spans()][-1:] == [tree.size][: bool(tree.size)]


def test_peaks_that_do_not_fit_the_size_are_refused():
    with pytest.raises(ValueError, match="peak"):
        Tree(3, [b"x"])


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_a_proof_convinces_of_its_leaf_alone(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    prover = Prover(index)
    for one in leaves:
        prover.add(one)
    root = prover.finish()
    assert root == _defined(leaves)
    size, path = len(leaves), prover.path

    def holds(leaf=leaves[index], **other):
        return proves(leaf, **({"index": index, "size": size, "path": path, "root": root} | other))

    assert holds()
    assert not holds(leaf=leaves[index] + b"!")
    assert not holds(root=bytes(32))
    assert not holds(index=size)
    assert not holds(path=[*path, bytes(32)])
    if path:
        assert not holds(path=path[:-1])
        assert not holds(path=[bytes(32), *path[1:]])
