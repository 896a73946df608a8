"""What the app is sent and what becomes of its answers, over HTTP and Socket Mode alike."""

import asyncio
import json
from threading import Event

import httpx
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from playground.background import Background
from playground.delivery import EVENT, Courier, Delivery
from playground.server import StandIn
from playground.world import World
from tests.playground.kit import actions, button, field, modal, option, section, select


def test_a_command_opens_a_form_and_its_submission_carries_what_was_typed(
    slack: StandIn, connected: AsyncApp
):
    submitted = {}

    @connected.command("/workshop")
    async def opens(ack, body, client):
        text = {"type": "plain_text_input", "action_id": "a", "initial_value": body["text"]}
        members = select("multi_static_select", "Kumla", "Hallsberg")
        view = modal(field("title", text), field("members", members), callback_id="report")
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @connected.view("report")
    async def takes(ack, view):
        submitted.update(view["state"]["values"])
        await ack()

    maria = slack.person("maria")
    maria.types("/workshop Exportdag", channel="bro")
    maria.fills(members=["Kumla"])
    maria.submits()

    assert maria.modal is None
    assert submitted["title"]["a"] == {"type": "plain_text_input", "value": "Exportdag"}
    [chosen] = submitted["members"]["a"]["selected_options"]
    assert chosen["value"] == "Kumla"


@pytest.mark.parametrize(
    ("answer", "text", "ephemeral"),
    [
        ({"text": "Tack!"}, "Tack!", True),
        ({"text": "Tack!", "response_type": "in_channel"}, "Tack!", False),
        ({"text": "Tack!", "blocks": [section("*Tack*")]}, "Tack!", True),
    ],
)
def test_a_command_may_be_answered_at_once(
    slack: StandIn, connected: AsyncApp, answer, text: str, ephemeral: bool
):
    @connected.command("/workshop")
    async def answers(ack):
        await ack(**answer)

    slack.person("maria").types("/workshop", channel="bro")
    [seen] = slack.person("maria").sees("bro")
    assert (seen.text, seen.ephemeral, seen.by) == (text, ephemeral, "brobot")
    assert bool(slack.person("johan").sees("bro")) != ephemeral


def test_a_button_reaches_the_app_with_its_message(slack: StandIn, connected: AsyncApp, web):
    heard = {}

    @connected.action("change")
    async def hears(ack, body, respond):
        heard.update(body)
        await ack()
        await respond("Ändrat", replace_original=True)

    web.chat_postMessage(channel="bro", text="Rapport", blocks=[actions(button(value="7"))])
    maria = slack.person("maria")
    maria.presses("Ändra")

    assert heard["actions"][0]["value"] == "7"
    assert heard["container"]["message_ts"] == heard["message"]["ts"]
    assert [seen.text for seen in maria.sees("bro")] == ["Ändrat"]


def test_events_reach_the_app(slack: StandIn, connected: AsyncApp, world: World):
    heard = []

    @connected.event("message")
    @connected.event("app_home_opened")
    @connected.event("member_joined_channel")
    async def hears(event):
        heard.append((event["type"], event["user"], event.get("text")))

    maria = slack.person("maria")
    maria.says("hej & <hå>")
    maria.opens_home()
    maria.invites_bot("utan-bot")
    assert heard == [
        ("message", maria.id, "hej &amp; &lt;hå&gt;"),
        ("app_home_opened", maria.id, None),
        ("member_joined_channel", world.bot.id, None),
    ]


def test_an_external_select_asks_the_app_for_options(slack: StandIn, connected: AsyncApp):
    @connected.options("a")
    async def offers(ack, payload):
        await ack(options=[option(payload["value"] + "bro")])

    @connected.command("/workshop")
    async def opens(ack, body, client):
        element = {"type": "external_select", "action_id": "a", "min_query_length": 1}
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("where", element)))
        await ack()

    maria = slack.person("maria")
    maria.types("/workshop")
    assert maria.searches("where", "Öre") == ["Örebro"]
    assert maria.modal.fields["where"].value == "Örebro"


