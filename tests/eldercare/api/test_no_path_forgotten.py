"""No path was forgotten: every noun, field, list, reference, filter, order and summary, as every role, beside an oracle."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from asker import Asker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marked import MARK, mark, open_marks, viewers
from oracle import COUNTED, COUNTERS, KNOWN, PUBLISHED_ONLY, Facts, is_personal, sight, sight_of_any, unless_few
from planted import TODAY, plant
from queries import Generator
from sqlalchemy import Engine
from sqlalchemy import inspect as mapping
from sqlalchemy.orm import Session

from eldercare.api.noun import Many, Masked, One, Value, camel
from eldercare.api.schema import Api
from eldercare.registry import ENTITIES
from eldercare.security.principal import SYSTEM, Principal
from factories import KEYS

MANY = 500
CORE = (
    "Person",
    "Residence",
    "GroupMembership",
    "AbilityAssessment",
    "CareRiskEvent",
    "Stay",
    "ServiceOrder",
    "Entitlement",
)


@pytest.fixture(scope="module")
def facts(empty_engine: Engine) -> Facts:
    """A registry of random rows of every noun, as plain rows."""
    with Session(empty_engine) as session:
        plant(session, seed=5, rows=12)
        marks = mark(session)
    return replace(Facts.read(empty_engine, TODAY), marks=marks)


@pytest.fixture(scope="module")
def ask(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], facts: Facts) -> Asker:
    """Asks that registry."""
    return asking(empty_url, empty_engine, services={"keys": KEYS})


class Proof:
    """Compares what a viewer is answered about a noun with what the oracle says."""

    def __init__(self, ask: Asker, facts: Facts) -> None:
        self.ask, self.facts, self.catalogue = ask, facts, ask.executor.api.catalogue
        self.entities = {entity.__name__: entity for entity in ENTITIES}
        self.truth: dict[str, dict[int, Any]] = {}
        self.seen: dict[tuple[str, str, bool], set[int]] = {}

    def data(self, viewer: Principal, query: str) -> Any:
        """The data of an answer without errors."""
        found = self.ask(query, viewer=viewer)
        assert "errors" not in found, (viewer, query, found["errors"][:2])
        return found["data"]

    def values(self, noun: str) -> list[Value]:
        """The fields of a noun that are one value."""
        return [f for f in self.catalogue.shapes[noun].values() if f.name != "id" and not isinstance(f, Masked)]

    def whole(self, noun: str) -> dict[int, Any]:
        """Every row of a noun as the operator's own programs see it."""
        if noun not in self.truth:
            fields = " ".join(camel(f.name) for f in self.values(noun))
            plural = self.catalogue.nouns[noun].plural
            found = self.data(SYSTEM, f"{{ {plural}(first: {MANY}, history: true) {{ nodes {{ id {fields} }} }} }}")
            self.truth[noun] = {key_of(row["id"]): row for row in found[plural]["nodes"]}
        return self.truth[noun]

    def expected(self, viewer: Principal, noun: str, *, counting: bool = False) -> set[int]:
        """The keys of the rows that a viewer sees, of all times."""
        asked = viewer.id, noun, counting
        if asked not in self.seen:
            entity = self.entities[noun]
            rows = self.facts.rows[entity.__tablename__].items()
            self.seen[asked] = {key for key, row in rows if self.facts.sees(viewer, entity, row, counting=counting)}
        return self.seen[asked]

    def rows(self, viewer: Principal, noun: str) -> None:
        """Lists, their totals, and what each field shows."""
        plural, fields = self.catalogue.nouns[noun].plural, self.values(noun)
        more = " masked" if is_personal(self.entities[noun]) else ""
        chosen = " ".join(camel(f.name) for f in fields)
        query = f"{{ {plural}(first: {MANY}, history: true) {{ totalCount nodes {{ id {chosen}{more} }} }} }}"
        found = self.data(viewer, query)[plural]
        expected = self.expected(viewer, noun)
        assert {key_of(row["id"]) for row in found["nodes"]} == expected, (viewer, noun)
        assert found["totalCount"] == len(expected)
        for row in found["nodes"]:
            self._fields(viewer, noun, fields, row)

    def _fields(self, viewer: Principal, noun: str, fields: list[Value], row: Any) -> None:
        entity, key = self.entities[noun], key_of(row["id"])
        plain, truth = self.facts.rows[entity.__tablename__][key], self.whole(noun)[key]
        if not is_personal(entity):
            for each in fields:
                wanted = unless_few(viewer, each, truth) if sight_of_any(viewer, each) else None
                assert row[camel(each.name)] == wanted, (viewer, noun, each.name)
            return
        veiled = []
        for each in fields:
            name, kind = camel(each.name), str(each.privacy)
            full = f"{noun}.{name}"
            wanted = self.facts.shown(viewer, entity, plain, full, kind, truth[name], plain)
            assert row[name] == wanted, (viewer, full, kind)
            if self.facts.how(viewer, entity, plain, full, kind) != "C":
                veiled.append(name)
        told = [name for name in row["masked"] if isinstance(self.catalogue.shapes[noun].fields[name], Value)]
        assert told == sorted(veiled), (viewer, noun)

    def ids(self, viewer: Principal, noun: str) -> None:
        """By id, by node and by nodes: a row that is not seen is answered like one that is not there."""
        keys = [*self.facts.rows[self.entities[noun].__tablename__]][:40]
        asked = [f"{noun}_{key}" for key in [*keys, 987_654]]
        root = noun[0].lower() + noun[1:]
        listed = ", ".join(f'"{each}"' for each in asked)
        few = [*asked[:6], asked[-1]]
        roots = " ".join(f'a{i}: {root}(id: "{e}") {{ id }} b{i}: node(id: "{e}") {{ id }}' for i, e in enumerate(few))
        found = self.data(viewer, f"{{ nodes(ids: [{listed}]) {{ id }} {roots} }}")
        expected = {f"{noun}_{key}" for key in self.expected(viewer, noun)}
        for text, row in zip(asked, found["nodes"], strict=True):
            assert row == ({"id": text} if text in expected else None), (viewer, text)
        for i, text in enumerate(few):
            assert found[f"a{i}"] == found[f"b{i}"] == ({"id": text} if text in expected else None)

    def relations(self, viewer: Principal, noun: str) -> None:
        """References and lists lead only to rows that the viewer sees."""
        plural, shape = self.catalogue.nouns[noun].plural, self.catalogue.shapes[noun]
        ones = [f for f in shape.fields.values() if isinstance(f, One)]
        many = [f for f in shape.fields.values() if isinstance(f, Many)]
        parts = [f"{camel(f.name)} {{ id }}" for f in ones]
        parts += [f"{camel(f.name)}(first: 100, history: true) {{ totalCount nodes {{ id }} }}" for f in many]
        for chosen in (parts[i : i + 8] for i in range(0, len(parts), 8)):
            query = f"{{ {plural}(first: 40, history: true) {{ nodes {{ id {' '.join(chosen)} }} }} }}"
            for row in self.data(viewer, query)[plural]["nodes"]:
                self._related(viewer, noun, row, ones, many)

    def _related(self, viewer: Principal, noun: str, row: Any, ones: list[One], many: list[Many]) -> None:
        for each in ones:
            found = row.get(camel(each.name))
            if found is not None:
                assert key_of(found["id"]) in self.expected(viewer, each.noun), (viewer, noun, each.name)
        for listed in many:
            if (page := row.get(camel(listed.name))) is None:
                continue
            target = self.entities[listed.noun]
            by = {k for k, r in self.facts.rows[target.__tablename__].items() if r[listed.by] == key_of(row["id"])}
            wanted = by & self.expected(viewer, listed.noun)
            assert {key_of(each["id"]) for each in page["nodes"]} == wanted, (viewer, noun, listed.name)
            assert page["totalCount"] == len(wanted)

    def computing(self, viewer: Principal, noun: str) -> None:
        """Filters, orders, dimensions and measures: refused where the oracle does not say clear, else they find what is there."""
        plural, shape, kinds = (
            self.catalogue.nouns[noun].plural,
            self.catalogue.shapes[noun],
            self.ask.executor.api.schema.type_map,
        )
        filters: Any = kinds[f"{noun}Filter"]
        orders: Any = kinds[f"{noun}OrderField"]
        asked: dict[str, tuple[str, bool]] = {}
        for each in self.values(noun):
            clear = self._usable(viewer, noun, each, counting=False)
            name = camel(each.name)
            operators: Any = filters.fields[name].type.fields if name in filters.fields else {}
            if "isNull" in operators:
                asked[f"f_{each.name}"] = (f"{plural}(filter: {{{name}: {{isNull: true}}}}) {{ totalCount }}", clear)
            if each.name.upper() in orders.values:
                asked[f"o_{each.name}"] = (
                    f"{plural}(first: 1, orderBy: [{{field: {each.name.upper()}}}]) {{ totalCount }}",
                    clear,
                )
        if f"{noun}Group" in self.catalogue.shapes:
            asked |= self._summaries(viewer, noun, shape.noun)
        self._refused_or_not(viewer, noun, asked)

    def _summaries(self, viewer: Principal, noun: str, declared: Any) -> dict[str, tuple[str, bool]]:
        root, asked = f"{noun[0].lower()}{noun[1:]}Summary", {}
        for each in declared.summary.dimensions:
            clear = self._usable(viewer, noun, each, counting=True)
            asked[f"g_{each.name}"] = (f"{root}(groupBy: [{each.name.upper()}]) {{ count }}", clear)
        for measure in declared.summary.measures:
            clear = self._usable(viewer, noun, measure, counting=True)
            asked[f"m_{measure.name}"] = (f"{root} {{ {camel(measure.name)} }}", clear)
        return asked

    def _usable(self, viewer: Principal, noun: str, each: Any, *, counting: bool) -> bool:
        if not is_personal(self.entities[noun]):
            counted = counting and viewer.role in COUNTERS and str(each.privacy) in COUNTED
            return counted or sight_of_any(viewer, each)
        if getattr(each, "through", ""):
            way: Any = self.catalogue.shapes[noun].fields[camel(each.through)]
            if not self._usable(viewer, noun, way, counting=counting):
                return False
        kind = str(each.privacy)
        if counting and viewer.role in COUNTERS and kind in COUNTED:
            return True
        owner = noun if isinstance(each, Value | One) else ""
        return kind == "OPEN" or sight(kind, viewer, f"{owner}.{camel(each.name)}") == "C"

    def _refused_or_not(self, viewer: Principal, noun: str, asked: dict[str, tuple[str, bool]]) -> None:
        named = list(asked.items())
        for part in (named[i : i + 30] for i in range(0, len(named), 30)):
            query = " ".join(f"{alias}: {field}" for alias, (field, _) in part)
            found = self.ask(f"{{ {query} }}", viewer=viewer)
            refused = {e["path"][0]: e["extensions"]["code"] for e in found.get("errors", ())}
            wanted = {alias: "FIELD_HIDDEN" for alias, (_, clear) in part if not clear}
            if is_personal(self.entities[noun]) and viewer.role in PUBLISHED_ONLY:
                wanted |= {alias: "PUBLISHED_ONLY" for alias, _ in part if alias.startswith(("g_", "m_"))}
            told = ("FIELD_HIDDEN", "PUBLISHED_ONLY", "INTERNAL")
            assert {a: c for a, c in refused.items() if c in told} == wanted, (viewer, noun)

    def counts(self, viewer: Principal, noun: str) -> None:
        """A summary counts the rows that the viewer may count."""
        if f"{noun}Group" not in self.catalogue.shapes:
            return
        root = f"{noun[0].lower()}{noun[1:]}Summary"
        if is_personal(self.entities[noun]) and viewer.role in PUBLISHED_ONLY:
            answer = self.ask(f"{{ {root}(history: true) {{ count }} }}", viewer=viewer)
            assert [e["extensions"]["code"] for e in answer["errors"]] == ["PUBLISHED_ONLY"], (viewer, noun)
            return
        found = self.data(viewer, f"{{ {root}(history: true) {{ count }} }}")[root]
        assert found == [{"count": len(self.expected(viewer, noun, counting=True))}], (viewer, noun)


