"""Her own calendar: one address only she knows, shown once, dead at once when she makes another."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import CalendarLink
from lianxin.activities.services import session_call_off
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_cancel, claim_take
from lianxin.allocation.testing import ask_of, pool_make
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle
from lianxin.kit import clock as now
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
PAGE = "activities:calendar"


def address_in(page: str) -> str:
    found = re.search(r'value="http://testserver(/activities/calendar/mine\.ics\?key=[^"]+)"', page)
    return found[1] if found else ""


def made(client: Client, key: str = "one-form") -> str:
    return address_in(client.post(reverse(PAGE), {"key": key}).content.decode())


def feed(address: str) -> str:
    answer = Client().get(address)
    return answer.content.decode().replace("\r\n ", "") if answer.status_code == 200 else ""


def part_of(slot):
    return next(part for key, part in slot.items() if key == "activities")


@pytest.fixture
def signed(fed):
    """Lin has a place at one, waits for another, and has a check-up that is nobody's business."""
    mine = activity_made(fed.organisation("yangtze"), title="厂里打球")
    full = activity_made(fed.organisation("yangtze"), title="满了的", times=[time_made(5, capacity=1)])  # fmt: skip
    check = pool_make(fed.organisation("yangtze"), title="两癌筛查", starts_at=time_made(6).starts_at, ends_at=time_made(6).ends_at)  # fmt: skip
    claim_take(ask_of(pool_of(full), fed.account_id("wang")))
    for pool in (pool_of(mine), pool_of(full), check):
        claim_take(ask_of(pool, fed.account_id("lin")))
    return mine


def test_it_is_made_on_asking_shown_once_and_tells_what_is_hers(fed, signed, as_person):
    lin = as_person("lin")
    page = lin.get(reverse(PAGE)).content.decode()
    assert address_in(page) == ""
    assert not CalendarLink.objects.exists(), "looking makes none"
    address = made(lin)
    assert len(address) > 60
    assert address_in(lin.get(reverse(PAGE)).content.decode()) == "", "shown this once"
    token = address.split("key=")[1]
    assert token not in str(CalendarLink.objects.values()), "kept nowhere"
    told = feed(address)
    assert told.count("BEGIN:VEVENT") == 3
    for said in ("SUMMARY:厂里打球", "SUMMARY:还没定：满了的", "STATUS:TENTATIVE", "SUMMARY:约好的事"):  # fmt: skip
        assert said in told
    claim = Claim.objects.get(pool=pool_of(signed), account_id=fed.account_id("lin"))
    assert reverse("allocation:claim", args=[claim.pk]) in told
    for unsaid in ("林晓梅", "晓梅", "两癌"):
        assert unsaid not in told, "it goes to the maker of a phone"


def test_nobody_else_is_in_it_and_nobody_guesses_it(fed, signed, as_person):
    told = feed(made(as_person("zhao")))
    assert "BEGIN:VCALENDAR" in told
    assert "BEGIN:VEVENT" not in told
    for guess in ("", "?key=", f"?key={'A' * 43}", f"?key=none:{fed.account_id('zhao')}"):
        assert Client().get(reverse("activities:own_feed") + guess).status_code == 404
    assert Client().get(reverse(PAGE)).status_code == 302
    assert Client().post(reverse(PAGE), {"key": "k"}).status_code == 302


def test_a_double_tap_makes_one_and_a_new_one_kills_the_old_for_good(fed, signed, as_person):
    lin = as_person("lin")
    first = made(lin)
    assert made(lin) == first, "the tired phone sends it twice"
    second = made(lin, "another-form")
    assert second != first
    assert feed(first) == ""
    assert feed(second)
    third = made(lin)
    assert third not in {first, second}, "an old form brings no old address back"
    assert feed(first) == feed(second) == ""
    deeds = AuditRow.objects.filter(action="activity.calendar_made")
    assert deeds.count() == 3
    end = reverse("activities:calendar_end")
    assert lin.get(end).status_code == 405
    assert as_person("zhao").post(end).status_code == 302
    assert feed(third), "hers is not Zhao's to give up"
    for _twice in range(2):
        assert lin.post(end).status_code == 302
    assert feed(third) == ""
    assert AuditRow.objects.filter(action="activity.calendar_ended").count() == 1
    assert made(lin) not in {first, second, third}


def test_a_change_a_cancellation_and_giving_back_arrive(fed, signed, as_person):
    address = made(as_person("lin"))
    session_call_off(actor=Actor.system(), session_id=session_of(signed).pk, words="停电")
    settle()
    told = feed(address)
    assert "STATUS:CANCELLED" in told
    assert "停电" in told
    waits = Claim.objects.get(pool__title="满了的", account_id=fed.account_id("lin"))
    claim_cancel(actor=fed.actor("lin"), claim_id=waits.pk)
    assert "满了的" not in feed(address), "given back is gone"


def test_it_is_sent_kept_by_nobody_and_with_few_queries(fed, signed, as_person, django_assert_max_num_queries):  # fmt: skip
    address = made(as_person("lin"))
    with django_assert_max_num_queries(6):
        answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer
    assert Client().post(address).status_code == 405


def test_it_goes_with_her_account(fed, signed, as_person):
    lin = as_person("lin")
    address = made(lin)
    person = Person(account_id=fed.account_id("lin"), member_id=None)
    assert {"calendar_address_since": now.now().isoformat()} in part_of(privacy_export).read(person)
    for _again in range(2):
        part_of(privacy_erase).erase(person)
    assert feed(address) == ""
    assert not CalendarLink.objects.exists()
