"""What a wish to put the roll right says, which of them run, and what an officer compares it with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.catalogue.constants import CORRECTION, HARDSHIP, TRANSFER
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.kit import clock
from lianxin.members.api import (
    CHECKED,
    Correction,
    FactLink,
    Member,
    ShownFact,
    fact_shown,
    is_from_number,
    members_by_id,
)
from lianxin.procedures.api import DeskNote, Dossier, case_facts
from lianxin.ui.templatetags.ui import day

# What an office would not believe without seeing a paper.
PAPERS = frozenset({"name", "id_number", "sex", "birth_on"})


def needs_paper(what: str) -> bool:
    """Say whether a correction of this field needs a paper."""
    return what in PAPERS


def correction_of(member_id: uuid.UUID, values: Mapping[str, Any]) -> Correction:
    """Read the answers of a case as what is to change."""
    what = str(values.get("what", ""))
    return Correction(
        member_id=member_id,
        fact=what,
        value=values.get(f"right_{what}"),
        id_kind=str(values.get("right_id_kind") or ""),
    )


def corrections_running(member_id: uuid.UUID) -> dict[str, Dossier]:
    """Return the corrections asked for and not decided, by field. Rarely more than one."""
    rows = Dossier.objects.filter(subject_id=member_id, version__code=CORRECTION).running()
    found = {}
    for dossier in rows.order_by("created_at"):
        case = case_facts(dossier.pk, CORRECTION)
        if case is not None:
            found[str(case.values.get("what", ""))] = dossier
    return found


def correction_running(member_id: uuid.UUID, what: str) -> Dossier | None:
    """Return the correction of one field that was asked for and is not decided."""
    return corrections_running(member_id).get(what)


def field_wanted(member: Member, name: str) -> str:
    """Return the field to put right when a member taps one: what her number tells follows from it."""
    return "id_number" if is_from_number(member, name) else name


def links_of(member: Member) -> dict[str, FactLink]:
    """Say where each field of the roll is asked to be put right, and what runs already.

    What a decision says (the hardship file), a new application puts right.
    """
    offers = shelf().offers
    links = {
        name: FactLink(url=reverse("catalogue:service_page", args=[code]))
        for name, code in (("organisation", TRANSFER), ("hardship_tier", HARDSHIP))
        if code in offers
    }
    if CORRECTION not in offers:
        return links
    running = corrections_running(member.pk)
    for name in ("id_kind", *CHECKED):
        wanted = field_wanted(member, "id_number" if name == "id_kind" else name)
        case = running.get(wanted)
        if case is None:
            links[name] = FactLink(url=reverse("catalogue:correct", args=[wanted]))
        else:
            links[name] = FactLink(url=reverse("procedures:case", args=[case.pk]), note=_note(case))
    return links


def notes_of(dossier: Dossier) -> Sequence[DeskNote]:
    """Show the officer what stands on the roll now, masked where it could be stolen."""
    case = case_facts(dossier.pk, CORRECTION)
    subject_id = case.dossier.subject_id if case else None
    member = members_by_id([subject_id]).get(subject_id) if subject_id else None
    what = str(case.values.get("what", "")) if case else ""
    if member is None or what not in CHECKED:
        return ()
    shown: list[ShownFact] = [fact_shown(member, what)]
    if what == "id_number":
        shown.append(fact_shown(member, "id_kind"))
    label = _("On the roll now: %(field)s")
    return [
        DeskNote(label % {"field": one.label}, one.value or _("nothing"), one.source)
        for one in shown
    ]


def _note(case: Dossier) -> str:
    if case.due_at is None or case.due_at < clock.now():
        return _("You asked to put it right")
    return _("You asked to put it right; answered by %(day)s") % {"day": day(case.due_at)}
