"""Writes: policies taken in, outcomes found anew, looking refused."""

from __future__ import annotations

from lianxin.eligibility.services.loading import RECOMPUTE_ALL, Loaded, policies_load
from lianxin.eligibility.services.recomputing import batch_recompute, outcomes_recompute
from lianxin.eligibility.services.refusing import look_allow, look_refuse

__all__ = [
    "RECOMPUTE_ALL", "Loaded", "batch_recompute", "look_allow", "look_refuse",
    "outcomes_recompute", "policies_load",
]  # fmt: skip
