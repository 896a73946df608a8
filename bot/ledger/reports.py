"""The report book: append-only. A correction supersedes, a withdrawal ends, nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.tables import reports


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
        row = {**asdict(report), "members": list(report.members), "answers": dict(report.answers)}
        del row["by"]  # stands in the ending of what it supersedes
        origin = self._origin(report.supersedes)
        statement = insert(reports).values(**row, recorded_at=at, origin=origin)
        key = self._connection.execute(statement).inserted_primary_key
        assert key is not None
        added = self.get(key[0])
        assert added is not None
        return added

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

    def get(self, report_id: int) -> Recorded | None:
        found = self._fetch(select(reports).where(reports.c.id == report_id))
        return found[0] if found else None

    def known_at(self, moment: datetime) -> tuple[Recorded, ...]:
        """Every report that was the truth as known at `moment`, in the order of recording."""
        return self._fetch(
            select(reports).where(
                reports.c.recorded_at <= moment,
                or_(reports.c.ended_at.is_(None), reports.c.ended_at > moment),
            )
        )

    def ever(self) -> tuple[Recorded, ...]:
        """All that was ever recorded, ended reports included."""
        return self._fetch(select(reports))

    def of_case(self, case: str) -> tuple[Recorded, ...]:
        """All that was ever said in a case, ended reports included."""
        return self._fetch(select(reports).where(reports.c.case == case))

    def live_of(self, kinds: Sequence[str]) -> tuple[Recorded, ...]:
        """All live reports of these kinds."""
        return self._fetch(
            select(reports).where(reports.c.kind.in_(kinds), reports.c.ended_at.is_(None))
        )

    def live_between(self, kind: str, first: date, last: date) -> tuple[Recorded, ...]:
        return self._fetch(
            select(reports).where(
                reports.c.kind == kind,
                reports.c.day.between(first, last),
                reports.c.ended_at.is_(None),
            )
        )

    def _fetch(self, query: Select[tuple[object, ...]]) -> tuple[Recorded, ...]:
        rows = self._connection.execute(query.order_by(reports.c.id))
        return tuple(recorded_from(row) for row in rows)


def recorded_from(row: Row[tuple[object, ...]]) -> Recorded:
    ending = None
    if row.ended_at is not None:
        ending = Ending(Ended(row.ended_how), row.ended_at, row.ended_by, row.ended_why)
    return Recorded(
        id=row.id,
        case=row.case,
        kind=row.kind,
        day=row.day,
        members=tuple(row.members),
        answers=row.answers,
        reporter=row.reporter,
        home=row.home,
        recorded_at=row.recorded_at,
        supersedes=row.supersedes,
        origin=row.origin,
        ending=ending,
        part=row.part,
    )
