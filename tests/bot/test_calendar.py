from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import (
    Period,
    Span,
    Week,
    at_wall_time,
    digest_moment,
    is_working_day,
    last_working_day_of_month,
    latest_digest_week,
    local_day,
    next_working_day,
    period_of,
    previous_working_day,
    working_day_after,
    working_days_between,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EIGHT = time(8)
DAY = timedelta(days=1)

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
moments = st.datetimes(
    datetime.fromisoformat("2024-01-01"),
    datetime.fromisoformat("2035-12-31"),
    timezones=st.just(UTC),
)
zones = st.sampled_from(
    # Clocks change by one hour, by two, by half, at midnight, and never.
    ["Europe/Stockholm", "Antarctica/Troll", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
).map(ZoneInfo)


def on(text: str) -> date:
    return date.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- Working days

# Public holidays and the three eves that fall on Monday to Friday.
WEEKDAYS_OFF = {
    2026: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    2027: "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
    2028: "01-06 04-14 04-17 05-01 05-25 06-06 06-23 12-25 12-26",
}


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_exactly_the_swedish_holidays_and_weekends_are_off(year):
    every_day = [date(year, 1, 1) + n * DAY for n in range(365)]
    off = [f"{day:%m-%d}" for day in every_day if day.weekday() < 5 and not is_working_day(day)]

    assert off == WEEKDAYS_OFF[year].split()
    assert not any(is_working_day(day) for day in every_day if day.weekday() >= 5)


@pytest.mark.parametrize(
    "half_day_or_bridge", ["2026-01-05", "2026-04-02", "2026-04-30", "2026-05-15", "2026-10-30"]
)
def test_half_days_and_bridge_days_are_working_days(half_day_or_bridge):
    assert is_working_day(on(half_day_or_bridge))


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        ("2026-03-12", "2026-03-12", "2026-03-12"),
        ("2026-04-03", "2026-04-02", "2026-04-07"),
        ("2026-06-20", "2026-06-18", "2026-06-22"),
        ("2026-12-25", "2026-12-23", "2026-12-28"),
        ("2027-01-01", "2026-12-30", "2027-01-04"),
        ("2028-12-24", "2028-12-22", "2028-12-27"),
    ],
)
def test_a_day_off_moves_to_the_nearest_working_day_before_or_after(day, previous, following):
    assert previous_working_day(on(day)) == on(previous)
    assert next_working_day(on(day)) == on(following)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-03-12", 1, "2026-03-13"),
        ("2026-03-14", 1, "2026-03-16"),
        ("2026-04-01", 2, "2026-04-07"),
        ("2026-12-23", 3, "2026-12-30"),
        ("2026-12-23", 4, "2027-01-04"),
    ],
)
def test_working_days_after_a_day_skip_the_days_off(day, n, expected):
    assert working_day_after(on(day), n) == on(expected)


@pytest.mark.parametrize("n", [0, -1])
def test_working_days_after_a_day_are_counted_from_one(n):
    with pytest.raises(ValueError, match="counted from 1"):
        working_day_after(on("2026-03-12"), n)


@given(days, st.integers(1, 40))
def test_counting_working_days_undoes_adding_them(day, n):
    later = working_day_after(day, n)

    assert is_working_day(later)
    assert working_days_between(day, later) == n
    assert working_days_between(later, day) == -n
    assert working_days_between(day, day) == 0


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2026, 1, "2026-01-30"),
        (2026, 2, "2026-02-27"),
        (2026, 12, "2026-12-30"),
        (2028, 2, "2028-02-29"),
    ],
)
def test_the_last_working_day_of_a_month(year, month, expected):
    assert last_working_day_of_month(year, month) == on(expected)


# --- Wall-clock time


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        ("2026-03-12", "08:00", "2026-03-12T07:00"),
        ("2026-07-01", "08:00", "2026-07-01T06:00"),
        # 29 March: 02:00-03:00 does not exist.
        ("2026-03-29", "01:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29", "02:00", "2026-03-29T01:00"),
        ("2026-03-29", "02:30", "2026-03-29T01:00"),
        ("2026-03-29", "02:59:59.999999", "2026-03-29T01:00"),
        ("2026-03-29", "03:00", "2026-03-29T01:00"),
        # 25 October: 02:00-03:00 occurs twice.
        ("2026-10-25", "01:59", "2026-10-24T23:59"),
        ("2026-10-25", "02:30", "2026-10-25T00:30"),
        ("2026-10-25", "03:00", "2026-10-25T02:00"),
    ],
)
def test_wall_time_in_stockholm(day, at, expected):
    moment = at_wall_time(on(day), time.fromisoformat(at), STOCKHOLM)

    assert moment == utc(expected)
    assert moment.tzinfo is UTC
    assert at_wall_time(on(day), time.fromisoformat(at).replace(fold=1), STOCKHOLM) == moment