def key_of(text: str) -> int:
    """The key in an id."""
    return int(text.rsplit("_", 1)[1])


CHECKS = (Proof.rows, Proof.ids, Proof.relations, Proof.computing, Proof.counts)


def prove(proof: Proof, pairs: Iterable[tuple[Principal, str]], checks: Iterable[Any] = CHECKS) -> None:
    """Every check for every pair of a viewer and a noun."""
    for viewer, noun in pairs:
        for check in checks:
            check(proof, viewer, noun)


def test_the_declarations_say_what_the_table_says(api: Api) -> None:
    for name, kind in KNOWN.items():
        noun, field = name.split(".")
        assert str(api.catalogue.shapes[noun].fields[field].privacy) == kind, name  # type: ignore[union-attr]


def test_every_noun_says_whose_it_is(api: Api) -> None:
    silent = [entity.__name__ for entity in ENTITIES if entity.__reach__ is None]
    assert silent == [], "declare __reach__ = Reach(...) (docs/access.md)"
    for entity in filter(is_personal, ENTITIES):
        for name, column in mapping(entity).columns.items():
            said = column.info.get("privacy") or column.foreign_keys or column.primary_key
            assert said, (
                f"{entity.__name__}.{name}: say what it tells about a person with privacy=Privacy.X (docs/access.md)"
            )


