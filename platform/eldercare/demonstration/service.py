"""Services in the four cities: platforms, providers with their agreements, terminals, calls and orders."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from eldercare.demonstration.facility import MARK, found
from eldercare.demonstration.service_life import write_calls, write_orders
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import (
    AgreementArea,
    AgreementService,
    Device,
    Division,
    Person,
    Platform,
    PlatformPhase,
    ProviderPhase,
    Residence,
    ServiceAgreement,
    ServiceProvider,
    Stay,
)
from eldercare.registry.division import Level, within
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.person import ResidenceBase
from eldercare.registry.provider import Affiliation, AgreementKind, ProviderStatus
from eldercare.registry.service import ServiceKind
from eldercare.registry.service_platform import PlatformStatus

FRANCHISE_BEGAN = date(2017, 1, 1)
"""When the invented agreements began in the cities that had a hotline then; elsewhere with the period shown."""

DIGITS = {4: Level.CITY, 6: Level.COUNTY}


@dataclass
class Server:
    """A provider as the orders need it: its keys, where it serves, and what."""

    provider: int
    agreement: int
    county: str
    kinds: tuple[ServiceKind, ...]


@dataclass
class City:
    """A city's services on their way into the registry."""

    name: str
    plan: dict[str, Any]
    platforms: dict[str, int] = field(default_factory=dict)
    servers: list[Server] = field(default_factory=list)
    elders: list[tuple[int, int, str]] = field(default_factory=list)
    devices: dict[int, int] = field(default_factory=dict)


def plan() -> dict[str, Any]:
    """What is published of services and what the demonstration adds."""
    return settings("services.yaml")


def write_services(world: World) -> None:
    """Write the services of the four cities."""
    for name, each in plan()["cities"].items():
        city = City(name, each)
        city.elders = _elders(world, each)
        _platforms(world, city)
        _providers(world, city)
        _devices(world, city)
        write_calls(world, city, plan())
        write_orders(world, city, plan())


def _elders(world: World, each: dict[str, Any]) -> list[tuple[int, int, str]]:
    """People who live at home in the city since before the period: their key, and their division's key and digits."""
    digits = each["division"]
    home = select(Person.id, Division.id, Division.code).join(Residence, Residence.person_id == Person.id)
    home = home.join(Division, Division.id == Residence.division_id)
    still = exists(select(Stay.id).where(Stay.person_id == Person.id))
    chosen = home.where(
        Residence.base == ResidenceBase.RESIDENT,
        Residence.valid_to.is_(None),
        Residence.valid_from <= each["first_day"],
        Division.valid_from <= each["first_day"],
        within(Residence.division_id, world.division(DIGITS[len(digits)], digits)),
        Person.deceased_on.is_(None),
        ~still,
    )
    found = world.ledger.connection.execute(chosen.order_by(Person.id).limit(400))
    return [(person, division, code[:6]) for person, division, code in found]


def _platforms(world: World, city: City) -> None:
    for row in city.plan["platforms"]:
        level = Level[row["level"]]
        for digits in row["of"]:
            for place in _places(world, level, digits, row.get("count", 1)):
                city.platforms.setdefault(digits, _platform(world, level, place, row))


def _places(world: World, level: Level, digits: str, count: int) -> list[int]:
    """The divisions of a level below some digits that get a platform; the first town and its first villages."""
    if level is Level.TOWN:
        return [world.division(level, town) for town in world.towns(digits)[:count]]
    if level is Level.VILLAGE:
        return [village.key for village in world.villages(world.towns(digits)[0])[:count]]
    return [world.division(level, digits)]


def _platform(world: World, level: Level, division: int, row: dict[str, Any]) -> int:
    status = PlatformStatus[row.get("status", "ACTIVE")]
    values = {"pilot": row.get("pilot", False), "established_on": row["from"], "division_id": division}
    name = f"{level.zh}养老服务信息平台{MARK}"
    key = world.ledger.add(Platform, name=name, level=level, hotline="12349", **values)
    world.ledger.add(PlatformPhase, platform_id=key, status=status, valid_from=row["from"])
    return key


def _providers(world: World, city: City) -> None:
    """Some franchisees and, where governments purchase, social organisations, in every county that has any."""
    each, numbers = city.plan, iter(range(city.plan["first_organisation"], city.plan["first_organisation"] + 200))
    counties = each.get("counties") or sorted({code for _, _, code in city.elders})
    trades = plan()["trades"]
    for county in counties:
        for place in range(each["franchisees"]):
            trade = trades[place % len(trades)] if each["franchisees"] > 1 else trades[plan()["whole_service"]]
            _provider(world, city, county, trade, AgreementKind.FRANCHISE, next(numbers))
        for _ in range(each["purchased"]):
            _provider(world, city, county, trades[plan()["whole_service"]], AgreementKind.PURCHASE, next(numbers))


def _provider(world: World, city: City, county: str, trade: dict[str, Any], kind: AgreementKind, index: int) -> None:
    franchise = kind is AgreementKind.FRANCHISE
    begins = min(FRANCHISE_BEGAN, city.plan["first_day"])
    division = world.division(Level.COUNTY, county)
    legal = OrganisationKind.ENTERPRISE if franchise else OrganisationKind.SOCIAL_SERVICE_ORG
    name = f"{world.name(Level.COUNTY, county)}{trade['word']}{index}{MARK}"
    organisation = found(world, index, name, legal, division)
    provider = world.ledger.add(
        ServiceProvider,
        organisation_id=organisation,
        affiliation=Affiliation.FRANCHISEE if franchise else Affiliation.CONTRACTED,
        division_id=division,
        order_limit=plan()["order_limit"],
        registered_on=begins,
    )
    world.ledger.add(ProviderPhase, provider_id=provider, status=ProviderStatus.ACTIVE, valid_from=begins)
    platform = city.platforms.get(county) or city.platforms.get(city.plan["division"])
    terms = {"platform_id": platform} if franchise else {}
    agreement = world.ledger.add(
        ServiceAgreement, provider_id=provider, kind=kind, number=f"SYN-{index}", valid_from=begins, **terms
    )
    world.ledger.add(AgreementArea, agreement_id=agreement, division_id=division)
    kinds = tuple(ServiceKind[name] for name in trade["kinds"])
    for each in kinds:
        world.ledger.add(AgreementService, agreement_id=agreement, kind=each)
    city.servers.append(Server(provider, agreement, county, kinds))


def _devices(world: World, city: City) -> None:
    for place, (person, _, _) in enumerate(city.elders[: city.plan["devices"]]):
        city.devices[person] = world.ledger.add(
            Device,
            person_id=person,
            serial=f"SYN-{city.plan['division']}-{place + 1:04d}",
            hotline="12349",
            platform_id=city.platforms.get(city.plan["division"]),
            installed_on=city.plan["first_day"],
        )
