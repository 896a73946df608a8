"""Reminders: who makes them, whom they reach, and what one can answer."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.setup import Setup
from bot.people import Role
from bot.reminders import alarm_of
from playground.town import AMIR, JOHAN, MARIA, SARA, Town
from schedules.reminders import TOGETHER, reminders_if_due
from tests.talk import known, sv, with_role

WEDNESDAY = datetime(2026, 6, 17, 7, 0, tzinfo=UTC)
"""Wednesday 17 June 2026 at 09:00 in Stockholm."""

OWING = sv("Those who have not reported {what}", what="kvartalets workshoppar")


@pytest.fixture
def staffed(town: Town) -> Town:
    """Maria, Johan and Sara are contacts; the first quarter and the second are not reported."""
    for somebody in (MARIA, JOHAN, SARA):
        person = town.person(somebody)
        person.types("/bro settings")
        person.submits()
        person.closes()
    town.person(AMIR).types("/bro")
    return town


def makes(town: Town, saves: bool = True, **fields):
    """Amir fills in the form: the quarter's workshops, every week on Wednesday at nine."""
    amir = town.person(AMIR)
    amir.types("/paminnelse Dags att rapportera kvartalet")
    asked = {
        "audience": OWING,
        "when": sv("Every week, on that weekday"),
        "start": "2026-06-17",
        "at": "09:00",
        **fields,
    }
    amir.fills(**asked)
    amir.submits()
    if saves:
        amir.submits()
        town.settle()
    return amir


def at(town: Town, moment: datetime) -> None:
    town.clock.set(moment)
    town.settle()


def reports_all(town: Town, somebody) -> None:
    """A workshop in each of the two quarters that have begun."""
    person = town.person(somebody)
    for line in ("/workshop Frukost 12 mars Kumla, Laxå", "/workshop Frukost 2 juni Kumla, Laxå"):
        person.types(line)
        person.fills(theme="service")
        person.submits()


def reminded(town: Town, somebody) -> int:
    seen = town.person(somebody).dm
    return sum("Dags att rapportera" in message.text for message in seen)


def test_the_admin_sees_the_next_five_times_and_whom_it_would_reach_before_saving(staffed):
    amir = makes(staffed, saves=False)
    words = amir.modal.words
    assert words.count("09.00") == 5
    for name in ("Maria Exempel", "Johan Exempel", "Sara Exempel"):
        assert name in words
    assert sv("{home}: no contact yet", home="Laxå") in words


def test_going_back_from_the_preview_keeps_what_was_typed(staffed):
    amir = makes(staffed, saves=False)
    amir.closes()
    assert amir.modal.fields["say"].value == "Dags att rapportera kvartalet"
    assert amir.modal.fields["audience"].value == OWING


def test_it_reaches_only_those_who_owe(staffed):
    makes(staffed)
    reports_all(staffed, MARIA)
    at(staffed, WEDNESDAY)
    assert [reminded(staffed, each) for each in (MARIA, JOHAN, SARA)] == [0, 1, 1]


def test_it_comes_in_its_time_and_not_before(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY - timedelta(seconds=30))
    assert reminded(staffed, MARIA) == 0
    at(staffed, WEDNESDAY)
    assert reminded(staffed, MARIA) == 1
    at(staffed, WEDNESDAY + timedelta(weeks=1))
    assert reminded(staffed, MARIA) == 2


def test_report_opens_the_form(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY)
    maria = staffed.person(MARIA)
    maria.presses(sv("Report"))
    assert maria.modal.fields["members"].value == ["Kumla"]


def test_nothing_to_report_is_an_answer(staffed):
    makes(staffed)
    maria = staffed.person(MARIA)
    assert owes(staffed) == ["2026-q1", "2026-q2"]
    for week, left in enumerate((["2026-q2"], [])):
        at(staffed, WEDNESDAY + timedelta(weeks=week))
        maria.presses(sv("Nothing to report"))
        assert owes(staffed) == left
    at(staffed, datetime(2026, 6, 30, 9, tzinfo=UTC))
    assert owes(staffed) == []


def owes(town: Town) -> list[str]:
    """The periods that Kumla owes something for."""
    owed = town.desk.setup.ledger.read(town.desk.reminding.owed)
    return [each.period.key for each in owed if each.member == "1881"]


def test_later_moves_that_one_occasion_and_the_series_goes_on(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY)
    maria = staffed.person(MARIA)
    maria.presses(sv("Later: tomorrow"))
    at(staffed, WEDNESDAY + timedelta(hours=23))
    before = reminded(staffed, MARIA)
    at(staffed, WEDNESDAY + timedelta(days=1))
    assert reminded(staffed, MARIA) == before + 1
    at(staffed, WEDNESDAY + timedelta(weeks=1))
    assert reminded(staffed, MARIA) == before + 2


