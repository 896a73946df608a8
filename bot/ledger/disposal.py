"""What is removed for good: whole cases, and the rows that have served their purpose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select

from bot.ledger.outbox import Delivery
from bot.ledger.recorded import Recorded
from bot.ledger.tables import handled, keeps, nudged, occasions, outbox, readings, reports
from bot.ledger.tallies import Tallies

SOME = 1000
"""So many rows are looked at in one transaction: nobody who reports waits for longer than that."""

_SETTLED = (Delivery.SENT.value, Delivery.FAILED.value, Delivery.DROPPED.value)


@dataclass(frozen=True, slots=True)
class Keep:
    """That a case is kept, whatever its rule: why, and who said so (None at the command line)."""

    case: str
    why: str
    by: str | None
    at: datetime


class Disposal:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- Kept all the same

    def keep(self, keep: Keep) -> None:
        """The latest reason stands."""
        self.lift(keep.case)
        row = {"case": keep.case, "why": keep.why, "by": keep.by, "at": keep.at}
        self._connection.execute(insert(keeps).values(**row))

    def lift(self, case: str) -> bool:
        return self._gone(keeps, keeps.c.case == case) > 0

    def kept(self) -> tuple[Keep, ...]:
        rows = self._connection.execute(select(keeps).order_by(keeps.c.at))
        return tuple(Keep(row.case, row.why, row.by, row.at) for row in rows)

    # --- Whole cases

    def case(self, case: str, told: Iterable[Recorded]) -> None:
        """Everything there is of it: its reports, who has read of it, what was said of it. What is
        unsaid yet goes as well. What the plan's rows add up to is counted anew."""
        ids = {report.id for report in told}
        rows = self._connection.execute(select(outbox.c.id, outbox.c.notice)).all()
        about = [row.id for row in rows if _is_about(row.notice, case, ids)]
        self._gone(outbox, outbox.c.id.in_(about))
        self._gone(occasions, occasions.c.subject == f"case:{case}")
        self._gone(nudged, nudged.c.subject == f"case:{case}")
        self._gone(readings, readings.c.case == case)
        self._gone(reports, reports.c.case == case)
        Tallies(self._connection).discard()

    # --- What has served its purpose

    def messages(self, before: datetime, after_id: int) -> tuple[int, int | None]:
        """Messages that were settled, some at a time. What was said of a case or a report stays as
        long as that: it is edited when something changes. How many went, and where to go on."""
        old = (outbox.c.created_at < before, outbox.c.state.in_(_SETTLED), outbox.c.id > after_id)
        some = select(outbox).where(*old).order_by(outbox.c.id).limit(SOME)
        rows = self._connection.execute(some).all()
        gone = [row.id for row in rows if row.edits or not _stays(row.notice)]
        count = self._gone(outbox, outbox.c.id.in_(gone))
        return count, rows[-1].id if len(rows) == SOME else None

    def keys(self, before: datetime) -> int:
        """Keys of submissions so old that nobody sends them again."""
        some = select(handled.c.key).where(handled.c.at < before).limit(SOME)
        return self._gone(handled, handled.c.key.in_(some))

    def occasions(self, before: datetime) -> int:
        """That somebody was reminded. Those of a case stay with it, the digest's for good: they
        tell what was published when."""
        old = occasions.c.due_at < before
        mine = occasions.c.alarm.startswith("reminder:") | (occasions.c.alarm == "disposal")
        some = select(occasions.c.id).where(old, mine).limit(SOME)
        return self._gone(occasions, occasions.c.id.in_(some))

    def nudges(self, before: date) -> int:
        return self._gone(nudged, nudged.c.day < before)

    def _gone(self, table: Table, which: ColumnElement[bool]) -> int:
        return int(self._connection.execute(delete(table).where(which)).rowcount)


def _stays(notice: dict[str, Any]) -> bool:
    return "case" in notice or "report" in notice


def _is_about(notice: dict[str, Any], case: str, reports: set[int]) -> bool:
    return notice.get("case") == case or notice.get("report") in reports
