"""Keys are replaced step by step; wrong keys write nothing; a stolen database file tells nothing without them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

import factories as make
from eldercare import app
from eldercare.__main__ import cli
from eldercare.kit.errors import EldercareError, Unavailable
from eldercare.kit.settings import Settings
from eldercare.registry import AccessToken, Person, reencryption
from eldercare.registry.access_token import known
from eldercare.registry.audit import AuditEvent
from eldercare.registry.identifier import citizen_check
from eldercare.registry.token_office import Office
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import SYSTEM, Principal, Role
from eldercare.security.token import Token

PHONE, ADDRESS, NUMBER = "13812345678", "江寺路18号3单元", "990199194005060020"


@pytest.fixture
def folder(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key file, for commands on the test's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ELDERCARE_DATABASE_URL", database_url)
    monkeypatch.setenv("ELDERCARE_KEY_FILE", str(tmp_path / "keys.json"))
    make.KEYS.save(tmp_path / "keys.json")
    return tmp_path


@pytest.fixture
def token(engine: Engine, folder: Path) -> Token:
    """A token, beside four people with all that is protected."""
    with Session(engine) as session:
        w = make.writer(session)
        home = make.division(w)
        for n in range(4):
            person = make.person(w, phone=PHONE) if n else make.person(w, phone=PHONE, **number())
            make.residence(w, person.id, home.id, address=ADDRESS)
        _, made = Office(session, make.KEYS, SYSTEM).issue(Principal("li", Role.PUBLIC))
        session.commit()
    return made


def number() -> dict[str, str]:
    """A number that is known."""
    return {"id_type": "RESIDENT_ID", "id_number": NUMBER[:17] + citizen_check(NUMBER[:17])}


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words, catch_exceptions=True)


def code(result: Result) -> str:
    assert isinstance(result.exception, EldercareError), result.output
    return result.exception.code


def ring(folder: Path) -> KeyRing:
    return KeyRing.load(folder / "keys.json")


def phones(engine: Engine, keys: KeyRing) -> set[tuple[int, str]]:
    with Session(engine) as session:
        found = [bytes(each) for each in session.scalars(select(Person.phone)) if each]
    return {(each[0], keys.decrypt("person.phone", each)) for each in found}


def test_a_new_key_is_brought_in_and_the_old_one_dropped(engine: Engine, folder: Path, token: Token) -> None:
    assert "key 0: in use, what is written from now on" in run("keys", "check").output
    assert run("keys", "add").exit_code == 0
    assert code(run("keys", "drop")) == "KEYS_NEEDED"
    assert phones(engine, ring(folder)) == {(0, PHONE)}
    assert "12 values" in run("keys", "rotate").output
    assert phones(engine, ring(folder)) == {(1, PHONE)}
    assert "0 values" in run("keys", "rotate").output
    assert run("keys", "drop").exit_code == 0
    assert ring(folder).encryption[0] == b""
    assert phones(engine, ring(folder)) == {(1, PHONE)}
    assert "key 0: dropped" in run("keys", "check").output
    with Session(engine) as session:
        assert "KEYS_ROTATED" in session.scalars(select(AuditEvent.action)).all()


def test_an_interrupted_replacement_goes_on_where_it_was(
    engine: Engine, folder: Path, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("keys", "add")
    keys = ring(folder)
    monkeypatch.setattr(reencryption, "STRETCH", 2)

    def stop(_what: str, done: int, _whole: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reencryption.reencrypt(engine, app.tables(), keys, stop)
    assert reencryption.used(engine, app.tables()) == {0, 1}
    assert {text for _, text in phones(engine, keys)} == {PHONE}
    rest = reencryption.reencrypt(engine, app.tables(), keys)
    assert 0 < rest < 12
    assert reencryption.used(engine, app.tables()) == {1}


def test_a_new_key_for_digests_keeps_search_and_tokens(engine: Engine, folder: Path, token: Token) -> None:
    assert run("keys", "digests").exit_code == 0
    keys = ring(folder)
    assert (keys.former, keys.coming) == ((make.KEYS.digestion,), b"")
    with Session(engine) as session:
        found = session.scalars(select(Person).where(Person.id_digest == keys.digest(number()["id_number"]))).one()
        assert found.id == min(session.scalars(select(Person.id)))
        assert known(session, token, keys) is not None
    assert app.key_ring(Settings(key_file=folder / "keys.json"), engine) == keys


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_interrupted_change_of_digests_is_finished_before_anything_else(
    engine: Engine, folder: Path, token: Token
) -> None:
    begun = make.KEYS.with_coming()
    begun.save(folder / "keys.json")
    with engine.begin() as connection:
        reencryption.redigest(connection, app.tables(), begun)
    assert code(run("token", "list")) == "KEY_COMING"
    assert run("keys", "digests").exit_code == 0
    assert ring(folder).digestion == begun.coming
    assert run("token", "list").exit_code == 0


@pytest.mark.parametrize(
    "wrong", [KeyRing((bytes(64),), make.KEYS.digestion), KeyRing(make.KEYS.encryption, bytes(32))]
)
def test_keys_of_another_registry_are_refused_and_write_nothing(
    wrong: KeyRing, engine: Engine, folder: Path, token: Token
) -> None:
    wrong.save(folder / "keys.json")
    for words in (("keys", "rotate"), ("keys", "add"), ("token", "create", "x", "--role", "PUBLIC"), ("token", "list")):
        assert code(run(*words)) == "KEY_WRONG", words
    assert ring(folder) == wrong
    with Session(engine) as session:
        assert session.scalars(select(AccessToken.subject)).all() == ["li"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lost_keys_are_told_and_no_new_ones_are_made(engine: Engine, folder: Path, token: Token) -> None:
    (folder / "keys.json").unlink()
    with pytest.raises(Unavailable, match="KEY_MISSING"):
        app.key_ring(Settings(key_file=folder / "keys.json"), engine)
    assert not (folder / "keys.json").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_altered_value_is_told(engine: Engine, folder: Path, token: Token) -> None:
    with engine.begin() as connection:
        connection.execute(update(Person).values(phone=b"\x00" + bytes(30)))
    assert code(run("keys", "rotate")) == "KEY_WRONG"


def test_every_protected_number_has_its_digest_found() -> None:
    found = {(value.name, digest.name) for value, digest in reencryption.digests(app.tables())}
    assert ("person.id_number", "person.id_digest") in found
    derived = {
        f"{table.name}.{column.name}"
        for table in app.tables().sorted_tables
        for column in table.columns
        if column.info.get("secret") and column.info.get("derived")
    }
    assert derived - {digest for _, digest in found} == {"access_token.digest"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stolen_database_file_tells_nothing_that_is_protected(
    engine: Engine, folder: Path, token: Token, database_url: str
) -> None:
    path = Path(database_url.removeprefix("sqlite:///"))
    stolen = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))
    assert "王秀英".encode() in stolen, "names are not encrypted; docs/identity.md says what is"
    secret = token.text.removeprefix(token.prefix)
    for value in (PHONE, ADDRESS, number()["id_number"], secret, token.text):
        assert value.encode() not in stolen
    assert make.KEYS.encryption[0] not in stolen
    assert make.KEYS.digestion not in stolen
