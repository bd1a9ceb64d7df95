"""The page `docs/access-table.md`: the policy as people read it, a row a role and a row a kind of field."""

from typing import Any

import yaml

from eldercare.security.policy import Sight, policy, text
from eldercare.security.principal import Role

WORDS = {
    Sight.CLEAR: "clear",
    Sight.MASKED: "masked",
    Sight.INITIALS: "initials",
    Sight.COUNTED: "counted",
    Sight.LARGE: "unless few",
    Sight.HIDDEN: "–",
    Sight.ASSIGNED: "if assigned",
    Sight.PAYER: "if public money pays",
    Sight.OPEN: "while an order is open",
    Sight.LISTED: "if listed",
}
BLOCKS = ("scopes", "reveals", "searches", "writes", "groups", "public_payers", "masks", "compound_surnames")


def page(note: str) -> str:
    """The whole page."""
    table: dict[str, Any] = yaml.safe_load(text())
    roles = [role for role in Role if role is not Role.SYSTEM]
    parts = ["# Who may see and do what", note, "[access.md](access.md) says what the words mean.", "", "## Scope", ""]
    parts += ["| role | people | counts of people | other records | records about people |", "|---|---|---|---|---|"]
    for role in roles:
        each = policy().of(role)
        nouns = "all" if each.nouns is None else ", ".join(sorted(each.nouns))
        parts.append(f"| `{role}` | {each.people} | {each.counts} | {each.facilities} | {nouns} |")
    parts += ["", "## Fields", "", "| kind | " + " | ".join(f"`{role}`" for role in roles) + " |"]
    parts.append("|---" * (len(roles) + 1) + "|")
    for kind in policy().of(Role.SYSTEM).sights:
        seen = " | ".join(WORDS[policy().of(role).sights[kind]] for role in roles)
        parts.append(f"| `{kind}` | {seen} |")
    parts += [
        "",
        "## Writes, reveals and searches",
        "",
        "| role | writes | reveals | exact search |",
        "|---|---|---|---|",
    ]
    parts += [_doing(role) for role in roles]
    parts += ["", "## Where it comes from", "", "| what | source | confidence |", "|---|---|---|"]
    parts += [f"| {name} | {table[name]['source']} | {table[name]['confidence']} |" for name in BLOCKS]
    for kind, block in table["sights"]["kinds"].items():
        parts.append(f"| `{kind}` | {block['source']} | {block['confidence']} |")
    return "\n".join([*parts, ""])


def _doing(role: Role) -> str:
    each = policy().of(role)
    named = ", ".join(sorted(each.but if each.only is None else each.only)) or "–"
    writes = f"all but {named}" if each.only is None else named
    reveals = ", ".join(sorted(each.reveals)) or "–"
    return f"| `{role}` | {writes} | {reveals} | {'yes' if each.searches else '–'} |"
