"""What a recorded report is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Ended(StrEnum):
    """How a report stopped being the truth. Nothing in the ledger is ever overwritten."""

    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ending:
    how: Ended
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One report in the ledger.

    Two times stand on it: `day`, when the thing happened (local date), and `recorded_at`, when
    we were told (UTC). `ending` says when and why it stopped being the truth. Reports about the
    same thing share `case`, `kind` and `part`; a case may hold several things, each a step of its
    life. `members` are the municipality codes that it credits, `home` is
    whom the reporter spoke for (a municipality's code or the office's).
    """

    id: int
    case: str
    kind: str
    day: date
    members: tuple[str, ...]
    answers: Mapping[str, object]
    reporter: str
    home: str
    recorded_at: datetime
    supersedes: int | None = None
    origin: int | None = None
    """The first report of the row of corrections that this one belongs to."""
    ending: Ending | None = None
    part: str = ""

    @property
    def thing(self) -> tuple[str, str, str]:
        """What it is about: reports with the same are counted once."""
        return self.case, self.kind, self.part

    @property
    def place(self) -> int:
        """Its place in the order of telling: a correction keeps that of what it corrects."""
        return self.origin or self.id

    def live_at(self, moment: datetime) -> bool:
        """Whether this was the truth as known at `moment`."""
        return self.recorded_at <= moment and (self.ending is None or self.ending.at > moment)
