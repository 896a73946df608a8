"""How the example is told to the bot: through the desk's own use cases, each at its moment."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.submission import Submission
from bot.ledger.recorded import Recorded
from bot.outcomes import Done, Outcome, Show
from bot.people import Person
from handlers.slack.forms import PREFIX
from playground.town import Somebody, Town

ZONE = ZoneInfo("Europe/Stockholm")
MARK = "(exempel)"
"""Stands in every title and sentence of the example."""

Act = Callable[[Town], None]

TITLES = ("title", "code_name", "name")
"""The fields by which reports are known."""


def moment(text: str) -> datetime:
    """`2026-06-12 14:00`, wall time in the region."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def submit(
    town: Town,
    somebody: Somebody,
    kind: str,
    answers: dict[str, object],
    about: dict[str, str] | None = None,
) -> Outcome:
    submission = Submission(kind, answers, about or {}, key(town, somebody))
    return town.desk.reporting.submit(known(town, somebody), submission)


def done(outcome: Outcome) -> None:
    assert isinstance(outcome, Done | Show), outcome


def key(town: Town, somebody: Somebody) -> str:
    return f"seed:{somebody.name}:{town.clock().isoformat()}"


def id_of(town: Town, somebody: Somebody) -> str:
    return f"{PREFIX}{town.person(somebody).id}"


def known(town: Town, somebody: Somebody) -> Person:
    person = town.desk.homes.find(id_of(town, somebody))
    assert person is not None
    return person


def report_called(town: Town, title: str) -> Recorded:
    """The one that holds now."""
    live = town.desk.setup.ledger.read(lambda books: books.reports.known_at(town.clock()))
    wanted = f"{title} {MARK}"
    return next(r for r in live if wanted in [r.answers.get(name) for name in TITLES])


def codes(town: Town, places: str) -> list[str]:
    """`Kumla, Nora` as codes."""
    by_name = {member.name: member.code for member in town.desk.setup.plan.members}
    return [by_name[place] for place in places.split(", ")]
