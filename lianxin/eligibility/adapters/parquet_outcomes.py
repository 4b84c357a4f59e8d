"""What a bulk run writes, laid out as row groups: outcomes of every person, and pairs of those who fit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lianxin.eligibility.adapters import parquet_chunks as chunks
from lianxin.eligibility.adapters.parquet_chunks import Chunk, Group
from lianxin.eligibility.adapters.parquet_footer import BINARY, INT, LIST, SCHEMA, STRUCT, Struct

POLICY = "policy"
_OPTIONAL, _UTF8 = 1, 0
_MAKER = b"lianxin version 1 (build 1)"


def outcomes_group(outcomes: pl.DataFrame, key: str) -> Group:
    """Write who was asked, and a column of yes, no and unknown for each policy."""
    ids = outcomes[key]
    whole = _numbered(key, ids, [chunks.distances(ids)]) if chunks.is_ascending(ids) else chunks.as_polars_writes(ids)  # fmt: skip
    answers = (series for series in outcomes.iter_columns() if series.name != key)
    return chunks.group_of(ids.len(), [whole, *(chunks.booleans(each.name, each) for each in answers)])  # fmt: skip


def pairs_group(outcomes: pl.DataFrame, key: str) -> Group | None:
    """Write one row for each person a policy fits, policy after policy; None where none fits anybody."""
    ids, codes = outcomes[key], [name for name in outcomes.columns if name != key]
    is_ascending = chunks.is_ascending(ids)
    plain = chunks.distances(ids) if is_ascending else ids
    fitting = [plain.filter(outcomes[code]).rechunk() for code in codes]
    counts = [each.len() for each in fitting]
    if not sum(counts):
        return None
    people = (
        _numbered(key, ids, [each for each in fitting if each.len()])
        if is_ascending
        else chunks.as_polars_writes(pl.concat(fitting).rename(key))
    )
    return chunks.group_of(sum(counts), [people, chunks.runs(POLICY, codes, counts)])


def _numbered(key: str, ids: pl.Series, parts: Sequence[pl.Series]) -> Chunk:
    return chunks.ascending(key, ids[0], parts, ids.dtype)


def outcomes_schema(ids: pl.Series, codes: Sequence[str]) -> Struct:
    """Begin the footer of a file of outcomes."""
    answers: list[Struct] = [
        {1: (INT, chunks.BOOLEAN), 3: (INT, _OPTIONAL), 4: (BINARY, code.encode())}
        for code in codes
    ]
    return _footer(ids, answers)


def pairs_schema(ids: pl.Series) -> Struct:
    """Begin the footer of a file of pairs."""
    policy: Struct = {
        1: (INT, chunks.BYTES), 3: (INT, _OPTIONAL), 4: (BINARY, POLICY.encode()), 6: (INT, _UTF8),
        10: (STRUCT, {1: (STRUCT, {})}),
    }  # fmt: skip
    return _footer(ids, [policy])


def _footer(ids: pl.Series, others: Sequence[Struct]) -> Struct:
    root: Struct = {4: (BINARY, b"root"), 5: (INT, 1 + len(others))}
    elements = [root, chunks.element_of(ids), *others]
    return {1: (INT, 1), SCHEMA: (LIST, (STRUCT, elements)), 6: (BINARY, _MAKER)}
