"""Role by layer by action by foreign row: lists, pages and the oracle agree on every random tree.

Slow by its nature (each tree is asked by everybody in it, in every list and page): a second a tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.catalogue import policies as catalogue
from lianxin.members import policies as members
from lianxin.members.api import Member
from lianxin.notices import policies as notices
from lianxin.orgs import policies as orgs
from lianxin.orgs.api import Ability, Actor, Organisation, Post, Reach, actor_of, reach_q
from lianxin.procedures import policies as procedures
from lianxin.procedures.models import Dossier, Payment, PaymentBatch, Task
from lianxin.procedures.rules.machine import Who
from lianxin.procedures.services.turns import task_of
from lianxin.procedures.slots import may_open_papers
from lianxin.stations import policies as stations
from lianxin.stations.models import Station
from lianxin.voice import policies as voice
from tests.matrix.asked import further_agrees, kept, nothing_further
from tests.matrix.oracle import CHECKED, World
from tests.matrix.worlds import Rows, world_of, written

EXAMPLES = 25
slow = settings(
    max_examples=EXAMPLES, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def _pks(rows: Iterable[Any]) -> set[Any]:
    return {row.pk for row in rows}


@pytest.mark.django_db
@given(st.integers(0, 2**32 - 1))
@slow
def test_everybody_sees_what_the_oracle_says_and_not_one_row_more(seed: int) -> None:
    world, levels = world_of(seed)
    with written(world, levels) as rows:
        for who, user in enumerate(rows.users):
            actor = actor_of(user.pk)
            _reach(world, rows, who, actor)
            _people(world, rows, who, actor)
            _cases(world, rows, who, actor)
            _money(world, rows, who, actor)
            _voices(world, rows, who, actor)
            _posts(world, rows, who, actor)
            _kept_stations(world, rows, who, actor)
            further_agrees(world, rows, who, actor)
        _nobody(rows)


def _reach(world: World, rows: Rows, who: int, actor: Actor) -> None:
    """Every ability over every union, in the list and asked of one."""
    assert actor.is_officer is bool(world.borne(who))
    for ability in map(Ability, CHECKED):
        expected = {
            node for node in range(len(world.parents)) if world.can(who, ability.value, node)
        }
        listed = Organisation.objects.filter(reach_q(actor, ability, prefix=""))
        assert kept(listed) == {rows.organisations[node].pk for node in expected}
        asked = {
            node for node, row in enumerate(rows.organisations) if actor.can(ability, row.path)
        }
        assert asked == expected
        assert actor.can(ability) is any(
            ability.value in brings for _post, brings in world.borne(who)
        )


def _people(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(members.visible_to(actor, Member.objects.all()))
    for row, (node, person) in zip(rows.members, world.members, strict=True):
        sees = world.can(who, "member.view", node)
        helps = world.can(who, "member.help", node)
        own = person == who
        assert (row.pk in listed) is sees
        assert members.may_view(actor, row) is sees
        assert members.may_open(actor, row) is (own or helps)
        assert members.may_update(actor, row) is (helps and not own)
        assert members.may_record(actor, row) is (own or helps)
        assert catalogue.may_help(actor, row) is (helps and not own)
        assert sees or not helps, "whoever serves somebody sees her"


def _cases(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(procedures.visible_to(actor, Dossier.objects.all()))
    work = kept(procedures.tasks_visible_to(actor, Task.objects.all()))
    desk = kept(procedures.tasks_at_desk(actor, Task.objects.all()))
    below = kept(procedures.tasks_below(actor, Task.objects.all()))
    for n, (row, d) in enumerate(zip(rows.dossiers, world.dossiers, strict=True)):
        sees = world.sees(who, d)
        assert (row.pk in listed) is sees
        assert procedures.may_view(actor, row) is sees
        assert may_open_papers(actor, row.pk) is sees
        for task, t in zip(rows.tasks[n], d.tasks, strict=True):
            assert (task.pk in work) is world.sees_as_office(who, d)
            assert (task.pk in desk) is world.task_at_desk(who, d, t)
            assert (task.pk in below) is world.task_below(who, d, t)
        _acts(world, row, who, actor, sees=sees)


def _acts(world: World, row: Dossier, who: int, actor: Actor, *, sees: bool) -> None:
    """Whoever is anything to a case sees it, and the hint of the page changes no answer."""
    task = task_of(row)
    is_ = procedures.who_is(actor, row, task)
    assert sees or is_ is Who.STRANGER, is_
    if sees:
        assert procedures.who_is(actor, row, task, is_visible=True) is is_
    d = world.dossiers[int(row.number[1:])]
    if d.applicant == who:
        assert is_ is Who.PERSON
    elif d.tasks and not d.awaiting:
        mine = world.task_at_desk(who, d, d.tasks[-1])
        assert (is_ in {Who.HOLDER, Who.COLLEAGUE}) is mine


def _money(world: World, rows: Rows, who: int, actor: Actor) -> None:
    paid = kept(procedures.payments_visible_to(actor, Payment.objects.all()))
    sent = kept(procedures.batches_visible_to(actor, PaymentBatch.objects.all()))
    for payment, batch, d in zip(rows.payments, rows.batches, world.dossiers, strict=True):
        if payment and batch:
            assert (payment.pk in paid) is world.sees_payment(who, d)
            assert (batch.pk in sent) is world.sees_payment(who, d)


def _voices(world: World, rows: Rows, who: int, actor: Actor) -> None:
    objected = kept(notices.objections_visible_to(actor))
    for row, one in zip(rows.objections, world.objections, strict=True):
        sees = world.sees_objection(who, one)
        assert (row.pk in objected) is sees
        assert notices.may_settle(actor, row) is sees
    told = kept(voice.visible_to(actor))
    for row_, two in zip(rows.suggestions, world.suggestions, strict=True):
        sees = world.sees_suggestion(who, two)
        assert (row_.pk in told) is sees
        assert voice.may_answer(actor, row_) is sees


def _posts(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(orgs.posts_visible_to(actor, Post.objects.all()))
    for row, post in zip(rows.posts, world.posts, strict=True):
        assert (row.pk in listed) is world.sees_post(who, post)
        ends = world.may_grant(who, post.node, post.account, below=post.below)
        assert orgs.may_end(actor, row) is ends
        holds = post.account == who and any(one is post for one, _brings in world.borne(who))
        assert orgs.may_deputise(actor, row) is (holds or ends)
        assert (row.pk in listed) or not ends, "whoever ends a post sees it"
    for node, organisation in enumerate(rows.organisations):
        for whom, user in enumerate(rows.users):
            for below in (False, True):
                reach = Reach.BELOW if below else Reach.HERE
                may = world.may_grant(who, node, whom, below=below)
                assert orgs.may_grant(actor, organisation, user.pk, reach) is may


def _kept_stations(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(stations.visible_to(actor, Station.objects.all()))
    for node, row in enumerate(rows.stations):
        keeps = world.can(who, "station.keep", node)
        assert (row.pk in listed) is keeps
        assert stations.may_keep(actor, row) is keeps


def _nobody(rows: Rows) -> None:
    """A visitor sees nothing at all."""
    visitor = Actor()
    assert not kept(members.visible_to(visitor, Member.objects.all()))
    assert not kept(procedures.visible_to(visitor, Dossier.objects.all()))
    assert not kept(procedures.tasks_visible_to(visitor, Task.objects.all()))
    assert not kept(procedures.payments_visible_to(visitor, Payment.objects.all()))
    assert not kept(procedures.batches_visible_to(visitor, PaymentBatch.objects.all()))
    assert not kept(notices.objections_visible_to(visitor))
    assert not kept(voice.visible_to(visitor))
    assert not kept(stations.visible_to(visitor, Station.objects.all()))
    assert not kept(orgs.posts_visible_to(visitor, Post.objects.all()))
    nothing_further(visitor)
