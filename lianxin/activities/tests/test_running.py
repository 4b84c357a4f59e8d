"""The day itself: the list for whoever runs it, a word to everybody, and nothing left two weeks after."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.activities.models import Session, Telling
from lianxin.activities.rules.groups import Companion, Details
from lianxin.activities.rules.questions import Question
from lianxin.activities.selectors.showing import free_of
from lianxin.activities.selectors.signing import details_of
from lianxin.activities.services import people_open, session_change, sessions_forget
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_take, pool_call_off
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import openings_of
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(fed):
    """A family day with six places: Lin brings two, Zhao comes alone."""
    activity = activity_made(
        fed.organisation("yangtze"),
        group="family",
        most=4,
        asks_ages=True,
        questions=(Question("food", "吃什么", is_required=False),),
        times=[time_made(capacity=6)],
    )
    told = Details((Companion("周远"), Companion("小宝", 7)), answers={"food": "不吃辣"})
    claim_take(ask_of(pool_of(activity), fed.account_id("lin"), size=3, details=told.written()))
    claim_take(ask_of(pool_of(activity), fed.account_id("zhao")))
    return activity


def address(name: str, activity) -> str:
    return reverse(f"activities:{name}", args=[session_of(activity).pk])


@pytest.mark.parametrize(
    ("who", "status"), [("wang", 200), ("lin", 403), ("zhao", 403), ("ma", 404)]
)
def test_the_list_is_for_whoever_runs_it(fed, family, as_person, who, status):
    for name in ("desk_people", "desk_word"):
        assert as_person(who).get(address(name, family)).status_code == status


def test_opening_the_list_shows_it_and_each_sees_that(fed, family, as_person):
    wang = as_person("wang")
    page = wang.get(address("desk_people", family)).content.decode()
    assert "周远" not in page, "nothing is opened by looking"
    page = wang.post(address("desk_people", family)).content.decode()
    for said in ("林晓梅", "周远", "小宝 (7)", "吃什么", "不吃辣"):
        assert said in page
    for who in ("lin", "zhao"):
        openings = as_person(who).get(reverse("members:looked")).content.decode()
        assert "为了办好您报名的活动" in openings, "Zhao, too, who was asked nothing"


def test_from_above_nobody_sees_who_comes(fed, family, as_person):
    for who in ("sun", "zhou"):
        assert as_person(who).get(address("desk_people", family)).status_code == 404
        assert as_person(who).post(address("desk_people", family)).status_code == 404
        with pytest.raises(ForbiddenError):
            people_open(actor=fed.actor(who), session=session_of(family))
        page = as_person(who).get(address("desk_session", family)).content.decode()
        assert address("desk_people", family) not in page
        pool = reverse("allocation:pool_desk", args=[pool_of(family).pk])
        assert "林晓梅" not in as_person(who).get(pool).content.decode()
    assert address("desk_people", family) in as_person("wang").get(address("desk_session", family)).content.decode()  # fmt: skip


def test_a_long_list_is_opened_a_page_at_a_time(fed, family, as_person, monkeypatch):
    monkeypatch.setattr("lianxin.activities.services.running.A_PAGE", 1)
    wang = as_person("wang")
    first = wang.post(address("desk_people", family))
    assert [row.name for row in first.context["opened"].rows] == ["林晓梅"]
    assert first.context["opened"].next_token in first.content.decode()
    assert not openings_of(fed.account_id("zhao")).exists()
    second = wang.post(address("desk_people", family), {"after": first.context["opened"].next_token})  # fmt: skip
    assert [row.name for row in second.context["opened"].rows] == ["赵海燕"]
    assert openings_of(fed.account_id("zhao")).count() == 1
    assert second.context["opened"].next_token == ""


def test_places_of_a_session_are_called_off_with_the_session(fed, family, as_person):
    wang = as_person("wang")
    pool = pool_of(family)
    off = reverse("allocation:pool_off", args=[pool.pk])
    assert off not in wang.get(reverse("allocation:pool_desk", args=[pool.pk])).content.decode()
    assert wang.post(off).status_code == 404
    assert pool_of(family).off_at is None
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    session = session_of(family)
    assert free_of(session).tone == "late"
    session_change(actor=fed.actor("wang"), session_id=session.pk, terms=time_made(6, capacity=6))
    assert session_of(family).revision == 1, "the rest of it still changes"


def test_two_weeks_after_the_end_nothing_is_left(fed, family, as_person, clock):
    wang = as_person("wang")
    clock.move(days=16)
    assert sessions_forget() == 0
    clock.move(days=2)
    assert [sessions_forget(), sessions_forget()] == [1, 0]
    assert all(details_of(claim) == Details() for claim in Claim.objects.all())
    assert Session.objects.get().forgotten_at is not None
    wang = as_person("wang")
    page = wang.post(address("desk_people", family)).content.decode()
    assert "林晓梅" not in page
    assert "永久关闭" in page


def test_a_word_is_sent_once_however_often_it_is_tapped(fed, family, as_person):
    wang = as_person("wang")
    sent = {"words": "下雨也办，请带伞。", "whom": "holding", "key": "one-form"}
    for _twice in range(2):
        assert wang.post(address("desk_word", family), sent).status_code == 302
    settle()
    letters = [one for one in letters_to(fed.account_id("lin")) if one.kind == "activity.word"]
    assert [one.body for one in letters] == ["下雨也办，请带伞。"]
    page = wang.get(address("desk_word", family)).content.decode()
    assert "已通知 2 人" in page
    assert (
        wang.post(address("desk_word", family), {"words": " ", "whom": "holding"}).status_code
        == 200
    )
    assert Telling.objects.count() == 1


def test_stopping_takes_a_post_of_whoever_runs_it(fed, family, as_person):
    wang = as_person("wang")
    wang.post(address("desk_word", family), {"words": "请带伞。", "whom": "living", "key": "k"})
    telling = Telling.objects.get()
    stop = reverse("activities:desk_word_stop", args=[session_of(family).pk, telling.pk])
    assert wang.get(stop).status_code == 405
    assert as_person("ma").post(stop).status_code == 404
    for _twice in range(2):
        assert wang.post(stop).status_code == 302
    settle()
    assert not [one for one in letters_to(fed.account_id("lin")) if one.kind == "activity.word"]


def test_she_changes_who_comes_along_and_what_she_answered(fed, family, as_person):
    lin = as_person("lin")
    claim = Claim.objects.get(account_id=fed.account_id("lin"))
    amend = reverse("activities:sign_up_amend", args=[claim.pk])
    assert amend in lin.get(reverse("allocation:claim", args=[claim.pk])).content.decode()
    page = lin.get(amend).content.decode()
    for said in ("周远", "小宝", "不吃辣"):
        assert said in page
    typed = {"a-name1": "周远", "a-q_food": "都行"}
    for _twice in range(2):
        assert lin.post(amend, typed).status_code == 302
    claim.refresh_from_db()
    assert (claim.size, details_of(claim)) == (
        2,
        Details((Companion("周远"),), answers={"food": "都行"}),
    )
    assert pool_of(family).taken == 3
    assert lin.post(amend, {"a-name1": "", "a-age1": "5"}).status_code == 200, (
        "an age without a name"
    )


def test_more_than_there_is_stays_as_it_was_and_strangers_change_nothing(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"), group="family", most=4, times=[time_made(capacity=2)])  # fmt: skip
    claim = claim_take(ask_of(pool_of(activity), fed.account_id("lin"))).claim
    claim_take(ask_of(pool_of(activity), fed.account_id("zhao")))
    amend = reverse("activities:sign_up_amend", args=[claim.pk])
    page = as_person("lin").post(amend, {"a-name1": "周远"})
    assert page.status_code == 200
    assert "您原来的名额还在" in page.content.decode()
    assert as_person("zhao").post(amend, {}).status_code == 404
    alone = activity_made(fed.organisation("yangtze"))
    own = claim_take(ask_of(pool_of(alone), fed.account_id("lin"))).claim
    lin = as_person("lin")
    assert lin.get(reverse("activities:sign_up_amend", args=[own.pk])).status_code == 404
    assert "修改同行" not in lin.get(reverse("allocation:claim", args=[own.pk])).content.decode()
