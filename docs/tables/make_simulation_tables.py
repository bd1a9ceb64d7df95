"""Write the simulation's demographic tables from the publishers' files: `make_simulation_tables.py REFERENCE_FOLDER`."""

import csv
import gzip
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "simulation" / "eldersim" / "data"
GROUPS = [f"{age}-{age + 4}" for age in range(0, 100, 5)] + ["100+"]
OLDEST = ["85-89", "90-94", "95-99", "100+"]


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, header: list[str], lines: list[list[object]]) -> None:
    """One table of the package, with unix line ends."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([header, *lines])


def mortality(folder: Path) -> None:
    """Deaths per person-year: a line a sex and age group, a column a period."""
    found = {
        (row["sex"], row["age_start"], row["period"]): row["mx"] for row in rows(folder / "un_wpp2024_china_mx_5y.csv")
    }
    periods = [f"{year}-{year + 5}" for year in range(2010, 2070, 5)]
    ages = [*(str(age) for age in range(30, 100, 5)), "100+"]
    write(
        "mortality.csv",
        ["sex", "age_from", *periods],
        [
            [sex, age.rstrip("+"), *(found[sex, age, period] for period in periods)]
            for sex in ("male", "female")
            for age in ages
        ],
    )


def population(folder: Path) -> None:
    """The census by sex and age group; its open group 85+ is cut by the shares of the United Nations for 2020."""
    nation = next(row for row in rows(folder / "cn_census2020_county_age_sex.csv.gz") if row["province"] == "全国")
    un = {
        (row["sex"], row["age_group"]): float(row["population_thousand"])
        for row in rows(folder / "un_wpp2019_china_pop_age5_sex_thousands.csv")
        if row["year"] == "2020"
    }
    lines: list[list[object]] = []
    for sex, short in (("male", "m"), ("female", "f")):
        young = [int(nation[f"{short}_0"]) + int(nation[f"{short}_1_4"])]
        young += [int(nation[f"{short}_{age}_{age + 4}"]) for age in range(5, 85, 5)]
        total = sum(un[sex, group] for group in OLDEST)
        old = [round(int(nation[f"{short}_85plus"]) * un[sex, group] / total) for group in OLDEST]
        lines += [[sex, 5 * i, people] for i, people in enumerate([*young, *old])]
    write("population_2020.csv", ["sex", "age_from", "people"], lines)


def projection(folder: Path) -> None:
    """The United Nations' own projection, against which ours is checked."""
    lines: list[list[object]] = []
    for row in rows(folder / "un_wpp2022_china_pop_age5_bothsexes_thousands.csv"):
        year = int(row["year"])
        if row["location_code"] == "156" and 2020 <= year <= 2060 and row["variant"] in ("Estimates", "Medium"):
            lines.append([year, *(sum(int(row[group]) for group in GROUPS[age // 5 :]) for age in (60, 65, 80))])
    write("projection.csv", ["year", "aged_60", "aged_65", "aged_80"], lines)


def disability(folder: Path) -> None:
    """Yearly hazards by single age: onset, recovery, death of the healthy, death of the disabled."""
    names = ["healthy_to_disabled", "disabled_to_healthy", "healthy_to_dead", "disabled_to_dead"]
    lines: list[list[object]] = [
        [row["sex"], row["age"], *(row[f"rate_{name}"] for name in names)]
        for row in rows(folder / "cn_clhls_adl_transition_rates.csv")
        if row["model"] == "static" and int(row["age"]) <= 100
    ]
    write("disability_hazards.csv", ["sex", "age", *names], lines)


if __name__ == "__main__":
    reference = Path(sys.argv[1])
    mortality(reference / "demography")
    population(reference / "demography")
    projection(reference / "demography")
    disability(reference / "disability")
