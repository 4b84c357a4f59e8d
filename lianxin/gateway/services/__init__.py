"""Writes of the door: clients, tokens, what they push, the word they are sent."""

from __future__ import annotations

from lianxin.gateway.services.asking import (
    client_ask,
    request_confirm,
    request_refuse,
    requests_export,
    requests_lapse,
    rotation_ask,
    secret_draw,
)
from lianxin.gateway.services.clients import client_create, client_end, client_rotate
from lianxin.gateway.services.pushing import (
    Application,
    Consented,
    KeyReusedError,
    join_push,
    person_erase,
    person_export,
    status_told,
    unconfirmed_purge,
)
from lianxin.gateway.services.sending import deliveries_purge, pump_run, word_send
from lianxin.gateway.services.subscribing import (
    subscription_add,
    subscription_end,
    subscription_resume,
    subscription_rotate,
)
from lianxin.gateway.services.telling import (
    closed_told,
    founded_told,
    moved_told,
    renamed_told,
)
from lianxin.gateway.services.tokens import (
    call_count,
    client_proved,
    token_client,
    token_issue,
    token_revoke,
    tokens_purge,
)

__all__ = [
    "Application", "Consented", "KeyReusedError", "call_count", "client_ask", "client_create", "client_end", "client_proved", "client_rotate", "closed_told",
    "deliveries_purge", "founded_told", "join_push", "moved_told", "person_erase", "person_export", "pump_run", "renamed_told", "request_confirm", "request_refuse", "requests_export", "requests_lapse", "rotation_ask", "secret_draw", "status_told",
    "subscription_add", "subscription_end", "subscription_resume", "subscription_rotate",
    "token_client", "token_issue", "token_revoke", "tokens_purge", "unconfirmed_purge", "word_send",
]  # fmt: skip
