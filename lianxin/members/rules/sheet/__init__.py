"""Reading rolls as people really write them: which column is what, and what a cell means.

Offices send workbooks with merged titles, headers of their own, full-width digits, dates in four
forms, numbers typed as numbers. Nothing here touches a file or a database: rows of cells go in,
drafts or a reason to reject come out.
"""

from __future__ import annotations

from lianxin.members.rules.sheet.cells import Cell, DateError, Row, date_of, text_of
from lianxin.members.rules.sheet.columns import (
    HEADERS,
    Header,
    header_of,
    likely_header_of,
    word_of,
)
from lianxin.members.rules.sheet.rows import Draft, RowError, draft_of, is_data

__all__ = [
    "HEADERS", "Cell", "DateError", "Draft", "Header", "Row", "RowError", "date_of", "draft_of",
    "header_of", "is_data", "likely_header_of", "text_of", "word_of",
]  # fmt: skip
