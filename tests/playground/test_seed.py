"""The example half-year that the demo and the story begin with."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.calendar import Week, local_day
from bot.clock import MovableClock
from bot.duties import NOTHING, owed
from bot.ledger.recorded import Ended, Recorded
from bot.measures import cases
from bot.people import Role, home_by_email
from bot.standing import standing
from playground.seed import TODAY, seed
from playground.telling import MARK, TITLES, ZONE
from playground.town import AMIR, CAST, CONTACTS, JOHAN, KARIN, MARIA, SARA, Town


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path_factory.mktemp('seed')}/brobot.db"
    with Town(url, MovableClock(lambda: TODAY)) as town:
        seed(town)
        yield town


@pytest.fixture(scope="module")
def known(seeded: Town) -> tuple[Recorded, ...]:
    return seeded.desk.setup.ledger.read(lambda books: books.reports.known_at(TODAY))


def everything(town: Town) -> list[Recorded]:
    rows = [town.desk.setup.ledger.read(lambda b, n=n: b.reports.get(n)) for n in range(1, 50)]
    return [row for row in rows if row is not None]


def test_every_municipality_has_somebody_in_the_cast(seeded):
    plan = seeded.desk.setup.plan
    at_home = {home_by_email(each.email, plan.email_domains) for each in CAST}
    assert at_home >= set(plan.member_codes)


def test_all_but_three_contacts_are_known_with_their_municipality_and_role(seeded):
    people = {each.name: each for each in seeded.desk.setup.ledger.read(lambda b: b.people.all())}
    assert len(people) == len(CONTACTS) + 2
    assert all(person.confirmed for person in people.values())
    assert people["Karin Exempel"].has(Role.LEADERSHIP)
    for new in (MARIA, JOHAN, SARA):
        assert f"{new.name.capitalize()} Exempel" not in people


def test_the_standing_is_one_of_four_workshops_and_three_of_six_trainings(seeded, known):
    found = standing(seeded.desk.setup.plan, known, TODAY.date())
    values = {each.key_result.id: each.value for each in found}
    assert (values["S4"], values["I2"]) == (1, 3)


def test_the_first_quarter_is_answered_by_all_but_three(seeded, known):
    plan = seeded.desk.setup.plan
    names = {each.code: each.name for each in plan.members}
    late = [each for each in owed(plan, known, TODAY.date()) if each.overdue]
    assert [names[each.member] for each in late] == ["Laxå", "Hallsberg", "Nora"]
    assert NOTHING in {report.kind for report in known}


def test_everything_that_people_read_is_marked_as_an_example(seeded):
    named = [row.answers.get(field) for row in everything(seeded) for field in TITLES]
    titles = [title for title in named if title]
    reminders = seeded.desk.setup.ledger.read(lambda books: books.reminders.current())
    said = [*titles, *(each.answers["say"] for each in reminders)]
    assert len(said) > 8
    assert all(MARK in each for each in said)
    assert all(each.email.endswith(("se",)) and "exempel" in each.email for each in CAST)


def test_there_is_a_correction_a_withdrawal_a_joined_event_and_a_late_report(seeded, known):
    rows = everything(seeded)
    endings = [row.ending.how for row in rows if row.ending]
    assert sorted(endings) == [Ended.SUPERSEDED, Ended.WITHDRAWN]
    shared = [case for case in cases(known) if len(case.reports) > 1]
    assert [len({report.home for report in case.reports}) for case in shared] == [2]
    delays = [(row.recorded_at.date() - row.day).days for row in known]
    assert max(delays) > 30


def test_nothing_is_recorded_before_it_happened_or_all_at_once(seeded):
    rows = [row for row in everything(seeded) if row.kind != NOTHING]
    told_on = [local_day(row.recorded_at, ZONE) for row in rows]
    assert all(row.day <= told for row, told in zip(rows, told_on, strict=True))
    assert (min(told_on), max(told_on)) == (date(2026, 1, 13), date(2026, 6, 1))


def test_the_channel_has_four_digests_with_pictures_and_a_quiet_friday(seeded):
    shown = seeded.person(KARIN).sees("bro")
    digests = [each for each in shown if each.thread == each.ts]
    assert len(digests) == 4
    for number, digest in enumerate(digests, start=20):
        assert f"{number} 2026" in digest.words.splitlines()[0]
        assert "image" in {block["type"] for block in digest.blocks}
    seeded.settle()
    assert seeded.person(KARIN).sees("bro") == shown
    assert seeded.desk.okr.latest_week() == Week(2026, 23)


def test_the_weekly_reminder_has_come_to_those_who_owe(seeded):
    reminded = {
        each.name
        for each in CAST
        if any("Rapportera gärna" in seen.text for seen in seeded.person(each).dm)
    }
    assert {"lars", "nils", "anders"} <= reminded
    assert reminded.isdisjoint({"maria", "johan", "sara", "lotta", AMIR.name, KARIN.name})
