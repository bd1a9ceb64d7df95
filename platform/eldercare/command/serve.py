"""`eldercare serve`: the API and the start page, and the queued jobs beside them."""

import socket
from collections.abc import Sequence
from dataclasses import asdict

import click
from sqlalchemy import Engine

from eldercare import app
from eldercare.demonstration.tokens import Ready
from eldercare.kit import log
from eldercare.kit.settings import Settings, load
from eldercare.web import listen


@click.command(name="serve")
@click.option("--host", help="Network address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes any free one.")
def command(host: str | None, port: int | None) -> None:
    """Serve the GraphQL API and the start page."""
    changed = {"host": host, "port": port}
    settings = load().model_copy(update={name: value for name, value in changed.items() if value is not None})
    log.configure(settings.log_level, settings.log_format)
    opened = app.listen(settings)
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        run_server(settings, engine, opened)
    finally:
        engine.dispose()
        opened.close()


def run_server(settings: Settings, engine: Engine, opened: socket.socket, *, tokens: Sequence[Ready] = ()) -> None:
    """Serve until Ctrl-C and say what can be opened; `tokens` are those that the demonstration's page lets one choose."""
    listen.serve(app.make_web(settings, engine, tokens=[asdict(each) for each in tokens]), opened, announce=announce)


def announce(address: str) -> None:
    """Say what can be opened."""
    click.echo(f"\nStart page        {address}/", err=True)
    click.echo(f"GraphQL endpoint  {address}/graphql", err=True)
    click.echo("Ctrl-C ends the server.", err=True)
