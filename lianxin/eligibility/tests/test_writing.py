"""A rule written from its tree reads back as the same tree; conditions are put together and apart."""

from __future__ import annotations

import random

import pytest
import yaml

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules import writing
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.testing import RuleWriter

SHIPPED = sorted((yaml_files.DATA / "policies").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_rule_survives_being_written(path):
    rule = yaml.safe_load(path.read_text())["rule"]
    assert read(writing.write(read(rule))) == read(rule)
    joined = writing.join(writing.split(rule))
    assert writing.split(joined) == writing.split(rule)


def test_any_rule_survives_being_written():
    writer = RuleWriter(random.Random(7))  # noqa: S311  (tests need repeatable chance)
    for _rule in range(400):
        node = writer.rule()
        assert read(writing.write(node)) == node, writing.write(node)


def test_conditions_are_put_together_and_turned():
    one, other = "insured_months >= 12", "is_member"
    both = writing.any_of(one, other)
    assert both == "insured_months >= 12 OR is_member"
    assert writing.any_of(both, "is_retired") == f"{both} OR is_retired"
    assert writing.join([other, both]) == "is_member\nAND (insured_months >= 12 OR is_member)"
    assert writing.split(writing.join([other, both])) == [other, both]
    assert writing.turned(both) == f"NOT ({both})"
    assert writing.turned(writing.turned(both)) == both
    assert writing.split("  ") == []
