"""The published figures come out of who is who, before anything is written."""

from collections import Counter
from itertools import groupby

from eldercare.demonstration import shijiazhuang, xiaoshan
from eldercare.demonstration.ability import item_scores
from eldercare.demonstration.age import ages_of, birthday, census, full_years
from eldercare.demonstration.luck import Luck
from eldercare.demonstration.xiaoshan_people import roles
from eldercare.registry.membership import GroupCategory
from eldercare.registry.scoring import score

CAST = roles()


def test_xiaoshan_has_the_published_groups() -> None:
    """385, 2,404 and 2,010, with people who are in two of them."""
    poor = sum(GroupCategory.EXTREMELY_POOR in role.groups for role in CAST)
    low = {GroupCategory.DIBAO, GroupCategory.DIBAO_MARGINAL}
    severe = sum(bool(low & {*role.groups}) and GroupCategory.SEVERE_DISABILITY_CERT in role.groups for role in CAST)
    special = sum(GroupCategory.FAMILY_PLANNING_SPECIAL in role.groups for role in CAST)
    assert (poor, severe, special) == (385, 2404, 2010)


def test_xiaoshan_has_the_published_residents_and_beds() -> None:
    """575 residents in 1,649 beds, every nursing bed but three taken."""
    centres = xiaoshan.plan()["centres"]
    assert sum(role.stays for role in CAST) == sum(centre["residents"] for centre in centres) == 575
    assert sum(centre["ordinary"] + centre["nursing"] for centre in centres) == 1649
    assert sum(centre["nursing"] - centre["nursed"] for centre in centres) == 3


def test_nobody_is_extremely_poor_and_on_minimum_living_guarantee() -> None:
    """The two exclude each other."""
    low = {GroupCategory.DIBAO, GroupCategory.DIBAO_MARGINAL}
    assert not any(GroupCategory.EXTREMELY_POOR in role.groups and low & {*role.groups} for role in CAST)


def test_a_few_wait_in_every_kind_of_class() -> None:
    """Two extremely poor people, twelve of other groups, ten who pay."""
    assert Counter(role.waits for role in CAST if role.waits) == {1: 2, 3: 9, 4: 3, 7: 10}


def test_shijiazhuang_institutions_add_up() -> None:
    """54 with 8,000 beds and 159 with 24,916; 15,872 residents, nowhere more than beds."""
    luck = Luck(1)
    beds = shijiazhuang.sizes(luck)
    residents = shijiazhuang.filled(luck, beds)
    assert (len(beds), sum(beds[:54]), sum(beds[54:])) == (213, 8000, 24916)
    assert sum(residents) == 15872
    assert all(people <= size for people, size in zip(residents, beds, strict=True))


def test_kinds_of_institutions_match_their_numbers() -> None:
    """54 public ones first, then 159 private ones."""
    public = [sort.ownership.value in ("GOVERNMENT", "COLLECTIVE", "STATE_ENTERPRISE") for sort in shijiazhuang.sorts()]
    assert [(key, len(list(group))) for key, group in groupby(public)] == [(True, 54), (False, 159)]


def test_the_census_of_xiaoshan() -> None:
    """373,747 people aged 60 and over."""
    row = census()["330109"]
    assert sum(people for name, people in row.items() if name[:2] in ("m_", "f_")) == 373_747


def test_birthdays_make_the_wanted_age() -> None:
    """On the day itself, however the year falls."""
    day, luck = xiaoshan.plan()["day"], Luck(3)
    assert all(full_years(birthday(luck, age, day), day) == age for age in range(60, 107) for _ in range(20))


def test_nobody_is_younger_than_sixty() -> None:
    """The ages of a county begin at 60."""
    assert min(age for _, age in ages_of("330109").values) == 60


def test_item_scores_make_the_wanted_level() -> None:
    """Whatever points are taken away."""
    luck = Luck(5)
    assert all(score(item_scores(level, luck)).level == level for level in range(5) for _ in range(50))
