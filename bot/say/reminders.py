"""Reminders in words: as they come, before they are saved, and in the admin's list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.duties import Owed
from bot.language import Language
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.names import PlanNames
from bot.pages import (
    Button,
    Buttons,
    Confirm,
    Divider,
    Heading,
    Page,
    Part,
    Strong,
    lines,
    note,
    said,
    text,
)
from bot.plan.model import Plan
from bot.recurrence import Kind
from bot.reminders import CHANNEL, EVERYONE, MEMBER, ONE_PERSON, WHEN, Reach, ReminderAnswers
from bot.say.figures import owed_words, period_words
from bot.say.paging import Leaf

PAGE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reads, in which plan, and on which day."""

    plan: Plan
    language: Language
    names: PlanNames
    today: date

    def moment(self, moment: datetime) -> str:
        return self.language.moment(moment, self.plan.zone, self.today)

    def owed_words(self, owed: Owed, place: str = "") -> str:
        return owed_words(owed, self.today, self.language, place)


def due(reminder: ReminderAnswers, about: dict[str, str], owed: Owed | None, desk: Desk) -> Page:
    """As it comes to one person, with what they can do about it at once."""
    parts: list[Part] = [text(reminder.say)]
    if owed is not None:
        parts.append(note(desk.owed_words(owed, desk.names.place(owed.member))))
        parts.append(_ways(owed, about, desk.language))
    parts.append(Buttons(_later(about, desk.language)))
    return Page(reminder.say, tuple(parts))


def _ways(owed: Owed, about: dict[str, str], language: Language) -> Buttons:
    kind, period = owed.duty.kind, owed.period.key
    report = Button(language.t("Report"), "report", {"kind": kind}, style="primary")
    nothing = {"kind": kind, "period": period, **about}
    return Buttons((report, Button(language.t("Nothing to report"), "nothing", nothing)))


def _later(about: dict[str, str], language: Language) -> tuple[Button, ...]:
    t = language.t
    return (
        Button(t("Later: tomorrow"), "later", {**about, "until": "tomorrow"}),
        Button(t("On Monday"), "later", {**about, "until": "monday"}, spoken=t("Later: on Monday")),
        Button(
            t("Next week"), "later", {**about, "until": "next_week"}, spoken=t("Later: next week")
        ),
    )


def to_channel(reminder: ReminderAnswers) -> Page:
    return Page(reminder.say, (text(reminder.say),))


def saved(reminder: ReminderAnswers, preview: tuple[Part, ...], desk: Desk) -> Page:
    """To the admin who made it."""
    t = desk.language.t
    sentence = t("The reminder is saved.")
    return Page(
        sentence,
        (
            text(Strong(sentence), " ", reminder.say),
            *preview,
            Buttons((Button(t("All reminders"), "reminders"),)),
        ),
    )


def missed(reminder: ReminderAnswers, moments: Iterable[datetime], desk: Desk) -> Page:
    told = ", ".join(desk.moment(moment) for moment in moments)
    return said(
        desk.language.t(
            "A reminder did not come, because the bot was not running: “{say}”. "
            "It should have come {moments}, and is left out now.",
            say=reminder.say,
            moments=told,
        )
    )


def put_off(until: datetime, owed: Owed | None, desk: Desk) -> Page:
    """What is owed can be reported all the same."""
    day = desk.moment(until)
    sentence = desk.language.t("I will come back on {day}. Other occasions are not moved.", day=day)
    ways = (_ways(owed, {}, desk.language),) if owed else ()
    return Page(sentence, (note(sentence), *ways))


def nothing_noted(owed: Owed, report_id: int, desk: Desk) -> Page:
    what = desk.language.pick(owed.duty.label)
    answered = f"{what}, {period_words(owed.period, desk.language)}"
    sentence = desk.language.t("Noted: nothing to report for {what}.", what=answered)
    undo = Button(desk.language.t("Undo"), "something", {"report": str(report_id)})
    return Page(sentence, (note(sentence), Buttons((undo,))))


def nothing_undone(owed: Owed | None, desk: Desk) -> Page:
    """`owed` is what is to be reported again, if it still is."""
    sentence = desk.language.t("Taken back.")
    if owed is None:
        return Page(sentence, (note(sentence),))
    words = desk.owed_words(owed)
    return Page(sentence, (text(f"{sentence} {words}"), _ways(owed, {}, desk.language)))


