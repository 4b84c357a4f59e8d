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


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
@pytest.mark.parametrize("what", INLINE)
def test_a_template_has_nothing_the_browser_would_refuse(path: Path, what: str) -> None:
    found = INLINE[what].search(path.read_text(encoding="utf-8"))
    assert found is None, f"{what}: {found[0]}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_form_that_writes_is_guarded(path: Path) -> None:
    for form in POST_FORM.findall(path.read_text(encoding="utf-8")):
        assert "{% csrf_token %}" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_says_what_it_says_through_translate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", "", text, flags=re.DOTALL)
    bare = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    # The only Chinese a template may hold: the names of languages, each in its own.
    found = set(re.findall(r"[\u3400-\u9fff]+", bare)) - {"简体中文", "中文", "连心", "元"}
    assert not found


@pytest.mark.parametrize("path", tracked("lianxin/*.py"), ids=lambda p: str(p.relative_to(ROOT)))
def test_code_does_not_write_past_the_escaping(path: Path) -> None:
    if "templatetags" in path.parts or "tests" in path.parts:
        return
    assert not re.search(r"\bmark_safe\(|csrf_exempt", path.read_text(encoding="utf-8"))
