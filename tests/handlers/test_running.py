"""What admins are shown of how the bot itself is doing."""

from datetime import timedelta

from bot.ledger.outbox import Delivery
from bot.ledger.store import HELD, Books
from playground.faults import Fault
from playground.town import AMIR, MARIA, Town
from tests.talk import sv, works


def running(town: Town) -> str:
    amir = town.person(AMIR)
    amir.types("/bro drift")
    return amir.dm[-1].words


def test_an_admin_is_told_that_all_is_well(town):
    works(town)
    said = running(town)
    assert sv("All is well.") in said
    assert sv("Digest, reminders and delivery: running.") in said
    assert sv("Messages waiting: none.") in said


def test_it_stands_at_the_end_of_an_admins_home_and_of_nobody_elses(town):
    heading = sv("How the bot is running")
    assert heading in town.person(AMIR).opens_home().words
    assert heading not in town.person(MARIA).opens_home().words


def test_a_worker_that_was_never_started_is_missed(town):
    said = running(town)
    assert sv("Something needs looking after.") in said
    assert sv("Digest, reminders and delivery: no worker has been heard from.") in said


def test_a_worker_that_stands_still_is_said_since_when(town):
    works(town)
    town.clock.set(town.clock() + timedelta(minutes=3))
    assert "står still sedan fredag 12 juni kl. 14.00" in running(town)


def test_a_message_that_waits_long_is_worth_a_look(town):
    works(town)
    town.person(MARIA).types("hej")
    assert sv("All is well.") in running(town)
    town.clock.set(town.clock() + timedelta(minutes=16))
    assert "Meddelanden som väntar: 1, det äldsta sedan fredag 12 juni kl. 14.00" in running(town)


def test_a_message_that_never_arrived_is_counted(town):
    town.person(MARIA).types("hej")
    town.slack.faults.next("chat.postMessage", Fault.refused("invalid_blocks"))
    town.deliver()
    assert "Meddelanden som aldrig kom fram: 1, det senaste från fredag" in running(town)


def test_while_messages_fail_not_all_is_well_and_each_cause_is_told_once_a_day(town):
    town.person(AMIR).types("/bro")
    works(town)
    for day in range(2):
        for _ in range(3):
            town.person(MARIA).types("hej")
            town.slack.faults.next("chat.postMessage", Fault.refused("invalid_blocks"))
            town.deliver()
        works(town)
        told = [each.words for each in town.person(AMIR).dm if "invalid_blocks" in each.words]
        assert len(told) == day + 1
        town.clock.set(town.clock() + timedelta(days=1))
    works(town)
    said = running(town)
    assert sv("Something needs looking after.") in said
    assert "Meddelanden som aldrig kom fram: 6" in said
    town.clock.set(town.clock() + timedelta(days=8))
    works(town)
    assert sv("All is well.") in running(town)


def test_a_digest_that_should_be_out_is_missed(town):
    works(town)
    town.clock.set(town.clock() + timedelta(days=4))
    for alarm in ("delivery", "reminders", "inquiries", "disposal", "tallies", "digest"):
        town.desk.setup.ledger.write(lambda books, name=alarm: books.pulse.beat(name, town.clock()))
    said = running(town)
    assert sv("Weekly digest: none yet, though one should have gone out.") in said
    assert sv("Something needs looking after.") in said


def test_a_bot_that_is_kept_silent_after_a_restore_says_so(town):
    town.desk.setup.ledger.write(lambda books: books.pulse.beat(HELD, town.clock()))
    assert "Tystad sedan fredag 12 juni kl. 14.00" in running(town)


def test_the_latest_digest_is_named(town):
    assert sv("Weekly digest: none yet.") in running(town)
    works(town)
    town.clock.set(town.clock() + timedelta(days=3))
    works(town)
    assert "Veckobrev: det senaste gällde vecka 24" in running(town)


def test_what_is_counted_is_what_stands_in_the_outbox(town):
    town.person(MARIA).types("hej")
    read = town.desk.setup.ledger.read

    def counted(books: Books) -> dict[Delivery, int]:
        return dict(books.condition(town.clock()).messages)

    assert read(counted) == {Delivery.PENDING: 1}
    town.deliver()
    assert read(counted) == {Delivery.SENT: 1}


def on_monday(town: Town) -> None:
    """The worker has run before, an admin is known, and the week's digest stands in line."""
    town.person(AMIR).types("/bro")
    works(town)
    town.clock.set(town.clock() + timedelta(days=3))
    works(town)


def said_in_the_channel(town: Town) -> int:
    """The digest has its detail in its thread."""
    messages = town.world.channel_named("bro").messages
    return sum("thread_ts" not in message.body for message in messages)


def unsaid(town: Town) -> list[str]:
    """What an admin has been told of the channel."""
    told = [seen.words for seen in town.person(AMIR).dm]
    return [words for words in told if "brobot doctor" in words]


def test_while_the_channel_is_shut_the_admins_are_told_once_and_the_digest_comes_after(town):
    on_monday(town)
    posts = "chat.postMessage"
    town.slack.faults.next(posts, Fault.refused("is_archived"))
    works(town)
    works(town)
    assert ["is_archived" in words for words in unsaid(town)] == [True]
    town.clock.set(town.clock() + timedelta(minutes=5))
    town.slack.faults.next(posts, Fault.refused("is_archived"))
    works(town)
    assert len(unsaid(town)) == 1
    assert said_in_the_channel(town) == 0
    town.clock.set(town.clock() + timedelta(minutes=5))
    works(town)
    assert said_in_the_channel(town) == 1
    assert len(unsaid(town)) == 1


def test_who_hears_of_it_only_when_the_digest_has_come_is_told_nothing(town):
    on_monday(town)
    town.slack.faults.next("chat.postMessage", Fault.refused("is_archived"))
    works(town)
    town.clock.set(town.clock() + timedelta(minutes=5))  # the channel is open again, and first
    works(town)
    works(town)
    assert said_in_the_channel(town) == 1
    assert unsaid(town) == []


def test_of_a_conversation_of_two_that_is_shut_nobody_else_is_told(town):
    town.person(MARIA).types("hej")
    town.slack.faults.next("chat.postMessage", Fault.refused("channel_not_found"))
    works(town)
    assert unsaid(town) == []
