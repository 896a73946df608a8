"""The outbox: everything that is said unasked stands here first, written with what caused it.

A row goes pending → sending → sent. When nobody can tell whether the platform took a message,
it is `unknown`: it is looked for before it is said again. `failed` is for good and an admin is
told; `dropped` had lost its point by the time it could be said. `later` has its own time to come
and stands outside the line, so that it holds up nothing that is said to the same recipient.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select, update

from bot.ledger.sql import insert_new, insert_or_ignore
from bot.ledger.tables import outbox

PACE = timedelta(seconds=1)
"""One message per second and channel: https://docs.slack.dev/apis/web-api/rate-limits"""

LOST_AFTER = timedelta(seconds=60)
"""Longer than any request can be under way: a claim older than this belongs to a dead worker."""


class Delivery(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    LATER = "later"


_UNSETTLED = (Delivery.PENDING.value, Delivery.SENDING.value, Delivery.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way. `notice` says what to say; the words are found on delivery."""

    id: int
    key: str
    token: str
    recipient: str
    notice: Mapping[str, object]
    thread_of: str | None
    edits: str | None
    state: Delivery
    created_at: datetime
    attempts: int
    slips: int
    """How often it failed on our own side."""
    place: Mapping[str, str] | None
    """Where the platform put it (for Slack `channel` and `ts`), once known."""


class Outbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        *,
        key: str,
        token: str,
        recipient: str,
        notice: Mapping[str, object],
        at: datetime,
        thread_of: str | None = None,
        edits: str | None = None,
    ) -> bool:
        """Put a message in line. `key` is said once: False if it stands there already.

        `token` is the opaque mark that the delivered message carries. `thread_of` and `edits`
        name the key of an earlier message to the same recipient.
        """
        row = {
            "key": key,
            "token": token,
            "recipient": recipient,
            "notice": dict(notice),
            "thread_of": thread_of,
            "edits": edits,
            "state": Delivery.PENDING.value,
            "created_at": at,
            "due_at": at,
            "attempts": 0,
        }
        return insert_or_ignore(self._connection, outbox, row)

    def put_all(
        self, several: Iterable[tuple[str, str, str]], notice: Mapping[str, object], at: datetime
    ) -> frozenset[str]:
        """As `put`, the same notice to several: each is told by its key, token and recipient. The
        keys that did not stand there already."""
        rows = [*several]
        names = ("key", "token", "recipient")
        each = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        same = {
            "notice": dict(notice),
            "state": Delivery.PENDING.value,
            "created_at": at,
            "due_at": at,
            "attempts": 0,
        }
        return insert_new(self._connection, outbox, each, same)

    def get(self, key: str) -> Outgoing | None:
        row = self._connection.execute(select(outbox).where(outbox.c.key == key)).one_or_none()
        return _outgoing(row) if row else None

    def keys_beginning(self, prefix: str) -> tuple[str, ...]:
        """The keys of first messages (no edits) that begin so."""
        begins = outbox.c.key.startswith(prefix, autoescape=True)
        rows = self._connection.execute(
            select(outbox.c.key).where(begins, outbox.c.edits.is_(None))
        )
        return tuple(rows.scalars())

    def next_in_line(self, now: datetime, limit: int = 100) -> tuple[Outgoing, ...]:
        """The oldest unsettled message of each recipient, where it may be tried now; and what has
        been put off until now. Oldest first: with fewer than there are recipients with a long
        line, those whose line is younger would wait until the older ones are through."""
        query = select(outbox).where(_in_front(), _may_be_tried(now), _paced(now))
        rows = self._connection.execute(query.order_by(outbox.c.id).limit(limit))
        return tuple(_outgoing(row) for row in rows)

    def claim(self, outgoing: Outgoing, now: datetime) -> bool:
        """True for the one worker that may deliver it. The pace is asked for once more: of what
        was put off to the same moment, several may stand in one line for the same recipient."""
        statement = update(outbox).where(
            outbox.c.id == outgoing.id,
            outbox.c.state == outgoing.state.value,
            outbox.c.attempts == outgoing.attempts,
            _may_be_tried(now),
            _paced(now),
        )
        values = {
            "state": Delivery.SENDING.value,
            "claimed_at": now,
            "attempts": outgoing.attempts + 1,
        }
        return self._connection.execute(statement.values(**values)).rowcount == 1

    def renew(self, outgoing: Outgoing, now: datetime) -> bool:
        """Make our claim young again. False if another worker has taken it for lost meanwhile."""
        return self._turn(outgoing, claimed_at=now)

    def settle(
        self,
        outgoing: Outgoing,
        state: Delivery,
        *,
        place: Mapping[str, str] | None = None,
        trouble: str = "",
    ) -> None:
        self._turn(outgoing, state=state.value, place=place, trouble=trouble)

    def put_off(
        self, outgoing: Outgoing, state: Delivery, until: datetime, trouble: str, slips: int = 0
    ) -> None:
        """Try again, or look for it, at `until`. `slips`: what is added to those before."""
        slips += outgoing.slips
        self._turn(outgoing, state=state.value, due_at=until, trouble=trouble, slips=slips)

    def drop(self, put_by: datetime, notices: Collection[str], trouble: str) -> int:
        """Of what waits, nothing is said any more that was put here by a moment, and no notice of
        these kinds. How many there were."""
        waiting = outbox.c.state.in_((*_UNSETTLED, Delivery.LATER.value))
        meant = or_(outbox.c.created_at <= put_by, outbox.c.notice["say"].as_string().in_(notices))
        values = {"state": Delivery.DROPPED.value, "trouble": trouble}
        statement = update(outbox).where(waiting, meant).values(**values)
        return self._connection.execute(statement).rowcount

    def due(self, now: datetime) -> bool:
        """Whether anything may be tried now but for the pace."""
        query = select(outbox.c.id).where(_in_front(), _may_be_tried(now)).limit(1)
        return self._connection.execute(query).first() is not None

    def unsettled(self) -> int:
        query = select(func.count()).where(outbox.c.state.in_(_UNSETTLED))
        return int(self._connection.execute(query).scalar_one())

    def _turn(self, outgoing: Outgoing, **values: object) -> bool:
        # Only the claim that is still ours: a worker that was given up for dead says no more.
        ours = and_(outbox.c.id == outgoing.id, outbox.c.attempts == outgoing.attempts + 1)
        statement = update(outbox).where(ours).values(**values)
        return self._connection.execute(statement).rowcount == 1


def _in_front() -> ColumnElement[bool]:
    return or_(_is_head(), outbox.c.state == Delivery.LATER.value)


def _is_head() -> ColumnElement[bool]:
    unsettled = select(func.min(outbox.c.id)).where(outbox.c.state.in_(_UNSETTLED))
    return outbox.c.id.in_(unsettled.group_by(outbox.c.recipient))


def _may_be_tried(now: datetime) -> ColumnElement[bool]:
    due = and_(
        outbox.c.state.in_((Delivery.PENDING.value, Delivery.UNKNOWN.value, Delivery.LATER.value)),
        outbox.c.due_at <= now,
    )
    lost = and_(outbox.c.state == Delivery.SENDING.value, outbox.c.claimed_at <= now - LOST_AFTER)
    return or_(due, lost)


def _paced(now: datetime) -> ColumnElement[bool]:
    other = outbox.alias("other")
    just_now = and_(
        other.c.recipient == outbox.c.recipient,
        other.c.claimed_at > now - PACE,
        other.c.claimed_at <= now,
    )
    return ~exists().where(just_now)


def _outgoing(row: Row[tuple[object, ...]]) -> Outgoing:
    return Outgoing(
        id=row.id,
        key=row.key,
        token=row.token,
        recipient=row.recipient,
        notice=row.notice,
        thread_of=row.thread_of,
        edits=row.edits,
        state=Delivery(row.state),
        created_at=row.created_at,
        attempts=row.attempts,
        slips=row.slips,
        place=row.place,
    )
