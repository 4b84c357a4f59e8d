"""All members on a Spark cluster of two workers: nothing of them is left in the open.

Only `make test-spark` runs this, in a process of its own: a Java machine that ran Spark alone keeps
the secret it made up then, and would offer it to the cluster.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from lianxin.eligibility.adapters import spark_everyone
from lianxin.eligibility.services import matching
from lianxin.eligibility.tests import on_spark, on_spark_members
from lianxin.eligibility.tests import test_matching as people

pytestmark = pytest.mark.django_db
loopback, master, made = on_spark.loopback, on_spark.master, on_spark_members.made


class Noted(spark_everyone.SparkFinder):
    """Remembers the keys of the folders it was shown."""

    keys: list[bytes] = []

    def keep(self, workspace, name, columns, unions, without=()):
        self.keys.append(workspace.key)
        super().keep(workspace, name, columns, unions, without)


def test_two_workers_find_the_same_and_leave_nothing_in_the_open(made, master, tmp_path):
    """Two minutes: five Java machines start."""
    on_spark_members.crowd(made)
    people.go()
    ours = on_spark_members.forgotten()
    with spark_everyone.sealed_session(master) as spark:
        run = matching.match_go(run=matching.match_begin(), size=20, finder=Noted(spark))
    assert run.people > 40
    assert on_spark_members.forgotten() == ours
    left = [path for root in (tmp_path, Path(os.environ["SPARK_LOCAL_DIRS"])) for path in root.rglob("*") if path.is_file()]  # fmt: skip
    assert any(path.name == "stderr" for path in left)
    held = b"".join(path.read_bytes() for path in left)
    [key] = set(Noted.keys)
    for trace in (key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key), str(on_spark_members.TELLING).encode()):  # fmt: skip
        assert trace not in held
