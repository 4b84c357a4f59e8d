"""Reports: one raises a doubt, two close, the keeper opens; nothing is kept of who told."""

from __future__ import annotations

import uuid

import pytest

from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import events_told, settle
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor
from lianxin.stations import events
from lianxin.stations.models import Keeping, StationReport, Trouble
from lianxin.stations.rules.standing import State
from lianxin.stations.selectors.seeing import seen_one
from lianxin.stations.services import (
    report_send,
    station_reopen,
    station_shut,
    trouble_answer,
)
from lianxin.stations.services.reporting import MOST_AN_HOUR
from lianxin.stations.testing import station_make, told_by, week_of

pytestmark = pytest.mark.django_db


def _state(station) -> State:
    return seen_one(station).standing.state


def _answer(town, trouble, who="wang", **other):
    said = {"found": "so", "answer": "换了锁芯，门开了。", "is_open_now": True, **other}
    return trouble_answer(actor=town.actor(who), trouble_id=trouble.pk, **said)


def test_two_strangers_close_it_and_the_keeper_opens_it_again(town, station, hands):
    assert told_by(station, "a").standing.is_doubtful
    assert _state(station) is State.OPEN
    hands.move(minutes=10)
    told = told_by(station, "b")
    assert told.standing.state is _state(station) is State.LOCKED
    assert events_told(events.StationClosed) == [{"station_id": str(station.pk), "by": "reports"}]
    hands.move(minutes=15)
    _answer(town, told.trouble)
    assert _state(station) is State.OPEN
    assert events_told(events.StationReopened) == [{"station_id": str(station.pk)}]
    assert told.trouble.reports == 2


def test_the_keepers_own_word_closes_at_once(town, station):
    told = told_by(station, "k", actor=town.actor("wang"))
    assert told.standing.state is State.LOCKED
    assert events_told(events.StationClosed)[0]["by"] == "keeper"
    # Lin is a member, not a keeper; Ma keeps stations, but not this one.
    other = station_make(town.organisation("yangtze"), "另一个驿站", code="JZ-002")
    for who in ("lin", "ma", "zhao"):
        assert not told_by(other, who, actor=town.actor(who)).report.is_keeper


def test_the_same_tap_and_the_same_teller_count_once(station, hands):
    key = uuid.uuid4()
    for _tap in range(2):
        report_send(actor=Actor(), station_id=station.pk, kind="locked", teller="a", key=key)
    assert told_by(station, "a").is_repeat
    assert StationReport.objects.count() == 1
    assert _state(station) is State.OPEN
    assert not told_by(station, "a", kind="dirty").is_repeat
    hands.move(hours=4)
    assert not told_by(station, "a").is_repeat


def test_nothing_is_kept_of_the_one_who_told(town, station):
    told_by(station, "a", actor=town.actor("lin"))
    kept = {field.name for field in StationReport._meta.get_fields()}
    assert kept == {"id", "trouble", "station", "at", "is_closing", "is_keeper", "is_faint", "teller_index", "key_index", "words"}  # fmt: skip
    row = AuditRow.objects.get(action="stations.reported")
    assert (row.actor_id, row.subject_id) == (None, None)
    other = station_make(town.organisation("yangtze"), "另一个驿站", code="JZ-002")
    told_by(other, "a")
    assert len(set(StationReport.objects.values_list("teller_index", flat=True))) == 2


def test_a_door_that_is_meant_to_be_locked_is_no_trouble(station, hands):
    hands.move(hours=12)  # midnight
    told = told_by(station, "a")
    assert told.is_not_now
    assert told.standing.opens_at is not None
    assert not Trouble.objects.exists()
    # Something broken is told at any hour, and closes nothing.
    told_by(station, "a", kind="broken")
    assert not StationReport.objects.get().is_closing


def test_reports_age_out_by_themselves_and_the_trouble_stays_open(station, hands):
    for teller in "abcde":
        told_by(station, teller)
    assert _state(station) is State.LOCKED
    hands.move(hours=3)
    assert _state(station) is State.OPEN
    assert Trouble.objects.get().is_open


def test_a_flood_is_taken_in_up_to_a_measure(station):
    first = told_by(station, "a").report
    StationReport.objects.bulk_create(
        StationReport(
            trouble=first.trouble,
            station=station,
            is_closing=True,
            teller_index=f"t{number}",
            key_index=f"k{number}",
        )
        for number in range(MOST_AN_HOUR - 1)
    )
    assert told_by(station, "b").is_repeat
    assert StationReport.objects.count() == MOST_AN_HOUR


def test_where_word_stands_against_word_the_level_above_looks(town, station, hands):
    for needed in (2, 4, 8):
        told = [told_by(station, f"{needed}-{number}") for number in range(needed)]
        assert [one.standing.state for one in told[-2:]] == [State.OPEN, State.LOCKED]
        _answer(town, told[-1].trouble, found="not_so", answer="门一直开着。")
        hands.move(minutes=20)
    for teller in "ijklmnopq":
        assert told_by(station, teller).standing.state is State.OPEN
    settle()
    assert [one.kind for one in letters_to(town.account_id("sun"))] == ["stations.disputed"]


