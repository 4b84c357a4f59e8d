"""Rebuilds the front-end files that are committed ready-made: icons, the app's marks, files of others.

Only a maintainer who wants another icon or release runs it (`icons` and `others` need npm once):

    python -m tools.vendor icons           rebuild lianxin/ui/static/ui/icons.svg
    python -m tools.vendor others          copy what others wrote (the reader of QR codes)
    python -m tools.vendor WHICH --check   fail if what is committed differs
    python -m tools.vendor marks           draw icon-192.png, icon-512.png, icon-maskable-512.png

htmx is not copied: it is served from the django-htmx wheel, which requirements pin by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw


@dataclass(frozen=True)
class Package:
    """A package of the npm registry, and the only bytes we take for it (SHA-512)."""

    name: str
    sha512: str


@dataclass(frozen=True)
class Copied:
    """Files of a package that are served as they came, with their licence."""

    package: Package
    folder: Path
    files: tuple[str, ...]


APPS = Path(__file__).resolve().parents[1] / "lianxin"
PACKAGE = Package(
    "@tabler/icons@3.51.0",
    "d298a7bcf673ed8797f8e49fc6e1006e710f59ba1c5575b9894f21e65878d696"
    "06f2c66e41fa561020bdf34971393d1c94621c3469fcc6c06bfb329a446740fe",
)
OTHERS = (
    # Reads QR codes where the browser cannot by itself (MIT or Apache-2.0, Paul Miller).
    Copied(
        Package(
            "qr@0.7.0",
            "fd5aeb00298e0306558a9b91213c1f13038be6800c1071f93d398159a1ad953a"
            "26d9387169afab8669dae3353d3d1376b8bc36c1d71c6e41ce2c665bd50f5274",
        ),
        APPS / "allocation" / "static" / "allocation" / "vendor" / "qr",
        ("decode.js", "index.js", "LICENSE-MIT"),
    ),
)
SPRITE = APPS / "ui" / "static" / "ui" / "icons.svg"
NOTICE = "Icons: Tabler Icons 3.51.0, MIT License, Copyright (c) 2020-2026 Paweł Kuna. Rebuilt by tools/vendor.py."

# One line a theme; add a name, run the script, commit both.
ICONS = """
home layout-grid book calendar-event calendar user users users-group
run palette microphone route ticket rss calendar-plus photo-plus photo-off
search phone phone-call bell mail inbox message-circle messages send speakerphone
arrow-left arrow-right chevron-right chevron-left chevron-down arrow-back-up
check x plus minus dots edit pencil trash copy share external-link link download upload
filter adjustments refresh history settings star flag lock key fingerprint logout login
alert-triangle info-circle circle-check help-circle lifebuoy ban
clock clock-exclamation hourglass calendar-due calendar-check
file-text file-upload file-export table-export paperclip photo camera printer notes news
eye eye-off shield-check shield-lock id qrcode device-mobile brand-wechat world
language text-size sun moon sun-moon accessible wifi-off cloud-off
hierarchy-2 building building-community clipboard-check clipboard-list list-check checklist
corner-up-right arrows-exchange user-plus user-check user-off
heart heart-handshake home-heart hand-stop scale gavel leaf stairs bulb map-pin urgent
coin cash wallet receipt gift report-money certificate award school stethoscope heartbeat
baby-carriage briefcase tools truck bed coffee plant-2 trophy thumb-up mood-smile umbrella
message list map car moped first-aid-kit building-hospital ambulance flower confetti cake rosette
file-check file-description report chart-bar table signature hammer door rotate-clockwise user-heart
armchair microwave fridge air-conditioning droplet droplet-off toilet-paper plug wifi books bath
charging-pile wheelchair device-tv device-desktop lock-open current-location map-pins clock-off spray
""".split()

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
# The mark on a field of 512: a heart, and the bridge inside it (cubic curves).
MARK: list[list[Curve]] = [
    [
        ((256, 396), (256, 396), (104, 306), (104, 206)),
        ((104, 206), (104, 118), (220, 92), (256, 170)),
        ((256, 170), (292, 92), (408, 118), (408, 206)),
        ((408, 206), (408, 306), (256, 396), (256, 396)),
    ],
    [
        ((128, 274), (170, 240), (212, 226), (256, 226)),
        ((256, 226), (300, 226), (342, 240), (384, 274)),
    ],
]


def fetch(package: Package, folder: Path) -> Path:
    """Download a pinned package and refuse it if one byte differs."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package.name],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    archive = folder / done.stdout.strip().splitlines()[-1]
    found = hashlib.sha512(archive.read_bytes()).hexdigest()
    if found != package.sha512:
        sys.exit(
            f"The checksum of {package.name} is {found}, not the pinned one. Nothing was changed."
        )
    return archive


