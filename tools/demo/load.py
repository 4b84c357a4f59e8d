"""Fills an empty database with the demo federation, telling how it goes."""

from __future__ import annotations

import json
import random
import time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command

from lianxin.orgs.api import Organisation
from lianxin.orgs.testing import tree_load
from tools.demo import cases, draws, memberships, people, places, stations, tree, workbook


def write_workbook(path: Path, *, members: int, unions: int, seed: int) -> dict[str, int]:
    """Write the workbook of members; return how often each mistake was made."""
    chance = random.Random(seed)  # noqa: S311  (invented people need no cryptography)
    grassroots = tree.grassroots(list(tree.rows(chance, unions)))
    return workbook.write(path, chance, grassroots, members)


def load(*, members: int, unions: int, seed: int) -> None:
    """Load the tree, the members through the real import, the people, the cases."""
    if Organisation.objects.exists():
        raise SystemExit("The database is not empty: the demo is only loaded into an empty one.")
    started = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - started:5.1f} s  {what}", flush=True)

    chance = random.Random(seed)  # noqa: S311  (invented people need no cryptography)
    rows = list(tree.rows(chance, unions))
    tell(f"{tree_load(rows):,} organisations")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roll.xlsx"
        workbook.write(path, chance, tree.grassroots(rows), members)
        tell("the workbook of members is written")
        tell(_import(path))
    world = people.load()
    people.write_sign_ins(Path(settings.DEMO_SIGN_INS))
    tell(f"{len(world.accounts)} people who can sign in")
    cases.load(world)
    tell(f"{memberships.load(world)} people entered twice, a transfer under way, cards")
    tell(f"{places.load(world)} services with places to take")
    tell(f"{draws.load(world)} draws, one at each stage")
    tell(f"{stations.load(world)} stations")
    tell("ready")


def _import(path: Path) -> str:
    out = StringIO()
    call_command("import_members", path, organisation="JZ", stdout=out, stderr=StringIO())
    counts = json.loads(out.getvalue().splitlines()[-1])
    return ", ".join(
        f"{counts[name]:,} {name}" for name in ("rows", "created", "duplicate", "rejected")
    )
