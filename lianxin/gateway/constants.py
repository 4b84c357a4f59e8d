"""The scopes in words, for the document and for the desk; a test compares them with the rules."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SCOPES = {
    "cards:verify": gettext_noop("Verify membership cards"),
    "organisations:read": gettext_noop("Look up organisations in reach"),
    "join-applications:write": gettext_noop("Hand in applications to join"),
    "join-applications:read": gettext_noop("Read where one's own applications stand"),
}
