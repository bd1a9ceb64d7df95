"""Organisations and their groups as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun, Summary, grouped_by
from eldercare.api.territory import BY_TERRITORY

NOUNS = (
    Noun(
        registry.Organisation,
        "organisations",
        fields=(
            Many("contracts", "OperatingContract", "operator_id", "The facilities it runs.", "运营合同"),
            Many("owned", "Facility", "owner_id", "The facilities it owns.", "所有机构"),
            Many("members", "OrganisationMembership", "group_id", "The organisations that belong to it.", "成员单位"),
            Many("groups", "OrganisationMembership", "member_id", "The groups it belongs to.", "所属集团"),
        ),
        order=("name",),
        place=lambda row, view: row.division_id,
        summary=Summary((grouped_by(registry.Organisation, "kind"), *BY_TERRITORY)),
    ),
    Noun(registry.OrganisationMembership, "organisationMemberships", order=("valid_from",)),
)
