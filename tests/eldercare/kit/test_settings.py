"""Settings come from the environment, then the file, then the default, and say which."""

from pathlib import Path

import pytest

from eldercare.kit import settings
from eldercare.kit.errors import InvalidInput


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "eldercare.toml"
    path.write_text("port = 9000\npool_size = 3\n")
    monkeypatch.setenv("ELDERCARE_FILE", str(path))
    return path


def origins(values: settings.Settings) -> dict[str, str]:
    return {line.name: line.origin for line in settings.describe(values)}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELDERCARE_PORT", "9001")
    values = settings.load()
    assert (values.port, values.pool_size, values.host) == (9001, 3, "127.0.0.1")
    found = origins(values)
    assert (found["port"], found["pool_size"], found["host"]) == ("environment", str(file), "default")


def test_a_value_of_the_command_line_is_called_so(file: Path) -> None:
    assert origins(settings.load().model_copy(update={"host": "0.0.0.0"}))["host"] == "command line"


def test_a_misspelt_setting_is_refused_with_the_nearest_name(file: Path) -> None:
    file.write_text("prot = 1\n")
    with pytest.raises(InvalidInput) as caught:
        settings.load()
    assert (caught.value.code, "'port'" in caught.value.remedy) == ("SETTING_UNKNOWN", True)


def test_a_bad_value_is_refused_and_not_repeated(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELDERCARE_PORT", "hunter2")
    with pytest.raises(InvalidInput) as caught:
        settings.load()
    assert caught.value.code == "SETTING_INVALID"
    assert caught.value.path == ("port",)
    assert "hunter2" not in str(caught.value)


def test_an_unreadable_file_is_told(file: Path) -> None:
    file.write_text("port = \n")
    with pytest.raises(InvalidInput) as caught:
        settings.load()
    assert caught.value.code == "SETTINGS_FILE"


def test_no_password_is_shown(file: Path) -> None:
    file.write_text('database_url = "postgresql+psycopg://me:hunter2@db/care"\n')
    shown = next(line.value for line in settings.describe(settings.load()) if line.name == "database_url")
    assert shown == "postgresql+psycopg://me:***@db/care"


def test_every_setting_says_what_it_means() -> None:
    assert [line.name for line in settings.describe(settings.Settings()) if not line.meaning.endswith(".")] == []
