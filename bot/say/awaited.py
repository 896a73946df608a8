"""What is waited for: by municipality, never by person, and nobody is pinged."""

from collections.abc import Iterator
from datetime import date

from bot.digest import Awaited, Missing
from bot.inquiries import Late
from bot.pages import Button, Buttons, Heading, Page, Span, lines, note, text
from bot.say.figures import period_words
from bot.say.reports import Voice

LATE_SHOWN = 5


def page(awaited: Awaited, day: date, voice: Voice) -> Page:
    """`/okr tyst`: all of it, as of today."""
    t = voice.audience.language.t
    rows = awaited_rows(awaited, day, voice)
    told = lines(rows) if rows else text(t("Nothing is missing, and nobody has been silent long."))
    return Page(
        t("Waiting for"),
        (
            Heading(t("Waiting for")),
            told,
            note(t("Confidential cases are not shown here.")),
            Buttons((Button(t("The whole plan"), "okr"),)),
        ),
    )


def awaited_rows(awaited: Awaited, day: date, voice: Voice) -> tuple[tuple[Span, ...], ...]:
    """Reports that are missing, answers that are late, and who is silent."""
    language = voice.audience.language
    rows = [(_missing(each, day, voice),) for each in awaited.missing]
    rows += [(words,) for words in _late(awaited, day, voice)]
    if awaited.silent:
        names = language.listed(voice.names.places(awaited.silent))
        rows.append((language.t("Nothing heard for a long time: {names}", names=names),))
    return tuple(("• ", *row) for row in rows)


def _missing(each: Missing, day: date, voice: Voice) -> str:
    language = voice.audience.language
    values = {
        "what": language.pick(each.duty.label),
        "period": period_words(each.period, language),
        "due": language.dated(each.due, day),
        "names": language.listed(voice.names.places(each.members)),
    }
    if each.overdue:
        words = language.t("{what}, {period}: was due {due}, missing from {names}", **values)
    else:
        words = language.t("{what}, {period}: due {due}, not yet in from {names}", **values)
    return f"{words[:1].upper()}{words[1:]}"


def _late(awaited: Awaited, day: date, voice: Voice) -> Iterator[str]:
    """Of inquiries that everybody may know of. Of the others not even how many: from week to week
    that would tell when one was asked and when it was answered."""
    covers, n = voice.masking.covers, voice.audience.language.n
    open_to_all = [each for each in awaited.late if not covers(each.opening.case).confidential]
    yield from (_unanswered(each, day, voice) for each in open_to_all[:LATE_SHOWN])
    rest = len(open_to_all) - LATE_SHOWN
    if rest > 0:
        yield n("{count} more inquiry waits", "{count} more inquiries wait", rest)


def _unanswered(each: Late, day: date, voice: Voice) -> str:
    language = voice.audience.language
    return language.t(
        "{name}: the answer was due {due}, missing from {names}",
        name=voice.title(each.opening),
        due=language.dated(each.due, day),
        names=language.listed(voice.names.places(each.homes)),
    )
