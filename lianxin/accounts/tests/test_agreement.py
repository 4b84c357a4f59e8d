"""Before anything is kept: the policy, the ticks, and a no that costs nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.accounts import conf
from lianxin.accounts.models import Agreement, SignIn, User
from lianxin.accounts.testing import user_of
from lianxin.accounts.tests.people import (
    LIN,
    agree,
    ask_code,
    come_in,
    is_in,
    new_phone,
    type_code,
    whose,
)

pytestmark = pytest.mark.django_db


def _asked():
    client = new_phone()
    return client, type_code(client, ask_code(client, LIN), LIN).url


def test_no_account_before_the_agreement() -> None:
    client, page = _asked()
    shown = client.get(page)
    assert shown.status_code == 200
    assert reverse("accounts:privacy") in shown.content.decode()
    assert " checked" not in shown.content.decode()
    assert not User.objects.exists()
    agree(client, page)
    user = whose(client)
    given = dict(Agreement.objects.filter(account=user).values_list("document", "version"))
    assert given == conf.documents()


@pytest.mark.parametrize("ticks", [[], [conf.POLICY], ["basic.phone"], ["something"]])
def test_half_an_agreement_is_none(ticks: list[str]) -> None:
    client, page = _asked()
    answer = client.post(page, {"agreed": ticks})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not User.objects.exists()


def test_a_no_keeps_nothing_and_public_pages_stay_open() -> None:
    client, page = _asked()
    answer = client.post(page, {"refuse": "1", "agreed": list(conf.documents())}, follow=True)
    assert answer.status_code == 200
    assert not User.objects.exists()
    assert SignIn.objects.get().phone is None
    assert not is_in(client)
    assert client.get(reverse("accounts:privacy")).status_code == 200
    assert agree(client, page).url == reverse("accounts:sign_in")
    assert not User.objects.exists()


def test_two_taps_agree_once() -> None:
    client, page = _asked()
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    agree(client, page)
    for name, value in cookies.items():
        client.cookies[name] = value
    assert agree(client, page).url == reverse("accounts:next_step")
    assert User.objects.count() == 1
    assert is_in(client)


def test_an_account_made_by_another_agrees_when_it_first_comes() -> None:
    lin = user_of("Lin", phone=LIN)
    client, page = _asked()
    assert page.endswith("/agree/")
    agree(client, page)
    assert whose(client) == lin


def test_a_fresh_sign_in_passes_what_others_ask_and_then_gets_where_it_wanted(steps) -> None:
    asked = []

    def step(request, user) -> str | None:
        asked.append(user)
        return "/me/consents/" if len(asked) == 1 else None

    steps.fill("test", step)
    client = new_phone()
    come_in(client, LIN, next="/me/phone/")
    assert client.get(reverse("accounts:next_step")).url == "/me/consents/"
    assert client.get(reverse("accounts:next_step")).url == "/me/phone/"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "/ok\r\nSet-Cookie: a=b", "\t//evil.example", "https:evil.example"],
)  # fmt: skip
def test_no_way_leads_elsewhere(wanted: str) -> None:
    client = new_phone()
    come_in(client, LIN, next=wanted)
    assert client.get(reverse("accounts:next_step")).url == "/"
    assert client.get(reverse("accounts:sign_in"), {"next": wanted}).url == "/"


def test_the_session_is_a_new_one() -> None:
    client = new_phone()
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    come_in(client, LIN)
    assert client.session.session_key != before
    other = new_phone()
    other.cookies["sessionid"] = str(before)
    assert not is_in(other)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_policy_reads_whole_in_both_languages(client, language: str) -> None:
    client.cookies["django_language"] = language
    page = client.get(reverse("accounts:privacy"))
    text = page.content.decode()
    assert page.status_code == 200
    assert ("隐私" in text) is (language == "zh-hans") or "Privacy" in text
    assert "{operator}" not in text
    assert "{contact}" not in text
    assert reverse("accounts:privacy") in client.get(reverse("ui:help")).content.decode()
