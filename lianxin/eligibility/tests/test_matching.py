"""A pass over everybody finds for each person what a look at her alone finds."""

from __future__ import annotations

import datetime as dt
import functools
import json
import random
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lianxin.audit.api import AuditRow
from lianxin.eligibility import conf, services
from lianxin.eligibility.adapters import workspace as workspaces
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import (
    MatchCount,
    MatchPartition,
    MatchRun,
    Outcome,
    PolicyVersion,
    Refusal,
)
from lianxin.eligibility.selectors.dictionary import purposes as kinds_of_help
from lianxin.eligibility.services import matching
from lianxin.eligibility.services.matching import running
from lianxin.jobs.testing import run_periodic, settle
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.members import api as members
from lianxin.members.api import Consent, Fact, Member
from lianxin.members.testing import federation, member_make
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
CODES = ("hardship-deep", "school-aid", "skill-subsidy")
CERTIFICATE = {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40,
               "skill_subsidy_granted_for_it": False}  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load()
    return federation()


@functools.cache
def samples():
    return yaml_files.load_folder(yaml_files.DATA / "policies")[0]


def load(*codes):
    chosen = [each for each in samples() if not codes or each.code in codes]
    services.policies_load(actor=Actor.system(), policies=chosen)


def tell(member, **facts):
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=member.pk, name=name, value=value, source="dossier")  # fmt: skip


def agree(made, key, *purposes):
    for purpose in purposes:
        members.consent_give(actor=made.actor(key), purpose=purpose, guardian_name="林秀英")


def go(**asked):
    return matching.match_go(run=matching.match_begin(**asked), size=20)


@pytest.fixture
def later(monkeypatch):
    """Let an hour pass: what was told before the pass began is settled."""
    return lambda: monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=1))


def standing():
    rows = Outcome.objects.values_list("member_id", "policy__code", "state", "condition", "missing", "told_at")  # fmt: skip
    return {(*row[:5], row[5] is not None) for row in rows}


# -- People as they come: full of gaps ------------------------------------------------------


def crowd(made, chance, count=60):
    """Members with accounts in all unions, of whom things were told, forgotten, agreed to, refused."""
    unions = list(made.organisations.values())
    for serial in range(500, 500 + count):
        account = type(made.account("lin")).objects.create(display_name=f"匠{serial}")
        member = member_make(f"匠{serial}", chance.choice(unions), serial=serial, account=account)
        Member.objects.filter(pk=member.pk).update(
            state=chance.choice(["in_force", "in_force", "in_force", "retained", "ended"]),
            updated_at=NOW - dt.timedelta(days=3),
            sex=chance.choice("0129"),
            birth_on=chance.choice([None, dt.date(1960, 2, 29), dt.date(1999, 7, 22)]),
        )
        _facts(member, chance)
        _consents(account, chance)
        for purpose in kinds_of_help():
            if chance.random() < 0.1:
                Refusal.objects.create(member=member, purpose=purpose)


def _facts(member, chance):
    told = _examples(chance)
    for name, value in told.items():
        entry = members.fact_entry(name)
        if (
            entry is None
            or entry.column in {"sex", "birth_on", "joined_on"}
            or chance.random() < 0.15
        ):
            continue
        row = Fact(
            member=member, name=name, source="dossier", recorded_at=NOW - dt.timedelta(days=9)
        )
        row.expires_on = chance.choice([None, None, dt.date(2026, 7, 22), dt.date(2026, 7, 21)])
        stored = value.isoformat() if isinstance(value, dt.date) else value
        if entry.is_sensitive:
            row.sealed_value = json.dumps(stored)
        else:
            row.value = stored
        row.save()


