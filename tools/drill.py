"""The restore drill: fill, back up, destroy, restore, compare; on whichever database is named.

    python -m tools.drill                               SQLite
    python -m tools.pg run -- python -m tools.drill     PostgreSQL

It works in a folder of its own and refuses any PostgreSQL but a throw-away one of `tools.pg`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_ROWS = 2000
# What a drill without would prove nothing for.
WORTH = (
    "members_member", "members_fact", "members_card", "procedures_dossier", "procedures_entry",
    "procedures_payment", "catalogue_draft", "files_storedfile", "audit_auditrow",
)  # fmt: skip


class DrillError(Exception):
    """The drill failed; the message says where."""


def drill() -> None:
    """Do it all, in a folder that is removed afterwards."""
    url = os.environ.get("LIANXIN_DATABASE_URL", "")
    if url and "lianxin-pg-" not in url:
        raise DrillError("LIANXIN_DATABASE_URL names a database that may be somebody's: unset it.")
    with tempfile.TemporaryDirectory(prefix="lianxin-drill-") as home:
        folder = Path(home)
        env = os.environ | {
            "LIANXIN_VAR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run",
            "LIANXIN_PYTHON": sys.executable,
        }
        _call(env, sys.executable, "manage.py", "migrate", "--verbosity", "0")
        _call(env, sys.executable, "-m", "tools.drill", "--fill")
        _call(env, sys.executable, "manage.py", "audit_checkpoint")
        before = _snapshot(env)
        empty = [name for name in WORTH if not before["tables"][name][0]]
        if empty:
            raise DrillError(f"nothing to lose in {', '.join(empty)}")
        print(f"Filled: {before['rows']} rows in {len(before['tables'])} tables, "
              f"{before['sealed']} sealed values, {len(before['files'])} files.")  # fmt: skip
        data, keys = folder / "data", folder / "keys"
        backup = _call(env, "deploy/backup.sh", str(data), str(keys)).strip().splitlines()[-1]
        vault = next(keys.glob("*.keys.tar"))
        _refused(env, "over existing data", backup, str(vault))
        _destroy(env, folder / "var")
        _refused(env, "a damaged backup", str(_damaged(Path(backup))), str(vault))
        _call(env, "deploy/restore.sh", backup, str(vault))
        _compare(before, _snapshot(env))
        _lose_a_day(env, folder / "var", backup, str(vault))
    print("Restored and compared: every count, every sampled row, every sealed value, every file.")


def _lose_a_day(env: dict[str, str], var: Path, backup: str, vault: str) -> None:
    """What happened after the backup is gone; checkpoints kept elsewhere must say so, and hold."""
    env = env | {"LIANXIN_CHECKPOINTS": str(var.parent / "checkpoints")}
    _call(env, sys.executable, "manage.py", "audit_checkpoint")
    _call(env, sys.executable, "manage.py", "officer_create", "later", "--name", "Later")
    _call(env, sys.executable, "manage.py", "audit_checkpoint")
    _destroy(env, var)
    said = _call(env, "deploy/restore.sh", backup, vault)
    if "declares a restore" not in said:
        raise DrillError(f"the checkpoints did not notice the lost day:\n{said}")


def _call(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DrillError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _refused(env: dict[str, str], what: str, *words: str) -> None:
    try:
        _call(env, "deploy/restore.sh", *words)
    except DrillError as error:
        if "Not restored" in str(error):
            return
        raise
    raise DrillError(f"restore.sh accepted {what}")


def _damaged(backup: Path) -> Path:
    copy = Path(shutil.copytree(backup, backup.parent / "damaged"))
    target = next(copy.glob("database.*"))
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    return copy


def _destroy(env: dict[str, str], var: Path) -> None:
    shutil.rmtree(var)
    if env.get("LIANXIN_DATABASE_URL"):
        _call(env, "psql", "--quiet", "--dbname", env["LIANXIN_DATABASE_URL"],
              "--command", "DROP SCHEMA public CASCADE; CREATE SCHEMA public")  # fmt: skip


def _snapshot(env: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        _call(env, sys.executable, "-m", "tools.drill", "--snapshot")
    )
    return found


def _compare(before: dict[str, Any], after: dict[str, Any]) -> None:
    for part, was in before.items():
        if was != after[part]:
            raise DrillError(f"{part} differ:\n{was}\n{after[part]}")


def fill() -> None:
    """Make something worth losing: unions, officers, members, cases, pictures, jobs and their trail."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from PIL import Image

    from lianxin.accounts.api import User
    from lianxin.files.api import file_store

    with tempfile.TemporaryDirectory() as home:
        tree, officers = Path(home, "tree.csv"), Path(home, "officers.csv")
        tree.write_text("code,name,level,parent\nC1,演练市总工会,city,\n" + "".join(
            f"G{n},演练第{n}工会,grassroots,C1\n" for n in range(40)), "utf-8")  # fmt: skip
        officers.write_text("login,name,organisation,role,phone\n" + "".join(
            f"officer{n},干部{n},G{n},officer,1991111{n:04}\n" for n in range(10)), "utf-8")  # fmt: skip
        call_command("import_organisations", str(tree), stdout=io.StringIO())
        call_command("import_officers", str(officers), "--passwords", str(Path(home, "handed.csv")),
                     stdout=io.StringIO())  # fmt: skip
    for user in User.objects.all()[:10]:
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), random.choice(["red", "green", "blue"])).save(picture, "PNG")  # noqa: S311
        upload = SimpleUploadedFile("paper.png", picture.getvalue(), "image/png")
        file_store(actor_id=user.pk, upload=upload, purpose="drill")
    _cases()


