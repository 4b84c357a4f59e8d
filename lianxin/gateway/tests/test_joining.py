"""Applications another system hands in: once, checked, confirmed by the person, told to nobody else."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid

import pytest
from django.db import connection

from lianxin.accounts.api import User
from lianxin.audit.api import AuditRow
from lianxin.catalogue.testing import shipped_catalogue
from lianxin.gateway import services
from lianxin.gateway.models import Client, Delivery, JoinPush
from lianxin.gateway.rules.joining import CONFIRM_HOURS
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.testing import client_make, token_make
from lianxin.jobs.testing import crash_everywhere, settle
from lianxin.kit import clock
from lianxin.members.api import Person, consent_given, member_of, privacy_erase, privacy_export
from lianxin.members.testing import federation, invented_id_number
from lianxin.notify.testing import code_to, letters_to, texts_to
from lianxin.orgs.api import Actor, actor_of
from lianxin.procedures.api import Dossier, dossier_confirm, dossier_withdraw
from lianxin.procedures.testing import walk_dossier
from lianxin.vault.testing import index_key_next

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/join-applications"
PHONE = "+8619900009001"


@pytest.fixture
def town():
    shipped_catalogue()
    return federation()


@pytest.fixture
def system(town):
    return client_make(town.organisation("jialing"))[0]


@pytest.fixture
def push(system, client):
    """Hand an application in; keyword arguments change what is said."""

    def handed(key="key-0000001", token="", **change):
        bearer = {"Authorization": f"Bearer {token or token_make(system)}"}
        headers = bearer | ({"Idempotency-Key": key} if key else {})
        return client.post(ADDRESS, said(**change), "application/json", headers=headers)

    return handed


def said(**change):
    return {
        "organisation": "JZ-JL-BC-001",
        "phone": PHONE,
        "answers": {
            "name": "秦小海",
            "id_number": invented_id_number(dt.date(1992, 3, 4), 321),
            "employment_form": "flexible",
        },
        "consents": [
            {"purpose": "membership", "given_at": "2026-11-20T09:00:00+08:00", "evidence": "A-17"}
        ],
        "reference": "HR-2026-99",
        **change,
    }


def applicant():
    return JoinPush.objects.get().applicant


def test_it_waits_for_the_person_and_nobody_is_a_member_by_machine(town, push, system):
    answer = push()
    assert answer.status_code == 201, answer.content
    assert answer.json()["status"] == "awaiting_confirmation"
    assert answer.json()["reference"] == "HR-2026-99"
    settle()
    assert member_of(applicant().pk) is None
    assert not consent_given(applicant().pk, "membership")
    assert len(texts_to(PHONE)) == 1
    assert AuditRow.objects.get(action="gateway.join_pushed").actor_id == system.pk


def test_she_confirms_by_code_and_the_union_takes_her_in(town, push, client, system):
    made = push().json()
    dossier = JoinPush.objects.get().dossier
    dossier_confirm(
        actor=actor_of(applicant().pk), dossier_id=dossier.pk, code=code_to(PHONE), key="yes-1"
    )
    settle()
    assert consent_given(applicant().pk, "membership")
    bearer = {"Authorization": f"Bearer {token_make(system)}"}
    where = f"{ADDRESS}/{made['id']}"
    assert client.get(where, headers=bearer).json()["status"] == "in_review"
    walk_dossier(Dossier.objects.get())
    settle()
    assert client.get(where, headers=bearer).json()["status"] == "granted"
    member = member_of(applicant().pk)
    assert member is not None
    assert member.organisation == town.organisation("yangtze")


def test_the_same_key_arrives_once(push):
    first, again = push(), push()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Dossier.objects.count() == 1
    assert len(texts_to(PHONE)) == 1


def test_a_key_with_other_content_is_refused(push):
    push()
    other = push(reference="HR-2026-100")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:lianxin:problem:key-reused"
    assert Dossier.objects.count() == 1


def test_the_same_key_is_recognised_after_the_keys_changed(push, settings, tmp_path):
    """A system may send again months later; what it sent then was digested with an older key."""
    settings.VAULT_KEYS = tmp_path / "keys"
    first = push()
    index_key_next()
    again = push()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert push(reference="HR-2026-100").status_code == 422
    assert Dossier.objects.count() == 1


def test_two_systems_may_use_the_same_key(town, push, system):
    """However alike their ids: the case of one system is never that of another."""
    twin = Client.objects.create(
        id=uuid.UUID(f"{uuid.uuid4().hex[:20]}{system.pk.hex[20:]}"), name="同区的另一个系统",
        organisation=system.organisation, scopes=system.scopes, calls_a_minute=100_000,
    )  # fmt: skip
    first = push()
    second = push(token=token_make(twin), phone="+8619900009002")
    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert Dossier.objects.count() == JoinPush.objects.exclude(dossier=None).count() == 2
    assert len({row.applicant_id for row in Dossier.objects.all()}) == 2


def test_long_keys_that_begin_alike_are_two(push):
    first = push("k" * 63 + "1")
    second = push("k" * 63 + "2", phone="+8619900009002")
    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert len({row.dossier_id for row in JoinPush.objects.all()}) == 2


@pytest.mark.parametrize("key", ["", "short", "with blank", "x" * 65])
def test_without_a_good_key_nothing_is_taken(push, key):
    assert push(key).status_code == 422
    assert not Dossier.objects.exists()


def test_one_person_has_one_application_of_a_client_at_a_time(push):
    push("key-0000001")
    assert push("key-0000002").status_code == 409
    dossier_withdraw(
        actor=actor_of(applicant().pk), dossier_id=Dossier.objects.get().pk, key="no", seen=None
    )
    assert push("key-0000003").status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organisation": "JZ-BH"}, "organisation"),
        ({"organisation": "NOWHERE"}, "organisation"),
        ({"phone": "12345"}, "phone"),
        ({"answers": {}}, "answers.name"),
        ({"answers": {"name": "秦", "id_number": "11010119900307123X"}}, "answers.id_number"),
        ({"consents": []}, "consents"),
        ({"consents": said()["consents"] * 2}, "consents"),
        ({"consents": [*said()["consents"], {**said()["consents"][0], "purpose": "health"}]}, "consents"),
        ({"consents": [{**said()["consents"][0], "given_at": "2126-01-01T00:00:00Z"}]}, "consents"),
    ],
)  # fmt: skip
def test_what_the_form_would_refuse_is_refused_with_its_field(push, change, field):
    answer = push(**change)
    assert answer.status_code == 422, answer.content
    assert field in [one["field"] for one in answer.json()["errors"]]
    assert not Dossier.objects.exists()
    assert not JoinPush.objects.exists()


def test_the_form_says_what_it_asks(system, client):
    bearer = {"Authorization": f"Bearer {token_make(system)}"}
    form = client.get(f"{ADDRESS}/form", headers=bearer).json()
    codes = [one["code"] for one in form["questions"]]
    assert {"name", "id_number", "employment_form"} <= set(codes)
    assert "union" not in codes, "said by `organisation`"
    assert form["consents"] == ["membership"]


def test_another_client_sees_nothing_of_it(town, push, client):
    made = push().json()
    for key, name in (("binhe", "滨河系统"), ("jialing", "同区的另一个系统")):
        other, _secret = client_make(town.organisation(key), name=name)
        bearer = {"Authorization": f"Bearer {token_make(other)}"}
        assert client.get(f"{ADDRESS}/{made['id']}", headers=bearer).status_code == 404
        assert client.get(f"{ADDRESS}/{uuid.uuid4()}", headers=bearer).status_code == 404


def test_a_client_never_learns_that_somebody_is_a_member(town, push, client, system, monkeypatch):
    """Lin is a member already: the answer, and all that follows, is that of anybody else."""
    lin = town.account("lin")
    phone = "+8619900000001"
    assert push("key-0000004", phone=phone, answers={}).status_code == 422
    stranger, known = push("key-0000001").json(), push("key-0000002", phone=phone).json()
    assert set(stranger) == set(known)
    assert stranger["status"] == known["status"] == "awaiting_confirmation"
    quiet = JoinPush.objects.get(pk=known["id"])
    assert quiet.dossier is None
    assert push("key-0000002", phone=phone).status_code == 200
    assert push("key-0000003", phone=phone).status_code == 409
    assert "gateway.already_member" in {letter.kind for letter in letters_to(lin.pk)}
    until = JoinPush.objects.get(pk=stranger["id"]).dossier.confirm_until
    assert until
    assert abs(until - quiet.created_at - dt.timedelta(hours=CONFIRM_HOURS)) < dt.timedelta(
        minutes=1
    )
    later = clock.now() + dt.timedelta(hours=73)
    Dossier.objects.update(confirm_until=clock.now() - dt.timedelta(seconds=1))
    monkeypatch.setattr(clock, "now", lambda: later)
    settle(later)
    bearer = {"Authorization": f"Bearer {token_make(system)}"}
    answers = [
        client.get(f"{ADDRESS}/{one['id']}", headers=bearer).json()["status"]
        for one in (stranger, known)
    ]
    assert answers == ["lapsed", "lapsed"]


def test_each_change_is_told_once_and_says_nothing_of_the_person(town, push, system, settings):
    services.subscription_add(
        actor=Actor.system(), client=system, url="https://receiver.example/", topics=[Topic.JOIN_UPDATED]
    )  # fmt: skip
    made = push().json()
    dossier = Dossier.objects.get()
    code = code_to(PHONE)
    dossier_confirm(actor=actor_of(applicant().pk), dossier_id=dossier.pk, code=code, key="yes-1")
    services.status_told(dossier_id=dossier.pk)
    services.status_told(dossier_id=dossier.pk)
    told = Delivery.objects.get()
    assert json.loads(told.body)["data"] == {
        "id": made["id"], "reference": "HR-2026-99", "status": "in_review",
    }  # fmt: skip
    for word in ("秦小海", PHONE[3:], said()["answers"]["id_number"]):
        assert word not in told.body


def test_it_is_in_her_copy_and_forgotten_with_her(push):
    push()
    person = Person(account_id=applicant().pk, member_id=None)
    read = next(part for part in privacy_export if "gateway.JoinPush" in part.tables)
    assert read.read(person)["handed_in"][0]["consents"][0]["evidence"] == "A-17"
    erase = next(part for part in privacy_erase if "gateway.JoinPush" in part.tables)
    erase.erase(person)
    row = JoinPush.objects.get()
    assert (row.applicant_id, row.consents, row.reference) == (None, [], "")


def test_what_was_said_of_her_lies_nowhere_but_in_the_case(push):
    push()
    kept = str([*JoinPush.objects.values(), *AuditRow.objects.values()])
    for word in ("秦小海", PHONE[3:], said()["answers"]["id_number"]):
        assert word not in kept


@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_leaves_one_application(push):
    """Takes a few seconds: the process dies at each commit point, and the system sends again."""
    numbers = iter(range(1, 100))

    def hand_in():
        hand_in.number = next(numbers)
        push(f"key-crash-{hand_in.number}", phone=f"+8619900009{hand_in.number:03d}")

    def after(_number):
        answer = push(f"key-crash-{hand_in.number}", phone=f"+8619900009{hand_in.number:03d}")
        assert answer.status_code in {200, 201}
        assert Dossier.objects.count() == JoinPush.objects.count() == hand_in.number

    assert crash_everywhere(hand_in, after=after) >= 4


@pytest.mark.django_db(transaction=True)
def test_five_at_once_with_one_key_are_one(push, system):
    token = token_make(system)
    statuses = []

    def hand_in():
        try:
            statuses.append(push(token=token).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [200, 200, 200, 200, 201]
    assert Dossier.objects.count() == 1
    assert User.objects.filter(display_name="秦小海").count() == 1
