"""Translations without gettext's own programs: compile, extract and check with Babel.

`compile` writes the .mo files (they are not committed), `extract [--missing] [APP…]` prints what
an app says in the form of a .po file, `check` fails unless every app is complete in Chinese.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[1]
LOCALE = Path("locale", "zh_Hans", "LC_MESSAGES", "django.po")
Key = tuple[str, str]  # context, English text

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    name + lazy: arguments
    for name, arguments in {
        "_": None,
        "gettext": None,
        "gettext_noop": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
}
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(n?)(p?)(?:gettext|_)\(\s*({_LITERAL})(?:,\s*({_LITERAL}))?")
_FIELD = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_.]*\}|%[sd]")


def apps() -> list[Path]:
    """Return the folders of all apps."""
    return sorted(path.parent for path in (ROOT / "lianxin").glob("*/apps.py"))


def compile_all() -> int:
    """Write the .mo of every .po that is newer; return how many were written."""
    written = 0
    for po in sorted((ROOT / "lianxin").glob(f"*/{LOCALE}")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo

        with tempfile.NamedTemporaryFile(dir=mo.parent, delete=False) as out:
            write_mo(out, read_po(po))
        Path(out.name).chmod(0o644)
        os.replace(out.name, mo)  # noqa: PTH105  (at once: another run may be reading it)
        written += 1
    return written


def read_po(path: Path) -> Catalog:
    """Read a .po file."""
    from babel.messages.pofile import read_po as babel_read

    with path.open("rb") as source:
        return babel_read(source, locale="zh_Hans", abort_invalid=True)


def used_in(app: Path) -> dict[Key, str]:
    """Return what an app says: text to the first file that says it."""
    used: dict[Key, str] = {}
    for key, _plural, path in _said_in(app):
        used.setdefault(key, str(path.relative_to(ROOT)))
    return used


def plurals_in(app: Path) -> dict[Key, str]:
    """Return what an app says of one and of many: the text of one to that of many."""
    return {key: plural for key, plural, _path in _said_in(app) if plural}


def _said_in(app: Path) -> Iterator[tuple[Key, str, Path]]:
    for path in sorted(app.rglob("*")):
        if {"tests", "locale", "migrations"} & set(path.relative_to(app).parts):
            continue
        if path.suffix == ".py":
            said = _of_python(path)
        elif "templates" in path.parts and path.suffix in {".html", ".txt", ".svg", ".js", ".xml"}:
            said = _of_template(path)
        else:
            continue
        for key, plural in said:
            yield key, plural, path


def _of_python(path: Path) -> Iterator[tuple[Key, str]]:
    from babel.messages.extract import extract

    with path.open("rb") as source:
        for _line, message, _comments, context in extract("python", source, KEYWORDS):
            texts = (message,) if isinstance(message, str) else message
            yield (context or "", texts[0]), texts[1] if len(texts) > 1 else ""


def _of_template(path: Path) -> Iterator[tuple[Key, str]]:
    from django.utils.translation.template import templatize

    for plural, context, *literals in _CALL.findall(templatize(path.read_text(), str(path))):
        texts = [ast.literal_eval(literal) for literal in literals if literal]
        key = (texts[0], texts[1]) if context else ("", texts[0])
        yield key, texts[1] if plural and not context and len(texts) > 1 else ""


def translated_in(app: Path) -> tuple[dict[Key, str], list[str]]:
    """Return an app's whole translations, and complaints about the rest."""
    path = app / LOCALE
    done: dict[Key, str] = {}
    complaints: list[str] = []
    if not path.exists():
        return done, complaints
    for message in read_po(path):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[0]
        chinese = message.string if isinstance(message.string, str) else (message.string or [""])[0]
        where = f"{path.relative_to(ROOT)}: {english!r}"
        if not chinese or message.fuzzy:
            complaints.append(f"{where} is {'fuzzy' if message.fuzzy else 'not translated'}")
            continue
        if set(_FIELD.findall(english)) != set(_FIELD.findall(chinese)):
            complaints.append(f"{where} and its translation name different values")
        done[message.context or "", english] = chinese
    return done, complaints


