"""How the plan stands: worked examples, and rules that always hold."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Period
from bot.language import language
from bot.ledger.recorded import Recorded
from bot.pace import Forecast, expected_share, forecast_of, needed_per_month
from bot.plan.model import KeyResult, Plan, Stages, Step
from bot.say.figures import value_of_target
from bot.standing import (
    Standing,
    Status,
    period_for,
    standing,
    standing_of,
    standings,
)
from tests.bot.examples import BRO, plan_called, report, reports_in

GOLDEN = Path(__file__).with_name("standing_golden.md")
KUMLA, NORA, LAXA = "1881", "1884", "1860"
SERVICE = {"form": "workshop", "theme": "service"}
_ORDER = (Status.BEHIND, Status.AT_RISK, Status.ON_PLAN, Status.MET)


def rows(header: str) -> list[list[str]]:
    """The rows of the golden page's table whose header begins so."""
    _, _, below = GOLDEN.read_text(encoding="utf-8").partition(header)
    lines = below.split("\n")[2:]
    table = lines[: lines.index("")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


EVERY = {(plan, key): every for plan, key, every in rows("| plan | key result | every")}
EXAMPLES = rows("| plan | key result | reports")
CLOCK = rows("| cases | day | acknowledged")


def row_called(plan: Plan, id_: str) -> KeyResult:
    return next(row for row in plan.rows if row.id == id_)


def said_in(text: str, plan: Plan, row: KeyResult, every: str) -> list[Recorded]:
    """The reports of an example. A stage is a step in its case, and each channel another part."""
    reports = reports_in(text, plan, row.fed_by[0], every)
    parts = [replace(each, part=str(each.answers.get("channel", ""))) for each in reports]
    if not isinstance(row.measure, Stages):
        return parts
    step = row.fed_by[-1]
    return [replace(each, kind=step) if "stage" in each.answers else each for each in parts]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row[1]} {row[3]} {row[-2]}")
def test_a_standing_is_what_the_golden_page_works_out_by_hand(row: list[str]):
    name, key, said, day, *shown, _arithmetic = row
    plan = plan_called(name)
    key_result = row_called(plan, key)
    reports = said_in(said, plan, key_result, EVERY.get((name, key), ""))
    found = standing_of(plan, key_result, reports, date.fromisoformat(day))
    assert written(found) == shown


def written(found: Standing) -> list[str]:
    forecast = found.forecast and [found.forecast.low, found.forecast.mid, found.forecast.high]
    share = None if found.share is None else found.share * 100
    return [
        _number(found.value, 2) + (" (few)" if found.measured.thin else ""),
        "–" if share is None else f"{_number(share, 1)} %",
        "–" if found.expected is None else f"{found.expected:.2f}",
        "–" if not forecast else " / ".join(map(str, forecast)),
        "–" if found.needed_per_month is None else f"{found.needed_per_month:.2f}",
        str(found.status),
    ]


def _number(value: int | Decimal | None, decimals: int) -> str:
    """Without the zeros that say nothing."""
    if value is None:
        return "–"
    rounded = f"{value:.{decimals}f}"
    return rounded.rstrip("0").rstrip(".")


def test_the_golden_page_shows_every_status_of_every_way_to_measure_worth_showing():
    shown = {(row_called(plan_called(row[0]), row[1]).measure.measure, row[-2]) for row in EXAMPLES}
    assert {status for _, status in shown} == set(Status)
    assert len({measure for measure, _ in shown}) == 7


# --- Beside the key results

I4 = BRO.key_result("I4")
WORDS = ("inquiries acknowledged in time", "inquiries answered in time")


@pytest.mark.parametrize("row", CLOCK, ids=lambda row: f"{row[0]} on {row[1]}")
def test_how_the_clock_was_kept_is_what_the_golden_page_works_out_by_hand(row: list[str]):
    said, day, *shown, _arithmetic = row
    cases = reports_in(said, BRO, "etablering")
    reports = [each for number, case in enumerate(cases) for each in told_of(case, number * 100)]
    found = standing_of(BRO, I4, reports, date.fromisoformat(day))
    parts = {part.name: f"{part.have} of {part.of}" for part in found.beside}
    assert [parts.get(name, "–") for name in WORDS] == shown
    assert set(parts) <= set(WORDS)


