"""Disposal in words: what goes next, and what is kept all the same."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from bot.calendar import local_day
from bot.cover import Cover
from bot.language import Language
from bot.ledger.disposal import Keep
from bot.pages import Button, Buttons, Heading, Page, Part, Quiet, Span, Strong, lines, note, text
from bot.plan.retention import Retention
from bot.say.reports import Voice

SHOWN = 10


class Gone(Protocol):
    """What goes by one rule."""

    @property
    def rule(self) -> Retention: ...
    @property
    def cases(self) -> int: ...
    @property
    def reports(self) -> int: ...


def ahead(gone: Iterable[Gone], known: tuple[Cover, ...], by: date, voice: Voice) -> Page:
    """To an admin, a month before. `known` are those of the cases that they may know of."""
    language = voice.audience.language
    t = language.t
    sentence = t("On {day} records are disposed of by the plan file's rules.", day=language.day(by))
    parts: list[Part] = [text(Strong(sentence)), lines((each,) for each in rows(gone, voice))]
    for cover in known[:SHOWN]:
        name = voice.masking.case_name(cover, voice.audience)
        spoken = t("Keep “{title}” from disposal", title=name)
        button = Button(t("Keep"), "keep", {"case": cover.case}, spoken=spoken)
        parts += [text(name), Buttons((button,))]
    parts.append(
        note(t("What is to be kept all the same: press Keep, or type /bro keep and its name."))
    )
    return Page(sentence, tuple(parts))


def rows(gone: Iterable[Gone], voice: Voice) -> Iterator[str]:
    """A line for each rule."""
    language = voice.audience.language
    for each in gone:
        kind = voice.masking.kinds[each.rule.kind].wording.many
        count = language.n("{count} report", "{count} reports", each.reports)
        yield language.t(
            "{kind}: {cases} in all, {reports}. Rule: {rule} ({basis})",
            kind=language.t(kind),
            cases=each.cases,
            reports=count,
            rule=rule_words(each.rule, language),
            basis=each.rule.basis,
        )


def rule_words(rule: Retention, language: Language) -> str:
    t, years = language.t, rule.keep_years
    match rule.after:
        case "plan ends":
            return t("{years} years after the plan has ended", years=years)
        case "case closes":
            return t("{years} years after the case was closed", years=years)
        case "recorded":
            return t("{years} years after the last report in it", years=years)


def kept(several: tuple[tuple[Keep, Cover], ...], hidden: int, voice: Voice) -> Page:
    language = voice.audience.language
    t = language.t
    title = t("Kept from disposal")
    parts: list[Part] = [Heading(title)]
    for keep, cover in several:
        name = voice.masking.case_name(cover, voice.audience)
        since = language.day(local_day(keep.at, voice.zone))
        told: tuple[tuple[Span, ...], ...] = ((Strong(name), f", {since}"), (Quiet(keep.why),))
        spoken = t("No longer keep “{title}” from disposal", title=name)
        lift = Button(t("No longer keep"), "lift", {"case": keep.case}, spoken=spoken)
        parts += [lines(told), Buttons((lift,))]
    if not several:
        parts.append(text(t("Nothing yet.")))
    if hidden:
        sentence = language.n(
            "and {count} confidential case", "and {count} confidential cases", hidden
        )
        parts.append(note(sentence))
    return Page(title, tuple(parts))
