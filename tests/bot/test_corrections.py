"""What was published and is no longer true, and the reports that are named for it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.corrections import changes, corrections
from bot.standing import standing
from tests.bot.examples import BRO, report

KUMLA, NORA, LAXA = "1881", "1884", "1860"
SERVICE = {"form": "workshop", "theme": "service"}
DAY = date(2026, 3, 31)
FIRST = report(1, date(2026, 2, 10), KUMLA, NORA, **SERVICE)
LATE = report(2, date(2026, 3, 10), KUMLA, LAXA, **SERVICE)


def test_changes_name_what_stands_otherwise_and_nothing_else():
    found = changes(standing(BRO, [FIRST], DAY), standing(BRO, [FIRST, LATE], DAY))
    assert [(c.key_result.id, c.before.value, c.now.value) for c in found] == [("S4", 1, 2)]
    assert changes(standing(BRO, [FIRST], DAY), standing(BRO, [FIRST], DAY)) == ()


MOVED = replace(
    FIRST, id=3, answers={"form": "workshop", "theme": "investment"}, supersedes=1, origin=1
)
WIDENED = replace(FIRST, id=4, case="case-5", members=(LAXA,))
ALONE = report(5, date(2026, 2, 10), KUMLA, **SERVICE)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([FIRST], [FIRST, LATE], [("S4", 1, 2, (2,))]),
        ([FIRST, LATE], [LATE], [("S4", 2, 1, (1,))]),
        ([FIRST], [MOVED], [("S4", 1, 0, (3,)), ("I2", 0, 1, (3,))]),
        ([ALONE], [ALONE, WIDENED], [("S4", 0, 1, (4,))]),
        ([FIRST], [FIRST, report(9, date(2026, 4, 1), KUMLA, NORA, **SERVICE)], []),
        ([FIRST], [FIRST], []),
    ],
    ids=["told late", "withdrawn", "corrected", "joined", "happened afterwards", "nothing"],
)
def test_a_correction_says_what_was_published_what_is_true_and_which_reports_did_it(
    then, now, expected
):
    said, true = (standing(BRO, known, DAY) for known in (then, now))
    found = corrections(BRO, said, true, then, now)
    assert [(c.key_result.id, c.then.value, c.now.value, c.by) for c in found] == expected


OPEN = {"form": "workshop", "theme": "service", "participants": 12}
EXPORT = report(20, date(2026, 2, 3), KUMLA, LAXA, **OPEN)
MORE_CAME = replace(EXPORT, id=21, supersedes=20, origin=20, answers={**OPEN, "participants": 21})
EXPORT_AGAIN = replace(EXPORT, id=22, case=EXPORT.case, members=(NORA,))


def named_for(then, now) -> list[tuple[int, ...]]:
    said, true = (standing(BRO, known, DAY) for known in (then, now))
    return [each.by for each in corrections(BRO, said, true, then, now)]


@pytest.mark.parametrize("idle", [MORE_CAME, EXPORT_AGAIN], ids=["corrected", "told by another"])
def test_what_changes_nothing_is_not_named_beside_what_does(idle):
    now = [each for each in (EXPORT, FIRST, idle) if each.id != idle.supersedes]
    assert named_for([EXPORT, FIRST], [*now, LATE]) == [(LATE.id,)]


def test_of_several_who_told_late_of_the_same_all_are_named():
    another = replace(LATE, id=23, case=LATE.case, members=(KUMLA, NORA))
    assert named_for([FIRST], [FIRST, LATE, another, EXPORT]) == [(2, 20, 23)]


def test_where_no_number_changed_but_how_it_is_judged_all_are_named():
    """With its day put right it no longer is the one that has just been heard of."""
    day = date(2026, 12, 1)
    recent = replace(FIRST, day=date(2026, 11, 1))
    long_ago = replace(FIRST, id=24, supersedes=1, origin=1)
    said, true = (standing(BRO, [known], day) for known in (recent, long_ago))
    found = corrections(BRO, said, true, [recent], [long_ago])
    assert [each.by for each in found if each.then.value == each.now.value] == [(24,)]


def test_what_was_corrected_twice_is_named_once_as_it_is_now():
    twice = replace(MOVED, id=25, supersedes=3, members=(KUMLA,))
    assert named_for([FIRST], [twice]) == [(25,), (25,)]


def figures(id_: int, day: date, case: str, visits: int, conversions: int):
    told = {"visits": visits, "conversions": conversions, "channel": "web"}
    return report(id_, day, kind="kampanj_resultat", case=case, **told)


def test_of_a_rate_the_figures_of_either_period_are_named_and_no_others():
    before = figures(1, date(2025, 3, 1), "a", 5000, 200)
    now = figures(2, date(2026, 3, 1), "a", 6000, 300)
    late = replace(figures(3, date(2025, 4, 1), "b", 1000, 50), part="late")
    same = replace(now, id=4, supersedes=2, origin=2, answers={**now.answers, "leads": 3})
    assert named_for([before, now], [before, same, late]) == [(3,)]
