"""Fills a database with a crowd: the demo federation, and thousands of dossiers on their way."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

CHUNK = 2_000


def demo(members: int) -> None:
    """Load the demo federation into the database the environment names."""
    for command in (
        ["manage.py", "migrate", "-v0"],
        ["manage.py", "collectstatic", "--no-input", "-v0"],
        ["-m", "tools.demo", "--members", str(members)],
        ["manage.py", "catalogue_load", "-v0"],
    ):
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)


def dossiers(count: int, seed: int = 20261122) -> None:
    """Add running dossiers of the union's members, each with answers, a timeline and an open task."""
    from lianxin.members.api import Member
    from lianxin.procedures.api import ProcedureVersion

    chance = random.Random(seed)
    versions = list(
        ProcedureVersion.objects.filter(code__in=["hardship-file", "medical-aid", "school-aid"])
    )
    # Lin keeps the few cases of her own: her pages are the ones measured.
    people = (
        Member.objects.exclude(account=None)
        .exclude(name="林晓梅")
        .values_list("account_id", "pk", "organisation_id")
    )
    # Few members of the demo have signed in; the others' dossiers are nominated for them.
    roll = Member.objects.order_by("pk").values_list("pk", "organisation_id", "name")
    accounts = itertools.cycle([account for account, _member, _union in people])
    made = (
        (next(accounts), *row, chance.choice(versions), chance.uniform(-3, 20))
        for row in itertools.cycle(roll)
    )
    for chunk in _chunks(itertools.islice(made, count)):
        _write(chunk)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk


def _write(chunk: list[Any]) -> None:
    from lianxin.kit import clock
    from lianxin.kit.ids import new_id
    from lianxin.kit.transactions import atomic
    from lianxin.procedures.models import AnswerSet, Dossier, Entry, Task

    now = clock.now()
    rows: dict[Any, list[Any]] = {Dossier: [], AnswerSet: [], Entry: [], Task: []}
    for account, member, union, name, version, days in chunk:
        step = version.definition.route[0]
        due_at = now + dt.timedelta(days=days)
        one = Dossier(
            number=f"B-{new_id().hex[-16:]}", version=version, applicant_id=account, applicant_name=name,
            subject_kind="member", subject_id=member, organisation_id=union, state="open", seq=1,
            confidentiality=version.definition.confidentiality, key=new_id().hex, submitted_at=now,
            due_at=due_at,
        )  # fmt: skip
        rows[Dossier].append(one)
        rows[AnswerSet].append(AnswerSet(dossier=one, revision=1, plain={}, by_id=account))
        rows[Entry].append(
            Entry(dossier=one, seq=1, verb="submit", actor_id=account, key=new_id().hex)
        )
        rows[Task].append(
            Task(
                dossier=one,
                step_index=0,
                step_code=step.code,
                kind=step.kind,
                organisation_id=union,
                roles=f"|{'|'.join(step.roles)}|",
                due_at=due_at,
            )
        )
    with atomic():
        for model, made in rows.items():
            model.objects.bulk_create(made)


def on_both_databases(module: str) -> None:
    """Run a bench's `measure` on SQLite and on a throw-away PostgreSQL, each in a folder of its own."""
    import tempfile

    for wrap in ([], [sys.executable, "-m", "tools.pg", "run", "--"]):
        with tempfile.TemporaryDirectory() as var:
            env = {
                **os.environ,
                "LIANXIN_VAR": var,
                "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run",
            }
            subprocess.run([*wrap, sys.executable, "-m", module], env=env, check=True)
