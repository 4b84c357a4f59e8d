"""A wrong policy is ended today, by two people: from that moment it fits nobody."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.eligibility import services
from lianxin.eligibility.models import Outcome, PolicyEnding, PolicyVersion
from lianxin.eligibility.selectors import drafts, shelf, showcase
from lianxin.eligibility.tests.test_drafting import hands, made, second
from lianxin.jobs.api import run_due
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

__all__ = ["hands", "made"]
pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "“满 12 个月”写成了“满 1 个月”。"


def page(made):
    return "/desk/policies/of/skill-subsidy/JZ/"


def asked(made, key="he"):
    return services.end_ask(actor=made.actor(key), version_id=PolicyVersion.objects.get().pk, reason=WORDS)  # fmt: skip


def ended(made, key):
    return services.version_end(actor=made.actor(key), version_id=PolicyVersion.objects.get().pk)


def test_one_asks_another_ends_and_it_fits_nobody_any_more(made, hands):
    hands.move(days=2)
    second(made)
    other = "xu"
    assert Outcome.objects.exists()
    for _tap in range(2):
        asked(made)
    assert PolicyEnding.objects.count() == 1
    with pytest.raises(ForbiddenError):
        ended(made, "he")
    for _tap in range(2):
        ended(made, other)
    assert not Outcome.objects.exists()
    assert shelf.in_force(clock.today()) == []
    assert shelf.version_then(
        "skill-subsidy", "JZ-JL", dt.date(2026, 7, 22)
    ).version  # as it held then
    run_due()
    assert not Outcome.objects.exists()
    text = Client().get("/policies/skill-subsidy/").content.decode()
    assert "已经结束" in text
    actions = AuditRow.objects.filter(action__in=["eligibility.end_asked", "eligibility.policy_ended"])  # fmt: skip
    assert actions.count() == 2


def test_it_is_let_stand_and_needs_words(made):
    second(made)
    other = "xu"
    with pytest.raises(RefusedError):
        services.end_ask(actor=made.actor("he"), version_id=PolicyVersion.objects.get().pk, reason=" ")  # fmt: skip
    asked(made)
    services.version_keep(actor=made.actor(other), version_id=PolicyVersion.objects.get().pk)
    assert not PolicyEnding.objects.exists()
    with pytest.raises(StaleError):
        ended(made, other)
    assert Outcome.objects.exists()


def test_one_ended_before_its_first_day_is_listed_no_more_and_replaces_none(made, hands):
    second(made)
    first = PolicyVersion.objects.get()
    policy, starts = shelf.policy_of(first), clock.today() + dt.timedelta(days=5)
    later = msgspec.structs.replace(policy, version=2, valid_from=starts)
    other = msgspec.structs.replace(later, code="other", version=1)
    services.policies_load(actor=Actor.system(), policies=[later, other])
    assert "other" in listed()
    for version in PolicyVersion.objects.exclude(pk=first.pk):
        services.end_ask(actor=made.actor("he"), version_id=version.pk, reason=WORDS)
        services.version_end(actor=made.actor("xu"), version_id=version.pk)
    assert "other" not in listed()
    assert shelf.one_shown("other", clock.today(), "JZ") is None
    states = {line.version.code: line.state for line in drafts.shelf_lines()}
    assert states == {"skill-subsidy": "in_force", "other": "over"}
    hands.move(days=6)
    services.versions_turn()
    run_due()
    assert [each.id for each in shelf.in_force(clock.today())] == [first.pk]
    assert shelf.version_then("skill-subsidy", "JZ-JL", clock.today()) == first
    assert listed() == {"skill-subsidy"}


def listed():
    return {
        line.code for kind in showcase.kinds_of_help(clock.today(), "JZ") for line in kind.lines
    }


@pytest.mark.parametrize("key", ["lin", "wang", "zhao", "guo"])
def test_nobody_else_asks_or_ends(made, key):
    with pytest.raises(ForbiddenError):
        asked(made, key)
    asked(made)
    with pytest.raises(ForbiddenError):
        ended(made, key)
    client = Client()
    sign_in(client, made.account(key))
    version = PolicyVersion.objects.get()
    assert client.post(f"/desk/policies/versions/{version.pk}/end/", {"end": "1"}).status_code in {403, 404}  # fmt: skip
    assert client.get(f"/desk/policies/versions/{version.pk}/end/").status_code in {403, 405}
    version.refresh_from_db()
    assert version.valid_until is None


def test_the_page_leads_both_through_it(made):
    second(made)
    other, version = "xu", PolicyVersion.objects.get()
    he, chair = Client(), Client()
    sign_in(he, made.account("he"))
    sign_in(chair, made.account(other))
    door = f"/desk/policies/versions/{version.pk}/end/"
    assert door in he.get(page(made)).content.decode()
    he.post(door, {"reason": WORDS})
    assert 'name="end"' not in he.get(page(made)).content.decode()
    assert [each.kind for each in letters_to(made.account_id(other))].count("eligibility.ending") == 1  # fmt: skip
    text = chair.get(page(made)).content.decode()
    assert WORDS in text
    assert 'name="end"' in text
    assert chair.post(door, {"end": "1"}).status_code == 302
    assert "两个人停止" in chair.get(page(made)).content.decode()
