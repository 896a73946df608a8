"""A Brobot without a platform: real rules, real databases, a door that remembers what was said."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from sqlalchemy import event

from bot.clock import MovableClock
from bot.desk.desk import Desk
from bot.desk.setup import Setup
from bot.ledger.engine import Engines, connect
from bot.ledger.outbox import Outgoing
from bot.ledger.reminders import ReminderState
from bot.ledger.store import Books, Ledger, LedgerBusyError
from bot.pages import Page, said
from bot.people import Role
from bot.plan.model import Plan, WorkingHours
from bot.reports import kinds
from schedules.alarms import Alarm, alarms, tell_admins, tell_admins_of_the_channel
from schedules.delivery import Deliverer
from schedules.names import NAMES
from schedules.watchdog import Progress
from tests.bot.examples import BRO
from tests.bot.ledger.cast import MARIA
from tests.conftest import Still
from tests.fakes import FakeDoor, Killed

CHANNEL, AMIR = "slack:C1", "slack:U1"
ADMIN = replace(MARIA, id=AMIR, name="Amir Exempel", home="bro", roles=frozenset({Role.ADMIN}))
STOCKHOLM = ZoneInfo("Europe/Stockholm")

LONG_PLAN = BRO.model_copy(update={"starts": date(2024, 1, 1), "ends": date(2035, 12, 31)})
ROUND_THE_CLOCK = BRO.model_copy(
    update={
        "starts": date(2020, 1, 1),
        "ends": date(2035, 12, 31),
        "working_hours": WorkingHours(start=time(0), end=time.max),
    }
)
"""Working hours that never end, for what would otherwise wait for the morning."""


@dataclass(frozen=True)
class KeyComposer:
    """Says a message's key: what counts here is what is said how often, not in which words."""

    def page(self, outgoing: Outgoing) -> Page:
        return said(outgoing.key)


class MortalLedger(Ledger):
    """A ledger in whose use the worker may die: before any call of the database, before a commit,
    and after one."""

    def __init__(self, engines: Engines, fate: Callable[[], None]) -> None:
        super().__init__(engines)
        self._fate = fate
        for engine in {engines.writing, engines.reading}:
            event.listen(engine, "before_cursor_execute", lambda *_: fate())
            event.listen(engine, "commit", lambda _: fate())

    def write(self, work):
        done = super().write(work)
        self._fate()
        return done


@dataclass
class Chance:
    """Kills whoever asks, once in so many times."""

    random: Random
    once_in: int
    killed: int = 0

    def __call__(self) -> None:
        if self.random.randrange(self.once_in) == 0:
            self.killed += 1
            raise Killed


def desk_of(ledger: Ledger, plan: Plan, clock: MovableClock) -> Desk:
    random = Random(7)
    return Desk(
        Setup(
            ledger=ledger,
            plan=plan,
            kinds=kinds(),
            clock=clock,
            new_token=lambda: f"{random.getrandbits(128):032x}",
            channel=CHANNEL,
        )
    )


@dataclass
class Worker:
    """One worker's process: its own connections, its own alarms, its own real seconds."""

    ledger: Ledger
    plan: Plan
    clock: MovableClock
    door: FakeDoor
    monotonic: Callable[[], float]
    desk: Desk = field(init=False)
    table: dict[str, Alarm] = field(init=False)
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.desk = desk_of(self.ledger, self.plan, self.clock)
        deliverer = Deliverer(
            ledger=self.ledger,
            composer=KeyComposer(),
            doors={"slack": self.door},
            clock=self.clock,
            failed=tell_admins(self.desk),
            shut_out=tell_admins_of_the_channel(self.desk),
        )
        self.progress = Progress(NAMES, self.monotonic)
        self.table = {each.name: each for each in alarms(self.desk, deliverer, self.progress)}

    def rings(self, *names: str) -> None:
        """One round of these alarms. Whoever is killed, or kept waiting by the database, stops."""
        with suppress(Killed, LedgerBusyError):
            for name in names or NAMES:
                self.table[name].job()


class House:
    """An installation over the years: `worker()` makes another worker of it."""

    def __init__(self, url: str, plan: Plan, begins: datetime) -> None:
        self.url, self.plan = url, plan
        self.clock = MovableClock(Still(begins))
        self.door = FakeDoor(self.clock)
        self.elapsed = 0.0
        self._ledgers: list[Ledger] = []
        self.ledger = self.opened(Ledger(connect(url)))

    def opened(self, ledger: Ledger) -> Ledger:
        self._ledgers.append(ledger)
        return ledger

    def close(self) -> None:
        for ledger in self._ledgers:
            ledger.close()

    def worker(self, ledger: Ledger | None = None) -> Worker:
        return Worker(ledger or self.ledger, self.plan, self.clock, self.door, lambda: self.elapsed)

    def passes(self, seconds: float) -> None:
        """Time goes by, on the wall and in the machine."""
        self.elapsed += seconds
        self.clock.set(self.clock() + timedelta(seconds=seconds))

    def works(self, worker: Worker, until: datetime, every: float = 60) -> None:
        """A worker's rounds until a moment, which is the last of them."""
        while self.clock() < until:
            worker.rings()
            self.passes(min(every, (until - self.clock()).total_seconds()))
        worker.rings()

    def delivers(self, worker: Worker) -> None:
        """What stands in the outbox is said, one message a second."""
        while self.ledger.read(lambda books: books.outbox.unsettled()):
            worker.rings("delivery")
            self.passes(1)

    def reminds(self, start: date, at: time, **more: object) -> int:
        """A weekly reminder to the channel, made by Amir now. Its id."""
        self.ledger.write(lambda books: books.people.meet(ADMIN))
        answers = {
            "say": "Dags att rapportera",
            "audience": "channel",
            "when": "weekly",
            "start": start.isoformat(),
            "at": at.isoformat(),
            **more,
        }
        return self.ledger.write(lambda books: books.reminders.add(answers, AMIR, self.clock()))

    def turns(self, reminder: int, state: ReminderState) -> None:
        now = self.clock()
        self.ledger.write(lambda books: books.reminders.turn(reminder, state, AMIR, now))

    def said(self, beginning: str) -> list[str]:
        return [each.words for each in self.door.landed if each.words.startswith(beginning)]

    def twice(self) -> list[str]:
        counted = Counter(each.words for each in self.door.landed)
        return [words for words, times in counted.items() if times > 1]

    def unsettled(self, books: Books) -> int:
        return books.outbox.unsettled()


# --- What the calendar says, worked out without the product's own


def is_off(day: date) -> bool:
    """Weekends, Swedish public holidays, and the eves on which offices are closed."""
    fixed = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
    from_easter = (day - easter(day.year)).days in {-2, 0, 1, 39, 49}
    midsummer = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    return day.weekday() > 4 or (day.month, day.day) in fixed or from_easter or midsummer


def weeks_of(*years: int) -> Iterator[tuple[str, datetime]]:
    """Each ISO week of these years, and the moment when its digest is due."""
    for year in years:
        for number in range(1, date(year, 12, 28).isocalendar().week + 1):
            day = date.fromisocalendar(year, number, 1) + timedelta(weeks=1)
            while is_off(day):
                day += timedelta(days=1)
            eight = datetime.combine(day, time(8), STOCKHOLM)
            yield f"{year}-v{number:02}", eight.astimezone(UTC)
