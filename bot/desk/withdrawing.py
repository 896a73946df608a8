"""Taking a report back. It stays in the ledger, and counts no longer."""

from bot.asking import RawAnswers
from bot.desk.recording import GONE, Recorder, receipt_keys
from bot.desk.report_forms import ReportForms, Withdrawal
from bot.desk.setup import Setup
from bot.forms import Form, read
from bot.ledger.audit import Act
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.reports import NoLongerCurrentError
from bot.ledger.store import Books
from bot.outcomes import Done, Open, Outcome, Retry
from bot.people import Person
from bot.rights import NotAllowedError
from bot.say.reports import Voice


class Withdrawing:
    def __init__(self, setup: Setup, recorder: Recorder) -> None:
        self._setup = setup
        self._recorder = recorder
        self._forms = ReportForms(setup)

    def begin(self, person: Person, report_id: int) -> Outcome:
        return Open(self._form(person, report_id, {}))

    def _form(self, person: Person, report_id: int, values: RawAnswers) -> Form:
        def draw(books: Books, voice: Voice) -> Form:
            report = self._recorder.changeable(books, person, report_id)
            return self._forms.withdrawal(person, report_id, voice.headline(report), values)

        return self._setup.show(person, draw)

    def withdraw(self, person: Person, report_id: int, answers: RawAnswers, key: str) -> Outcome:
        why = read(Withdrawal, answers, self._setup.situation(person))
        if isinstance(why, dict):
            return Retry(self._form(person, report_id, answers).with_errors(why))
        self._setup.ledger.write(
            lambda books: self._end(books, person, report_id, why.why or "", key)
        )
        return Done()

    def _end(self, books: Books, person: Person, report_id: int, why: str, key: str) -> None:
        books.one_at_a_time()
        now = self._setup.now()
        if not books.handled.first(key, now):
            return
        report = self._recorder.changeable(books, person, report_id)
        try:
            books.reports.end(report_id, Ending(Ended.WITHDRAWN, now, person.id, why))
        except NoLongerCurrentError as error:
            raise NotAllowedError(GONE) from error
        if report.reporter != person.id:
            self._setup.note(books, person, Act.WITHDRAWN_FOR_OTHER, f"report:{report_id}")
        for receipt in receipt_keys(books, report_id):
            self._setup.tell_anew(books, receipt)
        self._end_steps(books, report, Ending(Ended.WITHDRAWN, now, person.id, why))
        self._recorder.followed(books, report)

    def _end_steps(self, books: Books, opening: Recorded, ending: Ending) -> None:
        """With the report that opened a case all that was told in it stops counting."""
        steps = {k.kind for k in self._setup.kinds.values() if k.step_of == opening.kind}
        for report in books.reports.of_case(opening.case):
            if report.ending is None and report.kind in steps:
                books.reports.end(report.id, ending)
                for key in receipt_keys(books, report.id):
                    self._setup.tell_anew(books, key)
