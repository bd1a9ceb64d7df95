"""Writes the packaged tables of published figures and of their derived checks from the annotated list of figures."""

import csv
import re
import sys
from pathlib import Path
from typing import Any

import yaml

SOURCES = {
    "xs": ("330109", "Xiaoshan District Civil Affairs Bureau 杭州市萧山区民政局", "2020-05-19"),
    "my": ("510700", "Mianyang City 绵阳市, on home and community care", "2018-10-12"),
    "sjz": ("130100", "Shijiazhuang City 石家庄市, on home and community care", "2018-09-27"),
    "zjj": ("430800", "Zhangjiajie City 张家界市, report of a field visit", ""),
    "mca": ("000000", "Ministry of Civil Affairs 民政部, notice 民办发〔2020〕39号", "2020-12-28"),
}
"""For each text: division of its figures, publisher, and date of publication where it is known."""

QUALITY = {
    "IMPLAUSIBLE": "IMPLAUSIBLE",
    "AMBIGUOUS": "AMBIGUOUS",
    "UNIT_AMBIGUOUS": "AMBIGUOUS",
    "BASE_YEAR": "AMBIGUOUS",
    "NO_DENOMINATOR": "INCOMPLETE",
    "YEAR_UNKNOWN": "INCOMPLETE",
}
"""What a remark on a figure says about how far it can be trusted; other remarks leave it REPORTED."""

PERIODS = {
    **dict.fromkeys(("sjz_elderly", "sjz_ageing_rate", "sjz_above_national"), "2017-01-01"),
    **dict.fromkeys(("sjz_subsidised_persons", "sjz_services", "sjz_services_amount"), "2017"),
}
"""What a figure is about in time when that is not the year of publication."""

WORDING = (
    (r"\s*\((?:URL )?read[^)]*\)", ""),
    (r"\s*\((?:brief/)?memory\)", " (not verified)"),
    (r"\bseed\b", "text"),
    (r"tellerreport\.com URL dated", "reprint dated"),
    (r"; not found in the search corpora", ""),
    (r" See check (\w+)\.", r" See \1."),
    (r"Load with quality=IMPLAUSIBLE, exclude from indicators\.", "It is kept out of every indicator."),
    (r"; do not load as a computed indicator", "; it is no computed indicator"),
    (r" Store month/day only, quality=INCOMPLETE\.", " Only month and day are known."),
    (r"^Store as text\. ", "A number to dial, not to compute with. "),
    (r" A parser must not read it as a date\.", ""),
    (r" Division table must allow functional zones", " The divisions hold functional zones"),
    (
        r"Store the label as reported; do not map to GB/T 42195 level 3\.",
        "The label is kept as reported and not mapped to a level of GB/T 42195.",
    ),
    (r" Do not model\.", ""),
    (r"Flag the base year\.", "The base year is uncertain."),
    (r" Report deduplicated and by-category separately\.", " Both ways of counting are shown."),
    (
        r" Keep unit as reported \(persons\); report both distinct persons and episodes\.",
        " The unit is kept as reported.",
    ),
    (
        r" The platform must keep entitlement, credit \(recharge\) and consumption apart\.",
        " Entitlement, credit and consumption are three separate facts.",
    ),
)
"""The remarks were written while reading; these turns of phrase are put into the words of a table's note."""

HEADER = """\
# Every figure of five published texts of 2018 to 2020, corrected where the text or its translation is plainly wrong.
# sources: Xiaoshan District Civil Affairs Bureau (2020-05-19), Mianyang City (2018-10-12), Shijiazhuang City (2018-09-27),
#          Zhangjiajie City (6 December, year unknown), Ministry of Civil Affairs notice 民办发〔2020〕39号 (2020-12-28)
# licence: facts; each quotation is at most fifteen words
# value: the corrected value; reported: what the text prints when it differs
"""

CHECKS = """\
# Arithmetic between the published figures: an expression over their ids, its result, and whether it meets what the text says.
# inputs: outside figures the expression needs, as name=value, with their source in the note
# verdict: consistent, inconsistent, implausible, plausibility, informative; holds: whether the result meets `expected`
"""


def note(row: dict[str, Any]) -> str:
    """The remark on one line."""
    text = " ".join(row.get("note", "").split())
    for pattern, replacement in WORDING:
        text = re.sub(pattern, replacement, text)
    return text


def figure(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """One row of the table of figures."""
    text = row["id"].split("_")[0]
    division, publisher, published = SOURCES[text]
    value = row["value"]
    numeric = isinstance(value, int | float)
    return {
        "id": row["id"],
        "en": names[row["id"]],
        "zh": row["zh"],
        "division": division,
        "period": PERIODS.get(row["id"], published[:4]),
        "published": published,
        "publisher": publisher,
        "value": value if numeric else "",
        "text": "" if numeric or value is None else value,
        "unit": row["unit"],
        "qualifier": row["qualifier"],
        "kind": row["kind"],
        "quality": QUALITY.get(row.get("flag", ""), "REPORTED"),
        "flag": row.get("flag", ""),
        "reported": row.get("value_as_reported", ""),
        "quote": row["quote"],
        "note": note(row),
    }


def check(row: dict[str, Any]) -> dict[str, Any]:
    """One row of the table of checks."""
    inputs = " ".join(f"{name}={value}" for name, value in row.get("external_inputs", {}).items())
    plain = ("id", "expr", "result", "unit", "verdict", "expected", "tolerance")
    return {
        **{key: row.get(key, "") for key in plain},
        "holds": {True: "yes", False: "no", None: ""}[row.get("holds")],
        "inputs": inputs,
        "note": note(row),
    }


def write(target: Path, header: str, rows: list[dict[str, Any]]) -> None:
    """Write a table with its header lines."""
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(header)
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{target.name}: {len(rows)} rows")


def main(source: Path, folder: Path) -> None:
    """Write both tables into a folder."""
    listed = yaml.safe_load(source.read_text("utf-8"))
    with (Path(__file__).parent / "figure_names.csv").open(encoding="utf-8", newline="") as file:
        names = {row["id"]: row["en"] for row in csv.DictReader(file)}
    write(folder / "figures.csv", HEADER, [figure(row, names) for row in listed["figures"]])
    write(folder / "checks.csv", CHECKS, [check(row) for row in listed["checks"]])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
