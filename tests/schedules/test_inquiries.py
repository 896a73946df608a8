"""The clock of inquiries: who is reminded, at which moment, and who is left alone."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.ledger.occasions import EVERYBODY, OccasionRow
from bot.people import Role
from bot.say.asked import MISSED
from playground.town import AMIR, JOHAN, KARIN, MARIA, SARA, ULLA, Somebody, Town
from schedules.inquiries import inquiries_if_due
from tests.databases import postgresql, sqlite
from tests.talk import commands_of, known, sv

ZONE = ZoneInfo("Europe/Stockholm")
KUMLA, HALLSBERG = "1881", "1861"
HOURS = (time(2), time(7, 59), time(8), time(11, 59), time(12), time(16, 59), time(17), time(23))
"""When it is looked: at night, at the edges of working hours, and at noon."""

TO_ACKNOWLEDGE = (
    "{home} needs to acknowledge the inquiry by {day}.",
    "{home} has not acknowledged the inquiry; it was due {day}.",
)
TO_ANSWER = (
    "{home} needs to answer the inquiry by {day}.",
    "{home} has not answered the inquiry; it was due {day}.",
)
ASKED = (KARIN, AMIR, MARIA, ULLA, JOHAN, SARA)

Heard = tuple[str, str, str]
"""Who, of which limit, and when."""


def local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE)


def works_for(town: Town, who: Somebody, home: str, *roles: Role) -> None:
    town.person(who).types("/bro")
    person = replace(known(town, who), home=home, roles=frozenset(roles))
    town.desk.setup.ledger.write(lambda books: books.people.save(person))


@pytest.fixture
def staffed(town: Town) -> Town:
    return staff(town)


def staff(town: Town) -> Town:
    """Maria is Kumla's contact and Ulla her deputy, Johan is Hallsberg's contact; Karin and Amir
    are at the office, and Amir coordinates."""
    works_for(town, MARIA, KUMLA, Role.CONTACT)
    works_for(town, ULLA, KUMLA, Role.DEPUTY)
    works_for(town, JOHAN, HALLSBERG, Role.CONTACT)
    works_for(town, KARIN, "bro")
    works_for(town, AMIR, "bro", Role.COORDINATOR)
    return town


def registers(town: Town, day: str = "2026-06-12", **fields: object) -> None:
    """Karin, at two in the afternoon."""
    town.clock.set(local(date.fromisoformat(day), time(14)))
    karin = town.person(KARIN)
    karin.types("/etablering")
    typed = {"code_name": "Projekt Falk", "asked": ["Kumla"], "source": "Konsult", **fields}
    karin.fills(**typed)
    karin.submits()
    assert karin.modal is None, karin.modal.errors
    town.deliver()


def looks(town: Town, moment: datetime) -> None:
    town.clock.set(moment)
    inquiries_if_due(town.desk)
    town.deliver()
    notes(town)


def passes(town: Town, last: str, first: str = "", but: tuple[str, ...] = ()) -> None:
    """Every day until the last, that one included, looked at by day and by night."""
    day = date.fromisoformat(first) if first else town.clock().astimezone(ZONE).date()
    while day <= date.fromisoformat(last):
        for at in HOURS:
            if local(day, at) > town.clock() and day.isoformat() not in but:
                looks(town, local(day, at))
        day += timedelta(days=1)


def beginning(msgid: str, home: str) -> str:
    return sv(msgid, home=home, day="|").split("|", maxsplit=1)[0]


def notes(town: Town) -> dict[tuple[str, str], str]:
    """What everybody has been told, in the words in which it came: messages are edited later."""
    noted: dict[tuple[str, str], str] = town.__dict__.setdefault("noted", {})
    for who in ASKED:
        for seen in town.person(who).dm:
            noted.setdefault((who.name, seen.ts), seen.words)
    return noted


def limit_in(words: str, home: str) -> str | None:
    """Which limit a message reminds of; the office is told of both in one."""
    for limit, sentences in (("answer", TO_ANSWER), ("acknowledge", TO_ACKNOWLEDGE)):
        if any(beginning(sentence, home) in words for sentence in sentences):
            return limit
    rows = [line for line in words.splitlines() if line.startswith(f"• {home} – ")]
    for limit, missed in reversed(tuple(zip(("acknowledge", "answer"), MISSED, strict=True))):
        if any(sv(missed, day="|").split("|", maxsplit=1)[0] in row for row in rows):
            return limit
    return None


def nudges(town: Town, *homes: str) -> list[tuple[datetime, str, str]]:
    found = []
    for (who, ts), words in notes(town).items():
        for limit in {limit_in(words, home) for home in homes or ("Kumla",)} - {None}:
            at = datetime.fromtimestamp(float(ts), ZONE).replace(second=0, microsecond=0)
            found.append((at, who, str(limit)))
    return sorted(found)


def heard(town: Town, *homes: str) -> list[Heard]:
    """All that anybody was reminded of, in order."""
    return [(who, limit, at.strftime("%m-%d %H:%M")) for at, who, limit in nudges(town, *homes)]


def acknowledges(town: Town, who: Somebody = MARIA) -> None:
    town.person(who).presses(sv("Acknowledge"))
    town.deliver()


def answers(town: Town, who: Somebody = MARIA) -> None:
    person = town.person(who)
    person.presses(sv("Answer"))
    person.fills(verdict="no", reason="Ingen mark ledig.")
    person.submits()
    town.deliver()


def office(limit: str, at: str) -> tuple[Heard, Heard]:
    """The coordinator, and whose case it is."""
    return ("amir", limit, at), ("karin", limit, at)


# --- Who hears when


@pytest.mark.parametrize(
    ("asked_on", "due", "last", "expected"),
    [
        pytest.param(
            "2026-06-12",  # a Friday, a week before Midsummer's Eve
            None,
            "2026-06-26",
            [
                ("maria", "acknowledge", "06-15 08:00"),
                ("ulla", "acknowledge", "06-15 12:00"),
                *office("acknowledge", "06-16 08:00"),
                ("maria", "answer", "06-18 08:00"),
                ("ulla", "answer", "06-22 08:00"),
                *office("answer", "06-23 08:00"),
            ],
            id="over a weekend and Midsummer",
        ),
        pytest.param(
            "2026-06-18",  # the day before Midsummer's Eve
            None,
            "2026-07-01",
            [
                ("maria", "acknowledge", "06-22 08:00"),
                ("ulla", "acknowledge", "06-22 12:00"),
                *office("acknowledge", "06-23 08:00"),
                ("maria", "answer", "06-25 08:00"),
                ("ulla", "answer", "06-26 08:00"),
                *office("answer", "06-29 08:00"),
            ],
            id="asked before a holiday",
        ),
        pytest.param(
            "2026-06-20",  # Midsummer's Day, a Saturday
            None,
            "2026-06-24",
            [
                ("maria", "acknowledge", "06-22 08:00"),
                ("ulla", "acknowledge", "06-22 12:00"),
                *office("acknowledge", "06-23 08:00"),
            ],
            id="asked on a holiday",
        ),
        pytest.param(
            "2026-06-15",
            "2026-06-20",  # Midsummer's Day, a Saturday
            "2026-06-26",
            [
                ("maria", "acknowledge", "06-16 08:00"),
                ("ulla", "acknowledge", "06-16 12:00"),
                *office("acknowledge", "06-17 08:00"),
                ("maria", "answer", "06-17 08:00"),
                ("ulla", "answer", "06-18 08:00"),
                *office("answer", "06-22 08:00"),
            ],
            id="due on a Saturday",
        ),
        pytest.param(
            "2026-06-12",
            "2026-06-12",
            "2026-06-18",
            [
                *office("answer", "06-15 08:00"),
            ],
            id="asked on the day of the limit",
        ),
        pytest.param(
            "2026-06-12",
            "2026-07-15",
            "2026-07-17",
            [
                ("maria", "acknowledge", "06-15 08:00"),
                ("ulla", "acknowledge", "06-15 12:00"),
                *office("acknowledge", "06-16 08:00"),
                ("maria", "answer", "07-14 08:00"),
                ("ulla", "answer", "07-15 08:00"),
                *office("answer", "07-16 08:00"),
            ],
            id="the asker's own date, a month away",
        ),
        pytest.param(
            "2026-12-22",
            None,
            "2027-01-07",
            [
                ("maria", "acknowledge", "12-23 08:00"),
                ("ulla", "acknowledge", "12-23 12:00"),
                *office("acknowledge", "12-28 08:00"),
                ("maria", "answer", "12-30 08:00"),
                ("ulla", "answer", "01-04 08:00"),
                *office("answer", "01-05 08:00"),
            ],
            id="over Christmas and New Year",
        ),
    ],
)
def test_each_hears_once_and_in_their_turn(staffed, asked_on, due, last, expected):
    registers(staffed, asked_on, **({"answer_due": due} if due else {}))
    passes(staffed, last)
    assert heard(staffed) == expected


def test_after_three_days_of_downtime_each_hears_once_and_of_one_limit_a_day(staffed):
    registers(staffed)
    passes(staffed, "2026-06-26", but=("2026-06-15", "2026-06-16", "2026-06-17"))
    assert heard(staffed) == [
        # On Thursday at eight all three are told of the first limit, and that it has passed.
        *office("acknowledge", "06-18 08:00"),
        ("maria", "acknowledge", "06-18 08:00"),
        ("ulla", "acknowledge", "06-18 08:00"),
        ("maria", "answer", "06-22 08:00"),
        ("ulla", "answer", "06-22 08:00"),
        *office("answer", "06-23 08:00"),
    ]
    (late,) = [
        m for m in staffed.person(MARIA).dm if beginning(TO_ACKNOWLEDGE[1], "Kumla") in m.text
    ]
    assert sv("Acknowledge") in late.buttons


def test_looking_again_and_again_tells_nobody_twice(staffed):
    registers(staffed)
    for seconds in range(0, 120, 15):
        looks(staffed, local(date(2026, 6, 15), time(8)) + timedelta(seconds=seconds))
    assert heard(staffed) == [("maria", "acknowledge", "06-15 08:00")]


def test_nobody_hears_of_a_case_more_than_once_a_day(staffed):
    registers(staffed, answer_due="2026-06-15")
    passes(staffed, "2026-06-19")
    days = [(who, at.date()) for at, who, _ in nudges(staffed)]
    assert len(days) == len(set(days))


def test_of_two_limits_on_one_day_the_contact_hears_of_the_answer_before_it_is_due(staffed):
    registers(staffed, answer_due="2026-06-15")
    passes(staffed, "2026-06-15")
    assert ("maria", "answer", "06-15 08:00") in heard(staffed)


def test_a_nudge_that_could_not_be_said_in_time_is_not_said_at_night(staffed):
    registers(staffed)
    staffed.clock.set(local(date(2026, 6, 15), time(16, 59)))
    inquiries_if_due(staffed.desk)
    staffed.clock.set(local(date(2026, 6, 15), time(23)))
    assert staffed.deliverer.run_once()
    assert heard(staffed) == []


def test_two_cases_on_one_day_are_two_messages(staffed):
    registers(staffed)
    registers(staffed, code_name="Projekt Örn")
    looks(staffed, local(date(2026, 6, 15), time(8)))
    assert heard(staffed) == [("maria", "acknowledge", "06-15 08:00")] * 2


def test_a_nudge_says_what_is_needed_until_when_and_can_be_answered_where_it_stands(staffed):
    registers(staffed)
    looks(staffed, local(date(2026, 6, 15), time(8)))
    maria = staffed.person(MARIA)
    nudge = maria.dm[-1]
    assert sv(TO_ACKNOWLEDGE[0], home="Kumla", day="måndag 15 juni") in nudge.text
    maria.presses(sv("Acknowledge"), in_message=nudge)
    passes(staffed, "2026-06-17")
    assert len(heard(staffed)) == 1
    (now,) = [m.words for m in maria.dm if m.ts == nudge.ts]
    assert sv("{name}: nothing more is needed here.", name="Projekt Falk") in now


# --- Who is left alone


def test_whoever_has_acknowledged_is_reminded_only_of_the_answer(staffed):
    registers(staffed)
    acknowledges(staffed)
    passes(staffed, "2026-06-26")
    assert {limit for _, limit, _ in heard(staffed)} == {"answer"}


def test_whoever_has_answered_is_reminded_of_nothing(staffed):
    registers(staffed)
    answers(staffed)
    passes(staffed, "2026-06-26")
    assert heard(staffed) == []


def test_of_two_municipalities_only_the_one_that_has_not_answered_is_reminded(staffed):
    registers(staffed, asked=["Kumla", "Hallsberg"])
    answers(staffed)
    passes(staffed, "2026-06-26")
    assert heard(staffed) == []
    assert [each for each in heard(staffed, "Hallsberg") if each[0] == "johan"] == [
        ("johan", "acknowledge", "06-15 08:00"),
        ("johan", "answer", "06-18 08:00"),
    ]


def test_whoever_answers_before_it_is_delivered_is_left_alone(staffed):
    registers(staffed)
    staffed.clock.set(local(date(2026, 6, 15), time(8)))
    inquiries_if_due(staffed.desk)
    assert outbox(staffed, "nudge:")
    case = the_case(staffed)
    commands_of(staffed).press(known(staffed, MARIA), "acknowledge", {"case": case})
    staffed.deliver()
    assert heard(staffed) == []


def test_whoever_is_no_longer_asked_before_it_is_delivered_is_left_alone(staffed):
    registers(staffed)
    staffed.clock.set(local(date(2026, 6, 15), time(8)))
    inquiries_if_due(staffed.desk)
    works_for(staffed, MARIA, HALLSBERG, Role.CONTACT)
    staffed.deliver()
    assert heard(staffed) == []


def outbox(town: Town, prefix: str) -> tuple[str, ...]:
    return town.desk.setup.ledger.read(lambda books: books.outbox.keys_beginning(prefix))


def the_case(town: Town) -> str:
    live = town.desk.setup.ledger.read(lambda books: books.reports.live_of(("etablering",)))
    return live[0].case


@pytest.mark.parametrize("ending", ["Undo", "Lost"])
def test_of_a_case_that_has_ended_nobody_is_reminded(staffed, ending):
    registers(staffed)
    karin = staffed.person(KARIN)
    karin.presses(sv(ending))
    if ending == "Lost":
        karin.fills(reason="cost")
    karin.submits()
    assert karin.modal is None
    passes(staffed, "2026-06-26")
    assert heard(staffed) == []


def test_a_deputy_can_answer_where_the_nudge_stands(staffed):
    registers(staffed)
    passes(staffed, "2026-06-15")
    answers(staffed, ULLA)
    passes(staffed, "2026-06-26")
    assert [who for who, _, _ in heard(staffed)] == ["maria", "ulla"]


def test_a_new_date_moves_the_reminders_to_it(staffed):
    registers(staffed, answer_due="2026-06-24")
    acknowledges(staffed)
    karin = staffed.person(KARIN)
    karin.presses(sv("Change"))
    karin.fills(answer_due="2026-07-15")
    karin.submits()
    passes(staffed, "2026-07-14")
    assert heard(staffed) == [("maria", "answer", "07-14 08:00")]


def test_whoever_becomes_a_contact_hears_from_then_on(staffed):
    works_for(staffed, MARIA, KUMLA)
    registers(staffed)
    passes(staffed, "2026-06-17")
    assert "maria" not in {who for who, _, _ in heard(staffed)}
    works_for(staffed, MARIA, KUMLA, Role.CONTACT)
    passes(staffed, "2026-06-18")
    asked = sv("An inquiry to {home}: {name}", home="Kumla", name="Projekt Falk")
    assert sum(asked in message.words for message in staffed.person(MARIA).dm) == 1


# --- Those at the office


def test_a_coordinator_is_shown_the_way_to_the_case(staffed):
    registers(staffed)
    passes(staffed, "2026-06-16")
    amir = staffed.person(AMIR)
    amir.presses(sv("Show the case"), in_message=amir.dm[-1])
    assert sv("Municipalities asked") in amir.dm[-1].words


def test_of_a_confidential_case_the_coordinator_hears_nothing_but_the_one_whose_it_is_does(staffed):
    registers(staffed, confidential=["true"], code_name="Projekt Tapir")
    passes(staffed, "2026-06-16")
    assert heard(staffed) == [
        ("maria", "acknowledge", "06-15 08:00"),
        ("ulla", "acknowledge", "06-15 12:00"),
        ("karin", "acknowledge", "06-16 08:00"),
    ]
    for who in ASKED:
        for message in staffed.person(who).dm:
            assert "Tapir" not in message.text  # a notification on a locked screen
    assert all("Tapir" not in message.words for message in staffed.person(AMIR).dm)


def test_whose_case_it_is_hears_once_who_also_coordinates(staffed):
    works_for(staffed, KARIN, "bro", Role.COORDINATOR)
    registers(staffed)
    passes(staffed, "2026-06-16")
    assert [each for each in heard(staffed) if each[0] == "karin"] == [
        ("karin", "acknowledge", "06-16 08:00")
    ]


# --- What may go wrong


def test_a_case_that_cannot_be_read_holds_up_none_of_the_others(staffed, tmp_path, caplog):
    registers(staffed)
    registers(staffed, code_name="Projekt Örn")
    with sqlite3.connect(tmp_path / "brobot.db") as database:
        database.execute(
            "UPDATE reports SET answers = json_set(answers, '$.asked_since', json('{\"1881\": 1}'))"
            " WHERE kind = 'etablering' AND id = (SELECT min(id) FROM reports)"
        )
    looks(staffed, local(date(2026, 6, 15), time(8)))
    assert heard(staffed) == [("maria", "acknowledge", "06-15 08:00")]
    assert "Falk" not in caplog.text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with postgresql(tmp_path_factory.mktemp("inquiries")) as named:
        yield named


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request, tmp_path: Path, clock) -> Iterator[Town]:
    url = sqlite(tmp_path) if request.param == "sqlite" else request.getfixturevalue("server")("t")
    with Town(url, clock) as running:
        yield staff(running)


def test_of_several_workers_that_look_at_once_one_claims_it(anywhere):
    registers(anywhere)
    anywhere.clock.set(local(date(2026, 6, 16), time(8)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: inquiries_if_due(anywhere.desk), range(4)))
    anywhere.deliver()
    expected = [*office("acknowledge", "06-16 08:00")]
    expected += [(who, "acknowledge", "06-16 08:00") for who in ("maria", "ulla")]
    assert sorted(heard(anywhere)) == sorted(expected)
    claimed = anywhere.desk.setup.ledger.read(lambda books: occasions(books, the_case(anywhere)))
    to_people = [row for row in claimed if row.recipient != EVERYBODY]
    assert len(to_people) == len(expected)


def occasions(books, case: str) -> tuple[OccasionRow, ...]:
    return books.occasions.of_alarm(f"inquiry:{case}")


# --- Old cases


def asked_what_became(town: Town, who: Somebody = KARIN) -> list[str]:
    question = sv("What became of it?")
    seen = [message for message in town.person(who).dm if question in message.text]
    return [datetime.fromtimestamp(float(m.ts), ZONE).strftime("%m-%d %H:%M") for m in seen]


def old(town: Town, **step: object) -> None:
    """A case that has been answered; with a step taken in it."""
    registers(town)
    answers(town)
    if step:
        takes(town, **step)


def takes(town: Town, label: str = "New stage", **fields: object) -> None:
    karin = town.person(KARIN)
    karin.presses(sv(label))
    karin.fills(**fields)
    karin.submits()
    assert karin.modal is None, karin.modal.errors
    town.deliver()


def test_after_sixty_days_its_owner_is_asked_what_became_of_it_and_after_sixty_more_again(staffed):
    old(staffed)
    for day in ("2026-08-10", "2026-08-11", "2026-08-12", "2026-10-09", "2026-10-10", "2026-10-12"):
        for at in HOURS:
            looks(staffed, local(date.fromisoformat(day), at))
    # 10 October is a Saturday.
    assert asked_what_became(staffed) == ["08-11 08:00", "10-12 08:00"]
    assert [asked_what_became(staffed, who) for who in (AMIR, MARIA, ULLA)] == [[], [], []]


def test_the_question_is_answered_where_it_stands(staffed):
    old(staffed)
    looks(staffed, local(date(2026, 8, 11), time(8)))
    karin = staffed.person(KARIN)
    question = karin.dm[-1]
    assert question.buttons == (sv("New stage"), sv("Landed"), sv("Lost"))
    takes(staffed, stage="visit")
    for day in range(12, 31):
        looks(staffed, local(date(2026, 8, day), time(9)))
    assert asked_what_became(staffed) == ["08-11 08:00"]
    looks(staffed, local(date(2026, 10, 12), time(8)))  # 60 days from the visit, a Saturday
    assert asked_what_became(staffed) == ["08-11 08:00", "10-12 08:00"]


def test_one_at_rest_is_asked_after_half_a_year(staffed):
    old(staffed, stage="dormant")
    for day in ("2026-08-11", "2026-10-12", "2026-12-08", "2026-12-09"):
        looks(staffed, local(date.fromisoformat(day), time(9)))
    assert asked_what_became(staffed) == ["12-09 09:00"]


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("Lost", {"reason": "cost"}),
        ("Landed", {"investment_sek": "40 mkr", "area": "industry", "municipality": "Kumla"}),
    ],
)
def test_nobody_asks_what_became_of_a_case_that_is_closed(staffed, label, fields):
    old(staffed)
    takes(staffed, label, **fields)
    for day in ("2026-08-11", "2026-10-12", "2026-12-09", "2027-06-14"):
        looks(staffed, local(date.fromisoformat(day), time(9)))
    assert asked_what_became(staffed) == []
    assert outbox(staffed, "nudge:") == ()


def test_a_question_that_has_lost_its_point_is_not_asked(staffed):
    old(staffed)
    staffed.clock.set(local(date(2026, 8, 11), time(8)))
    inquiries_if_due(staffed.desk)
    takes(staffed, "Lost", reason="cost")
    assert asked_what_became(staffed) == []


def test_a_confidential_case_is_asked_about_without_its_name(staffed):
    registers(staffed, confidential=["true"], code_name="Projekt Tapir")
    answers(staffed)
    looks(staffed, local(date(2026, 8, 11), time(8)))
    question = staffed.person(KARIN).dm[-1]
    assert sv("What became of it?") in question.text
    assert "Tapir" in question.words
    assert "Tapir" not in question.text


def test_what_was_told_late_is_heard_when_it_was_told(staffed):
    old(staffed)
    looks(staffed, local(date(2026, 8, 11), time(8)))
    takes(staffed, stage="visit", reached_on="2026-06-15")
    for day in range(12, 31):
        looks(staffed, local(date(2026, 8, day), time(9)))
    assert asked_what_became(staffed) == ["08-11 08:00"]


def test_one_that_is_registered_long_after_it_was_received_is_not_asked_about_at_once(staffed):
    registers(staffed, received_on="2026-02-02")
    passes(staffed, "2026-06-17")
    assert asked_what_became(staffed) == []


# --- The coordinator, who follows all that may be known


def followed(town: Town) -> list[str]:
    """What the coordinator has been shown of cases that others registered, first lines first."""
    return [seen.words for seen in town.person(AMIR).dm if sv("Municipalities asked") in seen.words]


def test_the_coordinator_follows_an_inquiry_in_one_message_that_keeps_itself_current(staffed):
    registers(staffed)
    acknowledges(staffed)
    (shown,) = followed(staffed)
    assert sv("acknowledged {day}", day="12 juni") in shown


def test_the_coordinator_is_told_nothing_of_a_confidential_one_and_loses_what_becomes_so(staffed):
    registers(staffed, confidential=["true"])
    assert followed(staffed) == []
    registers(staffed, code_name="Projekt Gran")
    assert len(followed(staffed)) == 1
    karin = staffed.person(KARIN)
    karin.types("/etablering Projekt Gran")
    karin.presses(sv("Change"))
    karin.fills(confidential=["true"])
    karin.submits()
    staffed.deliver()
    assert followed(staffed) == []
    assert not any("Gran" in seen.words for seen in staffed.person(AMIR).dm)
