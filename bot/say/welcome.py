"""The way in: help with examples to copy, and Home."""

from dataclasses import dataclass

from bot.campaigns import CAMPAIGN
from bot.duties import Owed
from bot.inquiries import Ask, Inquiry
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.pages import (
    Button,
    Buttons,
    Divider,
    Heading,
    Mono,
    Page,
    Part,
    Span,
    Strong,
    lines,
    note,
    text,
)
from bot.people import Person, Role
from bot.reports import Report
from bot.say.asked import answer_ways
from bot.say.figures import owed_words
from bot.say.heard import meant, not_understood
from bot.say.okr import examples
from bot.say.people import waits
from bot.say.reports import Voice

ASKED_SHOWN = 5
_ANY_ORDER = N_(
    "Write in any order. The form shows what I have understood before anything is saved."
)
_REMINDERS = (
    (
        N_("Report the quarter's workshops, every Monday at 9 to those who have not reported"),
        N_("again and again, to those who owe a report"),
    ),
    (
        N_("Time for the month's figures, the last working day of every month to the channel"),
        N_("to everybody in the channel"),
    ),
    (
        N_("Send in what the half-year report needs, 30 September at 10 to all"),
        N_("once, to all contacts"),
    ),
)
"""What can be typed after /paminnelse, and whom it then comes to."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The kinds of report that can be called for; and those of them that open a case."""

    reports: tuple[type[Report], ...]
    cases: tuple[type[Report], ...]


def help_page(
    person: Person, offer: Offer, voice: Voice, unknown: str = "", near: str = ""
) -> Page:
    """`unknown` was typed, and is no command; `near` is one that they may have meant."""
    t = voice.audience.language.t
    heard = not_understood(unknown, voice.audience.language, near) if unknown else ""
    first = t("I keep track of how the plan stands. Report in half a minute, or ask me.")
    rows = [
        (Mono(f"/{kind.kind} {t(kind.wording.example)}"), "\n", t(kind.wording.purpose))
        for kind in offer.reports
    ]
    of_all = t("list")
    cases = [(Mono(f"/{kind.kind} {of_all}"), " – ", t(kind.wording.many)) for kind in offer.cases]
    asking = (
        *(
            (Mono(line), " – ", words)
            for line, words in examples(voice.audience.language, voice.names)
        ),
        *cases,
        (Mono(t("/bro mine")), " – ", t("my reports: change or withdraw")),
        (Mono(t("/bro my data")), " – ", t("all that is kept about you")),
        (Mono(t("/bro settings")), " – ", t("language and municipality")),
    )
    parts: list[Part] = [
        *((text(heard),) if heard else ()),
        Heading(t("This is what I can do")),
        text(first),
        lines(((Strong(t("Report")),), *rows)),
        lines(((Strong(t("Ask")),), *asking)),
        *_for_admins(person, voice),
        ways_in(offer, voice),
        note(t("Every command can also be typed after /bro, for example /bro workshop.")),
    ]
    return Page(heard or first, tuple(parts))


def kind_help(kind: type[Report], offer: Offer, voice: Voice) -> Page:
    """How one kind of report is called for."""
    t = voice.audience.language.t
    rows = [(Mono(f"/{kind.kind} {t(kind.wording.example)}"), "\n", t(kind.wording.purpose))]
    if kind in offer.cases:
        of_all, name = t("list"), t("name")
        rows += [
            (Mono(f"/{kind.kind} {of_all}"), " – ", t(kind.wording.many)),
            (Mono(f"/{kind.kind} <{name}>"), " – ", t("one of them, by its name")),
        ]
    if kind.kind == CAMPAIGN:
        line = t("results Move home linkedin May 1 200 visits")
        rows.append((Mono(f"/{kind.kind} {line}"), " – ", t("figures of one of them")))
    return Page(
        t(kind.asks_as),
        (
            Heading(t(kind.asks_as)),
            lines(tuple(rows)),
            note(t(_ANY_ORDER)),
            Buttons((_form_button(kind, voice), Button(t("Help"), "help"))),
        ),
    )


def reminder_help(voice: Voice) -> Page:
    """How a reminder is called for."""
    t = voice.audience.language.t
    title = t("How to schedule a reminder")
    rows = [(Mono(f"/paminnelse {t(line)}"), "\n", t(words)) for line, words in _REMINDERS]
    new = Button(t("New reminder"), "reminder", style="primary")
    return Page(
        title,
        (
            Heading(title),
            lines((*rows, _all_reminders(voice))),
            note(t(_ANY_ORDER)),
            Buttons((new, Button(t("All reminders"), "reminders"), Button(t("Help"), "help"))),
        ),
    )


