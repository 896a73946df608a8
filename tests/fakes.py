"""Fakes that remember, for what would otherwise be far away."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import MovableClock
from bot.composer import NotNowError
from bot.door import Place
from bot.ledger.outbox import Outgoing
from bot.pages import Page, said


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens on one call: whether the message `lands`, how many seconds it is `late` in
    the history, how many seconds the call `takes`, and what is raised at its end."""

    error: BaseException | None = None
    lands: bool = True
    late: float = 0
    takes: float = 0


@dataclass(frozen=True, slots=True)
class Landed:
    recipient: str
    words: str
    token: str
    thread: Place | None
    at: datetime
    shown_from: datetime


@dataclass
class FakeDoor:
    """A `bot.door.Door` to nowhere. `turns` and `looks` are what the next calls of `say` and
    `find` for a recipient meet; after that all goes well."""

    clock: MovableClock
    turns: defaultdict[str, deque[Turn]] = field(default_factory=lambda: defaultdict(deque))
    looks: defaultdict[str, deque[Turn]] = field(default_factory=lambda: defaultdict(deque))
    edit_turns: deque[Turn] = field(default_factory=deque)
    landed: list[Landed] = field(default_factory=list)
    edited: list[tuple[Place, str]] = field(default_factory=list)
    calls: list[tuple[str, str, datetime]] = field(default_factory=list)

    def say(self, recipient: str, page: Page, token: str, thread: Place | None) -> Place:
        self.calls.append(("say", recipient, self.clock()))
        turn = _next(self.turns[recipient])
        if turn.lands:
            now = self.clock()
            shown_from = now + timedelta(seconds=turn.late)
            self.landed.append(Landed(recipient, page.summary, token, thread, now, shown_from))
        self._end(turn)
        return {"number": str(len(self.landed))}

    def edit(self, place: Place, page: Page) -> None:
        turn = _next(self.edit_turns)
        if turn.lands:
            self.edited.append((place, page.summary))
        self._end(turn)

    def find(
        self, recipient: str, token: str, since: datetime, thread: Place | None
    ) -> Place | None:
        self.calls.append(("find", recipient, self.clock()))
        self._end(_next(self.looks[recipient]))
        for number, each in enumerate(self.landed, start=1):
            shown = since <= each.at and each.shown_from <= self.clock()
            if shown and (each.recipient, each.token, each.thread) == (recipient, token, thread):
                return {"number": str(number)}
        return None

    def _end(self, turn: Turn) -> None:
        self.clock.set(self.clock() + timedelta(seconds=turn.takes))
        if turn.error is not None:
            raise turn.error

    def words(self, recipient: str) -> list[str]:
        return [each.words for each in self.landed if each.recipient == recipient]


def _next(turns: deque[Turn]) -> Turn:
    return turns.popleft() if turns else Turn()


@dataclass
class PlainComposer:
    """Says a notice's `words`; what is `pointless` has lost its point, what is `broken` fails, and
    what is `not_now` is asked for once more at the moment given."""

    not_now: dict[str, datetime] = field(default_factory=dict)
    pointless: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, outgoing: Outgoing) -> Page | None:
        words = str(outgoing.notice["words"])
        if words in self.not_now:
            raise NotNowError(self.not_now.pop(words))
        if words in self.broken:
            raise LookupError(words)
        return None if words in self.pointless else self.pages.get(words, said(words))
