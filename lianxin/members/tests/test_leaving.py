"""Taking one's data along, and closing the account with fifteen working days to think again."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.api import User
from lianxin.jobs.testing import settle
from lianxin.kit import clock, workdays
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.members.api import fact_save
from lianxin.members.models import Closing, Fact, Member
from lianxin.members.services.closing import (
    closing_ask,
    closing_call_back,
    closings_carry_out,
    holds_of,
)
from lianxin.members.services.packing import shown

CLOSE = reverse("members:closing")


def test_a_person_takes_everything_along_for_herself_and_for_machines(fed, as_):
    lin = as_("lin")
    answer = lin.get(reverse("members:copy"))
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert sorted(packed.namelist()) == ["data.json", "index.html", "style.css"]
        data = json.loads(packed.read("data.json"))
        page = packed.read("index.html").decode()
    assert data["members"]["facts"]["name"] == "林晓梅"
    assert "林晓梅" in page
    assert "王建国" not in page
    assert "<script" not in page


def test_what_a_person_wrote_cannot_become_a_page_of_its_own(fed, as_):
    fact_save(
        actor=fed.actor("lin"), member_id=fed.member_id("lin"), name="occupation",
        value="<script>alert(1)</script>", source="self",
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(as_("lin").get(reverse("members:copy")).content)) as packed:
        assert b"<script" not in packed.read("index.html")


def test_empty_things_are_left_out_of_the_page():
    piece = shown("x", {"name": "A", "note": "", "papers": [], "at": None, "rows": [1, True]})
    assert [part.label for part in piece.parts][:1]
    assert len(piece.parts) == 2


def test_the_page_says_what_stays_and_by_which_law(as_):
    assert Client().get(CLOSE).status_code == 302
    page = as_("lin").get(CLOSE, headers={"accept-language": "zh-hans"}).content.decode()
    assert "《网络安全法》第二十一条" in page
    assert "工会法" in page


def test_an_account_closes_after_fifteen_working_days_and_not_before(fed, as_):
    lin = as_("lin")
    for _twice in range(2):
        assert lin.post(CLOSE).status_code == 302
    closing = Closing.objects.get()
    assert closing.due_on == workdays.add_workdays(clock.today(), 15)
    noon = dt.time(4)
    with stopped_clock(dt.datetime.combine(closing.due_on, noon, tzinfo=dt.UTC) - dt.timedelta(1)):
        assert closings_carry_out() == 0
        assert User.objects.get(pk=fed.account_id("lin")).is_active
    with stopped_clock(dt.datetime.combine(closing.due_on, noon, tzinfo=dt.UTC)):
        assert closings_carry_out() == 1
        assert closings_carry_out() == 0
        settle()
    assert not User.objects.get(pk=fed.account_id("lin")).is_active
    assert Member.objects.get(pk=fed.member_id("lin")).account_id is None
    assert not Fact.objects.filter(member_id=fed.member_id("lin"), source="self").exists()


def test_it_is_called_back_until_the_day(fed, as_):
    lin = as_("lin")
    lin.post(CLOSE)
    due_on = Closing.objects.get().due_on
    for _twice in range(2):
        assert lin.post(CLOSE, {"call_back": "1"}).status_code == 302
    with stopped_clock(dt.datetime.combine(due_on, dt.time(4), tzinfo=dt.UTC)):
        assert closings_carry_out() == 0
    assert User.objects.get(pk=fed.account_id("lin")).is_active
    closing_ask(actor=fed.actor("lin"))
    closing_call_back(actor=fed.actor("zhao"))
    assert Closing.objects.filter(called_back_at=None).count() == 1


def test_whoever_holds_a_post_hands_it_over_first(fed, as_):
    with pytest.raises(RefusedError):
        closing_ask(actor=fed.actor("wang"))
    assert as_("wang").post(CLOSE).status_code == 200
    assert not Closing.objects.exists()


def test_an_officer_is_told_that_her_posts_stay(fed):
    assert len(holds_of(fed.actor("wang"))) > len(holds_of(fed.actor("tang")))
