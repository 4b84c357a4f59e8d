"""The Java that Spark runs on: finds one, or installs Debian's, or says aloud what is missing.

python -m tools.java      prints the path
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from tools import browser

PACKAGE = "openjdk-17-jre-headless"
OLDEST = 17


def find() -> str | None:
    """Return the path of a Java new enough for Spark."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=f"{home}/bin" if home else None)
    if path is None:
        return None
    said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return path if version and int(version[1]) >= OLDEST else None


def main() -> int:
    """Make sure of Java; 1 when it cannot be had."""
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        browser.install([PACKAGE])
    path = find()
    if path is None:
        print(
            f"Spark is NOT tested: there is no Java {OLDEST} here. Install {PACKAGE}.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
