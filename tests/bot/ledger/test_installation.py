"""A whole Brobot on either database, from a report to what is said about it."""

from datetime import timedelta

from bot.clock import MovableClock
from playground.town import AMIR, MARIA, Town


def test_a_report_its_receipt_its_correction_and_the_digest(url: str, clock: MovableClock):
    with Town(url, clock) as town:
        maria = town.person(MARIA)
        maria.types("/workshop Exportdag 12 juni Kumla", channel="bro")
        maria.fills(theme="service")
        maria.submits()
        town.settle()
        assert "Exportdag" in maria.dm[-1].words

        maria.presses(maria.dm[-1].buttons[0])
        maria.fills(title="Exportfrukost")
        maria.submits()
        clock.set(clock() + timedelta(days=4))
        town.settle()
        known = town.desk.setup.ledger.read(lambda books: books.reports.known_at(clock()))
        assert [report.answers["title"] for report in known] == ["Exportfrukost"]
        assert any("24" in seen.text for seen in town.person(AMIR).sees("bro"))
        assert town.desk.setup.ledger.read(lambda books: books.outbox.unsettled()) == 0
