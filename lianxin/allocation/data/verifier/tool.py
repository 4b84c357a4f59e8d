"""Checks a published draw without the service that made it: one file, Python 3.8, nothing to install.

python3 verify_draw.py draw.json                       all that is published fits, or what does not
python3 verify_draw.py draw.json --receipt mine.json   and where your own line stands
python3 verify_draw.py draw.json --key KEY             signed with this key and no other
python3 verify_draw.py --lock SEAL NUMBER              lock a secret away, without a network

核对抽签结果，不用联网、不用安装：全部相符时返回 0，有一处不符返回 1 并说明哪里不符。
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from pathlib import Path
from typing import Any

from lianxin.allocation.data.verifier.checking import verify
from lianxin.allocation.data.verifier.reading import (
    HEX64,
    MisfitError,
    lines_hash,
    need,
    plain,
)
from lianxin.allocation.data.verifier.receipt import Place, find_line, read_receipt

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def main(arguments: list[str] | None = None) -> int:
    """Check what is named; return 0 if all fits, 1 if something does not."""
    parser = argparse.ArgumentParser(description="Check a published draw. 核对抽签结果。")
    parser.add_argument("file", nargs="?", help="the file of the draw 抽签文件")
    parser.add_argument("--receipt", help="your own receipt 您的凭条")
    parser.add_argument("--key", help="the public key it must be signed with 公钥")
    parser.add_argument("--lock", nargs=2, metavar=("SEAL", "NUMBER"), help="锁一句密语")
    asked = parser.parse_args(joined(sys.argv[1:] if arguments is None else arguments))
    try:
        if asked.lock:
            say(lock(*asked.lock))
            return 0
        if not (asked.file or asked.receipt):
            parser.error("name the file of a draw, a receipt, or --lock")
        file = verify(Path(asked.file).read_bytes(), asked.key) if asked.file else None
        own = read_receipt(Path(asked.receipt).read_bytes(), asked.key) if asked.receipt else None
        place = find_line(file, own) if file and own else None
    except (MisfitError, OSError) as error:
        say(f"REFUSED 不符: {error}")
        return 1
    for line in [*(told_of(file) if file else ()), *(own_of(own, place) if own else ())]:
        say(line)
    return 0


def joined(arguments: list[str]) -> list[str]:
    """Write a key behind an equals sign: one that begins with a dash is a key all the same."""
    for at in range(len(arguments) - 1):
        if arguments[at] == "--key":
            return [*arguments[:at], "--key=" + arguments[at + 1], *arguments[at + 2 :]]
    return arguments


def told_of(file: dict[str, Any]) -> list[str]:
    """Say what a file that fits comes to."""
    rule, frozen, drawn, void = (file[name] for name in ("rule", "frozen", "drawn", "void"))
    lines = [f"{rule['organisation']} · {rule['title']}"]
    if void:
        lines.append(f"VOID 已作废: {void['reason']} {void['words']}")
    if frozen:
        lines.append(f"applications 报名: {frozen['count']}   root 指纹: {frozen['root']}")
    if drawn:
        lines.append(f"value 公开数值: {drawn['value']}   seed 种子: {drawn['seed']}")
        lines.append(f"got places 抽中: {drawn['won']}   places 名额: {rule['places']}")
        lines.append(f"Look the value up yourself 请自行到原处核对: {rule['public']['link']}")
    elif not void:
        lines.append("Not drawn yet; so far all fits. 还没有抽，目前全部相符。")
    keys = ", ".join(f"{name} {x}" for name, x in sorted(file["keys"].items()))
    return [*lines, f"signed with 签名公钥: {keys}", "ALL OF IT FITS 全部相符"]


def own_of(own: dict[str, Any], stands: Place | None) -> list[str]:
    """Say where a person's line stands."""
    lines = [f"your line 您的那一行: {own['line']}"]
    if stands is None or stands.place is None:
        return [
            *lines,
            "The receipt fits; compare it with the file. 凭条有效，请再与抽签文件核对。",
        ]
    lines.append(f"number {stands.place} of the list 名单第 {stands.place} 行")
    if stands.rank is not None:
        waits = f"{stands.waits} wait before it 候补，前面还有 {stands.waits} 份"
        fate = "got its places 抽中" if stands.has_won else waits
        lines.append(f"number {stands.rank} of the order 顺序第 {stands.rank} 位: {fate}")
    return lines


def lock(seal: str, number: str) -> str:
    """Ask for a secret, or make one, and return its lock."""
    fits = HEX64.match(seal) and number in tuple("123456789")
    need(fits, "SEAL and NUMBER, as the page shows them")
    secret = plain(getpass.getpass("your secret, at least 20 characters; empty: one is made\n"))
    if not secret:
        letters = "".join(secrets.choice(LETTERS) for _ in range(28))
        secret = " ".join(letters[at : at + 4] for at in range(0, 28, 4))
        say("secret, write it down 密语，请记下: " + secret)
    need(20 <= len(secret) <= 200, "a secret has 20 to 200 characters")
    return "lock 锁: " + lines_hash("lock", seal, number, secret)


def say(line: str) -> None:
    """Write a line, also where the console knows no Chinese."""
    sys.stdout.buffer.write((line + "\n").encode(sys.stdout.encoding or "utf-8", "replace"))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
