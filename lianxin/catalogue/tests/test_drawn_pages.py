"""The pages of a case, of its draw and of the round lead to each other, and say what is due when."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.testing.draws import Stage, draw_walk
from lianxin.catalogue.selectors.drawn import claim_of_case
from lianxin.catalogue.testing import applied
from lianxin.catalogue.tests.test_drawn import at_draw, drawn, hands, opened, rule_out, step
from lianxin.notify.testing import letters_to
from lianxin.procedures.api import Dossier
from lianxin.ui.templatetags.ui import daytime

__all__ = ["hands"]
pytestmark = pytest.mark.django_db


def page_of(town, who: str, address: str) -> str:
    client = Client()
    sign_in(client, town.account(who), second_factor=who not in {"lin", "zhao", "sun"})
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def case_page(town, dossier: Dossier, who: str = "lin") -> str:
    return page_of(town, who, reverse("procedures:case", args=[dossier.pk]))


def test_her_case_says_when_the_list_closes_when_the_result_is_known_and_leads_to_her_line(
    town, hands
):
    dossier = at_draw(town, "lin")
    assert "现在没有开放的名单" in case_page(town, dossier)
    pool = opened(town, is_ruled=False)
    page = case_page(town, dossier)
    assert daytime(pool.closes_at) in page
    assert "随抽签规则一起公布" in page
    draw = rule_out(town, pool)
    page = case_page(town, dossier)
    assert daytime(draw.known_at) in page
    for name, pk in (("draw", draw.pk), ("draw_line", claim_of_case(dossier.pk).pk)):
        assert reverse(f"allocation:{name}", args=[pk]) in page
    assert "核对我的那一行" in page
    draw_walk(draw, hands, Stage.FROZEN)
    assert "已在名单里" in case_page(town, dossier)
    for who in ("zhao", "sun"):
        assert case_page(town, dossier, who) == "404"


def test_before_the_step_she_is_told_until_when_it_counts(town, hands):
    pool = opened(town)
    dossier = applied(town.actor("lin"), "childcare-place")
    assert daytime(pool.closes_at) in case_page(town, dossier)
    assert "自动参加" in case_page(town, dossier)


def test_who_waits_reads_her_place_in_line_on_her_case_and_in_her_letter(town, hands):
    cases = {who: at_draw(town, who) for who in ("lin", "sun", "fang")}
    drawn(town, opened(town), hands)
    waiting = {who: one for who, one in cases.items() if step(one) == "draw"}
    assert len(waiting) == 2
    for number, (who, one) in enumerate(
        sorted(waiting.items(), key=lambda pair: claim_of_case(pair[1].pk).position), start=1
    ):
        assert f"第{number}位" in case_page(town, one, who)
        letters = letters_to(town.account_id(who))
        assert any(f"第{number}位" in letter.body for letter in letters)
    won = next(who for who in cases if who not in waiting)
    assert "抽中" in case_page(town, cases[won], won)


def test_the_office_goes_from_the_case_to_the_round_and_back(town, hands):
    dossier = at_draw(town, "lin")
    desk = reverse("procedures:dossier", args=[dossier.pk])
    assert "没有开放的名单" in page_of(town, "chen", desk)
    pool = opened(town)
    round_page = reverse("allocation:pool_desk", args=[pool.pk])
    assert round_page in page_of(town, "he", desk)
    assert desk in page_of(town, "he", round_page)
    assert pool.title in page_of(town, "chen", desk)