def test_every_role_beside_the_oracle(ask: Asker, facts: Facts) -> None:
    """Rows, fields and ids of a noun for each role, and all else for four of them; `long` takes every noun, `exhaustive` all of all."""
    proof, everybody = Proof(ask, facts), viewers(facts)
    main = [CORE[i % len(CORE)] for i in range(len(everybody))]
    pairs = list(zip(everybody, main, strict=True))
    prove(proof, pairs, (Proof.rows, Proof.ids))
    prove(proof, pairs[::4], (Proof.relations, Proof.computing, Proof.counts))


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_some_roles_on_every_noun(ask: Asker, facts: Facts, part: int) -> None:
    """Everything about every noun for two roles in turn on SQLite, and for another one on PostgreSQL."""
    proof, everybody = Proof(ask, facts), viewers(facts)
    for n, noun in enumerate(sorted(proof.catalogue.nouns)[part::8]):
        some = everybody[(n + part) % 8 :: 8]
        shown = some if ask.executor.reads.driver == "sqlite" else everybody[(3 * n + part) % len(everybody) :][:1]
        prove(proof, [(viewer, noun) for viewer in shown])


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(8))
def test_every_role_on_every_noun(ask: Asker, facts: Facts, part: int) -> None:
    proof = Proof(ask, facts)
    nouns = sorted(proof.catalogue.nouns)[part::8]
    prove(proof, [(viewer, noun) for noun in nouns for viewer in viewers(facts)])


