"""The same rules on Apache Spark: in one process, and on a master with two workers.

Only `make test-spark` runs these, after bringing what they need (Java, pyspark): each starts one Java
machine or several, which takes minutes on a small computer.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pyspark
import pytest

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.tests.test_bulk import table

MANAGE = Path(yaml_files.__file__).parents[3] / "manage.py"
MANY = 20_000


SETTINGS = """
spark.authenticate true
spark.authenticate.secret {secret}
spark.network.crypto.enabled true
spark.network.crypto.authEngineVersion 2
spark.network.crypto.cipher AES/GCM/NoPadding
"""


@pytest.fixture(scope="session", autouse=True)
def loopback(tmp_path_factory):
    """Spark as an operator sets it up: one secret for driver, master and workers, nothing in the open."""
    folder = tmp_path_factory.mktemp("conf")
    (folder / "spark-defaults.conf").write_text(SETTINGS.format(secret=secrets.token_hex(32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setenv("SPARK_LOCAL_DIRS", str(tmp_path_factory.mktemp("local")))
        yield


@pytest.fixture
def master(tmp_path, loopback):
    """A standalone master and two workers, started and stopped here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"spark://127.0.0.1:{port}"
    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    deploy = "org.apache.spark.deploy"
    worker = [f"{deploy}.worker.Worker", url, "--cores", "1", "--memory", "1g", "--host", "127.0.0.1", "--webui-port", "0"]  # fmt: skip
    commands = [
        [f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
        [*worker, "--work-dir", str(tmp_path / "one")],
        [*worker, "--work-dir", str(tmp_path / "two")],
    ]  # fmt: skip
    log = (tmp_path / "spark.log").open("w")
    running = []
    try:
        for command in commands:
            running.append(subprocess.Popen([program, *command], stdout=log, stderr=log))
            if len(running) == 1:
                _listening(port)
        yield url
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(30)
        log.close()


def _listening(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(port)


def people():
    """Many people, each with some facts unknown, some out of bounds."""
    return [
        (number, number % 7 != 0 if number % 5 else None, number * 997 % 9_000_000, number * 131 % 3_000_000 if number % 3 else None,
         number % 9, number % 2 == 0 if number % 4 else None, ["deep", "relative", "none", None][number % 4],
         ["high", "university", "primary"][number % 3], number % 11 == 0, number % 13 == 0)
        for number in range(MANY)
    ]  # fmt: skip


def matched(facts, out, *more):
    command = [sys.executable, MANAGE, "policies_match", "--facts", facts, "--policies", yaml_files.DATA / "policies",
               "--out", out, "--as-of", "2026-07-22", *more]  # fmt: skip
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.test"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcomes = pl.read_parquet(out / "outcomes.parquet").sort("member_id")
    pairs = pl.read_parquet(out / "pairs.parquet").cast({"policy": pl.String})
    return outcomes, pairs.sort("member_id", "policy")


@pytest.fixture
def facts(tmp_path):
    return table(tmp_path / "facts.parquet", people())


def test_spark_in_one_process_answers_as_polars_does(tmp_path, facts):
    """A minute: a Java machine starts."""
    ours = matched(facts, tmp_path / "polars")
    theirs = matched(facts, tmp_path / "spark", "--engine", "spark", "--master", "local[2]")
    assert all(one.equals(other) for one, other in zip(ours, theirs, strict=True))
    assert ours[1].height > 100


def test_a_cluster_of_two_workers_answers_as_polars_does(tmp_path, facts, master):
    """Two minutes: five Java machines start."""
    ours = matched(facts, tmp_path / "polars")
    theirs = matched(facts, tmp_path / "spark", "--engine", "spark", "--master", master)
    assert all(one.equals(other) for one, other in zip(ours, theirs, strict=True))
