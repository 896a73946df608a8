"""How the bot itself is doing, for admins: in Home, and asked for."""

from datetime import timedelta

from bot.calendar import Week, digest_moment, latest_digest_week
from bot.desk.okr import BORN, DIGEST, published_from
from bot.desk.setup import Setup
from bot.ledger.condition import Condition
from bot.ledger.store import HELD, Books
from bot.pages import Page, Part
from bot.people import Person
from bot.rights import Action, check, may
from bot.say import running as say
from bot.say.reports import Voice

_OWED_AFTER = timedelta(hours=1)


class Running:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def page(self, person: Person) -> Page:
        check(person, Action.SEE_RUNNING)
        return self._setup.show(person, lambda books, voice: say.running(self._facts(books), voice))

    def parts(self, books: Books, person: Person, voice: Voice) -> tuple[Part, ...]:
        """What Home shows below everything else; nothing for those whom it does not concern."""
        if not may(person, Action.SEE_RUNNING):
            return ()
        return say.below_home(self._facts(books), voice)

    def _facts(self, books: Books) -> say.RunningFacts:
        now = self._setup.now()
        condition = books.condition(now)
        beats = [condition.beats.get(name) for name in self._setup.alarms]
        known = [beat for beat in beats if beat is not None]
        digests = sorted(
            map(published_from, books.occasions.of_alarm(DIGEST)), key=lambda d: d.week
        )
        latest = digests[-1] if digests else None
        return say.RunningFacts(
            now=now,
            condition=condition,
            progress=min(known) if known and len(known) == len(beats) else None,
            held_since=condition.beats.get(HELD),
            digest=latest,
            digest_owed=self._owed(condition, latest.week if latest else None),
        )

    def _owed(self, condition: Condition, latest: Week | None) -> bool:
        """Whether a digest that should be out is not, since this installation has been running."""
        plan = self._setup.plan
        by = (plan.digest.time, plan.zone, plan.digest.day_of_week)
        week = latest_digest_week(self._setup.now() - _OWED_AFTER, *by)
        born = condition.beats.get(BORN)
        if born is None or born > digest_moment(week, *by) or week.monday > plan.ends:
            return False
        return latest is None or latest < week
