"""The outbox: what is to be said, in order, at a pace, by one worker at a time."""

from functools import partial

import pytest

from bot.ledger.outbox import LOST_AFTER, Delivery, Outgoing
from bot.ledger.store import Books, Ledger
from tests.bot.ledger.cast import JUNE, after, at_once

CHANNEL, PERSON = "slack:C1", "slack:U1"
PLACE = {"channel": "C1", "ts": "1.000100"}
LOST = LOST_AFTER.total_seconds()


def put(ledger: Ledger, key: str, recipient: str = CHANNEL, **more) -> None:
    given = {"token": f"token-{key}", "notice": {"say": key}, "at": JUNE, **more}
    assert ledger.write(lambda books: books.outbox.put(key=key, recipient=recipient, **given))


def line(ledger: Ledger, seconds: float = 0) -> list[str]:
    return [each.key for each in tried(ledger, seconds)]


def tried(ledger: Ledger, seconds: float = 0) -> tuple[Outgoing, ...]:
    return ledger.read(lambda books: books.outbox.next_in_line(after(seconds)))


def is_due(ledger: Ledger, seconds: float) -> bool:
    return ledger.read(lambda books: books.outbox.due(after(seconds)))


def claim(ledger: Ledger, seconds: float = 0) -> Outgoing:
    """The first that may be tried, claimed."""
    head = tried(ledger, seconds)[0]
    assert ledger.write(lambda books: books.outbox.claim(head, after(seconds)))
    return head


def settle(ledger: Ledger, head: Outgoing, state: Delivery = Delivery.SENT, **more) -> None:
    ledger.write(lambda books: books.outbox.settle(head, state, **more))


def stands(ledger: Ledger, key: str) -> Outgoing:
    found = ledger.read(lambda books: books.outbox.get(key))
    assert found is not None
    return found


def test_a_message_comes_back_as_it_was_put(ledger: Ledger):
    put(ledger, "root")
    put(ledger, "answer", thread_of="root", edits="root", at=after(1))
    assert stands(ledger, "answer") == Outgoing(
        id=stands(ledger, "root").id + 1,
        key="answer",
        token="token-answer",
        recipient=CHANNEL,
        notice={"say": "answer"},
        thread_of="root",
        edits="root",
        state=Delivery.PENDING,
        created_at=after(1),
        attempts=0,
        slips=0,
        place=None,
    )
    assert ledger.read(lambda books: books.outbox.get("nothing")) is None


def test_what_stands_there_already_stays_as_it_is(ledger: Ledger):
    put(ledger, "digest")
    repeated = ledger.write(
        lambda books: books.outbox.put(
            key="digest", token="other", recipient=PERSON, notice={}, at=after(9)
        )
    )
    assert not repeated
    assert stands(ledger, "digest").token == "token-digest"


def test_each_recipient_hears_in_the_order_of_putting(ledger: Ledger):
    for key, recipient in (("a", CHANNEL), ("b", CHANNEL), ("c", PERSON), ("d", PERSON)):
        put(ledger, key, recipient)
    assert line(ledger) == ["a", "c"]
    settle(ledger, claim(ledger))
    assert line(ledger, 1) == ["b", "c"]


@pytest.mark.parametrize(
    ("state", "held_up"),
    [
        (Delivery.SENT, False),
        (Delivery.FAILED, False),
        (Delivery.DROPPED, False),
        (Delivery.PENDING, True),
        (Delivery.UNKNOWN, True),
    ],
)
def test_the_next_waits_until_the_first_is_settled(ledger: Ledger, state: Delivery, held_up: bool):
    put(ledger, "first")
    put(ledger, "second")
    put(ledger, "elsewhere", PERSON)
    head = claim(ledger)
    ledger.write(lambda books: books.outbox.put_off(head, state, after(30), "trouble"))
    assert line(ledger, 29) == [*([] if held_up else ["second"]), "elsewhere"]
    assert line(ledger, 30) == ["first" if held_up else "second", "elsewhere"]
    assert ledger.read(lambda books: books.outbox.unsettled()) == (3 if held_up else 2)


