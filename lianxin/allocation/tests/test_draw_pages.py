"""The pages of a draw, for a visitor, Lin who applied, Wang who arranges, Qian who watches, and Zhao."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.api import User
from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Draw
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws import lock_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors import draws
from lianxin.allocation.selectors.draws import own_line
from lianxin.allocation.services import claim_take
from lianxin.allocation.services.drawing import draw_plan, draw_void
from lianxin.allocation.services.privacy import account_erase, account_export
from lianxin.allocation.testing import ask_of, pool_make
from lianxin.allocation.testing.draws import (
    SENTENCE,
    SIGNATURE,
    draw_walk,
    drawn_pool,
    party_commits,
    plan_for,
)
from lianxin.allocation.tests.test_draw_life import NOON, WATCHERS, apply, published, watchers
from lianxin.jobs.testing import settle
from lianxin.kit.testing import stopped_clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import name_on_card
from lianxin.orgs.testing import PEOPLE, invented_phone

pytestmark = pytest.mark.django_db
STAGES = [Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED, Stage.DRAWN]


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def path(name: str, *args) -> str:
    return reverse(f"allocation:{name}", args=args)


def text_of(answer) -> str:
    assert answer.status_code == HTTPStatus.OK, answer.status_code
    return str(answer.content.decode())


@pytest.mark.parametrize("stage", STAGES)
def test_a_visitor_sees_every_stage_and_nobody_of_those_who_applied(client, fed, clock, stage):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, stage)
    page = text_of(client.get(path("draw", draw.pk)))
    assert "江边夜跑" in page
    assert ("林晓梅" in page, "赵海燕" in page) == (False, False)
    assert ("钱守信" in page) is True, "who watches over it is published"
    assert ("code-line" in page) == bool(draw.root)
    assert draw.seal in page
    assert "江边夜跑" in text_of(client.get(path("draw_list")))


def test_a_draw_that_is_only_planned_is_nobodys_but_the_desks(client, fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    draw = draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan_for(pool, watchers(fed)))
    for name in ("draw", "draw_file", "draw_lines"):
        assert client.get(path(name, draw.pk)).status_code == 404
    guessed = {"HTTP_IF_NONE_MATCH": f'"{draw.pk}-planned"'}
    assert client.get(path("draw_file", draw.pk), **guessed).status_code == 404
    assert "江边夜跑" not in text_of(client.get(path("draw_list")))
    for who, status in (("lin", 403), ("zhao", 403), ("qian", 404), ("ma", 404), ("wang", 200)):
        sign_in(client, fed.account(who))
        assert client.get(path("draw_desk", draw.pk)).status_code == status, who
        assert client.get(path("draw_party", draw.pk)).status_code == 404, who


def test_the_file_is_handed_out_and_not_sent_twice(client, fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    answer = client.get(path("draw_file", draw.pk))
    assert json.loads(answer.content)["drawn"]["won"] == 2
    assert "attachment" in answer["Content-Disposition"]
    again = client.get(path("draw_file", draw.pk), HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_the_file_is_written_once_a_stage_and_not_for_everybody_who_asks(
    client, fed, clock, django_assert_max_num_queries
):
    draw, _ = published(fed)
    for stage in STAGES:
        draw = draw_walk(draw, clock, stage)
        first = client.get(path("draw_file", draw.pk))
        with django_assert_max_num_queries(3):
            again = client.get(path("draw_file", draw.pk))
        assert (again.content, again["ETag"]) == (first.content, first["ETag"]), stage
        told = json.loads(first.content)
        assert [
            bool(told[part]) for part in ("rule", "frozen", "committed", "revealed", "drawn")
        ] == [one in STAGES[: STAGES.index(stage) + 1] for one in STAGES]
        assert (told["rows"] is not None, told["result"] is not None) == (
            stage is not Stage.COLLECTING, stage is Stage.DRAWN,
        )  # fmt: skip


def test_the_file_of_a_stage_says_nothing_of_the_next(fed, clock):
    draw, _ = published(fed)
    early = draw_walk(draw, clock, Stage.FROZEN)
    draw_walk(draw, clock, Stage.DRAWN)
    told = json.loads(draws.file_of(early))
    assert (len(told["statements"]), told["committed"], told["result"]) == (2, None, None)


def test_verifiers_and_keys_are_there_for_everybody(client, fed, clock):
    draw, _ = published(fed)
    page = client.get(path("draw_verifier_page"))
    assert "attachment" in page["Content-Disposition"]
    assert 'src="' not in page.content.decode(), "it needs nothing beside itself"
    program = client.get(path("draw_verifier_python")).content.decode()
    compile(program, "verify_draw.py", "exec")
    keys = json.loads(client.get(path("draw_keys")).content)["keys"]
    told = json.loads(client.get(path("draw_file", draw.pk)).content)
    assert {one["kid"]: one["x"] for one in keys} == told["keys"]
    assert draw.pool.title in text_of(client.get(path("draw_check") + f"?draw={draw.pk}"))
    text_of(client.get(path("draw_check") + "?draw=nonsense"))


def test_lin_finds_her_line_and_her_receipt_and_zhao_does_not(client, fed, clock):
    draw, claims = published(fed)
    sign_in(client, fed.account("lin"))
    assert path("draw_line", claims[0].pk) in text_of(client.get(path("claim", claims[0].pk)))
    text_of(client.get(path("draw_line", claims[0].pk)))
    draw = draw_walk(draw, clock, Stage.DRAWN)
    own = own_line(claims[0], draw)
    page = text_of(client.get(path("draw_line", claims[0].pk)))
    assert own.line in page
    receipt = json.loads(client.get(path("draw_receipt", claims[0].pk)).content)
    assert (receipt["line"], receipt["index"]) == (own.line, own.index)
    for who in ("zhao", "wang", "qian"):
        sign_in(client, fed.account(who))
        for name in ("draw_line", "draw_receipt"):
            assert client.get(path(name, claims[0].pk)).status_code == 404, (who, name)
    client.logout()
    assert client.get(path("draw_line", claims[0].pk)).status_code == 302


def test_a_place_of_the_fastest_has_no_line(client, fed, clock):
    claim = claim_take(ask_of(pool_make(fed.organisation("yangtze")), fed.account_id("lin"))).claim
    sign_in(client, fed.account("lin"))
    assert client.get(path("draw_line", claim.pk)).status_code == 404
    assert path("draw_line", claim.pk) not in text_of(client.get(path("claim", claim.pk)))


def test_anybody_finds_a_line_by_its_first_digits(client, fed, clock):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    own = own_line(claims[0], draw)
    typed = f"{own.line[:4]} {own.line[4:10].upper()}"
    assert own.rank is not None
    page = client.get(path("draw", draw.pk), {"line": typed})
    [found] = page.context["found"]
    assert (found.line, found.rank, found.has_won) == (own.line, own.rank + 1, own.is_won)
    for odd in ("", "ab", "zzzz", "0" * 80, "<script>"):
        text_of(client.get(path("draw", draw.pk), {"line": odd}))


def test_the_lines_that_won_are_listed_in_pages(client, fed, clock, monkeypatch):
    monkeypatch.setattr(draws, "PAGE", 1)
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    first = client.get(path("draw_lines", draw.pk))
    second = client.get(path("draw_lines", draw.pk), {"after": first.context["page"].next_token})
    ranks = [rank for answer in (first, second) for rank, _ in answer.context["page"].rows]
    assert ranks == [1, 2]
    assert second.context["page"].next_token == ""
    for odd in ("x", "-1", "²", "9" * 30):
        text_of(client.get(path("draw_lines", draw.pk), {"after": odd}))


def typed_plan(draw_or_pool, **more) -> dict[str, str]:
    def local(at):
        return f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"

    plan = plan_for(draw_or_pool, [])
    sent = {
        "commit_until": local(plan.commit_until),
        "reveal_until": local(plan.reveal_until),
        "known_at": local(plan.known_at),
        "source": "drand",
    }
    for number, who in enumerate(WATCHERS, 1):
        sent |= {f"person{number}": who, f"capacity{number}": "监督委员会"}
    return sent | more


def test_wang_plans_publishes_and_watches_the_line_move(client, fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    sign_in(client, fed.account("wang"))
    assert path("draw_plan", pool.pk) in text_of(client.get(path("pool_desk", pool.pk)))
    text_of(client.get(path("draw_plan", pool.pk)))
    wrong = client.post(
        path("draw_plan", pool.pk), typed_plan(pool, person2="nobody", capacity3="")
    )
    assert set(wrong.context["form"].errors) == {"person2", "capacity3"}
    assert not Draw.objects.exists()
    refused = client.post(path("draw_plan", pool.pk), typed_plan(pool, person1="sun"))
    assert refused.context["form"].errors, "Sun arranges places above"
    answer = client.post(path("draw_plan", pool.pk), typed_plan(pool))
    draw = Draw.objects.get()
    assert answer.url == path("draw_desk", draw.pk)
    sun = fed.account("sun").display_name
    told = text_of(refused)
    assert (name_on_card(sun) in told, sun in told) == (True, False), "a number tells nobody's name"
    desk = text_of(client.get(path("draw_desk", draw.pk)))
    assert ("钱*信" in desk, "钱守信" in desk) == (True, False)
    changed = text_of(client.get(path("draw_plan", pool.pk)))
    assert 'value="qian"' in changed
    client.post(path("draw_plan", pool.pk), typed_plan(pool))
    assert Draw.objects.count() == 1
    for _ in range(2):  # a tired phone sends twice
        assert client.post(path("draw_rule", draw.pk)).status_code == 302
    draw.refresh_from_db()
    assert draw.standing is Stage.COLLECTING
    assert client.get(path("draw_plan", pool.pk)).url == path("draw_desk", draw.pk)
    apply(pool, fed, "lin")
    draw = draw_walk(draw, clock, Stage.FROZEN)
    party_commits(draw, draw.parties.get(number=1))
    client.logout()  # a day later
    sign_in(client, fed.account("wang"))
    page = text_of(client.get(path("draw_desk", draw.pk)))
    assert "钱守信" in page, "published"
    assert ("已上锁" in page, "还没锁" in page) == (True, True)
    text_of(client.get(path("draw_desk_list")))


def test_others_do_not_come_to_the_desk_of_a_draw(client, fed, clock):
    draw, _ = published(fed)
    for who, status in (("lin", 403), ("zhao", 403), ("ma", 404), ("qian", 404), ("sun", 200)):
        sign_in(client, fed.account(who))
        assert client.get(path("draw_desk", draw.pk)).status_code == status, who
        for name in ("draw_rule", "draw_value", "draw_stop"):
            got = client.post(path(name, draw.pk), {"words": "x", "value": "x"})
            if who != "sun":
                assert got.status_code == status, (who, name)
    draw.refresh_from_db()
    sign_in(client, fed.account("ma"))
    assert draw.pool.title not in text_of(client.get(path("draw_desk_list")))


@pytest.mark.parametrize("name", ["draw_commit", "draw_reveal", "draw_party_value", "draw_rule", "draw_value", "draw_stop"])  # fmt: skip
def test_what_changes_something_is_sent_and_not_looked_at(client, fed, clock, name):
    draw, _ = published(fed)
    sign_in(client, fed.account("qian" if "party" in name or name in {"draw_commit", "draw_reveal"} else "wang"))  # fmt: skip
    assert client.get(path(name, draw.pk)).status_code == 405


def test_a_plan_opened_again_still_names_who_was_found_by_her_number(client, fed, clock):
    """Not by the number itself: that is shown to nobody."""
    pool = drawn_pool(fed.organisation("yangtze"))
    sign_in(client, fed.account("wang"))
    number = invented_phone(1 + [one[0] for one in PEOPLE].index("zhao")).removeprefix("+86")
    assert User.objects.get(pk=fed.account_id("zhao")).login_name is None
    client.post(path("draw_plan", pool.pk), typed_plan(pool, person2=number))
    draw = Draw.objects.get()
    assert draw.parties.get(number=2).account_id == fed.account_id("zhao")
    page = text_of(answer := client.get(path("draw_plan", pool.pk)))
    assert (name_on_card("赵海燕") in page, "赵海燕" in page, number in page) == (
        True,
        False,
        False,
    )
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value()}
    again = typed_plan(pool) | {name: value for name, value in again.items() if "person" in name}
    assert client.post(path("draw_plan", pool.pk), again).status_code == 302
    assert draw.parties.get(number=2).account_id == fed.account_id("zhao")
    client.post(path("draw_plan", pool.pk), again | {"person2": "luo"})
    assert draw.parties.get(number=2).account_id == fed.account_id("luo")


def test_qian_locks_opens_and_reads_and_sees_nothing_she_has_no_part_in(client, fed, clock):
    draw, _ = published(fed)
    sign_in(client, fed.account("qian"))
    text_of(client.get(path("draw_party", draw.pk)))
    clock.set(draw.closes_at)  # the page itself moves the draw on
    page = text_of(client.get(path("draw_party", draw.pk)))
    draw.refresh_from_db()
    assert (draw.standing, draw.seal in page) == (Stage.FROZEN, True)
    assert path("draw_party", draw.pk) in client.get("/").content.decode(), "the home says so"
    bad = client.post(path("draw_commit", draw.pk), {"lock": "my secret"})
    assert "lock" in bad.context["form"].errors
    lock = lock_of(draw.seal, 1, SENTENCE.format(number=1))
    for _ in range(2):
        assert client.post(path("draw_commit", draw.pk), {"lock": f" {lock} "}).status_code == 302
    for number in (2, 3):
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    wrong = client.post(path("draw_reveal", draw.pk), {"secret": SENTENCE.format(number=2)})
    assert "secret" in wrong.context["form"].errors
    for _ in range(2):
        sent = client.post(path("draw_reveal", draw.pk), {"secret": SENTENCE.format(number=1)})
        assert sent.status_code == 302
    clock.set(draw.known_at)
    assert "96" in str(client.post(path("draw_party_value", draw.pk), {"value": "7"}).context["form"].errors)  # fmt: skip
    assert client.post(path("draw_party_value", draw.pk), {"value": SIGNATURE}).status_code == 302
    desk = Client()
    sign_in(desk, fed.account("wang"))
    assert desk.post(path("draw_value", draw.pk), {"value": SIGNATURE}).status_code == 302
    settle()
    draw.refresh_from_db()
    assert draw.standing is Stage.DRAWN
    text_of(client.get(path("draw_party", draw.pk)))
    for who in ("lin", "zhao", "wang"):
        sign_in(client, fed.account(who))
        assert client.get(path("draw_party", draw.pk)).status_code == 404, who


def test_a_draw_is_stopped_with_a_reason_and_planned_again(client, fed, clock):
    draw, _ = published(fed)
    sign_in(client, fed.account("wang"))
    silent = client.post(path("draw_stop", draw.pk), {"words": " "})
    assert "words" in silent.context["void_form"].errors
    assert client.post(path("draw_stop", draw.pk), {"words": "场地换小了。"}).status_code == 302
    page = text_of(client.get(path("draw", draw.pk)))
    assert "场地换小了。" in page
    assert path("draw_plan", draw.pool_id) in text_of(client.get(path("draw_desk", draw.pk)))
    closes = "2026-11-26T12:00"
    later = {"commit_until": "2026-11-27T12:00", "reveal_until": "2026-11-28T12:00", "known_at": "2026-11-28T20:00"}  # fmt: skip
    sent = typed_plan(draw.pool, closes_at=closes, **later)
    answer = client.post(path("draw_plan", draw.pool_id), sent)
    again = Draw.objects.get(number=2)
    assert answer.url == path("draw_desk", again.pk)
    client.post(path("draw_rule", again.pk))
    assert path("draw", again.pk) in text_of(client.get(path("draw", draw.pk)))


def test_what_a_person_did_in_draws_is_hers_to_take_along_and_to_let_go(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.COMMITTED)
    [told] = account_export(fed.account_id("qian"))
    assert (told["watched_over"], bool(told["locked_at"])) == ("江边夜跑", True)
    account_erase(fed.account_id("qian"))
    assert account_export(fed.account_id("qian")) == []
    account_erase(fed.account_id("lin"))
    assert Claim.objects.filter(state=State.CANCELLED).count() == 1
    text = json.loads(Client().get(path("draw_file", draw.pk)).content)
    assert text["rule"]["parties"][0]["name"] == "钱守信", "what was signed stays as it was signed"


BUDGET = {"draw": 8, "draw_list": 4, "draw_lines": 8, "draw_check": 3}


@pytest.mark.parametrize("name", BUDGET)
def test_pages_ask_the_database_little(client, fed, clock, name, django_assert_max_num_queries):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    for _ in range(3):
        other, _ = published(fed, people=("sun",))
    address = path(name, draw.pk) if name in {"draw", "draw_lines"} else path(name)
    client.get(address)
    with django_assert_max_num_queries(BUDGET[name]):
        text_of(client.get(address))
    assert other.pk


def test_the_desks_list_asks_the_database_little(client, fed, clock, django_assert_max_num_queries):
    for _ in range(4):
        published(fed, people=("lin",))
    sign_in(client, fed.account("wang"))
    client.get(path("draw_desk_list"))
    with django_assert_max_num_queries(16):
        text_of(client.get(path("draw_desk_list")))


def test_a_void_draw_names_the_machines_reason_in_words(client, fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    clock.set(draw.commit_until)
    page = text_of(client.get(path("draw", draw.pk)))
    assert "void" not in page
    draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="x")
