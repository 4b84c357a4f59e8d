"""What is asked of partners, offers, readings of rolls, lists that go out, and what is proposed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lianxin.eligibility import policies as eligibility
from lianxin.exchange import policies as exchange
from lianxin.exchange.models import Resource
from lianxin.members import policies as members
from lianxin.members.models import ImportRun, Member
from lianxin.members.selectors.imports import import_run
from lianxin.members.selectors.people import Filters, members_listed
from lianxin.members.services.exporting import export_may_open
from lianxin.members.services.importing.yearly import missing_of
from lianxin.members.slots import _may_read_rejections
from lianxin.orgs import policies as orgs
from lianxin.orgs.api import Actor
from lianxin.orgs.models import PostProposal
from lianxin.partners import policies as partners
from lianxin.partners.models import Partner
from lianxin.partners.selectors import own_partners
from tests.matrix.oracle import World
from tests.matrix.worlds import Rows


def kept(rows: QuerySet[Any]) -> set[Any]:
    """Return the keys of a list; a row listed twice is a fault."""
    found = list(rows.values_list("pk", flat=True))
    assert len(found) == len(set(found)), "a row is listed twice"
    return set(found)


def further_agrees(world: World, rows: Rows, who: int, actor: Actor) -> None:
    """Compare lists, pages and acts with the oracle."""
    _partners(world, rows, who, actor)
    _offers(world, rows, who, actor)
    _runs(world, rows, who, actor)
    _lists(world, rows, who, actor)
    _found(world, rows, who, actor)
    _wanted(world, rows, who, actor)


def nothing_further(visitor: Actor) -> None:
    """A visitor sees nothing of these either."""
    assert not kept(partners.visible_to(visitor, Partner.objects.all()))
    assert not kept(own_partners(visitor.account_id))
    assert not kept(exchange.visible_to(visitor, Resource.objects.all()))
    assert not kept(exchange.own_of(visitor.account_id, Resource.objects.all()))
    assert not kept(ImportRun.objects.filter(members.runs_in_reach(visitor)))
    assert not kept(members_listed(visitor, Filters()))
    assert not kept(eligibility.proposals_visible_to(visitor))
    assert not kept(orgs.proposals_visible_to(visitor, PostProposal.objects.all()))


def _partners(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(partners.visible_to(actor, Partner.objects.all()))
    own = kept(own_partners(actor.account_id))
    for row, firm in zip(rows.further.firms, world.firms, strict=True):
        manages = world.can(who, "partner.manage", firm.node)
        speaks = world.speaks(who, firm)
        assert (row.pk in listed) is manages
        assert (row.pk in own) is speaks
        assert partners.may_manage(actor, rows.organisations[firm.node]) is manages
        assert partners.may_correct(actor, row) is (manages or speaks)
        for whom, user in enumerate(rows.users):
            names = manages and whom != who
            assert partners.may_name_contact(actor, row, user.pk) is names


def _offers(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(exchange.visible_to(actor, Resource.objects.all()))
    own = kept(exchange.own_of(actor.account_id, Resource.objects.all()))
    for row, offer in zip(rows.further.offers, world.offers, strict=True):
        manages = world.can(who, "partner.manage", offer.firm.node)
        checks = world.checks(who, offer)
        assert (row.pk in listed) is manages
        assert (row.pk in own) is world.speaks(who, offer.firm)
        assert exchange.may_offer(actor, row.partner) is world.speaks(who, offer.firm)
        assert exchange.may_check(actor, row) is checks
        assert exchange.may_judge(actor, row) is (checks and who != offer.wish_by)
        assert exchange.may_end(actor, row) is manages


def _runs(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(ImportRun.objects.filter(members.runs_in_reach(actor)))
    homes = {row.pk: node for row, (node, _who) in zip(rows.members, world.members, strict=True)}
    for row, run in zip(rows.further.runs, world.runs, strict=True):
        sees = world.sees_run(who, run)
        assert (row.pk in listed) is sees
        assert (import_run(actor, row.pk) is not None) is sees
        assert _may_read_rejections(actor, row.pk) is sees
        assert members.may_follow(actor, row) is sees
        touched = world.run_touches(run)
        missing = {homes[pk] for pk in kept(missing_of(row))}
        assert missing == touched & set(homes.values())
        assert not sees or all(world.can(who, "member.import", node) for node in touched)
    for node, organisation in enumerate(rows.organisations):
        path = organisation.path
        reads = world.can(who, "member.import", node)
        assert members.may_import(actor, path) is reads
        assert members.may_import_below(actor, path) is world.can_below(who, "member.import", node)
        assert members.may_create(actor, path) is (reads or world.can(who, "member.help", node))


def _lists(world: World, rows: Rows, who: int, actor: Actor) -> None:
    places = {row.pk: at for at, row in enumerate(rows.members)}
    for node, organisation in enumerate(rows.organisations):
        takes = world.takes_out(who, node)
        assert members.may_export(actor, organisation.path) is takes
        numbers = world.can(who, "member.import", node)
        assert members.may_export_numbers(actor, organisation.path) is numbers
        listed = kept(members_listed(actor, Filters(union=organisation.code)))
        assert {places[pk] for pk in listed} == world.lists(who, node)
        for at in world.lists(who, node):
            assert members.may_open(actor, rows.members[at]), "whoever is listed may be opened"
    for row, one in zip(rows.further.taken, world.taken, strict=True):
        assert export_may_open(actor, row.pk) is world.opens_list(who, one)


def _found(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(eligibility.proposals_visible_to(actor))
    for row, one in zip(rows.further.found, world.found, strict=True):
        serves = world.serves(who, one[0])
        assert (row.pk in listed) is world.sees_found(who, one)
        member = Member.objects.select_related("organisation").get(pk=row.member_id)
        assert eligibility.may_serve(actor, member) is serves
        assert eligibility.may_replay(actor, member) is serves
        assert eligibility.may_look(actor, member) is (world.members[one[0]][1] == who)


def _wanted(world: World, rows: Rows, who: int, actor: Actor) -> None:
    listed = kept(orgs.proposals_visible_to(actor, PostProposal.objects.all()))
    for row, one in zip(rows.further.wanted, world.wanted, strict=True):
        confirms = world.confirms(who, one)
        assert (row.pk in listed) is world.sees_wanted(who, one)
        assert orgs.may_confirm(actor, row) is confirms
        assert orgs.may_withdraw(actor, row) is (who == one.by)
        assert (row.pk in listed) or not confirms, "whoever says yes to it sees it"
