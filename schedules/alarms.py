"""The table of all that happens by itself: its name, how often we look, what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.clock import Clock
from bot.desk.desk import Desk
from bot.ledger.outbox import Outgoing
from bot.ledger.store import Books, Ledger
from bot.notices import OF_A_CASE, Undelivered, Unsaid, notice_from
from schedules.delivery import Deliverer
from schedules.disposal import disposal_if_due
from schedules.inquiries import inquiries_if_due
from schedules.reminders import reminders_if_due
from schedules.watchdog import Progress
from schedules.weekly_digest import digest_if_due

NOTED_EVERY = timedelta(seconds=15)
"""How often a pulse is written down at the most."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is due is a row in the database; an alarm only looks for it, every so many seconds."""

    name: str
    seconds: float
    job: Callable[[], object]


Beat = Callable[[], None]
"""Called by a job that takes long, whenever it has got a part of it done."""


def alarms(desk: Desk, deliverer: Deliverer, progress: Progress) -> tuple[Alarm, ...]:
    jobs: tuple[tuple[str, float, Callable[[Beat], object]], ...] = (
        # Where the platform is slow, a round of many messages takes minutes.
        ("delivery", 1, deliverer.run_once),
        ("digest", 15, lambda _beat: digest_if_due(desk)),
        ("reminders", 15, lambda _beat: reminders_if_due(desk)),
        ("inquiries", 15, lambda _beat: inquiries_if_due(desk)),
        ("disposal", 15, lambda _beat: disposal_if_due(desk)),
        # Where there are very many reports, the first time takes a minute or more.
        ("tallies", 15, desk.tallying.bring_forward),
    )
    ledger, clock = desk.setup.ledger, desk.setup.clock
    return tuple(
        Alarm(name, seconds, Beating(name, job, ledger, clock, progress))
        for name, seconds, job in jobs
    )


@dataclass(slots=True)
class Beating:
    """A job that notes when it last got something done: progress, not promises. In the ledger for
    those who ask from outside, in `progress` for the watchdog within.

    A round that fails has got nothing done, nor has one whose beat could not be written down.
    """

    name: str
    job: Callable[[Beat], object]
    ledger: Ledger
    clock: Clock
    progress: Progress
    _noted: datetime | None = None

    def __call__(self) -> None:
        self.job(self.beat)
        self.beat()

    def beat(self) -> None:
        now = self.clock()
        if self._noted is None or abs(now - self._noted) >= NOTED_EVERY:
            self.ledger.write(lambda books: books.pulse.beat(self.name, now))
            self._noted = now
        self.progress.made(self.name)


def tell_admins(desk: Desk) -> Callable[[Books, Outgoing, str], None]:
    """What is done about a message that will never arrive: every admin is told, once a day for each
    cause, however many messages it stops."""

    def tell(books: Books, outgoing: Outgoing, trouble: str) -> None:
        notice = notice_from(outgoing.notice)
        if isinstance(notice, Undelivered):
            return
        # That somebody was told of an inquiry would tell who has been asked.
        what = "message" if isinstance(notice, OF_A_CASE) else notice.say
        told = Undelivered(recipient=outgoing.recipient, what=what, trouble=trouble)
        cause = sha256(f"{outgoing.recipient} {trouble}".encode()).hexdigest()[:16]
        for admin in desk.homes.admins(books):
            key = f"undelivered:{cause}:{desk.setup.today()}:{admin.id}"
            desk.setup.tell(books, admin.id, key, told)

    return tell


def tell_admins_of_the_channel(desk: Desk) -> Callable[[Books, Outgoing, str], None]:
    """What is done about a message that waits because nothing can be said where it goes: of the
    channel every admin is told, once for each message."""

    def tell(books: Books, outgoing: Outgoing, trouble: str) -> None:
        if outgoing.recipient == desk.setup.channel:
            told = Unsaid(message=outgoing.key, trouble=trouble)
            for admin in desk.homes.admins(books):
                desk.setup.tell(books, admin.id, f"unsaid:{outgoing.id}:{admin.id}", told)

    return tell
