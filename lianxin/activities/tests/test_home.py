"""The one card on the home: what she has a place at, else one thing she may join, never more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import Activity
from lianxin.activities.selectors.home import near_of
from lianxin.activities.services import session_call_off
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_cancel, claim_take
from lianxin.allocation.testing import ask_of
from lianxin.jobs.testing import settle
from lianxin.members.api import member_of
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
NEXT, NEAR = "您的下一场活动", "这个您可以来"


def near(fed, who: str) -> str | None:
    found = near_of(fed.actor(who), member_of(fed.account_id(who)))
    return found.activity.title if found else None


def home(client: Client) -> str:
    return client.get("/").content.decode()


@pytest.fixture
def town(fed):
    """Lin's factory plays badminton in three days, her district has a talk in two, the hotel its own."""
    activity_made(fed.organisation("yangtze"), title="厂里打球", audience="union")
    activity_made(fed.organisation("jialing"), title="区里讲座", district_code="JZ-JL", times=[time_made(2)])  # fmt: skip
    activity_made(fed.organisation("riverside"), title="酒店联欢", audience="union", district_code="JZ-BH")  # fmt: skip
    return fed


def test_her_own_union_comes_first_and_nobody_sees_anothers(town, as_person):
    assert [near(town, who) for who in ("lin", "zhao", "tang")] == ["厂里打球", "酒店联欢", None]
    page = home(as_person("lin"))
    assert NEAR in page
    assert "厂里打球" in page
    assert "区里讲座" not in page, "never more than one"
    assert NEXT not in page
    for page in (home(as_person("tang")), home(Client())):
        assert NEAR not in page
        assert NEXT not in page


def test_once_she_has_a_place_the_card_is_her_ticket_and_nothing_else(town, as_person, clock):
    activity = activity_made(town.organisation("jialing"), title="晚来的", times=[time_made(9)])
    for offered in (activity, activity_made(town.organisation("yangtze"), title="早来的", times=[time_made(4)])):  # fmt: skip
        claim_take(ask_of(pool_of(offered), town.account_id("lin")))
    page = home(as_person("lin"))
    claim = Claim.objects.get(pool__title="早来的")
    for said in (NEXT, "早来的", "11月27日", "扬子机械厂体育馆", reverse("allocation:claim", args=[claim.pk])):  # fmt: skip
        assert said in page
    for unsaid in (NEAR, "晚来的", "厂里打球"):
        assert unsaid not in page
    clock.move(days=5)
    page = home(as_person("lin"))
    assert "晚来的" in page, "what is over makes room"
    assert "早来的" not in page
    session_call_off(actor=Actor.system(), session_id=session_of(activity).pk, words="停电")
    settle()
    assert NEXT not in home(as_person("lin"))


def test_what_is_full_shut_for_her_or_hers_already_is_not_offered(town):
    claim_take(ask_of(pool_of(activity_made(town.organisation("yangtze"), title="一个名额", times=[time_made(1, capacity=1)])), town.account_id("wang")))  # fmt: skip
    activity_made(town.organisation("yangtze"), title="组队来", group="team", least=3, most=5, times=[time_made(1)])  # fmt: skip
    activity_made(town.organisation("yangtze"), title="男同志的", rule="sex = '1'", times=[time_made(1)])  # fmt: skip
    activity_made(town.organisation("yangtze"), title="太远的事", times=[time_made(45)])
    assert near(town, "lin") == "厂里打球"
    own = pool_of(activity_made(town.organisation("yangtze"), title="排队的", times=[time_made(1, capacity=1)]))  # fmt: skip
    for who in ("wang", "lin"):
        claim_take(ask_of(own, town.account_id(who)))
    assert near(town, "lin") == "厂里打球", "she waits for it already"
    taken = claim_take(ask_of(pool_of(session_titled("厂里打球")), town.account_id("lin"))).claim
    assert near(town, "lin") == "区里讲座", "hers already; the district is next"
    claim_cancel(actor=town.actor("lin"), claim_id=taken.pk)
    assert near(town, "lin") == "厂里打球"


def session_titled(title: str):
    return Activity.objects.get(title=title)


def test_the_card_costs_few_queries(town, as_person, django_assert_max_num_queries):
    for number in range(12):
        activity_made(town.organisation("jialing"), title=f"又一场 {number}")
    lin = as_person("lin")
    home(lin)
    with django_assert_max_num_queries(12):
        assert "厂里打球" in home(lin)
    claim_take(ask_of(pool_of(session_titled("厂里打球")), town.account_id("lin")))
    with django_assert_max_num_queries(13):
        assert NEXT in home(lin)
