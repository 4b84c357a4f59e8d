"""Whoever arranged takes a copy of what she did along, and her name goes when she closes her account."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.activities.models import Activity, Telling
from lianxin.activities.services import activity_publish, word_send
from lianxin.activities.testing import draft_made, session_of
from lianxin.jobs.testing import settle
from lianxin.members.api import Person, privacy_erase, privacy_export

pytestmark = pytest.mark.django_db


def part_of(slot):
    return next(part for key, part in slot.items() if key == "activities")


@pytest.fixture
def arranged(fed):
    """Wang drafts and publishes one activity and writes to everybody who signed up."""
    wang = fed.actor("wang")
    activity = draft_made(fed.organisation("yangtze"), actor=wang)
    activity_publish(actor=wang, activity_id=activity.pk)
    word_send(
        actor=wang, session_id=session_of(activity).pk, words="请带球拍", whom="living", key="one"
    )
    settle()
    return activity


def test_who_arranged_takes_her_part_along_and_nobody_elses(fed, arranged):
    told = part_of(privacy_export).read(Person(account_id=fed.account_id("wang"), member_id=None))
    assert [next(iter(row)) for row in told] == ["drafted", "published", "told"]
    assert all(row["at"] for row in told)
    assert {arranged.title, "请带球拍"} <= {said for row in told for said in row.values()}
    for who in (fed.account_id("zhao"), None):
        assert part_of(privacy_export).read(Person(account_id=who, member_id=None)) == []


def test_her_name_goes_and_the_activity_stays(fed, arranged):
    erase = part_of(privacy_erase).erase
    erase(Person(account_id=fed.account_id("zhao"), member_id=None))
    erase(Person(account_id=None, member_id=None))
    wang = fed.account_id("wang")
    assert Activity.objects.filter(made_by_id=wang, published_by_id=wang).count() == 1
    for _again in range(2):
        erase(Person(account_id=wang, member_id=None))
    kept = Activity.objects.get(pk=arranged.pk)
    assert (kept.made_by_id, kept.published_by_id, kept.title) == (None, None, arranged.title)
    told = Telling.objects.get()
    assert (told.made_by_id, told.words) == (None, "请带球拍")


def test_places_lead_to_a_new_activity(as_person, fed):
    page = as_person("wang").get(reverse("allocation:pool_list")).content.decode()
    assert f'href="{reverse("activities:desk_new")}"' in page
    assert "办一个活动" in page
