"""The pages of a pool and of one's own places, for a visitor, Lin, Wang and Zhao."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.services import (
    claim_cancel,
    claim_take,
    claims_forget,
    pool_at_hand,
    taking,
)
from lianxin.allocation.testing import ask_of, pool_make
from lianxin.kit import clock
from lianxin.members.testing import Federation, couple_made

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(fed: Federation) -> Pool:
    return pool_make(fed.organisation("yangtze"), 1, audience="union")


def page_of(client: Client, pool: Pool):
    return client.get(reverse("allocation:pool", args=[pool.pk]))


def taken(client: Client, pool: Pool, **sent: str):
    """Fill the form as the page shows it and send it."""
    view = page_of(client, pool).context["view"]
    address = f"{reverse('allocation:take', args=[pool.pk])}?a={view.admission}"
    return client.post(address, {"key": view.key, **sent})


def test_a_visitor_sees_how_it_stands_and_where_to_sign_in(client, pool) -> None:
    page = page_of(client, pool)
    assert "还有1个名额" in page.content.decode()
    assert reverse("accounts:sign_in") in page.content.decode()
    assert "data-rush" not in page.content.decode()


def test_lin_takes_a_place_and_has_her_ticket(client, fed, pool) -> None:
    sign_in(client, fed.account("lin"))
    answer = taken(client, pool)
    claim = Claim.objects.get()
    assert answer.url == reverse("allocation:claim", args=[claim.pk])
    ticket = client.get(answer.url)
    assert "data:image/svg+xml" in ticket.content.decode()
    assert "林晓梅" not in ticket.context["picture"]
    assert pool.title in client.get(reverse("allocation:mine")).content.decode()


def test_zhao_of_another_union_is_told_whose_places_these_are(client, fed, pool) -> None:
    sign_in(client, fed.account("zhao"))
    page = page_of(client, pool)
    assert "扬子机械厂工会" in page.context["view"].hindrance.words
    refused = client.post(reverse("allocation:take", args=[pool.pk]), {"key": "k"})
    assert refused.status_code == 409
    assert not Claim.objects.exists()


def test_an_admission_opens_nothing_for_anybody_else(client, fed, pool) -> None:
    sign_in(client, fed.account("lin"))
    stolen = page_of(client, pool).context["view"].admission
    sign_in(client, fed.account("zhao"))
    address = f"{reverse('allocation:take', args=[pool.pk])}?a={stolen}"
    assert client.post(address, {"key": "k"}).status_code == 409
    assert client.post(address[:-4] + "abcd", {"key": "k"}).status_code == 409
    assert not Claim.objects.exists()


def test_what_is_anothers_is_not_found(client, fed, pool) -> None:
    claim = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    for who in ("zhao", "wang", "ma"):
        sign_in(client, fed.account(who))
        assert client.get(reverse("allocation:claim", args=[claim.pk])).status_code == 404, who
        for verb in ("claim_cancel", "offer_accept"):
            assert client.post(reverse(f"allocation:{verb}", args=[claim.pk])).status_code == 404
    assert Claim.objects.get().state == State.CONFIRMED


def test_she_gives_it_back_by_post_alone_and_once(client, fed, pool) -> None:
    claim = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    sign_in(client, fed.account("lin"))
    address = reverse("allocation:claim_cancel", args=[claim.pk])
    assert client.get(address).status_code == 405
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert Claim.objects.get().state == State.CANCELLED


def test_an_offer_stands_on_her_home_until_she_answers(client, fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    first = claim_take(ask_of(pool, fed.account_id("wang"))).claim
    second = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    claim_cancel(actor=fed.actor("wang"), claim_id=first.pk)
    sign_in(client, fed.account("lin"))
    assert "有名额轮到您了" in client.get("/").content.decode()
    client.post(reverse("allocation:offer_accept", args=[second.pk]))
    assert Claim.objects.get(pk=second.pk).state == State.CONFIRMED
    assert "有名额轮到您了" not in client.get("/").content.decode()


def test_a_page_that_asks_by_script_is_answered_in_few_words(client, fed, pool) -> None:
    sign_in(client, fed.account("lin"))
    view = page_of(client, pool).context["view"]
    address = f"{reverse('allocation:take', args=[pool.pk])}?a={view.admission}"
    answer = client.post(address, {"key": view.key}, headers={"accept": "application/json"})
    assert answer.json()["url"] == reverse("allocation:claim", args=[Claim.objects.get().pk])
    Pool.objects.filter(pk=pool.pk).update(off_at=clock.now())
    refused = client.post(address, {"key": "another"}, headers={"accept": "application/json"})
    assert refused.json().get("url"), "who has one has one"
    client.post(reverse("allocation:claim_cancel", args=[Claim.objects.get().pk]))
    refused = client.post(address, {"key": "third"}, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()) == (409, {"words": "已经取消了。"})


def test_a_group_that_is_too_large_loses_nothing_typed(client, fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, most=3)
    sign_in(client, fed.account("lin"))
    refused = taken(client, pool, size="4")
    assert refused.status_code == 409
    assert 'value="4"' in refused.content.decode()
    assert "最多报3个名额" in refused.content.decode()


def test_a_rule_is_asked_and_what_is_missing_is_named(client, fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, rule="sex = '1'")
    sign_in(client, fed.account("lin"))
    assert page_of(client, pool).context["view"].hindrance is not None


def test_husband_and_wife_who_declared_each_other_have_one_place(client, fed) -> None:
    pool = pool_make(fed.organisation("city"), 5, one_per="family")
    couple_made(fed, "lin", "wang")
    sign_in(client, fed.account("lin"))
    assert taken(client, pool).status_code == 302
    sign_in(client, fed.account("wang"))
    assert taken(client, pool).status_code == 409
    sign_in(client, fed.account("zhao"))
    assert taken(client, pool).status_code == 302


def test_who_had_one_before_comes_after_those_who_never_had(fed) -> None:
    from lianxin.allocation.selectors.admitting import admission_of  # noqa: PLC0415

    terms: dict[str, Any] = {"series": "camp", "strata": [{"code": "never_before", "days": 400}]}
    past = pool_make(fed.organisation("yangtze"), 1, **terms)
    claim_take(ask_of(past, fed.account_id("lin")))
    now = pool_make(fed.organisation("yangtze"), 1, **terms)
    assert admission_of(now, fed.account_id("lin")).stratum == 1
    assert admission_of(now, fed.account_id("wang")).stratum == 0


@pytest.mark.parametrize(
    ("who", "status"), [("wang", 200), ("sun", 200), ("zhou", 200), ("ma", 404), ("lin", 403)]
)
def test_the_office_sees_how_it_stands_in_its_reach_and_who_comes_at_its_own_union(client, fed, pool, who, status) -> None:  # fmt: skip
    claim_take(ask_of(pool, fed.account_id("lin")))
    sign_in(client, fed.account(who), second_factor=True)
    page = client.get(reverse("allocation:pool_desk", args=[pool.pk]) + "?recount")
    assert page.status_code == status
    if status == 200:
        assert ("林晓梅" in page.content.decode()) is (who == "wang")
        assert ("只有本工会的干部" in page.content.decode()) is (who != "wang")
        assert "对得上" in page.content.decode()


def test_the_list_of_names_closes_two_weeks_after_the_end(client, fed, pool) -> None:
    claim = claim_take(ask_of(pool, fed.account_id("lin"), details='{"shirt": "M"}')).claim
    Claim.objects.filter(pk=claim.pk).update(used=1)
    sign_in(client, fed.account("wang"), second_factor=True)
    address = reverse("allocation:pool_desk", args=[pool.pk])
    Pool.objects.filter(pk=pool.pk).update(ends_at=clock.now() - dt.timedelta(days=13))
    assert "林晓梅" in client.get(address).content.decode()
    Pool.objects.filter(pk=pool.pk).update(ends_at=clock.now() - dt.timedelta(days=15))
    assert "林晓梅" not in client.get(address).content.decode()
    for _twice in range(2):
        claims_forget(pool_id=pool.pk)
    claim.refresh_from_db()
    assert (claim.used, claim.details) == (0, None)


def test_lists_and_pages_cost_few_queries(client, fed, django_assert_max_num_queries) -> None:
    for number in range(12):
        pool = pool_make(fed.organisation("yangtze"), 3, title=f"活动{number}")
        claim_take(ask_of(pool, fed.account_id("lin")))
    sign_in(client, fed.account("lin"))
    with django_assert_max_num_queries(9):
        client.get(reverse("allocation:mine"))
    with django_assert_max_num_queries(12):
        page_of(client, pool)
    sign_in(client, fed.account("wang"), second_factor=True)
    with django_assert_max_num_queries(22):
        client.get(reverse("allocation:pool_list"))


def test_closing_an_account_gives_back_and_forgets(fed) -> None:
    from lianxin.allocation.services.privacy import account_erase, account_export  # noqa: PLC0415

    pool = pool_make(fed.organisation("yangtze"), 1)
    claim_take(ask_of(pool, fed.account_id("lin"), details='{"shirt": "M"}'))
    waiting = claim_take(ask_of(pool, fed.account_id("zhao"))).claim
    [told] = account_export(fed.account_id("lin"))
    assert told["told"] == {"shirt": "M"}
    account_erase(fed.account_id("lin"))
    account_erase(fed.account_id("lin"))
    waiting.refresh_from_db()
    assert waiting.standing is State.OFFERED
    assert account_export(fed.account_id("lin")) == []


def test_what_is_over_is_forgotten_after_three_months(fed) -> None:
    from lianxin.allocation.services import past_purge  # noqa: PLC0415

    pool = pool_make(fed.organisation("yangtze"), 1)
    claim = claim_take(ask_of(pool, fed.account_id("lin"), details='{"shirt": "M"}')).claim
    assert past_purge() == 0
    Pool.objects.filter(pk=pool.pk).update(ends_at=clock.now() - dt.timedelta(days=91))
    assert past_purge() == 1
    claim.refresh_from_db()
    assert claim.details is None


def test_in_a_rush_a_pool_is_read_once_a_line(client, fed, monkeypatch) -> None:
    monkeypatch.setattr(taking, "_FRESH_SECONDS", 600)  # however slow this machine is
    pool = pool_make(fed.organisation("yangtze"), 3)
    sign_in(client, fed.account("lin"))
    taken(client, pool)
    client.logout()
    sign_in(client, fed.account("zhao"))
    with CaptureQueriesContext(connection) as page:
        page_of(client, pool)
    with CaptureQueriesContext(connection) as both:
        taken(client, pool)
    reads = [sum('FROM "allocation_pool"' in one["sql"] for one in asked) for asked in (page, both)]
    assert reads[1] - reads[0] == 1, "under its lock"


def test_what_is_at_hand_turns_nobody_away(fed, monkeypatch) -> None:
    monkeypatch.setattr(taking, "_FRESH_SECONDS", 600)
    pool = pool_make(fed.organisation("yangtze"), opens_at=clock.now() + dt.timedelta(hours=1))
    assert pool_at_hand(pool.pk).opens_at == pool.opens_at
    Pool.objects.filter(pk=pool.pk).update(opens_at=clock.now())
    assert pool_at_hand(pool.pk).opens_at == pool.opens_at
    assert claim_take(ask_of(pool, fed.account_id("lin"))).is_new
