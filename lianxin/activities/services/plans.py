"""The yearly plan of a union: lines written, changed, copied from the year before; published or not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Activity, PlanLine, YearPlan
from lianxin.activities.selectors.kinds import kinds
from lianxin.activities.selectors.plans import FIRST_YEAR, LAST_YEAR, MOST_LINES
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Ability, Actor, Organisation

MOST_FEN = 10**12


@dataclass(frozen=True, kw_only=True, slots=True)
class LineTerms:
    """What a line says; `budget_fen` in fen, `people` how many are expected."""

    month: int
    title: str
    kind: str
    budget_fen: int = 0
    people: int = 0
    activity_id: uuid.UUID | None = None


def line_write(
    *, actor: Actor, organisation_id: uuid.UUID, year: int, terms: LineTerms, key: str
) -> PlanLine:
    """Write a line into the plan of a year; the same form again writes none.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: something is missing, or makes no sense.
    """
    with atomic():
        plan = _held(actor, organisation_id, year)
        if repeated := plan.lines.filter(key=key).first():
            return repeated
        if plan.lines.count() >= MOST_LINES:
            raise RefusedError(_("Two hundred lines are enough for one year."))
        line = PlanLine.objects.create(plan=plan, key=key, **_checked(plan, terms))
        _noted(actor, plan, "plan_line_written", line=str(line.pk))
    return line


def line_change(*, actor: Actor, line_id: uuid.UUID, terms: LineTerms) -> PlanLine:
    """Change a line; the same again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: something is missing, or makes no sense.
        StaleError: a colleague took it out meanwhile.
    """
    with atomic():
        line, plan = _held_line(actor, line_id)
        values = _checked(plan, terms, line=line)
        if all(getattr(line, name) == value for name, value in values.items()):
            return line
        for name, value in values.items():
            setattr(line, name, value)
        line.changed_at = clock.now()
        line.save()
        _noted(actor, plan, "plan_line_changed", line=str(line.pk))
    return line


def line_drop(*, actor: Actor, line_id: uuid.UUID) -> None:
    """Take a line out; the activity that came of it stays. Again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
    """
    with atomic():
        if not PlanLine.objects.filter(pk=line_id).exists():
            return
        line, plan = _held_line(actor, line_id)
        line.delete()
        _noted(actor, plan, "plan_line_dropped", line=str(line_id))


def plan_copy(*, actor: Actor, organisation_id: uuid.UUID, year: int) -> int:
    """Copy the lines of the year before as a draft; return how many were new. Again copies none twice.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: there was no plan.
    """
    with atomic():
        plan = _held(actor, organisation_id, year)
        before = PlanLine.objects.filter(plan__organisation=plan.organisation, plan__year=year - 1)
        listed = list(before.order_by("month", "pk")[:MOST_LINES])
        if not listed:
            raise RefusedError(_("There is no plan of the year before."))
        there = set(plan.lines.values_list("key", flat=True))
        rows = [
            PlanLine(
                plan=plan, key=key, month=one.month, title=one.title, kind=one.kind,
                budget_fen=one.budget_fen, people=one.people, before_id=one.activity_id,
            )
            for one in listed
            if (key := f"copy:{one.pk}") not in there
        ]  # fmt: skip
        PlanLine.objects.bulk_create(rows[: max(0, MOST_LINES - len(there))])
        if rows:
            _noted(actor, plan, "plan_copied", count=len(rows))
    return len(rows)


def plan_publish(
    *, actor: Actor, organisation_id: uuid.UUID, year: int, is_public: bool
) -> YearPlan:
    """Let everybody read the plan of a year, or no longer; again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: there is nothing to read.
    """
    with atomic():
        plan = _held(actor, organisation_id, year)
        if is_public and not plan.lines.exists():
            raise RefusedError(_("There is nothing in it yet."))
        if (plan.published_at is not None) != is_public:
            plan.published_at = clock.now() if is_public else None
            plan.save(update_fields=["published_at"])
            _noted(actor, plan, "plan_published" if is_public else "plan_withdrawn")
    return plan


def _checked(plan: YearPlan, terms: LineTerms, line: PlanLine | None = None) -> dict[str, object]:
    title = clean(terms.title)[:60]
    if not title:
        raise RefusedError(_("What is the activity called?"), field="title")
    if not 1 <= terms.month <= 12:
        raise RefusedError(_("Which month?"), field="month")
    if terms.kind not in kinds():
        raise RefusedError(_("What kind is it?"), field="kind")
    if not 0 <= terms.budget_fen <= MOST_FEN:
        raise RefusedError(_("This sum makes no sense."), field="budget_fen")
    if terms.activity_id is not None:
        rows = Activity.objects.filter(pk=terms.activity_id, organisation=plan.organisation)
        others = PlanLine.objects.filter(activity_id=terms.activity_id)
        if line is not None:
            others = others.exclude(pk=line.pk)
        if not rows.exists() or others.exists():
            raise RefusedError(_("This activity stands in another line, or is of another union."), field="activity_id")  # fmt: skip
    return {
        "month": terms.month, "title": title, "kind": terms.kind, "budget_fen": terms.budget_fen,
        "people": terms.people, "activity_id": terms.activity_id,
    }  # fmt: skip


def _held(actor: Actor, organisation_id: uuid.UUID, year: int) -> YearPlan:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None or not policies.may_arrange(actor, organisation):
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusedError(_("This year makes no sense."))
    made, _is_new = YearPlan.objects.get_or_create(organisation=organisation, year=year)
    return (
        YearPlan.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=made.pk)
    )


def _held_line(actor: Actor, line_id: uuid.UUID) -> tuple[PlanLine, YearPlan]:
    found = PlanLine.objects.select_related("plan").filter(pk=line_id).first()
    if found is None:
        raise StaleError(_("A colleague took this line out meanwhile."))
    plan = _held(actor, found.plan.organisation_id, found.plan.year)
    return PlanLine.objects.select_for_update(of=("self",)).get(pk=line_id), plan


def _noted(actor: Actor, plan: YearPlan, deed: str, **detail: object) -> None:
    stands_in = actor.stands_in(Ability.PLACES_MANAGE, plan.organisation.path)
    audit.record(
        actor_id=actor.account_id,
        action=f"activity.{deed}",
        kind="activities.YearPlan",
        object_id=plan.pk,
        detail={**stands_in, "year": plan.year, **detail},
    )
