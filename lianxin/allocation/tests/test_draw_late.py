"""What is sent late, or twice, on the pages of a draw is answered in one sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Draw, DrawParty, DrawValue
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws import lock_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.services import claim_cancel, pool_call_off
from lianxin.allocation.testing.draws import SENTENCE, SIGNATURE, draw_walk, party_commits
from lianxin.allocation.tests.test_draw_life import NOON, published
from lianxin.allocation.tests.test_draw_pages import path, text_of
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def signed_in(fed, who: str) -> Client:
    client = Client()
    sign_in(client, fed.account(who))
    return client


def answered(client: Client, name: str, draw: Draw, **sent: str) -> list[str]:
    """Send a form; return what the page says on top of it."""
    answer = client.post(path(name, draw.pk), sent)
    page = text_of(answer)
    told = [str(one) for one in answer.context["messages"]]
    assert all(one in page for one in told)
    return told


def locks(draw: Draw, *numbers: int) -> None:
    for number in numbers:
        party_commits(draw, draw.parties.get(number=number))


def test_a_lock_sent_just_too_late_is_answered_and_does_not_count(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    locks(draw, 2, 3, 4)
    clock.set(draw.commit_until)
    client = signed_in(fed, "qian")
    lock = lock_of(draw.seal, 1, SENTENCE.format(number=1))
    [told] = answered(client, "draw_commit", draw, lock=lock)
    assert "这一步" in told
    assert answered(client, "draw_commit", draw, lock="") != []
    assert DrawParty.objects.get(draw=draw, number=1).lock == ""


def test_a_lock_sent_again_too_late_leaves_the_form_for_the_secret(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    locks(draw, 1, 2, 3)
    clock.set(draw.commit_until)
    client = signed_in(fed, "qian")
    answer = client.post(path("draw_commit", draw.pk), {"lock": "a" * 64})
    assert 'name="secret"' in text_of(answer)
    assert answer.context["form"].errors == {}
    assert len(answer.context["messages"]) == 1


def test_another_lock_after_the_first_is_answered(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    locks(draw, 1)
    [told] = answered(signed_in(fed, "qian"), "draw_commit", draw, lock="a" * 64)
    assert "已经锁上" in told


@pytest.mark.parametrize("after", [dt.timedelta(), dt.timedelta(hours=-1)])
def test_a_secret_opened_too_late_is_answered_whatever_the_page_asks_for_then(fed, clock, after):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    locks(draw, 1, 2, 3)
    draw = draw_walk(draw, clock, Stage.COMMITTED)
    clock.set(draw.known_at + after)
    assert clock.at >= draw.reveal_until
    client = signed_in(fed, "qian")
    secret = SENTENCE.format(number=1)
    answer = client.post(path("draw_reveal", draw.pk), {"secret": secret})
    page = text_of(answer)
    assert ('name="value"' in page) == (not after)
    assert len(answer.context["messages"]) == 1
    assert secret not in page, "what stayed shut stays hers"
    assert DrawParty.objects.get(draw=draw, number=1).secret == ""


def test_a_value_read_when_two_have_read_it_already_is_answered(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.REVEALED)
    clock.set(draw.known_at)
    for who in ("qian", "luo"):
        sent = signed_in(fed, who).post(path("draw_party_value", draw.pk), {"value": SIGNATURE})
        assert sent.status_code == 302
    [told] = answered(signed_in(fed, "ma"), "draw_party_value", draw, value=SIGNATURE)
    assert "两个人" in told
    [told] = answered(signed_in(fed, "wang"), "draw_value", draw, value=SIGNATURE)
    assert "两个人" in told
    assert DrawValue.objects.filter(draw=draw).count() == 2


def test_who_gave_her_application_back_before_is_not_told_that_she_was_left_out(fed, clock):
    draw, claims = published(fed)
    lin = signed_in(fed, "lin")
    claim_cancel(actor=fed.actor("lin"), claim_id=claims[0].pk)
    for stage in (Stage.COLLECTING, Stage.FROZEN, Stage.DRAWN):
        draw = draw_walk(draw, clock, stage)
        page = text_of(lin.get(path("draw_line", claims[0].pk)))
        assert ("名单固定之前，您自己退了" in page, "没有您的那一行" in page) == (True, False), (
            stage
        )
        assert path("draw_receipt", claims[0].pk) not in page
        assert lin.get(path("draw_receipt", claims[0].pk)).status_code == 404


def test_who_is_missing_and_gives_back_only_afterwards_was_left_out_all_the_same(fed, clock):
    draw, claims = published(fed)
    rows = Claim.objects.filter(pk=claims[0].pk)
    rows.update(state=State.WAITING)  # a machine that cheats: hers is not looked at
    draw = draw_walk(draw, clock, Stage.FROZEN)
    rows.update(state=State.APPLIED)
    lin = signed_in(fed, "lin")
    assert lin.get(path("draw_line", claims[0].pk)).context["is_missing"]
    clock.move(minutes=5)
    claim_cancel(actor=fed.actor("lin"), claim_id=claims[0].pk)
    assert lin.get(path("draw_line", claims[0].pk)).context["is_missing"]
    assert lin.get(path("draw_receipt", claims[0].pk)).status_code == 200


def test_whose_application_ended_with_the_thing_itself_is_told_so(fed, clock):
    draw, claims = published(fed)
    pool_call_off(actor=fed.actor("wang"), pool_id=draw.pool_id)
    page = text_of(signed_in(fed, "lin").get(path("draw_line", claims[0].pk)))
    assert "名额不再发放" in page
    assert "您自己退了" not in page


def test_stopping_a_draw_too_late_is_answered(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.REVEALED)
    [told] = answered(signed_in(fed, "wang"), "draw_stop", draw, words="场地换小了。")
    assert "停" in told
    draw.refresh_from_db()
    assert draw.standing is Stage.REVEALED
