"""Load the demo federation: `python -m tools.demo`; see `tools.demo`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import django

SEED = 20261122


def main() -> None:
    """Read the switches and load."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--members", type=int, default=50_000)
    parser.add_argument("--unions", type=int, default=1_000)
    parser.add_argument("--small", action="store_true", help="500 members in 250 unions")
    parser.add_argument("--workbook", type=Path, metavar="F.xlsx", help="only write the workbook")
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    members, unions = (500, 250) if chosen.small else (chosen.members, chosen.unions)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.run")
    django.setup()
    from tools.demo import load

    if chosen.workbook:
        print(
            load.write_workbook(chosen.workbook, members=members, unions=unions, seed=chosen.seed)
        )
    else:
        load.load(members=members, unions=unions, seed=chosen.seed)


if __name__ == "__main__":
    main()
