"""Suggestions: sent without a name, followed by a code, answered by the one addressed."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.members.testing import federation
from lianxin.voice.models import Suggestion

pytestmark = pytest.mark.django_db
NEW = "voice:suggestion_new"


@pytest.fixture
def town():
    return federation()


def _typed(town, reader="yangtze", **other):
    return {
        "key": str(uuid.uuid4()),
        "kind": "complaint",
        "words": "驿站又锁门了",
        "reader": str(town.organisation(reader).pk),
        **other,
    }


def test_a_visitor_sends_without_a_name_and_reads_the_answer_by_code(town, client):
    sent = client.post(reverse(NEW), _typed(town, "city"))
    code = sent.context["code"]
    suggestion = Suggestion.objects.get()
    assert suggestion.account_id is None
    sign_in(client, town.account("zhou"), second_factor=True)
    client.post(reverse("voice:suggestion_page", args=[suggestion.pk]), {"answer": "明天就修"})
    client.logout()
    followed = client.post(reverse("voice:suggestion_follow"), {"code": code.lower()})
    assert "明天就修" in followed.content.decode()


def test_without_a_name_means_no_trace_of_the_sender(town, client):
    sign_in(client, town.account("lin"))
    before = AuditRow.objects.count()
    client.post(reverse(NEW), _typed(town))
    made = Suggestion.objects.get()
    assert made.account_id is None
    assert AuditRow.objects.count() == before
    kept = {field.name for field in Suggestion._meta.get_fields()}
    assert not kept & {"ip", "address", "device", "created_at", "session"}


def test_the_page_it_is_about_does_not_name_the_case_of_the_writer(town, client):
    for page, kept in (
        (f"/cases/{uuid.uuid4()}/receipt/?q=林晓梅", "/cases/…/receipt/"),
        ("/services/medical-aid/", "/services/medical-aid/"),
        ("/file/WyJhYmMi:1tk9:x_y7/", "/file/…/"),
    ):
        client.post(reverse(NEW), _typed(town, "city", about_page=page))
        assert Suggestion.objects.order_by("-pk").first().about_page == kept


def test_with_a_name_the_writer_finds_it_and_is_told(town, client):
    sign_in(client, town.account("lin"))
    client.post(reverse(NEW), _typed(town, is_named="on"))
    assert "驿站又锁门了" in client.get(reverse("voice:suggestion_mine")).content.decode()
    sign_in(client, town.account("zhao"))
    assert "驿站又锁门了" not in client.get(reverse("voice:suggestion_mine")).content.decode()


def test_a_double_tap_sends_once_and_gives_the_same_code(town, client):
    typed = _typed(town, "city")
    codes = {client.post(reverse(NEW), typed).context["code"] for _ in range(2)}
    assert len(codes) == 1
    assert Suggestion.objects.count() == 1


def test_only_the_addressed_union_and_those_above_read_it(town, client):
    sign_in(client, town.account("lin"))
    client.post(reverse(NEW), _typed(town, "jialing"))
    address = reverse("voice:suggestion_page", args=[Suggestion.objects.get().pk])
    for who, status in (("wang", 404), ("ma", 404), ("sun", 404), ("chen", 200), ("zhou", 200)):
        sign_in(client, town.account(who), second_factor=True)
        assert client.get(address).status_code == status, who
    sign_in(client, town.account("zhao"))
    assert client.get(address).status_code == 403


def test_empty_words_are_refused_and_nothing_else_is_lost(town, client):
    answer = client.post(reverse(NEW), _typed(town, "city", words="  ", kind="fault"))
    assert answer.status_code == 200
    assert Suggestion.objects.count() == 0
    assert "checked" in answer.content.decode()


def test_a_browser_cannot_flood_the_unions(town, client):
    for _ in range(7):
        client.post(reverse(NEW), _typed(town, "city"))
    assert Suggestion.objects.count() == 5


def test_a_machine_that_fills_the_hidden_trap_is_refused(town, client):
    client.post(reverse(NEW), _typed(town, "city", website="http://spam.example"))
    assert Suggestion.objects.count() == 0
