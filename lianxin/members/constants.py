"""Names that several rooms of members use."""

from __future__ import annotations

# The object kind, and the purpose, of the page somebody signed when she was entered at the desk.
SIGNED_PAGE = "members.signed"
