"""Files from banks as they really come."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.procedures.rules.bankfile import BankFileFault, BankLine, lines_of, rows_of_text

CLEAN = '付款编号,金额,处理结果,失败原因\nP1,500.00,成功,\nP2,"1,000.00",退汇,账号户名不符\n'
EXPECTED = [
    BankLine(2, "P1", True, 50_000, ""),
    BankLine(3, "P2", False, 100_000, "账号户名不符"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_same_file_is_read_in_every_encoding(encoding: str) -> None:
    assert lines_of(rows_of_text(CLEAN.encode(encoding))) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_and_titles_above_the_header_do(delimiter: str) -> None:
    text = f"某某银行代发回单\n打印日期：2026-03-09\n\n{delimiter.join(['状态', ' 企业流水号 ', '备注'])}\n"
    text += f"{delimiter.join(['交易成功', 'p1', ''])}\n{delimiter.join(['失败', 'P2', '户名不符'])}\n\n合计{delimiter}{delimiter}\n"
    lines = lines_of(rows_of_text(text.encode()))
    assert [(one.number, one.is_paid, one.reason) for one in lines] == [
        ("P1", True, ""), ("P2", False, "户名不符"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "is_paid"),
    [
        ("成功", True),
        ("不成功", False),
        ("未成功", False),
        ("退票", False),
        ("处理中", None),
        ("", None),
        ("SUCCESS", True),
    ],
)
def test_the_words_of_banks(word: str, is_paid: bool | None) -> None:
    assert lines_of([["付款编号", "状态"], ["P1", word]])[0].is_paid is is_paid


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"a,b\n1,2\n", "no_header"),
        (b"\x00\x01\x02\xff", "encoding"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(BankFileFault) as fault:
        lines_of(rows_of_text(data))
    assert str(fault.value) == code


@given(st.binary(max_size=400))
def test_rubbish_never_breaks_the_reader(data: bytes) -> None:
    with suppress(BankFileFault):
        lines_of(rows_of_text(data))
