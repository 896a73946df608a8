"""Pages about what is kept of people, and about the bot, made from one text that they wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.calendar import Week
from bot.cover import Cover
from bot.desk.disposing import Gone
from bot.digest import Published
from bot.language import Code, language
from bot.ledger.about import Message
from bot.ledger.audit import Act, Entry
from bot.ledger.condition import Condition
from bot.ledger.disposal import Keep
from bot.ledger.outbox import Delivery
from bot.ledger.recorded import Ended, Ending
from bot.ledger.reminders import ReminderState
from bot.pages import Page
from bot.plan.retention import Retention
from bot.say import disposing as say_disposing
from bot.say import erasing as say_erasing
from bot.say import extract as say_extract
from bot.say import running as say_running
from bot.say.reports import Voice
from tests.handlers.slack.scenes import MANY, NOW, TODAY, Named, cover_of, person, report, voice_of

RULES = tuple(
    Retention(kind="workshop", keep_years=2, after=after, basis="Beslut 2026-1")
    for after in ("plan ends", "case closes", "recorded")
)


def covers(words: str) -> tuple[Cover, ...]:
    """One that everybody may know of, one whose reader is in it, and one that they may not know."""
    secret = cover_of(words, confidential=True)
    return cover_of(words), secret, replace(secret, reporter="slack:U9")


def _on_what_is_kept(words: str, code: Code) -> Named:
    """An extract for whom it is about, and one in which there is next to nothing."""
    for name, secret in (("", False), ("secret ", True)):
        reader = replace(person(words, code), roles=frozenset(), wanted_home="1884")
        voice = voice_of(reader, code, words, secret=secret)
        several = say_extract.pieces(_kept(words, voice), voice)
        for number in range(9):
            yield f"{name}extract {number}", say_extract.page(several, number, voice)


def _kept(words: str, voice: Voice) -> say_extract.ExtractFacts:
    assert voice.audience.person is not None
    told = tuple(report(words, number) for number in range(1, MANY))
    return say_extract.ExtractFacts(
        person=voice.audience.person,
        reports=told,
        ended=tuple(replace(told[0], ending=Ending(how, NOW, "slack:U1", words)) for how in Ended),
        named=told[:2],
        held=(replace(told[0], id=0),),
        reminders=tuple(say_extract.MadeReminder(words, state, NOW) for state in ReminderState),
        messages=tuple(Message(notice, NOW, "sent") for notice in say_extract.MESSAGES),
        readings=tuple((NOW, cover) for cover in covers(words)),
        kept=covers(words),
        entries=tuple(_entries()),
        alias="lind-042",
        notes=2,
    )


def _entries() -> Iterator[Entry]:
    """Each act, and one that only a newer release knows."""
    for number, action in enumerate((*Act, "newer")):
        actor = ("lind-042", "ek-007")[number % 2]
        yield Entry(number, NOW, actor, action, "person:lind-042", {"reports": 3}, "", "")


def _on_erasing(words: str, code: Code) -> Named:
    for name, mentions in (("", ()), (", mentioned", tuple(range(1, 40)))):
        preview = say_erasing.Preview(person(words, code), 12, 1, mentions)
        yield f"erasing{name}", Page("–", say_erasing.before(preview, language(code)))
        yield f"erased{name}", say_erasing.erased(words, mentions, language(code))


def _on_disposal(words: str, code: Code) -> Named:
    voice = voice_of(person(words, code), code, words)
    gone = tuple(
        Gone(replace_basis(rule, words), 3, 1 + number) for number, rule in enumerate(RULES)
    )
    known = tuple(each for each in covers(words) if each.is_known_to(voice.audience.person))
    yield "goes next", say_disposing.ahead(gone, known * 6, TODAY, voice)
    keeps = tuple((Keep("case-1", words, "slack:U1", NOW), cover) for cover in known * 3)
    yield "kept", say_disposing.kept(keeps, 2, voice)
    yield "nothing kept", say_disposing.kept((), 0, voice)


def replace_basis(rule: Retention, words: str) -> Retention:
    return rule.model_copy(update={"basis": words[:200] or "–"})


def _on_the_bot_itself(words: str, code: Code) -> Named:
    """Nobody writes anything that would stand here; how it is said is looked at all the same."""
    voice = voice_of(person(words, code), code)
    well = Condition({Delivery.SENT: 9}, None, None, {}, {}, 0, {})
    since = NOW - timedelta(hours=2)
    ill = Condition(
        {Delivery.PENDING: 4, Delivery.FAILED: 2}, since, since, {"digest": 1}, {}, 1, {}
    )
    digest = Published(Week(2026, 23), NOW)
    for name, facts in (
        ("well", say_running.RunningFacts(NOW, well, NOW, None, digest, digest_owed=False)),
        ("ill", say_running.RunningFacts(NOW, ill, since, since, digest, digest_owed=True)),
        ("new", say_running.RunningFacts(NOW, well, None, None, None, digest_owed=False)),
        ("owed", say_running.RunningFacts(NOW, well, None, None, None, digest_owed=True)),
    ):
        yield f"running, {name}", say_running.running(facts, voice)
        yield f"below home, {name}", Page("–", say_running.below_home(facts, voice))
