"""Faults on demand: whether the message is there afterwards is what matters."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.faults import Fault
from playground.server import StandIn
from tests.playground.conftest import Time


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        (Fault.rate_limited("3"), False),
        (Fault.refused("internal_error"), False),
        (Fault.dropped_before(), False),
        (Fault.dropped_after(), True),
        (Fault.failed_before(), False),
        (Fault.failed_after(503), True),
        (Fault.fatal_error(), True),
        (Fault.html(), False),
    ],
    ids=lambda each: str(each)[:60],
)
def test_a_failed_call_has_or_has_not_posted(slack: StandIn, web: WebClient, fault, there: bool):
    slack.faults.next("chat.postMessage", fault)
    with pytest.raises(Exception):  # noqa: B017, PT011 - the client has a name for each of them
        web.chat_postMessage(channel="bro", text="första")
    web.chat_postMessage(channel="bro", text="andra")
    texts = [seen.text for seen in slack.person("maria").sees("bro")]
    assert texts == ["första"] * there + ["andra"]


@pytest.mark.parametrize("said", ["3", "soon"])
def test_a_rate_limit_says_when_to_come_back(slack: StandIn, web: WebClient, said: str):
    slack.faults.next("*", Fault.rate_limited(said))
    with pytest.raises(SlackApiError) as caught:
        web.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == said


def texts(web: WebClient, channel: str) -> list[str]:
    return [message["text"] for message in web.conversations_history(channel=channel)["messages"]]


def test_a_message_may_land_in_the_history_after_some_reads(slack: StandIn, web: WebClient):
    slack.faults.next("chat.postMessage", Fault.dropped_after(), Fault.late(reads=2))
    channel = slack.world.channel_named("bro").id
    with pytest.raises(OSError):  # noqa: PT011 - however the connection broke
        web.chat_postMessage(channel=channel, text="sen")
    assert [texts(web, channel) for _ in range(3)] == [[], [], ["sen"]]


def test_a_message_may_land_in_the_history_at_a_time(slack: StandIn, web: WebClient, hours: Time):
    slack.faults.next("chat.postMessage", Fault.late(until=hours.now + timedelta(seconds=5)))
    channel = web.chat_postMessage(channel="bro", text="sen")["channel"]
    assert texts(web, channel) == []
    hours.passes(5)
    assert texts(web, channel) == ["sen"]


@pytest.mark.parametrize(("slow", "meanwhile"), [(Fault.slow, []), (Fault.slow_after, ["trög"])])
def test_a_slow_call_waits_for_its_hook(slack: StandIn, web: WebClient, slow, meanwhile):
    go, asked = Event(), Event()
    slack.faults.next("chat.postMessage", slow(lambda: (asked.set(), go.wait(5))))
    posting = Thread(target=lambda: web.chat_postMessage(channel="bro", text="trög"))
    posting.start()
    assert asked.wait(5)
    assert [seen.text for seen in slack.person("maria").sees("bro")] == meanwhile
    go.set()
    posting.join()
    assert [seen.text for seen in slack.person("maria").sees("bro")] == ["trög"]


def test_a_picture_may_not_be_ready_for_some_posts(slack: StandIn, web: WebClient):
    uploaded = web.files_upload_v2(content=b"png", filename="a.png")
    picture = {"type": "image", "slack_file": {"id": uploaded["file"]["id"]}, "alt_text": "Bild"}
    slack.faults.images_not_ready(posts=1)
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        web.chat_postMessage(channel="bro", text="a", blocks=[picture])
    web.chat_postMessage(channel="bro", text="a", blocks=[picture])
