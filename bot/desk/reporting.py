"""Reporting: from a typed line to a recorded report, and what can be done with it afterwards."""

from dataclasses import dataclass

from bot.asking import RawAnswers
from bot.desk.homes import Homes
from bot.desk.recording import ALONE, GONE, Belonging, Recorder, receipt_key
from bot.desk.report_forms import HOME, NEW_EVENT, SAME, ReportForms, Withdrawal
from bot.desk.setup import Setup
from bot.forms import read
from bot.language import N_
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.reports import NoLongerCurrentError
from bot.ledger.store import Books
from bot.measures import Case
from bot.outcomes import Done, Open, Outcome, Retry
from bot.people import Person
from bot.reports import Report
from bot.rights import Action, NotAllowedError, check

_DIGITS = 18
"""More than any id has, and what every database takes."""

_NOT_OFFERED = N_("That cannot be reported here yet.")


@dataclass(frozen=True, slots=True)
class Submission:
    """What came back from a report's form. A repeat of it comes with the same key."""

    kind: str
    answers: RawAnswers
    about: dict[str, str]
    key: str

    @property
    def changed(self) -> int:
        """The id of the report that it changes. Raises NotAllowedError if that is no id."""
        given = self.about["report"]
        if not given.isdecimal() or len(given) > _DIGITS:
            raise NotAllowedError(GONE)
        return int(given)

    @property
    def own(self) -> RawAnswers:
        """The answers to the report's own questions."""
        return {name: v for name, v in self.answers.items() if name not in (HOME, SAME)}


class Reporting:
    def __init__(self, setup: Setup, homes: Homes, recorder: Recorder) -> None:
        self._setup = setup
        self._homes = homes
        self._recorder = recorder
        self._forms = ReportForms(setup)

    def begin(self, person: Person, kind: str, line: str) -> Outcome:
        check(person, Action.REPORT)
        model = self._setup.kinds.get(kind)
        if model is None or not model.offered:
            raise NotAllowedError(_NOT_OFFERED)
        return Open(self._forms.from_line(person, model, line))

    def begin_change(self, person: Person, report_id: int) -> Outcome:
        report = self._changeable(person, report_id)
        model = self._setup.kinds[report.kind]
        about = {"report": str(report.id)}
        return Open(self._forms.form(person, model, dict(report.answers), about))

    def begin_withdrawal(self, person: Person, report_id: int) -> Outcome:
        report = self._changeable(person, report_id)
        audience = self._setup.audience(person)
        names = self._setup.names(audience.language)
        headline = self._setup.masking.words(report, names, audience).headline
        return Open(self._forms.withdrawal(person, report_id, headline))

    def submit(self, person: Person, submission: Submission) -> Outcome:
        """Record it; or say at which field it cannot be taken; or ask what else must be known."""
        check(person, Action.REPORT)
        if "report" in submission.about:
            self._changeable(person, submission.changed)
        model = self._setup.kinds[submission.kind]
        situation = self._setup.situation(person, model.kind)
        report = read(model, submission.own, situation)
        changes = "report" in submission.about
        homeless = self._forms.homeless(person, submission.answers, changes=changes)
        if isinstance(report, dict) or homeless:
            errors = {**homeless, **(report if isinstance(report, dict) else {})}
            form = self._forms.form(person, model, submission.answers, submission.about)
            return Retry(form.with_errors(errors))
        return self._setup.ledger.write(lambda books: self._take(books, person, submission, report))

    def withdraw(self, person: Person, report_id: int, answers: RawAnswers, key: str) -> Outcome:
        why = read(Withdrawal, answers, self._setup.situation(person))
        if isinstance(why, dict):
            form = self._forms.withdrawal(person, report_id, "")
            return Retry(form.with_errors(why))
        self._setup.ledger.write(
            lambda books: self._end(books, person, report_id, why.why or "", key)
        )
        return Done()

    def _changeable(self, person: Person, report_id: int) -> Recorded:
        report = self._setup.ledger.read(lambda books: self._recorder.current(books, report_id))
        check(person, Action.CHANGE_REPORT, report)
        return report

    def _end(self, books: Books, person: Person, report_id: int, why: str, key: str) -> None:
        books.one_at_a_time()
        now = self._setup.now()
        if not books.handled.first(key, now):
            return
        check(person, Action.CHANGE_REPORT, self._recorder.current(books, report_id))
        try:
            books.reports.end(report_id, Ending(Ended.WITHDRAWN, now, person.id, why))
        except NoLongerCurrentError as error:
            raise NotAllowedError(GONE) from error
        self._setup.tell_anew(books, receipt_key(report_id))

    # --- Taking a report that has been read

    def _take(
        self, books: Books, person: Person, submission: Submission, report: Report
    ) -> Outcome:
        books.one_at_a_time()
        if books.handled.seen(submission.key):
            return Done()
        changes = "report" in submission.about
        alike = () if changes else self._recorder.alike(books, report)
        if alike and submission.answers.get(SAME) not in _choices(alike):
            model, answers = type(report), submission.answers
            return Retry(self._forms.form(person, model, answers, submission.about, alike))
        if books.handled.first(submission.key, self._setup.now()):
            same = submission.answers.get(SAME) if alike else None
            case = None if same == NEW_EVENT else same
            self._keep(books, person, submission, report, case)
        return Done()

    def _keep(
        self,
        books: Books,
        person: Person,
        submission: Submission,
        report: Report,
        case: str | None,
    ) -> None:
        home = submission.answers.get(HOME)
        changes = "report" in submission.about
        if not (person.confirmed or changes or self._homes.claim(books, person, str(home))):
            self._recorder.hold(books, person, report, case)
            return
        person = self._homes.as_admin(books.people.stored(person.id))
        self._recorder.let_in(books, person)
        where = self._belonging(books, person, submission, case)
        self._recorder.record(books, person, report, where)

    def _belonging(
        self, books: Books, person: Person, submission: Submission, case: str | None
    ) -> Belonging:
        kind = submission.kind
        if "report" in submission.about:
            return self._recorder.instead_of(books, person, kind, submission.changed)
        return self._recorder.within(books, person, kind, case) if case else ALONE


def _choices(alike: tuple[Case, ...]) -> set[str]:
    return {NEW_EVENT, *(case.reports[0].case for case in alike)}
