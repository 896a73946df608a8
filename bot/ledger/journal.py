"""The journal of erasures: the same tombstones as in the database, in a file outside of it.

Whoever restores a backup after the database has been lost has nothing else that tells whom it must
not bring back.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.ledger.erasures import Tombstone
from bot.undone import UndoneError


class JournalError(UndoneError):
    """It cannot be read or written. The text says which file, and why."""


@dataclass(frozen=True, slots=True)
class Journal:
    """`path` is None where there is none: PostgreSQL without a setting for it."""

    path: Path | None = None

    def read(self) -> tuple[Tombstone, ...]:
        """Raises JournalError where it is there and cannot be read."""
        if self.path is None or not self.path.exists():
            return ()
        try:
            return tuple(map(_tombstone, self.path.read_text().splitlines()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise JournalError(f"{self.path}: {type(error).__name__}") from error

    def add(self, several: Iterable[Tombstone]) -> None:
        """Write down those that are not in it yet. Raises JournalError."""
        if self.path is None:
            return
        known = {each.salt for each in self.read()}
        new = [each for each in several if each.salt not in known]
        if new:
            try:
                _append(self.path, map(_line, new))
            except OSError as error:
                raise JournalError(f"{self.path}: {type(error).__name__}") from error


NO_JOURNAL = Journal()


def _append(path: Path, lines: Iterable[str]) -> None:
    with path.open("a") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def _tombstone(line: str) -> Tombstone:
    row = json.loads(line)
    return Tombstone(row["salt"], row["digest"], datetime.fromisoformat(row["at"]))


def _line(each: Tombstone) -> str:
    return json.dumps({"salt": each.salt, "digest": each.digest, "at": each.at.isoformat()})
