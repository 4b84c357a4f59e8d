"""The door of allocation: scarce places, given fairly."""

from __future__ import annotations

from lianxin.allocation.adapters.turnstile import Turnstile
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.policies import may_manage, pools_visible_to, visible_to
from lianxin.allocation.rules.admission import Admission, Audience, OnePer
from lianxin.allocation.rules.claims import HOLDING, LIVE, Fault, State, Verb
from lianxin.allocation.rules.opening import PoolQuestions, Told, pool_pages, pool_questions
from lianxin.allocation.selectors.admitting import (
    Hindrance,
    admission_of,
    admission_read,
    admission_signed,
)
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.selectors.showing import PoolView, claim_sentence, pool_view
from lianxin.allocation.services import (
    Ask,
    PoolTerms,
    Taken,
    claim_cancel,
    claim_take,
    draw_settle,
    offer_accept,
    pool_call_off,
    pool_change,
    pool_open,
)

__all__ = [
    "HOLDING",
    "LIVE",
    "Admission",
    "Ask",
    "Audience",
    "Claim",
    "Fault",
    "Hindrance",
    "OnePer",
    "Pool",
    "PoolQuestions",
    "PoolTerms",
    "PoolView",
    "State",
    "Taken",
    "Told",
    "Turnstile",
    "Verb",
    "admission_of",
    "admission_read",
    "admission_signed",
    "claim_cancel",
    "claim_sentence",
    "claim_take",
    "draw_settle",
    "may_manage",
    "offer_accept",
    "pool_call_off",
    "pool_change",
    "pool_open",
    "pool_pages",
    "pool_questions",
    "pool_view",
    "pools_visible_to",
    "recount_of",
    "visible_to",
]
