"""Hostile requests from a seed: documents, variables, headers, cursors, tokens and bodies that nobody in their right mind sends."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from queries import Generator

JSON = {"content-type": "application/json"}
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, -(2**63), 2**64, 1e308, -0.0, "", " ", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "王" * 300, "x" * 5000, "' OR 1=1 --", "%", "_", "${jndi:x}", "../../etc/passwd", "9" * 40, "2026-02-30", "0001-01-01", "9999-12-31",
    "2026-11-01T00:00:00+99:99", "Person_1", "Person_999999999999999999999", "Person_0", "person_1", "Facility_1 ", "5b22", "5b226e616d65225d", "6b", [], {}, [[]],
    [None], {"": ""}, {"a": {"b": {}}}, "999999999999", "1e5", "-1", "1.999", "NaN", "Infinity",
)  # fmt: skip
POSITIONS = (
    "0-0",
    "1-1",
    "-1--1",
    "9999999999999999999-1",
    "0-1.5",
    "0-1.",
    "x",
    "",
    "0-0.0",
    "１-１",
    "1-1-1",
    "9223372036854775807-9223372036854775807",
)
KINDS = (
    "application/json",
    "text/plain",
    "application/json; charset=utf-16",
    "multipart/form-data",
    "",
    "application/graphql",
    "a" * 300,
)
ACCEPTS = (
    "*/*",
    "application/graphql-response+json",
    "text/event-stream",
    "text/html",
    "",
    "application/json;q=x",
    ",,,",
    "a/b;q=0",
    "x" * 2000,
)
SPICES = (
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "!",
    "$",
    "@",
    "...",
    '"',
    '"""',
    "\\",
    "\x00",
    "#",
    "on",
    "null",
    "-",
    "1.",
    "é",
    "\u2028",
    "@skip(if: true)",
    "@include(if: $x)",
    "fragment",
    ":",
)


@dataclass
class Attack:
    """One request."""

    method: str = "POST"
    path: str = "/graphql"
    headers: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] | None = None
    body: bytes | None = None