def told_of(case: Recorded, number: int) -> list[Recorded]:
    """The opening of an example's case and its steps, each municipality's the same."""
    asked = {home: str(case.day) for home in case.members}
    due = case.answers.get("due")
    opening = replace(
        case, id=number, members=(), answers={"asked_since": asked, "answer_due": due}
    )
    kinds = {"acknowledged": "kvittens", "answered": "svar", "closed": "forlorad"}
    done = [(kinds[f], day) for f, day in case.answers.items() if f in kinds]
    steps = [
        replace(
            opening,
            id=number + n,
            kind=f"etablering_{kind}",
            day=date.fromisoformat(str(day)),
            home=home,
            answers={"verdict": "no"},
        )
        for n, (kind, day, home) in enumerate(((*each, home) for each in done for home in asked), 1)
    ]
    return [opening, *steps]


ASKED = reports_in("2026-03-10 Kumla answered=2026-03-11", BRO, "etablering")[0]


def test_how_the_clock_was_kept_decides_nothing():
    day = date(2026, 3, 31)
    with_it = standing_of(BRO, I4, told_of(ASKED, 1), day)
    assert replace(with_it, beside=()) == standing_of(BRO, I4, [], day)
    assert with_it.status is Status.SILENT


def test_only_the_key_result_that_asks_for_it_shows_the_clock():
    reports, day = told_of(ASKED, 1), date(2026, 3, 31)
    shown = [s.key_result.id for s in standing(BRO, reports, day) if s.beside]
    assert shown == ["I4"]
    assert not any(s.beside for s in standings(BRO, BRO.beside, reports, day))


def test_of_the_clock_too_what_happens_after_the_day_is_left_out():
    late = reports_in("2026-03-10 Kumla acknowledged=2026-03-12", BRO, "etablering")[0]
    for reports, day in [(told_of(ASKED, 1), 10), (told_of(late, 1), 11)]:
        before, then = (
            standing_of(BRO, I4, reports, date(2026, 3, each)).beside for each in (day, day + 1)
        )
        assert before == () != then


def test_rows_beside_the_key_results_are_never_among_them():
    reports, day = told_of(ASKED, 1), date(2026, 3, 31)
    assert [s.key_result.id for s in standings(BRO, BRO.beside, reports, day)] == ["SM1"]
    assert "SM1" not in [s.key_result.id for s in standing(BRO, reports, day)]


def test_rows_beside_the_key_results_leave_out_what_happens_after_the_day():
    opening = report(1, date(2026, 2, 10), kind="kampanj", case="a", programme="smart_move")
    stages = [
        report(n, date(2026, 3, n), kind="kampanj_steg", case="a", stage=stage)
        for n, stage in enumerate(("create", "run", "follow_up"), 2)
    ]
    shown = [
        standings(BRO, BRO.beside, [opening, *stages], date(2026, 3, day))[0].value
        for day in (3, 4)
    ]
    assert shown == [0, 1]


def test_money_is_said_as_money_and_a_change_in_per_cent():
    invested = report(
        1,
        date(2026, 3, 1),
        KUMLA,
        kind="etablering_landad",
        area="industry",
        investment_sek=4 * 10**7,
    )
    figures = [
        report(n, day, kind="kampanj_resultat", conversions=done, visits=visits)
        for n, (day, done, visits) in enumerate(
            [(date(2026, 3, 1), 300, 6000), (date(2025, 3, 1), 200, 5000)], 2
        )
    ]
    for row, swedish, english in [
        ("I1", "40\u00a0mkr", "SEK 40 million"),
        ("M2", "+25~% (mål +20~%)", "+25% (target +20%)"),
    ]:
        found = standing_of(BRO, BRO.key_result(row), [invested, *figures], date(2026, 6, 30))
        assert value_of_target(found, language("sv")) == swedish.replace("~", "\N{NO-BREAK SPACE}")
        assert value_of_target(found, language("en")) == english


# --- Rules that always hold

S4 = BRO.key_result("S4")
days = st.dates(date(2025, 6, 1), date(2028, 6, 30))
events = st.lists(
    st.builds(
        lambda day, members, case, form: (day, sorted(members), case, form),
        st.dates(date(2025, 12, 1), date(2028, 1, 31)),
        st.sets(st.sampled_from([KUMLA, NORA, LAXA]), min_size=1),
        st.sampled_from(["", "", "a", "b"]),
        st.sampled_from(["workshop", "exchange", "training"]),
    ),
    max_size=12,
)


def told(events_: list[tuple[date, list[str], str, str]]):
    return [
        report(id_, day, *members, case=case, form=form, theme="service")
        for id_, (day, members, case, form) in enumerate(events_, start=1)
    ]


