"""An officer signed in by phone is a worker like any other until she has shown her second factor."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.kit.access import officer
from lianxin.orgs.testing import tree

pytestmark = pytest.mark.django_db


@officer
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def _asks(client, account, *, second_factor: bool) -> HttpRequest:
    sign_in(client, account, second_factor=second_factor)
    request: HttpRequest = client.get(reverse("accounts:devices")).wsgi_request
    return request


def test_without_the_second_factor_an_officer_holds_no_post(client) -> None:
    wang = tree().account("wang")
    request = _asks(client, wang, second_factor=False)
    assert request.actor.is_locked
    assert request.actor.posts == ()
    answer = desk(request)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:second_factor") + "?next=")


def test_with_it_the_desk_opens(client) -> None:
    request = _asks(client, tree().account("wang"), second_factor=True)
    assert request.actor.is_officer
    assert not request.actor.is_locked
    assert desk(request).content == b"open"


def test_a_worker_is_never_locked(client) -> None:
    request = _asks(client, tree().account("lin"), second_factor=False)
    assert not request.actor.is_locked
