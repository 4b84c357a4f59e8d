"""Word of unions that change: to whom they concern, nothing of what lies outside a client's reach."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client as Web

from lianxin.gateway import services
from lianxin.gateway.models import Delivery, Subscription
from lianxin.gateway.rest.messages import MESSAGES
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.testing import client_make
from lianxin.gateway.tests.receiver import holds, listening
from lianxin.jobs.testing import crash_at, settle
from lianxin.kit import clock
from lianxin.members.testing import counts_right, federation
from lianxin.orgs.api import (
    Actor,
    Level,
    Organisation,
    Reach,
    organisation_close,
    organisation_create,
    organisation_merge,
    organisation_move,
    organisation_rename,
)

SYSTEM = Actor.system()
UNIONS = [topic for topic in Topic if topic is not Topic.JOIN_UPDATED]
committed = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.usefixtures("near")


@pytest.fixture
def town():
    made = federation()
    counts_right()
    return made


@pytest.fixture
def ears(town):
    """A receiver a union, each of a client that acts for that union and those below it."""
    with (
        listening() as city, listening() as jialing, listening() as binhe, listening() as yangtze,
    ):  # fmt: skip
        found = {"city": city, "jialing": jialing, "binhe": binhe, "yangtze": yangtze}
        secrets = {}
        for key, receiver in found.items():
            secrets[key] = _subscribed(town, key, receiver)[1]
        yield found
        for key, receiver in found.items():
            for headers, body in receiver.seen:
                assert holds(secrets[key], headers, body)
                said = json.loads(body)
                MESSAGES[Topic(said["type"])].shape.model_validate(said["data"])


def _subscribed(town, key, receiver, **client):
    made, _secret = client_make(town.organisation(key), name=f"{key}系统", **client)
    return services.subscription_add(actor=SYSTEM, client=made, url=receiver.url, topics=UNIONS)


def _told():
    for _round in range(4):
        settle()


def _heard(receiver):
    found = [json.loads(body) for _headers, body in receiver.seen]
    return [(one["type"], one["data"]) for one in found]


def _row(town, key):
    return Organisation.objects.get(pk=town.organisation(key).pk)


@committed
def test_a_new_name_is_told_in_reach_each_time_it_changes(town, ears):
    for name in ("扬子机械集团工会", "扬子机械厂工会", "扬子机械厂工会"):
        organisation_rename(actor=SYSTEM, organisation=_row(town, "yangtze"), name=name)
    _told()
    once = ("organisation.renamed", {"code": "JZ-JL-BC-001", "level": "grassroots"})
    assert _heard(ears["jialing"]) == [once, once]
    assert _heard(ears["yangtze"]) == [once, once]
    assert not ears["binhe"].seen


@committed
def test_a_move_tells_each_client_what_it_did_to_its_reach_and_nothing_beyond(town, ears):
    moved = _row(town, "yangtze")
    organisation_move(actor=SYSTEM, organisation=moved, parent=_row(town, "jiangwan"))
    _told()
    told = {"code": "JZ-JL-BC-001", "level": "grassroots"}
    topic = "organisation.moved"
    assert _heard(ears["city"]) == [(topic, {**told, "reach": "within", "parent": "JZ-BH-JW"})]
    assert _heard(ears["binhe"]) == [(topic, {**told, "reach": "entered", "parent": "JZ-BH-JW"})]
    assert _heard(ears["jialing"]) == [(topic, {"code": "JZ-JL-BC-001", "reach": "left"})]
    assert _heard(ears["yangtze"]) == [(topic, {**told, "reach": "within", "parent": ""})]


@committed
def test_what_left_is_never_told_of_again(town, ears):
    organisation_move(actor=SYSTEM, organisation=_row(town, "beicang"), parent=_row(town, "binhe"))
    _told()
    for receiver in ears.values():
        receiver.seen.clear()
    organisation_rename(actor=SYSTEM, organisation=_row(town, "yangtze"), name="扬子集团工会")
    organisation_move(
        actor=SYSTEM, organisation=_row(town, "yangtze"), parent=_row(town, "jiangwan")
    )
    _told()
    assert not ears["jialing"].seen
    assert [topic for topic, _data in _heard(ears["binhe"])] == [
        "organisation.renamed",
        "organisation.moved",
    ]


@committed
def test_a_merger_names_the_survivor_only_where_it_is_in_reach(town, ears):
    organisation_merge(
        actor=SYSTEM, organisation=_row(town, "yangtze"), survivor=_row(town, "riverside")
    )
    _told()
    told = {"code": "JZ-JL-BC-001", "level": "grassroots", "is_merged": True}
    topic = "organisation.closed"
    assert _heard(ears["city"]) == [(topic, {**told, "merged_into": "JZ-BH-JW-001"})]
    assert _heard(ears["jialing"]) == [(topic, {**told, "merged_into": ""})]
    assert not ears["binhe"].seen


@committed
def test_a_union_that_is_closed_is_told_once(town, ears):
    organisation_close(actor=SYSTEM, organisation=_row(town, "yangtze"))
    _told()
    assert _heard(ears["jialing"]) == [
        (
            "organisation.closed",
            {
                "code": "JZ-JL-BC-001", "level": "grassroots", "is_merged": False,
                "merged_into": "",
            },
        )
    ]  # fmt: skip
    assert not ears["binhe"].seen


@committed
def test_whoever_acts_for_one_union_alone_or_may_not_look_them_up_hears_nothing_of_others(town):
    with listening() as here, listening() as cards:
        _subscribed(town, "jialing", here, reach=Reach.HERE)
        _subscribed(town, "city", cards, scopes=[Scope.CARDS_VERIFY])
        organisation_rename(actor=SYSTEM, organisation=_row(town, "beicang"), name="北苍工会")
        organisation_move(
            actor=SYSTEM, organisation=_row(town, "beicang"), parent=_row(town, "binhe")
        )
        _told()
        assert not here.seen
        organisation_rename(actor=SYSTEM, organisation=_row(town, "jialing"), name="嘉岭工会")
        _told()
        assert len(here.seen) == 1
        assert not cards.seen


@committed
def test_a_crash_anywhere_tells_of_a_move_once(town, monkeypatch):
    """Takes some seconds: the process dies at each commit of a move, the telling and the sending."""
    with listening() as receiver:
        _subscribed(town, "jialing", receiver)
        point, crashes = 0, 0
        while True:
            point += 1
            Delivery.objects.all().delete()
            Subscription.objects.update(paused_until=None, busy_until=None)
            receiver.seen.clear()
            to = _row(town, "jiangwan" if point % 2 else "beicang")
            organisation_move(actor=SYSTEM, organisation=_row(town, "yangtze"), parent=to)
            with crash_at(point) as points:
                _told()
            if not points.crashed:
                break
            crashes += 1
            later = clock.now() + dt.timedelta(minutes=15)
            monkeypatch.setattr(clock, "now", lambda later=later: later)
            call_command("work", "--once", stdout=StringIO(), verbosity=0)
            _told()
            assert len(set(receiver.ids())) == 1, points.passed
        assert crashes >= 6


@pytest.mark.django_db
def test_the_document_says_what_is_sent(town):
    said = Web().get("/api/v1/openapi.json").json()
    assert set(said["webhooks"]) == {topic.value for topic in Topic}
    for topic, path in said["webhooks"].items():
        operation = path["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert body["properties"]["type"] == {"const": topic}
        name = body["properties"]["data"]["$ref"].rsplit("/", 1)[1]
        assert said["components"]["schemas"][name]["properties"]
        assert {one["name"] for one in operation["parameters"]} == {
            "webhook-id", "webhook-timestamp", "webhook-signature"
        }  # fmt: skip
    page = Web().get("/api/v1/").content.decode()
    assert all(topic.value in page for topic in Topic)


@committed
def test_a_new_union_is_told_as_before(town, ears):
    organisation_create(
        actor=SYSTEM, parent=_row(town, "beicang"), code="JZ-JL-BC-777", name="新厂工会",
        level=Level.GRASSROOTS,
    )  # fmt: skip
    _told()
    assert _heard(ears["jialing"]) == [
        ("organisation.founded", {"code": "JZ-JL-BC-777", "level": "grassroots"})
    ]
    assert not ears["yangtze"].seen
