"""The outbox worker and Slack's door together, against a Slack that fails on demand."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.chart import Chart
from bot.clock import MovableClock
from bot.language import language
from bot.ledger.store import Ledger
from bot.pages import Page, Picture, text
from bot.rests import Rests
from handlers.slack.door import NO_PICTURE, SlackDoor
from playground.faults import Fault
from playground.seen import Seen
from playground.server import StandIn
from playground.town import AMIR, MARIA, Town
from playground.world import World
from schedules.delivery import SETTLING
from tests.schedules.conftest import Office

OPEN = "conversations.open"
POST, HISTORY = "chat.postMessage", "conversations.history"
SETTLED = SETTLING.total_seconds()


@dataclass
class SlackOffice(Office):
    """An office whose way out is a stand-in Slack with a channel and two people."""

    slack: StandIn | None = None

    def names(self, name: str) -> str:
        """The outbox's name of a channel or a person."""
        world = self.slack.world
        if name == "bro":
            return f"slack:{world.channel_named(name).id}"
        return f"slack:{world.user_named(name).id}"

    def seen(self, by: str = "maria", channel: str = "bro") -> list[Seen]:
        return self.slack.person(by).sees(channel)

    def said(self, by: str = "maria", channel: str = "bro") -> list[str]:
        return [each.text for each in self.seen(by, channel)]


@pytest.fixture
def slow_clock(clock: MovableClock) -> timedelta:
    """How far Slack's clock is behind ours."""
    return timedelta(minutes=4)


@pytest.fixture
def slack(clock: MovableClock, slow_clock: timedelta) -> Iterator[StandIn]:
    world = World(
        clock=lambda: clock() - slow_clock,
        monotonic=lambda: clock().timestamp(),
        wall=time.time,
        enforce_rate=True,
    )
    world.add_channel("bro", [world.add_user("maria"), world.add_user("johan")])
    with StandIn(world) as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def office(ledger: Ledger, clock: MovableClock, slack: StandIn, pauses: list[float]) -> SlackOffice:
    client = WebClient(slack.world.app.bot_token, base_url=slack.api_url, retry_handlers=[])

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.set(clock() + timedelta(seconds=seconds))

    door = SlackDoor(client, language("en"), pause, Rests(ledger, clock))
    return SlackOffice(ledger, clock, door, slack=slack)


