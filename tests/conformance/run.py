"""Outside tools against a running server: `make conformance` runs each and says what it found; without node it says so."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORK = ROOT / "var" / "conformance"
OUT = WORK / "out"
OLDEST_NODE = 20
METRICS_KEY = "conformance-metrics-key"
NPM = ("--no-audit", "--no-fund", "--legacy-peer-deps", "--omit-lockfile-registry-resolved", "--loglevel=error")

Environment = dict[str, str]


def main() -> int:
    """Prepare, serve, run every check; the number of those that failed."""
    if reason := no_node():
        print(f"Conformance was not checked: {reason}.")
        return 0
    began = time.monotonic()
    prepare()
    failed = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as environment:
        for name, check in CHECKS.items():
            started = time.monotonic()
            done = check(environment)
            told = last_line(done)
            print(
                f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name:<28} {time.monotonic() - started:5.1f} s  {told}"
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr)
    print(f"{len(CHECKS) - len(failed)} of {len(CHECKS)} in {time.monotonic() - began:.0f} s")
    return len(failed)


def no_node() -> str:
    """Why node cannot be used; empty when it can."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node is not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    old = int(re.match(r"v(\d+)", version)[1]) < OLDEST_NODE  # type: ignore[index]
    return f"node {version} is older than {OLDEST_NODE}" if old else ""


def prepare() -> None:
    """Copy everything to a folder that git does not know, and install there what the locks say, unless it is there."""
    WORK.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE, WORK, dirs_exist_ok=True)
    lock, mark = HERE / "package-lock.json", WORK / "node_modules" / ".ours"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        subprocess.run(["npm", "ci", *NPM], cwd=WORK, check=True)
        mark.write_bytes(lock.read_bytes())
    lock, mark = HERE / "requirements.lock", WORK / ".venv" / ".ours"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", WORK / ".venv"], check=True)
        pip = [python(), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", lock], check=True)
        mark.write_bytes(lock.read_bytes())
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "relay").mkdir(parents=True)
    shutil.copy(ROOT / "schema.graphql", OUT / "schema.graphql")
    (OUT / "persisted.json").write_text("{}")
    relay_schema = [sys.executable, "-m", "eldercare", "schema", "print", "--relay"]
    done = subprocess.run(relay_schema, check=True, capture_output=True, text=True)
    (OUT / "relay.graphql").write_text(done.stdout)


def python() -> str:
    """The interpreter that has the Python tools."""
    return str(WORK / ".venv" / "bin" / "python")


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Environment]:
    """A server over a new registry in a folder; gives what the tools need to know of it."""
    own = {
        **os.environ,
        "ELDERCARE_DATABASE_URL": f"sqlite:///{folder}/registry.sqlite",
        "ELDERCARE_KEY_FILE": str(folder / "keys.json"),
        "ELDERCARE_METRICS_KEY": METRICS_KEY,
        "ELDERCARE_FEED_INTERVAL": "0.1",
        "ELDERCARE_STREAM_KEEP_ALIVE": "2",
    }
    eldercare = [sys.executable, "-m", "eldercare"]
    subprocess.run([*eldercare, "db", "upgrade"], env=own, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", PLACE], env=own, check=True)
    token = issued([*eldercare, *TOKEN], own)
    with (folder / "log").open("w+") as log:
        server = subprocess.Popen([*eldercare, "serve", "--port", "0"], env=own, stderr=log, stdout=log)
        try:
            url = address(folder / "log", server)
            yield {
                **os.environ,
                "CONFORMANCE_URL": url,
                "CONFORMANCE_SCHEMA": str(OUT / "schema.graphql"),
                "CONFORMANCE_TOKEN": token,
                "CONFORMANCE_METRICS": METRICS_KEY,
            }
        finally:
            server.terminate()
            server.wait(20)


def issued(command: list[str], own: Environment) -> str:
    """A token for the tools, which the command prints as its last word."""
    done = subprocess.run(command, env=own, check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


PLACE = """
from datetime import date
from sqlalchemy.orm import Session
from eldercare import app
from eldercare.kit.settings import load
from eldercare.registry import Division, Source
from eldercare.registry.change import Writer

with Session(app.open_registry(load())) as session:
    writer = Writer(session, author="conformance")
    origin = writer.create(Source, {"system": "tests", "collection_method": "SYNTHETIC", "recorded_by": "conformance"})
    writer.source_id = origin.id
    place = {"code": "990000000000", "level": "PROVINCE", "name": "Conformance", "valid_from": date(2000, 1, 1)}
    writer.create(Division, place)
    session.commit()
"""
"""A province for the token to be of."""

PROVINCE = ("--role", "PROVINCE", "--division", "990000000000")
TOKEN = ("token", "create", "conformance", *PROVINCE, "--scope", "read", "--scope", "write")
"""The words of the command that issues a token for the tools."""


def address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    """The address of the endpoint, once the server answers."""
    for _ in range(600):
        if found := re.search(r"(http://\S+/graphql)", log.read_text()):
            with contextlib.suppress(OSError), urllib.request.urlopen(found[1].replace("graphql", "health/ready")):
                return found[1]
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"The server does not answer:\n{log.read_text()}")


def tool(*command: str) -> Callable[[Environment], "subprocess.CompletedProcess[str]"]:
    """A check that is one command."""
    return lambda environment: run(environment, *command)


def run(environment: Environment, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command where the tools are."""
    path = f"{WORK / 'node_modules' / '.bin'}{os.pathsep}{environment['PATH']}"
    given = {**environment, "PATH": path, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=WORK, env=given, capture_output=True, text=True, timeout=150, check=False)


def relay(environment: Environment) -> "subprocess.CompletedProcess[str]":
    """relay-compiler; its exit code is 0 even when it failed, so its words decide."""
    done = run(environment, "relay-compiler")
    if "compiled documents" not in done.stdout + done.stderr:
        done.returncode = 1
    return done


def codegen(environment: Environment) -> "subprocess.CompletedProcess[str]":
    """graphql-codegen; then the server must take its manifest as it is, and tsc its types in the strictest mode."""
    for command in (
        ("graphql-codegen", "--config", "codegen.ts", "--silent"),
        (sys.executable, "-m", "eldercare", "trusted", "check", "out/gql/persisted-documents.json"),
        (sys.executable, "-m", "eldercare", "trusted", "check", "out/persisted.json"),
        ("tsc", "-p", "."),
    ):
        done = run(environment, *command)
        if done.returncode:
            return done
        done.stdout = done.stdout or "types and manifest"
    return done


def ariadne(environment: Environment) -> "subprocess.CompletedProcess[str]":
    """ariadne-codegen writes a client; the client asks, writes and follows."""
    done = run(environment, python(), "-m", "ariadne_codegen")
    return done if done.returncode else run(environment, python(), "round_trip.py")


def last_line(done: "subprocess.CompletedProcess[str]") -> str:
    """The last thing a check said."""
    lines = [line.strip() for line in (done.stdout or done.stderr).splitlines() if line.strip()]
    return lines[-1][:80] if lines else ""


CHECKS: dict[str, Callable[[Environment], "subprocess.CompletedProcess[str]"]] = {
    "graphql-http audits": tool("node", "audits.mjs"),
    "graphql-js": tool("node", "schema.mjs"),
    "graphql-eslint, relay": tool("eslint", "out/schema.graphql"),
    "relay-compiler": relay,
    "graphql-codegen and tsc": codegen,
    "graphql-ws": tool("node", "websocket.mjs"),
    "graphql-sse": tool("node", "events.mjs"),
    "ariadne-codegen": ariadne,
}

if __name__ == "__main__":
    sys.exit(main())
