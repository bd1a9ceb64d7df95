"""`eldercare demo`: from nothing to a filled registry, a computed scenario and a page to open, in one command."""

import click
from sqlalchemy import Engine

from eldercare import app, demonstration
from eldercare.command.progress import Progress
from eldercare.command.serve import run_server
from eldercare.demonstration.tokens import Ready
from eldercare.kit import log
from eldercare.kit.errors import Conflict
from eldercare.kit.settings import Settings, load, public
from eldercare.planning import request as requests
from eldercare.planning.submission import ensure
from eldercare.planning.table import render_table

STUDY = "xiaoshan"
TOKENS = "demo-tokens.json"


@click.command(name="demo")
@click.option("--no-serve", is_flag=True, help="End after the table.")
@click.option("--fresh", is_flag=True, help="Empty the demonstration registry and fill it again.")
@click.option("--people", type=click.Choice(["sample", "full"]), default="sample", show_default=True,
              help="Full also creates Shijiazhuang's 1.765 million older people.")  # fmt: skip
@click.option("--database", help="Address of the registry, instead of the setting.")
@click.option("--host", help="Network address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes any free one.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def command(
    no_serve: bool, fresh: bool, people: str, database: str | None, host: str | None, port: int | None, language: str
) -> None:
    """Fill a demonstration registry, run the Xiaoshan scenario, and serve both."""
    changed = {"database_url": database, "host": host, "port": port}
    settings = load().model_copy(update={name: value for name, value in changed.items() if value is not None})
    opened = None if no_serve else app.listen(settings)  # a busy port is told before minutes are spent
    log.configure("warning", settings.log_format)
    try:
        engine = app.open_registry(settings)
        try:
            prepare(engine, settings, fresh=fresh, people=people)
            click.echo(table(engine, settings, language))
            ready = tokens(engine, settings)
            if opened:
                run_server(settings, engine, opened, tokens=ready)
        finally:
            engine.dispose()
    finally:
        if opened:
            opened.close()


def prepare(engine: Engine, settings: Settings, *, fresh: bool, people: str) -> None:
    """Bring the registry to the state of the demonstration; what is there already is kept."""
    click.echo(f"Registry  {public(engine.url.render_as_string())}", err=True)
    new = not app.has_tables(engine)
    app.upgrade(engine)
    if not new and not demonstration.is_demonstration(engine):
        raise Conflict(
            "NOT_A_DEMONSTRATION",
            "This registry holds data that is not the demonstration's; it is left as it is.",
            remedy="Name another database: eldercare demo --database sqlite:///var/demo.sqlite",
        )
    if fresh and not new:
        app.empty(engine)
    known = settings.key_file.exists()
    keys = app.key_ring(settings, engine)
    if not known:
        click.echo(f"Keys      {settings.key_file}, made now: without them stored ID numbers cannot be read", err=True)
    if demonstration.is_filled(engine, people):
        click.echo("          is filled already (--fresh starts over)", err=True)
        return
    with Progress() as progress:
        demonstration.fill(engine, keys=keys, people=people, progress=progress)


def tokens(engine: Engine, settings: Settings) -> list[Ready]:
    """A ready token for each role, printed; they are kept for the next start in a file that only its owner reads."""
    path = settings.key_file.parent / TOKENS
    ready = demonstration.ensure_tokens(engine, app.key_ring(settings, engine), path)
    click.echo(f"\nTokens    one for each role, kept in {path} (--fresh issues new ones)", err=True)
    for each in ready:
        click.echo(f"  {each.role:<18} {each.token}  {each.place}", err=True)
    return ready


def table(engine: Engine, settings: Settings, language: str) -> str:
    """The table of the Xiaoshan scenarios; a study that was made before is shown again."""
    with Progress() as progress:
        outcome = ensure(
            engine,
            requests.preset(STUDY),
            processes=settings.job_processes,
            progress=lambda done, total: progress("batches of replications", done, total),
        )
    return render_table(outcome, language)
