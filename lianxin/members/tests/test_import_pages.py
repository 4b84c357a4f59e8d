"""A roll read from the desk: sent, looked at, started, stopped; asked by Lin, Wang, Chen and Zhao."""

from __future__ import annotations

import io
import json
import re

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.files.api import StoredFile
from lianxin.jobs.testing import settle
from lianxin.members.models import ImportMark, ImportRun, Member
from lianxin.members.services.importing import running
from lianxin.members.tests.test_import import HEADERS, _number, _person
from lianxin.orgs.api import Role
from lianxin.orgs.testing import post_make
from lianxin.vault.api import reveal

pytestmark = pytest.mark.django_db
STRANGERS = ("lin", "zhao", "tang")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def _upload(rows, headers=HEADERS, name="花名册.xlsx"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("一")
        for at, row in enumerate([headers, *rows]):
            page.write_row(at, 0, row)
    return SimpleUploadedFile(name, out.getvalue())


def _sent(client, rows, headers=HEADERS, kind="roll", organisation="JZ-JL"):
    typed = {"organisation": organisation, "kind": kind, "file": _upload(rows, headers)}
    answer = client.post(reverse("members:import_new"), typed)
    assert answer.status_code == 302, answer.content.decode()
    settle()
    return ImportRun.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def _act(client, run, act):
    answer = client.post(reverse("members:import_act", args=[run.pk]), {"act": act})
    settle()
    run.refresh_from_db()
    return answer


def _url(run, name="import_run"):
    return reverse(f"members:{name}", args=[run.pk])


@pytest.fixture
def people():
    return [_person(n) for n in range(100, 110)]


def test_a_roll_goes_from_the_officer_s_machine_to_the_base(fed, as_, people):
    people[0][1] = people[0][1][:-1]
    chen = as_("chen")
    run = _sent(chen, people)
    assert run.state == "ready"
    page = chen.get(_url(run)).content.decode()
    assert "苏晓" in page
    assert _number(101) not in page, "numbers stay masked in the preview"
    _act(chen, run, "check")
    assert (run.state, run.checked["created"], Member.objects.filter(name="苏晓").count()) == (
        "ready", 9, 0,
    )  # fmt: skip
    for _twice in range(2):
        _act(chen, run, "start")
    assert (run.state, run.created, run.rejected) == ("done", 9, 1)
    assert Member.objects.filter(name="苏晓").count() == 9
    assert run.preview is None
    assert not StoredFile.objects.filter(object_kind="members.roll", deleted_at=None).exists()
    page = chen.get(_url(run)).content.decode()
    assert "every 2s" not in page, "nothing left to wait for"


def test_rows_not_taken_come_back_by_a_private_link(fed, as_, people):
    people[0][1] = "1"
    chen = as_("chen")
    run = _sent(chen, people)
    _act(chen, run, "start")
    page = chen.get(_url(run)).content.decode()
    found = re.search(rf'href="({reverse("files:file", args=["x"])[:-2]}[^"]+)"', page)
    assert found is not None
    link = found[1]
    answer = chen.get(link)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert rows.to_python()[1][2:4] == ["苏晓", "1"]
    for who in ("guo", *STRANGERS):
        assert as_(who).get(link).status_code in {404, 410}


def test_what_a_column_holds_is_corrected_by_hand(fed, as_, people):
    chen = as_("chen")
    run = _sent(chen, people, ["甲", "乙", "丙", "丁", "戊"])
    assert run.state == "ready"
    assert chen.get(_url(run)).status_code == 200
    nothing = chen.post(_url(run), {"0-use": "on", "0-at": "1"})
    assert nothing.status_code == 200, "a sentence, not a crash"
    said = {"0-use": "on", "0-at": "1", "0-name": "0", "0-id_number": "1", "0-union": "3"}
    assert chen.post(_url(run), said).status_code == 302
    assert "苏晓" in chen.get(_url(run)).content.decode()
    _act(chen, run, "start")
    assert run.created == 10


def test_a_reading_is_stopped_and_what_was_taken_stays(fed, as_, people, monkeypatch):
    monkeypatch.setattr(running, "default_batch", lambda: 4)
    chen = as_("chen")
    run = _sent(chen, people)
    insert = running.insert_members

    def insert_and_stop(entries):
        ids = insert(entries)
        if Member.objects.filter(name="苏晓").count() == 8:
            chen.post(_url(run, "import_act"), {"act": "cancel"})
        return ids

    monkeypatch.setattr(running, "insert_members", insert_and_stop)
    _act(chen, run, "start")
    assert (run.state, run.position) == ("cancelled", 8)
    assert Member.objects.filter(name="苏晓").count() == 8
    monkeypatch.undo()
    again = _sent(chen, people)
    _act(chen, again, "start")
    assert (again.created, again.duplicate) == (2, 8)


def test_a_file_sent_twice_is_one_run_and_a_stopped_one_leaves_no_file(fed, as_, people):
    chen = as_("chen")
    first, second = _sent(chen, people), _sent(chen, people)
    assert first.pk == second.pk or StoredFile.objects.filter(deleted_at=None).count() <= 2
    _act(chen, first, "cancel")
    assert first.state == "cancelled"
    assert not StoredFile.objects.filter(object_id=first.pk, deleted_at=None).exists()
    _act(chen, first, "start")
    assert first.state == "cancelled"


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n\0\0", b"MZ\0\0", b"  \n "]
)
def test_what_is_no_table_gets_a_sentence_and_keeps_what_was_said(fed, as_, content):
    typed = {
        "organisation": "JZ-JL",
        "kind": "yearly",
        "file": SimpleUploadedFile("a.xlsx", content),
    }
    answer = as_("chen").post(reverse("members:import_new"), typed)
    assert answer.status_code == 200
    assert not ImportRun.objects.exists()


