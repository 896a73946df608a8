"""The JSON that the web page lives on."""

from datetime import UTC, datetime
from threading import Thread

import httpx
import pytest
from slack_sdk import WebClient

from playground import views
from playground.page import act, state
from playground.server import StandIn
from playground.world import World
from tests.playground.kit import field, modal


@pytest.fixture
def maria(world: World) -> str:
    return world.user_named("maria").id


def test_the_state_is_what_one_person_sees(slack: StandIn, web: WebClient, maria: str):
    file = web.files_upload_v2(content=b"png", filename="a.png")["file"]["id"]
    picture = {"type": "image", "slack_file": {"id": file}, "alt_text": "Bild"}
    web.chat_postMessage(channel="bro", text="Läget", blocks=[picture])
    web.chat_postEphemeral(channel="bro", user=maria, text="bara du")
    shown = httpx.get(f"{slack.page_url}state", params={"as": maria}).json()
    channel = next(c for c in shown["channels"] if c["name"] == "bro")
    assert (channel["kind"], channel["unread"]) == ("channel", 2)
    message, private = shown["messages"][channel["id"]]
    assert (message["user_name"], message["is_ephemeral"]) == ("Brobot", False)
    assert private["is_ephemeral"]
    address = slack.url + message["blocks"][0]["image_url"]
    answer = httpx.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"png", "image/png")
    assert shown["me"]["name"] == "maria"
    assert shown["commands"][0]["usage_hint"] == "titel"
    assert shown["now"] == "2026-06-12T12:00:00+00:00"


def test_waiting_ends_when_something_changes(slack: StandIn, web: WebClient, maria: str):
    version = state(slack.world, maria)["version"]
    answers: list[int] = []

    def wait() -> None:
        url = f"{slack.page_url}wait"
        answers.append(httpx.get(url, params={"version": version}).json()["version"])

    waiting = Thread(target=wait)
    waiting.start()
    web.chat_postMessage(channel="bro", text="nytt")
    waiting.join(5)
    assert answers[0] > version


def do(slack: StandIn, who: str, **action):
    body = {"as": who, "action": action}
    return httpx.post(f"{slack.page_url}do", json=body).json()


def test_a_form_is_filled_and_refused_beside_its_field(slack: StandIn, maria: str):
    with slack.world.lock:
        view = views.open_modal(slack.world, maria, modal(field("title"), field("where")))
    typed = {"title": {"a": {"type": "plain_text_input", "value": "Exportdag"}}}
    assert do(slack, maria, type="fill", view_id=view.id, values=typed) == {"ok": True}
    said = do(slack, maria, type="submit", view_id=view.id, values={})
    assert said == {"ok": False, "error": "where: required"}
    [shown] = state(slack.world, maria)["views"]
    assert shown["state"]["values"]["title"]["a"]["value"] == "Exportdag"
    assert shown["errors"] == {"where": "required"}
    assert not do(slack, slack.person("johan").id, type="close", view_id=view.id)["ok"]
    assert do(slack, maria, type="close", view_id=view.id)["ok"]
    assert state(slack.world, maria)["views"] == []


def test_what_was_read_is_not_unread_and_a_reload_forgets_what_was_private(
    slack: StandIn, web: WebClient, maria: str
):
    web.chat_postMessage(channel="bro", text="hej")
    channel = slack.world.channel_named("bro").id
    web.chat_postEphemeral(channel=channel, user=maria, text="bara du")
    assert act(slack.client, maria, {"type": "read", "channel": channel})["ok"]
    assert state(slack.world, maria)["channels"][0]["unread"] == 0
    assert act(slack.client, maria, {"type": "reload"})["ok"]
    assert len(state(slack.world, maria)["messages"][channel]) == 1


def test_what_is_typed_is_a_message_or_a_command(slack: StandIn, maria: str):
    channel = slack.world.channel_named("bro").id
    assert do(slack, maria, type="type", channel=channel, text="hej", thread_ts=None)["ok"]
    assert do(slack, maria, type="type", channel=channel, text="/workshop")["ok"]
    shown = state(slack.world, maria)
    assert [message["text"] for message in shown["messages"][channel]] == ["hej"]
    assert shown["notice"] == '/workshop failed with the error "dispatch_failed"'


def test_the_clock_moves_only_where_it_may(slack: StandIn, maria: str):
    later = "2026-06-19T08:00:00+00:00"
    assert not do(slack, maria, type="clock", to=later)["ok"]
    moved: list[datetime] = []
    slack.world.set_clock = moved.append
    assert do(slack, maria, type="clock", to=later)["ok"]
    assert moved == [datetime(2026, 6, 19, 8, tzinfo=UTC)]


@pytest.mark.parametrize("action", [{}, {"type": "dance"}, {"type": "press", "view_id": "V404"}])
def test_an_impossible_act_is_answered_and_not_raised(slack: StandIn, maria: str, action):
    assert not do(slack, maria, **action)["ok"]
