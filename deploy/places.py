"""Tell the shell scripts where this installation keeps its data, as lines of assignments."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.run")

from django.conf import settings

database = settings.DATABASES["default"]
is_sqlite = database["ENGINE"].endswith("sqlite3")
places = {
    "kind": "sqlite" if is_sqlite else "postgresql",
    "database": str(database["NAME"]) if is_sqlite else os.environ["LIANXIN_DATABASE_URL"],
    "files": str(settings.MEDIA_ROOT),
    "vault": str(settings.VAULT_KEYS),
    "masters": str(settings.VAULT_MASTER_KEYS),
    "checkpoints": str(settings.AUDIT_CHECKPOINTS),
}
print("\n".join(f"{name}={shlex.quote(value)}" for name, value in places.items()))
