"""Small words that several tests speak with."""

from dataclasses import replace

from bot.language import language
from bot.people import Person, Role
from handlers.commands import Commands
from playground.town import Somebody, Town
from schedules.alarms import alarms
from schedules.names import NAMES
from schedules.watchdog import Progress
from tests.catalogue import translated

SAID = {
    id_ for each in translated() for id_ in (each.id if isinstance(each.id, tuple) else (each.id,))
}


def sv(msgid: str, **values: object) -> str:
    """What the bot says in Swedish. A test that quotes a sentence nobody says is wrong."""
    assert msgid in SAID, f"the bot does not say {msgid!r}"
    return language("sv").t(msgid, **values)


def known(town: Town, somebody: Somebody) -> Person:
    """Somebody as the people book has them."""
    person = town.desk.homes.find(f"slack:{town.person(somebody).id}")
    assert person is not None
    return person


def with_role(town: Town, somebody: Somebody, role: Role) -> None:
    """Give somebody that the bot has met a role."""
    person = known(town, somebody)
    changed = replace(person, roles=person.roles | {role})
    town.desk.setup.ledger.write(lambda books: books.people.save(changed))


def commands_of(town: Town) -> Commands:
    return Commands(town.desk)


def works(town: Town) -> None:
    """One round of a worker."""
    for alarm in alarms(town.desk, town.deliverer, Progress(NAMES)):
        alarm.job()
