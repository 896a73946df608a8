"""A door: the way out to one chat platform, as the outbox needs it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.pages import Page

Place = Mapping[str, str]
"""Where a platform put a message, in the platform's own terms."""


class DeliveryError(Exception):
    """A message was not delivered, or nobody can tell.

    `permanent`: it never will be. `unsure`: the platform may have taken it; look before saying
    it again. `wait`: seconds that the platform asks us to leave it alone, if it said so. `shut`:
    nothing can be said where it goes until somebody puts that right.
    """

    def __init__(
        self,
        trouble: str,
        *,
        permanent: bool = False,
        unsure: bool = False,
        wait: float = 0,
        shut: bool = False,
    ) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.permanent = permanent
        self.unsure = unsure
        self.wait = wait
        self.shut = shut


class Door(Protocol):
    """Every method may raise DeliveryError and nothing else."""

    def say(self, recipient: str, page: Page, token: str, thread: Place | None) -> Place:
        """Deliver a page, marked with `token`, as an answer in `thread` if given."""
        ...

    def edit(self, place: Place, page: Page) -> None:
        """Put a page in place of one delivered before."""
        ...

    def find(
        self, recipient: str, token: str, since: datetime, thread: Place | None
    ) -> Place | None:
        """Where the message with this token is, if the platform has it."""
        ...
