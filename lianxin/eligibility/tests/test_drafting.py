"""Writing a policy: what was typed stays, two who write notice each other, two people publish."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import EffectRun, MatchCount, PolicyDraft, PolicyVersion
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.selectors import drafts, effects, shelf
from lianxin.jobs.api import run_due
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.testing import stopped_clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor, Reach, Role
from lianxin.orgs.testing import post_make

pytestmark = pytest.mark.django_db(transaction=True)
NOON = dt.datetime(2026, 7, 22, 4, tzinfo=dt.UTC)
MONTHS = "AND insured_months >= 12"


@pytest.fixture
def hands():
    with stopped_clock(NOON) as found:
        yield found


@pytest.fixture
def made(hands):
    policies, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    chosen = [each for each in policies if each.code == "skill-subsidy"]
    services.policies_load(actor=Actor.system(), policies=chosen)
    town = federation()
    for key, months in (("lin", 40), ("zhao", 8), ("wang", None)):
        members.consent_give(actor=town.actor(key), purpose="matching")
        told = {
            "skill_level": "4",
            "certificate_on": dt.date(2026, 4, 10),
            "skill_subsidy_granted_for_it": False,
        }
        for name, value in (told | ({"insured_months": months} if months else {})).items():
            members.fact_save(actor=Actor.system(), member_id=town.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    run_due()
    return town


def begun(made, key="he"):
    return services.draft_begin(actor=made.actor(key), code="skill-subsidy", organisation_id=made.organisation("city").pk)  # fmt: skip


def saved(made, draft, key="he", **changes):
    draft.refresh_from_db()
    return services.draft_save(actor=made.actor(key), draft_id=draft.pk, revision=draft.revision, changes=changes)  # fmt: skip


def looser(made, key="he"):
    """A draft that asks for six months instead of twelve."""
    draft = begun(made, key)
    rule = draft.typed["rule"].replace(MONTHS, "AND insured_months >= 6")
    assert rule != draft.typed["rule"]
    return saved(made, draft, key, rule=rule)


def last(draft):
    effect = drafts.last_effect(draft)
    assert effect is not None
    return effect


def read(draft):
    policy = drafts.read(draft).policy
    assert policy is not None
    return policy


def counted(made, draft, *keys):
    services.effect_begin(actor=made.actor(keys[0]), draft_id=draft.pk)
    run_due()
    effect = last(draft)
    for key in keys:
        services.effect_show(actor=made.actor(key), run=effect)
    effect.refresh_from_db()
    return effect


def submitted(made, key="he"):
    draft = looser(made, key)
    counted(made, draft, key)
    draft.refresh_from_db()
    return services.draft_submit(actor=made.actor(key), draft_id=draft.pk, revision=draft.revision, reason="六个月就够了")  # fmt: skip


def second(made):
    """Another chair of the city."""
    post_make(made.account("xu"), made.organisation("city"), Role.CHAIR, Reach.BELOW)
    return made.actor("xu")


def test_what_is_wrong_is_kept_and_named(made):
    draft = saved(made, begun(made), rule="insured_monts >= 6", valid_from="2026-13-40")
    found = drafts.read(draft)
    assert draft.typed["valid_from"] == "2026-13-40"
    assert not found.is_right
    (rule,) = [each for each in found.problems if each.path == "rule"]
    assert rule.pointed.splitlines()[1].startswith("^" * len("insured_monts"))
    assert any(each.path == "valid_from" for each in found.problems)


def test_a_draft_goes_on_from_what_is_in_force_and_is_begun_once(made):
    draft = begun(made)
    assert draft.base.code == "skill-subsidy"
    assert drafts.read(draft).is_right
    assert begun(made).pk == draft.pk
    assert [each.is_right for each in drafts.tried(read(draft))] == [True] * 3


def test_two_who_write_at_once_notice_each_other(made):
    draft = begun(made)
    saved(made, draft, helps={"en": "One", "zh_Hans": "一"})
    with pytest.raises(StaleError):
        services.draft_save(actor=made.actor("he"), draft_id=draft.pk, revision=1, changes={"helps": {"en": "Two", "zh_Hans": "二"}})  # fmt: skip
    draft.refresh_from_db()
    assert draft.typed["helps"]["zh_Hans"] == "一"


@pytest.mark.parametrize("key", ["lin", "wang", "zhao", "guo"])
def test_nobody_else_writes_the_policies_of_the_city(made, key):
    with pytest.raises(ForbiddenError):
        begun(made, key)
    draft = begun(made)
    for act in (services.draft_drop, services.effect_begin, services.draft_withdraw):
        with pytest.raises(ForbiddenError):
            act(actor=made.actor(key), draft_id=draft.pk)


def test_the_effect_says_who_gains_against_what_is_in_force(made):
    draft = looser(made)
    effect = counted(made, draft, "he")
    assert effect.state == "done"
    assert effect.counts["total"] == {
        "people": 3,
        "yes": 2,
        "no": 0,
        "unknown": 1,
        "gains": 1,
        "loses": 0,
    }
    assert effect.counts["missing"] == {"insured_months": 1}
    assert drafts.fresh_effect(draft, drafts.read(draft).policy) == effect
    draft = saved(made, draft, rule="is_member")
    assert drafts.fresh_effect(draft, drafts.read(draft).policy) is None


def test_the_effect_knows_what_the_draft_yields_to(made):
    """Lin and the two others are asked about a policy all of them fit, which the draft excludes."""
    draft = looser(made)
    plain = msgspec.to_builtins(read(draft)) | {"code": "other", "rule": "is_member", "excludes": [], "papers": []}  # fmt: skip
    plain["conditions"] = plain["conditions"][:1]
    services.policies_load(actor=Actor.system(), policies=[msgspec.convert(plain, Policy)])
    draft = saved(made, draft, excludes=["other"])
    total = counted(made, draft, "he").counts["total"]
    assert (total["yes"], total["no"], total["unknown"], total["loses"]) == (0, 3, 0, 1)


def other(made, draft, **changes):
    """A policy all three fit, which the draft excludes."""
    plain = msgspec.to_builtins(read(draft)) | {"code": "other", "rule": "is_member", "excludes": [], "papers": [], **changes}  # fmt: skip
    plain["conditions"] = plain["conditions"][:1]
    return msgspec.convert(plain, Policy)


def test_the_effect_neither_reads_nor_yields_to_what_somebody_refused(made, monkeypatch):
    draft = looser(made)
    held = other(made, draft, purpose="hardship", granted_on="diploma_on")
    services.policies_load(actor=Actor.system(), policies=[held])
    services.look_refuse(actor=made.actor("lin"), purpose="hardship")
    read_of = {}
    whole = members.facts_of_many

    def noted(people, allowed):
        read_of.update(allowed)
        return whole(people, allowed)

    monkeypatch.setattr(members, "facts_of_many", noted)
    draft = saved(made, draft, excludes=["other"])
    total = counted(made, draft, "he").counts["total"]
    assert (total["yes"], total["no"], total["loses"]) == (1, 2, 0)
    assert "diploma_on" not in read_of[made.member_id("lin")]
    assert "diploma_on" in read_of[made.member_id("zhao")]


def test_who_refused_the_kind_a_policy_was_of_gains_by_its_becoming_another(made):
    services.look_refuse(actor=made.actor("lin"), purpose="skills")
    draft = saved(made, looser(made), purpose="hardship")
    total = counted(made, draft, "he").counts["total"]
    assert (total["yes"], total["gains"]) == (2, 2)


def test_the_effect_asks_what_holds_in_the_place_of_each(made):
    """What the draft excludes fits nobody where the county of Lin and Wang says so of its own."""
    draft = looser(made)
    held, stricter = other(made, draft), other(made, draft, region="JZ-JL", rule="NOT is_member")
    services.policies_load(actor=Actor.system(), policies=[held, stricter])
    draft = saved(made, draft, excludes=["other"])
    total = counted(made, draft, "he").counts["total"]
    assert (total["yes"], total["no"], total["unknown"]) == (1, 1, 1)


def test_the_effect_counts_nobody_where_a_nearer_version_holds(made):
    draft = looser(made)
    nearer = msgspec.structs.replace(read(draft), region="JZ-JL")
    services.policies_load(actor=Actor.system(), policies=[nearer])
    run = counted(made, draft, "he")
    assert (run.total, run.counts["total"]["people"], run.counts["total"]["gains"]) == (1, 1, 1)


def test_the_first_text_of_a_county_is_measured_against_what_holds_there_so_far(made):
    whole = msgspec.to_builtins(read(begun(made)))
    own = services.draft_begin(actor=made.actor("guo"), code="skill-subsidy", organisation_id=made.organisation("jialing").pk)  # fmt: skip
    draft = saved(made, own, "guo", **{key: value for key, value in whole.items() if key not in {"code", "region", "version"}})  # fmt: skip
    run = counted(made, draft, "guo")
    assert run.base == PolicyVersion.objects.get(region="JZ")
    assert {key: run.counts["total"][key] for key in ("people", "yes", "gains", "loses")} == {"people": 2, "yes": 1, "gains": 0, "loses": 0}  # fmt: skip
    assert drafts.fresh_effect(draft, read(draft)) == run
    with translation.override("zh-hans"):
        shown = render_to_string("eligibility/_effect_part.html", {"run": run, "table": effects.table_of(run)})  # fmt: skip
    assert "上级地区第 1 版" in shown


def test_a_count_goes_on_where_it_was_cut_off_and_can_be_stopped(made, monkeypatch):
    monkeypatch.setattr("lianxin.eligibility.services.effect.BATCH", 1)
    draft = looser(made)
    run = services.effect_begin(actor=made.actor("he"), draft_id=draft.pk)
    assert services.effect_begin(actor=made.actor("he"), draft_id=draft.pk).pk == run.pk
    assert services.effect_step(run_id=run.pk)
    run.refresh_from_db()
    assert (run.seen, run.total, run.state) == (1, 3, "running")
    run_due()
    run.refresh_from_db()
    assert (run.seen, run.state) == (3, "done")
    again = services.effect_begin(actor=made.actor("he"), draft_id=draft.pk)
    services.effect_cancel(actor=made.actor("he"), draft_id=draft.pk)
    services.effect_cancel(actor=made.actor("he"), draft_id=draft.pk)
    run_due()
    again.refresh_from_db()
    assert again.state == "cancelled"
    assert not services.effect_step(run_id=uuid.uuid4())


def test_what_the_last_pass_counted_of_the_version_in_force_is_there_at_once(made):
    MatchCount.objects.all().delete()
    draft = looser(made)
    assert effects.standing_of(draft) is None
    counts = {str(draft.base_id): [30, 10]}
    row = MatchCount.objects.create(organisation=draft.organisation, counts=counts, people=200, as_of=NOON.date())  # fmt: skip
    found = effects.standing_of(draft)
    assert found is not None
    assert (found.version, found.fits, found.people) == (1, 30, 200)
    row.counts = {str(draft.base_id): None}
    row.save()
    found = effects.standing_of(draft)
    assert found is not None
    assert found.fits is None


def test_nothing_is_handed_in_before_its_effect_was_seen(made):
    draft = looser(made)
    with pytest.raises(RefusedError):
        services.draft_submit(actor=made.actor("he"), draft_id=draft.pk, revision=draft.revision, reason="x")  # fmt: skip
    saved(made, draft, rule="is_member AND")
    with pytest.raises(RefusedError):
        services.effect_begin(actor=made.actor("he"), draft_id=draft.pk)


def test_nobody_publishes_what_she_wrote(made):
    draft = submitted(made)
    with pytest.raises(ForbiddenError):
        services.draft_publish(actor=made.actor("he"), draft_id=draft.pk, revision=draft.revision, starts_on=clock.today())  # fmt: skip
    with pytest.raises(ForbiddenError):
        services.draft_return(actor=made.actor("guo"), draft_id=draft.pk, words="x")


def test_the_second_person_sees_the_effect_and_publishes_once(made):
    draft, xu = submitted(made), second(made)
    publish = lambda: services.draft_publish(actor=xu, draft_id=draft.pk, revision=draft.revision, starts_on=clock.today())  # noqa: E731  # fmt: skip
    with pytest.raises(RefusedError):
        publish()
    services.effect_show(actor=xu, run=last(draft))
    version = publish()
    assert publish() == version
    assert (version.version, version.is_current) == (2, True)
    assert PolicyVersion.objects.filter(code="skill-subsidy", is_current=True).count() == 1
    run_due()
    assert shelf.one_in_force("skill-subsidy", clock.today(), "JZ-BH").policy.version == 2


def test_a_version_of_a_later_day_takes_over_on_that_day(made, hands):
    draft, xu = submitted(made), second(made)
    services.effect_show(actor=xu, run=last(draft))
    with pytest.raises(RefusedError):
        services.draft_publish(actor=xu, draft_id=draft.pk, revision=draft.revision, starts_on=dt.date(2026, 7, 1))  # fmt: skip
    services.draft_publish(actor=xu, draft_id=draft.pk, revision=draft.revision, starts_on=dt.date(2026, 8, 1))  # fmt: skip
    run_due()
    assert shelf.one_in_force("skill-subsidy", clock.today()).policy.version == 1
    hands.move(days=10)
    run_due()
    assert shelf.one_in_force("skill-subsidy", clock.today()).policy.version == 2
    assert shelf.version_then("skill-subsidy", "JZ-JL", dt.date(2026, 7, 23)).version == 1
    assert shelf.version_then("skill-subsidy", "JZ-JL", dt.date(2026, 8, 1)).version == 2
    assert shelf.version_then("skill-subsidy", "JZ-JL", dt.date(2026, 7, 1)) is None


def test_a_returned_draft_is_open_again_with_words(made):
    draft, xu = submitted(made), second(made)
    services.draft_return(actor=xu, draft_id=draft.pk, words="请补上依据")
    services.draft_return(actor=xu, draft_id=draft.pk, words="请补上依据")
    draft.refresh_from_db()
    assert (draft.state, draft.returned_words) == ("open", "请补上依据")
    services.draft_drop(actor=made.actor("he"), draft_id=draft.pk)
    assert PolicyDraft.objects.get().state == "dropped"
    assert EffectRun.objects.count() == 1
