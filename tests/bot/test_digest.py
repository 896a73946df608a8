"""What a digest compares: only what can have changed is looked at, and nothing is missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Week
from bot.corrections import Correction, corrections
from bot.digest import ByReports, Published, digest_facts
from bot.duties import silent_members
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.measures import cases
from bot.plan.model import ROLLING
from bot.standing import (
    kinds_for,
    period_for,
    standing,
    standing_of,
    standings,
)
from tests.bot.examples import BRO, report

HOMES = ("1881", "1884", "1860")
SAID = {
    "workshop": [
        {"form": form, "theme": theme}
        for form in ("workshop", "exchange", "training")
        for theme in ("service", "investment")
    ],
    "etablering_landad": [
        {"area": area, "investment_sek": amount}
        for area in ("logistics", "food")
        for amount in (5_000_000, 40_000_000)
    ],
    "kampanj": [{"programme": "smart_move"}, {"programme": "own"}],
    "kampanj_steg": [{"stage": stage} for stage in ("create", "run", "follow_up")],
    "kampanj_resultat": [
        {"visits": visits, "conversions": conversions}
        for visits in (1_000, 5_000)
        for conversions in (50, 150)
    ],
    "etablering": [{"asked_since": {home: "2026-02-02"}} for home in HOMES],
    "etablering_svar": [{"verdict": "yes"}],
    "arena": [{"scope": "national", "goal": "x", "follow_up": "y"}],
}
DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 20))
AS_OF = datetime(2026, 3, 16, 7, tzinfo=UTC)
BEFORE = AS_OF - timedelta(weeks=1)
THIS, LAST = Published(Week(2026, 11), AS_OF), Published(Week(2026, 10), BEFORE)


@st.composite
def a_report(draw: st.DrawFn) -> Recorded:
    """Told of by any of three in one of four cases, before either digest or between the two."""
    kind = draw(st.sampled_from(sorted(SAID)))
    told = draw(st.sampled_from([BEFORE - timedelta(5), BEFORE, AS_OF - timedelta(1)]))
    members = draw(st.lists(st.sampled_from(HOMES), min_size=1, unique=True))
    answers = draw(st.sampled_from(SAID[kind]))
    case = f"case {draw(st.integers(1, 4))}"
    made = report(0, draw(DAYS), *members, kind=kind, case=case, **answers)
    return replace(made, recorded_at=told, ending=draw(st.none() | st.builds(withdrawn, ENDS)))


ENDS = st.sampled_from([BEFORE, AS_OF - timedelta(hours=2), AS_OF + timedelta(1)])


def withdrawn(at: datetime) -> Ending:
    return Ending(Ended.WITHDRAWN, at, "U1", "")


@st.composite
def ledgers(draw: st.DrawFn) -> list[Recorded]:
    """In the order of telling; some correct what went before them in their case."""
    told = sorted(draw(st.lists(a_report(), max_size=14)), key=lambda each: each.recorded_at)
    found: list[Recorded] = []
    for id_, each in enumerate(told, start=1):
        live = [o for o in found if o.thing == each.thing and o.ending is None]
        found.append(replace(each, id=id_))
        if live and draw(st.booleans()):
            old = live[-1]
            ended = Ending(Ended.SUPERSEDED, each.recorded_at, "U1", "")
            found[old.id - 1] = replace(old, ending=ended)
            found[-1] = replace(found[-1], supersedes=old.id, origin=old.place)
    return found


def live_at(told: list[Recorded], moment: datetime) -> tuple[Recorded, ...]:
    return tuple(each for each in told if each.live_at(moment))


def all_that_changed(
    then: tuple[Recorded, ...], now: tuple[Recorded, ...], day: date
) -> tuple[Correction, ...]:
    """Every key result held against itself, at the end of every period that anything moved in."""
    moved = [r for r in (*then, *now) if (r in then) != (r in now)]
    ends = {
        period_for(BRO, row, each.day).end
        for each in moved
        for row in BRO.key_results
        if each.kind in row.fed_by and row.period != ROLLING
    }
    found = []
    for end in (*sorted(end for end in ends if end < day), day):
        said, true = (standing(BRO, known, end) for known in (then, now))
        changed = corrections(BRO, said, true, then, now)
        found += [each for each in changed if end in (day, each.now.period.end)]
    return tuple(found)


@given(told=ledgers())
def test_a_digest_finds_every_correction_though_it_only_looks_where_something_moved(told):
    then, now = live_at(told, BEFORE), live_at(told, AS_OF)
    facts = digest_facts(BRO, THIS, ByReports(BRO, now), (LAST, ByReports(BRO, then)))
    assert facts.corrections == all_that_changed(then, now, LAST.day)
    assert facts.standings == standing(BRO, now, THIS.day)
    assert facts.beside == standings(BRO, BRO.beside, now, THIS.day)


@given(told=ledgers())
def test_news_are_the_cases_that_something_was_first_told_of_whatever_was_corrected_since(told):
    now = live_at(told, AS_OF)
    facts = digest_facts(
        BRO, THIS, ByReports(BRO, now), (LAST, ByReports(BRO, live_at(told, BEFORE)))
    )
    first_told = {r.id: r.recorded_at for r in told}
    new = {r.id for r in now if first_told[r.place] > BEFORE}
    assert facts.news == tuple(case for case in cases(now) if new & {*case.ids})


@given(told=ledgers(), day=DAYS)
def test_only_the_kinds_that_a_row_names_make_a_difference_to_it(told, day):
    now = live_at(told, AS_OF)
    for row in BRO.rows:
        named = [each for each in now if each.kind in kinds_for((row,))]
        assert standing_of(BRO, row, named, day) == standing_of(BRO, row, now, day)


@given(told=ledgers(), secret=st.sets(st.sampled_from(["case 1", "case 2"])))
def test_what_was_told_in_secret_makes_nobody_heard(told, secret):
    day = date(2026, 4, 10)
    heard = silent_members(BRO, told, day, lambda each: each.case in secret)
    assert heard == silent_members(BRO, [r for r in told if r.case not in secret], day)
