"""“This is wrong for me”, answered by a person; and why it came out so on that day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import openings_of
from lianxin.eligibility import services
from lianxin.eligibility.models import Objection, PolicyVersion
from lianxin.eligibility.selectors.replay import replay_of
from lianxin.eligibility.tests.test_drafting import hands, made
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.members import api as members
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

__all__ = ["hands", "made"]
pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "证书其实是三级，系统里写成四级了。"
DAY = dt.date(2026, 7, 22)


def as_(made, key):
    client = Client()
    if key:
        sign_in(client, made.account(key))
    return client


def lodged(made, key="lin"):
    policy = PolicyVersion.objects.get()
    return services.objection_lodge(actor=made.actor(key), policy_id=policy.pk, outcome="yes", words=WORDS)  # fmt: skip


def told(made, key, **facts):
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip


def test_an_objection_goes_to_the_district_with_a_day(made):
    found = lodged(made)
    assert lodged(made) == found
    assert found.organisation == made.organisation("jialing")
    assert found.due_at.date() == dt.date(2026, 7, 29)
    assert [each.kind for each in letters_to(made.account_id("guo"))] == ["eligibility.objection"]
    assert WORDS not in str(list(Objection.objects.values()))


@pytest.mark.parametrize("key", ["", "lin", "wang", "zhao", "ma", "sun"])
def test_nobody_else_reads_or_answers_it(made, key):
    found = lodged(made)
    client = as_(made, key)
    page = f"/desk/policies/objections/{found.pk}/"
    assert client.get(page).status_code in {302, 403, 404}
    assert client.post(page, {"outcome": "upheld", "answer": "x"}).status_code in {302, 403, 404}
    listed = client.get("/desk/policies/objections/")
    assert str(found.pk) not in listed.content.decode()
    if key != "lin":
        assert client.get(f"/found/objections/{found.pk}/").status_code in {302, 404}
    if key:
        with pytest.raises(ForbiddenError):
            services.objection_answer(actor=made.actor(key), objection_id=found.pk, is_upheld=True, answer="x")  # fmt: skip


def test_lin_objects_and_a_person_answers_with_reasons(made):
    lin, guo = as_(made, "lin"), as_(made, "guo")
    assert "这个结果对我不对" in lin.get("/policies/skill-subsidy/").content.decode()
    assert lin.post("/policies/skill-subsidy/object/", {"words": " "}).status_code == 200
    for _tap in range(2):
        assert lin.post("/policies/skill-subsidy/object/", {"words": WORDS}).status_code == 302
    found = Objection.objects.get()
    assert found.outcome == "yes"
    own = f"/found/objections/{found.pk}/"
    assert "嘉岭区总工会" in lin.get(own).content.decode()
    assert "技能提升补贴" in guo.get("/desk/policies/objections/").content.decode()
    page = f"/desk/policies/objections/{found.pk}/"
    assert WORDS in guo.get(page).content.decode()
    assert guo.post(page, {"outcome": "upheld", "answer": ""}).status_code == 200
    assert (
        guo.post(page, {"outcome": "upheld", "answer": "您说得对，我们已更正。"})["Location"]
        == page
    )
    assert f"/desk/members/{found.member_id}/" in guo.get(page).content.decode()
    text = lin.get(own).content.decode()
    assert "您说得对，我们已更正。" in text
    assert str(found.pk) not in guo.get("/desk/policies/objections/").content.decode()
    assert "eligibility.objection" in {row.purpose for row in openings_of(made.account_id("lin"))}


def test_it_is_answered_once(made):
    found = lodged(made)
    answer = lambda is_upheld: services.objection_answer(actor=made.actor("guo"), objection_id=found.pk, is_upheld=is_upheld, answer="看过了")  # noqa: E731  # fmt: skip
    assert answer(True).state == answer(True).state == "upheld"
    with pytest.raises(StaleError):
        answer(False)


def test_those_above_learn_of_an_objection_left_too_long_once(made, hands):
    lodged(made)
    assert services.objections_remind() == 0
    hands.move(days=8)
    assert services.objections_remind() == services.objections_remind() == 1
    assert [each.kind for each in letters_to(made.account_id("he"))] == ["eligibility.objection"]


def test_somebody_without_an_entry_on_the_roll_calls_instead(made):
    with pytest.raises(ForbiddenError):
        lodged(made, "tang")
    with pytest.raises(RefusedError):
        services.objection_lodge(actor=made.actor("lin"), policy_id=made.account_id("lin"), outcome="no", words="x")  # fmt: skip


def test_she_takes_it_along_and_it_goes_with_her(made):
    lodged(made)
    person = Person(account_id=made.account_id("lin"), member_id=made.member_id("lin"))
    part = next(each for each in privacy_export if "eligibility.Objection" in each.tables)
    assert part.read(person)["objections"][0]["words"] == WORDS
    next(each for each in privacy_erase if "eligibility.Objection" in each.tables).erase(person)
    assert not Objection.objects.exists()


def test_a_day_gone_by_is_shown_as_it_was_known_then(made, hands):
    hands.move(days=3)
    told(made, "lin", insured_months=3)
    hands.move(days=3)
    member, lin = made.member("lin"), made.account_id("lin")
    then = replay_of(member, "skill-subsidy", DAY, actor_id=lin, purpose="eligibility.replay")
    assert then.then.answer.outcome == "yes"
    assert then.now.answer.outcome == "no"
    assert [(each.before, each.after) for each in then.changes] == [("40", "3")]
    assert then.was_looked_for
    now = replay_of(member, "skill-subsidy", dt.date(2026, 7, 26), actor_id=lin, purpose="eligibility.replay")  # fmt: skip
    assert (now.then.answer.outcome, now.changes) == ("no", [])
    assert replay_of(member, "skill-subsidy", dt.date(2026, 7, 1), actor_id=lin, purpose="eligibility.replay") is None  # fmt: skip


def test_a_consent_of_today_opens_nothing_of_a_day_before_it(made, hands):
    zhou = made.member("zhou")
    found = replay_of(zhou, "skill-subsidy", DAY, actor_id=made.account_id("zhou"), purpose="eligibility.replay")  # fmt: skip
    assert not found.was_looked_for


def test_lin_looks_back_for_herself(made):
    lin = as_(made, "lin")
    assert "2026" in lin.get("/policies/skill-subsidy/then/").content.decode()
    text = lin.get("/policies/skill-subsidy/then/?day=2026-07-22").content.decode()
    assert "第 1 版" in text
    assert "还没到" in lin.get("/policies/skill-subsidy/then/?day=2027-01-01").content.decode()
    assert lin.get("/policies/skill-subsidy/then/?day=soon").status_code == 200
    assert as_(made, "tang").get("/policies/skill-subsidy/then/").status_code == 404
    assert as_(made, "").get("/policies/skill-subsidy/then/").status_code == 302


def test_an_officer_looks_back_with_her_purpose_and_lin_sees_it(made):
    page = f"/desk/policies/then/{made.member_id('lin')}/"
    guo = as_(made, "guo")
    assert guo.get(page).status_code == 200
    assert guo.post(page, {"code": "skill-subsidy", "day": "2026-07-22"}).status_code == 200
    assert not [
        row for row in openings_of(made.account_id("lin")) if row.purpose == "eligibility.replay"
    ]
    answer = guo.post(page, {"code": "skill-subsidy", "day": "2026-07-22", "purpose": "eligibility.replay"})  # fmt: skip
    assert "第 1 版" in answer.content.decode()
    assert [
        row for row in openings_of(made.account_id("lin")) if row.purpose == "eligibility.replay"
    ]
    assert "解释一项政策的结果" in as_(made, "lin").get("/me/looked/").content.decode()
    for key in ("", "lin", "zhao", "ma"):
        assert as_(made, key).get(page).status_code in {302, 403, 404}, key
    with pytest.raises(ForbiddenError):
        services.replay_note(actor=made.actor("ma"), member=made.member("lin"), code="x", day=DAY, purpose="x")  # fmt: skip