def never_beyond(ask: Asker, facts: Facts, examples: int) -> None:
    """Random documents by random viewers hold no mark that the viewer may not see."""
    executor, everybody = ask.executor, viewers(facts)
    nouns, roots = sorted(executor.api.catalogue.nouns), executor.api.catalogue.roots()
    allowed: dict[str, set[str]] = {}

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32), st.sampled_from(everybody))
    def holds(seed: int, viewer: Principal) -> None:
        query, values = Generator(executor.api.schema, roots, nouns, seed).document()
        body = ask.answer(query, values, viewer=viewer).body.decode()
        assert '"INTERNAL"' not in body
        if seen := set(MARK.findall(body)):
            if viewer.id not in allowed:
                allowed[viewer.id] = open_marks(facts, viewer)
            assert seen <= allowed[viewer.id], (viewer, query, values)

    holds()


def test_random_documents_tell_nothing_beyond(ask: Asker, facts: Facts) -> None:
    never_beyond(ask, facts, 25)


@pytest.mark.long
def test_more_random_documents_tell_nothing_beyond(ask: Asker, facts: Facts) -> None:
    never_beyond(ask, facts, 150)


@pytest.mark.exhaustive
def test_many_random_documents_tell_nothing_beyond(ask: Asker, facts: Facts) -> None:
    never_beyond(ask, facts, 1500)
