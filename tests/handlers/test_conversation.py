"""The rest of what one can say and press, as `[(said, answered)]`; and what when it goes wrong."""

import logging
import sqlite3
import time

import pytest

from bot.people import Role
from playground.town import AMIR, CHANNEL, KARIN, MARIA, ULLA, Town
from tests.talk import commands_of, known, sv

HELP = sv("This is what I can do")
STANDS = sv("Of {count} key results: {statuses}.", count=11, statuses="").split(":", maxsplit=1)[0]


def says(town: Town, somebody, line: str) -> str:
    person = town.person(somebody)
    person.types(line, CHANNEL)
    return person.sees(CHANNEL)[-1].words


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/bro", HELP),
        ("/bro hjälp", HELP),
        ("/bro help", HELP),
        ("/bro vad är detta", HELP),
        ("/bro vad är detta", "Jag förstår inte ”vad är detta”."),
        ("/bro wrokshop Frukost", "Jag förstår inte ”wrokshop Frukost”. Menade du /workshop?"),
        ("/bro bro bro", HELP),
        ("/okr", STANDS),
        ("/bro okr", STANDS),
        ("/bro OKR S4", "erfarenhetsutbyten"),
        ("/okr s4", "erfarenhetsutbyten"),
        ("/okr X9", "Jag förstår inte ”X9”. Skriv något av S1, S2"),
        ("/okr X9", "SM1"),
        ("/okr hjälp", "/okr tyst"),
        ("/okr help", "/okr Askersund"),
        ("/okr vecka 2026-v99", "Jag förstår inte ”vecka 2026-v99”. Skriv något av S1, S2"),
        (
            "/okr vecka 2026-v50",
            sv("That week's digest has not come yet. It comes the week after."),
        ),
        ("/bro mina", sv("You have no reports that count. Type /workshop to report.")),
        ("/bro personer", sv("Only admins manage people. Ask one of them.")),
        ("/bro påminnelse lista", sv("Only admins manage reminders. Ask one of them.")),
    ],
)
def test_what_is_said_is_answered_privately_and_never_by_silence(town, said, answered):
    assert answered in says(town, MARIA, said)
    assert town.person(MARIA).sees(CHANNEL)[-1].ephemeral
    assert all(not message.ephemeral for message in town.person(KARIN).sees(CHANNEL))


@pytest.mark.parametrize("said", ["/bro", "/bro hjälp", "/bro bro"])
def test_whoever_asks_for_help_is_not_told_that_something_was_not_understood(town, said):
    assert "förstår" not in says(town, MARIA, said)


@pytest.mark.parametrize("command", ["/bro", "/okr"])
def test_what_was_not_understood_is_said_back_in_short_and_never_in_the_log(town, command, caplog):
    with caplog.at_level(logging.DEBUG):
        said = says(town, MARIA, f"{command} {'hemlighet' * 300}")
    assert f"”{'hemlighet' * 6}hemlig…”" in said
    assert "hemlighet" not in caplog.text


@pytest.mark.parametrize("word", ["hjälp", "Help", " hjalp "])
@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("workshop", "/workshop Exportdag för småföretag"),
        ("etablering", "/etablering Projekt Falk"),
        ("kampanj", "/kampanj Flytta hem"),
    ],
)
def test_help_about_a_kind_shows_how_it_is_typed_instead_of_a_form(town, kind, example, word):
    maria = town.person(MARIA)
    maria.types(f"/{kind} {word}", CHANNEL)
    assert maria.modal is None
    assert example in maria.sees(CHANNEL)[-1].words


@pytest.mark.parametrize("line", ["/paminnelse hjälp", "/bro påminnelse Help"])
def test_help_about_reminders_shows_how_they_are_typed_to_those_who_may_make_them(town, line):
    assert HELP in says(town, MARIA, line)
    told = says(town, AMIR, line)
    assert HELP not in told
    assert "/paminnelse Rapportera kvartalets workshoppar, varje måndag kl 9" in told


def test_a_reminder_offers_the_municipalities_in_the_order_of_the_swedish_alphabet(town):
    amir = town.person(AMIR)
    amir.types("/paminnelse")
    offered = [option.removeprefix("Kommun: ") for option in amir.modal.fields["audience"].options]
    assert offered[-12:] == [
        *("Askersund", "Degerfors", "Hallsberg", "Hällefors", "Karlskoga", "Kumla", "Laxå"),
        *("Lekeberg", "Lindesberg", "Ljusnarsberg", "Nora", "Örebro"),
    ]


