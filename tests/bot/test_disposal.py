"""What has outlived its rule: by which day, and never half of a case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.compose.desk import checked_plan
from bot.disposal import first_of_next_month, misplaced, outlived, years_after
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.plan.loader import PlanError
from bot.plan.retention import Retention
from bot.reports import kinds
from bot.settings import BRO_PLAN
from tests.bot.examples import BRO

JUNE = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
LATE = datetime(2028, 3, 1, 12, 0, tzinfo=UTC)


def report(id_: int, kind: str = "etablering", case: str = "a", at: datetime = JUNE) -> Recorded:
    return Recorded(id_, case, kind, JUNE.date(), (), {}, "slack:U1", "1881", at)


def rule(kind: str = "etablering", years: int = 10, after: str = "plan ends") -> Retention:
    return Retention.model_validate(
        {"kind": kind, "keep_years": years, "after": after, "basis": "Dnr 1"}
    )


def due(*reports: Recorded, by: date, rules: tuple[Retention, ...] = (rule(),)) -> list[str]:
    plan = BRO.model_copy(update={"retention": rules})
    return [each.case for each in outlived(plan, kinds(), reports, by)]


@pytest.mark.parametrize(
    ("after", "last", "day"),
    [
        ("plan ends", JUNE, date(2037, 12, 31)),
        ("plan ends", LATE, date(2038, 3, 1)),
        ("recorded", JUNE, date(2036, 6, 12)),
        ("recorded", LATE, date(2038, 3, 1)),
    ],
)
def test_a_case_goes_so_many_years_after_the_plan_or_after_the_last_that_was_said(after, last, day):
    told = (report(1), report(2, "etablering_steg", at=last))
    rules = (rule(after=after),)
    assert due(*told, by=day, rules=rules) == ["a"]
    assert due(*told, by=day - timedelta(days=1), rules=rules) == []


def test_an_open_case_never_goes_where_the_rule_counts_from_its_close():
    rules = (rule(after="case closes"),)
    assert due(report(1), by=date(2999, 1, 1), rules=rules) == []
    closed = report(2, "etablering_landad", at=LATE)
    assert due(report(1), closed, by=date(2038, 2, 28), rules=rules) == []
    assert due(report(1), closed, by=date(2038, 3, 1), rules=rules) == ["a"]


def test_a_close_that_was_withdrawn_is_none_and_a_case_that_was_withdrawn_whole_is_closed():
    rules = (rule(after="case closes"),)
    ending = Ending(Ended.WITHDRAWN, LATE, "slack:U1", "")
    undone = replace(report(2, "etablering_landad"), ending=ending)
    assert due(report(1), undone, by=date(2999, 1, 1), rules=rules) == []
    assert due(replace(report(1), ending=ending), undone, by=date(2038, 3, 1), rules=rules) == ["a"]


def test_the_rule_is_that_of_the_kind_that_opened_the_case_and_all_of_it_goes_together():
    told = (report(1), report(2, "etablering_steg"), report(3, "workshop", case="b"))
    plan = BRO.model_copy(update={"retention": (rule(),)})
    (gone,) = outlived(plan, kinds(), told, date(2999, 1, 1))
    assert [each.id for each in gone.reports] == [1, 2]


@pytest.mark.parametrize("kind", ["workshop", "of_another_release"])
def test_what_has_no_rule_is_kept_for_good(kind):
    assert due(report(1, kind), by=date(2999, 1, 1)) == []


def test_the_decided_plan_disposes_of_nothing_while_it_runs():
    told = [report(n, rule.kind, case=rule.kind) for n, rule in enumerate(BRO.retention, 1)]
    assert list(outlived(BRO, kinds(), told, BRO.ends)) == []
    assert "etablering" not in {rule.kind for rule in BRO.retention}


def test_leap_days_and_months():
    assert years_after(date(2028, 2, 29), 10) == date(2038, 2, 28)
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert first_of_next_month(date(2026, 1, 31)) == date(2026, 2, 1)


# --- Rules that cannot be meant

RULE = """
[[retention]]
kind = "{kind}"
keep_years = {years}
after = "{after}"
basis = "Dnr 1"
"""


@pytest.mark.parametrize(
    ("kind", "years", "after", "sentence"),
    [
        ("verksted", 10, "plan ends", "no report is called"),
        ("workshop", 10, "plan ends", "is there more than once"),
        ("etablering", 2, "recorded", "what the plan still counts would be disposed of"),
        ("etablering", 2, "case closes", "at least 3 years"),
        ("etablering_svar", 10, "recorded", 'is a step in a case: give the rule for "etablering"'),
        ("etablering", 0, "recorded", "must be more than 0"),
        ("etablering", 10, "someday", "retention"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_in_words(tmp_path, kind, years, after, sentence):
    file = tmp_path / "plan.toml"
    file.write_text(BRO_PLAN.read_text() + RULE.format(kind=kind, years=years, after=after))
    with pytest.raises(PlanError, match=sentence):
        checked_plan(file)


def test_the_shortest_rule_that_keeps_what_is_counted_is_taken(tmp_path):
    file = tmp_path / "plan.toml"
    file.write_text(
        BRO_PLAN.read_text() + RULE.format(kind="etablering", years=3, after="case closes")
    )
    assert checked_plan(file).retention[-1].keep_years == 3


def test_a_case_that_nothing_closes_cannot_be_kept_from_its_close():
    plan = BRO.model_copy(update={"retention": (rule("workshop", after="case closes"),)})
    (sentence,) = misplaced(plan, kinds())
    assert "nothing closes a case" in sentence
