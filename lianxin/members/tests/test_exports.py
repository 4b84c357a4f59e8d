"""A list that goes out: for a purpose, marked, no more than it needs, told to each member."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.audit.api import openings_of
from lianxin.files.api import StoredFile
from lianxin.jobs.testing import crash_everywhere, run_periodic, settle
from lianxin.kit import clock
from lianxin.kit.testing import stopped_clock
from lianxin.members.models import ExportedMember, Member, MemberExport
from lianxin.members.services import exporting
from lianxin.members.services.exporting import export_write
from lianxin.members.testing import id_number_of, invented_id_number, member_make
from lianxin.orgs.api import Post, Reach, Role
from lianxin.orgs.testing import post_make

pytestmark = pytest.mark.django_db
NEW = "members:export_new"
TYPED = {"purpose": "gathering", "words": "spring outing"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def _asked(client, query="", **typed):
    answer = client.post(reverse(NEW) + query, TYPED | typed)
    assert answer.status_code == 302, answer.content.decode()
    return MemberExport.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def _link(client, export):
    page = client.get(reverse("members:export", args=[export.pk])).content.decode()
    found = re.search(rf'href="({reverse("files:file", args=["x"])[:-2]}[^"]+)"', page)
    return found[1] if found else ""


def _fetched(client, export):
    settle()
    return client.get(_link(client, export)).content


def _rows(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_list_holds_what_its_purpose_needs_and_carries_its_mark(fed, as_):
    wang = as_("wang")
    export = _asked(wang)
    content = _fetched(wang, export)
    rows = _rows(content)
    assert "王建国" in rows[0][0]
    assert str(export.pk) in rows[0][0]
    people = {row[0]: row for row in rows[4:]}
    assert people["林晓梅"][3] == "19900000001"
    assert "赵海燕" not in people
    assert id_number_of("lin") not in str(rows)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert str(export.pk) in packed.read("docProps/custom.xml").decode()
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert str(export.pk) in sheet.partition("<headerFooter")[2]


def test_each_member_reads_who_took_her_out_and_what_for(fed, as_):
    settle()
    _asked(as_("wang"))
    settle()
    for _twice in range(2):
        settle()
    looks = openings_of(fed.account_id("lin")).filter(purpose="export_gathering")
    assert looks.count() == 1
    page = as_("lin").get(reverse("members:looked"), headers={"accept-language": "en"})
    assert "To invite to an activity" in page.content.decode()
    assert not openings_of(fed.account_id("zhao")).exists()


def test_numbers_are_masked_for_all_but_those_who_answer_for_the_roll(fed, as_):
    for who, shown in (("wang", False), ("guo", True)):
        client = as_(who)
        export = _asked(client, purpose="insurance")
        assert (id_number_of("lin") in str(_rows(_fetched(client, export)))) is shown


def test_a_number_is_shown_only_where_one_answers_for_that_roll(fed, as_):
    """As a caseworker she lists all below, as an officer she answers for the district's own roll."""
    district = fed.organisation("jialing")
    post_make(fed.account("ma"), district, Role.CASEWORKER, Reach.BELOW)
    post_make(fed.account("ma"), district, Role.OFFICER)
    ma = as_("ma")
    rows = str(_rows(_fetched(ma, _asked(ma, "?union=JZ-JL", purpose="insurance"))))
    assert id_number_of("guo") in rows
    assert "林晓梅" in rows
    assert id_number_of("lin") not in rows


def test_who_no_longer_reaches_all_in_a_list_cannot_fetch_it(fed, as_):
    ma = as_("ma")
    post = post_make(fed.account("ma"), fed.organisation("jialing"), Role.CASEWORKER, Reach.BELOW)
    export = _asked(ma, "?union=JZ-JL")
    settle()
    link = _link(ma, export)
    assert ma.get(link).status_code == 200
    member = fed.member("sun")
    Member.objects.filter(pk=member.pk).update(organisation=fed.organisation("binhe"))
    assert ma.get(_link(ma, export)).status_code == 200, "who has gone elsewhere does not count"
    Post.objects.filter(pk=post.pk).update(reach=Reach.HERE)
    assert ma.get(link).status_code in {404, 410}


def test_figures_hold_no_names(fed, as_):
    wang = as_("wang")
    rows = _rows(_fetched(wang, _asked(wang, purpose="figures")))
    assert "林晓梅" not in str(rows)


def test_a_list_is_narrowed_as_one_looked_at_it(fed, as_):
    wang = as_("wang")
    export = _asked(wang, "?q=lin")
    rows = _rows(_fetched(wang, export))
    assert [row[0] for row in rows[4:]] == ["林晓梅"]


@pytest.mark.parametrize("typed", [{"words": ""}, {"words": "a"}, {"purpose": "curiosity"}])
def test_no_purpose_no_list(fed, as_, typed):
    answer = as_("wang").post(reverse(NEW), TYPED | typed)
    assert answer.status_code == 200
    assert not MemberExport.objects.exists()


def test_asked_twice_it_is_one_list(fed, as_):
    wang = as_("wang")
    assert _asked(wang).pk == _asked(wang).pk


def test_nobody_but_who_asked_fetches_it(fed, as_):
    wang = as_("wang")
    export = _asked(wang)
    settle()
    link, url = _link(wang, export), reverse("members:export", args=[export.pk])
    for who in ("guo", "ma"):
        assert as_(who).get(url).status_code == 404
        assert as_(who).get(link).status_code == 410
    for who in ("lin", "zhao"):
        assert as_(who).get(reverse(NEW)).status_code == 403
        assert as_(who).get(url).status_code == 403
    assert as_("fang").get(reverse(NEW)).status_code == 404
    assert as_("wang").get(reverse(NEW) + "?union=JZ-BH-JW-001").status_code == 404
    assert Client().get(url).status_code == 302
    assert wang.put(reverse(NEW)).status_code == 405
    assert wang.post(url).status_code == 405


def test_a_list_is_gone_after_a_week(fed, as_):
    wang = as_("wang")
    export = _asked(wang)
    settle()
    link = _link(wang, export)
    with stopped_clock(clock.now() + dt.timedelta(days=8)):
        run_periodic("files.purge_unclaimed")
    assert StoredFile.objects.get(object_id=export.pk).deleted_at
    assert wang.get(link).status_code == 410
    assert _link(wang, export) == ""


def test_cut_off_anywhere_a_list_goes_on_and_notes_nobody_twice(fed, as_, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 2)
    for serial in range(200, 205):
        number = invented_id_number(dt.date(1990, 1, 1), serial)
        member_make("苏晓", fed.organisation("yangtze"), serial=serial, id_number=number)
    export = _asked(as_("wang"))

    def act():
        export_write(MemberExport.objects.select_related("organisation").get(pk=export.pk))

    assert crash_everywhere(act) >= 4
    done = MemberExport.objects.get(pk=export.pk)
    assert (done.state, done.rows) == ("done", 7)
    assert ExportedMember.objects.filter(export=export).count() == 7
    assert openings_of(fed.account_id("lin")).count() == 1
