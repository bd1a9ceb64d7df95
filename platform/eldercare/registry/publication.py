"""Counts of people as they are published: each quarter's edition once, small cells withheld, never changed afterwards."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Index, Integer, String, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped, aliased

from eldercare.kit.term import Term
from eldercare.registry.entity import Record, column, reference, term
from eldercare.registry.group import alive, at_least, holds, latest_level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Person, Residence, ResidenceBase, Sex
from eldercare.registry.query import View, visible
from eldercare.registry.rules import table
from eldercare.registry.stay import Stay
from eldercare.security.privacy import Reach


def setting(name: str) -> Any:
    """The value of one block of the rules of publication.

    >>> setting("smallest")
    5
    """
    return table("publication")[name]["value"]


class PublishedMeasure(Term):
    """What is counted in an edition."""

    AGE_60 = "60岁以上", "aged 60 and over"
    AGE_65 = "65岁以上", "aged 65 and over"
    AGE_70 = "70岁以上", "aged 70 and over"
    ADVANCED_AGE_80 = "80岁以上高龄", "aged 80 and over"
    ADVANCED_AGE_90 = "90岁以上高龄", "aged 90 and over"
    ADVANCED_AGE_100 = "百岁老人", "aged 100 and over"
    FEMALE_60 = "60岁以上女性", "women aged 60 and over"
    IN_CARE = "入住机构", "living in a facility"
    EXTREMELY_POOR = "特困人员", "extremely poor"
    DIBAO = "低保", "minimum living guarantee"
    DIBAO_MARGINAL = "低保边缘", "low-income margin"
    SEVERE_DISABILITY_CERT = "重度残疾(一、二级)", "severe disability by certificate (level 1 or 2)"
    DISABLED_ABILITY = "失能", "disabled by ability assessment"
    SEVERE_ABILITY = "重度及完全失能", "severely or completely disabled by ability assessment"
    DEMENTIA = "失智", "dementia"
    LIVING_ALONE = "独居", "living alone"
    EMPTY_NEST = "空巢", "empty nest"
    LONELY = "孤寡", "kinless"
    SOCIAL_KINLESS = "社会孤老", "socially kinless"
    LEFT_BEHIND = "农村留守老人", "left behind in the countryside"
    FAMILY_PLANNING_SPECIAL = "计划生育特殊家庭", "special family-planning family"
    SPECIAL_DIFFICULTY = "特殊困难老年人", "special difficulty"


class PublishedEdition(Record):
    """The counts of one quarter, published once."""

    __tablename__ = "published_edition"
    __zh__ = "公开统计期"
    __reach__ = Reach(everybody=True)

    as_of: Mapped[date] = column(Date, en="The day whose people are counted.", zh="统计日期")
    position: Mapped[str] = column(String(60), en="How far the log of changes had come.", zh="变更位置")

    __table_args__ = (UniqueConstraint("as_of"),)


class PublishedCount(Record):
    """How many people of a measure live in a division; nobody where there is no row."""

    __tablename__ = "published_count"
    __zh__ = "公开统计数"
    __reach__ = Reach(everybody=True)

    edition_id: Mapped[int] = reference("published_edition", en="The edition.", zh="统计期", index=False)
    division_id: Mapped[int] = reference("division", en="The division.", zh="区划", index=False)
    measure: Mapped[PublishedMeasure] = column(term(PublishedMeasure), en="What is counted.", zh="指标")
    people: Mapped[int | None] = column(
        Integer, en="How many; empty where it is withheld because it, or what follows from it, is small.", zh="人数"
    )
    counted_on: Mapped[date] = column(
        Date,
        en="The edition in which this number was counted; earlier where it has hardly changed since.",
        zh="计数日期",
    )

    __table_args__ = (Index("ix_published_count", "edition_id", "division_id", "measure"),)


def belongs(measure: PublishedMeasure, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person is counted by a measure at the view's date."""
    years = setting("ages").get(measure.value)
    if measure is PublishedMeasure.FEMALE_60:
        return and_(person.sex == Sex.FEMALE, at_least(person, years, view))
    if years is not None:
        return at_least(person, years, view)
    if measure is PublishedMeasure.IN_CARE:
        stay = aliased(Stay)
        return select(stay.id).where(stay.person_id == person.id, *visible(stay, view.at_date())).exists()
    if measure is PublishedMeasure.SEVERE_ABILITY:
        severe: ColumnElement[bool] = func.coalesce(latest_level(person, view), 0) >= setting("severe_level_from")
        return severe
    return holds(GroupCategory[measure.value], person, view)


def counted(measure: PublishedMeasure, view: View) -> Any:
    """A select of divisions with the number of people of a measure who live directly in each.

    Who lives nowhere known is counted where they are registered.
    """
    person = aliased(Person)
    place = func.coalesce(_place(person, view, ResidenceBase.RESIDENT), _place(person, view, ResidenceBase.HUKOU))
    found = select(place.label("division"), func.count().label("people"))
    return found.where(alive(person, view), belongs(measure, person, view)).group_by(place)


def _place(person: Any, view: View, base: ResidenceBase) -> ColumnElement[int]:
    residence = aliased(Residence)
    where = [residence.person_id == person.id, residence.base == base, *visible(residence, view.at_date())]
    return (
        select(residence.division_id).where(*where).order_by(residence.id).limit(1).correlate(person).scalar_subquery()
    )
