"""The process dies at each commit point of each service; afterwards all is as if it had not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from lianxin.audit.api import breaches
from lianxin.audit.testing import seed_heads
from lianxin.jobs.testing import crash_everywhere, settle
from lianxin.kit import clock as clocks
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation, federation
from lianxin.notify.api import address_of
from lianxin.notify.testing import code_to
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry, Payment, ProcedureVersion, Rating, Task
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.testing import (
    approve,
    definition_of,
    dossier_at_step,
    live_task,
    notice_run_out,
    step_of,
    submitted,
    version_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
# The worker comes back to what another one had begun once its lease is over.
LATER = dt.timedelta(minutes=10)


@pytest.fixture
def people(transactional_db: None) -> Federation:
    seed_heads()
    return federation()


@pytest.fixture
def version(people: Federation) -> ProcedureVersion:
    return version_of(
        definition_of(
            step_of("review"),
            step_of("show", StepKind.NOTICE, level="street"),
            step_of("decide", StepKind.DECISION, level="district"),
            step_of("pay", StepKind.PAYMENT, level="city", roles=["finance"]),
        )
    )


def whole(dossier: Dossier) -> Dossier:
    """Check what must hold after every crash and its repair."""
    now = Dossier.objects.get(pk=dossier.pk)
    seqs = Entry.objects.filter(dossier=now).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, now.seq + 1))
    runs = now.state in {State.OPEN, State.WAITING}
    assert Task.objects.live().filter(dossier=now).count() == runs
    assert Payment.objects.filter(dossier=now, state__in=["ready", "batched", "paid"]).count() <= 1
    assert breaches() == []
    return now


def crashed(dossier: Dossier, act: Callable[[], Any], *, adds: int = 1) -> Dossier:
    """Crash `act` everywhere; it must have happened exactly once in the end."""
    before = Dossier.objects.get(pk=dossier.pk).seq

    def check(_number: int) -> None:
        whole(dossier)

    def act_and_settle() -> None:
        act()
        settle(clocks.now() + LATER)

    crashes = crash_everywhere(act_and_settle, after=check)
    assert crashes >= 2, "before and after at least one commit"
    now = whole(dossier)
    assert now.seq == before + adds
    return now


def test_submitting(people: Federation, version: ProcedureVersion) -> None:
    def act() -> None:
        submitted(people, version=version, key="one")
        settle()

    assert crash_everywhere(act) >= 2
    whole(Dossier.objects.get())


@pytest.mark.parametrize(
    ("name", "who", "given"),
    [
        ("dossier_ask", "wang", {"words": "?"}),
        ("dossier_amend", "lin", {"answers": {"story": "新"}, "papers": {}}),
        ("dossier_refuse", "wang", {"reason": "不"}),
        ("dossier_close", "wang", {"reason": "重复"}),
        ("dossier_withdraw", "lin", {}),
        ("dossier_escalate", "sun", {}),
        ("task_take", "wang", {}),
        ("task_recuse", "wang", {}),
        ("step_approve", "wang", {"opinion": "同意"}),
    ],
)
def test_each_move_from_the_first_step(
    people: Federation, version: ProcedureVersion, name: str, who: str, given: dict[str, Any]
) -> None:
    dossier = submitted(people, version=version)
    actor, call = people.actor(who), getattr(services, name)
    crashed(dossier, lambda: call(actor=actor, dossier_id=dossier.pk, key="k", seen=None, **given))


def test_referring_and_handing_over(people: Federation, version: ProcedureVersion) -> None:
    dossier = submitted(people, version=version)
    target, wang = people.organisation("jialing").pk, people.actor("wang")
    crashed(
        dossier,
        lambda: services.dossier_refer(
            actor=wang,
            dossier_id=dossier.pk,
            organisation_id=target,
            reason="x",
            key="k",
            seen=None,
        ),
    )
    chen, guo = people.actor("chen"), people.account_id("guo")
    crashed(
        dossier,
        lambda: services.task_hand_over(
            actor=chen, dossier_id=dossier.pk, account_id=guo, key="h", seen=None
        ),
    )


def test_answering_objecting_and_opening_again(
    people: Federation, version: ProcedureVersion
) -> None:
    dossier = submitted(people, version=version)
    lin, wang = people.actor("lin"), people.actor("wang")
    common: dict[str, Any] = {"dossier_id": dossier.pk, "seen": None}
    services.dossier_ask(actor=wang, words="?", key="a", **common)
    crashed(dossier, lambda: services.dossier_answer(actor=lin, words="好", key="b", **common))
    services.dossier_close(actor=wang, reason="重复", key="c", **common)
    crashed(dossier, lambda: services.dossier_reopen(actor=wang, reason="再办", key="d", **common))
    services.dossier_refuse(actor=wang, reason="不", key="e", **common)
    crashed(dossier, lambda: services.dossier_object(actor=lin, words="不同意", key="f", **common))


def test_a_notice_that_ends(people: Federation, version: ProcedureVersion) -> None:
    dossier = approve(submitted(people, version=version), people.actor("wang"))
    crashed(dossier, lambda: notice_run_out(dossier))
    assert Dossier.objects.get().step.code == "decide"


def test_a_late_step(people: Federation, version: ProcedureVersion, clock: StoppedClock) -> None:
    dossier = submitted(people, version=version)
    task = live_task(dossier)
    clock.move(days=4)
    crashed(dossier, lambda: services.step_late(task_id=task.pk, number=0, clock_round=0))
    clock.move(days=5)
    # The timers of the task that took over are not due yet: one entry, not two.
    crashed(dossier, lambda: services.step_late(task_id=task.pk, number=1, clock_round=0))


def test_a_payment_from_batch_to_rating(people: Federation, version: ProcedureVersion) -> None:
    dossier = dossier_at_step(people, "pay", version=version)
    qian, lin, city = people.actor("qian"), people.actor("lin"), people.organisation("city").pk
    crashed(
        dossier, lambda: services.batch_create(actor=qian, organisation_id=city, key="b"), adds=0
    )
    first = Payment.objects.get()

    def answer(number: str, state: str) -> Callable[[], Any]:
        data = f"付款编号,状态\n{number},{state}\n".encode("gb18030")
        return lambda: services.bank_return_read(
            actor=qian, organisation_id=city, name="x.csv", data=data
        )

    crashed(dossier, answer(first.number, "退汇"))
    crashed(
        dossier,
        lambda: services.payment_account_correct(
            actor=lin, dossier_id=dossier.pk, account="6222020000000000002", key="k", seen=None
        ),
    )
    services.batch_create(actor=qian, organisation_id=city, key="c")
    done = crashed(dossier, answer(Payment.objects.get(state="batched").number, "成功"))
    assert (done.state, done.outcome) == (State.CLOSED, Outcome.GRANTED)
    assert Payment.objects.filter(state="paid").count() == 1
    rate: dict[str, Any] = {"actor": lin, "dossier_id": dossier.pk, "level": 1}
    crashed(dossier, lambda: services.dossier_rate(**rate, key="r"))
    assert Rating.objects.count() == 1


def test_helped_and_confirmed(people: Federation, version: ProcedureVersion) -> None:
    dossier = submitted(people, version=version, by="wang", applicant_id=people.account_id("lin"))
    code = code_to(address_of(people.account_id("lin")).phone or "")
    lin = people.actor("lin")
    crashed(
        dossier,
        lambda: services.dossier_confirm(actor=lin, dossier_id=dossier.pk, code=code, key="c"),
    )
    with pytest.raises(RefusedError):
        services.dossier_confirm(actor=lin, dossier_id=dossier.pk, code=code, key="d")


def test_disposing(people: Federation, version: ProcedureVersion) -> None:
    dossier = submitted(people, version=version)
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=dossier.pk, key="w", seen=None)
    crashed(dossier, lambda: services.dossier_dispose(dossier_id=dossier.pk), adds=0)
    assert Dossier.objects.get().applicant_id is None
