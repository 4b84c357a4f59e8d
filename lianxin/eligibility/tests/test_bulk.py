"""A whole table of people at once: what a run leaves, and that it can be cut off and repeated."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lianxin.eligibility.adapters import bulk, parquet_footer, polars_match, yaml_files

DAY = dt.date(2026, 7, 22)
PEOPLE = [
    # member, income, expense, household, second home, file, school, private, had
    (1, True, 3_840_000, 1_420_000, 4, False, "deep", "university", False, False),
    (2, True, 7_680_000, 1_420_000, 4, False, "none", "primary", False, False),
    (3, True, 3_840_000, None, 4, False, "relative", None, False, False),
    (4, None, None, None, None, None, None, None, None, None),
    (5, True, 3_840_000, 1_420_000, 4, True, None, "primary", None, None),
]
NAMES = ["member_id", "is_member", "household_income_fen", "rigid_expense_fen", "household_size", "owns_second_home",
         "hardship_tier", "child_schooling", "child_school_is_private_high_fee", "school_aid_granted_this_year"]  # fmt: skip


def table(path, people=PEOPLE, **types: Any):
    frame = pl.DataFrame(people, schema=NAMES, orient="row")
    casts = [pl.col(name).cast(dtype) for name, dtype in types.items()]
    frame.with_columns(casts).write_parquet(path, row_group_size=2)
    return path


def matched(tmp_path, facts, as_of=DAY):
    out = tmp_path / "out"
    call_command("policies_match", facts=facts, policies=yaml_files.DATA / "policies", out=out, as_of=as_of,
                 policy=["hardship-deep", "school-aid", "skill-subsidy"], stdout=sys.stderr)  # fmt: skip
    counts = json.loads((out / "counts.json").read_text())
    return pl.read_parquet(out / "outcomes.parquet"), pl.read_parquet(out / "pairs.parquet"), counts


def test_a_run_leaves_outcomes_pairs_and_counts(tmp_path):
    outcomes, pairs, counts = matched(tmp_path, table(tmp_path / "facts.parquet"))
    assert outcomes.columns == ["member_id", "hardship-deep", "school-aid", "skill-subsidy"]
    assert outcomes["member_id"].to_list() == [1, 2, 3, 4, 5]
    assert outcomes["hardship-deep"].to_list() == [True, False, None, None, False]
    assert outcomes["school-aid"].to_list() == [True, False, None, None, False]
    assert pairs.cast({"policy": pl.String}).sort("policy").rows() == [
        (1, "hardship-deep"),
        (1, "school-aid"),
    ]
    assert counts["policies"]["hardship-deep"] == {
        "yes": 1, "no": 2, "unknown": 2, "is_in_force": True
    }  # fmt: skip
    assert counts["people"] == 5


def test_a_fact_without_a_column_is_unknown_for_everybody(tmp_path, capsys):
    outcomes, _pairs, counts = matched(tmp_path, table(tmp_path / "facts.parquet"))
    assert outcomes["skill-subsidy"].to_list() == [None] * 5
    assert "certificate_on" in counts["absent"]
    assert "unknown for everybody: certificate_level" in capsys.readouterr().err


def cut_off_at(number, order, monkeypatch):
    """Let a run break off as a partition begins; return the partitions a second run reckons."""
    whole = polars_match.run_partition
    ran = []

    def cut_off(plan, partition):
        if partition.number == number:
            raise KeyboardInterrupt
        return whole(plan, partition)

    def noted(plan, partition):
        ran.append(partition.number)
        return whole(plan, partition)

    monkeypatch.setattr(polars_match, "run_partition", cut_off)
    with pytest.raises(KeyboardInterrupt):
        polars_match.match(order, rows=2)
    monkeypatch.setattr(polars_match, "run_partition", noted)
    return ran


def test_a_run_cut_off_goes_on_with_the_other_partitions(tmp_path, monkeypatch):
    order = ordered(tmp_path)
    ran = cut_off_at(2, order, monkeypatch)
    assert not (order.out / "counts.json").exists()
    counts = polars_match.match(order, rows=2)
    assert ran == [2]
    assert counts["people"] == 5
    _is_whole(order)


@pytest.mark.parametrize("torn", ["a note half written", "rows behind the last note", "another boot", "a file lost"])  # fmt: skip
def test_what_a_run_left_in_the_middle_does_not_count(tmp_path, monkeypatch, torn):
    order = ordered(tmp_path)
    ran = cut_off_at(2, order, monkeypatch)
    stage = order.out / ".parts" / order.key(polars_match.ENGINE)
    journal = stage / "journal"
    match torn:
        case "a note half written":
            journal.write_text(journal.read_text()[:-30])
        case "rows behind the last note":
            with (stage / "outcomes.parquet").open("ab") as file:
                file.write(b"noise" * 100)
        case "another boot":
            journal.write_text("another\n" + journal.read_text().partition("\n")[2])
        case _:
            (stage / "pairs.parquet").unlink()
    assert polars_match.match(order, rows=2)["people"] == 5
    assert ran == {"a note half written": [1, 2], "rows behind the last note": [2]}.get(torn, [0, 1, 2])  # fmt: skip
    _is_whole(order)


def ordered(tmp_path):
    facts = table(tmp_path / "facts.parquet")
    order = bulk.Order(facts, tmp_path / "out", _rules(), DAY, lambda _line: None)
    order.out.mkdir()
    return order


def _is_whole(order):
    outcomes = pl.read_parquet(order.out / "outcomes.parquet")
    assert outcomes["member_id"].to_list() == [1, 2, 3, 4, 5]
    assert outcomes["school-aid"].to_list() == [True, False, None, None, False]
    assert pl.read_parquet(order.out / "pairs.parquet").sort("policy").rows() == [
        (1, "hardship-deep"), (1, "school-aid")
    ]  # fmt: skip
    assert sorted(path.name for path in order.out.iterdir()) == [
        "counts.json", "outcomes.parquet", "pairs.parquet"
    ]  # fmt: skip


def test_two_runs_do_not_write_into_one_folder(tmp_path, monkeypatch):
    order = ordered(tmp_path)
    whole = polars_match.run_partition
    refused: list[object] = []

    def meanwhile(plan, partition):
        if not refused:
            with pytest.raises(bulk.BulkError, match="another run is writing here") as caught:
                polars_match.match(order, rows=2)
            refused.append(caught)
        return whole(plan, partition)

    monkeypatch.setattr(polars_match, "run_partition", meanwhile)
    polars_match.match(order, rows=2)
    assert refused
    _is_whole(order)


def _rules():
    policies, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    chosen = [each for each in policies if each.code in {"hardship-deep", "school-aid"}]
    return bulk.rules_of(chosen, DAY, "", lambda _line: None)


def test_a_repeat_changes_nothing_and_new_facts_are_matched_anew(tmp_path):
    facts = table(tmp_path / "facts.parquet")
    first = matched(tmp_path, facts)
    written = (tmp_path / "out" / "outcomes.parquet").stat().st_mtime_ns
    again = matched(tmp_path, facts)
    assert (tmp_path / "out" / "outcomes.parquet").stat().st_mtime_ns == written
    assert all(one.equals(other) for one, other in zip(first[:2], again[:2], strict=True))
    outcomes, _pairs, _counts = matched(tmp_path, table(facts, PEOPLE[:3]))
    assert outcomes.height == 3


def test_numbers_outside_their_bounds_are_unknown_and_said_aloud(tmp_path, capsys):
    people = [(*PEOPLE[0][:4], 0, *PEOPLE[0][5:]), (*PEOPLE[0][:2], 2**62, *PEOPLE[0][3:])]
    outcomes, _pairs, counts = matched(tmp_path, table(tmp_path / "facts.parquet", people))
    assert outcomes["hardship-deep"].to_list() == [None, None]
    assert counts["outside"] == {"household_size": 1, "household_income_fen": 1}
    assert "outside its bounds" in capsys.readouterr().err


def test_whole_numbers_kept_as_fractions_and_days_kept_as_text_are_understood(tmp_path):
    facts = table(tmp_path / "facts.parquet", household_income_fen=pl.Float64, household_size=pl.Int8, hardship_tier=pl.Categorical)  # fmt: skip
    outcomes, _pairs, _counts = matched(tmp_path, facts)
    assert outcomes["hardship-deep"].to_list() == [True, False, None, None, False]


def test_a_column_that_cannot_be_its_fact_is_refused(tmp_path):
    facts = table(tmp_path / "facts.parquet", household_size=pl.String)
    with pytest.raises(CommandError, match="household_size holds String; the fact is of kind whole"):  # fmt: skip
        matched(tmp_path, facts)
    pl.DataFrame({"person": [1]}).write_parquet(tmp_path / "nameless.parquet")
    with pytest.raises(CommandError, match="no column member_id"):
        matched(tmp_path, tmp_path / "nameless.parquet")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(CommandError):
        matched(tmp_path, tmp_path / "torn.parquet")
    with pytest.raises(CommandError, match="there is no Parquet file"):
        matched(tmp_path, tmp_path / "nowhere.parquet")


def test_a_policy_that_is_not_true_to_its_examples_stops_the_run(tmp_path):
    folder = tmp_path / "policies"
    folder.mkdir()
    wrong = (yaml_files.DATA / "policies" / "school-aid-2026.yaml").read_text().replace("'deep', ", "")  # fmt: skip
    (folder / "wrong.yaml").write_text(wrong)
    facts = table(tmp_path / "facts.parquet")
    with pytest.raises(CommandError, match="nothing was matched"):
        call_command("policies_match", facts=facts, policies=folder, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_laws_numbers_are_those_of_the_day(tmp_path):
    """Before September 2025 the living standard was lower."""
    facts = table(tmp_path / "facts.parquet", [(*PEOPLE[0][:2], 4_800_000 + 1_420_000 - 1_290_000, *PEOPLE[0][3:])])  # fmt: skip
    per_head = (4_800_000 - 1_290_000) / 12 / 4
    assert 71_700 < per_head < 73_500
    for day, fits in ((dt.date(2026, 1, 1), True), (dt.date(2025, 8, 31), False), (dt.date(2020, 1, 1), None)):  # fmt: skip
        outcomes, _pairs, _counts = matched(tmp_path, facts, day)
        assert outcomes["hardship-deep"].to_list() == [fits]


@pytest.mark.parametrize("rows", [0, 1, 17])
def test_joined_files_hold_the_rows_of_all(tmp_path, rows):
    frames = [
        pl.DataFrame({"n": range(start, start + size), "t": ["嘉"] * size}, schema={"n": pl.Int64, "t": pl.String})
        for start, size in ((0, 5), (5, rows), (5 + rows, 40))
    ]  # fmt: skip
    paths = [tmp_path / f"{at}.parquet" for at in range(3)]
    for frame, path in zip(frames, paths, strict=True):
        frame.write_parquet(path, row_group_size=3, statistics=True)
    parquet_footer.join(paths, tmp_path / "whole.parquet")
    assert pl.read_parquet(tmp_path / "whole.parquet").equals(pl.concat(frames))
    assert sum(parquet_footer.rows_of_groups(tmp_path / "whole.parquet")) == 45 + rows


def test_the_engines_stay_out_of_the_web():
    """A new process, as a web worker is: it takes a moment."""
    seen = "import django, sys; django.setup(); import lianxin.config.urls, lianxin.config.wsgi; print([m for m in ('polars', 'pyspark', 'duckdb', 'sqlglot') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
