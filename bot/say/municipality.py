"""One municipality: what it has done for the plan, and what is waited for from it.

Only what everybody may know: with so few cases, to count the others would tell who was asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.digest import Awaited
from bot.measures import Case
from bot.pages import Button, Buttons, Heading, Page, Part, Span, Strong, lines, note
from bot.say.awaited import awaited_rows
from bot.say.okr import HomeClock, clock_words
from bot.say.reports import Voice
from bot.standing import Standing

TOLD_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Share:
    """How many of what counts for a key result a municipality took part in."""

    standing: Standing
    have: int
    of: int


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """`told` are the things of this year that it took part in or has reported, the latest first.
    `clock` is how it keeps the clock of inquiries, if it has been asked."""

    home: str
    day: date
    shares: tuple[Share, ...]
    told: tuple[Case, ...]
    clock: HomeClock | None
    awaited: Awaited


def page(facts: HomeFacts, voice: Voice) -> Page:
    """`/okr Kumla`."""
    t, home = voice.audience.language.t, voice.names.place(facts.home)
    ways = (Button(each.standing.key_result.id, "okr", _about(each)) for each in facts.shares)
    return Page(
        t("{home} and the plan", home=home),
        (
            Heading(t("{home} and the plan", home=home)),
            *_shares(facts, voice),
            *_told(facts, voice),
            *_awaited(facts, voice),
            note(t("Confidential cases are not shown here.")),
            Buttons((*ways, Button(t("The whole plan"), "okr"))),
        ),
    )


def _about(share: Share) -> dict[str, str]:
    return {"key_result": share.standing.key_result.id}


def _shares(facts: HomeFacts, voice: Voice) -> tuple[Part, ...]:
    t = voice.audience.language.t
    rows = [*_counted(facts, voice)] or [(t("Nothing of it counts for a key result now."),)]
    if facts.clock is not None:
        rows.append((t("Inquiries in time: {shares}", shares=clock_words(facts.clock, voice)),))
    return (lines(((Strong(t("Counts for")),), *rows)),)


def _counted(facts: HomeFacts, voice: Voice) -> Iterator[tuple[Span, ...]]:
    language = voice.audience.language
    for each in facts.shares:
        found = each.standing.key_result
        words = language.t("took part in {value} of {target}", value=each.have, target=each.of)
        yield (Strong(found.id), f" {language.pick(found.label)}: {words}")


def _told(facts: HomeFacts, voice: Voice) -> tuple[Part, ...]:
    language = voice.audience.language
    heading = language.t("Reports {year}", year=facts.day.year)
    if not facts.told:
        return (lines(((Strong(heading),), (language.t("Nothing yet."),))),)
    rows = [
        (f"• {voice.title(case.reports[0])}, {language.dated(case.day, facts.day)}",)
        for case in facts.told[:TOLD_SHOWN]
    ]
    rest = len(facts.told) - TOLD_SHOWN
    if rest > 0:
        rows.append((language.n("and {count} more", "and {count} more", rest),))
    return (lines(((Strong(heading),), *rows)),)


def _awaited(facts: HomeFacts, voice: Voice) -> tuple[Part, ...]:
    t, rows = voice.audience.language.t, awaited_rows(facts.awaited, facts.day, voice)
    heading = (Strong(t("Waiting for")),)
    return (lines((heading, *(rows or ((t("Nothing is missing."),),)))),)
