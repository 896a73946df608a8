"""What stands in the digest's picture, to be drawn where it is delivered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One key result. Shares are of the target, 0–1; `expected` is where the pace wants it."""

    label: str
    share: float
    expected: float | None
    value: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    legend: str
    bars: tuple[Bar, ...]
