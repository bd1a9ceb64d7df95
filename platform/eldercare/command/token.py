"""`eldercare token`: issue, list, replace and revoke API tokens, with the rights of the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.kit.errors import InvalidInput, NotFound
from eldercare.kit.settings import load
from eldercare.registry.access_token import AccessToken, aware
from eldercare.registry.division import Division
from eldercare.registry.entity import now
from eldercare.registry.token_office import DAYS, Office
from eldercare.security.grant import SCOPES
from eldercare.security.principal import SYSTEM, Principal, Role

ROLES = [role.value for role in Role if role is not Role.SYSTEM]


@click.group(name="token")
def command() -> None:
    """Issue, list, replace and revoke API tokens."""


@command.command()
@click.argument("subject")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What it sees and may do.")
@click.option("--division", metavar="CODE", help="The division it is for, by its twelve-digit code.")
@click.option("--facility", "facilities", multiple=True, metavar="ID", help="A facility it is for; may be repeated.")
@click.option("--organisation", metavar="ID", help="The organisation it is for.")
@click.option("--scheme", "schemes", multiple=True, metavar="ID", help="A subsidy scheme it is for; may be repeated.")
@click.option("--special-family", is_flag=True, help="Special families are assigned to it.")
@click.option("--field", "fields", multiple=True, metavar="NOUN.FIELD",
              help="A field of a partner's contract; may be repeated.")  # fmt: skip
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="What it allows; read unless said.")
@click.option("--days", type=int, default=DAYS, show_default=True, help="How long it lasts.")
@click.option("--note", help="What it is for.")
def create(
    subject: str,
    role: str,
    division: str | None,
    facilities: tuple[str, ...],
    organisation: str | None,
    schemes: tuple[str, ...],
    special_family: bool,
    fields: tuple[str, ...],
    scopes: tuple[str, ...],
    days: int,
    note: str | None,
) -> None:
    """Issue a token for SUBJECT, as logs will call its holder, and print it: it is shown this once."""
    with _office() as office:
        wanted = Principal(
            subject,
            Role(role),
            _division(office.session, division) if division else None,
            tuple(_key(each) for each in facilities),
            _key(organisation) if organisation else None,
            tuple(_key(each) for each in schemes),
            special_family,
            frozenset(fields),
            frozenset(scopes or ("read",)),
        )
        made, token = office.issue(wanted, days=days, note=note)
        click.echo(f"{_line(made)}\nIt is shown this once:", err=True)
    click.echo(token.text)


@command.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Those that have ended too.")
def list_tokens(everything: bool) -> None:
    """List tokens: prefix, subject, role, until when, when last used. Secrets are nowhere to be listed."""
    with _office() as office:
        for found in office.session.scalars(select(AccessToken).order_by(AccessToken.id)):
            if everything or found.ends_at() > now():
                click.echo(_line(found))


@command.command()
@click.argument("prefix")
@click.option("--reason", help="Why, for the audit trail.")
def revoke(prefix: str, reason: str | None) -> None:
    """Revoke the token with this PREFIX; every server refuses it within seconds."""
    with _office() as office:
        click.echo(_line(office.revoke(_find(office.session, prefix), reason=reason)))


@command.command()
@click.argument("prefix")
@click.option("--grace", type=int, default=24, show_default=True, help="Hours for which the old one is still taken.")
@click.option("--days", type=int, help="How long the new one lasts; as long as the old one unless said.")
def rotate(prefix: str, grace: int, days: int | None) -> None:
    """Issue a token in the place of the one with this PREFIX, and print it: it is shown this once."""
    with _office() as office:
        made, token = office.rotate(_find(office.session, prefix), grace=timedelta(hours=grace), days=days)
        click.echo(f"{_line(made)}\nIt is shown this once:", err=True)
    click.echo(token.text)


@contextmanager
def _office() -> Iterator[Office]:
    """The operator's office; what was done in it is committed at the end."""
    settings = load()
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        keys = app.key_ring(settings, engine)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield Office(session, keys, SYSTEM)
    finally:
        engine.dispose()


def _line(found: AccessToken) -> str:
    used = f"used {aware(found.last_used_at):%Y-%m-%d}" if found.last_used_at else "never used"
    ends = found.ends_at()
    until = f"{'until' if ends > now() else 'ended'} {ends:%Y-%m-%d %H:%M}"
    return f"{found.prefix}  {found.subject:<24}  {found.role:<18}  {until}  {used}  {','.join(found.scopes)}"


def _find(session: Session, prefix: str) -> int:
    found = session.scalar(select(AccessToken.id).where(AccessToken.prefix == prefix))
    if found is None:
        raise NotFound("NOT_FOUND", "There is no token with this prefix.", remedy="`eldercare token list --all`.")
    return found


def _division(session: Session, code: str) -> int:
    newest = select(Division.id).where(Division.code == code).order_by(Division.valid_from.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise NotFound("NOT_FOUND", f"There is no division {code}.", remedy="Give its twelve-digit code.")
    return found


def _key(text: str) -> int:
    number = text.rpartition("_")[2]
    if not (number.isascii() and number.isdigit()):
        raise InvalidInput("BAD_ID", "This is not an id of the API.", remedy="Give it as the API does: Facility_12.")
    return int(number)
