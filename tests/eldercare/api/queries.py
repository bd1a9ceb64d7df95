"""Random GraphQL documents over the schema's registry fields: aliases, fragments, directives, variables, pages, filters."""

import json
import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

CODES = ["990100000000", "990101000000", "000000000000", "123456789012"]
TEXTS = ["A", "王", "b%", "x'\"\\", "", "COUNTY", "1"]
DAYS = ["2026-11-01", "2026-10-31", "2020-01-01", "1972-02-03", "2019-12-31"]
ONE_OF_ORDER = ("direction", "nulls")


class Generator:
    """Makes documents from a seed; `nouns` are the names of the types that have ids."""

    def __init__(self, schema: GraphQLSchema, roots: set[str], nouns: list[str], seed: int) -> None:
        self.schema, self.roots, self.nouns = schema, sorted(roots), nouns
        self.luck = random.Random(seed)

    def document(self) -> tuple[str, dict[str, Any]]:
        """A query and its variables."""
        self.fragments: list[str] = []
        self.definitions: list[str] = []
        self.values: dict[str, Any] = {}
        self.flags: set[str] = set()
        self.size = 0
        fields = [self.root(i) for i in range(self.luck.randint(1, 3))]
        if self.luck.random() < 0.1:
            fields.append("__typename")
        self.definitions += [f"${flag}: Boolean!" for flag in sorted(self.flags)]
        self.values.update({flag: flag == "yes" for flag in self.flags})
        head = f"query Q({', '.join(self.definitions)})" if self.definitions else "query Q"
        return f"{head} {{ {' '.join(fields)} }} {' '.join(self.fragments)}", self.values

    def root(self, i: int) -> str:
        """A root field under an alias of its own."""
        name = self.luck.choice(self.roots)
        field = self.schema.query_type.fields[name]  # type: ignore[union-attr]
        return f"r{i}: {name}{self.arguments(field, name)}{self.selection(get_named_type(field.type), 3, name)}"

    def selection(self, kind: Any, depth: int, root: str = "") -> str:
        """A selection set of a type, or nothing for a leaf."""
        if is_leaf_type(kind):
            return ""
        if kind.name == "Node":
            return self.node_selection(depth)
        luck, parts = self.luck, []
        names = list(kind.fields)
        for name in luck.sample(names, min(len(names), luck.randint(1, 5))):
            part = self.field(kind, name, depth)
            if part and self.size < 60:
                parts.append(part)
        if not parts or luck.random() < 0.1:
            parts.append("__typename")
        inner = " ".join(parts)
        if luck.random() < 0.1:
            return f"{{ ... on {kind.name} {{ {inner} }} }}"
        if luck.random() < 0.1:
            self.fragments.append(f"fragment F{len(self.fragments)} on {kind.name} {{ {inner} }}")
            return f"{{ ...F{len(self.fragments) - 1} __typename }}"
        return f"{{ {inner} }}"

    def node_selection(self, depth: int) -> str:
        """A selection of the interface: its id and fields of some types."""
        some = self.luck.sample(self.nouns, 3)
        parts = [f"... on {name} {self.selection(self.schema.type_map[name], depth - 1)}" for name in some]
        return f"{{ id __typename {' '.join(parts)} }}"

    def field(self, kind: Any, name: str, depth: int) -> str:
        """One field of a type, perhaps under an alias, with arguments and a directive."""
        field, luck = kind.fields[name], self.luck
        below = get_named_type(field.type)
        if not is_leaf_type(below) and depth <= 0:
            return ""
        self.size += 1
        alias = f"{luck.choice('abc')}{self.size}: " if luck.random() < 0.25 or field.args else ""
        step = 0 if below.name.endswith(("Connection", "Edge", "PageInfo")) else 1
        given = self.arguments(field, name)
        if below.name.endswith("Connection"):
            given = given or "(first: 3)"
        # A field that has no alias must be the same everywhere: fragments of one object are merged.
        return f"{alias}{name}{given}{self.directive()}{self.selection(below, depth - step)}"

    def directive(self) -> str:
        """Now and then @skip or @include, by a constant or a variable."""
        if self.luck.random() > 0.07:
            return ""
        name, value = self.luck.choice(["skip", "include"]), self.luck.choice(["true", "false", "$yes", "$no"])
        if value.startswith("$"):
            self.flags.add(value[1:])
        return f" @{name}(if: {value})"

    def arguments(self, field: Any, name: str) -> str:
        """Arguments for a field, some written out, some as variables."""
        chosen = []
        for argument, definition in field.args.items():
            if not is_non_null_type(definition.type) and self.luck.random() < 0.7:
                continue
            if argument in ("after", "before") or (argument == "last" and any(c.startswith("first:") for c in chosen)):
                continue
            value = self.value(definition.type, name if argument in ("id", "ids") else argument, 2)
            if self.luck.random() < 0.5:
                variable = f"v{len(self.values)}"
                self.definitions.append(f"${variable}: {definition.type}")
                self.values[variable] = value
                chosen.append(f"{argument}: ${variable}")
            else:
                chosen.append(f"{argument}: {written(value, definition.type)}")
        return f"({', '.join(chosen)})" if chosen else ""

    def value(self, of: Any, name: str, depth: int) -> Any:
        """A value of an input type, as JSON."""
        inner, luck = get_nullable_type(of), self.luck
        if is_list_type(inner):
            count = luck.randint(1, 2)
            found = [self.value(inner.of_type, name, depth) for _ in range(count)]
            return list({json.dumps(each): each for each in found}.values())
        if isinstance(inner, GraphQLEnumType):
            return luck.choice(list(inner.values))
        if isinstance(inner, GraphQLInputObjectType):
            return self.object(inner, depth)
        return self.scalar(inner.name, name)

    def scalar(self, kind: str, name: str) -> Any:
        """A value of a scalar."""
        luck = self.luck
        if kind == "ID":
            noun = "Division" if name in ("within", "division") else name[:1].upper() + name[1:]
            if name == "within" and luck.random() < 0.5:
                return luck.choice(CODES)
            known = noun if noun in self.nouns else luck.choice(self.nouns)
            return f"{known}_{luck.randint(1, 12)}"
        choices = {
            "Int": [0, 1, 2, 3, 60],
            "Float": [0.0, 1.25, 20.5],
            "Money": ["0.00", "0.01", "0.03", "12.5"],
            "Boolean": [True, False],
            "String": TEXTS,
            "Date": DAYS,
            "DateTime": ["2026-01-01T00:00:00+08:00", "2028-05-05T01:02:03Z"],
        }
        return luck.choice(choices[kind])

    def object(self, of: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        """A value of an input object: a filter, its operators, or a key of an order."""
        if of.name.endswith("Order"):
            return self.order(of, depth)
        cost = {name: self.cost(field.type) for name, field in of.fields.items()}
        allowed = [name for name in cost if cost[name] <= depth] or list(cost)[:1]
        names = self.luck.sample(allowed, min(len(allowed), self.luck.randint(1, 2)))
        return {name: self.value(of.fields[name].type, self.key_noun(of, name), depth - cost[name]) for name in names}

    def cost(self, of: Any) -> int:
        """How much deeper a field of an input leads: the operators of a value lead no deeper."""
        kind = get_named_type(of)
        return int(isinstance(kind, GraphQLInputObjectType) and "isNull" not in kind.fields and kind.name != "IDFilter")

    def key_noun(self, of: GraphQLInputObjectType, name: str) -> str:
        """What an id in a filter must be of: ids are filtered by the operators of IDFilter, which does not say."""
        if of.name == "IDFilter":
            return self.owner
        if name == "id":
            self.owner = of.name.removesuffix("Filter")
        return name

    def order(self, of: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        """A key of an order."""
        references = [n for n in of.fields if n not in ("field", *ONE_OF_ORDER)]
        name = self.luck.choice(references) if references and depth > 0 and self.luck.random() < 0.3 else "field"
        found = {name: self.value(of.fields[name].type, name, depth - 1)}
        for how in ONE_OF_ORDER:
            if self.luck.random() < 0.4:
                found[how] = self.value(of.fields[how].type, how, 0)
        return found


def written(value: Any, of: Any) -> str:
    """A value in the language of documents."""
    inner = get_nullable_type(of)
    if is_list_type(inner):
        return f"[{', '.join(written(each, inner.of_type) for each in value)}]"
    if isinstance(inner, GraphQLEnumType):
        return str(value)
    if isinstance(inner, GraphQLInputObjectType):
        return f"{{{', '.join(f'{n}: {written(v, inner.fields[n].type)}' for n, v in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
