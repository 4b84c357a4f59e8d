"""Reading a roll: understood, exactly once, and every refused row comes back with a reason."""

from __future__ import annotations

import csv
import datetime as dt
import json
import stat
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import probe
from lianxin.members.api import fact_save
from lianxin.members.models import ImportRejection, ImportRun, Member
from lianxin.members.services.importing.running import members_import
from lianxin.members.testing import federation, id_number_of, invented_id_number
from lianxin.orgs.api import Actor, Organisation
from lianxin.vault.api import blind_index, reveal

HEADERS = ["姓名", "身份证号", "手机号", "所属工会", "工种"]
BORN = dt.date(1991, 3, 9)


def _number(serial: int) -> str:
    return invented_id_number(BORN, serial)


def _person(serial: int, **cells: object) -> list[object]:
    row = {"name": "苏晓", "id": _number(serial), "phone": f"1690000{serial:04d}", "union": "扬子机械厂工会", "job": "车工"}  # fmt: skip
    return list((row | cells).values())


def _book(path: Path, rows: list[list[object]], headers: list[str] | None = None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("花名册")
        page.merge_range(0, 0, 0, 4, "某某工会会员花名册")
        for at, row in enumerate([headers or HEADERS, *rows], start=2):
            page.write_row(at, 0, row)
    return path


def _import(path: Path, code: str = "JZ", **options: object) -> dict[str, object]:
    out = StringIO()
    call_command(
        "import_members", path, organisation=code, stdout=out, stderr=StringIO(), **options
    )
    answer: dict[str, object] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def _counts(answer: dict[str, object]) -> list[object]:
    return [answer[name] for name in ("rows", "created", "updated", "duplicate", "rejected")]


@pytest.fixture
def people() -> list[list[object]]:
    return [_person(n) for n in range(100, 120)]


def test_a_roll_is_read_and_counted_up_the_tree(fed, tmp_path, people):
    answer = _import(_book(tmp_path / "roll.xlsx", people))
    assert _counts(answer) == [20, 20, 0, 0, 0]
    assert Organisation.objects.get(code="JZ").member_count == 20
    member = Member.objects.get(
        sort_key="suxiao", id_index=blind_index(_number(100), purpose="id_number")
    )
    assert reveal(member, "id_number") == _number(100)
    assert (member.street_code, member.occupation, member.source) == ("JZ-JL-BC", "车工", "roll")


def test_the_same_file_again_changes_nothing(fed, tmp_path, people):
    path = _book(tmp_path / "roll.xlsx", people)
    _import(path)
    assert _counts(_import(path)) == [20, 0, 0, 20, 0]
    assert _counts(_import(path, resume=True)) == [20, 0, 0, 20, 0]
    assert Organisation.objects.get(code="JZ").member_count == 20


def test_a_changed_cell_is_the_only_thing_updated(fed, tmp_path, people):
    _import(_book(tmp_path / "one.xlsx", people))
    people[3][4] = "钳工"
    people[4][4] = ""
    assert _counts(_import(_book(tmp_path / "two.xlsx", people))) == [20, 0, 1, 19, 0]


def test_a_dry_run_decides_everything_and_writes_nothing(fed, tmp_path, people):
    people[0][1] = people[0][1][:-1]
    before = Member.objects.count()
    answer = _import(_book(tmp_path / "roll.xlsx", people), dry_run=True)
    assert _counts(answer) == [20, 19, 0, 0, 1]
    assert Member.objects.count() == before
    assert not ImportRun.objects.exists()
    assert Path(str(answer["errors"])).exists()


def test_refused_rows_come_back_as_they_were_with_a_sentence(fed, tmp_path, people):
    people[0][0] = ""
    people[1][1] = _number(101)[:17] + ("1" if _number(101)[17] != "1" else "2")
    people[2][2] = "1690"
    people[3][3] = "没有的工会"
    people[4][1] = _number(105)
    people[4][0] = "别人"
    people[6][3] = ""
    people.append(_person(107))
    out = tmp_path / "back.xlsx"
    answer = _import(_book(tmp_path / "roll.xlsx", people), errors=out)
    # The row that comes first keeps the number; the one with another name is refused.
    # A phone nobody can call costs nobody her place; it comes back all the same.
    assert (_counts(answer), answer["warned"]) == ([21, 15, 0, 1, 5], 1)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert len(rows) == 7
    assert rows[0][2:] == HEADERS
    assert rows[2][3] == people[1][1]
    assert all(row[0] for row in rows)
    assert [float(str(row[1])) for row in rows[1:]] == [4, 5, 6, 7, 9, 10]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_sentences_speak_both_languages(fed, tmp_path, people):
    people[0][0] = ""
    book = _book(tmp_path / "roll.xlsx", people)
    said = []
    for language in ("en", "zh-hans"):
        out = tmp_path / f"{language}.xlsx"
        _import(book, errors=out, dry_run=True, language=language)
        said.append(CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()[1][0])
    assert str(said[0]).startswith("The name is missing")
    assert "姓名" in str(said[1])


def test_a_formula_typed_into_a_cell_stays_text(fed, tmp_path, people):
    people[0][0] = "'=1+1"
    people[1][0] = "=HYPERLINK(1)"
    path = tmp_path / "roll.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *people])
    answer = _import(path)
    assert answer["rejected"] == 2
    rows = CalamineWorkbook.from_path(str(answer["errors"])).get_sheet_by_index(0).to_python()
    assert rows[2][2] == "=HYPERLINK(1)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_any_office_is_read(fed, tmp_path, people, encoding, delimiter):
    path = tmp_path / "roll.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["花名册"], HEADERS, *people])
    assert _counts(_import(path)) == [20, 20, 0, 0, 0]


def test_who_is_elsewhere_is_not_taken_away(fed, tmp_path, people):
    _import(_book(tmp_path / "one.xlsx", people))
    for row in people:
        row[3] = "JZ-BH-JW-001"
    people[1][0] = "别人"
    assert _counts(_import(_book(tmp_path / "two.xlsx", people))) == [20, 0, 0, 0, 20]
    assert set(ImportRejection.objects.values_list("reason", flat=True)) == {
        "member_elsewhere",
        "name_differs",
    }


def test_what_a_member_put_right_herself_stays(fed, tmp_path):
    lin: list[list[object]] = [["林晓梅", id_number_of("lin"), "13900000000", "", "装配工"]]
    fact_save(
        actor=fed.actor("lin"),
        member_id=fed.member_id("lin"),
        name="occupation",
        value="钳工",
        source="self",
    )
    assert _counts(_import(_book(tmp_path / "roll.xlsx", [*lin]), code="JZ-JL-BC-001")) == [
        1,
        0,
        0,
        1,
        0,
    ]
    held = Member.objects.get(pk=fed.member_id("lin"))
    assert (held.occupation, held.phone_tail) == ("钳工", "0001")


def test_a_grassroots_roll_needs_no_column_for_the_union_and_a_city_roll_does(
    fed, tmp_path, people
):
    path = _book(tmp_path / "roll.xlsx", [row[:3] for row in people], HEADERS[:3])
    assert _counts(_import(path, code="JZ-JL-BC-001")) == [20, 20, 0, 0, 0]
    with pytest.raises(CommandError):
        _import(path)


def test_a_union_outside_ones_own_is_unknown(fed, tmp_path, people):
    people[0][3] = "江畔酒店工会"
    assert _counts(_import(_book(tmp_path / "roll.xlsx", people), code="JZ-JL"))[4] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("b.xlsx", b""),
        ("c.xls", b"\xd0\xcf\x11\xe0 broken"),
        ("d.pdf", b"%PDF-1.7"),
        ("e.csv", b""),
        ("f.csv", b"\xff\xfe\x00\xd8"),
        ("g.csv", "姓名,电话\n林,1".encode()),
        ("h.csv", b'"' + b"a" * 2_000_000),
    ],
)
def test_a_file_that_is_no_roll_gets_a_sentence(fed, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        _import(path)
    assert len(str(refused.value)) > 10
    with pytest.raises(CommandError):
        _import(tmp_path / "missing.xlsx")
    with pytest.raises(CommandError):
        _import(path, code="XX")


def test_only_who_may_import_imports(fed, tmp_path, people):
    path = _book(tmp_path / "roll.xlsx", people)
    for who in ("lin", "wang", "ma", "fang"):
        with pytest.raises(ForbiddenError):
            members_import(
                actor=fed.actor(who), path=path, organisation=fed.organisation("jialing")
            )
    done = members_import(
        actor=fed.actor("chen"), path=path, organisation=fed.organisation("jialing")
    )
    assert done.created == 20


class _CutError(Exception):
    pass


@pytest.mark.parametrize("cut_at", range(1, 12))
@pytest.mark.parametrize("moment", ["committing", "committed"])
@pytest.mark.django_db(transaction=True)
def test_a_run_cut_off_at_any_commit_goes_on_and_takes_nothing_twice(
    transactional_db, tmp_path, people, cut_at, moment
):
    federation()
    people[0][1] = "1"
    people += [_person(n) for n in (105, 106)]
    path = _book(tmp_path / "roll.xlsx", people)
    seen = 0

    def cut(at: str) -> None:
        nonlocal seen
        seen += at == moment
        if seen == cut_at and at == moment:
            raise _CutError

    city = Organisation.objects.get(code="JZ")
    probe.ask = cut
    try:
        members_import(actor=Actor.system(), path=path, organisation=city, batch_size=5)
    except _CutError:
        pass
    finally:
        probe.ask = None
    done = members_import(
        actor=Actor.system(), path=path, organisation=city, is_resumed=True, batch_size=5
    )
    assert list(done.plain().values()) == [22, 19, 0, 2, 1, 0]
    assert Organisation.objects.get(code="JZ").member_count == 19
    assert ImportRejection.objects.filter(run__state="done").count() == 1


def test_two_readers_of_one_run_do_not_both_write(fed, tmp_path, people):
    path = _book(tmp_path / "roll.xlsx", people)
    city = fed.organisation("city")

    def another(rows: int) -> None:
        if rows == 5:
            ImportRun.objects.update(position=10)

    with pytest.raises(RefusedError):
        members_import(
            actor=Actor.system(), path=path, organisation=city, batch_size=5, progress=another
        )
    assert Organisation.objects.get(code="JZ").member_count == 5
