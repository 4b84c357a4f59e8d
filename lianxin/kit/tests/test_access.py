"""The marks of views: who is let in, who is sent to sign in, who is told no."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from lianxin.kit import access
from lianxin.kit.errors import ForbiddenError

NOBODY = SimpleNamespace(is_authenticated=False)
LIN = SimpleNamespace(is_authenticated=True)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


def _ask(view, *, user=NOBODY, posts=(), method="get", **headers):
    request = getattr(RequestFactory(), method)("/cases/7/?tab=papers", headers=headers)
    request.user = user
    request.actor = SimpleNamespace(posts=posts)
    return view(request)


@pytest.fixture(autouse=True)
def _door(settings, monkeypatch) -> None:
    settings.LOGIN_URL = "/sign-in/"
    monkeypatch.setattr(access, "officer_gates", [])


def test_each_mark_can_be_read_from_the_view() -> None:
    for mark in (access.public, access.signed_in, access.officer, access.demo_only):
        assert access.access_of(mark(page)) == mark.__name__


def test_a_public_page_asks_nobody() -> None:
    assert _ask(access.public(page)).content == b"inside"


@pytest.mark.parametrize("mark", [access.signed_in, access.officer])
def test_a_stranger_signs_in_and_comes_back(mark) -> None:
    answer = _ask(mark(page))
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/cases/7/%3Ftab%3Dpapers")


def test_a_stranger_who_posts_comes_back_to_the_page_of_the_form() -> None:
    form = {"referer": "http://testserver/cases/new/"}
    assert _ask(access.signed_in(page), method="post", **form).url == "/sign-in/?next=/cases/new/"
    evil = {"referer": "https://evil.example/x"}
    assert _ask(access.signed_in(page), method="post", **evil).url == "/sign-in/?next=/"


def test_htmx_is_sent_as_a_whole_page() -> None:
    answer = _ask(access.signed_in(page), **{"hx-request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_a_worker_is_no_officer() -> None:
    with pytest.raises(ForbiddenError):
        _ask(access.officer(page), user=LIN)
    assert _ask(access.officer(page), user=LIN, posts=("post",)).content == b"inside"


def test_an_officer_who_still_has_to_show_something_is_led_there_and_back(monkeypatch) -> None:
    monkeypatch.setattr(access, "officer_gates", [lambda request: "/sign-in/second-factor/"])
    answer = _ask(access.officer(page), user=LIN, posts=("post",))
    assert answer.url == "/sign-in/second-factor/?next=/cases/7/%3Ftab%3Dpapers"


def test_private_pages_leave_no_copy() -> None:
    assert "no-store" in _ask(access.signed_in(page), user=LIN)["Cache-Control"]
    assert not _ask(access.public(page)).has_header("Cache-Control")
    assert "no-store" in _ask(access.public(page), user=LIN)["Cache-Control"]
    assert "no-store" in _ask(access.public(page), method="post")["Cache-Control"]


def test_demo_pages_vanish_outside_the_demo(settings) -> None:
    settings.DEMO = False
    with pytest.raises(Http404):
        _ask(access.demo_only(page))
    settings.DEMO = True
    assert _ask(access.demo_only(page)).content == b"inside"
