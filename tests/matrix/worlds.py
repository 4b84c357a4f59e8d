"""Random worlds, and how they are written into the database."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from lianxin.accounts.api import User
from lianxin.kit import clock
from lianxin.members.api import Member
from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.orgs.api import Organisation, Post, codes_above
from lianxin.procedures.models import (
    Dossier,
    Payment,
    PaymentBatch,
    ProcedureVersion,
    Recusal,
    Task,
)
from lianxin.procedures.rules.definition import dump
from lianxin.procedures.testing import definition_of, step_of
from lianxin.stations.models import Station
from lianxin.voice.models import Suggestion
from tests.matrix.further import Further, further_drawn, further_written
from tests.matrix.oracle import BESIDE, BRINGS, D, P, T, World

LADDERS = (
    ("city", "district", "street", "grassroots", "group"),
    ("city", "industry", "grassroots", "group"),
    ("national", "province", "city", "district", "street", "grassroots"),
    ("province", "city", "district", "grassroots"),
)
STEP = 4
PEOPLE = 6
DESKS = ("officer", "counsellor", "lawyer", "finance", "caseworker")
ROLES = (*sorted(BRINGS), *sorted(BESIDE), "officer", "officer", "chair", "chair", "counsellor")


@dataclass
class Rows:
    """The world's rows in the database, in the order of the world's lists."""

    users: list[User]
    organisations: list[Organisation]
    posts: list[Post]
    members: list[Member]
    dossiers: list[Dossier]
    tasks: list[list[Task]]
    payments: list[Payment | None]
    batches: list[PaymentBatch | None]
    objections: list[Objection]
    suggestions: list[Suggestion]
    stations: list[Station]  # one at each union
    further: Further


def world_of(seed: int) -> tuple[World, tuple[str, ...]]:
    """Draw a tree of up to ten unions, six people with a dozen posts, and rows about them.

    From a seed rather than from small choices: dense worlds find what sparse ones never meet.
    """
    rnd = random.Random(seed)  # noqa: S311  (a test, no secret)
    ladder = rnd.choice(LADDERS)
    parents, depths = [0], [0]
    for place in range(1, rnd.randint(3, 10)):
        parents.append(rnd.choice([one for one in range(place) if depths[one] < len(ladder) - 1]))
        depths.append(depths[parents[-1]] + 1)

    def node() -> int:
        return rnd.randrange(len(parents))

    def who() -> int:
        return rnd.randrange(PEOPLE)

    def maybe(one: int) -> int | None:
        return rnd.choice([None, one])

    posts = [
        P(
            who(), node(), rnd.choice(ROLES), rnd.random() < 0.6, rnd.choice([-9, -9, -9, 0, 1]),
            rnd.choice([None, None, None, -1, 0, 5]), maybe(who()), rnd.choice([-2, 0, 1]),
            rnd.choice([-1, 0, 3]),
        )
        for _post in range(rnd.randint(6, 14))
    ]  # fmt: skip
    dossiers = [_dossier(rnd, node, who, maybe, posts) for _dossier_n in range(6)]
    world = World(
        parents, PEOPLE, posts,
        [*((node(), None) for _n in range(3)), *((node(), person) for person in range(PEOPLE))],
        dossiers,
        [(node(), who(), maybe(who())) for _n in range(3)],
        [(node(), maybe(who())) for _n in range(3)],
        {person for person in range(PEOPLE) if rnd.random() < 0.4},
    )  # fmt: skip
    _made_sound(world)
    further_drawn(rnd, world, node, who, maybe)
    return world, tuple(ladder[depth] for depth in depths)


def _dossier(
    rnd: random.Random,
    node: Callable[[], int],
    who: Callable[[], int],
    maybe: Callable[[int], int | None],
    posts: list[P],
) -> D:
    """Draw a dossier; half of its tasks lie where somebody sits who may do them."""
    tasks = []
    for _task in range(rnd.randint(0, 3)):
        seat = rnd.choice(posts)
        near = rnd.random() < 0.5
        tasks.append(
            T(
                seat.node if near else node(),
                sorted({seat.role if near else rnd.choice(DESKS), rnd.choice(DESKS)}),
                maybe(seat.account if near else who()),
                rnd.choice(["moved", "done"]),
            )
        )
    return D(
        who(), node(), rnd.choice(["ordinary", "ordinary", "sensitive", "restricted", "sealed"]),
        rnd.choice([None, None, node()]), maybe(who()), rnd.random() < 0.15,
        {who() for _n in range(rnd.randint(0, 1))}, tasks, maybe(node()),
        maybe(who()) if rnd.random() < 0.4 else None,
    )  # fmt: skip


def _made_sound(world: World) -> None:
    """Leave out what the database refuses, and let at most the last task of a dossier live."""
    seen: set[tuple[int, int, str]] = set()
    for post in list(world.posts):
        key = (post.account, post.node, post.role)
        if post.last is None and key in seen:
            world.posts.remove(post)
        if post.last is None:
            seen.add(key)
        if post.deputy == post.account:
            post.deputy = None
    for d in world.dossiers:
        if d.tasks:
            d.tasks[-1].state = "open"
        if d.awaiting:
            d.tasks, d.payment_at = [], None
            d.helper = d.helper if d.helper != d.applicant else None
        d.carrier = None if d.awaiting or d.carrier == d.applicant else d.carrier
        d.recused |= {one for one in (d.carrier,) if one is not None}


@contextmanager
def written(world: World, levels: tuple[str, ...]) -> Iterator[Rows]:
    """Write a world, and take it back afterwards."""
    with transaction.atomic():
        yield _write(world, levels)
        transaction.set_rollback(True)


def _write(world: World, levels: tuple[str, ...]) -> Rows:
    proved = {n: clock.now() for n in world.opened}
    users = User.objects.bulk_create(
        User(display_name=f"P{n}", phone_verified_at=proved.get(n)) for n in range(world.people)
    )
    organisations = _tree(world, levels)
    today = clock.today()

    def day(offset: int) -> dt.date:
        return today + dt.timedelta(days=offset)

    posts = Post.objects.bulk_create(
        Post(
            account=users[p.account], organisation=organisations[p.node], role=p.role,
            reach="here_and_below" if p.below else "here", starts_on=day(p.first),
            ends_on=None if p.last is None else day(p.last),
            deputy=None if p.deputy is None else users[p.deputy],
            deputy_from=None if p.deputy is None else day(p.deputy_first),
            deputy_until=None if p.deputy is None else day(p.deputy_last),
        )
        for p in world.posts
    )  # fmt: skip
    members = Member.objects.bulk_create(
        Member(
            name="M", organisation=organisations[node],
            account=None if person is None else users[person],
            **codes_above([organisations[one] for one in sorted(world.above(node))]),
        )
        for node, person in world.members
    )  # fmt: skip
    objections, suggestions = _voices(world, users, organisations)
    return Rows(
        users, organisations, posts, members, *_cases(world, users, organisations),
        objections, suggestions, _stations(organisations),
        further_written(world, users, organisations, posts, members),
    )  # fmt: skip


def _stations(organisations: list[Organisation]) -> list[Station]:
    return Station.objects.bulk_create(
        Station(organisation=one, code=f"s{at}", name=f"s{at}", division_code="990101", district_code="990101")
        for at, one in enumerate(organisations)
    )  # fmt: skip


def _tree(world: World, levels: tuple[str, ...]) -> list[Organisation]:
    children = [0] * len(world.parents)
    rows: list[Organisation] = []
    for node, parent in enumerate(world.parents):
        children[parent] += node != 0
        path = f"{children[parent]:0{STEP}d}"
        rows.append(
            Organisation(
                path=(rows[parent].path if node else "") + (path if node else "0001"),
                depth=rows[parent].depth + 1 if node else 1,
                code=f"N{node}", name=f"N{node}", level=levels[node],
            )
        )  # fmt: skip
    for node, row in enumerate(rows):
        row.numchild = children[node]
    made: list[Organisation] = Organisation.objects.bulk_create(rows)
    return made


def _cases(
    world: World, users: list[User], organisations: list[Organisation]
) -> tuple[list[Dossier], list[list[Task]], list[Payment | None], list[PaymentBatch | None]]:
    now = clock.now()
    version = ProcedureVersion.objects.create(
        code="matrix", version=1, name_en="x", name_zh_hans="x", digest=uuid.uuid4().hex,
        body=dump(definition_of(step_of("look"))).decode(),
    )  # fmt: skip
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            number=f"D{n}", version=version, applicant=users[d.applicant], key=str(n),
            organisation=organisations[d.node], confidentiality=d.secrecy,
            respondent=None if d.respondent is None else organisations[d.respondent],
            helped_by=None if d.helper is None else users[d.helper],
            carried_by=None if d.carrier is None else users[d.carrier],
            state="awaiting_confirmation" if d.awaiting else "open",
            submitted_at=None if d.awaiting else now,
        )
        for n, d in enumerate(world.dossiers)
    )  # fmt: skip
    Recusal.objects.bulk_create(
        Recusal(dossier=row, account=users[person], reason="wish")
        for row, d in zip(dossiers, world.dossiers, strict=True)
        for person in d.recused
    )
    tasks = [
        [
            Task(
                dossier=row, step_index=0, step_code="look", kind="review", due_at=now,
                organisation=organisations[t.node], roles=f"|{'|'.join(t.roles)}|",
                assignee=None if t.assignee is None else users[t.assignee], state=t.state,
                is_hidden=t.hidden, opened_at=now + dt.timedelta(seconds=n),
            )
            for n, t in enumerate(d.tasks)
        ]
        for row, d in zip(dossiers, world.dossiers, strict=True)
    ]  # fmt: skip
    Task.objects.bulk_create([task for some in tasks for task in some])
    return dossiers, tasks, *_money(world, dossiers, users, organisations)


def _money(
    world: World, dossiers: list[Dossier], users: list[User], organisations: list[Organisation]
) -> tuple[list[Payment | None], list[PaymentBatch | None]]:
    batches: list[PaymentBatch | None] = [
        PaymentBatch(
            number=f"B{n}",
            organisation=organisations[d.payment_at],
            created_by=users[0],
            key=str(n),
        )
        if d.payment_at is not None
        else None
        for n, d in enumerate(world.dossiers)
    ]
    PaymentBatch.objects.bulk_create([one for one in batches if one])
    payments: list[Payment | None] = [
        Payment(
            number=f"P{n}", dossier=dossiers[n], step_code="look", organisation=batch.organisation,
            payee_name="x", amount_fen=1, batch=batch, state="batched",
        )
        if batch
        else None
        for n, batch in enumerate(batches)
    ]  # fmt: skip
    Payment.objects.bulk_create([one for one in payments if one])
    return payments, batches


def _voices(
    world: World, users: list[User], organisations: list[Organisation]
) -> tuple[list[Objection], list[Suggestion]]:
    now, today = clock.now(), clock.today()
    notices = Notice.objects.bulk_create(
        Notice(
            organisation=organisations[node], title_en=f"N{n}", title_zh="x", starts_on=today,
            starts_at=now, ends_at=now,
        )
        for n, (node, _objector, _subject) in enumerate(world.objections)
    )  # fmt: skip
    lines = NoticeLine.objects.bulk_create(
        NoticeLine(
            notice=notices[n], object_kind="x", object_id=uuid.uuid4(), name="x",
            subject_id=None if subject is None else users[subject].pk, receipt_index=f"r{n}",
        )
        for n, (_node, _objector, subject) in enumerate(world.objections)
    )  # fmt: skip
    objections = Objection.objects.bulk_create(
        Objection(line=lines[n], account=users[objector], key=uuid.uuid4(), due_at=now)
        for n, (_node, objector, _subject) in enumerate(world.objections)
    )
    suggestions = Suggestion.objects.bulk_create(
        Suggestion(
            organisation=organisations[node], kind="suggestion", key_index=f"k{n}",
            follow_index=f"f{n}", account=None if writer is None else users[writer],
            received_on=today, due_on=today,
        )
        for n, (node, writer) in enumerate(world.suggestions)
    )  # fmt: skip
    return objections, suggestions
