"""Draws anyone can verify: fifty thousand lines, two verifiers, changed files, and chance that is flat.

    python -m bench.draw [--lines 50000] [--draws 300] [--files 10000] [--seeds 100000] [--no-browser]

- A draw of 50,000 from the fixed list to its signed file (tree, seed, order, places, file): ≤ 2 s. The
  file checked, signatures included, by the Python verifier and by the JavaScript one in Chromium:
  seconds, and how many times those of making it.
- Both verifiers on many made-up draws of every kind: all fit.
- 10,000 changed files of a draw of 200 (noise, a forger with a key of his own, an insider with the true
  key who makes the rest follow): both verifiers refuse every one.
- Chi-square over 100,000 seeds: where each stands, who the first two are, and who comes first where
  tickets differ; each p-value between 0.0001 and 0.9999.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

LIMIT = 2.0  # seconds
AT_ONCE = 100  # files handed to the browser together
ASK = """([key, files]) => files.map((text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const start = performance.now();
  let words = "";
  try { LianxinDraw.verify(bytes, key); } catch (error) { words = error.message || String(error); }
  return [words, (performance.now() - start) / 1000];
})"""
Verdict = tuple[str, float]
Verifier = Callable[[str, Sequence[bytes]], list[Verdict]]


def main(words: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="bench.draw")
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=100_000)
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args(words)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.test")
    django.setup()
    with _verifiers(in_browser=not given.no_browser) as verifiers:
        _large(given.lines, verifiers)
        _many(given.draws, verifiers)
        _changed(given.files, verifiers)
    _flat(given.seeds)


def _large(lines: int, verifiers: dict[str, Verifier]) -> None:
    from lianxin.allocation.testing.draw_files import Trial, TrialKey, file_made

    chance = random.Random(1)
    key = TrialKey.of(chance)
    # Made once to have its list; then timed from the list on.
    file = file_made(chance, Trial(rows=lines, places=lines // 25, most=3, strata=3, weight_most=3), key)  # fmt: skip
    took, told = min((_timed(file, key) for _ in range(3)), key=lambda one: one[0])
    print(f"draw of {lines}: {took:.2f} s, file of {len(told) / 1e6:.1f} MB")
    assert took <= LIMIT * max(1, lines / 50_000), f"over {LIMIT} s"
    for name, verify in verifiers.items():
        words, seconds = min((verify(key.x, [told])[0] for _ in range(3)), key=lambda one: one[1])
        assert not words, (name, words)
        print(f"  {name} verifies it in {seconds:.2f} s, {seconds / took:.1f} times the draw")


def _timed(file: dict[str, Any], key: Any) -> tuple[float, bytes]:
    """Draw from the fixed list: tree, seal, seed, order, places, statements, the file's bytes."""
    from lianxin.allocation.rules.draws import Row, Tree, canonical, seal_of
    from lianxin.allocation.testing.draw_files import file_result, file_signed

    start = time.perf_counter()
    root = Tree([Row(*row) for row in file["rows"]]).root
    assert root == file["frozen"]["root"]
    file["frozen"] |= {"root": root, "seal": seal_of(canonical(file["rule"]), root)}
    file_result(file)
    file_signed(file, key)
    told = canonical(file).encode()
    return time.perf_counter() - start, told


def _many(draws: int, verifiers: dict[str, Verifier]) -> None:
    from lianxin.allocation.rules.draws import canonical
    from lianxin.allocation.testing.draw_files import TrialKey, file_made, trial_of

    chance = random.Random(2)
    key = TrialKey.of(chance)
    files = [
        canonical(file_made(chance, trial_of(chance, chance.randint(1, 300)), key)).encode()
        for _ in range(draws)
    ]
    for name, verify in verifiers.items():
        misfits = [words for words, _seconds in verify(key.x, files) if words]
        assert not misfits, (name, misfits[:3])
    print(f"{draws} made-up draws of every kind: all fit, say {' and '.join(verifiers)}")


def _changed(count: int, verifiers: dict[str, Verifier]) -> None:
    from lianxin.allocation.rules.draws import canonical
    from lianxin.allocation.testing.draw_files import Trial, TrialKey, file_made
    from lianxin.allocation.testing.draw_mutations import mutation_of

    chance = random.Random(3)
    key = TrialKey.of(chance)
    hands: Counter[str] = Counter()
    passed: dict[str, list[str]] = {name: [] for name in verifiers}
    left = count
    while left:
        source = chance.choice(["drand", "ssq", "dlt", "indices"])
        file = file_made(chance, Trial(rows=200, places=60, most=3, strata=3, weight_most=4, parties=4, source=source), key)  # fmt: skip
        whole = canonical(file).encode()
        batch = [mutation_of(chance, file, key) for _ in range(min(AT_ONCE, left))]
        left -= len(batch)
        hands.update(hand for hand, _told in batch)
        for name, verify in verifiers.items():
            verdicts = verify(key.x, [whole, *[told for _hand, told in batch]])
            assert not verdicts[0][0], (name, verdicts[0][0])  # the unchanged one fits
            pairs = zip(batch, verdicts[1:], strict=True)
            passed[name] += [hand for (hand, _told), (words, _seconds) in pairs if not words]
    for name, let in passed.items():
        assert not let, (name, Counter(let))
    kinds = ", ".join(f"{hand} {number}" for hand, number in hands.most_common())
    print(f"{count} changed files of draws of 200 ({kinds}): all refused by {' and '.join(verifiers)}")  # fmt: skip


def _flat(seeds: int) -> None:
    from lianxin.allocation.testing.draw_chance import flatness

    told = flatness(seeds, lines=20, start="bench")
    print(f"chi-square over {seeds} seeds: places p={told.position:.3f}, first two p={told.pair:.3f}, tickets p={told.tickets:.3f}")  # fmt: skip
    assert told.is_flat


@contextmanager
def _verifiers(*, in_browser: bool) -> Iterator[dict[str, Verifier]]:
    with tempfile.TemporaryDirectory() as folder:
        module = _python(Path(folder) / "verify_draw.py")
        found: dict[str, Verifier] = {"Python": lambda key, files: [_asked(module, key, one) for one in files]}  # fmt: skip
        if not in_browser:
            yield found
            return
        from lianxin.allocation.selectors.draw_verifiers import SCRIPTS, STATIC
        from lianxin.ui.testing import chromium

        with chromium() as browser:
            page = browser.new_page()
            page.set_content("<p>")
            for name in SCRIPTS[:3]:
                page.add_script_tag(content=(STATIC / name).read_text("utf-8"))
            found["JavaScript"] = lambda key, files: _told(page, key, files)
            yield found


def _told(page: Any, key: str, files: Sequence[bytes]) -> list[Verdict]:
    sent = [base64.b64encode(one).decode() for one in files]
    return list(map(tuple, page.evaluate(ASK, [key, sent])))


def _asked(module: ModuleType, key: str, told: bytes) -> Verdict:
    start = time.perf_counter()
    words = ""
    try:
        module.verify(told, key)
    except module.MisfitError as error:
        words = str(error) or "misfit"
    return words, time.perf_counter() - start


def _python(path: Path) -> ModuleType:
    """Load the one file that is handed out, as anybody would run it."""
    from lianxin.allocation.selectors.draw_verifiers import python_verifier

    path.write_text(python_verifier(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("verify_draw", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_draw"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(sys.argv[1:])
