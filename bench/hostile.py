"""What a hostile document costs beside an ordinary one: milliseconds when it is new, when it is sent again, and statements."""

import asyncio
import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from eldercare import app
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor, Request
from eldercare.api.schema import whole_api
from eldercare.kit import clock
from eldercare.kit.db import open_engine
from eldercare.kit.work import PROCESS
from eldercare.security.principal import SYSTEM

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "eldercare" / "api")]
HOSTILE = importlib.import_module("test_cost").HOSTILE
ORDINARY = "{{ {0}: facilities(first: 20) {{ totalCount nodes {{ name residents division {{ name }} }} }} }}"
ROUNDS = 7


async def measured(executor: Executor, text: Callable[[int], str]) -> tuple[float, float, int]:
    """Median milliseconds of a document that is new and of the same sent again, and statements of all of them."""
    new, again, before = [], [], PROCESS.statements
    for i in range(ROUNDS):
        request = Request(text(i), viewer=SYSTEM)
        for times in (new, again):
            began = time.perf_counter()
            await executor.execute(request)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(new), statistics.median(again), PROCESS.statements - before


async def main() -> None:
    """Print a row for the ordinary document and for each family of hostile ones."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/registry.sqlite"
        engine = open_engine(url)
        app.upgrade(engine)
        executor = Executor(whole_api(), open_reads(url), engine, today=clock.today)
        await executor.execute(Request(ORDINARY.format("warm"), viewer=SYSTEM))
        print("| document | new, ms | again, ms | statements |\n|---|---|---|---|")
        rows = {"an ordinary page": lambda i: ORDINARY.format(f"a{i}")}
        rows |= {name: lambda i, text=text: f"{text} #{i}" for name, text in HOSTILE.items()}
        for name, text in rows.items():
            new, again, statements = await measured(executor, text)
            print(f"| {name} | {new:.2f} | {again:.2f} | {statements} |")
        await executor.reads.close()
        engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