FAULTS = {
    "dropped before": Fault.dropped_before(),
    "dropped after": Fault.dropped_after(),
    "failed before": Fault.failed_before(503),
    "failed after": Fault.failed_after(500),
    "fatal_error": Fault.fatal_error(),
    "internal_error": Fault.refused("internal_error"),
    "a page of HTML": Fault.html(502),
    "a page of HTML that says all is well": Fault.html(200),
    "rate limited": Fault.rate_limited("3"),
    "rate limited, and not in numbers": Fault.rate_limited("soon"),
    "not in the channel": Fault.refused("not_in_channel"),
    "a token that was revoked": Fault.refused("token_revoked"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_message_is_said_once_and_in_order(office: SlackOffice, fault: str):
    office.slack.faults.next(POST, FAULTS[fault], times=2)
    office.puts("första", "andra", to=office.names("bro"))
    office.puts("svar", to=office.names("bro"), thread_of="första")
    office.puts("till Maria", to=office.names("maria"))
    office.empties()
    assert office.said() == ["första", "andra", "svar"]
    assert office.said("maria", "") == ["till Maria"]
    assert office.failures == []


@pytest.mark.parametrize(
    "look", [Fault.dropped_before(), Fault.rate_limited("2"), Fault.html(503), Fault.html(200)]
)
def test_what_could_not_be_looked_for_is_not_said_again(office: SlackOffice, look: Fault):
    office.slack.faults.next(POST, Fault.dropped_after())
    office.slack.faults.next(HISTORY, look)
    office.puts("första", to=office.names("bro"))
    office.empties()
    assert office.said() == ["första"]


def test_a_message_is_found_behind_hundreds_of_others(office: SlackOffice):
    office.slack.faults.next(POST, Fault.dropped_after())
    office.puts("första", to=office.names("bro"))
    office.round()
    for number in range(250):
        office.slack.person("maria").says(str(number), channel="bro")
    office.empties()
    assert office.said().count("första") == 1


def test_a_late_message_is_found_once_it_is_there(office: SlackOffice):
    shown = office.slack.world.clock() + timedelta(seconds=SETTLED - 1)
    office.slack.faults.next(POST, Fault.dropped_after(), Fault.late(until=shown))
    office.puts("första", to=office.names("bro"))
    office.empties()
    assert office.said() == ["första"]


def test_an_answer_in_a_thread_is_looked_for_there(office: SlackOffice):
    office.puts("fråga", to=office.names("bro"))
    office.empties()
    office.slack.faults.next(POST, Fault.dropped_after())
    office.puts("svar", to=office.names("bro"), thread_of="fråga")
    office.empties()
    assert office.said() == ["fråga", "svar"]


def test_an_edit_changes_the_message(office: SlackOffice):
    office.puts("kvitto", to=office.names("maria"))
    office.puts("nytt kvitto", to=office.names("maria"), edits="kvitto")
    office.slack.faults.next("chat.update", Fault.dropped_before(), times=2)
    office.empties()
    assert office.said("maria", "") == ["nytt kvitto"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("3", 3), ("120", 120), ("soon", 30), ("", 30), ("-5", 30), ("1.5", 30), ("²", 30)],
)
def test_slack_is_left_alone_for_as_long_as_it_asks(office: SlackOffice, said: str, seconds: int):
    office.slack.faults.next(POST, Fault.rate_limited(said))
    office.puts("första", to=office.names("bro"))
    office.works(seconds - 1)
    assert office.said() == []
    office.works(1)
    assert office.said() == ["första"]


def test_a_wait_for_one_channel_holds_for_the_workspace_and_for_every_worker(office: SlackOffice):
    """Slack's waits are per method and workspace: to ask for another channel is to break them."""
    office.slack.faults.next(POST, Fault.rate_limited("30"))
    office.puts("till kanalen", to=office.names("bro"))
    office.puts("till Maria", to=office.names("maria"))
    office.round()
    office.slack.faults.next(POST, Fault.dropped_before())
    office.works(29)
    assert office.slack.faults.take(POST) != ()
    office.works(3)
    assert office.said() == ["till kanalen"]
    assert office.said("maria", "") == ["till Maria"]


def test_a_wait_for_posting_does_not_keep_from_editing(office: SlackOffice):
    office.puts("kvitto", to=office.names("maria"))
    office.empties()
    office.slack.faults.next(POST, Fault.rate_limited("30"))
    office.puts("till kanalen", to=office.names("bro"))
    office.puts("nytt kvitto", to=office.names("maria"), edits="kvitto")
    office.works(5)
    assert office.said("maria", "") == ["nytt kvitto"]
    assert office.said() == []


def test_a_direct_message_is_opened_once_and_anew_after_a_refusal(office: SlackOffice):
    office.puts("a", "b", to=office.names("maria"))
    office.empties()
    office.slack.faults.next(OPEN, Fault.refused("user_disabled"))
    office.puts("c", to=office.names("maria"))
    office.works(5)
    assert office.said("maria", "") == ["a", "b", "c"]
    office.slack.faults.next(POST, Fault.refused("channel_not_found"))
    office.puts("d", "e", to=office.names("maria"))
    office.works(305)
    assert office.failures == [("d", "user_disabled")]


def test_no_wait_is_endless(office: SlackOffice):
    office.slack.faults.next(POST, Fault.rate_limited("9" * 400))
    office.puts("första", to=office.names("bro"))
    office.works(3600 + 60, every=60)
    assert office.said() == ["första"]


@pytest.mark.parametrize("error", ["msg_too_long", "restricted_action", "user_not_found"])
def test_what_slack_will_never_take_fails_for_good(office: SlackOffice, error: str):
    office.slack.faults.next(POST, Fault.refused(error))
    office.puts("första", "andra", to=office.names("bro"))
    office.empties()
    assert office.said() == ["andra"]
    assert office.failures == [("första", error)]


# --- The picture

CHART = Page("Läget", (text("siffrorna"), Picture(Chart("Läget", "", ()), "siffrorna i ord")))


@pytest.mark.parametrize(("unready", "waited"), [(0, []), (1, [1.0]), (3, [1.0] * 3)])
def test_a_picture_is_waited_for(office: SlackOffice, pauses, unready: int, waited: list[float]):
    office.composer.pages = {"digest": CHART}
    office.slack.faults.images_not_ready(unready)
    office.puts("digest", to=office.names("bro"))
    office.empties()
    [shown] = office.seen()
    assert [block["type"] for block in shown.blocks] == ["section", "image"]
    assert pauses == waited


UPLOADS = ["files.getUploadURLExternal", "files.completeUploadExternal"]


@pytest.mark.parametrize("method", UPLOADS)
@pytest.mark.parametrize(
    "fault",
    [Fault.refused("missing_scope"), Fault.refused("storage_limit_reached"), Fault.html(503)],
)
def test_without_a_picture_the_text_is_said_and_says_so(
    office: SlackOffice, method: str, fault: Fault
):
    office.slack.faults.next(method, fault)
    says_what_is_missing(office)


def test_a_picture_that_never_gets_ready_is_left_out(office: SlackOffice):
    office.slack.faults.images_not_ready(100)
    says_what_is_missing(office)


def says_what_is_missing(office: SlackOffice) -> None:
    office.composer.pages = {"digest": CHART}
    office.puts("digest", to=office.names("bro"))
    office.works(1)
    [shown] = office.seen()
    assert [block["type"] for block in shown.blocks] == ["section", "context"]
    assert NO_PICTURE in shown.words


def test_a_picture_does_not_make_a_message_come_twice(office: SlackOffice):
    office.composer.pages = {"digest": CHART}
    office.slack.faults.next(POST, Fault.dropped_after())
    office.puts("digest", to=office.names("bro"))
    office.empties()
    assert len(office.seen()) == 1


# --- What the admins are told


@pytest.mark.parametrize(("refusals", "told"), [(1, 1), (2, 0)])
def test_admins_are_told_once_what_did_not_arrive_and_never_of_that_message_itself(
    town: Town, refusals: int, told: int
):
    town.person(AMIR).types("/okr")
    maria = town.person(MARIA)
    maria.types("/bro settings")
    maria.submits()
    town.settle()
    maria.types("/workshop Exportdag 12 juni Kumla")
    maria.fills(theme="service")
    maria.submits()
    town.slack.faults.next(POST, Fault.refused("restricted_action"), times=refusals)
    town.settle()
    assert [each for each in maria.dm if "Exportdag" in each.words] == []
    notices = [each for each in town.person(AMIR).dm if "restricted_action" in each.words]
    assert len(notices) == told
    assert town.desk.setup.ledger.read(lambda books: books.outbox.unsettled()) == 0
