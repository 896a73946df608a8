"""What a benchmark says: rows, and the table that is made of them."""

import os
import platform
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from importlib.metadata import version

from benchmarks.rounds import Pair

LIBRARIES = ("slack-bolt", "starlette", "uvicorn", "sqlalchemy", "psycopg", "pydantic")
HEADING = ("What", "Brobot", "The floor", "Of the floor", "Aim", "Met")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured, in words that are ready to be shown."""

    what: str
    value: str
    floor: str
    """What the same work costs at the least, measured in the same run; "–" where there is none."""
    ratio: str
    aim: str
    met: bool


def rate(what: str, pair: Pair, floor: str, least: float) -> Row:
    """Something done so many times a second, of which the floor's `least` share is aimed at."""
    return Row(
        what=what,
        value=f"{pair.subject:,.0f}/s",
        floor=f"{pair.floor:,.0f}/s ({floor})",
        ratio=f"{pair.ratio:.0%}",
        aim=f"≥ {least:.0%} of the floor",
        met=pair.ratio >= least,
    )


def table(rows: Iterable[Row]) -> str:
    """In Markdown."""
    lines = [HEADING, ("---",) * len(HEADING), *(_cells(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    *words, met = astuple(row)
    return (*words, "yes" if met else "**no**")


def surroundings(today: date) -> str:
    """When and on what it was measured."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{today}, {python}, {os.cpu_count()} cores, {libraries}"
