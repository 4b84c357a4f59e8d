"""What it costs to find anew what fits a worker: the bench measures milliseconds, this counts queries."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_changed_fact_costs_as_many_queries_with_31_policies_as_with_one(django_assert_max_num_queries):  # fmt: skip
    """Two transactions: the fact with its trace and event; then all policies at once, with theirs."""
    policies, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    services.policies_load(actor=Actor.system(), policies=policies)
    made = federation()
    for purpose in ("matching", "finance", "health"):
        members.consent_give(actor=made.actor("lin"), purpose=purpose)

    def tell(**facts):
        for name, value in facts.items():
            members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip

    tell(household_income_fen=3_840_000, household_size=4, skill_level="4")
    tell(certificate_on=dt.datetime.now(dt.UTC).date(), skill_subsidy_granted_for_it=False)
    tell(insured_months=40)
    tell(insured_months=3)
    with django_assert_max_num_queries(40):
        tell(insured_months=41)
