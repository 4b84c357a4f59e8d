"""Random people do random things to a case; what must always hold, holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.audit.api import breaches
from lianxin.kit.errors import RefusedError
from lianxin.members.testing import Federation
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry, Payment, Recusal, Task
from lianxin.procedures.rules.definition import FieldKind, StepKind
from lianxin.procedures.rules.machine import State
from lianxin.procedures.testing import definition_of, field_of, step_of, submitted, version_of

WHO = ["lin", "wang", "sun", "chen", "guo", "he", "qian", "zhao", "ma"]
REVIVING = {"reopen", "object"}
Act = Callable[[Federation, Dossier, str, str], Any]


def _verb(name: str, **given: Any) -> Act:
    def act(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
        call = getattr(services, name)
        return call(actor=people.actor(who), dossier_id=dossier.pk, key=key, seen=None, **given)

    return act


def _refer(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    target = people.organisation("jialing").pk
    return services.dossier_refer(
        actor=people.actor(who),
        dossier_id=dossier.pk,
        organisation_id=target,
        reason="x",
        key=key,
        seen=None,
    )


def _hand_over(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    return services.task_hand_over(
        actor=people.actor(who),
        dossier_id=dossier.pk,
        account_id=people.account_id("guo"),
        key=key,
        seen=None,
    )


def _late(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    for task in Task.objects.live().filter(dossier=dossier):
        Task.objects.filter(pk=task.pk).update(due_at=task.opened_at)
        services.step_late(task_id=task.pk, number=0, clock_round=task.clock_round)


def _pay(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    for payment in Payment.objects.filter(dossier=dossier, state__in=["ready", "batched"]):
        services.payment_record(actor=people.actor(who), payment_id=payment.pk)


def _return(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    for payment in Payment.objects.filter(dossier=dossier, state__in=["batched", "paid"]):
        services.payment_return(actor=people.actor(who), payment_id=payment.pk, reason="户名不符")
        services.account_ask(dossier_id=dossier.pk)


def _batch(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    services.batch_create(
        actor=people.actor(who), organisation_id=people.organisation("city").pk, key=key
    )


def _rate(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    services.dossier_rate(actor=people.actor(who), dossier_id=dossier.pk, level=1, key=key)


def _repair(people: Federation, dossier: Dossier, who: str, key: str) -> Any:
    services.repair_done(actor=people.actor(who), dossier_id=dossier.pk, words="好了", key=key)


ACTS: dict[str, Act] = {
    "amend": _verb("dossier_amend", answers={"story": "新的"}, papers={}),
    "ask": _verb("dossier_ask", words="还缺一样"),
    "answer": _verb("dossier_answer", words="好的"),
    "account": _verb("payment_account_correct", account="6222020000000000009"),
    "approve": _verb("step_approve", opinion="同意"),
    "refuse": _verb("dossier_refuse", reason="不符合"),
    "take": _verb("task_take"),
    "recuse": _verb("task_recuse"),
    "escalate": _verb("dossier_escalate"),
    "withdraw": _verb("dossier_withdraw"),
    "close": _verb("dossier_close", reason="重复"),
    "reopen": _verb("dossier_reopen", reason="再办"),
    "object": _verb("dossier_object", words="不同意"),
    "refer": _refer, "hand_over": _hand_over, "late": _late, "pay": _pay, "return": _return,
    "batch": _batch, "rate": _rate, "repair": _repair,
}  # fmt: skip
# The same names more often than not, so that cases get somewhere.
likely = st.one_of(
    st.sampled_from([("approve", "wang"), ("approve", "chen"), ("pay", "qian"), ("batch", "qian")]),
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(WHO)),
)


def _holds(people: Federation, dossier: Dossier, before: Dossier, verb: str) -> Dossier:
    now = Dossier.objects.get(pk=dossier.pk)
    seqs = list(Entry.objects.filter(dossier=now).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, now.seq + 1)), "the timeline only grows, without gaps"
    assert now.seq >= before.seq
    live = Task.objects.live().filter(dossier=now)
    assert live.count() == (0 if now.state == State.CLOSED else 1), "one live task while it runs"
    if before.state == State.CLOSED and now.state != State.CLOSED:
        assert verb in REVIVING | {"return"}, "a closed dossier stays closed"
    assert Payment.objects.filter(dossier=now, state__in=["ready", "batched", "paid"]).count() <= 1
    barred = set(Recusal.objects.filter(dossier=now).values_list("account_id", flat=True))
    assert not live.filter(assignee_id__in=barred).exists(), "nobody barred holds the task"
    assert people.account_id("lin") in barred
    return now


@pytest.mark.django_db
@settings(
    max_examples=15,  # each example is a whole life of a case: some seconds in all
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(likely, min_size=4, max_size=24))
def test_whatever_anybody_does_the_case_stays_whole(
    people: Federation, steps: list[tuple[str, str]]
) -> None:
    definition = definition_of(
        step_of("review"),
        step_of("decide", StepKind.DECISION, level="district"),
        step_of("pay", StepKind.PAYMENT, level="city", roles=["finance"]),
        fields=[field_of("story"), field_of("account", FieldKind.BANK_ACCOUNT)],
    )
    mark = transaction.savepoint()
    dossier = now = submitted(people, version=version_of(definition, code="random"))
    for number, (verb, who) in enumerate(steps):
        before = now
        for is_second in (False, True):
            with suppress(RefusedError), transaction.atomic():
                ACTS[verb](people, dossier, who, f"k{number}")
            after = _holds(people, dossier, before, verb)
            if is_second:
                assert after.seq == now.seq or verb == "late", "a repeat changes nothing"
            now = after
    assert breaches() == []
    transaction.savepoint_rollback(mark)
