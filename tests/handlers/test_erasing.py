"""An admin erases somebody: who may, what is left, what others see, and that nobody comes back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.desk.erasing import Erasing
from bot.ledger.audit import Act
from bot.ledger.journal import Journal
from bot.notices import Receipt
from bot.outcomes import Done, Open, Outcome, Refuse, Retry, Show
from bot.people import Person, Profile
from bot.settings import settings_from
from handlers.commands import Commands
from playground.faults import Fault
from playground.town import AMIR, EVA, JOHAN, KARIN, MARIA, SARA, ULLA, Somebody, Town
from tests.handlers import test_rights as tables
from tests.handlers.house import (
    CORRECTED,
    OPEN,
    REMINDER,
    SECRET,
    STEPS,
    TITLE,
    WORKSHOP,
    does,
    file_of,
    written,
)
from tests.talk import commands_of, known, sv

house, town = tables.house, tables.town  # the same state before each test


def erases(town: Town, whom: Somebody, by: Somebody = AMIR, sure: str = "true") -> Outcome:
    return does(town, by, "erase", {"sure": sure}, person=known(town, whom).id)


def person_of(town: Town, who: Somebody) -> Person:
    return known(town, who)


def text_of(town: Town) -> str:
    return "\n".join(written(town))


@pytest.mark.parametrize("whom", [MARIA, SARA, KARIN, ULLA, AMIR, EVA], ids=lambda who: who.name)
def test_nothing_of_them_is_left(town, whom):
    """They have reported, answered, been asked, reminded and named."""
    does(town, MARIA, "etablering_svar", STEPS["etablering_svar"], case=OPEN.found(town))
    town.settle()
    person = known(town, whom)
    assert all(each in text_of(town) for each in (person.id, person.name, person.email))
    assert isinstance(erases(town, whom), Show)
    left = text_of(town)
    assert [each for each in (person.id, person.name, person.email) if each in left] == []


def test_the_form_says_first_what_goes_and_what_stays(town):
    about = {"person": known(town, MARIA).id}
    outcome = commands_of(town).press(known(town, AMIR), "erase", about)
    assert isinstance(outcome, Open)
    told = str(outcome.form.intro)
    assert known(town, MARIA).name in told
    stays = sv("Reports stay as the record, told by a pseudonym: {count}.", count=1)
    assert stays in told


def test_the_form_names_the_reports_in_whose_text_the_name_stands(town):
    named = {**WORKSHOP, "title": f"Möte med {known(town, MARIA).name}"}
    does(town, MARIA, "workshop", named, report="1")
    about = {"person": known(town, MARIA).id}
    outcome = commands_of(town).press(known(town, AMIR), "erase", about)
    assert isinstance(outcome, Open)
    (live,) = town.desk.setup.ledger.read(lambda books: books.reports.live_of(["workshop"]))
    assert str(live.id) in str(outcome.form.intro[-1])


@pytest.mark.parametrize("sure", ["", "false", "kanske"])
def test_without_the_box_nothing_is_erased(town, sure):
    before = written(town)
    outcome = erases(town, MARIA, sure=sure)
    assert isinstance(outcome, Retry)
    assert outcome.form.fields[0].error == sv("Tick the box to erase, or close the form.")
    assert written(town) == before


def test_the_box_must_be_ticked_and_says_what_one_agrees_to(town):
    amir = town.person(AMIR)
    amir.types("/bro personer")
    amir.presses(sv("Erase personal data"))
    sure = amir.modal.fields["sure"]
    assert not sure.optional
    assert sure.label == sv("Erase the personal data for good?")
    assert sure.options == (sv("Yes, erase them. There is no way back."),)
    amir.closes()


def test_whoever_has_been_erased_cannot_be_erased_again_and_nobody_finds_them(town):
    maria = known(town, MARIA)
    assert isinstance(erases(town, MARIA), Show)
    assert isinstance(does(town, AMIR, "erase", {"sure": "true"}, person=maria.id), Refuse)
    (left,) = (p for p in everybody_in_reports(town) if p.startswith("erased:"))
    assert isinstance(does(town, AMIR, "erase", {"sure": "true"}, person=left), Refuse)
    listed = str(Commands(town.desk).say(known(town, AMIR), "bro", "personer"))
    assert maria.name not in listed
    assert "erased:" not in listed


def everybody_in_reports(town: Town) -> set[str]:
    read = town.desk.setup.ledger.read
    return {r.reporter for r in read(lambda books: books.reports.live_of(["workshop"]))}


def test_their_report_still_counts_and_colleagues_still_look_after_it(town):
    before = str(says(town, JOHAN, "okr", "S4"))
    assert TITLE in before
    assert isinstance(erases(town, MARIA), Show)
    assert str(says(town, JOHAN, "okr", "S4")) == before
    assert does(town, EVA, "workshop", CORRECTED, report="1") == Done()


def says(town: Town, who: Somebody, command: str, words: str) -> Outcome:
    return Commands(town.desk).say(known(town, who), command, words)


def test_a_correction_of_their_report_is_told_to_who_made_it_only(town):
    assert isinstance(erases(town, MARIA), Show)
    does(town, EVA, "workshop", CORRECTED, report="1")
    receipts = town.desk.setup.ledger.read(lambda books: books.outbox.keys_beginning("receipt:"))
    assert [key for key in receipts if "erased:" in key] == []
    assert [key for key in receipts if key.endswith(known(town, EVA).id)]


def test_a_confidential_case_of_theirs_stays_known_to_those_in_it_only(town):
    assert isinstance(erases(town, SARA), Show)
    press = commands_of(town).press
    case = {"case": SECRET.found(town)}
    assert not isinstance(press(known(town, MARIA), "case", case), Refuse)
    assert isinstance(press(known(town, JOHAN), "case", case), Refuse)


def test_a_form_in_which_they_were_named_can_still_be_opened_and_saved(town):
    assert isinstance(erases(town, KARIN), Show)
    opening = tables.OPENING.found(town)
    outcome = commands_of(town).press(known(town, SARA), "change", {"report": opening})
    assert isinstance(outcome, Open)
    assert "erased:" not in str(outcome.form.fields)


def test_what_admins_were_asked_about_them_no_longer_names_them(town):
    ulla, amir = known(town, ULLA), town.person(AMIR)
    earlier = len(amir.dm)
    town.settle()
    assert any(ulla.name in str(message.blocks) for message in amir.dm[earlier:])
    assert isinstance(erases(town, ULLA), Show)
    town.settle()
    assert not any(ulla.name in str(message.blocks) for message in amir.dm[earlier:])


def test_a_reminder_on_its_way_to_them_is_dropped(town):
    earlier = len(town.person(MARIA).dm)
    assert isinstance(erases(town, MARIA), Show)
    town.settle()
    assert town.person(MARIA).dm[earlier:] == []
    assert str(REMINDER["say"]) in str(town.person(JOHAN).dm)


def test_that_it_was_done_is_in_the_trail_and_by_whom_and_not_to_whom(town):
    maria, amir = known(town, MARIA), known(town, AMIR)
    alias = town.desk.setup.ledger.read(lambda books: books.aliases.known(maria.id))
    assert isinstance(erases(town, MARIA), Show)
    entry = town.desk.setup.ledger.read(lambda books: books.audit.latest(Act.ERASED))
    read = town.desk.setup.ledger.read
    assert entry.actor == read(lambda books: books.aliases.known(amir.id))
    told = f"{entry.subject} {entry.details}"
    assert [each for each in (maria.id, maria.name, alias) if each in told] == []
    assert entry.details["reports"] == 1
    assert town.desk.trail.verdict().fault == ""


def test_whoever_writes_again_is_new(town):
    maria = known(town, MARIA)
    assert isinstance(erases(town, MARIA), Show)
    town.clock.set(town.clock() + timedelta(days=1))
    assert town.desk.homes.find(maria.id) is None
    again = commands_of(town).meet(Profile(maria.id, maria.name, maria.email))
    assert (again.home, again.roles) == (None, frozenset())
    assert TITLE not in str(says(town, MARIA, "bro", "mina"))


def test_a_receipt_of_theirs_is_said_to_nobody(town):
    maria = known(town, MARIA)
    assert isinstance(erases(town, MARIA), Show)
    setup = town.desk.setup
    (left,) = (p for p in everybody_in_reports(town) if p.startswith("erased:"))
    setup.ledger.write(lambda books: setup.tell(books, left, "again", Receipt(report=1)))
    assert setup.ledger.read(lambda books: books.outbox.get("again")) is None
    assert maria.id not in text_of(town)


# --- At the command line, and after a restore


@pytest.fixture
def console(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings for the command line; the journal's file."""
    monkeypatch.setenv("DATABASE_URL", town.database_url)
    monkeypatch.setenv("BROBOT_ERASURES", str(tmp_path / "erasures"))
    return tmp_path / "erasures"


