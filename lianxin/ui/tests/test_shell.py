"""The frame around every page: tabs, switches, foot, files for machines, error pages."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory

from lianxin.kit import clock
from lianxin.kit.slots import SLOTS, Slot
from lianxin.ui import preferences, shellcache, slots, views
from lianxin.ui.context import Shell, shown_items
from lianxin.ui.slots import NavItem, Preferences

PUBLIC = [
    "/help",
    "/install",
    "/offline",
    "/ui/gallery",
    "/ui/gallery?shell=desk",
    "/ui/gallery?shell=print",
]


@pytest.fixture
def savers(monkeypatch):
    kept: list[Preferences] = []
    own: Slot[Any] = Slot("test_savers", purpose="a test")
    own.fill("test", lambda request, wanted: kept.append(wanted))
    monkeypatch.setattr(preferences, "preference_savers", own)
    return kept


@pytest.fixture(autouse=True)
def _no_slot_of_a_test_stays():
    before = dict(SLOTS)
    yield
    SLOTS.clear()
    SLOTS.update(before)


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_of_the_shell_asks_the_database_nothing(client, path, language):
    client.cookies["django_language"] = language
    page = client.get(path)  # without the django_db mark a query would raise
    assert page.status_code == 200
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page.content.decode()


@pytest.mark.parametrize("path", ["/help", "/ui/gallery", "/ui/gallery?shell=desk"])
def test_help_is_one_tap_away(client, path):
    text = client.get(path).content.decode()
    assert 'href="tel:12351"' in text
    assert 'href="tel:12356"' in text


def test_help_leads_to_the_fullest_page_there_is(monkeypatch):
    own: Slot[str] = Slot("test_help", purpose="a test")
    monkeypatch.setattr(slots, "help_page", own)
    assert Shell(RequestFactory().get("/")).help_url == "/help"
    own.fill("gone", "nothing:at_all", order=1)
    own.fill("there", "ui:install", order=2)
    assert Shell(RequestFactory().get("/")).help_url == "/install"


def test_the_filing_number_stands_in_the_foot(client, settings):
    settings.LIANXIN_FILING_NUMBER = "渝ICP备00000000号"
    assert "渝ICP备00000000号" in client.get("/help").content.decode()


def test_a_tab_appears_only_when_it_leads_somewhere_and_is_meant_for_one():
    request = RequestFactory().get("/help")
    items = [
        ("here", NavItem(label="Here", url_name="ui:help")),
        ("nowhere", NavItem(label="Nowhere", url_name="nothing:at_all")),
        ("secret", NavItem(label="Secret", url_name="ui:install", visible=lambda r: False)),
    ]
    shown = shown_items(request, items)
    assert [(item.key, item.is_current) for item in shown] == [("here", True)]


def test_the_longest_address_is_the_current_tab():
    items = [
        ("gallery", NavItem(label="a", url_name="ui:gallery")),
        ("help", NavItem(label="b", url_name="ui:help", badge=lambda r: 3)),
    ]
    request = RequestFactory().get("/ui/gallery/more")
    assert [i.key for i in shown_items(request, items) if i.is_current] == ["gallery"]
    request.nav_key = "help"  # type: ignore[attr-defined]  # a view says where it belongs
    assert [(i.key, i.badge) for i in shown_items(request, items) if i.is_current] == [("help", 3)]


def _said(
    said: QuerySet[Session] | int | None, _request: HttpRequest
) -> QuerySet[Session] | int | None:
    return said


@pytest.mark.django_db
def test_what_waits_behind_all_tabs_is_counted_in_one_question(django_assert_num_queries):
    for name in ("visits", "visits of a kiosk"):
        Session.objects.create(session_key=name, expire_date=clock.now())
    rows = Session.objects.order_by("-expire_date")
    badges: list[QuerySet[Session] | int | None] = [
        rows,
        4,
        None,
        rows.filter(session_key="visits"),
        rows.none(),
        rows.filter(pk="no"),
    ]
    items = [
        (f"n{at}", NavItem(label="x", url_name="ui:help", badge=partial(_said, said)))
        for at, said in enumerate(badges)
    ]
    with django_assert_num_queries(1):
        shown = shown_items(RequestFactory().get("/"), items)
    assert [item.badge for item in shown] == [2, 4, None, 1, None, None]


def test_no_more_than_five_tabs_stand_in_the_bar(monkeypatch):
    many: Slot[NavItem] = Slot("many", purpose="a test")
    for n in range(7):
        many.fill(f"n{n}", NavItem(label=str(n), url_name="ui:help"))
    monkeypatch.setattr(slots, "terminal_nav", many)
    assert len(Shell(RequestFactory().get("/")).terminal_nav) == 5


def test_a_chairs_many_tabs_lie_behind_more_with_what_waits_there(monkeypatch):
    many: Slot[NavItem] = Slot("many_desks", purpose="a test")
    for n in range(12):
        group = ("today", "people", "house")[n // 5]
        many.fill(
            f"n{n:02}", NavItem(label=str(n), url_name="ui:help", badge=lambda r: 2, group=group)
        )
    monkeypatch.setattr(slots, "desk_nav", many)
    request = RequestFactory().get("/desk/")
    request.nav_key = "n09"  # type: ignore[attr-defined]  # a view says where it belongs
    shell = Shell(request)
    assert [item.key for item in shell.desk_bar] == [f"n{n:02}" for n in range(6)]
    assert [item.key for item in shell.desk_more] == [f"n{n:02}" for n in range(6, 12)]
    assert shell.more_count == 12
    assert shell.is_in_more
    told = [(one.key, len(one.tabs), one.is_on_phone) for one in shell.desk_groups]
    assert told == [("today", 1, True), ("people", 5, False), ("house", 2, False)]
    assert [on_phone for _tab, on_phone in shell.desk_groups[1].tabs] == [True] + [False] * 4


def test_every_tab_of_the_desk_lies_in_a_group():
    assert {item.group for item in slots.desk_nav} <= set(slots.DESK_GROUPS)


@pytest.mark.parametrize(
    ("name", "value", "cookie"),
    [
        ("size", "large", "lx_size"),
        ("theme", "dark", "lx_theme"),
        ("language", "en", "django_language"),
    ],
)
def test_a_switch_is_remembered_on_the_device(client, name, value, cookie):
    answer = client.post("/preferences", {name: value, "next": "/help"})
    assert answer.status_code == 302
    assert answer["Location"] == "/help"
    assert answer.cookies[cookie].value == value
    page = client.get("/help").content.decode()
    assert {"size": 'data-size="large"', "theme": 'data-theme="dark"', "language": 'lang="en"'}[
        name
    ] in page


def test_a_switch_tapped_twice_stays_as_it_is(client):
    for _ in range(2):
        client.post("/preferences", {"size": "large"})
    assert 'data-size="large"' in client.get("/help").content.decode()


@pytest.mark.parametrize("value", ["huge", "", "<script>", "large\r\nSet-Cookie: a=b"])
def test_an_unknown_choice_changes_nothing(client, value):
    answer = client.post("/preferences", {"size": value, "theme": value, "language": value})
    assert not answer.cookies
    client.cookies["lx_size"] = "huge"
    assert "data-size" not in client.get("/help").content.decode()


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""],
)
def test_a_switch_never_leads_away(client, evil):
    assert client.post("/preferences", {"size": "large", "next": evil})["Location"] == "/"


def test_a_switch_is_not_for_reading(client):
    assert client.get("/preferences").status_code == 405


def test_a_switch_without_its_token_is_refused_kindly():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        "/preferences", {"size": "large"}, headers={"Referer": "http://testserver/help"}
    )
    assert answer.status_code == 403


def test_a_signed_in_person_is_asked_to_be_remembered(client, savers, settings):
    client.post("/preferences", {"size": "large"})
    assert savers == []
    request = RequestFactory().post("/preferences", {"size": "large"})
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    preferences.save(request, HttpResponse(), preferences.chosen(request))
    assert savers == [Preferences(size="large")]


def test_the_card_about_larger_text_asks_once(client):
    assert "first-start" in client.get("/ui/gallery").content.decode()
    client.post("/preferences", {"size": "normal"})
    assert "first-start" not in client.get("/ui/gallery").content.decode()


def test_the_service_worker_keeps_the_shell_and_no_page(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    script = answer.content.decode()
    assert "ui/base.css" in script
    assert "@release@" not in script
    assert "@files@" not in script


def test_the_manifest_makes_it_installable(client):
    card = json.loads(client.get("/manifest.webmanifest").content)
    assert {icon["sizes"] for icon in card["icons"]} >= {"192x192", "512x512"}
    assert any(icon["purpose"] == "maskable" for icon in card["icons"])
    assert card["start_url"] == "/"
    assert card["display"] == "standalone"


def test_signing_out_empties_the_phone():
    assert (
        shellcache.forget_on_this_device(HttpResponse())["Clear-Site-Data"] == '"cache", "storage"'
    )


@pytest.mark.django_db
def test_machines_find_what_they_look_for(client, settings):
    assert b"Sitemap:" in client.get("/robots.txt").content
    assert b"<urlset" in client.get("/sitemap.xml").content
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.LIANXIN_SECURITY_CONTACT = "mailto:safety@example.org"
    assert b"safety@example.org" in client.get("/.well-known/security.txt").content


def test_a_wechat_reader_is_shown_the_way_out(client):
    wechat = client.get("/install", headers={"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"})
    assert wechat.context["in_wechat"]
    assert not client.get("/install").context["in_wechat"]


def test_the_gallery_exists_in_demo_mode_only(client, settings):
    settings.DEMO = False
    assert client.get("/ui/gallery").status_code == 404


@pytest.mark.parametrize(
    ("view", "error", "status"),
    [
        (views.bad_request, ValueError(), 400),
        (views.forbidden, PermissionError("Only the lawyer may open this."), 403),
        (views.not_found, Http404(), 404),
    ],
)
def test_an_error_page_is_warm_and_leads_on(client, view, error, status):
    request = client.get("/help").wsgi_request
    answer = view(request, exception=error)
    assert answer.status_code == status
    text = answer.content.decode()
    assert 'href="/"' in text
    assert f'href="{Shell(request).help_url}"' in text
    assert "data-keeps-drafts" in text


def test_a_refusal_says_its_own_sentence(client):
    request = client.get("/help").wsgi_request
    assert (
        "Only the lawyer"
        in views.forbidden(
            request, PermissionError("Only the lawyer may open this.")
        ).content.decode()
    )


def test_an_expired_form_leads_back_to_itself_but_never_away(rf):
    request = rf.post("/x", headers={"Referer": "http://testserver/apply/3?a=1"})
    assert 'href="/apply/3"' in views.csrf_failed(request).content.decode()
    request = rf.post("/x", headers={"Referer": "https://evil.example/x"})
    assert "evil" not in views.csrf_failed(request).content.decode()


def test_the_broken_page_needs_nothing_that_may_be_broken():
    text = engines["django"].get_template("500.html").render({}, None)
    assert "12351" in text
