"""The policy as it was declared: for each role whose records it sees, how it sees each kind of field, what it may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from eldercare.security.principal import Principal, Role
from eldercare.security.privacy import Privacy


class Scope(StrEnum):
    """Whose records a role sees."""

    NOBODY = "NOBODY"
    DIVISION = "DIVISION"
    """Who lives or is registered in the viewer's division, or what lies there."""
    FACILITY = "FACILITY"
    """Who lives in the viewer's facilities or was offered a place there."""
    ORDERS = "ORDERS"
    """Whom the viewer's organisation serves by an order."""
    CALLS = "CALLS"
    """Who called or for whom somebody called."""
    SCHEMES = "SCHEMES"
    """Who gets money from the viewer's schemes."""
    ORGANISATION = "ORGANISATION"
    """What the viewer's organisation did."""
    EVERYTHING = "EVERYTHING"


class Sight(StrEnum):
    """How a field is seen."""

    CLEAR = "C"
    MASKED = "M"
    INITIALS = "I"
    COUNTED = "N"
    """Only in summaries: to filter and group what is counted."""
    LARGE = "L"
    """Counts of people where they are not small; nothing of a small one enters a sum."""
    HIDDEN = "-"
    ASSIGNED = "ASSIGNED"
    """Clear for somebody to whom special families are assigned."""
    PAYER = "PAYER"
    """Clear of people for whose stay in the viewer's facility public money pays."""
    OPEN = "OPEN"
    """Clear while an order of the viewer's organisation is open, masked afterwards."""
    LISTED = "LISTED"
    """Clear where the partner's contract lists the field."""


@dataclass(frozen=True)
class Rights:
    """What one role sees and does."""

    role: Role
    people: Scope
    counts: Scope
    facilities: Scope
    nouns: frozenset[str] | None
    """The records about people that it sees at all; None is all."""
    sights: Mapping[Privacy, Sight]
    reveals: frozenset[Privacy]
    searches: bool
    only: frozenset[str] | None
    """The nouns and commands it may write; None is all but those in `but`."""
    but: frozenset[str]

    def reads(self, noun: str) -> bool:
        """Whether it sees records of a noun about people."""
        return self.nouns is None or noun in self.nouns

    def writes(self, name: str) -> bool:
        """Whether it may write a noun, or carry out a command, of this name."""
        return name not in self.but if self.only is None else name in self.only


@dataclass(frozen=True)
class Policy:
    """The whole table."""

    rights: Mapping[Role, Rights]
    groups: Mapping[str, Privacy]
    """What a membership of a group tells, where that is more than `PERSONAL`."""
    public_payers: tuple[str, ...]
    identity_head: int
    phone: tuple[int, int]
    compound_surnames: tuple[str, ...]

    def of(self, role: Role) -> Rights:
        """What a role sees and does."""
        return self.rights[role]


def sight(principal: Principal, rights: Rights, kind: Privacy, field: str = "") -> Sight:
    """How somebody sees a kind of field; `field` as "Person.name" decides for partners. Only PAYER and OPEN depend on the row."""
    found = rights.sights[kind]
    if found is Sight.ASSIGNED:
        return Sight.CLEAR if principal.special_family else Sight.HIDDEN
    if found is Sight.LISTED:
        return Sight.CLEAR if field in principal.fields else Sight.HIDDEN
    return found


@cache
def policy() -> Policy:
    """The table of the package, read and checked once."""
    return read(yaml.safe_load(text()))


def text() -> str:
    """The table as its file says it."""
    return (files("eldercare.security") / "data" / "policy.yaml").read_text(encoding="utf-8")


def read(table: Mapping[str, Any]) -> Policy:
    """A policy from its table; one that is incomplete or breaks the joint rule is a `ValueError` that names the place."""
    sourced(table)
    sights = _sights(table["sights"])
    rights = {role: _rights(table, role, sights[role]) for role in Role}
    masks = table["masks"]
    joint_rule(masks, rights)
    groups = {name: Privacy[kind] for kind, names in table["groups"]["kinds"].items() for name in names}
    return Policy(
        rights,
        groups,
        tuple(table["public_payers"]["payers"]),
        masks["identity"]["head"],
        (masks["phone"]["head"], masks["phone"]["tail"]),
        tuple(dict.fromkeys(table["compound_surnames"]["names"])),
    )


def sourced(table: Mapping[str, Any]) -> None:
    """Every block says where it comes from and how sure that is."""
    blocks = {name: block for name, block in table.items() if name != "sights"}
    blocks |= {f"sights.{kind}": block for kind, block in table["sights"]["kinds"].items()}
    for name, block in blocks.items():
        if not block.get("source") or block.get("confidence") not in ("stated", "read", "proposal"):
            raise ValueError(f"{name}: say its source, and its confidence as stated, read or proposal.")


def _sights(block: Mapping[str, Any]) -> dict[Role, dict[Privacy, Sight]]:
    order = [Role(name) for name in block["order"]]
    if len(order) != len(Role) or set(order) != set(Role):
        raise ValueError("sights.order: name every role once.")
    found: dict[Role, dict[Privacy, Sight]] = {role: {} for role in order}
    for kind in Privacy:
        if kind.value not in block["kinds"]:
            raise ValueError(f"sights.kinds: nothing says who sees {kind.value}; add a row.")
        seen = block["kinds"][kind.value]["seen"].split()
        if len(seen) != len(order):
            raise ValueError(f"sights.kinds.{kind.value}: {len(seen)} sights for {len(order)} roles.")
        for role, each in zip(order, seen, strict=True):
            found[role][kind] = Sight(each)
    unknown = set(block["kinds"]) - {kind.value for kind in Privacy}
    if unknown:
        raise ValueError(f"sights.kinds: {', '.join(sorted(unknown))} is no kind of privacy.")
    return found


def _rights(table: Mapping[str, Any], role: Role, sights: Mapping[Privacy, Sight]) -> Rights:
    scopes, writes = table["scopes"]["roles"].get(role.value), table["writes"]["roles"].get(role.value)
    if scopes is None or writes is None:
        raise ValueError(f"scopes and writes must name {role.value}.")
    reveals = table["reveals"]["roles"].get(role.value, ())
    return Rights(
        role,
        Scope(scopes["people"]),
        Scope(scopes["counts"]),
        Scope(scopes["facilities"]),
        None if scopes["nouns"] == "ALL" else frozenset(scopes["nouns"]),
        sights,
        frozenset(Privacy(kind) for kind in reveals),
        role.value in table["searches"]["roles"],
        frozenset(writes["only"]) if "only" in writes else None,
        frozenset(writes.get("but", ())),
    )


def joint_rule(masks: Mapping[str, Any], rights: Mapping[Role, Rights]) -> None:
    """At most six leading characters of a number are shown, and no tail beside a birth date or an age."""
    head, tail = masks["identity"]["head"], masks["identity"]["tail"]
    if not 0 <= head <= 6:
        raise ValueError(f"masks.identity.head is {head}: at most the first 6 characters of a number may be shown.")
    for role, each in rights.items():
        exact = any(each.sights[kind] not in (Sight.HIDDEN, Sight.COUNTED) for kind in (Privacy.BIRTH, Privacy.AGE))
        if tail and exact and each.sights[Privacy.IDENTITY] is Sight.MASKED:
            raise ValueError(
                f"masks.identity.tail: {role.value} sees a birth date or an age beside the tail of a number."
            )
    if tail:
        raise ValueError(
            "masks.identity.tail: the tail of a number is kept nowhere in the clear, so it cannot be shown."
        )
