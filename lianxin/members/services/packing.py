"""What a person takes along: a ZIP with her data for machines, and as a page she can read."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.kit.money import yuan
from lianxin.members.rules.privacy import privacy_export
from lianxin.members.selectors.dictionary import dictionary
from lianxin.members.services.privacy import copy_of, person_of
from lianxin.orgs.api import Actor

STYLE = """body { font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans SC", sans-serif; color: #1f2328;
  background: #fffcf8; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.3; } h2 { border-top: 2px solid #be1e2d; padding-top: .75rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; overflow-wrap: anywhere; } li { margin: .25rem 0; }
"""
# What the keys of the copy mean; one that has no word here is shown as it is.
WORDS: dict[str, Any] = {
    "account": _("Account"), "members": _("Membership and facts"), "messages": _("Messages"),
    "files": _("Papers"), "posts": _("Posts"), "openings": _("Who looked at my data"),
    "procedures": _("My cases"), "notices": _("Public notices"), "voice": _("What I wrote to the union"),
    "catalogue": _("Begun and not sent"), "eligibility": _("Policies found for me"),
    "facts": _("Facts"), "sources": _("Where it comes from"), "consents": _("What I agreed to"),
    "family": _("Family"), "name": _("Name"), "number": _("Number"), "service": _("Service"),
    "state": _("State"), "outcome": _("Outcome"), "answers": _("Answers"), "papers": _("Papers"),
    "happened": _("What happened"), "payments": _("Payments"), "at": _("When"), "who": _("Who"),
    "what": _("What"), "note": _("Note"), "from": _("From"), "to": _("To"), "until": _("Until"),
    "for": _("For"), "by": _("By"), "role": _("Role"), "organisation": _("Union"),
    "language": _("Language"), "since": _("Since"), "agreed": _("Agreed to"),
    "devices": _("Devices"), "words": _("Words"), "answer": _("Answer"), "on": _("On"),
    "title": _("Title"), "body": _("Text"), "kind": _("Kind"), "purpose": _("Purpose"),
    "given_at": _("Given"), "withdrawn_at": _("Taken back"), "created_at": _("Made"),
    "read_at": _("Read"), "size": _("Size"), "relation": _("Relation"),
    "lists": _("Lists I stood in"), "lists_taken_out": _("Lists I took out"), "rows": _("Rows"),
    "yearly_checks": _("Yearly checks that named me"), "value": _("What is known"),
    "source": _("Where it comes from"), "recorded_at": _("Written down"),
    "expires_on": _("Good until"), "where": _("Where"), "amount_fen": _("Amount"),
    "account_number": _("Bank account"), "membership": _("Membership"), "history": _("What happened"),
    "transfers": _("Transfers"), "cards": _("Membership cards"), "union": _("Union"),
    "reason": _("Why"), "issued_at": _("Issued"), "revoked_at": _("Revoked"),
    "asked_at": _("Asked"), "phase": _("State"), "closing": _("Closing the account"),
    "filled_in_by": _("Filled in by"), "acted_for_you": _("Acted for me"),
    "signed_on_paper": _("Signed on paper"), "objection": _("Objection"), "rating": _("Rating"),
    "new_way_in": _("A new way in"), "signed_pages": _("The page signed on joining"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A piece of the copy for the page: words, or more pieces below a label."""

    label: str = ""
    words: str = ""
    parts: list[Shown] = field(default_factory=list)


def pack_of(actor: Actor) -> bytes:
    """Return the ZIP: `data.json` with everything, `index.html` to read, `style.css` for it."""
    copied = copy_of(actor)
    made_at = clock.now().astimezone(dt.timezone(dt.timedelta(hours=8)))
    labels = {key: str(part.label or WORDS.get(key, key)) for key, part in privacy_export.items()}
    person = person_of(actor)
    told = {
        key: part.page(person) if part.page else copied.get(key)
        for key, part in privacy_export.items()
    }
    chapters = [shown(labels[key], told[key]) for key in labels if told[key]]
    page = render_to_string(
        "members/copy_page.html",
        {"chapters": chapters, "made_at": made_at, "language": get_language() or "zh-hans"},
    )
    data = json.dumps(copied, ensure_ascii=False, indent=1, default=str)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for name, text in (("index.html", page), ("style.css", STYLE), ("data.json", data)):
            files.writestr(name, text)
    return packed.getvalue()


def shown(label: str, value: Any) -> Shown:
    """Turn plain values into pieces of a page; what is empty is left out."""
    if isinstance(value, dict):
        parts = [
            shown(_word(key), _sum(one) if _is_sum(key, one) else one)
            for key, one in value.items()
            if one not in (None, "", [], {})
        ]
        return Shown(label, parts=parts)
    if isinstance(value, list | tuple):
        return Shown(label, parts=[shown("", one) for one in value])
    return Shown(label, words=_plain(value))


def _word(key: str) -> str:
    if key in WORDS:
        return str(WORDS[key])
    entry = dictionary().facts.get(key)
    return str(entry.label) if entry else key.removesuffix("_fen").replace("_", " ")


def _is_sum(key: str, value: Any) -> bool:
    """Say whether this is money: whatever is kept in fen says so in its name."""
    return key.endswith("_fen") and isinstance(value, int) and not isinstance(value, bool)


def _sum(fen: int) -> str:
    return str(_("%(sum)s yuan") % {"sum": yuan(fen)})


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(Z|[+-]\d\d:\d\d)")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = dt.datetime.fromisoformat(value)
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    return str(value)
