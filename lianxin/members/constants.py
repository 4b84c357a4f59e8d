"""Names that several rooms of members use."""

from __future__ import annotations

import datetime as dt

# The object kind, and the purpose, of the page somebody signed when she was entered at the desk.
SIGNED_PAGE = "members.signed"
# Where an entry is from that one officer wrote, and how long the level above finds it in a list.
OFFICER = "officer"
ENTERED_LATELY = dt.timedelta(days=30)
HOTLINE = "12351"  # of the unions, everywhere in the country