def test_who_has_put_it_off_can_report_all_the_same(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY)
    maria, owed = staffed.person(MARIA), owes(staffed)
    maria.presses(sv("Later: tomorrow"))
    maria.presses(sv("Nothing to report"))
    assert owes(staffed) == owed[1:]


def test_nobody_gets_more_than_one_a_day_on_a_subject(staffed):
    makes(staffed)
    makes(staffed, at="10:00")
    for hour in range(10):
        at(staffed, WEDNESDAY + timedelta(hours=hour))
    assert reminded(staffed, MARIA) == 1


def test_one_that_was_missed_waits_for_working_hours(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY + timedelta(hours=12))
    assert reminded(staffed, MARIA) == 0
    at(staffed, WEDNESDAY + timedelta(hours=23))
    assert reminded(staffed, MARIA) == 1


def test_a_working_days_reminder_that_was_missed_waits_for_a_working_day(staffed):
    makes(staffed, start="2026-06-18", working_days_only=["true"])
    at(staffed, datetime(2026, 6, 20, 9, tzinfo=UTC))  # Midsummer's Day
    assert reminded(staffed, MARIA) == 0
    at(staffed, datetime(2026, 6, 22, 9, tzinfo=UTC))
    assert reminded(staffed, MARIA) == 1


def test_whoever_reports_before_it_is_delivered_is_left_alone(staffed):
    makes(staffed)
    staffed.clock.set(WEDNESDAY)
    reminders_if_due(staffed.desk)
    waiting = staffed.desk.setup.ledger.read(lambda books: books.outbox.keys_beginning("reminder:"))
    assert any(known(staffed, MARIA).id in key for key in waiting)
    reports_all(staffed, MARIA)
    staffed.deliver()
    assert [reminded(staffed, each) for each in (MARIA, JOHAN, SARA)] == [0, 1, 1]


def test_to_one_municipality_it_reaches_its_contacts_only(staffed):
    makes(staffed, audience=sv("Municipality: {name}", name="Kumla"))
    at(staffed, WEDNESDAY)
    assert [reminded(staffed, each) for each in (MARIA, JOHAN, SARA)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"audience": sv("One person")}, "person"),
        ({"when": sv("Some days before the date")}, "days_before"),
        ({"at": "05:00"}, "at"),
        ({"at": "22:30"}, "at"),
    ],
)
def test_what_is_missing_or_unkind_is_said_at_the_field(staffed, fields, field):
    amir = makes(staffed, saves=False, **fields)
    assert amir.modal.fields[field].error


def test_it_can_be_listed_paused_resumed_and_ended(staffed):
    amir = makes(staffed)
    amir.types("/paminnelse list")
    amir.presses(sv("Pause"))
    at(staffed, WEDNESDAY)
    assert reminded(staffed, MARIA) == 0
    amir.presses(sv("Resume"))
    at(staffed, WEDNESDAY + timedelta(weeks=1))
    assert reminded(staffed, MARIA) == 1
    amir.types("/paminnelse list")
    amir.presses(sv("End"))
    at(staffed, WEDNESDAY + timedelta(weeks=2))
    assert reminded(staffed, MARIA) == 1


def test_how_often_and_to_whom_are_read_from_the_line(staffed):
    amir = staffed.person(AMIR)
    amir.types("/paminnelse Dags att rapportera varje torsdag kl 9 till de som inte rapporterat")
    fields = amir.modal.fields
    assert fields["say"].value == "Dags att rapportera"
    assert fields["when"].value == sv("Every week, on that weekday")
    assert fields["audience"].value == OWING
    assert fields["at"].value == "09:00"
    amir.submits()
    amir.submits()
    staffed.settle()
    amir.types("/paminnelse lista")
    assert sv("Every {weekday}", weekday="torsdag") in amir.dm[-1].words


def test_it_comes_every_other_week(staffed):
    makes(staffed, when=sv("Every other week, on that weekday"))
    at(staffed, WEDNESDAY)
    at(staffed, WEDNESDAY + timedelta(weeks=1))
    assert reminded(staffed, MARIA) == 1
    at(staffed, WEDNESDAY + timedelta(weeks=2))
    assert reminded(staffed, MARIA) == 2


def test_it_can_be_changed(staffed):
    amir = makes(staffed)
    amir.types("/paminnelse list")
    amir.presses(sv("Change"))
    amir.fills(say="Dags att rapportera, ny text")
    amir.submits()
    amir.submits()
    at(staffed, WEDNESDAY)
    assert "ny text" in staffed.person(MARIA).dm[-1].text


def test_only_admins_make_reminders(staffed):
    maria = staffed.person(MARIA)
    maria.types("/paminnelse Hej alla")
    assert maria.modal is None
    assert sv("Only admins manage reminders. Ask one of them.") in maria.dm[-1].words
    with_role(staffed, MARIA, Role.ADMIN)
    maria.types("/paminnelse Hej alla")
    assert maria.modal is not None