def test_no_word_in_a_title_is_lost_on_the_way(town):
    maria = town.person(MARIA)
    maria.types("/workshop payload=1&command=/okr 2 juni")
    assert maria.modal.fields["title"].value == "payload=1&command=/okr"


@pytest.mark.parametrize("line", ["/bro workshop Frukost 2 juni", "/workshop Frukost 2 juni"])
def test_every_command_also_works_as_bro_and_the_word(town, line):
    maria = town.person(MARIA)
    maria.types(line)
    assert maria.modal.fields["title"].value == "Frukost"


@pytest.mark.parametrize("id_", ["S1", "S2", "S3", "S4", "I1", "I2", "I3", "I4", "M1", "M2", "M3"])
def test_each_key_result_tells_how_it_is_counted(town, id_):
    assert "Så räknar vi" in says(town, MARIA, f"/okr {id_}")


def test_the_reports_behind_a_number_are_leafed_through_page_by_page(town):
    maria = town.person(MARIA)
    for day in range(1, 8):
        maria.types(f"/workshop Träff nummer {day}, Kumla, Nora, {day * 3} maj")
        maria.fills(theme="service")
        maria.submits()
        if maria.modal is not None:
            maria.fills(same_as=maria.modal.fields["same_as"].options[-1])
            maria.submits()
    maria.types("/okr S4", CHANNEL)
    first = maria.sees(CHANNEL)[-1].words
    assert "Träff nummer 7" in first
    assert "Träff nummer 1" not in first
    maria.presses(sv("Next page"))
    assert "Träff nummer 1" in maria.sees(CHANNEL)[-1].words


def test_the_reports_are_not_shown_to_somebody_unconfirmed(town):
    maria = town.person(MARIA)
    maria.types("/workshop Hemlig träff 2 juni Kumla, Nora")
    maria.fills(theme="service")
    maria.submits()
    assert "Hemlig träff" not in says(town, ULLA, "/okr S4")
    assert "Hemlig träff" in says(town, MARIA, "/okr S4")


def test_whoever_writes_without_a_command_is_shown_the_way_once(town):
    maria = town.person(MARIA)
    maria.says("Exportdag 12 mars Kumla")
    town.slack.redeliver_last(times=2)
    town.settle()
    answers = [m for m in maria.dm if sv("Report a workshop") in m.buttons]
    assert len(answers) == 1
    maria.presses(sv("Report a workshop"))
    assert maria.modal is not None


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("workshops please", "/workshop"),
        ("Wrokshop igår", "/workshop"),
        ("kampani lista", "/kampanj"),
        ("campaign results", "/kampanj"),
        ("OKR?", "/okr"),
        ("inställningr", "/bro inställningar"),
    ],
)
def test_a_first_word_that_is_like_a_command_is_asked_about(town, said, command):
    maria = town.person(MARIA)
    maria.says(said)
    town.settle()
    assert sv("Did you mean {command}?", command=command) in maria.dm[-1].words


@pytest.mark.parametrize("said", ["Hej!", "hur går det", "?", "hjälp mig"])
def test_a_first_word_that_is_like_no_command_is_not(town, said):
    maria = town.person(MARIA)
    maria.says(said)
    town.settle()
    assert sv("Did you mean {command}?", command="/").split("/")[0] not in maria.dm[-1].words


def test_an_admin_gives_somebody_a_municipality_and_a_role(town):
    says(town, KARIN, "/bro")
    amir = town.person(AMIR)
    amir.types("/bro personer", CHANNEL)
    amir.presses(sv("Change"))
    amir.fills(home="Business Region Örebro", roles=[sv("leadership")])
    amir.submits()
    changed = [known(town, each) for each in (AMIR, KARIN)]
    assert [each.home for each in changed if each.has(Role.LEADERSHIP)] == ["bro"]


def test_the_admins_hear_who_has_become_a_contact_by_their_address(town):
    amir, maria = town.person(AMIR), town.person(MARIA)
    amir.types("/bro")
    maria.types("/bro settings")
    maria.submits()
    town.settle()
    said = amir.dm[-1].words
    assert "Maria Exempel är nu kontakt för Kumla." in said
    assert "e-postadressen är maria.exempel@kumla.se" in said
    amir.presses(sv("Change"), amir.dm[-1])
    amir.fills(roles=[])
    amir.submits()
    assert not known(town, MARIA).has(Role.CONTACT)


def test_home_asks_a_newcomer_for_their_municipality_before_it_says_what_is_owed(town):
    ulla = town.person(ULLA)
    ulla.opens_home()
    assert sv("Nothing at the moment. Thank you.") not in ulla.home.words
    ulla.presses(sv("Choose municipality"))
    ulla.fills(home="Nora")
    ulla.submits()
    waits = sv("An admin confirms that you work for {home}. You can report already.", home="Nora")
    assert waits in ulla.opens_home().words


