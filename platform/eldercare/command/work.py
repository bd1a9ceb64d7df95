"""`eldercare work`: a worker of its own, beside the server or on another machine with the same database."""

import signal

import click

from eldercare import app
from eldercare.kit import log
from eldercare.kit.settings import load


@click.command(name="work")
@click.option("--once", is_flag=True, help="End when the queue is empty.")
@click.option("--processes", type=click.IntRange(1, 256), help="Processes for the batches of a job.")
def command(once: bool, processes: int | None) -> None:
    """Work off queued jobs, beside the server or on another machine.

    Several workers share one queue; a killed one's job is taken over, and no finished batch is repeated.
    """
    settings = load()
    if processes:
        settings = settings.model_copy(update={"job_processes": processes})
    log.configure(settings.log_level, settings.log_format)
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        worker = app.make_worker(settings, engine)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_ignored: worker.stop())
        click.echo(f"Worker {worker.name} waits for jobs; Ctrl-C ends it.", err=True)
        taken = worker.run(once=once)
        click.echo(f"{taken} jobs worked off.", err=True)
    finally:
        engine.dispose()
