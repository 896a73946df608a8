"""The audit trail: one entry after the other, and no way to change it that is not found."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.ledger.audit import CONSOLE, Act, Noted, Verdict, verified
from bot.ledger.engine import Engines
from bot.ledger.store import Books, Ledger
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after, at_once


def noted(subject: str, action: Act = Act.PERSON_CHANGED) -> Noted:
    return Noted(JUNE, CONSOLE, action, subject, {"home": "1881", "count": 2})


def note(ledger: Ledger, *subjects: str) -> None:
    ledger.write(lambda books: [books.audit.note(noted(each)) for each in subjects])


def verdict(ledger: Ledger, head: str = "") -> Verdict:
    return ledger.read(lambda books: verified(books.audit.all(), head))


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """A trail of five entries, from three transactions."""
    note(ledger, "case:a", "case:b")
    note(ledger, "case:c")
    note(ledger, "case:d", "case:e")
    return ledger


def test_entries_stand_in_the_order_of_noting_and_each_follows_on_the_one_before(told: Ledger):
    entries = told.read(lambda books: tuple(books.audit.all()))
    assert [entry.subject[-1] for entry in entries] == list("abcde")
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == ["", *(e.hash for e in entries[:-1])]
    assert verdict(told) == Verdict(5, entries[-1].hash)


def test_what_is_not_saved_is_not_in_the_trail(told: Ledger):
    def work(books: Books) -> None:
        books.audit.note(noted("case:f"))
        raise KeyError("lost")

    with pytest.raises(KeyError):
        told.write(work)
    assert verdict(told).count == 5


def test_many_who_write_at_once_make_one_chain(ledger: Ledger, elsewhere: Ledger):
    works = [partial(note, each, f"case:{n}") for n in range(8) for each in (ledger, elsewhere)]
    at_once(works)
    assert (verdict(ledger).count, verdict(ledger).fault) == (16, "")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 'x' WHERE number = 2", "DELETE FROM audit WHERE number = 5"],
)
def test_the_database_itself_refuses_to_change_it(told: Ledger, engines: Engines, statement: str):
    with pytest.raises(DBAPIError, match="append-only"), engines.writing.begin() as connection:
        connection.execute(text(statement))
    assert (verdict(told).count, verdict(told).fault) == (5, "")


def test_postgresql_refuses_to_empty_it(told: Ledger, engines: Engines):
    if engines.writing.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), engines.writing.begin() as connection:
        connection.execute(text("TRUNCATE audit"))
    assert verdict(told).count == 5


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE number = 3", "Entry 3 has been changed."),
        ('UPDATE audit SET details = \'{"home": "1861"}\' WHERE number = 1', "Entry 1 has"),
        ("UPDATE audit SET at = at + 1 WHERE number = 5", "Entry 5 has been changed."),
        ("DELETE FROM audit WHERE number = 1", "Entry 1 is missing."),
        ("DELETE FROM audit WHERE number = 3", "Entry 3 is missing."),
        (
            "UPDATE audit SET hash = 'aa', actor = 'x' WHERE number = 2",
            "Entry 2 has been changed.",
        ),
    ],
)
def test_whoever_gets_round_that_is_found_out(
    told: Ledger, engines: Engines, tampering: str, fault: str
):
    tamper(engines, tampering)
    assert verdict(told).fault.startswith(fault)


def test_entries_cut_off_at_the_end_are_found_by_a_head_that_was_noted(
    told: Ledger, engines: Engines
):
    head = verdict(told).head
    note(told, "case:f")
    assert verdict(told, head).fault == ""
    tamper(engines, "DELETE FROM audit WHERE number > 4")
    assert verdict(told).fault == ""
    assert "missing at its end" in verdict(told, head).fault


def test_the_head_before_a_restore_is_known_by_what_was_noted_of_it(told: Ledger):
    details = {"replaced_entries": 9, "replaced_head": "ab" * 32}
    restored = Noted(after(9), CONSOLE, Act.RESTORED, "", details)
    told.write(lambda books: books.audit.note(restored))
    assert verdict(told, "ab" * 32).fault == ""
    assert verdict(told, "cd" * 32).fault != ""


def tamper(engines: Engines, statement: str) -> None:
    """As somebody does who may do everything in the database."""
    with engines.writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for what in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_keeps_{what}"))
        connection.execute(text(statement))


def test_somebody_has_one_alias_that_tells_nothing_of_them(ledger: Ledger):
    ledger.write(lambda books: [books.people.meet(each) for each in (MARIA, JOHAN)])
    words = iter(("one", "two", "three"))
    new: Callable[[], str] = lambda: next(words)  # noqa: E731 - a fake in one line
    aliases = ledger.write(
        lambda books: [books.aliases.of(each.id, new) for each in (MARIA, JOHAN, MARIA)]
    )
    assert aliases == ["one", "two", "one"]
    assert ledger.read(lambda books: books.aliases.people()) == {"one": MARIA.id, "two": JOHAN.id}


def test_what_somebody_did_and_what_was_done_to_them_is_found(ledger: Ledger):
    def work(books: Books) -> None:
        books.audit.note(Noted(JUNE, "one", Act.REMINDER_MADE, "reminder:1", {}))
        books.audit.note(Noted(after(1), CONSOLE, Act.PERSON_CHANGED, "person:one", {}))
        books.audit.note(Noted(after(2), CONSOLE, Act.PERSON_CHANGED, "person:two", {}))

    ledger.write(work)
    found = ledger.read(lambda books: books.audit.about("one"))
    assert [entry.number for entry in found] == [1, 2]