def sprite(archive: Path) -> str:
    """Put the wanted icons into one file of symbols."""
    symbols: list[str] = []
    with tarfile.open(archive) as package:
        for name in sorted(set(ICONS)):
            member = package.extractfile(f"package/icons/outline/{name}.svg")
            if member is None:
                sys.exit(f"There is no icon called {name}.")
            body = member.read().decode()
            shapes = re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", body)
            drawn = "".join(
                shape.replace(" />", "/>") for shape in shapes if 'stroke="none"' not in shape
            )
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    inside = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- {NOTICE} -->\n{inside}\n</svg>\n'


def icons(*, check: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = sprite(fetch(PACKAGE, Path(folder)))
    if not check:
        SPRITE.parent.mkdir(parents=True, exist_ok=True)
        SPRITE.write_text(made, encoding="utf-8")
    elif SPRITE.read_text(encoding="utf-8") != made:
        sys.exit("The committed sprite differs from what tools/vendor.py makes.")


def others(*, check: bool) -> None:
    """Copy the files of others, byte by byte."""
    for copied in OTHERS:
        with (
            tempfile.TemporaryDirectory() as folder,
            tarfile.open(fetch(copied.package, Path(folder))) as package,
        ):
            for name in copied.files:
                member = package.extractfile(f"package/{name}")
                if member is None:
                    sys.exit(f"{copied.package.name} has no {name}.")
                _keep(copied.folder / name, member.read(), check=check)


def _keep(path: Path, data: bytes, *, check: bool) -> None:
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    elif path.read_bytes() != data:
        sys.exit(f"{path.name} differs from what its package holds.")


def marks() -> None:
    """Draw the heart with the bridge, as icon.svg has it, at the sizes phones ask for."""
    for name, size, scale, round_by in (
        ("icon-192", 192, 1.0, 0.227),
        ("icon-512", 512, 1.0, 0.227),
        ("icon-maskable-512", 512, 0.78, 0.0),
    ):
        _mark(size, scale, round_by).save(SPRITE.with_name(f"{name}.png"), optimize=True)


def _mark(size: int, scale: float, round_by: float) -> Image.Image:
    big = size * 4
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, big - 1, big - 1), radius=round_by * big, fill="#be1e2d")
    unit = big / 512
    for curves in MARK:
        points = [
            ((256 + (x - 256) * scale) * unit, (256 + (y - 256) * scale) * unit)
            for curve in curves
            for x, y in _along(curve)
        ]
        half = 17 * scale * unit
        for x, y in points:
            pen.ellipse((x - half, y - half, x + half, y + half), fill="white")
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return small.quantize(64, method=Image.Quantize.FASTOCTREE)


def _along(curve: Curve) -> list[tuple[float, float]]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    steps = [step / 400 for step in range(401)]
    return [
        (
            (1 - t) ** 3 * ax + 3 * (1 - t) ** 2 * t * bx + 3 * (1 - t) * t**2 * cx + t**3 * dx,
            (1 - t) ** 3 * ay + 3 * (1 - t) ** 2 * t * by + 3 * (1 - t) * t**2 * cy + t**3 * dy,
        )
        for t in steps
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild the pinned front-end files.")
    parser.add_argument("what", choices=["icons", "marks", "others"])
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    given = parser.parse_args()
    if given.what == "marks":
        marks()
    elif given.what == "others":
        others(check=given.check)
    else:
        icons(check=given.check)


if __name__ == "__main__":
    main()