def _cases() -> None:
    """Members with facts and cards, and cases: one sent, one decided and paid, one begun."""
    from lianxin.catalogue.testing import applied, begun, shipped_catalogue
    from lianxin.members.testing import card_shown, federation
    from lianxin.procedures.testing import walk_dossier

    made = federation()
    shipped_catalogue()
    lin = made.actor("lin")
    applied(lin, "hardship-file")
    walk_dossier(applied(lin, "medical-aid"))
    begun(lin, "health-check")
    card_shown(lin)


def snapshot() -> dict[str, Any]:
    """Describe the whole installation so that two descriptions can be compared."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    call_command("audit_verify", stdout=io.StringIO())
    tables, sealed, rows = {}, [], 0
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.db_table):
        manager = model._default_manager
        count = manager.count()
        keys = sorted(map(str, manager.values_list("pk", flat=True)))
        chosen = random.Random(7).sample(keys, min(len(keys), MOST_ROWS))  # noqa: S311
        found = sorted(map(repr, manager.filter(pk__in=chosen).order_by("pk").values_list()))
        tables[model._meta.db_table] = [count, _digest("\n".join(found).encode())]
        sealed += _opened(manager.filter(pk__in=chosen[:50]), model)
        rows += count
    files = {
        str(path.relative_to(settings.MEDIA_ROOT)): _digest(path.read_bytes())
        for path in sorted(Path(settings.MEDIA_ROOT).rglob("*"))
        if path.is_file()
    }
    opened = _digest("\n".join(sealed).encode())
    return {"rows": rows, "tables": tables, "sealed": len(sealed), "opened": opened, "files": files}


def _opened(chosen: Any, model: Any) -> list[str]:
    """Open sealed values with the keys that stand now; only their digest leaves this process."""
    from lianxin.vault.api import SealedField, reveal

    names = [field.name for field in model._meta.get_fields() if isinstance(field, SealedField)]
    return [reveal(row, name) for row in chosen.order_by("pk") for name in names]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def main() -> int:
    """Read the command line; the two switches are for the drill's own child processes."""
    parser = argparse.ArgumentParser(prog="tools.drill")
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--snapshot", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.fill or chosen.snapshot:
        import django

        django.setup()
        if chosen.fill:
            fill()
        else:
            print(json.dumps(snapshot()))
        return 0
    try:
        drill()
    except DrillError as error:
        print(f"The drill failed. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
