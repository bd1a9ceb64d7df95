"""The schema: the explicit list of nouns, reports and further root fields, made into one GraphQL schema."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from eldercare.api import (
    access_log,
    admission,
    application,
    assessment,
    capability,
    capacity,
    census,
    change_report,
    childcare,
    contract,
    division,
    edition,
    evaluation,
    facility,
    feed,
    field_visit,
    fund,
    fund_report,
    grouping,
    hazard,
    hotline,
    import_batch,
    inclusion,
    indicator,
    inspection,
    membership,
    organisation,
    person,
    pilot,
    provider,
    publication,
    rating,
    returns,
    service_area,
    service_order,
    service_platform,
    service_report,
    source,
    statistic,
    stay,
    study_roots,
    subsidy,
    token_roots,
    upgrade,
    work,
    workforce,
)
from eldercare.api.catalogue import Catalogue
from eldercare.api.command import make_commands
from eldercare.api.disclosure import make_disclosures
from eldercare.api.mutation import make_mutations
from eldercare.api.noun import Noun, Report, camel
from eldercare.api.objects import Types
from eldercare.api.scalars import SCALARS
from eldercare.api.vocabulary import vocabulary_query
from eldercare.api.wiring import wire
from eldercare.kit.term import Term

NOUNS: tuple[Noun, ...] = (
    *source.NOUNS,
    *division.NOUNS,
    *organisation.NOUNS,
    *person.NOUNS,
    *membership.NOUNS,
    *assessment.NOUNS,
    *facility.NOUNS,
    *capacity.NOUNS,
    *contract.NOUNS,
    *capability.NOUNS,
    *rating.NOUNS,
    *workforce.NOUNS,
    *inspection.NOUNS,
    *hazard.NOUNS,
    *upgrade.NOUNS,
    *grouping.NOUNS,
    *evaluation.NOUNS,
    *application.NOUNS,
    *stay.NOUNS,
    *change_report.NOUNS,
    *import_batch.NOUNS,
    *census.NOUNS,
    *inclusion.NOUNS,
    *field_visit.NOUNS,
    *statistic.NOUNS,
    *admission.NOUNS,
    *service_area.NOUNS,
    *childcare.NOUNS,
    *service_platform.NOUNS,
    *provider.NOUNS,
    *hotline.NOUNS,
    *service_order.NOUNS,
    *subsidy.NOUNS,
    *fund.NOUNS,
    *edition.NOUNS,
    *pilot.NOUNS,
)
REPORTS: tuple[Report, ...] = (
    *membership.REPORTS,
    *rating.REPORTS,
    *workforce.REPORTS,
    *inspection.REPORTS,
    *hazard.REPORTS,
    *grouping.REPORTS,
    *facility.REPORTS,
    *fund_report.REPORTS,
    *indicator.REPORTS,
    *pilot.REPORTS,
    *publication.REPORTS,
    *work.REPORTS,
    *service_report.REPORTS,
    *census.REPORTS,
    *inclusion.REPORTS,
)
Part = type | Callable[[Types], type]
"""A Strawberry class with root fields, or a function that makes one once the types of the nouns exist."""
QUERIES: tuple[Part, ...] = (
    feed.make_query,
    study_roots.make_query,
    change_report.make_query,
    returns.make_query,
    token_roots.make_query,
    access_log.make_query,
)
MUTATIONS: tuple[Part, ...] = (
    make_mutations,
    make_commands,
    make_disclosures,
    import_batch.make_mutation,
    study_roots.make_mutation,
    token_roots.make_mutation,
)
SUBSCRIPTIONS: tuple[Part, ...] = (feed.make_subscription, study_roots.make_subscription)


@dataclass(frozen=True)
class Api:
    """A schema with the catalogue it was made from.

    `structural` names the enumerations, and `forming` the arguments of root fields, whose values decide a statement's form.
    """

    catalogue: Catalogue
    types: Types
    strawberry: strawberry.Schema
    structural: frozenset[str]
    forming: frozenset[tuple[str, str]]

    @property
    def schema(self) -> GraphQLSchema:
        """The schema as graphql-core executes it."""
        return self.strawberry._schema

    def text(self) -> str:
        """The schema in the schema language."""
        return f"{self.strawberry.as_str()}\n"

    @cached_property
    def edition(self) -> str:
        """What the program and its schema are, in short: it changes with either."""
        return f"{version('eldercare')} {sha256(self.text().encode()).hexdigest()}"


@cache
def whole_api() -> Api:
    """The schema of everything, made once in a process: making it takes seconds, and nothing changes it afterwards."""
    return build_api()


def build_api(
    nouns: Iterable[Noun] = NOUNS,
    reports: Iterable[Report] = REPORTS,
    *,
    queries: Iterable[Part] = QUERIES,
    mutations: Iterable[Part] = MUTATIONS,
    subscriptions: Iterable[Part] = SUBSCRIPTIONS,
) -> Api:
    """Make the schema; the arguments are lists of the same kind as this module's own."""
    catalogue = Catalogue(nouns, reports)
    types = Types(catalogue)
    terms = {name: each for name, each in types.space.items() if isinstance(each, type) and issubclass(each, Term)}
    reads = (types.query, vocabulary_query(terms), *queries)
    made = strawberry.Schema(
        query=merged("Query", "Everything that can be read. · 查询", reads, types) or types.query,
        mutation=merged("Mutation", "Everything that can be changed. · 变更", mutations, types),
        subscription=merged("Subscription", "Everything that can be followed. · 订阅", subscriptions, types),
        types=[types[name] for name in catalogue.nouns],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    wire(made._schema, catalogue)
    return Api(catalogue, types, made, structural_names(made._schema), forming_arguments(catalogue))


def merged(name: str, description: str, parts: Iterable[Part], types: Types) -> type | None:
    """One root type of several; none of none."""
    found = tuple(part if isinstance(part, type) else part(types) for part in parts)
    if not found:
        return None
    whole = merge_types(name, found)
    definition: Any = whole.__strawberry_definition__  # type: ignore[attr-defined]
    definition.description = description
    return whole


def structural_names(schema: GraphQLSchema) -> frozenset[str]:
    """The enumerations whose value decides the form of a statement wherever it is sent: orders and groupings."""
    named = {name for name in schema.type_map if name.endswith(("OrderField", "GroupBy"))}
    return frozenset({"Direction", "Nulls", *named})


def forming_arguments(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """The arguments of root fields whose value decides the form of a statement."""
    reports = catalogue.reports.values()
    named = {(report.name, camel(each.name)) for report in reports for each in report.arguments if each.structural}
    return frozenset({("nodes", "ids"), *named})