@pytest.mark.parametrize(("seconds", "may"), [(0, False), (0.999, False), (1, True), (2, True)])
def test_a_recipient_hears_one_message_a_second(ledger: Ledger, seconds: float, may: bool):
    for key, recipient in (("a", CHANNEL), ("b", CHANNEL), ("c", PERSON)):
        put(ledger, key, recipient)
    settle(ledger, claim(ledger))
    assert line(ledger, seconds) == [*(["b"] if may else []), "c"]
    assert is_due(ledger, seconds)


def test_a_clock_that_was_set_back_stops_nothing(ledger: Ledger):
    put(ledger, "before")
    settle(ledger, claim(ledger, 3600))
    put(ledger, "now")
    assert line(ledger) == ["now"]


def test_nothing_is_due_before_its_time_or_behind_another(ledger: Ledger):
    put(ledger, "later", at=after(60))
    put(ledger, "behind")
    for seconds, due in ((59, False), (60, True)):
        assert bool(line(ledger, seconds)) == due
        assert is_due(ledger, seconds) == due


def test_no_more_than_asked_for_are_in_line(ledger: Ledger):
    for number in range(4):
        put(ledger, str(number), f"slack:U{number}")
    heads = ledger.read(lambda books: books.outbox.next_in_line(JUNE, limit=3))
    assert [each.key for each in heads] == ["0", "1", "2"]


def test_of_workers_that_race_one_claims(ledger: Ledger, elsewhere: Ledger):
    put(ledger, "digest")
    [head] = tried(ledger)

    def work(books: Books) -> bool:
        return books.outbox.claim(head, JUNE)

    works = [partial(each.write, work) for each in (ledger, elsewhere) for _ in range(3)]
    assert sorted(at_once(works)) == [False] * 5 + [True]
    assert stands(ledger, "digest").attempts == 1


def test_who_looked_before_another_had_tried_does_not_claim(ledger: Ledger):
    put(ledger, "digest")
    stale = tried(ledger)[0]
    head = claim(ledger)
    ledger.write(lambda books: books.outbox.put_off(head, Delivery.PENDING, JUNE, "again"))
    assert not ledger.write(lambda books: books.outbox.claim(stale, after(5)))


def test_a_claim_counts_as_lost_after_a_minute(ledger: Ledger):
    put(ledger, "digest")
    claim(ledger)
    assert line(ledger, LOST - 0.001) == []
    [lost] = tried(ledger, LOST)
    assert (lost.key, lost.state, lost.attempts) == ("digest", Delivery.SENDING, 1)
    assert ledger.write(lambda books: books.outbox.claim(lost, after(LOST)))


def late_settle(ledger: Ledger, dead: Outgoing) -> None:
    settle(ledger, dead, Delivery.FAILED, trouble="too late")


def late_put_off(ledger: Ledger, dead: Outgoing) -> None:
    ledger.write(lambda books: books.outbox.put_off(dead, Delivery.PENDING, JUNE, "too late"))


@pytest.mark.parametrize("late", [late_settle, late_put_off])
def test_a_worker_that_was_given_up_says_no_more(ledger: Ledger, late):
    put(ledger, "digest")
    dead = claim(ledger)
    heir = claim(ledger, LOST)
    late(ledger, dead)
    assert stands(ledger, "digest").state is Delivery.SENDING
    settle(ledger, heir, place=PLACE)
    late(ledger, dead)
    done = stands(ledger, "digest")
    assert (done.state, done.place) == (Delivery.SENT, PLACE)


def test_first_messages_are_found_by_how_their_key_begins(ledger: Ledger):
    for key in ("ask:1:a", "ask:1:b", "ask:12:a", "ask_1:a"):
        put(ledger, key)
    put(ledger, "ask:1:a:anew", edits="ask:1:a")
    found = ledger.read(lambda books: books.outbox.keys_beginning("ask:1:"))
    assert sorted(found) == ["ask:1:a", "ask:1:b"]
    assert ledger.read(lambda books: books.outbox.keys_beginning("ask_")) == ("ask_1:a",)
