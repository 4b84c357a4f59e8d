"""Gates: several doors without a network, each scan kept once, nothing forged let in."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Gate, Scan
from lianxin.allocation.rules.tickets import (
    Fault,
    Seen,
    TicketError,
    code_of,
    entries_of,
    plain_code,
    ticket_read,
)
from lianxin.allocation.services import (
    Sent,
    claim_cancel,
    gate_close,
    gate_known,
    gate_list,
    gate_open,
    gate_shown,
    scans_store,
    ticket_keys,
    ticket_of,
)
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.allocation.testing.tickets import forgery
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError
from lianxin.members.testing import Federation


def opened(fed: Federation, pool, names=("北门",)) -> list[Gate]:
    return [gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name=name)[0] for name in names]


def scan(read: str, at: int = 0, places: int = 1) -> Sent:
    return Sent(uuid.uuid4(), clock.now() - dt.timedelta(minutes=60 - at), read, places)


@pytest.fixture
def pool(fed: Federation):
    return pool_make(fed.organisation("yangtze"), 20, most=4)


def held(fed: Federation, pool, who: str = "lin", size: int = 1) -> Claim:
    return claim_made(pool, fed.account_id(who), size=size)


pytestmark = pytest.mark.django_db


def test_a_ticket_lets_in_once_and_the_second_is_told(fed, pool) -> None:
    north, south = opened(fed, pool, ("北门", "南门"))
    claim = held(fed, pool)
    first, second = scan(ticket_of(claim), 10), scan(ticket_of(claim), 20)
    assert scans_store(gate=south, sent=[second]).entries == {second.scan_id: 1}
    # The north door scanned earlier and comes with its news later: that was the entry.
    assert scans_store(gate=north, sent=[first]).entries == {first.scan_id: 1}
    verdicts = dict(Scan.objects.values_list("pk", "verdict"))
    assert verdicts == {first.scan_id: "entry", second.scan_id: "duplicate"}
    claim.refresh_from_db()
    assert claim.used == 1


def test_scans_sent_again_change_nothing(fed, pool) -> None:
    [gate] = opened(fed, pool)
    sent = [scan(ticket_of(held(fed, pool, who))) for who in ("lin", "zhao")]
    for _ in range(3):
        assert set(scans_store(gate=gate, sent=sent).entries.values()) == {1}
    assert Scan.objects.count() == 2


def test_a_family_comes_in_parts(fed, pool) -> None:
    [gate] = opened(fed, pool)
    claim = held(fed, pool, size=3)
    token = ticket_of(claim)
    sent = [scan(token, 1, 2), scan(token, 2, 2), scan(token, 3, 1)]
    stored = scans_store(gate=gate, sent=sent)
    assert [stored.entries[one.scan_id] for one in sent] == [2, 1, 0]
    claim.refresh_from_db()
    assert claim.used == 3


def test_a_code_read_aloud_is_as_good_as_a_scan(fed, pool) -> None:
    [gate] = opened(fed, pool)
    claim = held(fed, pool)
    one = scan(code_of(claim.pk))
    assert scans_store(gate=gate, sent=[one]).entries == {one.scan_id: 1}
    assert scans_store(gate=gate, sent=[scan("00000000")]).refused


def test_what_was_given_back_or_is_for_elsewhere_lets_nobody_in(fed, pool) -> None:
    [gate] = opened(fed, pool)
    claim = held(fed, pool)
    token = ticket_of(claim)
    claim_cancel(actor=fed.actor("lin"), claim_id=claim.pk)
    other = pool_make(fed.organisation("yangtze"), 5)
    for read, fault in (
        (token, Fault.GONE),
        (ticket_of(held(fed, other, "zhao")), Fault.ELSEWHERE),
        ("hello", Fault.FORM),
    ):
        one = scan(read)
        assert scans_store(gate=gate, sent=[one]).refused == {one.scan_id: fault}
    assert Scan.objects.filter(verdict="refused").count() == 3


def test_nobody_gets_in_with_what_was_forged_or_changed(fed, pool) -> None:
    tickets = [ticket_of(held(fed, pool, who)) for who in ("lin", "zhao")]
    keys = {key.key_id: key.fits for key in ticket_keys()}
    assert ticket_read(tickets[0], keys, pool_id=pool.pk).size == 1
    chance = random.Random(7)  # noqa: S311  (the same forgeries each time)
    for _ in range(1500):
        forged = forgery(chance.choice(tickets), chance, tickets)
        with pytest.raises(TicketError):
            ticket_read(forged, keys, pool_id=pool.pk)


def test_a_gate_opens_by_its_secret_alone_and_shuts(client, fed, pool) -> None:
    gate, secret = gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")
    held(fed, pool)
    address = reverse("allocation:gate_list", args=[gate.pk])
    assert client.get(address).status_code == 403
    assert client.get(address, headers={"authorization": "Gate wrong"}).status_code == 403
    listed = client.get(address, headers={"authorization": f"Gate {secret}"}).json()
    assert [row[2:] for row in listed["claims"]] == [[1, 0]]
    assert "林" not in json.dumps(listed, ensure_ascii=False)
    with pytest.raises(ForbiddenError):
        gate_close(actor=fed.actor("ma"), gate_id=gate.pk)
    gate_close(actor=fed.actor("wang"), gate_id=gate.pk)
    assert client.get(address, headers={"authorization": f"Gate {secret}"}).status_code == 403
    assert gate_shown(gate.pk, secret) is None
    assert gate_known(gate.pk, secret) == gate
    assert gate_known(gate.pk, "wrong") is None
    assert secret not in str(vars(Gate.objects.get()))


def test_only_who_arranges_opens_a_gate(client, fed, pool) -> None:
    for who in ("lin", "ma", "zhao"):
        with pytest.raises(ForbiddenError):
            gate_open(actor=fed.actor(who), pool_id=pool.pk, name="北门")
    sign_in(client, fed.account("ma"), second_factor=True)
    assert client.post(reverse("allocation:gate_open", args=[pool.pk]), {"name": "x"}).status_code == 404  # fmt: skip
    sign_in(client, fed.account("wang"), second_factor=True)
    page = client.post(reverse("allocation:gate_open", args=[pool.pk]), {"name": "北门"})
    assert f"/gates/{Gate.objects.get().pk}/#" in page.context["address"]


def test_scans_over_the_wire(client, fed, pool) -> None:
    gate, secret = gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")
    token = ticket_of(held(fed, pool))
    rows = [{"id": str(uuid.uuid4()), "at": clock.now().timestamp() * 1000, "read": read} for read in (token, "x")]  # fmt: skip

    def send(body):
        return client.post(
            reverse("allocation:gate_scans", args=[gate.pk]), body,
            content_type="application/json", headers={"authorization": f"Gate {secret}"},
        )  # fmt: skip

    told = send({"scans": rows}).json()
    assert told == {"entries": {rows[0]["id"]: 1}, "refused": {rows[1]["id"]: "form"}}
    broken_ones: tuple[dict[str, object], ...] = ({}, {"scans": 1}, {"scans": [{}]}, {"scans": [rows[0] | {"at": 1e30}]}, {"scans": [rows[0] | {"id": "x"}]}, {"scans": [rows[0] | {"places": 0}]})  # fmt: skip
    for broken in broken_ones:
        assert send(broken).status_code == 400, broken
    assert send("{").status_code == 400
    assert len(gate_list(gate)["claims"]) == 1


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.floats(0, 100), st.integers(1, 6), st.integers(0, 6)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_whatever_order_scans_arrive_in_they_come_to_the_same(size, rows, chance) -> None:
    scans = [Seen(uuid.UUID(int=number + 1), *row) for number, row in enumerate(rows)]
    told = entries_of(size, scans)
    shuffled = list(scans)
    chance.shuffle(shuffled)
    assert entries_of(size, shuffled) == told
    assert all(0 <= told[scan.scan_id] <= min(scan.places, scan.most or size) for scan in scans)
    assert sum(told.values()) <= size
    if not any(scan.most for scan in scans):
        assert sum(told.values()) == min(size, sum(scan.places for scan in scans))


@given(st.uuids())
def test_a_code_survives_being_read_aloud(claim_id: uuid.UUID) -> None:
    code = code_of(claim_id)
    assert len(code) == 8
    assert plain_code(f" {code[:4]}-{code[4:]} ".lower()) == code
