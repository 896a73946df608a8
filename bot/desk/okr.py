"""How the plan stands, asked for: all of it, one key result, or a week as it was published."""

from datetime import datetime

from bot.calendar import Week, digest_moment, latest_digest_week
from bot.desk.setup import Setup
from bot.digest import DigestFacts, Published, digest_facts
from bot.ledger.occasions import OccasionRow
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.measures import cases
from bot.pages import Page, said
from bot.people import Person
from bot.plan.model import KeyResult
from bot.rights import Action, check, may
from bot.say import digest as say_digest
from bot.say import okr as say_okr
from bot.say.reports import Voice
from bot.standing import standing, standing_of

DIGEST = "digest"
"""The alarm's name in the ledger."""


class Okr:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def ask(self, person: Person, words: str) -> Page:
        """`/okr`, `/okr S4`, `/okr vecka 2026-v11`."""
        check(person, Action.SEE_STANDING)
        words = words.strip()
        if not words:
            return self.overview(person)
        found = self._key_result(words)
        if found is not None:
            return self.key_result(person, found.id, 0)
        week = self._week(words)
        return self.week(person, week) if week else self._not_understood(person)

    def overview(self, person: Person) -> Page:
        check(person, Action.SEE_STANDING)
        known = self._known()
        standings = standing(self._setup.plan, known, self._setup.today())
        return say_okr.overview(self._setup.plan, standings, self._setup.language_of(person))

    def key_result(self, person: Person, key_result_id: str, page: int) -> Page:
        check(person, Action.SEE_STANDING)
        found = self._key_result(key_result_id)
        if found is None:
            return self._not_understood(person)
        known = self._known()
        stands = standing_of(self._setup.plan, found, known, self._setup.today())
        behind = cases(report for report in known if report.id in stands.measured.behind)
        latest_first = tuple(sorted(behind, key=lambda case: case.day, reverse=True))
        seen = latest_first if may(person, Action.SEE_REPORTS) else None
        return say_okr.key_result(
            say_okr.KeyResultFacts(stands, seen, max(0, page)), self.voice(person)
        )

    def latest_week(self) -> Week:
        """The newest week whose digest is due or out."""
        plan, digest = self._setup.plan, self._setup.plan.digest
        return latest_digest_week(self._setup.now(), digest.time, plan.zone, digest.day_of_week)

    def published(self, week: Week) -> Page | None:
        """A week's digest as everybody in the channel reads it; None if it is yet to come."""
        facts = self._setup.ledger.read(lambda books: self.facts(books, week))
        return say_digest.digest(self._setup.plan, facts, self.voice(None)) if facts else None

    def week(self, person: Person, week: Week) -> Page:
        """A week's digest as it was published; one that never was, as it would have been."""
        check(person, Action.SEE_STANDING)
        facts = self._setup.ledger.read(lambda books: self.facts(books, week))
        if facts is None:
            reader = self._setup.language_of(person)
            return said(reader.t("That week's digest has not come yet. It comes the week after."))
        if not may(person, Action.SEE_REPORTS):
            return self.overview(person)
        return say_digest.digest(self._setup.plan, facts, self.voice(person))

    def facts(self, books: Books, week: Week) -> DigestFacts | None:
        """What the digest of a week says; None for a week whose digest is yet to come."""
        rows = books.occasions.of_alarm(DIGEST)
        published = sorted((published_from(row) for row in rows), key=lambda each: each.week)
        this = next((each for each in published if each.week == week), None)
        this = this or Published(week, self.moment(week))
        if this.as_of > self._setup.now():
            return None
        previous = [each for each in published if each.week < week]
        before = previous[-1] if previous else None
        known_before = books.reports.known_at(before.as_of) if before else ()
        known = books.reports.known_at(this.as_of)
        return digest_facts(self._setup.plan, this, known, before, known_before)

    def voice(self, person: Person | None) -> Voice:
        audience = self._setup.audience(person)
        names = self._setup.names(audience.language)
        today, zone = self._setup.today(), self._setup.plan.zone
        return Voice(audience, names, self._setup.masking, today, zone)

    def moment(self, week: Week) -> datetime:
        """When the digest about a week goes out."""
        plan = self._setup.plan
        return digest_moment(week, plan.digest.time, plan.zone, plan.digest.day_of_week)

    def _known(self) -> tuple[Recorded, ...]:
        now = self._setup.now()
        return self._setup.ledger.read(lambda books: books.reports.known_at(now))

    def _key_result(self, words: str) -> KeyResult | None:
        wanted = words.casefold()
        all_ = self._setup.plan.key_results
        return next((each for each in all_ if each.id.casefold() == wanted), None)

    def _week(self, words: str) -> Week | None:
        """`vecka 2026-v11`, `v 11`, `2026-v11`: a week of the plan."""
        *before, last = words.casefold().split()
        if before not in ([], ["vecka"], ["week"], ["v"], ["v."]):
            return None
        try:
            week = Week.parse(last, default_year=self._setup.today().year)
        except ValueError:
            return None
        plan = self._setup.plan
        return week if plan.starts <= week.sunday and week.monday <= plan.ends else None

    def _not_understood(self, person: Person) -> Page:
        ids = ", ".join(each.id for each in self._setup.plan.key_results)
        reader = self._setup.language_of(person)
        return said(reader.t("Write one of {ids}, or “week 2026-v11”.", ids=ids))


def published_from(row: OccasionRow) -> Published:
    skipped = tuple(Week.parse(week) for week in row.skipped)
    return Published(Week.parse(row.period), row.due_at, skipped)
