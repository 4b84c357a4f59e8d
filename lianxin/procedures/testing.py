"""Factories for tests and the demo: small definitions, dossiers anywhere on their way, a walker."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.workdays import SHANGHAI, add_workdays
from lianxin.members.testing import Federation, invented_id_number
from lianxin.notices import api as notices
from lianxin.orgs.api import Actor, Post, actor_of
from lianxin.procedures.models import Dossier, Payment, ProcedureVersion, Task
from lianxin.procedures.rules.definition import (
    Choice,
    Definition,
    Evidence,
    FamilyIncome,
    Field,
    FieldKind,
    Gives,
    GivesKind,
    NoticeTerms,
    Step,
    StepKind,
    Tier,
)
from lianxin.procedures.rules.grants import named_limit_fen, names_amount
from lianxin.procedures.rules.machine import State, TaskState
from lianxin.procedures.selectors.seats import least_busy, sitting_at
from lianxin.procedures.services import (
    Meeting,
    dossier_answer,
    dossier_ask,
    dossier_object,
    dossier_refuse,
    dossier_submit,
    payment_record,
    step_approve,
    version_save,
)

_serial = itertools.count(1)
OFFICERS = ["officer", "officer_part_time", "caseworker", "chair"]
ID_NUMBER = invented_id_number(dt.date(1990, 5, 17), 1)


def words(en: str, zh: str = "") -> Bilingual:
    return Bilingual(en=en, zh_Hans=zh or en)


def field_of(code: str, kind: FieldKind = FieldKind.TEXT, **given: Any) -> Field:
    return Field(code=code, kind=kind, label=words(code.capitalize()), **given)


def step_of(
    code: str,
    kind: str = StepKind.REVIEW,
    *,
    level: str = "grassroots",
    roles: Sequence[str] = OFFICERS,
    working_days: int = 3,
    **given: Any,
) -> Step:
    if kind == StepKind.NOTICE and "notice" not in given:
        given["notice"] = NoticeTerms(title=words("Public notice", "公示"), days=5)
    return Step(
        code=code, kind=kind, name=words(code.capitalize()), level=level, roles=list(roles),
        working_days=working_days, **given,
    )  # fmt: skip


def definition_of(*steps: Step, **given: Any) -> Definition:
    """Make a definition: without steps a review, a decision and a payment of 500 yuan."""
    route = list(steps) or [
        step_of("review"),
        step_of("decide", StepKind.DECISION, level="district", working_days=5),
        step_of("pay", StepKind.PAYMENT, level="city", roles=["finance"], working_days=5),
    ]
    given.setdefault(
        "fields",
        [
            field_of("story", FieldKind.PARAGRAPH),
            field_of("account", FieldKind.BANK_ACCOUNT, is_required=False),
        ],
    )
    codes = {one.code for one in given["fields"]}
    if any(step.kind == StepKind.PAYMENT for step in route):
        given.setdefault("gives", Gives(kind=GivesKind.MONEY, amount_fen=50_000))
        given.setdefault("payee_account", "account" if "account" in codes else "")
    given.setdefault("gives", Gives(kind=GivesKind.ANSWER))
    return Definition(route=route, **given)


def income_terms() -> tuple[list[Field], FamilyIncome]:
    """Return the fields and terms of a small family-income arithmetic."""
    fields = [
        field_of("wages", FieldKind.MONEY),
        field_of(
            "earners",
            FieldKind.LINES,
            is_required=False,
            columns=[field_of("name"), field_of("amount", FieldKind.MONEY)],
        ),
        field_of("illness", FieldKind.MONEY),
        field_of("people", FieldKind.WHOLE, minimum=1),
    ]
    terms = FamilyIncome(
        income=["wages", "earners"],
        expenses=["illness"],
        household="people",
        standard="living_standard",
        tiers=[
            Tier(code="deep", name=words("Deep"), multiple=100, max_fen=500_000),
            Tier(code="relative", name=words("Relative"), multiple=200, max_fen=300_000),
        ],
    )
    return fields, terms


def version_of(definition: Definition | None = None, *, code: str = "") -> ProcedureVersion:
    return version_save(
        actor=Actor.system(),
        code=code or f"test_{next(_serial)}",
        name=words("Test service", "测试服务"),
        definition=definition or definition_of(),
    )


def answers_for(fields: Iterable[Field], *, organisation_code: str = "") -> dict[str, Any]:
    """Answer a form with the first thing that fits each question."""
    return {one.code: _answer(one, organisation_code) for one in fields}


def submitted(
    federation: Federation,
    *,
    version: ProcedureVersion | None = None,
    definition: Definition | None = None,
    by: str = "lin",
    answers: Mapping[str, Any] | None = None,
    key: str = "",
    **given: Any,
) -> Dossier:
    """Send an application in as one of the federation's people."""
    version = version or version_of(definition)
    filled = answers_for(version.definition.fields, organisation_code="JZ-JL-BC-001")
    return dossier_submit(
        actor=federation.actor(by),
        version_id=version.pk,
        answers={**filled, **(answers or {})},
        papers=given.pop("papers", {}),
        key=key or str(new_id()),
        **given,
    )


def dossier_at_step(federation: Federation, code: str, **given: Any) -> Dossier:
    """Send an application in and walk it to the step of a code."""
    dossier = submitted(federation, **given)
    while dossier.step.code != code:
        dossier = step_walk(dossier)
    return dossier


def walk_dossier(dossier: Dossier, *, most: int = 30) -> Dossier:
    """Take a dossier through all its steps with the right people, to its end."""
    for _ in range(most):
        if dossier.state == State.CLOSED:
            return dossier
        dossier = step_walk(dossier)
    raise AssertionError(f"{dossier.number} never came to its end")


