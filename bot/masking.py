"""The one place where a report becomes words for somebody.

Receipts, lists, the digest and everything that comes after them ask here, so that what a
reader may not know is decided once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from bot.language import Language
from bot.ledger.recorded import Recorded
from bot.names import PlanNames
from bot.people import Person
from bot.reports import Report

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will read it: one person, or everybody in the channel (`person` is None)."""

    language: Language
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class ReportWords:
    headline: str
    sentences: tuple[str, ...]


class Masking:
    def __init__(self, kinds: Mapping[str, type[Report]]) -> None:
        self._kinds = kinds

    def words(self, recorded: Recorded, names: PlanNames, audience: Audience) -> ReportWords:
        """What `audience` may read of the report. No kind is confidential yet.

        One that this release cannot read is named by its kind, and says nothing: a single odd
        row must not silence a whole digest.
        """
        try:
            report = self.model(recorded)
        except (KeyError, ValidationError):
            log.exception("report %s of kind %s cannot be read", recorded.id, recorded.kind)
            return ReportWords(recorded.kind, ())
        return ReportWords(report.headline(), report.sentences(audience.language, names))

    def model(self, recorded: Recorded) -> Report:
        """The report as its own type."""
        return self._kinds[recorded.kind].model_validate(dict(recorded.answers))
