"""Every shipped service is walked through every step of its route, from draft to its end."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.allocation.testing import bookable_make, held
from lianxin.catalogue import conf
from lianxin.catalogue.constants import NIGHTS
from lianxin.catalogue.selectors.checking import catalogue_check
from lianxin.catalogue.testing import CODES, applied, offer_of
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.orgs.testing import invented_uscc
from lianxin.procedures.api import Outcome, State
from lianxin.procedures.testing import walk_dossier

# Who is a member does not join, and nobody moves to where she is.
OTHERWISE = {
    "membership-joining": ("tang", {"union": "JZ-JL-BC-001"}),
    "membership-transfer": ("lin", {"to_union": "JZ-BH-JW-001"}),
    "union-founding": (
        "tang",
        {
            "above": "JZ-JL-BC",
            "employer_uscc": invented_uscc("logistics"),
            "division_code": "",
            "industry_code": "",
        },
    ),
}


def test_the_services_that_ship_have_no_fault(db) -> None:
    _, faults = catalogue_check(conf.SHIPPED)
    assert len(CODES) >= 18
    assert [str(fault) for fault in faults if not fault.is_warning] == []


@pytest.mark.parametrize("code", CODES)
def test_a_service_comes_to_its_end_step_by_step(town, code: str) -> None:
    who, typed = OTHERWISE.get(code, ("lin", {}))
    if code == NIGHTS:
        beds = bookable_make(town.organisation("beicang"), answer="service", service=NIGHTS)
        held(beds, town.actor(who), clock.today() + dt.timedelta(days=5))
    dossier = applied(town.actor(who), code, typed=typed)
    settle()
    ended = walk_dossier(dossier)
    assert ended.state == State.CLOSED
    assert ended.outcome == Outcome.GRANTED
    walked = set(ended.tasks.filter(state="done").values_list("step_code", flat=True))
    assert walked == {step.code for step in offer_of(code).definition.route}
    if offer_of(code).definition.gives.kind == "money":
        assert ended.amount_fen
        assert ended.payments.filter(state="paid").count() == 1
