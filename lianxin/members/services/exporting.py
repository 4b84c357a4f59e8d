"""Taking a list of members out: for a purpose, marked, noted for each of them, gone after a week.

First everybody in the list is noted, a few hundred a transaction, with a line among those who looked
at her; only then is the file written, of exactly those. Cut off anywhere, it goes on.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import asdict, replace

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts.api import User
from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.adapters.workbooks import book_of
from lianxin.members.models import ExportedMember, Member, MemberExport
from lianxin.members.rules.exporting import LARGEST, PURPOSES, SEALED, VOTERS
from lianxin.members.rules.membership import State
from lianxin.members.rules.people import id_masked
from lianxin.members.selectors.people import Filters, members_listed
from lianxin.orgs.api import Actor, Organisation, actor_of
from lianxin.vault import api as vault

KEPT = dt.timedelta(days=7)
BATCH = 500
EXPORTS = "members.export"
PURPOSE_WORDS = {
    "gathering": gettext_lazy("To invite to an activity: name, union, job, phone"),
    "welfare": gettext_lazy("To hand something out: name, union, employer, phone"),
    "insurance": gettext_lazy("To insure members: name, union, sex, birth, identity number, phone"),
    "election": gettext_lazy("For an election: name, union, sex, day of joining"),
    "figures": gettext_lazy("For figures: everything without names"),
}
TITLES = {
    "name": gettext_lazy("Name"),
    "union": gettext_lazy("Union"),
    "occupation": gettext_lazy("Job"),
    "phone": gettext_lazy("Mobile phone"),
    "employer": gettext_lazy("Employer"),
    "sex": gettext_lazy("Sex"),
    "birth_on": gettext_lazy("Date of birth"),
    "birth_year": gettext_lazy("Year of birth"),
    "id_number": gettext_lazy("Identity number"),
    "joined_on": gettext_lazy("Joined the union on"),
    "industry": gettext_lazy("Industry"),
    "employment_form": gettext_lazy("Form of employment"),
    "skill_level": gettext_lazy("Skill level"),
}
_SEXES = {"1": gettext_lazy("male"), "2": gettext_lazy("female")}
_CELLS: dict[str, Callable[[Member], str]] = {
    "name": lambda member: member.name,
    "union": lambda member: member.organisation.name,
    "occupation": lambda member: member.occupation,
    "phone": lambda member: vault.reveal(member, "phone").removeprefix("+86"),
    "employer": lambda member: member.employer_name,
    "sex": lambda member: str(_SEXES.get(member.sex, "")),
    "birth_on": lambda member: member.birth_on.isoformat() if member.birth_on else "",
    "birth_year": lambda member: str(member.birth_on.year) if member.birth_on else "",
    "id_number": lambda member: vault.reveal(member, "id_number"),
    "id_number_masked": lambda member: id_masked(vault.reveal(member, "id_number")),
    "joined_on": lambda member: member.joined_on.isoformat() if member.joined_on else "",
    "industry": lambda member: member.industry,
    "employment_form": lambda member: member.employment_form,
    "skill_level": lambda member: member.skill_level,
}


def export_ask(
    *, actor: Actor, organisation: Organisation, filters: Filters, purpose: str, words: str
) -> MemberExport:
    """Ask for a list; it is written in the background. Asked twice within an hour, it is one.

    Raises:
        RefusedError: no purpose, no words, nobody, or more than fifty thousand people.
    """
    if actor.account_id is None or not policies.may_export(actor, organisation.path):
        raise ForbiddenError(_("You may not take lists of this union out."))
    if purpose not in PURPOSES:
        raise RefusedError(_("Please say what the list is for."), field="purpose")
    told = clean(words)[:200]
    if len(told) < 4:
        raise RefusedError(
            _("Please write in a few words what the list is for; it is kept with it."),
            field="words",
        )
    wanted = _wanted(Filters(**asdict(filters) | {"union": organisation.code}), purpose)
    count = members_listed(actor, wanted).order_by()[: LARGEST + 1].count()
    if not count:
        raise RefusedError(_("Nobody in your reach fits. There is nothing to take out."))
    if count > LARGEST:
        raise RefusedError(_("These are too many people for one list. Please narrow it."))
    export = MemberExport(
        account_id=actor.account_id,
        organisation=organisation,
        filters=asdict(wanted),
        purpose=purpose,
        words=told,
        columns=_columns(actor, organisation, purpose),
    )
    with atomic():
        if same := _same(export):
            return same
        export.save(force_insert=True)
        audit.record(
            actor_id=actor.account_id,
            action="members.export_asked",
            kind="members.MemberExport",
            object_id=export.pk,
            purpose=purpose,
            detail={"organisation": str(organisation.pk), "columns": export.columns},
        )
        jobs.enqueue(
            "members.write_export",
            payload={"export_id": str(export.pk)},
            key=f"members.export:{export.pk}",
        )
    return export


def export_write(export: MemberExport) -> None:
    """Note everybody in the list, then write it; goes on where it was cut off."""
    if export.state != MemberExport.State.WAITING:
        return
    while _note_some(export):
        pass
    people = _people(export)
    count = people.count()
    files.object_erase(EXPORTS, export.pk)  # what a run that was cut off had written
    kept = files.file_keep(
        actor_id=export.account_id,
        file=_workbook(export, people, count),
        name=_("Members") + f" {export.pk.hex[-6:]}.xlsx",
        kind=files.Kind.XLSX,
        purpose=EXPORTS,
        object_kind=EXPORTS,
        object_id=export.pk,
        expires_at=clock.now() + KEPT,
    )
    with atomic():
        done = MemberExport.objects.filter(pk=export.pk, state=MemberExport.State.WAITING).update(
            state=MemberExport.State.DONE,
            rows=count,
            file_id=kept.pk,
            finished_at=clock.now(),
            expires_at=kept.expires_at,
        )
        if done:
            audit.record(
                actor_id=export.account_id,
                action="members.exported",
                kind="members.MemberExport",
                object_id=export.pk,
                purpose=export.purpose,
                detail={"rows": count, "sha256": kept.sha256},
            )


def export_may_open(actor: Actor, export_id: uuid.UUID) -> bool:
    """Open a list that was written: who asked for it, while she may still take it out whole.

    Who stands in it and has gone to a union elsewhere does not count.
    """
    if actor.account_id is None:
        return False
    export = MemberExport.objects.filter(pk=export_id, account_id=actor.account_id)
    found = export.select_related("organisation").first()
    if found is None or not policies.may_export(actor, found.organisation.path):
        return False
    there = _people(found).filter(policies.at_and_below(found.organisation))
    return policies.visible_to(actor, there).count() == there.count()


def _wanted(filters: Filters, purpose: str) -> Filters:
    """Leave out of a list of voters who has no vote."""
    if purpose not in VOTERS:
        return filters
    if filters.state not in {"", State.IN_FORCE}:
        raise RefusedError(
            _("Only members in force have a vote. Please take the list of those."), field="purpose"
        )
    return replace(filters, state=State.IN_FORCE.value)


def _columns(actor: Actor, organisation: Organisation, purpose: str) -> list[str]:
    full = policies.may_export_numbers(actor, organisation.path)
    return [
        "id_number_masked" if name == "id_number" and not full else name
        for name in PURPOSES[purpose].columns
    ]


def _same(export: MemberExport) -> MemberExport | None:
    return MemberExport.objects.filter(
        account_id=export.account_id, filters=export.filters, purpose=export.purpose,
        created_at__gt=clock.now() - dt.timedelta(hours=1),
    ).first()  # fmt: skip


def _note_some(export: MemberExport) -> int:
    """Note the next few people of the list; return how many."""
    actor = actor_of(export.account_id)
    noted = ExportedMember.objects.filter(export=export, member=OuterRef("pk"))
    rows = members_listed(actor, Filters(**export.filters)).filter(
        ~Exists(noted), created_at__lte=export.created_at
    )
    people = list(rows.order_by("sort_key", "id")[:BATCH])
    fields = [name.removesuffix("_masked") for name in export.columns]
    with atomic():
        ExportedMember.objects.bulk_create(
            [ExportedMember(export=export, member=member) for member in people]
        )
        for member in people:
            vault.note_opening(
                actor_id=export.account_id,
                kind="members.Member",
                object_id=member.pk,
                fields=[name for name in fields if name in SEALED] or ["name"],
                purpose=f"export_{export.purpose}",
                subject_id=policies.subject_of(member),
            )
    return len(people)


def _people(export: MemberExport) -> QuerySet[Member]:
    noted = ExportedMember.objects.filter(export=export, member=OuterRef("pk"))
    return Member.objects.filter(Exists(noted)).select_related("organisation")


def _workbook(export: MemberExport, people: QuerySet[Member], count: int) -> io.BytesIO:
    file = io.BytesIO()
    who = str(User.objects.get(pk=export.account_id))
    when = timezone.localtime(export.created_at).strftime("%Y-%m-%d %H:%M")
    mark = f"{who} · {export.organisation.name} · {when} · {export.pk}"
    with book_of(file, rows=count) as book:
        # Seen: on every printed page and on top. Unseen: in the file's own properties.
        book.set_custom_property("lianxin-export", str(export.pk))
        book.define_name("_lianxin_export", f'="{export.pk}"')
        page = book.add_worksheet(_("Members"))
        page.set_header(f"&L{mark}&R&P / &N")
        page.set_footer(f"&C{mark}")
        page.write(0, 0, mark)
        # Opened for the file alone; each of them has her line about it.
        page.write(1, 0, f"{PURPOSE_WORDS[export.purpose]} · {vault.reveal(export, 'words')}")
        titles = [str(TITLES[name.removesuffix("_masked")]) for name in export.columns]
        actor = actor_of(export.account_id)
        page.write_row(3, 0, titles, book.add_format({"bold": True}))
        page.freeze_panes(4, 0)
        rows = people.order_by("sort_key", "id").iterator(chunk_size=2000)
        for at, member in enumerate(rows, start=4):
            page.write_row(at, 0, [_cell(actor, member, name) for name in export.columns])
    return file


def _cell(actor: Actor, member: Member, name: str) -> str:
    """Write one field; a number in full only where she answers for the roll it stands on."""
    is_full = name != "id_number" or policies.may_export_numbers(actor, member.organisation.path)
    return _CELLS[name if is_full else "id_number_masked"](member)
