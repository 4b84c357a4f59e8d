"""The worker's pages: Lin sees her case, Wang and Zhao have no such page, twice is once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from lianxin.kit import clock
from lianxin.members.testing import Federation
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry, Objection, Rating
from lianxin.procedures.rules.definition import FieldKind, Gives, GivesKind, StepKind
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.testing import (
    approve,
    definition_of,
    evidence_of,
    field_of,
    handler_of,
    live_task,
    step_of,
    submitted,
    walk_dossier,
)
from lianxin.procedures.tests.pages import client_of, photo

pytestmark = pytest.mark.django_db
PAGES = ("", "receipt/", "amend/", "withdraw/")


def refused(people: Federation) -> Dossier:
    dossier = submitted(people)
    services.dossier_refuse(
        actor=handler_of(live_task(dossier)),
        dossier_id=dossier.pk,
        reason="材料对不上。",
        key="no",
        seen=None,
    )
    return Dossier.objects.get(pk=dossier.pk)


def asked(people: Federation, **given) -> Dossier:
    dossier = submitted(people, **given)
    services.dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="请补一张缴费单。", key="ask", seen=None,
        fields=["story"], evidence=["bill"],
    )  # fmt: skip
    return Dossier.objects.get(pk=dossier.pk)


@pytest.mark.parametrize("page", PAGES)
def test_a_case_is_there_for_its_person_alone(people: Federation, page: str) -> None:
    address = f"/cases/{submitted(people).pk}/{page}"
    assert client_of(people, "lin").get(address).status_code == 200
    assert client_of(people, "wang").get(address).status_code == 404
    assert client_of(people, "zhao").get(address).status_code == 404
    assert "/sign-in" in Client().get(address)["Location"]


def test_the_list_shows_ones_own_cases_and_nobody_elses(people: Federation) -> None:
    dossier = submitted(people)
    assert str(dossier.pk) in client_of(people, "lin").get("/cases/").content.decode()
    for other in ("wang", "zhao"):
        assert str(dossier.pk) not in client_of(people, other).get("/cases/").content.decode()


def test_a_status_is_a_sentence_with_a_day_and_a_name(people: Federation) -> None:
    page = client_of(people, "lin").get(f"/cases/{submitted(people).pk}/").content.decode()
    assert "扬子机械厂工会正在办，最晚" in page
    assert "答复您" in page


def test_the_home_shows_what_runs_and_forgets_what_is_over(people: Federation) -> None:
    dossier, lin = submitted(people), client_of(people, "lin")
    assert str(dossier.pk) in lin.get("/").content.decode()
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=dossier.pk, key="w", seen=None)
    assert f"/cases/{dossier.pk}/" not in lin.get("/").content.decode().split("给您的新消息")[0]


@pytest.mark.parametrize("page", ["", "receipt/", "decision/", "appointment.ics"])
def test_a_page_to_read_takes_no_post(people: Federation, page: str) -> None:
    dossier = submitted(people)
    assert client_of(people, "lin").post(f"/cases/{dossier.pk}/{page}").status_code == 405


def test_withdrawing_twice_is_withdrawing_once(people: Federation) -> None:
    dossier, lin = submitted(people), client_of(people, "lin")
    sent = {"key": "k1", "seen": dossier.seq, "words": ""}
    for _ in range(2):
        answer = lin.post(f"/cases/{dossier.pk}/withdraw/", sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/cases/{dossier.pk}/")
    assert Entry.objects.filter(dossier=dossier, verb="withdraw").count() == 1


def test_an_amendment_is_kept_and_marked(people: Federation) -> None:
    dossier, lin = submitted(people), client_of(people, "lin")
    sent = {
        "key": "k1",
        "seen": dossier.seq,
        "story": "后来又多了一张单子。",
        "account": "6222020000000000000",
    }
    assert lin.post(f"/cases/{dossier.pk}/amend/", sent).status_code == 302
    page = lin.get(f"/cases/{dossier.pk}/").content.decode()
    assert "后来又多了一张单子。" in page
    assert "改过" in page


def test_a_stale_amendment_keeps_every_word_and_goes_through_the_second_time(
    people: Federation,
) -> None:
    dossier, lin = submitted(people), client_of(people, "lin")
    sent = {"key": "k1", "seen": dossier.seq, "story": "我写了很久的话。", "account": ""}
    services.task_take(actor=people.actor("wang"), dossier_id=dossier.pk, key="t", seen=None)
    answer = lin.post(f"/cases/{dossier.pk}/amend/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "我写了很久的话。" in page
    assert "有了新变化" in page
    fresh = {**sent, "seen": Dossier.objects.get(pk=dossier.pk).seq}
    assert lin.post(f"/cases/{dossier.pk}/amend/", fresh).status_code == 302


def test_a_bad_answer_gets_a_sentence_at_its_field_and_loses_nothing(people: Federation) -> None:
    dossier, lin = submitted(people), client_of(people, "lin")
    sent = {"key": "k1", "seen": dossier.seq, "story": "新的说明。", "account": "12"}
    page = lin.post(f"/cases/{dossier.pk}/amend/", sent).content.decode()
    assert "银行账号是 8 到 30 位数字" in page
    assert "新的说明。" in page


def test_one_more_thing_is_answered_with_words(people: Federation) -> None:
    dossier, lin = asked(people), client_of(people, "lin")
    page = lin.get(f"/cases/{dossier.pk}/answer/").content.decode()
    assert "请补一张缴费单。" in page
    answer = lin.post(
        f"/cases/{dossier.pk}/answer/",
        {"key": "k", "seen": dossier.seq, "words": "已经补了。", "story": "如下。"},
    )
    assert answer.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).state == State.OPEN


def test_an_empty_answer_is_asked_for_again(people: Federation) -> None:
    dossier, lin = asked(people), client_of(people, "lin")
    before = lin.get(f"/cases/{dossier.pk}/answer/").context["form"].initial["story"]
    answer = lin.post(
        f"/cases/{dossier.pk}/answer/",
        {"key": "k", "seen": dossier.seq, "words": "", "story": before},
    )
    assert "请写一句回答" in answer.content.decode()


def test_a_refusal_can_be_objected_to_once(people: Federation) -> None:
    dossier, lin = refused(people), client_of(people, "lin")
    assert "我不同意" in lin.get(f"/cases/{dossier.pk}/").content.decode()
    sent = {"key": "k", "seen": dossier.seq, "words": "单据都在。"}
    for _ in range(2):
        assert lin.post(f"/cases/{dossier.pk}/object/", sent).status_code == 302
    assert Objection.objects.filter(dossier=dossier).count() == 1


def test_the_decision_is_a_paper_with_reasons_and_the_way_to_object(people: Federation) -> None:
    dossier = refused(people)
    page = client_of(people, "lin").get(f"/cases/{dossier.pk}/decision/").content.decode()
    assert "材料对不上。" in page
    assert "15 个工作日内提出异议" in page
    assert client_of(people, "zhao").get(f"/cases/{dossier.pk}/decision/").status_code == 404


def test_a_closed_case_is_rated_once(people: Federation) -> None:
    dossier, lin = walk_dossier(submitted(people)), client_of(people, "lin")
    sent = {"key": "k", "level": "5", "words": "很快。"}
    for _ in range(2):
        assert lin.post(f"/cases/{dossier.pk}/rate/", sent).status_code == 302
    assert Rating.objects.get(dossier=dossier).level == 5
    assert "非常满意" not in lin.get(f"/cases/{dossier.pk}/").content.decode()


def test_a_deed_that_is_over_leads_back_with_a_word(people: Federation) -> None:
    dossier, lin = walk_dossier(submitted(people)), client_of(people, "lin")
    answer = lin.get(f"/cases/{dossier.pk}/withdraw/", follow=True)
    assert answer.redirect_chain == [(f"/cases/{dossier.pk}/", 302)]
    assert "已经不用再办了" in answer.content.decode()


def test_a_helped_application_is_confirmed_by_code(people: Federation) -> None:
    dossier = submitted(people, by="wang", applicant_id=people.account_id("lin"))
    lin = client_of(people, "lin")
    page = lin.get(f"/cases/{dossier.pk}/confirm/").content.decode()
    assert "填得对吗" in page
    answer = lin.post(f"/cases/{dossier.pk}/confirm/", {"key": "k", "code": "000000x"})
    assert "验证码不对" in answer.content.decode()
    assert lin.post(f"/cases/{dossier.pk}/code/").status_code == 302
    assert client_of(people, "zhao").post(f"/cases/{dossier.pk}/code/").status_code == 404


def test_an_appointment_goes_into_a_calendar_without_its_subject(people: Federation) -> None:
    definition = definition_of(
        step_of("meet", StepKind.ACKNOWLEDGEMENT), gives=Gives(kind=GivesKind.APPOINTMENT)
    )
    dossier = submitted(people, definition=definition)
    assert client_of(people, "lin").get(f"/cases/{dossier.pk}/appointment.ics").status_code == 404
    approve(dossier, handler_of(live_task(dossier)))
    event = client_of(people, "lin").get(f"/cases/{dossier.pk}/appointment.ics").content.decode()
    assert "DTSTART:" in event
    assert "职工服务中心 2 楼" in event
    assert "测试服务" not in event


def test_a_paper_sent_with_a_bad_answer_waits_in_the_form(people: Federation) -> None:
    definition = definition_of(
        step_of("review"),
        fields=[field_of("story"), field_of("people", FieldKind.WHOLE)],
        evidence=[evidence_of("bill", is_required=False)],
    )
    dossier, lin = submitted(people, definition=definition), client_of(people, "lin")
    sent = {"key": "k", "seen": dossier.seq, "story": "新", "people": "abc", "paper-bill": photo()}
    page = lin.post(f"/cases/{dossier.pk}/amend/", sent)
    kept = page.context["form"].papers[0].ids
    assert len(kept) == 1
    sent = {
        "key": "k",
        "seen": dossier.seq,
        "story": "新",
        "people": "3",
        "kept-bill": str(kept[0]),
    }
    assert lin.post(f"/cases/{dossier.pk}/amend/", sent).status_code == 302
    assert "Bill" in lin.get(f"/cases/{dossier.pk}/").content.decode()


def test_a_late_case_says_so_without_being_asked(people: Federation) -> None:
    dossier = submitted(people)
    task = live_task(dossier)
    task.due_at = clock.now() - dt.timedelta(days=1)
    task.save()
    assert "已经超时" in client_of(people, "lin").get(f"/cases/{dossier.pk}/").content.decode()


@pytest.mark.parametrize("page", ["cases/", "cases/{}/"])
def test_a_page_of_cases_needs_few_queries(
    people: Federation, page: str, django_assert_max_num_queries
) -> None:
    dossiers = [submitted(people) for _ in range(12)]
    lin = client_of(people, "lin")
    address = "/" + page.format(dossiers[0].pk)
    lin.get(address)
    with django_assert_max_num_queries(12):
        assert lin.get(address).status_code == 200


def test_outcome_words_are_kind(people: Federation) -> None:
    dossier = walk_dossier(submitted(people))
    assert dossier.outcome == Outcome.GRANTED
    assert "给您 500 元" in client_of(people, "lin").get("/cases/").content.decode()
