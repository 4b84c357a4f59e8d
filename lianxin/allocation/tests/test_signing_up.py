"""Somebody asks by telephone: the officer signs her up in her name, as early and as late as anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.api import User
from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.tickets import code_of
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.audit.api import AuditRow
from lianxin.members.api import Member, consent_give, fact_save
from lianxin.members.testing import Federation, couple_made, member_make
from lianxin.notify.testing import letters_to, texts_to
from lianxin.orgs.api import Actor
from lianxin.orgs.testing import invented_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(fed: Federation) -> Pool:
    return pool_make(fed.organisation("yangtze"), 2, audience="union")


@pytest.fixture
def gu(fed: Federation) -> Member:
    """Gu Amei, fifty-eight, on the roll of Wang's union, never signed in."""
    return member_make("顾阿妹", fed.organisation("yangtze"), serial=88)


def as_person(fed: Federation, who: str) -> Client:
    client = Client()
    sign_in(client, fed.account(who), second_factor=True)
    return client


def find_address(pool: Pool) -> str:
    return reverse("allocation:sign_up_find", args=[pool.pk])


def form_address(pool: Pool, member: Member) -> str:
    return reverse("allocation:sign_up", args=[pool.pk, member.pk])


def signed_up(client: Client, pool: Pool, member: Member, **sent: Any):
    """Open the form for a person and send it as it stands there."""
    address = form_address(pool, member)
    key = client.get(address).context["key"]
    return client.post(address, {"key": key, **sent}, follow=True)


def test_wang_finds_lin_by_name_and_phone_and_the_place_is_hers(fed, pool) -> None:
    wang = as_person(fed, "wang")
    assert find_address(pool) in wang.get(reverse("allocation:pool_desk", args=[pool.pk])).content.decode()  # fmt: skip
    for typed in ("林晓梅", "lin", invented_phone(1)):
        found = wang.get(find_address(pool), {"q": typed})
        assert form_address(pool, fed.member("lin")) in found.content.decode(), typed
    page = signed_up(wang, pool, fed.member("lin"))
    claim = Claim.objects.get()
    assert (claim.account_id, claim.state) == (fed.account_id("lin"), State.CONFIRMED)
    assert code_of(claim.pk) in page.content.decode(), "it is read out to her"
    row = AuditRow.objects.get(action="allocation.took")
    assert (row.actor_id, row.subject_id) == (fed.account_id("wang"), fed.account_id("lin"))


def test_she_is_told_who_did_it_and_gives_it_back_herself(fed, pool) -> None:
    signed_up(as_person(fed, "wang"), pool, fed.member("lin"))
    [letter] = letters_to(fed.account_id("lin"))
    assert "王建国" in letter.body
    assert pool.title in letter.title
    lin = as_person(fed, "lin")
    assert lin.get(letter.url).status_code == 200
    lin.post(reverse("allocation:claim_cancel", args=[Claim.objects.get().pk]))
    assert Claim.objects.get().state == State.CANCELLED


def test_a_double_tap_is_one_claim_and_one_letter(fed, pool) -> None:
    wang, address = as_person(fed, "wang"), form_address(pool, fed.member("lin"))
    for _tap in range(2):
        page = wang.post(address, {"key": "same"}, follow=True)
        assert code_of(Claim.objects.get().pk) in page.content.decode()
    assert len(letters_to(fed.account_id("lin"))) == 1
    again = wang.post(address, {"key": "another"}, follow=True)
    assert "已经报过了" in again.content.decode()
    assert Claim.objects.count() == 1


