"""Answers who comes to a pool that is shut, full or not yet open, before Django is troubled.

In a rush most of those who come get nothing, and all of them look again and again. They must be told
within moments, and must not take the air from those who still may get something. The turnstile knows
a pool as it stood at most a fifth of a second ago, reads no body, opens no session, and lets
everybody pass of whom it is not certain: who may hold a place already, whose admission it cannot
read, whose pool it does not know, and everybody while the database does not answer.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.urls import reverse
from django.utils import translation

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import LIVE
from lianxin.allocation.selectors.admitting import admission_read
from lianxin.allocation.selectors.showing import Phase, phase_of, sentence_of

# Less than the shortest pause before a phone asks again: who got a place and did not hear of it is
# never told that all are gone.
FRESH_SECONDS = 0.2
_MOST_POOLS = 200
_MOST_HOLDERS = 20_000
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PATH = re.compile(rf"/places/({_UUID})/(take|state)/")
_SHUT = frozenset({Phase.EARLY, Phase.FULL, Phase.SHUT, Phase.OFF})

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


@dataclass(slots=True)
class _Seen:
    """A pool as it stood a moment ago."""

    pool: Pool
    at: float
    seq: int = -1
    holders: frozenset[uuid.UUID | None] = field(default_factory=frozenset)


class Turnstile:
    """A WSGI application before another one; `tidy` runs around each look into the base."""

    def __init__(self, app: App, tidy: Callable[[], None] = close_old_connections) -> None:
        self._app = app
        self._tidy = tidy
        self._seen: dict[uuid.UUID, _Seen] = {}
        self._looking = threading.Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        found = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        answer = self._answer(uuid.UUID(found[1]), found[2], environ) if found else None
        if answer is None:
            return self._app(environ, start_response)
        status, headers, body = answer
        line = f"{status.value} {status.phrase}"
        start_response(line, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(
        self, pool_id: uuid.UUID, page: str, environ: Environ
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes] | None:
        method = environ.get("REQUEST_METHOD")
        if (page, method) not in {("state", "GET"), ("take", "POST")}:
            return None
        seen = self._look(pool_id)
        if seen is None:
            return None
        phase = phase_of(seen.pool)
        if page == "state":
            with translation.override(_language(environ)):
                words = {"phase": phase, "free": seen.pool.free, "sentence": sentence_of(seen.pool, phase)}  # fmt: skip
            return _told(HTTPStatus.OK, words, "public, max-age=1")
        if phase not in _SHUT or self._may_hold(seen, environ):
            return None
        if not environ.get("HTTP_ACCEPT", "").startswith("application/json"):
            place = reverse("allocation:pool", args=[pool_id])
            return HTTPStatus.SEE_OTHER, [("Location", place), ("Cache-Control", "no-store")], b""
        with translation.override(_language(environ)):
            return _told(HTTPStatus.CONFLICT, {"words": sentence_of(seen.pool, phase)}, "no-store")

    def _may_hold(self, seen: _Seen, environ: Environ) -> bool:
        """Say whether she may have something here already; whoever shows no admission may."""
        query = environ.get("QUERY_STRING", "")
        admission = admission_read(query[2:]) if query.startswith("a=") else None
        if admission is None or admission.pool_id != seen.pool.pk:
            return True
        if seen.pool.taken + seen.pool.waiting > _MOST_HOLDERS:
            return True
        if seen.seq != seen.pool.seq:
            seen.holders, seen.seq = _holders(seen.pool), seen.pool.seq
        return admission.account_id in seen.holders

    def _look(self, pool_id: uuid.UUID) -> _Seen | None:
        """Return a pool as it stood just now; one thread looks, the others take what was seen."""
        seen = self._seen.get(pool_id)
        if seen is not None and time.monotonic() - seen.at < FRESH_SECONDS:
            return seen
        if not self._looking.acquire(blocking=seen is None):
            return seen
        try:
            return self._look_again(pool_id)
        except DatabaseError:
            return None
        finally:
            self._looking.release()

    def _look_again(self, pool_id: uuid.UUID) -> _Seen | None:
        before = self._seen.get(pool_id)
        if before is not None and time.monotonic() - before.at < FRESH_SECONDS:
            return before
        self._tidy()
        pool = Pool.objects.filter(pk=pool_id).first()
        self._tidy()
        if pool is None:
            return None
        if len(self._seen) >= _MOST_POOLS:
            self._seen.clear()
        seen = _Seen(pool, time.monotonic())
        if before is not None and before.seq == pool.seq:
            seen.seq, seen.holders = before.seq, before.holders
        self._seen[pool_id] = seen
        return seen


def _holders(pool: Pool) -> frozenset[uuid.UUID | None]:
    rows = Claim.objects.filter(pool=pool, state__in=LIVE).values_list("account_id", flat=True)
    return frozenset(rows)


def _told(
    status: HTTPStatus, words: dict[str, Any], kept: str
) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
    headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", kept),
        ("Vary", "Accept-Language, Cookie"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return status, headers, json.dumps(words, ensure_ascii=False).encode()


def _language(environ: Environ) -> str:
    """Return the language of the cookie, else English for who asks for it first, else Chinese."""
    chosen = re.search(r"django_language=(en|zh-hans)", environ.get("HTTP_COOKIE", ""))
    if chosen:
        return chosen[1]
    return "en" if environ.get("HTTP_ACCEPT_LANGUAGE", "").startswith("en") else "zh-hans"
