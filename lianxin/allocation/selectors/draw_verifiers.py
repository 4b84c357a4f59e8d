"""The two verifiers as they are handed out: one Python file, one page, neither needing anything else."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

DATA = Path(__file__).parents[1] / "data"
STATIC = Path(__file__).parents[1] / "static" / "allocation"
SCRIPTS = ("draw_hash.js", "verify_draw.js", "draw_receipt.js", "draw_check.js", "draw_party.js")
STYLE = "draw_offline.css"
PIECES = ("signature", "reading", "rule", "checking", "receipt", "tool")
OWN = "lianxin."


@cache
def python_verifier() -> str:
    """Join the pieces of the Python verifier to the one file people run."""
    heads, bodies = set[str](), []
    for name in PIECES:
        text = (DATA / "verifier" / f"{name}.py").read_text("utf-8")
        opening, *statements = ast.parse(text).body
        imports = [one for one in statements if isinstance(one, ast.Import | ast.ImportFrom)]
        heads |= {ast.unparse(one) for one in imports if not _is_ours(one)}
        lines = text.splitlines()
        body = lines[imports[-1].end_lineno :]
        said = (ast.literal_eval(opening.value) if isinstance(opening, ast.Expr) else "").split(
            "\n"
        )[0]
        bodies.append("\n".join([f"# ---- {said}", *body]).strip())
    words = ast.get_docstring(ast.parse((DATA / "verifier" / "tool.py").read_text("utf-8")))
    parts = ["#!/usr/bin/env python3", f'"""{words}\n"""', "from __future__ import annotations"]
    return "\n\n".join([*parts, "\n".join(sorted(heads)), "\n\n\n".join(bodies)]) + "\n"


@cache
def page_verifier(language: str) -> str:
    """Put scripts, style and words into one page that works from a folder, in a language."""
    with translation.override(language):
        page = str(render_to_string("allocation/draw_offline.html"))
    style = (STATIC / STYLE).read_text("utf-8")
    page = page.replace(f'<link rel="stylesheet" href="{STYLE}">', f"<style>\n{style}</style>")
    for name in SCRIPTS:
        script = (STATIC / name).read_text("utf-8")
        if "</script" in script.lower():
            raise ValueError(f"{name} would end itself")
        page = page.replace(f'<script src="{name}"></script>', f"<script>\n{script}</script>")
    return page


def _is_ours(one: ast.Import | ast.ImportFrom) -> bool:
    module = one.module or "" if isinstance(one, ast.ImportFrom) else ""
    return module.startswith(OWN) or module == "__future__"