def check(only: Iterable[str] = ()) -> list[str]:
    """Return everything that is wrong, one line each."""
    complaints: list[str] = []
    everywhere: dict[Key, tuple[str, str]] = {}
    all_apps = apps()
    translations = {app.name: translated_in(app) for app in all_apps}
    for app in all_apps:
        done, wrong = translations[app.name]
        complaints += wrong
        for key, chinese in done.items():
            other, before = everywhere.setdefault(key, (app.name, chinese))
            if before != chinese:
                # Django merges all catalogues: only one of the two would ever be seen.
                complaints.append(f"{key[1]!r}: {before!r} in {other}, {chinese!r} in {app.name}")
    for app in all_apps:
        complaints += _compare(app, translations[app.name][0], set(everywhere))
    wanted = set(only)
    return [line for line in complaints if not wanted or any(concerns(a, line) for a in wanted)]


def concerns(app: str, complaint: str) -> bool:
    """Tell whether a complaint is for this app to mend."""
    return f"{app}/" in complaint or complaint.endswith(f"in {app}")


def _compare(app: Path, own: dict[Key, str], known: set[Key]) -> list[str]:
    used = used_in(app)
    return (
        [
            f"{path}: {key[1]!r} has no Chinese in {app.name}/{LOCALE}"
            for key, path in used.items()
            if key not in known
        ]
        + [
            f"{app.name}/{LOCALE}: {one!r} is said of many as well: it needs a msgid_plural"
            for one in _singles(app)
        ]
        + [
            f"{app.name}/{LOCALE}: {key[1]!r} is said nowhere in {app.name}"
            for key in own
            if key not in used and not _overrides(app, key)
        ]
    )


def _singles(app: Path) -> list[str]:
    """List what an app says of many and translates for one only: in Chinese it would stay English."""
    plurals = plurals_in(app)
    if not plurals or not (app / LOCALE).exists():
        return []
    messages = [message for message in read_po(app / LOCALE) if isinstance(message.id, str)]
    return [
        str(message.id) for message in messages if (message.context or "", message.id) in plurals
    ]


def _overrides(app: Path, key: Key) -> bool:
    """Tell whether the entry is marked `# of a library`: a text of theirs in words of ours."""
    message = read_po(app / LOCALE).get(key[1], key[0] or None)
    return message is not None and any("of a library" in line for line in message.user_comments)


def _print(app: Path, *, missing: bool) -> None:
    done = translated_in(app)[0] if missing else {}
    said = [(key, path) for key, path in used_in(app).items() if key not in done]
    if said:
        print(f"# {app.name}/{LOCALE}\n")
    plurals = plurals_in(app) if said else {}
    for (context, english), path in said:
        head = f"#: {path}\n" + (f"msgctxt {_quoted(context)}\n" if context else "")
        plural = plurals.get((context, english), "")
        many = f"msgid_plural {_quoted(plural)}\nmsgstr[0]" if plural else "msgstr"
        print(f'{head}msgid {_quoted(english)}\n{many} ""\n')


def _quoted(text: str) -> str:
    from babel.messages.pofile import normalize

    return normalize(text)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three verbs."""
    parser = argparse.ArgumentParser(prog="tools.messages", description=__doc__)
    parser.add_argument("verb", choices=["compile", "extract", "check"])
    parser.add_argument("app", nargs="*")
    parser.add_argument("--quiet", action="store_true", help="compile: say nothing")
    parser.add_argument("--missing", action="store_true", help="extract: only what has no Chinese")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "compile":
        written = compile_all()
        if not chosen.quiet:
            print(f"{written} catalogues compiled")
        return 0
    if chosen.verb == "extract":
        for app in apps():
            if not chosen.app or app.name in chosen.app:
                _print(app, missing=chosen.missing)
        return 0
    complaints = check(chosen.app)
    print("\n".join(complaints) or "Both languages are complete.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
