"""How it was: asked once, said once, without a name; shown from five on, forgotten by the clock."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lianxin.activities.jobs import ask_people_job
from lianxin.activities.models import Asking, Opinion, Telling
from lianxin.activities.rules.opinions import SHOWN_FROM, Said, gathered
from lianxin.activities.selectors.opinions import came_to, has_come, pools_looked
from lianxin.activities.selectors.plans import came_in
from lianxin.activities.services import opinion_give, people_ask, session_call_off, sessions_forget
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_take
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle
from lianxin.kit.errors import RefusedError
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(fed):
    """Six had a place at a match in one day; Zhao waits in vain."""
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(1, capacity=6)])
    for who in ("lin", "wang", "sun", "chen", "zhou", "ma", "zhao"):
        claim_take(ask_of(pool_of(activity), fed.account_id(who)))
    settle()
    return activity


def asked(fed, who: str) -> int:
    return sum(one.kind == "activity.how" for one in letters_to(fed.account_id(who)))


def ask() -> None:
    ask_people_job()
    settle()


def page(activity) -> str:
    return str(reverse("activities:how", args=[session_of(activity).pk]))


def desk(activity, as_person, who: str = "wang") -> str:
    address = reverse("activities:desk_session", args=[session_of(activity).pk])
    return str(as_person(who).get(address).content.decode())


def say(fed, activity, *words: str) -> None:
    for who, said in zip(("lin", "wang", "sun", "chen", "zhou", "ma"), words, strict=False):
        opinion_give(session_id=session_of(activity).pk, account_id=fed.account_id(who), said=said, line=f"{said}，{who}")  # fmt: skip


def test_whoever_was_let_in_came_also_where_her_place_was_given_back_since(fed, evening) -> None:
    pool = pool_of(evening)
    rows = Claim.objects.filter(pool=pool)
    rows.filter(account_id=fed.account_id("lin")).update(state="cancelled", used=1)
    rows.filter(account_id=fed.account_id("sun")).update(used=1)
    came = set(came_to(pool.pk).values_list("account_id", flat=True))
    assert came == {fed.account_id("lin"), fed.account_id("sun")}
    looked = pools_looked([pool.pk])
    assert {one.account_id for one in rows if has_come(one, looked)} == came
    assert came_in([pool.pk]) == {pool.pk: 2}


def test_whoever_came_is_asked_once_and_the_day_after(fed, evening, clock):
    ask()
    clock.move(hours=27)
    ask()
    assert asked(fed, "lin") == 0, "it is over, but the day is not"
    clock.move(days=1)
    for _twice in range(2):
        ask()
    assert [asked(fed, who) for who in ("lin", "ma", "zhao", "tang")] == [1, 1, 0, 0]
    letter = next(one for one in letters_to(fed.account_id("lin")) if one.kind == "activity.how")
    assert letter.url == page(evening)
    assert not letter.urgent
    assert Asking.objects.count() == 6


def test_where_tickets_were_looked_at_only_those_seen_are_asked(fed, evening, clock):
    seen = [fed.account_id(who) for who in ("lin", "wang", "sun", "chen", "zhou")]
    Claim.objects.filter(account_id__in=seen).update(used=1)
    clock.move(days=2)
    ask()
    assert [asked(fed, who) for who in ("lin", "ma")] == [1, 0]


def test_too_few_to_hide_in_are_not_asked_at_all(fed, clock, as_person):
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(1, capacity=6)])
    for who in ("lin", "wang"):
        claim_take(ask_of(pool_of(activity), fed.account_id(who)))
    clock.move(days=2)
    ask()
    assert asked(fed, "lin") == 0
    assert as_person("lin").get(page(activity)).status_code == 404
    assert "办得怎么样" not in desk(activity, as_person)
    assert people_ask() == 0, "looked at once"


def test_what_was_called_off_is_not_asked_about(fed, evening, clock):
    session_call_off(actor=Actor.system(), session_id=session_of(evening).pk, words="停电")
    clock.move(days=2)
    ask()
    assert asked(fed, "lin") == 0


def test_she_says_it_in_two_taps_and_only_once(fed, evening, clock, as_person):
    clock.move(days=2)
    ask()
    lin = as_person("lin")
    said = lin.get(page(evening)).content.decode()
    for word in ("很好", "还行", "不太好"):
        assert word in said
    trail = AuditRow.objects.count()
    for _twice in range(2):
        assert lin.post(page(evening), {"said": "good", "line": "  球拍够用 "}).status_code == 302
    assert list(Opinion.objects.values_list("said", "line")) == [("good", "球拍够用")]
    assert AuditRow.objects.count() == trail, "no line in the trail leads to her"
    assert "谢谢" in lin.get(page(evening)).content.decode()
    assert as_person("lin").post(page(evening), {"said": "poor"}).status_code == 302
    assert Opinion.objects.count() == 1


def test_strangers_and_what_is_no_answer_change_nothing(fed, evening, clock, as_person):
    clock.move(days=2)
    ask()
    for who in ("zhao", "tang"):
        assert as_person(who).get(page(evening)).status_code == 404
        assert as_person(who).post(page(evening), {"said": "poor"}).status_code == 404
    lin = as_person("lin")
    for wrong in ({"said": "splendid"}, {"said": ""}, {"said": "good", "line": "长" * 101}):
        answer = lin.post(page(evening), wrong)
        assert answer.status_code == 200
        assert wrong.get("line", "") in answer.content.decode(), "nothing typed is lost"
    assert not Opinion.objects.exists()
    with pytest.raises(RefusedError):
        opinion_give(session_id=session_of(evening).pk, account_id=fed.account_id("lin"), said="good", line="长" * 101)  # fmt: skip
    assert lin.delete(page(evening)).status_code == 405


def test_nothing_leads_from_what_was_said_to_who_said_it(fed, evening, clock):
    clock.move(days=2)
    ask()
    say(fed, evening, "poor")
    columns = {field.name for field in Opinion._meta.get_fields()}
    assert columns == {"id", "session", "said", "line"}
    assert Opinion.objects.get().pk.version == 4, "a key of the clock would say when"
    assert not Asking.objects.filter(account_id=fed.account_id("lin")).exists()
    assert Asking.objects.count() == 5


def test_the_desk_reads_it_from_five_on_and_the_lines_only_at_the_union(fed, evening, clock, as_person):  # fmt: skip
    clock.move(days=2)
    assert "办得怎么样" not in desk(evening, as_person)
    ask()
    say(fed, evening, "good", "good", "fair", "poor")
    early = desk(evening, as_person)
    assert "办得怎么样" in early
    assert "good，lin" not in early
    assert "很好" not in early
    opinion_give(session_id=session_of(evening).pk, account_id=fed.account_id("zhou"), said="good", line="")  # fmt: skip
    whole = desk(evening, as_person)
    for said in ("很好", "5 人说了", "good，lin", "poor，chen"):
        assert said in whole
    above = desk(evening, as_person, "sun")
    assert "5 人说了" in above
    assert "good，lin" not in above, "from above: numbers"
    assert as_person("ma").get(reverse("activities:desk_session", args=[session_of(evening).pk])).status_code == 404  # fmt: skip


def test_two_weeks_after_nobody_is_marked_any_more(fed, evening, clock, as_person):
    clock.move(days=2)
    ask()
    say(fed, evening, "good", "poor")
    clock.move(days=14)
    assert sessions_forget() == 1
    assert not Asking.objects.exists()
    assert not Opinion.objects.exists(), "two of them would never be shown"
    assert "不再问了" in as_person("sun").get(page(evening)).content.decode()
    assert as_person("sun").post(page(evening), {"said": "good"}).status_code == 302
    assert not Opinion.objects.exists()
    ask()
    assert asked(fed, "lin") == 1


def test_her_mark_is_hers_to_take_along_and_goes_with_her(fed, evening, clock):
    clock.move(days=2)
    ask()
    part = next(one for key, one in privacy_export.items() if key == "activities")
    erase = next(one for key, one in privacy_erase.items() if key == "activities").erase
    lin = Person(account_id=fed.account_id("lin"), member_id=None)
    assert {"asked_how_it_was": "职工羽毛球友谊赛"} in part.read(lin)
    for _again in range(2):
        erase(lin)
    assert part.read(lin) == []
    assert Asking.objects.count() == 5


def test_the_organiser_sees_that_everybody_was_asked(fed, evening, clock, as_person):  # fmt: skip
    clock.move(days=2)
    ask()
    page = as_person("wang").get(reverse("activities:desk_word", args=[session_of(evening).pk])).content.decode()  # fmt: skip
    assert "这次办得怎么样" in page
    assert Telling.objects.get(kind="how").told == 6


ROWS = st.lists(st.tuples(st.sampled_from(list(Said)), st.text(max_size=5)), max_size=12)


@given(ROWS)
def test_fewer_than_five_are_never_told_and_no_order_is(rows):
    found = gathered(rows)
    assert (found is None) is (len(rows) < SHOWN_FROM)
    if found is not None:
        assert found.total == len(rows)
        assert found == gathered(list(reversed(rows)))
