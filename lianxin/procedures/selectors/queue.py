"""The desk: what waits for this officer, by the clock; and how much lies on whose table."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Q, QuerySet, Value, When

from lianxin.kit import clock, workdays
from lianxin.kit.paging import page_of
from lianxin.notices.api import mask_name
from lianxin.orgs.api import Ability, Actor, Organisation, Post
from lianxin.procedures import policies
from lianxin.procedures.models import Task
from lianxin.procedures.rules.machine import TaskState
from lianxin.procedures.selectors.dossiers import Bundle
from lianxin.procedures.selectors.registry import versions_fill
from lianxin.procedures.selectors.seats import line_from, sitting_at

CHIPS = ("mine", "late", "today", "waiting", "team", "below")
MOST_COUNTED = 100  # beyond it reads "99+": counting thousands helps nobody

_SHOWN = (
    *(f"{name}" for name in (
        "step_index", "step_code", "kind", "state", "opened_at", "due_at", "stopped_at", "days_left",
        "is_escalated", "is_objection", "is_nobody_free", "roles",
    )),
    *(f"dossier__{name}" for name in (
        "number", "applicant_name", "state", "seq", "confidentiality", "version_id",
    )),
    "organisation_id", "assignee_id", "dossier__organisation_id",
)  # fmt: skip


@dataclass(frozen=True)
class QueueRow:
    """One task in the queue; the name is masked, the dossier page shows it."""

    task: Task
    service: str
    name: str
    step: str
    organisation: str
    days_left: int  # working days; negative when late, and what was left when the clock stopped
    total_days: int

    @property
    def dossier_id(self) -> uuid.UUID:
        """The dossier to open."""
        return self.task.dossier_id

    @property
    def is_late(self) -> bool:
        """Whether the clock has run out."""
        return self.task.state == TaskState.OPEN and self.task.due_at < clock.now()

    @property
    def is_stopped(self) -> bool:
        """Whether the person was asked."""
        return self.task.state == TaskState.STOPPED


@dataclass(frozen=True)
class Queue:
    """One page of the queue, and how many lie under each chip."""

    rows: list[QueueRow]
    next_token: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Load:
    """How much lies on one colleague's table, or on nobody's yet: tasks, never scores."""

    account_id: uuid.UUID | None
    name: str  # empty: what nobody has taken
    organisation: str
    is_away: bool
    open_count: int
    late_count: int


@dataclass(frozen=True)
class Colleague:
    """Somebody a task can be handed to."""

    account_id: uuid.UUID
    name: str


def queue_for(
    actor: Actor, *, chip: str = "mine", after: str | None = None, size: int = 50
) -> Queue:
    """List the tasks of an officer, the most urgent first. At most 4 queries."""
    desk = policies.tasks_at_desk(actor, Task.objects.live())
    below = policies.tasks_below(actor, Task.objects.open())
    rows = below if chip == "below" else desk.filter(_chips(actor).get(chip, _mine(actor)))
    shown = rows.select_related("dossier").only(*_SHOWN)
    page = page_of(shown, after, size=size, order=("due_at", "id"))
    _names_fill(page.rows)
    return Queue([_row(task) for task in page.rows], page.next_token, _counts(actor, desk, below))


def open_count(actor: Actor) -> int:
    """Count what waits at this officer's desk, for a badge. One query."""
    if not actor.posts:
        return 0
    return policies.tasks_at_desk(actor, Task.objects.live()).filter(_mine(actor)).count()


def team_load(actor: Actor) -> list[Load]:
    """Tell how many tasks lie with each colleague of the actor's own organisations. 2 queries.

    What is hidden from the actor is not counted either.
    """
    places = {post.organisation_id for post in actor.with_ability(Ability.TEAM_VIEW)}
    if not places:
        return []
    posts = (
        Post.objects.in_force(clock.today())
        .filter(organisation__in=places)
        .select_related("account", "organisation")
        .order_by("organisation__path", "account__display_name")
    )
    tasks = policies.tasks_visible_to(actor, Task.objects.live()).filter(organisation__in=places)
    now = clock.now()
    held: Counter[uuid.UUID] = Counter()
    late: Counter[uuid.UUID] = Counter()
    told: Iterable[tuple[uuid.UUID | None, uuid.UUID, str, dt.datetime]] = tasks.values_list(
        "assignee_id", "organisation_id", "state", "due_at"
    )
    for assignee_id, organisation_id, state, due_at in told:
        table = assignee_id or organisation_id
        held[table] += 1
        late[table] += state == TaskState.OPEN and due_at < now
    loads: dict[uuid.UUID, Load] = {}
    for post in posts:
        place = post.organisation
        if held[place.pk]:
            row = Load(None, "", place.name, False, held[place.pk], late[place.pk])
            loads.setdefault(place.pk, row)
        person = post.account
        row = Load(
            person.pk,
            person.display_name,
            place.name,
            post.is_away,
            held[person.pk],
            late[person.pk],
        )
        loads.setdefault(person.pk, row)
    return list(loads.values())


