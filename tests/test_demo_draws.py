"""The draws of the demo: one at each stage, whatever the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command

from lianxin.allocation.models import Draw
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draws import draws_asking
from lianxin.allocation.services.drawing_steps import draws_due
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import federation
from tools.demo import draws
from tools.demo.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [dt.datetime(2026, 11, 28, 15, 59, tzinfo=dt.UTC), dt.datetime(2027, 2, 28, 0, 1, tzinfo=dt.UTC)])  # fmt: skip
def test_there_is_a_draw_at_each_stage(day):
    with stopped_clock(day):
        fed = federation()
        call_command("catalogue_load", verbosity=0)
        assert draws.load(World(organisations=fed.organisations, accounts=fed.accounts)) == 7
        stages = Counter(Draw.objects.values_list("stage", flat=True))
        assert stages == Counter({stage.value: 1 for stage in Stage}) + Counter(["planned"])
        assert draws_due() == [], "none has run past its stage while the demo was loaded"
        assert {one.pool.title.partition(" · ")[2] for one in draws_asking(fed.account_id("luo"))} == {"周末专场，第一批", "周末专场，第二批"}  # fmt: skip
        waits = Draw.objects.get(stage=Stage.REVEALED)
        assert (waits.values_read.count(), waits.value) == (1, "")
