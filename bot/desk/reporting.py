"""Reporting: from a typed line to a recorded report, and what can be done with it afterwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from bot.asking import PersonPicker, RawAnswers
from bot.cover import Cover
from bot.desk import on_behalf
from bot.desk.homes import Homes
from bot.desk.on_behalf import OnBehalf
from bot.desk.recording import ALONE, Belonging, Recorder
from bot.desk.report_forms import (
    FOR,
    HOME,
    NEW_EVENT,
    NOTHING_MORE,
    SAME,
    SURE,
    Asked,
    ReportForms,
)
from bot.desk.report_forms import told_case as told
from bot.desk.setup import Setup
from bot.desk.submission import Submission
from bot.forms import Errors, read
from bot.language import N_
from bot.ledger.audit import Act
from bot.ledger.store import Books
from bot.outcomes import Done, Open, Outcome, Retry
from bot.pages import Part
from bot.people import Person, Role
from bot.reports import Report
from bot.reports.report import Party
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check
from bot.say.reports import Voice

NOTHING_SAID: Mapping[str, Any] = MappingProxyType({})

_NOT_OFFERED = N_("That cannot be reported here yet.")
OVERTAKEN = N_(
    "A colleague has answered since you opened the form. Copy what you have written and open it "
    "again: then it completes theirs."
)
TOLD_ALREADY = N_("That has been reported in the case already. Change that report instead.")
MOVED = N_("That was for a municipality that you no longer work for.")
_NOBODY_LEFT = N_("All who were asked have answered, or the case has been closed.")
_NOT_WAITED_FOR = N_("Choose one that has been asked and has not answered.")
_WITHDRAWN = N_("That has been withdrawn in the meantime. Nothing was saved.")
CASE_CLOSED = N_("The case has been closed in the meantime. Open it to see how it ended.")
_STEPS = {Party.ASKED: Action.ANSWER_CASE, Party.FOLLOWERS: Action.FOLLOW_CASE}
"""What somebody must be allowed to take a step of each party's."""


@dataclass(frozen=True, slots=True)
class _Taking:
    """A report that has been read, by whom it is told, within one transaction."""

    books: Books
    person: Person
    submission: Submission
    report: Report
    voice: Voice


