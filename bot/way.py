"""The way from baseline to target: how much of it is behind, expected by now, and still to go."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.calendar import Period
from bot.measures import Amount, Measured
from bot.pace import Forecast, decimal, expected_share, forecast_of, needed_per_month
from bot.plan.model import (
    ROLLING,
    Count,
    Coverage,
    Direction,
    Distinct,
    KeyResult,
    Stages,
    Sum,
)

WHOLE = (Count, Coverage, Distinct, Stages)
"""The measures that count whole things."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way from baseline to target over the days of `frame`, looked at on `day`."""

    key_result: KeyResult
    frame: Period
    day: date
    target: Decimal | None

    @property
    def held(self) -> bool:
        """Whether the target is to be held, and not climbed to."""
        return self.key_result.direction is Direction.MAINTAIN

    @property
    def whole(self) -> bool:
        return isinstance(self.key_result.measure, WHOLE)

    @property
    def lasting(self) -> bool:
        """Whether time alone cannot unmake what has been reached."""
        measure = self.key_result.measure
        if self.key_result.period == ROLLING:
            return False
        if isinstance(measure, Coverage):
            return not any(need.latest for need in measure.requirements)
        return self.whole or (isinstance(measure, Sum) and not measure.growth)

    @property
    def start(self) -> Fraction:
        return Fraction(0) if self.held else Fraction(self.key_result.baseline)

    @property
    def done(self) -> Fraction:
        """The share of the way that should be behind us."""
        if self.held:
            return Fraction(1)
        return expected_share(self.key_result.steps, self.frame, self.day)

    def share(self, value: Amount | None) -> Decimal | None:
        if self.target is None or value is None:
            return None
        return decimal((Fraction(value) - self.start) / (Fraction(self.target) - self.start))

    def expected(self, found: Measured) -> Decimal | None:
        if self.target is None:
            return Decimal(found.parts[0].have) if found.parts else None
        return decimal(self.start + (Fraction(self.target) - self.start) * self.done)

    def forecast(self, value: Amount | None) -> Forecast | None:
        adds_up = isinstance(self.key_result.measure, Count | Distinct | Stages) and self.lasting
        if not adds_up or self.held:
            return None
        return forecast_of(int(value or 0), self.done, self.frame, self.day)

    def needed(self, value: Amount | None) -> Decimal | None:
        adds_up = self.whole or isinstance(self.key_result.measure, Sum)
        if not adds_up or self.key_result.direction is not Direction.RISING:
            return None
        if self.target is None or value is None:
            return None
        return needed_per_month(Fraction(self.target) - Fraction(value), self.frame, self.day)
