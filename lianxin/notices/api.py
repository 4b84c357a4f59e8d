"""The door of public notices."""

from __future__ import annotations

from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.notices.policies import objections_visible_to
from lianxin.notices.rules import mask_address, mask_name, mask_number, mask_text
from lianxin.notices.selectors import line_of, open_objections, receipt_of, running
from lianxin.notices.services import (
    NoticeLineDraft,
    line_take_down,
    notice_end,
    notice_publish,
    objection_lodge,
    objection_settle,
)

__all__ = [
    "Notice",
    "NoticeLine",
    "NoticeLineDraft",
    "Objection",
    "line_of",
    "line_take_down",
    "mask_address",
    "mask_name",
    "mask_number",
    "mask_text",
    "notice_end",
    "notice_publish",
    "objection_lodge",
    "objection_settle",
    "objections_visible_to",
    "open_objections",
    "receipt_of",
    "running",
]
