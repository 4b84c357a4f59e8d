"""The timeline in words: when, who, what, and the note for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from lianxin.orgs.api import Actor
from lianxin.procedures.models import Entry
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors.dossiers import Bundle, organisations_of
from lianxin.procedures.selectors.words import line_words
from lianxin.vault import api as vault

# Words of the office among itself: the person reads the move, not the note.
_INTERNAL = {Verb.HAND_OVER, Verb.RECUSE, Verb.TAKE}


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    seq: int
    at: datetime
    verb: str
    who: str
    words: str
    note: str = ""


def timeline(actor: Actor, bundle: Bundle) -> list[Line]:
    """Tell what happened, oldest first."""
    is_own = actor.account_id == bundle.dossier.applicant_id
    is_quiet = is_own or bundle.is_carried
    known = organisations_of(bundle)
    names = {step.code: str(step.name) for step in bundle.definition.route}
    labels = {one.code: str(one.label) for one in bundle.definition.fields}
    labels |= {one.code: str(one.label) for one in bundle.definition.evidence}
    stood_in = _stood_in(bundle)
    return [
        Line(
            seq=entry.seq,
            at=entry.at,
            verb=entry.verb,
            who=_who(entry, bundle, stood_in, is_own=is_own),
            words=line_words(entry.verb, entry.data, _names(entry, names, labels, known)),
            note="" if is_quiet and entry.verb in _INTERNAL else note_of(entry),
        )
        for entry in bundle.entries
    ]


def note_of(entry: Entry) -> str:
    """Return the words of an entry, for whoever may see its dossier."""
    # Read by the handlers and the person, to whom these words were written; not a stored fact.
    return entry.note or vault.reveal(entry, "sealed_note")


def _stood_in(bundle: Bundle) -> dict[str, str]:
    """Name those a deputy acted for; mostly nobody did, and nothing is asked."""
    wanted = {entry.data["for"] for entry in bundle.entries if "for" in entry.data}
    users = get_user_model().objects.only("display_name").filter(pk__in=wanted) if wanted else ()
    return {str(user.pk): str(user) for user in users}


def _who(entry: Entry, bundle: Bundle, stood_in: dict[str, str], *, is_own: bool) -> str:
    if entry.actor_id is None:
        return ""
    if entry.actor_id == bundle.dossier.applicant_id:
        return _("You") if is_own else bundle.dossier.applicant_name
    # To the person an office answers, not a name she could be turned against.
    office = entry.organisation.name if entry.organisation else ""
    if is_own or entry.actor is None:
        return office
    name = entry.actor.display_name
    if holder := stood_in.get(entry.data.get("for", "")):
        name = _("%(name)s for %(holder)s") % {"name": name, "holder": holder}
    return f"{office} · {name}" if office else name


def _names(
    entry: Entry, steps: dict[str, str], labels: dict[str, str], known: dict[str, Any]
) -> dict[str, str]:
    data = entry.data
    to = known.get(data.get("to", ""))
    return {
        "step": steps.get(entry.step_code, ""),
        "to": to.name if to else "",
        "changed": _listed(labels.get(code, code) for code in data.get("changed", [])),
        "skipped": _listed(steps.get(code, code) for code in data.get("skipped", [])),
    }


def _listed(names: Any) -> str:
    return _(", ").join(names)
