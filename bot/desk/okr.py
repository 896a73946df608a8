"""How the plan stands, asked for: all of it, one key result, or a week as it was published."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from bot.calendar import Period, Week, digest_moment, latest_digest_week
from bot.desk.knowing import Knowing
from bot.desk.setup import Setup
from bot.digest import DigestFacts, Published, awaited, digest_facts
from bot.gathering import gathering
from bot.inquiries import inquiries, kept
from bot.language import N_
from bot.ledger.occasions import OccasionRow
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.masking import Audience
from bot.measures import Case, cases
from bot.pages import Page, said
from bot.people import Person
from bot.plan.model import KeyResult
from bot.rights import Action, check, may
from bot.say import awaited as say_awaited
from bot.say import digest as say_digest
from bot.say import municipality as say_municipality
from bot.say import okr as say_okr
from bot.say.heard import not_understood
from bot.say.reports import Voice
from bot.standing import Standing, kinds_for, standing_of
from bot.typed_line import place_called

DIGEST = "digest"
"""The alarm's name in the ledger."""

BORN = "born"
"""The pulse that says since when this installation has been running."""

HELP = frozenset({"hjälp", "hjalp", "help"})
SILENT = frozenset({"tyst", "tysta", "silent"})


def digest_keys(week: str, channel: str) -> tuple[str, str]:
    """The keys of a week's digest and of the detail in its thread."""
    key = f"{DIGEST}:{week}:{channel}"
    return key, f"{key}:detail"