def already_answered(desk: Desk) -> Page:
    sentence = desk.language.t("That has been answered already. Nothing more is needed.")
    return Page(sentence, (note(sentence),))


def preview(moments: Iterable[datetime], reached: Reach, desk: Desk) -> tuple[Part, ...]:
    """What the admin sees before saving: the next times, and whom it would reach today."""
    t = desk.language.t
    times = [f"• {desk.moment(moment)}" for moment in moments]
    when = times or [t("It would never come: the date has passed.")]
    return (
        lines([(Strong(t("Next times:")),), *((each,) for each in when)]),
        lines([(Strong(t("Would reach today:")),), (reach_words(reached, desk),)]),
    )


def reach_words(reached: Reach, desk: Desk) -> str:
    t = desk.language.t
    if reached.channel:
        return t("Everybody in the channel")
    told = [f"{p.name} ({desk.names.place(p.home or '')})" for p in reached.people]
    unreachable = sorted(reached.unreachable, key=desk.names.position)
    missing = [t("{home}: no contact yet", home=desk.names.place(home)) for home in unreachable]
    return "\n".join(f"• {each}" for each in (*told, *missing)) or t("Nobody at the moment.")


def audience_words(audience: str, desk: Desk) -> str:
    t = desk.language.t
    fixed = {
        CHANNEL: t("The channel"),
        EVERYONE: t("All contacts"),
        ONE_PERSON: t("One person"),
    }
    if audience in fixed:
        return fixed[audience]
    if audience.startswith(MEMBER):
        return t("Municipality: {name}", name=desk.names.place(audience.removeprefix(MEMBER)))
    duty = next((d for d in desk.plan.duties if audience.endswith(f":{d.kind}")), None)
    label = desk.language.pick(duty.label) if duty else audience
    return t("Those who have not reported {what}", what=label)


def listing(
    several: tuple[tuple[StoredReminder, ReminderAnswers, datetime | None], ...],
    page: int,
    desk: Desk,
) -> Page:
    """The reminders that have not ended, a few at a time, each with what can be done with it."""
    t = desk.language.t
    parts: list[Part] = [Heading(t("Reminders"))]
    if not several:
        parts.append(text(t("There are no reminders yet.")))
    leaf = Leaf(page, PAGE_LENGTH)
    for stored, answers, coming in leaf.of(several):
        parts += [_entry(stored, answers, coming, desk), _choices(stored, desk), Divider()]
    parts += leaf.turning("reminders", {}, len(several), desk.language)
    parts.append(Buttons((Button(t("New reminder"), "reminder", style="primary"),)))
    return Page(t("Reminders"), tuple(parts))


def _entry(
    stored: StoredReminder, answers: ReminderAnswers, coming: datetime | None, desk: Desk
) -> Part:
    language = desk.language
    often = often_words(answers, language)
    if stored.state is ReminderState.PAUSED:
        state = language.t("Paused")
    elif coming is None:
        state = language.t("No more times")
    else:
        state = language.t("Next: {day}", day=desk.moment(coming))
    return lines(
        (
            (Strong(answers.say),),
            (f"{audience_words(answers.audience, desk)} · {often} · {state}",),
        )
    )


def often_words(answers: ReminderAnswers, language: Language) -> str:
    """How often it comes, with its weekday where it has one."""
    weekday = language.weekday_name(answers.start)
    if answers.when is Kind.WEEKLY:
        return language.t("Every {weekday}", weekday=weekday)
    if answers.when is Kind.FORTNIGHTLY:
        return language.t("Every other {weekday}", weekday=weekday)
    return next(language.t(option.label) for option in WHEN if option.value == answers.when)


def _choices(stored: StoredReminder, desk: Desk) -> Buttons:
    t = desk.language.t
    about = {"reminder": str(stored.id)}
    paused = stored.state is ReminderState.PAUSED
    turn = Button(t("Resume"), "resume", about) if paused else Button(t("Pause"), "pause", about)
    sure = Confirm(t("End the reminder?"), t("It will not come again."), t("End"), t("Keep"))
    return Buttons(
        (
            Button(t("Change"), "reminder", about),
            turn,
            Button(t("End"), "end", about, style="danger", confirm=sure),
        )
    )
