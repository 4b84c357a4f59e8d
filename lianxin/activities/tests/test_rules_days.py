"""Days: series by weeks, the weekend, months, reminders, calendars of other programmes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lianxin.activities.rules import ics
from lianxin.activities.rules.ics import Entry, Sheet
from lianxin.activities.rules.month import Month, When, span_of
from lianxin.activities.rules.recurring import MOST_DAYS, Pattern, planned
from lianxin.activities.rules.reminding import SHANGHAI, Reminder, reminders
from lianxin.kit import workdays

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
NOON = dt.datetime(2026, 12, 5, 4, tzinfo=dt.UTC)


@given(DAYS, st.integers(0, 500), st.frozensets(st.integers(0, 6)), st.integers(1, 4))
def test_a_series_stays_within_its_days_and_weekdays(first, length, weekdays, every):
    pattern = Pattern(first, first + dt.timedelta(days=length), weekdays, every)
    found = planned(pattern, lambda day: day.day == 1)
    whole = sorted([*found.days, *found.left_out])
    assert len(found.days) <= MOST_DAYS
    assert len(set(whole)) == len(whole)
    assert all(pattern.first_on <= day <= pattern.until_on for day in whole)
    assert all(day.weekday() in pattern.days for day in whole)
    assert all(day.day != 1 for day in found.days)
    monday = first - dt.timedelta(days=first.weekday())
    assert all((day - monday).days // 7 % every == 0 for day in whole)


def test_a_weekly_series_skips_the_spring_festival():
    pattern = Pattern(dt.date(2026, 2, 4), dt.date(2026, 3, 11))
    found = planned(pattern, workdays.is_holiday)
    assert found.left_out == (dt.date(2026, 2, 18),)
    assert len(found.days) == 5


@given(DAYS)
def test_a_weekend_is_a_saturday_and_a_sunday_not_behind_us(today):
    first, last = span_of(When.WEEKEND, today)
    assert (first.weekday(), last.weekday()) == (5, 6) or first == last == today
    assert first >= today
    assert (last - today).days <= 6


@given(DAYS)
def test_a_month_holds_each_of_its_days_once(day):
    month = Month.of(day)
    inside = [on for week in month.weeks() for on in week if on.month == month.month]
    assert inside[0] == month.first_on
    assert inside[-1] == month.last_on
    assert len(inside) == month.last_on.day
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in month.weeks())
    assert month.before.after == month.after.before == month
    assert Month.read(str(month), today=dt.date(2000, 1, 1)) == month


def test_what_is_no_month_is_the_present_one():
    today = dt.date(2026, 11, 23)
    for typed in ("", "2026-13", "1999-01", "2026-1", "２０２６-12", "x" * 500):
        assert Month.read(typed, today=today) == Month.of(today)


@given(MOMENTS)
def test_nobody_is_reminded_in_the_night_or_too_late(starts_at):
    due = {one.reminder: one.at for one in reminders(starts_at)}
    assert Reminder.DAY in due
    for at in due.values():
        assert 8 <= at.astimezone(SHANGHAI).hour < 22
        assert at < starts_at
    if Reminder.HOURS in due:
        assert dt.timedelta(hours=1) <= starts_at - due[Reminder.HOURS] <= dt.timedelta(hours=3)


PLAIN = Entry(
    uid="a@lianxin",
    title="羽毛球",
    starts_at=NOON,
    ends_at=NOON + dt.timedelta(hours=2),
    changed_at=NOON - dt.timedelta(days=3),
)


def _unfolded(written: str) -> list[str]:
    return written.replace("\r\n ", "").split("\r\n")


@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_is_written_a_calendar_keeps_its_form(words, title):
    written = ics.written(
        Sheet(name=title, maker="x", entries=(replace(PLAIN, words=words, title=title),))
    )
    for line in written.split("\r\n"):
        assert len(line.encode()) <= ics.LONGEST_LINE
        assert "\n" not in line
        assert "\r" not in line
    lines = _unfolded(written)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert sum(line.startswith("SUMMARY:") for line in lines) == 1


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), max_size=200))
def test_what_is_escaped_is_read_back(words):
    escaped = ics.text(words)
    read, at = "", 0
    while at < len(escaped):
        if escaped[at] == "\\":
            at += 1
            read += {"n": "\n"}.get(escaped[at], escaped[at])
        else:
            read += escaped[at]
        at += 1
    assert read == "".join(c for c in words if c == "\n" or c.isprintable() or c == " ")


def test_a_calendar_says_what_is_off_waited_for_and_where():
    lines = _unfolded(
        ics.written(
            Sheet(
                name="嘉岭区总工会",
                maker="连心",
                entries=(
                    replace(PLAIN, is_off=True, revision=3, position=(29.5, 106.5), remind_hours=3),
                    replace(
                        PLAIN,
                        uid="b",
                        is_tentative=True,
                        remind_hours=3,
                        link="https://a.example/x",
                    ),
                ),
            )
        )
    )
    assert "STATUS:CANCELLED" in lines
    assert "SEQUENCE:3" in lines
    assert "GEO:29.500000;106.500000" in lines
    assert "STATUS:TENTATIVE" in lines
    assert "DTSTART:20261205T040000Z" in lines
    assert lines.count("TRIGGER:-PT3H") == 1, "what is off reminds nobody"
