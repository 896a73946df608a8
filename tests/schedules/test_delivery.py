"""The outbox worker: each message once and in order, whatever the way out does."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import MovableClock
from bot.door import DeliveryError
from bot.ledger.engine import connect
from bot.ledger.store import Books, Ledger, LedgerBusyError
from schedules.delivery import LONGEST_ROUND, OWN_TRIES, SETTLING
from tests import databases
from tests.bot.ledger.cast import at_once
from tests.conftest import FRIDAY, Still
from tests.fakes import FakeDoor, Killed, Turn
from tests.schedules.conftest import CHANNEL, OTHER, PERSON, Office

UNSURE = DeliveryError("timeout", unsure=True)
BUSY = DeliveryError("ratelimited", wait=30)
DOWN = DeliveryError("down")
REFUSED = DeliveryError("is_archived", permanent=True)
SETTLED = SETTLING.total_seconds()


@pytest.fixture
def door(clock: MovableClock) -> FakeDoor:
    return FakeDoor(clock)


@pytest.fixture
def office(ledger: Ledger, clock: MovableClock, door: FakeDoor) -> Office:
    return Office(ledger, clock, door)


TROUBLES = {
    "nothing": Turn(),
    "it lands and nobody knows": Turn(UNSURE),
    "it lands late and nobody knows": Turn(UNSURE, late=SETTLED - 1),
    "it does not land and nobody knows": Turn(UNSURE, lands=False),
    "the platform asks to wait": Turn(BUSY, lands=False),
    "the platform is down": Turn(DOWN, lands=False),
    "the worker dies before": Turn(Killed(), lands=False),
    "the worker dies after": Turn(Killed()),
    "the worker dies after, and it is late": Turn(Killed(), late=SETTLED - 1),
    "the door itself breaks before": Turn(KeyError("ts"), lands=False),
    "the door itself breaks after": Turn(KeyError("ts")),
}
LOOKS = {
    "looking is limited": Turn(BUSY, lands=False),
    "looking is interrupted": Turn(UNSURE),
    "the worker dies looking": Turn(Killed()),
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("look", ["nothing", *LOOKS])
def test_each_message_is_said_once_and_in_order(
    office: Office, door: FakeDoor, trouble: str, look: str
):
    office.puts("första", "andra", "tredje")
    door.turns[CHANNEL] = deque([TROUBLES[trouble], TROUBLES[trouble]])
    door.looks[CHANNEL] = deque([LOOKS.get(look, Turn())])
    office.empties()
    assert door.words(CHANNEL) == ["första", "andra", "tredje"]
    assert {office.state(key) for key in ("första", "andra", "tredje")} == {"sent"}


RECIPIENTS = [CHANNEL, PERSON, OTHER]
TURNS = st.lists(st.sampled_from(sorted(TROUBLES)), max_size=6)
PLANS = st.fixed_dictionaries(dict.fromkeys(RECIPIENTS, TURNS))


@given(
    messages=st.lists(st.sampled_from(RECIPIENTS), min_size=1, max_size=8),
    plan=PLANS,
    looks=st.lists(st.sampled_from(sorted(LOOKS)), max_size=3),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mix_of_troubles_ends_with_each_message_said_once_in_order_and_at_its_pace(
    ledger: Ledger, messages: list[str], plan: dict[str, list[str]], looks: list[str]
):
    databases.empty(ledger._engines.writing)
    clock = MovableClock(Still(FRIDAY))
    door = FakeDoor(clock)
    office = Office(ledger, clock, door)
    for recipient in RECIPIENTS:
        door.turns[recipient] = deque(TROUBLES[name] for name in plan[recipient])
        door.looks[recipient] = deque(LOOKS[name] for name in looks)
    for number, recipient in enumerate(messages):
        office.puts(str(number), to=recipient)
    office.empties()
    for recipient in RECIPIENTS:
        mine = [str(number) for number, each in enumerate(messages) if each == recipient]
        assert door.words(recipient) == mine
        times = [at for what, to, at in door.calls if (what, to) == ("say", recipient)]
        pauses = [later - at for at, later in pairwise(times)]
        assert all(pause >= timedelta(seconds=1) for pause in pauses)


def test_whoever_has_a_long_line_keeps_nobody_waiting(office: Office, door: FakeDoor):
    """One message a second to each of them, not to those only whose line began first."""
    recipients = [f"slack:U{number}" for number in range(50)]
    for recipient in recipients:
        office.puts(*(f"{recipient} {number}" for number in range(3)), to=recipient)
    office.works(2)
    assert [len(door.words(each)) for each in recipients] == [3] * 50


def test_a_dead_channel_holds_up_nobody_else(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(DOWN, lands=False)] * 50)
    office.puts("a", "b")
    office.puts("c", "d", to=PERSON)
    office.works(1)
    assert door.words(PERSON) == ["c", "d"]
    office.works(60)
    assert door.words(CHANNEL) == []


def test_a_channel_that_is_dead_is_asked_less_and_less_often(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(DOWN, lands=False)] * 50)
    office.puts("a")
    office.works(14)
    office.works(4 * 3600, every=60)
    times = [at for _, _, at in door.calls]
    pauses = [(later - at).total_seconds() for at, later in pairwise(times)]
    assert pauses[:3] == [2, 4, 8]
    assert 900 <= pauses[-1] <= 960


def test_a_wait_is_honoured_from_the_moment_it_was_asked_for(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(BUSY, lands=False, takes=10)])
    office.puts("a")
    asked = office.clock() + timedelta(seconds=10)
    office.works(60)
    [_, again] = [at for _, _, at in door.calls]
    assert again == asked + timedelta(seconds=BUSY.wait)


def test_what_nobody_knows_is_left_alone_before_it_is_looked_for(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(UNSURE, lands=False)])
    office.puts("a")
    office.works(2 * SETTLED)
    begun = door.calls[0][2]
    expected = [("say", 0), ("find", SETTLED), ("say", SETTLED)]
    assert [(what, (at - begun).total_seconds()) for what, _, at in door.calls] == expected


def test_no_other_worker_takes_what_is_claimed_late_in_a_slow_round(office: Office, door: FakeDoor):
    """The claim counts from its own moment, not from when the round began."""
    others: list[int] = []

    class Slow(FakeDoor):
        def say(self, recipient, page, token, thread):
            if recipient == PERSON:
                office.passes(59)
                others.append(office.deliverer().run_once())
            return super().say(recipient, page, token, thread)

    office.door = Slow(office.clock, landed=door.landed)
    office.door.turns[CHANNEL] = deque([Turn(takes=19)])
    for recipient in (CHANNEL, PERSON):
        office.puts(f"till {recipient}", to=recipient)
    office.round()
    assert others == [0]
    assert door.words(PERSON) == [f"till {PERSON}"]


def test_who_looks_for_longer_than_a_claim_lives_does_not_say_what_another_has_said(
    office: Office, door: FakeDoor
):
    """A long history is read page by page, and what has come meanwhile is on none of them."""

    class Busy(FakeDoor):
        looked = 0

        def find(self, *asked):
            found = super().find(*asked)
            self.looked += 1
            if self.looked == 1:
                office.passes(SETTLED + 1)
                office.deliverer().run_once()
            return found

    office.door = Busy(office.clock, landed=door.landed)
    office.door.turns[CHANNEL] = deque([Turn(UNSURE, lands=False)])
    office.puts("a")
    office.round()
    office.passes(SETTLED)
    office.empties()
    assert door.words(CHANNEL) == ["a"]


def test_a_platform_that_lets_every_request_time_out_does_not_keep_a_round_going(
    office: Office, door: FakeDoor
):
    for number in range(50):
        office.puts(f"{number}", to=f"slack:U{number}")
        door.turns[f"slack:U{number}"] = deque([Turn(UNSURE, lands=False, takes=5)])
    begun = office.clock()
    office.round()
    assert office.clock() - begun == LONGEST_ROUND


def test_what_was_put_off_to_the_same_hour_comes_at_its_pace(office: Office, door: FakeDoor):
    opening = office.clock() + timedelta(hours=8)
    office.composer.not_now = dict.fromkeys("abc", opening)
    office.puts("a", "b", "c", to=PERSON)
    office.works(10)
    office.clock.set(opening)
    office.puts("d", to=PERSON)
    office.works(10)
    times = [at for what, _, at in door.calls if what == "say"]
    assert sorted(door.words(PERSON)) == ["a", "b", "c", "d"]
    assert all(later - at >= timedelta(seconds=1) for at, later in pairwise(times))


def test_a_slip_of_our_own_after_a_long_outage_is_no_reason_to_give_up(
    office: Office, door: FakeDoor
):
    door.turns[CHANNEL] = deque([Turn(DOWN, lands=False)] * (2 * OWN_TRIES))
    office.puts("a")
    office.works(36 * 3600, every=600)
    office.composer.broken = {"a"}
    while office.state("a") == "pending":
        office.works(60)
    office.composer.broken = set()
    office.empties()
    assert (office.state("a"), office.failures) == ("sent", [])


def test_what_slips_for_most_of_a_day_is_given_up_so_that_the_rest_moves_on(
    office: Office, door: FakeDoor
):
    office.puts("a", "b")
    office.composer.broken = {"a"}
    begun = office.clock()
    office.empties()
    assert (office.state("a"), door.words(CHANNEL)) == ("failed", ["b"])
    assert office.failures == [("a", "LookupError")]
    assert timedelta(hours=16) < office.clock() - begun < timedelta(hours=24)


def test_two_workers_at_once_say_each_message_once(
    office: Office, door: FakeDoor, run_together: Callable
):
    for number in range(12):
        office.puts(str(number), to=RECIPIENTS[number % 3])
    while office.unsettled:
        run_together(office)
        office.passes(1)
    for which, recipient in enumerate(RECIPIENTS):
        assert door.words(recipient) == [str(number) for number in range(which, 12, 3)]


@pytest.fixture
def run_together(tmp_path) -> Callable[[Office], None]:
    """Two workers' rounds at the same moment, each with connections of its own."""

    def run(office: Office) -> None:
        second = Ledger(connect(f"sqlite:///{tmp_path}/brobot.db"))
        other = Office(second, office.clock, office.door)
        at_once([office.round, other.round])
        second.close()

    return run


