"""Reporting: from a typed line to a recorded report, and what can be done with it afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from bot.asking import RawAnswers
from bot.calendar import Period
from bot.desk.homes import Homes
from bot.desk.report_forms import HOME, NEW_EVENT, SAME, ReportForms, Withdrawal
from bot.desk.setup import Setup
from bot.duties import NOTHING
from bot.forms import read
from bot.language import N_
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.store import Books
from bot.measures import Case, cases
from bot.notices import HeldReceipt, Receipt
from bot.outcomes import Done, Open, Outcome, Retry
from bot.people import Person
from bot.reports import Report
from bot.rights import Action, NotAllowedError, check

_LOOK_AROUND = timedelta(days=7)
"""How far from its day another report may lie to be held against it."""

_GONE = N_("This report has been changed or withdrawn in the meantime. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Submission:
    """What came back from a report's form. A repeat of it comes with the same key."""

    kind: str
    answers: RawAnswers
    about: dict[str, str]
    key: str


class Reporting:
    def __init__(self, setup: Setup, homes: Homes) -> None:
        self._setup = setup
        self._homes = homes
        self._forms = ReportForms(setup)

    def begin(self, person: Person, kind: str, line: str) -> Outcome:
        check(person, Action.REPORT)
        return Open(self._forms.from_line(person, self._setup.kinds[kind], line))

    def begin_change(self, person: Person, report_id: int) -> Outcome:
        report = self._setup.ledger.read(lambda books: _current(books, report_id))
        check(person, Action.CHANGE_REPORT, report)
        model = self._setup.kinds[report.kind]
        about = {"report": str(report.id)}
        return Open(self._forms.form(person, model, dict(report.answers), about))

    def begin_withdrawal(self, person: Person, report_id: int) -> Outcome:
        report = self._setup.ledger.read(lambda books: _current(books, report_id))
        check(person, Action.CHANGE_REPORT, report)
        audience = self._setup.audience(person)
        names = self._setup.names(audience.language)
        headline = self._setup.masking.words(report, names, audience).headline
        return Open(self._forms.withdrawal(person, report_id, headline))

    def submit(self, person: Person, submission: Submission) -> Outcome:
        """Record it; or say at which field it cannot be taken; or ask what else must be known."""
        check(person, Action.REPORT)
        model = self._setup.kinds[submission.kind]
        own = {name: v for name, v in submission.answers.items() if name not in (HOME, SAME)}
        report = read(model, own, self._setup.situation(person))
        if isinstance(report, dict):
            form = self._forms.form(person, model, submission.answers, submission.about)
            return Retry(form.with_errors(report))
        return self._setup.ledger.write(lambda books: self._take(books, person, submission, report))

    def withdraw(self, person: Person, report_id: int, answers: RawAnswers, key: str) -> Outcome:
        why = read(Withdrawal, answers, self._setup.situation(person))
        if isinstance(why, dict):
            form = self._forms.withdrawal(person, report_id, "")
            return Retry(form.with_errors(why))

        def work(books: Books) -> None:
            if not books.handled.first(key, self._setup.now()):
                return
            report = _current(books, report_id)
            check(person, Action.CHANGE_REPORT, report)
            ending = Ending(Ended.WITHDRAWN, self._setup.now(), person.id, why.why or "")
            books.reports.end(report_id, ending)
            self._setup.tell_anew(books, _receipt_key(report_id))

        self._setup.ledger.write(work)
        return Done()

    def nothing(self, books: Books, person: Person, kind: str, period: Period) -> None:
        """Record that somebody's municipality had nothing of `kind` in `period`."""
        assert person.home is not None
        today = self._setup.today()
        answers = {"of": kind, "period": period.key, "said_on": today.isoformat()}
        books.reports.add(
            case=self._setup.new_token(),
            kind=NOTHING,
            day=min(today, period.end),
            members=(),
            answers=answers,
            reporter=person.id,
            home=person.home,
            at=self._setup.now(),
        )

    def let_in(self, books: Books, person: Person) -> None:
        """Record what was held until it was known whom the person speaks for."""
        for held in books.held.waiting(person.id):
            if books.held.let_go(held.id):
                model = self._setup.kinds[held.kind]
                self._record(books, person, model.model_validate(dict(held.answers)))

    # --- Taking a report that has been read

    def _take(
        self, books: Books, person: Person, submission: Submission, report: Report
    ) -> Outcome:
        if books.handled.seen(submission.key):
            return Done()
        alike = self._alike(books, report, submission)
        if alike and not submission.answers.get(SAME):
            model = type(report)
            return Retry(
                self._forms.form(person, model, submission.answers, submission.about, alike)
            )
        if not books.handled.first(submission.key, self._setup.now()):
            return Done()
        home = submission.answers.get(HOME)
        if not person.confirmed and not self._homes.claim(books, person, str(home)):
            self._hold(books, person, report)
            return Done()
        person = self._homes.as_admin(books.people.stored(person.id))
        self.let_in(books, person)
        self._record(books, person, report, *self._place(books, person, submission))
        return Done()

    def _hold(self, books: Books, person: Person, report: Report) -> None:
        answers = report.model_dump(mode="json")
        books.held.keep(person.id, report.kind, answers, self._setup.now())
        self._setup.tell(books, person.id, f"held:{self._setup.new_token()}", HeldReceipt())

    def _place(
        self, books: Books, person: Person, submission: Submission
    ) -> tuple[str | None, int | None]:
        """The case that the report belongs to, and the report that it takes the place of."""
        if "report" in submission.about:
            changed = _current(books, int(submission.about["report"]))
            check(person, Action.CHANGE_REPORT, changed)
            return changed.case, changed.id
        same = submission.answers.get(SAME)
        if same in (None, NEW_EVENT):
            return None, None
        in_case = [each for each in books.reports.of_case(str(same)) if each.ending is None]
        own = (each.id for each in in_case if each.reporter == person.id)
        return (str(same), next(own, None)) if in_case else (None, None)

    def _record(
        self,
        books: Books,
        person: Person,
        report: Report,
        case: str | None = None,
        supersedes: int | None = None,
    ) -> None:
        assert person.home is not None
        recorded = books.reports.add(
            case=case or self._setup.new_token(),
            kind=report.kind,
            day=report.day,
            members=report.credited,
            answers=report.model_dump(mode="json"),
            reporter=person.id,
            home=person.home,
            at=self._setup.now(),
            supersedes=supersedes,
        )
        self._setup.tell(books, person.id, _receipt_key(recorded.id), Receipt(report=recorded.id))
        if supersedes is not None:
            self._setup.tell_anew(books, _receipt_key(supersedes))

    def _alike(self, books: Books, report: Report, submission: Submission) -> tuple[Case, ...]:
        """Cases that may be the same event as this report, and not the one it changes."""
        if "report" in submission.about:
            return ()
        near = books.reports.live_between(
            report.kind, report.day - _LOOK_AROUND, report.day + _LOOK_AROUND
        )
        masking = self._setup.masking
        return tuple(case for case in cases(near) if report.like(masking.model(case.reports[0])))[
            :3
        ]


def _receipt_key(report_id: int) -> str:
    return f"receipt:{report_id}"


def _current(books: Books, report_id: int) -> Recorded:
    report = books.reports.get(report_id)
    if report is None or report.ending is not None:
        raise NotAllowedError(_GONE)
    return report