def test_a_workbook_that_asks_for_half_a_terabyte_harms_nobody(fed, as_):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADERS)
        page.write(1_048_575, 16_383, "x")
    typed = {"organisation": "JZ-JL", "kind": "roll"}
    answer = as_("chen").post(
        reverse("members:import_new"),
        typed | {"file": SimpleUploadedFile("a.xlsx", out.getvalue())},
    )
    settle()
    run = ImportRun.objects.get()
    assert (run.state, run.fault) == ("failed", "file_too_much")
    assert as_("chen").get(answer.url).status_code == 200


def test_only_who_may_import_sees_rolls(fed, as_, people):
    run = _sent(as_("chen"), people)
    pages = [reverse("members:import_list"), reverse("members:import_new"), _url(run)]
    for url in pages:
        assert Client().get(url).status_code == 302
        assert as_("guo").get(url).status_code == 200
        for who in ("wang", "ma", "fang"):
            assert as_(who).get(url).status_code == 404
        for who in STRANGERS:
            assert as_(who).get(url).status_code == 403
    assert as_("wang").post(_url(run, "import_act"), {"act": "start"}).status_code == 404
    assert as_("chen").get(_url(run, "import_act")).status_code == 405
    assert as_("chen").post(_url(run, "import_act"), {"act": "explode"}).status_code == 404
    typed = {"organisation": "JZ-JL", "code": "JZ-BH", "kind": "roll", "file": _upload(people)}
    as_("chen").post(reverse("members:import_new"), typed)
    assert not ImportRun.objects.filter(organisation__code="JZ-BH").exists()


def test_a_yearly_check_lists_who_is_missing_and_removes_nobody(fed, as_, people):
    guo = as_("guo")
    everybody = _sent(guo, people)
    _act(guo, everybody, "start")
    roll = Member.objects.filter(organisation__code__startswith="JZ-JL").count()
    run = _sent(guo, people[:8], kind="yearly")
    _act(guo, run, "start")
    assert (run.state, run.duplicate) == ("done", 8)
    assert ImportMark.objects.filter(run=run).count() == 8
    assert (
        Member.objects.filter(organisation__code__startswith="JZ-JL", state="in_force").count()
        == roll
    )
    url = _url(run, "import_missing")
    page = guo.get(url).content.decode()
    missing = list(Member.objects.filter(name="苏晓").order_by("pk"))[8:]
    assert all(str(member.pk) in page for member in missing)
    assert guo.post(url, {"answer": "here"}).status_code == 200, "nobody was ticked"
    guo.post(url, {"members": [str(missing[0].pk)], "answer": "here"})
    guo.post(url, {"members": [str(missing[1].pk)], "answer": "retired"})
    states = {m.pk: m.state for m in Member.objects.filter(pk__in=[m.pk for m in missing])}
    assert states == {missing[0].pk: "in_force", missing[1].pk: "retained"}
    page = guo.get(url).content.decode()
    assert not any(str(member.pk) in page for member in missing)
    assert as_("wang").get(url).status_code == 404
    assert guo.get(_url(everybody, "import_missing")).status_code == 404


