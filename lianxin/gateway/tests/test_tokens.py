"""Getting a token with a secret, and what a token opens."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command

from lianxin.audit.api import AuditRow
from lianxin.gateway import services
from lianxin.gateway.models import AccessToken, Client, ClientSecret
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.testing import client_make, token_make
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor, Reach

pytestmark = pytest.mark.django_db
TOKEN, REVOKE, LIST = "/api/v1/oauth/token", "/api/v1/oauth/revoke", "/api/v1/organisations"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def town():
    return federation()


@pytest.fixture
def made(town):
    return client_make(town.organisation("jialing"))


def _basic(client, secret):
    said = base64.b64encode(f"{client.pk}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {said}"}


def _body(client, secret):
    return {"client_id": str(client.pk), "client_secret": secret}


def _form(web, address, data, **headers):
    return web.post(
        address, urlencode(data, doseq=True), "application/x-www-form-urlencoded", headers=headers
    )


def _bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_secret_in_the_header_or_in_the_body_becomes_a_token_of_ten_minutes(made, client):
    system, secret = made
    for answer in (
        _form(client, TOKEN, GRANT, **_basic(system, secret)),
        _form(client, TOKEN, GRANT | _body(system, secret)),
    ):
        assert answer.status_code == 200, answer.content
        said = answer.json()
        assert said["token_type"] == "Bearer"  # noqa: S105
        assert said["expires_in"] == 600
        assert set(said["scope"].split()) == set(system.scopes)
        assert answer["Cache-Control"] == "no-store"
        assert client.get(LIST, headers=_bearer(said["access_token"])).status_code == 200


def test_neither_secret_nor_token_is_kept_as_it_is(made, client):
    system, secret = made
    said = _form(client, TOKEN, GRANT, **_basic(system, secret)).json()
    kept = [
        *ClientSecret.objects.values(),
        *AccessToken.objects.values(),
        *AuditRow.objects.values(),
    ]
    assert secret not in str(kept)
    assert said["access_token"] not in str(kept)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "lxs_" + "x" * 43}, 401, "invalid_client"),
        ({"client_secret": "secret"}, 401, "invalid_client"),
        ({"client_id": str(uuid.uuid4())}, 401, "invalid_client"),
        ({"client_id": "me"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": ["client_credentials", "password"]}, 400, "invalid_request"),
        ({"scope": "cards:verify everything"}, 400, "invalid_scope"),
    ],
)
def test_a_refusal_speaks_as_the_standard_says(made, client, change, status, error):
    answer = _form(client, TOKEN, GRANT | _body(*made) | change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic 0000", "Bearer x", "Basic /w=="])
def test_a_broken_header_is_a_refusal_and_no_failure(made, client, header):
    answer = _form(client, TOKEN, GRANT, Authorization=header)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_header_and_body_at_once_are_refused(made, client):
    answer = _form(client, TOKEN, GRANT | _body(*made), **_basic(*made))
    assert answer.json()["error"] == "invalid_request"


def test_a_token_can_carry_less_than_its_client_may(made, client):
    said = _form(client, TOKEN, GRANT | {"scope": "cards:verify"}, **_basic(*made)).json()
    assert said["scope"] == "cards:verify"
    refused = client.get(LIST, headers=_bearer(said["access_token"]))
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "organisations:read" in refused.json()["detail"]
    assert "insufficient_scope" in refused["WWW-Authenticate"]


def test_a_token_ends_after_ten_minutes(made, client, monkeypatch):
    token = token_make(made[0])
    later = clock.now() + dt.timedelta(seconds=601)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = client.get(LIST, headers=_bearer(token))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    services.tokens_purge()
    assert AccessToken.objects.count() == 1
    monkeypatch.setattr(clock, "now", lambda: later + dt.timedelta(days=2))
    services.tokens_purge()
    assert not AccessToken.objects.exists()


def test_a_client_revokes_its_own_token_and_nobody_elses(made, town, client):
    other, other_secret = client_make(town.organisation("binhe"), name="另一个系统")
    token = token_make(made[0])
    assert _form(client, REVOKE, {"token": token}, **_basic(other, other_secret)).status_code == 200
    assert client.get(LIST, headers=_bearer(token)).status_code == 200
    assert _form(client, REVOKE, {"token": token}, **_basic(*made)).status_code == 200
    assert client.get(LIST, headers=_bearer(token)).status_code == 401
    assert _form(client, REVOKE, {"token": token}, **_basic(*made)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer nothing", "Basic abc", "Bearer lxt_" + "a" * 43]
)
def test_without_a_good_token_nothing_opens(made, client, header):
    answer = client.get(LIST, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_two_secrets_hold_while_one_takes_over(made, client, monkeypatch):
    system, old = made
    new = services.client_rotate(
        actor=Actor.system(), client_id=system.pk, overlap=dt.timedelta(hours=24)
    )
    for secret in (old, new):
        assert _form(client, TOKEN, GRANT, **_basic(system, secret)).status_code == 200
    with pytest.raises(RefusedError):
        services.client_rotate(actor=Actor.system(), client_id=system.pk, overlap=dt.timedelta(1))
    later = clock.now() + dt.timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _form(client, TOKEN, GRANT, **_basic(system, old)).status_code == 401
    assert _form(client, TOKEN, GRANT, **_basic(system, new)).status_code == 200
    services.client_rotate(actor=Actor.system(), client_id=system.pk, overlap=dt.timedelta(1))


def test_an_ended_client_is_shut_out_at_once(made, client):
    system, secret = made
    token = token_make(system)
    services.client_end(actor=Actor.system(), client_id=system.pk)
    services.client_end(actor=Actor.system(), client_id=system.pk)
    assert client.get(LIST, headers=_bearer(token)).status_code == 401
    assert _form(client, TOKEN, GRANT, **_basic(system, secret)).status_code == 401
    assert AuditRow.objects.filter(action="gateway.client_ended").count() == 1


def test_a_client_past_its_last_day_is_shut_out(made, client):
    system, secret = made
    token = token_make(system)
    Client.objects.filter(pk=system.pk).update(expires_on=clock.today())
    assert client.get(LIST, headers=_bearer(token)).status_code == 200
    Client.objects.filter(pk=system.pk).update(expires_on=clock.today() - dt.timedelta(days=1))
    assert client.get(LIST, headers=_bearer(token)).status_code == 401
    assert _form(client, TOKEN, GRANT, **_basic(system, secret)).status_code == 401


def test_too_many_calls_wait_for_the_next_minute(town, client, monkeypatch):
    system, secret = client_make(town.organisation("jialing"), calls_a_minute=3)
    token = token_make(system)
    now = dt.datetime(2026, 11, 23, 8, 0, 20, tzinfo=dt.UTC)
    AccessToken.objects.update(expires_at=now + dt.timedelta(minutes=9))
    monkeypatch.setattr(clock, "now", lambda: now)
    assert [client.get(LIST, headers=_bearer(token)).status_code for _ in range(4)] == [
        200, 200, 200, 429,
    ]  # fmt: skip
    refused = _form(client, TOKEN, GRANT, **_basic(system, secret))
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(seconds=40))
    assert client.get(LIST, headers=_bearer(token)).status_code == 200


def test_the_operator_alone_makes_clients(town):
    for key in ("wang", "he"):
        with pytest.raises(ForbiddenError):
            services.client_create(
                actor=town.actor(key), name="x", organisation=town.organisation("city"),
                reach=Reach.HERE, scopes=[Scope.CARDS_VERIFY],
            )  # fmt: skip


def test_the_command_makes_rotates_lists_and_ends(town, client):
    def run(*words):
        out = StringIO()
        call_command("rest_client", *words, stdout=out)
        return out.getvalue()

    said = run("create", "人社", "--organisation", "JZ-JL", "--scope", "cards:verify")
    client_id, secret = said.split()[1], said.split()[3]
    system = Client.objects.get(pk=client_id)
    assert _form(client, TOKEN, GRANT, **_basic(system, secret)).status_code == 200
    with pytest.raises(CommandError):
        run("create", "人社", "--organisation", "JZ-JL", "--scope", "cards:verify")
    with pytest.raises(CommandError):
        run("create", "别的", "--organisation", "NOWHERE", "--scope", "cards:verify")
    assert "lxs_" in run("rotate", "人社")
    assert "人社" in run("list")
    run("end", "人社")
    with pytest.raises(CommandError):
        run("end", "人社")
