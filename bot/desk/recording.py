"""What is done with a report that has been read, all within one transaction of the caller's."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bot.asking import Money
from bot.calendar import Period
from bot.desk.okr import DIGEST, digest_keys
from bot.desk.setup import Setup
from bot.duties import NOTHING
from bot.language import N_
from bot.ledger.audit import Act
from bot.ledger.recorded import Recorded
from bot.ledger.reports import NewReport, NoLongerCurrentError
from bot.ledger.store import Books
from bot.measures import Case, cases
from bot.notices import HeldReceipt, Receipt
from bot.people import Person
from bot.reports import Report
from bot.reports.report import Past
from bot.rights import NO_SUCH_CASE, Action, NotAllowedError, check

_ASKED_ABOUT = 3
"""More cases than this are not asked about: the nearest say enough."""

_FAR_OFF = 1000
"""So many times the usual, or a so many-th of it, an amount is likely to be a slip."""

_TO_GO_BY = 3
"""So many earlier amounts tell what is usual; fewer do not."""

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

Followed = Callable[[Books, Recorded], None]
"""What is done when something has changed in the case that a report was made in."""


class Recorder:
    """`followed` is called with each report that has been recorded or withdrawn."""

    def __init__(self, setup: Setup, followed: Followed) -> None:
        self._setup = setup
        self.followed = followed

    def changeable(self, books: Books, person: Person, report_id: int) -> Recorded:
        """Raises NotAllowedError: in the same words if there is no such report or the person may
        not know of it, in others if it is no longer the truth or not theirs to change."""
        report = books.reports.get(report_id)
        if report is None:
            raise NotAllowedError(NO_SUCH_CASE)
        matter = self._setup.matter(books, report)
        if report.ending is not None and matter.cover.is_known_to(person):
            raise NotAllowedError(GONE)
        check(person, Action.CHANGE_REPORT, matter)
        return report

    def alike(self, books: Books, report: Report) -> tuple[Case, ...]:
        """Cases that may be the same event as this report."""
        first, last = report.day - report.same_within, report.day + report.same_within
        near = cases(books.reports.live_between(report.kind, first, last))
        model = self._setup.model
        return tuple(c for c in near if report.like(model(c.reports[0])))[:_ASKED_ABOUT]

    def unusual(self, books: Books, report: Report) -> tuple[tuple[str, int], ...]:
        """Amounts of money that are a thousand times what is usual or more, or a thousandth or
        less, by their fields."""
        money = [field for field in report.fields() if isinstance(field.ask.input, Money)]
        given = [(f, amount) for f in money if (amount := getattr(report, f.name))]
        if not given:
            return ()
        earlier = [dict(r.answers) for r in books.reports.live_of((report.kind,))]
        found = []
        for field, amount in given:
            assert isinstance(field.ask.input, Money)
            known = [int(str(e[field.name])) for e in earlier if e.get(field.name)]
            usual = median(known) if len(known) >= _TO_GO_BY else field.ask.input.usual
            if amount >= usual * _FAR_OFF or amount * _FAR_OFF <= usual:
                found.append((field.name, amount))
        return tuple(found)

    # --- Where it belongs

    def instead_of(self, books: Books, person: Person, kind: str, report_id: int) -> Belonging:
        """In the place of a report that the person may change."""
        changed = self.changeable(books, person, report_id)
        if changed.kind != kind:
            raise NotAllowedError(GONE)
        return Belonging(changed.case, changed.id, changed.reporter, changed.home)

    def within(self, books: Books, person: Person, kind: str, case: str) -> Belonging:
        """In a case; in the place of the person's own report there, if there is one."""
        live = [r for r in books.reports.of_case(case) if r.ending is None and r.kind == kind]
        own = (report.id for report in live if report.reporter == person.id)
        return Belonging(case, next(own, None)) if live else ALONE

    def as_step(self, books: Books, person: Person, report: Report, case: str) -> Belonging:
        """A step in a case; where its kind replaces, in the place of an earlier one that told of
        the same part. A municipality's answer stays the first one's who gave it, anything else is
        told by whoever tells it last."""
        same = (case, report.kind, report.part(person.home or ""))
        live = (r for r in books.reports.of_case(case) if r.ending is None)
        before = next((r for r in live if r.thing == same), None)
        if before is None or not report.replaces:
            return Belonging(case)
        if before.part == before.home:
            return Belonging(case, before.id, before.reporter, before.home)
        return Belonging(case, before.id)

    def past(self, books: Books, person: Person, belonging: Belonging) -> Past:
        """What holds in the case that the report is about to become part of."""
        told = books.reports.of_case(belonging.case) if belonging.case else ()
        live = sorted((r for r in told if r.ending is None), key=lambda r: r.place)
        replaced = next((r for r in live if r.id == belonging.supersedes), None)
        readable = {each.id: model for each in live if (model := self._setup.readable(each))}
        return Past(
            today=self._setup.today(),
            home=belonging.home or person.home or "",
            steps=tuple(
                (each, readable[each.id])
                for each in live
                if each is not replaced and each.id in readable
            ),
            before=readable.get(replaced.id) if replaced else None,
        )

    def is_changed(
        self, books: Books, person: Person, report: Report, belonging: Belonging
    ) -> bool:
        """Whether it says anything else than the report whose place it takes."""
        replaced = books.reports.get(belonging.supersedes or 0)
        said = report.settled(self.past(books, person, belonging)).model_dump(mode="json")
        return replaced is None or dict(replaced.answers) != said

    # --- Into the ledger

    def record(
        self, books: Books, person: Person, report: Report, belonging: Belonging = ALONE
    ) -> Recorded:
        """Raises NotAllowedError if somebody else was first to change what it would replace."""
        past = self.past(books, person, belonging)
        report = report.settled(past)
        recorded = self._add(
            books,
            NewReport(
                case=belonging.case or self._setup.new_token(),
                kind=report.kind,
                day=report.day,
                members=report.credited,
                answers=report.model_dump(mode="json"),
                reporter=belonging.reporter or person.id,
                home=past.home,
                supersedes=belonging.supersedes,
                by=person.id,
                part=report.part(past.home),
            ),
        )
        self._note(books, person, recorded, report, past.before)
        for reader in {person.id, recorded.reporter}:
            key = receipt_key(recorded.id, "" if reader == recorded.reporter else reader)
            self._setup.tell(books, reader, key, Receipt(report=recorded.id))
        if belonging.supersedes is not None:
            for key in receipt_keys(books, belonging.supersedes):
                self._setup.tell_anew(books, key)
        self.followed(books, recorded)
        return recorded

    def _note(
        self,
        books: Books,
        person: Person,
        recorded: Recorded,
        report: Report,
        before: Report | None,
    ) -> None:
        """What the audit trail is told of: that somebody changed what another had reported, and
        that a case became confidential or ceased to be."""
        id_ = recorded.supersedes
        replaced = books.reports.get(id_) if id_ is not None else None
        if replaced is not None and replaced.reporter != person.id:
            subject = f"report:{recorded.id}"
            self._setup.note(books, person, Act.CORRECTED_FOR_OTHER, subject, replaces=id_)
        if report.secrecy.confidential != _is_secret(before):
            secret = report.secrecy.confidential
            act = Act.CONFIDENTIALITY_SET if secret else Act.CONFIDENTIALITY_LIFTED
            self._setup.note(books, person, act, f"case:{recorded.case}")
            if secret:
                self._say_digests_anew(books, recorded.case)

    def _say_digests_anew(self, books: Books, case: str) -> None:
        """Those that may have named it; they say the same otherwise, for what a digest says of its
        week does not change."""
        begun = min(report.recorded_at for report in books.reports.of_case(case))
        for row in books.occasions.of_alarm(DIGEST):
            if row.due_at >= begun:
                for key in digest_keys(row.period, self._setup.channel):
                    self._setup.tell_anew(books, key)

    def quietly(self, books: Books, person: Person, report: Report, case: str) -> None:
        """A step that needs no receipt: the button that made it shows what came of it."""
        new = NewReport(
            case=case,
            kind=report.kind,
            day=report.day,
            members=report.credited,
            answers=report.model_dump(mode="json"),
            reporter=person.id,
            home=person.home or "",
            by=person.id,
            part=report.part(person.home or ""),
        )
        self.followed(books, self._add(books, new))

    def nothing(self, books: Books, person: Person, kind: str, period: Period) -> Recorded:
        """That the person's municipality had nothing of `kind` in `period`."""
        today = self._setup.today()
        answers = {"of": kind, "period": period.key, "said_on": today.isoformat()}
        return self._add(
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


def _is_secret(report: Report | None) -> bool:
    return report is not None and report.secrecy.confidential


def receipt_keys(books: Books, report_id: int) -> tuple[str, ...]:
    """Every receipt of a report: the one of whose it is, and those of others who corrected it."""
    own = receipt_key(report_id)
    return (own, *books.outbox.keys_beginning(f"{own}:"))


def receipt_key(report_id: int, other: str = "") -> str:
    """The receipt of whose report it is, or of the `other` who corrected it."""
    return f"receipt:{report_id}:{other}" if other else f"receipt:{report_id}"
