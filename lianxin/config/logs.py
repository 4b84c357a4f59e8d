"""Logs an operator may hand to a stranger: one JSON object a line, without anybody in them.

Messages of exceptions and long numbers are where personal data slips into logs (a duplicate key
error quotes the phone number). So a traceback keeps its places and the kind of error only, and
whatever looks like a number of a person, an address or a token is blotted out.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from typing import Any

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_BLOTTED = re.compile(
    rf"(?P<keep>\b{_UUID}\b)"
    r"|\?[^\s\"']+"  # what follows a question mark in an address
    r"|[\w.+-]+@[\w.-]+\.\w+"
    r"|\d[\d -]{5,}[\dXx]"
    r"|[A-Za-z0-9_:-]{32,}",
)


def redact(text: str) -> str:
    """Blot out numbers of seven and more digits, mail addresses, queries and tokens; keep UUIDs."""
    return _BLOTTED.sub(lambda found: found["keep"] or "•", text)


class JsonFormatter(logging.Formatter):
    """Writes one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__qualname__
            line["trace"] = _places(record)
        return json.dumps(line, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """Writes for a person at a terminal, who may also see what an error says."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname.lower():8}{record.name}  {redact(record.getMessage())}"
        if record.exc_info and record.exc_info[0]:
            places = "\n".join(f"    {place}" for place in _places(record))
            kind, error, _ = record.exc_info
            text = f"{text}\n{places}\n    {kind.__qualname__}: {redact(str(error))}"
        return text


def _places(record: logging.LogRecord) -> list[str]:
    """Name the places of our own code, and the three where it ended."""
    trace = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
    ours = [frame for frame in trace[:-3] if "site-packages" not in frame.filename]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in [*ours, *trace[-3:]]]


def logging_of(form: str) -> dict[str, Any]:
    """Return Django's LOGGING for "json" or "plain" lines on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "lianxin.config.logs.JsonFormatter"},
            "plain": {"()": "lianxin.config.logs.PlainFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "lianxin": {"level": "INFO"},
        },
    }
