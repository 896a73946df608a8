"""PROMISES.md: each promise with the test that proves it and the figures of the last full run.

    python -m tests.promises FILE

puts the figures that a run with `--figures FILE` has noted into the page. The promises themselves
are written by hand; `tests/test_docs.py` holds that every test they name exists.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parent.parent / "PROMISES.md"
ROW = re.compile(
    r"^\| (?P<promise>.+?) \| `(?P<test>tests/[^`]+)` \| (?P<figures>.*?) ?\|$", re.MULTILINE
)
"""A row of the page: promise, test (a node id, without parameters), figures."""


def with_figures(page: str, noted: Mapping[str, list[str]]) -> str:
    """The page with new figures for the tests that were run; the other rows stay as they are."""

    def renewed(row: re.Match[str]) -> str:
        found = noted.get(row["test"])
        figures = "<br>".join(found) if found else row["figures"]
        return f"| {row['promise']} | `{row['test']}` | {figures} |"

    return ROW.sub(renewed, page)


def noted_in(lines: str) -> dict[str, list[str]]:
    """By test: its figures, those of each parameter with the parameter before them."""
    found: dict[str, list[str]] = {}
    for line in sorted(set(lines.splitlines())):
        note = json.loads(line)
        test, _, parameter = note["test"].partition("[")
        told = f"{parameter.rstrip(']')}: {note['figures']}" if parameter else note["figures"]
        found.setdefault(test, []).append(told)
    return found


if __name__ == "__main__":
    PAGE.write_text(with_figures(PAGE.read_text(), noted_in(Path(sys.argv[1]).read_text())))
