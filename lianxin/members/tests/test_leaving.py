"""Taking one's data along, and closing the account with fifteen working days to think again."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lianxin.accounts.api import User
from lianxin.jobs.testing import settle
from lianxin.kit import clock, workdays
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.members.api import consent_give, fact_save, facts_of
from lianxin.members.models import Closing, Fact, Member
from lianxin.members.services.closing import (
    closing_ask,
    closing_call_back,
    closings_carry_out,
    holds_of,
)
from lianxin.members.services.packing import shown
from lianxin.members.testing import id_number_of

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


def _page_of(client: Client, language: str = "zh-hans") -> tuple[str, dict[str, Any]]:
    answer = client.get(reverse("members:copy"), headers={"accept-language": language})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return packed.read("index.html").decode(), json.loads(packed.read("data.json"))


def test_the_page_says_sums_in_yuan_words_for_codes_and_where_each_fact_is_from(fed, as_):
    consent_give(actor=fed.actor("lin"), purpose="finance")
    fact_save(
        actor=fed.actor("lin"), member_id=fed.member_id("lin"), name="household_income_fen",
        value=3_200_000, source="self",
    )  # fmt: skip
    facts_of(fed.member_id("lin"), ["phone"], actor_id=fed.account_id("wang"), purpose="contact")
    page, data = _page_of(as_("lin"), "en")
    assert "32,000.00 yuan" in page
    assert "3200000" not in page
    assert "contract" not in page.replace("Labour contract", "")
    # Her own copy masks nothing; each fact says since when, until when and what for.
    assert id_number_of("lin") in page
    told = data["members"]["told"]["household_income_fen"]
    assert set(told) == {"recorded_at", "expires_on", "purpose"}
    assert told["expires_on"] in page
    assert "to decide on help and to pay it out" in page
    # Who looked: by name and in words, for machines by id and code.
    assert "王建国" in page
    assert "To call you about something of yours" in page
    assert str(fed.account_id("wang")) not in page
    assert data["members"]["facts"]["household_income_fen"] == 3_200_000
    assert data["members"]["facts"]["employment_form"] == "contract"
    assert data["openings"] == [
        {"at": data["openings"][0]["at"], "by": str(fed.account_id("wang")), "for": "contact"}
    ]


def test_the_page_is_whole_in_chinese_and_of_her_alone(fed, as_):
    page, _data = _page_of(as_("lin"))
    assert "扬子机械厂工会" in page
    assert not re.search(r"[a-z]+_[a-z]+", re.sub(r"<[^>]+>", "", page)), "a code was left"
    other, _data = _page_of(as_("zhao"))
    assert "林晓梅" not in other


def test_an_officer_s_page_names_her_posts_in_words(fed, as_):
    page, data = _page_of(as_("wang"), "en")
    assert "Officer, part time" in page
    assert data["posts"][0]["role"] == "officer_part_time"


def test_whatever_is_kept_in_fen_is_said_in_yuan():
    with translation.override("en"):
        piece = shown("", {"amount_fen": 150_000, "at": "2026-11-28T08:30:00+00:00", "count": 5})
    assert [part.words for part in piece.parts] == ["1,500.00 yuan", "2026-11-28 16:30", "5"]


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