@given(days, st.times(), zones)
def test_a_wall_time_is_the_first_instant_when_the_clocks_have_reached_it(day, at, zone):
    assert_first_instant(day, at, zone)


# The days on which the clocks change are too few to be met by chance.
@given(st.integers(2024, 2035), st.sampled_from([3, 4, 10]), st.integers(0, 30), st.times(), zones)
def test_that_holds_around_the_changes_of_summer_time(year, month, ahead, at, zone):
    day = date(year, month, 1) + ahead * DAY
    assert_first_instant(day, at.replace(hour=at.hour % 4), zone)


def assert_first_instant(day: date, at: time, zone: ZoneInfo) -> None:
    moment, asked = at_wall_time(day, at, zone), datetime.combine(day, at)

    def shown(seconds_earlier: float) -> datetime:
        earlier = moment - timedelta(seconds=seconds_earlier)
        return earlier.astimezone(zone).replace(tzinfo=None)

    assert shown(0) >= asked
    assert all(shown(seconds) < asked for seconds in (0.000001, 60, 1800, 3600, 7200, 10800))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-11T22:59", "2026-03-11"),
        ("2026-03-11T23:00", "2026-03-12"),
        ("2026-06-30T22:00", "2026-07-01"),
    ],
)
def test_the_day_is_the_zones_own(moment, expected):
    assert local_day(utc(moment), STOCKHOLM) == on(expected)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="no time zone"):
        local_day(datetime.fromisoformat("2026-03-12"), STOCKHOLM)


# --- Weeks


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-03-12", "2026-v11"),
        ("2026-01-01", "2026-v01"),
        ("2026-12-31", "2026-v53"),
        ("2027-01-01", "2026-v53"),
        ("2027-01-04", "2027-v01"),
        ("2025-12-29", "2026-v01"),
    ],
)
def test_a_day_lies_in_its_iso_week(day, week):
    assert str(Week.of(on(day))) == week


@pytest.mark.parametrize(
    "text", ["2026-v11", "2026-V11", " 2026-v11 ", "v11", "V11", "v.11", "v. 11", "11"]
)
def test_a_week_is_read_as_people_write_it(text):
    assert Week.parse(text, default_year=2026) == Week(2026, 11)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v",
        "v0",
        "v54",
        "2026-v54",
        "2025-v53",
        "2026-11",
        "26-v11",
        "v-1",
        ".11",
        "v1e",
        "v١١",
        "111",
    ],
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words differ by version
        Week.parse(text, default_year=2026)


def test_a_bare_number_needs_a_year():
    assert Week.parse("2026-v11") == Week(2026, 11)
    with pytest.raises(ValueError, match="is not a week"):
        Week.parse("v11")


@given(days)
def test_a_week_runs_from_monday_to_sunday_and_meets_its_neighbours(day):
    week = Week.of(day)

    assert week.monday <= day <= week.sunday == week.monday + 6 * DAY
    assert (week.monday.weekday(), Week.of(week.monday)) == (0, week)
    assert week.previous() < week < week.next()
    assert week.next().monday == week.sunday + DAY
    assert week.next().previous() == week.previous().next() == Week.parse(str(week)) == week


# --- Digest


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ("2026-v10", "2026-03-09T07:00"),
        ("2026-v13", "2026-03-30T06:00"),
        ("2026-v14", "2026-04-07T06:00"),
        ("2026-v43", "2026-10-26T07:00"),
        ("2026-v53", "2027-01-04T07:00"),
        ("2028-v51", "2028-12-27T07:00"),
    ],
)
def test_the_digest_goes_out_on_the_first_working_day_after_the_week(week, expected):
    assert digest_moment(Week.parse(week), EIGHT, STOCKHOLM) == utc(expected)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-04-06T12:00", "2026-v13"),
        ("2026-04-07T05:59:59", "2026-v13"),
        ("2026-04-07T06:00", "2026-v14"),
        ("2026-04-12T21:59", "2026-v14"),
        ("2027-01-04T07:00", "2026-v53"),
    ],
)
def test_the_latest_digest_changes_at_the_digest_moment(now, week):
    assert latest_digest_week(utc(now), EIGHT, STOCKHOLM) == Week.parse(week)


