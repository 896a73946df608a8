"""Who is known, and what is held for those whose municipality is not."""

from dataclasses import replace

import pytest

from bot.ledger.store import Books, Ledger
from bot.people import Role
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after


@pytest.fixture(autouse=True)
def maria(ledger: Ledger) -> None:
    assert ledger.write(lambda books: books.people.meet(MARIA)) == MARIA


def test_somebody_met_again_stays_as_they_are(ledger: Ledger):
    stranger = replace(MARIA, name="Någon annan", home=None, roles=frozenset())
    assert ledger.write(lambda books: books.people.meet(stranger)) == MARIA


def test_people_are_found_by_id_and_listed_by_name(ledger: Ledger):
    ledger.write(lambda books: books.people.meet(JOHAN))

    def work(books: Books) -> None:
        assert books.people.get("slack:U9") is None
        assert books.people.stored(JOHAN.id) == JOHAN
        assert books.people.all() == (JOHAN, MARIA)
        assert books.people.named([MARIA.id, MARIA.id, "slack:U9"]) == {MARIA.id: MARIA}
        with pytest.raises(KeyError):
            books.people.stored("slack:U9")

    ledger.read(work)


def test_what_is_saved_about_somebody_changes_nobody_else(ledger: Ledger):
    ledger.write(lambda books: books.people.meet(JOHAN))
    changed = replace(JOHAN, home="1861", wanted_home=None, roles=frozenset({Role.ADMIN}))
    ledger.write(lambda books: books.people.save(changed))
    assert ledger.read(lambda books: books.people.all()) == (changed, MARIA)


def test_a_home_is_asked_for_once(ledger: Ledger):
    asked = [
        ledger.write(lambda books, home=home: books.people.ask_for_home(MARIA.id, home))
        for home in ("1861", "1861", "1880")
    ]
    assert asked == [True, False, True]
    assert ledger.read(lambda books: books.people.stored(MARIA.id)).wanted_home == "1880"


def test_what_is_held_waits_in_order_until_one_takes_it_out(ledger: Ledger, elsewhere: Ledger):
    def hold(books: Books) -> None:
        books.people.meet(JOHAN)
        books.held.keep(MARIA.id, "workshop", {"title": "Ett", "members": ["1881"]}, None, JUNE)
        books.held.keep(MARIA.id, "workshop", {"title": "Två"}, None, after(1))
        books.held.keep(JOHAN.id, "workshop", {"title": "Johans"}, None, JUNE)

    ledger.write(hold)
    first, second = ledger.read(lambda books: books.held.waiting(MARIA.id))
    assert (first.answers, first.held_at) == ({"title": "Ett", "members": ["1881"]}, JUNE)
    taken = [each.write(lambda books: books.held.let_go(first.id)) for each in (ledger, elsewhere)]
    assert taken == [True, False]
    assert ledger.read(lambda books: books.held.waiting(MARIA.id)) == (second,)