def test_the_command_line_says_first_and_does_it_when_told_so(town, console, capsys):
    maria = known(town, MARIA)
    assert main(["erase", maria.email]) == 1
    assert maria.name in capsys.readouterr().out
    assert known(town, MARIA)
    assert main(["erase", maria.email, "--yes"]) == 0
    assert town.desk.homes.find(maria.id) is None
    assert maria.name not in capsys.readouterr().out
    assert maria.id not in console.read_text()
    assert len(console.read_text().splitlines()) == 1


def test_what_the_admins_were_told_of_a_contact_names_them_no_longer(town):
    def told() -> int:
        """Messages of other tests stay in the chat."""
        said = "Maria Exempel är nu kontakt för Kumla."
        return sum(said in each.words for each in town.person(AMIR).dm)

    town.settle()
    before = told()
    erases(town, MARIA)
    town.settle()
    assert told() == before - 1


def test_what_could_not_be_delivered_to_somebody_names_them_no_longer(town):
    def told() -> int:
        return sum("Johan Exempel gick inte att" in each.words for each in town.person(AMIR).dm)

    town.settle()
    before = told()
    town.person(JOHAN).types("hej")
    town.slack.faults.next("chat.postMessage", Fault.refused("invalid_blocks"))
    town.settle()
    assert told() == before + 1
    erases(town, JOHAN)
    town.settle()
    assert told() == before


