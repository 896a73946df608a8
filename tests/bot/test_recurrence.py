from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Week, at_wall_time, is_working_day, local_day
from bot.recurrence import (
    Kind,
    Occasion,
    Rule,
    next_occasions,
    occasions,
    occasions_by,
    postponed,
    working_moment,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EIGHT = time(8)
REPEATING = [
    Kind.WEEKLY,
    Kind.FORTNIGHTLY,
    Kind.MONTHLY_DAY,
    Kind.MONTHLY_LAST_WORKING_DAY,
    Kind.QUARTERLY,
]

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.datetimes(
    datetime.fromisoformat("2023-06-01"),
    datetime.fromisoformat("2029-06-01"),
    timezones=st.just(UTC),
)
# Hours around the changes of summer time are no rarer than the rest of the day.
times = st.times() | st.builds(time, st.integers(1, 3), st.integers(0, 59))
rules = st.builds(
    Rule,
    st.sampled_from(Kind),
    days | st.sampled_from([date(2024, 2, 29), date(2026, 1, 31), date(2026, 3, 31)]),
    times,
    st.booleans(),
    days_before=st.integers(0, 60),
    until=st.none() | st.dates(date(2023, 1, 1), date(2032, 12, 31)),
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(
    kind: Kind, start: str, *, at: time = EIGHT, working_days_only: bool = False, **more
) -> Rule:
    return Rule(kind, on(start), at, working_days_only, **more)


def latest(of: Rule, moment: datetime, zone: ZoneInfo = STOCKHOLM) -> Occasion | None:
    """The newest that has come by then."""
    return next(occasions_by(of, moment, zone), None)


def first(count: int, of: Rule) -> list[tuple[str, str]]:
    return [(one.key, f"{one.day}") for one in islice(occasions(of, STOCKHOLM), count)]


@pytest.mark.parametrize(
    ("kind", "start", "expected"),
    [
        ("once", "2026-03-14", [("2026-03-14", "2026-03-14")]),
        (
            "weekly",
            "2026-12-18",
            [
                ("2026-v51", "2026-12-18"),
                ("2026-v52", "2026-12-25"),
                ("2026-v53", "2027-01-01"),
                ("2027-v01", "2027-01-08"),
            ],
        ),
        (
            "monthly_day",
            "2026-01-31",
            [("2026-01", "2026-01-31"), ("2026-02", "2026-02-28"), ("2026-03", "2026-03-31")],
        ),
        (
            "monthly_day",
            "2028-02-29",
            [("2028-02", "2028-02-29"), ("2028-03", "2028-03-29"), ("2028-04", "2028-04-29")],
        ),
        (
            "fortnightly",
            "2026-12-17",
            [("2026-v51", "2026-12-17"), ("2026-v53", "2026-12-31"), ("2027-v02", "2027-01-14")],
        ),
        (
            "monthly_last_working_day",
            "2026-05-29",
            [("2026-05", "2026-05-29"), ("2026-06", "2026-06-30"), ("2026-07", "2026-07-31")],
        ),
        (
            "monthly_last_working_day",
            "2026-01-31",
            [("2026-02", "2026-02-27"), ("2026-03", "2026-03-31"), ("2026-04", "2026-04-30")],
        ),
        (
            "quarterly",
            "2026-03-31",
            [
                ("2026-q1", "2026-03-31"),
                ("2026-q2", "2026-06-30"),
                ("2026-q3", "2026-09-30"),
                ("2026-q4", "2026-12-31"),
            ],
        ),
        (
            "quarterly",
            "2027-11-30",
            [("2027-q4", "2027-11-30"), ("2028-q1", "2028-02-29"), ("2028-q2", "2028-05-30")],
        ),
    ],
)
def test_each_kind_repeats_in_its_own_way(kind, start, expected):
    assert first(len(expected), rule(Kind(kind), start)) == expected


@pytest.mark.parametrize(
    ("kind", "start", "expected"),
    [
        ("once", "2026-06-19", ("2026-06-19", "2026-06-22")),
        ("weekly", "2026-04-03", ("2026-v14", "2026-04-07")),
        ("weekly", "2026-12-31", ("2026-v53", "2027-01-04")),
        ("monthly_day", "2026-10-31", ("2026-10", "2026-11-02")),
        ("quarterly", "2026-12-31", ("2026-q4", "2027-01-04")),
        ("before_date", "2026-04-05", ("2026-04-05", "2026-04-02")),
        ("monthly_day", "2026-03-12", ("2026-03", "2026-03-12")),
    ],
)
def test_a_day_off_moves_the_day_and_keeps_the_key(kind, start, expected):
    assert first(1, rule(Kind(kind), start, working_days_only=True)) == [expected]


@pytest.mark.parametrize(
    ("days_before", "working_days_only", "expected"),
    [
        (0, False, "2026-04-13"),
        (7, False, "2026-04-06"),
        (7, True, "2026-04-02"),
        (3, True, "2026-04-10"),
    ],
)
def test_a_warning_comes_days_before_its_date_and_once(days_before, working_days_only, expected):
    warning = rule(
        Kind.BEFORE_DATE, "2026-04-13", working_days_only=working_days_only, days_before=days_before
    )

    assert first(9, warning) == [("2026-04-13", expected)]


def test_until_counts_before_a_day_is_moved():
    weekly = rule(Kind.WEEKLY, "2026-12-24", working_days_only=True, until=on("2026-12-31"))

    assert first(9, weekly) == [("2026-v52", "2026-12-28"), ("2026-v53", "2027-01-04")]
    assert first(9, rule(Kind.WEEKLY, "2026-12-24", until=on("2026-12-30"))) == [
        ("2026-v52", "2026-12-24")
    ]
    assert first(9, rule(Kind.WEEKLY, "2026-12-24", until=on("2026-12-23"))) == []


@pytest.mark.parametrize(
    ("start", "at", "expected"),
    [
        ("2026-03-22", "02:30", ["2026-03-22T01:30", "2026-03-29T01:00", "2026-04-05T00:30"]),
        ("2026-10-18", "02:30", ["2026-10-18T00:30", "2026-10-25T00:30", "2026-11-01T01:30"]),
        ("2026-03-23", "00:00", ["2026-03-22T23:00", "2026-03-29T22:00", "2026-04-05T22:00"]),
    ],
)
def test_a_weekly_time_stays_on_the_wall_when_summer_time_changes(start, at, expected):
    weekly = rule(Kind.WEEKLY, start, at=time.fromisoformat(at))

    assert [one.moment for one in islice(occasions(weekly, STOCKHOLM), 3)] == [
        utc(text) for text in expected
    ]


@given(st.integers(1, 7), times, st.booleans())
def test_every_iso_week_has_exactly_one_weekly_occasion(weekday, at, working_days_only):
    start, end = date.fromisocalendar(2024, 1, weekday), Week(2035, 52)
    weekly = Rule(Kind.WEEKLY, start, at, working_days_only, until=end.sunday)
    keys = [one.key for one in occasions(weekly, STOCKHOLM)]

    week, expected = Week(2024, 1), []
    while week <= end:
        expected.append(str(week))
        week = week.next()
    assert keys == expected


@given(rules)
def test_occasions_come_in_order_each_with_its_own_key(of):
    some = list(islice(occasions(of, STOCKHOLM), 60))

    assert all(earlier.moment < later.moment for earlier, later in pairwise(some))
    assert len({one.key for one in some}) == len(some)
    assert all(one.moment == at_wall_time(one.day, of.at, STOCKHOLM) for one in some)


@given(rules)
def test_working_days_move_days_off_and_nothing_else(of):
    nominal, moved = (
        list(
            islice(
                occasions(
                    Rule(of.kind, of.start, of.at, only, of.days_before, of.until), STOCKHOLM
                ),
                60,
            )
        )
        for only in (False, True)
    )

    assert [one.key for one in nominal] == [one.key for one in moved]
    for asked, given_day in zip(
        (one.day for one in nominal), (one.day for one in moved), strict=True
    ):
        assert is_working_day(given_day)
        assert asked == given_day or not is_working_day(asked)
        assert asked >= given_day if of.kind is Kind.BEFORE_DATE else asked <= given_day


@given(rules, moments, st.integers(0, 5))
def test_looking_up_agrees_with_walking(of, moment, count):
    come, coming = None, []
    for one in occasions(of, STOCKHOLM):
        if one.moment <= moment:
            come = one
        elif len(coming) < count:
            coming.append(one)
        else:
            break

    assert latest(of, moment, STOCKHOLM) == come
    assert next_occasions(of, moment, count, STOCKHOLM) == coming


def test_an_occasion_moved_into_the_next_month_is_waited_for():
    # Saturday 31 October moves to Monday 2 November.
    monthly = rule(Kind.MONTHLY_DAY, "2026-03-31", working_days_only=True)
    sunday = utc("2026-11-01T12:00")

    come = latest(monthly, sunday, STOCKHOLM)
    assert come
    assert come.key == "2026-09"
    assert [one.key for one in next_occasions(monthly, sunday, 2, STOCKHOLM)] == [
        "2026-10",
        "2026-11",
    ]


@given(rules, st.integers(0, 30))
def test_an_occasion_has_come_at_its_very_moment(of, number):
    tick = timedelta(microseconds=1)
    for one in islice(occasions(of, STOCKHOLM), number, number + 1):
        assert latest(of, one.moment, STOCKHOLM) == one
        assert latest(of, one.moment - tick, STOCKHOLM) != one
        assert next_occasions(of, one.moment - tick, 1, STOCKHOLM) == [one]
        assert one not in next_occasions(of, one.moment, 2, STOCKHOLM)


def test_looking_up_late_in_a_rules_life_calls_on_few_days():
    class CountingZone(ZoneInfo):
        calls = 0

        def utcoffset(self, moment):
            CountingZone.calls += 1
            return super().utcoffset(moment)

    zone = CountingZone.no_cache("Europe/Stockholm")
    for kind in REPEATING:
        CountingZone.calls = 0
        late = rule(kind, "2000-01-03", working_days_only=True)
        assert latest(late, utc("2099-06-15T12:00"), zone)
        assert next_occasions(late, utc("2099-06-15T12:00"), 1, zone)
        assert 0 < CountingZone.calls < 50


@pytest.mark.parametrize(
    ("start", "days_before"),
    [("1999-12-31", 0), ("2200-01-01", 0), ("2026-03-12", -1), ("2026-03-12", 3661)],
)
def test_a_rule_that_could_not_be_computed_is_refused(start, days_before):
    with pytest.raises(ValueError, match="a reminder cannot"):
        rule(Kind.BEFORE_DATE, start, days_before=days_before)


# --- Opening hours and postponing


@pytest.mark.parametrize(
    ("moment", "working_days_only", "expected"),
    [
        ("2026-03-12T06:59", True, "2026-03-12T07:00"),
        ("2026-03-12T07:00", True, "2026-03-12T07:00"),
        ("2026-03-12T15:59", True, "2026-03-12T15:59"),
        ("2026-03-12T16:00", True, "2026-03-13T07:00"),
        ("2026-03-13T16:00", True, "2026-03-16T07:00"),
        ("2026-03-13T16:00", False, "2026-03-14T07:00"),
        ("2026-03-12T23:30", True, "2026-03-13T07:00"),
        ("2026-03-28T12:00", True, "2026-03-30T06:00"),
        # Summer time: 17:30 in Stockholm.
        ("2026-04-02T15:30", True, "2026-04-07T06:00"),
        ("2026-04-03T10:00", False, "2026-04-03T10:00"),
        ("2026-12-23T18:00", True, "2026-12-28T07:00"),
    ],
)
def test_a_moment_outside_opening_hours_waits_for_the_next_opening(
    moment, working_days_only, expected
):
    at = working_moment(utc(moment), STOCKHOLM, EIGHT, time(17), working_days_only)

    assert at == utc(expected)


@given(moments, st.lists(times, min_size=2, max_size=2, unique=True).map(sorted), st.booleans())
def test_a_working_moment_is_never_earlier_and_stays_where_it_is(moment, hours, working_days_only):
    def moved(one: datetime) -> datetime:
        return working_moment(one, STOCKHOLM, *hours, working_days_only)

    assert moved(moment) >= moment
    assert moved(moved(moment)) == moved(moment)
    assert moved(moment.astimezone(STOCKHOLM)).tzinfo is UTC
    assert is_working_day(local_day(moved(moment), STOCKHOLM)) or not working_days_only


def test_hours_that_fall_into_the_gap_wait_for_the_next_day():
    at = working_moment(utc("2026-03-28T22:00"), STOCKHOLM, time(2, 10), time(2, 50), False)

    assert at == utc("2026-03-30T00:10")


@pytest.mark.parametrize(("opens", "closes"), [(EIGHT, EIGHT), (time(22), time(6))])
def test_opening_hours_lie_within_one_day(opens, closes):
    with pytest.raises(ValueError, match="within one day"):
        working_moment(utc("2026-03-12T12:00"), STOCKHOLM, opens, closes, True)


@pytest.mark.parametrize(
    ("now", "tomorrow", "monday", "next_week"),
    [
        ("2026-03-12T10:00", "2026-03-13T07:00", "2026-03-16T07:00", "2026-03-19T07:00"),
        ("2026-03-13T10:00", "2026-03-16T07:00", "2026-03-16T07:00", "2026-03-20T07:00"),
        ("2026-03-16T10:00", "2026-03-17T07:00", "2026-03-23T07:00", "2026-03-23T07:00"),
        ("2026-03-15T10:00", "2026-03-16T07:00", "2026-03-16T07:00", "2026-03-23T07:00"),
        ("2026-03-27T10:00", "2026-03-30T06:00", "2026-03-30T06:00", "2026-04-07T06:00"),
        ("2026-04-02T10:00", "2026-04-07T06:00", "2026-04-07T06:00", "2026-04-09T06:00"),
        ("2026-12-23T23:30", "2026-12-28T07:00", "2026-12-28T07:00", "2027-01-04T07:00"),
    ],
)
def test_a_postponed_reminder_comes_back_on_a_working_day(now, tomorrow, monday, next_week):
    assert postponed("tomorrow", utc(now), EIGHT, STOCKHOLM) == utc(tomorrow)
    assert postponed("monday", utc(now), EIGHT, STOCKHOLM) == utc(monday)
    assert postponed("next_week", utc(now), EIGHT, STOCKHOLM) == utc(next_week)


@given(st.sampled_from(["tomorrow", "monday", "next_week"]), moments, times)
def test_a_postponed_reminder_is_later_and_on_a_working_day(choice, now, at):
    later = postponed(choice, now, at, STOCKHOLM)

    assert later > now
    assert is_working_day(local_day(later, STOCKHOLM))
