"""The law's numbers are those of the member's own place, on the day; an ended one is not known."""

from __future__ import annotations

import datetime as dt
import logging

import polars as pl
import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome
from lianxin.eligibility.selectors import answers, shelf
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

NOW = dt.datetime(2026, 10, 22, 2, tzinfo=dt.UTC)
FILES = yaml_files.DATA / "policies"
# 735 yuan a head in the city; Lin's county has 900 of its own since September.
COUNTY = """
parameters:
  living_standard_fen:
    values:
      - {region: JZ-JL, since: 2026-09-01, value: 90000, reference: notice of the county%s}
"""
FAMILY = {"household_income_fen": 4_800_000, "rigid_expense_fen": 960_000, "household_size": 4, "owns_second_home": False}  # fmt: skip


@pytest.fixture
def own(tmp_path, settings, monkeypatch):
    """An operator's own folder; what was read of another is forgotten."""
    settings.ELIGIBILITY_FOLDER = str(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def write(text=COUNTY % "", name="parameters.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        _forget()

    yield write
    settings.ELIGIBILITY_FOLDER = ""
    _forget()


def _forget():
    for each in (yaml_files.parameters, yaml_files.vocabulary, shelf.law_at):
        each.cache_clear()


def test_the_nearest_place_that_has_a_line_decides(own):
    own()
    standard = yaml_files.parameters()["living_standard_fen"]
    assert standard.at("JZ-JL-BC-001", NOW.date()) == 90_000
    assert standard.at("JZ-BH-JW-001", NOW.date()) == 73_500
    assert standard.at("JZ-JL-BC-001", dt.date(2026, 8, 31)) == 73_500
    assert standard.regions_below("JZ") == ["JZ-JL"]


def test_after_its_end_nothing_is_known_there(own):
    own(COUNTY % ", until: 2026-09-30")
    standard = yaml_files.parameters()["living_standard_fen"]
    assert standard.at("JZ-JL", dt.date(2026, 9, 30)) == 90_000
    assert standard.at("JZ-JL", dt.date(2026, 10, 1)) is None
    assert standard.at("JZ", dt.date(2026, 10, 1)) == 73_500


def test_a_line_of_ones_own_takes_the_place_of_one_that_is_shipped(own):
    own("parameters: {living_standard_fen: {values: [{region: JZ, since: 2025-09-01, value: 80000, reference: ours}]}}")  # fmt: skip
    assert yaml_files.parameters()["living_standard_fen"].at("JZ", NOW.date()) == 80_000
    own("parameters: {bus_fare_fen: {kind: money, label: {en: Bus fare, zh_Hans: 车费}, values: [{region: JZ, since: 2026-01-01, value: 200, reference: ours}]}}", "parameters/bus.yml")  # fmt: skip
    assert yaml_files.vocabulary()["bus_fare_fen"].is_parameter


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("parameters: {bus_fare_fen: {values: []}}", "say its kind"),
        ("parameters: {living_standard_fen: {kind: whole, values: []}}", "is a money"),
        ("parameters: [1]", "Expected"),
        ("parameters: {minimum_wage_fen: {values: [{region: JZ, since: 2026-01-01, until: 2025-01-01, value: 1, reference: x}]}}", "ends before"),
        ("a: [", ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(own, text, says):
    own(text)
    with pytest.raises(CommandError, match=rf"parameters\.yaml: .*{says}"):
        call_command("policy_check")
    found = [each.msg for each in run_checks() if each.id == "eligibility.E001"]
    assert len(found) == 1
    assert says in found[0]


def test_policies_of_ones_own_are_read_where_no_folder_is_named(own, tmp_path, capsys):
    own()
    assert yaml_files.policies_folder() == FILES
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "one.yaml").write_text((FILES / "women-check-2026.yaml").read_text())
    call_command("policy_check")
    assert "1 policies" in capsys.readouterr().out


@pytest.fixture
def made(db, own):
    own()
    policies, _findings = yaml_files.load_folder(FILES)
    services.policies_load(actor=Actor.system(), policies=[each for each in policies if each.code == "hardship-deep"])  # fmt: skip
    made = federation()
    for key in ("lin", "zhao"):
        for purpose in ("matching", "finance"):
            members.consent_give(actor=made.actor(key), purpose=purpose)
        for name, value in FAMILY.items():
            members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    return made


def standing():
    return set(Outcome.objects.filter(state="fits").values_list("member_id", flat=True))


def test_each_is_measured_by_her_own_countys_standard(made):
    """Lin in Jialing fits, Zhao in Binhe with the same family does not: alone, at once, in a table."""
    assert [each.asked(FAMILY | {"is_member": True}, "JZ-JL").outcome for each in shelf.in_force(NOW.date())] == ["yes"]  # fmt: skip
    for key in ("lin", "zhao"):
        services.outcomes_recompute(member_id=made.member_id(key))
    assert standing() == {made.member_id("lin")}
    Outcome.objects.all().delete()
    matching.match_go(run=matching.match_begin())
    assert standing() == {made.member_id("lin")}


def test_a_table_and_a_member_get_one_answer(made, tmp_path):
    pl.DataFrame([{"member_id": 1, "is_member": True, **FAMILY}]).write_parquet(tmp_path / "f.parquet")  # fmt: skip
    for region, fits in (("JZ-JL", True), ("JZ-BH", False)):
        out = tmp_path / region
        call_command("policies_match", facts=tmp_path / "f.parquet", policies=FILES, out=out, region=region, policy=["hardship-deep"], as_of=NOW.date())  # fmt: skip
        assert pl.read_parquet(out / "outcomes.parquet")["hardship-deep"].to_list() == [fits]


def test_where_the_standard_has_ended_a_pass_says_so_and_nobody_is_asked_for_it(made, own, caplog):
    own(COUNTY % ", until: 2026-09-30")
    said: list[str] = []
    Outcome.objects.all().delete()
    with caplog.at_level(logging.WARNING):
        matching.match_go(run=matching.match_begin(), say=said.append)
    line = "hardship-deep: living_standard_fen has no value on 2026-10-22 for JZ-JL: unknown there"
    assert line in said
    assert line in caplog.text
    assert not Outcome.objects.exists()
    services.outcomes_recompute(member_id=made.member_id("lin"))
    assert not Outcome.objects.exists()
    (found,) = answers.explain_for(made.member("lin"), actor_id=None)[0]
    assert found.answer.missing == ("living_standard_fen",)
