"""Filling in with somebody: in reach only, confirmed by her code, traces left; and putting forward."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import openings_of
from lianxin.catalogue import services
from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import begun, filled, offer_of, told
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError
from lianxin.members.api import consent_given, facts_of
from lianxin.notify.testing import code_to
from lianxin.orgs.testing import invented_phone
from lianxin.procedures.api import Dossier, State
from lianxin.procedures.testing import walk_dossier

CODE = "medical-aid"


@pytest.fixture
def wang(town, client):
    sign_in(client, town.account("wang"))
    return client


def _start(client, town, code=CODE, who="lin", nominate=False):
    address = reverse("catalogue:help_start", args=[town.member_id(who), code])
    ticks = {f"agree-{one}": "on" for one in offer_of(code).card.consents}
    return client.post(address + ("?nominate=1" if nominate else ""), ticks)


def test_an_officer_finds_her_people_and_nobody_else(town, wang):
    found = wang.get(reverse("catalogue:help_list"), {"q": "林晓"}).content.decode()
    assert str(town.member_id("lin")) in found
    for typed in ("赵海燕", invented_phone(12), "王建国"):
        page = wang.get(reverse("catalogue:help_list"), {"q": typed})
        assert page.context["people"] == []
    for who in ("zhao", "wang"):
        assert (
            wang.get(reverse("catalogue:help_person", args=[town.member_id(who)])).status_code
            == 404
        )
        assert _start(wang, town, who=who).status_code == 404


def test_a_worker_has_no_such_pages(town, lin):
    assert lin.get(reverse("catalogue:help_list")).status_code == 403
    assert (
        lin.get(reverse("catalogue:help_person", args=[town.member_id("zhao")])).status_code == 403
    )
    assert _start(lin, town).status_code == 403


def test_she_confirms_by_the_code_on_her_phone_and_then_it_starts(town, wang):
    told(town.actor("lin"), "household_size", 3)
    started = _start(wang, town)
    draft = Draft.objects.get()
    assert started.url == reverse("catalogue:apply_known", args=[draft.pk])
    page = wang.get(started.url).content.decode()
    assert "林晓梅" in page
    filled(town.actor("wang"), draft)
    services.draft_send(
        actor=town.actor("wang"), draft_id=draft.pk, version_id=offer_of(CODE).version_id
    )
    dossier = Dossier.objects.get()
    assert dossier.state == State.AWAITING
    assert dossier.applicant_id == town.account_id("lin")
    assert dossier.helped_by_id == town.account_id("wang")
    address = reverse("catalogue:help_confirm", args=[draft.pk])
    assert address in wang.get(reverse("catalogue:apply_sent", args=[draft.pk])).content.decode()
    settle()
    assert not consent_given(town.account_id("lin"), "health")
    code = code_to(invented_phone(1))
    wrong = "000000" if code != "000000" else "111111"
    assert "code" in wang.post(address, {"code": wrong}).context["form"].errors
    assert wang.post(address, {"code": code}).status_code == 302
    assert wang.post(address, {"code": code}).status_code == 302
    settle()
    dossier.refresh_from_db()
    assert dossier.state == State.OPEN
    assert consent_given(town.account_id("lin"), "health")
    assert walk_dossier(dossier).state == State.CLOSED


def test_without_her_second_factor_an_officer_opens_nothing_she_filled_in(town, wang):
    _start(wang, town)
    draft = Draft.objects.get()
    by_phone = Client()
    sign_in(by_phone, town.account("wang"), second_factor=False)
    known = reverse("catalogue:apply_known", args=[draft.pk])
    drop = reverse("catalogue:draft_drop", args=[draft.pk])
    assert wang.get(known).status_code == 200
    assert by_phone.get(known).status_code == 404
    assert by_phone.post(drop).status_code == 404
    filled(town.actor("wang"), draft)
    services.draft_send(
        actor=town.actor("wang"), draft_id=draft.pk, version_id=offer_of(CODE).version_id
    )
    dossier = reverse("procedures:dossier", args=[Dossier.objects.get().pk])
    assert wang.get(dossier).status_code == 200
    assert by_phone.get(dossier).status_code == 404
    assert by_phone.get(reverse("catalogue:apply_sent", args=[draft.pk])).status_code == 404


def test_what_the_officer_opened_is_shown_to_the_person(town, wang):
    told(town.actor("lin"), "address", "嘉岭区一路 1 号")
    _start(wang, town)
    opened = openings_of(town.account_id("lin"))
    assert any(
        row.actor_id == town.account_id("wang") and row.purpose == "catalogue.filling_in"
        for row in opened
    )


def test_the_persons_consents_are_read_to_her_first(town, wang):
    address = reverse("catalogue:help_start", args=[town.member_id("lin"), CODE])
    refused = wang.post(address, {})
    assert {"agree-finance"} <= set(refused.context["form"].errors) | {"agree-finance"}
    assert not Draft.objects.exists()


def test_an_officer_of_another_union_cannot_begin(town):
    with pytest.raises(ForbiddenError):
        begun(town.actor("ma"), CODE, person_id=town.member_id("lin"), is_helped=True)
    with pytest.raises(ForbiddenError):
        begun(town.actor("lin"), CODE, person_id=town.member_id("zhao"), is_helped=True)


def test_a_member_is_put_forward_for_a_visit_and_another_office_handles_it(town, wang):
    page = wang.get(reverse("catalogue:help_person", args=[town.member_id("lin")])).content.decode()
    assert "nominate=1" in page
    assert _start(wang, town, "humane-care", nominate=True).status_code == 302
    draft = Draft.objects.get()
    filled(town.actor("wang"), draft)
    dossier_id = services.draft_send(
        actor=town.actor("wang"), draft_id=draft.pk, version_id=offer_of("humane-care").version_id
    )
    dossier = Dossier.objects.get(pk=dossier_id)
    assert dossier.applicant_id == town.account_id("wang")
    assert dossier.subject_id == town.member_id("lin")
    assert dossier.tasks.get().organisation.code != "JZ-JL-BC-001"
    settle()
    assert walk_dossier(dossier).state == State.CLOSED


def test_where_it_is_not_allowed_nobody_is_put_forward(town, wang):
    assert _start(wang, town, CODE, nominate=True).status_code == 200
    assert not Draft.objects.exists()


def test_nothing_of_a_nomination_is_remembered(town):
    told(town.actor("lin"), "address", "嘉岭区一路 1 号")
    draft = begun(town.actor("wang"), "humane-care", person_id=town.member_id("lin"))
    filled(town.actor("wang"), draft, {"address": "江湾街 9 号"})
    services.draft_send(
        actor=town.actor("wang"), draft_id=draft.pk, version_id=offer_of("humane-care").version_id
    )
    settle()
    facts = facts_of(
        town.member_id("lin"), ["address"], actor_id=town.account_id("lin"), purpose="test"
    )
    assert facts["address"].value == "嘉岭区一路 1 号"


def test_what_passes_by_the_employer_never_begins_at_its_unions_desk(town, wang, client):
    page = wang.get(reverse("catalogue:help_person", args=[town.member_id("lin")])).content.decode()
    for code in ("counselling", "rights-complaint", "legal-aid"):
        assert reverse("catalogue:help_start", args=[town.member_id("lin"), code]) not in page
        assert _start(wang, town, code).status_code in {200, 403}
    assert not Draft.objects.exists()
    sign_in(client, town.account("chen"))
    assert _start(client, town, "counselling").status_code in {200, 403}
    assert _start(client, town, "rights-complaint").status_code == 302
