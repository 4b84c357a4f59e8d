"""The scopes in words, for the document and for the desk; a test compares them with the rules."""

from __future__ import annotations

from django.utils.translation import gettext_noop

REQUEST_DAYS = 7  # so long a request waits for a yes, and for its secret to be drawn
MOST_OVERLAP_HOURS = 168
SCOPES = {
    "cards:verify": gettext_noop("Verify membership cards"),
    "organisations:read": gettext_noop("Look up organisations in reach"),
    "join-applications:write": gettext_noop("Hand in applications to join"),
    "join-applications:read": gettext_noop("Read where one's own applications stand"),
}
