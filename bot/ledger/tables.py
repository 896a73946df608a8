"""The tables. Rows stay inside `bot/ledger`; plain frozen types come out of it.

One index more is in `indexes.py`.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole ones since 1970 UTC: how a `Moment` stands in the database."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970 UTC: the same order on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_identity = BigInteger().with_variant(Integer, "sqlite")

people = Table(
    "people",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("home", String(20)),
    Column("wanted_home", String(20)),
    Column("roles", JSON, nullable=False),
    Column("language", String(5), nullable=False),
    Column("met_at", Moment, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("case", String(32), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("part", String(60), nullable=False, server_default=""),
    Column("day", Date, nullable=False),
    Column("members", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("reporter", ForeignKey("people.id"), nullable=False),
    Column("home", String(20), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("supersedes", ForeignKey("reports.id")),
    Column("origin", ForeignKey("reports.id")),
    Column("ended_how", String(20)),
    Column("ended_at", Moment),
    Column("ended_by", ForeignKey("people.id")),
    Column("ended_why", Text),
    Index(None, "kind", "day"),
    Index(None, "case"),
    Index(None, "reporter"),
    Index(None, "recorded_at"),
)

held = Table(
    "held",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("case", String(32)),
    Column("held_at", Moment, nullable=False),
    Column("let_go", Boolean, nullable=False),
    Index(None, "person"),
)

handled = Table(
    "handled",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False),
    Column("token", String(32), nullable=False),
    Column("recipient", String(80), nullable=False),
    Column("notice", JSON, nullable=False),
    Column("thread_of", String(200)),
    Column("edits", String(200)),
    Column("state", String(20), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("slips", Integer, nullable=False, server_default="0"),
    Column("place", JSON),
    Column("trouble", Text),
    UniqueConstraint("key"),
    Index(None, "state", "due_at"),
    Index(None, "recipient", "claimed_at"),  # the pace is found without reading all that was said
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("answers", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_by", ForeignKey("people.id")),
    Column("changed_at", Moment),
)

occasions = Table(
    "occasions",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("alarm", String(60), nullable=False),
    Column("period", String(60), nullable=False),
    Column("recipient", String(80), nullable=False),
    Column("subject", String(60), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("skipped", JSON, nullable=False),
    UniqueConstraint("alarm", "period", "recipient"),
    Index(None, "state", "due_at"),
)

nudged = Table(
    "nudged",
    metadata,
    Column("recipient", String(80), primary_key=True),
    Column("subject", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
)

readings = Table(
    "readings",
    metadata,
    Column("id", _identity, primary_key=True, autoincrement=True),
    Column("case", String(32), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "case"),
)

pulse = Table(
    "pulse",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
)

# --- Personal data, disposal and the audit trail

aliases = Table(
    "aliases",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("alias", String(32), nullable=False),
    UniqueConstraint("alias"),
)

audit = Table(
    "audit",
    metadata,
    # Counted by ourselves, without gaps: a database's own counter leaves some.
    Column("number", _identity, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("details", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "actor"),
    Index(None, "subject"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("salt", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

keeps = Table(
    "keeps",
    metadata,
    Column("case", String(32), primary_key=True),
    Column("why", Text, nullable=False),
    Column("by", ForeignKey("people.id")),
    Column("at", Moment, nullable=False),
)

# --- What has been counted already, and can be counted anew at any time

tallied = Table(
    "tallied",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("known_at", Moment, nullable=False),
    Column("counted_to", String(32)),
)

tallies = Table(
    "tallies",
    metadata,
    Column("fingerprint", String(32), nullable=False),
    Column("row", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("since", Date, nullable=False),
    Column("amount", BigInteger, nullable=False),
    PrimaryKeyConstraint("fingerprint", "row", "day", "since", "name"),
    sqlite_with_rowid=False,  # in the order of its key: what is added up lies together
)
