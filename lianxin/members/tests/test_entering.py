"""One person put onto the roll at the desk, carried over, and her lost card."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from lianxin.audit.api import history_of as trail_of
from lianxin.files.api import StoredFile, file_link, files_of
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import Move, card_verify, membership_change
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.models import Member
from lianxin.members.rules.identity import IdKind
from lianxin.members.rules.privacy import Person
from lianxin.members.selectors.membership import history_of
from lianxin.members.services.card import card_issue
from lianxin.members.services.duplicates import rows_merge
from lianxin.members.services.entering import Newcomer, member_carry, member_enter
from lianxin.members.services.keeping import roll_holds
from lianxin.members.testing import card_shown, counts_right, id_number_of, invented_id_number
from lianxin.members.tests.test_roll import NEW
from lianxin.notify.api import sms_used
from lianxin.notify.testing import texts_to
from lianxin.orgs.api import Organisation

pytestmark = pytest.mark.django_db
URL = "/desk/members/new/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, fed):
    settings.MEDIA_ROOT = tmp_path / "files"
    counts_right()


def _photo() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(data, "JPEG")
    return SimpleUploadedFile("page.jpg", data.getvalue(), "image/jpeg")


def _typed(**more: Any) -> dict[str, Any]:
    return {
        "organisation": "JZ-JL-BC-001", "code": "", "id_kind": "resident", "id_number": NEW,
        "name": "苏晓", "phone": "", "employer_name": "", "occupation": "门卫", "signed": _photo(),
    } | more  # fmt: skip


def _found() -> Member:
    return Member.objects.get(name="苏晓")


def test_somebody_without_a_phone_joins_at_the_counter_of_her_own_union(fed, as_):
    wang = as_("wang")
    assert "扬子机械厂工会" in wang.get(URL).content.decode()
    before = Organisation.objects.get(code="JZ").member_count
    answer = wang.post(URL, _typed())
    member = _found()
    assert answer.url == reverse("members:member", args=[member.pk])
    assert (member.state, member.organisation.code, member.phone) == (
        "in_force", "JZ-JL-BC-001", None,
    )  # fmt: skip
    assert Organisation.objects.get(code="JZ").member_count == before + 1
    page = files_of(SIGNED_PAGE, member.pk).get()
    assert page.subject_id == member.pk
    assert [line.on for line in history_of(member)]
    trail = trail_of("members.Member", member.pk)
    assert fed.account_id("wang") in trail.values_list("actor_id", flat=True)
    assert "入会时签字的那页" in wang.get(answer.url).content.decode()


def test_sent_twice_she_is_one_with_one_page(fed, as_):
    wang = as_("wang")
    first, second = wang.post(URL, _typed()), wang.post(URL, _typed())
    assert first.url == second.url
    assert files_of(SIGNED_PAGE, _found().pk).count() == 1


def test_who_is_on_the_roll_already_is_found_in_whatever_state(fed, as_):
    wang, lin = as_("wang"), fed.member("lin")
    there = reverse("members:member", args=[lin.pk])
    typed = _typed(id_number=id_number_of("lin"), name="林晓梅")
    assert wang.post(URL, typed).url == there
    membership_change(actor=fed.actor("wang"), member=lin, move=Move.LEAVE, reason="own_wish")
    assert wang.post(URL, _typed(id_number=id_number_of("lin"), name="林晓梅")).url == there
    assert Member.objects.get(pk=lin.pk).state == "left"
    assert not files_of(SIGNED_PAGE, lin.pk).exists()


def test_who_is_elsewhere_is_not_shown_and_not_taken(fed, as_):
    answer = as_("wang").post(URL, _typed(id_number=id_number_of("zhao"), name="赵海燕"))
    assert answer.status_code == 200
    assert str(fed.member_id("zhao")) not in answer.content.decode()
    assert Member.objects.filter(name="赵海燕").count() == 1


def test_a_number_alone_tells_nothing_of_whose_it_is(fed, as_):
    zhao = fed.member("zhao")
    Member.objects.filter(pk=zhao.pk).update(state=Member.State.ENDED)
    under_another = as_("wang").post(URL, _typed(id_number=id_number_of("zhao"), name="苏晓"))
    errors = under_another.context["form"].errors
    assert "name" in errors
    assert "id_number" not in errors


def test_when_two_entries_become_one_the_signed_page_follows(fed, as_):
    as_("wang").post(URL, _typed())
    kept, gone = fed.member("lin"), _found()
    rows_merge(kept.pk, gone.pk)
    assert files_of(SIGNED_PAGE, kept.pk).count() == 1
    assert [one.what for one in roll_holds(Person(account_id=None, member_id=kept.pk))][1]


def test_a_photo_that_came_stays_whatever_else_is_wrong(fed, as_):
    wang = as_("wang")
    page = wang.post(URL, _typed(id_number=NEW[:-1])).content.decode()
    kept = StoredFile.objects.get(object_kind="")
    assert f'name="kept" value="{kept.pk}"' in page
    assert "苏晓" in page
    again = _typed(kept=str(kept.pk))
    del again["signed"]
    assert wang.post(URL, again).status_code == 302
    assert files_of(SIGNED_PAGE, _found().pk).get().pk == kept.pk


def test_without_the_signed_page_nobody_joins(fed, as_):
    wang, zhao_s = as_("wang"), as_("ma")
    typed = _typed()
    del typed["signed"]
    assert wang.post(URL, typed).status_code == 200
    zhao_s.post(URL, _typed(organisation="JZ-BH-JW-001", id_number=NEW[:-1]))
    foreign = StoredFile.objects.get(object_kind="")
    assert wang.post(URL, typed | {"kept": str(foreign.pk)}).status_code == 200
    assert wang.post(URL, typed | {"kept": "x"}).status_code == 200
    assert not Member.objects.filter(name="苏晓").exists()


@pytest.mark.parametrize("who", ["lin", "zhao"])
def test_workers_enter_nobody(fed, as_, who):
    assert as_(who).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_an_officer_enters_nobody_into_a_union_that_is_not_hers(fed, as_):
    ma = as_("ma")
    assert ma.post(URL, _typed()).status_code == 200, "it is none of her choices"
    assert 'name="code"' not in ma.get(URL).content.decode(), "nothing lies below her union"
    typed = _typed(organisation="JZ-JL", code="JZ-BH-JW-001")
    page = as_("chen").post(URL, typed, headers={"accept-language": "en"}).content.decode()
    assert "You may not enter members of this union." in page
    assert not Member.objects.filter(name="苏晓").exists()
    with pytest.raises(ForbiddenError):
        member_enter(
            actor=fed.actor("zhao"), organisation=fed.organisation("yangtze"), signed=[],
            newcomer=Newcomer(name="苏晓", id_kind=IdKind.RESIDENT, id_number=NEW),
        )  # fmt: skip
    assert ma.put(URL).status_code == 405


def test_the_signed_page_is_opened_by_who_serves_her_and_leaves_a_line(fed, as_):
    wang = as_("wang")
    wang.post(URL, _typed())
    kept = files_of(SIGNED_PAGE, _found().pk).get()
    for who, status in (("wang", 200), ("ma", 404), ("zhao", 404), ("lin", 404)):
        link = file_link(kept, account_id=fed.account_id(who))
        assert as_(who).get(link).status_code == status, who
    assert trail_of("file", kept.pk).filter(actor_id=fed.account_id("wang")).exists()


def test_the_page_to_sign_says_what_she_agrees_to(as_):
    wang = as_("wang")
    page = wang.get(reverse("members:member_paper"), {"union": "JZ-JL-BC-001"}).content.decode()
    assert "扬子机械厂工会" in page
    assert "实名会员名册" in page
    assert (
        as_("ma").get(reverse("members:member_paper"), {"union": "JZ-JL-BC-001"}).status_code == 404
    )
    assert as_("lin").get(reverse("members:member_paper")).status_code == 403


def _carry(fed, key: str = "lin") -> str:
    return reverse("members:member_carried", args=[fed.member_id(key)])


@pytest.mark.parametrize("union", ["JZ-BH-JW-001", "江畔酒店工会"])
def test_who_serves_both_unions_carries_over_at_once(fed, as_, union):
    zhou = as_("zhou")
    here = reverse("members:member", args=[fed.member_id("lin")])
    assert _carry(fed) in zhou.get(here).content.decode()
    for _twice in range(2):
        assert zhou.post(_carry(fed), {"union": union}).status_code == 302
    member = Member.objects.get(pk=fed.member_id("lin"))
    assert [line.union for line in history_of(member)] == ["扬子机械厂工会", "江畔酒店工会"]
    assert fed.account_id("zhou") in trail_of("members.Member", member.pk).values_list(
        "actor_id", flat=True
    )


def test_who_serves_one_of_them_is_led_to_the_transfer(fed, as_):
    assert as_("wang").get(_carry(fed)).status_code == 404
    assert as_("ma").get(_carry(fed)).status_code == 404
    assert as_("lin").get(_carry(fed)).status_code == 403
    chen = as_("chen")
    page = chen.post(_carry(fed), {"union": "JZ-BH-JW-001"})
    assert page.status_code == 200
    assert "JZ-BH-JW-001" in page.content.decode()
    assert Member.objects.get(pk=fed.member_id("lin")).organisation.code == "JZ-JL-BC-001"
    for union in ("nowhere", ""):
        assert chen.post(_carry(fed), {"union": union}).status_code == 200
    with pytest.raises(ForbiddenError):
        member_carry(
            actor=fed.actor("zhou"), member=fed.member("zhou"), union=fed.organisation("yangtze")
        )
    with pytest.raises(RefusedError):
        member_carry(actor=fed.actor("zhou"), member=fed.member("lin"), union=None)


def test_a_lost_card_is_revoked_by_her_officer_and_by_no_stranger(fed, as_):
    token = card_shown(fed.actor("lin"))
    url = reverse("members:member_card", args=[fed.member_id("lin")])
    here = reverse("members:member", args=[fed.member_id("lin")])
    assert as_("ma").post(url).status_code == 404
    assert as_("zhao").post(url).status_code == 403
    wang = as_("wang")
    assert wang.get(url).status_code == 405
    assert url in wang.get(here).content.decode()
    for _twice in range(2):
        assert wang.post(url).status_code == 302
    assert card_verify(token).fault == "revoked"
    assert url not in wang.get(here).content.decode()
    revoked = trail_of("members.Card", Member.objects.get(pk=fed.member_id("lin")).cards.get().pk)
    assert revoked.filter(action="members.card_revoked").count() == 1
    own = reverse("members:member_card", args=[fed.member_id("wang")])
    card_issue(actor=fed.actor("wang"))
    assert wang.post(own).status_code == 404


def test_she_is_told_who_entered_her_and_whom_above_to_call(fed, as_):
    street = Organisation.objects.get(code="JZ-JL-BC")
    Organisation.objects.filter(pk=street.pk).update(phone="0999-5550101")
    for _twice in range(2):
        as_("wang").post(URL, _typed(phone="16900000077"))
    settle()
    (text,) = texts_to("+8616900000077")
    for said in ("王建国", "扬子机械厂工会", street.name, "0999-5550101"):
        assert said in text
    assert "苏晓" not in text, "the number may be somebody else's"


def test_without_a_phone_above_the_hotline_is_named_and_without_her_phone_nobody_is_told(fed, as_):
    Organisation.objects.update(phone="")
    as_("wang").post(URL, _typed(phone="16900000077"))
    settle()
    assert "12351" in texts_to("+8616900000077")[0]
    before = sms_used()
    as_("wang").post(
        URL, _typed(name="苏明", id_number=invented_id_number(dt.date(1988, 5, 6), 77))
    )
    settle()
    assert sms_used() == before


def test_messages_that_are_used_up_hinder_no_entry(fed, as_, settings):
    settings.SMS_CAP_PER_DAY = 0
    as_("wang").post(URL, _typed(phone="16900000077"))
    assert _found().state == "in_force"
    assert not texts_to("+8616900000077")


def test_the_level_above_looks_through_what_one_officer_entered_and_undoes_it(fed, as_):
    as_("wang").post(URL, _typed())
    member, lately = _found(), reverse("members:member_list") + "?entered=lately"
    sun = as_("sun")
    page = sun.get(lately).content.decode()
    assert "苏晓" in page
    assert "林晓梅" not in page, "she came with a roll"
    assert "苏晓" not in as_("ma").get(lately).content.decode()
    assert as_("zhao").get(lately).status_code == 403
    undone = {"becomes": "end:put_right"}
    sun.post(reverse("members:membership", args=[member.pk]), undone)
    assert _found().state == "ended"
    assert "苏晓" not in sun.get(lately).content.decode()
    assert "苏晓" in sun.get(lately + "&state=ended").content.decode()


def test_after_a_month_an_entry_is_one_of_the_others(fed, as_):
    as_("wang").post(URL, _typed())
    Member.objects.filter(name="苏晓").update(created_at=clock.now() - dt.timedelta(days=31))
    sun, url = as_("sun"), reverse("members:member_list")
    assert "苏晓" not in sun.get(url + "?entered=lately").content.decode()
    assert "苏晓" in sun.get(url).content.decode()