def test_nobody_jumps_the_queue_by_telephone(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    claim_made(pool, fed.account_id("zhao"))
    claim_made(pool, fed.account_id("sun"))
    page = signed_up(as_person(fed, "wang"), pool, fed.member("lin"))
    claim = Claim.objects.get(account_id=fed.account_id("lin"))
    assert claim.state == State.WAITING
    assert "候补第2位" in page.content.decode()
    assert "候补" in letters_to(fed.account_id("lin"))[0].title


def test_full_is_full_and_who_may_not_may_not_by_telephone_either(fed, gu) -> None:
    wang = as_person(fed, "wang")
    full = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    claim_made(full, fed.account_id("zhao"))
    assert '<form class="search"' not in wang.get(find_address(full)).content.decode()
    ruled = pool_make(fed.organisation("yangtze"), 5, rule="sex = '1'")
    couple = pool_make(fed.organisation("yangtze"), 5, one_per="family")
    claim_made(couple, fed.account_id("zhao"))
    couple_made(fed, "lin", "zhao")
    for pool, member in ((full, gu), (ruled, fed.member("lin")), (couple, fed.member("lin"))):
        refused = wang.post(form_address(pool, member), {"key": f"k{pool.pk}"})
        assert refused.status_code == 409
    assert not Claim.objects.filter(account_id=fed.account_id("lin")).exists()
    gu.refresh_from_db()
    assert gu.account_id is None, "for nothing, no account is begun"


def test_who_never_signed_in_is_signed_up_under_the_name_and_phone_of_the_roll(fed, pool, gu) -> None:  # fmt: skip
    wang = as_person(fed, "wang")
    assert "还没登录过" in wang.get(form_address(pool, gu)).content.decode()
    page = signed_up(wang, pool, gu)
    gu.refresh_from_db()
    claim = Claim.objects.get()
    assert claim.account_id == gu.account_id
    assert User.objects.get(pk=gu.account_id).display_name == "顾阿妹"
    assert code_of(claim.pk) in page.content.decode()
    assert any(pool.title in text for text in texts_to(invented_phone(88)))
    # She has no phone at hand: she calls again, and it is given back for her.
    wang.post(reverse("allocation:claim_give_back", args=[pool.pk, claim.pk]))
    claim.refresh_from_db()
    assert claim.state == State.CANCELLED


def test_only_those_who_arrange_it_and_serve_the_person_do_it(fed, pool) -> None:
    lin, zhao, wang = (fed.member(who) for who in ("lin", "zhao", "wang"))
    for who, member, status in (
        ("lin", lin, 403),
        ("zhao", lin, 403),
        ("ma", lin, 404),
        ("wang", zhao, 404),
        ("wang", wang, 404),
        ("sun", lin, 200),
    ):
        client = as_person(fed, who)
        assert client.get(form_address(pool, member)).status_code == status, who
        if status != 200:
            assert client.post(form_address(pool, member), {"key": "k"}).status_code == status
    found = as_person(fed, "wang").get(find_address(pool), {"q": "赵海燕"}).content.decode()
    assert "本工会没有查到" in found
    assert as_person(fed, "wang").post(find_address(pool)).status_code == 405
    assert not Claim.objects.exists()


def test_where_a_union_or_a_child_is_counted_it_is_not_done_by_telephone(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, one_per="subject")
    wang = as_person(fed, "wang")
    assert wang.get(find_address(pool)).status_code == 404
    assert find_address(pool) not in wang.get(reverse("allocation:pool_desk", args=[pool.pk])).content.decode()  # fmt: skip


def test_nothing_typed_is_lost_when_it_is_refused(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, most=3)
    wang = as_person(fed, "wang")
    refused = signed_up(wang, pool, fed.member("lin"), size="4")
    assert refused.status_code == 409
    assert 'value="4"' in refused.content.decode()
    assert signed_up(wang, pool, fed.member("lin"), size="3").status_code == 200
    assert Claim.objects.get().size == 3


def test_finding_costs_few_queries(fed, pool, django_assert_max_num_queries) -> None:
    for serial in range(100, 112):
        member_make(f"顾{serial}", fed.organisation("yangtze"), serial=serial)
    wang = as_person(fed, "wang")
    wang.get(find_address(pool))
    with django_assert_max_num_queries(16):
        found = wang.get(find_address(pool), {"q": "顾"})
    assert len(found.context["people"]) == 12


def test_what_her_facts_answered_stays_on_her_page_when_she_is_refused(fed) -> None:
    for purpose in ("matching", "finance"):
        consent_give(actor=fed.actor("lin"), purpose=purpose)
    lin = fed.member("lin")
    fact_save(actor=Actor.system(), member_id=lin.pk, name="household_size", value=2, source="dossier")  # fmt: skip
    unfit = pool_make(fed.organisation("yangtze"), 5, rule="household_size >= 3")
    full = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    claim_made(full, fed.account_id("zhao"))
    Pool.objects.filter(pk=full.pk).update(rule="household_size >= 1")
    wang = as_person(fed, "wang")
    for number, pool in enumerate((unfit, full), 1):
        assert wang.post(form_address(pool, lin), {"key": "k"}).status_code == 409
        traces = AuditRow.objects.filter(action="vault.opened", detail={"fields": ["household_size"]})  # fmt: skip
        assert traces.count() == number
        assert {(row.actor_id, row.subject_id) for row in traces} == {(fed.account_id("wang"), fed.account_id("lin"))}  # fmt: skip
    assert not Claim.objects.filter(account_id=fed.account_id("lin")).exists()


def test_a_rule_that_refuses_begins_no_account(fed, gu) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, rule="household_size >= 3")
    assert as_person(fed, "wang").post(form_address(pool, gu), {"key": "k"}).status_code == 409
    gu.refresh_from_db()
    assert gu.account_id is None
    assert not User.objects.filter(display_name=gu.name).exists()
