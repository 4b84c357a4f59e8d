"""One workbook of many people: our import against the same load by plain `bulk_create`, in turns.

    python -m bench.members_import [--rows 100000] [--rounds 3] [--only postgresql]

The plain load reads with the same fast reader, understands each row by the same rules, validates
each by `Member.full_clean()`, as a careful Django programme does, and stores by `bulk_create`, two
thousand at a time, each batch one transaction. It runs on a share of the rows (it is slow), in
turns with ours on fresh tables; compared are rows a second and rows a second of CPU (of this
programme and its reader; the server's own work comes on top on both sides).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SHARE = 10  # the plain load takes a tenth of the rows
SEED = 20261122


def main(words: list[str] | None = None) -> None:
    """Write the workbooks, then measure on both databases."""
    chosen = _parser().parse_args(words if words is not None else [])
    with tempfile.TemporaryDirectory() as folder:
        books = {
            "all": _workbook(Path(folder) / "all.xlsx", chosen.rows),
            "share": _workbook(Path(folder) / "share.xlsx", max(chosen.rows // SHARE, 2000)),
        }
        for vendor in ("sqlite", "postgresql"):
            if chosen.only in {None, vendor}:
                _on(vendor, books, chosen.rounds, Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.members_import")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    return parser


def _workbook(path: Path, rows: int) -> Path:
    command = [sys.executable, "-m", "tools.demo", "--workbook", str(path), "--members", str(rows)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment(path.parent))
    return path


def _environment(folder: Path) -> dict[str, str]:
    told = {"LIANXIN_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run"}
    return {
        name: value for name, value in os.environ.items() if name != "LIANXIN_DATABASE_URL"
    } | told


def _on(vendor: str, books: dict[str, Path], rounds: int, folder: Path) -> None:
    wrap = [] if vendor == "sqlite" else [sys.executable, "-m", "tools.pg", "run", "--"]
    command = [sys.executable, "-m", "bench.members_import", "measure", str(rounds)]
    subprocess.run(
        [*wrap, *command, *map(str, books.values())], check=True, env=_environment(folder)
    )


def measure(rounds: int, whole: Path, share: Path) -> None:
    """Measure on the database the environment names."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianxin.orgs.testing import tree_load
    from tools.demo import tree

    call_command("migrate", verbosity=0)
    tree_load(list(tree.rows(random.Random(SEED), 1000)))
    ratios, cpu_ratios = [], []
    for number in range(rounds):
        ours, ours_cpu = _timed(_ours, share)
        plain, plain_cpu = _timed(_plain, share)
        ratios.append(ours / plain)
        cpu_ratios.append(ours_cpu / plain_cpu)
        print(
            f"{connection.vendor:10} round {number + 1}: ours {ours:,.0f} rows a second "
            f"({ours_cpu:,.0f} a CPU-second), plain {plain:,.0f} ({plain_cpu:,.0f})",
            flush=True,
        )
    began = time.monotonic()
    speed, cpu = _timed(_ours, whole)
    seconds = time.monotonic() - began
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(
        f"{connection.vendor:10} {round(speed * seconds):,} rows of one workbook in {seconds:.0f} s = "
        f"{speed:,.0f} a second ({cpu:,.0f} a CPU-second), {(own + reader) / 1024:,.0f} MB at most; "
        f"{statistics.median(ratios):.1f} times plain bulk_create "
        f"({statistics.median(cpu_ratios):.1f} by CPU)"
    )


def _timed(load: Any, path: Path) -> tuple[float, float]:
    _emptied()
    began, cpu = time.monotonic(), _cpu()
    rows = load(path)
    return rows / (time.monotonic() - began), rows / (_cpu() - cpu)


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _emptied() -> None:
    from django.db import connection

    tables = ("members_importrejection", "members_importrun", "members_member")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (our own tables)


def _ours(path: Path) -> int:
    from lianxin.members.services.importing.running import members_import
    from lianxin.orgs.api import Actor, Organisation

    city = Organisation.objects.get(code="JZ")
    return members_import(actor=Actor.system(), path=path, organisation=city).rows


def _plain(path: Path) -> int:
    from python_calamine import CalamineWorkbook

    from lianxin.members.rules.sheet import header_of, is_data
    from lianxin.members.services.importing.places import Places
    from lianxin.orgs.api import Organisation

    places, count, batch = Places(Organisation.objects.get(code="JZ")), 0, []
    for page in CalamineWorkbook.from_path(path).sheet_names:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(page).to_python()
        header = header_of(rows)
        if header is None:
            continue
        for row in rows[header.at + 1 :]:
            if is_data(row, header):
                count += 1
                batch.append((row, header))
                if len(batch) >= 2000:
                    _plain_batch(batch, places)
                    batch = []
    _plain_batch(batch, places)
    return count


def _plain_batch(batch: list[Any], places: Any) -> None:
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from lianxin.kit import clock
    from lianxin.members.models import Member
    from lianxin.members.rules.sheet import RowError, draft_of

    members: dict[str, Member] = {}
    with transaction.atomic():
        for row, header in batch:
            try:
                member = _member(draft_of(row, header, today=clock.today()), places)
                member.full_clean()
            except (RowError, ValidationError):
                continue
            members.setdefault(member.id_index, member)
        there = set(
            Member.objects.filter(id_index__in=list(members)).values_list("id_index", flat=True)
        )
        Member.objects.bulk_create([m for index, m in members.items() if index not in there])


def _member(draft: Any, places: Any) -> Any:
    from lianxin.members.models import Member
    from lianxin.members.selectors.people import TAIL
    from lianxin.members.selectors.pinyin import sort_key_of
    from lianxin.vault import api as vault

    place = places.of(draft.union_words, is_needed=True)
    return Member(
        organisation_id=place.organisation_id,
        **place.codes,
        name=draft.name,
        sort_key=sort_key_of(draft.name),
        id_kind=draft.identity.kind,
        id_number=draft.identity.number,
        id_index=vault.blind_index(draft.identity.number, purpose="id_number"),
        phone=draft.phone or None,
        phone_index=vault.blind_index(draft.phone, purpose="phone"),
        tail_index=vault.blind_index(draft.phone[-4:], purpose="phone_tail")[:TAIL],
        birth_on=draft.birth_on,
        sex=draft.sex,
        employer_name=draft.employer_name,
        employment_form=draft.employment_form,
        occupation=draft.occupation,
        skill_level=draft.skill_level,
        joined_on=draft.joined_on,
        industry=draft.industry,
        source="roll",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(sys.argv[1:])
