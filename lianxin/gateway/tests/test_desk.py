"""Other systems at the desk: asked for by one, agreed to by another where persons are in reach."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.test import Client as Web
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.gateway import services
from lianxin.gateway.models import Client, ClientRequest, ClientSecret
from lianxin.gateway.rules.access import ClientState, Scope
from lianxin.gateway.testing import client_make, token_make
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor, Reach, Role
from lianxin.orgs.testing import post_make

NOON = dt.datetime(2026, 3, 9, 4, tzinfo=dt.UTC)
ALL = [scope.value for scope in Scope]
PLAIN = [Scope.ORGANISATIONS_READ.value]
_SECRET = re.compile(r"lxs_[A-Za-z0-9_-]{43}")


@pytest.fixture
def town(db):
    """Lin and Tang keep the doors of the district, Zhao those of another union; Wang is an officer."""
    made = federation()
    for who, place in (("lin", "jialing"), ("tang", "jialing"), ("zhao", "riverside")):
        post_make(made.account(who), made.organisation(place), Role.SECURITY_ADMIN, Reach.BELOW)
    return made


def _web(town, who):
    web = Web()
    sign_in(web, town.account(who))
    return web


def _typed(town, scopes=PLAIN, **more):
    code = town.organisation("jialing").code
    return {"name": "就业局系统", "organisation": code, "reach": "here", "scopes": scopes, **more}


def _ask(town, who="lin", **more):
    return _web(town, who).post(reverse("gateway:client_new"), _typed(town, **more))


def _answer(town, who, verb, web=None):
    request = ClientRequest.objects.latest("asked_at")
    address = reverse("gateway:request_answer", args=[request.client_id, request.pk])
    return (web or _web(town, who)).post(address, {verb: "1"})


def _token(web, client, secret):
    sent = {
        "grant_type": "client_credentials",
        "client_id": str(client.pk),
        "client_secret": secret,
    }
    kind = "application/x-www-form-urlencoded"
    return web.post("/api/v1/oauth/token", urlencode(sent), kind).status_code


def test_what_sees_no_person_takes_one_and_its_secret_is_shown_once(town, client):
    lin = _web(town, "lin")
    page = lin.post(reverse("gateway:client_new"), _typed(town)).url
    made = Client.objects.get()
    assert made.state == ClientState.WAITING
    assert not ClientSecret.objects.exists()
    for _ in range(2):
        assert _answer(town, "lin", "draw", web=lin).url == page
    assert ClientSecret.objects.count() == 1
    (secret,) = set(_SECRET.findall(lin.get(page).content.decode()))
    assert _token(client, made, secret) == 200
    assert not _SECRET.search(_web(town, "lin").get(page).content.decode()), "another browser"
    assert not _SECRET.search(_web(town, "tang").get(page).content.decode())
    drawn = AuditRow.objects.get(action="gateway.secret_drawn")
    assert drawn.actor_id == town.account_id("lin")
    assert secret not in str(drawn.detail)


def test_a_second_secret_does_not_hide_the_first(town):
    lin = _web(town, "lin")
    pages = []
    for name in ("就业局系统", "医保局系统"):
        pages.append(lin.post(reverse("gateway:client_new"), _typed(town) | {"name": name}).url)
        _answer(town, "lin", "draw", web=lin)
    shown = [_SECRET.findall(lin.get(page).content.decode()) for page in pages]
    assert all(shown)
    assert shown[0] != shown[1]


def test_the_page_forgets_the_secret_in_ten_minutes(town):
    with stopped_clock(NOON) as hands:
        lin = _web(town, "lin")
        page = lin.post(reverse("gateway:client_new"), _typed(town)).url
        _answer(town, "lin", "draw", web=lin)
        assert _SECRET.search(lin.get(page).content.decode())
        hands.move(minutes=11)
        assert not _SECRET.search(lin.get(page).content.decode())


def test_where_persons_are_in_reach_a_second_one_says_yes_first(town):
    _ask(town, scopes=ALL)
    assert any(
        letter.url.startswith("/desk/systems/") for letter in letters_to(town.account_id("tang"))
    )
    _answer(town, "lin", "draw")
    assert not ClientSecret.objects.exists()
    assert _answer(town, "lin", "confirm").status_code == 403, "never her own"
    assert _answer(town, "tang", "draw").status_code == 403, "never for another"
    for _ in range(2):
        assert _answer(town, "tang", "confirm").status_code == 302
    _answer(town, "lin", "draw")
    assert ClientSecret.objects.count() == 1
    assert Client.objects.get().state == ClientState.ACTIVE
    actions = AuditRow.objects.filter(kind="gateway.Client").values_list("action", "actor_id")
    assert set(actions) == {
        ("gateway.client_asked", town.account_id("lin")),
        ("gateway.request_confirmed", town.account_id("tang")),
        ("gateway.secret_drawn", town.account_id("lin")),
    }


def test_with_nobody_to_say_yes_it_says_so_and_makes_nothing(town):
    page = _ask(town, who="zhao", organisation=town.organisation("riverside").code, scopes=ALL)
    assert page.status_code == 200
    assert "第二位" in page.content.decode()
    assert not Client.objects.exists()


@pytest.mark.parametrize("verb", ["refuse", "end", "lapse"])
def test_a_no_or_no_answer_ends_what_waited_and_the_name_is_free(town, verb):
    with stopped_clock(NOON) as hands:
        _ask(town, scopes=ALL)
        made = Client.objects.get()
        if verb == "refuse":
            _answer(town, "tang", "refuse")
        elif verb == "end":
            _web(town, "tang").post(reverse("gateway:client_end", args=[made.pk]))
        else:
            hands.move(days=8)
            assert _answer(town, "tang", "confirm").status_code == 302
            assert services.requests_lapse() == 1
            assert services.requests_lapse() == 0
        made.refresh_from_db()
        assert made.state == ClientState.ENDED
        _answer(town, "lin", "draw")
        assert not ClientSecret.objects.exists()
        assert _ask(town, scopes=ALL).status_code == 302


def test_two_taps_are_one_client_and_another_of_its_name_is_refused_with_all_that_was_typed(town):
    assert {_ask(town).url for _ in range(2)} == {
        reverse("gateway:client", args=[Client.objects.get().pk])
    }
    assert _ask(town, reach="here_and_below").status_code == 200, "not the same request"
    page = _ask(town, who="tang")
    assert page.status_code == 200
    assert "name" in page.context["form"].errors
    assert page.context["form"]["organisation"].value()
    empty = _ask(town, name=" ", scopes=[], organisation="nowhere", expires_on="2001-01-01")
    assert {"name", "scopes", "organisation"} <= set(empty.context["form"].errors)


@pytest.mark.parametrize(("hours", "holds"), [("24", 200), ("0", 401)])
def test_a_new_secret_takes_two_where_the_first_did_and_the_old_one_holds_as_long_as_said(
    town, client, hours, holds
):
    made, old = client_make(town.organisation("jialing"))
    address = reverse("gateway:client_rotate", args=[made.pk])
    for _ in range(2):
        assert _web(town, "lin").post(address, {"overlap_hours": hours}).status_code == 302
    assert ClientRequest.objects.count() == 1
    _answer(town, "tang", "confirm")
    assert _token(client, made, old) == 200, "nothing changes before it is drawn"
    lin = _web(town, "lin")
    _answer(town, "lin", "draw", web=lin)
    page = lin.get(reverse("gateway:client", args=[made.pk])).content.decode()
    (new,) = set(_SECRET.findall(page))
    assert _token(client, made, new) == 200
    assert _token(client, made, old) == holds
    bad = _web(town, "lin").post(address, {"overlap_hours": "999"})
    assert bad.status_code == 302
    assert ClientRequest.objects.count() == 1


def test_a_leak_is_stopped_though_two_secrets_hold(town, client):
    made, first = client_make(town.organisation("jialing"))
    second = services.client_rotate(
        actor=Actor.system(), client_id=made.pk, overlap=dt.timedelta(hours=24)
    )
    held = token_make(made, [Scope.ORGANISATIONS_READ])
    bearer = {"Authorization": f"Bearer {held}"}
    assert client.get("/api/v1/organisations", headers=bearer).status_code == 200
    address = reverse("gateway:client_rotate", args=[made.pk])
    _web(town, "lin").post(address, {"overlap_hours": "0"})
    _answer(town, "tang", "confirm")
    _answer(town, "lin", "draw")
    assert client.get("/api/v1/organisations", headers=bearer).status_code == 401
    assert [_token(client, made, one) for one in (first, second)] == [401, 401]
    assert ClientSecret.objects.count() == 1


def test_one_person_is_enough_to_switch_it_off_and_again_changes_nothing(town, client):
    made, secret = client_make(town.organisation("jialing"))
    address = reverse("gateway:client_end", args=[made.pk])
    assert _web(town, "lin").get(address).status_code == 405
    for _ in range(2):
        assert _web(town, "lin").post(address).status_code == 302
    assert _token(client, made, secret) == 401
    ended = AuditRow.objects.get(action="gateway.client_ended")
    assert ended.actor_id == town.account_id("lin")


def test_nobody_else_comes_near(town):
    made, _secret = client_make(town.organisation("jialing"))
    _web(town, "lin").post(
        reverse("gateway:client_rotate", args=[made.pk]), {"overlap_hours": "24"}
    )
    request = ClientRequest.objects.get()
    page = reverse("gateway:client", args=[made.pk])
    acts = [
        reverse("gateway:client_rotate", args=[made.pk]),
        reverse("gateway:client_end", args=[made.pk]),
        reverse("gateway:request_answer", args=[made.pk, request.pk]),
    ]
    for who in ("zhao", "wang", "ma"):
        web = _web(town, who)
        assert web.get(page).status_code == 404
        for act in acts:
            assert web.post(act, {"confirm": "1", "overlap_hours": "24"}).status_code == 404
    assert _web(town, "wang").get(reverse("gateway:client_new")).status_code == 403
    assert Web().get(page).status_code == 302
    other, _secret = client_make(town.organisation("jialing"), name="另一个")
    crossed = reverse("gateway:request_answer", args=[other.pk, request.pk])
    assert _web(town, "tang").post(crossed, {"confirm": "1"}).status_code == 404
    with pytest.raises(ForbiddenError):
        services.client_ask(
            actor=town.actor("zhao"), name="x", organisation=town.organisation("jialing"),
            reach=Reach.HERE, scopes=[Scope.ORGANISATIONS_READ],
        )  # fmt: skip
    with pytest.raises(ForbiddenError):
        services.client_end(actor=town.actor("zhao"), client_id=made.pk)
    made.refresh_from_db()
    assert made.state == ClientState.ACTIVE


def test_whose_post_ended_meanwhile_draws_nothing(town):
    _ask(town, scopes=ALL)
    _answer(town, "tang", "confirm")
    without = Actor(account_id=town.account_id("lin"))
    with pytest.raises(ForbiddenError):
        services.secret_draw(actor=without, request_id=ClientRequest.objects.get().pk)
    with pytest.raises(RefusedError):
        services.request_refuse(actor=town.actor("tang"), request_id=_drawn(town))


def _drawn(town):
    request = ClientRequest.objects.get()
    services.secret_draw(actor=town.actor("lin"), request_id=request.pk)
    return request.pk
