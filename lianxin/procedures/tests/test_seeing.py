"""Three people and a few more: who sees a dossier, in lists and alone."""

from __future__ import annotations

import pytest

from lianxin.audit.api import openings_of
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import Relative
from lianxin.members.testing import Federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor, Post, Reach, Role, deputy_name, post_set_away
from lianxin.orgs.testing import post_make
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Payment, Recusal
from lianxin.procedures.policies import may_view, payments_visible_to, visible_to, who_is
from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    FieldKind,
    Gives,
    GivesKind,
    Routing,
    StepKind,
)
from lianxin.procedures.rules.machine import TaskState, Who
from lianxin.procedures.selectors import dossier_bundle, open_count, queue_for, team_load, timeline
from lianxin.procedures.services import answers_open, dossier_ask, step_approve, task_recuse
from lianxin.procedures.testing import (
    approve,
    definition_of,
    field_of,
    handler_of,
    live_task,
    step_of,
    submitted,
)
from lianxin.vault import api as vault

ALL = [
    "lin",
    "wang",
    "sun",
    "chen",
    "guo",
    "zhou",
    "xu",
    "he",
    "qian",
    "fang",
    "luo",
    "zhao",
    "ma",
    "tang",
]
SEALED = definition_of(
    step_of("meet", StepKind.ACKNOWLEDGEMENT, level="city", roles=["counsellor"]),
    routing=Routing.SPECIALIST,
    confidentiality=Confidentiality.SEALED,
    gives=Gives(kind=GivesKind.APPOINTMENT),
)
COMPLAINT = definition_of(
    step_of("look", level="street", roles=["officer", "lawyer"]),
    step_of("decide", StepKind.DECISION, level="district", roles=["officer"]),
    fields=[field_of("about", FieldKind.ORGANISATION), field_of("what")],
    routing=Routing.AVOID,
    respondent="about",
    confidentiality=Confidentiality.RESTRICTED,
)


def seers(people: Federation, dossier: Dossier) -> set[str]:
    """Ask everybody the same question in every way, and see that the answers agree."""
    found = set()
    for key in ALL:
        actor = people.actor(key)
        sees = may_view(actor, dossier)
        assert sees == (dossier in visible_to(actor, Dossier.objects.all()))
        assert sees == (dossier_bundle(actor, dossier.pk) is not None)
        rows = [
            row.dossier_id
            for chip in ("mine", "team", "below")
            for row in queue_for(actor, chip=chip).rows
        ]
        assert sees or dossier.pk not in rows
        if sees:
            found.add(key)
    return found


def test_an_ordinary_case_is_seen_by_its_desk_and_those_above(people: Federation) -> None:
    dossier = submitted(people)
    assert seers(people, dossier) == {"lin", "wang", "sun", "chen", "guo", "zhou", "xu", "he"}


def test_a_desk_beside_the_line_sees_nothing_until_it_is_its_turn(people: Federation) -> None:
    dossier = submitted(people)
    assert "qian" not in seers(people, dossier)
    dossier = approve(dossier, people.actor("wang"))
    approve(dossier, people.actor("chen"))
    assert "qian" in seers(people, dossier)


def test_counselling_is_in_nobodys_list_and_nobodys_count(people: Federation) -> None:
    before = {
        key: (open_count(people.actor(key)), queue_for(people.actor(key)).counts) for key in ALL
    }
    loads = {key: team_load(people.actor(key)) for key in ALL}
    dossier = submitted(people, definition=SEALED)
    assert seers(people, dossier) == {"lin", "fang"}
    for key in set(ALL) - {"fang"}:
        assert (open_count(people.actor(key)), queue_for(people.actor(key)).counts) == before[key]
        assert team_load(people.actor(key)) == loads[key]
    assert open_count(people.actor("fang")) == 1


def test_who_is_a_specialist_no_more_keeps_no_sealed_case(people: Federation) -> None:
    dossier = submitted(people, definition=SEALED)
    assert may_view(people.actor("fang"), dossier)
    # The row itself, so that nobody is told and the task stays in her name.
    Post.objects.filter(account=people.account("fang")).update(role=Role.OFFICER)
    fang = people.actor("fang")
    assert not may_view(fang, dossier)
    assert open_count(fang) == 0
    assert not queue_for(fang, chip="team").rows
    assert who_is(fang, dossier, live_task(dossier)) is Who.STRANGER