def _examples(chance):
    """What people of some policies' own examples say, by the names of the roll's facts."""
    known = yaml_files.vocabulary()
    told: dict[str, Any] = {}
    for policy in chance.sample(samples(), 12):
        told |= chance.choice(policy.examples).facts
    days = {name for name in told if known[name].kind == "date"}
    wild = {name: chance.choice([10**14, -1, "?"]) for name in told if name not in days and chance.random() < 0.03}  # fmt: skip
    told |= {name: dt.date.fromisoformat(told[name]) for name in days} | wild
    origins = {name: entry.origin for name, entry in yaml_files.facts().items()}
    found = {origins[name]: value for name, value in told.items() if origins.get(name)}
    return found | {name: chance.choice(values) for name, values in BESIDE.items() if chance.random() < 0.3}  # fmt: skip


# What rules know without asking for it: grants, children, an education, the end of a contract.
BESIDE: dict[str, list[Any]] = {
    "education_subsidy_granted_on": [dt.date(2020, 5, 1)],
    "skill_subsidy_granted_on": [dt.date(2026, 6, 1), dt.date(2020, 6, 1)],
    "school_aid_granted_on": [dt.date(2026, 1, 1), dt.date(2025, 12, 31)],
    "children": [
        [{"stage": "university"}],
        [{"stage": "senior", "birth_on": "2010-07-22"}],
        [{}],
        [],
    ],
    "education": ["bachelor", "senior"],
    "contract_until": [dt.date(2026, 7, 21), dt.date(2027, 7, 21)],
}


def _consents(account, chance):
    for purpose, entry in members.purposes().items():
        if chance.random() < (0.9 if purpose == "matching" else 0.6):
            wording = entry.version if chance.random() < 0.9 else "2020-01"
            gone = NOW - dt.timedelta(days=1) if chance.random() < 0.05 else None
            Consent.objects.create(account=account, purpose=purpose, wording=wording, withdrawn_at=gone, given_at=NOW - dt.timedelta(days=9))  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_at_once_comes_out_as_each_alone(made, seed):
    """Some seconds: sixty people are looked at twice, one by one."""
    chance = random.Random(seed)  # noqa: S311  (tests need repeatable chance)
    crowd(made, chance)
    for member in Member.objects.all():
        services.outcomes_recompute(member_id=member.pk)
    alone = standing()
    letters = {pk: len(letters_to(pk)) for pk in Member.objects.exclude(account=None).values_list("account_id", flat=True)}  # fmt: skip
    assert {"fits", "nearly"} <= {row[2] for row in alone}
    again = go()
    assert standing() == alone
    assert again.changed == 0
    Outcome.objects.all().delete()
    first = go()
    assert standing() == alone
    assert first.changed == len(alone)
    after = {pk: len(letters_to(pk)) for pk in letters}
    assert after == letters


def test_a_stale_table_is_mended(made, later):
    """Rows that should not stand go, rows that changed change, rows of those who left go."""
    agree(made, "lin", "matching", "finance")
    tell(made.member("lin"), **CERTIFICATE)
    later()
    go()
    before = standing()
    assert any(row[1] == "skill-subsidy" and row[2] == "fits" for row in before)
    other = PolicyVersion.objects.get(code="school-aid")
    Outcome.objects.create(member=made.member("lin"), policy=other, state="fits", as_of=NOW)
    Outcome.objects.create(member=made.member("zhao"), policy=other, state="fits", as_of=NOW)
    Outcome.objects.filter(policy__code="skill-subsidy").update(condition="level", state="nearly")
    assert go().changed == 2  # zhao never agreed: her row goes with the partition
    assert standing() == before


# -- Cut off, repeated, cancelled -----------------------------------------------------------


