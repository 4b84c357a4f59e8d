"""One's own organisation instead of the demo: the tree and its officers, read from tables."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from lianxin.accounts.api import User
from lianxin.orgs.api import Organisation, Role, actor_of, line_of, organisation_by_code

pytestmark = pytest.mark.django_db
TREE = [
    ["code", "name", "level", "parent"],
    ["C1", "City Federation", "city", ""],
    ["D1", "District Union", "district", "C1"],
    ["G1", "Works Union", "grassroots", "D1"],
]


def _run(*words: object) -> str:
    said = io.StringIO()
    call_command(*[str(word) for word in words], stdout=said)
    return said.getvalue()


def _csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def test_a_tree_is_read_and_read_again_changes_nothing(tmp_path: Path) -> None:
    tree = _csv(tmp_path / "tree.csv", TREE)
    assert "3 organisations would be created" in _run("import_organisations", tree, "--dry-run")
    assert not Organisation.objects.exists()
    assert "3 organisations created" in _run("import_organisations", tree)
    assert "0 organisations created, 3 were there" in _run("import_organisations", tree)
    works = organisation_by_code("G1")
    assert works is not None
    assert [above.code for above in line_of(works)][:2] == ["C1", "D1"]


def test_a_workbook_and_the_encoding_of_old_offices_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "tree.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([*TREE[:2], ["500101", "区总工会", "district", "C1"]]):
            sheet.write_row(number, 0, row)
        sheet.write_number(2, 0, 500101)
    _run("import_organisations", path)
    assert Organisation.objects.get(code="500101").name == "区总工会"
    more = [TREE[0], ["G2", "机械厂工会", "grassroots", "500101"]]
    _run("import_organisations", _csv(tmp_path / "more.csv", more, "gb18030"))
    assert Organisation.objects.get(code="G2").name == "机械厂工会"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["code", "name"], ["C1", "City"]], "needs the columns"),
        ([*TREE, ["G2", "X", "grassroots", "NO"]], "line 5: There is no organisation NO"),
        ([*TREE, ["G2", "X", "planet", "D1"]], "line 5: “planet” is no level"),
        ([], "empty"),
    ],
)
def test_a_wrong_table_writes_nothing_and_names_the_line(tmp_path, rows, words) -> None:
    with pytest.raises(CommandError, match=words):
        _run("import_organisations", _csv(tmp_path / "tree.csv", rows))
    assert not Organisation.objects.exists()


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tree.xlsx").write_bytes(b"no workbook")
    with pytest.raises(CommandError, match="no workbook"):
        _run("import_organisations", tmp_path / "tree.xlsx")
    with pytest.raises(CommandError, match="no file"):
        _run("import_organisations", tmp_path / "other.csv")


def test_officers_get_posts_and_first_passwords_on_a_private_list(tmp_path: Path) -> None:
    _run("import_organisations", _csv(tmp_path / "tree.csv", TREE))
    table = _csv(
        tmp_path / "officers.csv",
        [
            ["login", "name", "organisation", "role", "reach"],
            ["wang", "Wang Min", "G1", "officer", ""],
            ["li", "Li Wei", "D1", "officer", "here_and_below"],
            ["li", "Li Wei", "D1", "finance", ""],
        ],
    )
    handed = tmp_path / "handed.csv"
    assert "3 posts given, 2 first passwords" in _run(
        "import_officers", table, "--passwords", handed
    )
    assert stat.S_IMODE(handed.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(handed.read_text("utf-8-sig"))))
    assert [row["login"] for row in rows] == ["wang", "li"]
    for row in rows:
        assert User.objects.get(login_name=row["login"]).check_password(row["first password"])
    li = User.objects.get(login_name="li")
    assert {post.role for post in actor_of(li.pk).posts} == {Role.OFFICER, Role.FINANCE}
    with pytest.raises(CommandError, match="exists"):
        _run("import_officers", table, "--passwords", handed)


def test_one_wrong_officer_and_nobody_is_written(tmp_path: Path) -> None:
    _run("import_organisations", _csv(tmp_path / "tree.csv", TREE))
    rows = [
        ["login", "name", "organisation", "role"],
        ["wang", "Wang", "G1", "officer"],
        ["zhao", "Zhao", "G1", "king"],
    ]
    handed = tmp_path / "handed.csv"
    with pytest.raises(CommandError, match="line 3: Roles are"):
        _run("import_officers", _csv(tmp_path / "o.csv", rows), "--passwords", handed)
    assert not User.objects.exists()
    assert not handed.exists()
