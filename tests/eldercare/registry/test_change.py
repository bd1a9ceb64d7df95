"""Records are written one way: checked, versioned, encrypted, and told in the log."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict, EldercareError, InvalidInput, NotFound, RuleViolation, Unavailable
from eldercare.registry import Change, Facility, GroupMembership, Person, Source, Stay
from eldercare.registry.change import Writer
from eldercare.registry.changelog import ChangeKind
from eldercare.registry.stay import DischargeReason


def imported(w: Writer, stays: list[dict[str, object]]) -> None:
    w.load(Stay, stays)
    w.verify()


def log(session: Session) -> list[tuple[str, ChangeKind, int]]:
    return [(c.noun, c.kind, c.version) for c in session.scalars(select(Change).order_by(Change.number))]


def test_a_new_record_has_its_source_and_its_entry_in_the_log(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w)
    assert (home.version, home.source_id) == (1, w.source_id)
    assert log(session)[-1] == ("facility", ChangeKind.CREATE, 1)


def test_a_record_without_a_source_is_refused(session: Session) -> None:
    w = make.writer(session)
    w.source_id = None
    with pytest.raises(InvalidInput, match=r"REQUIRED.*来源") as refused:
        make.person(w)
    assert refused.value.path == ("source_id",)


def test_a_correction_keeps_before_and_after_in_the_log(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w, name="Old")
    w.correct(Facility, home.id, {"name": "New"}, reason="renamed")
    last = session.scalars(select(Change).order_by(Change.number.desc())).first()
    assert last is not None
    assert (last.before, last.after, last.reason, last.author) == ({"name": "Old"}, {"name": "New"}, "renamed", "test")


def test_a_correction_that_changes_nothing_leaves_no_trace(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w)
    before = log(session)
    assert w.correct(Facility, home.id, {"name": home.name}).version == 1
    assert log(session) == before


def test_a_lost_update_is_refused(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w)
    w.correct(Facility, home.id, {"name": "First"}, expected_version=1)
    with pytest.raises(Conflict, match="VERSION"):
        w.correct(Facility, home.id, {"name": "Second"}, expected_version=1)
    assert w.find(Facility, home.id).name == "First"


def test_secrets_are_stored_encrypted_and_left_out_of_the_log(session: Session) -> None:
    w = make.writer(session)
    number = make.id_number(date(1940, 5, 6))
    found = make.person(w, id_type="RESIDENT_ID", id_number=number, phone="13800000000")
    assert found.id_number is not None
    assert make.KEYS.decrypt("person.id_number", found.id_number) == number
    assert found.id_digest == make.KEYS.digest(number)
    assert found.id_prefix == "990101"
    kept = session.execute(text("SELECT * FROM person")).one()
    logged = session.scalars(select(Change).order_by(Change.number.desc())).first()
    assert logged is not None
    assert logged.after["phone"] == "(protected)"
    for secret in (number, "13800000000"):
        assert secret not in str(kept)
        assert secret not in str(logged.after)


def test_without_keys_nothing_secret_can_be_written(session: Session) -> None:
    w = make.writer(session, keys=None)
    with pytest.raises(Unavailable, match="KEY_MISSING"):
        make.person(w)


def test_a_refused_write_leaves_the_session_usable(session: Session) -> None:
    w = make.writer(session)
    one = make.person(w)
    make.membership(w, one.id)
    with pytest.raises(RuleViolation):
        make.membership(w, one.id)
    make.residence(w, one.id, make.division(w).id)
    session.commit()
    assert len(session.scalars(select(GroupMembership)).all()) == 1


def test_ending_sets_the_last_day_and_the_reason(session: Session) -> None:
    w = make.writer(session)
    held = make.membership(w, make.person(w).id)
    ended = w.end(GroupMembership, held.id, date(2025, 1, 1), also={"end_reason": "MOVED_OUT"})
    assert (ended.valid_to, ended.version) == (date(2025, 1, 1), 2)
    assert log(session)[-1] == ("group_membership", ChangeKind.END, 2)


def test_what_has_ended_cannot_end_again(session: Session) -> None:
    w = make.writer(session)
    held = make.membership(w, make.person(w).id)
    w.end(GroupMembership, held.id, date(2025, 1, 1))
    with pytest.raises(RuleViolation, match="ALREADY_ENDED"):
        w.end(GroupMembership, held.id, date(2025, 2, 1))


def test_an_annulled_record_is_gone_and_the_log_keeps_it(session: Session) -> None:
    w = make.writer(session)
    held = make.membership(w, make.person(w).id)
    key, person_id = held.id, held.person_id
    w.annul(GroupMembership, key, reason="recorded for the wrong person")
    last = session.scalars(select(Change).order_by(Change.number.desc())).first()
    assert last is not None
    assert (last.kind, last.before["person_id"]) == (ChangeKind.ANNUL, person_id)
    with pytest.raises(NotFound):
        w.find(GroupMembership, key)


def test_a_record_others_refer_to_cannot_be_annulled(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w)
    make.capacity(w, home.id)
    with pytest.raises(RuleViolation, match="STILL_REFERRED_TO"):
        w.annul(Facility, home.id, reason="mistake")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "  "}, "VALUE"),
        ({"name": "x" * 121}, "VALUE"),
        ({"name": None}, "REQUIRED"),
        ({"kind": "CASTLE"}, "VALUE"),
        ({"colour": "red"}, "COLUMN_UNKNOWN"),
        ({"version": 7}, "COLUMN_UNKNOWN"),
        ({"established_on": "yesterday"}, "VALUE"),
        ({"established_on": date(2026, 6, 2)}, "DATE_IN_FUTURE"),
        ({"accepts_level_from": 4, "accepts_level_to": 1}, "CHECK_ACCEPTS_LEVELS"),
        ({"building_area": "NaN"}, "VALUE"),
        ({"building_area": 1e300}, "VALUE"),
        ({"name": "a\x00b"}, "VALUE"),
        ({"bed_fee_low": 2**31}, "VALUE"),
        ({"building_area": -1}, "CHECK_BUILDING_AREA_NOT_NEGATIVE"),
        ({"division_id": 999}, "NOT_FOUND"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_a_code(session: Session, values: dict[str, object], code: str) -> None:
    w = make.writer(session)
    home = make.facility(w)
    with pytest.raises(EldercareError) as refused:
        w.correct(Facility, home.id, values)
    assert refused.value.code == code
    assert refused.value.remedy


def test_numbers_are_rounded_to_what_the_column_holds(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w, building_area="1234.565")
    assert home.building_area == Decimal("1234.57")
    assert w.correct(Facility, home.id, {"building_area": 1234.567}).version == 1


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_refused(session: Session, reason: str) -> None:
    w = make.writer(session)
    with pytest.raises(InvalidInput, match="reason must"):
        w.correct(Facility, make.facility(w).id, {"name": "New"}, reason=reason)


def test_a_load_gives_keys_in_order_and_one_entry_in_the_log(session: Session) -> None:
    w = make.writer(session)
    make.person(w)
    born = date(1950, 1, 2)
    keys = w.load(Person, ({"name": f"P{n}", "sex": "FEMALE", "birth_date": born} for n in range(7)))
    w.verify()
    assert [session.get_one(Person, key).name for key in keys] == [f"P{n}" for n in range(7)]
    entry = session.scalars(select(Change).order_by(Change.number.desc())).first()
    assert entry is not None
    assert (entry.kind, entry.key, entry.last_key) == (ChangeKind.IMPORT, keys.start, keys.stop - 1)
    assert make.person(w).id >= keys.stop


def test_a_load_of_nothing_is_nothing(session: Session) -> None:
    w = make.writer(session)
    before = log(session)
    assert len(w.load(Person, [])) == 0
    assert log(session) == before


def test_a_load_that_breaks_a_rule_between_records_is_found_by_verify(session: Session) -> None:
    w = make.writer(session)
    one, home = make.person(w), make.facility(w)
    make.capacity(w, home.id)
    stay = {"person_id": one.id, "facility_id": home.id, "bed_type": "ORDINARY"}
    reason = DischargeReason.WENT_HOME
    first = stay | {"admitted_on": date(2024, 1, 1), "discharged_on": date(2024, 3, 1), "discharge_reason": reason}
    with pytest.raises(RuleViolation, match="OVERLAP"):
        imported(w, [first, stay | {"admitted_on": date(2024, 2, 1)}])
    assert make.person(w).id > one.id


def test_a_load_beyond_the_beds_is_found_by_verify(session: Session) -> None:
    w = make.writer(session)
    home = make.facility(w)
    make.capacity(w, home.id, open=2)
    people = [make.person(w).id for _ in range(3)]
    rows = [
        {"person_id": key, "facility_id": home.id, "bed_type": "ORDINARY", "admitted_on": date(2024, 1, n + 1)}
        for n, key in enumerate(people)
    ]
    w.load(Stay, rows)
    with pytest.raises(RuleViolation, match=r"BEDS_EXCEEDED.*2024-01-03"):
        w.verify()


def test_a_source_needs_no_source(session: Session) -> None:
    made = make.source(Writer(session, author="test"))
    assert session.get_one(Source, made.id).system == "tests"
