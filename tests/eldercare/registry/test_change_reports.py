"""A report of a change is applied with all its consequences under one id, or not at all."""

import os
import signal
import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.db import open_engine
from eldercare.registry import (
    AbilityAssessment,
    Application,
    Change,
    ChangeReport,
    GroupMembership,
    LivingArrangement,
    Person,
    Residence,
    Stay,
)
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ReportStatus
from eldercare.registry.changelog import changes_because
from eldercare.registry.consequence import move_person
from eldercare.registry.membership import GroupCategory, MembershipEnd, MembershipStatus
from eldercare.registry.merging import merge_people
from eldercare.registry.person import LivingKind, ResidenceBase
from eldercare.registry.reporting import apply_report, mark_duplicate, outlook, reject_report, verify_report

TODAY = make.TODAY


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def applied(w: Writer, kind: str, **values: Any) -> ChangeReport:
    made = make.report(w, kind, **values)
    verify_report(w, report_id=made.id)
    return apply_report(w, report_id=made.id)


def living_elder(w: Writer, division_id: int) -> Person:
    """Somebody extremely poor who lives alone, waits for a bed and stays in a home meanwhile."""
    elder = make.person(w)
    make.residence(w, elder.id, division_id)
    make.living(w, elder.id)
    make.membership(w, elder.id)
    make.application(w, elder.id)
    make.stay(w, elder.id, make.home(w))
    return elder


def all_of(w: Writer, noun: Any, person_id: int) -> list[Any]:
    return list(w.session.scalars(select(noun).where(noun.person_id == person_id).order_by(noun.id)))


def test_a_death_ends_everything_under_one_id(w: Writer) -> None:
    elder = living_elder(w, make.division(w).id)
    report = applied(w, "DEATH", person_id=elder.id)
    assert report.status is ReportStatus.APPLIED
    ends = [
        (noun.__name__, getattr(row, end))
        for noun, end in (
            (Residence, "valid_to"),
            (LivingArrangement, "valid_to"),
            (GroupMembership, "valid_to"),
            (Application, "settled_on"),
            (Stay, "discharged_on"),
        )
        for row in all_of(w, noun, elder.id)
    ]
    assert {day for _, day in ends} == {TODAY}
    told = changes_because(w.session, report)
    assert {change.noun for change in told} == {
        *("stay", "group_membership", "residence", "living_arrangement", "application", "application_phase", "person"),
    }
    assert {change.cause for change in told} == {f"ChangeReport_{report.id}"}


def test_a_death_told_late_takes_back_what_was_recorded_of_the_days_after(w: Writer) -> None:
    elder = make.person(w)
    make.membership(w, elder.id)
    later = make.membership(w, elder.id, category="DIBAO", valid_from=date(2026, 5, 28)).id
    applied(w, "DEATH", person_id=elder.id, on=date(2026, 5, 20))
    [kept] = all_of(w, GroupMembership, elder.id)
    assert (kept.valid_to, kept.end_reason) == (date(2026, 5, 20), MembershipEnd.DEATH)
    assert w.session.get(GroupMembership, later) is None


def test_a_refused_consequence_leaves_everything_as_it_was(w: Writer) -> None:
    elder = living_elder(w, make.division(w).id)
    make.assessment(w, elder.id, assessed_on=date(2026, 5, 20))  # somebody saw the person alive on that day
    report = make.report(w, person_id=elder.id, on=date(2026, 5, 10))
    verify_report(w, report_id=report.id)
    before = w.session.scalar(select(func.max(Change.number)))
    with make.refused("OUTSIDE_LIFE"):
        apply_report(w, report_id=report.id)
    assert w.session.scalar(select(func.max(Change.number))) == before
    assert w.find(ChangeReport, report.id).status is ReportStatus.VERIFIED
    assert w.find(Person, elder.id).deceased_on is None
    assert all_of(w, Stay, elder.id)[0].discharged_on is None


