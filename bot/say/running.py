"""How the bot itself is doing, in words for an admin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest import Published
from bot.language import N_, Language
from bot.ledger.condition import Condition
from bot.ledger.outbox import Delivery
from bot.pages import Divider, Heading, Page, Part, Strong, Text, lines
from bot.say.figures import week_words
from bot.say.reports import Voice

STILL_AFTER = timedelta(minutes=2)
"""A worker that has got nothing done for so long is said to stand still."""

LATE_AFTER = timedelta(minutes=15)
"""A message that has waited for so long is worth a look: something is wrong between us and the
platform."""


LATELY = timedelta(days=7)
"""A message that never arrived is worth a look for so long."""


@dataclass(frozen=True, slots=True)
class RunningFacts:
    """`progress` is when the slowest alarm last came to its end; None where one never has."""

    now: datetime
    condition: Condition
    progress: datetime | None
    held_since: datetime | None
    digest: Published | None
    digest_owed: bool
    """Whether a week's digest should have gone out by now, and has not."""


def running(facts: RunningFacts, voice: Voice) -> Page:
    t = voice.audience.language.t
    summary = t("All is well.") if _is_well(facts) else t("Something needs looking after.")
    return Page(summary, (Heading(t("How the bot is running")), _lines(facts, voice, summary)))


def below_home(facts: RunningFacts, voice: Voice) -> tuple[Part, ...]:
    return (Divider(), *running(facts, voice).parts)


def _lines(facts: RunningFacts, voice: Voice, summary: str) -> Text:
    return lines(((Strong(summary),), *((f"• {each}",) for each in _told(facts, voice))))


def _is_well(facts: RunningFacts) -> bool:
    amiss = (
        facts.held_since is not None,
        _stands_still(facts),
        _is_late(facts),
        _failed_lately(facts),
        facts.digest_owed,
        facts.condition.overdue > 0,
    )
    return not any(amiss)


def _stands_still(facts: RunningFacts) -> bool:
    return facts.progress is None or abs(facts.now - facts.progress) >= STILL_AFTER


def _is_late(facts: RunningFacts) -> bool:
    since = facts.condition.waiting_since
    return since is not None and facts.now - since >= LATE_AFTER


def _failed_lately(facts: RunningFacts) -> bool:
    at = facts.condition.failed_at
    return at is not None and facts.now - at < LATELY


def _told(facts: RunningFacts, voice: Voice) -> Iterator[str]:
    language, zone = voice.audience.language, voice.zone
    if facts.held_since is not None:
        since = language.moment(facts.held_since, zone, voice.today)
        yield language.t("Kept silent since {moment}, after a restore.", moment=since)
    yield _worker(facts, voice)
    yield _waiting(facts, voice)
    yield _failed(facts, voice)
    if facts.condition.overdue:
        yield language.t(
            "Reminders put off that are overdue: {count}.", count=facts.condition.overdue
        )
    yield _digest(facts, language)


def _worker(facts: RunningFacts, voice: Voice) -> str:
    language = voice.audience.language
    if facts.progress is None:
        return language.t("Digest, reminders and delivery: no worker has been heard from.")
    when = language.moment(facts.progress, voice.zone, voice.today)
    if _stands_still(facts):
        return language.t(
            "Digest, reminders and delivery: standing still since {moment}.", moment=when
        )
    return language.t("Digest, reminders and delivery: running.")


def _waiting(facts: RunningFacts, voice: Voice) -> str:
    language, condition = voice.audience.language, facts.condition
    if condition.waiting_since is None:
        return language.t("Messages waiting: none.")
    since = language.moment(condition.waiting_since, voice.zone, voice.today)
    return language.t(
        "Messages waiting: {count}, the oldest since {moment}.",
        count=condition.waiting,
        moment=since,
    )


def _failed(facts: RunningFacts, voice: Voice) -> str:
    language, condition = voice.audience.language, facts.condition
    if condition.failed_at is None:
        return language.t("Messages that never arrived: none.")
    return language.t(
        "Messages that never arrived: {count}, the latest from {moment}.",
        count=condition.messages[Delivery.FAILED],
        moment=language.moment(condition.failed_at, voice.zone, voice.today),
    )


def _digest(facts: RunningFacts, language: Language) -> str:
    if facts.digest is None:
        owed = N_("Weekly digest: none yet, though one should have gone out.")
        return language.t(owed if facts.digest_owed else N_("Weekly digest: none yet."))
    week = week_words(facts.digest.week, language)
    if facts.digest_owed:
        return language.t(
            "Weekly digest: the latest was for {week}, and the next should have gone out.",
            week=week,
        )
    return language.t("Weekly digest: the latest was for {week}.", week=week)