class Reporting:
    def __init__(self, setup: Setup, homes: Homes, recorder: Recorder) -> None:
        self._setup = setup
        self._homes = homes
        self._recorder = recorder
        self._forms = ReportForms(setup)
        self._on_behalf = OnBehalf(setup)

    def begin(self, person: Person, kind: str, line: str) -> Outcome:
        check(person, Action.REPORT)
        model = self._setup.kinds.get(kind)
        if model is None or not model.offered:
            raise NotAllowedError(_NOT_OFFERED)
        return Open(self._forms.from_line(person, model, line))

    def begin_step(
        self,
        person: Person,
        kind: str,
        case: str,
        home: str | None,
        said: Mapping[str, Any] = NOTHING_SAID,
    ) -> Outcome:
        """The form for a step in a case, opened with what the case tells already and with what has
        been `said`. `home` is whom the button was for, where it was for one: who has moved since
        speaks for another."""
        model = self._step(kind)

        def draw(books: Books, voice: Voice) -> Outcome:
            self._check_step(books, person, model, case)
            if home is not None and home != person.home:
                raise NotAllowedError(MOVED)
            if self._is_closed(books, case):
                raise NotAllowedError(CASE_CLOSED)
            before = self._own_part(books, person, model, case)
            about = {"case": case, "before": str(before or "")}
            past = self._recorder.past(books, person, Belonging(case, before))
            values = {**self._forms.known(person, model), **_given(model.begun(past)), **said}
            asked = Asked(case=self._told(books, voice, case))
            return Open(self._forms.form(person, model, values, about, asked))

        return self._setup.show(person, draw)

    def begin_for(self, person: Person, case: str) -> Outcome:
        """The form for an answer that a municipality has given by other ways."""
        model = self._step(on_behalf.KIND)

        def draw(books: Books, voice: Voice) -> Outcome:
            homes = self._on_behalf.waited_for(books, person, case)
            if not homes:
                raise NotAllowedError(_NOBODY_LEFT)
            about = {"case": case, FOR: " ".join(homes)}
            asked = Asked(case=self._told(books, voice, case))
            return Open(
                self._forms.form(person, model, self._forms.known(person, model), about, asked)
            )

        return self._setup.show(person, draw)

    def begin_change(self, person: Person, report_id: int) -> Outcome:
        def draw(books: Books, voice: Voice) -> Outcome:
            report = self._recorder.changeable(books, person, report_id)
            model = self._setup.kinds[report.kind]
            words = voice.words(report)  # the form shows all of it
            above = told(words.headline, ()) if model.step_of else ()
            about, asked = {"report": str(report.id)}, Asked(case=above)
            return Open(self._forms.form(person, model, dict(report.answers), about, asked))

        return self._setup.show(person, draw)

    def submit(self, person: Person, submission: Submission) -> Outcome:
        """Record it; or say at which field it cannot be taken; or ask what else must be known."""
        check(person, Action.REPORT)
        model = self._setup.kinds[submission.kind]
        situation = self._setup.situation(person, model.kind)
        report = read(model, submission.own, situation)
        in_case = submission.changes or "case" in submission.about
        homeless = self._forms.homeless(person, submission.answers, known=in_case)
        if not isinstance(report, dict) and not homeless:
            take = partial(self._take, person=person, submission=submission, report=report)
            return self._setup.ledger.write(take)
        # What is wrong with it now was right when it was taken, and is told only who may know.
        if self._setup.ledger.read(lambda books: self._is_taken(books, person, submission)):
            return Done()
        errors = {**homeless, **(report if isinstance(report, dict) else {})}
        return self._again(person, submission, errors)

    # --- Who may

    def _is_taken(self, books: Books, person: Person, submission: Submission) -> bool:
        """As `_take` has it, for what was found wrong before."""
        if books.handled.seen(submission.key):
            return True
        self._check(books, person, submission)
        return False

    def _check(self, books: Books, person: Person, submission: Submission) -> None:
        if submission.changes:
            self._recorder.changeable(books, person, submission.changed)
        elif submission.answered_for is not None:
            self._on_behalf.waited_for(books, person, submission.about["case"])
        elif (model := self._setup.kinds[submission.kind]).step_of:
            self._check_step(books, person, model, submission.about["case"])

    def _step(self, kind: str) -> type[Report]:
        model = self._setup.kinds.get(kind)
        if model is None or model.step_of is None or not model.fields():
            raise NotAllowedError(_NOT_OFFERED)
        return model

    def _check_step(self, books: Books, person: Person, model: type[Report], case: str) -> None:
        cover = self._setup.covers(books)(case)
        if cover.kind != model.step_of or not cover.is_known_to(person):
            raise NotAllowedError(NO_SUCH_CASE)
        if not cover.is_live:
            raise NotAllowedError(_WITHDRAWN)
        check(person, _STEPS[model.taken_by], Matter(cover))

    # --- What the case says

    def _is_closed(self, books: Books, case: str) -> bool:
        closing = {kind.kind for kind in self._setup.kinds.values() if kind.closes}
        live = (report for report in books.reports.of_case(case) if report.ending is None)
        return any(report.kind in closing for report in live)

    def _own_part(self, books: Books, person: Person, model: type[Report], case: str) -> int | None:
        """What the person's municipality has reported as its own part, if it has one."""
        home = person.home or ""
        live = (r for r in books.reports.of_case(case) if r.ending is None)
        return next((r.id for r in live if r.thing == (case, model.kind, home)), None)

    def _told(self, books: Books, voice: Voice, case: str) -> tuple[Part, ...]:
        cover = self._setup.covers(books)(case)
        opening = next(
            r for r in books.reports.of_case(case) if r.kind == cover.kind and r.ending is None
        )
        words = voice.words(opening)
        return told(words.headline, words.sentences)

    # --- Taking a report that has been read

    def _again(
        self, person: Person, submission: Submission, errors: Errors, asked: Asked = NOTHING_MORE
    ) -> Retry:
        model, values = self._setup.kinds[submission.kind], submission.answers
        form = self._forms.form(person, model, values, submission.about, asked)
        return Retry(form.with_errors(errors))

    def _take(
        self, books: Books, person: Person, submission: Submission, report: Report
    ) -> Outcome:
        """What has been taken is answered as it was then: it has changed what would be checked."""
        books.one_at_a_time()
        if not books.handled.first(submission.key, self._setup.now()):
            return Done()
        self._check(books, person, submission)
        voice = self._setup.voice(books, person)
        taking = _Taking(books, person, submission, report, voice)
        outcome = self._taken(taking)
        if isinstance(outcome, Retry):
            books.handled.forget(submission.key)
        return outcome

    def _taken(self, taking: _Taking) -> Outcome:
        books, person, submission = taking.books, taking.person, taking.submission
        belonging = self._belonging(taking)
        if errors := self._objections(taking, belonging):
            return self._again(person, submission, errors)
        asked = self._asked(taking)
        if _is_unanswered(asked, submission):
            self._setup.note_readings(books, taking.voice)
            return self._again(person, submission, {}, asked)
        same = submission.answers.get(SAME) if asked.alike else NEW_EVENT
        joined = None if same == NEW_EVENT else str(same)
        self._keep(taking, replace(belonging, case=belonging.case or joined))
        return Done()

    def _belonging(self, taking: _Taking) -> Belonging:
        books, person, report = taking.books, taking.person, taking.report
        if taking.submission.changes:
            id_ = taking.submission.changed
            return self._recorder.instead_of(books, person, report.kind, id_)
        if report.step_of:
            case = taking.submission.about["case"]
            if home := taking.submission.answered_for:
                return Belonging(case, home=home)
            return self._recorder.as_step(books, person, report, case)
        return ALONE

    def _objections(self, taking: _Taking, belonging: Belonging) -> Errors:
        report, language = taking.report, taking.voice.audience.language
        is_new_step = report.step_of is not None and not taking.submission.changes
        if is_new_step and self._is_closed(taking.books, belonging.case or ""):
            return {report.fields()[0].name: language.t(CASE_CLOSED)}
        if sentence := self._answered_already(taking):
            return {FOR: language.t(sentence)}
        if sentence := self._overtaken(taking, belonging):
            return {report.fields()[0].name: language.t(sentence)}
        past = self._recorder.past(taking.books, taking.person, belonging)
        further = report.objections(past, language, taking.voice.names)
        return {**self._namesake(taking, belonging), **self._outsiders(taking), **further}

    def _answered_already(self, taking: _Taking) -> str:
        submission = taking.submission
        if submission.answered_for is None:
            return ""
        case = submission.about["case"]
        homes = self._on_behalf.waited_for(taking.books, taking.person, case)
        return "" if submission.answered_for in homes else _NOT_WAITED_FOR

    def _outsiders(self, taking: _Taking) -> Errors:
        """Whoever is named as one who may know must be one of the leaders."""
        report, t = taking.report, taking.voice.audience.language.t
        found = {}
        for name in report.fields_asking(PersonPicker):
            ids = getattr(report, name)
            known = taking.books.people.named(ids)
            if any(id_ not in known or not known[id_].has(Role.LEADERSHIP) for id_ in ids):
                found[name] = t("Choose leaders only. An admin says who they are: /bro people.")
        return found

    def _overtaken(self, taking: _Taking, belonging: Belonging) -> str:
        """Somebody else has told of the same part of the case: since the form was opened, or
        before what is changed was changed into it. Their words are not replaced unseen."""
        report, submission = taking.report, taking.submission
        if report.step_of is None:
            return ""
        if report.replaces and not submission.changes:
            opened_on = submission.about.get("before")
            of_home = report.part("") != report.part("home")
            stale = of_home and opened_on not in (None, str(belonging.supersedes or ""))
            return OVERTAKEN if stale else ""
        same = (
            belonging.case,
            report.kind,
            report.part(belonging.home or taking.person.home or ""),
        )
        live = (r for r in taking.books.reports.of_case(same[0] or "") if r.ending is None)
        others = (r for r in live if r.thing == same and r.id != belonging.supersedes)
        return TOLD_ALREADY if any(others) else ""

    def _namesake(self, taking: _Taking, belonging: Belonging) -> Errors:
        """A case is called for by its name: no reader can have two of a kind by the same."""
        report, language = taking.report, taking.voice.audience.language
        if all(kind.step_of != report.kind for kind in self._setup.kinds.values()):
            return {}
        for cover in self._called(taking, report.headline()):
            if cover.case != belonging.case and cover.is_known_to(taking.person):
                sentence = language.t(
                    "There is one by that name already: /{kind} {name} shows it. Choose another "
                    "name.",
                    kind=report.kind,
                    name=cover.headline,
                )
                return {next(f.name for f in report.fields() if f.ask.titles): sentence}
        return {}

    def _called(self, taking: _Taking, name: str) -> Iterator[Cover]:
        for other in taking.books.reports.live_of((taking.report.kind,)):
            if self._setup.headline(other).casefold() == name.casefold():
                yield taking.voice.masking.covers(other.case)

    def _asked(self, taking: _Taking) -> Asked:
        """What must be answered before it is taken."""
        in_case = taking.submission.changes or taking.report.step_of
        joins = () if in_case else self._recorder.alike(taking.books, taking.report)
        same = self._forms.same_options(joins, taking.voice, taking.person)
        doubts, doubted = self._doubts(taking)
        return Asked(same, doubts, doubted)

    def _doubts(self, taking: _Taking) -> tuple[tuple[str, ...], str]:
        """What may be a slip; and a mark that stands for just these, of 60 characters or less."""
        language = taking.voice.audience.language
        unusual = self._recorder.unusual(taking.books, taking.report)
        own = taking.report.doubts(language)
        amounts = tuple(
            language.t(
                "{amount} is far from what is usual here.", amount=language.exact_money(amount)
            )
            for _, amount in unusual
        )
        mark = ",".join((*(f"{n}={a}" for n, a in unusual), *(("own",) if own else ())))
        return (*own, *amounts), mark[:60]

    def _keep(self, taking: _Taking, belonging: Belonging) -> None:
        books, person, submission = taking.books, taking.person, taking.submission
        home = submission.answers.get(HOME)
        in_case = submission.changes or taking.report.step_of is not None
        if not person.confirmed:  # they may have been, since they were looked at
            person = self._homes.as_admin(books.people.stored(person.id))
        if not (person.confirmed or in_case):
            if not self._homes.claim(books, person, str(home)):
                self._recorder.hold(books, person, taking.report, belonging.case)
                return
            person = self._homes.as_admin(books.people.stored(person.id))
            self._recorder.let_in(books, person)
        if not in_case and belonging.case:
            kind = taking.report.kind
            belonging = self._recorder.within(books, person, kind, belonging.case)
        same = submission.changes and not self._recorder.is_changed(
            books, person, taking.report, belonging
        )
        if same:  # and is no correction
            return
        recorded = self._recorder.record(books, person, taking.report, belonging)
        if submission.answered_for:
            subject, home = f"report:{recorded.id}", recorded.home
            self._setup.note(books, person, Act.ANSWERED_FOR_OTHER, subject, home=home)


def _is_unanswered(asked: Asked, submission: Submission) -> bool:
    answers = submission.answers
    unjoined = bool(asked.alike) and answers.get(SAME) not in dict(asked.alike)
    return unjoined or (bool(asked.doubts) and answers.get(SURE) != asked.doubted)


def _given(values: RawAnswers) -> RawAnswers:
    return {name: value for name, value in values.items() if value is not None}