def test_the_outlook_tells_what_applying_will_do_and_then_what_it_did(w: Writer) -> None:
    elder = living_elder(w, make.division(w).id)
    report = make.report(w, person_id=elder.id)
    before = w.session.scalar(select(func.count(Change.number)))
    foreseen = outlook(w, report.id)
    assert (foreseen.applied, foreseen.refusal) == (False, None)
    assert w.session.scalar(select(func.count(Change.number))) == before
    assert w.find(Person, elder.id).deceased_on is None
    verify_report(w, report_id=report.id)
    apply_report(w, report_id=report.id)
    done = outlook(w, report.id)
    assert done.applied
    assert [(s.kind, s.noun, s.on) for s in done.steps] == [(s.kind, s.noun, s.on) for s in foreseen.steps]


def test_the_outlook_of_what_cannot_be_applied_says_why(w: Writer) -> None:
    elder = make.person(w, deceased_on=date(2026, 1, 1))
    found = outlook(w, make.report(w, person_id=elder.id).id)
    assert found.steps == ()
    assert getattr(found.refusal, "code", None) == "ALREADY_DECEASED"


def test_only_a_verified_report_is_applied_and_only_once(w: Writer) -> None:
    elder = make.person(w)
    report = make.report(w, person_id=elder.id)
    with make.refused("TRANSITION"):
        apply_report(w, report_id=report.id)
    verify_report(w, report_id=report.id)
    apply_report(w, report_id=report.id)
    with make.refused("TRANSITION"):
        apply_report(w, report_id=report.id)
    with make.refused("REPORT_SETTLED"):
        w.correct(ChangeReport, report.id, {"happened_on": date(2026, 5, 1)})
    with make.refused("REPORT_SETTLED"):
        w.annul(ChangeReport, report.id, reason="never")


