"""Writes the packaged census table of people aged 60 and over from the county tables of the seventh census."""

import csv
import gzip
import sys
from pathlib import Path

HEADER = """\
# Residents by sex and age, one-person households and households with members aged 65 and over, 2020-11-01 0:00.
# source: seventh national population census, county tables (National Bureau of Statistics), as compiled in leiii/census
# licence: public statistics; facts only
# areas: the nation, and the four cities of the demonstration with their counties as they were in 2020
# trap: Hangzhou's counties are those before the change of 2021; the last age class is open (85 and over)
"""

BANDS = ("60_64", "65_69", "70_74", "75_79", "80_84", "85plus")
CITIES = ("1301", "3301", "4308", "5107")


def kept(row: dict[str, str]) -> bool:
    """The nation's row has no code; the others are the four cities."""
    return row["province"] == "全国" or row["code6"][:4] in CITIES


def main(source: Path, target: Path) -> None:
    """Write one row an area."""
    columns = ["population", "male", "female", "one_person_households", "households_one_65plus"]
    columns += [f"{sex}_{band}" for band in BANDS for sex in "mf"]
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if kept(row)]
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", *columns])
        for row in rows:
            writer.writerow([row["code6"] or "000000", *(row[column] for column in columns)])
    print(f"{len(rows)} areas")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
