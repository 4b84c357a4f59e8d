"""Founding a union online, from a courier's application to its number."""

from __future__ import annotations

import pytest

from lianxin.catalogue import services
from lianxin.catalogue.testing import applied, begun
from lianxin.jobs.testing import settle
from lianxin.kit.errors import RefusedError
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Organisation, Post
from lianxin.orgs.testing import invented_uscc
from lianxin.procedures.api import AnswersError, dossier_withdraw
from lianxin.procedures.testing import approve, step_walk, walk_dossier

USCC = invented_uscc("logistics")
TYPED = {
    "above": "JZ-JL-BC", "name": "飞驰物流工会", "employer": "飞驰物流", "employer_uscc": USCC,
    "industry_code": "G5431", "division_code": "999902",
}  # fmt: skip


def _asked(town, **typed):
    return applied(town.actor("tang"), "union-founding", typed={**TYPED, **typed})


def test_a_granted_case_founds_the_union_once_and_gives_nobody_a_post(town) -> None:
    posts = Post.objects.count()
    dossier = walk_dossier(_asked(town))
    settle()
    services.founding_follow(dossier_id=dossier.pk)
    made = Organisation.objects.get(name="飞驰物流工会")
    assert (made.code, made.employer_uscc, made.industry_code) == ("JZ-JL-BC-002", USCC, "G5431")
    assert made.parent_path == town.organisation("beicang").path
    assert Post.objects.count() == posts
    told = [row for row in letters_to(town.account_id("tang")) if row.kind == "founding"]
    assert len(told) == 1
    assert "JZ-JL-BC-002" in told[0].body


def test_a_case_taken_back_founds_nothing(town) -> None:
    dossier = _asked(town)
    dossier_withdraw(actor=town.actor("tang"), dossier_id=dossier.pk, key="k", seen=None)
    settle()
    assert not Organisation.objects.filter(name="飞驰物流工会").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("above", "JZ-JL-BC-001"),
        ("employer_uscc", "91440300708461136A"),
        ("division_code", "12"),
        ("industry_code", "Z99"),
    ],
)
def test_what_does_not_hold_is_told_before_it_is_sent(town, name, value) -> None:
    with pytest.raises(AnswersError) as refused:
        _asked(town, **{name: value})
    assert name in refused.value.errors


def test_of_two_applications_for_one_unit_the_second_is_not_granted(town) -> None:
    first, second = _asked(town), _asked(town, name="飞驰工会")
    second = step_walk(second)
    walk_dossier(first)
    settle()
    with pytest.raises(RefusedError, match="飞驰物流工会"):
        approve(second, town.actor("sun"))


def test_a_courier_without_employer_may_begin_it(town) -> None:
    assert begun(town.actor("tang"), "union-founding").item.code == "union-founding"