def test_a_sealed_case_follows_its_specialist_and_leaves_the_one_who_steps_back(
    people: Federation,
) -> None:
    second = people.accounts["luo"]
    post_make(second, people.organisation("city"), Role.COUNSELLOR, Reach.BELOW)
    dossier = submitted(people, definition=SEALED)
    first = handler_of(live_task(dossier))
    task_recuse(actor=first, dossier_id=dossier.pk, key="r", seen=None)
    assert live_task(dossier).assignee_id != first.account_id
    assert len(seers(people, dossier)) == 2
    assert not may_view(first, dossier)


def test_without_a_specialist_the_chair_learns_of_the_gap_and_not_of_the_case(
    people: Federation,
) -> None:
    post = Post.objects.get(account=people.account("fang"))
    post_set_away(actor=Actor.system(), post=post, is_away=True)
    dossier = submitted(people, definition=SEALED)
    assert live_task(dossier).is_nobody_free
    assert seers(people, dossier) == {"lin"}
    letter = letters_to(people.account_id("he"))[0]
    assert (letter.kind, letter.url) == ("staff.wanted", "")
    assert dossier.number not in letter.body
    post_set_away(actor=Actor.system(), post=post, is_away=False)
    assert services.tasks_reseat_unstaffed() == 1
    assert live_task(dossier).assignee_id == people.account_id("fang")
    assert seers(people, dossier) == {"lin", "fang"}


def test_a_complaint_never_reaches_the_union_complained_of(people: Federation) -> None:
    dossier = submitted(people, definition=COMPLAINT, answers={"about": "JZ-JL-BC"})
    # The street is complained of, so the district looks at it; officers below it see nothing.
    assert live_task(dossier).organisation == people.organisation("jialing")
    assert seers(people, dossier) == {"lin", "chen"}


def test_an_officer_of_the_house_complained_of_is_out_wherever_else_she_sits(
    people: Federation,
) -> None:
    post_make(people.account("chen"), people.organisation("riverside"), Role.OFFICER_PART_TIME)
    dossier = submitted(people, definition=COMPLAINT, answers={"about": "JZ-BH-JW-001"})
    other = submitted(people, definition=COMPLAINT, answers={"about": "JZ-JL-BC-001"}, key="other")
    assert seers(people, dossier) == {"lin", "sun"}
    assert not may_view(people.actor("chen"), dossier)
    assert seers(people, other) == {"lin", "sun"}


def test_a_complaint_about_the_whole_tree_is_refused_with_another_door(people: Federation) -> None:
    with pytest.raises(RefusedError, match="12351"):
        submitted(people, definition=COMPLAINT, answers={"about": "JZ"})
    assert not Dossier.objects.exists()


def test_nobody_handles_her_own_case_and_it_is_no_work_in_her_queue(people: Federation) -> None:
    dossier = submitted(people, by="wang")
    assert live_task(dossier).organisation != people.organisation("yangtze")
    assert dossier.pk not in [
        row.dossier_id for row in queue_for(people.actor("wang"), chip="team").rows
    ]
    with pytest.raises(ForbiddenError):
        step_approve(actor=people.actor("wang"), dossier_id=dossier.pk, key="x", seen=None)


@pytest.mark.parametrize("who_declared", ["lin", "wang"])
def test_a_declared_relative_neither_handles_nor_sees(
    people: Federation, who_declared: str
) -> None:
    declared = {"lin": "wang", "wang": "lin"}[who_declared]
    other = people.member(declared)
    Relative.objects.create(
        member=people.member(who_declared), relation="spouse", name="x", id_index=other.id_index
    )
    dossier = submitted(people)
    assert live_task(dossier).organisation == people.organisation("beicang")
    assert "wang" not in seers(people, dossier)
    assert Recusal.objects.get(dossier=dossier, account=people.account("wang")).reason == "family"


def test_who_has_stepped_back_no_longer_sees_the_case(people: Federation) -> None:
    dossier = submitted(people)
    task_recuse(
        actor=people.actor("wang"), dossier_id=dossier.pk, key="x", seen=None, reason="同学"
    )
    assert live_task(dossier).organisation == people.organisation("beicang")
    assert "wang" not in seers(people, dossier)


def test_sealed_answers_stay_shut_for_the_office_until_opened_and_noted(people: Federation) -> None:
    definition = definition_of(
        step_of("review"), fields=[field_of("a"), field_of("b", is_sensitive=True)]
    )
    dossier = submitted(people, definition=definition, answers={"a": "公开", "b": "病情"})
    office = dossier_bundle(people.actor("wang"), dossier.pk)
    own = dossier_bundle(people.actor("lin"), dossier.pk)
    assert office is not None
    assert own is not None
    assert [(row.value, row.is_hidden) for row in office.answers] == [("公开", False), (None, True)]
    assert [row.value for row in own.answers] == ["公开", "病情"]
    assert not openings_of(people.account_id("lin")).exists()
    opened = answers_open(actor=people.actor("wang"), dossier_id=dossier.pk, purpose="review")
    assert opened == {"a": "公开", "b": "病情"}
    trace = openings_of(people.account_id("lin")).get()
    assert (trace.actor_id, trace.detail) == (people.account_id("wang"), {"fields": ["b"]})
    with pytest.raises(ForbiddenError):
        answers_open(actor=people.actor("ma"), dossier_id=dossier.pk, purpose="review")


