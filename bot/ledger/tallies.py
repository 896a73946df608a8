"""The tallies of the plan: what all cases add to its rows, as it was known at a moment.

They can be counted anew from the reports at any time, and are only ever a short way to them. What
is counted and how, `bot/tallies.py` says; here they are only kept.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    case,
    func,
    select,
    text,
    union,
    update,
)

from bot.ledger.prepared import Prepared
from bot.ledger.recorded import Recorded
from bot.ledger.reports import recorded_from
from bot.ledger.settled import discard
from bot.ledger.sql import add_up, insert_or_ignore
from bot.ledger.tables import reports, tallied, tallies

# Made once: to put a statement together costs SQLAlchemy more than to execute it.
_day = case((tallies.c.name == bindparam("by_day"), tallies.c.day))
_SUMS = Prepared(
    select(tallies.c.name, _day, func.sum(tallies.c.amount))
    .where(
        tallies.c.fingerprint == bindparam("fingerprint"),
        tallies.c.row == bindparam("row"),
        tallies.c.day.between(bindparam("first"), bindparam("last")),
        tallies.c.since <= bindparam("by"),
    )
    .group_by(tallies.c.name, _day)
)
_OF_KIND = select(reports).where(reports.c.kind == bindparam("kind"))

_Key = tuple[str, str, date, date]


@dataclass(frozen=True, slots=True)
class Tallied:
    """How far it has been counted: all that was known at `known_at`, in the cases up to
    `counted_to` in the order of their names; None when no case is missing."""

    fingerprint: str
    known_at: datetime
    counted_to: str | None


class Tallies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- How far they have come

    def one_moment(self) -> None:
        """To be called first: from here on all is read as it is at this moment. A transaction of
        SQLite's always does."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))

    def tallied(self, fingerprint: str) -> Tallied | None:
        query = select(tallied).where(tallied.c.fingerprint == fingerprint)
        row = self._connection.execute(query).one_or_none()
        return Tallied(*row) if row else None

    def begin(self, new: Tallied) -> bool:
        """False if somebody else has begun."""
        return insert_or_ignore(self._connection, tallied, _values(new))

    def move(self, before: Tallied, now: Tallied) -> bool:
        """From one state to the next. False if somebody else has moved it: whatever rests on the
        state before must not be written down then."""
        same = [tallied.c[name] == value for name, value in _values(before).items()]
        moved = update(tallied).where(*same).values(**_values(now))
        return self._connection.execute(moved).rowcount == 1

    def discard(self, fingerprint: str | None = None) -> None:
        """What has been counted under a fingerprint, or all of it: it is counted anew."""
        discard(self._connection, fingerprint)

    def discard_unused(self, known_before: datetime) -> None:
        """What nobody has brought forward since: of a former plan or release."""
        query = select(tallied.c.fingerprint).where(tallied.c.known_at < known_before)
        for fingerprint in self._connection.execute(query).scalars().all():
            self.discard(fingerprint)

    # --- What has been counted

    def add(self, fingerprint: str, amounts: Iterable[tuple[_Key, int]]) -> None:
        """By row, name, day and the day since which it shows."""
        rows = [
            {
                "fingerprint": fingerprint,
                "row": row,
                "name": name,
                "day": day,
                "since": since,
                "amount": amount,
            }
            for (row, name, day, since), amount in amounts
            if amount
        ]
        if rows:
            add_up(self._connection, tallies, "amount", rows)

    def sums(
        self, fingerprint: str, row: str, days: tuple[date, date], by: date, by_day: str
    ) -> Counter[tuple[str, date | None]]:
        """What a row's tallies of these days come to by name, as far as they show by a day; what is
        called `by_day` for each day by itself."""
        first, last = days
        found = _SUMS.all(
            self._connection,
            fingerprint=fingerprint,
            row=row,
            first=first,
            last=last,
            by=by,
            by_day=by_day,
        )
        return Counter({(name, day): int(amount) for name, day, amount in found})

    # --- What is not tallied

    def told_of(self, kind: str) -> tuple[Recorded, ...]:
        """All that was ever recorded of a kind, in no order. Asked for by the kind alone, so that
        SQLite does not read every report there is to find the few of a rare one."""
        found = self._connection.execute(_OF_KIND, {"kind": kind})
        return tuple(recorded_from(row) for row in found)

    # --- Which cases to count

    def cases_after(self, name: str, most: int) -> tuple[str, ...]:
        """The next cases in the order of their names."""
        query = select(reports.c.case).where(reports.c.case > name).distinct()
        return self._names(query.order_by(reports.c.case).limit(most))

    def touched(self, since: datetime, until: datetime | None = None) -> tuple[str, ...]:
        """The cases in which anything was recorded or ended after a moment, up to another."""
        moments = (reports.c.recorded_at, reports.c.ended_at)
        parts = [select(reports.c.case).where(moment > since) for moment in moments]
        if until is not None:
            parts = [
                part.where(moment <= until) for part, moment in zip(parts, moments, strict=True)
            ]
        return self._names(union(*parts))

    def happened(self, since: datetime, until: datetime) -> int:
        """How often anything was recorded or ended after a moment, up to another."""
        moments = (reports.c.recorded_at, reports.c.ended_at)
        counts = (
            select(func.count()).select_from(reports).where(moment > since, moment <= until)
            for moment in moments
        )
        return sum(self._connection.execute(count).scalar_one() for count in counts)

    def _names(self, query: Select[str] | CompoundSelect[str]) -> tuple[str, ...]:
        return tuple(name for (name,) in self._connection.execute(query))


def _values(state: Tallied) -> dict[str, object]:
    return {
        "fingerprint": state.fingerprint,
        "known_at": state.known_at,
        "counted_to": state.counted_to,
    }
