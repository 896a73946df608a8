"""A disk that takes longer for a commit than Slack waits."""

from collections.abc import Iterator
from threading import Event

import pytest
from sqlalchemy import event

from bot.ledger import patience
from handlers.commands import UNSURE
from playground.town import MARIA, Town
from tests.handlers.test_inquiries import ACKNOWLEDGE, registers, staff
from tests.talk import sv


@pytest.fixture
def disk(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """It is done with a commit only once the event is set."""
    monkeypatch.setattr(patience, "DEADLINE_SECONDS", 0.2)
    monkeypatch.setattr("handlers.slack.listeners.GRACE", 0.0)
    done = Event()
    engine = town.desk.setup.ledger._engines.writing

    def takes_long(_connection: object) -> None:
        done.wait(5)

    event.listen(engine, "commit", takes_long)
    yield done
    done.set()


def test_whoever_presses_a_button_is_told_in_time_and_presses_again(town, disk):
    disk.set()
    registers(staff(town))
    maria = town.person(MARIA)
    disk.clear()
    maria.presses(ACKNOWLEDGE)
    assert maria.dm[-1].words == sv(UNSURE)
    disk.set()
    maria.presses(ACKNOWLEDGE)
    town.settle()
    told = town.desk.setup.ledger.read(lambda books: books.reports.ever())
    assert [report.kind for report in told].count("etablering_kvittens") == 1


@pytest.mark.parametrize("what", ["a report", "settings"])
def test_people_are_told_in_time_that_nobody_can_tell_and_press_again(town, disk, what):
    disk.set()
    maria = town.person(MARIA)
    if what == "a report":
        maria.types("/workshop Frukost 12 juni Kumla, Nora")
        maria.fills(theme="service")
    else:
        maria.types("/bro settings")
    disk.clear()
    maria.submits()
    assert maria.modal is not None
    assert sv(UNSURE) in [field.error for field in maria.modal.fields.values()]
    disk.set()
    maria.submits()
    if what == "a report":
        assert maria.modal is None
        known = town.desk.setup.ledger.read(lambda books: books.reports.known_at(town.clock()))
        assert len(known) == 1
    else:
        assert sv("Saved.") in maria.modal.words