def test_a_sealed_answer_moved_to_another_dossier_does_not_open(people: Federation) -> None:
    definition = definition_of(step_of("review"), fields=[field_of("b", is_sensitive=True)])
    one = submitted(people, definition=definition).answer_sets.get()
    two = submitted(people, definition=definition, by="zhao").answer_sets.get()
    two.sealed = one.sealed
    two.save()
    with pytest.raises(vault.BrokenSealError):
        dossier_bundle(people.actor("zhao"), two.dossier_id)


def test_the_person_reads_an_office_and_not_a_name(people: Federation) -> None:
    dossier = submitted(people)
    dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="请补一张照片", key="a", seen=None
    )
    own = dossier_bundle(people.actor("lin"), dossier.pk)
    office = dossier_bundle(people.actor("wang"), dossier.pk)
    assert own is not None
    assert office is not None
    mine, theirs = (
        timeline(people.actor("lin"), own)[-1],
        timeline(people.actor("wang"), office)[-1],
    )
    assert "王建国" not in mine.who
    assert "王建国" in theirs.who
    assert mine.note == theirs.note == "请补一张照片"
    assert own.asked is not None


def test_a_dossier_has_few_queries(
    people: Federation, django_assert_max_num_queries: object
) -> None:
    dossier = submitted(people)
    for key in ("lin", "wang", "zhou"):
        actor = people.actor(key)
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
            bundle = dossier_bundle(actor, dossier.pk)
            assert bundle is not None
            timeline(actor, bundle)
        with django_assert_max_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture
            queue_for(actor)


def test_hidden_roles_are_hidden_from_above_even_in_an_ordinary_case(people: Federation) -> None:
    definition: Definition = definition_of(step_of("advise", level="city", roles=["lawyer"]))
    dossier = submitted(people, definition=definition)
    assert seers(people, dossier) == {"lin", "luo"}
    assert live_task(dossier).state == TaskState.OPEN


def test_who_has_left_the_desk_knows_her_former_cases_no_more(people: Federation) -> None:
    dossier = submitted(people)
    services.task_take(actor=people.actor("wang"), dossier_id=dossier.pk, key="t", seen=None)
    assert may_view(people.actor("wang"), dossier)
    # The row itself, so that the task stays in her name; she now sits in another house.
    Post.objects.filter(account=people.account("wang")).update(
        organisation=people.organisation("riverside")
    )
    wang = people.actor("wang")
    assert wang.is_officer
    assert not may_view(wang, dossier)
    assert who_is(wang, dossier, live_task(dossier)) is Who.STRANGER
    assert not queue_for(wang, chip="team").rows


def test_a_deputy_handles_what_lies_there_and_the_timeline_says_for_whom(
    people: Federation,
) -> None:
    dossier = submitted(people)
    post = Post.objects.get(account=people.account("wang"))
    today = clock.today()
    deputy_name(
        actor=people.actor("wang"), post=post, account_id=people.account_id("ma"),
        starts_on=today, ends_on=today,
    )  # fmt: skip
    ma = people.actor("ma")
    assert may_view(ma, dossier)
    dossier_ask(actor=ma, dossier_id=dossier.pk, words="请补一张照片", key="a", seen=None)
    bundle = dossier_bundle(ma, dossier.pk)
    assert bundle is not None
    line = timeline(ma, bundle)[-1]
    assert "马超群" in line.who
    assert "王建国" in line.who
    assert bundle.entries[-1].data["for"] == str(people.account_id("wang"))


def test_money_of_a_case_one_stepped_back_from_is_a_colleagues_to_pay(people: Federation) -> None:
    dossier = approve(submitted(people), people.actor("wang"))
    dossier = approve(dossier, people.actor("chen"))
    qian = people.actor("qian")
    payments = Payment.objects.filter(dossier=dossier)
    assert payments_visible_to(qian, payments).exists() is payments.exists()
    Recusal.objects.create(dossier=dossier, account=people.account("qian"), reason="wish")
    assert not payments_visible_to(qian, payments).exists()
