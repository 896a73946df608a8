"""Several people at once, on both databases: what rests on something read first is decided one
at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.outcomes import Done, Outcome, Refuse, Retry
from bot.people import Role
from handlers.commands import About, Answered
from playground.town import AMIR, JOHAN, KARIN, MARIA, ULLA, Town
from tests.databases import empty, postgresql
from tests.talk import commands_of, known, with_role

EVENT = {
    "title": "Exportdag",
    "held_on": "2026-03-12",
    "members": ["1881", "1861"],
    "theme": "service",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("at-once")
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/town.db"
        return
    with postgresql(folder) as named:
        yield named("town")


@pytest.fixture
def town(database: str, clock, request) -> Iterator[Town]:
    with Town(database, clock) as running:
        yield running
        empty(running.desk.setup.ledger._engines.writing)


def met(town: Town, *several) -> None:
    for somebody in several:
        person = town.person(somebody)
        person.types("/bro settings")
        person.submits()


def at_once(*acts) -> list[Outcome]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: act(), acts))


def reports(town: Town):
    now = town.clock()
    return town.desk.setup.ledger.read(lambda books: books.reports.known_at(now))


def test_of_two_who_report_the_same_event_one_is_asked(town):
    met(town, MARIA, JOHAN)
    commands = commands_of(town)
    outcomes = at_once(
        *(
            lambda who=who: commands.submit(
                known(town, who), Answered("workshop", dict(EVENT), About(), f"key-{who.name}")
            )
            for who in (MARIA, JOHAN)
        )
    )
    assert sum(isinstance(each, Retry) for each in outcomes) == 1
    assert len(reports(town)) == 1


def test_one_submission_that_comes_four_times_at_once_is_one_report(town):
    met(town, MARIA)
    commands, maria = commands_of(town), known(town, MARIA)
    answered = Answered("workshop", dict(EVENT), About(), "the-same")
    outcomes = at_once(*[lambda: commands.submit(maria, answered)] * 4)
    assert len({type(each) for each in outcomes}) == 1
    assert len(reports(town)) == 1


def test_of_two_who_change_one_report_the_second_is_told(town):
    met(town, MARIA)
    commands, maria = commands_of(town), known(town, MARIA)
    commands.submit(maria, Answered("workshop", dict(EVENT), About(), "first"))
    about = About(report=str(reports(town)[0].id))
    outcomes = at_once(
        *(
            lambda n=n: commands.submit(
                maria, Answered("workshop", {**EVENT, "participants": n}, about, f"change-{n}")
            )
            for n in ("10", "20")
        )
    )
    assert sum(isinstance(each, Refuse) for each in outcomes) == 1
    assert len(reports(town)) == 1


def test_of_two_admins_who_decide_at_once_one_decides(town):
    for somebody in (AMIR, KARIN):
        town.person(somebody).types("/bro")
    with_role(town, KARIN, Role.ADMIN)
    ulla = town.person(ULLA)
    ulla.types("/bro settings")
    ulla.fills(home="Nora")
    ulla.submits()
    commands, about = commands_of(town), About(person=f"slack:{ulla.id}", home="1884")
    amir, karin = known(town, AMIR), replace(known(town, KARIN))
    at_once(
        lambda: commands.press(amir, "approve", about),
        lambda: commands.press(karin, "refuse", about),
    )
    town.settle()
    assert len(ulla.dm) == 1


def reports_without_a_home(town: Town) -> None:
    """Ulla's address does not show whom she speaks for: her report is held."""
    met(town, ULLA)
    answered = Answered("workshop", {**EVENT, "home": "1884"}, About(), "ulla's")
    commands_of(town).submit(known(town, ULLA), answered)
    assert reports(town) == ()


def test_a_report_that_comes_just_as_its_reporter_is_confirmed_is_recorded(town):
    met(town, ULLA)
    before = known(town, ULLA)
    confirmed = replace(before, home="1884")
    town.desk.setup.ledger.write(lambda books: books.people.save(confirmed))
    answered = Answered("workshop", {**EVENT, "home": "1884"}, About(), "ulla's")
    assert commands_of(town).submit(before, answered) == Done()
    assert [each.home for each in reports(town)] == ["1884"]


def confirms(town: Town) -> None:
    """As a former release did, which let nothing in."""
    confirmed = replace(known(town, ULLA), home="1884")
    town.desk.setup.ledger.write(lambda books: books.people.save(confirmed))


def test_what_a_former_release_left_held_of_somebody_confirmed_is_recorded_at_start(town):
    reports_without_a_home(town)
    town.desk.people.let_in_forgotten()
    assert reports(town) == ()
    confirms(town)
    town.desk.people.let_in_forgotten()
    town.desk.people.let_in_forgotten()
    assert [each.home for each in reports(town)] == ["1884"]


def test_one_that_cannot_be_read_stays_held_and_stops_nobody(town, caplog):
    met(town, ULLA)
    ulla = known(town, ULLA).id
    town.desk.setup.ledger.write(
        lambda books: books.held.keep(ulla, "of-another-release", {}, None, town.clock())
    )
    confirms(town)
    town.desk.people.let_in_forgotten()
    assert "could not be recorded" in caplog.text
    assert town.desk.setup.ledger.read(lambda books: len(books.held.waiting(ulla))) == 1
