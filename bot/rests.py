"""What a platform wants to be left alone with, and until when: remembered for every worker."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Rests:
    """Kept in the ledger: what one worker is told holds for the others, and after a restart."""

    ledger: Ledger
    clock: Clock

    def left(self, what: str) -> float:
        """Seconds until the platform may be asked for `what` again, 0 if it may be now."""
        until = self.ledger.read(lambda books: books.pulse.last(_name(what)))
        return max((until - self.clock()).total_seconds(), 0) if until else 0

    def begin(self, what: str, seconds: float) -> None:
        until = self.clock() + timedelta(seconds=seconds)
        self.ledger.write(lambda books: books.pulse.beat(_name(what), until))


def _name(what: str) -> str:
    return f"rest:{what}"
