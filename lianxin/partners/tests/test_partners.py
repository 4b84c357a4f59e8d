"""Partners and who speaks for them: asked by Lin, Wang, Zhao, an officer in reach and one elsewhere."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.orgs.api import Reach, Role
from lianxin.orgs.testing import invented_uscc, post_make, tree
from lianxin.partners import services
from lianxin.partners.models import Contact, Partner
from lianxin.partners.services import Entry
from lianxin.partners.testing import partner_make

LIST, NEW, OWN = (reverse(f"partners:{name}") for name in ("partner_list", "partner_new", "own"))
TYPED = {"name": "嘉岭夜校", "kind": "school", "work": "晚间课程"}


@pytest.fixture
def made(db):
    return tree()


@pytest.fixture
def as_(made):
    def client_of(key: str) -> Client:
        client = Client()
        sign_in(client, made.account(key))
        return client

    return client_of


def _page(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def test_officers_see_the_partners_in_their_reach_and_nobody_else_any(as_, made):
    ours = partner_make("嘉岭夜校", made.organisation("jialing"))
    theirs = partner_make("滨河医院", made.organisation("binhe"))
    answers = {who: as_(who).get(LIST).status_code for who in ("lin", "zhao", "wang", "chen")}
    assert answers == {"lin": 403, "zhao": 403, "wang": 404, "chen": 200}
    chen = as_("chen")
    listed = chen.get(LIST, {"q": "jia"}).content.decode()
    assert "嘉岭夜校" in listed
    assert "滨河医院" not in chen.get(LIST).content.decode()
    assert chen.get(_page("partner", ours.pk)).status_code == 200
    assert chen.get(_page("partner", theirs.pk)).status_code == 404
    assert chen.get(_page("partner_end", ours.pk)).status_code == 405


def test_a_partner_is_written_down_once_and_a_wrong_code_is_told(as_):
    chen = as_("chen")
    assert chen.post(NEW, {**TYPED, "uscc": invented_uscc("x")}).status_code == 302
    assert chen.post(NEW, TYPED).status_code == 302
    one = Partner.objects.get()
    wrong = chen.post(NEW, {**TYPED, "name": "另一个", "uscc": "91440300708461136A"})
    assert "uscc" in wrong.context["form"].errors
    assert "另一个" in wrong.content.decode()
    twice = chen.post(NEW, {**TYPED, "name": "另一个", "uscc": one.uscc})
    assert "嘉岭夜校" in str(twice.context["form"].errors)
    edit = _page("partner_edit", one.pk)
    assert chen.post(edit, {**TYPED, "phone": "12351", "uscc": one.uscc}).status_code == 302
    one.refresh_from_db()
    assert (one.phone, one.organisation.code) == ("12351", "JZ-JL")
    assert as_("wang").get(NEW).status_code == 404


def test_an_officer_of_two_unions_chooses_which_looks_after_a_partner(as_, made):
    post_make(made.account("chen"), made.organisation("binhe"), Role.OFFICER, Reach.HERE)
    page = as_("chen").get(NEW)
    assert {one.code for one in page.context["unions"]} == {"JZ-JL", "JZ-BH"}
    sent = as_("chen").post(f"{NEW}?union=JZ-BH", {"name": "滨河夜校", "kind": "school"})
    assert sent.status_code == 302
    assert Partner.objects.get(name="滨河夜校").organisation == made.organisation("binhe")
    assert as_("chen").get(f"{NEW}?union=JZ").status_code == 404


def test_a_contact_sees_her_own_partner_and_puts_its_telephone_right(as_, made):
    one = partner_make("嘉岭夜校", made.organisation("jialing"))
    other = partner_make("滨河医院", made.organisation("binhe"), contact=made.account("zhao"))
    tang = as_("tang")
    assert tang.get(OWN).status_code == 404
    contacts = _page("contact_new", one.pk)
    chen = as_("chen")
    number = {"person": "19900000014", "title": "教务"}
    assert chen.post(contacts, number).status_code == 302
    assert chen.post(contacts, number).status_code == 302
    assert Contact.objects.filter(partner=one).count() == 1
    page = tang.get(OWN, {"partner": other.pk}).content.decode()
    assert "嘉岭夜校" in page
    assert "滨河医院" not in page
    assert tang.post(OWN, {"phone": "12333", "address": "嘉岭路 1 号"}).status_code == 302
    one.refresh_from_db()
    assert one.phone == "12333"
    unknown = chen.post(contacts, {"person": "19900009999"})
    assert unknown.context["form"].errors
    contact = Contact.objects.get(partner=one)
    assert as_("wang").post(_page("contact_end", one.pk, contact.pk)).status_code == 404
    assert chen.post(_page("contact_end", one.pk, contact.pk)).status_code == 302
    assert tang.get(OWN).status_code == 404


def test_nobody_names_herself_and_what_ended_stays_ended(made):
    one = partner_make("嘉岭夜校", made.organisation("jialing"), contact=made.account("tang"))
    chen = made.actor("chen")
    with pytest.raises(ForbiddenError):
        services.contact_name(actor=chen, partner=one, account_id=made.account_id("chen"))
    for who in ("lin", "ma", "tang"):
        with pytest.raises(ForbiddenError):
            services.partner_end(actor=made.actor(who), partner=one)
    services.partner_end(actor=chen, partner=one)
    services.partner_end(actor=chen, partner=one)
    assert not Contact.objects.filter(ended_on=None).exists()
    with pytest.raises(RefusedError):
        services.contact_name(actor=chen, partner=one, account_id=made.account_id("lin"))
    again = services.partner_add(
        actor=chen,
        organisation=made.organisation("jialing"),
        entry=Entry(name="嘉岭夜校", kind="school"),
    )
    assert again.pk != one.pk


def test_a_contact_takes_her_data_along_and_ends_with_her_account(made):
    partner_make("嘉岭夜校", made.organisation("jialing"), contact=made.account("tang"))
    person = Person(account_id=made.account_id("tang"), member_id=None)
    export, erase = privacy_export.get("partners"), privacy_erase.get("partners")
    assert export.read(person)[0]["partner"] == "嘉岭夜校"
    erase.erase(person)
    erase.erase(person)
    kept = Contact.objects.get()
    assert (kept.title, kept.ended_on is not None) == ("", True)
    assert export.read(Person(account_id=None, member_id=None)) == []


def test_a_union_has_no_two_partners_of_one_name(made):
    partner_make("嘉岭夜校", made.organisation("jialing"))
    with pytest.raises(IntegrityError), transaction.atomic():
        partner_make("嘉岭夜校", made.organisation("jialing"))


def test_the_pages_keep_within_their_queries(as_, made, django_assert_max_num_queries):
    one = partner_make("嘉岭夜校", made.organisation("jialing"), contact=made.account("tang"))
    for who, address in (("chen", LIST), ("chen", _page("partner", one.pk)), ("tang", OWN)):
        client = as_(who)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
