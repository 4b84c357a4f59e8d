"""The files of a bulk run are Parquet as everybody reads it, whatever numbers people have."""

from __future__ import annotations

import random

import duckdb
import polars as pl
import pytest

from lianxin.eligibility.adapters import parquet_footer as footer
from lianxin.eligibility.adapters import parquet_outcomes as written
from lianxin.eligibility.adapters.arrow_memory import UnexpectedMemoryError, memory_of
from lianxin.eligibility.adapters.parquet_footer import MAGIC

CHANCE = random.Random(5)  # noqa: S311  (a test needs no cryptography)
MANY = 70_000  # more than one block of steps
IDS = {
    "one after the other": pl.Series("member_id", range(1_000, 1_000 + MANY), dtype=pl.Int64),
    "ascending, some twice": pl.Series("member_id", sorted(CHANCE.choices(range(10**9), k=MANY)), dtype=pl.Int64),
    "a long gap in the middle": pl.Series("member_id", [*range(MANY // 2), *range(10**9, 10**9 + MANY // 2)], dtype=pl.UInt32),
    "beginning below nothing": pl.Series("member_id", range(-300, 12), dtype=pl.Int16),
    "too far apart for steps": pl.Series("member_id", [1, 2**40, 2**41], dtype=pl.Int64),
    "all bits set": pl.Series("member_id", [2**63, 2**64 - 1], dtype=pl.UInt64),
    "in disorder": pl.Series("member_id", CHANCE.sample(range(10**12), 3_000), dtype=pl.Int64),
    "texts": pl.Series("member_id", [f"会员{number}" for number in range(3_000)]),
    "one": pl.Series("member_id", [7], dtype=pl.Int64),
    "some missing": pl.Series("member_id", [1, None, 3], dtype=pl.Int64),
}  # fmt: skip


def outcomes(ids: pl.Series) -> pl.DataFrame:
    def answers(weights: list[int]) -> list[bool | None]:
        return CHANCE.choices([True, False, None], weights, k=ids.len())

    columns = {
        "mixed": answers([2, 3, 1]), "seldom": answers([1, 5_000, 100]), "never": answers([0, 1, 1]),
        "known": answers([1, 1, 0]), "unknown": answers([0, 0, 1]), "always": answers([1, 0, 0]),
    }  # fmt: skip
    answered = (pl.Series(name, made, dtype=pl.Boolean) for name, made in columns.items())
    return pl.DataFrame([ids, *answered])


def laid_out(path, frames, kind):
    ids = frames[0]["member_id"]
    codes = frames[0].columns[1:]
    schema = (
        written.outcomes_schema(ids, codes) if kind == "outcomes" else written.pairs_schema(ids)
    )
    lay = written.outcomes_group if kind == "outcomes" else written.pairs_group
    with path.open("wb") as out:
        out.write(MAGIC)
        entries = []
        for frame in frames:
            if group := lay(frame, "member_id"):
                entries.append(footer.moved(group.entry, out.tell() - len(MAGIC)))
                out.writelines(group.bytes_of)
        footer.close(out, schema, entries)
    return path


def by_duckdb(path):
    return duckdb.connect().execute(f"SELECT * FROM read_parquet('{path}')").fetchall()  # noqa: S608  (a path of this test)


@pytest.mark.parametrize("kind", IDS)
def test_outcomes_are_read_as_they_were_written(tmp_path, kind):
    frames = [outcomes(IDS[kind]), outcomes(IDS[kind].head(13))]
    path = laid_out(tmp_path / "outcomes.parquet", frames, "outcomes")
    assert pl.read_parquet(path).equals(pl.concat(frames))
    assert by_duckdb(path) == pl.concat(frames).rows()


@pytest.mark.parametrize("kind", IDS)
def test_pairs_are_those_whom_a_policy_fits(tmp_path, kind):
    frames = [outcomes(IDS[kind]), outcomes(IDS[kind].head(13))]
    path = laid_out(tmp_path / "pairs.parquet", frames, "pairs")
    wanted = [
        (number, code) for frame in frames for code in frame.columns[1:] for number in frame.filter(code)["member_id"]
    ]  # fmt: skip
    read = pl.read_parquet(path)
    assert read.rows() == wanted
    assert read["member_id"].dtype == IDS[kind].dtype
    assert by_duckdb(path) == wanted


def test_a_table_of_nobody_is_read_as_such(tmp_path):
    nobody = outcomes(IDS["one"]).clear()
    for kind, columns in (("outcomes", nobody.columns), ("pairs", ["member_id", "policy"])):
        schema = written.outcomes_schema(nobody["member_id"], nobody.columns[1:]) if kind == "outcomes" else written.pairs_schema(nobody["member_id"])  # fmt: skip
        with (tmp_path / kind).open("wb") as out:
            out.write(MAGIC)
            footer.close(out, schema, [])
        assert pl.read_parquet(tmp_path / kind).columns == columns
        assert by_duckdb(tmp_path / kind) == []


def test_ascending_numbers_take_a_byte_a_pair(tmp_path):
    ids = IDS["one after the other"]
    frame = pl.DataFrame([ids, pl.Series("half", [CHANCE.random() < 0.5 for _ in ids])])
    path = laid_out(tmp_path / "pairs.parquet", [frame], "pairs")
    assert path.stat().st_size < int(frame["half"].sum()) * 1.1


def test_memory_is_copied_from_where_a_slice_begins():
    series = pl.Series([True, None, False, True, True] * 7)
    for start in range(12):
        part = series.slice(start, 17)
        known, values = memory_of(part)
        assert known is not None
        bits = [
            None if not known[at // 8] >> at % 8 & 1 else bool(values[at // 8] >> at % 8 & 1) for at in range(17)
        ]  # fmt: skip
        assert bits == part.to_list()
    with pytest.raises(UnexpectedMemoryError):
        memory_of(pl.Series(["text"]))
