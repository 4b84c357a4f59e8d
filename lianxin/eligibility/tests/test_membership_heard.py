"""Being a member is a condition of most policies: whatever changes it is heard at once."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome
from lianxin.jobs import api as jobs
from lianxin.jobs.api import run_due
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.members import api as members
from lianxin.members.api import Member, Move
from lianxin.members.events import MembersImported
from lianxin.members.testing import counts_right, federation, import_made, member_make
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
FAMILY = {"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 4, "owns_second_home": False}  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    chosen = [each for each in found if each.code in {"hardship-deep", "skill-subsidy"}]
    services.policies_load(actor=Actor.system(), policies=chosen)
    made = federation()
    for purpose in ("matching", "finance"):
        members.consent_give(actor=made.actor("lin"), purpose=purpose)
    for name, value in FAMILY.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    run_due()
    assert fits() == {"hardship-deep"}
    counts_right()
    return made


def fits():
    return set(Outcome.objects.filter(state="fits").values_list("policy__code", flat=True))


def test_retained_ended_and_restored_are_right_at_once(made):
    change = members.membership_change
    member = made.member("lin")
    change(actor=made.actor("wang"), member=member, move=Move.RETAIN, reason="unemployed")
    assert fits() == set()
    change(
        actor=made.actor("wang"),
        member=made.member("lin"),
        move=Move.RESTORE,
        reason="working_again",
    )
    assert fits() == {"hardship-deep"}
    members.membership_leave(actor=made.actor("lin"))
    assert fits() == set()


def test_a_merge_leaves_what_fits_at_the_entry_that_stays(made):
    twin = member_make(made.member("lin").name, made.member("lin").organisation, serial=790)
    Member.objects.filter(pk=twin.pk).update(birth_on=made.member("lin").birth_on, employer_name=made.member("lin").employer_name, sort_key=made.member("lin").sort_key)  # fmt: skip
    members.fact_save(actor=Actor.system(), member_id=twin.pk, name="skill_level", value="4", source="dossier")  # fmt: skip
    members.fact_save(actor=Actor.system(), member_id=twin.pk, name="certificate_on", value=dt.date(2026, 4, 10), source="dossier")  # fmt: skip
    members.fact_save(actor=Actor.system(), member_id=twin.pk, name="insured_months", value=40, source="dossier")  # fmt: skip
    members.fact_save(actor=Actor.system(), member_id=twin.pk, name="skill_subsidy_granted_for_it", value=False, source="dossier")  # fmt: skip
    first, second = sorted([twin.pk, made.member_id("lin")])
    row = members.Suspicion.objects.create(first_id=first, second_id=second)
    counts_right()
    members.members_merge(actor=made.actor("wang"), suspicion_id=row.pk, kept_id=made.member_id("lin"))  # fmt: skip
    assert fits() == {"hardship-deep", "skill-subsidy"}
    assert set(Outcome.objects.values_list("member_id", flat=True)) == {made.member_id("lin")}


def test_a_roll_that_corrects_entries_looks_at_those_anew(made, monkeypatch):
    place = made.organisation("jialing")
    run_id = import_made(place, NOW)
    later = NOW + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    Outcome.objects.all().delete()
    Member.objects.filter(pk=made.member_id("lin")).update(updated_at=later)
    for updated, wanted in ((0, set()), (1, {"hardship-deep"})):
        with atomic():
            jobs.publish(MembersImported(run_id=run_id, organisation_id=place.pk, created=0, updated=updated))  # fmt: skip
        run_due()
        assert fits() == wanted