def test_a_permanent_refusal_is_told_once_and_the_next_goes_on(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(REFUSED, lands=False)])
    office.puts("a", "b")
    office.works(5)
    assert (office.state("a"), door.words(CHANNEL)) == ("failed", ["b"])
    assert office.failures == [("a", "is_archived")]


def test_what_cannot_be_composed_is_put_off_and_not_lost(office: Office, door: FakeDoor):
    office.puts("a", "b")
    office.puts("c", to=PERSON)
    office.composer.broken = {"a"}
    office.works(3 * SETTLED, every=5)
    assert door.landed[0].words == "c"
    assert (office.state("a"), office.failures, door.words(CHANNEL)) == ("unknown", [], [])
    office.composer.broken = set()
    office.empties()
    assert door.words(CHANNEL) == ["a", "b"]


def test_what_has_lost_its_point_is_dropped(office: Office, door: FakeDoor):
    office.puts("a", "b")
    office.composer.pointless = {"a"}
    office.empties()
    assert (office.state("a"), door.words(CHANNEL)) == ("dropped", ["b"])


def test_an_answer_goes_into_the_thread_of_its_message(office: Office, door: FakeDoor):
    office.puts("fråga")
    office.puts("svar", thread_of="fråga")
    door.turns[CHANNEL] = deque([Turn(), Turn(UNSURE)])
    office.empties()
    assert [each.thread for each in door.landed] == [None, {"number": "1"}]


