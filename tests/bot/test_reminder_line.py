"""What an admin types after /paminnelse, and what the form has understood of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages import Mono, Text
from bot.reminder_line import read_reminder
from bot.reminders import WHEN
from bot.say.welcome import reminder_help
from bot.typed_line import LineContext
from tests.handlers.slack.scenes import voice_of

MONDAY = date(2026, 6, 15)
SAY = "Rapportera kvartalet"
OWING, EVERYONE, CHANNEL = "owing:workshop", "everyone", "channel"


def understood(line: str, kinds: tuple[str, ...] = ("workshop", "kampanj")) -> dict[str, object]:
    return read_reminder(line, kinds, LineContext(MONDAY, ()), str)


@pytest.mark.parametrize(
    ("said", "when", "start"),
    [
        ("varje måndag", "weekly", "2026-06-22"),
        ("varje torsdag", "weekly", "2026-06-18"),
        ("var tors", "weekly", "2026-06-18"),
        ("på torsdagar", "weekly", "2026-06-18"),
        ("varje vecka på torsdagar", "weekly", "2026-06-18"),
        ("every Thursday", "weekly", "2026-06-18"),
        ("varje vecka", "weekly", None),
        ("varannan fredag", "fortnightly", "2026-06-19"),
        ("varannan vecka", "fortnightly", None),
        ("varannan vecka på fredag", "fortnightly", "2026-06-19"),
        ("varje månad", "monthly_day", None),
        ("den 5 varje månad", "monthly_day", "2026-07-05"),
        ("varje månad den 31:a", "monthly_day", "2026-07-31"),
        ("sista arbetsdagen varje månad", "monthly_last_working_day", None),
        ("varje kvartal", "quarterly", None),
        ("varje torsdag från 1 juli", "weekly", "2026-07-02"),
    ],
)
def test_how_often_is_understood_with_the_day_that_it_begins(said, when, start):
    expected = {"say": SAY, "when": when} | ({"start": start} if start else {})
    assert understood(f"{SAY} {said}") == expected
    assert understood(f"{SAY}, {said} kl 9") == expected | {"at": "09:00"}
    assert understood(f"{said}: {SAY}") == expected


@pytest.mark.parametrize(
    ("said", "audience"),
    [
        ("till alla", EVERYONE),
        ("till alla kontakter", EVERYONE),
        ("till kanalen", CHANNEL),
        ("till de som inte rapporterat", OWING),
        ("till dem som inte har rapporterat", OWING),
        ("till alla som inte rapporterat", OWING),
        ("till de som inte rapporterat workshoppar", OWING),
        ("till de som inte rapporterat kampanjer", "owing:kampanj"),
    ],
)
def test_to_whom_is_understood(said, audience):
    weekly = {"say": SAY, "audience": audience, "when": "weekly", "start": "2026-06-22"}
    assert understood(f"{SAY} {said}") == {"say": SAY, "audience": audience}
    assert understood(f"{SAY} {said} varje måndag kl 9") == weekly | {"at": "09:00"}
    assert understood(f"{SAY} varje måndag kl 9 {said}") == weekly | {"at": "09:00"}
    assert understood(f"varje måndag 9 {said}: {SAY}") == weekly | {"at": "09:00"}


@pytest.mark.parametrize(
    "said",
    [
        "Hej alla",
        "Gäller varje kommun",
        "Välkomna till alla som är nya",
        "Skriv till kommunerna",
        "Möte var fjärde vecka",
        "Fest varannan månad",
        "Rapportera på måndagar och torsdagar",
        "Rapportera sista fredagen varje månad",
    ],
)
def test_what_says_neither_stays_in_the_text(said):
    assert understood(said) == {"say": said}


@pytest.mark.parametrize("until", ["till den 30 september", "t.o.m. 30 september"])
def test_the_day_until_which_is_not_taken_for_the_first(until):
    assert understood(f"{SAY} varje måndag {until}")["start"] == "2026-06-22"


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("varje måndag 9", "09:00"),
        ("varje måndag 9.30", "09:30"),
        ("varannan måndag 14", "14:00"),
        ("varje vecka på måndagar 14", "14:00"),
        ("på måndagar 08:15", "08:15"),
    ],
)
def test_an_hour_after_the_weekday_is_the_time(said, at):
    assert understood(f"{SAY} {said}")["at"] == at
    assert understood(f"{said}: {SAY}") | {"when": "weekly"} == {
        "say": SAY,
        "when": "weekly",
        "start": "2026-06-22",
        "at": at,
    }


@pytest.mark.parametrize("said", ["9 rapporter", "9-12", "9 - 12", "25", "9 juni"])
def test_what_only_looks_like_an_hour_after_the_weekday_is_none(said):
    assert "at" not in understood(f"{SAY} varje måndag {said}")


def test_a_quotation_is_said_to_the_letter():
    assert understood('"Säg till alla varje måndag" varje fredag') == {
        "say": "Säg till alla varje måndag",
        "when": "weekly",
        "start": "2026-06-19",
    }


@pytest.mark.parametrize("code", ["sv", "en"])
def test_every_example_of_the_help_is_understood_whole(code):
    page = reminder_help(voice_of(None, code))
    spans = [span for part in page.parts if isinstance(part, Text) for span in part.spans]
    *examples, _listing = [span.text for span in spans if isinstance(span, Mono)]
    typed = [line.removeprefix("/paminnelse ") for line in examples]
    weekly, monthly, once = map(understood, typed)
    assert [each["say"] for each in (weekly, monthly, once)] == [
        line.partition(",")[0] for line in typed
    ]
    assert (weekly["when"], weekly["at"], weekly["audience"]) == ("weekly", "09:00", OWING)
    assert (monthly["when"], monthly["audience"]) == ("monthly_last_working_day", CHANNEL)
    assert (once["start"], once["at"], once["audience"]) == ("2026-09-30", "10:00", EVERYONE)


def test_where_nobody_owes_anything_nobody_is_chased():
    said = f"{SAY} till de som inte rapporterat"
    assert understood(said, kinds=()) == {"say": said}


PIECES = """varje var varannan måndag vecka månad kvartal den 5 31 på torsdagar till alla de som
inte rapporterat kanalen kl 9 från juli , . : rapportera sista arbetsdagen"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join) | st.text())
def test_whatever_is_typed_it_is_a_rule_and_an_audience_of_ours(line):
    read = understood(line)
    assert read.get("when", "once") in {option.value for option in WHEN}
    assert read.get("audience", OWING) in {OWING, "owing:kampanj", EVERYONE, CHANNEL}
    assert date.fromisoformat(str(read.get("start", "2026-06-16"))) is not None
