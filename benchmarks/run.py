"""Runs the benchmarks and rewrites their tables in benchmarks/README.md.

    python benchmarks/run.py [bench_device bench_engine bench_twin]

Without names all are run. What a benchmark prints goes between its two markers, `<!-- NAME -->` and `<!-- /NAME -->`;
the text around them is written by hand.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
README = FOLDER / "README.md"


def main() -> None:
    marked = re.findall(r"<!-- (bench_\w+) -->", README.read_text(encoding="utf-8"))
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(marked)}")
    names = arguments.parse_args().names or marked
    for name in names:
        if name not in marked:
            arguments.error(f"{README.name} has no markers for {name!r}: choose from {', '.join(marked)}")
        print(f"{name} ...", flush=True)
        rewrite(name, printed_by(name))


def printed_by(name: str) -> str:
    """What a benchmark prints; its complaints go to the terminal."""
    command = [sys.executable, str(FOLDER / f"{name}.py")]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def rewrite(name: str, table: str) -> None:
    """Put a table between the markers of a benchmark."""
    before, rest = README.read_text(encoding="utf-8").split(f"<!-- {name} -->")
    _, after = rest.split(f"<!-- /{name} -->")
    README.write_text(f"{before}<!-- {name} -->\n\n{table}\n\n<!-- /{name} -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
