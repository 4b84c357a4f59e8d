"""Lighthouse over the main pages: performance ≥ 98, accessibility and best practices 100, SEO 100 where public.

python -m tools.audit [NAME…]     needs Node with npm; installs Lighthouse into .cache/ once

It loads a small demo into a folder of its own, serves it, signs in, and asks for each page in
several looks. Signed-in pages are not to be indexed, so SEO counts on public pages only.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import browser

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "lighthouse"
LIGHTHOUSE = "lighthouse@12.8.2"
LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
LOOKS = {
    "light": "",
    "dark": "lx_theme=dark",
    "large": "lx_size=large",
    "English": "django_language=en",
}


@dataclass(frozen=True)
class Page:
    """One page to look at: its name, who looks, and its address."""

    name: str
    who: str
    path: str


def main() -> None:
    """Run Lighthouse on every page and look; print a row each; exit 1 if one falls short."""
    program = _lighthouse()
    chrome = browser.find()
    if chrome is None:
        raise SystemExit("Chromium is missing: run `python -m tools.browser` first.")
    wanted = set(sys.argv[1:])
    short = 0
    with tempfile.TemporaryDirectory(prefix="lianxin-audit-") as var, _served(Path(var)) as base:
        pages, cookies = _stage()
        for page in pages:
            if wanted and page.name not in wanted:
                continue
            for look, choice in LOOKS.items():
                cookie = "; ".join(filter(None, [cookies.get(page.who, ""), choice]))
                scores = _measured(program, chrome, base + page.path, cookie)
                low = [name for name, least in _limits(page).items() if scores[name] < least]
                short += bool(low)
                shown = "  ".join(f"{name} {scores[name]:3}" for name in _limits(page))
                print(f"{page.name:16} {look:8} {shown}{'   SHORT' if low else ''}", flush=True)
    if short:
        raise SystemExit(f"{short} runs fall short")


def _limits(page: Page) -> dict[str, int]:
    return {name: least for name, least in LIMITS.items() if name != "seo" or page.who == "visitor"}


def _lighthouse() -> str:
    program = CACHE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("Node with npm is missing: `apt-get install nodejs npm`, then again.")
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [
                npm,
                "install",
                "--no-audit",
                "--no-fund",
                "--silent",
                "--prefix",
                str(CACHE),
                LIGHTHOUSE,
            ],
            check=True,
        )
    return str(program)


@contextmanager
def _served(var: Path) -> Iterator[str]:
    """Load a small demo and serve it until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "LIANXIN_VAR": str(var),
        "LIANXIN_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run",
    }
    os.environ.pop("LIANXIN_DATABASE_URL", None)
    for command in (
        ["manage.py", "migrate", "-v0"],
        ["manage.py", "collectstatic", "--no-input", "-v0"],
        ["-m", "tools.demo", "--members", "2000", "--unions", "250"],
    ):
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{base}/healthz", timeout=2):  # noqa: S310  (our own server)
                    break
            except OSError:
                time.sleep(0.5)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def _stage() -> tuple[list[Page], dict[str, str]]:
    """Sign Lin and Wang in, begin an application, and name the pages."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from lianxin.accounts.models import User
    from lianxin.accounts.testing import sign_in
    from lianxin.procedures.models import Dossier, Task

    people = {
        "worker": User.objects.get(display_name="林晓梅"),
        "officer": User.objects.get(login_name="wang"),
    }
    cookies: dict[str, str] = {}
    clients: dict[str, Client] = {}
    for who, user in people.items():
        clients[who] = client = Client()
        sign_in(client, user)
        cookies[who] = (
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        )
    begun = clients["worker"].post(
        "/services/temporary-relief/apply/", {"agree-finance": "on"}, headers={"host": "localhost"}
    )
    case = Dossier.objects.filter(applicant=people["worker"]).latest("created_at")
    task = Task.objects.filter(state="open", organisation__code="JZ-JL-BC-001").order_by("due_at")[
        0
    ]
    pages = [
        Page("home", "visitor", "/"),
        Page("services", "visitor", "/services/"),
        Page("service page", "visitor", "/services/hardship-file/"),
        Page(
            "application",
            "worker",
            begun.headers.get("Location", "/services/temporary-relief/apply/"),
        ),
        Page("my case", "worker", f"/cases/{case.pk}/"),
        Page("home signed in", "worker", "/"),
        Page("desk queue", "officer", "/desk/"),
        Page("dossier", "officer", f"/desk/dossiers/{task.dossier_id}/"),
    ]
    return pages, cookies


def _measured(program: str, chrome: str, url: str, cookie: str) -> dict[str, int]:
    """One run; where it falls short of speed, the median of three, since machines are shared."""
    first = _run(program, chrome, url, cookie)
    if first["performance"] >= LIMITS["performance"]:
        return first
    runs = sorted(
        [first, *(_run(program, chrome, url, cookie) for _ in range(2))],
        key=lambda one: one["performance"],
    )
    return runs[1]


def _run(program: str, chrome: str, url: str, cookie: str, tries: int = 3) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        out, headers = Path(folder, "report.json"), Path(folder, "headers.json")
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            program, url, "--quiet", "--output=json", f"--output-path={out}", f"--extra-headers={headers}",
            f"--only-categories={','.join(LIMITS)}", f"--chrome-flags={' '.join(browser.FLAGS)} --user-data-dir={folder}/chrome",
        ]  # fmt: skip
        env = {**os.environ, "CHROME_PATH": chrome}
        done = subprocess.run(command, env=env, check=tries == 1, stdout=subprocess.DEVNULL)
        if done.returncode:  # now and then Chromium gives Lighthouse no trace
            return _run(program, chrome, url, cookie, tries - 1)
        categories = json.loads(out.read_text())["categories"]
    return {name: round((categories[name]["score"] or 0) * 100) for name in LIMITS}


if __name__ == "__main__":
    main()
