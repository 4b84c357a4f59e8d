"""The process dies at each commit on the way from the closed list to the result: nothing is lost or done twice."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from lianxin.allocation.data.verifier.checking import verify
from lianxin.allocation.models import Claim, Draw, DrawStatement, DrawValue, LedgerLine
from lianxin.allocation.rules.claims import State, Verb
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draws import file_of
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import settling
from lianxin.allocation.services.drawing_results import draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.allocation.testing.draws import SIGNATURE, party_commits, party_reveals
from lianxin.allocation.tests.test_draw_life import NOON, published
from lianxin.jobs.testing import crash_everywhere, leases_end, run_periodic, settle
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
# The worker comes back to what another one had begun once its lease is over.
LATER = dt.timedelta(minutes=10)


def go_on(draw: Draw, clock) -> None:
    """Do everything that is still to be done, as people and the job worker would: each simply again."""
    clock.set(max(clock.at, draw.closes_at))
    draw = draw_step(draw.pk)
    if draw.standing is Stage.FROZEN:
        for party in draw.parties.all():
            party_commits(draw, party)
        clock.set(draw.commit_until)
        draw = draw_step(draw.pk)
    if draw.standing is Stage.COMMITTED:
        for party in draw.parties.all():
            party_reveals(draw, party)
        clock.set(draw.reveal_until)
        draw = draw_step(draw.pk)
    clock.set(max(clock.at, draw.known_at))
    for party in list(draw.parties.all())[:2]:
        try:
            draw_value_read(actor=Actor(account_id=party.account_id), draw_id=draw.pk, value=SIGNATURE)  # fmt: skip
        except RefusedError:
            assert Draw.objects.get(pk=draw.pk).value, "two have read it already"
    settle(clock.at + LATER)
    clock.move(minutes=10)
    run_periodic("allocation.resume_draws")  # where the worker of the job died
    leases_end(clock.at + 2 * LATER)
    settle(clock.at + 2 * LATER)


def whole(draw: Draw) -> None:
    draw.refresh_from_db()
    assert draw.standing is Stage.DRAWN
    assert verify(file_of(draw).encode())["drawn"]["won"] == 2
    assert recount_of(draw.pool_id).faults == []
    states = Claim.objects.filter(pool_id=draw.pool_id).values_list("state", flat=True)
    assert sorted(states) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]
    drew = LedgerLine.objects.filter(pool_id=draw.pool_id, verb__in=[Verb.DREW, Verb.MISSED])
    assert drew.count() == 3
    assert DrawStatement.objects.filter(draw=draw).count() == 5
    assert DrawValue.objects.filter(draw=draw).count() == 2
    told = json.loads(file_of(draw))
    assert all(told["committed"]["locks"])
    assert all(told["revealed"]["opened"])
    for claim in Claim.objects.filter(pool_id=draw.pool_id):
        assert claim.account_id
        letters = [one for one in letters_to(claim.account_id) if str(claim.pk) in one.url]
        assert len(letters) == 1, "the result is told once"


def test_a_draw_survives_a_crash_at_every_commit(fed, monkeypatch):
    """Slow: some twenty draws, each cut off one commit later than the one before, and finished."""
    monkeypatch.setattr(settling, "DRAWN_AT_ONCE", 2)
    with stopped_clock(NOON) as clock:
        draws = [published(fed)[0]]

        def after(_number: int) -> None:
            go_on(draws[-1], clock)
            whole(draws[-1])
            clock.set(NOON)
            draws.append(published(fed)[0])

        crashes = crash_everywhere(lambda: go_on(draws[-1], clock), after=after)
        whole(draws[-1])
        assert crashes >= 20
