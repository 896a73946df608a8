"""Tallies in the database: by several workers at once, cut off, forsaken, thrown away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendar import Week
from bot.composer import Composer
from bot.desk import tallying
from bot.desk.desk import Desk
from bot.desk.okr import DIGEST
from bot.desk.tallying import EVERY, SETTLED
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.notices import Receipt
from bot.pages import Page
from bot.people import Person
from tests.bot.examples import BRO
from tests.bot.histories import KUMLA, NORA, PAUSES, PLAN, Corrected, Told, Withdrawn, days, steps
from tests.bot.ledger.cast import JUNE, MARIA, at_once
from tests.bot.tallied import Office

DAY = date(2026, 6, 11)
DONE = OccasionState.DONE
A_WHILE = SETTLED + EVERY
SET_BACK = st.sampled_from([-5, -15, -60, -600]).map(lambda n: timedelta(minutes=n))
EACH_FUNCTION = [HealthCheck.function_scoped_fixture]  # each example begins by emptying it


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    found = Office(url)
    yield found
    found.ledger.close()


def workshop(case: str, *members: str, theme: str = "service") -> Told:
    answers = {"form": "workshop", "theme": theme}
    return Told("workshop", "", case, DAY, KUMLA, members or (KUMLA, NORA), answers)


def counted(office: Office, row: str = "S4", asked=None):
    return next(s.value for s in office.stands(DAY, asked) if s.key_result.id == row)


@settings(max_examples=10, deadline=None, suppress_health_check=EACH_FUNCTION)
@given(st.lists(st.tuples(steps(), PAUSES | SET_BACK, st.booleans()), max_size=25), days)
def test_on_either_database_the_standing_is_that_of_the_reports(office, history, asked):
    office.empties()
    for step, pause, looks in history:
        office.tells(step)
        office.passes(pause)
        if looks:
            office.worker.bring_forward()
    assert office.agrees(asked)


@settings(max_examples=15, deadline=None, suppress_health_check=EACH_FUNCTION)
@given(st.lists(st.tuples(steps(), PAUSES | SET_BACK), max_size=25), st.data())
def test_on_either_database_the_digest_is_that_of_the_reports(office, history, data):
    office.empties()
    moments = [office.clock()]
    for step, pause in history:
        office.tells(step)
        if pause:
            office.passes(pause)
            office.worker.bring_forward()
            moments.append(office.clock())
    then, now = sorted(data.draw(st.tuples(*[st.sampled_from(moments)] * 2)))
    assert office.digests_agree(then, now, Week.of(data.draw(days)))


WEEK = Week(2026, 24)
"""It ends after JUNE."""


def in_full(case: str) -> Told:
    told = {"title": f"Dag {case}", "held_on": str(DAY), "form": "workshop", "theme": "service"}
    return replace(workshop(case), answers={**told, "members": [KUMLA, NORA]})


def digest(desk: Desk, week: Week) -> OccasionRow:
    """That it has gone out."""
    return OccasionRow(DIGEST, str(week), "slack:C1", DIGEST, desk.okr.moment(week), DONE)


def test_a_digest_and_a_receipt_read_the_same_by_tallies_as_by_reports(office, monkeypatch):
    desk = Desk(office.setup(BRO))
    office.passes(-timedelta(days=10))
    office.tells(*(in_full(f"{n}") for n in range(40)))
    office.passes(timedelta(days=10))
    office.tells(in_full("new"), Corrected(0, DAY, (KUMLA,)), in_full("other"), Withdrawn(3))
    office.ledger.write(lambda books: books.occasions.claim(digest(desk, WEEK.previous())))
    office.ledger.write(lambda books: desk.setup.tell(books, MARIA.id, "key", Receipt(report=41)))
    office.clock.set(desk.okr.moment(WEEK) + timedelta(hours=1))

    def pages() -> list[Page | None]:
        receipt = office.ledger.read(lambda books: books.outbox.get("key"))
        return [desk.okr.published(WEEK), Composer(desk).page(receipt)]

    by_reports = pages()
    desk.tallying.bring_forward()
    monkeypatch.delattr("bot.ledger.reports.Reports.known_at")
    assert pages() == by_reports
    assert None not in by_reports


def test_what_is_settled_is_not_read_again(office, monkeypatch):
    office.tells(*(workshop(f"{n}") for n in range(5)))
    office.passes(A_WHILE)
    office.worker.bring_forward()
    office.tells(workshop("new"), Withdrawn(0))
    read = []
    monkeypatch.setattr("bot.ledger.tallies.recorded_from", read.append)
    monkeypatch.setattr("bot.ledger.reports.Reports.known_at", lambda *_, **__: read.append(1))
    assert counted(office) == 5
    assert read == []


def test_what_was_told_a_moment_ago_counts_and_what_was_corrected_no_longer_does(office):
    office.tells(workshop("a"), workshop("b"))
    office.passes(A_WHILE)
    office.worker.bring_forward()
    office.tells(workshop("c"), workshop("d"), Corrected(0, DAY, (KUMLA,)))
    assert counted(office) == 3
    office.passes(A_WHILE)
    office.worker.bring_forward()
    assert counted(office) == 3
    assert office.agrees(DAY)


def test_of_two_workers_each_part_is_counted_once(office, monkeypatch):
    monkeypatch.setattr(tallying, "_AT_A_TIME", 3)
    office.tells(*(workshop(f"{n:02}") for n in range(20)))
    office.passes(SETTLED)
    workers = [office.another(), office.another()]
    while office.tallied() is None or office.tallied().counted_to is not None:
        at_once([worker.bring_forward for worker in workers])
    assert counted(office) == 20
    office.tells(*(workshop(f"more {n}") for n in range(5)))
    office.passes(A_WHILE)
    at_once([worker.bring_forward for worker in workers])
    assert office.tallied().known_at == office.clock() - SETTLED
    assert office.agrees(DAY)


def test_half_a_count_is_never_shown_and_another_worker_goes_on_from_there(office, monkeypatch):
    monkeypatch.setattr(tallying, "_AT_A_TIME", 2)
    office.tells(*(workshop(f"{n}") for n in range(5)))
    office.passes(SETTLED)

    def dies() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.worker.bring_forward(dies)
    half = office.tallied()
    assert half.counted_to == "1"
    assert counted(office) == 5
    office.another().bring_forward()
    assert office.tallied().known_at == half.known_at
    assert counted(office) == 5


def test_after_a_change_of_plan_reports_are_read_until_they_are_counted_anew(office):
    office.tells(workshop("a"), workshop("b", theme="investment"))
    office.passes(SETTLED)
    office.worker.bring_forward()
    rows = tuple(
        row.model_copy(update={"measure": row.measure.model_copy(update={"where": {}})})
        if row.id == "S4"
        else row
        for row in PLAN.key_results
    )
    changed = PLAN.model_copy(update={"key_results": rows})
    assert office.tallied(changed) is None
    assert counted(office) == 1
    office.another(changed).bring_forward()
    assert office.tallied(changed).counted_to is None
    assert counted(office) == 1  # whoever has the former plan still asks by it


def test_what_nobody_brings_forward_any_longer_is_not_relied_on_and_goes(office):
    office.tells(workshop("a"))
    office.passes(SETTLED)
    changed = PLAN.model_copy(update={"key_results": PLAN.key_results[:-1]})
    office.another(changed).bring_forward()
    office.passes(timedelta(days=2))
    office.worker.bring_forward()
    assert office.tallied(changed) is None
    assert counted(office) == 1


def test_a_clock_that_is_set_back_has_all_counted_anew(office):
    office.tells(workshop("a"))
    office.passes(SETTLED)
    office.worker.bring_forward()
    office.passes(-timedelta(hours=1))
    office.tells(workshop("b"))
    office.worker.bring_forward()
    assert office.tallied().known_at == office.clock() - SETTLED
    office.passes(timedelta(hours=2))
    office.worker.bring_forward()
    assert counted(office) == 2
    assert office.agrees(DAY)


LATE = [workshop("late"), Withdrawn(0), Corrected(0, DAY, (KUMLA,))]


@pytest.mark.parametrize("late", LATE)
def test_what_was_told_while_the_clock_was_wrong_counts_though_no_worker_saw_it(office, late):
    office.tells(workshop("a"), workshop("b"))
    office.passes(timedelta(hours=3))
    office.worker.bring_forward()
    office.passes(-timedelta(hours=1))
    office.tells(late)
    office.passes(timedelta(hours=1))
    assert office.agrees(DAY)
    office.worker.bring_forward()
    assert office.agrees(DAY)


@pytest.mark.parametrize("late", LATE)
def test_what_one_whose_clock_is_behind_tells_between_a_workers_look_and_its_word_counts(
    office, late, monkeypatch
):
    office.tells(workshop("a"), workshop("b"))
    office.passes(A_WHILE)
    office.worker.bring_forward()
    office.passes(A_WHILE)
    write, behind = office.ledger.write, SETTLED + timedelta(minutes=1)

    def write_after_another(work):
        monkeypatch.setattr(office.ledger, "write", write)
        office.passes(-behind)
        office.tells(late)
        office.passes(behind)
        return write(work)

    monkeypatch.setattr(office.ledger, "write", write_after_another)
    office.worker.bring_forward()
    assert office.agrees(DAY)
    office.worker.bring_forward()
    assert office.tallied().known_at == office.clock() - SETTLED
    assert office.agrees(DAY)


def test_a_process_whose_clock_is_behind_reads_the_reports(office):
    office.tells(workshop("a"))
    office.passes(SETTLED)
    office.worker.bring_forward()
    office.passes(-SETTLED / 2)
    assert counted(office) == 1
    assert office.agrees(DAY)


def test_if_very_many_cases_were_touched_all_are_counted_anew(office, monkeypatch):
    monkeypatch.setattr(tallying, "_MANY", 3)
    office.tells(workshop("a"))
    office.passes(SETTLED)
    office.worker.bring_forward()
    parts_counted: list[str] = []
    for several, parts in ((3, 0), (4, 1)):
        office.tells(*(workshop(f"{several} {n}") for n in range(several)))
        office.passes(A_WHILE)
        office.worker.bring_forward(lambda: parts_counted.append("part"))
        assert len(parts_counted) == parts
        assert office.tallied().counted_to is None
        assert office.tallied().known_at == office.clock() - SETTLED
    assert counted(office) == 8


def test_disposal_throws_the_tallies_away(office):
    office.tells(workshop("a"), workshop("b"))
    office.passes(SETTLED)
    office.worker.bring_forward()

    def disposes(books) -> None:
        books.disposal.case("a", books.reports.of_case("a"))

    office.ledger.write(disposes)
    assert office.tallied() is None
    assert counted(office) == 1
    office.worker.bring_forward()
    assert counted(office) == 1


def test_erasure_throws_the_tallies_away(office):
    """Nobody's name counts, but a plan may ask whether a field is filled that held it."""
    office.tells(workshop("a"))
    office.passes(SETTLED)
    office.worker.bring_forward()
    erased = Person(
        id="erased:word",
        name="Erased person",
        email="",
        home=None,
        wanted_home=None,
        roles=frozenset(),
        language="sv",
        met_at=datetime(2026, 6, 12, tzinfo=UTC),
    )
    office.ledger.write(lambda books: books.erasures.erase(MARIA.id, erased))
    assert office.tallied() is None
    assert counted(office) == 1


def test_a_row_with_a_figure_that_cannot_be_kept_is_read(office):
    for case, amount in (("a", 10**12), ("b", "0.333"), ("c", 5)):
        landed = {"area": "industry", "investment_sek": amount}
        office.tells(Told("etablering_landad", "", case, DAY, KUMLA, (KUMLA,), landed))
    office.passes(SETTLED)
    office.worker.bring_forward()
    assert office.agrees(DAY, JUNE.date())
