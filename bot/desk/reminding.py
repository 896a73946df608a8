"""Reminders: made, shown, changed and ended by admins; answered by those they reach."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from bot.asking import RawAnswers
from bot.calendar import next_working_day
from bot.desk.recording import GONE, Recorder
from bot.desk.setup import Setup
from bot.duties import NOTHING, Owed, owed
from bot.forms import Errors, Form, Options, form_fields, read
from bot.language import N_
from bot.ledger.audit import Act
from bot.ledger.recorded import Ended, Ending
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.notices import ReminderSaved
from bot.outcomes import Done, Open, Outcome, Replace, Retry
from bot.pages import Page, Part, text
from bot.people import Person
from bot.recurrence import Postponement, next_occasions, postponed
from bot.reminder_line import read_reminder
from bot.reminders import (
    CHANNEL,
    EVERYONE,
    MEMBER,
    ONE_PERSON,
    OWING,
    ReminderAnswers,
    chased,
    reach,
    reminder_of,
)
from bot.rights import Action, NotAllowedError, check
from bot.say import reminders as say
from bot.typed_line import LineContext

SHOWN_AHEAD = 5
POSTPONEMENTS: tuple[Postponement, ...] = get_args(Postponement)

_GONE = N_("That reminder has ended.")
_CHANGED = N_("That can no longer be saved as it is. Open the reminder again.")
_STRANGER = N_("That person has not used the bot yet. Ask them to type /bro once.")


@dataclass(frozen=True, slots=True)
class Due:
    """The occasion of a reminder that somebody answers."""

    alarm: str
    period: str


class Reminding:
    def __init__(self, setup: Setup, recorder: Recorder) -> None:
        self._setup = setup
        self._recorder = recorder

    # --- For admins

    def list(self, person: Person, page: int = 0) -> Page:
        check(person, Action.MANAGE_REMINDERS)
        stored = self._setup.ledger.read(lambda books: books.reminders.current())
        now, zone = self._setup.now(), self._setup.plan.zone
        rows = []
        for each in stored:
            answers = answers_of(each)
            coming = next_occasions(answers.rule, now, 1, zone)
            rows.append((each, answers, coming[0].moment if coming else None))
        return say.listing(tuple(rows), max(0, page), self.desk(person))

    def begin(self, person: Person, line: str = "", reminder_id: int | None = None) -> Outcome:
        check(person, Action.MANAGE_REMINDERS)
        if reminder_id is not None:
            stored = self._setup.ledger.read(lambda books: self._stored(books, reminder_id))
            return Open(self._form(person, dict(stored.answers), {"reminder": str(reminder_id)}))
        context = LineContext(self._setup.today(), ())
        reader = self._setup.language_of(person)
        kinds = tuple(dict.fromkeys(duty.kind for duty in self._setup.plan.duties))
        understood = read_reminder(line, kinds, context, reader.t)
        tomorrow = next_working_day(self._setup.today() + timedelta(days=1))
        known = {"start": tomorrow.isoformat(), "working_days_only": "true"}
        return Open(self._form(person, {**known, **understood}, {}))

    def submit(self, person: Person, raw: RawAnswers, about: dict[str, str]) -> Outcome:
        """Not saved yet: shows the next times and whom it would reach, to save or go back."""
        check(person, Action.MANAGE_REMINDERS)
        answers = self._read(person, raw)
        if isinstance(answers, dict):
            return Retry(self._form(person, raw, about).with_errors(answers))
        reader = self._setup.language_of(person)
        packed = json.dumps(answers.model_dump(mode="json"), ensure_ascii=False)
        return Open(
            Form(
                name="reminder_save",
                title=reader.t("Save the reminder?"),
                submit=reader.t("Save"),
                intro=(text(answers.say), *self.preview(person, answers)),
                above=True,
                about={**about, "answers": packed},
            )
        )

    def preview(self, person: Person, answers: ReminderAnswers) -> tuple[Part, ...]:
        now, zone = self._setup.now(), self._setup.plan.zone
        coming = next_occasions(answers.rule, now, SHOWN_AHEAD, zone)
        reached = self._setup.ledger.read(
            lambda books: reach(answers, books.people.all(), self.owed(books))
        )
        moments = (occasion.moment for occasion in coming)
        return say.preview(moments, reached, self.desk(person))

    def save(self, person: Person, packed: str, reminder_id: int | None, key: str) -> Outcome:
        """`packed` are the answers as `submit` sent them along, and are read anew."""
        check(person, Action.MANAGE_REMINDERS)
        answers = self._read(person, _unpacked(packed))
        if isinstance(answers, dict):
            raise NotAllowedError(_CHANGED)

        def work(books: Books) -> None:
            if books.handled.first(key, self._setup.now()):
                saved = self._saved(books, person, answers, reminder_id)
                act = Act.REMINDER_MADE if reminder_id is None else Act.REMINDER_CHANGED
                self._setup.note(books, person, act, f"reminder:{saved}")
                token = f"reminder-saved:{self._setup.new_token()}"
                self._setup.tell(books, person.id, token, ReminderSaved(reminder=saved))

        self._setup.ledger.write(work)
        return Done()

    def _saved(
        self, books: Books, person: Person, answers: ReminderAnswers, reminder_id: int | None
    ) -> int:
        dumped, now = answers.model_dump(mode="json"), self._setup.now()
        if reminder_id is None:
            return books.reminders.add(dumped, person.id, now)
        if not books.reminders.change(reminder_id, dumped, person.id, now):
            raise NotAllowedError(_GONE)
        return reminder_id

    def turn(self, person: Person, reminder_id: int, state: ReminderState) -> Outcome:
        check(person, Action.MANAGE_REMINDERS)

        def work(books: Books) -> None:
            if not books.reminders.turn(reminder_id, state, person.id, self._setup.now()):
                raise NotAllowedError(_GONE)
            subject = f"reminder:{reminder_id}"
            self._setup.note(books, person, Act.REMINDER_TURNED, subject, to=state.value)

        self._setup.ledger.write(work)
        return Replace(self.list(person))

    # --- For those it reaches

    def later(self, person: Person, due: Due, choice: str) -> Outcome:
        """Move this one occasion for this one person. The series goes on."""
        zone, now = self._setup.plan.zone, self._setup.now()
        row = self._setup.ledger.read(
            lambda books: books.occasions.get(due.alarm, due.period, person.id)
        )
        chosen = next((each for each in POSTPONEMENTS if each == choice), None)
        if row is None or chosen is None or not self._is_active(due.alarm):
            raise NotAllowedError(_GONE)
        at = row.due_at.astimezone(zone).time()
        until = postponed(chosen, now, at, zone)

        def work(books: Books) -> Page:
            books.occasions.postpone(due.alarm, due.period, person.id, until)
            stored = books.reminders.get(reminder_of(due.alarm) or 0)
            owed = chased(answers_of(stored), person, self.owed(books)) if stored else None
            return say.put_off(until, owed, self.desk(person))

        return Replace(self._setup.ledger.write(work))

    def nothing(self, person: Person, kind: str, period: str) -> Outcome:
        """“Nothing to report” for a period: an answer, noted once, to what is owed."""
        check(person, Action.ANSWER_REMINDER)
        desk = self.desk(person)

        def work(books: Books) -> Page:
            books.one_at_a_time()
            mine = (o for o in self.owed(books) if o.member == person.home)
            answered = (o for o in mine if o.duty.kind == kind and o.period.key == period)
            owed = next(answered, None)
            if owed is None:
                return say.already_answered(desk)
            noted = self._recorder.nothing(books, person, kind, owed.period)
            return say.nothing_noted(owed, noted.id, desk)

        return Replace(self._setup.ledger.write(work))

    def something(self, person: Person, report_id: int) -> Outcome:
        """“Nothing to report” was a slip: it is owed again."""
        desk = self.desk(person)

        def work(books: Books) -> Page:
            books.one_at_a_time()
            said = self._recorder.changeable(books, person, report_id)
            if said.kind != NOTHING:
                raise NotAllowedError(GONE)
            now = self._setup.now()
            books.reports.end(said.id, Ending(Ended.WITHDRAWN, now, person.id, ""))
            if said.reporter != person.id:
                self._setup.note(books, person, Act.WITHDRAWN_FOR_OTHER, f"report:{said.id}")
            mine = (o for o in self.owed(books) if o.member == said.home)
            of = said.answers["of"], said.answers["period"]
            owed = next((o for o in mine if (o.duty.kind, o.period.key) == of), None)
            return say.nothing_undone(owed, desk)

        return Replace(self._setup.ledger.write(work))

    def owed(self, books: Books) -> tuple[Owed, ...]:
        plan = self._setup.plan
        kinds = {NOTHING, *(duty.kind for duty in plan.duties)}
        known = books.reports.known_at(self._setup.now(), kinds=kinds)
        return owed(plan, known, self._setup.today())

    # --- Within

    def _is_active(self, alarm: str) -> bool:
        reminder_id = reminder_of(alarm)
        if reminder_id is None:
            return False
        stored = self._setup.ledger.read(lambda books: books.reminders.get(reminder_id))
        return stored is not None and stored.state is ReminderState.ACTIVE

    def desk(self, person: Person | None) -> say.Desk:
        reader = self._setup.language_of(person)
        return say.Desk(self._setup.plan, reader, self._setup.names(reader), self._setup.today())

    def _read(self, person: Person, raw: RawAnswers) -> ReminderAnswers | Errors:
        situation = self._setup.situation(person)
        supplied = {"audience": self._audiences(person)}
        answers = read(ReminderAnswers, raw, situation, supplied)
        if isinstance(answers, dict):
            return answers
        t = situation.language.t
        missing = {name: t(sentence) for name, sentence in answers.missing().items()}
        if answers.person and not self._known(answers.person):
            missing["person"] = t(_STRANGER)
        hours = self._setup.plan.working_hours
        if not hours.start <= answers.at < hours.end:
            span = {"start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}"}
            missing["at"] = t("Choose a time from {start} and before {end}.", **span)
        if not next_occasions(answers.rule, self._setup.now(), 1, self._setup.plan.zone):
            missing.setdefault("start", t("That has passed. Choose today or a later day."))
        return missing or answers

    def _known(self, person_id: str) -> bool:
        return self._setup.ledger.read(lambda books: books.people.get(person_id)) is not None

    def _form(self, person: Person, values: RawAnswers, about: dict[str, str]) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        supplied = {"audience": self._audiences(person)}
        return Form(
            name="reminder",
            title=t(ReminderAnswers.asks_as),
            submit=t("Preview"),
            fields=form_fields(ReminderAnswers.fields(), values, situation, supplied),
            about=about,
        )

    def _audiences(self, person: Person) -> Options:
        desk = self.desk(person)
        chasing = dict.fromkeys(f"{OWING}{duty.kind}" for duty in self._setup.plan.duties)
        members = (f"{MEMBER}{code}" for code in desk.names.members)
        every = (*chasing, CHANNEL, EVERYONE, ONE_PERSON, *members)
        return tuple((value, say.audience_words(value, desk)) for value in every)

    def _stored(self, books: Books, reminder_id: int) -> StoredReminder:
        stored = books.reminders.get(reminder_id)
        if stored is None or stored.state is ReminderState.ENDED:
            raise NotAllowedError(_GONE)
        return stored


def _unpacked(packed: str) -> RawAnswers:
    try:
        found = json.loads(packed)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotAllowedError(_CHANGED)
    return found


def answers_of(stored: StoredReminder) -> ReminderAnswers:
    return ReminderAnswers.model_validate(dict(stored.answers))
