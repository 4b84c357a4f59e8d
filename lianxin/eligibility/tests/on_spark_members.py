"""All members on Apache Spark: found as Polars finds, and nothing in the open on the way.

Only `make test-spark` runs these. One Java machine serves all tests of a process.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from django.core.management import call_command

from lianxin.eligibility import conf
from lianxin.eligibility.adapters import spark_everyone
from lianxin.eligibility.adapters.bulk import BulkError
from lianxin.eligibility.adapters.sought import only_needed, sought_of
from lianxin.eligibility.adapters.workspace import Workspace
from lianxin.eligibility.models import MatchCount, MatchPartition, MatchRun, Outcome
from lianxin.eligibility.tests import on_spark
from lianxin.eligibility.tests import test_matching as people
from lianxin.kit.ids import new_id

pytestmark = pytest.mark.django_db
loopback, made = on_spark.loopback, people.made
TELLING = 3_839_917  # an income that stands nowhere else


def forgotten():
    found = people.standing(), list(MatchCount.objects.order_by("organisation").values_list("counts", "people"))  # fmt: skip
    for model in (Outcome, MatchCount, MatchPartition, MatchRun):
        model.objects.all().delete()
    return found


def crowd(made):
    people.crowd(made, random.Random(11), 80)  # noqa: S311  (repeatable)
    people.agree(made, "lin", "matching", "finance")
    people.tell(made.member("lin"), household_income_fen=TELLING, **people.CERTIFICATE)


def test_in_one_process_spark_finds_of_the_members_what_polars_finds(made):
    """A minute: a Java machine starts."""
    crowd(made)
    people.go()
    ours = forgotten()
    assert len(ours[0]) > 40
    call_command("policies_match", engine="spark", master="local[2]", stdout=sys.stderr)
    assert forgotten() == ours
    assert not list(conf.workspace().iterdir())


def test_a_file_moved_or_changed_is_not_read(made, tmp_path):
    """One Java machine, and errors that quote nothing."""
    policies = running_policies()
    with spark_everyone.sealed_session("local[2]") as spark, Workspace(tmp_path, "run") as workspace:  # fmt: skip
        finder = spark_everyone.SparkFinder(spark)
        columns: dict[str, list[object]] = {
            "is_member": [True, False],
            "household_income_fen": [TELLING, None],
        }
        finder.keep(workspace, "one", columns, ["JZ", "JZ"])
        [(_name, found)] = finder.find(workspace, ["one"], policies, people.NOW.date())
        assert found.counts["JZ"][0] == 2
        finder.keep(workspace, "two", columns, ["JZ", "JZ"])
        (workspace.folder / "two").rename(workspace.folder / "three")
        finder.keep(workspace, "four", columns, ["JZ", "JZ"])
        sealed = (workspace.folder / "four").read_bytes()
        (workspace.folder / "four").write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
        for name in ("three", "four"):
            with pytest.raises(BulkError, match="Spark failed") as refusal:
                list(finder.find(workspace, [name], policies, people.NOW.date()))
            assert workspace.key.hex() not in str(refusal.value).lower()
            assert str(TELLING) not in str(refusal.value)


def running_policies():
    found = [sought_of(new_id(), each, people.NOW.date()) for each in people.samples() if each.code == "hardship-deep"]  # fmt: skip
    return only_needed(found)


def test_a_key_is_not_put_into_words(tmp_path):
    """A Java machine starts."""
    with spark_everyone.sealed_session("local[1]") as spark, Workspace(tmp_path, "run") as workspace:  # fmt: skip
        finder = spark_everyone.SparkFinder(spark)
        finder.keep(workspace, "one", {"is_member": [True]}, ["JZ"])
        opened = finder._opened(workspace, ["one"], running_policies())  # noqa: SLF001  (what Spark would say of it)
        plan = opened._jdf.queryExecution().toString()  # noqa: SLF001
        assert "aesDecrypt" in plan
        assert workspace.key.hex() not in plan.lower()


ALREADY_OPEN = """
import django; django.setup()
from lianxin.eligibility.adapters import spark_engine, spark_everyone
with spark_engine.session("local[1]"), spark_everyone.sealed_session("local[1]"):
    pass
"""


def test_members_are_not_given_to_a_cluster_that_talks_in_the_open(tmp_path):
    """Java machines start that were told nothing of secrets."""
    (tmp_path / "conf").mkdir()
    command = [str(on_spark.MANAGE), "policies_match", "--engine", "spark", "--master", "spark://127.0.0.1:9"]  # fmt: skip
    done = _apart(tmp_path, *command)
    assert done.returncode == 1
    assert "needs spark.authenticate.secret" in done.stderr
    assert "runs already without spark.authenticate" in _apart(tmp_path, "-c", ALREADY_OPEN).stderr
    with pytest.raises(BulkError, match="Spark Connect"), spark_everyone.sealed_session("sc://127.0.0.1"):  # fmt: skip
        pass


def _apart(tmp_path, *words):
    env = {**os.environ, "SPARK_CONF_DIR": str(tmp_path / "conf"), "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.test"}  # fmt: skip
    return subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)  # fmt: skip
