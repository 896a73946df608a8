"""Somebody is erased: what is left, what is not, and that no backup brings them back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.ledger.audit import CONSOLE, Act, Noted, person_subject, verified
from bot.ledger.engine import Engines
from bot.ledger.erasures import GOING, POINTING, tombstone
from bot.ledger.journal import Journal
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.recorded import Ended, Ending
from bot.ledger.reminders import ReminderState
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import metadata
from bot.notices import Guide, HomeRequest, Notice, Undelivered
from bot.people import Person
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after

ASA = replace(MARIA, id="slack:U7Å", name="Åsa Exempel", email="åsa@kumla.se")
NEAR = replace(JOHAN, id=f"{MARIA.id}23", name="Namne", email="namne@kumla.se")
"""Whose id begins with Maria's."""
PSEUDONYM = Person(
    id="erased:7f3a", name="Erased person 7f3a", email="", home=None, wanted_home=None,
    roles=frozenset(), language="sv", met_at=after(60),
)  # fmt: skip


def report(reporter: str, case: str = "case", **answers: object) -> NewReport:
    return NewReport(
        case=case, kind="etablering", day=JUNE.date(), members=("1881",),
        answers={"title": "Exportdag", **answers}, reporter=reporter, home="1881", by=reporter,
    )  # fmt: skip


def everywhere(books: Books, who: Person) -> None:
    """Rows in every table that can tell of somebody."""
    for person in (who, JOHAN, NEAR):
        books.people.meet(person)
    first = books.reports.add(report(who.id, leaders=[who.id, JOHAN.id]), JUNE)
    books.reports.add(replace(report(who.id), supersedes=first.id), JUNE)
    books.reports.add(report(NEAR.id, case="near", leaders=[NEAR.id]), JUNE)
    others = books.reports.add(report(JOHAN.id, leaders=[who.id]), JUNE)
    books.reports.end(others.id, Ending(Ended.WITHDRAWN, JUNE, who.id, "Fel"))
    books.held.keep(who.id, "workshop", {"title": "Väntar"}, None, JUNE)
    for answers in ({"person": who.id, "say": "Hej"}, {"person": None, "say": "Alla"}):
        books.reminders.change(books.reminders.add(answers, who.id, JUNE), answers, who.id, JUNE)
    books.readings.note(who.id, ["case"], JUNE)
    row = OccasionRow("reminder:1", "2026", who.id, "s", JUNE, OccasionState.POSTPONED)
    books.occasions.claim(row)
    books.occasions.may_nudge(who.id, "s", JUNE.date())
    said(books, f"guide:{who.id}", who.id, Guide())
    said(
        books, f"home-request:{who.id}:a:{JOHAN.id}", JOHAN.id, HomeRequest(person=who.id, home="1")
    )
    said(
        books,
        f"home-request:{NEAR.id}:a:{JOHAN.id}",
        JOHAN.id,
        HomeRequest(person=NEAR.id, home="1"),
    )
    told = Undelivered(recipient=who.id, what="receipt", trouble="x")
    said(books, f"undelivered:1:{JOHAN.id}", JOHAN.id, told)
    alias = books.aliases.of(who.id, lambda: "word")
    subject = person_subject(alias)
    books.audit.note(Noted(JUNE, alias, Act.PERSON_CHANGED, subject, {"home": "1881"}))


def said(books: Books, key: str, recipient: str, notice: Notice) -> None:
    dumped = notice.model_dump(mode="json")
    books.outbox.put(key=key, token="opaque", recipient=recipient, notice=dumped, at=JUNE)


def dumped(engines: Engines) -> str:
    """The whole database as text; JSON both as it stands there and as it is read."""
    with engines.reading.begin() as connection:
        tables = metadata.sorted_tables
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


def erased(ledger: Ledger, who: Person) -> dict[str, int]:
    return ledger.write(lambda books: books.erasures.erase(who.id, PSEUDONYM))


@pytest.mark.parametrize("who", [MARIA, ASA], ids=["maria", "åsa"])
def test_nothing_of_somebody_erased_is_left_in_the_database(
    ledger: Ledger, engines: Engines, who: Person
):
    ledger.write(lambda books: everywhere(books, who))
    before = dumped(engines).replace(NEAR.id, "")
    assert all(each in before for each in (who.id, who.name, who.email))
    erased(ledger, who)
    left = dumped(engines).replace(NEAR.id, "")
    assert [each for each in (who.id, who.name, who.email) if each in left] == []


def test_nothing_of_them_is_left_in_the_bytes_of_an_sqlite_file_either(
    ledger: Ledger, engines: Engines
):
    if engines.writing.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's own vacuum clears its files")
    ledger.write(lambda books: everywhere(books, MARIA))
    erased(ledger, MARIA)
    ledger.close()  # with the last connection the write-ahead log goes into the file
    file = engines.writing.url.database
    assert file is not None
    with open(file, "rb") as opened:  # noqa: PTH123 - one read
        left = opened.read().replace(NEAR.id.encode(), b"")
    assert [each for each in (MARIA.name, MARIA.email, MARIA.id) if each.encode() in left] == []


