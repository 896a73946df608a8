"""A case that becomes confidential afterwards: the digests that have named it do so no longer."""

import json
from datetime import timedelta

import pytest

from bot.outcomes import Done
from playground.faults import Fault
from playground.town import CHANNEL, SARA, Town
from tests.handlers.house import OPEN, Case, does, peopled, registers
from tests.talk import works

REGISTRATION = Case(OPEN.title, "etablering")


@pytest.fixture
def digested(town: Town) -> Town:
    """The week's digest, in the channel, names an inquiry that everybody may know of."""
    peopled(town)
    works(town)
    registers(town, SARA, OPEN)
    town.clock.set(town.clock() + timedelta(days=3))
    works(town)
    town.settle()
    assert OPEN.title in channel(town)
    return town


def messages(town: Town) -> list[dict[str, object]]:
    return [message.body for message in town.world.channel_named(CHANNEL).messages]


def channel(town: Town) -> str:
    """All that stands in it now."""
    return json.dumps(messages(town), ensure_ascii=False)


def numbers(town: Town) -> list[object]:
    """The first lines, which say how the plan stands."""
    return [message["text"] for message in messages(town)]


def becomes_confidential(town: Town) -> None:
    report = REGISTRATION.found(town)
    read = town.desk.setup.ledger.read
    told = read(lambda books: books.reports.get(int(report)))
    assert told is not None
    answers = {**told.answers, "confidential": "true"}
    answers.pop("asked_since")
    assert does(town, SARA, "etablering", answers, report=report) == Done()


def test_the_digests_in_the_channel_name_it_no_longer_and_say_the_same_numbers(digested: Town):
    before, count = numbers(digested), len(messages(digested))
    becomes_confidential(digested)
    digested.settle()
    assert OPEN.title not in channel(digested)
    assert '"edited"' in channel(digested)
    assert numbers(digested) == before
    assert len(messages(digested)) == count


def test_the_picture_stays(digested: Town):
    assert '"image"' in channel(digested)
    becomes_confidential(digested)
    digested.settle()
    assert '"image"' in channel(digested)


def test_an_edit_that_fails_is_tried_until_it_is_done(digested: Town):
    digested.slack.faults.next("chat.update", Fault.dropped_before(), times=3)
    becomes_confidential(digested)
    digested.settle()
    assert OPEN.title not in channel(digested)


def test_a_digest_of_a_week_before_it_began_is_left_alone(digested: Town):
    works(digested)
    digested.clock.set(digested.clock() + timedelta(days=1))
    registers(digested, SARA, Case("Projekt Sten"), confidential="true")
    digested.settle()
    assert '"edited"' not in channel(digested)
