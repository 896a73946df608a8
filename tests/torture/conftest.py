"""Torture: a sample of each in every test run, all of it with `make torture`.

`--full` plays every scenario at the length that PROMISES.md speaks of; `--figures FILE` has each
test write down what it counted, a line of JSON each, for `python -m tests.promises`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.ledger.conftest import (  # noqa: F401 - fixtures, for both databases
    engines_of,
    postgresql_url,
    server,
    url,
)

Rounds = Callable[[int, int], int]
Figures = Callable[[str], None]


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """`rounds(sample, full)`: how often something is done in this run."""
    full = request.config.getoption("--full")
    return lambda sample, whole: whole if full else sample


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """`figures("2,000 kills: 0 lost, 0 twice")`: one sentence on what was counted. Once a test."""
    file = request.config.getoption("--figures")

    def note(sentence: str) -> None:
        if file is not None:
            line = json.dumps({"test": request.node.nodeid, "figures": sentence})
            with Path(file).open("a") as lines:  # short lines appended at once do not mix
                lines.write(f"{line}\n")

    return note
