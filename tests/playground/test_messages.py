"""Messages: who sees them, how they are found again, and by which doors they come in."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.api import call
from playground.server import StandIn
from playground.world import App, World
from tests.playground.conftest import Time
from tests.playground.kit import actions, button, section

METADATA = {"event_type": "digest", "event_payload": {"key": "w24"}}


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["error"])


def test_timestamps_are_unique_and_increase_even_when_the_clock_goes_back(
    web: WebClient, hours: Time
):
    seen = []
    for step in (0, 0, -3600, 7200):
        hours.now += timedelta(seconds=step)
        seen.append(web.chat_postMessage(channel="bro", text="hej")["ts"])
    assert seen == sorted(set(seen))
    assert seen[0] == "1781265600.000100"


@pytest.mark.parametrize(
    ("method", "token", "answer"),
    [
        ("chat.tittut", "bot", {"error": "unknown_method", "req_method": "chat.tittut"}),
        ("auth.test", "", {"error": "not_authed"}),
        ("auth.test", "xoxb-other", {"error": "invalid_auth"}),
        ("auth.test", "app", {"error": "not_allowed_token_type"}),
        ("api.test", "", {"ok": True}),
        ("users.info", "bot", {"error": "invalid_arguments"}),
        ("chat.update", "bot", {"error": "invalid_arguments"}),
    ],
)
def test_a_call_without_the_right_token_or_arguments_is_refused(world, method, token, answer):
    tokens = {"bot": world.app.bot_token, "app": world.app.app_token}
    said = call(world, method, {}, tokens.get(token, token))
    assert answer.items() <= said.items()


def test_a_missing_scope_is_named_and_hides_addresses(hours: Time):
    scopes = frozenset({"users:read"})
    world = World(
        clock=lambda: hours.now,
        monotonic=lambda: hours.seconds,
        wall=lambda: 0.0,
        app=App(scopes=scopes),
    )
    maria, token = world.add_user("maria"), world.app.bot_token
    said = call(world, "chat.postMessage", {"channel": maria.id, "text": "hej"}, token)
    assert said == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": "users:read",
    }
    shown = call(world, "users.info", {"user": maria.id, "include_locale": True}, token)["user"]
    assert shown["locale"] == "sv-SE"
    assert "email" not in shown["profile"]


def test_an_ephemeral_message_is_seen_by_one_person_until_a_reload(slack: StandIn, web: WebClient):
    maria, johan = slack.person("maria"), slack.person("johan")
    ts = web.chat_postEphemeral(channel="bro", user=maria.id, text="bara du")["message_ts"]
    assert [seen.text for seen in maria.sees("bro")] == ["bara du"]
    assert johan.sees("bro") == []
    channel = maria.sees("bro")[0].channel
    assert web.conversations_history(channel=channel)["messages"] == []
    assert refused(web.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"
    maria.reloads()
    assert maria.sees("bro") == []


def test_a_message_to_a_user_lands_in_the_one_dm(slack: StandIn, web: WebClient):
    maria = slack.person("maria")
    first = web.chat_postMessage(channel=maria.id, text="hej")["channel"]
    assert first == web.conversations_open(users=maria.id)["channel"]["id"]
    assert first.startswith("D")
    assert [seen.text for seen in maria.dm] == ["hej"]


def test_a_person_sees_every_word_of_the_blocks(slack: StandIn, web: WebClient):
    blocks = [section("*Läget*", accessory=button("Mer", "more")), actions(button())]
    web.chat_postMessage(channel="bro", text="Läget i korthet", blocks=blocks)
    [seen] = slack.person("maria").sees("bro")
    assert seen.text == "Läget i korthet"
    assert seen.words == "*Läget*\nMer\nÄndra"
    assert seen.buttons == ("Mer", "Ändra")
    assert seen.blocks[0]["text"]["verbatim"] is False


def test_metadata_comes_back_only_when_it_is_asked_for(web: WebClient):
    posted = web.chat_postMessage(channel="bro", text="hej", metadata=METADATA)
    channel = posted["channel"]
    [plain] = web.conversations_history(channel=channel)["messages"]
    [full] = web.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert "metadata" not in plain
    assert full["metadata"] == METADATA


def test_history_is_paged_from_the_newest(web: WebClient, hours: Time):
    for n in range(5):
        posted = web.chat_postMessage(channel="bro", text=str(n))
        hours.passes(1)
    channel, cursor, pages = posted["channel"], None, []
    while cursor != "":
        page = web.conversations_history(channel=channel, limit=2, cursor=cursor)
        web.chat_postMessage(channel="bro", text="ny")
        pages.append([message["text"] for message in page["messages"]])
        assert page["has_more"] == ("response_metadata" in page.data)
        cursor = page.get("response_metadata", {}).get("next_cursor", "")
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    assert refused(web.conversations_history, channel=channel, cursor="x") == "invalid_cursor"


@pytest.mark.parametrize(("inclusive", "texts"), [(False, ["1"]), (True, ["2", "1", "0"])])
def test_oldest_and_latest_are_exclusive_unless_asked_otherwise(web, inclusive, texts):
    posted = [web.chat_postMessage(channel="bro", text=str(n)) for n in range(3)]
    found = web.conversations_history(
        channel=posted[0]["channel"],
        oldest=posted[0]["ts"],
        latest=posted[2]["ts"],
        inclusive=inclusive,
    )
    assert [message["text"] for message in found["messages"]] == texts


def test_a_thread_is_listed_apart_from_its_channel(web: WebClient):
    parent = web.chat_postMessage(channel="bro", text="fråga")
    web.chat_postMessage(channel="bro", text="svar", thread_ts=parent["ts"])
    channel = parent["channel"]
    [top] = web.conversations_history(channel=channel)["messages"]
    thread = web.conversations_replies(channel=channel, ts=parent["ts"])["messages"]
    assert top["reply_count"] == 1
    assert [message["text"] for message in thread] == ["fråga", "svar"]


def test_the_asynchronous_client_reads_by_get_and_is_answered_alike(slack: StandIn, web: WebClient):
    posted = web.chat_postMessage(channel="bro", text="hej", metadata=METADATA)

    async def read():
        client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url)
        return await client.conversations_history(
            channel=posted["channel"],
            include_all_metadata=True,
            inclusive=True,
            latest=posted["ts"],
        )

    [message] = asyncio.run(read())["messages"]
    assert message["metadata"] == METADATA


def test_a_change_keeps_the_blocks_that_are_not_given_again(slack: StandIn, web: WebClient):
    posted = web.chat_postMessage(channel="bro", text="a", blocks=[section("A")])
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    web.chat_update(**place, text="b")
    [seen] = slack.person("maria").sees("bro")
    assert (seen.text, seen.words, seen.edited) == ("b", "A", True)
    assert web.chat_update(**place, text="b", blocks=[])["message"]["blocks"] == []
    assert refused(web.chat_update, **place, text="x" * 4001) == "msg_too_long"
    web.chat_delete(**place)
    assert refused(web.chat_update, **place, text="c") == "message_not_found"


def test_the_bot_cannot_change_what_a_person_said(slack: StandIn, web: WebClient):
    maria = slack.person("maria")
    maria.says("mitt", channel="bro")
    [seen] = maria.sees("bro")
    place = {"channel": seen.channel, "ts": seen.ts}
    assert refused(web.chat_update, **place, text="ditt") == "cant_update_message"
    assert refused(web.chat_delete, **place) == "cant_delete_message"


def test_a_text_beyond_40_000_characters_is_cut_with_a_warning(web: WebClient):
    posted = web.chat_postMessage(channel="bro", text="x" * 40_001)
    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000


def test_one_message_a_second_and_channel_when_the_rate_is_enforced(
    slack: StandIn, web: WebClient, hours: Time
):
    slack.world.enforce_rate = True
    web.chat_postMessage(channel="bro", text="1")
    web.chat_postMessage(channel=slack.person("maria").id, text="annan kanal")
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel="bro", text="2")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    hours.passes(1)
    web.chat_postMessage(channel="bro", text="2")


def test_an_uploaded_picture_can_be_shown_once_it_is_complete(slack: StandIn, web: WebClient):
    file = web.files_getUploadURLExternal(filename="staplar.png", length=3)
    block = {"type": "image", "slack_file": {"id": file["file_id"]}, "alt_text": "Staplar"}
    post = {"channel": "bro", "text": "Läget", "blocks": [block]}
    assert httpx.post(file["upload_url"], content=b"12345").status_code == 400
    assert refused(web.files_completeUploadExternal, files=[{"id": file["file_id"]}]) == (
        "file_not_found"
    )
    assert httpx.post(file["upload_url"], content=b"png").text == "OK - 3"
    assert refused(web.chat_postMessage, **post) == "invalid_blocks"
    web.files_completeUploadExternal(files=[{"id": file["file_id"], "title": "Staplar"}])
    web.chat_postMessage(**post)
    [seen] = slack.person("maria").sees("bro")
    assert seen.words == "Staplar"


def test_the_sdk_uploads_in_one_go(slack: StandIn, web: WebClient):
    channel = slack.world.channel_named("bro").id
    web.files_upload_v2(content=b"png", filename="a.png", channel=channel, initial_comment="Se")
    [seen] = slack.person("maria").sees("bro")
    assert seen.text == "Se"
    assert seen.body["files"][0]["title"]


class TestResponseUrl:
    @pytest.fixture
    def url(self, slack: StandIn) -> str:
        channel, maria = slack.world.channel_named("utan-bot"), slack.person("maria")
        return slack.world.new_response_url(channel.id, maria.id)

    def test_it_answers_where_the_bot_is_no_member(self, slack: StandIn, url: str):
        httpx.post(url, json={"text": "bara du"})
        httpx.post(url, json={"text": "alla", "response_type": "in_channel"})
        seen = slack.person("maria").sees("utan-bot")
        assert [(each.text, each.ephemeral) for each in seen] == [
            ("bara du", True),
            ("alla", False),
        ]

    def test_it_is_good_for_five_uses(self, url: str):
        answers = [httpx.post(url, json={"text": "hej"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert answers[-1].json()["error"] == "used_url"

    def test_it_is_good_for_thirty_minutes(self, url: str, hours: Time):
        hours.passes(30 * 60)
        assert httpx.post(url, json={"text": "hej"}).status_code == 200
        hours.passes(1)
        assert httpx.post(url, json={"text": "hej"}).json()["error"] == "expired_url"

    def test_it_checks_what_it_is_given(self, url: str):
        answer = httpx.post(url, json={"blocks": [{"type": "sektion"}]})
        assert (answer.status_code, answer.json()["error"]) == (500, "invalid_blocks")

    @pytest.mark.parametrize(
        ("given", "texts"),
        [
            ({"text": "nytt"}, ["gammalt", "nytt"]),
            ({"text": "nytt", "replace_original": True}, ["nytt"]),
            ({"delete_original": True}, []),
        ],
    )
    def test_it_replaces_or_deletes_the_message_acted_upon(self, slack, web, given, texts):
        posted = web.chat_postMessage(channel="bro", text="gammalt")
        maria = slack.person("maria")
        httpx.post(
            slack.world.new_response_url(posted["channel"], maria.id, posted["ts"]), json=given
        )
        assert [seen.text for seen in maria.sees("bro")] == texts
