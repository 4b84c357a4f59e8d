"""Signing up: for oneself, with the family, as a team, for a union; what is known is not asked again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.activities.models import Activity, Session
from lianxin.activities.rules.groups import Companion
from lianxin.activities.rules.questions import Ask, Question
from lianxin.activities.selectors.signing import details_of
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, OnePer, Pool
from lianxin.members.api import relative_add
from lianxin.members.testing import couple_made

pytestmark = pytest.mark.django_db


def page_of(client, activity: Activity):
    return client.get(reverse("activities:session", args=[activity.pk, session_of(activity).pk]))


def sent(client, activity: Activity, **typed):
    """Fill in the form as the page of the activity shows it, and send it."""
    view = page_of(client, activity).context["view"]
    address = f"{reverse('allocation:take', args=[pool_of(activity).pk])}?a={view.admission}"
    return client.post(
        address, {"key": view.key, **{f"a-{name}": said for name, said in typed.items()}}
    )


def test_one_tap_is_enough_for_oneself(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"))
    lin = as_person("lin")
    assert sent(lin, activity).status_code == 302
    claim = Claim.objects.get()
    assert (claim.account_id, claim.size, claim.state) == (fed.account_id("lin"), 1, "confirmed")
    assert claim.details is None or not details_of(claim).answers
    page = page_of(lin, activity)
    assert reverse("allocation:claim", args=[claim.pk]) in page.content.decode()
    assert reverse("activities:session", args=[activity.pk, session_of(activity).pk]) in lin.get(reverse("allocation:claim", args=[claim.pk])).content.decode()  # fmt: skip


def test_a_visitor_is_led_to_sign_in_and_what_has_begun_takes_nobody(fed, client, clock):
    activity = activity_made(fed.organisation("yangtze"))
    assert reverse("accounts:sign_in") in page_of(client, activity).content.decode()
    clock.move(days=3, minutes=1)
    assert page_of(client, activity).context["view"] is None


def test_a_family_comes_together_with_those_she_declared(fed, as_person):
    lin_actor = fed.actor("lin")
    relative_add(actor=lin_actor, relation="spouse", name="周远")
    activity = activity_made(fed.organisation("yangtze"), group="family", most=4, asks_ages=True)
    lin = as_person("lin")
    page = page_of(lin, activity)
    form = page.context["view"].asked["form"]
    key = form.known.kin[0][0]
    assert "周远" in page.content.decode()
    assert sent(lin, activity, kin=[key], name1="小宝", age1="7").status_code == 302
    claim = Claim.objects.get()
    assert claim.size == 3
    assert details_of(claim).companions == (Companion("周远"), Companion("小宝", 7))
    zhao = as_person("zhao")
    assert page_of(zhao, activity).context["view"].asked["form"].known.kin == []


def test_husband_and_wife_sign_their_family_up_once(fed, as_person):
    activity = activity_made(fed.organisation("city"), group="family", most=4)
    couple_made(fed, "lin", "wang")
    assert sent(as_person("lin"), activity, name1="小宝").status_code == 302
    refused = sent(as_person("wang"), activity, name1="小宝")
    assert refused.status_code == 409
    assert "您家里已经有名额了" in refused.content.decode()
    assert sent(as_person("zhao"), activity).status_code == 302
    assert Claim.objects.count() == 2


def test_a_page_says_of_couples_what_its_places_hold_to(fed, as_person):
    """Places that opened when husband and wife still had one each keep to that; where one just comes nobody counts."""
    activity = activity_made(fed.organisation("city"), group="family", most=4)
    couple_made(fed, "lin", "wang")
    said = "夫妻两人报一次"
    assert said in page_of(as_person("lin"), activity).content.decode()
    Pool.objects.filter(pk=pool_of(activity).pk).update(one_per=OnePer.PERSON)
    assert said not in page_of(as_person("lin"), activity).content.decode()
    for who in ("lin", "wang"):
        assert sent(as_person(who), activity).status_code == 302
    assert Claim.objects.count() == 2
    free = activity_made(fed.organisation("city"), group="family", most=4, times=[time_made(capacity=None)])  # fmt: skip
    page = page_of(as_person("lin"), free).content.decode()
    assert "可以带家人" in page
    assert said not in page


def test_too_many_or_unnamed_are_told_and_nothing_typed_is_lost(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"), group="family", most=3, asks_ages=True)
    lin = as_person("lin")
    wrong = sent(lin, activity, name1="小宝", age1="7", name2="", age2="9")
    assert wrong.status_code == 409
    assert 'value="小宝"' in wrong.content.decode()
    assert not Claim.objects.exists()
    assert sent(lin, activity, name1="小宝", age1="七").status_code == 409


def test_how_many_places_follows_from_who_comes_and_from_no_number_that_is_sent(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"), group="family", least=2, most=5)
    lin = as_person("lin")
    address = reverse("allocation:take", args=[pool_of(activity).pk])
    names = {f"a-name{number}": f"家人{number}" for number in range(1, 5)}
    assert lin.post(address, {"key": "nobody", "size": "5"}).status_code == 409, "two at least"
    assert lin.post(address, {"key": "one", "size": "1", **names}).status_code == 302
    assert Claim.objects.get().size == 5
    alone = activity_made(fed.organisation("yangtze"))
    address = reverse("allocation:take", args=[pool_of(alone).pk])
    assert lin.post(address, {"key": "two", "size": "1"}).status_code == 302
    assert lin.post(address, {"key": "two", "size": "9"}).status_code == 302
    assert Claim.objects.get(pool=pool_of(alone)).size == 1


def test_a_team_has_a_name_and_its_people(fed, as_person):
    activity = activity_made(
        fed.organisation("yangtze"), group="team", least=3, most=8, times=[time_made(capacity=20)]
    )
    lin = as_person("lin")
    assert sent(lin, activity, team="飞羽队", others="王一\n").status_code == 409, (
        "two are not three"
    )
    assert sent(lin, activity, team="", others="王一\n李二").status_code == 409
    assert sent(lin, activity, team="飞羽队", others="王一\n李二\n\n张三").status_code == 302
    told = details_of(Claim.objects.get())
    assert (told.team, [one.name for one in told.companions], told.size) == (
        "飞羽队",
        ["王一", "李二", "张三"],
        4,
    )


def test_an_officer_books_for_her_union_and_a_worker_does_not(fed, as_person):
    activity = activity_made(
        fed.organisation("city"), group="union", least=5, most=30, times=[time_made(capacity=60)]
    )
    lin = as_person("lin")
    assert page_of(lin, activity).context["view"].asked["is_stranger"]
    assert sent(lin, activity, union="JZ-JL-BC-001", people="6").status_code == 409
    wang = as_person("wang")
    assert sent(wang, activity, union="JZ-BH-JW-001", people="6").status_code == 409, (
        "not her union"
    )
    assert sent(wang, activity, union="JZ-JL-BC-001", people="3").status_code == 409
    assert sent(wang, activity, union="JZ-JL-BC-001", people="12").status_code == 302
    claim = Claim.objects.get()
    assert (claim.size, claim.unit) == (12, "s:JZ-JL-BC-001")
    # A second booking for the same union, by somebody above, is another's.
    assert sent(as_person("ma"), activity, union="JZ-BH-JW-001", people="8").status_code == 302
    assert Claim.objects.count() == 2


def test_what_the_union_knows_stands_there_with_its_source(fed, as_person):
    asked = (
        Question("work", "您的单位", fact="employer"),
        Question("size", "衣服尺码", ask=Ask.CHOICE, options=("M", "L")),
        Question("note", "还想说", ask=Ask.LONG, is_required=False),
        Question("first", "第一次来吗", ask=Ask.YES_NO),
    )
    activity = activity_made(fed.organisation("yangtze"), questions=asked)
    lin = as_person("lin")
    page = page_of(lin, activity).content.decode()
    assert 'value="扬子机械厂"' in page
    assert "工会报送的会员名册" in page
    wrong = sent(lin, activity, q_work="扬子机械厂", q_size="XXL", q_first="on")
    assert wrong.status_code == 409
    assert "衣服尺码" in "".join(str(one) for one in wrong.context["messages"])
    assert (
        sent(lin, activity, q_work="扬子机械厂", q_size="L", q_note="", q_first="on").status_code
        == 302
    )
    assert details_of(Claim.objects.get()).answers == {
        "work": "扬子机械厂",
        "size": "L",
        "first": True,
    }


def test_an_officer_asks_at_the_telephone_what_the_activity_asks_and_sees_nothing_more(fed, as_person):  # fmt: skip
    relative_add(actor=fed.actor("lin"), relation="spouse", name="周远")
    asked = (Question("work", "您的单位", fact="employer"), Question("bus", "在哪上车"))
    activity = activity_made(fed.organisation("yangtze"), group="family", most=4, questions=asked)
    wang = as_person("wang")
    address = reverse("allocation:sign_up", args=[pool_of(activity).pk, fed.member_id("lin")])
    page = wang.get(address)
    assert "在哪上车" in page.content.decode()
    assert "周远" not in page.content.decode()
    assert "工会报送的会员名册" not in page.content.decode()
    assert page.context["asked"]["form"].saved == 0
    typed = {"key": "call", "a-name1": "小宝", "a-q_bus": "南门"}
    refused = wang.post(address, typed)
    assert refused.status_code == 409
    assert 'value="小宝"' in refused.content.decode()
    assert wang.post(address, {**typed, "a-q_work": "机械厂"}).status_code == 302
    claim = Claim.objects.get()
    assert (claim.account_id, claim.size) == (fed.account_id("lin"), 2)
    assert details_of(claim).answers == {"work": "机械厂", "bus": "南门"}


def test_at_the_telephone_nobody_hears_which_other_shift_it_is(fed, as_person):
    day = activity_made(
        fed.organisation("yangtze"), kind="volunteer", title="清河值守",
        times=[time_made(label="上午班"), time_made(label="同时的班")],
    )  # fmt: skip
    first, second = Session.objects.filter(activity=day).order_by("label")
    lin = as_person("lin")
    assert lin.post(reverse("allocation:take", args=[first.pool_id]), {"key": "own"}).status_code == 302  # fmt: skip
    wang = as_person("wang")
    address = reverse("allocation:sign_up", args=[second.pool_id, fed.member_id("lin")])
    refused = wang.post(address, {"key": "call"})
    assert refused.status_code == 409
    said = "".join(str(one) for one in refused.context["messages"])
    assert "别的班" in said
    assert "清河值守" not in said


def test_a_double_tap_takes_one_place(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"))
    lin = as_person("lin")
    view = page_of(lin, activity).context["view"]
    address = f"{reverse('allocation:take', args=[pool_of(activity).pk])}?a={view.admission}"
    urls = {lin.post(address, {"key": view.key}).url for _tap in range(2)}
    assert len(urls) == 1
    assert Claim.objects.count() == 1


def test_a_signed_in_page_takes_few_queries(fed, as_person, django_assert_max_num_queries):
    activity = activity_made(fed.organisation("yangtze"), group="family", most=4, audience="union")
    lin = as_person("lin")
    page_of(lin, activity)
    address = reverse("activities:activity", args=[activity.pk])
    with django_assert_max_num_queries(14):
        lin.get(address)