class Okr:
    def __init__(self, setup: Setup, knowing: Knowing) -> None:
        self._setup = setup
        self._knowing = knowing

    def ask(self, person: Person, words: str) -> Page:
        """`/okr`, `/okr S4`, `/okr vecka 2026-v11`, `/okr tyst`, `/okr Kumla`, `/okr hjälp`."""
        check(person, Action.SEE_STANDING)
        words = words.strip()
        if not words:
            return self.overview(person)
        if words.casefold() in HELP:
            reader = self._setup.language_of(person)
            return say_okr.help_page(reader, self._setup.names(reader))
        if words.casefold() in SILENT:
            return self.awaited(person)
        return self._about(person, words)

    def _about(self, person: Person, words: str) -> Page:
        found = self._key_result(words)
        if found is not None:
            return self.key_result(person, found.id, 0)
        home = place_called(words, self._setup.places)
        if home is not None:
            return self.municipality(person, home)
        week = self._week(words)
        return self.week(person, week) if week else self._not_understood(person, words)

    def overview(self, person: Person) -> Page:
        check(person, Action.SEE_STANDING)
        plan = self._setup.plan
        with gathering():
            rows = self._setup.ledger.read(self._rows)
        own = len(plan.key_results)
        return say_okr.overview(plan, rows[:own], rows[own:], self._setup.language_of(person))

    def _rows(self, books: Books) -> tuple[Standing, ...]:
        rows = self._setup.plan.rows
        [known] = self._knowing.at(books, self._setup.now(), kinds=kinds_for(rows))
        return known.standings(rows, self._setup.today())

    def key_result(self, person: Person, key_result_id: str, page: int) -> Page:
        check(person, Action.SEE_STANDING)
        found = self._key_result(key_result_id)
        if found is None:
            return self._not_understood(person, key_result_id)
        with gathering():
            return self._setup.show(
                person, lambda books, voice: self._one(books, voice, person, found, max(0, page))
            )

    def _one(
        self, books: Books, voice: Voice, person: Person, key_result: KeyResult, page: int
    ) -> Page:
        known = self._known(books, (key_result,))
        stands = standing_of(self._setup.plan, key_result, known, self._setup.today())
        ids = frozenset(stands.measured.behind)
        behind = cases(report for report in known if report.id in ids)
        seen = _told_first(behind, voice) if may(person, Action.SEE_REPORTS) else None
        clock = self._clock(known, stands, voice) if seen is not None else ()
        return say_okr.key_result(say_okr.KeyResultFacts(stands, seen, page, clock), voice)

    def _clock(
        self, known: tuple[Recorded, ...], stands: Standing, voice: Voice
    ) -> tuple[say_okr.HomeClock, ...]:
        """How each municipality keeps the clock of inquiries: of those cases only that everybody
        may know of. With the others, so few numbers would tell who was asked."""
        if not stands.beside:
            return ()
        day = stands.day
        several = inquiries((r for r in known if r.day <= day), self._setup.plan.inquiries)
        open_to_all = [i for i in several if not voice.masking.covers(i.case).confidential]
        rows = ((code, kept(open_to_all, stands.period, day, code)) for code in voice.names.members)
        return tuple(say_okr.HomeClock(code, *shares) for code, shares in rows if shares[0].of)

    def awaited(self, person: Person) -> Page:
        """Who owes what, and who is silent, now. Nobody's own secrets stand in it."""
        check(person, Action.SEE_REPORTS)

        def draw(books: Books, voice: Voice) -> Page:
            [known] = self._knowing.at(books, self._setup.now())
            day = self._setup.today()
            return say_awaited.page(awaited(known, day), day, voice)

        with gathering():
            return self._setup.show(person, draw)

    def municipality(self, person: Person, home: str) -> Page:
        """What a municipality has done for the plan, and what is waited for from it."""
        check(person, Action.SEE_REPORTS)

        def draw(books: Books, voice: Voice) -> Page:
            return say_municipality.page(self._of_home(books, voice, home), voice)

        with gathering():
            return self._setup.show(person, draw)

    def _of_home(self, books: Books, voice: Voice, home: str) -> say_municipality.HomeFacts:
        """Of what everybody may know only, as in the shares of each municipality."""
        day, rows = self._setup.today(), self._setup.plan.rows
        [known] = self._knowing.by_reports(books, self._setup.now())
        stands = known.standings(rows, day)
        covers = voice.masking.covers
        open_to_all = [r for r in known.reports if not covers(r.case).confidential]
        clocks = (c for s in stands for c in self._clock(known.reports, s, voice))
        return say_municipality.HomeFacts(
            home=home,
            day=day,
            shares=tuple(_shares(stands, open_to_all, home)),
            told=self._told_by(open_to_all, home),
            clock=next((each for each in clocks if each.home == home), None),
            awaited=awaited(known, day).of(home),
        )

    def _told_by(self, open_to_all: Iterable[Recorded], home: str) -> tuple[Case, ...]:
        """What is told as news of what a municipality took part in, or has told, this year."""
        day, kinds = self._setup.today(), self._setup.kinds
        year = Period.year_of(day)
        news = (r for r in open_to_all if r.kind in kinds and kinds[r.kind].news)
        several = [case for case in cases(news) if year.contains(case.day) and case.day <= day]
        theirs = (c for c in several if home in {*c.members, *(r.home for r in c.reports)})
        return tuple(sorted(theirs, key=lambda case: case.day, reverse=True))

    def latest_week(self) -> Week:
        """The newest week whose digest is due or out."""
        plan, digest = self._setup.plan, self._setup.plan.digest
        return latest_digest_week(self._setup.now(), digest.time, plan.zone, digest.day_of_week)

    def published(self, week: Week) -> Page | None:
        """A week's digest as everybody in the channel reads it; None if it is yet to come."""

        return self._setup.ledger.read(lambda books: self.digest(books, week))

    def digest(self, books: Books, week: Week, reader: Person | None = None) -> Page | None:
        """As `published`, in the language of whoever reads it."""
        facts = self.facts(books, week)
        if facts is None:
            return None
        # As the channel reads it, whoever asks: nobody's own secrets stand in a digest.
        audience = Audience(self._setup.language_of(reader))
        voice = self._setup.voice_for(books, audience, ahead=facts.told_of)
        return say_digest.digest(self._setup.plan, facts, voice)

    def week(self, person: Person, week: Week) -> Page:
        """A week's digest as it was published; one that never was, as it would have been."""
        check(person, Action.SEE_STANDING)
        if self.moment(week) > self._setup.now():
            reader = self._setup.language_of(person)
            return said(reader.t("That week's digest has not come yet. It comes the week after."))
        if not may(person, Action.SEE_REPORTS):
            return self.overview(person)

        def work(books: Books, _: Voice) -> Page:
            page = self.digest(books, week, person)
            assert page is not None
            return page

        return self._setup.show(person, work)

    def facts(self, books: Books, week: Week) -> DigestFacts | None:
        """What the digest of a week says; None for a week whose digest is yet to come. Nothing else
        may have been read before."""
        books.tallies.one_moment()
        rows = books.occasions.of_alarm(DIGEST)
        published = sorted((published_from(row) for row in rows), key=lambda each: each.week)
        this = next((each for each in published if each.week == week), None)
        this = this or Published(week, self.moment(week))
        if this.as_of > self._setup.now():
            return None
        previous = [each for each in published if each.week < week]
        with gathering():
            return self._facts(books, this, previous[-1] if previous else None)

    def _facts(self, books: Books, this: Published, before: Published | None) -> DigestFacts:
        plan = self._setup.plan
        silent = frozenset(kind.kind for kind in self._setup.kinds.values() if not kind.news)
        if before is None:
            # It tells of all that there is.
            [known] = self._knowing.by_reports(books, this.as_of)
            return digest_facts(plan, this, known, silent=silent)
        known_before, known = self._knowing.at(books, before.as_of, this.as_of)
        return digest_facts(plan, this, known, (before, known_before), silent=silent)

    def moment(self, week: Week) -> datetime:
        """When the digest about a week goes out."""
        plan = self._setup.plan
        return digest_moment(week, plan.digest.time, plan.zone, plan.digest.day_of_week)

    def _known(self, books: Books, rows: Sequence[KeyResult]) -> tuple[Recorded, ...]:
        """All that is known now and makes a difference to these rows."""
        return books.reports.known_at(self._setup.now(), kinds=kinds_for(rows))

    def _key_result(self, words: str) -> KeyResult | None:
        wanted = words.casefold()
        all_ = self._setup.plan.rows
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

    def _not_understood(self, person: Person, words: str) -> Page:
        ids = ", ".join(each.id for each in self._setup.plan.rows)
        reader = self._setup.language_of(person)
        sentence = N_(
            "Write one of {ids}, a municipality, “silent”, or “week 2026-v11”. “help” says more."
        )
        return said(f"{not_understood(words, reader)} {reader.t(sentence, ids=ids)}")


def _shares(
    several: Iterable[Standing], open_to_all: Iterable[Recorded], home: str
) -> Iterator[say_municipality.Share]:
    """The key results that the municipality has done something for."""
    told = tuple(open_to_all)
    for stands in several:
        behind = {*stands.measured.behind}
        counted = cases(report for report in told if report.id in behind)
        if have := sum(home in case.members for case in counted):
            yield say_municipality.Share(stands, have, len(counted))


def _told_first(behind: Iterable[Case], voice: Voice) -> tuple[Case, ...]:
    """The latest first. What the reader may not know of comes last: its place would tell when."""

    def place(case: Case) -> tuple[bool, date]:
        cover = voice.masking.covers(case.reports[0].case)
        return cover.is_known_to(voice.audience.person), case.day

    return tuple(sorted(behind, key=place, reverse=True))


def published_from(row: OccasionRow) -> Published:
    skipped = tuple(Week.parse(week) for week in row.skipped)
    return Published(Week.parse(row.period), row.due_at, skipped)
