"""Something is offered by a partner's contact, checked by the union's officer, and found by everybody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.allocation import api as allocation
from lianxin.audit.api import AuditRow
from lianxin.exchange import services
from lianxin.exchange.models import Resource
from lianxin.exchange.selectors import BOOKED, waiting
from lianxin.exchange.testing import entry_of, resource_make
from lianxin.jobs import api as jobs
from lianxin.kit import clock as kit_clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.partners.api import contact_name, partner_end

LIST, OWN, NEW, DESK = (reverse(f"exchange:{name}") for name in ("resource_list", "own_list", "resource_new", "desk_list"))  # fmt: skip
CHECKED = {"is_plain": "on", "is_no_advertisement": "on", "is_true": "on"}


def checked(officer: Client, one: Resource) -> dict[str, str]:
    """What an officer sends who has ticked everything on the page that she reads now."""
    seen: dict[str, str] = officer.get(page("desk_resource", one.pk)).context["check_form"].initial
    return CHECKED | seen


def page(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


def typed(school, **more: object) -> dict[str, object]:
    today = kit_clock.today()
    given = {
        "key": "form-a", "partner": str(school.pk), "kind": "course", "title": "焊工中级班", "price": "免费",
        "way": "voucher", "audience": "both", "quantity": "20", "grain": "day", "words": "带身份证",
        "starts_on": today.isoformat(), "ends_on": (today + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip
    return given | more


def test_it_is_offered_once_checked_by_another_and_found_without_signing_in(as_, school) -> None:
    tang, chen, anybody = as_("tang"), as_("chen"), Client()
    for _tap in range(2):
        assert tang.post(NEW, typed(school)).status_code == 302
    one = Resource.objects.get()
    assert (one.state, one.audience) == ("offered", "workers")
    assert "焊工中级班" not in anybody.get(LIST).content.decode()
    assert anybody.get(page("resource", one.pk)).status_code == 404
    assert "焊工中级班" in chen.get(DESK).content.decode()
    unchecked = chen.post(page("resource_publish", one.pk), {"is_plain": "on"})
    assert "is_true" in unchecked.context["check_form"].errors
    sent = checked(chen, one)
    for _tap in range(2):
        assert chen.post(page("resource_publish", one.pk), sent).status_code == 302
    one.refresh_from_db()
    assert one.state == "published"
    shown = anybody.get(LIST, {"q": "hangong"}).content.decode()
    assert "焊工中级班" in shown
    assert anybody.get(page("resource", one.pk)).status_code == 200
    deeds = AuditRow.objects.filter(action__startswith="exchange.").values_list("action", flat=True)
    assert sorted(deeds) == ["exchange.resource_offered", "exchange.resource_published"]


def test_everybody_else_sees_neither_desk_nor_the_partners_pages(as_, school) -> None:
    one = resource_make(school)
    asked = [OWN, NEW, page("own_resource", one.pk), page("resource_edit", one.pk)]
    for who in ("lin", "zhao", "wang", "chen"):
        assert {as_(who).get(where).status_code for where in asked} == {404}, who
    assert {as_("tang").get(where).status_code for where in asked} == {200}
    desk = [DESK, page("desk_resource", one.pk)]
    answers = {who: [as_(who).get(where).status_code for where in desk] for who in ("lin", "zhao", "wang", "ma", "chen", "zhou", "tang")}  # fmt: skip
    assert answers == {
        "lin": [403, 403], "zhao": [403, 403], "wang": [404, 404], "ma": [404, 404],
        "chen": [200, 200], "zhou": [200, 200], "tang": [403, 403],
    }  # fmt: skip
    assert as_("chen").get(page("resource_publish", one.pk)).status_code == 405
    assert as_("tang").get(page("counter_open", one.pk)).status_code == 405
    assert as_("chen").post(page("counter_open", one.pk)).status_code == 404


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(as_, school) -> None:
    tang = as_("tang")
    for wrong, field in (
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"quantity": ""}, "quantity"),
        ({"words": "见 www.shop.cn"}, "words"),
        ({"price": " "}, "price"),
        ({"partner": "x"}, "partner"),
    ):
        answer = tang.post(NEW, typed(school, **wrong))
        assert field in answer.context["form"].errors, wrong
        assert "焊工中级班" in answer.content.decode()
    assert not Resource.objects.exists()


def test_it_is_sent_back_with_a_reason_put_right_and_read_once_more(as_, town, school) -> None:
    tang, chen = as_("tang"), as_("chen")
    tang.post(NEW, typed(school))
    one = Resource.objects.get()
    assert "reason" in chen.post(page("resource_return", one.pk), {}).context["return_form"].errors
    chen.post(page("resource_return", one.pk), {"reason": "价格写清楚"})
    assert "价格写清楚" in tang.get(page("own_resource", one.pk)).content.decode()
    with pytest.raises(StaleError):
        services.resource_publish(actor=town.actor("chen"), resource_id=one.pk)
    changed = typed(school, price="材料费每人 30 元")
    assert tang.post(page("resource_edit", one.pk), changed).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.price, one.reason) == ("offered", "材料费每人 30 元", "")
    chen.post(page("resource_publish", one.pk), checked(chen, one))
    late = tang.post(page("resource_edit", one.pk), changed)
    assert late.status_code == 200
    assert late.context["form"].errors


def test_what_is_published_is_what_was_read(as_, town, school, clock) -> None:
    tang, chen = as_("tang"), as_("chen")
    tang.post(NEW, typed(school))
    one = Resource.objects.get()
    read = checked(chen, one)
    clock.move(minutes=1)
    tang.post(page("resource_edit", one.pk), typed(school, price="每人 300 元"))
    told = chen.post(page("resource_publish", one.pk), read, follow=True)
    one.refresh_from_db()
    assert one.state == "offered"
    assert "对方又改过了" in told.content.decode()
    assert "每人 300 元" in told.content.decode()
    junk = chen.post(page("resource_publish", one.pk), read | {"seen": "gestern"})
    assert "seen" in junk.context["check_form"].errors
    chen.post(page("resource_publish", one.pk), checked(chen, one))
    one.refresh_from_db()
    assert (one.state, one.price) == ("published", "每人 300 元")


def test_whoever_speaks_for_a_partner_checks_none_of_its_offers(as_, town, school) -> None:
    made = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(), key="x")  # fmt: skip
    assert made in waiting(town.actor("chen"))
    contact_name(actor=town.actor("guo"), partner=school, account_id=town.account_id("chen"))
    assert made not in waiting(town.actor("chen"))
    assert made in waiting(town.actor("guo"))
    with pytest.raises(ForbiddenError):
        services.resource_publish(actor=town.actor("chen"), resource_id=made.pk)
    with pytest.raises(ForbiddenError):
        services.resource_return(actor=town.actor("chen"), resource_id=made.pk, reason="x")
    assert not as_("chen").get(page("desk_resource", made.pk)).context["may_check"]
    assert services.resource_publish(actor=town.actor("guo"), resource_id=made.pk).is_there


def test_nobody_checks_her_own_offer_or_speaks_for_somebody_elses_partner(town, school) -> None:
    with pytest.raises(ForbiddenError):
        services.resource_offer(actor=town.actor("chen"), partner=school, entry=entry_of(), key="x")
    made = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(), key="x")  # fmt: skip
    Resource.objects.filter(pk=made.pk).update(offered_by=town.account("chen"))
    for who in ("chen", "wang", "ma", "tang"):
        with pytest.raises(ForbiddenError):
            services.resource_publish(actor=town.actor(who), resource_id=made.pk)
    assert services.resource_publish(actor=town.actor("guo"), resource_id=made.pk).is_there


def test_it_is_found_by_word_kind_day_district_and_for_whom(school, town) -> None:
    today = kit_clock.today()
    resource_make(school, title="报告厅")
    resource_make(school, title="体检券", kind="health", way="voucher", quantity=9)
    resource_make(school, title="公寓", kind="rental", way="asked", starts_on=today + dt.timedelta(days=30), ends_on=today + dt.timedelta(days=60))  # fmt: skip
    anybody = Client()

    def found(**asked: str) -> set[str]:
        rows = anybody.get(LIST, asked).context["rows"]
        return {one.title for one, _kind, _sign in rows}

    assert found() == {"报告厅", "体检券", "公寓"}
    assert found(kind="health") == {"体检券"}
    assert found(q="tijian") == {"体检券"}
    assert found(q="夜校") == {"报告厅", "体检券", "公寓"}
    assert found(**{"for": "unions"}) == {"报告厅", "公寓"}
    assert found(day=today.isoformat()) == {"报告厅", "体检券"}
    assert found(district="JZ-BH") == set()
    assert found(district="JZ-JL") == {"报告厅", "体检券", "公寓"}
    assert found(day="gestern", kind="nichts") == {"报告厅", "体检券", "公寓"}


def test_the_list_asks_few_questions_however_long_it_is(school, django_assert_max_num_queries) -> None:  # fmt: skip
    for number in range(31):
        resource_make(school, title=f"讲座{number:02}", kind="lecturer", way="asked")
    anybody = Client()
    with django_assert_max_num_queries(4):
        first = anybody.get(LIST)
    assert first.context["page"].next_token


def test_what_is_over_is_found_no_more(school, clock) -> None:
    one = resource_make(school, ends_on=kit_clock.today())
    tells = allocation.booking_pages.get(BOOKED)
    assert tells is not None
    assert tells(one.pk) == page("resource", one.pk)
    assert Client().get(page("resource", one.pk)).status_code == 200
    clock.move(days=1)
    assert tells(one.pk) is None, "no link leads to where nothing is"
    assert Client().get(page("resource", one.pk)).status_code == 404
    with pytest.raises(RefusedError):
        resource_make(school, ends_on=kit_clock.today() - dt.timedelta(days=1))


def test_with_the_partner_its_offers_end(town, school) -> None:
    one = resource_make(school, way="voucher", quantity=3)
    partner_end(actor=town.actor("chen"), partner=school)
    jobs.run_due()
    one.refresh_from_db()
    assert one.state == "ended"
    assert Client().get(page("resource", one.pk)).status_code == 404


def test_an_account_takes_along_what_it_offered_and_is_forgotten(town, school) -> None:
    one = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(), key="x")  # fmt: skip
    person = Person(account_id=town.account_id("tang"), member_id=None)
    told = [row for part in privacy_export if "exchange.Resource" in part.tables for row in part.read(person)]  # fmt: skip
    assert [row["title"] for row in told] == [one.title]
    for part in privacy_erase:
        if "exchange.Resource" in part.tables:
            part.erase(person)
    one.refresh_from_db()
    assert one.offered_by is None
