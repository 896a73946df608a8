"""The table of all that happens by itself: its name, how often we look, what is done."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.desk.desk import Desk
from bot.ledger.outbox import Outgoing
from bot.ledger.store import Books, Ledger
from bot.notices import Undelivered, notice_from
from schedules.delivery import Deliverer
from schedules.reminders import reminders_if_due
from schedules.weekly_digest import digest_if_due

WORKER = "worker"
"""The pulse of a worker that gets things done."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is due is a row in the database; an alarm only looks for it, every so many seconds."""

    name: str
    seconds: float
    job: Callable[[], object]


def alarms(desk: Desk, deliverer: Deliverer) -> tuple[Alarm, ...]:
    ledger, clock = desk.setup.ledger, desk.setup.clock
    return (
        Alarm("delivery", 1, deliverer.run_once),
        Alarm("digest", 15, lambda: digest_if_due(desk)),
        Alarm("reminders", 15, lambda: reminders_if_due(desk)),
        Alarm("pulse", 15, lambda: beat(ledger, clock)),
    )


def beat(ledger: Ledger, clock: Clock) -> None:
    ledger.write(lambda books: books.pulse.beat(WORKER, clock()))


def tell_admins(desk: Desk) -> Callable[[Books, Outgoing, str], None]:
    """What is done about a message that will never arrive: every admin is told once."""

    def tell(books: Books, outgoing: Outgoing, trouble: str) -> None:
        notice = notice_from(outgoing.notice)
        if isinstance(notice, Undelivered):
            return
        told = Undelivered(recipient=outgoing.recipient, what=notice.say, trouble=trouble)
        for admin in desk.homes.admins(books):
            key = f"undelivered:{outgoing.id}:{admin.id}"
            desk.setup.tell(books, admin.id, key, told)

    return tell
