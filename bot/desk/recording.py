"""What is done with a report that has been read, all within one transaction of the caller's."""

from dataclasses import dataclass
from datetime import timedelta

from bot.calendar import Period
from bot.desk.setup import Setup
from bot.duties import NOTHING
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.ledger.reports import NewReport, NoLongerCurrentError
from bot.ledger.store import Books
from bot.measures import Case, cases
from bot.notices import HeldReceipt, Receipt
from bot.people import Person
from bot.reports import Report
from bot.rights import Action, NotAllowedError, check

_LOOK_AROUND = timedelta(days=7)
"""How far from its day another report may lie to be held against it."""

_ASKED_ABOUT = 3
"""More cases than this are not asked about: the nearest say enough."""

GONE = N_("This report has been changed or withdrawn in the meantime. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a report belongs: in a case of others, in the place of an earlier report, or (by
    default) by itself."""

    case: str | None = None
    supersedes: int | None = None
    reporter: str | None = None
    home: str | None = None
    """Whose report it stays, when somebody else corrects it."""


ALONE = Belonging()


class Recorder:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def current(self, books: Books, report_id: int) -> Recorded:
        """Raises NotAllowedError if it is no longer the truth."""
        report = books.reports.get(report_id)
        if report is None or report.ending is not None:
            raise NotAllowedError(GONE)
        return report

    def alike(self, books: Books, report: Report) -> tuple[Case, ...]:
        """Cases that may be the same event as this report."""
        first, last = report.day - _LOOK_AROUND, report.day + _LOOK_AROUND
        near = cases(books.reports.live_between(report.kind, first, last))
        model = self._setup.masking.model
        return tuple(c for c in near if report.like(model(c.reports[0])))[:_ASKED_ABOUT]

    def instead_of(self, books: Books, person: Person, kind: str, report_id: int) -> Belonging:
        """In the place of a report that the person may change."""
        changed = self.current(books, report_id)
        check(person, Action.CHANGE_REPORT, changed)
        if changed.kind != kind:
            raise NotAllowedError(GONE)
        return Belonging(changed.case, changed.id, changed.reporter, changed.home)

    def within(self, books: Books, person: Person, kind: str, case: str) -> Belonging:
        """In a case; in the place of the person's own report there, if there is one."""
        live = [r for r in books.reports.of_case(case) if r.ending is None and r.kind == kind]
        own = (report.id for report in live if report.reporter == person.id)
        return Belonging(case, next(own, None)) if live else ALONE

    def record(
        self, books: Books, person: Person, report: Report, belonging: Belonging = ALONE
    ) -> None:
        """Raises NotAllowedError if somebody else was first to change what it would replace."""
        recorded = self._add(
            books,
            NewReport(
                case=belonging.case or self._setup.new_token(),
                kind=report.kind,
                day=report.day,
                members=report.credited,
                answers=report.model_dump(mode="json"),
                reporter=belonging.reporter or person.id,
                home=belonging.home or person.home or "",
                supersedes=belonging.supersedes,
                by=person.id,
            ),
        )
        for reader in {person.id, recorded.reporter}:
            key = receipt_key(recorded.id, "" if reader == recorded.reporter else reader)
            self._setup.tell(books, reader, key, Receipt(report=recorded.id))
        if belonging.supersedes is not None:
            self._setup.tell_anew(books, receipt_key(belonging.supersedes))

    def nothing(self, books: Books, person: Person, kind: str, period: Period) -> None:
        """That the person's municipality had nothing of `kind` in `period`."""
        today = self._setup.today()
        answers = {"of": kind, "period": period.key, "said_on": today.isoformat()}
        self._add(
            books,
            NewReport(
                case=self._setup.new_token(),
                kind=NOTHING,
                day=min(today, period.end),
                members=(),
                answers=answers,
                reporter=person.id,
                home=person.home or "",
                by=person.id,
            ),
        )

    def hold(self, books: Books, person: Person, report: Report, case: str | None) -> None:
        """Keep it until it is known whom the person speaks for."""
        answers = report.model_dump(mode="json")
        books.held.keep(person.id, report.kind, answers, case, self._setup.now())
        self._setup.tell(books, person.id, f"held:{self._setup.new_token()}", HeldReceipt())

    def let_in(self, books: Books, person: Person) -> None:
        """Record what was held of somebody who speaks for a municipality now."""
        for held in books.held.waiting(person.id):
            if books.held.let_go(held.id):
                report = self._setup.kinds[held.kind].model_validate(dict(held.answers))
                case = held.case
                where = self.within(books, person, held.kind, case) if case else ALONE
                self.record(books, person, report, where)

    def _add(self, books: Books, report: NewReport) -> Recorded:
        try:
            return books.reports.add(report, self._setup.now())
        except NoLongerCurrentError as error:
            raise NotAllowedError(GONE) from error


def receipt_key(report_id: int, other: str = "") -> str:
    """The receipt of whose report it is, or of the `other` who corrected it."""
    return f"receipt:{report_id}:{other}" if other else f"receipt:{report_id}"
