"""The outbox worker: claims what is to be said, has it said, and remembers how that went."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.composer import Composer
from bot.door import DeliveryError, Door, Place
from bot.ledger.outbox import LOST_AFTER, Delivery, Outgoing
from bot.ledger.store import Books, Ledger
from bot.pages import Page

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=15)
SETTLING = LOST_AFTER
"""How long a message whose fate is unknown is left alone before it is looked for: longer than
any request can be under way, so that it is there by then if it ever will be."""

Failed = Callable[[Books, Outgoing, str], None]


@dataclass(frozen=True, slots=True)
class Deliverer:
    """`doors` by the platform that a recipient begins with; `failed` is told of what never
    arrived, in the transaction that records it."""

    ledger: Ledger
    composer: Composer
    doors: Mapping[str, Door]
    clock: Clock
    failed: Failed

    def run_once(self) -> int:
        """Try everything that may be tried now. How many were tried."""
        now = self.clock()
        heads = self.ledger.read(lambda books: books.outbox.next_in_line(now))
        return sum(self._deliver(outgoing, now) for outgoing in heads)

    def _deliver(self, outgoing: Outgoing, now: datetime) -> bool:
        if not self.ledger.write(lambda books: books.outbox.claim(outgoing, now)):
            return False
        try:
            self._settle(outgoing, self._said(outgoing))
        except DeliveryError as error:
            self._troubled(outgoing, error, now)
        except Exception as error:
            # Composing failed: our own fault. Put off, so that a mended release says it, and
            # the rest of the outbox is not held up by it.
            log.exception("message %s could not be composed", outgoing.key)
            self._put_off(outgoing, type(error).__name__, now + self._waiting(outgoing))
        return True

    def _said(self, outgoing: Outgoing) -> Place | None:
        """Where it was said; None if it has lost its point."""
        door = self.doors[outgoing.recipient.partition(":")[0]]
        thread = self._place(outgoing.thread_of)
        if outgoing.state is not Delivery.PENDING:
            found = door.find(outgoing.recipient, outgoing.token, outgoing.created_at, thread)
            if found is not None:
                return found
        page = self.composer.page(outgoing)
        if page is None:
            return None
        if outgoing.edits is not None:
            return self._edited(door, outgoing.edits, page)
        if outgoing.thread_of is not None and thread is None:
            return None
        return door.say(outgoing.recipient, page, outgoing.token, thread)

    def _edited(self, door: Door, key: str, page: Page) -> Place | None:
        place = self._place(key)
        if place is not None:
            door.edit(place, page)
        return place

    def _place(self, key: str | None) -> Place | None:
        if key is None:
            return None
        said = self.ledger.read(lambda books: books.outbox.get(key))
        return said.place if said else None

    def _settle(self, outgoing: Outgoing, place: Place | None) -> None:
        state = Delivery.DROPPED if place is None else Delivery.SENT
        self.ledger.write(lambda books: books.outbox.settle(outgoing, state, place=place))

    def _troubled(self, outgoing: Outgoing, error: DeliveryError, now: datetime) -> None:
        log.warning("message %s: %s", outgoing.key, error.trouble)
        if error.permanent:
            self.ledger.write(lambda books: self._give_up(books, outgoing, error.trouble))
        elif error.unsure and outgoing.edits is None:
            self._put_off(outgoing, error.trouble, now + SETTLING, Delivery.UNKNOWN)
        else:
            wait = timedelta(seconds=error.wait) if error.wait else self._waiting(outgoing)
            self._put_off(outgoing, error.trouble, now + wait)

    def _give_up(self, books: Books, outgoing: Outgoing, trouble: str) -> None:
        books.outbox.settle(outgoing, Delivery.FAILED, trouble=trouble)
        self.failed(books, outgoing, trouble)

    def _put_off(
        self,
        outgoing: Outgoing,
        trouble: str,
        until: datetime,
        state: Delivery = Delivery.PENDING,
    ) -> None:
        self.ledger.write(lambda books: books.outbox.put_off(outgoing, state, until, trouble))

    def _waiting(self, outgoing: Outgoing) -> timedelta:
        return min(LONGEST_WAIT, timedelta(seconds=2 ** min(outgoing.attempts + 1, 10)))