def colleagues_for(actor: Actor, bundle: Bundle) -> list[Colleague]:
    """List whom the running task can be handed to; the actor and those party to the case left out."""
    if bundle.task is None:
        return []
    sitting = sitting_at(bundle.dossier, bundle.dossier.step, bundle.task.organisation)
    wanted = set(sitting) - {actor.account_id}
    users = get_user_model().objects.only("display_name").filter(pk__in=wanted)
    found = [Colleague(user.pk, user.display_name) for user in users]
    return sorted(found, key=lambda one: one.name)


def referable(bundle: Bundle) -> list[Organisation]:
    """List the organisations of the line that could take the running step over, from below."""
    dossier, task = bundle.dossier, bundle.task
    if task is None:
        return []
    ids = [stop.organisation_id for stop in line_from(dossier.organisation)]
    known = Organisation.objects.in_bulk(ids)
    return [
        known[pk]
        for pk in ids
        if pk != task.organisation_id and sitting_at(dossier, dossier.step, known[pk])
    ]


def _mine(actor: Actor) -> Q:
    return Q(assignee_id=actor.account_id) | Q(assignee__isnull=True)


def _chips(actor: Actor) -> dict[str, Q]:
    """Return what narrows the officer's desk under each chip."""
    mine, running, now = _mine(actor), Q(state=TaskState.OPEN), clock.now()
    return {
        "mine": mine,
        "late": mine & running & Q(due_at__lt=now),
        "today": mine & running & Q(due_at__gte=now, due_at__lt=_tonight()),
        "waiting": mine & Q(state=TaskState.STOPPED),
        "team": Q(),
    }


def _counts(actor: Actor, desk: QuerySet[Task], below: QuerySet[Task]) -> dict[str, int]:
    """Count under every chip in one pass: each task falls into one heap, the chips add heaps up."""
    now = clock.now()
    heap = Case(
        When(~_mine(actor), then=Value("others")),
        When(state=TaskState.STOPPED, then=Value("waiting")),
        When(due_at__lt=now, then=Value("late")),
        When(due_at__lt=_tonight(), then=Value("today")),
        default=Value("later"),
    )
    heaps = Counter(dict(desk.values_list(heap).annotate(Count("pk")).order_by()))
    counts = {chip: heaps[chip] for chip in ("late", "today", "waiting")}
    counts["team"] = heaps.total()
    counts["mine"] = heaps.total() - heaps["others"]
    if actor.with_ability(Ability.DOSSIER_OVERSEE):
        counts["below"] = len(below.values_list("step_index")[:MOST_COUNTED])
    return counts


def _names_fill(tasks: list[Task]) -> None:
    """Add what the rows share (versions, organisations, colleagues) once, instead of once a row."""
    places = {task.organisation_id for task in tasks} | {
        task.dossier.organisation_id for task in tasks
    }
    known = Organisation.objects.only("name").in_bulk(places) if places else {}
    people = {task.assignee_id for task in tasks if task.assignee_id}
    users = get_user_model().objects.only("display_name").in_bulk(people) if people else {}
    versions_fill([task.dossier for task in tasks])
    for task in tasks:
        task.organisation = known[task.organisation_id]
        task.dossier.organisation = known[task.dossier.organisation_id]
        task.assignee = users[task.assignee_id] if task.assignee_id else None


def _tonight() -> dt.datetime:
    day = clock.today() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=workdays.SHANGHAI).astimezone(dt.UTC)


def _row(task: Task) -> QueueRow:
    dossier = task.dossier
    step = dossier.definition.route[task.step_index]
    return QueueRow(
        task=task,
        service=str(dossier.version.name),
        name=mask_name(dossier.applicant_name),
        step=str(step.name),
        organisation=dossier.organisation.name,
        days_left=_days_left(task),
        total_days=max(step.working_days, 1),
    )


def _days_left(task: Task) -> int:
    if task.state == TaskState.STOPPED:
        return task.days_left or 0
    due_on = task.due_at.astimezone(workdays.SHANGHAI).date()
    left = workdays.workdays_between(clock.today(), due_on)
    return min(left, -1) if task.due_at < clock.now() else left
