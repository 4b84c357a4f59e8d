"""A new way in for an officer: two people, in person, she is told, and nobody does it to herself."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in, totp_of
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import crash_everywhere
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to, texts_to
from lianxin.orgs.models import OfficerReset, Post
from lianxin.orgs.rules import Reach, Role
from lianxin.orgs.services import (
    reset_ask,
    reset_confirm,
    reset_hand,
    reset_refuse,
    resets_lapse,
)
from lianxin.orgs.testing import post_make, tree

MONDAY = dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC)
State = OfficerReset.State


@pytest.fixture
def hands():
    with stopped_clock(MONDAY) as clock:
        yield clock


@pytest.fixture
def made(db, hands):
    """Guo, chair of the district, and He, chair of the city, give posts; Tang guards the city's."""
    found = tree()
    post_make(found.account("tang"), found.organisation("city"), Role.SECURITY_ADMIN, Reach.BELOW)
    for key in ("wang", "guo", "he", "fang", "tang"):
        found.account(key).set_password("four-words-nobody-guesses")
        found.account(key).save()
    return found


@pytest.fixture
def as_(made):
    def client_of(key: str) -> Client:
        client = Client()
        sign_in(client, made.account(key))
        return client

    return client_of


def _post(made, key: str) -> Post:
    found = Post.objects.filter(account=made.account(key)).first()
    assert found
    return found


def _asked(made, who="guo", about="wang", **more) -> OfficerReset:
    more.setdefault("also_factors", True)
    return reset_ask(actor=made.actor(who), post=_post(made, about), **more)


def _wang(made):
    found = made.account("wang")
    found.refresh_from_db()
    return found


def test_two_people_and_only_then_a_password_which_must_be_changed(made, as_):
    totp_of(made.account("wang"))
    wang = as_("wang")
    assert wang.get(reverse("orgs:own_posts")).status_code == 200
    reset = _asked(made)
    before = _wang(made).password
    with pytest.raises(RefusedError):
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    assert _wang(made).password == before
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    assert _wang(made).password == before, "a yes alone changes nothing"
    password = reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    held = _wang(made)
    assert held.check_password(password)
    assert held.password_handed_at == MONDAY
    assert not Authenticator.objects.filter(user=held).exists()
    assert wang.get(reverse("orgs:own_posts")).status_code == 302, "her sessions ended"
    actions = list(AuditRow.objects.filter(subject_id=held.pk).values_list("action", flat=True))
    assert {"orgs.reset_asked", "orgs.reset_confirmed", "orgs.reset_handed"} <= set(actions)
    trail = {row.action: row.actor_id for row in AuditRow.objects.filter(kind="orgs.OfficerReset")}
    assert trail["orgs.reset_asked"] == trail["orgs.reset_handed"] == made.account_id("guo")
    assert trail["orgs.reset_confirmed"] == made.account_id("he")
    assert password not in str(list(AuditRow.objects.values()))


def test_what_still_works_stays(made):
    totp_of(made.account("wang"))
    reset = _asked(made, also_factors=False)
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    assert Authenticator.objects.filter(user=made.account("wang"), type="totp").exists()


def test_she_is_told_at_once_and_her_phone_rings(made):
    from lianxin.jobs.testing import settle  # noqa: PLC0415

    reset = _asked(made)
    settle(MONDAY)
    letters = [letter for letter in letters_to(made.account_id("wang")) if letter.urgent]
    assert [letter.url for letter in letters] == [reverse("orgs:reset_own", args=[reset.pk])]
    assert texts_to("+8619900000002")
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    assert len([one for one in letters_to(made.account_id("wang")) if one.urgent]) == 2


def test_all_who_may_say_yes_are_asked_and_nobody_else(made):
    reset = _asked(made)
    url = reverse("orgs:reset", args=[reset.pk])
    for key in made.accounts:
        told = [letter for letter in letters_to(made.account_id(key)) if letter.url == url]
        assert bool(told) is (key in {"he", "tang"}), key


def test_nobody_does_it_to_herself_nor_agrees_with_herself(made):
    with pytest.raises(ForbiddenError):
        _asked(made, "guo", "guo")
    reset = _asked(made, "he", "guo")
    for who in ("he", "guo"):
        with pytest.raises(ForbiddenError):
            reset_confirm(actor=made.actor(who), reset_id=reset.pk)
    reset_confirm(actor=made.actor("tang"), reset_id=reset.pk)
    for who in ("tang", "guo"):
        with pytest.raises(ForbiddenError):
            reset_hand(actor=made.actor(who), reset_id=reset.pk)


@pytest.mark.parametrize("who", ["lin", "wang", "sun", "zhao", "ma", "chen", "zhou", "fang"])
def test_whoever_gives_no_posts_there_asks_for_nothing(made, who):
    about = "wang" if who != "wang" else "sun"
    with pytest.raises(ForbiddenError):
        _asked(made, who, about)


