"""Templates hold no script, no style, and nothing that is written past the escaping."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import ROOT, tracked

TEMPLATES = tracked("lianxin/*.html")
INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"\bhx-(on|vals\s*=\s*[\"']js:)", re.IGNORECASE),
    "a file from elsewhere": re.compile(r"<(script|img|iframe|link rel=\"stylesheet\")[^>]*(src|href)=\"(https?:)?//", re.IGNORECASE),
    "text past the escaping": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}  # fmt: skip
POST_FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.IGNORECASE | re.DOTALL)


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has_what_the_browser_would_refuse(what: str) -> None:
    assert not [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in TEMPLATES
        if (found := INLINE[what].search(path.read_text(encoding="utf-8")))
    ]


def test_every_form_that_writes_is_guarded() -> None:
    assert not [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        for form in POST_FORM.findall(path.read_text(encoding="utf-8"))
        if "{% csrf_token %}" not in form
    ]


def _bare_chinese(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", "", text, flags=re.DOTALL)
    bare = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    # The only Chinese a template may hold: the mark, and the names of languages, each in its own.
    return set(re.findall(r"[\u3400-\u9fff]+", bare)) - {"简体中文", "中文", "连心", "连", "元"}


def test_templates_say_what_they_say_through_translate() -> None:
    assert not [
        f"{path.relative_to(ROOT)}: {found}"
        for path in TEMPLATES
        # The page of a server error stands alone: it speaks both languages at once.
        if path.name != "500.html" and (found := _bare_chinese(path))
    ]


# Where no cookie speaks nobody can be made to send one: each with the reason.
WITHOUT_COOKIES = {
    "lianxin/gateway/rest/__init__.py": "other systems show a token; its own test signs in and is refused",
    "lianxin/allocation/views/gates.py": "a gate shows the secret of its address and sends no cookie",
}


def test_code_does_not_write_past_the_escaping() -> None:
    assert not [
        str(path.relative_to(ROOT))
        for path in tracked("lianxin/*.py")
        if not {"templatetags", "tests"} & set(path.parts)
        and str(path.relative_to(ROOT)) not in WITHOUT_COOKIES
        and re.search(r"\bmark_safe\(|csrf_exempt", path.read_text(encoding="utf-8"))
    ]