def test_of_two_who_apply_at_once_one_does(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        elder = living_elder(w, make.division(w).id).id
        report = make.report(w, person_id=elder).id
        verify_report(w, report_id=report)
        session.commit()
    start, ends = threading.Barrier(2), []

    def act() -> None:
        with Session(engine) as session:
            w = make.writer(session)
            session.rollback()
            start.wait()
            try:
                apply_report(w, report_id=report)
                session.commit()
                ends.append("applied")
            except Exception as error:
                ends.append(getattr(error, "code", repr(error)))

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["TRANSITION", "applied"]
    with Session(engine) as session:
        deaths = select(func.count(Change.number)).where(Change.noun == "person", Change.reason == "death")
        assert session.scalar(deaths) == 1


def test_a_process_killed_while_applying_leaves_nothing(database_url: str, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        report = make.report(w, person_id=living_elder(w, make.division(w).id).id).id
        verify_report(w, report_id=report)
        session.commit()
        count = session.scalar(select(func.count(Change.number)))
    engine.dispose()
    child = os.fork()
    if child == 0:
        session = Session(open_engine(database_url))
        apply_report(make.writer(session), report_id=report)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    with Session(engine) as session:
        assert session.scalar(select(func.count(Change.number))) == count
        assert apply_report(make.writer(session), report_id=report).status is ReportStatus.APPLIED


def test_a_second_report_of_the_same_is_kept_as_a_duplicate(w: Writer) -> None:
    elder = make.person(w)
    first = make.report(w, person_id=elder.id, on=date(2026, 5, 30))
    second = make.report(w, person_id=elder.id, channel="BIG_DATA")
    assert (second.status, second.duplicate_of_id) == (ReportStatus.DUPLICATE, first.id)
    assert [notice.code for notice in w.warnings] == ["TOLD_BEFORE"]
    with make.refused("TRANSITION"):
        apply_report(w, report_id=second.id)
    # It turns out that the first was wrong and the second right.
    reject_report(w, report_id=first.id, decision="同名误报")
    verified = verify_report(w, report_id=second.id)
    assert (verified.status, verified.duplicate_of_id) == (ReportStatus.VERIFIED, None)


def test_reports_of_different_groups_or_far_days_are_no_duplicates(w: Writer) -> None:
    elder = make.person(w)
    kinds = [
        make.report(w, "CATEGORY_CHANGE", person_id=elder.id, category="DIBAO"),
        make.report(w, "CATEGORY_CHANGE", person_id=elder.id, category="LONELY"),
        make.report(w, "ABILITY_CHANGE", person_id=elder.id, on=date(2026, 3, 1)),
        make.report(w, "ABILITY_CHANGE", person_id=elder.id),
    ]
    assert {report.status for report in kinds} == {ReportStatus.REPORTED}
    again = mark_duplicate(w, report_id=kinds[3].id, duplicate_of_id=kinds[2].id)
    assert again.status is ReportStatus.DUPLICATE
    with make.refused("NOT_A_DUPLICATE"):
        mark_duplicate(w, report_id=kinds[1].id, duplicate_of_id=kinds[2].id)


def test_a_move_within_the_county_asks_for_a_review_of_what_the_village_determined(w: Writer) -> None:
    _, (here, there) = make.town(w)
    elder = make.person(w)
    make.residence(w, elder.id, here.id)
    poor, lonely = make.membership(w, elder.id), make.membership(w, elder.id, category="LONELY")
    applied(w, "MOVE_IN", person_id=elder.id, division_id=there.id, living="WITH_CHILDREN")
    homes = [(r.division_id, r.valid_from, r.valid_to) for r in all_of(w, Residence, elder.id)]
    assert homes == [(here.id, date(2010, 1, 1), TODAY), (there.id, TODAY, None)]
    assert w.find(GroupMembership, poor.id).status is MembershipStatus.EFFECTIVE
    assert w.find(GroupMembership, lonely.id).status is MembershipStatus.REVIEW_DUE
    assert [row.kind for row in all_of(w, LivingArrangement, elder.id)] == [LivingKind.WITH_CHILDREN]


def test_a_move_away_ends_what_the_county_gave_unless_the_person_stays_registered(w: Writer) -> None:
    _, (here, _) = make.town(w)
    tied, gone = make.person(w), make.person(w)
    for elder in (tied, gone):
        make.residence(w, elder.id, here.id)
        make.membership(w, elder.id)
        make.application(w, elder.id, division_id=here.id)
    make.residence(w, tied.id, here.id, base=ResidenceBase.HUKOU)
    for elder in (tied, gone):
        applied(w, "MOVE_OUT", person_id=elder.id)
    assert [row.valid_to for row in all_of(w, GroupMembership, tied.id)] == [None]
    assert [row.settled_on for row in all_of(w, Application, tied.id)] == [None]
    [ended] = all_of(w, GroupMembership, gone.id)
    assert (ended.valid_to, ended.end_reason) == (TODAY, MembershipEnd.MOVED_OUT)
    assert [row.settled_on for row in all_of(w, Application, gone.id)] == [TODAY]


def test_moving_where_one_is_already_or_after_death_is_refused(w: Writer) -> None:
    here, elder = make.division(w), make.person(w)
    make.residence(w, elder.id, here.id)
    with make.refused("SAME_PLACE"):
        move_person(w, person_id=elder.id, on=TODAY, to_division_id=here.id)
    with make.refused("NO_RESIDENCE"):
        move_person(w, person_id=elder.id, on=TODAY, base=ResidenceBase.HUKOU)
    late = make.person(w, deceased_on=date(2026, 1, 1))
    with make.refused("ALREADY_DECEASED"):
        move_person(w, person_id=late.id, on=TODAY, to_division_id=here.id)


def test_a_change_of_category_proposes_and_never_determines(w: Writer) -> None:
    elder = make.person(w)
    applied(w, "CATEGORY_CHANGE", person_id=elder.id, category="DIBAO", evidence="收入证明")
    [proposed] = all_of(w, GroupMembership, elder.id)
    assert (proposed.status, proposed.valid_from, proposed.evidence) == (MembershipStatus.PROPOSED, TODAY, "收入证明")
    poor = make.membership(w, elder.id)
    applied(w, "CATEGORY_CHANGE", person_id=elder.id, category="EXTREMELY_POOR", no_longer=True)
    assert w.find(GroupMembership, poor.id).status is MembershipStatus.REVIEW_DUE
    with make.refused("GROUP_IS_DERIVED"):
        make.report(w, "CATEGORY_CHANGE", person_id=elder.id, category=GroupCategory.LIVING_ALONE)
    with make.refused("NOT_A_MEMBER"):
        applied(w, "CATEGORY_CHANGE", person_id=elder.id, category="LONELY", no_longer=True)


def test_a_new_elder_is_recorded_from_the_report_with_sealed_numbers(w: Writer) -> None:
    here, number = make.division(w), make.id_number(date(1946, 3, 4))
    told = {"name": "覃桂英", "id_number": number, "phone": "13800000000", "living": "ALONE"}
    report = applied(w, "NEW_ELDER", division_id=here.id, **told)
    person = w.find(Person, report.person_id or 0)
    assert (person.name, person.birth_date, person.id_digest) == ("覃桂英", date(1946, 3, 4), make.KEYS.digest(number))
    assert person.phone is not None
    assert make.KEYS.decrypt("person.phone", person.phone) == "13800000000"
    assert [(r.division_id, r.valid_from) for r in all_of(w, Residence, person.id)] == [(here.id, TODAY)]
    again = make.report(w, "NEW_ELDER", division_id=here.id, **told, on=date(2026, 5, 1))
    assert (again.status, again.duplicate_of_id) == (ReportStatus.DUPLICATE, report.id)
    assert number not in str([(c.before, c.after) for c in w.session.scalars(select(Change))])


def test_a_new_elder_whose_number_is_recorded_is_not_new(w: Writer) -> None:
    here, number = make.division(w), make.id_number(date(1946, 3, 4))
    make.person(w, id_type="RESIDENT_ID", id_number=number, birth_date=date(1946, 3, 4))
    with make.refused("PERSON_IS_KNOWN"):
        applied(w, "NEW_ELDER", division_id=here.id, name="覃桂英", id_number=number)


def test_a_changed_ability_shortens_what_may_be_relied_on(w: Writer) -> None:
    elder = make.person(w)
    made = make.assessment(w, elder.id).id
    applied(w, "ABILITY_CHANGE", person_id=elder.id, on=date(2026, 5, 20))
    assert w.find(AbilityAssessment, made).valid_to == date(2026, 6, 19)


def test_new_contacts_reach_the_person_and_the_home(w: Writer) -> None:
    elder = make.person(w)
    home = make.residence(w, elder.id, make.division(w).id).id
    applied(w, "CONTACT", person_id=elder.id, phone="13900000000", address="1组5号")
    person, sealed = w.find(Person, elder.id), w.find(Residence, home).address
    assert person.phone is not None
    assert sealed is not None
    assert make.KEYS.decrypt("person.phone", person.phone) == "13900000000"
    assert make.KEYS.decrypt("residence.address", sealed) == "1组5号"


def test_a_report_says_what_its_kind_needs(w: Writer) -> None:
    elder = make.person(w).id
    wanting: list[tuple[str, dict[str, Any], str]] = [
        ("DEATH", {}, "REPORT_LACKS"),
        ("LIVING_CHANGE", {"person_id": elder}, "REPORT_LACKS"),
        ("CONTACT", {"person_id": elder}, "REPORT_LACKS"),
        ("DEATH", {"person_id": elder, "category": "DIBAO"}, "REPORT_SAYS_TOO_MUCH"),
        ("NEW_ELDER", {"name": "覃桂英", "birth_date": date(1946, 3, 4)}, "REPORT_LACKS"),
        ("MOVE_IN", {"person_id": elder}, "REPORT_LACKS"),
        ("DEATH", {"person_id": elder, "on": date(2026, 6, 2)}, "DATE_IN_FUTURE"),
    ]
    for kind, values, code in wanting:
        with make.refused(code):
            make.report(w, kind, **values)


def test_two_records_of_one_person_become_one_with_their_reports(w: Writer) -> None:
    kept, gone = make.person(w), make.person(w)
    applied(w, "CONTACT", person_id=gone.id, phone="13900000000")
    merge_people(w, person_id=gone.id, into_id=kept.id)
    assert [report.person_id for report in w.session.scalars(select(ChangeReport))] == [kept.id]
