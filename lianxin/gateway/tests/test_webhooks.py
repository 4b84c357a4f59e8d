"""Word of changes: signed, at least once, under one id, to receivers good and bad."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import ssl
import time
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lianxin.audit.api import AuditRow
from lianxin.gateway import services
from lianxin.gateway.adapters import sender
from lianxin.gateway.models import Client, Delivery, Subscription
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.testing import client_make
from lianxin.gateway.tests.receiver import holds, listening
from lianxin.jobs.testing import crash_at, settle
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor, Level, Reach, Role, organisation_create
from lianxin.orgs.testing import post_make

SYSTEM = Actor.system()
committed = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.usefixtures("near")


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def town():
    return federation()


@pytest.fixture
def told(town, receiver):
    """A client of the district, told of new organisations; returns it with the signing secret."""
    client, _secret = client_make(town.organisation("jialing"))
    return services.subscription_add(
        actor=SYSTEM, client=client, url=receiver.url, topics=[Topic.ORGANISATION_FOUNDED]
    )


def _tell(row, number=1):
    with atomic():
        for _ in range(number):
            services.word_send(
                client_ids=[row.client_id], topic=Topic.ORGANISATION_FOUNDED,
                source=str(uuid.uuid4()), data={"code": "JZ-JL-NEW", "level": "grassroots"},
            )  # fmt: skip


def _later(monkeypatch, **span):
    now = clock.now() + dt.timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: now)
    settle(now)


@committed
def test_a_new_organisation_is_told_to_whom_it_concerns(town, told, receiver):
    stranger, _secret = client_make(town.organisation("binhe"), name="滨河系统")
    services.subscription_add(
        actor=SYSTEM, client=stranger, url=receiver.url, topics=[Topic.ORGANISATION_FOUNDED]
    )
    organisation_create(
        actor=SYSTEM, parent=town.organisation("beicang"), code="JZ-JL-BC-777",
        name="新厂工会", level=Level.GRASSROOTS,
    )  # fmt: skip
    settle()
    settle()
    assert len(receiver.seen) == 1
    headers, body = receiver.seen[0]
    assert holds(told[1], headers, body)
    said = json.loads(body)
    assert said["type"] == "organisation.founded"
    assert said["data"] == {"code": "JZ-JL-BC-777", "level": "grassroots"}
    assert Delivery.objects.get().state == "done"


@committed
@pytest.mark.parametrize("change", [{"expires_on": dt.date(2000, 1, 1)}, {"state": "ended"}])
def test_a_client_that_ran_out_hears_nothing(town, told, receiver, change):
    row, _secret = told
    Client.objects.filter(pk=row.client_id).update(**change)
    organisation_create(
        actor=SYSTEM, parent=town.organisation("beicang"), code="JZ-JL-BC-778",
        name="新厂工会", level=Level.GRASSROOTS,
    )  # fmt: skip
    settle()
    _tell(row)
    settle()
    assert not receiver.seen
    assert not Delivery.objects.exists()


@committed
def test_on_its_last_day_a_client_still_hears(told, receiver):
    row, _secret = told
    Client.objects.filter(pk=row.client_id).update(expires_on=clock.today())
    _tell(row)
    settle()
    assert len(receiver.seen) == 1


@committed
@pytest.mark.parametrize(
    ("bad", "answer"),
    [(500, "500"), (302, "302"), (404, "404"), ("slow", "timeout"), ("cut", "network")],
)
def test_what_a_receiver_did_not_take_comes_again_under_the_same_id(
    told, receiver, monkeypatch, bad, answer
):
    receiver.answers = [bad, 204]
    _tell(told[0])
    settle()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.tries, waiting.last_answer) == ("waiting", 1, answer)
    assert Subscription.objects.get().failing_since is not None
    _later(monkeypatch, seconds=10)
    assert Delivery.objects.get().state == "done"
    assert len(receiver.seen) == 2
    assert len(set(receiver.ids())) == 1
    row = Subscription.objects.get()
    assert (row.failures, row.failing_since, row.busy_until) == (0, None, None)


@committed
def test_a_redirect_is_not_followed(told, receiver):
    receiver.answers = [302]
    _tell(told[0])
    settle()
    assert len(receiver.seen) == 1


@committed
def test_a_receiver_that_is_away_is_asked_more_and_more_seldom_and_no_message_is_lost(
    told, receiver, monkeypatch
):
    receiver.answers = [503]
    _tell(told[0], 3)
    settle()
    assert len(receiver.seen) == 1, "the others wait with it"
    row = Subscription.objects.get()
    assert row.paused_until
    assert row.paused_until - clock.now() > dt.timedelta(seconds=800), "it asked for 900 seconds"
    _later(monkeypatch, minutes=16)
    assert len(receiver.seen) == 2
    receiver.answers = [204]
    _later(monkeypatch, hours=7)
    assert len(set(receiver.ids())) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@committed
def test_a_message_a_receiver_refuses_does_not_hold_up_the_next(told, receiver):
    receiver.answers = [422, 204]
    _tell(told[0], 2)
    settle()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "waiting"]


@committed
def test_a_receiver_that_fails_for_days_is_switched_off_and_the_administrators_hear_of_it(
    town, told, receiver, monkeypatch
):
    post_make(town.account("he"), town.organisation("city"), Role.SECURITY_ADMIN, Reach.BELOW)
    post_make(town.account("ma"), town.organisation("riverside"), Role.SECURITY_ADMIN, Reach.BELOW)
    receiver.answers = [500]
    _tell(told[0])
    settle()
    _later(monkeypatch, days=5, minutes=1)
    row = Subscription.objects.get()
    assert not row.is_active
    assert [letter.kind for letter in letters_to(town.account_id("he"))] == [
        "gateway.subscription_off"
    ]
    assert not letters_to(town.account_id("ma"))
    assert AuditRow.objects.filter(action="gateway.subscription_off").count() == 1
    calls = len(receiver.seen)
    _tell(told[0])
    _later(monkeypatch, days=1)
    assert len(receiver.seen) == calls
    receiver.answers = [204]
    services.subscription_resume(actor=SYSTEM, subscription_id=row.pk)
    _later(monkeypatch, seconds=5)
    assert Delivery.objects.get().state == "done", "what it missed is sent; the id is the same"
    assert len(set(receiver.ids())) == 1


@committed
def test_gone_means_gone(told, receiver):
    receiver.answers = [410]
    _tell(told[0])
    settle()
    assert not Subscription.objects.get().is_active


@committed
def test_a_crash_anywhere_repeats_at_most_a_message_and_never_its_id(told, receiver, monkeypatch):
    """Takes a few seconds: the process dies at each commit point, one after the other."""
    row = told[0]
    crashes, point = 0, 0
    while True:
        point += 1
        Delivery.objects.all().delete()
        Subscription.objects.update(paused_until=None, busy_until=None)
        receiver.seen.clear()
        with crash_at(point) as points:
            _tell(row)
            settle()
        if not points.crashed:
            break
        crashes += 1
        now = clock.now() + dt.timedelta(minutes=3 * point)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        call_command("work", "--once", stdout=StringIO(), verbosity=0)
        settle(now)
        stored = Delivery.objects.values_list("pk", flat=True)
        assert {f"msg_{pk.hex}" for pk in stored} == set(receiver.ids())
        assert not Delivery.objects.exclude(state="done").exists()
        assert len(receiver.seen) <= 2
    assert crashes >= 4


@committed
def test_a_sender_killed_while_it_waits_for_the_answer_sends_again_under_the_same_id(
    told, receiver, settings, monkeypatch
):
    """Takes a second: a process of its own sends, and is killed by SIGKILL."""
    settings.GATEWAY_WEBHOOK_PATIENCE = 5
    receiver.answers = ["slow", 204]
    _tell(told[0])
    connection.close()
    child = os.fork()
    if not child:
        services.pump_run(told[0].pk)
        os._exit(0)
    while not receiver.seen:
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert Delivery.objects.get().state == "waiting"
    services.pump_run(told[0].pk)
    assert len(receiver.seen) == 1, "held for a minute, in case the other still lives"
    _later(monkeypatch, seconds=65)
    assert Delivery.objects.get().state == "done"
    assert len(receiver.seen) == 2
    assert len(set(receiver.ids())) == 1


@committed
def test_two_pumps_at_once_send_once(told, receiver):
    _tell(told[0])
    Subscription.objects.update(busy_until=clock.now() + dt.timedelta(seconds=30))
    services.pump_run(told[0].pk)
    assert not receiver.seen
    Subscription.objects.update(busy_until=None)
    services.pump_run(told[0].pk)
    services.pump_run(told[0].pk)
    assert len(receiver.seen) == 1


@committed
def test_both_secrets_sign_while_one_takes_over(told, receiver, monkeypatch):
    row, old = told
    new = services.subscription_rotate(
        actor=SYSTEM, subscription_id=row.pk, overlap=dt.timedelta(hours=1)
    )
    _tell(row)
    settle()
    assert holds(old, *receiver.seen[0])
    assert holds(new, *receiver.seen[0])
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    _tell(row)
    settle(later)
    assert len(receiver.seen[1][0]["webhook-signature"].split()) == 1


@committed
def test_the_secret_lies_sealed_and_the_log_names_nobody(town, told, receiver):
    _tell(told[0])
    settle()
    kept = str([*Subscription.objects.values(), *Delivery.objects.values()])
    assert told[1] not in kept
    names = [account.display_name for account in town.accounts.values()]
    assert not [name for name in names if name in kept]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "ftp://receiver.example/", "https://", "https://a b.example/",
        "https://user:pass@receiver.example/", "https://receiver.example/#x", "https://x.example:99999/",
        "https://" + "x" * 600 + ".example/", "https://例子.example/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(town, settings, url):
    settings.GATEWAY_PLAIN_WEBHOOKS = False
    client, _secret = client_make(town.organisation("jialing"))
    with pytest.raises(RefusedError):
        services.subscription_add(actor=SYSTEM, client=client, url=url, topics=[Topic.JOIN_UPDATED])


@pytest.mark.django_db
def test_the_operator_alone_says_where_word_goes(town):
    client, _secret = client_make(town.organisation("jialing"))
    with pytest.raises(ForbiddenError):
        services.subscription_add(
            actor=town.actor("he"), client=client, url="https://receiver.example/",
            topics=[Topic.JOIN_UPDATED],
        )  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254"])  # noqa: S104
def test_nothing_is_sent_into_our_own_network(settings, receiver, host):
    settings.GATEWAY_PRIVATE_WEBHOOKS = False
    port = receiver.url.rsplit(":", 1)[1]
    with pytest.raises(sender.NotDeliveredError) as refused:
        sender.send(f"http://{host}:{port}", headers={}, body=b"{}")
    assert refused.value.args == ("private",)
    assert not receiver.seen


def test_a_name_of_several_addresses_with_one_inside_is_refused(settings, monkeypatch):
    settings.GATEWAY_PRIVATE_WEBHOOKS = False
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(sender.socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(sender.NotDeliveredError):
        sender.send("https://rebinding.example/", headers={}, body=b"{}")


def test_a_certificate_nobody_trusts_is_not_spoken_to(receiver):
    port = receiver.url.rsplit(":", 1)[1]
    with pytest.raises(sender.NotDeliveredError) as refused:
        sender.send(f"https://127.0.0.1:{port}", headers={}, body=b"{}")
    assert refused.value.args[0] in {"tls", "network", "timeout"}
    assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize("answer", ["slow", "drip"])
def test_a_receiver_that_drips_does_not_hold_us(receiver, answer):
    receiver.answers = [answer]
    begun = clock.now()
    with pytest.raises(sender.NotDeliveredError, match="timeout"):
        sender.send(receiver.url, headers={}, body=b"{}")
    assert clock.now() - begun < dt.timedelta(seconds=1.4)


@pytest.mark.django_db
def test_the_command_adds_rotates_lists_and_ends(town):
    client_make(town.organisation("jialing"), name="人社")

    def run(*words):
        out = StringIO()
        call_command("rest_webhook", *words, stdout=out)
        return out.getvalue()

    said = run("add", "人社", "https://receiver.example/in", "--topic", "organisation.founded")
    made = said.split()[1]
    assert "whsec_" in said
    assert "whsec_" in run("rotate", made)
    assert "receiver.example" in run("list")
    run("resume", made)
    run("end", made)
    run("end", made)
    assert run("list") == ""
    for words in (("rotate", made), ("end", str(uuid.uuid4())), ("add", "谁", "https://x.example/", "--topic", "organisation.founded")):  # fmt: skip
        with pytest.raises(CommandError):
            run(*words)
