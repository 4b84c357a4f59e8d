"""Identities outside, against a fake of each provider: linked, refused, replayed, down, forged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from lianxin.accounts.conf import documents
from lianxin.accounts.models import Challenge, OutsideIdentity, User
from lianxin.accounts.policies import identity_finders
from lianxin.accounts.services import agreement_give
from lianxin.accounts.testing import sign_in, user_of
from lianxin.accounts.tests.people import (
    ANSWER,
    LIN,
    agree,
    ask_code,
    come_in,
    is_in,
    new_phone,
    person_behind,
    type_code,
    whose,
)
from lianxin.accounts.tests.providers import FakeProvider, FakeServer, configured
from lianxin.accounts.tests.visits import back, begin, link, visit
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
KINDS = ["gov", "wechat", "dingtalk", "feishu", "wecom"]
WAYS = reverse("accounts:ways")
DOOR = reverse("accounts:sign_in")
NEXT = reverse("accounts:next_step")


@pytest.fixture
def fake(settings) -> Iterator[FakeProvider]:
    cache.clear()
    with FakeServer() as provider:
        settings.SIGN_IN_PROVIDERS = configured(provider.url)
        yield provider
    cache.clear()


@pytest.mark.parametrize("kind", KINDS)
def test_linked_by_its_owner_it_opens_her_account_and_hers_alone(fake, kind):
    client = new_phone()
    lin = come_in(client, LIN)
    assert link(client, fake, kind).url == WAYS
    other = new_phone()
    assert visit(other, fake, kind, next="/me/devices/").url == NEXT
    assert whose(other) == lin
    assert other.get(NEXT).url == "/me/devices/"
    stranger = new_phone()
    visit(stranger, fake, kind, uid="union-zhao")
    assert not is_in(stranger)
    assert "password_at" not in other.session


@pytest.mark.parametrize("kind", KINDS)
def test_an_identity_nobody_linked_waits_for_the_phone_and_is_linked_by_it(fake, kind):
    client = new_phone()
    page = visit(client, fake, kind, next="/me/devices/").url
    assert page.startswith(DOOR)
    assert not User.objects.exists()
    shown = client.get(page)
    waiting = str(shown.context["outside"].pk)
    code_page = ask_code(client, LIN, **{"with": waiting, "next": "/me/devices/"})
    agree(client, type_code(client, code_page, LIN).url)
    lin = whose(client)
    assert OutsideIdentity.objects.get(account=lin).provider == kind
    assert Challenge.objects.exclude(uid_index="").count() == 0
    other = new_phone()
    visit(other, fake, kind)
    assert whose(other) == lin


def test_it_waits_for_nobody_else_s_phone(fake):
    client, thief = new_phone(), new_phone()
    page = visit(client, fake, "wechat").url
    waiting = str(client.get(page).context["outside"].pk)
    code_page = ask_code(thief, LIN, **{"with": waiting})
    agree(thief, type_code(thief, code_page, LIN).url)
    assert not OutsideIdentity.objects.exists()
    assert client.get(f"{DOOR}?with=nonsense").context["outside"] is None


def test_who_it_claims_to_be_joins_nobody(fake):
    """DingTalk claims a mobile number; an account of that number is not opened by it."""
    lin = user_of("Lin", phone="+8613900000001")
    client = new_phone()
    assert visit(client, fake, "dingtalk").url.startswith(DOOR)
    assert not is_in(client)
    assert not OutsideIdentity.objects.filter(account=lin).exists()


def test_on_an_unknown_device_the_person_is_asked_all_the_same(fake):
    client = new_phone()
    lin = come_in(client, LIN)
    with person_behind(lin):
        page = client.post(reverse("accounts:way_link", args=["wechat"])).url
        client.post(page, {"answer": ANSWER})
        link(client, fake, "wechat")
        other = new_phone()
        page = visit(other, fake, "wechat").url
        assert page.endswith("/who/")
        assert b"new-holder" not in other.get(page).content
        assert other.get(page.replace("/who/", "/new-holder/")).url == page
        assert other.post(page.replace("/who/", "/new-holder/")).url == page
        assert not is_in(other)
        assert other.post(page, {"answer": ANSWER}).url == NEXT
        assert whose(other) == lin
    lin.refresh_from_db()
    assert lin.phone_index


def test_wechat_knows_her_by_the_unionid_inside_and_outside_of_it(fake):
    client = new_phone()
    lin = come_in(client, LIN)
    link(client, fake, "wechat")
    inside = new_phone(**{"User-Agent": "Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0"})
    address = begin(inside, "wechat")
    assert "appid=inside-app" in address
    back(inside, "wechat", fake.consent(address, "union-lin"))
    assert whose(inside) == lin
    fake.change = lambda said: {**said, "unionid": ""}
    stranger = new_phone()
    assert visit(stranger, fake, "wechat").url == DOOR  # an openid alone is nobody
    assert not is_in(stranger)


def test_a_visitor_of_an_enterprise_is_nobody(fake):
    client = new_phone()
    assert visit(client, fake, "wecom", uid="visitor-1").url == DOOR
    assert not Challenge.objects.exclude(uid_index="").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_a_replay_and_a_silence_open_nothing_and_say_so(fake, kind):
    client = new_phone()
    state = fake.consent(begin(client, kind), "union-lin")["state"]
    answer = back(client, kind, {"error": "access_denied", "state": state})
    assert answer.url == DOOR
    assert "message warning" in client.get(DOOR).content.decode()
    brought = fake.consent(begin(client, kind), "union-lin")
    first = back(client, kind, brought).url
    assert back(client, kind, brought).url == DOOR != first  # the same answer twice
    again = fake.consent(begin(client, kind), "union-lin")
    spent = {**again, **{name: value for name, value in brought.items() if name != "state"}}
    assert back(client, kind, spent).url == DOOR  # a code used before, under a fresh state
    brought = fake.consent(begin(client, kind), "union-lin")
    fake.is_down = True
    assert back(client, kind, brought).url == DOOR
    assert not is_in(client)


def test_an_answer_belongs_to_the_browser_that_asked(fake):
    client, thief = new_phone(), new_phone()
    lin = come_in(client, LIN)
    link(client, fake, "gov")
    brought = fake.consent(begin(client, "gov"), "union-lin")
    assert back(thief, "gov", brought).url == DOOR
    assert not is_in(thief)
    forged = {**brought, "state": brought["state"][:-2] + "xx"}
    assert back(client, "gov", forged).url == WAYS
    for state in ("", "x", "a.b", f"{lin.pk}.x"):
        assert back(thief, "gov", {**brought, "state": state}).url == DOOR
    late = fake.consent(begin(thief, "gov"), "union-lin")
    assert back(thief, "wechat", late).url == DOOR  # asked at one provider, answered by another
    with stopped_clock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert back(thief, "gov", late).url == DOOR


@pytest.mark.parametrize(
    "lie",
    [{"nonce": "another"}, {"iss": "https://evil.example"}, {"aud": "somebody else"},
     {"aud": ["lianxin", "other"]}, {"exp": 1}, {"iat": 99999999999}, {"sub": ""}, {"sub": 7}],
)  # fmt: skip
def test_a_token_that_does_not_fit_opens_nothing(fake, lie):
    client = new_phone()
    come_in(client, LIN)
    link(client, fake, "gov")
    fake.change = lambda said: {**said, **lie}
    stranger = new_phone()
    assert visit(stranger, fake, "gov").url == DOOR
    assert not is_in(stranger)


def test_a_token_of_a_foreign_key_is_none_and_a_changed_key_is_looked_up(fake):
    client = new_phone()
    come_in(client, LIN)
    link(client, fake, "gov")
    fake.published, fake.key = fake.key, RSAKey.generate_key(2048, {"kid": "one"})
    stranger = new_phone()
    assert visit(stranger, fake, "gov").url == DOOR
    fake.published = None  # now the provider publishes its new key
    fake.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert visit(stranger, fake, "gov").url == NEXT


def test_an_answer_that_names_another_issuer_is_refused(fake):
    client = new_phone()
    brought = fake.consent(begin(client, "gov"), "union-lin")
    assert back(client, "gov", {**brought, "iss": "https://evil.example"}).url == DOOR


def test_a_verified_identity_number_finds_its_one_account(fake):
    lin = user_of("Lin", phone=LIN)
    agreement_give(account=lin, documents=documents())
    identity_finders.fill("test", lambda number: lin.pk if number == "99X" else None, order=1)
    try:
        fake.change = lambda said: {**said, "id_number": "99x", "acr": "low"}
        unsure = new_phone()
        assert visit(unsure, fake, "gov").url.startswith(DOOR)
        fake.change = lambda said: {**said, "id_number": "99x", "acr": "high"}
        client = new_phone()
        with person_behind(lin):
            assert visit(client, fake, "gov").url == NEXT
        assert whose(client) == lin
        fake.change = lambda said: {**said, "id_number": "98", "acr": "high"}
        assert visit(new_phone(), fake, "gov", uid="zhao").url.startswith(DOOR)
    finally:
        identity_finders.fill("test", lambda _number: None, order=1)


def test_one_identity_opens_one_account(fake):
    lin, zhao = Client(), Client()
    for client, name in ((lin, "Lin"), (zhao, "Zhao")):
        client.get(DOOR)
        sign_in(client, user_of(name))
    link(lin, fake, "wechat")
    link(lin, fake, "wechat")
    link(zhao, fake, "wechat")
    assert OutsideIdentity.objects.get().account.display_name == "Lin"
    link(lin, fake, "wechat", uid="another")  # one WeChat an account
    assert OutsideIdentity.objects.count() == 1
    # An answer to Lin's link brought by Zhao in the same browser links nobody.
    address = lin.post(reverse("accounts:way_link", args=["gov"])).url
    brought = fake.consent(address, "gov-lin")
    sign_in(lin, User.objects.get(display_name="Zhao"))
    back(lin, "gov", brought)
    assert not OutsideIdentity.objects.filter(provider="gov").exists()


def test_unlinked_it_opens_nothing_and_the_last_way_in_stays(fake):
    client = new_phone()
    lin = come_in(client, LIN)
    link(client, fake, "wechat")
    unlink = reverse("accounts:way_unlink", args=["wechat"])
    User.objects.filter(pk=lin.pk).update(phone=None, phone_index="")
    client.post(unlink)
    assert OutsideIdentity.objects.count() == 1
    link(client, fake, "gov")
    assert client.get(unlink).status_code == 405
    for _tap in range(2):
        assert client.post(unlink).url == WAYS
    stranger = new_phone()
    assert visit(stranger, fake, "wechat").url.startswith(DOOR)


def test_doors_stand_only_where_they_are_configured(client, settings, fake):
    text = client.get(DOOR).content.decode()
    assert "市民身份" in text
    assert fake.url in client.get(DOOR)["Content-Security-Policy"]
    assert fake.url not in client.get("/privacy/")["Content-Security-Policy"]
    settings.SIGN_IN_PROVIDERS = {}
    page = client.get(DOOR)
    assert "/sign-in/with/" not in page.content.decode()
    assert client.post(reverse("accounts:outside_begin", args=["wechat"])).url == DOOR
    assert client.get(reverse("accounts:outside_back", args=["wechat"])).url == DOOR
    assert client.get(reverse("accounts:outside_begin", args=["wechat"])).status_code == 405


def test_a_provider_that_is_down_is_said_before_one_leaves(fake):
    fake.is_down = True
    client = new_phone()
    assert begin(client, "gov") == DOOR
    assert "市民身份" in client.get(DOOR).content.decode()


def test_without_tls_nobody_is_asked(fake, settings):
    settings.SIGN_IN_PROVIDERS["wechat"].pop("insecure")
    client = new_phone()
    assert visit(client, fake, "wechat").url == DOOR
    assert fake.seen == []


def test_of_an_identity_nothing_is_kept_in_the_clear(fake):
    client = new_phone()
    lin = come_in(client, LIN)
    link(client, fake, "wechat")
    row = OutsideIdentity.objects.filter(account=lin).values().get()
    assert "union-lin" not in str(row)
    assert "晓梅" not in str(row)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "broken",
    [b"no HTTP at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", b"\r\n" * 3,
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
     b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n"],
)  # fmt: skip
def test_an_answer_that_is_no_answer_leads_to_the_phone(fake, kind, broken):
    client = new_phone()
    brought = fake.consent(begin(client, kind), "union-lin")
    fake.breaks = broken
    assert back(client, kind, brought).url == DOOR
    fake.breaks = b""
    assert "message warning" in client.get(DOOR).content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": []}, {"keys": "x"}, {"keys": [None]}, {"keys": {"a": 1}}]
)
def test_keys_that_are_none_sign_nothing(fake, keys):
    fake.keys = keys
    client = new_phone()
    assert visit(client, fake, "gov").url == DOOR
    assert not is_in(client)


@pytest.mark.parametrize("said", [7, ["x"], {"a": 1}, "", None])
def test_an_identity_that_is_no_text_is_nobody(fake, said):
    fake.change = lambda answer: {**answer, "unionid": said}
    client = new_phone()
    assert visit(client, fake, "wechat").url == DOOR
    assert not is_in(client)
