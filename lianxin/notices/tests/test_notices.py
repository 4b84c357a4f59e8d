"""The life of a public notice: shown, found, objected to, taken down."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.jobs import api as jobs
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.testing import stopped_clock
from lianxin.kit.text import Bilingual
from lianxin.members.testing import federation
from lianxin.notices import api, selectors
from lianxin.notices.models import Notice, NoticeLine

TITLE = Bilingual(en="Hardship grants", zh_Hans="困难帮扶")
OTHER = Bilingual(en="School help", zh_Hans="金秋助学")
MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return federation()


def _publish(town, who="lin", title=TITLE):
    return api.notice_publish(
        actor_id=None,
        organisation_id=town.organisation("jialing").pk,
        title=title,
        object_kind="dossier",
        object_id=uuid.uuid4(),
        working_days=5,
        line=api.NoticeLineDraft(
            subject_id=town.account_id(who),
            name=town.member(who).name,
            organisation_id=town.organisation("yangtze").pk,
            amount_fen=300_000,
        ),
    )


def test_cases_of_one_day_share_one_list_and_show_no_full_name(town, client):
    first, second = _publish(town), _publish(town, "wang")
    assert first.pk == second.pk
    page = client.get(reverse("notices:notice_page", args=[first.pk])).content.decode()
    assert "林**" in page
    assert "林晓梅" not in page
    assert town.member("lin").phone_index not in page


def test_a_small_union_is_shown_under_the_one_above_it(town):
    notice = _publish(town)
    assert NoticeLine.objects.get(notice=notice).organisation_name == "嘉州市总工会"


def test_a_repeat_publishes_nothing_new(town):
    object_id = uuid.uuid4()
    draft = api.NoticeLineDraft(subject_id=None, name="林晓梅")
    for _ in range(2):
        api.notice_publish(
            actor_id=None,
            organisation_id=town.organisation("city").pk,
            title=TITLE,
            object_kind="dossier",
            object_id=object_id,
            line=draft,
            working_days=5,
        )
    assert NoticeLine.objects.filter(object_id=object_id).count() == 1


def test_a_notice_runs_its_working_days_and_is_taken_down_once(town, client):
    with stopped_clock(MONDAY) as clock:
        notice = _publish(town)
        address = reverse("notices:notice_page", args=[notice.pk])
        clock.move(days=6)
        jobs.run_due()
        assert client.get(address).status_code == 200
        clock.move(days=2)
        jobs.run_due()
        jobs.run_due()
        gone = client.get(address)
    assert gone.status_code == 410
    assert "林**" not in gone.content.decode()
    assert Notice.objects.get().ended_at is not None


def test_the_receipt_finds_its_own_line_and_no_other(town, client):
    notice = _publish(town)
    _publish(town, "wang")
    line = NoticeLine.objects.get(subject_id=town.account_id("lin"))
    receipt = api.receipt_of(line.pk)
    found = selectors.line_by_receipt(notice.pk, f" {receipt.lower()} ")
    assert found is not None
    assert found.pk == line.pk
    answer = client.post(
        reverse("notices:notice_find", args=[notice.pk]), {"receipt": "AAAA-BBBB-CCCC"}
    )
    assert "回执码" in answer.content.decode()


def test_an_objection_needs_a_real_name(town):
    line = _publish(town).lines.get()
    with pytest.raises(ForbiddenError):
        api.objection_lodge(
            actor=town.actor("tang"), line_id=line.pk, words="不实", key=uuid.uuid4()
        )


def test_an_objection_is_kept_once_and_answered_once(town):
    line, key = _publish(town).lines.get(), uuid.uuid4()
    one = api.objection_lodge(
        actor=town.actor("zhao"), line_id=line.pk, words="他不住这里", key=key
    )
    two = api.objection_lodge(
        actor=town.actor("zhao"), line_id=line.pk, words="他不住这里", key=key
    )
    assert one.pk == two.pk
    assert api.open_objections("dossier", line.object_id) == 1
    chair = town.actor("guo")
    api.objection_settle(actor=chair, objection_id=one.pk, is_upheld=False, answer="已入户核实")
    api.objection_settle(actor=chair, objection_id=one.pk, is_upheld=False, answer="已入户核实")
    with pytest.raises(StaleError):
        api.objection_settle(actor=chair, objection_id=one.pk, is_upheld=True, answer="成立")
    assert api.open_objections("dossier", line.object_id) == 0


def test_only_the_publishing_line_answers_an_objection(town):
    line = _publish(town).lines.get()
    made = api.objection_lodge(
        actor=town.actor("zhao"), line_id=line.pk, words="不实", key=uuid.uuid4()
    )
    for outsider in ("wang", "ma", "zhao", "fang"):
        with pytest.raises(ForbiddenError):
            api.objection_settle(
                actor=town.actor(outsider), objection_id=made.pk, is_upheld=True, answer="x"
            )


def test_an_officer_does_not_learn_who_objected_to_her_own_line(town, client):
    mine, other = _publish(town, "guo").lines.get(), _publish(town, title=OTHER).lines.get()
    made = [
        api.objection_lodge(
            actor=town.actor("zhao"), line_id=line.pk, words="不实", key=uuid.uuid4()
        )
        for line in (mine, other)
    ]
    sign_in(client, town.account("guo"), second_factor=True)
    page = client.get(reverse("notices:objection_list"))
    assert [row.pk for row in page.context["page"].rows] == [made[1].pk]
    assert client.get(reverse("notices:objection_page", args=[made[0].pk])).status_code == 404


def test_an_objection_without_words_says_so(town):
    line = _publish(town).lines.get()
    with pytest.raises(RefusedError) as refusal:
        api.objection_lodge(
            actor=town.actor("zhao"), line_id=line.pk, words=" \u200b ", key=uuid.uuid4()
        )
    assert refusal.value.field == "words"


def test_three_people_at_the_desk_of_objections(town, client):
    line = _publish(town).lines.get()
    made = api.objection_lodge(
        actor=town.actor("zhao"), line_id=line.pk, words="不实", key=uuid.uuid4()
    )
    address = reverse("notices:objection_page", args=[made.pk])
    sign_in(client, town.account("lin"))
    assert client.get(address).status_code == 403
    sign_in(client, town.account("ma"), second_factor=True)
    assert client.get(address).status_code == 404
    sign_in(client, town.account("guo"), second_factor=True)
    assert "不实" in client.get(address).content.decode()
    sent = client.post(address, {"outcome": "dismissed", "answer": "已核实"})
    assert sent.status_code == 302
    sign_in(client, town.account("zhao"))
    assert (
        "已核实" in client.get(reverse("notices:objection_mine", args=[made.pk])).content.decode()
    )
    sign_in(client, town.account("lin"))
    assert client.get(reverse("notices:objection_mine", args=[made.pk])).status_code == 404


def test_the_list_of_notices_stays_within_its_queries(town, client, django_assert_max_num_queries):
    for n in range(8):
        _publish(town, title=Bilingual(en=f"List {n}", zh_Hans=f"公示 {n}"))
    with django_assert_max_num_queries(8):
        assert client.get(reverse("notices:notice_list")).status_code == 200
