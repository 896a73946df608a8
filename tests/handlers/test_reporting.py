"""Reporting, as people do it: through Slack, to the ledger, and back to the direct message."""

from datetime import UTC, date, datetime

import pytest

from bot.ledger.recorded import Ended
from bot.outcomes import Refuse, Retry
from bot.people import Role
from bot.rights import RULES, Action
from playground.town import AMIR, JOHAN, KARIN, MARIA, SARA, ULLA, Town
from tests.talk import commands_of, known, sv, with_role

LINE = "/workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare"


def everything(town: Town):
    """All reports that were ever recorded, in order."""
    rows = [town.desk.setup.ledger.read(lambda b, n=n: b.reports.get(n)) for n in range(1, 50)]
    return [row for row in rows if row is not None]


def live(town: Town):
    return [row for row in everything(town) if row.ending is None]


def reports_workshop(town: Town, somebody, line: str = LINE, **fields):
    person = town.person(somebody)
    person.types(line)
    person.fills(**{"theme": "service", **fields})
    person.submits()
    town.settle()
    return person


def test_the_typed_line_opens_a_form_that_is_filled_in(town):
    maria = town.person(MARIA)
    maria.types(LINE)
    fields = maria.modal.fields
    assert fields["title"].value == "Exportdag för småföretag"
    assert fields["held_on"].value == "2026-03-12"
    assert fields["members"].value == ["Kumla", "Hallsberg"]
    assert fields["participants"].value == "24"


def test_together_with_a_neighbour_her_own_municipality_is_filled_in_first(town):
    maria = town.person(MARIA)
    maria.types("/workshop Exportdag igår med Hallsberg 25 deltagare")
    assert maria.modal.fields["members"].value == ["Kumla", "Hallsberg"]
    assert maria.modal.fields["title"].value == "Exportdag"


def test_the_command_alone_opens_the_form_with_her_own_municipality(town):
    maria = town.person(MARIA)
    maria.types("/workshop")
    assert maria.modal.fields["members"].value == ["Kumla"]


def test_a_report_is_saved_and_answered_by_a_receipt_that_says_what_it_counts_for(town):
    maria = reports_workshop(town, MARIA)
    assert maria.modal is None
    (saved,) = live(town)
    assert (saved.day, saved.members, saved.home) == (date(2026, 3, 12), ("1881", "1861"), "1881")
    receipt = maria.dm[-1]
    assert "Exportdag för småföretag" in receipt.text
    assert "S4" in receipt.text


def test_a_report_that_does_not_count_is_answered_by_what_is_missing(town):
    maria = reports_workshop(town, MARIA, "/workshop Frukost 12 mars Kumla 24 deltagare")
    receipt = maria.dm[-1]
    needed = sv(
        "It does not count for {id} yet: it takes at least {count} municipalities. Did another "
        "one take part?",
        id="S4",
        count="två",
    )
    assert needed in receipt.text
    assert sv("Joint workshop") not in receipt.words
    assert sv("Change") in receipt.buttons
    maria.presses(sv("Change"))
    maria.fills(members=["Kumla", "Hallsberg"])
    maria.submits()
    town.settle()
    assert sv("Joint workshop") in maria.dm[-1].words
    assert needed not in maria.dm[-1].text


def test_the_form_that_changes_a_report_says_so(town):
    maria = reports_workshop(town, MARIA)
    maria.presses(sv("Change"))
    assert maria.modal.title == sv("Change the report") == "Ändra rapporten"
    maria.fills(held_on="2027-03-12")
    maria.submits()
    assert maria.modal.errors
    assert maria.modal.title == sv("Change the report")


def test_an_address_of_her_municipality_is_taken_at_once(town):
    maria = town.person(MARIA)
    maria.types(LINE)
    assert maria.modal.fields["home"].value == "Kumla"
    maria.fills(theme="service")
    maria.submits()
    assert town.desk.homes.find(f"slack:{maria.id}").home == "1881"
    maria.types(LINE)
    assert "home" not in maria.modal.fields


def test_anybody_else_waits_for_an_admin_and_what_she_wrote_goes_in_on_approval(town):
    town.person(AMIR).types("/bro")
    ulla = reports_workshop(town, ULLA, home="Nora")
    assert live(town) == []
    ulla.types("/bro mina")
    assert ulla.dm[-1].words.startswith("1 rapport väntar")
    town.person(AMIR).presses(sv("Approve as contact"))
    town.settle()
    (saved,) = live(town)
    assert saved.home == "1884"
    assert "Exportdag" in ulla.dm[-1].text


def test_a_refused_home_keeps_what_was_written_until_another_is_chosen(town):
    town.person(AMIR).types("/bro")
    ulla = reports_workshop(town, ULLA, home="Nora")
    town.person(AMIR).presses(sv("Refuse"))
    town.settle()
    assert live(town) == []
    ulla.types("/bro settings")
    ulla.fills(home="Laxå")
    ulla.submits()
    town.settle()
    town.person(AMIR).presses(sv("Approve as contact"))
    town.settle()
    assert [row.home for row in live(town)] == ["1860"]


