"""An example half-year: what twelve municipalities told the bot from January to 12 June 2026.

Everything is invented and marked as an example. It is told through the desk's own use cases,
each at its moment, so that the ledger knows when things happened and when they were told.
"""

import json
from operator import itemgetter

from bot.desk.report_forms import SAME
from bot.outcomes import Retry
from bot.people import Profile, Role
from playground.seed_cases import CASES
from playground.telling import (
    MARK,
    Act,
    codes,
    done,
    id_of,
    key,
    known,
    moment,
    report_called,
    submit,
)
from playground.town import (
    AMIR,
    ANDERS,
    CONTACTS,
    DANA,
    EVA,
    HENRIK,
    KARIN,
    KIM,
    LINA,
    LOTTA,
    Somebody,
    Town,
)

TODAY = moment("2026-06-12 14:00")
"""A Friday in week 24: where the example ends, and the demo and the story begin."""


def seed(town: Town) -> None:
    """Live through the half-year. The clock then stands at TODAY."""
    for at, act in sorted((*HALF_YEAR, *CASES), key=itemgetter(0)):
        town.clock.set(moment(at))
        act(town)
        town.deliver()
    town.clock.set(TODAY)


# --- What can happen


def everybody_is_met(town: Town) -> None:
    """The contacts but for Maria, Johan and Sara, who have yet to use the bot."""
    for somebody in (*CONTACTS, KARIN, AMIR):
        user = town.person(somebody).user
        person = town.desk.homes.meet(Profile(id_of(town, somebody), user.real_name, user.email))
        home = town.desk.setup.plan.email_domains[somebody.email.partition("@")[2]]
        done(town.desk.people.submit_settings(person, {"language": "sv", "home": home}))
    leading = {"home": town.desk.setup.plan.network.office.code, "roles": [Role.LEADERSHIP]}
    about = {"person": id_of(town, KARIN)}
    done(town.desk.people.submit(known(town, AMIR), leading, about))


def told(somebody: Somebody, title: str, held_on: str, places: str, **further: str) -> Act:
    """`places` by name, separated by commas. The theme is business service unless told."""

    def act(town: Town) -> None:
        outcome = submit(
            town, somebody, "workshop", _answers(town, title, held_on, places, further)
        )
        done(outcome)

    return act


def joined(somebody: Somebody, title: str, held_on: str, places: str, **further: str) -> Act:
    """Tells of what another has told of already, and says that it is the same."""

    def act(town: Town) -> None:
        answers = _answers(town, title, held_on, places, further)
        asked = submit(town, somebody, "workshop", answers)
        assert isinstance(asked, Retry)
        question = next(field for field in asked.form.fields if field.name == SAME)
        same, _ = question.options[0]
        done(submit(town, somebody, "workshop", {**answers, SAME: same}))

    return act


def corrected(somebody: Somebody, title: str, **otherwise: str) -> Act:
    def act(town: Town) -> None:
        before = report_called(town, title)
        answers = {**before.answers, **otherwise}
        done(submit(town, somebody, "workshop", answers, {"report": str(before.id)}))

    return act


def withdrawn(somebody: Somebody, title: str, why: str) -> Act:
    def act(town: Town) -> None:
        report = report_called(town, title)
        person = known(town, somebody)
        done(town.desk.withdrawing.withdraw(person, report.id, {"why": why}, key(town, somebody)))

    return act


def nothing(somebody: Somebody, period: str) -> Act:
    def act(town: Town) -> None:
        town.desk.reminding.nothing(known(town, somebody), "workshop", period)

    return act


def reminder(say: str, first: str) -> Act:
    """Weekly, at nine, to those who owe the quarter's workshops."""
    answers = {
        "say": f"{say} {MARK}",
        "audience": "owing:workshop",
        "when": "weekly",
        "start": first,
        "at": "09:00",
        "working_days_only": "true",
    }

    def act(town: Town) -> None:
        amir = known(town, AMIR)
        done(town.desk.reminding.save(amir, json.dumps(answers), None, key(town, AMIR)))

    return act


def worker(town: Town) -> None:
    """What comes by itself: the Monday's digest, the Thursday's reminders."""
    town.settle()


# --- The half-year, in the order in which it was told

HALF_YEAR: tuple[tuple[str, Act], ...] = (
    ("2026-01-12 09:00", everybody_is_met),
    (
        "2026-01-29 10:20",
        told(
            KIM,
            "Från förfrågan till svar",
            "2026-01-28",
            "Karlskoga, Degerfors",
            form="training",
            theme="investment",
            participants="18",
        ),
    ),
    (
        "2026-02-19 08:45",
        told(
            LOTTA,
            "Företagslots i bygglov",
            "2026-02-18",
            "Lindesberg, Örebro",
            form="exchange",
            participants="15",
        ),
    ),
    (
        "2026-02-20 13:05",
        joined(HENRIK, "Företagslotsar och bygglov", "2026-02-18", "Hällefors", form="exchange"),
    ),
    (
        "2026-03-06 11:30",
        told(
            EVA,
            "Mark och planberedskap",
            "2026-03-05",
            "Lekeberg, Örebro, Kumla",
            form="training",
            theme="investment",
            participants="14",
        ),
    ),
    # A slip of the pen.
    ("2026-03-09 09:10", corrected(EVA, "Mark och planberedskap", participants="41")),
    ("2026-04-07 15:40", nothing(LINA, "2026-q1")),
    # Told after it was due, and with one municipality it counts for nothing: it is an answer.
    (
        "2026-04-13 16:15",
        told(ANDERS, "Frukost med besöksnäringen", "2026-03-25", "Askersund", participants="22"),
    ),
    (
        "2026-04-15 09:00",
        told(DANA, "Studiebesök om tillsyn", "2026-04-14", "Degerfors, Karlskoga"),
    ),
    ("2026-04-16 08:20", withdrawn(DANA, "Studiebesök om tillsyn", "Inställt, flyttas till höst")),
    # The digest is turned on.
    ("2026-05-15 13:00", worker),
    ("2026-05-18 08:00", worker),
    # A training on business service counts for neither key result.
    (
        "2026-05-20 14:00",
        told(
            LOTTA,
            "Bemötande i myndighetsärenden",
            "2026-05-19",
            "Lindesberg, Ljusnarsberg, Hällefors",
            form="training",
            participants="27",
        ),
    ),
    ("2026-05-25 08:00", worker),
    ("2026-05-25 13:30", reminder("Har ni haft någon workshop? Rapportera gärna.", "2026-05-28")),
    ("2026-05-28 09:00", worker),
    ("2026-06-01 08:00", worker),
    # Six weeks late.
    (
        "2026-06-01 10:50",
        told(
            DANA,
            "Gemensamt investerarmöte",
            "2026-04-22",
            "Degerfors, Karlskoga, Lekeberg",
            theme="investment",
            participants="33",
        ),
    ),
    ("2026-06-04 09:00", worker),
    ("2026-06-08 08:00", worker),
    ("2026-06-11 09:00", worker),
)


# --- Within


def _answers(
    town: Town, title: str, held_on: str, places: str, further: dict[str, str]
) -> dict[str, object]:
    return {
        "title": f"{title} {MARK}",
        "held_on": held_on,
        "members": codes(town, places),
        "form": "workshop",
        "theme": "service",
        **further,
    }