@given(events, days, st.randoms(use_true_random=False))
def test_the_order_in_which_reports_are_handed_over_does_not_matter(events_, day, random):
    reports = told(events_)
    shuffled = random.sample(reports, len(reports))
    assert standing(BRO, shuffled, day) == standing(BRO, reports, day)


@given(events, days)
def test_silence_is_never_shown_as_anything_else(events_, day):
    for each in standing(BRO, told(events_), day):
        if each.measured.latest is None:
            assert each.status is Status.SILENT


@given(events, days)
def test_every_shown_number_keeps_to_its_bounds(events_, day):
    for each in standing(BRO, told(events_), day):
        assert each.period.contains(min(max(day, BRO.starts), BRO.ends)) or day < BRO.starts
        assert each.share is None or (each.share >= 1) == (each.value >= each.target)
        assert each.needed_per_month is None or each.needed_per_month >= 0
        if each.forecast:
            assert each.value <= each.forecast.low <= each.forecast.mid <= each.forecast.high


@given(st.integers(0, 7), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_one_more_event_never_makes_the_status_worse(held, day):
    several = [report(n, day, KUMLA, NORA, **SERVICE) for n in range(1, held + 3)]
    less, more = (standing_of(BRO, S4, several[:n], day).status for n in (held + 1, held + 2))
    assert _ORDER.index(more) >= _ORDER.index(less)


@given(events, st.dates(date(2026, 1, 1), date(2026, 12, 30)))
def test_a_count_never_falls_within_the_year(events_, day):
    reports = told(events_)
    today, tomorrow = (standing_of(BRO, S4, reports, d).value for d in (day, day + timedelta(1)))
    assert tomorrow >= today


def test_what_happens_after_the_day_is_left_out():
    later = report(1, date(2026, 3, 2), KUMLA, NORA, **SERVICE)
    assert standing_of(BRO, S4, [later], date(2026, 3, 1)).value == 0
    assert standing_of(BRO, S4, [later], date(2026, 3, 2)).value == 1


I3 = BRO.key_result("I3")


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 2, 28), date(2026, 3, 1), date(2027, 2, 28)),
        (date(2028, 2, 28), date(2027, 3, 1), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (date(2029, 2, 28), date(2028, 3, 1), date(2029, 2, 28)),
        (date(2030, 5, 1), date(2029, 1, 1), date(2029, 12, 31)),
    ],
)
def test_twelve_months_end_on_the_day_or_with_the_plan(day, start, end):
    longer = BRO.model_copy(update={"ends": date(2029, 12, 31)})
    assert period_for(longer, I3, day) == Period(start, end)


# --- Pace, forecast, what it takes

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
STEPS = (Step(by="01-31", share=0), Step(by="06-15", share="0.5"), Step(by="11-30", share=1))


@given(st.sampled_from([(), STEPS]), days)
def test_the_expected_share_only_grows_and_stays_between_nothing_and_all(steps, day):
    share = expected_share(steps, YEAR, day)
    assert 0 <= share <= 1
    assert share <= expected_share(steps, YEAR, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("steps", "day", "share"),
    [
        ((), date(2025, 12, 31), Fraction(0)),
        ((), date(2026, 1, 1), Fraction(1, 365)),
        ((), date(2026, 3, 14), Fraction(1, 5)),
        ((), date(2026, 12, 31), Fraction(1)),
        (STEPS, date(2026, 1, 31), Fraction(0)),
        (STEPS, date(2026, 6, 15), Fraction(1, 2)),
        (STEPS, date(2026, 11, 30), Fraction(1)),
        (STEPS, date(2026, 12, 15), Fraction(1)),
        ((Step(by="01-01", share=1),), date(2026, 1, 1), Fraction(1)),
    ],
)
def test_the_pace_asks_for_this_share_by_this_day(steps, day, share):
    assert expected_share(steps, YEAR, day) == share


def test_a_forecast_counts_on_what_has_been_going_on_as_before():
    """Half the pace is behind: rest = 8, and 1.2816 × √(8 / 0.5) = 5.1264."""
    found = forecast_of(8, Fraction(1, 2), YEAR, date(2026, 7, 2))
    assert found == Forecast(Decimal("10.9"), Decimal("16.0"), Decimal("21.1"))


def test_no_month_is_needed_when_nothing_is_missing_and_none_helps_when_no_day_is_left():
    assert needed_per_month(Fraction(0), YEAR, YEAR.end) == 0
    assert needed_per_month(Fraction(1), YEAR, YEAR.end) is None
    assert (
        needed_per_month(Fraction(12), YEAR, date(2025, 7, 1))
        == Decimal(12) * Decimal("30.4375") / 365
    )
