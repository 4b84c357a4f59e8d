"""An account begun for somebody who never answered goes again; whoever did anything at all stays."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.test import Client as Browser

from lianxin.accounts.api import User, account_create, account_discard, user_by_phone
from lianxin.catalogue.testing import shipped_catalogue
from lianxin.gateway import services
from lianxin.gateway.models import JoinPush
from lianxin.gateway.testing import client_make, token_make
from lianxin.gateway.tests.test_joining import ADDRESS, PHONE, said
from lianxin.jobs.testing import run_periodic, settle
from lianxin.kit import clock
from lianxin.kit.testing import stopped_clock
from lianxin.kit.transactions import atomic
from lianxin.members.api import member_of
from lianxin.members.testing import federation
from lianxin.notify.testing import code_to
from lianxin.orgs.api import actor_of
from lianxin.procedures.api import Dossier, dossier_confirm

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


@pytest.fixture
def hands():
    with stopped_clock(NOON) as clock_:
        yield clock_


@pytest.fixture
def town(db, hands):
    shipped_catalogue()
    return federation()


@pytest.fixture
def push(town):
    """Hand an application in, and return the account begun for her."""
    system, _secret = client_make(town.organisation("jialing"))

    def handed(key="key-0000001", **change) -> User:
        headers = {"Authorization": f"Bearer {token_make(system)}", "Idempotency-Key": key}
        answer = Browser().post(ADDRESS, said(**change), "application/json", headers=headers)
        assert answer.status_code == 201, answer.content
        applicant = JoinPush.objects.get(pk=answer.json()["id"]).applicant
        assert applicant
        return applicant

    return handed


def _lapse(hands) -> None:
    hands.move(hours=73)
    settle(clock.now())


def test_whoever_never_confirmed_is_let_go_with_her_number(push, hands):
    person = push()
    assert services.unconfirmed_purge() == 0
    _lapse(hands)
    run_periodic("gateway.purge_settled")
    settle(clock.now())
    person.refresh_from_db()
    assert not person.is_active
    assert user_by_phone(PHONE) is None
    assert JoinPush.objects.get().applicant is None
    assert services.unconfirmed_purge() == 0


def test_handed_in_anew_she_is_somebody_new_and_may_say_yes(push, hands):
    former = push()
    _lapse(hands)
    assert services.unconfirmed_purge() == 1
    settle(clock.now())
    person = push("key-0000002")
    assert person != former
    dossier = Dossier.objects.get(applicant=person)
    dossier_confirm(
        actor=actor_of(person.pk), dossier_id=dossier.pk, code=code_to(PHONE), key="yes"
    )
    assert services.unconfirmed_purge() == 0


def test_one_whose_other_application_waits_stays(push, hands):
    person = push()
    _lapse(hands)
    assert push("key-0000002") == person
    assert services.unconfirmed_purge() == 0
    person.refresh_from_db()
    assert person.is_active
    _lapse(hands)
    assert services.unconfirmed_purge() == 1


def test_one_who_confirmed_another_one_stays_for_ever(push, hands):
    person = push()
    _lapse(hands)
    push("key-0000002")
    dossier = Dossier.objects.exclude(outcome="lapsed").get()
    dossier_confirm(
        actor=actor_of(person.pk), dossier_id=dossier.pk, code=code_to(PHONE), key="yes"
    )
    _lapse(hands)
    assert services.unconfirmed_purge() == 0


def test_a_member_stays(push, hands, town):
    """She was put on the roll meanwhile, by whatever way, and linked to the account."""
    person = push()
    _lapse(hands)
    entry = town.member("lin")
    entry.account = person
    entry.save(update_fields=["account"])
    assert member_of(person.pk)
    assert services.unconfirmed_purge() == 0
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.parametrize("shown", ["number", "password"])
def test_one_who_opened_her_account_stays(push, hands, shown):
    person = push()
    if shown == "number":
        person.phone_verified_at = clock.now()
    else:
        person.login_name = "qin"
        person.set_password("four-words-nobody-guesses")
    person.save()
    _lapse(hands)
    assert services.unconfirmed_purge() == 0
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.django_db(transaction=True)
def test_one_let_go_this_moment_is_not_applied_for(town, push):
    """A second handing in arrives while the first account goes: it belongs to a new one."""
    former = account_create(phone=PHONE, display_name="秦小海", actor_id=None)
    found: list[User] = []

    def hand_in() -> None:
        try:
            found.append(push())
        finally:
            connection.close()

    thread = threading.Thread(target=hand_in)
    with atomic():
        User.objects.select_for_update().get(pk=former.pk)
        assert account_discard(account_id=former.pk)
        thread.start()
        time.sleep(0.5)
    thread.join()
    assert found[0] != former
    assert found[0].is_active
    assert Dossier.objects.get().applicant == found[0]
