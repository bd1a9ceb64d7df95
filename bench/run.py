"""Runs the measurements one after another, or those that are named: reads, hostile, simulation."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = ("reads", "hostile", "simulation")


def main() -> int:
    """Run them in processes of their own, so that none warms another's caches; gives the first failure's code."""
    wanted = sys.argv[1:] or PROGRAMS
    if unknown := set(wanted) - set(PROGRAMS):
        print(
            f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(PROGRAMS)}.", file=sys.stderr
        )
        return 2
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        code = subprocess.run([sys.executable, HERE / f"{name}.py"], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
