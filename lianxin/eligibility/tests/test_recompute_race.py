"""Two who reckon at once: the one who looked earlier never writes over the one who knows more."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from lianxin.eligibility import services
from lianxin.eligibility.models import Outcome
from lianxin.eligibility.tests import test_one_worker as worker
from lianxin.kit.transactions import atomic
from lianxin.members import api as members

pytestmark = pytest.mark.django_db(transaction=True)
made = worker.made


def test_whoever_reckons_waits_for_what_is_being_learnt(made):
    worker.agree(made, "lin", "matching")
    worker.tell(made, "lin", skill_subsidy_granted_for_it=False, **worker.CERTIFICATE)
    assert worker.outcomes(made, "lin")["skill-subsidy"] == Outcome.State.FITS
    Outcome.objects.all().delete()
    held = threading.Event()

    def learn():
        """Take her as a recomputation does, and commit a fact while the other one is on its way."""
        try:
            with atomic():
                assert members.member_locked(made.member_id("lin"))
                held.set()
                _late.wait(0.5)
                rows = members.Fact.objects.filter(member_id=made.member_id("lin"), name="insured_months", superseded_at=None)  # fmt: skip
                rows.update(value=3)
        finally:
            connection.close()

    _late = threading.Event()  # never set: the other one is to stand waiting meanwhile
    thread = threading.Thread(target=learn)
    thread.start()
    assert held.wait(10)
    services.outcomes_recompute(member_id=made.member_id("lin"))
    thread.join()
    assert "skill-subsidy" not in worker.outcomes(made, "lin")


def test_facts_may_be_told_of_somebody_who_is_being_reckoned(made):
    """Her roll entry is held against other reckoners, not against what people tell."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    done = []

    def tell():
        try:
            members.Fact.objects.create(member_id=made.member_id("lin"), name="insured_months", value=40, source="dossier", recorded_at=dt.datetime.now(dt.UTC))  # fmt: skip
            done.append(True)
        finally:
            connection.close()

    with atomic():
        assert members.member_locked(made.member_id("lin"))
        thread = threading.Thread(target=tell)
        thread.start()
        thread.join(10)
        assert done == [True]
