"""An old member who never signed in: begun from the roll, her yes by a code or on paper, hers later."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from lianxin.accounts.api import User, user_by_phone
from lianxin.accounts.testing import come_in, sign_in, user_of
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.audit.api import AuditRow
from lianxin.catalogue import services
from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import begun, filled, offer_of, paper_of
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import Changes, Member, consent_given, member_update
from lianxin.members.testing import invented_id_number, member_make
from lianxin.notify.testing import code_to, texts_to
from lianxin.orgs.testing import invented_phone
from lianxin.procedures.api import Dossier, State, Task, dossier_confirm_paper, may_view

CODE = "medical-aid"
PHONE = invented_phone(88)


@pytest.fixture
def gu(town) -> Member:
    """Gu Amei, retired, on the roll of Wang's union with a phone, never signed in."""
    return member_make("顾阿妹", town.organisation("yangtze"), serial=88)


@pytest.fixture
def wang(town, client):
    sign_in(client, town.account("wang"))
    return client


def _phoneless(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(phone=None, phone_index="", tail_index="")


def _sent(town, member: Member, by: str = "wang") -> Dossier:
    actor = town.actor(by)
    draft = begun(actor, CODE, person_id=member.pk, is_helped=True)
    filled(actor, draft)
    dossier_id = services.draft_send(
        actor=actor, draft_id=draft.pk, version_id=offer_of(CODE).version_id
    )
    return Dossier.objects.get(pk=dossier_id)


def _signed(town, member: Member) -> Dossier:
    dossier = _sent(town, member)
    wang = town.actor("wang")
    dossier_confirm_paper(
        actor=wang, dossier_id=dossier.pk, file_ids=[paper_of(wang, "签字页.pdf")], key="s"
    )
    settle()
    dossier.refresh_from_db()
    return dossier


def test_nothing_but_the_rolls_name_and_number_makes_the_account_and_only_when_it_is_sent(
    town, gu, wang
) -> None:
    page = wang.get(reverse("catalogue:help_person", args=[gu.pk]))
    assert page.context["beginning"].way == "code"
    begun(town.actor("wang"), CODE, person_id=gu.pk, is_helped=True)
    assert user_by_phone(PHONE) is None
    dossier = _sent(town, gu)
    gu.refresh_from_db()
    user = User.objects.get(pk=gu.account_id)
    assert user == user_by_phone(PHONE)
    assert (user.display_name, user.phone_verified_at, user.login_name) == ("顾阿妹", None, None)
    assert dossier.applicant_id == user.pk
    row = AuditRow.objects.get(action="members.account_begun")
    assert (row.actor_id, row.subject_id) == (town.account_id("wang"), user.pk)


def test_nothing_is_sent_before_the_code_and_two_taps_are_one_yes(town, gu, wang) -> None:
    dossier = _sent(town, gu)
    settle()
    assert dossier.state == State.AWAITING
    assert not Task.objects.exists()
    assert not consent_given(dossier.applicant_id, "health")
    assert not may_view(town.actor("sun"), dossier)
    address = reverse("catalogue:help_confirm", args=[Draft.objects.get().pk])
    code = code_to(PHONE)
    for _ in range(2):
        assert wang.post(address, {"code": code}).status_code == 302
    settle()
    dossier.refresh_from_db()
    assert dossier.state == State.OPEN
    assert consent_given(dossier.applicant_id, "health")
    assert Task.objects.count() == 1


def test_signing_in_one_day_she_finds_her_case_who_carried_it_and_why(town, gu, wang) -> None:
    dossier = _signed(town, gu)
    case = reverse("procedures:case", args=[dossier.pk])
    assert wang.get(case).status_code == 200, "until then Wang acts for her"
    herself = come_in(PHONE, answer=invented_id_number(gu.birth_on, 88)[-6:])
    assert case in herself.get("/").content.decode()
    page = herself.get(case).content.decode()
    assert "王建国" in page
    assert reverse("procedures:case_withdraw", args=[dossier.pk]) in page
    looked = herself.get(reverse("members:looked")).content.decode()
    assert "王建国" in looked
    assert "为您留一个账号" in looked
    assert wang.get(case).status_code == 404, "it is hers now"
    key = {"key": uuid.uuid4().hex, "words": ""}
    for _ in range(2):
        answer = herself.post(reverse("procedures:case_withdraw", args=[dossier.pk]), key)
        assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.outcome == "withdrawn"


def test_a_number_that_changed_hands_opens_nothing_of_hers(town, gu) -> None:
    dossier = _signed(town, gu)
    stranger = come_in(PHONE, answer="000000")
    assert "_auth_user_id" not in stranger.session
    assert stranger.get(reverse("procedures:case", args=[dossier.pk])).status_code == 302


def test_without_a_phone_on_the_roll_it_goes_by_paper_and_a_number_put_there_later_is_hers(
    town, gu, wang
) -> None:
    _phoneless(gu)
    page = wang.get(reverse("catalogue:help_person", args=[gu.pk]))
    assert page.context["beginning"].way == "no_phone"
    dossier = _sent(town, gu)
    shown = wang.get(reverse("catalogue:apply_sent", args=[Draft.objects.get().pk]))
    assert not shown.context["has_phone"]
    assert texts_to(PHONE) == []
    gu.refresh_from_db()
    member_update(actor=town.actor("wang"), member=gu, changes=Changes(phone=invented_phone(89)))
    assert user_by_phone(invented_phone(89)).pk == gu.account_id == dossier.applicant_id


def test_a_number_two_members_share_proves_nobodys_yes(town, gu, wang) -> None:
    columns = Member.objects.filter(pk=gu.pk).values("phone_index", "tail_index").get()
    husband = member_make("陆根宝", town.organisation("riverside"), serial=90)
    Member.objects.filter(pk=husband.pk).update(**columns)
    page = wang.get(reverse("catalogue:help_person", args=[gu.pk]))
    assert page.context["beginning"].way == "shared"
    _sent(town, gu)
    gu.refresh_from_db()
    assert User.objects.get(pk=gu.account_id).phone_index == ""
    assert texts_to(PHONE) == []


@pytest.mark.parametrize("whose", ["stranger", "wang"])
def test_a_number_that_signs_in_elsewhere_is_put_right_first(town, gu, wang, whose) -> None:
    if whose == "wang":
        number = invented_phone(2)
        Member.objects.filter(pk=town.member_id("wang")).update(phone_index="")
        member_update(actor=town.actor("wang"), member=gu, changes=Changes(phone=number))
    else:
        user_of("Somebody", phone=PHONE)
    gu.refresh_from_db()
    page = wang.get(reverse("catalogue:help_person", args=[gu.pk]))
    sentence = page.context["beginning"].hindrance
    assert sentence
    assert ("您自己的手机号" in sentence) is (whose == "wang")
    assert reverse("catalogue:help_start", args=[gu.pk, CODE]) + '"' not in page.content.decode()
    with pytest.raises(RefusedError) as refused:
        begun(town.actor("wang"), CODE, person_id=gu.pk, is_helped=True)
    assert refused.value.message == sentence
    gu.refresh_from_db()
    assert gu.account_id is None
    assert not Draft.objects.exists()


def test_nobody_of_another_union_begins_and_nobody_for_herself(town, gu, client) -> None:
    for who, member in (("ma", gu), ("lin", gu), ("wang", town.member("wang"))):
        with pytest.raises(ForbiddenError):
            begun(town.actor(who), CODE, person_id=member.pk, is_helped=True)
    sign_in(client, town.account("ma"))
    assert client.get(reverse("catalogue:help_person", args=[gu.pk])).status_code == 404


def test_what_nobody_said_yes_to_leaves_no_account_behind(town, gu, wang) -> None:
    _phoneless(gu)
    dossier = _sent(town, gu)
    drop = reverse("procedures:dossier_drop", args=[dossier.pk])
    assert wang.get(drop).status_code == 405
    assert wang.post(drop, {"key": "x"}).status_code == 302
    settle()
    gu.refresh_from_db()
    assert gu.account_id is None
    assert not User.objects.filter(display_name="顾阿妹", is_active=True).exists()
    assert wang.post(drop, {"key": "x"}).status_code == 404


def test_an_account_with_another_case_in_it_stays(town, gu, wang) -> None:
    _signed(town, gu)
    gu.refresh_from_db()
    second = begun(town.actor("wang"), "humane-care", person_id=gu.pk, is_helped=True)
    filled(town.actor("wang"), second)
    dossier_id = services.draft_send(
        actor=town.actor("wang"), draft_id=second.pk, version_id=offer_of("humane-care").version_id
    )
    wang.post(reverse("procedures:dossier_drop", args=[dossier_id]), {"key": "x"})
    settle()
    assert Member.objects.get(pk=gu.pk).account_id == gu.account_id


def test_an_account_with_a_place_in_it_stays(town, gu, wang) -> None:
    _sent(town, gu)
    gu.refresh_from_db()
    claim = claim_made(pool_make(town.organisation("yangtze")), gu.account_id)
    dossier = Dossier.objects.get()
    wang.post(reverse("procedures:dossier_drop", args=[dossier.pk]), {"key": "x"})
    settle()
    assert Member.objects.get(pk=gu.pk).account_id == gu.account_id
    claim.refresh_from_db()
    assert claim.state == "confirmed"


def test_what_waits_for_a_yes_and_what_is_carried_is_found_again(town, gu, wang) -> None:
    _phoneless(gu)
    dossier = _sent(town, gu)
    sign = reverse("procedures:dossier_signed", args=[dossier.pk])
    assert sign in wang.get(reverse("catalogue:help_list")).content.decode()
    assert sign in wang.get(reverse("catalogue:help_person", args=[gu.pk])).content.decode()
    actor = town.actor("wang")
    dossier_confirm_paper(actor=actor, dossier_id=dossier.pk, file_ids=[paper_of(actor)], key="s")
    page = wang.get(reverse("catalogue:help_person", args=[gu.pk])).content.decode()
    assert reverse("procedures:case", args=[dossier.pk]) in page
    assert sign not in page
