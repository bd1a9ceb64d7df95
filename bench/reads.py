"""Reads: the API beside the same answers written in SQL by hand behind a bare Starlette route, on both databases.

Two servers on one processor each answer five documents in turn; the load comes from this process. Run it with
`python bench/reads.py`; `--database URL --keys FILE` measures a registry that is filled already.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from documents import DOCUMENTS, variables

HERE = Path(__file__).parent
INSTITUTIONAL = "('ORDINARY', 'NURSING', 'DEMENTIA', 'REHAB', 'SHORT_STAY')"
TODAY = date(2026, 11, 1)


def statements(database: str) -> dict[str, str]:
    """The hand-written statements of a database by the name of their document."""
    parts: dict[str, str] = {}
    for part in (HERE / f"reads_{database}.sql").read_text().split("\n-- ")[1:]:
        name, _, text = part.partition("\n")
        parts[name.strip()] = text.strip()
    found = {}
    for name in DOCUMENTS:
        text = parts[name]
        for shared in ("facility", "people", "counts", "division"):
            text = replace(text, shared, parts)
        text = replace(text, "facilities", parts).replace("@size", "20" if name == "dashboard" else "50")
        for shared in ("facilities_where", "territory"):
            text = replace(text, shared, parts)
        found[name] = text.replace("@institutional", INSTITUTIONAL)
    return found


def replace(text: str, name: str, parts: dict[str, str]) -> str:
    """Put a shared part where it is named."""
    import re

    return re.sub(rf"@{name}\b", lambda _: parts[f"@{name}"], text)


# The two servers.


def serve(kind: str, url: str, port: int) -> None:
    """Run one of the two servers."""
    import uvicorn

    application = make_compiled(url) if kind == "compiled" else make_written(url)
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="error", access_log=False)


def make_compiled(url: str) -> Any:
    """The product's own server."""
    from eldercare.api.compiler.run import open_reads
    from eldercare.api.execute import Executor
    from eldercare.api.schema import whole_api
    from eldercare.kit.db import open_engine
    from eldercare.web.server import make_server

    api = whole_api()
    executor = Executor(api, open_reads(url), open_engine(url), today=lambda: TODAY)
    return make_server(executor.execute, authenticate=as_system, sdl=api.text, ready=lambda: None)


async def as_system(_headers: Any, _address: str) -> Any:
    """Lets the client of the measurement in as one who sees everything."""
    from eldercare.security.principal import SYSTEM

    return SYSTEM


def make_written(url: str) -> Any:
    """A bare Starlette route that runs the hand-written statement with the same driver."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from eldercare.api.compiler.plan import Plan
    from eldercare.api.compiler.run import open_reads

    reads = open_reads(url)
    known = statements("sqlite" if reads.driver == "sqlite" else "postgresql")
    names = ("id", "city", "today")
    plans = {
        name: Plan(numbered(text) if reads.driver == "asyncpg" else text, names, {}, {}, reads.driver)
        for name, text in known.items()
    }

    async def endpoint(request: Request) -> Response:
        sent = orjson.loads(await request.body())
        plan, given = plans[sent["operationName"]], sent["variables"]
        keys = {name: int(text.rpartition("_")[2]) for name, text in given.items()}
        values: Any = {**keys, "today": TODAY.isoformat()}
        if reads.driver == "asyncpg":
            values = [{**keys, "today": TODAY}[name] for name in names if f":{name}" in known[sent["operationName"]]]
        body = b'{"data":' + await reads.fetch(plan, values) + b"}"
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/graphql", endpoint, methods=["POST"])])


def numbered(text: str) -> str:
    """A statement with PostgreSQL's numbered parameters."""
    types, count = {"id": "bigint", "city": "bigint", "today": "date"}, 0
    for name, kind in types.items():
        if f":{name}" in text:
            count += 1
            text = text.replace(f":{name}", f"${count}::{kind}")
    return text


# The load.


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, request: bytes, until: float, done: asyncio.Future[None]) -> None:
        self.request, self.until, self.done = request, until, done
        self.waited: list[float] = []
        self.buffer = bytearray()
        self.missing = -1

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the request."""
        self.began = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Take what came; a whole answer is followed by the next request."""
        self.buffer += data
        if self.missing < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end]).lower()
            assert head.startswith(b"http/1.1 200"), bytes(self.buffer[:300])
            self.missing = end + 4 + int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(self.buffer) < self.missing:
            return
        now = time.perf_counter()
        self.waited.append(now - self.began)
        self.buffer.clear()
        self.missing = -1
        if now < self.until:
            self.ask()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell of a connection that was lost."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("closed"))


def request_of(name: str, ids: dict[str, str], port: int) -> bytes:
    """The bytes of a request."""
    body = json.dumps(
        {
            "query": DOCUMENTS[name].replace("query Q", "query Q", 1),
            "operationName": "Q",
            "variables": variables(name, ids),
        }
    )
    return post(body, port)


def post(body: str, port: int) -> bytes:
    """The bytes of a POST."""
    sent = body.encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: {len(sent)}\r\n\r\n"
    return head.encode() + sent


def body_of(kind: str, name: str, ids: dict[str, str]) -> str:
    """The body of a request to a server; the bare route is told the document's name instead of its text."""
    if kind == "written":
        return json.dumps({"operationName": name, "variables": variables(name, ids)})
    return json.dumps({"query": DOCUMENTS[name], "variables": variables(name, ids)})


