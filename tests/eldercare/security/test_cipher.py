"""What names a person can be read only with the key file, in the field it was written to."""

import stat
from pathlib import Path

import pytest

from eldercare.kit.errors import InvalidInput, Unavailable
from eldercare.security.cipher import KeyRing


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(tmp_path / "keys.json")


def test_keys_read_back_decrypt_what_was_encrypted(ring: KeyRing, tmp_path: Path) -> None:
    sealed = ring.encrypt("person.name", "王秀英")
    assert KeyRing.load(tmp_path / "keys.json").decrypt("person.name", sealed) == "王秀英"


def test_creating_keys_again_keeps_the_first_ones(ring: KeyRing, tmp_path: Path) -> None:
    assert KeyRing.create(tmp_path / "keys.json") == ring


def test_only_the_owner_can_read_the_key_file(ring: KeyRing, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_ciphertext_moved_to_another_field_is_refused(ring: KeyRing) -> None:
    with pytest.raises(InvalidInput, match="CIPHERTEXT"):
        ring.decrypt("person.phone", ring.encrypt("person.id_number", "13800000000"))


def test_every_altered_byte_is_noticed(ring: KeyRing) -> None:
    sealed = ring.encrypt("person.phone", "13800000000")
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(InvalidInput):
            ring.decrypt("person.phone", bytes(altered))


def test_an_older_key_still_decrypts_after_a_new_one_is_added(ring: KeyRing) -> None:
    sealed = ring.encrypt("person.phone", "13800000000")
    renewed = KeyRing((*ring.encryption, bytes(range(64))), ring.digestion)
    assert renewed.decrypt("person.phone", sealed) == "13800000000"
    assert renewed.encrypt("person.phone", "13800000000") != sealed


def test_digests_differ_between_registries(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing.create(tmp_path / "other.json")
    assert ring.digest("990101194503122747") != other.digest("990101194503122747")


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"KEY_MISSING.*ELDERCARE_KEY_FILE"):
        KeyRing.load(tmp_path / "none.json")


def test_a_broken_key_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    with pytest.raises(Unavailable, match="KEY_BROKEN"):
        KeyRing.load(tmp_path / "keys.json")


def test_keys_do_not_show_when_printed(ring: KeyRing) -> None:
    assert repr(ring) == "KeyRing()"