def test_a_small_post_is_no_way_into_an_account_with_a_large_one(made):
    """Zhou serves the city and, since Monday, a street of Guo's: Guo gets no hold of him."""
    post_make(made.account("zhou"), made.organisation("beicang"), Role.CASEWORKER)
    street = Post.objects.get(account=made.account("zhou"), role=Role.CASEWORKER)
    with pytest.raises(ForbiddenError):
        reset_ask(actor=made.actor("guo"), post=street, also_factors=True)
    reset_ask(actor=made.actor("he"), post=street, also_factors=True)


def test_nor_is_one_she_stands_in_for(made, hands):
    large = _post(made, "zhou")
    large.deputy, large.deputy_from = made.account("wang"), MONDAY.date() + dt.timedelta(days=3)
    large.deputy_until = MONDAY.date() + dt.timedelta(days=9)
    large.save()
    with pytest.raises(ForbiddenError):
        _asked(made, "guo", "wang")
    hands.move(days=10)
    _asked(made, "guo", "wang")


def test_a_post_given_after_the_yes_ends_the_matter(made):
    reset = _asked(made)
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    post_make(made.account("wang"), made.organisation("city"), Role.CASEWORKER)
    with pytest.raises(ForbiddenError):
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)


def test_a_post_gained_after_the_yes_is_out_of_the_second_one_s_reach(made):
    """Tang asks and may give everything; He said yes, and would not be asked for what she keeps now."""
    reset = _asked(made, "tang")
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    post_make(made.account("wang"), made.organisation("city"), Role.LAWYER)
    before = _wang(made).password
    with pytest.raises(RefusedError, match="重新提出"):
        reset_hand(actor=made.actor("tang"), reset_id=reset.pk)
    assert _wang(made).password == before
    reset.refresh_from_db()
    assert reset.state == State.CONFIRMED


def test_nor_does_the_yes_of_one_who_lost_her_post_count(made):
    reset = _asked(made)
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    Post.objects.filter(account=made.account("he")).delete()
    before = _wang(made).password
    with pytest.raises(RefusedError, match="重新提出"):
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    assert _wang(made).password == before


def test_what_is_told_in_trust_is_guarded_by_administrators_alone(made):
    with pytest.raises(ForbiddenError):
        _asked(made, "he", "fang")
    with pytest.raises(RefusedError):  # no second one there is
        _asked(made, "tang", "fang")
    made.account("chen").login_name = "chen"
    Post.objects.filter(account=made.account("chen")).delete()
    post_make(made.account("chen"), made.organisation("city"), Role.SECURITY_ADMIN, Reach.BELOW)
    reset = _asked(made, "tang", "fang")
    with pytest.raises(ForbiddenError):
        reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    reset_confirm(actor=made.actor("chen"), reset_id=reset.pk)


def test_where_nobody_else_could_say_yes_the_console_is_named(made):
    Post.objects.filter(account__in=[made.account("he"), made.account("tang")]).delete()
    with pytest.raises(RefusedError, match="控制台"):
        _asked(made)
    assert not OfficerReset.objects.exists()


def test_asked_twice_it_is_one_request_and_said_twice_one_yes(made):
    first, again = _asked(made), _asked(made)
    assert first == again
    for _twice in range(2):
        reset_confirm(actor=made.actor("he"), reset_id=first.pk)
    assert AuditRow.objects.filter(action="orgs.reset_confirmed").count() == 1
    assert reset_hand(actor=made.actor("guo"), reset_id=first.pk)
    held = _wang(made).password
    assert reset_hand(actor=made.actor("guo"), reset_id=first.pk) == ""
    assert _wang(made).password == held


@pytest.mark.parametrize(
    ("who", "state"), [("wang", "stopped"), ("he", "refused"), ("guo", "withdrawn")]
)
def test_a_no_ends_it_whoever_says_it(made, who, state):
    reset = _asked(made)
    for _twice in range(2):
        reset_refuse(actor=made.actor(who), reset_id=reset.pk)
    assert OfficerReset.objects.get().state == state
    with pytest.raises(RefusedError):
        reset_confirm(actor=made.actor("tang"), reset_id=reset.pk)


def test_she_stops_it_even_after_the_yes_and_strangers_stop_nothing(made):
    reset = _asked(made)
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    for who in ("lin", "zhao", "ma", "sun"):
        with pytest.raises(ForbiddenError):
            reset_refuse(actor=made.actor(who), reset_id=reset.pk)
    reset_refuse(actor=made.actor("wang"), reset_id=reset.pk)
    with pytest.raises(RefusedError):
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)


def test_after_a_day_it_is_over(made, hands):
    reset = _asked(made)
    reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
    hands.move(hours=24, seconds=1)
    with pytest.raises(RefusedError):
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
    assert resets_lapse() == 1
    assert resets_lapse() == 0
    assert OfficerReset.objects.get().state == State.LAPSED
    assert _asked(made) != reset