async def load(port: int, body: str, connections: int, seconds: float) -> list[float]:
    """The waiting times of all requests that so many connections could send in a time."""
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    clients = []
    for _ in range(connections):
        done = loop.create_future()
        _, client = await loop.create_connection(lambda d=done: Client(post(body, port), until, d), "127.0.0.1", port)  # type: ignore[misc]
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    return [each for client in clients for each in client.waited]


async def answer(port: int, body: str) -> Any:
    """One answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(post(body, port))
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    found = await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
    writer.close()
    return orjson.loads(found)


# The measurement.


@contextlib.contextmanager
def servers(url: str) -> Iterator[dict[str, int]]:
    """The two servers, by name with their ports, on the first processor; the load has the second."""
    ports = {"compiled": 8771, "written": 8772}
    pin = ["taskset", "-c", "0"] if os.cpu_count() and os.path.exists("/usr/bin/taskset") else []
    running = [
        subprocess.Popen(
            [*pin, sys.executable, str(HERE / "reads.py"), "--serve", kind, "--database", url, "--port", str(port)]
        )
        for kind, port in ports.items()
    ]
    try:
        for port in ports.values():
            wait(port)
        yield ports
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def wait(port: int) -> None:
    """Return when a server accepts connections."""
    import socket

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}.")


async def measure(
    ports: dict[str, int], *, seconds: float, rounds: int, connections: list[int]
) -> list[dict[str, Any]]:
    """Requests a second of both servers, document by document, in interleaved rounds."""
    ids = await find_ids(ports["compiled"])
    rows = []
    for name in DOCUMENTS:
        bodies = {kind: body_of(kind, name, ids) for kind in ports}
        answers = {kind: await answer(port, bodies[kind]) for kind, port in ports.items()}
        if plain(answers["compiled"]) != plain(answers["written"]):
            raise SystemExit(
                f"{name}: the two answers differ:\n{str(answers['compiled'])[:600]}\n{str(answers['written'])[:600]}"
            )
        for count in connections:
            rates: dict[str, list[float]] = {kind: [] for kind in ports}
            waits: dict[str, list[float]] = {kind: [] for kind in ports}
            for _ in range(rounds):
                for kind, port in ports.items():
                    waited = await load(port, bodies[kind], count, seconds)
                    rates[kind].append(len(waited) / seconds)
                    waits[kind].append(statistics.median(waited) * 1000)
            row = {"document": name, "connections": count}
            row |= {kind: round(statistics.median(rates[kind]), 1) for kind in ports}
            row |= {f"{kind}_ms": round(statistics.median(waits[kind]), 2) for kind in ports}
            row["ratio"] = round(
                statistics.median(c / w for c, w in zip(rates["compiled"], rates["written"], strict=True)), 2
            )
            print(
                f"{name:14} {count:3} connections: {row['compiled']:9} and {row['written']:9} a second, {row['ratio']}",
                flush=True,
            )
            rows.append(row)
    return rows


async def find_ids(port: int) -> dict[str, str]:
    """A city and a facility of it."""
    query = '{ divisions(filter: {code: {eq: "130100000000"}}) { nodes { id } } facilities(filter: {within: "130100000000"}, first: 1) { nodes { id } } }'
    data = (await answer(port, json.dumps({"query": query})))["data"]
    return {"city": data["divisions"]["nodes"][0]["id"], "id": data["facilities"]["nodes"][0]["id"]}


def plain(value: Any) -> Any:
    """An answer without its cursors, which carry a signature of their own."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key not in ("cursor", "endCursor")}
    return [plain(each) for each in value] if isinstance(value, list) else value


@contextlib.contextmanager
def registries() -> Iterator[dict[str, str]]:
    """A filled demonstration registry on each database."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    import psycopg

    from pgtemp import address, temporary_postgres

    with tempfile.TemporaryDirectory() as folder, temporary_postgres() as server:
        with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE reads")
        urls = {"sqlite": f"sqlite:///{folder}/reads.sqlite", "postgresql": address(server, "reads")}
        for url in urls.values():
            fill(url, Path(folder) / "keys.json")
        yield urls


def fill(url: str, keys: Path) -> None:
    """Put the demonstration in."""
    from eldercare import app, demonstration
    from eldercare.kit.db import open_engine
    from eldercare.security.cipher import KeyRing

    engine = open_engine(url)
    app.upgrade(engine)
    demonstration.fill(engine, keys=KeyRing.load(keys) if keys.exists() else KeyRing.create(keys))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", action="append", help="address of a filled registry; may be given twice")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--serve", choices=["compiled", "written"])
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    if given.serve:
        return serve(given.serve, given.database[0], given.port)
    with contextlib.ExitStack() as stack:
        urls = given.database or list(stack.enter_context(registries()).values())
        for url in urls:
            print(url.split(":")[0])
            with servers(url) as ports:
                rows = asyncio.run(
                    measure(ports, seconds=given.seconds, rounds=given.rounds, connections=given.connections)
                )
            print_table(rows)
    return None


def print_table(rows: list[dict[str, Any]]) -> None:
    """The figures as a table for docs/benchmarks.md."""
    print("| document | connections | API, requests/s | by hand, requests/s | API, ms | by hand, ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        cells = [
            row[key] for key in ("document", "connections", "compiled", "written", "compiled_ms", "written_ms", "ratio")
        ]
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