@pytest.mark.parametrize("root", [Turn(REFUSED, lands=False), None])
def test_an_answer_to_what_was_never_said_is_dropped(office: Office, door: FakeDoor, root):
    office.puts("fråga")
    office.puts("svar", thread_of="fråga")
    office.composer.pointless = set() if root else {"fråga"}
    door.turns[CHANNEL] = deque([root] if root else [])
    office.empties()
    assert (office.state("svar"), door.words(CHANNEL)) == ("dropped", [])


@pytest.mark.parametrize("error", [None, UNSURE, BUSY, DOWN, Killed(), KeyError("ts")])
def test_an_edit_changes_what_was_said_and_says_nothing_new(office: Office, door: FakeDoor, error):
    office.puts("kvitto")
    office.puts("nytt kvitto", edits="kvitto")
    door.edit_turns = deque([Turn(error)])
    office.empties()
    assert door.words(CHANNEL) == ["kvitto"]
    assert set(map(str, door.edited)) == {str(({"number": "1"}, "nytt kvitto"))}
    assert [what for what, _, _ in door.calls] == ["say"]


def test_an_edit_of_what_was_never_said_is_dropped(office: Office, door: FakeDoor):
    door.turns[CHANNEL] = deque([Turn(REFUSED, lands=False)])
    office.puts("kvitto")
    office.puts("nytt kvitto", edits="kvitto")
    office.empties()
    assert (office.state("nytt kvitto"), door.edited) == ("dropped", [])


class BusyLedger(Ledger):
    """A ledger whose next writes fail as long as `busy` says."""

    busy = 0

    def write(self, work):
        if self.busy:
            self.busy -= 1
            raise LedgerBusyError
        return super().write(work)


@pytest.mark.parametrize("writes", [1, 2])
def test_a_ledger_that_is_busy_when_it_was_said_does_not_have_it_said_again(
    office: Office, door: FakeDoor, writes: int
):
    office.ledger = BusyLedger(office.ledger._engines)

    class Busying(FakeDoor):
        def say(self, recipient, page, token, thread):
            office.ledger.busy = writes
            return super().say(recipient, page, token, thread)

    office.door = Busying(office.clock, landed=door.landed)
    office.puts("a", "b")
    for _ in range(200):
        try:
            office.round()
        except LedgerBusyError:
            office.passes(1)
        office.passes(1)
    assert door.words(CHANNEL) == ["a", "b"]


def test_a_failure_and_what_is_told_of_it_are_saved_together(office: Office, door: FakeDoor):
    def fails(_books: Books, _outgoing, _trouble: str) -> None:
        raise InterruptedError

    office._failed = fails
    door.turns[CHANNEL] = deque([Turn(REFUSED, lands=False)])
    office.puts("a")
    with pytest.raises(InterruptedError):
        office.round()
    assert office.state("a") == "sending"
