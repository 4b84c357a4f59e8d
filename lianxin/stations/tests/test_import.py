"""Tables of stations: read in any form, looked at first, each row once, stopped and killed without harm."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts.testing import sign_in
from lianxin.files.api import files_of
from lianxin.jobs.testing import crash_at, settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.stations.models import Station, StationImport
from lianxin.stations.rules.hours import spans_read
from lianxin.stations.rules.places import Datum, metres_between, wgs84_to_gcj02
from lianxin.stations.rules.sheets import Columns, RowError, columns_of, draft_of
from lianxin.stations.selectors.imports import run_of
from lianxin.stations.services import importing
from lianxin.stations.testing import HERE, station_make

pytestmark = pytest.mark.django_db
TITLES = ["驿站编号", "驿站名称", "所属工会编码", "行政区划代码", "区县", "街道", "地址", "经度", "纬度", "开放时间", "无人值守时间", "节假日", "服务设施", "类型", "联系电话"]  # fmt: skip


def _row(number: int, **other: Any) -> list[Any]:
    shown = wgs84_to_gcj02(HERE)
    row = {
        "驿站编号": f"JL-{number:03}", "驿站名称": f"北苍驿站 {number}", "行政区划代码": "990101", "区县": "嘉岭区",
        "街道": "北苍街道", "地址": f"人民路 {number} 号", "经度": shown.longitude, "纬度": shown.latitude,
        "开放时间": "8:00-22:00", "服务设施": "饮水机、卫生间，手机充电", "类型": "工会驿站", "联系电话": 12351,
    } | other  # fmt: skip
    return [row.get(title, "") for title in TITLES]


def _csv(rows: list[list[Any]], encoding: str = "utf-8") -> bytes:
    text = "\n".join(",".join(str(cell) for cell in row) for row in [TITLES, *rows])
    return text.replace("，", "、").encode(encoding)


def _xlsx(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "嘉岭区服务驿站一览表")
    for at, row in enumerate([TITLES, *rows], start=1):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    book.close()
    return out.getvalue()


def _received(town, data: bytes, who: str = "sun", union: str = "yangtze") -> StationImport:
    return importing.import_receive(
        actor=town.actor(who), organisation=town.organisation(union),
        upload=SimpleUploadedFile("驿站.csv", data), datum=Datum.GCJ02,
    )  # fmt: skip


def _taken(town, data: bytes, **whose: str) -> StationImport:
    run = _received(town, data, **whose)
    importing.import_start(actor=town.actor(whose.get("who", "sun")), run=run)
    settle()
    run.refresh_from_db()
    return run


def _counts(run: StationImport) -> tuple[int, int, int, int]:
    return run.made, run.changed, run.same, len(run.problems)


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "xlsx"])
def test_a_table_of_any_form_is_read(town, form):
    rows = [_row(1), _row(2, 节假日="休息", 无人值守时间="22:00-8:00")]
    run = _taken(town, _xlsx(rows) if form == "xlsx" else _csv(rows, form))
    assert (run.state, _counts(run)) == ("done", (2, 0, 0, 0))
    first, second = Station.objects.order_by("code")
    assert (first.name, first.kind, first.phone, first.district_name) == (
        "北苍驿站 1",
        "station",
        "12351",
        "嘉岭区",
    )
    assert first.facilities == ["water", "toilet", "charging"]
    assert first.point is not None
    assert metres_between(first.point, HERE) < 0.3, "the map of the table is drawn in GCJ-02"
    assert first.hours["7"] == spans_read("8:00-22:00"), "one column of hours is for the whole week"
    assert second.hours["holiday"] == ()
    assert second.is_always_open is False
    assert first.organisation == town.organisation("yangtze")


def test_it_is_looked_at_first_and_nothing_is_written(town):
    station_make(town.organisation("yangtze"), "北苍驿站 1", code="JL-001")
    run = _received(town, _csv([_row(1), _row(2), _row(3, 驿站名称=""), _row(4, 纬度="北")]))
    assert run.seen["counts"] == {"made": 1, "changed": 1, "same": 0, "wrong": 2}
    assert run.seen["shown"][0] == [2, "北苍驿站 1", "嘉岭区 北苍街道 人民路 1 号", "changed"]
    assert [(line, code) for line, code, _piece in run.problems] == [(4, "name"), (5, "position")]
    assert Station.objects.count() == 1


def test_sent_again_it_changes_only_what_is_different(town):
    rows = [_row(number) for number in range(1, 6)]
    _taken(town, _csv(rows))
    assert _counts(_taken(town, _csv(rows))) == (0, 0, 5, 0)
    rows[2] = _row(3, 开放时间="9:00-17:00")
    assert _counts(_taken(town, _csv(rows))) == (0, 1, 4, 0)
    assert Station.objects.get(code="JL-003").hours["1"] == spans_read("9:00-17:00")


def test_our_own_table_comes_in_as_it_went_out(town, client):
    _taken(town, _csv([_row(1, 节假日="休息", 无人值守时间="22:00-8:00"), _row(2)]))
    content = client.get(reverse("stations:open_csv")).content
    run = importing.import_receive(
        actor=town.actor("sun"), organisation=town.organisation("yangtze"),
        upload=SimpleUploadedFile("stations.csv", content), datum=Datum.WGS84,
    )  # fmt: skip
    assert run.seen["counts"] == {"made": 0, "changed": 0, "same": 2, "wrong": 0}


def test_a_name_in_wide_letters_is_the_same_station_the_second_time(town):
    """Its table has no codes: the name alone says which, as it is kept and not as it was typed."""
    row = _row(1, 驿站编号="", 驿站名称="１号驿站", 地址="人民路　１０－２ 号")
    _taken(town, _csv([row]))
    again = _taken(town, _csv([row]))
    assert _counts(again) == (0, 0, 1, 0)
    changed = _taken(town, _csv([[*row[:9], "9:00-21:00", *row[10:]]]))
    assert _counts(changed) == (0, 1, 0, 0)
    found = Station.objects.get()
    assert (found.name, found.address) == ("1号驿站", "人民路 10-2 号")
    assert found.hours["1"] == spans_read("9:00-21:00")


def test_columns_the_table_does_not_have_are_left_alone(town):
    station_make(town.organisation("yangtze"), code="JL-001", door="走东门", facilities=["wifi"])
    data = "编号,名称,电话\nJL-001,北苍驿站,023-1\n".encode()
    run = _taken(town, data)
    assert _counts(run) == (0, 1, 0, 0)
    found = Station.objects.get()
    assert (found.phone, found.door, found.facilities, found.point) == (
        "023-1",
        "走东门",
        ["wifi"],
        HERE,
    )
    assert found.hours["1"] == spans_read("8:00-22:00")


def test_every_row_that_cannot_be_taken_comes_back_with_its_reason(town):
    station_make(town.organisation("riverside"), "别家的", code="JL-009")
    rows = [
        _row(1), _row(2, 驿站名称=" "), _row(3, 驿站编号="../"), _row(4, 开放时间="早上到晚上"), _row(5, 经度=200),
        _row(6, 类型="城堡"), _row(7, 所属工会编码="JZ-BH-JW-001"), _row(8, 区县=""), _row(9), _row(10, 服务设施="饮水机 金库"),
        [""] * len(TITLES),
    ]  # fmt: skip
    run = _taken(town, _csv(rows))
    assert _counts(run) == (2, 0, 0, 9)
    assert {(line, code) for line, code, _piece in run.problems} == {
        (3, "name"), (4, "code"), (5, "hours"), (6, "position"), (7, "kind"), (8, "refused"), (9, "refused"),
        (10, "refused"), (11, "facility"),
    }  # fmt: skip
    assert Station.objects.get(code="JL-010").facilities == ["water"]
    phone = Client()
    sign_in(phone, town.account("sun"), second_factor=True)
    table = phone.get(reverse("stations:import_problems", args=[run.pk])).content.decode(
        "utf-8-sig"
    )
    assert "5,这些" not in table
    assert "早上到晚上" in table
    assert "金库" in table


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", "姓名,年龄\n张三,3\n".encode(), b"PK\x03\x04broken", b"\x00\x01\x02" * 9],
)
def test_what_is_no_table_of_stations_gets_a_sentence(town, data):
    with pytest.raises(RefusedError):
        _received(town, data)
    assert not StationImport.objects.exists()


def test_only_whoever_keeps_stations_there_sends_and_sees_a_table(town):
    for who, union in (
        ("ma", "yangtze"),
        ("lin", "yangtze"),
        ("wang", "beicang"),
        ("qian", "city"),
    ):
        with pytest.raises(ForbiddenError):
            _received(town, _csv([_row(1)]), who=who, union=union)
    run = _received(town, _csv([_row(1)]))
    for who, sees in (
        ("wang", True),
        ("sun", True),
        ("chen", True),
        ("ma", False),
        ("zhao", False),
    ):
        assert (run_of(town.actor(who), run.pk) is not None) is sees
    pages = [
        reverse(f"stations:{name}", args=[run.pk]) for name in ("import_one", "import_problems")
    ]
    act = reverse("stations:import_act", args=[run.pk])
    for who, status in (("ma", 404), ("zhao", 403), ("lin", 403)):
        phone = Client()
        sign_in(phone, town.account(who), second_factor=True)
        assert {phone.get(page).status_code for page in pages} == {status}
        assert phone.post(act, {"act": "start"}).status_code == status
    with pytest.raises(ForbiddenError):
        importing.import_start(actor=town.actor("ma"), run=run)


def test_the_pages_lead_from_the_file_to_the_list(town, client):
    sign_in(client, town.account("wang"), second_factor=True)
    new = reverse("stations:import_new")
    assert "gcj02" in client.get(new).content.decode()
    sent = client.post(new, {"organisation": "JZ-JL-BC-001", "datum": "gcj02", "file": SimpleUploadedFile("a.csv", _csv([_row(1)]))}, follow=True)  # fmt: skip
    run = StationImport.objects.get()
    assert "写入" in sent.content.decode()
    act = reverse("stations:import_act", args=[run.pk])
    for _tap in range(2):
        client.post(act, {"act": "start"})
    assert (
        "hx-trigger" in client.get(reverse("stations:import_one", args=[run.pk])).content.decode()
    )
    settle()
    assert "已写入" in client.get(reverse("stations:import_one", args=[run.pk])).content.decode()
    assert Station.objects.count() == 1
    assert client.post(act, {"act": "?"}).status_code == 404
    assert client.get(act).status_code == 405
    broken = client.post(
        new,
        {
            "organisation": "JZ-JL-BC-001",
            "datum": "gcj02",
            "file": SimpleUploadedFile("a.csv", b"x"),
        },
    )
    assert broken.context["form"].errors
    assert run.file_name in client.get(new).content.decode()


def test_a_table_that_is_gone_does_not_begin(town, client):
    run = _received(town, _csv([_row(1)]))
    for kept in files_of(importing.FILE, run.pk):
        kept.delete()
    with pytest.raises(RefusedError):
        importing.import_start(actor=town.actor("sun"), run=run)
    sign_in(client, town.account("sun"), second_factor=True)
    act = reverse("stations:import_act", args=[run.pk])
    page = client.post(act, {"act": "start"}, follow=True).content.decode()
    assert "再发一次" in page
    run.refresh_from_db()
    assert run.state == "ready"
    client.post(act, {"act": "cancel"})
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_stopped_it_keeps_what_was_taken_and_sent_again_goes_on(town, monkeypatch):
    monkeypatch.setattr(importing, "A_BATCH", 2)
    rows = [_row(number) for number in range(1, 8)]
    run = _received(town, _csv(rows))
    importing.import_start(actor=town.actor("sun"), run=run)
    with crash_at(3):
        importing.import_run(run_id=run.pk)
    importing.import_cancel(actor=town.actor("sun"), run=run)
    settle()
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", Station.objects.count())
    assert 0 < run.done < 7
    again = _taken(town, _csv(rows))
    assert (again.made, again.same) == (7 - run.done, run.done)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", [1, 2, 3, 4, 5, 6, 7, 8])
def test_killed_at_any_commit_each_row_is_taken_once(town, monkeypatch, point):
    monkeypatch.setattr(importing, "A_BATCH", 2)
    rows = [_row(number) for number in range(1, 8)]
    run = _received(town, _csv(rows))
    importing.import_start(actor=town.actor("sun"), run=run)
    with crash_at(point):
        importing.import_run(run_id=run.pk)
    importing.import_run(run_id=run.pk)
    importing.import_run(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, _counts(run)) == ("done", (7, 0, 0, 0))
    assert Station.objects.count() == 7


def test_a_table_that_has_expired_says_so(town, monkeypatch):
    run = _received(town, _csv([_row(1)]))
    monkeypatch.setattr(importing, "FILE", f"gone.{uuid.uuid4()}")
    with pytest.raises(RefusedError):
        importing.content_of(run)


WORDS = {"kind:工会驿站": "station", "facility:饮水机": "water"}
CELLS = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.integers(),
    st.sampled_from(["", "8:00-22:00", "29.5", "饮水机"]),
)


@given(st.lists(CELLS, min_size=len(TITLES), max_size=len(TITLES)))
def test_any_row_is_a_station_or_a_reason(cells):
    columns = columns_of([TITLES])
    assert columns is not None
    # A workbook knows no whole numbers: station 7 stands in it as 7.0, and is read as people wrote it.
    is_whole = isinstance(cells[1], float) and cells[1].is_integer() and abs(cells[1]) < 1e15
    name = str(int(cells[1]) if is_whole else cells[1]).strip()
    reasons = {"name", "code", "kind", "position", "hours"}
    try:
        draft = draft_of(cells, columns, datum=Datum.BD09, words=WORDS)
    except RowError as error:
        reasons.remove(error.code)
        return
    assert draft.values["name"] == name[:400]


@given(st.lists(st.lists(CELLS, max_size=6), max_size=12))
def test_titles_are_found_or_not_and_nothing_breaks(rows):
    found = columns_of(rows)
    assert found is None or isinstance(found, Columns)