def test_home_shows_what_is_owed_first(town):
    maria = town.person(MARIA)
    maria.types("/bro settings")
    maria.submits()
    home = maria.opens_home()
    assert home.words.startswith("Att rapportera")
    maria.presses(sv("Nothing to report"))
    maria.presses(sv("Nothing to report"))
    assert sv("Nothing at the moment. Thank you.") in maria.home.words


def test_that_there_was_nothing_to_report_can_be_taken_back(town):
    maria = town.person(MARIA)
    maria.types("/bro settings")
    maria.submits()
    maria.opens_home()
    maria.presses(sv("Nothing to report"))
    left = maria.home.buttons.count(sv("Nothing to report"))
    maria.types("/bro mine")
    assert "Inget att rapportera: workshoppar, kvartal 1 2026" in maria.dm[-1].words
    maria.presses(sv("Undo"), maria.dm[-1])
    assert maria.dm[-1].words.startswith(sv("Taken back."))
    assert maria.opens_home().buttons.count(sv("Nothing to report")) == left + 1
    maria.types("/bro mine")
    assert maria.dm[-1].words == sv("You have no reports that count. Type /workshop to report.")


def test_who_takes_back_for_another_that_there_was_nothing_stands_in_the_audit_trail(town):
    amir, maria = town.person(AMIR), town.person(MARIA)
    amir.types("/bro")
    maria.types("/bro settings")
    maria.submits()
    maria.opens_home()
    maria.presses(sv("Nothing to report"))
    commands_of(town).press(known(town, AMIR), "something", {"report": "1"})
    assert "withdrawn_for_other" in [each["action"] for each in town.desk.trail.export()]


def test_from_home_an_answer_opens_on_a_modal(town):
    maria = town.person(MARIA)
    maria.opens_home()
    maria.presses(sv("How the plan stands"))
    assert STANDS in maria.modal.words


def test_what_nobody_expected_gives_an_id_that_is_found_in_the_log_and_no_word_of_hers(
    town, tmp_path, caplog
):
    maria = town.person(MARIA)
    maria.types("/workshop Hemlighet 2 juni Kumla, Nora")
    maria.fills(theme="service", notes="Hemlighet")
    with sqlite3.connect(tmp_path / "brobot.db") as database:
        database.execute("DROP INDEX ix_reports_case")
        database.execute("ALTER TABLE reports DROP COLUMN answers")
    with caplog.at_level(logging.DEBUG):
        maria.submits()
    (told,) = {field.error for field in maria.modal.fields.values() if field.error}
    assert told.rsplit(" ", 1)[-1] in caplog.text
    assert "Hemlighet" not in caplog.text
    assert maria.modal.fields["title"].value == "Hemlighet"


def test_a_locked_database_says_so_in_time_and_keeps_what_was_typed(town, tmp_path):
    maria = town.person(MARIA)
    maria.types("/workshop Frukost 2 juni Kumla, Nora")
    maria.fills(theme="service")
    database = sqlite3.connect(tmp_path / "brobot.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    maria.submits()
    assert time.monotonic() - began < 2.5
    assert any(field.error for field in maria.modal.fields.values())
    assert maria.modal.fields["title"].value == "Frukost"
    database.execute("ROLLBACK")
    database.close()
    maria.submits()
    town.settle()
    assert maria.modal is None
    assert len(maria.dm) == 1


def test_what_people_write_never_comes_out_as_a_mention(town):
    maria = town.person(MARIA)
    maria.types("/workshop Träff")
    maria.fills(
        title="<!channel> <@U123> <http://a|b>",
        held_on="2026-06-02",
        members=["Kumla", "Nora"],
        theme="service",
    )
    maria.submits()
    town.settle()
    receipt = maria.dm[-1]
    drawn = " ".join(b["text"]["text"] for b in receipt.blocks if b["type"] == "section")
    for parsed in (receipt.text, drawn):
        assert "&lt;!channel&gt; &lt;@U123&gt; &lt;http://a|b&gt;" in parsed
        assert "<" not in parsed


def test_the_whole_conversation_works_over_socket_mode(tmp_path, clock):
    with Town(f"sqlite:///{tmp_path}/socket.db", clock, socket_mode=True) as town:
        maria = town.person(MARIA)
        maria.types("/workshop Frukost 2 juni Kumla, Nora")
        maria.fills(theme="service")
        maria.submits()
        town.settle()
        assert "Frukost" in maria.dm[-1].text
