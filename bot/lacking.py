"""What keeps a report from counting for a key result that its kind feeds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.ledger.recorded import Recorded
from bot.measures import agrees, values_of
from bot.plan.model import Count, Coverage, KeyResult, MeanFloor, Where


@dataclass(frozen=True, slots=True)
class Lack:
    """`elsewhere` are the fields that say something else than what is counted, and what would be;
    `needed` how many municipalities it takes, 0 where there are enough; `empty` are fields that
    would have to be filled in. Nothing at all where the reason is another."""

    key_result: KeyResult
    elsewhere: Where
    needed: int = 0
    empty: tuple[str, ...] = ()


def lack(report: Recorded, key_result: KeyResult, members: Collection[str]) -> Lack:
    measure = key_result.measure
    where: Where = {} if isinstance(measure, Coverage | MeanFloor) else measure.where
    elsewhere = {
        field: values
        for field, values in where.items()
        if not agrees(report.answers, {field: values})
    }
    if not isinstance(measure, Count):
        return Lack(key_result, elsewhere)
    enough = len({*report.members} & {*members}) >= measure.min_members
    empty = tuple(field for field in measure.filled if not values_of(report.answers, field))
    return Lack(key_result, elsewhere, 0 if enough else measure.min_members, empty)


def nearest(lacks: Iterable[Lack]) -> tuple[Lack, ...]:
    """Those that the report comes closest to: a workshop on service is not about I2 at all."""
    every = tuple(lacks)
    least = min((len(each.elsewhere) for each in every), default=0)
    return tuple(each for each in every if len(each.elsewhere) == least)
