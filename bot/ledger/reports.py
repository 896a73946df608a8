"""The report book: append-only. A correction supersedes, a withdrawal ends, nothing is lost."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.ledger.prepared import Prepared
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.settled import SETTLED_UNTIL, discard
from bot.ledger.sql import among
from bot.ledger.tables import reports

_NEW = (
    "case",
    "kind",
    "part",
    "day",
    "members",
    "answers",
    "reporter",
    "home",
    "recorded_at",
    "supersedes",
    "origin",
)
_ADD = Prepared(insert(reports).returning(reports.c.id, SETTLED_UNTIL), _NEW)
_SETTLED_UNTIL = Prepared(select(SETTLED_UNTIL))
_ALL = select(reports).order_by(reports.c.id)
_BY_ID = Prepared(_ALL.where(reports.c.id == bindparam("id")))
_OF_CASE = Prepared(_ALL.where(reports.c.case == bindparam("case")))
_LIVE_BETWEEN = Prepared(
    _ALL.where(
        reports.c.kind == bindparam("kind"),
        reports.c.day.between(bindparam("first"), bindparam("last")),
        reports.c.ended_at.is_(None),
    )
)

_TOLD_BY = Prepared(
    _ALL.where(
        or_(reports.c.reporter == bindparam("reporter"), reports.c.home == bindparam("home")),
        reports.c.ended_at.is_(None),
    )
)

_ROWS_AT_A_TIME = 500

_AT_A_TIME = 5_000
"""Cases asked for in one statement: it has to come back in time."""


@cache
def _of_cases(dialect_name: str, wanted: tuple[str, ...]) -> Prepared:
    # Of a kind there are many: not the column itself, or SQLite may go by that one's index.
    columns = {"cases": reports.c.case, "kinds": reports.c.kind.concat("")}
    conditions = (among(dialect_name, columns[name], name) for name in wanted)
    return Prepared(select(reports).where(*conditions))


class NoLongerCurrentError(Exception):
    """The report was changed or withdrawn by somebody else in the meantime."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be recorded; the fields mean what they mean in `Recorded`."""

    case: str
    kind: str
    day: date
    members: tuple[str, ...]
    answers: Mapping[str, object]
    reporter: str
    home: str
    by: str
    """Who records it: somebody else than the reporter when they correct it."""
    supersedes: int | None = None
    part: str = ""