def test_to_the_channel_it_has_no_buttons(staffed):
    makes(staffed, audience=sv("The channel"))
    at(staffed, WEDNESDAY)
    said = [m for m in staffed.person(MARIA).sees("bro") if "Dags att rapportera" in m.text]
    assert len(said) == 1
    assert said[0].buttons == ()


def test_one_that_is_changed_to_another_day_of_the_week_comes_then_too(staffed):
    amir = makes(staffed)
    at(staffed, WEDNESDAY)
    amir.types("/paminnelse list")
    amir.presses(sv("Change"))
    amir.fills(start="2026-06-18")
    amir.submits()
    amir.submits()
    at(staffed, WEDNESDAY + timedelta(days=1))
    assert reminded(staffed, MARIA) == 2


def test_one_put_off_to_a_day_with_another_on_the_subject_comes_the_day_after(staffed):
    makes(staffed)
    makes(staffed, start="2026-06-18", at="08:30", when=sv("Once, on the date"))
    at(staffed, WEDNESDAY)
    maria = staffed.person(MARIA)
    maria.presses(sv("Later: tomorrow"))
    before = reminded(staffed, MARIA)
    at(staffed, WEDNESDAY + timedelta(days=1))
    assert reminded(staffed, MARIA) == before + 1
    at(staffed, datetime(2026, 6, 22, 9, tzinfo=UTC))
    assert reminded(staffed, MARIA) == before + 2


def test_one_that_is_more_than_a_week_late_is_left_out_and_the_admins_hear_of_it(staffed):
    makes(staffed, when=sv("Once, on the date"))
    at(staffed, WEDNESDAY + timedelta(days=7, hours=1))
    assert reminded(staffed, MARIA) == 0
    latest = staffed.person(AMIR).dm[-1].text
    assert "Dags att rapportera kvartalet" in latest
    assert "17 juni" in latest
    at(staffed, WEDNESDAY + timedelta(days=7, hours=2))
    assert staffed.person(AMIR).dm[-1].text == latest


def test_of_several_missed_the_newest_comes_and_the_admins_hear_of_the_others(staffed):
    makes(staffed)
    at(staffed, WEDNESDAY + timedelta(weeks=2))
    assert reminded(staffed, MARIA) == 1
    latest = staffed.person(AMIR).dm[-1].text
    assert "17 juni" in latest
    assert "24 juni" in latest
    assert "1 juli" not in latest


def test_what_was_to_come_while_it_was_paused_is_not_missed(staffed):
    amir = makes(staffed)
    amir.types("/paminnelse list")
    amir.presses(sv("Pause"))
    before = len(amir.dm)
    at(staffed, WEDNESDAY + timedelta(weeks=2, hours=-1))
    amir.presses(sv("Resume"))
    at(staffed, WEDNESDAY + timedelta(weeks=2))
    assert reminded(staffed, MARIA) == 1
    assert len(amir.dm) == before


THREE = ("Kumla", "Hallsberg", "Örebro")


def test_one_that_cannot_be_read_holds_up_none_of_those_that_come_with_it(staffed):
    for name in THREE:
        makes(staffed, audience=sv("Municipality: {name}", name=name))
    amir, now = known(staffed, AMIR).id, staffed.clock()
    staffed.desk.setup.ledger.write(
        lambda books: books.reminders.change(2, {"say": "Nobody knows when"}, amir, now)
    )
    at(staffed, WEDNESDAY)
    assert [reminded(staffed, each) for each in (MARIA, JOHAN, SARA)] == [1, 0, 1]


def test_one_that_fails_half_way_leaves_nothing_behind_and_the_others_come(staffed, monkeypatch):
    for name in THREE:
        makes(staffed, audience=sv("Municipality: {name}", name=name))

    def tell_all(setup, books, keys, notice, told=Setup.tell_all):
        if notice.reminder == 2:
            raise LookupError
        told(setup, books, keys, notice)

    with monkeypatch.context() as while_it_lasts:
        while_it_lasts.setattr(Setup, "tell_all", tell_all)
        at(staffed, WEDNESDAY)
    assert claimed(staffed) == [True, False, True]
    staffed.settle()
    assert claimed(staffed) == [True, True, True]
    assert [reminded(staffed, each) for each in (MARIA, JOHAN, SARA)] == [1, 1, 1]


def claimed(town: Town) -> list[bool]:
    """Of each of three reminders whether it has come."""
    alarms = [alarm_of(number) for number in (1, 2, 3)]
    return town.desk.setup.ledger.read(
        lambda books: [bool(books.occasions.of_alarm(alarm)) for alarm in alarms]
    )


def test_more_than_go_into_one_transaction_all_come(staffed):
    for _ in range(TOGETHER + 2):
        makes(staffed, audience=sv("Municipality: {name}", name="Kumla"))
    at(staffed, WEDNESDAY)
    assert reminded(staffed, MARIA) == TOGETHER + 2
