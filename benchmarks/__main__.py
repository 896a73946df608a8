"""The command line: `python -m benchmarks [name…] [--write]`."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import benchmarks
from benchmarks.rows import Row, surroundings, table
from bot.clock import system_clock
from bot.gathering import settle

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """# How fast Brobot is

Each row sets Brobot beside a floor: the least that the same work can cost with the same parts, \
measured in turns with it in the same run. `make bench` renews the page; it takes some minutes.

"""

Measure = Callable[[float], Iterator[Row]]


def found() -> Mapping[str, Measure]:
    """Every module of this folder that can measure, by name. A benchmark's `measure` takes the
    scale: 1 for its full length, less for a quick look."""
    names = (info.name for info in iter_modules(benchmarks.__path__) if info.name != "__main__")
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: m.measure for name, m in modules.items() if hasattr(m, "measure")}


def main() -> None:
    known = found()
    parser = argparse.ArgumentParser("benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--scale", type=float, default=1.0, help="1: full length")
    parser.add_argument("--write", action="store_true", help=f"put all of it into {RESULTS.name}")
    options = parser.parse_args()
    if strangers := set(options.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(strangers))}")
    if options.write and (options.names or options.scale != 1):
        parser.error("--write is for a full run of all")
    settle()  # as the processes that stay do
    rows = [row for name in options.names or known for row in known[name](options.scale)]
    page = f"{surroundings(system_clock().date())}\n\n{table(rows)}"
    print(page)
    if options.write:
        RESULTS.write_text(HEAD + page)


if __name__ == "__main__":
    main()