def test_the_reports_stay_and_are_told_by_the_pseudonym(ledger: Ledger):
    ledger.write(lambda books: everywhere(books, MARIA))
    assert erased(ledger, MARIA)["reports"] == 2
    first, second, johans = ledger.read(lambda books: books.reports.of_case("case"))
    assert [first.reporter, second.reporter, johans.reporter] == [PSEUDONYM.id] * 2 + [JOHAN.id]
    assert first.ending is not None
    assert first.ending.by == PSEUDONYM.id
    assert first.answers == {"title": "Exportdag", "leaders": [JOHAN.id]}
    assert ledger.read(lambda books: books.people.named([PSEUDONYM.id]))


def test_others_are_left_as_they_are_also_one_whose_id_begins_alike(ledger: Ledger):
    ledger.write(lambda books: everywhere(books, MARIA))
    erased(ledger, MARIA)
    assert ledger.read(lambda books: books.people.all()) == (JOHAN, NEAR)
    (near,) = ledger.read(lambda books: books.reports.of_case("near"))
    assert (near.reporter, near.answers["leaders"]) == (NEAR.id, [NEAR.id])
    kept = ledger.read(lambda books: books.outbox.keys_beginning("home-request:"))
    assert set(kept) == {
        f"home-request:{PSEUDONYM.id}:a:{JOHAN.id}",
        f"home-request:{NEAR.id}:a:{JOHAN.id}",
    }


def test_a_reminder_for_them_alone_ends_and_the_others_they_made_go_on(ledger: Ledger):
    ledger.write(lambda books: everywhere(books, MARIA))
    erased(ledger, MARIA)
    alone, everybody = ledger.read(lambda books: [books.reminders.get(n) for n in (1, 2)])
    assert (alone.state, everybody.state) == (ReminderState.ENDED, ReminderState.ACTIVE)
    assert everybody.made_by == PSEUDONYM.id


def test_the_audit_trail_stays_whole_and_tells_of_nobody(ledger: Ledger):
    ledger.write(lambda books: everywhere(books, MARIA))
    before = ledger.read(lambda books: verified(books.audit.all()))
    erased(ledger, MARIA)
    assert ledger.read(lambda books: verified(books.audit.all(), before.head)) == before
    assert ledger.read(lambda books: books.aliases.people()) == {}


def test_every_column_that_points_to_a_person_is_thought_of():
    """A new one fails here until it is said what becomes of it."""
    pointing = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name == "recipient"
        or any(k.target_fullname == "people.id" for k in column.foreign_keys)
    }
    assert pointing == {f"{column.table.name}.{column.name}" for column in (*POINTING, *GOING)}


def test_a_name_in_free_text_is_found_and_told(ledger: Ledger):
    def work(books: Books) -> None:
        books.people.meet(ASA)
        for answers in ({}, {"notes": f"Ring {ASA.name}."}, {"leaders": [ASA.id]}):
            books.reports.add(report(ASA.id, **answers), JUNE)
        last = books.reports.add(report(ASA.id), JUNE)
        books.reports.end(last.id, Ending(Ended.WITHDRAWN, JUNE, ASA.id, f"{ASA.name} bad om det"))

    ledger.write(work)
    assert ledger.read(lambda books: books.erasures.mentions(ASA)) == (2, 4)


# --- So that no backup brings them back


def test_a_tombstone_fits_whom_it_is_for_and_tells_nobody_else_who_it_was():
    stone = tombstone(MARIA.id, "salt", JUNE)
    assert stone.is_for(MARIA)
    assert not stone.is_for(NEAR)
    assert MARIA.id not in str(stone)
    assert stone.digest != tombstone(MARIA.id, "other salt", JUNE).digest


def test_whoever_comes_back_later_is_new_and_no_tombstone_is_for_them():
    stone = tombstone(MARIA.id, "salt", JUNE)
    assert not stone.is_for(replace(MARIA, met_at=JUNE + timedelta(seconds=1)))


def test_the_journal_holds_each_once_and_gives_them_back(tmp_path):
    journal, stones = (
        Journal(tmp_path / "erasures"),
        [tombstone("a", "1", JUNE), tombstone("b", "2", JUNE)],
    )
    assert journal.read() == ()
    journal.add(stones[:1])
    journal.add(stones)
    assert journal.read() == tuple(stones)
    assert len((tmp_path / "erasures").read_text().splitlines()) == 2


def test_what_is_remembered_in_the_database_comes_back_as_it_was(ledger: Ledger):
    stones = (tombstone("a", "1", JUNE), tombstone("b", "2", after(1)))
    ledger.write(lambda books: books.erasures.remember(stones))
    ledger.write(lambda books: books.erasures.remember(stones[:1]))
    assert ledger.read(lambda books: books.erasures.tombstones()) == stones


def test_an_entry_of_the_console_needs_no_alias(ledger: Ledger):
    ledger.write(lambda books: books.audit.note(Noted(JUNE, CONSOLE, Act.ERASED, "erased:1", {})))
    assert ledger.read(lambda books: books.aliases.people()) == {}
