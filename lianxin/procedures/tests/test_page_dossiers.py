"""The officer's pages: Wang decides, Lin is led to her own page, Zhao and Ma find nothing."""

from __future__ import annotations

import pytest

from lianxin.audit.api import openings_of
from lianxin.kit import clock
from lianxin.members.testing import Federation
from lianxin.procedures import services
from lianxin.procedures.models import Appointment, Dossier, Entry
from lianxin.procedures.rules.definition import (
    Confidentiality,
    FieldKind,
    Gives,
    GivesKind,
    Routing,
    StepKind,
)
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.testing import (
    definition_of,
    dossier_at_step,
    evidence_of,
    field_of,
    live_task,
    step_of,
    submitted,
    walk_dossier,
)
from lianxin.procedures.tests.pages import client_of

pytestmark = pytest.mark.django_db
SEALED_STORY = [field_of("story", FieldKind.PARAGRAPH, is_sensitive=True)]


def desk(dossier: Dossier, tail: str = "") -> str:
    return f"/desk/dossiers/{dossier.pk}/{tail}"


def sent(dossier: Dossier, **given) -> dict[str, object]:
    return {"key": "k1", "seen": dossier.seq, **given}


def now(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_a_dossier_is_there_for_its_desk_and_nobody_else(people: Federation) -> None:
    dossier = submitted(people)
    assert client_of(people, "wang").get(desk(dossier)).status_code == 200
    assert client_of(people, "lin").get(desk(dossier))["Location"] == f"/cases/{dossier.pk}/"
    for outsider in ("zhao", "ma", "tang"):
        assert client_of(people, outsider).get(desk(dossier)).status_code == 404


@pytest.mark.parametrize(
    "tail", ["pass/", "ask/", "refuse/", "refer/", "recuse/", "take/", "open/"]
)
def test_nobody_outside_may_act(people: Federation, tail: str) -> None:
    dossier = submitted(people)
    for outsider in ("zhao", "ma"):
        answer = client_of(people, outsider).post(desk(dossier, tail), sent(dossier, words="x"))
        assert answer.status_code == 404
    assert Entry.objects.filter(dossier=dossier).count() == 1


def test_the_person_cannot_decide_her_own_case(people: Federation) -> None:
    dossier = submitted(people)
    client_of(people, "lin").post(desk(dossier, "pass/"), sent(dossier))
    assert now(dossier).step_index == 0


def test_wrong_verbs_are_refused(people: Federation) -> None:
    dossier, wang = submitted(people), client_of(people, "wang")
    assert wang.post(desk(dossier)).status_code == 405
    assert wang.get(desk(dossier, "take/")).status_code == 405
    assert wang.get(desk(dossier, "open/")).status_code == 405
    assert wang.get("/desk/dossiers/several/").status_code == 405
    assert wang.get(desk(dossier, "no-such-thing/")).status_code == 404


def test_passing_twice_passes_once(people: Federation) -> None:
    dossier, wang = submitted(people), client_of(people, "wang")
    for _ in range(2):
        answer = wang.post(desk(dossier, "pass/"), sent(dossier, opinion="属实。"))
        assert answer.status_code in {302, 404}  # the second tap: it lies on another desk by now
    assert Entry.objects.filter(dossier=dossier, verb="approve").count() == 1


def test_a_refusal_needs_its_reason(people: Federation) -> None:
    dossier, wang = submitted(people), client_of(people, "wang")
    page = wang.post(desk(dossier, "refuse/"), sent(dossier, words=" ")).content.decode()
    assert "还有 1 处" in page or "再看" in page
    assert (
        wang.post(desk(dossier, "refuse/"), sent(dossier, words="不在范围内。")).status_code == 302
    )
    assert now(dossier).outcome == Outcome.REFUSED


def test_asking_for_one_more_thing_stops_the_clock(people: Federation) -> None:
    definition = definition_of(step_of("review"), evidence=[evidence_of("bill", is_required=False)])
    dossier = submitted(people, definition=definition)
    wang = client_of(people, "wang")
    answer = wang.post(
        desk(dossier, "ask/"),
        sent(dossier, words="请补缴费单。", fields=["story"], evidence=["bill"]),
    )
    assert answer.status_code == 302
    assert now(dossier).state == State.WAITING
    assert "在等对方回复" in wang.get(desk(dossier)).content.decode()


def test_a_stale_page_keeps_what_was_typed_and_shows_how_it_stands(people: Federation) -> None:
    dossier, wang = submitted(people), client_of(people, "wang")
    services.dossier_amend(
        actor=people.actor("lin"), dossier_id=dossier.pk, answers={"story": "改了一处。"}, papers={},
        key="a", seen=None,
    )  # fmt: skip
    answer = wang.post(desk(dossier, "pass/"), sent(dossier, opinion="我刚去她家看过。"))
    page = answer.content.decode()
    assert "有了新变化" in page
    assert "我刚去她家看过。" in page
    assert "改了一处。" in page
    assert (
        wang.post(desk(dossier, "pass/"), sent(now(dossier), opinion="看过。")).status_code == 302
    )


def test_a_wrong_finding_gets_a_sentence_and_keeps_the_rest(people: Federation) -> None:
    step = step_of("visit", StepKind.VISIT, fields=[field_of("people", FieldKind.WHOLE)])
    dossier = submitted(people, definition=definition_of(step))
    page = client_of(people, "wang").post(
        desk(dossier, "pass/"), sent(dossier, people="三四个", opinion="都在家。")
    )
    assert "请用数字写整数" in page.content.decode()
    assert "三四个" in page.content.decode()
    assert "都在家。" in page.content.decode()


def test_sealed_parts_open_for_a_purpose_and_leave_a_trace(people: Federation) -> None:
    dossier = submitted(people, definition=definition_of(step_of("review"), fields=SEALED_STORY))
    wang = client_of(people, "wang")
    assert "情况如下。" not in wang.get(desk(dossier)).content.decode()
    assert openings_of(people.account_id("lin")).count() == 0
    page = wang.post(desk(dossier, "open/"), {"purpose": "dossier.check"})
    assert "情况如下。" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert openings_of(people.account_id("lin")).get().purpose == "dossier.check"
    seen = client_of(people, "lin").get("/me/looked/").content.decode()
    assert "核对您交的内容" in seen
    assert "王建国" in seen
    assert "情况如下。" not in wang.get(desk(dossier)).content.decode()


def test_sealed_parts_stay_shut_without_a_known_purpose(people: Federation) -> None:
    dossier = submitted(people, definition=definition_of(step_of("review"), fields=SEALED_STORY))
    answer = client_of(people, "wang").post(desk(dossier, "open/"), {"purpose": "curiosity"})
    assert answer.status_code == 302
    assert openings_of(people.account_id("lin")).count() == 0


def test_the_decider_names_the_sum_within_its_limit(people: Federation) -> None:
    definition = definition_of(
        step_of("decide", StepKind.DECISION), gives=Gives(kind=GivesKind.MONEY, max_fen=100_000)
    )
    dossier, wang = submitted(people, definition=definition), client_of(people, "wang")
    page = wang.post(desk(dossier, "pass/"), sent(dossier, amount_fen="2000"))
    assert "最多给" in page.content.decode()
    assert wang.post(desk(dossier, "pass/"), sent(dossier, amount_fen="800")).status_code == 302
    assert now(dossier).amount_fen == 80_000


def test_a_specialist_sets_an_appointment_and_the_own_officer_finds_nothing(
    people: Federation,
) -> None:
    definition = definition_of(
        step_of("meet", StepKind.ACKNOWLEDGEMENT, level="city", roles=["counsellor"]),
        routing=Routing.SPECIALIST,
        confidentiality=Confidentiality.SEALED,
        gives=Gives(kind=GivesKind.APPOINTMENT),
    )
    dossier = submitted(people, definition=definition)
    for kept_out in ("wang", "sun", "guo", "he"):
        assert client_of(people, kept_out).get(desk(dossier)).status_code == 404
    day = clock.today().replace(year=clock.today().year + 1)
    fang = client_of(people, "fang")
    answer = fang.post(
        desk(dossier, "pass/"),
        sent(dossier, meeting_on=day.isoformat(), meeting_at="10:30", place="2 楼小屋"),
    )
    assert answer.status_code == 302
    assert Appointment.objects.get(dossier=dossier).place == "2 楼小屋"


def test_handing_over_and_stepping_back_have_pages_of_their_own(people: Federation) -> None:
    dossier = dossier_at_step(people, "decide")
    chen = client_of(people, "chen")
    assert "郭敏" in chen.get(desk(dossier, "hand-over/")).content.decode()
    target = people.account_id("guo")
    assert (
        chen.post(desk(dossier, "hand-over/"), sent(dossier, target=str(target))).status_code == 302
    )
    assert live_task(dossier).assignee_id == target
    guo = client_of(people, "guo")
    assert guo.post(desk(dossier, "recuse/"), sent(now(dossier), words="是亲戚")).status_code == 302
    assert guo.get(desk(dossier)).status_code == 404


def test_taking_several_leaves_what_is_not_mine(people: Federation) -> None:
    mine, other = submitted(people), submitted(people, by="zhao")
    answer = client_of(people, "wang").post(
        "/desk/dossiers/several/",
        {"key": "k", "verb": "take", "dossier": [f"{mine.pk}:{mine.seq}", f"{other.pk}:1", "junk"]},
        follow=True,
    )
    assert live_task(mine).assignee_id == people.account_id("wang")
    assert live_task(other).assignee_id is None
    assert "有一件已经不在您这里了" in answer.content.decode()


def test_several_pass_where_the_step_asks_nothing(people: Federation) -> None:
    plain = submitted(people)
    visit = step_of("visit", StepKind.VISIT)
    asks = submitted(people, definition=definition_of(visit, step_of("decide", StepKind.DECISION)))
    ticked = [f"{one.pk}:{one.seq}" for one in (plain, asks)]
    client_of(people, "wang").post(
        "/desk/dossiers/several/", {"key": "k", "verb": "pass", "dossier": ticked}
    )
    assert (now(plain).step_index, now(asks).step_index) == (1, 0)


def test_a_bad_rating_is_put_right_and_the_person_reads_it(people: Federation) -> None:
    dossier = walk_dossier(submitted(people))
    services.dossier_rate(
        actor=people.actor("lin"), dossier_id=dossier.pk, level=1, key="r", words="等了太久。"
    )
    qian = client_of(people, "qian")
    assert str(dossier.pk) in qian.get("/desk/repairs/").content.decode()
    assert str(dossier.pk) not in client_of(people, "ma").get("/desk/repairs/").content.decode()
    assert "等了太久。" in qian.get(desk(dossier)).content.decode()
    assert (
        qian.post(desk(dossier, "repair/"), sent(dossier, words="已上门道歉。")).status_code == 302
    )
    assert "已上门道歉。" in client_of(people, "lin").get(f"/cases/{dossier.pk}/").content.decode()


def test_a_dossier_page_needs_few_queries(
    people: Federation, django_assert_max_num_queries
) -> None:
    dossiers = [submitted(people) for _ in range(12)]
    wang = client_of(people, "wang")
    wang.get(desk(dossiers[0]))
    with django_assert_max_num_queries(12):
        assert wang.get(desk(dossiers[0])).status_code == 200
