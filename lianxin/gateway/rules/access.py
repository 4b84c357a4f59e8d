"""What a client may ask for, what its secrets and tokens look like, and how often it may call."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """What a client may do (权限范围); a token carries some of its client's."""

    CARDS_VERIFY = "cards:verify"
    ORGANISATIONS_READ = "organisations:read"
    JOIN_WRITE = "join-applications:write"
    JOIN_READ = "join-applications:read"


# What tells of persons, or speaks for them: two people say yes before a secret opens it.
PERSONAL = frozenset({Scope.CARDS_VERIFY, Scope.JOIN_WRITE, Scope.JOIN_READ})


class ClientState(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


# A secret says what it is, so that one that leaked into a repository can be found by its face.
SECRET_MARK = "lxs_"  # noqa: S105  (the beginning of every secret, not one)
TOKEN_MARK = "lxt_"  # noqa: S105
TOKEN_SECONDS = 600
# Two secrets hold at once: the client takes the new one before the old one goes.
MOST_SECRETS = 2
_SECRET = re.compile(r"lxs_[A-Za-z0-9_-]{43}\Z")
_TOKEN = re.compile(r"lxt_[A-Za-z0-9_-]{43}\Z")


def new_secret() -> str:
    """Make a client secret of 256 random bits."""
    return SECRET_MARK + secrets.token_urlsafe(32)


def new_token() -> str:
    """Make an access token of 256 random bits."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def needs_second(scopes: Iterable[str]) -> bool:
    """Say whether a client with these scopes takes two people (双人授权)."""
    return not PERSONAL.isdisjoint(scopes)


def is_secret(typed: str) -> bool:
    return bool(_SECRET.match(typed))


def is_token(typed: str) -> bool:
    return bool(_TOKEN.match(typed))


def token_digest(token: str) -> str:
    """Return what the table keeps of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def scopes_granted(asked: str | None, held: frozenset[str]) -> frozenset[str] | None:
    """Return the scopes of a token: those asked for, all if none was; None if one is not held."""
    wanted = frozenset((asked or "").split())
    if not wanted:
        return held
    return wanted if wanted <= held else None


def minute_of(now: dt.datetime) -> dt.datetime:
    """Return the beginning of the minute in which calls are counted together."""
    return now.replace(second=0, microsecond=0)


def retry_after(now: dt.datetime) -> int:
    """Return how many seconds a client that called too often waits: until the next minute."""
    return 60 - now.second
