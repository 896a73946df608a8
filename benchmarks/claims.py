"""Reminders that are due: claimed and put in the outbox by two workers that race for them."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from sqlalchemy import ColumnElement, Engine, func, select

from benchmarks import ledgers
from benchmarks.reports import MARIA, NOW, desk_on
from benchmarks.rounds import at_least
from benchmarks.rows import Row
from bot.ledger.engine import Engines
from bot.ledger.occasions import EVERYBODY
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import occasions, outbox
from bot.reminders import EVERYONE
from schedules.reminders import reminders_if_due

_CONTACTS = 200
_REMINDERS = 1_000
_WORKERS = 2
_LEAST = 20_000
"""Claims a second."""


def measure(scale: float) -> Iterator[Row]:
    reminders = at_least(scale, _REMINDERS, 2)
    for name, database in ledgers.EACH.items():
        with database() as url, ledgers.connected(url) as engines:
            _fill(engines, reminders)
            seconds = _raced(url, reminders)
            claimed = _claimed(engines.reading)
            assert claimed == reminders * _CONTACTS
            yield _row(name, claimed, seconds)


def _fill(engines: Engines, reminders: int) -> None:
    """Each reminder reaches every contact, and its time came this morning."""
    answers = {
        "say": "Dags att rapportera",
        "audience": EVERYONE,
        "when": "once",
        "start": NOW.date().isoformat(),
        "at": "09:00:00",
    }

    def work(books: Books) -> None:
        books.people.meet(MARIA)
        for number in range(1, _CONTACTS):
            books.people.meet(replace(MARIA, id=f"{MARIA.id}{number:04}"))
        for _ in range(reminders):
            books.reminders.add(answers, MARIA.id, NOW - timedelta(days=3))

    Ledger(engines).write(work)


def _raced(url: str, reminders: int) -> float:
    """How many seconds it takes from both workers' start until there is nothing left to claim."""
    context = get_context("spawn")
    start = context.Barrier(_WORKERS + 1)
    workers = [context.Process(target=_work, args=(url, reminders, start)) for _ in range(_WORKERS)]
    for worker in workers:
        worker.start()
    start.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return time.perf_counter() - began


def _work(url: str, reminders: int, start: Barrier) -> None:
    # Who waits too long for SQLite's only writer says so in the log, and comes to it next round.
    logging.disable(logging.CRITICAL)
    with ledgers.connected(url) as engines:
        desk = desk_on(engines)
        start.wait()
        while _count(engines.reading, occasions.c.recipient == EVERYBODY) < reminders:
            reminders_if_due(desk)


def _claimed(engine: Engine) -> int:
    """How many were claimed for somebody: as many as stand in the outbox."""
    claimed = _count(engine, occasions.c.recipient != EVERYBODY)
    assert claimed == _count(engine, outbox.c.recipient != EVERYBODY)
    return claimed


def _count(engine: Engine, which: ColumnElement[bool]) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).where(which)).scalar_one())


def _row(database: str, claimed: int, seconds: float) -> Row:
    rate = claimed / seconds
    return Row(
        what=f"{claimed:,} due reminders claimed by two processes, {database}",
        value=f"{rate:,.0f}/s",
        floor="–",
        ratio="–",
        aim=f"at least {_LEAST:,}/s",
        met=rate >= _LEAST,
    )
