"""Reminders that are due: claimed and put in the outbox by two workers that race for them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from sqlalchemy import Engine, func, select

from benchmarks import ledgers
from benchmarks.reports import MARIA, NOW, desk_on
from benchmarks.rounds import at_least
from benchmarks.rows import Row
from bot.ledger.engine import Engines
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import occasions, outbox
from bot.reminders import EVERYONE
from schedules.reminders import EVERYBODY, reminders_if_due

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
            seconds = _raced(url)
            yield _row(name, _claimed(engines.reading), seconds)


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


def _raced(url: str) -> float:
    """How many seconds it takes from both workers' start until neither finds anything more."""
    context = get_context("spawn")
    start = context.Barrier(_WORKERS + 1)
    workers = [context.Process(target=_work, args=(url, start)) for _ in range(_WORKERS)]
    for worker in workers:
        worker.start()
    start.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return time.perf_counter() - began


def _work(url: str, start: Barrier) -> None:
    with ledgers.connected(url) as engines:
        desk = desk_on(engines)
        start.wait()
        reminders_if_due(desk)


def _claimed(engine: Engine) -> int:
    """How many were claimed for somebody: as many as stand in the outbox."""
    own = select(func.count()).select_from(occasions).where(occasions.c.recipient != EVERYBODY)
    put = select(func.count()).select_from(outbox)
    with engine.connect() as connection:
        claimed, said = (int(connection.execute(query).scalar_one()) for query in (own, put))
    assert claimed == said
    return claimed


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
