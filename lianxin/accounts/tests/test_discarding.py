"""An account a machine began for somebody goes again, unless she has opened it in any way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.accounts import api
from lianxin.accounts.models import Agreement, User
from lianxin.accounts.testing import user_of
from lianxin.accounts.tests.people import LIN, come_in, new_phone
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle

pytestmark = pytest.mark.django_db


def _begun() -> User:
    return api.account_create(phone=LIN, display_name="林晓梅", actor_id=None)


def test_nobody_opened_it_and_it_goes_with_its_number_and_name() -> None:
    user = _begun()
    assert api.account_discard(account_id=user.pk) is True
    user.refresh_from_db()
    assert (user.is_active, user.display_name, user.phone_index) == (False, "", "")
    assert api.user_by_phone(LIN) is None
    row = AuditRow.objects.get(action="accounts.closed", object_id=user.pk)
    assert row.actor_id is None
    settle()


def test_again_changes_nothing() -> None:
    user = _begun()
    api.account_discard(account_id=user.pk)
    assert api.account_discard(account_id=user.pk) is False
    assert AuditRow.objects.filter(action="accounts.closed", object_id=user.pk).count() == 1


def test_the_number_is_free_for_its_holder() -> None:
    user = _begun()
    api.account_discard(account_id=user.pk)
    assert come_in(new_phone(), LIN).pk != user.pk


def _she_signed_in() -> User:
    user = _begun()
    assert come_in(new_phone(), LIN) == user
    return user


def _she_has_a_password() -> User:
    user = _begun()
    user.login_name = "lin"
    user.set_password("four-words-nobody-guesses")
    user.save()
    return user


def _she_agreed_at_a_desk() -> User:
    user = _begun()
    Agreement.objects.create(account=user, document="privacy", version="2026-01")
    return user


@pytest.mark.parametrize("opened", [_she_signed_in, _she_has_a_password, _she_agreed_at_a_desk])
def test_one_she_opened_stays(opened) -> None:
    user = opened()
    assert api.account_discard(account_id=user.pk) is False
    user.refresh_from_db()
    assert user.is_active
    assert user.phone_index
    assert not AuditRow.objects.filter(action="accounts.closed").exists()


def test_a_number_that_was_proved_once_keeps_it_open() -> None:
    user = user_of("Lin", phone=LIN)
    assert api.account_discard(account_id=user.pk) is False
    assert new_phone().get(reverse("accounts:sign_in")).status_code == 200