def test_who_left_or_died_is_settled_many_at_a_time(fed, as_, people):
    guo = as_("guo")
    _act(guo, _sent(guo, people), "start")
    run = _sent(guo, people[:4], kind="yearly")
    _act(guo, run, "start")
    url = _url(run, "import_missing")
    missing = list(Member.objects.filter(name="苏晓").order_by("pk"))[4:]
    left, died = missing[:3], missing[3:5]
    guo.post(url, {"members": [str(one.pk) for one in left], "answer": "own_wish"})
    typed = {"members": [str(one.pk) for one in died], "answer": "died"}
    answer = guo.post(url, typed)
    assert answer.status_code == 200, "nobody comes back from this: it needs a second word"
    assert not Member.objects.filter(pk__in=[one.pk for one in died], state="ended").exists()
    for _twice in range(2):
        guo.post(url, typed | {"is_sure": "on"})
    for found, state, reason in ((left, "left", "own_wish"), (died, "ended", "died")):
        for one in found:
            one.refresh_from_db()
            assert one.state == state
            assert [line.reason for line in one.history.all()] == [reason]
    # Her own entry stands on the same list: of it an officer says nothing.
    own = fed.member_id("guo")
    guo.post(url, {"members": [str(own)], "answer": "own_wish"})
    assert Member.objects.get(pk=own).state == "in_force"


def test_a_phone_that_is_none_comes_back_beside_the_rows_not_taken(fed, as_, people):
    guo = as_("guo")
    people[0][2] = "023-67890123"
    run = _sent(guo, people)
    _act(guo, run, "start")
    assert (run.created, run.rejected) == (len(people), 0)
    page = guo.get(_url(run)).content.decode()
    assert "1 人已收下，但没有登记手机号" in page
    assert reverse("files:file", args=["x"])[:-2] in page
    assert (
        "没有登记手机号"
        not in as_("chen").get(_url(_sent(as_("chen"), people[1:]))).content.decode()
    )


def test_a_preview_lies_sealed(fed, as_, people):
    run = _sent(as_("chen"), people)
    assert _number(101) not in str(run.preview)
    assert _number(101) in json.dumps(json.loads(reveal(run, "preview")))


def test_a_post_that_reaches_its_union_alone_reads_no_roll_of_those_below(fed, as_, people):
    whole = _sent(as_("guo"), people)
    post_make(fed.account("ma"), fed.organisation("jialing"), Role.OFFICER)
    ma = as_("ma")
    assert ma.get(_url(whole)).status_code == 404
    assert _url(whole) not in ma.get(reverse("members:import_list")).content.decode()
    assert ma.post(_url(whole, "import_act"), {"act": "start"}).status_code == 404
    mine = _person(300, union="嘉岭区总工会")
    run = _sent(ma, [mine, *people], kind="yearly")
    _act(ma, run, "check")
    assert (run.checked["created"], run.checked["rejected"]) == (1, 10)
    _act(ma, run, "start")
    assert (run.state, run.created, run.rejected) == ("done", 1, 10)
    page = ma.get(_url(run, "import_missing")).content.decode()
    assert "郭敏" in page, "she stands in the union itself"
    assert "林晓梅" not in page, "she stands below it"
    lin = fed.member("lin")
    ma.post(_url(run, "import_missing"), {"members": [str(lin.pk)], "answer": "own_wish"})
    assert Member.objects.get(pk=lin.pk).state == "in_force"
    assert as_("guo").get(_url(run)).status_code == 200