def test_one_that_lapsed_unswept_makes_room_for_the_next(made, hands):
    first = _asked(made)
    hands.move(hours=25)
    second = _asked(made)
    assert first != second
    first.refresh_from_db()
    assert first.state == State.LAPSED


@pytest.mark.django_db(transaction=True)
def test_a_crash_hands_out_no_password_twice(made):
    """The process dies at each commit: either nothing happened, or it did and the next tap says so."""

    def hand():
        OfficerReset.objects.all().delete()
        reset = _asked(made)
        reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
        reset_hand(actor=made.actor("guo"), reset_id=reset.pk)

    def after(_number):
        reset = OfficerReset.objects.first()
        if reset is not None and reset.state == State.HANDED:
            assert _wang(made).password_handed_at is not None

    assert crash_everywhere(hand, after=after) >= 3


class TestPages:
    """The same, as pages."""

    def _ask(self, made, as_, who="guo", about="wang"):
        url = reverse("orgs:reset_new", args=[_post(made, about).pk])
        return as_(who).post(url, {"lost": "both", "seen": "on"})

    def test_from_the_list_to_the_password(self, made, as_):
        guo = as_("guo")
        new = reverse("orgs:reset_new", args=[_post(made, "wang").pk])
        page = guo.get(reverse("orgs:post_list"), {"union": "JZ-JL-BC-001"}).content.decode()
        assert new in page
        assert guo.get(new).status_code == 200
        assert guo.post(new, {"lost": "both"}).status_code == 200, "only in person"
        address = guo.post(new, {"lost": "both", "seen": "on"})["Location"]
        answer = f"{address}answer/"
        assert as_("he").get(address).status_code == 200
        assert as_("he").post(answer, {"confirm": "1"}).status_code == 302
        before = _wang(made).password
        for _twice in range(2):
            assert guo.post(answer, {"hand": "1"}).status_code == 302
        held = _wang(made)
        assert held.password != before
        shown = guo.get(address)
        password = shown.context["password"]
        assert held.check_password(password)
        assert password in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert password not in as_("he").get(address).content.decode()
        assert password not in str(guo.session.items())

    def test_after_ten_minutes_the_page_has_forgotten_it(self, made, as_, hands):
        guo = as_("guo")
        reset = _asked(made)
        reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
        address = reverse("orgs:reset", args=[reset.pk])
        guo.post(f"{address}answer/", {"hand": "1"})
        hands.move(minutes=9)
        assert guo.get(address).context["password"]
        hands.move(minutes=2)
        assert not guo.get(address).context["password"]

    def test_she_enters_with_it_and_must_choose_her_own(self, made):
        reset = _asked(made)
        reset_confirm(actor=made.actor("he"), reset_id=reset.pk)
        password = reset_hand(actor=made.actor("guo"), reset_id=reset.pk)
        client = Client()
        client.get(reverse("accounts:officer_sign_in"))
        sent = {"login_name": "wang", "password": password}
        assert client.post(reverse("accounts:officer_sign_in"), sent).status_code == 302
        page = client.get(reverse("accounts:second_factor"))
        assert page["Location"].startswith(reverse("accounts:password_change"))

    def test_she_stops_it_from_her_own_phone(self, made, as_):
        reset = _asked(made)
        wang = Client()
        sign_in(wang, made.account("wang"), second_factor=False)
        own = reverse("orgs:reset_own", args=[reset.pk])
        assert wang.get(own).status_code == 200
        for _twice in range(2):
            assert wang.post(own).status_code == 302
        reset.refresh_from_db()
        assert reset.state == State.STOPPED
        for who in ("lin", "zhao", "guo", "he"):
            assert as_(who).get(own).status_code == 404
        assert Client().get(own).status_code == 302

    @pytest.mark.parametrize("who", ["lin", "zhao", "wang", "sun", "ma", "chen"])
    def test_others_find_no_such_page(self, made, as_, who):
        reset = _asked(made)
        address = reverse("orgs:reset", args=[reset.pk])
        new = reverse("orgs:reset_new", args=[_post(made, "wang").pk])
        for url in (address, new):
            assert as_(who).get(url).status_code in {403, 404}
        assert as_(who).post(f"{address}answer/", {"confirm": "1"}).status_code in {403, 404}

    def test_wrong_verbs_and_visitors(self, made, as_):
        reset = _asked(made)
        address = reverse("orgs:reset", args=[reset.pk])
        assert as_("guo").post(address).status_code == 405
        assert as_("guo").get(f"{address}answer/").status_code == 405
        assert Client().get(address).status_code == 302

    def test_posts_out_of_reach_are_said_before_anything_is_typed(self, made, as_):
        post_make(made.account("wang"), made.organisation("city"), Role.CASEWORKER)
        local = Post.objects.get(account=made.account("wang"), role=Role.OFFICER_PART_TIME)
        page = as_("guo").get(reverse("orgs:reset_new", args=[local.pk]))
        assert page.status_code == 200
        assert not page.context["in_reach"]
