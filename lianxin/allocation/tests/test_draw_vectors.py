"""The test vectors of the guide are what the rules come to: whoever writes a verifier starts from them."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from lianxin.allocation.rules import draws
from lianxin.allocation.rules.draws_sources import value_of

GUIDE = (Path(__file__).parents[3] / "docs/guide/draws.md").read_text("utf-8")
VECTORS = GUIDE.partition("## Test vectors")[2]
APPLIED = re.findall(
    r"\| `(\w{32})` \| `([\w-]{36})` \| (\d) \| (\d) \| (\d) \| `(\w{64})` \|", VECTORS
)
COMES_TO = dict(re.findall(r"^\| (\w+) \| `?([\w, ]+?)`? \|$", VECTORS, re.MULTILINE))
DRAW, RULE, SECRET = (
    found[0]
    for found in (
        re.findall(r"Draw `([\w-]{36})`", VECTORS),
        re.findall(r"`(\{.*?\})`", VECTORS),
        re.findall(r"party 1 says `(.*?)`", VECTORS),
    )
)


def test_the_vectors_of_the_guide_come_out():
    assert len(APPLIED) == 3
    rows = []
    for salt, claim, stratum, weight, size, line in APPLIED:
        assert draws.line_of(uuid.UUID(DRAW), salt, uuid.UUID(claim)) == line
        rows.append(draws.Row(line, int(stratum), int(weight), int(size)))
    rows.sort()
    root = draws.Tree(rows).root
    seal = draws.seal_of(RULE, root)
    value, _proof = value_of({"kind": "drand"}, "b4" * 48)
    opened = [draws.said(SECRET), draws.SILENT, draws.ABSENT]
    seed = draws.seed_of(seal, opened, [], value)
    order = draws.order_of(seed, rows)
    assert {
        "root": root,
        "rule": draws.rule_digest(RULE),
        "seal": seal,
        "lock": draws.lock_of(seal, 1, SECRET),
        "withdrawn": draws.digest("withdrawn"),
        "value": value,
        "seed": seed,
        "order": ", ".join(map(str, order)),
        "won": ", ".join(map(str, draws.winners_of(order, rows, 2))),
    }.items() <= COMES_TO.items()
