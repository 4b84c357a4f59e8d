"""The pages where posts are given: asked by Lin, Wang, Zhao, a chair and an audit administrator."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.kit import clock
from lianxin.orgs.models import Post, PostProposal
from lianxin.orgs.rules import Reach, Role
from lianxin.orgs.testing import post_make, tree

LIST = reverse("orgs:post_list")
NEW = reverse("orgs:post_new")
OWN = reverse("orgs:own_posts")


@pytest.fixture
def made(db):
    made = tree()
    made.accounts["tang"].login_name = "tang"
    made.accounts["tang"].save()
    return made


@pytest.fixture
def as_(made):
    def client_of(key: str) -> Client:
        client = Client()
        sign_in(client, made.account(key))
        return client

    return client_of


def _typed(**more):
    today = clock.today().isoformat()
    return {"person": "tang", "role": "caseworker", "reach": "here", "starts_on": today, **more}


def test_only_those_who_give_posts_see_who_holds_which(as_, made):
    assert Client().get(LIST).status_code == 302
    answers = {who: as_(who).get(LIST).status_code for who in ("lin", "zhao", "wang", "sun", "guo")}
    assert answers == {"lin": 403, "zhao": 403, "wang": 404, "sun": 404, "guo": 200}
    page = as_("guo").get(LIST, {"union": "JZ-JL-BC-001"}).content.decode()
    assert "王建国" in page
    for code in ("JZ", "JZ-BH", "XX"):
        assert as_("guo").get(LIST, {"union": code}).status_code == 404
    assert "扬子机械厂工会" in as_("guo").get(LIST, {"q": "扬子"}).content.decode()


def test_an_audit_administrator_reads_and_changes_nothing(as_, made):
    post_make(made.account("tang"), made.organisation("city"), Role.AUDIT_ADMIN, Reach.BELOW)
    tang = as_("tang")
    page = tang.get(LIST, {"union": "JZ-JL"}).content.decode()
    assert "陈志强" in page
    assert reverse("orgs:post_new") not in page
    post = Post.objects.get(account=made.account("chen"))
    assert tang.get(NEW, {"union": "JZ-JL"}).status_code == 404
    assert tang.get(reverse("orgs:post_end", args=[post.pk])).status_code == 404
    assert tang.get(reverse("orgs:deputy", args=[post.pk])).status_code == 404


def test_a_post_is_given_once_however_often_it_is_sent(as_, made):
    guo, url = as_("guo"), f"{NEW}?union=JZ-JL"
    assert guo.get(url).status_code == 200
    for _twice in range(2):
        assert guo.post(url, _typed()).status_code == 302
    assert Post.objects.filter(account=made.account("tang")).count() == 1
    assert made.actor("tang").is_officer


def test_a_sensitive_post_waits_on_the_page_of_the_second_person(as_, made):
    guo, he = as_("guo"), as_("he")
    for _twice in range(2):
        guo.post(f"{NEW}?union=JZ-JL", _typed(role="finance"))
    proposal = PostProposal.objects.get()
    answer = reverse("orgs:proposal_answer", args=[proposal.pk])
    assert "confirm" not in guo.get(LIST, {"union": "JZ-JL"}).content.decode()
    assert "confirm" in he.get(LIST, {"union": "JZ-JL"}).content.decode()
    assert he.get(answer).status_code == 405
    for who in ("wang", "ma", "sun"):
        assert as_(who).post(answer, {"confirm": "1"}).status_code == 404
    for _twice in range(2):
        assert he.post(answer, {"confirm": "1"}).status_code == 302
    assert Post.objects.filter(account=made.account("tang"), role="finance").count() == 1


def test_what_was_typed_wrong_comes_back_with_a_sentence(as_, made):
    guo, url = as_("guo"), f"{NEW}?union=JZ-JL"
    page = guo.post(url, _typed(person="nobody")).content.decode()
    assert 'value="nobody"' in page
    assert guo.post(url, _typed(ends_on="2001-01-01")).status_code == 200
    assert guo.post(url, _typed(person="guo")).status_code in {200, 403}
    lin = made.account("lin")
    lin.login_name = None
    assert guo.post(url, _typed(person="+8619900000001")).status_code == 200
    assert not Post.objects.filter(account=made.account("tang")).exists()


def test_an_officer_sees_her_posts_and_names_who_stands_in(as_, made):
    wang, today = as_("wang"), clock.today().isoformat()
    post = Post.objects.get(account=made.account("wang"))
    assert "扬子机械厂工会" in wang.get(OWN).content.decode()
    url = reverse("orgs:deputy", args=[post.pk])
    typed = {"person": "tang", "starts_on": today, "ends_on": today}
    assert wang.get(url).status_code == 200
    for who in ("ma", "sun"):
        assert as_(who).get(url).status_code == 404
    for _twice in range(2):
        assert wang.post(url, typed).status_code == 302
    assert made.actor("tang").posts[0].deputy_for == made.account_id("wang")
    assert "王建国" in as_("tang").get(OWN).content.decode()
    # Whoever stands in names nobody else.
    assert as_("tang").get(url).status_code == 404
    assert wang.post(reverse("orgs:deputy_end", args=[post.pk])).status_code == 302
    assert not made.actor("tang").posts


def test_leave_is_said_by_the_holder_and_taken_back(as_, made):
    post = Post.objects.get(account=made.account("wang"))
    url = reverse("orgs:post_away", args=[post.pk])
    assert as_("ma").post(url, {"away": "1"}).status_code == 404
    as_("wang").post(url, {"away": "1"})
    assert Post.objects.get(pk=post.pk).is_away
    as_("wang").post(url, {"back": "1"})
    assert not Post.objects.get(pk=post.pk).is_away


def test_a_post_is_ended_by_whoever_may_give_it(as_, made):
    post = Post.objects.get(account=made.account("wang"))
    url = reverse("orgs:post_end", args=[post.pk])
    assert as_("wang").get(url).status_code == 404
    guo = as_("guo")
    assert guo.get(url).status_code == 200
    assert guo.post(url, {"ends_on": "soon"}).status_code == 200
    for _twice in range(2):
        assert guo.post(url, {"ends_on": "2026-01-01"}).status_code in {302, 404}
    assert not made.actor("wang").posts


def test_the_pages_need_few_queries(as_, made, django_assert_max_num_queries):
    guo = as_("guo")
    with django_assert_max_num_queries(13):
        guo.get(LIST, {"union": "JZ-JL"})
    with django_assert_max_num_queries(12):
        guo.get(OWN)
