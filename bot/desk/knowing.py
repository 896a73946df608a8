"""What was known at a moment: by the tallies of the plan, or by the reports themselves.

The tallies hold what was known at another moment. What the cases touched between the two add at
this one, less what they added at that one, makes what is read just what the reports say. Where
there are no tallies to go by, or very much lies between, all reports are read.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property

from bot.adding import FOUND, Totals
from bot.calendar import Period
from bot.desk.setup import Setup
from bot.desk.tallying import Tallying
from bot.digest import ByReports, Known
from bot.duties import NOTHING, Owed, owed_from, silent_from
from bot.inquiries import ANSWER, CLOSING, INQUIRY, PROGRESS, Late, inquiries, late
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.plan.model import Duty, KeyResult
from bot.standing import Standing, standings_from
from bot.tallies import CREDITED, Sums, Tally, totals_from

MOST = 1 / 4
"""Where the cases that were touched are more than this share of all reports, to read all reports is
the shorter way."""

_LATELY = 150
"""So many of the newest reports tell of everybody, unless somebody is silent."""

IsSecret = Callable[[Recorded], bool]
"""Whether a report was told in a confidential case."""


class Knowing:
    def __init__(self, setup: Setup, tallying: Tallying, most: float = MOST) -> None:
        self._setup = setup
        self._tallying = tallying
        self._most = most

    def at(
        self,
        books: Books,
        *moments: datetime,
        kinds: Collection[str] | None = None,
        of: Collection[str] = (),
    ) -> tuple[Known, ...]:
        """What was known at each of these moments, the first of them first. Nothing else may have
        been read before, unless `Tallies.one_moment` was called before that. With `kinds`, nothing
        else than these kinds of report may matter to what is asked of it. The reports told of
        these cases are among its own in any event."""
        books.tallies.one_moment()
        basis = self._basis(books, moments, of)
        if basis is None:
            return self.by_reports(books, *moments, kinds=kinds)
        return tuple(_ByTallies(basis, moment) for moment in moments)

    def by_reports(
        self, books: Books, *moments: datetime, kinds: Collection[str] | None = None
    ) -> tuple[Known, ...]:
        """As `at`, with all the reports."""
        told = books.reports.known_at(*moments, kinds=kinds)
        plan, secret = self._setup.plan, self._secrets(books)
        several = (tuple(r for r in told if r.live_at(moment)) for moment in moments)
        return tuple(ByReports(plan, live, secret) for live in several)

    def _secrets(self, books: Books) -> IsSecret:
        """Of most kinds no report can be secret."""
        setup, covers = self._setup, self._setup.covers(books)
        open_kinds = setup.kinds.keys() - setup.secretive
        return lambda told: told.kind not in open_kinds and covers(told.case).confidential

    def _basis(
        self, books: Books, moments: Iterable[datetime], of: Iterable[str]
    ) -> "_Basis | None":
        state = self._tallying.whole(books)
        if state is None:
            return None
        touched = books.tallies.touched(min(state.known_at, *moments))
        if len(touched) > books.reports.last_id() * self._most:
            return None
        return _Basis(
            setup=self._setup,
            tallying=self._tallying,
            books=books,
            fingerprint=state.fingerprint,
            known_at=state.known_at,
            touched=books.reports.of_cases({*touched, *of}),
            is_secret=self._secrets(books),
        )


@dataclass(frozen=True)
class _Basis:
    """The tallies as they stood at `known_at`, and all that was ever told in the cases that were
    touched between that and what is asked about."""

    setup: Setup
    tallying: Tallying
    books: Books
    fingerprint: str
    known_at: datetime
    touched: Mapping[str, Sequence[Recorded]]
    is_secret: IsSecret

    @cached_property
    def told_of(self) -> Callable[[str], tuple[Recorded, ...]]:
        """From a kind to all that was ever told of it; read once, for all moments."""
        return cache(self.books.tallies.told_of)

    @cached_property
    def sums(self) -> Callable[[str, Period, date], Sums]:
        """What a row's tallies of a period come to, as far as they show by a day."""

        @cache
        def sums(row: str, days: Period, by: date) -> Sums:
            within = (days.start, days.end)
            return self.books.tallies.sums(self.fingerprint, row, within, by, by_day=FOUND)

        return sums

    @cached_property
    def added_then(self) -> Callable[[str], Counter[Tally]]:
        """What a case that was touched adds to the tallies; worked out once, for all moments."""
        return cache(lambda case: self.tallying.added(self.touched[case], self.known_at))

    def change(self, moment: datetime) -> dict[str, list[tuple[Tally, int]]]:
        """By row, what is to be added for what was known at another moment."""
        first, last = sorted((self.known_at, moment))
        change: Counter[Tally] = Counter()
        for case, told in self.touched.items():
            if any(_touched(report, first, last) for report in told):
                change.update(self.tallying.added(told, moment))
                change.subtract(self.added_then(case))
        by_row: dict[str, list[tuple[Tally, int]]] = defaultdict(list)
        for tally, amount in change.items():
            by_row[tally.row].append((tally, amount))
        return by_row