class Attacker:
    """Makes requests; `token` is one that is right, for most of them are to get further than the door."""

    def __init__(self, schema: Any, roots: set[str], nouns: list[str], luck: random.Random, token: str) -> None:
        self.schema, self.luck, self.token = schema, luck, token
        self.generator = Generator(schema, roots, nouns, luck.randrange(2**32))
        self.kinds = (
            self.document,
            self.document,
            self.variables,
            self.variables,
            self.mutation,
            self.mutation,
            self.mutation,
            self.header,
            self.body,
            self.address,
            self.feed,
            self.spread,
        )

    def next(self) -> Attack:
        """Any request."""
        attack = self.luck.choice(self.kinds)()
        attack.headers.setdefault("authorization", f"Bearer {self.token}")
        return attack

    def posted(self, query: Any, variables: Any = None, **more: Any) -> Attack:
        """A request by POST."""
        body = json.dumps({"query": query, "variables": variables, **more}, ensure_ascii=True).encode()
        return Attack(headers=dict(JSON), body=body)

    def odd(self) -> Any:
        """A value that fits few places."""
        return self.luck.choice(ODD)

    def document(self) -> Attack:
        """A document that was right, with some of its text cut, doubled or spiced."""
        query, variables = self.generator.document()
        for _ in range(self.luck.randrange(4)):
            at = self.luck.randrange(len(query) + 1)
            match self.luck.randrange(4):
                case 0:
                    query = query[:at] + self.luck.choice(SPICES) + query[at:]
                case 1:
                    query = query[:at] + query[at + self.luck.randrange(20) :]
                case 2:
                    query = query[:at] + query[max(0, at - 30) :]
                case _:
                    query = query.replace(self.luck.choice("{}()abcdefirst"), self.luck.choice(SPICES), 1)
        return self.posted(query, variables)

    def variables(self) -> Attack:
        """A right document with values that are not."""
        query, variables = self.generator.document()
        for name in variables:
            if self.luck.random() < 0.6:
                variables[name] = self.spoilt(variables[name])
        if self.luck.random() < 0.2:
            variables[str(self.odd())[:20]] = self.odd()
        return self.posted(query, variables)

    def spoilt(self, value: Any) -> Any:
        """A value with something in it replaced."""
        if isinstance(value, dict) and value and self.luck.random() < 0.8:
            name = self.luck.choice(list(value))
            return {**value, name: self.spoilt(value[name])}
        if isinstance(value, list) and value and self.luck.random() < 0.8:
            return [self.spoilt(value[0]), *value[1:]]
        return self.odd()

    def mutation(self) -> Attack:
        """A change with input of the right names and odd values."""
        name, kind = self.luck.choice(sorted(self.schema.mutation_type.fields.items()))
        given = {arg: self.input(each.type, 0) for arg, each in kind.args.items() if self.luck.random() < 0.9}
        head = ", ".join(f"${arg}: {kind.args[arg].type}" for arg in given)
        args = ", ".join(f"{arg}: ${arg}" for arg in given)
        query = f"mutation M{f'({head})' if head else ''} {{ {name}{f'({args})' if args else ''} {{ __typename errors {{ code message }} }} }}"
        return self.posted(query, given)

    def input(self, kind: Any, depth: int) -> Any:
        """A value of an input type, sometimes an odd one."""
        inner = getattr(kind, "of_type", None)
        if inner is not None and str(kind).startswith("["):
            return [self.input(inner, depth + 1) for _ in range(self.luck.randrange(3))]
        if inner is not None:
            return self.input(inner, depth)
        if self.luck.random() < 0.12:
            return self.odd()
        if hasattr(kind, "fields"):
            chosen = [
                n
                for n, f in kind.fields.items()
                if depth < 4 and (str(f.type).endswith("!") or self.luck.random() < 0.4)
            ]
            return {name: self.input(kind.fields[name].type, depth + 1) for name in chosen}
        if hasattr(kind, "values"):
            return self.luck.choice(list(kind.values))
        plain = {
            "ID": lambda: f"{self.luck.choice(self.generator.nouns)}_{self.luck.randrange(1, 9)}",
            "Int": lambda: self.luck.choice([0, 1, 5, 60, 2026, -3]),
            "Float": lambda: self.luck.choice([0, 0.5, 1e9]),
            "Boolean": lambda: self.luck.random() < 0.5,
            "Date": lambda: self.luck.choice(["2026-05-01", "1940-02-29", "2030-01-01", "2020-12-31"]),
            "DateTime": lambda: "2026-05-01T08:00:00+08:00",
            "Money": lambda: self.luck.choice(["0.00", "12.34", "-1.00", "9" * 15 + ".99"]),
            "JSON": self.odd,
        }
        return plain.get(kind.name, lambda: self.luck.choice(["王", "990101000000", "x" * 90, "A-1", "13900000000"]))()

    def header(self) -> Attack:
        """Headers of every kind, tokens among them."""
        attack = self.posted("{ sources { totalCount } }")
        attack.headers = {"content-type": self.luck.choice(KINDS), "accept": self.luck.choice(ACCEPTS)}
        for name in (
            "x-request-id",
            "if-none-match",
            "accept-encoding",
            "graphql-client-name",
            "x-cost",
            "origin",
            "x-forwarded-for",
        ):
            if self.luck.random() < 0.4:
                attack.headers[name] = self.luck.choice(
                    ['W/"', "*", "a" * 500, "gzip;q=", '"x"', "\t", "%00", "é".encode().decode("latin-1"), "1"]
                )
        if self.luck.random() < 0.4:
            attack.headers["authorization"] = self.luck.choice(
                [
                    "",
                    "Bearer",
                    "Bearer ",
                    "Basic x",
                    "Bearer " + "a.b.c",
                    "Bearer " + "x" * 9000,
                    self.token,
                    "Bearer ec_x_y",
                ]
            )
        attack.method = self.luck.choice(["POST", "POST", "GET", "PUT", "OPTIONS", "HEAD", "DELETE", "PATCH"])
        return attack

    def body(self) -> Attack:
        """A body that is no request, or hardly one."""
        right = json.dumps({"query": "{ sources { totalCount } }", "variables": {"a": 1}}).encode()
        bodies = [
            right[: self.luck.randrange(len(right))], right + right, b"[" * 3000, b'{"a":' * 1500, self.luck.randbytes(40), b"", b"null", b'"x"', b"[1]", b"{}",
            b'{"query": {"a": 1}}', b'{"query": "{ sources { totalCount } }", "variables": "x"}', b'{"query": "{ a }", "extensions": {"persistedQuery": 1}}',
            b'{"documentId": 5}', b'{"documentId": "sha256:x"}', b'{"query": "\\ud800"}', b'{"query": "{ __typename }", "operationName": "\\u0000"}', b"\xef\xbb\xbf" + right,
            json.dumps({"query": "{ sources { totalCount } }", "extensions": {"cost": True, "persistedQuery": {"sha256Hash": "0" * 64}}}).encode(),
        ]  # fmt: skip
        return Attack(headers=dict(JSON), body=self.luck.choice(bodies))

    def address(self) -> Attack:
        """A request by GET, and addresses that lead nowhere."""
        query, variables = self.generator.document()
        if self.luck.random() < 0.3:
            return Attack(
                "GET",
                self.luck.choice(
                    [
                        "/graphql",
                        "/nix",
                        "/static/../app.py",
                        "/health/ready",
                        "/metrics",
                        "/schema.graphql",
                        "//graphql",
                        "/graphql/",
                        "/%00",
                    ]
                ),
            )
        return Attack(
            "GET",
            params={
                "query": query,
                "variables": self.luck.choice([json.dumps(variables), "{", "[]", "null", "x" * 3000]),
            },
        )

    def feed(self) -> Attack:
        """The feed, from places it never gave."""
        if self.luck.random() < 0.5:
            given = {
                "after": self.luck.choice(POSITIONS),
                "first": self.luck.choice(["1", "500", "501", "x", "-1", "9" * 9]),
            }
            given |= self.luck.choice(
                [
                    {},
                    {"nouns": "Person"},
                    {"nouns": "X,,"},
                    {"division": "Division_1"},
                    {"division": "x"},
                    {"division": "000000000000"},
                    {"z": "1"},
                ]
            )
            return Attack("GET", "/changes", params=given)
        query = "query F($after: Cursor, $d: ID) { changes(after: $after, division: $d, first: 100) { nodes { id kind fields record { id ... on Person { name } } } pageInfo { endCursor } } }"
        return self.posted(
            query,
            {
                "after": self.luck.choice(POSITIONS),
                "d": self.luck.choice([None, "Division_3", "990101000000", self.odd()]),
            },
        )

    def spread(self) -> Attack:
        """Documents that grow: nested, repeated, spread."""
        n = self.luck.choice([3, 30, 300, 3000])
        queries = [
            "{ divisions { nodes " + "{ children { nodes " * n + "{ id }" + " } }" * n + " } }",
            "{ " + " ".join(f"a{i}: people(first: 500) {{ nodes {{ id }} }}" for i in range(n)) + " }",
            "{ people { nodes { " + "name " * n + "} } }",
            "query Q(" + " ".join(f"$v{i}: Int" for i in range(n)) + ") { __typename }",
            "{ sources " + "@include(if: true) " * n + "{ totalCount } }",
            "{ a: __schema { types { " + "fields { type { " * n + "name" + " } }" * n + " } } }",
            "{ people(filter: " + "{not: " * n + "{age: {gt: 1}}" + "}" * n + ") { totalCount } }",
            "{ ...F } "
            + " ".join(f"fragment F{i or ''} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(min(n, 50))),
            "{ nodes(ids: [" + '"Person_1" ' * n + "]) { id } }",
        ]
        return self.posted(self.luck.choice(queries))
