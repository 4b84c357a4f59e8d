"""What the monitor is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from lianxin.config import health
from lianxin.jobs.models import Pulse
from lianxin.kit import clock, workdays
from lianxin.notify.api import sms_send

pytestmark = pytest.mark.django_db


def test_alive_needs_nothing(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.json() == {"alive": True}
    assert "no-store" in answer["Cache-Control"]


def test_not_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"]["state"] == "failed"


def test_ready_while_the_worker_beats(client: Client) -> None:
    Pulse.objects.create(worker="one", beat_at=clock.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert set(answer.json()["checks"]) == {
        "database", "migrations", "worker", "disk", "calendar", "channels", "messages"
    }  # fmt: skip


def test_a_worker_that_fell_silent_is_noticed(client: Client) -> None:
    Pulse.objects.create(worker="one", beat_at=clock.now() - dt.timedelta(minutes=5))
    assert client.get("/readyz").status_code == 503


def test_a_check_that_breaks_is_a_failure_and_says_no_more_than_its_kind(
    client: Client, monkeypatch
) -> None:
    def broken() -> health.Answer:
        raise OSError("/secret/place")

    monkeypatch.setitem(health.CHECKS, "disk", broken)
    found = client.get("/readyz").json()["checks"]["disk"]
    assert found == {"state": "failed", "note": "OSError"}


def test_the_calendar_warns_well_before_it_runs_out(monkeypatch) -> None:
    soon = workdays.known_until() - dt.timedelta(days=20)
    noon = dt.datetime.combine(soon, dt.time(4), tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    state, note = health.CHECKS["calendar"]()
    assert state == "warning"
    assert "20 more days" in note


def test_real_service_without_a_way_to_send_codes_is_noticed(settings) -> None:
    assert health.CHECKS["channels"]()[0] == "ok"
    settings.DEMO = False
    assert health.CHECKS["channels"]()[0] == "warning"


def test_a_monitor_cannot_change_anything(client: Client) -> None:
    assert client.post("/readyz").status_code == 405


def test_every_answer_says_what_the_browser_may_do(client: Client) -> None:
    answer = client.get("/healthz")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=(self)" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_the_messages_of_a_day_warn_before_they_are_used_up(settings) -> None:
    settings.SMS_CAP_PER_DAY = 5
    assert health.CHECKS["messages"]()[0] == "ok"
    for number in range(4):
        sms_send(f"+861000000090{number}", "a test", key=f"test:{number}")
    assert health.CHECKS["messages"]() == (
        "warning",
        "4 of 5 text messages of this day are used (LIANXIN_SMS_CAP_PER_DAY)",
    )
