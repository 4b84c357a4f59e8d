"""A refusal no view has caught still reaches the person as a sentence."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from lianxin.config.middleware import RefusalMiddleware
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"), [(ForbiddenError, 403), (StaleError, 409), (RefusedError, 400)]
)
def test_the_sentence_is_shown(error: type[RefusedError], status: int) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    answer = middleware.process_exception(request, error("Somebody <b>was faster</b>."))
    assert answer is not None
    assert answer.status_code == status
    assert "Somebody &lt;b&gt;was faster" in answer.content.decode()


def test_other_errors_are_left_alone() -> None:
    middleware = RefusalMiddleware(lambda _request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), ValueError("bug")) is None
