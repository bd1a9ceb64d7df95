"""`eldercare trusted`: documents that are registered beforehand, and asked for by their id."""

from pathlib import Path

import click
import orjson

from eldercare.api.schema import whole_api
from eldercare.api.trusted import faults, read_manifest
from eldercare.kit.errors import InvalidInput
from eldercare.kit.settings import load

FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group(name="trusted")
def command() -> None:
    """Register, check and list trusted documents."""


@command.command()
@FILE
def check(file: Path) -> None:
    """Check the documents of a manifest against the schema; one that is wrong ends with exit code 2.

    The manifest is the file that graphql-codegen, relay-compiler or Apollo's generator writes, as it is.
    """
    click.echo(f"{len(checked(file))} documents are right.")


@command.command()
@FILE
@click.option("--name", help="What to call the manifest; the name of the file without it.")
def add(file: Path, name: str | None) -> None:
    """Register the documents of a manifest: servers answer them at once. One of the same name is replaced."""
    folder, documents = folder_of(), checked(file)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{name or file.stem}.json"
    new = place.with_suffix(".new")
    new.write_bytes(orjson.dumps(documents, option=orjson.OPT_INDENT_2))
    new.replace(place)
    click.echo(f"{len(documents)} documents are registered in {place}.")


@command.command(name="list")
def listed() -> None:
    """List the manifests that are registered, with their documents."""
    for path in sorted(folder_of().glob("*.json")):
        documents = read_manifest(path)
        click.echo(f"{path.name}: {len(set(documents.values()))} documents")
        for id, text in documents.items():
            click.echo(f"  {id[:16]}  {' '.join(text.split())[:80]}")


def checked(file: Path) -> dict[str, str]:
    """The documents of a manifest, all of which the schema allows."""
    documents = read_manifest(file)
    found = list(faults(whole_api().schema, documents))
    if found:
        raise InvalidInput(
            "DOCUMENTS_WRONG",
            f"{file.name} has {len(found)} faults: {'; '.join(found[:10])}",
            remedy="Correct the documents and generate the manifest again.",
        )
    return documents


def folder_of() -> Path:
    """The folder that servers read."""
    folder = load().trusted_documents
    if folder is None:
        raise InvalidInput(
            "NO_FOLDER",
            "No folder for trusted documents is set.",
            remedy="Set ELDERCARE_TRUSTED_DOCUMENTS to a folder that every server reads.",
        )
    return folder
