"""What does not go together: what was granted decides, then what fits; nobody is told two things."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import random
from typing import Any

import msgspec
import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services, testing
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import MatchCount, Outcome, PolicyVersion, Refusal
from lianxin.eligibility.rules.excluding import Bond, Ruled, bound_with, plan_of, settle
from lianxin.eligibility.rules.policy import Policy, digest_of, problems
from lianxin.eligibility.selectors import answers, replay, shelf, showing
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
DAY = NOW.date()
FILES = yaml_files.DATA / "policies"
# Four people with large bills: both tiers fit, by income alone.
FAMILY = {"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 4, "owns_second_home": False}  # fmt: skip


def plan(**excludes: str):
    return plan_of(
        {
            code: Bond(code, tuple(others.split()), tells_granted=True)
            for code, others in excludes.items()
        }
    )


def ruled(made, fits: str, granted: str = ""):
    found = settle(
        made, {each: each in fits.split() for each in "abcd"}, granted.split().__contains__
    )
    return {at: (each.why, each.by) for at, each in found.items()}


def test_who_excludes_yields_to_what_fits():
    assert ruled(plan(a="b", b="", c="", d=""), "a b") == {"a": ("gets", "b")}
    assert ruled(plan(a="b", b="", c="", d=""), "a") == {}


def test_two_that_exclude_each_other_both_stay_as_a_choice():
    made = plan(a="b", b="a", c="", d="")
    assert ruled(made, "a b") == {}
    assert made.choices == {"a": ("b",), "b": ("a",)}


def test_a_ring_is_a_choice_as_well():
    made = plan(a="b", b="c", c="a", d="")
    assert ruled(made, "a b c") == {}
    assert set(made.choices["a"]) == {"b", "c"}


def test_what_was_granted_rules_out_what_excludes_it():
    made = plan(a="b", b="a", c="", d="")
    assert ruled(made, "a b", granted="b") == {"a": ("has", "b")}
    assert ruled(made, "a", granted="b") == {"a": ("has", "b")}


def test_one_yields_only_to_what_itself_stands():
    made = plan(a="b", b="c", c="", d="")
    assert ruled(made, "a b c") == {"b": ("gets", "c")}
    assert ruled(made, "a b") == {"a": ("gets", "b")}


def test_what_is_given_once_is_not_given_again():
    bonds = {"a": Bond("a", (), is_once=True, tells_granted=True)}
    assert settle(plan_of(bonds), {"a": True}, lambda _each: True) == {"a": Ruled("had", "a")}
    assert settle(plan_of(bonds), {"a": True}, lambda _each: False) == {}


def test_one_that_is_not_in_force_takes_nothing():
    bonds = {"a": Bond("a", ("b",)), "b": Bond("b", tells_granted=True, holds=False)}
    assert settle(plan_of(bonds), {"a": True, "b": True}, lambda _each: True) == {}


edges = st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=8, max_size=8)


@given(edges, st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)), st.integers(0, 7))
def test_a_few_with_all_they_exclude_come_out_as_among_all(lines, fits, granted, asked):
    bonds = {
        at: Bond(str(at), tuple(map(str, others)), at % 3 == 0, at % 2 == 0)
        for at, others in enumerate(lines)
    }
    whole = settle(plan_of(bonds), {at: at in fits for at in bonds}, granted.__contains__)
    few = bound_with([asked], bonds)
    part = settle(
        plan_of({at: bonds[at] for at in few}), {at: at in fits for at in few}, granted.__contains__
    )
    assert part.get(asked) == whole.get(asked)
    for each in whole.values():  # nobody yields to what does not stand
        assert each.why != "gets" or each.by not in whole


def test_the_made_rules_exclude_each_other_in_every_way():
    """Else the engines would agree on nothing."""
    made = testing.batch(1, 40, 200)
    found = made.plan
    assert len(found.levels) > 1
    assert found.choices
    assert found.granted
    plain = testing.by_closure(testing.Batch(made.as_of, made.rules, made.people, {}, {}))
    pairs = zip(itertools.chain(*testing.by_closure(made)), itertools.chain(*plain), strict=True)
    assert sum(one is not other for one, other in pairs) > 200


# -- Policy files ---------------------------------------------------------------------------


def file_of(folder, code, **changes: Any):
    """Write a policy as its own author would, by changing one that is shipped."""
    policy, _findings = yaml_files.load(FILES / "women-check-2026.yaml")
    plain = {**msgspec.to_builtins(policy), "code": code, "is_sample": True, **changes}
    (folder / f"{code}.yaml").write_text(yaml_files.to_text(plain))
    return msgspec.convert(plain, Policy)


def test_a_code_nobody_knows_is_refused(tmp_path, capsys):
    file_of(tmp_path, "one", excludes=["two", "one", "women-check", "wedding-visits"])
    with pytest.raises(CommandError):
        call_command("policy_check", tmp_path)
    said = capsys.readouterr().err
    assert "excludes[0]: There is no policy two." in said
    assert "excludes[1]: A policy does not exclude itself" in said
    assert "Did you mean wedding-visit?" in said
    assert "excludes[2]" not in said
    file_of(tmp_path, "two")
    file_of(tmp_path, "one", excludes=["two"])
    call_command("policy_check", tmp_path / "one.yaml")


def test_what_tells_of_a_grant_must_be_a_day_or_a_condition():
    known, law = yaml_files.vocabulary(), yaml_files.parameters()
    policy, _findings = yaml_files.load(FILES / "skill-subsidy-2026.yaml")
    assert policy is not None
    wrong = {"granted_on": "insured_months"}, {"granted_on": "no_such"}, {"granted": "hardship_tier ="}, {"granted": "insured_months"}  # fmt: skip
    for each in wrong:
        found = list(problems(msgspec.structs.replace(policy, **each), known, law))
        assert {problem.path for problem in found} == set(each)
    assert not list(problems(msgspec.structs.replace(policy, granted_on="diploma_on"), known, law))


def test_a_version_taken_in_before_keeps_its_name():
    """What a file may say since then changes nothing of a text that does not say it."""
    policy, _findings = yaml_files.load(FILES / "skill-subsidy-2026.yaml")
    assert policy is not None
    plain = msgspec.to_builtins(policy)
    assert "granted_on" in plain
    as_it_was = msgspec.json.encode({key: value for key, value in plain.items() if key not in {"granted", "granted_on"}}, order="sorted")  # fmt: skip
    assert digest_of(policy) == hashlib.sha256(as_it_was).hexdigest()
    assert digest_of(policy) != digest_of(msgspec.structs.replace(policy, granted_on="diploma_on"))


@pytest.mark.parametrize(
    ("once", "on", "outcome"),
    [
        ("life", dt.date(2019, 5, 1), "no"), ("life", None, "yes"), ("year", dt.date(2026, 1, 1), "no"),
        ("year", dt.date(2025, 12, 31), "yes"), ("", dt.date(2026, 5, 1), "yes"), ("life", dt.date(2026, 7, 23), "yes"),
    ],
)  # fmt: skip
def test_what_was_granted_counts_for_its_span(tmp_path, once, on, outcome):
    policy = file_of(tmp_path, "one", once=once, rule="is_member", conditions=_member(), granted_on="diploma_on")  # fmt: skip
    ready = shelf.ready_of(PolicyVersion().pk, policy, DAY)
    found = ready.asked({"is_member": True, "diploma_on": on})
    assert (found.outcome, found.is_had) == (outcome, outcome == "no")


def _member():
    policy, _findings = yaml_files.load(FILES / "women-check-2026.yaml")
    assert policy is not None
    return [msgspec.to_builtins(policy.conditions[0])]


# -- One person -----------------------------------------------------------------------------


@pytest.fixture
def made(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("en"):
        yield federation()


def load(*policies):
    services.policies_load(actor=Actor.system(), policies=policies)


def shipped(*codes):
    policies, _findings = yaml_files.load_folder(FILES)
    return [each for each in policies if each.code in codes]


def tell(made, key="lin", **facts):
    for purpose in ("matching", "finance"):
        members.consent_give(actor=made.actor(key), purpose=purpose)
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    services.outcomes_recompute(member_id=made.member_id(key))


def fitting(made, key="lin"):
    rows = Outcome.objects.filter(member=made.member(key), state="fits")
    return set(rows.values_list("policy__code", flat=True))


def asked(made, code):
    member = made.member("lin")
    found, _knowledge = answers.explain_for(member, actor_id=None)
    return next(each for each in found if each.ready.policy.code == code)


def test_a_family_gets_the_deeper_help_not_both(made):
    load(*shipped("hardship-deep", "hardship-relative"))
    tell(made, **FAMILY)
    assert fitting(made) == {"hardship-deep"}
    found = asked(made, "hardship-relative")
    assert found.answer.outcome == "no"
    assert found.amount_fen is None
    assert "“Support for families in deep hardship” instead" in showing.yields(found)


def test_what_is_on_file_rules_out_what_excludes_it(made):
    load(*shipped("hardship-deep", "hardship-relative"))
    tell(made, **{**FAMILY, "household_income_fen": 6_000_000}, hardship_tier="deep")
    assert fitting(made) == set()
    found = asked(made, "hardship-relative")
    assert found.ruled is not None
    assert "You have “Support for families in deep hardship”" in showing.yields(found)


def pair(tmp_path, **changes: Any):
    one = file_of(
        tmp_path, "one", excludes=["two"], rule="is_member", conditions=_member(), **changes
    )
    two = file_of(tmp_path, "two", excludes=["one"], rule="is_member", conditions=_member(), granted_on="diploma_on", once="life")  # fmt: skip
    return one, two


def test_of_two_that_exclude_each_other_the_person_chooses(made, tmp_path, client):
    load(*pair(tmp_path))
    tell(made, insured_months=1)
    assert fitting(made) == {"one", "two"}
    title = str(asked(made, "two").ready.policy.title)
    assert title in showing.choices(asked(made, "one"))
    sign_in(client, made.account("lin"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/policies/one/").content.decode()
    assert "you choose" in page
    assert 'href="/policies/two/"' in page
    assert client.get("/found/").content.decode().count("you choose") == 2


def test_a_grant_settles_the_choice_and_says_when(made, tmp_path, client):
    load(*pair(tmp_path))
    tell(made, diploma_on=dt.date(2026, 3, 5))
    assert fitting(made) == set()
    sign_in(client, made.account("lin"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    one, two = (client.get(f"/policies/{code}/").content.decode() for code in ("one", "two"))
    assert "the two do not go together" in one
    assert "You had it on" in two
    assert "5" in two.partition("You had it on")[2][:20]
    assert "Apply; what we know" not in one + two
    PolicyVersion.objects.update(loaded_at=NOW)
    assert "You had it on" in client.get("/policies/two/then/?day=2026-07-22").content.decode()


def test_to_what_she_does_not_want_nothing_yields(made, tmp_path):
    """One by one and all at once, also where the other is another kind of help."""
    one = file_of(tmp_path, "one", excludes=["two"], rule="is_member", conditions=_member(), purpose="hardship")  # fmt: skip
    two = file_of(tmp_path, "two", rule="is_member", conditions=_member(), purpose="skills")
    load(one, two)
    tell(made, insured_months=1)
    assert fitting(made) == {"two"}
    services.look_refuse(actor=made.actor("lin"), purpose="skills")
    services.outcomes_recompute(member_id=made.member_id("lin"))
    assert fitting(made) == {"one"}
    matching.match_go(run=matching.match_begin())
    assert fitting(made) == {"one"}


def test_on_no_page_anything_yields_to_what_she_does_not_want(made, tmp_path, client, monkeypatch):
    """Her page, the check, an objection, and looking back; and what only that asks for is not read."""
    one = file_of(tmp_path, "one", excludes=["two"], rule="is_member", conditions=_member(), purpose="hardship")  # fmt: skip
    two = file_of(tmp_path, "two", rule="is_member", conditions=_member(), purpose="skills", granted_on="diploma_on", excludes=["three"])  # fmt: skip
    three = file_of(tmp_path, "three", rule="is_member", conditions=_member(), purpose="health", granted_on="certificate_on", once="")  # fmt: skip
    load(one, two, three)
    tell(made, diploma_on=dt.date(2026, 3, 5), certificate_on=dt.date(2026, 4, 10))
    member, me = made.member("lin"), made.account_id("lin")
    ready = shelf.one_shown("one", DAY, member.organisation.code)
    assert ready is not None
    assert answers.outcome_now(member, ready, actor_id=me) == "no"
    services.look_refuse(actor=made.actor("lin"), purpose="skills")
    PolicyVersion.objects.update(loaded_at=NOW - dt.timedelta(days=3))
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=2))
    read = []
    whole = answers.knowledge_of

    def noted(member, **asked):
        read.extend(asked["names"])
        return whole(member, **asked)

    monkeypatch.setattr(answers, "knowledge_of", noted)
    assert answers.outcome_now(member, ready, actor_id=me) == "yes"
    sign_in(client, made.account("lin"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "do not go together" not in client.get("/policies/one/").content.decode()
    assert not {"diploma_on", "certificate_on"} & set(read)
    fits = client.get("/check/").context["fits"]
    assert {card.code for card in fits} == {"one", "three"}
    assert "diploma_on" not in read
    for refused_at, outcome in ((NOW + dt.timedelta(days=1), "no"), (NOW, "yes")):
        Refusal.objects.update(created_at=refused_at)
        found = replay.replay_of(member, "one", DAY, actor_id=me, purpose="x")
        assert found is not None
        assert found.now is not None
        assert (found.then.answer.outcome, found.now.answer.outcome) == (outcome, "yes")
    Refusal.objects.update(created_at=NOW + dt.timedelta(days=1))
    page = client.get("/policies/one/then/?day=2026-07-22").content.decode()
    assert "taken back since is not known" in page


def test_a_pass_over_one_policy_knows_what_it_excludes(made, tmp_path, monkeypatch):
    load(*shipped("hardship-deep", "hardship-relative"))
    tell(made, **FAMILY)
    Outcome.objects.all().delete()
    members.Consent.objects.update(given_at=NOW)
    members.Fact.objects.update(recorded_at=NOW)
    members.Member.objects.update(updated_at=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=1))
    run = matching.match_go(run=matching.match_begin(codes=["hardship-relative"]))
    assert fitting(made) == set()
    assert [line.partition(":")[0] for line in matching.counts_told(run)] == ["hardship-relative"]
    matching.match_go(run=matching.match_begin())
    assert fitting(made) == {"hardship-deep"}
    assert MatchCount.objects.exists()


# -- A table --------------------------------------------------------------------------------


def test_a_table_of_people_comes_out_as_each_alone(tmp_path):
    chance = random.Random(3)  # noqa: S311  (repeatable)
    rows = [
        {"member_id": at, "is_member": True, "household_size": chance.choice([2, 4, None]), "owns_second_home": False,
         "household_income_fen": chance.choice([2_000_000, 5_000_000, 9_000_000]), "rigid_expense_fen": 100_000,
         "hardship_tier": chance.choice([None, "none", "deep", "relative"])}
        for at in range(200)
    ]  # fmt: skip
    pl.DataFrame(rows).write_parquet(tmp_path / "facts.parquet")
    out = tmp_path / "out"
    call_command("policies_match", facts=tmp_path / "facts.parquet", policies=FILES, out=out, as_of=DAY, policy=["hardship-relative"])  # fmt: skip
    found = pl.read_parquet(out / "outcomes.parquet")
    assert found.columns == ["member_id", "hardship-deep", "hardship-relative"]
    ready = [shelf.ready_of(PolicyVersion().pk, each, DAY) for each in shipped("hardship-deep", "hardship-relative")]  # fmt: skip
    made = plan_of({each.id: shelf.bond_of(each.policy) for each in ready})
    said = {"yes": True, "no": False, "unknown": None}
    for row, got in zip(rows, found.rows(), strict=True):
        alone = answers.together(ready, row, made, "JZ")
        assert got[1:] == tuple(said[each.answer.outcome] for each in alone)
    assert any(row[1] and row[2] is False for row in found.rows())
