"""What a municipality has answered by other ways, by phone say, recorded for it by the office."""

from bot.desk.setup import Setup
from bot.inquiries import ANSWER, Inquiry, inquiry_of
from bot.ledger.store import Books
from bot.people import Person
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check

KIND = ANSWER
"""The only step that is taken for others."""


class OnBehalf:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def waited_for(self, books: Books, person: Person, case: str) -> tuple[str, ...]:
        """Whose answers the person may record: of those asked who have not given any. Nobody's, if
        the case is closed. Raises NotAllowedError."""
        cover = self._setup.covers(books)(case)
        inquiry = self._inquiry(books, case)
        if inquiry is None:
            raise NotAllowedError(NO_SUCH_CASE)
        check(person, Action.ANSWER_FOR, Matter(cover))
        return unanswered(inquiry)

    def _inquiry(self, books: Books, case: str) -> Inquiry | None:
        live = (report for report in books.reports.of_case(case) if report.ending is None)
        return inquiry_of(live, self._setup.plan.inquiries)


def unanswered(inquiry: Inquiry) -> tuple[str, ...]:
    if not inquiry.is_open:
        return ()
    return tuple(ask.home for ask in inquiry.asks if ask.answered_on is None)