@given(moments, st.times(), zones)
def test_the_latest_digest_has_come_and_the_next_has_not(now, at, zone):
    week = latest_digest_week(now, at, zone)

    assert digest_moment(week, at, zone) <= now < digest_moment(week.next(), at, zone)


# --- Periods


@pytest.mark.parametrize(
    ("span", "day", "key", "start", "end"),
    [
        ("year", "2026-03-12", "2026", "2026-01-01", "2026-12-31"),
        ("half_year", "2026-06-30", "2026-h1", "2026-01-01", "2026-06-30"),
        ("half_year", "2026-07-01", "2026-h2", "2026-07-01", "2026-12-31"),
        ("quarter", "2026-03-12", "2026-q1", "2026-01-01", "2026-03-31"),
        ("quarter", "2026-12-31", "2026-q4", "2026-10-01", "2026-12-31"),
        ("month", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29"),
        ("week", "2026-03-12", "2026-v11", "2026-03-09", "2026-03-15"),
        ("week", "2027-01-01", "2026-v53", "2026-12-28", "2027-01-03"),
    ],
)
def test_a_day_lies_in_one_period_of_each_span(span, day, key, start, end):
    period = period_of(Span(span), on(day))

    assert period == Period(on(start), on(end)) == Period.parse(key) == Period.parse(key.upper())
    assert (period.key, period.span) == (key, Span(span))


@pytest.mark.parametrize(
    ("key", "length"),
    [("2026", 365), ("2028", 366), ("2026-h1", 181), ("2028-02", 29), ("2026-v53", 7)],
)
def test_a_period_counts_both_its_ends(key, length):
    assert Period.parse(key).days == length


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end"):
        Period(on("2026-03-12"), on("2026-03-11"))


@given(days, st.sampled_from([span for span in Span if span is not Span.PLAN]))
def test_periods_of_one_span_cover_every_day_once(day, span):
    period = period_of(span, day)

    assert period.contains(day)
    assert period.contains(period.start)
    assert period.contains(period.end)
    assert not period.contains(period.start - DAY)
    assert not period.contains(period.end + DAY)
    assert period.next().start == period.end + DAY
    assert period.next().previous() == period.previous().next() == period
    assert period.previous() < period < period.next()
    assert period.next().span == span


@given(days, st.integers(0, 2000))
def test_every_period_is_found_by_its_key(start, more):
    period = Period(start, start + more * DAY)

    assert Period.parse(period.key) == period
    assert period.next().previous() == period


def test_a_plans_period_is_its_own():
    plan = Period(on("2024-04-01"), on("2027-12-31"))

    assert period_of(Span.PLAN, on("2026-03-12"), plan) is plan
    assert (plan.key, plan.span) == ("2024-04-01--2027-12-31", Span.PLAN)
    assert plan.next() == Period(on("2028-01-01"), on("2031-10-01"))


@pytest.mark.parametrize("plan", [None, Period(on("2024-01-01"), on("2025-12-31"))])
def test_a_day_outside_any_known_plan_has_no_period_in_it(plan):
    with pytest.raises(ValueError, match="no plan's period"):
        period_of(Span.PLAN, on("2026-03-12"), plan)


@pytest.mark.parametrize(
    "key",
    [
        *("", "26", "2026-", "2026-3", "2026-13", "2026-00", "2026-03-12", " 2026", "２０２６"),
        *("2026-h0", "2026-h3", "2026-q5", "2026-q01", "2026-v54", "2026-v9", "2026-w11"),
        *("2026-03-12--", "2026-03-12--2026-03-11", "2026-01-01--2026-12-31"),
    ],
)
def test_what_is_no_key_is_refused(key):
    with pytest.raises(ValueError):  # noqa: PT011 - some refusals are the calendar's own words
        Period.parse(key)
