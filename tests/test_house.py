"""The house rules that no linter knows."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.gathering import gathering
from bot.reports import kinds

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules", "playground")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
CLOCK = re.compile(r"datetime\.now|datetime\.utcnow|date\.today|time\.time\(\)")


def test_the_clock_is_read_in_one_file_only():
    reading = {path.name for path in SOURCES if CLOCK.search(path.read_text())}
    assert reading == {"clock.py"}


@pytest.mark.parametrize("word", ["Örebro", "Kumla", "Hallsberg", "businessregion", "Smart move"])
def test_nothing_about_one_network_is_in_the_code(word):
    """It stands in the plan file. Only a report's example to copy may name municipalities."""
    examples = {kind.wording.example for kind in kinds().values()}
    saying = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.parent.name != "playground"
        if any(word in text for text in said_in(path) if text not in examples)
    }
    assert saying == set()


@cache
def said_in(path: Path) -> list[str]:
    """The texts in a file that are not docstrings."""
    # What the collector runs meanwhile may parse, too, and CPython then counts its depth wrongly:
    # https://github.com/python/cpython/issues/106905
    with gathering():
        tree = ast.parse(path.read_text())
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in statements
    ]


def test_no_page_reads_for_itself_what_was_reported():
    """What may be said of a report is decided in the masking alone."""
    saying = (ROOT / "bot" / "say").glob("*.py")
    reading = {p.name for p in saying if re.search(r"\.answers\b|\.ending\.why", p.read_text())}
    assert reading == set()


def test_no_file_has_grown_past_what_one_subject_needs():
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}