def test_the_first_admin_to_decide_decides_and_the_others_are_shown(town):
    for admin in (AMIR, KARIN):
        town.person(admin).types("/bro")
    with_role(town, KARIN, Role.ADMIN)
    reports_workshop(town, ULLA, home="Nora")
    amir, karin = town.person(AMIR), town.person(KARIN)
    assert sv("Approve as contact") in karin.dm[-1].buttons
    amir.presses(sv("Approve as contact"))
    town.settle()
    assert karin.dm[-1].buttons == ()
    assert len(live(town)) == 1


def test_a_repeated_submission_gives_one_report_and_the_same_answer(town):
    maria = reports_workshop(town, MARIA)
    answers = town.slack.redeliver_last(times=3)
    assert [(each.status, each.body) for each in answers] == [(200, answers[0].body)] * 3
    town.settle()
    assert len(everything(town)) == 1
    assert len(maria.dm) == 1


def test_the_same_event_reported_by_two_is_counted_once_and_credited_to_both(town):
    reports_workshop(town, MARIA, "/workshop Exportdag 12 mars Kumla, Hallsberg")
    johan = reports_workshop(town, JOHAN, "/workshop Exportdagen 12 mars Hallsberg")
    question = johan.modal.fields["same_as"]
    assert "Exportdag" in question.options[0]
    assert johan.modal.fields["title"].value == "Exportdagen"
    johan.fills(same_as=question.options[0])
    johan.submits()
    town.settle()
    first, second = live(town)
    assert first.case == second.case
    assert {*first.members, *second.members} == {"1881", "1861"}
    assert "Kumla" in johan.dm[-1].words
    johan.types("/okr S4")
    assert sv("{value} of {target}", value=1, target=4) in johan.dm[-1].words


def test_another_event_on_the_same_day_is_counted_by_itself(town):
    reports_workshop(town, MARIA, "/workshop Exportdag 12 mars Kumla, Hallsberg")
    johan = reports_workshop(town, JOHAN, "/workshop Frukost 12 mars Hallsberg, Kumla")
    johan.fills(same_as=johan.modal.fields["same_as"].options[-1])
    johan.submits()
    first, second = live(town)
    assert first.case != second.case


def test_a_change_supersedes_and_nothing_is_overwritten(town):
    maria = reports_workshop(town, MARIA)
    maria.presses(sv("Change"))
    assert maria.modal.fields["title"].value == "Exportdag för småföretag"
    maria.fills(participants="30")
    maria.submits()
    town.settle()
    old, new = everything(town)
    assert old.ending.how is Ended.SUPERSEDED
    assert (new.supersedes, new.case, new.answers["participants"]) == (old.id, old.case, 30)
    assert maria.dm[0].buttons == ()


def test_a_form_that_is_saved_as_it_was_opened_is_no_correction(town):
    maria = reports_workshop(town, MARIA)
    told = [message.words for message in maria.dm]
    maria.presses(sv("Change"))
    maria.submits()
    town.settle()
    assert maria.modal is None
    assert len(everything(town)) == 1
    assert [message.words for message in maria.dm] == told


def test_a_withdrawal_ends_it_with_who_and_why(town):
    maria = reports_workshop(town, MARIA)
    maria.presses(sv("Undo"))
    maria.fills(why="Fel år")
    maria.submits()
    town.settle()
    (old,) = everything(town)
    assert (old.ending.how, old.ending.by, old.ending.why) == (
        Ended.WITHDRAWN,
        f"slack:{maria.id}",
        "Fel år",
    )
    assert maria.dm[0].buttons == ()
    assert maria.dm[0].edited


def test_before_a_withdrawal_it_says_what_it_will_do_and_what_was_typed_stays(town):
    maria = reports_workshop(town, MARIA)
    maria.presses(sv("Undo"))
    title = everything(town)[0].answers["title"]
    assert f"”{title}” kommer inte längre att räknas." in maria.modal.words
    person, why = known(town, MARIA), "Fel år" * 60
    outcome = town.desk.withdrawing.withdraw(person, everything(town)[0].id, {"why": why}, "key")
    assert isinstance(outcome, Retry)
    assert str(title) in str(outcome.form.intro)
    assert outcome.form.fields[0].value == why


