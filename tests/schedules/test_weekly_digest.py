"""The weekly digest in the channel: when it comes, how often, and what it says."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from bot.calendar import Week
from playground.town import CHANNEL, JOHAN, MARIA, Town
from schedules.weekly_digest import digest_if_due
from tests.talk import sv

MONDAY = datetime(2026, 6, 15, 6, 0, tzinfo=UTC)
"""Monday 15 June 2026 at 08:00 in Stockholm."""


def digests(town: Town):
    """What stands in the channel for everybody, the thread left out."""
    seen = town.person(MARIA).sees(CHANNEL)
    return [m for m in seen if not m.ephemeral and m.thread in ("", None, m.ts)]


def settle_at(town: Town, moment: datetime) -> None:
    town.clock.set(moment)
    town.settle()


def report(town: Town, line: str, who=MARIA, theme: str = "service") -> None:
    person = town.person(who)
    person.types(line)
    person.fills(theme=theme)
    person.submits()
    town.settle()


@pytest.fixture
def running(town: Town) -> Town:
    """An installation that has been up since Friday."""
    town.settle()
    return town


def test_it_comes_on_monday_at_eight_and_not_before(running):
    settle_at(running, MONDAY - timedelta(seconds=1))
    assert digests(running) == []
    settle_at(running, MONDAY)
    (digest,) = digests(running)
    assert "24" in digest.text


def test_it_comes_when_nobody_has_reported(running):
    settle_at(running, MONDAY)
    assert len(digests(running)) == 1


def test_it_comes_once_however_often_it_is_looked_for(running):
    for minutes in range(4):
        settle_at(running, MONDAY + timedelta(minutes=minutes))
    assert len(digests(running)) == 1


def test_several_workers_post_one(running):
    running.clock.set(MONDAY)
    workers = [Thread(target=digest_if_due, args=(running.desk,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    running.deliver()
    assert len(digests(running)) == 1


def test_a_fresh_installation_does_not_begin_with_last_weeks_digest(town):
    settle_at(town, MONDAY + timedelta(days=2))
    assert digests(town) == []


def test_after_downtime_one_comes_and_says_what_was_skipped(running):
    settle_at(running, MONDAY)
    settle_at(running, MONDAY + timedelta(weeks=3, hours=5))
    assert len(digests(running)) == 2
    latest = digests(running)[-1]
    assert "27" in latest.text
    for week in ("25", "26"):
        assert sv("week {number} {year}", number=week, year=2026) in latest.words


def test_the_first_digest_names_the_weeks_that_were_skipped_since_the_installation(running):
    settle_at(running, MONDAY + timedelta(weeks=2))
    (digest,) = digests(running)
    for week in ("24", "25"):
        assert sv("week {number} {year}", number=week, year=2026) in digest.words
    assert sv("week {number} {year}", number="23", year=2026) not in digest.words


def test_a_monday_that_is_a_holiday_moves_to_the_next_working_day(town):
    town.clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    town.settle()
    settle_at(town, datetime(2026, 4, 6, 12, tzinfo=UTC))  # Easter Monday
    assert digests(town) == []
    settle_at(town, datetime(2026, 4, 7, 6, tzinfo=UTC))
    assert len(digests(town)) == 1


def test_it_has_a_picture_whose_numbers_stand_in_its_alt_text(running):
    report(running, "/workshop Frukost 2 juni Kumla, Laxå")
    settle_at(running, MONDAY)
    (digest,) = digests(running)
    (image,) = [block for block in digest.blocks if block["type"] == "image"]
    assert f"S4 {sv('{value} of {target}', value=1, target=4)}" in image["alt_text"]


def test_it_says_what_came_in_and_how_the_value_changed(running):
    settle_at(running, MONDAY)
    report(running, "/workshop Frukost 15 juni Kumla, Laxå")
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert "Frukost" in latest.words
    assert f"{sv('{value} of {target}', value=1, target=4)} (+1)" in latest.words


def test_a_late_report_that_changes_a_published_number_is_named(running):
    settle_at(running, MONDAY)
    report(running, "/workshop Sena frukosten 5 juni Kumla, Laxå")
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert sv("Changed since the last digest") in latest.words
    assert sv("told late: {title}", title="Sena frukosten") in latest.words


def test_a_withdrawn_report_is_named_with_the_reason(running):
    report(running, "/workshop Frukost 2 juni Kumla, Laxå")
    settle_at(running, MONDAY)
    maria = running.person(MARIA)
    maria.presses(sv("Undo"))
    maria.fills(why="Den blev inställd")
    maria.submits()
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert sv("withdrawn: {title}", title="Frukost") in latest.words
    assert "Den blev inställd" in latest.words


def test_a_correction_alone_is_no_news(running):
    report(running, "/workshop Frukost 2 juni Kumla, Laxå")
    settle_at(running, MONDAY)
    maria = running.person(MARIA)
    maria.presses(sv("Change"))
    maria.fills(notes="Ett tillägg")
    maria.submits()
    settle_at(running, MONDAY + timedelta(weeks=1))
    assert "Frukost" not in digests(running)[-1].words


def corrects(town: Town, who=MARIA, **answers: str) -> None:
    person = town.person(who)
    person.presses(sv("Change"))
    person.fills(**answers)
    person.submits()
    town.settle()


def test_what_was_told_and_corrected_in_the_same_week_is_news_as_it_is_now(running):
    settle_at(running, MONDAY)
    report(running, "/workshop Frukost 15 juni Kumla, Laxå 12 deltagare")
    corrects(running, title="Export", participants="21")
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert "(+1)" in latest.words
    assert sv("No new reports.") not in latest.words
    assert "Export, 15 juni" in latest.words
    assert "Frukost" not in latest.words


def test_what_was_told_late_and_corrected_at_once_is_called_late_and_not_corrected(running):
    settle_at(running, MONDAY)
    report(running, "/workshop Frukost 5 juni Kumla, Laxå")
    corrects(running, participants="21")
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert sv("told late: {title}", title="Frukost") in latest.words
    assert sv("corrected: {title}", title="Frukost") not in latest.words


def test_of_what_came_late_and_what_was_corrected_only_that_is_blamed_which_did_it(running):
    report(running, "/workshop Exportdag 2 juni Kumla, Laxå 12 deltagare")
    settle_at(running, MONDAY)
    corrects(running, participants="21")
    report(running, "/workshop Frukost 5 juni Kumla, Nora")
    settle_at(running, MONDAY + timedelta(weeks=1))
    latest = digests(running)[-1]
    assert sv("told late: {title}", title="Frukost") in latest.words
    assert "Exportdag" not in latest.words


def test_a_report_told_after_the_year_corrects_what_was_published_of_it(town):
    town.clock.set(datetime(2026, 12, 21, 9, tzinfo=UTC))
    town.settle()
    for monday in ((2026, 12, 28), (2027, 1, 4), (2027, 1, 11)):
        settle_at(town, datetime(*monday, 7, 1, tzinfo=UTC))
    ended = sv("How it ended, {day}", day="31 december 2026")
    assert [ended in each.words for each in digests(town)] == [False, True, False]
    report(town, "/workshop Sent november 20 november Kumla, Laxå")
    settle_at(town, datetime(2027, 1, 18, 7, 1, tzinfo=UTC))
    latest = digests(town)[-1]
    zero, one = (sv("{value} of {target}", value=n, target=4) for n in (0, 1))
    assert sv("as of {day}: {then} is now {now}", day="31 december 2026", then=zero, now=one) in (
        latest.words
    )


def test_a_published_digest_can_be_seen_again_as_it_stood(running):
    report(running, "/workshop Frukost 2 juni Kumla, Laxå")
    settle_at(running, MONDAY)
    published = digests(running)[-1]
    report(running, "/workshop Senare 3 juni Kumla, Nora", JOHAN)
    maria = running.person(MARIA)
    maria.types("/okr vecka 2026-v24", CHANNEL)
    again = maria.sees(CHANNEL)[-1]
    assert again.ephemeral
    picture = [block["alt_text"] for block in published.blocks if block["type"] == "image"]
    assert again.words == published.words.replace(picture[0] + "\n", "")
    assert "Senare" not in again.words


def test_the_thread_has_the_detail(running):
    report(running, "/workshop Frukost 2 juni Kumla, Laxå")
    settle_at(running, MONDAY)
    (digest,) = digests(running)
    replies = [m for m in running.person(MARIA).sees(CHANNEL) if m.thread == digest.ts]
    assert any("S4" in reply.words for reply in replies if reply.ts != digest.ts)


def test_who_is_silent_is_named_by_municipality_only(running):
    report(running, "/workshop Frukost 2 mars Kumla, Nora")
    settle_at(running, MONDAY)
    (digest,) = digests(running)
    assert "Laxå" in digest.words
    assert "Exempel" not in digest.words
    assert "<@" not in str(digest.blocks)


def test_each_week_of_a_year_has_one_digest_across_both_changes_of_the_clock(town):
    week = Week(2026, 52)
    town.clock.set(town.desk.okr.moment(Week(2025, 51)) - timedelta(hours=1))
    digest_if_due(town.desk)
    moment, sent = town.clock(), 0
    while moment < town.desk.okr.moment(week) + timedelta(hours=7):
        town.clock.set(moment)
        sent += digest_if_due(town.desk)
        moment += timedelta(hours=7)
    rows = town.desk.setup.ledger.read(lambda books: books.occasions.of_alarm("digest"))
    assert sent == len(rows) == 54
    assert all(row.skipped == () for row in rows)
