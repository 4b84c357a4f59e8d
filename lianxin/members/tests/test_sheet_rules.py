"""Headers, dates and cells as offices write them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.members.rules.sheet import (
    DateError,
    RowError,
    date_of,
    draft_of,
    header_of,
    is_data,
    text_of,
)
from lianxin.members.testing import invented_id_number

TODAY = dt.date(2026, 11, 22)
BORN = dt.date(1990, 5, 17)
NUMBER = invented_id_number(BORN, 7)
DAYS = st.dates(dt.date(1930, 1, 1), TODAY)


@pytest.mark.parametrize(
    "headers",
    [
        ["序号", "姓名", "身份证号码", "手机号"],
        ["*名 字", "身 份 证 号（18位）", "联系方式"],
        ["职工姓名", "证件号码", "联系电话", "所属工会"],
        ["Name", "ID Number", "Phone"],
        ["会员姓名", "公民身份号码\n（必填）", "移动电话"],
    ],
)
def test_headers_are_understood_under_many_names(headers):
    rows = [["某某公司职工花名册", "", ""], ["填报单位：甲公司"], [], headers]
    found = header_of(rows)
    assert found is not None
    assert found.at == 3
    assert {"name", "id_number", "phone"} <= set(found.columns)


def test_a_sheet_without_name_and_number_holds_no_roll():
    assert header_of([["姓名", "电话"], ["林晓梅", "199"]]) is None
    assert header_of([]) is None


@given(DAYS, st.integers(0, 8))
def test_a_date_is_the_same_in_every_form(day, form):
    written = [
        day,
        dt.datetime.combine(day, dt.time(8, 30)),
        f"{day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        float((day - dt.date(1899, 12, 30)).days),
        f"{day} 00:00:00",
    ][form]
    assert date_of(written) == (day, True)


@pytest.mark.parametrize(
    "cell", ["1990-13-01", "90-5-17", "17/5/1990", "昨天", "199", 3.5, "1990-02-30"]
)
def test_a_date_one_cannot_be_sure_of_is_refused(cell):
    with pytest.raises(DateError):
        date_of(cell)


def test_a_month_alone_is_known_as_such():
    assert date_of("1990年5月") == (dt.date(1990, 5, 1), False)
    assert date_of("199005") == (dt.date(1990, 5, 1), False)
    assert date_of("") is None


@given(
    st.one_of(
        st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(),
        st.times(), st.timedeltas(),
    )
)  # fmt: skip
def test_any_cell_becomes_text_without_an_accident(cell):
    assert isinstance(text_of(cell), str)


@given(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.dates()), max_size=12))
def test_any_row_is_a_draft_or_a_reason(cells):
    header = header_of(
        [["姓名", "证件号码", "手机", "出生日期", "入会时间", "性别", "技能等级", "用工形式"]]
    )
    assert header is not None
    is_data(cells, header)
    with suppress(RowError):
        assert draft_of(cells, header, today=TODAY).identity.number


def _draft(**cells):
    names = {"name": "姓名", "id": "身份证号", "phone": "电话", "birth": "出生日期", "joined": "入会日期", "sex": "性别", "level": "技能等级", "form": "用工形式"}  # fmt: skip
    cells = {"name": "林晓梅", "id": NUMBER} | cells
    header = header_of([[names[key] for key in cells]])
    assert header is not None
    return draft_of(list(cells.values()), header, today=TODAY)


def test_full_width_and_blanks_are_folded():
    wide = NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    draft = _draft(id=f" {wide} ", phone="１９９ ００００ ０００１", name="林　晓梅")
    assert draft.identity.number == NUMBER
    assert draft.phone == "+8619900000001"
    assert draft.name == "林晓梅"


def test_a_number_excel_has_cut_off_is_named_as_such():
    with pytest.raises(RowError) as error:
        _draft(id=9.99999199005e17)
    assert error.value.reason == "id_cut_off"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": ""}, "name_missing"),
        ({"name": "林1"}, "name_form"),
        ({"id": ""}, "id_empty"),
        ({"birth": "1991-05-17"}, "birth_differs"),
        ({"joined": "不详"}, "joined_unreadable"),
        ({"joined": "2031-01-01"}, "joined_unreadable"),
    ],
)
def test_each_mistake_of_a_row_has_its_reason(cells, reason):
    with pytest.raises(RowError) as error:
        _draft(**cells)
    assert error.value.reason == reason


def test_the_number_knows_the_birthday_better_than_a_scribble():
    assert _draft(birth="五月").birth_on == BORN
    assert _draft(birth="1990.5").birth_on == BORN


@pytest.mark.parametrize(
    ("level", "code"),
    [("中级工（四级）", "4"), ("高级技师", "1"), ("技师/二级", "2"), ("高级工", "3"), ("首席技师", "chief"), ("", ""), ("无", "")],
)  # fmt: skip
def test_skill_levels_are_read_on_the_ladder_of_eight(level, code):
    assert _draft(level=level).skill_level == code


@pytest.mark.parametrize(
    ("form", "code"),
    [("劳动合同制", "contract"), ("非全日制", "part_time"), ("灵活就业", "flexible"), ("劳务派遣", "dispatched"), ("其它", "other"), ("", "")],
)  # fmt: skip
def test_forms_of_employment_are_read(form, code):
    assert _draft(form=form).employment_form == code


def test_totals_headers_and_blank_lines_are_no_people():
    header = header_of([["姓名", "身份证号"]])
    assert header is not None
    assert not is_data(["合计：20人", ""], header)
    assert not is_data(["合计：20人", "填表人：张三"], header)
    assert is_data(["合计", "99999919900517001X"], header)
    assert not is_data(["姓名", "身份证号"], header)
    assert not is_data([None, "  "], header)
    assert is_data(["林晓梅", ""], header)
