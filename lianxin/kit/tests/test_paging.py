"""Paging: every row once, in order, and a broken token is the first page."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lianxin.kit.paging import page_of, page_of_parts

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _walk(queryset, *, size: int, order: tuple[str, ...]) -> list[object]:
    seen: list[object] = []
    token: str | None = None
    while True:
        page = page_of(queryset, token, size=size, order=order)
        assert len(page.rows) <= size
        seen += page.rows
        if not page.next_token:
            return seen
        token = page.next_token


class WalkTest(TestCase):
    """Hypothesis needs a test case class to roll back after each example."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.integers(0, 4), max_size=25),
        st.integers(1, 7),
        st.sampled_from(
            [("expire_date", "pk"), ("-expire_date", "session_key"), ("-expire_date", "-pk")]
        ),
    )
    def test_every_row_comes_once_and_in_order(self, minutes, size, order) -> None:
        Session.objects.bulk_create(
            Session(
                session_key=f"{n:04}",
                session_data="",
                expire_date=START + dt.timedelta(minutes=m, microseconds=m % 2),
            )
            for n, m in enumerate(minutes)
        )
        walked = _walk(Session.objects.all(), size=size, order=order)
        assert walked == list(Session.objects.order_by(*order))

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), max_size=25),
        st.integers(1, 7),
        st.sampled_from([("expire_date", "pk"), ("-expire_date", "pk"), ("-pk",)]),
    )
    def test_several_lists_are_walked_as_one(self, made, size, order) -> None:
        Session.objects.bulk_create(
            Session(session_key=f"{letter}{n:04}", session_data="", expire_date=START + dt.timedelta(minutes=m))
            for n, (m, letter) in enumerate(made)
        )  # fmt: skip
        first = Session.objects.filter(session_key__lt="a0009")
        parts = [first, Session.objects.filter(session_key__gt="a0003"), Session.objects.none()]
        walked: list[Session] = []
        token: str | None = None
        while token != "":
            page = page_of_parts(parts, token, size, order)
            walked, token = walked + page.rows, page.next_token
        assert walked == list(Session.objects.order_by(*order))


@pytest.mark.django_db
def test_a_key_may_lie_in_another_table() -> None:
    rows = ContentType.objects.all()
    assert len(_walk(rows, size=3, order=("app_label", "-model", "id"))) == rows.count()


def _as_token(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token",
    ["", "?", "%00", "é", "a" * 5000, _as_token("[]"), _as_token("[1]"), _as_token("{}"),
     _as_token('["x","y"]'), _as_token('["2026-01-01T00:00:00","k"]'), _as_token('[true,"k"]'),
     _as_token('["0001-01-01T00:00:00+14:00","k"]'), _as_token('["2026-01-01T00:00:00Z","a\\u0000"]'),
     _as_token('["2026-01-01T00:00:00Z","\\ud800"]'), _as_token("[" * 1400), _as_token("[NaN,1]"),
     _as_token(f'["2026-01-01T00:00:00Z",{"9" * 30}]')],
)  # fmt: skip
def test_a_broken_token_is_the_first_page(token: str) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=START)
    page = page_of(Session.objects.all(), token, order=("expire_date", "session_key"))
    assert [row.pk for row in page.rows] == ["k"]


@pytest.mark.django_db
def test_a_token_of_one_list_does_no_harm_in_another() -> None:
    ContentType.objects.all()
    page_of(ContentType.objects.all(), _as_token(f"[{2**62},{2**62}]"), order=("id", "id"))
