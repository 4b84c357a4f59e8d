"""The pure rules: signatures, pauses, addresses, scopes."""

from __future__ import annotations

import datetime as dt
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.gateway.rules import access, joining, webhooks
from lianxin.gateway.rules.webhooks import Verdict
from lianxin.procedures.api import Outcome, State


def test_a_signature_is_that_of_the_standards_own_example():
    made = webhooks.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.integers(1, 500), st.floats(0, 1))
def test_pauses_grow_and_stay_under_a_working_day(tries, chance):
    pause = webhooks.pause_after(tries, chance=chance)
    assert dt.timedelta(seconds=4) <= pause <= dt.timedelta(hours=7.2)
    assert webhooks.pause_after(tries + 1) >= webhooks.pause_after(tries)


@given(st.ip_addresses(v=6))
def test_what_is_not_given_out_is_never_public(address):
    inner = address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    if not inner and not 0x2000 <= int(address) >> 112 <= 0x3FFF:
        assert not webhooks.is_public(str(address))


@given(st.ip_addresses())
def test_what_is_not_global_is_never_public(address):
    if not address.is_global:
        assert not webhooks.is_public(str(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",  # noqa: S104
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2002:100::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "nonsense", "127.1",
        # Outside 2000::/3: nothing of it is given out, though the library calls some of it global.
        "1000::1", "4000::1", "6000::1", "8000::1", "a000::1", "c000::1", "e000::1", "f000::1",
        "::a00:1", "::127.0.0.1", "64:ff9b:1::a00:1", "100::1", "5f00::1", "1fff:ffff::1",
    ],
)  # fmt: skip
def test_inner_addresses_in_every_disguise_are_found(address):
    assert not webhooks.is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
)
def test_the_open_net_is_open(address):
    assert webhooks.is_public(address)


@given(st.integers(100, 599))
def test_every_status_has_a_verdict(status):
    verdict = webhooks.verdict_of(status)
    assert (verdict is Verdict.TAKEN) == (200 <= status < 300)
    if 300 <= status < 400 or status >= 500:
        assert verdict is Verdict.AWAY


@given(st.text(), st.frozensets(st.sampled_from(list(access.Scope))))
def test_a_token_never_carries_more_than_its_client_may(asked, held):
    granted = access.scopes_granted(asked, frozenset(held))
    assert granted is None or granted <= held


def test_secrets_and_tokens_are_told_apart_by_their_face():
    secret, token = access.new_secret(), access.new_token()
    assert access.is_secret(secret)
    assert not access.is_secret(token)
    assert access.is_token(token)
    assert not access.is_token(token + "\n")


def test_every_case_has_a_word():
    for state in State:
        for outcome in ["", *Outcome]:
            assert joining.status_of(state, outcome) in joining.PushStatus


def test_an_application_without_a_case_lapses_when_any_other_would():
    now = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    hours = dt.timedelta(hours=joining.CONFIRM_HOURS)
    assert joining.status_without_case(now, now + hours) == "lapsed"
    before = now + hours - dt.timedelta(seconds=1)
    assert joining.status_without_case(now, before) == "awaiting_confirmation"
