"""Two verifiers, written apart, agree on many draws; and neither lets a changed file pass."""

from __future__ import annotations

import base64
import importlib.util
import random
import sys

import pytest

from lianxin.allocation.rules.draws import canonical
from lianxin.allocation.selectors.draw_verifiers import SCRIPTS, STATIC, python_verifier
from lianxin.allocation.testing.draw_files import Trial, TrialKey, file_made, trial_of
from lianxin.allocation.testing.draw_mutations import mutation_of
from lianxin.ui.testing import chromium

pytestmark = pytest.mark.looks

DRAWS = 60
CHANGED = 600
CHANGED_IN_A_BROWSER = 240
ASK = """([key, files]) => files.map((text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  try { LianxinDraw.verify(bytes, key); return ""; } catch (error) { return error.message || String(error); }
})"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The handed-out Python file, as a module."""
    path = tmp_path_factory.mktemp("verifier") / "verify_draw.py"
    path.write_text(python_verifier(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_draw"] = module
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script():
    """The JavaScript verifier, in a browser, without a page of ours."""
    with chromium() as browser:
        page = browser.new_page()
        page.set_content("<p>")
        for name in SCRIPTS[:3]:
            page.add_script_tag(content=(STATIC / name).read_text("utf-8"))
        yield lambda key, files: page.evaluate(ASK, [key, [base64.b64encode(one).decode() for one in files]])  # fmt: skip


def python_says(python, told: bytes, key: str) -> str:
    try:
        python.verify(told, key)
    except python.MisfitError as error:
        return str(error) or "misfit"
    return ""


def test_both_find_that_many_kinds_of_draws_fit(python, script):
    """Slow on a busy machine: sixty draws of up to a hundred lines, hashed and signed three times over."""
    chance = random.Random(20261201)  # noqa: S311  (the same draws each time)
    key = TrialKey.of(chance)
    files = [
        canonical(file_made(chance, trial_of(chance, chance.randint(1, 100)), key)).encode()
        for _ in range(DRAWS)
    ]
    assert [python_says(python, one, key.x) for one in files] == [""] * DRAWS
    assert script(key.x, files) == [""] * DRAWS


def test_neither_lets_a_changed_file_pass(python, script):
    """Slow: each of six hundred changed files of a draw of 200 is computed to the end, or to its fault."""
    chance = random.Random(200)  # noqa: S311  (the same changes each time)
    key = TrialKey.of(chance)
    trial = Trial(rows=200, places=60, most=3, strata=3, weight_most=4, parties=4)
    for source in ("drand", "ssq", "indices"):
        trial.source = source
        file = file_made(chance, trial, key)
        changed = [mutation_of(chance, file, key) for _ in range(CHANGED // 3)]
        passed = [hand for hand, told in changed if not python_says(python, told, key.x)]
        assert passed == []
        some = changed[: CHANGED_IN_A_BROWSER // 3]
        said = script(key.x, [told for _hand, told in some])
        assert [hand for (hand, _), words in zip(some, said, strict=True) if not words] == []


@pytest.mark.parametrize(
    "odd",
    [
        b"", b"null", b"[]", b"{}", b"\xff", b'{"a":1.5}', b'{"a":1e5}', b'{"a":-0}', b'{"a":NaN}',
        b'{"a":"\\ud800"}', b'{"a":1,"a":1}', b"[" * 3000, b'{"__proto__":1}', b'\xef\xbb\xbf{}',
        b'{"a":9007199254740993}',
    ],
)  # fmt: skip
def test_both_refuse_what_is_no_file(python, script, odd):
    assert python_says(python, odd, "")
    assert script("", [odd])[0]
