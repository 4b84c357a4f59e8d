"""The scopes in words, for the document and for the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from lianxin.gateway.rules.access import Scope

SCOPES = {
    Scope.CARDS_VERIFY: gettext_noop("Verify membership cards"),
    Scope.ORGANISATIONS_READ: gettext_noop("Look up organisations in reach"),
    Scope.JOIN_WRITE: gettext_noop("Hand in applications to join"),
    Scope.JOIN_READ: gettext_noop("Read where one's own applications stand"),
}
