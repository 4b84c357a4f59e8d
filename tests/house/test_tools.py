"""The tools that watch must themselves be watched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.house import ROOT
from tools import browser, messages, pg

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch) -> Path:
    """A tree of one app that says four things."""
    app = tmp_path / "lianxin" / "garden"
    (app / "templates" / "garden").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "views.py").write_text(
        "_('Good morning')\nngettext('%(n)s tree', '%(n)s trees', 2)\npgettext('verb', 'Plant')\n"
    )
    (app / "templates" / "garden" / "bed.html").write_text(
        '{% translate "100% earth" %}{% blocktranslate with who=name trimmed %}\n'
        "  Dig,\n  {{ who }}!\n{% endblocktranslate %}{{ _('Water')|lower }}"
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return app


def _translate(app: Path, *entries: str) -> Path:
    po = app / messages.LOCALE
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(HEAD + "\n\n".join(entries) + "\n", encoding="utf-8")
    return po


WHOLE = [
    'msgid "Good morning"\nmsgstr "早上好"',
    'msgid "%(n)s tree"\nmsgid_plural "%(n)s trees"\nmsgstr[0] "%(n)s 棵树"',
    'msgctxt "verb"\nmsgid "Plant"\nmsgstr "种"',
    'msgid "100%% earth"\nmsgstr "全是土"',
    'msgid "Dig, %(who)s!"\nmsgstr "%(who)s，挖吧！"',
    'msgid "Water"\nmsgstr "水"',
]


def test_everything_said_in_code_and_templates_is_found(tree: Path) -> None:
    assert set(messages.used_in(tree)) == {
        ("", "Good morning"), ("", "%(n)s tree"), ("verb", "Plant"),
        ("", "100%% earth"), ("", "Dig, %(who)s!"), ("", "Water"),
    }  # fmt: skip


def test_a_whole_catalogue_has_no_complaint_and_compiles_once(tree: Path) -> None:
    po = _translate(tree, *WHOLE)
    assert messages.check() == []
    assert messages.compile_all() == 1
    assert messages.compile_all() == 0
    os.utime(po, (po.stat().st_atime, po.with_suffix(".mo").stat().st_mtime + 5))
    assert messages.compile_all() == 1


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (WHOLE[1:], "'Good morning' has no Chinese"),
        (['#, fuzzy\nmsgid "Good morning"\nmsgstr "早"', *WHOLE[1:]], "fuzzy"),
        (['msgid "Good morning"\nmsgstr ""', *WHOLE[1:]], "not translated"),
        ([*WHOLE, 'msgid "Rake"\nmsgstr "耙"'], "'Rake' is said nowhere"),
        (
            [WHOLE[0], 'msgid "%(n)s tree"\nmsgstr "%(n)s 棵树"', *WHOLE[2:]],
            "'%(n)s tree' is said of many as well",
        ),
        (
            [*WHOLE[:4], 'msgid "Dig, %(who)s!"\nmsgstr "%(whom)s，挖！"', WHOLE[5]],
            "different values",
        ),
    ],
)
def test_what_is_missing_doubtful_or_left_over_is_named(tree, entries, words) -> None:
    _translate(tree, *entries)
    assert any(words in line for line in messages.check())


def test_two_apps_may_not_translate_the_same_words_differently(tree: Path) -> None:
    _translate(tree, *WHOLE)
    other = tree.parent / "kitchen"
    other.mkdir()
    (other / "apps.py").write_text("_('Water')")
    _translate(other, 'msgid "Water"\nmsgstr "开水"')
    assert any("'水' in garden, '开水' in kitchen" in line for line in messages.check())


def test_words_of_a_library_may_be_said_better(tree: Path) -> None:
    _translate(tree, *WHOLE, '# of a library\nmsgid "Enter a number."\nmsgstr "请填数字。"')
    assert messages.check() == []


def _pg(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.pg", *command],
        cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_throw_away_server_is_gone_when_its_command_is(tmp_path: Path) -> None:
    """Takes seconds: it starts a real server."""
    program = (
        "import os, psycopg; url = os.environ['LIANXIN_DATABASE_URL']; print(url);"
        " print(psycopg.connect(url).execute('SELECT 40 + 2').fetchone()[0]); raise SystemExit(7)"
    )
    private = tmp_path / "private"  # as some build machines have it
    private.mkdir(mode=0o700)
    done = _pg("run", "--", sys.executable, "-c", program, TMPDIR=str(private))
    assert done.returncode == 7, done.stderr
    url, answer = done.stdout.split()
    assert answer == "42"
    assert not Path(unquote(url.split("@")[1].split("/")[0])).exists()


def test_without_a_server_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(pg, "system_binaries", lambda: None)
    monkeypatch.setattr(pg, "wheel_binaries", lambda: None)
    with pytest.raises(pg.NoServerError, match=r"requirements/test\.txt"), pg.cluster():
        pytest.fail("there is no server")


def test_the_drill_refuses_a_database_that_may_be_somebodys() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.drill"],
        cwd=ROOT, env=os.environ | {"LIANXIN_DATABASE_URL": "postgresql://union.example/real"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "somebody's" in done.stderr


def test_journeys_without_a_browser_fail_aloud(monkeypatch, capsys) -> None:
    monkeypatch.setattr(browser, "missing", lambda: ["chromium"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert browser.main() == 1
    assert "nothing was tested" in capsys.readouterr().err