class Reports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: NewReport, at: datetime) -> Recorded:
        """Record a report; one that supersedes another ends that other in the same stroke.

        Raises NoLongerCurrentError if the one to supersede is no longer the truth.
        """
        if report.supersedes is not None:
            self.end(report.supersedes, Ending(Ended.SUPERSEDED, at, report.by, ""))
        origin = self._origin(report.supersedes)
        row = {
            "case": report.case,
            "kind": report.kind,
            "part": report.part,
            "day": report.day,
            "members": list(report.members),
            "answers": dict(report.answers),
            "reporter": report.reporter,
            "home": report.home,
            "recorded_at": at,
            "supersedes": report.supersedes,
            "origin": origin,
        }
        [(id_, settled_until)] = _ADD.all(self._connection, **row)
        self._unsettle(at, settled_until)
        return Recorded(**{**row, "id": id_, "members": report.members})

    def _origin(self, supersedes: int | None) -> int | None:
        corrected = self.get(supersedes) if supersedes is not None else None
        return corrected.place if corrected else None

    def end(self, report_id: int, ending: Ending) -> None:
        """Raises NoLongerCurrentError if the report has ended already."""
        statement = (
            update(reports)
            .where(reports.c.id == report_id, reports.c.ended_at.is_(None))
            .values(
                ended_how=ending.how.value,
                ended_at=ending.at,
                ended_by=ending.by,
                ended_why=ending.why,
            )
        )
        if self._connection.execute(statement).rowcount != 1:
            raise NoLongerCurrentError(report_id)
        [(settled_until,)] = _SETTLED_UNTIL.all(self._connection)
        self._unsettle(ending.at, settled_until)

    def _unsettle(self, at: datetime, settled_until: datetime | None) -> None:
        """Something has happened in what was taken for settled: a clock has been set back."""
        if settled_until is not None and at <= settled_until:
            discard(self._connection)

    def get(self, report_id: int) -> Recorded | None:
        row = _BY_ID.first(self._connection, id=report_id)
        return recorded_from(row) if row else None

    def known_at(
        self, *moments: datetime, kinds: Collection[str] | None = None
    ) -> tuple[Recorded, ...]:
        """Every report that was the truth as known at a moment, in the order of recording; at
        several moments: at one of them or more. With `kinds`, those of these kinds only."""
        query = _ALL.where(or_(*map(_is_live_at, moments)))
        return self._fetch(query if kinds is None else query.where(reports.c.kind.in_(kinds)))

    def recorded_between(
        self, since: datetime, moment: datetime, most: int | None = None
    ) -> tuple[Recorded, ...]:
        """What was recorded since and was the truth at a moment, the newest first, or `most` of
        them."""
        query = select(reports).where(reports.c.recorded_at >= since, _is_live_at(moment))
        return self._fetch(query.order_by(reports.c.recorded_at.desc()).limit(most))

    def known_about(self, first: date, last: date, moment: datetime) -> tuple[Recorded, ...]:
        """The reports about some days that were the truth at a moment."""
        return self._fetch(_ALL.where(reports.c.day.between(first, last), _is_live_at(moment)))

    def open_at(
        self, kind: str, closing: Collection[str], day: date, moment: datetime
    ) -> tuple[str, ...]:
        """The cases that a report of the kind had opened by a day, and none of the `closing` kinds
        had closed, as known at a moment."""
        by_then = and_(reports.c.day <= day, _is_live_at(moment))
        opened = select(reports.c.case).where(reports.c.kind == kind, by_then)
        closed = select(reports.c.case).where(reports.c.kind.in_(closing), by_then)
        found = self._connection.execute(opened.except_(closed))
        return tuple(sorted(found.scalars()))

    def last_id(self) -> int:
        """As many as were ever recorded, or a few more."""
        found = self._connection.execute(select(func.max(reports.c.id))).scalar_one()
        return int(found or 0)

    def ever(self) -> tuple[Recorded, ...]:
        """All that was ever recorded, ended reports included."""
        return self._fetch(_ALL)

    def of_case(self, case: str) -> tuple[Recorded, ...]:
        """All that was ever said in a case, ended reports included."""
        return _recorded(_OF_CASE.all(self._connection, case=case))

    def of_cases(
        self, several: Iterable[str], kinds: Collection[str] | None = None
    ) -> dict[str, list[Recorded]]:
        """As `of_case`, for each of several cases. With `kinds`, what is of these kinds only."""
        found: dict[str, list[Recorded]] = {case: [] for case in several}
        of_kinds = {} if kinds is None else {"kinds": json.dumps([*kinds])}
        names = list(found)
        for start in range(0, len(names), _AT_A_TIME):
            wanted = {"cases": json.dumps(names[start : start + _AT_A_TIME]), **of_kinds}
            prepared = _of_cases(self._connection.dialect.name, tuple(wanted))
            for report in _recorded(prepared.all(self._connection, **wanted)):
                found[report.case].append(report)
        # Put in order here: to have that done, SQLite goes through all reports there are.
        return {case: sorted(told, key=lambda each: each.id) for case, told in found.items()}

    def live_of(self, kinds: Sequence[str]) -> tuple[Recorded, ...]:
        """All live reports of these kinds."""
        return self._fetch(_ALL.where(reports.c.kind.in_(kinds), reports.c.ended_at.is_(None)))

    def live_told_by(self, reporter: str, home: str | None) -> tuple[Recorded, ...]:
        """What somebody has reported, and what others have for the same municipality."""
        return _recorded(_TOLD_BY.all(self._connection, reporter=reporter, home=home))

    def live_between(self, kind: str, first: date, last: date) -> tuple[Recorded, ...]:
        rows = _LIVE_BETWEEN.all(self._connection, kind=kind, first=first, last=last)
        return _recorded(rows)

    def _fetch(self, query: Select[Any]) -> tuple[Recorded, ...]:
        # Some rows at a time: one by one, SQLAlchemy takes a tenth longer for all of this.
        several = self._connection.execute(query).partitions(_ROWS_AT_A_TIME)
        return _recorded(row for rows in several for row in rows)


def _recorded(rows: Iterable[Sequence[Any]]) -> tuple[Recorded, ...]:
    return tuple(recorded_from(row) for row in rows)


def _is_live_at(moment: datetime) -> ColumnElement[bool]:
    not_yet_ended = or_(reports.c.ended_at.is_(None), reports.c.ended_at > moment)
    return and_(reports.c.recorded_at <= moment, not_yet_ended)


def recorded_from(row: Sequence[Any]) -> Recorded:
    # Taken apart at once: by name, column for column, it takes twice as long.
    (id_, case, kind, part, day, members, answers, reporter, home, recorded_at, *rest) = row
    supersedes, origin, ended_how, ended_at, ended_by, ended_why = rest
    ending = None
    if ended_at is not None:
        ending = Ending(Ended(ended_how), ended_at, ended_by, ended_why)
    return Recorded(
        id=id_,
        case=case,
        kind=kind,
        day=day,
        members=tuple(members),
        answers=answers,
        reporter=reporter,
        home=home,
        recorded_at=recorded_at,
        supersedes=supersedes,
        origin=origin,
        ending=ending,
        part=part,
    )
