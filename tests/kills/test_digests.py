"""Index keys change under people who look and let in, killed on the way: nobody twice, nobody lost.

Half a minute by its nature: four processes work beside a rotation that is killed again and again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.kills import test_kills

own_database = test_kills.own_database


def test_index_keys_rotate_under_everybodys_hands(own_database, tmp_path):
    """Half a minute: processes that start, work and are killed."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kills.digests", str(tmp_path), "--kills", "6"],
        capture_output=True, text=True, timeout=1500, check=False, cwd=test_kills.ROOT,
        env=os.environ | {"LIANXIN_DATABASE_URL": own_database},
    )  # fmt: skip
    assert ran.stdout, ran.stderr[-3000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["faults"] == []
    assert told["killed"] == 6
    assert told["keys"] == "0003"
    assert min(told["looked"], told["in"], told["held"]) > 0
