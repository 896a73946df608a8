"""What is done once, however often and by however many it is tried: submissions and occasions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.reminders import ReminderState
from bot.ledger.store import Books, Ledger
from tests.bot.ledger.cast import JUNE, MARIA, after, at_once

MONDAY = OccasionRow(
    alarm="digest",
    period="2026-W24",
    recipient="slack:C1",
    subject="digest",
    due_at=JUNE,
    state=OccasionState.DONE,
    skipped=("2026-W22", "2026-W23"),
)
FRIDAY = date(2026, 6, 12)

Once = Callable[[Books], bool]


def handled(books: Books) -> bool:
    return books.handled.first("slack:view:V1", JUNE)


def claimed(books: Books) -> bool:
    return books.occasions.claim(MONDAY)


def nudged(books: Books) -> bool:
    return books.occasions.may_nudge("slack:U1", "workshop", FRIDAY)


def put(books: Books) -> bool:
    return books.outbox.put(
        key="digest:2026-W24", token="t", recipient="slack:C1", notice={}, at=JUNE
    )


EACH = pytest.mark.parametrize("once", [handled, claimed, nudged, put])


@EACH
def test_a_repeat_is_told_that_it_is_one(ledger: Ledger, once: Once):
    assert [ledger.write(once) for _ in range(3)] == [True, False, False]


@EACH
def test_of_many_that_race_exactly_one_is_the_first(ledger: Ledger, elsewhere: Ledger, once: Once):
    works = [partial(each.write, once) for each in (ledger, elsewhere) for _ in range(3)]
    assert sorted(at_once(works)) == [False] * 5 + [True]


@EACH
def test_what_was_rolled_back_has_not_been_done(ledger: Ledger, once: Once):
    def interrupted(books: Books) -> None:
        assert once(books)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        ledger.write(interrupted)
    assert ledger.write(once)


def test_a_submission_has_been_seen_once_it_was_taken(ledger: Ledger):
    def work(books: Books) -> list[bool]:
        return [books.handled.seen("slack:view:V1"), handled(books), books.handled.seen("V1")]

    assert ledger.write(work) == [False, True, False]
    assert ledger.read(lambda books: books.handled.seen("slack:view:V1"))


@pytest.mark.parametrize(
    "other", [{"alarm": "reminder:1"}, {"period": "2026-W25"}, {"recipient": "slack:U1"}]
)
def test_every_alarm_period_and_recipient_has_its_own_occasion(ledger: Ledger, other: dict):
    assert ledger.write(claimed)
    assert ledger.write(lambda books: books.occasions.claim(replace(MONDAY, **other)))


def test_a_claimed_occasion_comes_back_as_it_was_claimed(ledger: Ledger):
    later = replace(MONDAY, period="2026-W25", due_at=after(1), skipped=())
    ledger.write(lambda books: (books.occasions.claim(later), claimed(books)))
    found = ledger.read(lambda books: books.occasions.get("digest", "2026-W24", "slack:C1"))
    assert found == MONDAY
    assert ledger.read(lambda books: books.occasions.of_alarm("digest")) == (MONDAY, later)
    assert ledger.read(lambda books: books.occasions.get("digest", "2026-W24", "slack:U1")) is None


def test_a_postponed_occasion_is_taken_up_once_and_at_its_time(ledger: Ledger, elsewhere: Ledger):
    ledger.write(claimed)
    key = (MONDAY.alarm, MONDAY.period, MONDAY.recipient)
    assert ledger.write(lambda books: books.occasions.postpone(*key, after(60)))
    assert not ledger.write(lambda books: books.occasions.postpone("digest", "?", "?", after(60)))
    assert ledger.read(lambda books: books.occasions.postponed_until(after(59))) == ()
    [row] = ledger.read(lambda books: books.occasions.postponed_until(after(60)))

    def resume(books: Books) -> bool:
        return books.occasions.resume(row)

    taken = at_once([partial(each.write, resume) for each in (ledger, elsewhere)])
    assert sorted(taken) == [False, True]
    assert ledger.read(lambda books: books.occasions.postponed_until(after(60))) == ()


def test_who_postpones_again_is_not_resumed_at_the_first_time(ledger: Ledger):
    ledger.write(claimed)
    key = (MONDAY.alarm, MONDAY.period, MONDAY.recipient)
    ledger.write(lambda books: books.occasions.postpone(*key, after(60)))
    [row] = ledger.read(lambda books: books.occasions.postponed_until(after(60)))
    ledger.write(lambda books: books.occasions.postpone(*key, after(120)))
    assert not ledger.write(lambda books: books.occasions.resume(row))


@pytest.mark.parametrize(
    "other", [("slack:U2", "workshop", FRIDAY), ("slack:U1", "inquiry", FRIDAY)]
)
def test_another_person_or_subject_has_a_nudge_of_its_own(ledger: Ledger, other: tuple):
    assert ledger.write(nudged)
    assert ledger.write(lambda books: books.occasions.may_nudge(*other))
    assert ledger.write(
        lambda books: books.occasions.may_nudge("slack:U1", "workshop", date(2026, 6, 13))
    )


# --- Many at once

THREE = ("slack:U1", "slack:U2", "slack:Ö3")


def for_several(books: Books, recipients: Sequence[str]) -> frozenset[str]:
    return books.occasions.claim_for(MONDAY, recipients)


def nudging(books: Books, recipients: Sequence[str]) -> frozenset[str]:
    return books.occasions.may_be_nudged(recipients, "workshop", FRIDAY)


def putting(books: Books, recipients: Sequence[str]) -> frozenset[str]:
    several = [(each, f"token of {each}", each) for each in recipients]
    return books.outbox.put_all(several, {"say": "reminder_due"}, JUNE)


MANY = pytest.mark.parametrize("many", [for_several, nudging, putting])


@MANY
def test_of_many_at_once_those_that_are_new_are_told(ledger: Ledger, many: Callable):
    assert ledger.write(lambda books: many(books, ())) == frozenset()
    assert ledger.write(lambda books: many(books, THREE[1:2])) == {THREE[1]}
    assert ledger.write(lambda books: many(books, THREE)) == {THREE[0], THREE[2]}
    assert ledger.write(lambda books: many(books, THREE)) == frozenset()


@MANY
def test_of_two_that_race_for_many_each_is_had_by_one(
    ledger: Ledger, elsewhere: Ledger, many: Callable
):
    both = [f"slack:U{number}" for number in range(60)]
    shares = ((ledger, both[:40]), (elsewhere, both[:19:-1]))
    first, second = at_once(
        [partial(each.write, partial(many, recipients=share)) for each, share in shares]
    )
    assert first | second == {*both}
    assert not first & second


def test_one_of_many_is_claimed_and_put_just_as_one_alone(ledger: Ledger):
    def work(books: Books) -> None:
        books.occasions.claim(MONDAY)
        books.occasions.claim_for(MONDAY, ["slack:U1"])
        own = books.occasions.get("digest", "2026-W24", "slack:U1")
        assert own == replace(MONDAY, recipient="slack:U1")
        books.outbox.put(key="a", token="t", recipient="slack:U1", notice={"of": [1]}, at=JUNE)
        books.outbox.put_all([("b", "t", "slack:U1")], {"of": [1]}, JUNE)
        alone, of_many = (books.outbox.get(key) for key in "ab")
        assert replace(of_many, id=alone.id, key="a") == alone

    ledger.write(work)


# --- Reminders and the pulse


def test_a_reminder_owes_nothing_from_before_it_was_made_changed_or_resumed(ledger: Ledger):
    def work(books: Books) -> list[object]:
        books.people.meet(MARIA)
        made = books.reminders.add({"text": "Rapportera"}, MARIA.id, JUNE)
        states = [books.reminders.get(made)]
        books.reminders.change(made, {"text": "Rapportera nu"}, MARIA.id, after(1))
        states.append(books.reminders.get(made))
        for seconds, state in enumerate((ReminderState.PAUSED, ReminderState.ACTIVE), start=2):
            assert books.reminders.turn(made, state, MARIA.id, after(seconds))
            states.append(books.reminders.get(made))
        return [(each.answers["text"], each.state, each.active_since) for each in states]

    assert ledger.write(work) == [
        ("Rapportera", "active", JUNE),
        ("Rapportera nu", "active", after(1)),
        ("Rapportera nu", "paused", after(2)),
        ("Rapportera nu", "active", after(3)),
    ]


def test_an_ended_reminder_is_gone_for_good(ledger: Ledger):
    def work(books: Books) -> None:
        books.people.meet(MARIA)
        kept, ended = (books.reminders.add({}, MARIA.id, JUNE) for _ in range(2))
        assert books.reminders.turn(ended, ReminderState.ENDED, MARIA.id, after(1))
        assert not books.reminders.turn(ended, ReminderState.ACTIVE, MARIA.id, after(2))
        assert not books.reminders.change(ended, {"text": "!"}, MARIA.id, after(2))
        assert [each.id for each in books.reminders.current()] == [kept]
        assert books.reminders.get(ended).answers == {}
        assert books.reminders.get(999) is None

    ledger.write(work)


def test_the_pulse_tells_the_last_beat_and_the_first_asking(ledger: Ledger):
    def work(books: Books) -> None:
        assert books.pulse.last("worker") is None
        for seconds in (0, 5):
            books.pulse.beat("worker", after(seconds))
        books.pulse.beat("other", after(9))
        assert books.pulse.last("worker") == after(5)
        assert [books.pulse.first("born", after(n)) for n in (1, 2)] == [after(1), after(1)]

    ledger.write(work)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_reminder_that_one_has_taken_is_passed_over_by_others(ledger: Ledger, elsewhere: Ledger):
    def made(books: Books) -> list[int]:
        books.people.meet(MARIA)
        return [books.reminders.add({}, MARIA.id, JUNE) for _ in range(2)]

    def taken(books: Books) -> list[int]:
        return [each.id for each in books.reminders.take(both)]

    def taken_by_two(books: Books) -> list[list[int]]:
        books.reminders.take(both[:1])
        return [elsewhere.write(taken), taken(books)]

    both = ledger.write(made)
    assert ledger.write(taken_by_two) == [both[1:], both]
    assert elsewhere.write(taken) == both
