"""Logs never name anybody."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from lianxin.config.logs import JsonFormatter, PlainFormatter, redact

UUID = "0195d3a0-7c6b-7def-8123-456789abcdef"


@pytest.mark.parametrize(
    "text",
    ["call 13800138000 now", "id 99999919900101002X", "mail lin@union.example", "/find?name=Lin",
     "138 0013 8000", "/files/eyJhbGciOiJIUzI1NiJ9.abcdefghijklmnopqrstuvwxyz0123456789"],
)  # fmt: skip
def test_numbers_addresses_and_tokens_are_blotted_out(text: str) -> None:
    shown = redact(text)
    for secret in ("13800138000", "002X", "lin@", "name=", "8000", "abcdefghijklmnopqrstuvwxyz"):
        assert secret not in shown
    assert "•" in shown


def test_ids_of_rows_stay_readable() -> None:
    assert redact(f"dossier {UUID} moved, 12 rows in 350 ms") == (
        f"dossier {UUID} moved, 12 rows in 350 ms"
    )


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_an_error_keeps_its_places_and_loses_its_numbers(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("Key (phone)=(13800138000) of Zhang San already exists")  # noqa: TRY301
    except ValueError:
        record = logging.LogRecord(
            "lianxin.test", logging.ERROR, __file__, 1, "failed %s", ("x",), sys.exc_info()
        )
    line = formatter.format(record)
    assert "13800138000" not in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    if isinstance(formatter, JsonFormatter):
        assert "Zhang" not in line
        assert json.loads(line)["message"] == "failed x"
