"""Two at the same moment: one is first, the other hears so; nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from lianxin.audit.testing import seed_heads
from lianxin.kit.errors import RefusedError
from lianxin.members.testing import Federation, federation
from lianxin.orgs.api import Role
from lianxin.orgs.testing import post_make
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry, Payment, PaymentBatch, Task
from lianxin.procedures.testing import (
    answers_for,
    dossier_at_step,
    submitted,
    version_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 4


@pytest.fixture
def people(transactional_db: None) -> Federation:
    seed_heads()
    return federation()


def at_once(*acts: Callable[[], Any]) -> Counter[str]:
    """Run acts in threads that begin together; count how each ended."""
    gate, ends = threading.Barrier(len(acts)), Counter[str]()

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
            ends["done"] += 1
        except RefusedError as refused:
            ends[type(refused).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_four_taps_on_send_make_one_dossier(people: Federation) -> None:
    version, lin = version_of(), people.actor("lin")
    answers = answers_for(version.definition.fields)

    def send() -> None:
        services.dossier_submit(
            actor=lin, version_id=version.pk, answers=answers, papers={}, key="one"
        )

    assert at_once(*[send] * MANY) == {"done": MANY}
    assert Dossier.objects.count() == Entry.objects.count() == Task.objects.count() == 1


def test_two_officers_decide_at_once_and_one_is_first(people: Federation) -> None:
    post_make(people.account("ma"), people.organisation("yangtze"), Role.OFFICER_PART_TIME)
    dossier = submitted(people)

    def approve(who: str) -> Callable[[], Any]:
        actor = people.actor(who)
        return lambda: services.step_approve(
            actor=actor, dossier_id=dossier.pk, key=who, seen=1, opinion="同意"
        )

    ends = at_once(approve("wang"), approve("ma"))
    assert ends["done"] == 1
    assert sum(ends.values()) == 2
    assert Dossier.objects.get().seq == 2
    assert Task.objects.live().count() == 1


def test_the_person_withdraws_while_the_till_makes_its_batch(people: Federation) -> None:
    dossier = dossier_at_step(people, "pay", answers={"account": "6222020000000000001"})
    qian, lin, city = people.actor("qian"), people.actor("lin"), people.organisation("city").pk
    ends = at_once(
        lambda: services.batch_create(actor=qian, organisation_id=city, key="b"),
        lambda: services.dossier_withdraw(actor=lin, dossier_id=dossier.pk, key="w", seen=None),
    )
    assert ends["done"] == 1
    payment, closed = Payment.objects.get(), Dossier.objects.get().state == "closed"
    assert payment.state == ("cancelled" if closed else "batched")
    assert PaymentBatch.objects.count() == (not closed)


def test_the_bank_file_is_read_twice_at_once(people: Federation) -> None:
    dossier_at_step(people, "pay", answers={"account": "6222020000000000001"})
    qian, city = people.actor("qian"), people.organisation("city").pk
    services.batch_create(actor=qian, organisation_id=city, key="b")
    data = f"付款编号,状态\n{Payment.objects.get().number},成功\n".encode()
    read = [
        lambda: services.bank_return_read(actor=qian, organisation_id=city, name="x.csv", data=data)
    ] * 3
    assert at_once(*read) == {"done": 3}
    assert Payment.objects.get().state == "paid"
    assert Entry.objects.filter(verb="approve").count() == 3
