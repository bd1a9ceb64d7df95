"""From the claims of an issuer to a principal: which claim says what is a setting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eldercare.security.oidc import BadToken
from eldercare.security.principal import Principal, Role

CLAIMS = {
    "id": "sub",
    "role": "eldercare_role",
    "division": "eldercare_division",
    "facilities": "eldercare_facilities",
    "organisation": "eldercare_organisation",
    "schemes": "eldercare_schemes",
    "special_family": "eldercare_special_family",
    "fields": "eldercare_fields",
    "scopes": "scope",
}
"""The claim that says each thing, unless the setting oidc_claims names another; a dot leads into an object."""

Find = Callable[[str, str], int | None]
"""The key of a record from its noun and what the claim calls it: a division's code, or an id of the API."""


@dataclass(frozen=True)
class Mapper:
    """Reads claims; role names of the issuer are translated by `roles`."""

    find: Find
    claims: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    prefix: str = "oidc:"

    def principal(self, given: Mapping[str, Any]) -> Principal:
        """The principal whom proved claims describe; `BadToken` when they describe none."""
        division = self._one(given, "division", "Division")
        organisation = self._one(given, "organisation", "Organisation")
        return Principal(
            self.prefix + str(self._claim(given, "id"))[:100],
            self._role(self._claim(given, "role")),
            division,
            self._several(given, "facilities", "Facility"),
            organisation,
            self._several(given, "schemes", "SubsidyScheme"),
            self._claim(given, "special_family") is True,
            frozenset(_words(self._claim(given, "fields"))),
            frozenset(_words(self._claim(given, "scopes"))),
        )

    def _claim(self, given: Mapping[str, Any], name: str) -> Any:
        found: Any = given
        for part in self.claims.get(name, CLAIMS[name]).split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def _role(self, named: Any) -> Role:
        """The role; of several the first that is known. Nobody from outside is the operator's own program."""
        for name in _words(named):
            try:
                role = Role(self.roles.get(name, name))
            except ValueError:
                continue
            if role is not Role.SYSTEM:
                return role
        raise BadToken("TOKEN_ROLE", "The token names no role of this registry.")

    def _one(self, given: Mapping[str, Any], name: str, noun: str) -> int | None:
        value = self._claim(given, name)
        return None if value in (None, "") else self._found(noun, str(value))

    def _several(self, given: Mapping[str, Any], name: str, noun: str) -> tuple[int, ...]:
        return tuple(sorted(self._found(noun, each) for each in _words(self._claim(given, name))))

    def _found(self, noun: str, called: str) -> int:
        key = self.find(noun, called)
        if key is None:
            raise BadToken("TOKEN_SCOPE", f"The token names a {noun} that the registry does not have.")
        return key


def _words(value: Any) -> list[str]:
    """A list of texts, or a text of words; anything else is none."""
    if isinstance(value, str):
        return value.split()
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