def test_an_app_that_does_not_acknowledge_is_shown_to_have_failed(
    slack: StandIn, connected: AsyncApp
):
    @connected.command("/workshop")
    async def stays_silent():
        pass

    maria = slack.person("maria")
    maria.types("/workshop")
    assert maria.notice in {
        '/workshop failed with the error "dispatch_failed"',
        '/workshop failed with the error "operation_timeout"',
    }


def test_an_app_that_is_not_there_is_shown_to_have_failed(slack: StandIn):
    maria = slack.person("maria")
    for url in (None, "http://127.0.0.1:9/"):
        slack.request_url = url
        maria.types("/workshop")
        assert maria.notice == '/workshop failed with the error "dispatch_failed"'


def test_an_unknown_command_never_leaves_slack(slack: StandIn):
    maria = slack.person("maria")
    maria.types("/okänt")
    assert maria.notice == "/okänt is not a valid command."
    assert slack.courier.sent == []


class Recorder:
    """A receiver that answers as told and remembers the headers it was sent."""

    def __init__(self, *statuses: int, hold: Event | None = None) -> None:
        self.statuses = list(statuses)
        self.hold = hold
        self.headers: list[dict[str, str]] = []

    async def __call__(self, scope, receive, send):
        self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
        while (await receive()).get("more_body"):
            pass
        if self.hold is not None:
            await asyncio.to_thread(self.hold.wait)
        status = self.statuses.pop(0)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def test_an_event_is_retried_until_it_is_taken(slack: StandIn):
    recorder = Recorder(500, 404, 200)
    with Background(recorder) as server:
        slack.request_url = server.url
        slack.person("maria").says("hej")
    said = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h in recorder.headers]
    assert said == [(None, None), ("1", "http_error"), ("2", "http_error")]


def test_an_answer_that_comes_too_late_is_a_timeout(world: World):
    late = Event()
    recorder = Recorder(200, hold=late)
    courier = Courier(world, answer_seconds=0.05)
    with Background(recorder) as server:
        courier.request_url = server.url
        answer = courier.send("slash_commands", {"text": "hej"})
        late.set()
    courier.close()
    assert answer.error == "operation_timeout"


def test_a_delivery_can_be_repeated_with_and_without_retry_headers(slack: StandIn):
    recorder = Recorder(*[200] * 4)
    with Background(recorder) as server:
        slack.request_url = server.url
        slack.person("maria").types("/workshop")
        answers = slack.redeliver_last(times=2) + slack.redeliver_last(retry_num=False)
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [h.get("x-slack-retry-num") for h in recorder.headers] == [None, "1", "2", None]


def test_the_request_url_is_verified_by_a_challenge(slack: StandIn, served: AsyncApp):
    assert slack.courier.verify_url()


def test_bolt_refuses_a_delivery_signed_with_another_secret(slack: StandIn, served: AsyncApp):
    body, content_type = Delivery(EVENT, {"type": "event_callback"}).encoded()
    headers = slack.courier.signed_headers(body, content_type)
    headers["X-Slack-Signature"] = "v0=" + "0" * 64
    assert httpx.post(slack.request_url or "", content=body, headers=headers).status_code == 401


def test_a_socket_needs_a_ticket_from_apps_connections_open(slack: StandIn, world: World):
    client = WebClient(base_url=slack.api_url)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=world.app.bot_token)
    url = client.apps_connections_open(app_token=world.app.app_token)["url"]
    with connect(url) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
    with pytest.raises(InvalidStatus, match="403"):
        connect(url)


def test_a_disconnected_app_comes_back_over_a_new_socket(slack: StandIn, over_socket: AsyncApp):
    heard = []

    @over_socket.event("message")
    async def hears(event):
        heard.append(event["text"])

    first, sockets = slack.sockets.newest, slack.sockets
    sockets.disconnect()
    with slack.world.lock:
        assert slack.world.news.wait_for(lambda: sockets.newest not in {first, None}, timeout=5)
    slack.person("maria").says("hej")
    assert heard == ["hej"]
