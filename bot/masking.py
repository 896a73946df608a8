"""The one place where a report becomes words for somebody.

Receipts, lists, the digest and everything that comes after them ask here, so that what a
reader may not know is decided once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from bot.cover import Cover, Covers
from bot.language import N_, Language
from bot.ledger.recorded import Recorded
from bot.names import PlanNames
from bot.people import Person
from bot.reports import Report

log = logging.getLogger(__name__)

HIDDEN = N_("A confidential case")
WHISPER = N_("a confidential case")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will read it: one person, or everybody in the channel (`person` is None)."""

    language: Language
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class ReportWords:
    """All that may be said of a report. Where it is `hidden`, its day, its municipalities and who
    reported it are not said either: with few cases they would give it away.

    `whisper` is the headline for where others may look on: a notification on a locked screen.
    """

    headline: str
    whisper: str
    sentences: tuple[str, ...] = ()
    day: date | None = None
    members: tuple[str, ...] = ()
    home: str | None = None
    why: str = ""
    """What somebody wrote when it was withdrawn."""
    hidden: bool = False
    secret: bool = False
    """Whether the case is confidential: said to those who may know, and not to others near them."""
    kind: str = ""
    """What sort of thing it is, in a word; nothing for a step, which is known by its case."""

    @property
    def title(self) -> str:
        """The headline after what sort of thing it is, unless it says so itself."""
        if not self.kind or self.kind.casefold() in self.headline.casefold():
            return self.headline
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.headline}"


@dataclass(frozen=True, slots=True)
class Masking:
    """`named` collects the confidential cases that have been named: each is a reading to note."""

    kinds: Mapping[str, type[Report]]
    covers: Covers
    named: set[str] = field(default_factory=set)

    def words(self, recorded: Recorded, names: PlanNames, audience: Audience) -> ReportWords:
        """What `audience` may read of the report.

        One that this release cannot read is named by its kind, and says nothing: a single odd
        row must not silence a whole digest.
        """
        cover, t = self.covers(recorded.case), audience.language.t
        if self.hides(recorded, audience):
            return ReportWords(t(HIDDEN), t(WHISPER), hidden=True, secret=True)
        if cover.confidential:
            self.named.add(cover.case)
        kind, headline, sentences = self._told(recorded, cover, names, audience)
        return ReportWords(
            headline=headline,
            whisper=t(WHISPER) if cover.confidential else headline,
            sentences=sentences,
            day=recorded.day,
            members=recorded.members,
            home=recorded.home,
            why=recorded.ending.why if recorded.ending else "",
            secret=cover.confidential,
            kind=kind,
        )

    def hides(self, recorded: Recorded, audience: Audience) -> bool:
        """Whether nothing may be read of the report. Nothing is named by asking."""
        return not self.covers(recorded.case).is_known_to(audience.person)

    def case_name(self, cover: Cover, audience: Audience) -> str:
        """What a case is called, for those who may know of it."""
        if not cover.is_known_to(audience.person):
            return audience.language.t(HIDDEN)
        if cover.confidential:
            self.named.add(cover.case)
        return cover.headline

    def _told(
        self, recorded: Recorded, cover: Cover, names: PlanNames, audience: Audience
    ) -> tuple[str, str, tuple[str, ...]]:
        try:
            report = self.model(recorded)
        except (KeyError, ValidationError):
            log.exception("report %s of kind %s cannot be read", recorded.id, recorded.kind)
            return "", recorded.kind, ()
        sentences = report.sentences(audience.language, names)
        if audience.person is not None and cover.has_inside(audience.person):
            sentences += report.inside(audience.language)
        told_as = report.told_as(audience.language)
        if report.step_of:
            return "", f"{cover.headline}: {told_as}", sentences
        return told_as, report.headline(), sentences

    def model(self, recorded: Recorded) -> Report:
        """The report as its own type."""
        return self.kinds[recorded.kind].model_validate(dict(recorded.answers))
