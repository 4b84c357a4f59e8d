"""The federation every test stands on."""

from __future__ import annotations

import pytest

from lianxin.members.testing import federation
from lianxin.orgs.api import Ability

pytestmark = pytest.mark.django_db


def test_wang_serves_her_own_union_only():
    made = federation()
    wang = made.actor("wang")
    assert wang.can(Ability.DOSSIER_HANDLE, made.organisation("yangtze").path)
    assert not wang.can(Ability.DOSSIER_HANDLE, made.organisation("riverside").path)
    assert not made.actor("lin").posts


def test_the_city_reaches_down_to_every_union():
    made = federation()
    zhou = made.actor("zhou")
    assert all(zhou.can(Ability.MEMBER_VIEW, o.path) for o in made.organisations.values())