def _all_reminders(voice: Voice) -> tuple[Span, ...]:
    t = voice.audience.language.t
    return (Mono(t("/paminnelse list")), " – ", t("all reminders: change, pause, end"))


def guide(offer: Offer, voice: Voice, near: str = "") -> Page:
    """What somebody gets who writes as to a person. `near` is a command they may have meant."""
    t = voice.audience.language.t
    sentence = t("I only understand commands. Type /bro to see them, or choose here.")
    suggested = (text(meant(near, voice.audience.language)),) if near else ()
    return Page(sentence, (text(sentence), *suggested, ways_in(offer, voice)))


def _for_admins(person: Person, voice: Voice) -> tuple[Part, ...]:
    if not person.has(Role.ADMIN):
        return ()
    t = voice.audience.language.t
    rows = (
        (Strong(t("For admins")),),
        (Mono("/paminnelse"), " – ", t("schedule a reminder")),
        _all_reminders(voice),
        (Mono(t("/bro keep")), " – ", t("what is kept from disposal; with a name: keep that")),
        (Mono(t("/bro people")), " – ", t("municipality and role of each")),
        (Mono(t("/bro running")), " – ", t("whether the bot itself is well")),
    )
    return (lines(rows),)


def ways_in(offer: Offer, voice: Voice) -> Buttons:
    t = voice.audience.language.t
    lists = tuple(
        Button(_capital(t(kind.wording.many)), "cases", {"kind": kind.kind}) for kind in offer.cases
    )
    forms = tuple(_form_button(kind, voice) for kind in offer.reports)
    return Buttons(
        (
            *forms,
            *lists,
            Button(t("How the plan stands"), "okr"),
            Button(t("My reports"), "mine"),
            Button(t("Settings"), "settings"),
        )
    )


def _form_button(kind: type[Report], voice: Voice) -> Button:
    label = voice.audience.language.t(kind.asks_as)
    return Button(label, "report", {"kind": kind.kind}, style="primary")


def home(
    asked: tuple[tuple[Inquiry, Ask], ...],
    owed: tuple[Owed, ...],
    reports: tuple[Recorded, ...],
    offer: Offer,
    voice: Voice,
) -> Page:
    """What I owe first, inquiries before anything else; then the way in; then what I reported
    last."""
    t = voice.audience.language.t
    latest = tuple(_told(report, voice) for report in reports)
    return Page(
        t("Your overview"),
        (
            *_asked(asked, voice),
            *_to_report(owed, voice),
            Divider(),
            ways_in(offer, voice),
            Divider(),
            Heading(t("Reported last")),
            lines(latest) if latest else text(t("Nothing yet.")),
        ),
    )


def _asked(several: tuple[tuple[Inquiry, Ask], ...], voice: Voice) -> tuple[Part, ...]:
    if not several:
        return ()
    t = voice.audience.language.t
    parts: list[Part] = [Heading(t("Inquiries to answer"))]
    for inquiry, ask in several[:ASKED_SHOWN]:
        parts += answer_ways(inquiry, ask, voice)
    rest = len(several) - ASKED_SHOWN
    if rest > 0:
        parts.append(note(voice.audience.language.n("and {count} more", "and {count} more", rest)))
    return (*parts, Divider())


def _to_report(owed: tuple[Owed, ...], voice: Voice) -> tuple[Part, ...]:
    """What is owed by a municipality; first of all, by which one."""
    t, person = voice.audience.language.t, voice.audience.person
    if person is None or person.confirmed or person.roles:
        return (Heading(t("To report")), *_owed(owed, voice))
    if pending := waits(person, voice.audience.language, voice.names):
        return (text(pending),)
    return (
        Heading(t("Which municipality do you work for?")),
        text(t("Choose it, and you see here what it has to report.")),
        Buttons((Button(t("Choose municipality"), "settings", style="primary"),)),
    )


def _owed(owed: tuple[Owed, ...], voice: Voice) -> tuple[Part, ...]:
    language = voice.audience.language
    if not owed:
        return (text(language.t("Nothing at the moment. Thank you.")),)
    parts: list[Part] = []
    for each in owed:
        answer = {"kind": each.duty.kind, "period": each.period.key}
        parts += [
            text(owed_words(each, voice.today, language)),
            Buttons(
                (
                    Button(
                        language.t("Report"), "report", {"kind": each.duty.kind}, style="primary"
                    ),
                    Button(language.t("Nothing to report"), "nothing", answer),
                )
            ),
        ]
    return tuple(parts)


def _told(report: Recorded, voice: Voice) -> tuple[str, ...]:
    words = voice.words(report)
    day = f", {voice.audience.language.day(words.day)}" if words.day else ""
    return (f"• {words.headline}{day}",)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
