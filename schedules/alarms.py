"""The table of all that happens by itself: its name, how often we look, what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.desk.desk import Desk
from bot.ledger.outbox import Outgoing
from bot.ledger.store import Books, Ledger
from bot.notices import OF_A_CASE, Undelivered, notice_from
from schedules.delivery import Deliverer
from schedules.disposal import disposal_if_due
from schedules.inquiries import inquiries_if_due
from schedules.reminders import reminders_if_due
from schedules.weekly_digest import digest_if_due

NOTED_EVERY = timedelta(seconds=15)
"""How often a pulse is written down at the most."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is due is a row in the database; an alarm only looks for it, every so many seconds."""

    name: str
    seconds: float
    job: Callable[[], object]


def alarms(desk: Desk, deliverer: Deliverer) -> tuple[Alarm, ...]:
    jobs: tuple[tuple[str, float, Callable[[], object]], ...] = (
        ("delivery", 1, deliverer.run_once),
        ("digest", 15, lambda: digest_if_due(desk)),
        ("reminders", 15, lambda: reminders_if_due(desk)),
        ("inquiries", 15, lambda: inquiries_if_due(desk)),
        ("disposal", 15, lambda: disposal_if_due(desk)),
    )
    ledger, clock = desk.setup.ledger, desk.setup.clock
    return tuple(
        Alarm(name, seconds, Beating(name, job, ledger, clock)) for name, seconds, job in jobs
    )


NAMES = ("delivery", "digest", "reminders", "inquiries", "disposal")
"""Every alarm's pulse, by its name."""


@dataclass(slots=True)
class Beating:
    """A job that notes in the ledger when it last came to its end: progress, not promises."""

    name: str
    job: Callable[[], object]
    ledger: Ledger
    clock: Clock
    _noted: datetime | None = None

    def __call__(self) -> None:
        self.job()
        now = self.clock()
        if self._noted is None or abs(now - self._noted) >= NOTED_EVERY:
            self.ledger.write(lambda books: books.pulse.beat(self.name, now))
            self._noted = now


def tell_admins(desk: Desk) -> Callable[[Books, Outgoing, str], None]:
    """What is done about a message that will never arrive: every admin is told once."""

    def tell(books: Books, outgoing: Outgoing, trouble: str) -> None:
        notice = notice_from(outgoing.notice)
        if isinstance(notice, Undelivered):
            return
        # That somebody was told of an inquiry would tell who has been asked.
        what = "message" if isinstance(notice, OF_A_CASE) else notice.say
        told = Undelivered(recipient=outgoing.recipient, what=what, trouble=trouble)
        for admin in desk.homes.admins(books):
            key = f"undelivered:{outgoing.id}:{admin.id}"
            desk.setup.tell(books, admin.id, key, told)

    return tell
