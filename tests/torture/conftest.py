"""Torture: a sample of each in every test run, all of it with `make torture`.

`--full` plays every scenario at the length that PROMISES.md speaks of; `--figures FILE` has each
test write down what it counted, a line of JSON each, for `python -m tests.promises`.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

import pytest

from tests.bot.ledger.conftest import (  # noqa: F401 - fixtures, for both databases
    engines_of,
    postgresql_url,
    server,
    url,
)

Rounds = Callable[[int, int], int]
Figures = Callable[[str], None]
T = TypeVar("T")


class Share(Protocol):
    def __call__(self, several: Sequence[T], sample: int, full: int) -> list[T]: ...


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """`rounds(sample, full)`: how often something is done in this run."""
    full = request.config.getoption("--full")
    return lambda sample, whole: whole if full else sample


@pytest.fixture
def share(url: str, rounds: Rounds) -> Share:  # noqa: F811 - that fixture is meant
    """`share(several, sample, full)`: one in so many of them, half on each database; drawn by lot,
    since every other one may be all of one sort."""

    def drawn(several: Sequence[T], sample: int, full: int) -> list[T]:
        tried = Random(20).sample(several, -(-len(several) // rounds(sample, full)))
        return tried[url.startswith("postgresql") :: 2]

    return drawn


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
