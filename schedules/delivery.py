"""The outbox worker: claims what is to be said, has it said, and remembers how that went."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from bot.clock import Clock
from bot.composer import Composer, NotNowError
from bot.door import DeliveryError, Door, Place
from bot.ledger.outbox import LOST_AFTER, Delivery, Outgoing
from bot.ledger.store import HELD, Books, Ledger
from bot.pages import Page

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=15)
SETTLING = LOST_AFTER
"""How long a message whose fate is unknown is left alone before it is looked for: longer than
any request can be under way, so that it is there by then if it ever will be."""

OWN_TRIES = 80
"""How often something that fails on our own side is tried: most of a day, for a mended release
to come. Then it is given up and admins are told, so that the rest of the line moves on."""

LONGEST_ROUND = timedelta(seconds=20)
"""After this no further message is begun in the same round. A platform that lets every request
time out would otherwise keep a round going for so long that the worker counts as dead."""

CLAIM_IS_YOUNG = timedelta(seconds=5)
"""A claim older than this is made young again before anything is said on it, so that what follows
(`DELIVERY_TIMEOUT`) is over before another worker may take the message for lost."""

_DOUBTFUL = (Delivery.SENDING, Delivery.UNKNOWN)
"""The states in which the platform may have the message already."""


class LostClaimError(Exception):
    """We took so long that another worker has the message now."""


Failed = Callable[[Books, Outgoing, str], None]


@dataclass(frozen=True, slots=True)
class Deliverer:
    """`doors` by the platform that a recipient begins with. `failed` is told of what never
    arrived, and `shut_out` of what waits because nothing can be said where it goes, each time; in
    the transaction that records it."""

    ledger: Ledger
    composer: Composer
    doors: Mapping[str, Door]
    clock: Clock
    failed: Failed
    shut_out: Failed

    def run_once(self, tried: Callable[[], None] = lambda: None) -> int:
        """Try everything that may be tried now, for as long as a round may take; `tried` hears
        after each. How many were tried."""
        now, count = self.clock(), 0
        heads = self.ledger.read(lambda books: _in_line(books, now))
        for outgoing in takewhile(lambda _: self.clock() < now + LONGEST_ROUND, heads):
            count += self._deliver(outgoing)
            tried()
        return count

    def _deliver(self, outgoing: Outgoing) -> bool:
        # The time of this claim, not of the round: one that seems old is a dead worker's.
        now = self.clock()
        if not self.ledger.write(lambda books: books.outbox.claim(outgoing, now)):
            return False
        try:
            place = self._said(outgoing, now)
        except LostClaimError:
            log.warning("message %s: another worker has it", outgoing.key)
        except NotNowError as later:
            self._put_off(outgoing, later.until)
        except DeliveryError as error:
            self._troubled(outgoing, error)
        except Exception as error:
            # Our own fault. Put off, so that a mended release says it, and the rest of the
            # outbox is not held up by it.
            log.exception("message %s could not be said", outgoing.key)
            given_up = outgoing.slips >= OWN_TRIES
            trouble = DeliveryError(type(error).__name__, unsure=True, permanent=given_up)
            self._troubled(outgoing, trouble, slips=1)
        else:
            # If this fails the claim stays, and the message is looked for when it counts as lost.
            self._settle(outgoing, place)
        return True

    def _said(self, outgoing: Outgoing, claimed_at: datetime) -> Place | None:
        """Where it was said; None if it has lost its point."""
        door = self.doors[outgoing.recipient.partition(":")[0]]
        thread = self._place(outgoing.thread_of)
        if outgoing.state in _DOUBTFUL and outgoing.edits is None:
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
        self._keep_claim(outgoing, claimed_at)
        return door.say(outgoing.recipient, page, outgoing.token, thread)

    def _keep_claim(self, outgoing: Outgoing, claimed_at: datetime) -> None:
        """Looking through a long history, or a machine that was halted, may have taken longer
        than a claim lives. Raises LostClaimError if it did."""
        now = self.clock()
        if now < claimed_at + CLAIM_IS_YOUNG:
            return
        if not self.ledger.write(lambda books: books.outbox.renew(outgoing, now)):
            raise LostClaimError

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
        if state is Delivery.DROPPED:
            log.info("message %s has lost its point", outgoing.key)
        self.ledger.write(lambda books: books.outbox.settle(outgoing, state, place=place))

    def _put_off(self, outgoing: Outgoing, until: datetime) -> None:
        self.ledger.write(lambda books: books.outbox.put_off(outgoing, Delivery.LATER, until, ""))

    def _troubled(self, outgoing: Outgoing, error: DeliveryError, slips: int = 0) -> None:
        log.warning("message %s: %s", outgoing.key, error.trouble)
        if error.permanent:
            self.ledger.write(lambda books: self._give_up(books, outgoing, error.trouble))
            return
        # A doubt stays until the message has been found or said: also when it was the looking
        # that failed.
        doubt = error.unsure or outgoing.state in _DOUBTFUL
        state = Delivery.UNKNOWN if doubt else Delivery.PENDING
        until = self.clock() + _waiting(outgoing, error)

        def work(books: Books) -> None:
            books.outbox.put_off(outgoing, state, until, error.trouble, slips)
            if error.shut:
                self.shut_out(books, outgoing, error.trouble)

        self.ledger.write(work)

    def _give_up(self, books: Books, outgoing: Outgoing, trouble: str) -> None:
        books.outbox.settle(outgoing, Delivery.FAILED, trouble=trouble)
        self.failed(books, outgoing, trouble)


def _in_line(books: Books, now: datetime) -> tuple[Outgoing, ...]:
    """Nothing while the outbox is held: a restored database would say again what it has said."""
    return () if books.pulse.last(HELD) else books.outbox.next_in_line(now)


def _waiting(outgoing: Outgoing, error: DeliveryError) -> timedelta:
    if error.wait:
        return timedelta(seconds=error.wait)
    longer = min(LONGEST_WAIT, timedelta(seconds=2 ** min(outgoing.attempts + 1, 10)))
    # To edit twice does no harm, so an edit is not looked for.
    return longer if outgoing.edits is not None or not error.unsure else max(SETTLING, longer)
