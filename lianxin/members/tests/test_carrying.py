"""Members follow the unions that move, merge and close; killed anywhere, nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lianxin.audit.api import breaches
from lianxin.audit.testing import seed_heads
from lianxin.jobs.testing import crash_everywhere, run_periodic, settle
from lianxin.kit import clock as clocks
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.models import Member, MembershipEvent, Transfer
from lianxin.members.services.roll import member_create
from lianxin.members.testing import Federation, federation, invented_id_number, member_make
from lianxin.orgs.api import (
    Actor,
    Details,
    Level,
    Organisation,
    OrganisationChange,
    Reach,
    Role,
    codes_above,
    line_of,
    member_counts_add,
    organisation_close,
    organisation_found,
    organisation_merge,
    organisation_move,
    tree_check,
)
from lianxin.orgs.testing import (
    change_cancel,
    change_step,
    organisation_make,
    post_make,
    small_batches,
)

LATER = dt.timedelta(minutes=10)
State = OrganisationChange.State


@pytest.fixture(autouse=True)
def _small_batches() -> Iterator[None]:
    with small_batches():
        yield


@pytest.fixture
def made(db: None) -> Federation:
    return peopled()


def peopled() -> Federation:
    made = federation()
    for number in range(3):
        union = organisation_make(
            f"北苍{number}号工会", code=f"JZ-JL-BC-1{number}", level=Level.GRASSROOTS,
            parent=made.organisation("beicang"),
        )  # fmt: skip
        made.organisations[f"b{number}"] = union
        for serial in range(3):
            member_make("周一", union, serial=100 + 10 * number + serial)
    tree_check(repair=True)
    post_make(made.account("ma"), made.organisation("binhe"), Role.OFFICER, Reach.BELOW)
    return made


def whole() -> None:
    """Check what must hold at every moment: a sound tree with true counts, nobody lost or doubled."""
    report = tree_check()
    assert report.is_sound, report
    assert breaches() == []


def seen(actor: Actor) -> set[str]:
    return {
        str(pk)
        for pk in policies.visible_to(actor, Member.objects.all()).values_list("pk", flat=True)
    }


def meant(actor: Actor) -> set[str]:
    """Say by the tree alone whom an officer sees."""
    rows = Member.objects.select_related("organisation")
    return {
        str(member.pk)
        for member in rows
        for post in actor.posts
        if post.covers(member.organisation.path)
    }


def readers_agree(made: Federation) -> None:
    for key in ("wang", "sun", "guo", "chen", "zhou", "ma"):
        actor = made.actor(key)
        assert seen(actor) == meant(actor), key


def lines_hold() -> None:
    for member in Member.objects.select_related("organisation"):
        for column, code in codes_above(line_of(member.organisation)).items():
            assert getattr(member, column) == code


def fresh(organisation: Organisation) -> Organisation:
    found: Organisation = Organisation.objects.get(pk=organisation.pk)
    return found


def test_a_street_moves_with_its_members_and_every_reader_sees_one_truth_at_each_step(made):
    street, district = made.organisation("beicang"), made.organisation("binhe")
    before = {key: made.organisation(key) for key in ("city", "jialing", "binhe")}
    before = {key: fresh(one).member_count for key, one in before.items()}
    change = organisation_move(actor=made.actor("he"), organisation=street, parent=district)
    carried = fresh(street).member_count
    steps = 0
    while change_step(change_id=change.pk):
        steps += 1
        whole()
        readers_agree(made)
    assert steps > 3, "the test wants to look between the batches"
    whole()
    readers_agree(made)
    lines_hold()
    assert [one.code for one in line_of(fresh(made.organisation("b0")))] == [
        "JZ", "JZ-BH", "JZ-JL-BC", "JZ-JL-BC-10",
    ]  # fmt: skip
    assert fresh(made.organisation("city")).member_count == before["city"]
    assert fresh(made.organisation("jialing")).member_count == before["jialing"] - carried
    assert fresh(district).member_count == before["binhe"] + carried
    assert not Organisation.objects.filter(is_in_motion=True).exists()
    change.refresh_from_db()
    assert (change.state, change.percent, change.unions_done) == (State.DONE, 100, 5)
    assert made.member_id("lin").hex in {pk.replace("-", "") for pk in seen(made.actor("ma"))}


def test_the_place_and_the_number_of_a_union_that_left_are_never_given_again(made):
    street = made.organisation("beicang")
    was = street.path
    change = organisation_move(
        actor=made.actor("he"), organisation=street, parent=made.organisation("binhe")
    )
    settle()
    change.refresh_from_db()
    assert change.state == State.DONE
    found = organisation_found(
        actor=made.actor("guo"), parent=made.organisation("jialing"), name="新街道总工会",
        level=Level.STREET, details=Details(),
    )  # fmt: skip
    assert found.path != was
    assert found.code == "JZ-JL-001"


def test_who_read_the_place_before_the_move_is_told_to_try_again(made):
    union = made.organisation("b0")
    organisation_move(
        actor=made.actor("he"),
        organisation=made.organisation("beicang"),
        parent=made.organisation("binhe"),
    )
    settle()
    with pytest.raises(StaleError):
        member_create(
            actor=made.actor("he"), organisation=union, name="李四",
            id_number=invented_id_number(dt.date(1991, 1, 1), 777),
        )  # fmt: skip
    whole()
    member_create(
        actor=made.actor("he"), organisation=fresh(union), name="李四",
        id_number=invented_id_number(dt.date(1991, 1, 1), 777),
    )  # fmt: skip
    whole()
    lines_hold()


def test_a_move_is_the_business_of_those_above_both_ends_and_planned_once(made):
    street, district = made.organisation("beicang"), made.organisation("binhe")
    for key in ("guo", "chen", "wang", "lin", "zhao"):
        with pytest.raises(ForbiddenError):
            organisation_move(actor=made.actor(key), organisation=street, parent=district)
    he = made.actor("he")
    first = organisation_move(actor=he, organisation=street, parent=district)
    assert organisation_move(actor=he, organisation=street, parent=district) == first
    with pytest.raises(RefusedError):
        organisation_close(actor=he, organisation=street)


@pytest.mark.parametrize(("key", "target"), [
    ("city", "binhe"), ("beicang", "yangtze"), ("beicang", "jialing"), ("jialing", "beicang"),
    ("yangtze", "riverside"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(made, key, target):
    actor = Actor.system()
    with pytest.raises(RefusedError) as refused:
        organisation_move(
            actor=actor, organisation=made.organisation(key), parent=made.organisation(target)
        )
    assert refused.value.message


def test_a_planned_move_is_taken_back_and_one_that_began_is_not(made):
    he = made.actor("he")
    street, district = made.organisation("beicang"), made.organisation("binhe")
    tonight = clocks.now() + dt.timedelta(hours=8)
    change = organisation_move(actor=he, organisation=street, parent=district, starts_at=tonight)
    settle()
    with pytest.raises(ForbiddenError):
        change_cancel(actor=made.actor("guo"), change=change)
    assert change_cancel(actor=he, change=change).state == State.CANCELLED
    settle(tonight + LATER)
    assert fresh(street).path == street.path
    again = organisation_move(actor=he, organisation=street, parent=district)
    assert change_step(change_id=again.pk)
    with pytest.raises(RefusedError):
        change_cancel(actor=he, change=again)


def test_moves_take_turns(made):
    he = made.actor("he")
    first = organisation_move(
        actor=he, organisation=made.organisation("beicang"), parent=made.organisation("binhe")
    )
    second = organisation_move(
        actor=he, organisation=made.organisation("riverside"), parent=made.organisation("jialing")
    )
    change_step(change_id=first.pk)
    assert change_step(change_id=second.pk) is False
    second.refresh_from_db()
    assert second.state == State.PLANNED
    settle()
    run_periodic("orgs.changes_resume")
    second.refresh_from_db()
    assert second.state == State.DONE
    whole()
    lines_hold()


def test_a_merger_hands_members_and_posts_to_the_survivor(made):
    merged, survivor = made.organisation("yangtze"), made.organisation("riverside")
    lin = made.member("lin")
    kept = member_make("旧人", merged, serial=500)
    Member.objects.filter(pk=kept.pk).update(state=Member.State.LEFT)
    tree_check(repair=True)
    change = organisation_merge(actor=made.actor("he"), organisation=merged, survivor=survivor)
    while change_step(change_id=change.pk):
        whole()
        readers_agree(made)
    lines_hold()
    lin.refresh_from_db()
    kept.refresh_from_db()
    assert (lin.organisation_id, kept.organisation_id) == (survivor.pk, merged.pk)
    assert MembershipEvent.objects.get(member=lin).from_organisation_id == merged.pk
    closed = fresh(merged)
    assert (closed.state, closed.member_count) == (Organisation.State.CLOSED, 0)
    assert [post.organisation_id for post in made.actor("wang").posts] == [survivor.pk]
    with pytest.raises(RefusedError):
        member_create(
            actor=made.actor("he"), organisation=closed, name="李四",
            id_number=invented_id_number(dt.date(1991, 1, 1), 777),
        )  # fmt: skip


def test_a_union_that_closes_leaves_its_members_with_the_level_above(made):
    union, street = made.organisation("b1"), made.organisation("beicang")
    ids = set(Member.objects.filter(organisation=union).values_list("pk", flat=True))
    moving = Transfer.objects.create(
        member_id=min(ids), from_organisation=union, to_organisation=made.organisation("b2"),
        dossier_id=made.account_id("lin"),
    )  # fmt: skip
    arriving = Transfer.objects.create(
        member=made.member("zhao"), from_organisation=made.organisation("riverside"),
        to_organisation=union, dossier_id=made.account_id("wang"),
    )  # fmt: skip
    organisation_close(actor=made.actor("guo"), organisation=union)
    settle()
    whole()
    lines_hold()
    assert ids <= set(Member.objects.filter(organisation=street).values_list("pk", flat=True))
    moving.refresh_from_db()
    arriving.refresh_from_db()
    assert (moving.from_organisation_id, arriving.to_organisation_id) == (street.pk, street.pk)
    with pytest.raises(RefusedError):
        organisation_close(actor=made.actor("he"), organisation=made.organisation("jialing"))


def test_an_heir_does_not_close_while_members_come_to_it(made):
    he = made.actor("he")
    merging = organisation_merge(
        actor=he, organisation=made.organisation("b0"), survivor=made.organisation("b1")
    )
    change_step(change_id=merging.pk)
    with pytest.raises(RefusedError):
        organisation_close(actor=he, organisation=made.organisation("b1"))


def test_the_tree_proves_itself_and_is_put_right(made):
    union = made.organisation("b0")
    Organisation.objects.filter(pk=union.pk).update(member_count=99, numchild=3)
    Organisation.objects.filter(code="JZ-BH").update(is_in_motion=True)
    Member.objects.filter(organisation=union).update(street_code="?")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("tree_check", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["counts"], told["children"], told["marks"]) == (
        [union.code],
        [union.code],
        ["JZ-BH"],
    )
    out = StringIO()
    call_command("tree_check", "--repair", "--lines", stdout=out)
    assert json.loads(out.getvalue())["lines"] == 3
    whole()
    lines_hold()


def test_counts_are_not_added_where_nobody_stands(made):
    with pytest.raises(StaleError), atomic():
        member_counts_add({"00010001000Z": 1})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["move", "merge", "close"])
def test_killed_at_any_commit_a_change_goes_on_and_nothing_is_lost_or_doubled(
    kind, transactional_db
):
    """Every commit point of three changes; a dozen seconds, since the whole tree is proven each time."""
    seed_heads()
    made = peopled()
    everybody = set(Member.objects.values_list("pk", flat=True))
    he, organisation = made.actor("he"), made.organisation("beicang" if kind == "move" else "b0")
    target = made.organisation({"move": "binhe", "merge": "riverside", "close": "beicang"}[kind])

    def act() -> None:
        running = OrganisationChange.objects.filter(organisation=organisation, state=State.DONE)
        if not running.exists():
            if kind == "move":
                organisation_move(actor=he, organisation=organisation, parent=target)
            elif kind == "merge":
                organisation_merge(actor=he, organisation=organisation, survivor=target)
            else:
                organisation_close(actor=he, organisation=organisation)
        settle()
        run_periodic("orgs.changes_resume")  # where the worker of the job died

    def check(_number: int) -> None:
        whole()
        readers_agree(made)
        assert set(Member.objects.values_list("pk", flat=True)) == everybody

    assert crash_everywhere(act, after=check) >= 4
    check(0)
    lines_hold()
    change = OrganisationChange.objects.get(organisation=organisation, kind=kind)
    assert (change.state, change.percent) == (State.DONE, 100)
    if kind == "move":
        assert fresh(organisation).parent_path == fresh(target).path
    else:
        assert MembershipEvent.objects.filter(organisation=target).count() == 3