@pytest.mark.parametrize("lost", ["nothing", "the journal", "the database"])
def test_whoever_was_erased_does_not_return_with_a_backup(town, console, tmp_path, capsys, lost):
    """As long as either the database in place or the journal is there to tell."""
    maria, johan = known(town, MARIA), known(town, JOHAN)
    assert main(["backup", str(tmp_path / "copy")]) == 0
    assert main(["erase", maria.email, "--yes"]) == 0
    stop(town)
    lose(town, console, lost)
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert "brought them back: 1" in capsys.readouterr().out
    left = text_of(town)
    assert [each for each in (maria.id, maria.name, maria.email) if each in left] == []
    assert known(town, JOHAN).name == johan.name
    assert TITLE in left
    entry = town.desk.setup.ledger.read(lambda books: books.audit.latest(Act.RESTORED))
    assert entry.details["erased_anew"] == 1
    # and not with the same backup once more
    stop(town)
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert maria.id not in text_of(town)


def stop(town: Town) -> None:
    """Nobody may have the database open while it is replaced."""
    town.desk.setup.ledger._engines.dispose()


def lose(town: Town, journal: Path, lost: str) -> None:
    if lost == "the journal":
        journal.unlink()
    if lost == "the database":
        for end in ("", "-wal", "-shm"):
            Path(f"{file_of(town)}{end}").unlink(missing_ok=True)


def test_whoever_came_back_after_the_erasure_is_not_erased_by_a_restore(town, console, tmp_path):
    maria = known(town, MARIA)
    assert isinstance(erases(town, MARIA), Show)
    town.clock.set(town.clock() + timedelta(days=1))
    commands_of(town).meet(Profile(maria.id, maria.name, maria.email))
    assert main(["backup", str(tmp_path / "copy")]) == 0
    stop(town)
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert town.desk.homes.find(maria.id) is not None


def test_a_journal_that_cannot_be_written_does_not_stop_an_erasure(town, tmp_path, caplog):
    setup = replace(town.desk.setup, journal=Journal(tmp_path))  # a folder, and no file
    maria = known(town, MARIA)
    Erasing(setup, town.desk.asking).erase(maria.id)
    assert town.desk.homes.find(maria.id) is None
    assert "journal of erasures could not be written" in caplog.text


def test_the_journal_is_beside_an_sqlite_file_and_nowhere_by_itself_for_postgresql():
    assert settings_of(DATABASE_URL="sqlite:///data/b.db").erasures_file == Path(
        "data/b.db.erasures"
    )
    assert settings_of(DATABASE_URL="postgresql://x/y").erasures_file is None
    given = settings_of(DATABASE_URL="postgresql://x/y", BROBOT_ERASURES="/srv/j")
    assert given.erasures_file == Path("/srv/j")


def settings_of(**given: str):
    return settings_from(given, connected=False)
