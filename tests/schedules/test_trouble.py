"""A worker's errors are noted where monitoring can read them."""

import logging
from collections.abc import Iterator

import pytest

from bot.clock import MovableClock
from bot.ledger.store import TROUBLE, Ledger, LedgerBusyError
from bot.logs import OURS
from schedules.trouble import Trouble

log = logging.getLogger("schedules.test")


@pytest.fixture
def trouble(ledger: Ledger, clock: MovableClock) -> Iterator[Trouble]:
    handler = Trouble(ledger, clock)
    handler.listen()
    yield handler
    for name in OURS:
        logging.getLogger(name).removeHandler(handler)


def noted(ledger: Ledger) -> object:
    return ledger.read(lambda books: books.pulse.last(TROUBLE))


def test_an_error_is_noted_in_the_next_round_and_a_warning_is_none(trouble, ledger, clock):
    log.warning("not so bad")
    trouble.note()
    assert noted(ledger) is None
    log.error("bad")
    trouble.note()
    assert noted(ledger) == clock()


def test_a_broken_connection_to_slack_is_none_of_our_errors(trouble, ledger):
    logging.getLogger("slack_sdk.web.base_client").error("Failed to send a request")
    trouble.note()
    assert noted(ledger) is None


def test_while_nothing_is_written_an_error_may_be_logged_in_a_transaction(trouble, ledger, clock):
    ledger.write(lambda _books: log.error("bad"))
    trouble.note()
    assert noted(ledger) == clock()


def test_a_note_that_could_not_be_written_is_an_error_and_noted_later(
    trouble, ledger, clock, monkeypatch
):
    def busy(_work) -> None:
        raise LedgerBusyError

    log.error("bad")
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "write", busy)
        with pytest.raises(LedgerBusyError) as failed:
            trouble.note()
    log.error("alarm trouble failed", exc_info=failed.value)
    trouble.note()
    assert noted(ledger) == clock()
