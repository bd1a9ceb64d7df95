"""Random and hostile mutations: nothing unexpected is answered, and whatever was accepted, every rule holds."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from asker import Asker
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
)
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.mutation import referred
from eldercare.api.noun import camel
from eldercare.api.schema import Api
from eldercare.registry import ENTITIES, CapacityPeriod, Change, Stay
from eldercare.registry.entity import table_of
from eldercare.registry.invariant import first_of
from eldercare.registry.invariants import INVARIANTS
from eldercare.registry.occupancy import breaches

TARGETS = {camel(c.name): referred(noun, c.name) for noun in ENTITIES for c in table_of(noun).c if c.foreign_keys}
TARGETS |= {"stayId": "Stay", "membershipId": "GroupMembership", "source": "Source", "preferredFacilityIds": "Facility"}
VALUES: dict[str, list[Any]] = {
    "Date": ["2026-05-01", "2026-06-01", "2024-01-01", "2010-01-01", "1900-01-01", "0001-01-01", "9999-12-31"],
    "Int": [0, 1, 2, 3, -1, 2147483647, -2147483648, 90],
    "Float": [0, 1.5, -1, 1e300, 0.2, 1e-300],
    "Money": ["0.00", "12.34", "-1.00", "0.01", "20000000.00"],
    "JSON": [{}, [], 1, "x", {"EATING": 4}, {"EATING": "4"}, {"\x00": 1}],
    "DateTime": ["2026-01-01T00:00:00Z"],
    "Boolean": [True, False],
    "String": ["王秀英"] * 8 + ["", " ", "x" * 400, "\x00", "990101194503122747", "' OR 1=1 --", "100000000000"],
}


@pytest.fixture
def tell(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    """Asks a small registry with a few records of the nouns that others refer to."""
    with Session(engine) as session:
        w = make.writer(session)
        for _ in range(3):
            person, home = make.person(w), make.facility(w)
            make.phase(w, home.id)
            make.capacity(w, home.id, open=2)
            make.contract(w, home.id, make.organisation(w).id)
            make.residence(w, person.id, make.division(w).id)
            make.assessment(w, person.id)
            make.membership(w, person.id)
            make.application(w, person.id, setting="HOME")
        make.stay(w, person.id, home.id)
        session.commit()
    loop = asyncio.new_event_loop()
    services = {"keys": make.KEYS}
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: make.TODAY, services=services)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


class Sender:
    """Makes random mutations of a schema: plausible ones, with now and then a value that cannot be."""

    def __init__(self, api: Api, seed: int, last: int = 3) -> None:
        self.last = last
        self.fields = {name: f for name, f in api.schema.mutation_type.fields.items() if "Study" not in name}  # type: ignore[union-attr]
        self.nouns = list(api.catalogue.nouns)
        self.luck = random.Random(seed)

    def mutation(self, name: str = "", selection: str = "") -> tuple[str, dict[str, Any]]:
        """A document with one mutation, and its variables."""
        name = name or self.luck.choice(
            [each for each in self.fields if not each.startswith("annul") or self.chance(0.2)]
        )
        values: dict[str, Any] = {}
        for argument, found in self.fields[name].args.items():
            needed = isinstance(found.type, GraphQLNonNull)
            if needed or self.chance(0.1 if argument == "expectedVersion" else 0.5):
                values[argument] = self.value(found.type, argument, of=name)
        if "idempotencyKey" in values:
            values["idempotencyKey"] = f"k{self.luck.randrange(10**9)}"
        declared = ", ".join(f"${each}: {self.fields[name].args[each].type}" for each in values)
        given = ", ".join(f"{each}: ${each}" for each in values)
        head = f"mutation({declared})" if declared else "mutation"
        return f"{head} {{ done: {name}({given}) {{ errors {{ code message remedy path }} {selection} }} }}", values

    def chance(self, share: float) -> bool:
        return self.luck.random() < share

    def value(self, kind: Any, name: str, *, of: str, optional: bool = False) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type, name, of=of)
        if optional and self.chance(0.05):
            return None
        if isinstance(kind, GraphQLList):
            return [self.value(kind.of_type, name, of=of) for _ in range(self.luck.randint(0, 3))]
        if isinstance(kind, GraphQLEnumType):
            return self.luck.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            chosen = {n: f for n, f in kind.fields.items() if isinstance(f.type, GraphQLNonNull) or self.chance(0.35)}
            return {n: self.value(f.type, n, of=of, optional=True) for n, f in chosen.items()}
        return self.key(name, of) if kind.name == "ID" else self.luck.choice(VALUES[kind.name])

    def key(self, name: str, of: str) -> str:
        own = [noun for noun in self.nouns if of.endswith(noun)]
        meant = [noun for noun in self.nouns if noun.lower().endswith(name.removesuffix("Id").lower())]
        meant = [TARGETS[name]] if name in TARGETS else meant or self.nouns
        noun = max(own, key=len) if name == "id" and own else self.luck.choice(meant)
        if self.chance(0.05):
            return self.luck.choice(["", "x", f"{noun}_999", f"{noun}_{10**25}", f"{noun}_0", "Nothing_1"])
        return f"{noun}_{self.luck.randint(1, self.last)}"


def attack(tell: Asker, api: Api, engine: Engine, *, seed: int, times: int) -> Counter[str]:
    """Send mutations; each answer is checked, and at the end every rule of the registry is proved over everything."""
    sender, codes = Sender(api, seed), Counter[str]()
    for _ in range(times):
        query, values = sender.mutation()
        answer = tell(query, values)
        assert "errors" not in answer, (query, values, answer)
        errors = answer["data"]["done"]["errors"]
        assert all(each["code"] and each["message"] and each["remedy"] for each in errors), errors
        codes[errors[0]["code"] if errors else "done"] += 1
    with Session(engine) as session:
        prove(session)
    return codes


def prove(session: Session) -> None:
    """No record breaks any rule, nobody is without a bed, and every change is in the log."""
    broken = {
        (noun.__name__, rule.code)
        for noun in ENTITIES
        for rule in first_of(INVARIANTS, noun)
        if rule.offenders(session, noun, range(2**31))
    }
    assert broken == set()
    pairs = {
        (row[0], row[1])
        for each in (Stay, CapacityPeriod)
        for row in session.execute(select(each.facility_id, each.bed_type))
    }
    assert list(breaches(session, pairs)) == []
    for noun in ENTITIES:
        created = select(func.count()).where(Change.noun == noun.__tablename__, Change.kind == "CREATE")
        annulled = select(func.count()).where(Change.noun == noun.__tablename__, Change.kind == "ANNUL")
        left = session.scalar(select(func.count()).select_from(noun))
        assert left == (session.scalar(created) or 0) - (session.scalar(annulled) or 0), noun


def test_hostile_mutations_are_answered_and_break_no_rule(tell: Asker, api: Api, engine: Engine) -> None:
    codes = attack(tell, api, engine, seed=1, times=120)
    assert codes["done"] > 3, codes
    assert len(codes) > 10


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_hostile_mutations_are_answered_and_break_no_rule(
    tell: Asker, api: Api, engine: Engine, seed: int
) -> None:
    assert attack(tell, api, engine, seed=seed, times=1_000)["done"] > 25
