"""A small county for planning: one home with ordinary and nursing beds, residents, and people who wait."""

from datetime import date

from sqlalchemy.orm import Session

from eldercare import registry as r
from eldercare.registry.application import ApplicationStatus, Setting
from eldercare.registry.capacity import BedType
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, FacilityStatus, OperatingMode, Ownership
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import ResidenceBase, Sex
from eldercare.registry.source import CollectionMethod

DAY = date(2020, 5, 19)
COUNTY = "990101000000"
SINCE = date(2010, 1, 1)
BEDS = {BedType.ORDINARY: 60, BedType.NURSING: 20}
RESIDENTS = {BedType.ORDINARY: 15, BedType.NURSING: 19}
WAITING = 6


class County:
    """Writes the county's rows; every person of it is synthetic."""

    bed_types = tuple(BEDS)

    def __init__(self, session: Session) -> None:
        self.session = session
        self.source = self.add(
            r.Source(system="test", recorded_by="test", collection_method=CollectionMethod.SYNTHETIC)
        ).id
        self.division = self.place(COUNTY, Level.COUNTY, "Test county", "990101")
        self.home = self.facility("T1", "Test home")
        self.people = 0

    def add(self, row):  # type: ignore[no-untyped-def]
        """Add a row and give it its key."""
        self.session.add(row)
        self.session.flush()
        return row

    def place(self, code: str, level: Level, name: str, path: str) -> int:
        """A division without a parent."""
        row = r.Division(code=code, level=level, name=name, path=path, valid_from=SINCE, source_id=self.source)
        return int(self.add(row).id)

    def facility(self, code: str, name: str, status: FacilityStatus = FacilityStatus.OPERATING) -> int:
        """A public support centre with the beds of the county's table."""
        home = self.add(
            r.Facility(
                code=code,
                name=name,
                kind=FacilityKind.RURAL_SUPPORT_CENTER,
                ownership=Ownership.GOVERNMENT,
                operating_mode=OperatingMode.PUBLIC_PUBLIC,
                division_id=self.division,
                established_on=SINCE,
                source_id=self.source,
            )
        ).id
        self.add(r.FacilityPhase(facility_id=home, status=status, valid_from=SINCE, source_id=self.source))
        for bed_type, beds in BEDS.items():
            period = r.CapacityPeriod(
                facility_id=home, bed_type=bed_type, open=beds, filed=beds, valid_from=SINCE, source_id=self.source
            )
            key = self.add(period).id
            if bed_type == BedType.NURSING:
                reserve = r.CapacityReserve(
                    capacity_period_id=key, category=GroupCategory.EXTREMELY_POOR, beds=4, source_id=self.source
                )
                self.add(reserve)
        return int(home)

    def person(self, age: int, level: int | None, sex: Sex = Sex.FEMALE) -> int:
        """Somebody of an age who lives in the county, assessed unless the level is None."""
        self.people += 1
        born = date(DAY.year - age, 1, 15)
        key = int(self.add(r.Person(name=f"测试{self.people}", sex=sex, birth_date=born, source_id=self.source)).id)
        self.add(
            r.Residence(
                person_id=key,
                base=ResidenceBase.RESIDENT,
                division_id=self.division,
                valid_from=SINCE,
                source_id=self.source,
            )
        )
        if level is not None:
            self.add(
                r.AbilityAssessment(person_id=key, assessed_on=date(2020, 3, 1), level=level, source_id=self.source)
            )
        return key

    def stay(self, bed_type: BedType, admitted: date, *, age: int, level: int | None) -> int:
        """Somebody who lives in the home."""
        person = self.person(age, level)
        row = r.Stay(
            person_id=person, facility_id=self.home, bed_type=bed_type, admitted_on=admitted, source_id=self.source
        )
        return int(self.add(row).id)

    def wait(self, applied: date, *, level: int, priority: int) -> int:
        """Somebody who waits for a nursing bed of the home."""
        person = self.person(82, level)
        application = self.add(
            r.Application(
                person_id=person,
                setting=Setting.INSTITUTION,
                bed_type=BedType.NURSING,
                division_id=self.division,
                applied_on=applied,
                priority_class=priority,
                source_id=self.source,
            )
        ).id
        for row in (
            r.ApplicationPhase(application_id=application, status=ApplicationStatus.QUEUED, valid_from=applied),
            r.ApplicationPreference(application_id=application, facility_id=self.home, rank=1),
        ):
            row.source_id = self.source
            self.add(row)
        return int(application)

    def member(self, person: int, category: GroupCategory, **more: object) -> None:
        """An effective determination of somebody's group."""
        row = r.GroupMembership(person_id=person, category=category, valid_from=SINCE, source_id=self.source, **more)
        self.add(row)

    def statistic(self, counted_on: date, people: int, base: ResidenceBase | None = ResidenceBase.RESIDENT) -> None:
        """A census of the county: five-year bands of both sexes, `people` in each."""
        for sex in (Sex.MALE, Sex.FEMALE):
            for age in range(60, 90, 5):
                self.add(
                    r.PopulationStatistic(
                        division_id=self.division,
                        counted_on=counted_on,
                        base=base,
                        age_from=age,
                        age_to=None if age == 85 else age + 5,
                        sex=sex,
                        people=people,
                        source_id=self.source,
                    )
                )


def fill(session: Session) -> County:
    """The whole county."""
    county = County(session)
    for bed_type, count in RESIDENTS.items():
        for number in range(count):
            level = 3 if bed_type == BedType.NURSING or number < 2 else number % 2
            county.stay(bed_type, date(2019 - number % 5, 1 + number % 12, 3), age=70 + number, level=level)
    for number in range(WAITING):
        county.wait(date(2020, 1, 1 + number), level=3, priority=1 + number % 3)
    county.statistic(date(2020, 11, 1), 900)
    return county
