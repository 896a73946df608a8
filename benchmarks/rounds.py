"""Measuring two things side by side, so that a noisy machine bothers both alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Measured = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians over the rounds; `ratio` is the median of each round's own subject / floor."""

    floor: float
    subject: float
    ratio: float


def side_by_side(rounds: int, floor: Measured, subject: Measured) -> Pair:
    """Floor and subject in turns, and each of them first every other time."""
    floors, subjects = [], []
    for number in range(rounds):
        if number % 2:
            subjects.append(subject())
            floors.append(floor())
        else:
            floors.append(floor())
            subjects.append(subject())
    ratios = [one / other for one, other in zip(subjects, floors, strict=True)]
    return Pair(median(floors), median(subjects), median(ratios))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0–1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def at_least(scale: float, whole: int, least: int = 1) -> int:
    """So much of `whole` as a run of this scale does."""
    return max(least, round(whole * scale))
