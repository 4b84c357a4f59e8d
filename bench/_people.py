"""Invents people by the million: every fact of the dictionary, about one value in eight not known."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import polars as pl

CHUNK = 500_000
DAY = dt.date(2026, 11, 22)
# Where most people lie; the bounds of the dictionary are far wider.
_LIKELY = {
    "household_size": 8, "insured_months": 240, "contract_months": 120, "child_age_years": 25, "hospital_days": 40,
    "station_nights_used": 10, "years_of_delivery_work": 12, "household_income_fen": 20_000_000,
    "rigid_expense_fen": 6_000_000, "own_income_fen": 1_200_000, "sudden_loss_fen": 5_000_000,
    "medical_self_paid_fen": 8_000_000, "pays_rent_fen": 300_000, "wage_arrears_fen": 3_000_000,
}  # fmt: skip


def columns(seed: int) -> list[pl.Expr]:
    """One expression a fact, made from the row's number: distinct for every person and every seed."""
    from lianxin.eligibility.adapters import yaml_files
    from lianxin.eligibility.rules.checking import Kind

    row = pl.col("member_id")
    made = []
    for at, (name, known) in enumerate(yaml_files.vocabulary().items()):
        if known.is_parameter:
            continue
        chance = row.hash(seed * 1_000 + at)
        span = _LIKELY.get(name, min(known.maximum - known.minimum + 1, 10**7))
        match known.kind:
            case Kind.BOOLEAN:
                value = chance % 3 == 0
            case Kind.DATE:
                value = pl.lit(DAY) - pl.duration(days=(chance % 9_000).cast(pl.Int64))
                value = value.cast(pl.Date)
            case Kind.CHOICE:
                codes = sorted(known.choices)
                value = (chance % len(codes)).cast(pl.UInt8).replace_strict(
                    list(range(len(codes))), codes, return_dtype=pl.String
                )  # fmt: skip
            case Kind.TEXT:
                value = pl.lit("JZ")
            case _:
                value = (chance % span).cast(pl.Int64) + known.minimum
        made.append(pl.when((chance // 1_000_003) % 8 != 0).then(value).alias(name))
    return made


def write(path: Path, count: int, seed: int = 1, first: int = 0) -> None:
    """Write a table of people, half a million a row group, each as soon as it is made."""
    from lianxin.eligibility.adapters import parquet_footer as footer

    groups: list[footer.Struct] = []
    whole: footer.Struct = {}
    with path.open("wb") as out:
        out.write(footer.MAGIC)
        for start in range(first, first + count, CHUNK):
            rows = min(CHUNK, first + count - start)
            ids = pl.LazyFrame({"member_id": pl.int_range(start, start + rows, eager=True)})
            held = io.BytesIO()
            ids.with_columns(columns(seed)).collect().write_parquet(
                held, compression="lz4", statistics=False, row_group_size=CHUNK
            )
            made = held.getvalue()
            whole, end = footer.footer_of(made)
            shift = out.tell() - len(footer.MAGIC)
            groups += [footer.moved(group, shift) for group in whole[footer.ROW_GROUPS][1][1]]
            out.write(memoryview(made)[len(footer.MAGIC) : end])
        footer.close(out, whole, groups)
