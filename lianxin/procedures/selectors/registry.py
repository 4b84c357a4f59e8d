"""What higher apps teach the engine: kinds of subjects, kinds of steps, dated parameters."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lianxin.kit.slots import Slot
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.models import Dossier, ProcedureVersion, Task
from lianxin.procedures.rules.definition import Step

MOST_VERSIONS = 512
_versions: dict[uuid.UUID, ProcedureVersion] = {}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a dossier is about, resolved."""

    label: str
    organisation: Organisation | None = None
    accounts: frozenset[uuid.UUID] = field(default_factory=frozenset)  # all the people concerned


class SubjectKind(Protocol):
    """Resolves the ids of one kind of subject: a member, a family, a team, a unit, a house."""

    def __call__(self, subject_id: uuid.UUID) -> Subject | None:
        """Return the subject, or None if it is not there."""


class StepHandler(Protocol):
    """What a kind of step does by itself; most do nothing but wait for their officer."""

    def entered(self, dossier: Dossier, task: Task, step: Step) -> None:
        """Act when the step begins: publish a notice, prepare a payment. Inside the transaction."""

    def hindrance(self, dossier: Dossier, task: Task, step: Step, *, is_system: bool) -> str:
        """Return the sentence why the step cannot be passed now, or ""."""


# (name of the parameter, organisation it is asked for, day) → value in fen, or None if not known
Parameter = Callable[[str, Organisation, dt.date], int | None]

subject_kinds: Slot[SubjectKind] = Slot(
    "subject_kinds", purpose="What a dossier may be about, by kind; `member` is built in"
)
step_kinds: Slot[StepHandler] = Slot(
    "step_kinds", purpose="Kinds of steps that act by themselves: notice, payment, later a draw"
)
parameters: Slot[Parameter] = Slot(
    "parameters", purpose="Dated, regional amounts a procedure counts with; the first answer wins"
)

# (whose application, her answers, where the case begins) → sentences by code of field
AnswersCheck = Callable[[uuid.UUID, Mapping[str, Any], Organisation], Mapping[str, str]]
answers_checks: Slot[AnswersCheck] = Slot(
    "answers_checks",
    purpose="What a procedure asks of answers beyond their form, before it sets out; by its code",
)


@dataclass(frozen=True, slots=True)
class DeskNote:
    """One line an officer reads beside the answers: what stands elsewhere, and where it is from."""

    label: str
    value: str
    source: str = ""


desk_notes: Slot[Callable[[Dossier], Sequence[DeskNote]]] = Slot(
    "desk_notes",
    purpose="What an officer compares the answers of a procedure with, at the desk; by its code",
)


signature_words: Slot[Callable[[Dossier], Sequence[str]]] = Slot(
    "signature_words",
    purpose="Sentences a person agrees to with her signature, on the page she signs",
)


def signature_words_of(dossier: Dossier) -> list[str]:
    """Return all sentences a person agrees to by signing an application."""
    return [word for read in signature_words for word in read(dossier)]


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What an app tells on the page of a case: a sentence or two, and where it leads (words, address)."""

    title: str
    words: str
    links: tuple[tuple[str, str], ...] = ()


class CaseTeller(Protocol):
    """Tells of one case to one reader."""

    def __call__(self, dossier: Dossier, actor: Actor, *, is_own: bool) -> CaseNote | None:
        """Return what there is to tell her; None if nothing. `is_own`: she is the person."""


case_notes: Slot[CaseTeller] = Slot(
    "case_notes", purpose="What an app tells on the page of a case, to its person and to the office"
)


def case_notes_for(dossier: Dossier, actor: Actor, *, is_own: bool) -> list[CaseNote]:
    """Gather what apps tell of a case."""
    found = (tell(dossier, actor, is_own=is_own) for tell in case_notes)
    return [one for one in found if one is not None]


def notes_for(dossier: Dossier) -> Sequence[DeskNote]:
    """Return what an officer compares a case with."""
    read = desk_notes.get(dossier.version.code)
    return read(dossier) if read else ()


def answers_faults(
    code: str, applicant_id: uuid.UUID, values: Mapping[str, Any], origin: Organisation
) -> Mapping[str, str]:
    """Return what a procedure's own check finds wrong, by code of field."""
    check = answers_checks.get(code)
    return check(applicant_id, values, origin) if check else {}


def subject_of(kind: str, subject_id: uuid.UUID | None) -> Subject | None:
    """Resolve a subject; None if it is not there (any more)."""
    resolver = subject_kinds.get(kind)
    return resolver(subject_id) if resolver and subject_id else None


def parameter_of(name: str, organisation: Organisation, on: dt.date) -> int | None:
    """Return a dated amount in fen, or None if nobody knows it."""
    answers = (ask(name, organisation, on) for ask in parameters)
    return next((answer for answer in answers if answer is not None), None)


def versions_fill(dossiers: Iterable[Dossier]) -> None:
    """Give dossiers their versions without loading a long text for each; versions never change."""
    rows = list(dossiers)
    missing = {row.version_id for row in rows} - _versions.keys()
    if missing:
        if len(_versions) > MOST_VERSIONS:
            _versions.clear()
        _versions.update(ProcedureVersion.objects.in_bulk(missing))
    for row in rows:
        row.version = _versions[row.version_id]


def member_subject(subject_id: uuid.UUID) -> Subject | None:
    """The subject of most procedures: a member of the union."""
    member = Member.objects.select_related("organisation").filter(pk=subject_id).first()
    if member is None:
        return None
    accounts = frozenset({member.account_id} if member.account_id else ())
    return Subject(member.name, member.organisation, accounts)


def member_for(account_id: uuid.UUID | None) -> Member | None:
    """Return the roll entry of an account, if it has one."""
    return member_of(account_id)


subject_kinds.fill("member", member_subject)
