"""What a week's digest is about, as facts. The same week gives the same facts for ever."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.calendar import Period, Week
from bot.duties import NOTHING, Owed, owed, silent_members
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Case, cases
from bot.plan.model import Duty, Plan
from bot.standing import Correction, Standing, corrections, standing

DUE_SOON = timedelta(days=21)
"""How long before its due date a missing report is mentioned."""


@dataclass(frozen=True, slots=True)
class Published:
    """One digest: the week it is about and the moment whose knowledge it shows."""

    week: Week
    as_of: datetime
    skipped: tuple[Week, ...] = ()
    """Weeks before it whose digest never went out."""

    @property
    def day(self) -> date:
        """The day whose standing it shows."""
        return self.week.sunday


@dataclass(frozen=True, slots=True)
class Missing:
    """What several owe of the same duty for the same period."""

    duty: Duty
    period: Period
    due: date
    overdue: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestFacts:
    published: Published
    standings: tuple[Standing, ...]
    before: tuple[Standing, ...]
    """As the digest before it said; empty where there was none."""
    news: tuple[Case, ...]
    corrections: tuple[Correction, ...]
    missing: tuple[Missing, ...]
    silent: tuple[str, ...]

    def gained(self, standing: Standing) -> Amount | None:
        """The change of a value since the digest before; None where they do not compare."""
        found = (s for s in self.before if s.key_result.id == standing.key_result.id)
        was = next(found, None)
        if was is None or was.value is None or standing.value is None:
            return None
        same = was.period == standing.period or was.period.span is standing.period.span.PLAN
        return standing.value - was.value if same else None


def digest_facts(
    plan: Plan,
    published: Published,
    known: tuple[Recorded, ...],
    previous: Published | None,
    known_before: tuple[Recorded, ...],
) -> DigestFacts:
    """`known` are the reports live at the digest's moment, `known_before` those at the
    previous one's."""
    return DigestFacts(
        published=published,
        standings=standing(plan, known, published.day),
        before=standing(plan, known_before, previous.day) if previous else (),
        news=_news(known, previous),
        corrections=corrections(plan, known_before, known, previous.day) if previous else (),
        missing=tuple(_missing(owed(plan, known, published.day), published.day)),
        silent=silent_members(plan, known, published.day),
    )


def _news(known: Iterable[Recorded], previous: Published | None) -> tuple[Case, ...]:
    told = (report for report in known if report.kind != NOTHING)
    found = cases(told)
    if previous is None:
        return found
    return tuple(
        case for case in found if any(r.recorded_at > previous.as_of for r in case.reports)
    )


def _missing(all_owed: Iterable[Owed], day: date) -> Iterator[Missing]:
    near = [each for each in all_owed if each.overdue or each.due - day <= DUE_SOON]

    def same(each: Owed) -> tuple[date, str, str]:
        return each.due, each.duty.id, each.period.key

    for _, group in groupby(sorted(near, key=same), key=same):
        several = list(group)
        one = several[0]
        members = tuple(each.member for each in several)
        yield Missing(one.duty, one.period, one.due, one.overdue, members)