def test_wang_is_told_at_once_while_somebody_is_meant_to_be_there(town, station, hands):
    told_by(station, "a")
    settle()
    (letter,) = letters_to(town.account_id("wang"))
    assert (letter.kind, letter.urgent) == ("stations.reported", True)
    assert "北苍驿站" in letter.title
    for who in ("lin", "zhao", "ma", "sun"):
        assert not letters_to(town.account_id(who))
    night = station_make(
        town.organisation("yangtze"),
        "通宵驿站",
        code="JZ-002",
        week=week_of("8:00-22:00", "22:00-8:00"),
    )
    hands.move(hours=12)
    told_by(night, "a", kind="no_water")
    settle()
    assert [one.urgent for one in letters_to(town.account_id("wang"))][::-1] == [True, False]


def test_who_is_named_for_a_station_is_told_instead_while_she_holds_a_post(town, station, hands):
    today = hands.read().date()
    Keeping.objects.create(station=station, account=town.account("sun"), since_on=today)
    Keeping.objects.create(station=station, account=town.account("ma"), since_on=today)
    told_by(station, "a")
    settle()
    assert len(letters_to(town.account_id("sun"))) == 1
    assert not letters_to(town.account_id("wang"))
    assert not letters_to(town.account_id("ma")), "she holds no post over this union"


def test_the_clock_runs_in_working_hours_and_goes_up_level_by_level(town, station, hands):
    told_by(station, "a")  # two working hours: due at two
    hands.move(hours=1, minutes=59)
    settle()
    assert not letters_to(town.account_id("sun"))
    for who, level in (("sun", 1), ("chen", 2), ("zhou", 3)):
        hands.set(Trouble.objects.get().due_at)
        settle()
        assert [one.kind for one in letters_to(town.account_id(who))] == ["stations.late"], who
        assert Trouble.objects.get().level == level
    hands.move(days=3)
    settle()
    assert Trouble.objects.get().level == 3
    assert len(events_told(events.TroubleEscalated)) == 3


def test_an_answer_stops_the_clock(town, station, hands):
    told = told_by(station, "a")
    _answer(town, told.trouble)
    hands.move(days=1)
    settle()
    assert not letters_to(town.account_id("sun"))


def test_zhao_lin_and_other_keepers_answer_nothing_here(town, station):
    trouble = told_by(station, "a").trouble
    for who in ("zhao", "lin", "ma"):
        with pytest.raises(ForbiddenError):
            _answer(town, trouble, who=who)
    with pytest.raises(ForbiddenError):
        station_shut(actor=town.actor("ma"), station_id=station.pk, reason="repair")
    for who in ("wang", "sun", "chen", "zhou"):
        assert _answer(town, trouble, who=who).state == "answered"


def test_a_second_answer_is_harmless_when_it_is_the_same_and_refused_when_not(town, station):
    trouble = told_by(station, "a").trouble
    _answer(town, trouble)
    _answer(town, trouble)
    assert AuditRow.objects.filter(action="stations.answered").count() == 1
    with pytest.raises(StaleError):
        _answer(town, trouble, who="sun", answer="我也看过了。")


def test_an_answer_needs_words_and_says_whether_it_is_open(town, station, hands):
    trouble = told_by(station, "a").trouble
    for wrong in ({"answer": " "}, {"answer": "长" * 401}, {"found": "?"}, {"is_open_now": False}):
        with pytest.raises(RefusedError):
            _answer(town, trouble, **wrong)
    station_shut(actor=town.actor("wang"), station_id=station.pk, reason="repair")
    assert _answer(town, trouble, is_open_now=False).state == "answered"
    assert _state(station) is State.SHUT


def test_closed_for_a_while_and_open_again_each_once(town, station, hands):
    wang, until = town.actor("wang"), hands.read().replace(day=30)
    for _tap in range(2):
        station_shut(
            actor=wang, station_id=station.pk, reason="repair", words="换空调", ends_at=until
        )
    assert seen_one(station).standing.until == until
    assert len(events_told(events.StationClosed)) == 1
    for _tap in range(2):
        station_reopen(actor=wang, station_id=station.pk)
    assert _state(station) is State.OPEN
    assert len(events_told(events.StationReopened)) == 1
    for wrong in ({"reason": "?"}, {"reason": "repair", "ends_at": hands.read()}):
        with pytest.raises(RefusedError):
            station_shut(actor=wang, station_id=station.pk, **wrong)


def test_what_is_no_kind_of_report_is_refused(station):
    with pytest.raises(RefusedError):
        told_by(station, "a", kind="?")