def test_a_run_cut_off_goes_on_and_ends_as_one_that_was_not(made, monkeypatch):
    crowd(made, random.Random(5), 40)  # noqa: S311  (repeatable)
    go()
    wanted, counts = standing(), list(MatchCount.objects.order_by("organisation").values_list("counts", "people"))  # fmt: skip
    assert wanted
    Outcome.objects.all().delete()
    MatchCount.objects.all().delete()
    whole, seen = running.outcomes_write, []

    def cut_off(people, kept, scope):
        seen.append(people)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return whole(people, kept, scope)

    monkeypatch.setattr(running, "outcomes_write", cut_off)
    run = matching.match_begin()
    with pytest.raises(KeyboardInterrupt):
        matching.match_go(run=run, size=7)
    assert not list(conf.workspace().iterdir())
    monkeypatch.setattr(running, "outcomes_write", whole)
    with pytest.raises(RefusedError):
        matching.match_begin()
    MatchRun.objects.update(beat_at=NOW - dt.timedelta(minutes=5))
    assert matching.match_begin().pk == run.pk
    ended = matching.match_go(run=run, size=7)
    assert (ended.state, ended.done) == ("done", ended.partitions)
    assert standing() == wanted
    assert list(MatchCount.objects.order_by("organisation").values_list("counts", "people")) == counts  # fmt: skip


def test_a_cancelled_run_stops_at_its_next_step(made):
    agree(made, "lin", "matching")
    tell(made.member("lin"), **CERTIFICATE)
    run = matching.match_begin()

    def cancel(line):
        matching.match_cancel(run_id=run.pk)

    with pytest.raises(matching.MatchStoppedError):
        matching.match_go(run=run, say=cancel)
    assert not Outcome.objects.exists()
    assert not matching.match_cancel(run_id=run.pk)


def test_a_run_of_yesterday_is_not_gone_on_with(made, monkeypatch):
    old = matching.match_begin()
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=1))
    new = matching.match_begin()
    assert new.pk != old.pk
    old.refresh_from_db()
    assert old.state == "cancelled"


def test_a_policy_and_a_union_may_be_asked_alone(made, later):
    for key in ("lin", "zhao"):
        agree(made, key, "matching", "finance")
        tell(made.member(key), **CERTIFICATE)
    later()
    run = go(codes=["skill-subsidy"], organisation=made.member("lin").organisation)
    assert run.people == 1
    assert {(row[0], row[1]) for row in standing()} == {(made.member_id("lin"), "skill-subsidy")}
    assert not MatchCount.objects.exists()
    with pytest.raises(RefusedError):
        matching.match_begin(codes=["no-such-policy"])


def test_another_day_is_only_counted(made):
    agree(made, "lin", "matching")
    tell(made.member("lin"), **CERTIFICATE)
    run = go(as_of=dt.date(2026, 8, 1))
    assert run.state == "done"
    assert run.people == 1
    assert not Outcome.objects.exists()
    assert not letters_to(made.account_id("lin"))


def test_what_changes_while_the_pass_looks_is_looked_at_once_more(made, monkeypatch, later):
    agree(made, "lin", "matching")
    member = made.member("lin")
    Fact.objects.filter(member=member).delete()
    tell(member, **CERTIFICATE)
    later()
    whole = running.export

    def told_meanwhile(*asked):
        made_file = whole(*asked)
        tell(member, insured_months=3)
        return made_file

    monkeypatch.setattr(running, "export", told_meanwhile)
    go()
    assert not any(row[1] == "skill-subsidy" for row in standing())


# -- What the export leaves behind ----------------------------------------------------------


