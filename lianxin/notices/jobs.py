"""Takes notices down when their days are over."""

from __future__ import annotations

import uuid

from lianxin.jobs.api import job
from lianxin.notices import services


@job("notices.end_notice")
def end_notice_job(notice_id: str) -> None:
    services.notice_end(notice_id=uuid.UUID(notice_id))