def _touched(report: Recorded, first: datetime, last: datetime) -> bool:
    """Whether it was recorded or ended between two moments."""
    ended = report.ending is not None and first < report.ending.at <= last
    return ended or first < report.recorded_at <= last


@dataclass(frozen=True)
class _ByTallies:
    """What was known at a moment, by the tallies of another."""

    basis: _Basis
    moment: datetime

    @cached_property
    def reports(self) -> tuple[Recorded, ...]:
        told = (report for several in self.basis.touched.values() for report in several)
        live = (report for report in told if report.live_at(self.moment))
        return tuple(sorted(live, key=lambda report: report.id))

    def standings(self, rows: Sequence[KeyResult], day: date) -> tuple[Standing, ...]:
        def totals_of(row: KeyResult, days: Period) -> Totals | None:
            return totals_from(self._sums(row.id, days, day))

        plan = self.basis.setup.plan
        told, moved = self._told, self._told_lately
        return standings_from(plan, rows, told, day, totals_of=totals_of, moved=moved)

    def owed(self, day: date) -> tuple[Owed, ...]:
        def answered(duty: Duty, period: Period) -> AbstractSet[str]:
            sums = self._sums(CREDITED + duty.kind, period, day)
            return {code for (code, _), amount in sums.items() if amount}

        return owed_from(self.basis.setup.plan, answered, self._told((NOTHING,)), day)

    def silent(self, day: date) -> tuple[str, ...]:
        books = self.basis.books

        def lately(since: date, told_since: datetime) -> Iterator[Recorded]:
            yield from books.reports.recorded_between(told_since, self.moment, _LATELY)
            yield from books.reports.recorded_between(told_since, self.moment)
            yield from books.reports.known_about(since, day, self.moment)

        return silent_from(self.basis.setup.plan, lately, day, self.basis.is_secret)

    def late(self, day: date) -> tuple[Late, ...]:
        """Those still open are few, and are read, but for who has acknowledged them."""
        books = self.basis.books.reports
        still_open = books.open_at(INQUIRY, CLOSING, day, self.moment)
        told = books.of_cases(still_open, (INQUIRY, PROGRESS, ANSWER)).values()
        live = (r for case in told for r in case if r.day <= day and r.live_at(self.moment))
        return late(inquiries(live, self.basis.setup.plan.inquiries), day)

    def _sums(self, row: str, days: Period, by: date) -> Sums:
        sums = Counter(self.basis.sums(row, days, by))
        for tally, amount in self._change.get(row, ()):
            if days.contains(tally.day) and tally.since <= by:
                sums[tally.name, tally.day if tally.name == FOUND else None] += amount
        return sums

    @cached_property
    def _change(self) -> Mapping[str, Iterable[tuple[Tally, int]]]:
        return self.basis.change(self.moment)

    def _told(self, kinds: tuple[str, ...]) -> Iterable[Recorded]:
        ever = (report for kind in kinds for report in self.basis.told_of(kind))
        return (report for report in ever if report.live_at(self.moment))

    def _told_lately(self, kinds: tuple[str, ...]) -> Iterable[Recorded]:
        return (report for report in self.reports if report.kind in kinds)
