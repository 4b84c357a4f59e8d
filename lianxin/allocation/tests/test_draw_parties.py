"""How many watch over a draw: as many as the rule allows have a row in its form, and none is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in, user_of
from lianxin.allocation.models import Draw
from lianxin.allocation.rules.draws_steps import LEAST_PARTIES, MOST_PARTIES
from lianxin.allocation.services.drawing import draw_plan
from lianxin.allocation.testing.draws import drawn_pool, plan_for
from lianxin.allocation.tests.test_draw_life import NOON
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.kit.workdays import SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with stopped_clock(NOON):
        yield


def test_a_plan_written_once_more_loses_nobody_however_many_there_are(client, fed) -> None:
    pool = drawn_pool(fed.organisation("yangtze"))
    people = [user_of(f"见证人{number}", login_name=f"watch{number}") for number in range(MOST_PARTIES + 1)]  # fmt: skip
    wang = fed.actor("wang")
    for few_or_many in (LEAST_PARTIES - 1, MOST_PARTIES + 1):
        with pytest.raises(RefusedError) as refused:
            draw_plan(actor=wang, pool_id=pool.pk, plan=plan_for(pool, people[:few_or_many]))
        assert f"{LEAST_PARTIES} 到 {MOST_PARTIES} 位" in refused.value.message
    draw = draw_plan(actor=wang, pool_id=pool.pk, plan=plan_for(pool, people[:MOST_PARTIES]))
    before = list(draw.parties.order_by("number").values_list("account_id", flat=True))
    sign_in(client, fed.account("wang"), second_factor=True)
    address = reverse("allocation:draw_plan", args=[pool.pk])
    form = client.get(address).context["form"]
    assert form.has_more
    moments = ("commit_until", "reveal_until", "known_at")
    sent = {name: f"{getattr(draw, name).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" for name in moments}
    sent |= {"source": "drand"}
    for _number, *fields in (*form.rows, *form.more_rows):
        sent |= {field.html_name: field.value() for field in fields}
    assert client.post(address, sent).status_code == 302
    parties = Draw.objects.get().parties.order_by("number")
    assert list(parties.values_list("account_id", flat=True)) == before
    assert len(before) == MOST_PARTIES


def test_rows_nobody_needs_wait_behind_a_word(client, fed) -> None:
    pool = drawn_pool(fed.organisation("yangtze"))
    sign_in(client, fed.account("wang"), second_factor=True)
    address = reverse("allocation:draw_plan", args=[pool.pk])
    page = client.get(address)
    assert not page.context["form"].has_more
    assert f'name="person{MOST_PARTIES}"' in page.content.decode()
    wrong = client.post(address, {f"person{MOST_PARTIES}": "nobody"})
    assert wrong.context["form"].has_more
    assert "<details open>" in wrong.content.decode()