def test_the_export_is_sealed_short_lived_and_leaves_one_line(made, monkeypatch):
    agree(made, "lin", "matching", "finance")
    tell(made.member("lin"), household_income_fen=3_840_000, **CERTIFICATE)
    seen: list[Any] = []
    whole = running.outcomes_write

    def looked(*args):
        seen.extend(path for path in conf.workspace().rglob("*") if path.is_file())
        return whole(*args)

    take = workspaces.Workspace.take

    def opened(self, name):
        sealed = (self.folder / name).read_bytes()
        assert b"PAR1" not in sealed
        assert (self.folder / name).stat().st_mode & 0o777 == 0o600
        assert self.folder.stat().st_mode & 0o777 == 0o700
        data = take(self, name)
        assert data[:4] == b"PAR1"
        assert str(made.member_id("lin")).encode() not in data
        assert made.member_id("lin").bytes not in data
        assert "林".encode() not in data
        return data

    monkeypatch.setattr(workspaces.Workspace, "take", opened)
    monkeypatch.setattr(running, "outcomes_write", looked)
    run = go()
    assert [path.name for path in seen] == [".held"]  # an opened file is gone before it is used
    assert not list(conf.workspace().iterdir())
    lines = AuditRow.objects.filter(action="eligibility.facts_exported")
    assert lines.count() == run.partitions == MatchPartition.objects.filter(run=run).count()
    assert "household_income_fen" in lines[0].detail["facts"]
    assert lines[0].purpose == "matching"


def test_a_file_opens_only_under_its_own_name_in_its_own_run(tmp_path):
    with workspaces.Workspace(tmp_path, "one") as one, workspaces.Workspace(tmp_path, "two") as two:
        one.keep("a", b"facts")
        (two.folder / "a").write_bytes((one.folder / "a").read_bytes())
        (one.folder / "b").write_bytes((one.folder / "a").read_bytes())
        for place, name in ((two, "a"), (one, "b")):
            with pytest.raises(Exception):  # noqa: B017, PT011  (InvalidTag has no words)
                place.take(name)
        assert one.take("a") == b"facts"
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_left_is_cleared_away_and_the_living_stay(tmp_path):
    dead = tmp_path / "dead-1234"
    dead.mkdir()
    (dead / ".held").touch()
    (dead / "000000-000000").write_bytes(b"noise")
    with workspaces.Workspace(tmp_path, "alive") as alive:
        assert workspaces.reap(tmp_path) == 1
        assert list(tmp_path.iterdir()) == [alive.folder]
    assert workspaces.reap(tmp_path / "nowhere") == 0


def test_the_nightly_round_is_one_pass(made, later):
    agree(made, "lin", "matching")
    tell(made.member("lin"), **CERTIFICATE)
    later()
    run_periodic("eligibility.recompute_nightly")
    settle()
    assert set(MatchRun.objects.values_list("state", flat=True)) == {"done"}
    assert any(row[1] == "skill-subsidy" for row in standing())


def test_the_command_asks_about_all_members(made, capsys):
    agree(made, "lin", "matching")
    tell(made.member("lin"), **CERTIFICATE)
    call_command("policies_match", policy=["skill-subsidy"])
    said = capsys.readouterr()
    assert "skill-subsidy: kept back" in said.out
    assert "1 people" in said.out
    assert "exported" in said.err
    for wrong in ({"policy": ["x"]}, {"organisation": "nowhere"}, {"run": uuid.uuid4()}, {"engine": "spark", "master": "sc://x"}, {"facts": "x"}):  # fmt: skip
        with pytest.raises(CommandError):
            call_command("policies_match", **wrong)
    runs = MatchRun.objects.count()
    table: dict[str, Any] = {"facts": "f", "policies": "p", "out": "o"}
    misplaced: list[dict[str, Any]] = [
        {"policies": "p", "out": "o"}, {"region": "JZ"}, {"out": "o"}, {"run": uuid.uuid4(), "policy": ["x"]},
        {"cancel": uuid.uuid4(), "organisation": "JZ"}, {"cancel": uuid.uuid4(), "run": uuid.uuid4()},
        {**table, "organisation": "JZ"}, {**table, "run": uuid.uuid4()}, {**table, "cancel": uuid.uuid4()},
    ]  # fmt: skip
    for unheard in misplaced:
        with pytest.raises(CommandError, match="--"):
            call_command("policies_match", **unheard)
    assert MatchRun.objects.count() == runs
    call_command("policies_match", cancel=MatchRun.objects.get().pk)
    assert "no such run" in capsys.readouterr().out
