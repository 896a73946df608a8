"""One house for the tests of rights and of confidentiality: a cast in which every role occurs, an
open inquiry, a confidential one and a campaign, and the same state before each test."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bot.asking import RawAnswers
from bot.clock import MovableClock
from bot.outcomes import Done, Outcome
from bot.people import Role
from handlers.commands import About, Answered
from playground.town import (
    AMIR,
    ANDERS,
    DANA,
    EVA,
    JOHAN,
    KARIN,
    LARS,
    MARIA,
    SARA,
    ULLA,
    Somebody,
    Town,
)
from schedules.reminders import reminders_if_due
from tests.conftest import FRIDAY, Still
from tests.talk import commands_of, known, with_role

WEDNESDAY = datetime(2026, 6, 17, 7, 0, tzinfo=UTC)
"""Wednesday 17 June 2026 at 09:00 in Stockholm."""

KUMLA, HALLSBERG, LAXA, NORA, OFFICE = "1881", "1861", "1860", "1884", "bro"

PEOPLE = (ULLA, MARIA, ANDERS, EVA, JOHAN, SARA, DANA, KARIN, LARS, AMIR)
"""Ulla asks for Nora and nobody has confirmed it. Maria, Anders and Eva work in Kumla: Maria is its
contact, Eva its deputy, Anders neither. Johan is Hallsberg's contact. Sara and Dana work at the
office, where Dana coordinates. Karin and Lars are of the leadership and Amir an admin: they have no
home. Sara has registered the inquiries, which Kumla is asked, and named Karin in them."""

EVERYONE = frozenset(PEOPLE)
CONFIRMED = frozenset({MARIA, ANDERS, EVA, JOHAN, SARA, DANA})
KUMLAS = frozenset({MARIA, ANDERS, EVA, AMIR})
"""Who may change what Maria has reported."""
REACHED = frozenset({MARIA, JOHAN})
"""Whom the reminder has reached."""
OWING = CONFIRMED - {SARA, DANA}
"""Who works in a municipality that owes what the reminder is about."""
ADMINS = frozenset({AMIR})
INFORMED = EVERYONE - {ULLA}
ASKED = frozenset({MARIA, EVA})
"""Who answers for Kumla."""
INSIDE = ASKED | {SARA, KARIN}
"""Who may know of a confidential inquiry."""
FOLLOWING = frozenset({SARA, DANA, KARIN, AMIR})
"""Who looks after an inquiry."""
OFFICE_AND_ADMINS = frozenset({SARA, DANA, AMIR})
COORDINATORS_AND_ADMINS = frozenset({DANA, AMIR})

TITLE = "Exportdag"
WORKSHOP = {"title": TITLE, "held_on": "2026-06-02", "members": [KUMLA, LAXA], "theme": "service"}
CORRECTED = {**WORKSHOP, "participants": "12"}
OTHER = {**WORKSHOP, "title": "Mingel", "held_on": "2026-02-03", "home": OFFICE}
LIKE = {**WORKSHOP, "title": "Frukost", "home": NORA}
REMINDER = {
    "say": "Dags",
    "audience": "owing:workshop",
    "when": "weekly",
    "start": "2026-06-17",
    "at": "09:00",
}
SAVE = {"answers": json.dumps(REMINDER)}
INQUIRY = {
    "asked": [KUMLA],
    "received_on": "2026-06-12",
    "source": "direct",
    "purpose": "new",
    "company": "Exempelbolaget AB",
}
CAMPAIGN = {
    "name": "Flytta hem",
    "programme": "own",
    "audience": ["students"],
    "initiated_on": "2026-06-01",
}
STEPS: Mapping[str, RawAnswers] = {
    "etablering_svar": {"verdict": "yes", "proposal": "Tomt 4", "answered_on": "2026-06-17"},
    "etablering_steg": {"stage": "visit", "reached_on": "2026-06-17"},
    "etablering_landad": {
        "municipality": KUMLA,
        "decided_on": "2026-06-17",
        "investment_sek": "40 000 000",
        "area": "industry",
    },
    "etablering_forlorad": {"reason": "power", "lost_on": "2026-06-17"},
}
STAGE = {"stage": "create", "reached_on": "2026-06-17"}
RESULT = {"channel": "web", "first": "2026-06-02", "last": "2026-06-12", "visits": "100"}


# --- The house: the same state before each test


KEYS = map(str, count())


def does(town: Town, who: Somebody, form: str, answers: RawAnswers, /, **about: str) -> Outcome:
    answered = Answered(form, answers, About(about), key=next(KEYS))
    return commands_of(town).submit(known(town, who), answered)


@dataclass(frozen=True)
class Case:
    """A case by its name, to be found in the ledger: its token, or the id of the first report in
    it of a `kind`."""

    title: str
    kind: str = ""

    @property
    def name(self) -> str:
        return f"{self.title}'s {self.kind}" if self.kind else self.title

    def found(self, town: Town) -> str:
        read = town.desk.setup.ledger.read
        kinds = tuple(town.desk.setup.kinds)
        live = read(lambda books: books.reports.live_of(kinds))
        titles = {r.answers.get("code_name", r.answers.get("name")): r.case for r in live}
        case = titles[self.title]
        ids = (str(r.id) for r in live if r.case == case and r.kind == self.kind)
        return next(ids) if self.kind else case


OPEN, SECRET, CAMPAIGNING = Case("Projekt Glas"), Case("Projekt Natt"), Case("Flytta hem")


def peopled(town: Town) -> None:
    """Everybody has been met and is who they are in these tests."""
    for somebody in town.cast:
        town.person(somebody).types("/bro")
    for somebody, home in ((MARIA, KUMLA), (JOHAN, HALLSBERG), (ULLA, NORA)):
        does(town, somebody, "settings", {"language": "sv", "home": home})
    for somebody, home in ((ANDERS, KUMLA), (EVA, KUMLA), (SARA, OFFICE), (DANA, OFFICE)):
        lives(town, somebody, home)
    for somebody, role in (
        (EVA, Role.DEPUTY),
        (DANA, Role.COORDINATOR),
        (KARIN, Role.LEADERSHIP),
        (LARS, Role.LEADERSHIP),
    ):
        with_role(town, somebody, role)


def registers(town: Town, who: Somebody, case: Case, **more: object) -> None:
    """An inquiry in which Karin is named, and a stage of it."""
    leaders = {"leaders": [known(town, KARIN).id]}
    answers = {**INQUIRY, **leaders, "code_name": case.title, **more}
    assert does(town, who, "etablering", answers) == Done()
    about = {"case": case.found(town)}
    stage = {"stage": "shortlist", "reached_on": "2026-06-12"}
    assert does(town, who, "etablering_steg", stage, **about) == Done()


@contextmanager
def opened(folder: Path) -> Iterator[Town]:
    """Maria has reported one workshop, Amir's reminder has come, and Ulla has asked for Nora. Sara
    has registered an open inquiry and a confidential one, and begun a campaign, which Amir has had
    kept from disposal."""
    url = f"sqlite:///{folder}/brobot.db"
    with Town(url, MovableClock(Still(FRIDAY)), cast=PEOPLE) as house:
        peopled(house)
        does(house, MARIA, "workshop", WORKSHOP)
        does(house, AMIR, "reminder_save", {}, **SAVE)
        registers(house, SARA, OPEN)
        registers(house, SARA, SECRET, confidential="true")
        does(house, SARA, "kampanj", CAMPAIGN)
        does(house, AMIR, "keep", {"why": "Forskning"}, case=CAMPAIGNING.found(house))
        house.clock.set(WEDNESDAY)
        reminders_if_due(house.desk)
        copy(file_of(house), backup_of(house))
        yield house


def file_of(town: Town) -> Path:
    return Path(town.database_url.removeprefix("sqlite:///"))


def backup_of(town: Town) -> Path:
    return file_of(town).with_suffix(".backup")


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def written(town: Town) -> list[str]:
    """All that stands in the database, as somebody else reads it; but for who has read what."""
    return [line for line in _dumped(town) if not line.startswith(_READING)]


def readings(town: Town) -> list[str]:
    """Who has read of confidential cases."""
    return [line for line in _dumped(town) if line.startswith(_READING)]


_READING = 'INSERT INTO "readings"'


def _dumped(town: Town) -> list[str]:
    with closing(sqlite3.connect(file_of(town))) as database:
        return list(database.iterdump())


def lives(town: Town, who: Somebody, home: str | None) -> None:
    moved = replace(known(town, who), home=home)
    town.desk.setup.ledger.write(lambda books: books.people.save(moved))


def resolved(town: Town, value: str | Somebody | Case) -> str:
    match value:
        case Somebody():
            return known(town, value).id
        case Case():
            return value.found(town)
        case str():
            return value


def named(value: object) -> str:
    return value.name if isinstance(value, Somebody | Case) else str(value)