def step_walk(dossier: Dossier, **given: Any) -> Dossier:
    """Pass the running step the way its kind is passed; `given` goes to `approve`."""
    task = live_task(dossier)
    if dossier.step.kind == StepKind.NOTICE:
        notice_run_out(dossier)
    elif dossier.step.kind == StepKind.PAYMENT:
        payment = Payment.objects.get(dossier=dossier, state__in=["ready", "batched"])
        payment_record(actor=_payer(payment), payment_id=payment.pk)
    else:
        approve(dossier, handler_of(task), **given)
    return Dossier.objects.get(pk=dossier.pk)


def notice_run_out(dossier: Dossier) -> None:
    """Let the days of a dossier's notice pass, and deliver what follows."""
    lines = notices.NoticeLine.objects.filter(object_id=dossier.pk, notice__ended_at__isnull=True)
    for line in lines.select_related("notice"):
        notices.Notice.objects.filter(pk=line.notice_id).update(ends_at=clock.now())
        notices.notice_end(notice_id=line.notice_id)
    jobs.run_due(strict=True)


def approve(dossier: Dossier, actor: Actor, **given: Any) -> Dossier:
    """Pass the running step with answers that fit its questions."""
    step, definition = dossier.step, dossier.definition
    if step.kind == StepKind.DECISION and names_amount(definition):
        given.setdefault("amount_fen", named_limit_fen(definition, dossier.tier) or 10_000)
    if definition.gives.kind is GivesKind.APPOINTMENT and step.kind == StepKind.ACKNOWLEDGEMENT:
        given.setdefault("meeting", meeting_in())
    given.setdefault("findings", answers_for(step.fields, organisation_code="JZ"))
    given.setdefault("opinion", "情况属实，同意。")
    given.setdefault("key", str(new_id()))
    return step_approve(actor=actor, dossier_id=dossier.pk, seen=None, **given)


def refuse(dossier: Dossier, actor: Actor, **given: Any) -> Dossier:
    """Say no to a dossier, with a reason."""
    given = {"reason": "不符合条件。", "key": str(new_id()), **given}
    return dossier_refuse(actor=actor, dossier_id=dossier.pk, seen=None, **given)


def objected(dossier: Dossier, actor: Actor) -> Dossier:
    """Ask for a second look at a no."""
    return dossier_object(
        actor=actor, dossier_id=dossier.pk, words="请再看一看。", key=str(new_id()), seen=None
    )


def asked(dossier: Dossier) -> Dossier:
    """Ask the person for one more thing; the clock stands still."""
    return dossier_ask(
        actor=handler_of(live_task(dossier)), dossier_id=dossier.pk, words="请补一张照片。",
        key=str(new_id()), seen=None,
    )  # fmt: skip


def answered(dossier: Dossier, actor: Actor) -> Dossier:
    """Let the person answer what she was asked."""
    return dossier_answer(
        actor=actor, dossier_id=dossier.pk, words="补上了。", key=str(new_id()), seen=None
    )


def meeting_in(days: int = 3, hour: int = 10) -> Meeting:
    day = add_workdays(clock.today(), days)
    starts_at = dt.datetime.combine(day, dt.time(hour), tzinfo=SHANGHAI)
    # Meetings of many tests and demo cases must not collide by chance.
    return Meeting(starts_at + dt.timedelta(days=7 * next(_serial)), "职工服务中心 2 楼")


def live_task(dossier: Dossier) -> Task:
    return Task.objects.select_related("organisation").get(
        dossier=dossier, state__in=[TaskState.OPEN, TaskState.STOPPED]
    )


def handler_of(task: Task) -> Actor:
    """Return somebody who may do a task: the one who took it, else the least busy."""
    if task.assignee_id is not None:
        return actor_of(task.assignee_id)
    found = least_busy(sitting_at(task.dossier, task.dossier.step, task.organisation))
    if found is None:
        raise AssertionError(f"nobody may do {task}")
    return actor_of(found)


def _payer(payment: Payment) -> Actor:
    path = payment.organisation.path
    for post in (
        Post.objects.in_force(clock.today()).filter(role="finance").select_related("organisation")
    ):
        if (
            path.startswith(post.organisation.path)
            and post.account_id != payment.dossier.applicant_id
        ):
            return actor_of(post.account_id)
    raise AssertionError("nobody pays here")


def _answer(one: Field, organisation_code: str) -> Any:
    if one.kind is FieldKind.LINES:
        return [answers_for(one.columns)] * max(one.minimum or 1, 1)
    if one.kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        first: Choice = one.choices[0]
        return first.code if one.kind is FieldKind.CHOICE else [first.code]
    least = one.minimum or 0
    return {
        FieldKind.TEXT: ("已登记" * (least // 3 + 1))[: max(least, 3)],
        FieldKind.PARAGRAPH: "情况如下。" * max(least // 5 + 1, 1),
        FieldKind.WHOLE: str(max(least, 1)),
        FieldKind.MONEY: f"{max(least // 100, 10)}",
        FieldKind.DATE: "2026-03-08",
        FieldKind.YES_NO: "yes",
        FieldKind.PHONE: "19900001234",
        FieldKind.ID_NUMBER: ID_NUMBER,
        FieldKind.BANK_ACCOUNT: "6222020000000000000",
        FieldKind.ORGANISATION: organisation_code,
    }[one.kind]


def evidence_of(code: str, **given: Any) -> Evidence:
    return Evidence(code=code, label=words(code.capitalize()), **given)


def account_of(federation: Federation, key: str) -> uuid.UUID:
    return federation.account_id(key)
