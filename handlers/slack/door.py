"""The way out to Slack: what the outbox delivers."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.door import DeliveryError, Place
from bot.language import N_, Language
from bot.pages import Page
from bot.picture import png
from bot.rests import Rests
from handlers.slack.forms import PREFIX
from handlers.slack.pages import blocks_of, text_of
from handlers.slack.refusals import RATELIMITED, understood

log = logging.getLogger(__name__)

EVENT_TYPE = "brobot_message"
PAGE = 200
"""How many messages Slack is asked for at a time. It recommends no more."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far Slack's clock, which dates the messages, may be behind ours."""

NO_PICTURE = N_("The picture could not be shown; its numbers stand above.")

_PICTURE_TRIES = 4


class SlackDoor:
    """Slack as a `bot.door.Door`.

    `client` must not retry by itself: its retry after a dropped connection posts twice.
    `pause` waits a number of seconds while an uploaded picture becomes ready.
    """

    def __init__(
        self,
        client: WebClient,
        language: Language,
        pause: Callable[[float], None],
        rests: Rests,
    ) -> None:
        self._client = client
        self._language = language
        self._pause = pause
        self._rests = rests
        self._opened: dict[str, str] = {}

    def say(self, recipient: str, page: Page, token: str, thread: Place | None) -> Place:
        channel = self._channel(recipient)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"token": token}}
        post: dict[str, Any] = {
            "channel": channel,
            "metadata": metadata,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread is not None:
            post["thread_ts"] = thread["ts"]
        try:
            answer = self._show(page, self._client.chat_postMessage, post)
        except DeliveryError:
            self._opened.pop(recipient, None)  # who has left is told of when it is opened anew
            raise
        return {"channel": answer["channel"], "ts": answer["ts"]}

    def edit(self, place: Place, page: Page) -> None:
        where = {"channel": place["channel"], "ts": place["ts"]}
        self._show(page, self._client.chat_update, where)

    def find(
        self, recipient: str, token: str, since: datetime, thread: Place | None
    ) -> Place | None:
        channel = self._channel(recipient)
        for message in self._since(since - CLOCKS_DIFFER, channel, thread):
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("token") == token:
                return {"channel": channel, "ts": message["ts"]}
        return None

    def _since(
        self, moment: datetime, channel: str, thread: Place | None
    ) -> Iterator[dict[str, Any]]:
        """All that has been said in a channel or a thread of it.
        https://docs.slack.dev/apis/web-api/pagination"""
        window: dict[str, Any] = {
            "channel": channel,
            "oldest": str(moment.timestamp()),
            "limit": PAGE,
            "include_all_metadata": True,
        }
        method: Callable[..., Any] = self._client.conversations_history
        if thread is not None:
            method, window["ts"] = self._client.conversations_replies, thread["ts"]
        more = True
        while more:
            answer = self._call(method, **window)
            yield from answer["messages"]
            window["cursor"] = answer.get("response_metadata", {}).get("next_cursor", "")
            more = bool(window["cursor"])

    def _channel(self, recipient: str) -> str:
        """A person is spoken to in their direct message, which Slack opens on demand: once, as
        Slack allows 50 of these a minute and many more messages."""
        conversation = recipient.removeprefix(PREFIX)
        if not conversation.startswith(("U", "W")):
            return conversation
        if recipient not in self._opened:
            answer = self._call(self._client.conversations_open, users=conversation)
            self._opened[recipient] = answer["channel"]["id"]
        return self._opened[recipient]

    def _show(self, page: Page, method: Callable[..., Any], where: dict[str, Any]) -> Any:
        file = self._uploaded(page)
        # An uploaded file cannot be shown for about a second (python-slack-sdk #1521).
        for _ in range(_PICTURE_TRIES if file else 0):
            try:
                return self._call(method, **where, **_drawn(page, file))
            except DeliveryError as error:
                if not error.permanent:
                    raise
                self._pause(1.0)
        if page.picture is not None:
            page = page.without_picture(self._language.t(NO_PICTURE))
        return self._call(method, **where, **_drawn(page))

    def _uploaded(self, page: Page) -> str | None:
        """None if there is no picture, or none to be had: the text does not wait for it."""
        picture = page.picture
        if picture is None:
            return None
        try:
            answer = self._call(
                self._client.files_upload_v2,
                content=png(picture.chart),
                filename="standing.png",
                title=picture.chart.title,
                alt_txt=picture.alt,
            )
        except DeliveryError as error:
            log.warning("the picture could not be uploaded: %s", error.trouble)
            return None
        file: str = answer["files"][0]["id"]
        return file

    def _call(self, method: Callable[..., Any], **arguments: Any) -> Any:
        """A wait that Slack asks for holds for the method in the whole workspace, and for no other
        method: https://docs.slack.dev/apis/web-api/rate-limits#headers"""
        if left := self._rests.left(method.__name__):
            raise DeliveryError(RATELIMITED, wait=left)
        try:
            return method(**arguments)
        except SlackApiError as error:
            refusal = understood(error)
            if refusal.trouble == RATELIMITED:
                self._rests.begin(method.__name__, refusal.wait)
            raise refusal from None
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            # The connection broke or the answer was no answer. Only its kind is told: the text
            # may hold what was sent.
            raise DeliveryError(type(error).__name__, unsure=True) from None


def _drawn(page: Page, picture_file: str | None = None) -> dict[str, Any]:
    return {"text": text_of(page), "blocks": blocks_of(page, picture_file)}
