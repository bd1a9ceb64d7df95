"""A city the size of Shijiazhuang for benchmarks: 213 institutions, 32,916 beds, 15,872 residents, 1.8 million older people.

Totals are those the city published; how they are spread over institutions is drawn once and is not the real city.
"""

from datetime import date

import numpy as np

from eldersim.ability import fitted
from eldersim.baseline import Applicant, Baseline, Division, Facility, Place, Resident
from eldersim.demography import from_bands
from eldersim.parameters import standard
from eldersim.population import national_bands

COUNTIES, HOMES, PUBLIC = 20, 213, 54
PUBLIC_BEDS, PRIVATE_BEDS, RESIDENTS, ELDERLY = 8_000, 24_916, 15_872, 1_765_000
TYPES = ("ORDINARY", "NURSING", "DEMENTIA")
SHARES = (0.62, 0.28, 0.10)
FILLED = (0.36, 0.70, 0.70)


def city(scale: int = 1) -> Baseline:
    """The city, or one so many times as large."""
    luck = np.random.Generator(np.random.Philox(42))
    counties, homes = COUNTIES * scale, HOMES * scale
    weights = luck.gamma(2.0, 1.0, counties)
    weights /= weights.sum()
    where = luck.choice(counties, homes, p=weights)
    where[:counties] = np.arange(counties)
    public = np.zeros(homes, bool)
    public[luck.permutation(homes)[: PUBLIC * scale]] = True
    beds = np.zeros(homes, int)
    for chosen, total in ((public, PUBLIC_BEDS * scale), (~public, PRIVATE_BEDS * scale)):
        beds[chosen] = _split(total, luck.lognormal(0, 0.6, int(chosen.sum())))
    places = [
        Place(f"H{h}", kind, int(n))
        for h in range(homes)
        for kind, n in zip(TYPES, _split(int(beds[h]), SHARES), strict=True)
    ]
    filled = _split(RESIDENTS * scale, [place.licensed * FILLED[TYPES.index(place.bed_type)] for place in places])
    stayed = luck.exponential(700, RESIDENTS * scale).astype(int)
    levels = luck.choice(5, RESIDENTS * scale, p=[0.25, 0.25, 0.2, 0.2, 0.1])
    residents, at = [], 0
    for place, number in zip(places, filled, strict=True):
        for _ in range(min(int(number), place.licensed)):
            level = int(levels[at]) if place.bed_type != "ORDINARY" else int(min(levels[at], 2))
            residents.append(Resident(place.facility, place.bed_type, int(stayed[at]), level))
            at += 1
    waiting = tuple(
        Applicant(int(d), 8, 3, bed_type="NURSING", division=f"D{d % counties}")
        for d in luck.integers(1, 300, 100 * scale)
    )
    divisions = tuple(
        Division(f"D{c}", near=tuple(f"D{(c + k) % counties}" for k in (1, 2, 3))) for c in range(counties)
    )
    facilities = tuple(Facility(f"H{h}", f"D{where[h]}", public=bool(public[h])) for h in range(homes))
    return Baseline(
        "Shijiazhuang",
        date(2020, 1, 1),
        divisions,
        facilities,
        tuple(places),
        tuple(residents),
        waiting,
        people(weights * scale),
    )


def people(weights: np.ndarray):
    """The older people of the counties, as in the nation by age and sex; 1.5 % are extremely poor."""
    nation = {sex: {age: n for age, n in national_bands(sex).items() if age >= 60} for sex in ("male", "female")}
    whole = sum(sum(each.values()) for each in nation.values())
    bands = {
        f"D{c}": {sex: {age: n / whole * ELDERLY * float(w) for age, n in each.items()} for sex, each in nation.items()}
        for c, w in enumerate(weights)
    }
    return from_bands(bands, fitted(standard()), year=2020, group_shares={"OTHER": 0.985, "EXTREMELY_POOR": 0.015})


def _split(total: int, weights) -> list[int]:
    """A whole number over parts, by largest remainders."""
    given = np.asarray(weights, float)
    exact = total * given / given.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]] += 1
    return whole.tolist()
