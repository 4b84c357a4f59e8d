"""Whoever holds the file comes to the same result, and whatever is changed in it is found."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from lianxin.allocation.rules.draws import lock_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draw_verifiers import python_verifier
from lianxin.allocation.selectors.draws import file_of, own_line, receipt_of
from lianxin.allocation.services import claim_cancel
from lianxin.allocation.services.drawing import draw_void
from lianxin.allocation.testing.draws import draw_walk
from lianxin.allocation.tests.test_draw_life import NOON, published
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
# What Python 3.8, for which the verifier is handed out, does not have: names, methods, arguments.
NEWER = frozenset(
    {
        "BooleanOptionalAction", "Concatenate", "EnumType", "ExceptionGroup", "NotRequired",
        "Never", "ParamSpec", "Required", "Self", "StrEnum", "TypeAlias", "TypeGuard", "UTC",
        "add_note", "aiter", "anext", "assert_never", "assert_type", "batched", "bit_count",
        "cache", "file_digest", "graphlib", "hardlink_to", "is_relative_to",
        "kw_only", "lcm", "nextafter", "packages_distributions", "pairwise",
        "randbytes", "removeprefix", "removesuffix", "reveal_type", "root_dir", "slots",
        "strict", "tomllib", "to_thread", "ulp", "unparse", "with_stem", "zoneinfo",
    }
)  # fmt: skip
OLDER = ("8", "9", "10")
STAGES = [Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED, Stage.DRAWN]


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "verify_draw.py").write_text(python_verifier(), encoding="utf-8")
    return tmp_path


def older_pythons() -> list[str]:
    """Find the older Pythons of this machine that run, from 3.8 on."""
    kept = Path.home() / ".pyenv" / "versions"
    found = [
        str(one)
        for minor in OLDER
        for one in (shutil.which(f"python3.{minor}"), *kept.glob(f"3.{minor}.*/bin/python"))
        if one
    ]
    tried = {one: subprocess.run([one, "-I", "-S", "-c", ""], capture_output=True, check=False) for one in found}  # fmt: skip
    return [one for one, told in tried.items() if told.returncode == 0]


def run(folder, *arguments, typed="", python=sys.executable):
    """Run the handed-out file as a stranger would: a bare Python, no site packages, another folder."""
    return subprocess.run(
        [python, "-I", "-S", "verify_draw.py", *arguments],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, input=typed,
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def names_in(tree: ast.Module) -> set[str]:
    """Gather what a program names: names, attributes, arguments by name, what it imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                found.add(name)
            case ast.alias(name=name):
                found |= set(name.split("."))
            case ast.ImportFrom(module=str(name)):
                found |= set(name.split("."))
    return found


def keep(folder, draw, claim=None):
    (folder / "draw.json").write_text(file_of(draw), encoding="utf-8")
    own = own_line(claim, draw) if claim else None
    if own:
        (folder / "mine.json").write_text(receipt_of(claim, own), encoding="utf-8")
    return own


def test_the_python_verifier_is_one_file_for_an_old_python_and_needs_nothing_of_ours():
    text = python_verifier()
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= set(sys.stdlib_module_names)
    assert "lianxin." not in text
    assert names_in(tree) & NEWER == set()


def test_what_is_newer_than_the_oldest_python_is_found():
    program = (
        "from datetime import UTC\nimport itertools\nitertools.pairwise([])\nzip([], strict=True)"
    )
    assert names_in(ast.parse(program)) & NEWER == {"UTC", "pairwise", "strict"}


def test_the_python_verifier_runs_under_every_older_python_there_is(fed, clock, folder):
    """On a machine that has one; where there is none the names alone are looked at, above."""
    draw, claims = published(fed)
    own = keep(folder, draw_walk(draw, clock, Stage.DRAWN), claims[0])
    pythons = older_pythons()
    if not pythons:
        pytest.skip("no older Python on this machine")
    for python in pythons:
        told = run(folder, "draw.json", "--receipt", "mine.json", python=python)
        assert (told.returncode, told.stderr) == (0, ""), (python, told.stdout)
        assert own.line in told.stdout
        (folder / "changed.json").write_text(file_of(draw)[:-1] + " }", encoding="utf-8")
        assert run(folder, "changed.json", python=python).returncode == 1


@pytest.mark.parametrize("stage", STAGES)
def test_the_file_of_each_stage_fits_and_leads_to_ones_own_line(fed, clock, folder, stage):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, stage)
    own = keep(folder, draw, claims[0])
    told = run(folder, "draw.json", "--receipt", "mine.json")
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert own.line in told.stdout
    if own.rank is not None:
        assert f"number {own.rank + 1} of the order" in told.stdout
        assert ("got its places" in told.stdout) == own.is_won
        assert ("wait before it" in told.stdout) == (not own.is_won)


def test_a_receipt_of_the_time_of_applying_proves_that_a_line_was_left_out(fed, clock, folder):
    """A claim that vanished before the list was fixed: what she holds since she applied still speaks."""
    draw, claims = published(fed)
    keep(folder, draw, claims[0])  # the receipt is from now
    claim_cancel(actor=fed.actor("wang"), claim_id=claims[0].pk)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    (folder / "draw.json").write_text(file_of(draw), encoding="utf-8")
    told = run(folder, "draw.json", "--receipt", "mine.json")
    assert told.returncode == 1
    assert "NOT IN THE LIST" in told.stdout
    assert run(folder, "--receipt", "mine.json").returncode == 0, "the promise itself holds"


def test_a_void_draw_is_checked_as_far_as_it_came(fed, clock, folder):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.COMMITTED)
    keep(folder, draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="场地换小了。"))
    told = run(folder, "draw.json")
    assert (told.returncode, told.stderr) == (0, "")
    assert "场地换小了。" in told.stdout


def test_the_key_can_be_taken_from_elsewhere(fed, clock, folder):
    draw, _ = published(fed)
    keep(folder, draw)
    key = run(folder, "draw.json").stdout.split("公钥: ")[1].split()[1]
    assert run(folder, "draw.json", "--key", key).returncode == 0
    assert run(folder, "draw.json", "--key", "A" * 43).returncode == 1
    for arguments in (
        ("draw.json", "--key", "-" + "A" * 42),
        ("--key", "-" + "A" * 42, "draw.json"),
    ):
        told = run(folder, *arguments)  # one key in 64 begins so
        assert (told.returncode, told.stderr) == (1, ""), arguments


def test_a_secret_is_locked_without_a_network(folder):
    seal = "ab" * 32
    said = "一句只有我知道的话，写在信封里，收在抽屉里。"
    program = (
        "import getpass, runpy, sys; getpass.getpass = lambda _: sys.stdin.read(); "
        f"sys.argv = ['verify_draw.py', '--lock', '{seal}', '2']; runpy.run_path('verify_draw.py', run_name='__main__')"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, input=f"  {said} ",
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert lock_of(seal, 2, said) in told.stdout, told.stderr


def test_the_verifier_refuses_what_is_no_file(folder):
    for text in ("", "{}", "[]", '{"a":1.5}', "null", "[" * 5000, '{"format":"lianxin-draw-1"}'):
        (folder / "draw.json").write_text(text, encoding="utf-8")
        told = run(folder, "draw.json")
        assert (told.returncode, told.stderr) == (1, ""), text[:20]
    assert run(folder, "nothing.json").returncode == 1
    assert run(folder, str(uuid.uuid4()), "--receipt", "x").returncode == 1