def test_a_button_pressed_twice_says_that_the_report_is_gone(town):
    maria = reports_workshop(town, MARIA)
    receipt = maria.dm[-1]
    maria.presses(sv("Undo"))
    maria.submits()
    maria.presses(sv("Undo"), in_message=receipt)
    assert maria.modal is None
    assert "har ändrats eller tagits tillbaka under tiden" in maria.dm[-1].words


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"held_on": "2026-06-13"}, "held_on"),
        ({"title": "x" * 120, "held_on": "2026-12-01"}, "held_on"),
    ],
)
def test_bad_input_gets_a_sentence_at_the_field_and_keeps_what_was_typed(town, fields, wrong):
    maria = town.person(MARIA)
    maria.types(LINE)
    maria.fills(theme="service", **fields)
    maria.submits()
    assert maria.modal.fields[wrong].error
    assert maria.modal.fields["title"].value == fields.get("title", "Exportdag för småföretag")
    assert live(town) == []


def colleague_and_stranger(town: Town):
    """Maria has reported; Ulla speaks for Kumla as she does, Sara for Örebro."""
    town.person(AMIR).types("/bro")
    reports_workshop(town, MARIA)
    ulla, sara = town.person(ULLA), town.person(SARA)
    for somebody in (ulla, sara):
        somebody.types("/bro settings")
    ulla.fills(home="Kumla")
    for somebody in (ulla, sara):
        somebody.submits()
    town.settle()
    town.person(AMIR).presses(sv("Approve as contact"))
    return ulla, sara


def test_a_colleague_in_the_same_municipality_may_change_it(town):
    ulla, _ = colleague_and_stranger(town)
    ulla.types("/bro mina")
    ulla.presses(sv("Change"))
    ulla.fills(participants="30")
    ulla.submits()
    town.settle()
    old, changed = everything(town)
    maria = town.person(MARIA)
    assert changed.answers["participants"] == 30
    assert (old.ending.by, changed.reporter) == (f"slack:{ulla.id}", f"slack:{maria.id}")
    for told in (ulla, maria):
        assert told.dm[-1].text.startswith(sv("Changed"))


@pytest.mark.parametrize("verb", ["change", "withdraw"])
def test_a_stranger_is_offered_no_change_and_refused_one(town, verb):
    _, sara = colleague_and_stranger(town)
    (marias,) = live(town)
    sara.types("/bro mina")
    assert "Exportdag" not in sara.dm[-1].words
    answer = commands_of(town).press(known(town, SARA), verb, {"report": str(marias.id)})
    assert answer == Refuse(sv(RULES[Action.CHANGE_REPORT][1]))


def test_a_late_report_lands_in_the_year_it_happened(town, clock):
    reports_workshop(town, MARIA)
    clock.set(datetime(2027, 1, 8, 9, tzinfo=UTC))
    reports_workshop(town, MARIA, "/workshop Julfrukost 18 december Kumla, Laxå")
    maria = town.person(MARIA)
    assert live(town)[-1].day == date(2026, 12, 18)
    assert "2026" in maria.dm[-1].text


def test_my_reports_lists_what_can_be_changed(town):
    maria = reports_workshop(town, MARIA)
    maria.types("/bro mine")
    assert "Exportdag" in maria.dm[-1].words
    assert sv("Change") in maria.dm[-1].buttons


def test_a_request_that_came_before_any_admin_waits_for_the_first(town):
    reports_workshop(town, ULLA, home="Nora")
    amir = town.person(AMIR)
    amir.types("/bro")
    town.settle()
    amir.presses(sv("Approve as contact"))
    assert [row.home for row in live(town)] == ["1884"]


def test_an_old_request_grants_nothing_else_than_what_it_says(town):
    town.person(AMIR).types("/bro")
    ulla, amir = reports_workshop(town, ULLA, home="Nora"), town.person(AMIR)
    ulla.types("/bro settings")
    ulla.fills(home="Laxå")
    ulla.submits()
    old = {"person": f"slack:{ulla.id}", "home": "1884"}
    commands_of(town).press(known(town, AMIR), "approve", old)
    assert known(town, ULLA).home is None
    town.settle()
    amir.presses(sv("Approve as contact"))
    assert known(town, ULLA).home == "1860"


def test_what_was_held_joins_what_it_was_said_to_be(town):
    town.person(AMIR).types("/bro")
    reports_workshop(town, MARIA)
    ulla = reports_workshop(town, ULLA, "/workshop Exportdag 12 mars Kumla", home="Nora")
    ulla.fills(same_as=ulla.modal.fields["same_as"].options[0])
    ulla.submits()
    town.settle()
    town.person(AMIR).presses(sv("Approve as contact"))
    first, second = live(town)
    assert first.case == second.case


def test_a_change_that_comes_twice_is_answered_alike(town):
    maria = town.person(MARIA)
    maria.types("/workshop Frukost 2 juni 2026 Kumla")
    maria.fills(theme="service")
    maria.submits()
    maria.types("/bro mina")
    maria.presses(sv("Change"))
    maria.fills(title="Lunch")
    maria.submits()
    again = town.slack.redeliver_last(2)
    assert [answer.body for answer in again] == [{"response_action": "clear"}] * 2
