"""Writes the packaged table of divisions from a list with code, level, name and parent."""

import csv
import gzip
import io
import sys
from pathlib import Path

HEADER = """\
# Administrative divisions of China: every province, prefecture and county, and every town and village of
# Hangzhou 3301, Mianyang 5107, Shijiazhuang 1301 and Zhangjiajie 4308.
# source: National Bureau of Statistics of China, statistical division codes (cut-off 2023-06-30),
#         as compiled in china-division 2.7.0
# licence: public statistical codes; the compilation is MIT / WTFPL
# cut-off: 2023-06-30; when a division came into being is not stated, see division_history.csv
# trap: a code is not unique across levels (Dongguan, Zhongshan, Danzhou): the key is level and code
"""

LEVELS = {"1": 2, "2": 4, "3": 6, "4": 9, "5": 12}
"""Significant digits of a code at each level; the rest are zeros."""


def shortened(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """Level, significant digits and name of every division; the parent follows from the digits, which is checked."""
    known = {(row["level"], row["code"]) for row in rows}
    written = []
    for row in sorted(rows, key=lambda row: (row["level"], row["code"])):
        above = str(int(row["level"]) - 1)
        parent = row["code"][: LEVELS[above]].ljust(12, "0") if above in LEVELS else ""
        if parent != row["parent_code"] or (parent and (above, parent) not in known):
            raise SystemExit(f"the parent of {row['code']} does not follow from its digits")
        written.append((row["level"], row["code"][: LEVELS[row["level"]]], row["name"]))
    return written


def main(source: Path, target: Path) -> None:
    """Write the table; the same input gives the same bytes."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = shortened(list(csv.DictReader(file)))
    text = io.StringIO()
    text.write(HEADER)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("level", "digits", "name"))
    writer.writerows(rows)
    target.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{len(rows)} divisions, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
