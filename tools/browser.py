"""The browser of the journeys: finds Chromium and a Chinese font, or installs both, or says aloud.

python -m tools.browser      prints the path of the browser
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def find() -> str | None:
    """Return the path of a Chromium, LIANXIN_CHROMIUM first."""
    named = os.environ.get("LIANXIN_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Tell whether pages would show characters rather than boxes."""
    wanted = ("NotoSansCJK*", "NotoSansSC*", "NotoSerifCJK*", "wqy-*", "SourceHanSans*")
    return any(
        next(Path(folder).rglob(pattern), None)
        for folder in FONTS
        if Path(folder).exists()
        for pattern in wanted
    )


def has_atomics() -> bool:
    """Tell whether the driver of the journeys, which brings its own Node, finds its one library."""
    return ctypes.util.find_library("atomic") is not None or any(
        next(Path(folder).rglob("libatomic.so.1"), None)
        for folder in ("/lib", "/usr/lib")
        if Path(folder).exists()
    )


def missing() -> list[str]:
    """Name the Debian packages that are not there."""
    return (
        []
        + (["chromium"] if not find() else [])
        + (["libatomic1"] if not has_atomics() else [])
        + (["fonts-noto-cjk"] if not has_chinese_font() else [])
    )


def install(packages: list[str]) -> None:
    """Install Debian packages (root only)."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet, stdout=sys.stderr)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=True, env=quiet, stdout=sys.stderr,
    )  # fmt: skip


def main() -> int:
    """Make sure of the browser; 1 when it cannot be had."""
    wanted = missing()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(wanted)} for the journeys …", file=sys.stderr)
        try:
            install(wanted)
        except subprocess.CalledProcessError as error:
            print(f"apt-get failed ({error.returncode}).", file=sys.stderr)
        wanted = missing()
    if wanted:
        print(
            f"The journeys need {' and '.join(wanted)}, and nothing was tested without them.\n"
            f"Install them (as root: apt-get install {' '.join(wanted)}), or set LIANXIN_CHROMIUM.",
            file=sys.stderr,
        )
        return 1
    print(find())
    return 0


if __name__ == "__main__":
    sys.exit(main())
