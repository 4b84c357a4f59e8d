"""What happens to policies that others may want to hear of."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyPublished(Event):
    """Two people agreed on a version of a policy: it holds from a day on."""

    policy_id: uuid.UUID
    code: str
    region: str
    version: int
    valid_from: dt.date
